"""Downloads: receive content piece by piece, resume after interruptions, and verify length and checksums."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Generator
from dataclasses import replace

import msgspec

from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import TransportFailure, Unavailable, UnifiedError, VendorProtocolError
from unified_runtime.core.messages import Request
from unified_runtime.core.redaction import redact
from unified_runtime.core.responses import AsyncStream, Piece, Response, Stream
from unified_runtime.execution.flows import Action, ActionResult, Flow
from unified_runtime.execution.single_requests import ask
from unified_runtime.execution.stages import CallState
from unified_runtime.http.media.checksums import ALGORITHMS, equal
from unified_runtime.http.media.downloads import Fetch, Next

_LARGEST_DOCUMENT = 100 * 1024 * 1024
"""Maximum bytes of a response in JSON with a content."""

Receiving = Generator[Action | Piece, ActionResult, None]


def receive(flow: Flow[Fetch], call: CallState) -> Receiving:
    """Run an operation until it returns the content to fetch, then fetch that content piece by piece.

    A download that was interrupted is resumed at the next byte. The content is complete when this ends without an error.

    Raises:
        UnifiedError: as for any call. VendorProtocolError (safe to retry) if the content does not match the vendor's length or checksums.
    """
    fetch = yield from flow
    try:
        yield from _enclosed(fetch, call) if fetch.base64_at else _received(fetch, call)
    except UnifiedError as error:
        error.redact(call.connection.credential.redact)
        error.vendor = error.vendor or call.connection.vendor.name
        error.operation = error.operation or call.operation
        raise


def _received(fetch: Fetch, call: CallState) -> Receiving:
    received = _Received(fetch)
    while True:
        response = yield from ask(received.request(), call)
        received.begin(response)
        failure = yield from _pieces(response, received)
        if received.complete(failure):
            break
        yield received.pause(failure, call)
    received.verify()


def _enclosed(fetch: Fetch, call: CallState) -> Receiving:
    """Receive a response in JSON, and yield the content that it has in base64, in one piece."""
    flow, document = _received(replace(fetch, size=None, checksums={}), call), bytearray()
    result: ActionResult = None
    while True:
        try:
            action = flow.send(result)
        except StopIteration:
            break
        if not isinstance(action, Piece):
            result = yield action
            continue
        result = None
        document += action.data
        if len(document) > _LARGEST_DOCUMENT:
            raise _wrong(f"the vendor returned a content of more than {_LARGEST_DOCUMENT} bytes in base64")
    content, received = _decoded(bytes(document), fetch.base64_at), _Received(fetch)
    if received.total is not None and received.total != len(content):
        raise _wrong(f"the vendor sends {len(content)} bytes of a content that has {received.total}")
    received.feed(content)
    received.verify()
    if content:
        yield Piece(content, len(content), len(content))


def _decoded(document: bytes, path: tuple[str, ...]) -> bytes:
    """Return the content at a path of a document in JSON; both alphabets of base64 are accepted, with or without padding.

    Raises:
        VendorProtocolError: there is none.
    """
    try:
        found = msgspec.json.decode(document)
        for name in path:
            found = found[name]
        text = found.rstrip("=").replace("-", "+").replace("_", "/")
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (msgspec.DecodeError, TypeError, KeyError, AttributeError, ValueError):
        raise _wrong(f"the response has no content in base64 at {'.'.join(path)}") from None


def _pieces(response: Response, received: _Received) -> Generator[Action | Piece, ActionResult, TransportFailure | None]:
    following = Next(response)
    while True:
        yield following
        if not following.data:
            return following.failure
        data = received.feed(following.data)
        if data:
            yield Piece(data, received.done, received.total)


class _Received:
    """Received part of a content, and the length and checksums that it is verified against."""

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
        return msgspec.structs.replace(request, headers=ranged)

    def begin(self, response: Response) -> None:
        """Check the start of a response: its encoding, entity tag, length and first byte.

        Raises:
            VendorProtocolError: it starts at another byte than requested, is compressed although that was not requested, or is another
                content.
        """
        headers = response.headers
        if isinstance(response, Stream | AsyncStream) and headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise _wrong(f"the content is encoded as {headers['content-encoding'][:40]!r}, which was not requested", response)
        etag = headers.get("etag", "")
        if self.done and self._etag and etag and etag != self._etag:
            raise _wrong("the content changed while it was received", response)
        self._etag = self._etag or (etag if etag.startswith('"') else None)
        length = headers.get("content-length", "")
        if response.status == 206:
            found = re.fullmatch(r"bytes (\d{1,20})-\d{1,20}/(\d{1,20}|\*)", headers.get("content-range", "").strip())
            if found is None or int(found[1]) != self.done:
                raise _wrong(f"the content goes on elsewhere than at byte {self.done}: {headers.get('content-range', '')[:60]!r}", response)
            self._skip = 0
            self._of(int(found[2]) if found[2] != "*" else None, response)
            return
        if self.done and not (self._sums or etag):
            raise _wrong("the content cannot be resumed: it cannot be determined if it is still the same", response)
        self._skip = self.done  # the response starts again at the first byte
        measurable = isinstance(response, Stream | AsyncStream) and length.isascii() and length.isdigit()
        self._of(int(length) if measurable else None, response)

    def _of(self, total: int | None, response: Response) -> None:
        if total is None:
            return
        if self.total is not None and self.total != total:
            raise _wrong(f"the vendor sends {total} bytes of a content that has {self.total}", response)
        self.total = total

    def feed(self, data: bytes) -> bytes:
        """Add received bytes. Returns those that are new.

        Raises:
            VendorProtocolError: there are more bytes than the content has.
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
        """Return True if the content is complete. Without a stated length, it is complete if the connection was not interrupted."""
        if self.total is not None:
            return self.done == self.total
        return failure is None

    def pause(self, failure: TransportFailure | None, call: CallState) -> float:
        """Return the seconds to wait before the rest is requested.

        Raises:
            Unavailable: it was interrupted too often without a new byte, or its request cannot be repeated.
        """
        if self.done > self._reached:
            self._reached, self._failures = self.done, 0
        self._failures += 1
        if self._failures >= call.settings.attempts or self._fetch.request.endpoint.retry is Retry.NEVER:
            secrets = call.connection.secrets
            reason = redact(failure.message, secrets) if failure is not None else "the response ended"
            of = f" of {self.total}" if self.total is not None else ""
            repeatable = self._fetch.request.endpoint.retry is not Retry.NEVER
            raise Unavailable(f"the content broke off after {self.done}{of} bytes: {reason}", retry_safe=repeatable)
        return 0.0 if self._failures == 1 else min(call.settings.backoff * 2.0**self._failures, call.settings.longest_backoff)

    def verify(self) -> None:
        """Compare the checksums with those of the received bytes.

        Raises:
            VendorProtocolError: a checksum does not match.
        """
        for name, expected in self._fetch.checksums.items():
            computed = self._sums[name].value()
            if not equal(name, expected, computed):
                raise _wrong(f"the content that came is not what the vendor has: its {name} is {computed}, and should be {expected[:100]}")


def _wrong(text: str, response: Response | None = None) -> VendorProtocolError:
    request_id = response.request_id if response is not None else None
    return VendorProtocolError(text, request_id=request_id, status=response.status if response is not None else None, retry_safe=True)
