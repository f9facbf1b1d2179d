"""Contents between an agent and a broker, piece by piece, with a SHA-256 of the whole at the end.

An upload's body is the length of the call (4 bytes, big endian), the call, the content, and its digest (32 bytes). A download is answered
in frames: a letter, the length of what follows (4 bytes), and that. `h` holds a JSON object with the `total` or null, `d` bytes of
the content, `e` a `Failure`, and `z`, the last, the digest.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

from unified_runtime.errors import InvalidInput

if TYPE_CHECKING:
    from unified_runtime.media.sources import Source

PIECE = 256 * 1024
LARGEST_FRAME = 16 * 1024 * 1024
DIGEST = hashlib.sha256().digest_size
_LENGTH = struct.Struct(">I")
_FRAME = struct.Struct(">cI")

HEAD, DATA, ERROR, END = b"h", b"d", b"e", b"z"


class Upload:
    """The body of an upload, read from its source while it is sent. `length` in bytes, None where nobody knows it.

    Iterating raises what reading the source does.
    """

    def __init__(self, call: bytes, source: Source) -> None:
        self._head = _LENGTH.pack(len(call)) + call
        self._source = source
        self.length = None if source.size is None else len(self._head) + source.size + DIGEST

    def __iter__(self) -> Iterator[bytes]:
        source, digest, sent = self._source, hashlib.sha256(), 0
        source.rewind(0)
        yield self._head
        while data := source.pull(PIECE):
            sent = self._told(sent, len(data))
            digest.update(data)
            yield data
        yield self._whole(digest.digest(), sent)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        source, digest, sent = self._source, hashlib.sha256(), 0
        source.rewind(0)
        yield self._head
        while data := await source.apull(PIECE):
            sent = self._told(sent, len(data))
            digest.update(data)
            yield data
        yield self._whole(digest.digest(), sent)

    def _told(self, sent: int, more: int) -> int:
        """Tell of what was sent before this piece; returns what is with it.

        Raises:
            InvalidInput: it is more than the content had when its size was asked.
        """
        size = self._source.size
        if size is not None and sent + more > size:
            raise InvalidInput(f"content had {size} bytes and has more now; nothing was kept", fields={"content": "changed"})
        if sent:
            self._source.acknowledge(sent)
        return sent + more

    def _whole(self, digest: bytes, sent: int) -> bytes:
        """Raises:
        InvalidInput: the content is shorter than it was.
        """
        size = self._source.size
        if size is not None and sent < size:
            raise InvalidInput(f"content had {size} bytes and ended after {sent}; nothing was kept", fields={"content": "changed"})
        return digest

    def arrived(self) -> None:
        """The vendor has all of it."""
        source = self._source
        source.size = source.taken
        source.acknowledge(source.taken)
        source.close()


def length(head: bytes) -> int:
    """The length of the call that an upload begins with."""
    found: int = _LENGTH.unpack(head[: _LENGTH.size])[0]
    return found


LENGTH_SIZE = _LENGTH.size


def frame(kind: bytes, payload: bytes) -> bytes:
    return _FRAME.pack(kind, len(payload)) + payload


class Frames:
    """Takes the bytes of a download as they come, and gives its frames out."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The frames that are complete with these bytes.

        Raises:
            ValueError: a frame is larger than any that a broker sends.
        """
        self._kept += data
        while len(self._kept) >= _FRAME.size:
            kind, size = _FRAME.unpack_from(self._kept)
            if size > LARGEST_FRAME:
                raise ValueError("a frame is too large")
            end = _FRAME.size + size
            if len(self._kept) < end:
                return
            payload = bytes(self._kept[_FRAME.size : end])
            del self._kept[:end]
            yield kind, payload
