"""What was compiled before: results under `.cache/gen/`, found by the hash of everything they depend on.

A key covers the texts that went in and the compiler's own source, so a stale result cannot be found; a result that is damaged is
as good as none. Values are JSON: reading a cache never runs code.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")

FOLDER = Path(".cache", "gen")
"""Where results are kept, below the project's root."""

SHAPES_OUTPUT = ("datamodel_code_generator", "jinja2", "jmespath", "ruff")
"""Distributions whose version decides what is emitted."""


@lru_cache(maxsize=1)
def compiler_key() -> str:
    """The hash of the compiler: every file of this package, and the versions of what shapes its output."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for place in sorted(package.rglob("*")):
        if place.is_file() and "__pycache__" not in place.parts:
            _feed(digest, place.relative_to(package).as_posix(), place.read_bytes())
    for name, version in _versions().items():
        _feed(digest, name, version.encode())
    return digest.hexdigest()


def _versions() -> dict[str, str]:
    """The installed versions of `SHAPES_OUTPUT`, from the names of their folders: `importlib.metadata` takes as long as all the rest.

    Raises:
        ModuleNotFoundError: one is not installed.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        if os.path.isdir(folder):
            for entry in os.listdir(folder):
                name, _, version = entry.removesuffix(".dist-info").partition("-")
                if entry.endswith(".dist-info"):
                    found.setdefault(name.lower(), version)
    for name in SHAPES_OUTPUT:
        if name not in found:
            raise ModuleNotFoundError(f"{name} is not installed", name=name)
    return {name: found[name] for name in SHAPES_OUTPUT}


def digests(texts: Mapping[str, str]) -> dict[str, str]:
    """A hash for each text, by its name: a whole document is hashed once, whatever keys it is part of."""
    return {name: hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for name, text in texts.items()}


def key_of(texts: Iterable[tuple[str, str]], *, kind: str) -> str:
    """The key of a result of one kind: the compiler and named texts, or their digests, whatever order they come in."""
    digest = hashlib.sha256(f"{compiler_key()}\0{kind}".encode())
    for name, text in sorted(texts):
        _feed(digest, name, text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _feed(digest: hashlib._Hash, name: str, content: bytes) -> None:
    """Lengths go in too: two files can not be mistaken for one."""
    encoded = name.encode("utf-8", "surrogatepass")
    digest.update(b"%d %d\0" % (len(encoded), len(content)))
    digest.update(encoded)
    digest.update(content)


class Cache:
    """Results of earlier runs, one file each."""

    def __init__(self, root: Path) -> None:
        self._folder = root / FOLDER

    def get(self, key: str, kind: type[T]) -> T | None:
        """The result kept under `key`; None where there is none of this kind that can be read."""
        try:
            return msgspec.json.decode(self._place(key).read_bytes(), type=kind)
        except (OSError, msgspec.DecodeError):  # kept by another version of the class is as good as nothing
            return None

    def put(self, key: str, value: object) -> None:
        """Keep a result. A disk that refuses only costs the time to make it again."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._folder, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(value, order="sorted"))
            os.replace(temporary, self._place(key))
        except OSError:
            return

    def keep_only(self, keys: Collection[str]) -> None:
        """Drop every other result: the cache is as big as one run's results."""
        names = {f"{key}.json" for key in keys}
        try:
            for place in self._folder.iterdir():
                if place.name not in names:
                    place.unlink(missing_ok=True)
        except OSError:
            return

    def _place(self, key: str) -> Path:
        return self._folder / f"{key}.json"
