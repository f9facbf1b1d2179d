"""How a content is sent: in one request, beside its description, or piece by piece in a session of the vendor.

Each strategy is a generator that a generated adapter delegates to. What was interrupted is resumed where the vendor says that it
stands; nothing is committed before every byte is there.
"""

from __future__ import annotations

import json as json_
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from unified_runtime.answers import integer
from unified_runtime.errors import (
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
from unified_runtime.media.checksums import equal
from unified_runtime.media.sources import Peek, Read, Source, Spool
from unified_runtime.messages import Described, Parts, Pause, Request, Response
from unified_runtime.raw import Document, Raw
from unified_runtime.reading import decode
from unified_runtime.steps import Endpoint, Retry, Steps
from unified_runtime.symbols import PlanEnds, Planned, Symbol

S = TypeVar("S")

WHOLE = 64 * 1024 * 1024
"""The largest content, in bytes, that is sent as one body where the vendor offers no session."""

ATTEMPTS = 6
"""Interruptions in a row, without a byte more at the vendor, after which an upload is given up."""


def fits(content: Source, most: int) -> Steps[bool]:
    """Whether the content has at most so many bytes. One of unknown size is looked into as far as needed."""
    if content.size is None:
        peek = Peek(content, most + 1)
        if isinstance((yield peek), Planned):
            return False
        data = peek.take()
        if len(data) <= most:
            content.size = len(data)
            return True
        return False
    return content.size <= most


def verify(content: Source, size: int | str | None, checksums: Mapping[str, str | None]) -> None:
    """Compare what the vendor says it has with what was read.

    Raises:
        VendorProtocolError: it is something else.
    """
    told_size = number(size)
    if told_size is not None and told_size != content.taken:
        raise VendorProtocolError(f"{content.taken} bytes were uploaded, and the vendor has {size}")
    for algorithm, told in checksums.items():
        if isinstance(told, str) and not isinstance(told, Symbol) and not equal(algorithm, told, content.checksum(algorithm)):
            raise VendorProtocolError(f"the vendor has another content than was uploaded: its {algorithm} is {told[:80]!r}")


def number(size: int | str | None) -> int | None:
    """A size that a vendor told, as a number or in text; None where it is none, or not known yet."""
    if isinstance(size, str) and not isinstance(size, Symbol):
        return integer(size)
    return size if isinstance(size, int) else None


def argument(value: Any) -> str:
    """JSON for a header, ASCII alone (https://www.dropbox.com/developers/reference/json-encoding)."""
    return json_.dumps(value, ensure_ascii=True, separators=(",", ":"), default=str).replace("\x7f", "\\u007f")


# ------------------------------------------------------------------------------------------------------------ one request
def whole(
    endpoint: Endpoint,
    *,
    content: Source,
    kind: str,
    most: int = WHOLE,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    reads: type[S],
    keep: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Send the content as the body of one request.

    Raises:
        InvalidInput: it is larger than `most` bytes.
    """
    data = yield from _all(content, most)
    headers = {**(headers or {}), "Content-Type": kind}
    answer = yield Request(endpoint=endpoint, target=endpoint.url(path), query=query, headers=headers, content=data, transfer=True)
    return _ended(answer, content, reads, keep)


def related(
    endpoint: Endpoint,
    *,
    content: Source,
    kind: str,
    most: int = WHOLE,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    reads: type[S],
    keep: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Send a description and the content behind it, as `multipart/related` (RFC 2387).

    Raises:
        InvalidInput: the content is larger than `most` bytes.
    """
    data = yield from _all(content, most)
    parts = Parts(json if json is not None else {}, kind, data)
    answer = yield Request(endpoint=endpoint, target=endpoint.url(path), query=query, headers=headers, parts=parts, transfer=True)
    return _ended(answer, content, reads, keep)


def _all(content: Source, most: int) -> Steps[bytes | Described]:
    if not (yield from fits(content, most)):
        raise InvalidInput(f"content is larger than the {most} bytes that one request takes here", fields={"content": "is too large"})
    read = Read(content, most + 1)
    if isinstance((yield read), Planned):
        return Described(f"({content.size} bytes)")
    data = read.take()
    _complete(content)
    return data


def _complete(content: Source) -> None:
    """All that was announced has been read: a file may have changed meanwhile."""
    if content.size is not None and content.taken != content.size:
        text = f"content had {content.size} bytes and ended after {content.taken}; nothing was kept"
        raise InvalidInput(text, fields={"content": "changed"})


def _ended(answer: Response, content: Source, reads: type[S], keep: str | None) -> tuple[S, Raw]:
    """The answer that the uploaded file is described by."""
    if isinstance(answer, Planned):
        if keep is None:
            raise PlanEnds
        unknown: Any = Symbol(keep)
        return unknown, Raw(Document(b"null"))
    content.acknowledge(content.taken)
    return decode(answer, reads), Raw(Document(answer.body, answer))


# ------------------------------------------------------------------------------------------------------------ interruptions
class _Patience:
    """Counts interruptions in a row; a byte more at the vendor starts the count anew."""

    def __init__(self) -> None:
        self._count = 0
        self._reached = -1

    def after(self, error: UnifiedError, reached: int) -> Generator[Pause, Any, None]:
        """Wait before the next attempt.

        Raises:
            UnifiedError: the error itself, where going on is of no use.
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
    """`Content-Range` of a piece (RFC 9110, section 14.4)."""
    total = "*" if size is None else str(size)
    return f"bytes {start}-{start + len(data) - 1}/{total}" if data else f"bytes */{total}"


class _Window:
    """The piece of a source that is on its way. It stays until the vendor has it, so that it can be sent again."""

    def __init__(self, content: Source, piece: int) -> None:
        self._content = content
        self._piece = piece
        self.start = 0
        self.data = b""

    def ahead(self) -> Steps[bool]:
        """Have a piece ready; True if it is the last one. Of a content of unknown size, one byte more is looked at."""
        content = self._content
        if not self.data:
            wanted = self._piece if content.size is None else min(self._piece, content.size - self.start)
            read = Read(content, wanted)
            yield read
            self.data = read.take()
            if content.size is not None and len(self.data) < wanted:
                _complete(content)
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
            raise InvalidInput(f"content had {content.size} bytes and has more now; nothing was kept", fields={"content": "changed"})
        return True

    def reached(self, offset: int) -> None:
        """The vendor has all before `offset`."""
        if self.start <= offset <= self.start + len(self.data):
            self.data = self.data[offset - self.start :]
        else:
            self._content.rewind(offset)
            self.data = b""
        self.start = offset


# ------------------------------------------------------------------------------------------------------------ Google
_PUT = Endpoint("session", "PUT", "(upload session)", Retry.NEVER)
_ASK = Endpoint("session", "PUT", "(upload session)", Retry.SAFE)
_LOOK = Endpoint("session", "GET", "(upload session)", Retry.SAFE)
_CANCEL = Endpoint("session", "DELETE", "(upload session)", Retry.IDEMPOTENT)


def google_session(
    endpoint: Endpoint,
    *,
    content: Source,
    kind: str,
    piece: int,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    reads: type[S],
    keep: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Google's resumable upload (https://developers.google.com/workspace/drive/api/guides/manage-uploads#resumable): the first
    answer's `Location` takes the pieces, 308 with `Range` says how far they came, and the last piece is answered by the file.
    """
    size = content.size
    about = {"X-Upload-Content-Type": kind, "X-Upload-Content-Length": str(size) if size is not None else None}
    target = endpoint.url(path)
    begun = yield Request(
        endpoint=endpoint.as_(Retry.IDEMPOTENT), target=target, query=query, headers={**(headers or {}), **about}, json=json or {}
    )
    if isinstance(begun, Planned):
        yield _planned(content, piece)
        return _ended(begun, content, reads, keep)
    address = begun.headers.get("location")
    if not address:
        raise VendorProtocolError("the answer to the start of an upload lacks the header Location", request_id=begun.request_id)
    answer = yield from _ranged(content, piece, address, _google_state)
    return _ended(answer, content, reads, keep)


def _google_state(address: str, content: Source) -> Steps[tuple[int, Response | None]]:
    """How many bytes an upload has, or the answer that ends it."""
    answer = yield Request(
        endpoint=_ASK,
        target="",
        address=address,
        headers={"Content-Range": _range(0, b"", content.size)},
        accepts=_incomplete,
        transfer=True,
    )
    return _google_reached(answer), answer if answer.status != 308 else None


def _incomplete(answer: Response) -> bool:
    return answer.status == 308


def _gone(answer: Response) -> bool:
    """A session that was ended, or was none any more."""
    return answer.status in {404, 410, 499}


def _google_reached(answer: Response) -> int:
    told = answer.headers.get("range")
    if told is None:
        return 0
    found = re.fullmatch(r"(?:bytes=)?0-(\d{1,20})", told.strip())
    if found is None:
        raise VendorProtocolError(f"the range of an upload is not one: {told[:60]!r}", request_id=answer.request_id)
    return int(found[1]) + 1


# ------------------------------------------------------------------------------------------------------------ Microsoft
class _UploadSession(msgspec.Struct):
    uploadUrl: str | None = None  # noqa: N815  as it is written in the answer
    nextExpectedRanges: list[str] | None = None  # noqa: N815


def graph_session(
    endpoint: Endpoint,
    *,
    content: Source,
    kind: str,
    piece: int,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    reads: type[S],
    keep: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Microsoft's upload session (https://learn.microsoft.com/graph/api/driveitem-createuploadsession): `uploadUrl` takes the
    pieces, multiples of 320 KiB, `nextExpectedRanges` says what is missing. It needs the size, so a content without one is
    put on disk first. `kind` is not sent: the name decides.
    """
    if content.size is None:
        spool = Spool(content)
        yield spool
        spool.done()
    target = endpoint.url(path)
    begun = yield Request(endpoint=endpoint.as_(Retry.IDEMPOTENT), target=target, query=query, headers=headers, json=json or {})
    if isinstance(begun, Planned):
        yield _planned(content, piece)
        return _ended(begun, content, reads, keep)
    address = decode(begun, _UploadSession).uploadUrl
    if not address:
        raise VendorProtocolError("the answer to the start of an upload lacks uploadUrl", request_id=begun.request_id)
    answer = yield from _ranged(content, piece, address, _graph_state)
    return _ended(answer, content, reads, keep)


def _graph_state(address: str, content: Source) -> Steps[tuple[int, Response | None]]:
    answer = yield Request(endpoint=_LOOK, target="", address=address, transfer=True)
    return _graph_reached(answer, content), None


def _graph_reached(answer: Response, content: Source) -> int:
    ranges = decode(answer, _UploadSession).nextExpectedRanges
    if not ranges:
        return content.size or 0
    found = re.fullmatch(r"(\d{1,20})(?:-\d*)?", ranges[0].strip())
    if found is None:
        raise VendorProtocolError(f"the range of an upload is not one: {ranges[0][:60]!r}", request_id=answer.request_id)
    return int(found[1])


# ------------------------------------------------------------------------------------------------------------ pieces by range
State = Callable[[str, Source], Steps[tuple[int, Response | None]]]


def _ranged(content: Source, piece: int, address: str, state: State) -> Steps[Response]:
    """Send a content in pieces to the address of a session; the answer to the last one."""
    window = _Window(content, piece)
    patience = _Patience()
    try:
        while True:
            last = yield from window.ahead()
            headers = {"Content-Range": _range(window.start, window.data, content.size)}
            end = window.start + len(window.data)
            try:
                answer = yield Request(
                    endpoint=_PUT, target="", address=address, headers=headers, content=window.data, accepts=_incomplete, transfer=True
                )
                reached = _graph_reached(answer, content) if answer.status == 202 else end
                if answer.status == 308:
                    reached = _google_reached(answer)
                elif answer.status != 202:
                    if not last:
                        raise VendorProtocolError("the vendor ended an upload before its last piece", request_id=answer.request_id)
                    return answer
                if reached <= window.start:  # nothing of it was kept
                    yield from patience.after(Unavailable("the vendor keeps nothing of what is uploaded"), reached)
            except _INTERRUPTED as error:
                yield from patience.after(error, window.start)
                reached, ended = yield from _asked(state, address, content, last=last)
                if ended is not None:
                    if not last:
                        raise VendorProtocolError("the vendor ended an upload before its last piece", request_id=ended.request_id) from None
                    return ended
            if not 0 <= reached <= end:
                raise VendorProtocolError(f"the vendor claims to have {reached} bytes of an upload, and was sent {end}")
            window.reached(reached)
            content.acknowledge(max(reached, content.acknowledged))
    except InvalidInput:
        yield from _cancelled(address)
        raise


def _asked(state: State, address: str, content: Source, *, last: bool) -> Steps[tuple[int, Response | None]]:
    """Where an interrupted upload stands.

    Raises:
        Unconfirmed: the session is over, and the last piece may have ended it.
        Unavailable: the session is over before its time.
    """
    try:
        return (yield from state(address, content))
    except NotFound:
        pass
    if last:
        raise Unconfirmed("the answer to the last piece of an upload was lost, and its session is over: look whether the file is there")
    raise Unavailable("the vendor has dropped an upload before it was complete")


def _cancelled(address: str) -> Steps[None]:
    """End a session that cannot be completed. The vendor drops it by itself in the end, so a failure here says nothing new."""
    try:
        yield Request(endpoint=_CANCEL, target="", address=address, accepts=_gone)
    except UnifiedError:
        return


def _planned(content: Source, piece: int) -> Request:
    """What a plan shows of a session's pieces."""
    size = "all" if content.size is None else f"{content.size}"
    shown = Described(f"({size} bytes, in pieces of {piece})")
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
    look: Endpoint,
    header: str,
    body: dict[str, Any],
    content: Source,
    kind: str,
    piece: int,
    reads: type[S],
    keep: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Dropbox's upload session (https://www.dropbox.com/developers/documentation/http/documentation#files-upload_session-start):
    `append` takes pieces at an offset, `endpoint` the last one with the file's place in `body`. A piece whose answer was lost is
    sent again: `correct_offset` in the refusal tells that it had arrived. Where the last one ended the session, `look` finds the
    file, and the hash of its content says whether it is this one.
    """
    content.sums("content_hash")
    octets = {"Content-Type": kind}
    begun = yield Request(
        endpoint=start.as_(Retry.IDEMPOTENT), target=start.url(()), headers={header: argument({"close": False}), **octets}, content=b""
    )
    if isinstance(begun, Planned):
        yield from _dropbox_plan(endpoint, append, header, body, content, octets, piece)
        return _ended(begun, content, reads, keep)
    session = decode(begun, _Begun).session_id
    window = _Window(content, piece)
    patience = _Patience()
    lost = False
    while True:
        last = yield from window.ahead()
        end = window.start + len(window.data)
        cursor = {"session_id": session, "offset": window.start}
        step, about = (endpoint, {**body, "cursor": cursor}) if last else (append, {"cursor": cursor, "close": False})
        sent = {header: argument(about), **octets}
        try:
            answer = yield Request(endpoint=step, target=step.url(()), headers=sent, content=window.data, accepts=_misplaced, transfer=True)
        except _INTERRUPTED as error:
            lost = lost or last
            yield from patience.after(error, window.start)
            continue
        except (Conflict, NotFound, Rejected):
            if not lost:
                raise
            answer = yield Request(endpoint=look, target=look.url(()), json={"path": body["commit"]["path"]})
            if decode(answer, _Looked).content_hash != content.checksum("content_hash"):
                raise
            return _ended(answer, content, reads, keep)
        reached = end
        if answer.status == 409:
            reached = _correct_offset(answer) or 0
            if not 0 <= reached <= end:
                raise VendorProtocolError(f"the vendor claims to have {reached} bytes of an upload, and was sent {end}")
            if reached <= window.start:
                yield from patience.after(Unavailable("the vendor keeps nothing of what is uploaded"), reached)
        elif last:
            return _ended(answer, content, reads, keep)
        window.reached(reached)
        content.acknowledge(max(reached, content.acknowledged))


def _dropbox_plan(
    endpoint: Endpoint, append: Endpoint, header: str, body: dict[str, Any], content: Source, octets: dict[str, str], piece: int
) -> Steps[None]:
    cursor: dict[str, Any] = {"session_id": str(Symbol("session.session_id")), "offset": 0}
    shown = Described(f"({'all' if content.size is None else content.size} bytes, in pieces of {piece})")
    yield Request(
        endpoint=append, target=append.url(()), headers={header: argument({"cursor": cursor, "close": False}), **octets}, content=shown
    )
    about = argument({**body, "cursor": {**cursor, "offset": str(Symbol("offset"))}})
    yield Request(endpoint=endpoint, target=endpoint.url(()), headers={header: about, **octets}, content=Described("(the last piece)"))


def _misplaced(answer: Response) -> bool:
    """A piece that does not begin where the vendor's part of the upload ends."""
    return answer.status == 409 and _correct_offset(answer) is not None


def _correct_offset(answer: Response) -> int | None:
    try:
        error = msgspec.json.decode(answer.body)["error"]
        found = error.get("lookup_failed", error).get("correct_offset")
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return None
    return found if isinstance(found, int) else None
