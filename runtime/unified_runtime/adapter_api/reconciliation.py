"""Reconciliation of a write whose response was lost, on a vendor that accepts no idempotency keys.

"Not found" never proves "not executed", and a record of the same content proves nothing: another process may have written it. A record
that is found is this call's own in two cases:

- It has a mark that only this call left on it (`marked`), such as an id that the call generated.
- The connection is declared exclusive, this call was the only writer of its content according to the idempotency store, and exactly one
  record of the content, created by the connection's account, was added since the content was declared.

In any other case the call ends in `Unconfirmed`, which lists the records of the same content as candidates. The request is neither sent
again nor matched. A request is sent again only if the vendor rejects a second execution (`twice`).
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import msgspec

from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.decoding import decode
from unified_runtime.core.endpoints import Endpoint
from unified_runtime.core.errors import Candidate, Conflict, NotFound, Rejected, Unavailable, Unconfirmed, UnifiedError, VendorProtocolError
from unified_runtime.core.messages import DeadlineClock, ExclusiveContent, FoundWrite, Misdirected, NextPageURL, Pause, Request
from unified_runtime.core.planning import PlannedResponse
from unified_runtime.core.raw import Document, Raw
from unified_runtime.core.responses import Response

T = TypeVar("T")

Path = tuple[str, ...]
Pagination = tuple[str, str, Any, int]
"""Pagination of a look-up: style, input, the value that the style needs, and the page size. The styles are `("link", "",
added parameters)`, `("offset", name, 0)`, `("page", name, first)` and `("token", name, path)`."""

Page = tuple[Any, Response, Request]
"""One page of a look-up: the decoded response, the response, and its request."""

Found = Page

ATTEMPTS = 3
"""Maximum attempts of a request that the vendor executes only once, and of a look-up whose response cannot be decoded."""
PAGES = 10
"""Maximum number of pages of a look-up that are read."""
_LOOKS = (0.0, 1.5, 10.0)
"""Seconds after the loss of the response at which a record that would be proof is looked up."""
_AROUND = 2 * 3600.0
"""Maximum age of candidates, in seconds before the request was sent. It exceeds differences between clocks: candidates are only listed,
and no decision depends on it."""
_MOST = 10
"""Maximum number of candidates that an error lists."""


class SentBefore(Unconfirmed):
    """Raised into an operation's steps for a write that an earlier execution of the same call sent, `ago` seconds ago.

    `executed`: it was certainly executed. `known`: the result of `_Search.baseline` before it was sent, None if there is none.
    """

    def __init__(self, message: str, *, ago: float, executed: bool, known: str | None, **context: Any) -> None:
        super().__init__(message, **context)
        self.ago = ago
        self.executed = executed
        self.known = known


def look_up(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
) -> Steps[Page]:
    """Send the look-up's request and return its first page."""
    return (yield from _page(Request(endpoint=endpoint, target=endpoint.url(path), query=query, headers=headers, json=json, form=form)))


def _page(request: Request) -> Steps[Page]:
    """Send one request of a look-up. It is sent again if its response cannot be decoded."""
    for attempt in range(ATTEMPTS):
        response = yield request
        try:
            return decode(response, object), response, request
        except VendorProtocolError:
            if attempt + 1 == ATTEMPTS:
                raise
    raise AssertionError("a loop of no turns")


