"""A write whose answer was lost, on a vendor that takes no keys: it is looked for before anything else is done about it.

What the mapping declares (`reconcile`) finds the record by a mark that only this call left on it, or by what was written since the moment
it was sent. Exactly one is the answer. None, once the vendor shows all that it carried out, means that nothing was, and the request is
sent again. Anything else stays `Unconfirmed`: no request is ever sent a second time on a guess.

What a process that died had sent is looked for in the same way, by whoever makes the same call again under its idempotency key.
"""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import msgspec

from unified_runtime.errors import Conflict, NotFound, Unavailable, Unconfirmed, UnifiedError, VendorProtocolError
from unified_runtime.messages import Pause, Request, Response, Sought
from unified_runtime.raw import Document, Raw
from unified_runtime.reading import decode
from unified_runtime.steps import Endpoint, Steps

T = TypeVar("T")

Path = tuple[str, ...]
Found = tuple[Any, Response]

ATTEMPTS = 3
"""Times a request is sent whose answer gets lost each time, where it was found each time that nothing was carried out; and times that one
is sent that looks."""
_LOOKS = (0.0, 1.5, 10.0)
"""Seconds after an answer was lost at which the record is looked for, as long as the vendor may not show it yet."""
_FRESH = 900.0
"""Seconds after which a record that is not found may have been there: somebody may have changed or deleted it since."""
_EXACT = 2.0
"""Seconds by which two readings of a vendor's clock may differ: it tells whole ones, and answers travel."""


class SentBefore(Unconfirmed):
    """What a writing request comes to that an earlier making of the same call sent, `ago` seconds ago.

    `carried`: it was carried out for certain. `alone`: nobody is known to have written the same at that time.
    """

    def __init__(self, message: str, *, ago: float, carried: bool, alone: bool, **context: Any) -> None:
        super().__init__(message, **context)
        self.ago = ago
        self.carried = carried
        self.alone = alone


def look(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
) -> Steps[Found]:
    """Send the request that looks for the record; its answer as it is.

    One that cannot be read is asked for again: what spoilt the answer of the write may spoil this one as well.
    """
    for attempt in range(ATTEMPTS):
        response = yield Request(endpoint=endpoint, target=endpoint.url(path), query=query, headers=headers, json=json, form=form)
        try:
            return decode(response, object), response
        except VendorProtocolError:
            if attempt + 1 == ATTEMPTS:
                raise
    raise AssertionError("a loop of no turns")


