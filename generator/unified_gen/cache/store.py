"""Store of compiled results below `.cache/gen/`, by the hash of everything that they depend on (`keys.py`).

A key covers the input texts and the compiler's own source, so a stale result cannot be found; a damaged result counts as missing.
Values are JSON: reading a cache never runs code. The JSON library is imported when it is needed: an unchanged build only looks up if
results exist.
"""

from __future__ import annotations

import os

from unified_gen.cache.keys import read_bytes

TYPE_CHECKING = False  # as in `keys.py`

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import TypeVar

    T = TypeVar("T")

FOLDER = ".cache/gen"
"""Folder of stored results, below the project's root."""


class Cache:
    """Results of earlier runs, one file each."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._folder = os.path.join(root, FOLDER)

    def __contains__(self, key: str) -> bool:
        """Return true if there is a result under a key, readable or not."""
        return os.path.isfile(self._path(key))

    def get(self, key: str, kind: type[T]) -> T | None:
        """Return the result saved under `key`; None if there is none of this kind that can be read."""
        import msgspec

        try:
            return msgspec.json.decode(read_bytes(self._path(key)), type=kind)
        except (OSError, msgspec.DecodeError):  # a result saved by another version of the class counts as missing
            return None

    def put(self, key: str, value: object) -> None:
        """Save a result. If the disk refuses, it is only computed again."""
        import tempfile

        import msgspec

        try:
            os.makedirs(self._folder, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._folder, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(value, order="sorted"))
            os.replace(temporary, self._path(key))
        except OSError:
            return

    def keep_only(self, keys: Collection[str]) -> None:
        """Drop every other result: the cache is as big as one run's results."""
        import contextlib

        names = {f"{key}.json" for key in keys}
        with contextlib.suppress(OSError):  # if removal fails, the cache is only bigger than necessary
            for name in os.listdir(self._folder):
                if name not in names:
                    os.unlink(os.path.join(self._folder, name))

    def _path(self, key: str) -> str:
        return os.path.join(self._folder, f"{key}.json")