def send_once(
    write: Steps[T],
    lookup: Callable[[], Steps[Page]],
    *,
    schema: Any,
    raw: bool = False,
    items: Path | None = None,
    record: Path = (),
    where: tuple[tuple[Path, Any], ...] = (),
    created_at: Path | None = None,
    response_record: Path = (),
    id: Callable[[Any], tuple[Any, ...]] | None = None,
    visible_within: float | None = None,
    executes_within: float | None = None,
    has_mark: bool = False,
    by_account: bool = False,
    conflict_on_duplicate: bool = False,
    pagination: Pagination | None = None,
) -> Steps[T]:
    """Send a write, and reconcile it if its response is lost.

    Args:
        write: `call` or `fetch` of one request; `schema` is the type that it decodes, and with `raw` it returns the response as well.
        lookup: sends the request that finds the record, on its own (no `items`) or in the list at the path `items`, newest first.
        record: path of the record in the response of a look-up without `items`.
        where: paths of a record and their values, by which it is recognized; a value of None was not given and is not compared.
        created_at: path of the creation time of a record.
        response_record: path of the record in the lost response.
        id: returns the pieces of the record's id, given a response that was decoded as `schema`.
        visible_within: seconds after which the vendor shows the records of the requests that it executed.
        executes_within: seconds for which the vendor may still execute the request, also after the connection was closed.
        has_mark: `where`, or the look-up's request, has a mark that only this call left on its record.
        by_account: the look-up returns only records that the connection's account created.
        conflict_on_duplicate: the vendor rejects the request as a conflict if it has executed it, so that it may be sent again.
        pagination: the request of the list's next page.

    Raises:
        Unconfirmed: no record is proven to be this call's. `candidates` lists those that may be.
        UnifiedError: the request failed.
    """
    request = next(write)
    assert isinstance(request, Request)
    content: ExclusiveContent | None = None
    if by_account and not (has_mark or conflict_on_duplicate):
        content = ExclusiveContent()
        yield content
        if content.wanted:
            content.known = yield from _Search(lookup, items, record, where, created_at, pagination).baseline()
        else:
            content = None
    mark = f"{request.endpoint.operation} {request.target} {where!r}"
    request = msgspec.structs.replace(request, reconciliation_mark=mark, exclusive_content=content)
    for attempt in range(ATTEMPTS):
        try:
            try:
                response = yield request
            except Rejected as error:  # an exchange may send another request instead: nothing was executed
                response = yield write.throw(error)
            while True:  # it may be sent again if its response is truncated
                sent = write.send(response)
                if isinstance(sent, Request) and sent.endpoint == request.endpoint:
                    sent = msgspec.structs.replace(sent, reconciliation_mark=mark, exclusive_content=content)
                response = yield sent
        except StopIteration as stop:
            made = stop.value[0] if raw else stop.value
            unnamed = id is not None and not isinstance(response, PlannedResponse) and None in id(made)
            if not unnamed and (items is None or not _of_another(response, response_record, where)):
                return stop.value  # type: ignore[no-any-return]
            clock = DeadlineClock()
            yield clock
            if not clock.checks:
                return stop.value  # type: ignore[no-any-return]
            yield Misdirected(wrote=True)
            text = f"the response to {request.endpoint.method} {request.target} is that of another request, and it was not repeated"
            lost: UnifiedError = Unconfirmed(text, status=response.status, request_id=response.request_id)
        except (Unconfirmed, VendorProtocolError) as error:
            lost = error
        except Conflict as error:
            if not conflict_on_duplicate:
                raise
            lost = error
        search = _Search(lookup, items, record, where, created_at, pagination)
        case = _Case(
            search, request, response_record, id, schema, visible_within, executes_within, marked=has_mark or conflict_on_duplicate
        )
        found = yield from case.found(lost, content or ExclusiveContent())
        if found is not None:
            response = _response(found, response_record)
            if isinstance(lost, Unconfirmed):  # for any other response, its execution is already recorded
                yield FoundWrite(request, response)
            value = decode(response, schema) if schema is not None else None
            return (value, Raw(Document(response.body, response))) if raw else value  # type: ignore[return-value]
        if (
            not conflict_on_duplicate
            or isinstance(lost, (Conflict, VendorProtocolError))
            or (isinstance(lost, SentBefore) and lost.executed)
        ):
            raise lost
        if attempt + 1 == ATTEMPTS:
            raise Unavailable(
                f"{lost.message}. It was sent {ATTEMPTS} times, and the vendor shows no record of it",
                status=lost.status,
                code=lost.code,
                request_id=lost.request_id,
                retry_safe=True,
            )
    raise AssertionError("a loop of no turns")


