"""A write whose answer was lost, on a vendor that takes no keys: it is looked for before anything else is done about it.

What the mapping declares (`reconcile`) finds the record by a mark that only this call left on it, or by what was written since the moment
it was sent. Exactly one is the answer. None, once the vendor shows all that it carried out, means that nothing was, and the request is
sent again. Anything else stays `Unconfirmed`: no request is ever sent a second time on a guess.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
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
_EXACT = 2.0
"""Seconds by which two readings of a vendor's clock may differ: it tells whole ones, and answers travel."""


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
            moments = [0.0] if within is None else [*(at for at in _LOOKS if at < within), within]
            found: list[Any] = []
            proves = within is not None and not (isinstance(lost, Unconfirmed) and lost.late)
            for moment in moments:
                if (wait := moment - (time.monotonic() - since_lost)) > 0:
                    yield Pause(wait, 1)
                found, reaches = yield from _found(looking, lost, items, where, since, begun, size)
                proves = proves and reaches
                if found:
                    break
            if len(found) > 1 or (found and not marked and _twins.since(key, begun)):
                told = f"{len(found)} records" if len(found) > 1 else "a record that another call may have made at the same time"
                raise _unconfirmed(lost, f"It was looked for, and {told} may be it")
            if found:
                answer = _answer(found[0], fills)
                if not isinstance(lost, VendorProtocolError):  # that it was carried out is known of one that was answered
                    yield Sought(request, answer)
                value = decode(answer, reads) if reads is not None else None
                return (value, Raw(Document(answer.body, answer))) if raw else value  # type: ignore[return-value]
            if carried:
                raise lost
            if not (proves or twice):
                raise _unconfirmed(lost, "It was looked for and not found, which proves nothing: it may be carried out or shown later")
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


def _found(
    looking: Callable[[], Steps[Found]],
    lost: UnifiedError,
    items: Path | None,
    where: tuple[tuple[Path, Any], ...],
    since: Path | None,
    begun: float,
    size: int | None,
) -> Steps[tuple[list[Any], bool]]:
    """The records that fit, and whether none of them means that there is none."""
    try:
        answer, response = yield from looking()
    except NotFound as error:
        if items is None:
            return [], True
        failed: UnifiedError = error
    except UnifiedError as error:
        failed = error
    else:
        records = _at(answer, items) if items is not None else answer
        candidates: Sequence[Any] = cast("Sequence[Any]", records) if isinstance(records, list) else [records]
        after = _moment(response, begun) if since is not None else None
        recent = candidates if since is None else [each for each in candidates if _made_after(_at(each, since), after)]
        reaches = len(recent) < len(candidates) or size is None or len(candidates) < size
        return [each for each in recent if _fits(each, where)], reaches
    raise _unconfirmed(lost, f"It was looked for, and that failed: {failed.message}") from None


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


def _made_after(text: Any, moment: float | None) -> bool:
    """Whether a record was made after a moment; one that does not say when was not."""
    found = _TIME.match(text) if isinstance(text, str) else None
    if found is None or moment is None:
        return False
    offset = found[7] or "Z"
    seconds = 0 if offset == "Z" else (int(offset[1:3]) * 3600 + int(offset[-2:]) * 60) * (-1 if offset[0] == "-" else 1)
    made = datetime(*(int(part) for part in found.groups()[:6]), tzinfo=UTC).timestamp() - seconds  # type: ignore[misc, arg-type]
    return made >= moment


def _answer(record: Any, fills: Path) -> Response:
    for name in reversed(fills):
        record = {name: record}
    return Response(200, ((b"content-type", b"application/json"),), msgspec.json.encode(record), "")


def _unconfirmed(lost: UnifiedError, told: str) -> UnifiedError:
    if not isinstance(lost, Unconfirmed):
        lost.add_note(told)
        return lost
    return Unconfirmed(f"{lost.message}. {told}", status=lost.status, code=lost.code, request_id=lost.request_id, late=lost.late)


class _Twins:
    """Calls of this process that write the very same: of two, neither can tell its record from the other's by what stands in it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
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
            if len(self._calls) > 1000:
                old = time.monotonic() - 10 * _EXACT
                self._calls = {key: call for key, call in self._calls.items() if call[0] or call[1] > old}

    def since(self, key: tuple[str, str, str], begun: float) -> bool:
        """Whether another was under way at some time since, or just before."""
        with self._lock:
            _, ended, together = self._calls[key]
            return together >= begun or ended >= begun - 2 * _EXACT


_twins = _Twins()
