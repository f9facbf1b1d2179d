"""What results are kept under: hashes of texts, of the compiler's own source, and of the versions of what shapes its output.

Contents are hashed, never the times of files. Light to import: an unchanged build needs this and little else.
"""

from __future__ import annotations

import hashlib
import os
import sys

TYPE_CHECKING = False  # importing `typing` or `collections.abc` takes as long as hashing all of the compiler

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHAPES_OUTPUT = ("datamodel_code_generator", "jinja2", "jmespath", "ruff")
"""Distributions whose version decides what is emitted."""

_compiler = ""


def compiler_key() -> str:
    """The hash of the compiler: every file of this package, and the versions of what shapes its output. It is made once."""
    global _compiler
    if not _compiler:
        package = os.path.dirname(__file__)
        made = hashlib.sha256()
        for name in sorted(_files(package)):
            _feed(made, name, read_bytes(f"{package}/{name}"))
        for name, version in _versions().items():
            _feed(made, name, version.encode())
        _compiler = made.hexdigest()
    return _compiler


def _files(folder: str, below: str = "") -> Iterator[str]:
    """The names of every file in a folder, from there; without Python's bytecode."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file():
                yield below + entry.name
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _files(entry.path, f"{below}{entry.name}/")


def _versions() -> dict[str, str]:
    """The installed versions of `SHAPES_OUTPUT`, from the names of their folders: `importlib.metadata` takes as long as all the rest.

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
    """The hash of one text."""
    return hashlib.sha256(_bytes(text)).hexdigest()


def key_of(texts: Iterable[tuple[str, str | bytes]], *, kind: str) -> str:
    """The key of a result of one kind: the compiler and named texts, or their digests, whatever order they come in."""
    made = hashlib.sha256(f"{compiler_key()}\0{kind}".encode())
    for name, text in sorted(texts):
        _feed(made, name, _bytes(text))
    return made.hexdigest()


def read_bytes(place: str) -> bytes:
    """What is in a file. `pathlib` takes twice as long, and a build reads thousands."""
    with open(place, "rb", buffering=0) as file:
        return file.read()


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def _feed(made: hashlib._Hash, name: str, content: bytes) -> None:
    """Lengths go in too: two files can not be mistaken for one."""
    encoded = name.encode("utf-8", "surrogatepass")
    made.update(b"%d %d\0" % (len(encoded), len(content)))
    made.update(encoded)
    made.update(content)