@dataclass(slots=True)
class _Case:
    """One request whose response was lost, and its reconciliation."""

    search: _Search
    request: Request
    fills: Path
    id: Callable[[Any], tuple[Any, ...]] | None
    schema: Any
    within: float | None
    lasts: float | None
    marked: bool

    def found(self, lost: UnifiedError, content: ExclusiveContent) -> Steps[Any]:
        """Return the record that is proven to be this call's, None if there is none. Add the findings to `lost`.

        A record that would be proof is looked up several times, until the vendor shows everything that it executed. Without proof, one
        look-up lists the candidates.
        """
        before = lost if isinstance(lost, SentBefore) else None
        ago = before.ago if before is not None else 0.0
        known = before.known if before is not None else content.known
        provable = self.marked or known is not None
        since_lost = time.monotonic()
        wait = 0.0 if not provable or self.within is None else max((self.lasts or 0.0) + self.within - ago, 0.0)
        matching: list[Any] = []
        failed: UnifiedError | None = None
        clock = DeadlineClock()
        yield clock
        for at_second in sorted({at for at in (*_LOOKS, wait) if at <= min(wait, _LOOKS[-1])}):
            pause = at_second - (time.monotonic() - since_lost)
            if max(pause, 0.0) >= clock.left():
                failed = failed or Unavailable("no time was left before the deadline")
                break
            if pause > 0:
                yield Pause(pause, 1)
            try:
                matching, failed = (yield from self.search.matching(ago + time.monotonic() - since_lost, known)), None
            except UnifiedError as error:
                failed = error
            if matching:
                break
        proven = False
        if provable and len(matching) == 1:
            proven = self.marked
            if not proven:
                content.known = known
                yield content  # after the look-up: another call may have written the same content meanwhile
                proven = bool(content.exclusive)
        if proven:
            return matching[0]
        ends = (self.lasts or 0.0) + (self.within or 0.0) - ago - (time.monotonic() - since_lost)
        open_ = provable and not matching and self.lasts is not None and ends > 0
        self._add_findings(lost, matching, failed, None if not (open_ or (provable and failed is not None)) else max(ends, 1.0))
        return None

    def _add_findings(self, lost: UnifiedError, matching: list[Any], failed: UnifiedError | None, later: float | None) -> None:
        """Add the findings of the look-up to the error. `later`: seconds after which the next look-up may find proof."""
        if isinstance(lost, Conflict):  # a conflict about something else
            return
        if matching:
            lost.candidates = tuple(self._candidate(record) for record in matching[:_MOST])
            several = f"{len(matching)} records of the same content exist" if len(matching) > 1 else "a record of the same content exists"
            text = f"{several}; nothing proves that this call created {'one of them' if len(matching) > 1 else 'it'}"
        elif failed is not None:
            text = f"It was looked up, and the look-up failed: {failed.message}"
        else:
            text = "It was looked up and not found, which proves nothing: it may be executed or shown later"
        lost.message = f"{lost.message}. {text}"
        lost.args = (lost.message,)
        if isinstance(lost, Unconfirmed):
            lost.retry_after = later

    def _candidate(self, record: Any) -> Candidate:
        pieces: tuple[Any, ...] = ()
        if self.id is not None:
            try:
                pieces = self.id(decode(_response(record, self.fills), self.schema))
            except VendorProtocolError:
                pieces = ()
        if not pieces or None in pieces:
            own = record.get("id") if isinstance(record, dict) else None
            pieces = (own,) if isinstance(own, (str, int)) else ()
        title = next((str(_at(record, path)) for path, value in self.search.where if value is not None and _at(record, path)), "")
        urls = (record.get(name) for name in _URLS) if isinstance(record, dict) else ()
        url = next((text for text in urls if isinstance(text, str)), None)
        created = _at(record, self.search.since) if self.search.since is not None else None
        return Candidate("".join(map(str, pieces)), title[:200], url, created if isinstance(created, str) else None)


_URLS = ("html_url", "url", "webViewLink", "htmlLink", "self")
"""Names of the URL of a record, for people or for programs, in vendors' records."""


@dataclass(frozen=True, slots=True)
class _Search:
    """Look-up of records that may belong to this call; see `once`."""

    lookup: Callable[[], Steps[Page]]
    items: Path | None
    record: Path
    where: tuple[tuple[Path, Any], ...]
    since: Path | None
    pagination: Pagination | None

    def baseline(self) -> Steps[str]:
        """Return the state of the vendor's records before the request is sent: the newest creation time, and those of the same content.

        The times are the vendor's own and are not compared with another clock.
        """
        body, _, _ = yield from self.lookup()
        records = self._records(body)
        times = [made for each in records if (made := self._made(each)) is not None]
        newest = max(times, default=-math.inf)
        seen = [_digest(each) for each in records if matches(each, self.where) and (self._made(each) or math.inf) >= newest]
        return msgspec.json.encode([newest if newest > -math.inf else None, seen]).decode()

    def matching(self, ago: float, known: str | None) -> Steps[list[Any]]:
        """Return the new records of the same content, newest first.

        With `known` (see `baseline`), those are new that were added since. Otherwise, those are new that were created from two hours
        before the request on; the list is read back to that time.

        Raises:
            UnifiedError: the look-up failed.
        """
        oldest, seen = -math.inf, list[str]()
        if known is not None:
            newest, seen = msgspec.json.decode(known)
            oldest = -math.inf if newest is None else float(newest)
        try:
            body, response, request = yield from self.lookup()
        except NotFound:
            if self.items is not None:
                raise
            return []
        if known is None and self.since is not None:
            oldest = _now(response) - ago - _AROUND
        found: list[Any] = []
        for number in range(1, PAGES + 1):
            records = self._records(body)
            times = [self._made(each) for each in records]
            for each, made in zip(records, times, strict=True):
                if matches(each, self.where) and (made is None or made >= oldest) and _digest(each) not in seen:
                    found.append(each)
            if self.items is None or not records or any(made is not None and made < oldest for made in times):
                break
            following = self._next(request, body, response, len(records), number)
            if following is None or number == PAGES:
                break
            body, response, request = yield from _page(following)
        return found

    def _records(self, body: Any) -> Sequence[Any]:
        records = _at(body, self.items if self.items is not None else self.record)
        return cast("Sequence[Any]", records) if isinstance(records, list) else [records]

    def _made(self, record: Any) -> float | None:
        return _made(_at(record, self.since)) if self.since is not None else None

    def _next(self, request: Request, body: Any, response: Response, count: int, number: int) -> Request | None:
        """Return the request of the next page; None after the last."""
        if self.pagination is None:
            return None
        style, name, more, size = self.pagination
        if style == "link":
            found = _NEXT.search(response.headers.get("link", ""))
            return msgspec.structs.replace(request, url=NextPageURL(found[1], more)) if found is not None else None
        value: Any
        if style == "token":
            value = _at(body, more)
            if not value:
                return None
        elif count < size:
            return None
        elif style == "offset":
            value = int((request.query or {}).get(name) or 0) + count
        else:
            value = more + number
        return msgspec.structs.replace(request, query={**(request.query or {}), name: value})


