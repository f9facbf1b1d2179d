"""How a content is received: as it comes, resumed where it was cut, and compared with what the vendor says of it.

`streamed` is what a generated adapter ends with: it sends nothing, and says what is to be fetched and how it can be known to be
whole. `receive` is the flow that fetches it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unified_runtime.driving.driver import Action, Call, Flow, Outcome, ask
from unified_runtime.errors import TransportFailure, Unavailable, UnifiedError, VendorProtocolError
from unified_runtime.media.checksums import ALGORITHMS, equal
from unified_runtime.media.uploads import number
from unified_runtime.messages import AsyncStream, Local, Piece, Request, Response, Stream
from unified_runtime.redaction import scrub
from unified_runtime.steps import Endpoint, Steps
from unified_runtime.symbols import Symbol


@dataclass(frozen=True, slots=True)
class Fetch:
    """A content to be fetched: the request, and what is known of the content before it comes."""

    request: Request
    size: int | None
    checksums: Mapping[str, str]


def streamed(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    size: int | str | None = None,
    checksums: Mapping[str, str | None] | None = None,
) -> Steps[Fetch]:
    """The content that a request answers.

    `size` in bytes and `checksums` by algorithm are those of the content, where the vendor told them; None counts as not told.
    """
    request = Request(endpoint=endpoint, target=endpoint.url(path), query=query, headers=headers, json=json, stream=True)
    known = {name: told for name, told in (checksums or {}).items() if isinstance(told, str) and told and not isinstance(told, Symbol)}
    return Fetch(request, number(size), known)
    yield  # a generator, like every other end of an adapter


class Next(Local):
    """Wait for the next bytes of an answer: `data` is empty at its end, `failure` says that it broke off."""

    __slots__ = ("_answer", "_given", "data", "failure")

    def __init__(self, answer: Response) -> None:
        self._answer = answer
        self._given = False
        self.data = b""
        self.failure: TransportFailure | None = None

    def run(self) -> None:
        if not isinstance(self._answer, Stream):
            self._whole()
            return
        try:
            self.data = self._answer.piece()
        except TransportFailure as failure:
            self._broken(failure)

    async def arun(self) -> None:
        if not isinstance(self._answer, AsyncStream):
            self._whole()
            return
        try:
            self.data = await self._answer.apiece()
        except TransportFailure as failure:
            self._broken(failure)

    def _broken(self, failure: TransportFailure) -> None:
        self.data, self.failure = b"", failure.with_traceback(None)

    def _whole(self) -> None:
        """The answer of a transport that reads answers whole."""
        self.data = b"" if self._given else self._answer.body
        self._given = True


Receiving = Generator[Action | Piece, Outcome, None]


def receive(flow: Flow[Fetch], call: Call) -> Receiving:
    """Run an operation to the content that it names, then fetch that, piece by piece.

    What was cut off is asked for from where it ended. The last piece has come when this ends without an error.

    Raises:
        UnifiedError: as for any call. VendorProtocolError (safe to retry) if what came is not what the vendor says the content is.
    """
    fetch = yield from flow
    received = _Received(fetch)
    try:
        while True:
            answer = yield from ask(received.request(), call)
            received.begin(answer)
            failure = yield from _pieces(answer, received)
            if received.complete(failure):
                break
            yield received.pause(failure, call)
        received.verify()
    except UnifiedError as error:
        error.vendor = error.vendor or call.connection.vendor.name
        error.operation = error.operation or call.operation
        raise


def _pieces(answer: Response, received: _Received) -> Generator[Action | Piece, Outcome, TransportFailure | None]:
    following = Next(answer)
    while True:
        yield following
        if not following.data:
            return following.failure
        data = received.feed(following.data)
        if data:
            yield Piece(data, received.done, received.total)


class _Received:
    """What has come of a content, and what it is held against."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._sums = {name: ALGORITHMS[name]() for name in fetch.checksums}
        self._skip = 0
        self._etag: str | None = None
        self._failures = 0
        self._reached = -1
        self.done = 0
        self.total = fetch.size

    def request(self) -> Request:
        request = self._fetch.request
        if not self.done:
            return request
        ranged = {**(request.headers or {}), "Range": f"bytes={self.done}-", **({"If-Range": self._etag} if self._etag else {})}
        return Request(
            endpoint=request.endpoint, target=request.target, query=request.query, headers=ranged, json=request.json, stream=True
        )

    def begin(self, answer: Response) -> None:
        """An answer begins: where in the content does it?

        Raises:
            VendorProtocolError: it begins elsewhere than was asked for, or is compressed though that was not asked for.
        """
        headers = answer.headers
        if isinstance(answer, Stream | AsyncStream) and headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise _wrong(f"the content is encoded as {headers['content-encoding'][:40]!r}, which was not asked for", answer)
        etag = headers.get("etag", "")
        if self.done and self._etag and etag and etag != self._etag:
            raise _wrong("the content changed while it was received", answer)
        self._etag = self._etag or (etag if etag.startswith('"') else None)
        length = headers.get("content-length", "")
        if answer.status == 206:
            found = re.fullmatch(r"bytes (\d{1,20})-\d{1,20}/(\d{1,20}|\*)", headers.get("content-range", "").strip())
            if found is None or int(found[1]) != self.done:
                raise _wrong(f"the content goes on elsewhere than at byte {self.done}: {headers.get('content-range', '')[:60]!r}", answer)
            self._skip = 0
            self._of(int(found[2]) if found[2] != "*" else None, answer)
            return
        if self.done and not (self._sums or etag):
            raise _wrong("the content cannot be resumed: nothing tells whether it is still the same", answer)
        self._skip = self.done  # it begins anew
        whole = isinstance(answer, Stream | AsyncStream) and length.isascii() and length.isdigit()
        self._of(int(length) if whole else None, answer)

    def _of(self, total: int | None, answer: Response) -> None:
        if total is None:
            return
        if self.total is not None and self.total != total:
            raise _wrong(f"the vendor sends {total} bytes of a content that has {self.total}", answer)
        self.total = total

    def feed(self, data: bytes) -> bytes:
        """Bytes that came; returns those that are new.

        Raises:
            VendorProtocolError: there are more than the content has.
        """
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        for checksum in self._sums.values():
            checksum.update(data)
        self.done += len(data)
        if self.total is not None and self.done > self.total:
            raise _wrong(f"more bytes came than the {self.total} that the content has")
        return data

    def complete(self, failure: TransportFailure | None) -> bool:
        """Whether all came. What ends without a word of its length has ended where its connection did not break."""
        if self.total is not None:
            return self.done == self.total
        return failure is None

    def pause(self, failure: TransportFailure | None, call: Call) -> float:
        """The seconds to wait before it is asked for again.

        Raises:
            Unavailable: it has broken off too often without a byte more.
        """
        if self.done > self._reached:
            self._reached, self._failures = self.done, 0
        self._failures += 1
        if self._failures >= call.settings.attempts:
            secrets = call.connection.secrets
            reason = scrub(failure.message, secrets) if failure is not None else "the answer ended"
            of = f" of {self.total}" if self.total is not None else ""
            raise Unavailable(f"the content broke off after {self.done}{of} bytes: {reason}", retry_safe=True)
        return 0.0 if self._failures == 1 else min(call.settings.backoff * 2.0**self._failures, call.settings.longest_backoff)

    def verify(self) -> None:
        """Raises:
        VendorProtocolError: a checksum is not that of what came.
        """
        for name, told in self._fetch.checksums.items():
            computed = self._sums[name].value()
            if not equal(name, told, computed):
                raise _wrong(f"the content that came is not what the vendor has: its {name} is {computed}, and should be {told[:100]}")


def _wrong(text: str, answer: Response | None = None) -> VendorProtocolError:
    request_id = answer.request_id if answer is not None else None
    return VendorProtocolError(text, request_id=request_id, status=answer.status if answer is not None else None, retry_safe=True)
