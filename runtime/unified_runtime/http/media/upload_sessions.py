"""Upload sessions of vendors: a content is sent in pieces, and resumed after an interruption at the offset that the vendor reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.decoding import decode
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    RateLimited,
    Rejected,
    Unavailable,
    Unconfirmed,
    UnifiedError,
    VendorProtocolError,
)
from unified_runtime.core.messages import ContentPlaceholder, Pause, Request
from unified_runtime.core.planning import PlannedResponse
from unified_runtime.core.raw import Raw
from unified_runtime.core.responses import Response
from unified_runtime.core.symbols import Symbol
from unified_runtime.http.media.content import Peek, Read, Source, Spool
from unified_runtime.http.media.uploads import argument, ended, require_complete

S = TypeVar("S")

ATTEMPTS = 6
"""Interruptions in a row, without a new byte at the vendor, after which an upload fails."""


# ------------------------------------------------------------------------------------------------------------ interruptions
class _Patience:
    """Counter of interruptions in a row; a new byte at the vendor resets it."""

    def __init__(self) -> None:
        self._count = 0
        self._reached = -1

    def after(self, error: UnifiedError, reached: int) -> Generator[Pause, Any, None]:
        """Wait before the next attempt.

        Raises:
            UnifiedError: the error itself, if another attempt is of no use.
        """
        if reached > self._reached:
            self._reached, self._count = reached, 0
        self._count += 1
        if self._count >= ATTEMPTS:
            raise error
        wanted = getattr(error, "retry_after", None)
        yield Pause(wanted or 0.0, self._count)


_INTERRUPTED = (Unavailable, RateLimited)


def _range(start: int, data: bytes, size: int | None) -> str:
    """Return the `Content-Range` of a piece (RFC 9110, section 14.4)."""
    total = "*" if size is None else str(size)
    return f"bytes {start}-{start + len(data) - 1}/{total}" if data else f"bytes */{total}"


class _Window:
    """Piece of a source that is being sent. It is held until the vendor has it, so that it can be sent again."""

    def __init__(self, content: Source, piece: int) -> None:
        self._content = content
        self._piece = piece
        self.start = 0
        self.data = b""

    def ahead(self) -> Steps[bool]:
        """Prepare a piece; returns True if it is the last one. For a content of unknown size, one more byte is peeked at."""
        content = self._content
        if not self.data:
            wanted = self._piece if content.size is None else min(self._piece, content.size - self.start)
            read = Read(content, wanted)
            yield read
            self.data = read.take()
            if content.size is not None and len(self.data) < wanted:
                require_complete(content)
        end = self.start + len(self.data)
        if content.size is not None and end < content.size:
            return False
        peek = Peek(content, 1)
        yield peek
        more = peek.take() != b""
        if content.size is None:
            if more:
                return False
            content.size = end
        elif more:
            raise InvalidInput(f"content had {content.size} bytes and has more now; nothing was stored", fields={"content": "changed"})
        return True

    def reached(self, offset: int) -> None:
        """Note that the vendor has all bytes before `offset`."""
        if self.start <= offset <= self.start + len(self.data):
            self.data = self.data[offset - self.start :]
        else:
            self._content.rewind(offset)
            self.data = b""
        self.start = offset


# ------------------------------------------------------------------------------------------------------------ Google
_PUT = Endpoint("session", "PUT", "(upload session)", Retry.NEVER)
_STATE = Endpoint("session", "PUT", "(upload session)", Retry.SAFE)
_LOOK = Endpoint("session", "GET", "(upload session)", Retry.SAFE)
_CANCEL = Endpoint("session", "DELETE", "(upload session)", Retry.IDEMPOTENT)


def google_session(
    endpoint: Endpoint,
    *,
    content: Source,
    content_type: str,
    chunk_bytes: int,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    schema: type[S],
    save_as: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Upload by Google's resumable protocol (https://developers.google.com/workspace/drive/api/guides/manage-uploads#resumable): pieces are
    sent to the `Location` of the first response, 308 with `Range` reports how many bytes arrived, and the last response is the file.
    """
    size = content.size
    about = {"X-Upload-Content-Type": content_type, "X-Upload-Content-Length": str(size) if size is not None else None}
    target = endpoint.url(path)
    begun = yield Request(
        endpoint=endpoint.as_(Retry.IDEMPOTENT), target=target, query=query, headers={**(headers or {}), **about}, json=json or {}
    )
    if isinstance(begun, PlannedResponse):
        yield _planned(content, chunk_bytes)
        return ended(begun, content, schema, save_as)
    address = begun.headers.get("location")
    if not address:
        raise VendorProtocolError("the response to the start of an upload lacks the header Location", request_id=begun.request_id)
    response = yield from _ranged(content, chunk_bytes, address, _google_state)
    return ended(response, content, schema, save_as)