_NEXT = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel="?next\b')
"""URL of the next page in a `Link` header (RFC 8288)."""


def _digest(record: Any) -> str:
    """Return a text that identifies a record: its id, or all of it."""
    if isinstance(record, dict):
        for name in ("id", "key"):
            if isinstance(record.get(name), (str, int)):
                return str(record[name])
    return repr(record)


def _of_another(response: Response, fills: Path, where: tuple[tuple[Path, Any], ...]) -> bool:
    """Return true if a response has other texts than the written ones, by `response_comparison.differs`; false if it has none."""
    if isinstance(response, PlannedResponse):
        return False
    try:
        record = msgspec.json.decode(response.body)
    except msgspec.DecodeError:
        return False
    for name in fills:
        record = record.get(name) if isinstance(record, dict) else None
    if not isinstance(record, dict):
        return False
    for path, value in where:
        if path[0] not in record:
            continue
        held = _at(record, path)
        if held != value and isinstance(held, str) and isinstance(value, str):
            from unified_runtime.adapter_api.response_comparison import differs

            if differs(value, held):
                return True
    return False


def index_of(records: Any, where: tuple[tuple[Path, Any], ...], index: int) -> int:
    """Return the position in a list of the `index`-th matching record, counted from 0, or from the end from -1; the list's length if there
    are fewer matching records."""
    listed: Sequence[Any] = records if isinstance(records, list) else ()
    fitting = [number for number, record in enumerate(listed) if matches(record, where)]
    return fitting[index] if -len(fitting) <= index < len(fitting) else len(listed)


def matches(record: Any, where: tuple[tuple[Path, Any], ...]) -> bool:
    """Return true if a record has these values at these paths."""
    return isinstance(record, dict) and all(value is None or _same(_at(record, path), value) for path, value in where)


def _same(found: Any, wanted: Any) -> bool:
    """Return true if a vendor's value equals a given one, apart from white space and the notation of numbers."""
    if isinstance(found, (dict, list)) or found is None:
        return bool(found == wanted)
    return " ".join(str(found).split()) == " ".join(str(wanted).split())


def _at(value: Any, path: Path) -> Any:
    for name in path:
        value = cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None
    return value


def _now(response: Response) -> float:
    """Return the vendor's time in seconds since 1970: its `Date` (RFC 9110, section 6.6.1), else this machine's."""
    if date := response.headers.get("date", ""):
        try:
            from email.utils import parsedate_to_datetime

            return parsedate_to_datetime(date).timestamp()
        except ValueError:
            pass
    return time.time()


_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T. ](\d\d):(\d\d):(\d\d)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?\Z")


def _made(text: Any) -> float | None:
    """Return the creation time of a record in seconds since 1970; None if its text is not a timestamp."""
    found = _TIME.match(text) if isinstance(text, str) else None
    if found is None:
        return None
    offset = found[7] or "Z"
    seconds = 0 if offset == "Z" else (int(offset[1:3]) * 3600 + int(offset[-2:]) * 60) * (-1 if offset[0] == "-" else 1)
    return datetime(*(int(part) for part in found.groups()[:6]), tzinfo=UTC).timestamp() - seconds  # type: ignore[misc, arg-type]


def _response(record: Any, fills: Path) -> Response:
    for name in reversed(fills):
        record = {name: record}
    return Response(200, ((b"content-type", b"application/json"),), msgspec.json.encode(record), "")
