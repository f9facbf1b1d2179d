"""Contents stored by a server: on disk, so that a test of 300 MiB needs no memory for them."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator

PIECE = 1024 * 1024


class Blob:
    """Content that is appended to and can be read at any offset."""

    def __init__(self, data: bytes = b"") -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the blob
        self.size = 0
        self.append(data)

    def __del__(self) -> None:
        self._file.close()

    def append(self, data: bytes) -> None:
        self._file.seek(self.size)
        self._file.write(data)
        self.size += len(data)

    def truncate(self, size: int) -> None:
        self._file.truncate(size)
        self.size = size

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        at, end = start, self.size if end is None else end
        while at < end:
            self._file.seek(at)
            data = self._file.read(min(PIECE, end - at))
            at += len(data)
            yield data

    def entire(self) -> bytes:
        return b"".join(self.pieces())

    def hashed(self, name: str) -> str:
        found = hashlib.new(name)
        for piece in self.pieces():
            found.update(piece)
        return found.hexdigest()
