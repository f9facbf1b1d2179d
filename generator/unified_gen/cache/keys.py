"""Cache keys: hashes of texts, of the compiler's source, and of the versions of packages that shape its output.

Contents are hashed, never the times of files. Light to import: an unchanged build needs this and little else.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys

TYPE_CHECKING = False  # importing `typing` or `collections.abc` takes as long as hashing all of the compiler

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGES = ("unified_gen", "unified_openapi")
"""Packages whose source decides what is emitted."""

SHAPES_OUTPUT = ("datamodel_code_generator", "jinja2", "jmespath", "ruff")
"""Distributions whose version decides what is emitted."""

_compiler = ""


def compiler_key() -> str:
    """Return the hash of the compiler: every file of its packages, and the versions of packages that shape its output. Computed once."""
    global _compiler
    if not _compiler:
        root = __file__.rsplit(os.sep, 3)[0]
        made = hashlib.sha256()
        for name in sorted(name for package in PACKAGES for name in _files(f"{root}/{package}", f"{package}/")):
            _feed(made, name, read_bytes(f"{root}/{name}"))
        for name, version in _versions().items():
            _feed(made, name, version.encode())
        _compiler = made.hexdigest()
    return _compiler


def _files(folder: str, below: str = "") -> Iterator[str]:
    """Yield the names of every file in a folder, from there; without Python's bytecode."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file():
                yield below + entry.name
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _files(entry.path, f"{below}{entry.name}/")


def _versions() -> dict[str, str]:
    """Return the installed versions of `SHAPES_OUTPUT`, from the names of their folders: `importlib.metadata` takes as long as all the
    rest.

    Raises:
        ModuleNotFoundError: one is not installed.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        if os.path.isdir(folder):
            for entry in os.listdir(folder):
                if entry.endswith(".dist-info"):
                    name, _, version = entry.removesuffix(".dist-info").partition("-")
                    found.setdefault(name.lower(), version)
    for name in SHAPES_OUTPUT:
        if name not in found:
            raise ModuleNotFoundError(f"{name} is not installed", name=name)
    return {name: found[name] for name in SHAPES_OUTPUT}


def digest(text: str | bytes) -> str:
    """Return the hash of one text."""
    return hashlib.sha256(_bytes(text)).hexdigest()


def key_of(texts: Iterable[tuple[str, str | bytes]], *, kind: str) -> str:
    """Return the key of a result of one kind: the compiler and named texts, or their digests, in any order."""
    made = hashlib.sha256(f"{compiler_key()}\0{kind}".encode())
    for name, text in sorted(texts):
        _feed(made, name, _bytes(text))
    return made.hexdigest()


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file. `pathlib` needs twice as long, and a build reads thousands."""
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # opens a named pipe without waiting for a writer
    try:
        mode = os.fstat(file).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(21, "is a directory", path)
        if not stat.S_ISREG(mode):
            raise OSError(22, "not a regular file", path)
        with open(file, "rb", buffering=0, closefd=False) as opened:
            return opened.read()
    finally:
        os.close(file)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def _feed(made: hashlib._Hash, name: str, content: bytes) -> None:
    """Add a named text to a hash, with its lengths, so that two files cannot be mistaken for one."""
    encoded = name.encode("utf-8", "surrogatepass")
    made.update(b"%d %d\0" % (len(encoded), len(content)))
    made.update(encoded)
    made.update(content)
