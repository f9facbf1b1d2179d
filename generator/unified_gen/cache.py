"""What was compiled before: results under `.cache/gen/`, found by the hash of everything they depend on (`keys.py`).

A key covers the texts that went in and the compiler's own source, so a stale result cannot be found; a result that is damaged is
as good as none. Values are JSON: reading a cache never runs code. What reads and writes them is imported when it is needed: an unchanged
build only asks which results there are.
"""

from __future__ import annotations

import os

from unified_gen.keys import read_bytes

TYPE_CHECKING = False  # as in `keys.py`

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import TypeVar

    T = TypeVar("T")

FOLDER = ".cache/gen"
"""Where results are kept, below the project's root."""


class Cache:
    """Results of earlier runs, one file each."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._folder = os.path.join(root, FOLDER)

    def __contains__(self, key: str) -> bool:
        """Whether there is a result under a key, whatever it may be worth."""
        return os.path.isfile(self._place(key))

    def get(self, key: str, kind: type[T]) -> T | None:
        """The result kept under `key`; None where there is none of this kind that can be read."""
        import msgspec

        try:
            return msgspec.json.decode(read_bytes(self._place(key)), type=kind)
        except (OSError, msgspec.DecodeError):  # kept by another version of the class is as good as nothing
            return None

    def put(self, key: str, value: object) -> None:
        """Keep a result. A disk that refuses only costs the time to make it again."""
        import tempfile

        import msgspec

        try:
            os.makedirs(self._folder, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._folder, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(value, order="sorted"))
            os.replace(temporary, self._place(key))
        except OSError:
            return

    def keep_only(self, keys: Collection[str]) -> None:
        """Drop every other result: the cache is as big as one run's results."""
        import contextlib

        names = {f"{key}.json" for key in keys}
        with contextlib.suppress(OSError):  # one that is not there, or cannot be tidied, is only bigger than it needs to be
            for name in os.listdir(self._folder):
                if name not in names:
                    os.unlink(os.path.join(self._folder, name))

    def _place(self, key: str) -> str:
        return os.path.join(self._folder, f"{key}.json")