def once(
    sending: Steps[T],
    looking: Callable[[], Steps[Found]],
    *,
    reads: Any,
    raw: bool = False,
    items: Path | None = None,
    where: tuple[tuple[Path, Any], ...] = (),
    since: Path | None = None,
    fills: Path = (),
    within: float | None = None,
    lasts: float | None = None,
    marked: bool = False,
    twice: bool = False,
    size: int | None = None,
) -> Steps[T]:
    """The writing request `sending`, its answer looked for where it was lost.

    Args:
        sending: `call` or `fetch` of one request; `reads` is what it decodes, `raw` says that it returns the answer's text as well.
        looking: makes the request that finds the record, by itself (no `items`) or in the list that stands at `items`.
        where: places of a record and the values there that tell it from others; a value that is None was not given, and tells nothing.
        since: where a record says when it was made. One made before this request was sent is another.
        fills: where the record stands in the answer that was lost.
        within: seconds after which the vendor shows whatever it carried out. None: that nothing is found proves nothing.
        lasts: seconds for which the vendor may be at the request, whoever waits for it or not. None: what was sent by a process that died
            is not looked for.
        marked: `where`, or the request itself, holds what this call alone left on its record.
        twice: the vendor refuses the request as a conflict where it has carried it out, so that it may be sent again.
        size: how many records a list holds at most. A full one whose every record was made since may not reach back far enough.

    Raises:
        Unconfirmed: it was not found, or found more than once.
        UnifiedError: what the request came to.
    """
    request = next(sending)
    assert isinstance(request, Request)
    key = (request.endpoint.operation, request.target, repr(where))
    if lasts is not None:
        request = msgspec.structs.replace(request, sought=" ".join(key))
    search = _Search(looking, items, where, since, size)
    begun = time.monotonic()
    if not marked:
        _twins.begin(key)
    try:
        for attempt in range(ATTEMPTS):
            carried = False
            lost: UnifiedError
            try:
                response = yield request
                while True:  # it may ask again for an answer that breaks off
                    response = yield sending.send(response)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            except SentBefore as error:
                lost, carried, begun = error, error.carried, begun - error.ago
            except Unconfirmed as error:
                lost = error
            except Conflict as error:
                if not twice:
                    raise
                lost, carried = error, True
            except VendorProtocolError as error:  # it was carried out, and what it came to cannot be read
                lost, carried = error, True
            since_lost = time.monotonic()
            yield Sought(None, None)  # a new deadline: the one of the request may have been what ended it
            before = lost if isinstance(lost, SentBefore) else None
            ends = begun + lasts if lasts is not None else math.inf  # from then on, the vendor is not at it any more
            until = ends if before is not None or (isinstance(lost, Unconfirmed) and lost.late) else since_lost
            shown = max(until + (within or 0.0) - since_lost, 0.0)
            last = 0.0 if within is None else min(shown, within)
            found: list[Any] = []
            proves = within is not None and shown <= last and (before is None or before.ago < _FRESH)
            for moment in (*(at for at in _LOOKS if at < last), last):
                if (wait := moment - (time.monotonic() - since_lost)) > 0:
                    yield Pause(wait, 1)
                try:
                    found, reaches = yield from search.found(begun, ends if before is not None else None)
                except UnifiedError as error:
                    told = f"It was looked for, and that failed: {error.message}"
                    raise _unconfirmed(lost, told, None if lasts is None else max(shown - last, 0.0)) from None
                proves = proves and reaches
                if found:
                    break
            alone = marked or (before.alone if before is not None else not _twins.since(key, begun))
            if len(found) > 1 or (found and not alone):
                told = f"{len(found)} records" if len(found) > 1 else "a record that another call may have made at the same time"
                raise _unconfirmed(lost, f"It was looked for, and {told} may be it")
            if found:
                answer = _answer(found[0], fills)
                if not isinstance(lost, VendorProtocolError):  # that it was carried out is known of one that was answered
                    yield Sought(request, answer)
                value = decode(answer, reads) if reads is not None else None
                return (value, Raw(Document(answer.body, answer))) if raw else value  # type: ignore[return-value]
            if carried and before is None:
                raise lost
            if carried or not (proves or twice):
                later = max(shown - last, 0.0) if shown > last and shown < math.inf else None
                raise _unconfirmed(lost, _UNPROVEN if before is None or before.ago < _FRESH else _LONG_AGO, later)
            if attempt + 1 == ATTEMPTS:
                raise Unavailable(
                    f"{lost.message}. It was looked for and not found: it was not carried out, and was sent {ATTEMPTS} times",
                    status=lost.status,
                    code=lost.code,
                    request_id=lost.request_id,
                    retry_safe=True,
                )
        raise AssertionError("a loop of no turns")
    finally:
        if not marked:
            _twins.end(key)


_UNPROVEN = "It was looked for and not found, which proves nothing: it may be carried out or shown later"
_LONG_AGO = "It was looked for and not found, which proves nothing: somebody may have changed or deleted it since"


@dataclass(frozen=True, slots=True)
class _Search:
    """How the record is found; see `once`."""

    looking: Callable[[], Steps[Found]]
    items: Path | None
    where: tuple[tuple[Path, Any], ...]
    since: Path | None
    size: int | None

    def found(self, begun: float, ends: float | None) -> Steps[tuple[list[Any], bool]]:
        """The records that fit of those made since the request was sent, and until `ends`; and whether none means that there is none.

        Raises:
            UnifiedError: the vendor does not tell.
        """
        try:
            answer, response = yield from self.looking()
        except NotFound:
            if self.items is not None:
                raise
            return [], True
        records = _at(answer, self.items) if self.items is not None else answer
        candidates: Sequence[Any] = cast("Sequence[Any]", records) if isinstance(records, list) else [records]
        times = [_made(_at(each, self.since)) if self.since is not None else math.inf for each in candidates]
        after = _moment(response, begun)
        recent = [each for each, time in zip(candidates, times, strict=True) if time is not None and time >= after]
        reaches = len(recent) < len(candidates) or self.size is None or len(candidates) < self.size
        if self.since is not None and ends is not None:
            latest = after + ends - begun + 2 * _EXACT
            recent = [each for each, time in zip(candidates, times, strict=True) if time is not None and after <= time <= latest]
        return [each for each in recent if _fits(each, self.where)], reaches


