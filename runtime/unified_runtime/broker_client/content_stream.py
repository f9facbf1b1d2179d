"""Content transfer between an agent and a broker, piece by piece, with a SHA-256 of the entire content at the end.

An upload's body is the length of the call (4 bytes, big endian), the call, the content, and its digest (32 bytes). The response to a
download consists of frames: a letter, the length of the payload (4 bytes), and the payload. `h` has a JSON object with the `total` or null,
`d` bytes of the content, `e` a `Failure`, and `z`, the last, the digest.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

from unified_runtime.core.errors import InvalidInput

if TYPE_CHECKING:
    from unified_runtime.http.media.content import Source

PIECE = 256 * 1024
LARGEST_FRAME = 16 * 1024 * 1024
DIGEST = hashlib.sha256().digest_size
_LENGTH = struct.Struct(">I")
_FRAME = struct.Struct(">cI")

HEAD, DATA, ERROR, END = b"h", b"d", b"e", b"z"


class Upload:
    """Body of an upload, read from its source while it is sent. `length` in bytes, None if unknown.

    Iterating raises the errors of reading the source.
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
            sent = self._acknowledge(sent, len(data))
            digest.update(data)
            yield data
        yield self._checked_digest(digest.digest(), sent)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        source, digest, sent = self._source, hashlib.sha256(), 0
        source.rewind(0)
        yield self._head
        while data := await source.apull(PIECE):
            sent = self._acknowledge(sent, len(data))
            digest.update(data)
            yield data
        yield self._checked_digest(digest.digest(), sent)

    def _acknowledge(self, sent: int, more: int) -> int:
        """Acknowledge what was sent before this piece. Returns the number of bytes including it.

        Raises:
            InvalidInput: the content has become larger since its size was determined.
        """
        size = self._source.size
        if size is not None and sent + more > size:
            raise InvalidInput(f"content had {size} bytes and has more now; nothing was stored", fields={"content": "changed"})
        if sent:
            self._source.acknowledge(sent)
        return sent + more

    def _checked_digest(self, digest: bytes, sent: int) -> bytes:
        """Return the digest after checking that the content is complete.

        Raises:
            InvalidInput: the content is shorter than its size.
        """
        size = self._source.size
        if size is not None and sent < size:
            raise InvalidInput(f"content had {size} bytes and ended after {sent}; nothing was stored", fields={"content": "changed"})
        return digest

    def arrived(self) -> None:
        """Note that the vendor has the entire content, and close the source."""
        source = self._source
        source.size = source.taken
        source.acknowledge(source.taken)
        source.close()


def length(head: bytes) -> int:
    """Return the length of the call at the start of an upload."""
    found: int = _LENGTH.unpack(head[: _LENGTH.size])[0]
    return found


LENGTH_SIZE = _LENGTH.size


def frame(kind: bytes, payload: bytes) -> bytes:
    return _FRAME.pack(kind, len(payload)) + payload


class Frames:
    """Parser of the frames of a download, fed with bytes as they arrive."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield the frames that are complete with these bytes.

        Raises:
            ValueError: a frame is larger than a broker sends.
        """
        self._buffer += data
        while len(self._buffer) >= _FRAME.size:
            kind, size = _FRAME.unpack_from(self._buffer)
            if size > LARGEST_FRAME:
                raise ValueError("a frame is too large")
            end = _FRAME.size + size
            if len(self._buffer) < end:
                return
            payload = bytes(self._buffer[_FRAME.size : end])
            del self._buffer[:end]
            yield kind, payload
