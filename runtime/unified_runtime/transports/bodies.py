"""Reading an answer's body within bounds, and undoing its compression within the same bounds."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import AsyncIterable, Iterable, Sequence

from unified_runtime.errors import AnswerUnreadable, TransportFailure
from unified_runtime.lines import line
from unified_runtime.messages import REQUEST_ID_HEADERS, HTTPRequest

_PIECE = 1024 * 1024
_CODINGS = {"gzip", "x-gzip", "deflate"}


class Body:
    """Collects the chunks of one answer. A small compressed body that grows without end is cut off while it grows, and what stands behind
    its end is passed over."""

    __slots__ = ("_begun", "_came", "_deadline", "_decoder", "_first", "_largest", "_pairs", "_size", "_status", "_whole")

    def __init__(self, status: int, pairs: Sequence[tuple[bytes, bytes]], coding: str | None, request: HTTPRequest) -> None:
        self._status = status
        self._pairs = pairs
        self._largest = request.largest
        self._deadline = request.deadline
        self._first = b""
        self._whole: io.BytesIO | None = None  # no list of chunks: those of two bytes each would take twenty times what they hold
        self._size = 0
        self._came = 0
        self._begun = False
        self._decoder = None
        if coding is not None and (name := coding.strip().lower()) not in {"", "identity"}:
            if name not in _CODINGS:
                raise self._unreadable(f"the answer is encoded as {coding[:40]!r}, which was not asked for")
            # 32: take zlib or gzip, whichever the data begins with; only gzip is asked for.
            self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def feed(self, chunk: bytes) -> None:
        if time.monotonic() > self._deadline:  # each read may be in time, and the whole drip on for ever
            raise TransportFailure("the answer was not complete by the deadline", sent=True, permanent=True, late=True)
        if self._decoder is None:
            self._keep(chunk)
            return
        self._begun = self._begun or chunk != b""
        self._came += len(chunk)
        if self._came > self._largest:  # compressed, nothing is larger by more than a trifle
            raise self._too_large()
        data = b"" if self._decoder.eof else chunk  # zlib would keep all that comes behind the end
        while data:
            try:
                piece = self._decoder.decompress(data, _PIECE)
            except zlib.error as error:
                reason = str(error)
            else:
                self._keep(piece)
                data = self._decoder.unconsumed_tail
                if not piece and not data:
                    return
                continue
            raise self._unreadable(f"the answer's compression is broken: {reason}")

    def finish(self) -> bytes:
        if self._decoder is not None and self._begun and not self._decoder.eof:
            raise self._unreadable("the compressed answer ends too early")
        return self._first if self._whole is None else self._whole.getvalue()

    def _keep(self, part: bytes) -> None:
        if part:
            self._size += len(part)
            if self._size > self._largest:
                raise self._too_large()
            if self._whole is not None:
                self._whole.write(part)
            elif not self._first:
                self._first = part
            else:
                self._whole = io.BytesIO()
                self._whole.write(self._first)
                self._whole.write(part)

    def _too_large(self) -> AnswerUnreadable:
        return self._unreadable(f"the answer is larger than the {self._largest} bytes allowed")

    def _unreadable(self, message: str) -> AnswerUnreadable:
        named = {name.lower().decode("latin-1"): value.decode("latin-1") for name, value in self._pairs}
        request_id = next((line(named[name], 200) for name in REQUEST_ID_HEADERS if named.get(name)), None)
        return AnswerUnreadable(message, status=self._status, request_id=request_id)


def read(chunks: Iterable[bytes], body: Body) -> bytes:
    for chunk in chunks:
        body.feed(chunk)
    return body.finish()


async def aread(chunks: AsyncIterable[bytes], body: Body) -> bytes:
    async for chunk in chunks:
        body.feed(chunk)
    return body.finish()
