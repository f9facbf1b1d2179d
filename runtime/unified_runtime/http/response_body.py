"""Reading and decompression of response bodies, with limits on size and time."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import AsyncIterable, Iterable, Sequence

from unified_runtime.core.errors import TransportFailure, UnreadableResponse
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import REQUEST_ID_HEADERS
from unified_runtime.core.single_line import line

_PIECE = 1024 * 1024
_CODINGS = {"gzip", "x-gzip", "deflate"}


class ResponseBody:
    """Body of one response, fed in chunks. The size limit applies to compressed and to decompressed bytes; data after the end of the
    compressed stream is ignored."""

    __slots__ = ("_begun", "_buffer", "_deadline", "_decoder", "_first", "_largest", "_pairs", "_received", "_size", "_status")

    def __init__(self, status: int, pairs: Sequence[tuple[bytes, bytes]], coding: str | None, request: HTTPRequest) -> None:
        self._status = status
        self._pairs = pairs
        self._largest = request.largest
        self._deadline = request.deadline
        self._first = b""
        self._buffer: io.BytesIO | None = None  # not a list of chunks: chunks of two bytes would need twenty times their size
        self._size = 0
        self._received = 0
        self._begun = False
        self._decoder = None
        if coding is not None and (name := coding.strip().lower()) not in {"", "identity"}:
            if name not in _CODINGS:
                raise self._unreadable(f"the response is encoded as {coding[:40]!r}, which was not requested")
            # 32: accept zlib or gzip, as the first bytes indicate; only gzip is requested.
            self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def feed(self, chunk: bytes) -> None:
        if time.monotonic() > self._deadline:  # each read may be in time although the body never ends
            raise TransportFailure("the response was not complete by the deadline", sent=True, permanent=True, late=True)
        if self._decoder is None:
            self._append(chunk)
            return
        self._begun = self._begun or chunk != b""
        self._received += len(chunk)
        if self._received > self._largest:  # compression makes no data much larger
            raise self._too_large()
        data = b"" if self._decoder.eof else chunk  # zlib would store all data after the end
        while data:
            try:
                piece = self._decoder.decompress(data, _PIECE)
            except zlib.error as error:
                reason = str(error)
            else:
                self._append(piece)
                data = self._decoder.unconsumed_tail
                if not piece and not data:
                    return
                continue
            raise self._unreadable(f"the response's compression is invalid: {reason}")

    def finish(self) -> bytes:
        if self._decoder is not None and self._begun and not self._decoder.eof:
            raise self._unreadable("the compressed response ends too early")
        return self._first if self._buffer is None else self._buffer.getvalue()

    def _append(self, part: bytes) -> None:
        if part:
            self._size += len(part)
            if self._size > self._largest:
                raise self._too_large()
            if self._buffer is not None:
                self._buffer.write(part)
            elif not self._first:
                self._first = part
            else:
                self._buffer = io.BytesIO()
                self._buffer.write(self._first)
                self._buffer.write(part)

    def _too_large(self) -> UnreadableResponse:
        return self._unreadable(
            f"the response is larger than {self._largest} bytes; request fewer records per page, or raise Settings.largest_response"
        )

    def _unreadable(self, message: str) -> UnreadableResponse:
        named = {name.lower().decode("latin-1"): value.decode("latin-1") for name, value in self._pairs}
        request_id = next((line(named[name], 200) for name in REQUEST_ID_HEADERS if named.get(name)), None)
        return UnreadableResponse(message, status=self._status, request_id=request_id)


def read_body(chunks: Iterable[bytes], body: ResponseBody) -> bytes:
    for chunk in chunks:
        body.feed(chunk)
    return body.finish()


async def aread_body(chunks: AsyncIterable[bytes], body: ResponseBody) -> bytes:
    async for chunk in chunks:
        body.feed(chunk)
    return body.finish()