def place(records: Any, where: tuple[tuple[Path, Any], ...], index: int) -> int:
    """Where in a list the record stands that is the `index`-th of those that fit: from 0, or from the end, from -1. The list's length
    where there are not as many."""
    listed: Sequence[Any] = records if isinstance(records, list) else ()
    fitting = [number for number, record in enumerate(listed) if _fits(record, where)]
    return fitting[index] if -len(fitting) <= index < len(fitting) else len(listed)


def _fits(record: Any, where: tuple[tuple[Path, Any], ...]) -> bool:
    return isinstance(record, dict) and all(value is None or _same(_at(record, path), value) for path, value in where)


def _same(found: Any, wanted: Any) -> bool:
    """Whether a vendor holds a value: white space is theirs to trim, numbers theirs to write."""
    if isinstance(found, (dict, list)) or found is None:
        return bool(found == wanted)
    return " ".join(str(found).split()) == " ".join(str(wanted).split())


def _at(value: Any, path: Path) -> Any:
    for name in path:
        value = cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None
    return value


def _moment(response: Response, begun: float) -> float:
    """When the request was sent, in seconds since 1970 by the vendor's own clock (the `Date` of RFC 9110, section 6.6.1)."""
    now = time.time()
    if date := response.headers.get("date", ""):
        try:
            from email.utils import parsedate_to_datetime

            now = parsedate_to_datetime(date).timestamp()
        except ValueError:
            pass
    return now - (time.monotonic() - begun) - _EXACT


_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T. ](\d\d):(\d\d):(\d\d)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?\Z")


def _made(text: Any) -> float | None:
    """When a record was made, in seconds since 1970; None where it does not say."""
    found = _TIME.match(text) if isinstance(text, str) else None
    if found is None:
        return None
    offset = found[7] or "Z"
    seconds = 0 if offset == "Z" else (int(offset[1:3]) * 3600 + int(offset[-2:]) * 60) * (-1 if offset[0] == "-" else 1)
    return datetime(*(int(part) for part in found.groups()[:6]), tzinfo=UTC).timestamp() - seconds  # type: ignore[misc, arg-type]


def _answer(record: Any, fills: Path) -> Response:
    for name in reversed(fills):
        record = {name: record}
    return Response(200, ((b"content-type", b"application/json"),), msgspec.json.encode(record), "")


def _unconfirmed(lost: UnifiedError, told: str, later: float | None = None) -> UnifiedError:
    """`later`: seconds after which to look again may tell more."""
    if not isinstance(lost, Unconfirmed):
        lost.add_note(told)
        return lost
    context = {"status": lost.status, "code": lost.code, "request_id": lost.request_id}
    return Unconfirmed(f"{lost.message}. {told}", late=lost.late, retry_after=later, **context)


class _Twins:
    """Calls of this process that write the very same: of two, neither can tell its record from the other's by what stands in it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._most = 1000
        self._calls: dict[tuple[str, str, str], tuple[int, float, float]] = {}
        """Calls under way, when the last other one ended, and when two were under way."""

    def begin(self, key: tuple[str, str, str]) -> None:
        with self._lock:
            count, ended, together = self._calls.get(key, (0, -1e9, -1e9))
            self._calls[key] = (count + 1, ended, time.monotonic() if count else together)

    def end(self, key: tuple[str, str, str]) -> None:
        with self._lock:
            count, _, together = self._calls[key]
            self._calls[key] = (count - 1, time.monotonic(), together)
            if len(self._calls) > self._most:
                old = time.monotonic() - 10 * _EXACT
                self._calls = {key: call for key, call in self._calls.items() if call[0] or call[1] > old}
                self._most = max(1000, 2 * len(self._calls))  # looked through seldom, however many calls a second there are

    def since(self, key: tuple[str, str, str], begun: float) -> bool:
        """Whether another was under way at some time since, or just before."""
        with self._lock:
            _, ended, together = self._calls[key]
            return together >= begun or ended >= begun - 2 * _EXACT


_twins = _Twins()