def _google_state(address: str, content: Source) -> Steps[tuple[int, Response | None]]:
    """Return the number of bytes that an upload has, or the response that ends it."""
    response = yield Request(
        endpoint=_STATE,
        target="",
        address=address,
        headers={"Content-Range": _range(0, b"", content.size)},
        accepts=_incomplete,
        transfer=True,
    )
    return _google_reached(response), response if response.status != 308 else None


def _incomplete(response: Response) -> bool:
    return response.status == 308


def _gone(response: Response) -> bool:
    """Return True if a session has ended or never existed."""
    return response.status in {404, 410, 499}


def _google_reached(response: Response) -> int:
    reported = response.headers.get("range")
    if reported is None:
        return 0
    found = re.fullmatch(r"(?:bytes=)?0-(\d{1,20})", reported.strip())
    if found is None:
        raise VendorProtocolError(f"the range of an upload is not one: {reported[:60]!r}", request_id=response.request_id)
    return int(found[1]) + 1


# ------------------------------------------------------------------------------------------------------------ Microsoft
class _UploadSession(msgspec.Struct):
    uploadUrl: str | None = None  # noqa: N815  as it is spelled in the response
    nextExpectedRanges: list[str] | None = None  # noqa: N815


def graph_session(
    endpoint: Endpoint,
    *,
    content: Source,
    content_type: str,
    chunk_bytes: int,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    schema: type[S],
    save_as: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Upload by Microsoft's session (https://learn.microsoft.com/graph/api/driveitem-createuploadsession): pieces, multiples of 320 KiB,
    are sent to `uploadUrl`; `nextExpectedRanges` reports what is missing. The size is required, so a content of unknown size is written to
    disk first. `content_type` is not sent: the name decides.
    """
    if content.size is None:
        spool = Spool(content)
        yield spool
        spool.done()
    target = endpoint.url(path)
    begun = yield Request(endpoint=endpoint.as_(Retry.IDEMPOTENT), target=target, query=query, headers=headers, json=json or {})
    if isinstance(begun, PlannedResponse):
        yield _planned(content, chunk_bytes)
        return ended(begun, content, schema, save_as)
    address = decode(begun, _UploadSession).uploadUrl
    if not address:
        raise VendorProtocolError("the response to the start of an upload lacks uploadUrl", request_id=begun.request_id)
    response = yield from _ranged(content, chunk_bytes, address, _graph_state)
    return ended(response, content, schema, save_as)


def _graph_state(address: str, content: Source) -> Steps[tuple[int, Response | None]]:
    response = yield Request(endpoint=_LOOK, target="", address=address, transfer=True)
    return _graph_reached(response, content), None


def _graph_reached(response: Response, content: Source) -> int:
    ranges = decode(response, _UploadSession).nextExpectedRanges
    if not ranges:
        return content.size or 0
    found = re.fullmatch(r"(\d{1,20})(?:-\d*)?", ranges[0].strip())
    if found is None:
        raise VendorProtocolError(f"the range of an upload is not one: {ranges[0][:60]!r}", request_id=response.request_id)
    return int(found[1])


# ------------------------------------------------------------------------------------------------------------ pieces by range
State = Callable[[str, Source], Steps[tuple[int, Response | None]]]


def _ranged(content: Source, piece: int, address: str, state: State) -> Steps[Response]:
    """Send a content in pieces to the URL of a session; returns the last response."""
    window = _Window(content, piece)
    patience = _Patience()
    try:
        while True:
            last = yield from window.ahead()
            headers = {"Content-Range": _range(window.start, window.data, content.size)}
            end = window.start + len(window.data)
            try:
                response = yield Request(
                    endpoint=_PUT, target="", address=address, headers=headers, content=window.data, accepts=_incomplete, transfer=True
                )
                reached = _graph_reached(response, content) if response.status == 202 else end
                if response.status == 308:
                    reached = _google_reached(response)
                elif response.status != 202:
                    if not last:
                        raise VendorProtocolError("the vendor ended an upload before its last piece", request_id=response.request_id)
                    return response
                if reached <= window.start:  # none of the piece was stored
                    yield from patience.after(Unavailable("the vendor stores nothing of what is uploaded"), reached)
            except _INTERRUPTED as error:
                yield from patience.after(error, window.start)
                reached, ended = yield from _session_state(state, address, content, last=last)
                if ended is not None:
                    if not last:
                        raise VendorProtocolError("the vendor ended an upload before its last piece", request_id=ended.request_id) from None
                    return ended
            if not 0 <= reached <= end:
                raise VendorProtocolError(f"the vendor reports {reached} bytes of an upload, and was sent {end}")
            window.reached(reached)
            content.acknowledge(max(reached, content.acknowledged))
    except InvalidInput:
        yield from _cancelled(address)
        raise


def _session_state(state: State, address: str, content: Source, *, last: bool) -> Steps[tuple[int, Response | None]]:
    """Return the state of an interrupted upload.

    Raises:
        Unconfirmed: the session is over, and the last piece may have ended it.
        Unavailable: the session ended early.
    """
    try:
        return (yield from state(address, content))
    except NotFound:
        pass
    if last:
        raise Unconfirmed("the response to the last piece of an upload was lost, and its session has ended: check if the file exists")
    raise Unavailable("the vendor has dropped an upload before it was complete")


def _cancelled(address: str) -> Steps[None]:
    """End a session that cannot be completed. Errors are ignored: the vendor discards the session later anyway."""
    try:
        yield Request(endpoint=_CANCEL, target="", address=address, accepts=_gone)
    except UnifiedError:
        return


def _planned(content: Source, piece: int) -> Request:
    """Return the request that represents a session's pieces in a plan."""
    size = "all" if content.size is None else f"{content.size}"
    shown = ContentPlaceholder(f"({size} bytes, in pieces of {piece})")
    return Request(endpoint=_PUT, target="", address=str(Symbol("session.address")), content=shown)


# ------------------------------------------------------------------------------------------------------------ Dropbox
class _Begun(msgspec.Struct):
    session_id: str


class _Looked(msgspec.Struct):
    content_hash: str | None = None


def dropbox_session(
    endpoint: Endpoint,
    *,
    start: Endpoint,
    append: Endpoint,
    lookup: Endpoint,
    header: str,
    body: dict[str, Any],
    content: Source,
    content_type: str,
    chunk_bytes: int,
    schema: type[S],
    save_as: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Upload by Dropbox's session (https://www.dropbox.com/developers/documentation/http/documentation#files-upload_session-start):
    `append` sends pieces at an offset, `endpoint` the last one with the file's path in `body`. A piece whose response was lost is sent
    again: `correct_offset` in the error reports that it had arrived. If the last one ended the session, `lookup` finds the file, and the
    hash of its content shows if it is this one.
    """
    content.sums("content_hash")
    octets = {"Content-Type": content_type}
    begun = yield Request(
        endpoint=start.as_(Retry.IDEMPOTENT), target=start.url(()), headers={header: argument({"close": False}), **octets}, content=b""
    )
    if isinstance(begun, PlannedResponse):
        yield from _dropbox_plan(endpoint, append, header, body, content, octets, chunk_bytes)
        return ended(begun, content, schema, save_as)
    session = decode(begun, _Begun).session_id
    window = _Window(content, chunk_bytes)
    patience = _Patience()
    lost = False
    while True:
        last = yield from window.ahead()
        end = window.start + len(window.data)
        cursor = {"session_id": session, "offset": window.start}
        step, about = (endpoint, {**body, "cursor": cursor}) if last else (append, {"cursor": cursor, "close": False})
        sent = {header: argument(about), **octets}
        try:
            response = yield Request(
                endpoint=step, target=step.url(()), headers=sent, content=window.data, accepts=_misplaced, transfer=True
            )
        except _INTERRUPTED as error:
            lost = lost or last
            yield from patience.after(error, window.start)
            continue
        except (Conflict, NotFound, Rejected):
            if not lost:
                raise
            response = yield Request(endpoint=lookup, target=lookup.url(()), json={"path": body["commit"]["path"]})
            if decode(response, _Looked).content_hash != content.checksum("content_hash"):
                raise
            return ended(response, content, schema, save_as)
        reached = end
        if response.status == 409:
            reached = _correct_offset(response) or 0
            if not 0 <= reached <= end:
                raise VendorProtocolError(f"the vendor reports {reached} bytes of an upload, and was sent {end}")
            if reached <= window.start:
                yield from patience.after(Unavailable("the vendor stores nothing of what is uploaded"), reached)
        elif last:
            return ended(response, content, schema, save_as)
        window.reached(reached)
        content.acknowledge(max(reached, content.acknowledged))


def _dropbox_plan(
    endpoint: Endpoint, append: Endpoint, header: str, body: dict[str, Any], content: Source, octets: dict[str, str], piece: int
) -> Steps[None]:
    cursor: dict[str, Any] = {"session_id": str(Symbol("session.session_id")), "offset": 0}
    shown = ContentPlaceholder(f"({'all' if content.size is None else content.size} bytes, in pieces of {piece})")
    yield Request(
        endpoint=append, target=append.url(()), headers={header: argument({"cursor": cursor, "close": False}), **octets}, content=shown
    )
    about = argument({**body, "cursor": {**cursor, "offset": str(Symbol("offset"))}})
    yield Request(
        endpoint=endpoint, target=endpoint.url(()), headers={header: about, **octets}, content=ContentPlaceholder("(the last piece)")
    )


def _misplaced(response: Response) -> bool:
    """Return True if a piece does not start at the offset where the vendor's part of the upload ends."""
    return response.status == 409 and _correct_offset(response) is not None


def _correct_offset(response: Response) -> int | None:
    try:
        error = msgspec.json.decode(response.body)["error"]
        found = error.get("lookup_failed", error).get("correct_offset")
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return None
    return found if isinstance(found, int) else None
