"""One write under an idempotency key: made once, however often it is asked for."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeGuard

import msgspec

from unified_runtime.brokered import failures, values
from unified_runtime.brokered.protocol import Answer, untagged
from unified_runtime.context import current_acting
from unified_runtime.control.claims import Unhashable, claim
from unified_runtime.driving.driver import Call, Flow, drive
from unified_runtime.driving.errands import Errand
from unified_runtime.errors import Conflict, InvalidInput, RateLimited, Unavailable, Unconfirmed, UnifiedError, VendorProtocolError
from unified_runtime.idempotency.ledger import Entry, Ledger
from unified_runtime.messages import Request
from unified_runtime.operations import UNSET
from unified_runtime.steps import Retry, Steps

if TYPE_CHECKING:
    from unified_runtime.calling.prepared import Prepared
    from unified_runtime.messages import HTTPRequest
    from unified_runtime.operations import Invocation, _Named

log = logging.getLogger("unified.ledger")

LONGEST_KEY = 200
_PAUSES = (0.05, 0.1, 0.2, 0.5)
"""Seconds between two looks at a call that another makes; the last one over and over."""
_MARGIN = 30.0
"""Seconds beyond a call's deadline for which its row is left alone."""


def check_key(key: object, operation: str) -> None:
    """Refuse what cannot be an idempotency key.

    Raises:
        InvalidInput: saying what one is.
    """
    if isinstance(key, str) and 0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable():
        return
    told = f"must be 1 to {LONGEST_KEY} printable ASCII characters"
    raise InvalidInput(f"idempotency_key {told}", operation=operation, fields={"idempotency_key": told})


class Once:
    """What makes one call happen once: the ledger, the key and whose it is, and a digest of the arguments."""

    __slots__ = ("digest", "key", "ledger", "operation", "scope")

    def __init__(self, ledger: Ledger, operation: _Named[Any, Any], invocation: Invocation[Any], prepared: Prepared) -> None:
        """Raises InvalidInput where an argument cannot be compared with that of another call."""
        acting, connection = current_acting(), prepared.connection
        given = {name: value for name, value in (invocation.given or {}).items() if value is not UNSET}
        try:
            made = claim(
                agent=acting.agent,
                user=acting.user,
                on_behalf_of=acting.on_behalf_of,
                operation=operation.name,
                effect=operation.effect,
                vendor=connection.vendor.name,
                server=connection.server,
                arguments={
                    "ids": dict(invocation.ids or {}),
                    "given": given,
                    "content": dict(invocation.content or {}),
                    "extra": prepared.extra,
                },
            )
        except Unhashable as error:
            raise InvalidInput(
                f"idempotency_key goes with arguments that can be compared, such as bytes: {error}",
                operation=operation.name,
                fields={"idempotency_key": "does not go with a stream or a file"},
            ) from None
        self.ledger = ledger
        self.operation = operation
        self.key = invocation.key or ""
        self.digest = made.digest
        self.scope = msgspec.json.encode([acting.agent, acting.user, connection.vendor.name, connection.server, connection.id]).decode()

    def flow(self, steps: Callable[[], Steps[Any]], call: Call) -> Flow[Any]:
        """The call; or what it came to when it was made before.

        A call of which that is not known is looked for, where it can be, and made where it was not carried out.

        Raises:
            Conflict: the key was used for another call, or the same is being made elsewhere and does not end.
            Unconfirmed: it was begun before, and whether it was carried out is not known.
        """
        lease = call.settings.deadline + _MARGIN
        entry = yield from self._begun(call, lease)
        if entry.state == "answered":
            return decoded(entry.answer or b"", self.operation)
        turn = _Turn(self.ledger, entry, lease, call.connection.server)
        call.gates += (turn.before_sending,)
        made = steps() if entry.state == "mine" else turn.looked_for(steps(), self._doubt(entry))
        try:
            value = yield from drive(made, call)
        except UnifiedError as error:
            yield turn.ended(error)
            raise
        except BaseException:
            # The caller gave up: a flow that is being closed cannot ask for anything more. What was sent stays noted.
            turn.abandoned()
            raise
        yield turn.answered(value)
        return value

    def _begun(self, call: Call, lease: float) -> Flow[Entry]:
        deadline = time.monotonic() + call.settings.deadline
        for pause in _pauses():
            entry: Entry = yield from _asked(lambda: self.ledger.begin(self.scope, self.key, self.digest, lease=lease))
            if entry.digest != self.digest:
                raise Conflict(
                    f"the idempotency key {self.key!r} was used for another call: take a new key for other arguments",
                    fields={"idempotency_key": "was used with other arguments"},
                )
            if entry.state == "doubtful" and not entry.token:
                raise self._before(entry)
            if entry.state != "running":
                return entry
            if time.monotonic() + pause > deadline:
                break
            yield pause
        raise Conflict(f"the same call is being made elsewhere under the idempotency key {self.key!r}, and has not ended", retry_safe=True)

    def _before(self, entry: Entry) -> Unconfirmed:
        """What is known of a call that is not made again: what it had done when it ended, too."""
        error = Unconfirmed(f"{self._doubt(entry)}. Look whether it was; it is not made again under this key")
        if entry.answer:
            before = failures.error(failures.decode(entry.answer))
            error.done, error.lost, error.made = before.done, before.lost, before.made
        return error

    def _doubt(self, entry: Entry) -> str:
        known = "it was carried out in part" if entry.carried else "whether it was carried out is not known"
        return f"this call was made before under the idempotency key {self.key!r}, and {known}: {entry.told}"


class _Turn:
    """One making of the call: what its row is told, and when."""

    __slots__ = ("_doubt", "_entry", "_first", "_lease", "_ledger", "_sent", "_server", "_sought")

    def __init__(self, ledger: Ledger, entry: Entry, lease: float, server: str) -> None:
        self._ledger = ledger
        self._entry = entry
        self._lease = lease
        self._server = server
        self._sent = ""
        self._sought = entry.sought
        self._first: Request | None = None
        self._doubt = entry.state == "doubtful"

    def looked_for(self, steps: Steps[Any], doubt: str) -> Steps[Any]:
        """The steps, but that the answer of their first request which must not be sent twice counts as lost. It is sent where they ask
        for it once more, having found that it was not carried out."""
        from unified_runtime.reconcile import SentBefore  # what is never in doubt does not pay for it

        try:
            request = next(steps)
            while True:
                if self._first is None and _once(request):
                    self._first = request
                    if self._mark(request) != self._entry.sought:
                        raise Unconfirmed(f"{doubt}. What it would send now is not what was sent: look whether that was carried out")
                    entry = self._entry
                    request = steps.throw(SentBefore(doubt, ago=entry.ago, carried=entry.carried, alone=entry.alone))
                    continue
                if _once(request):
                    self._doubt = False
                try:
                    response = yield request
                except UnifiedError as error:
                    request = steps.throw(error)
                else:
                    request = steps.send(response)
        except StopIteration as stop:
            return stop.value

    def before_sending(self, request: Request, wire: HTTPRequest) -> Flow[None]:
        if request.endpoint.retry is not Retry.NEVER:
            return
        first = self._first is None or request is self._first
        self._first = self._first or request
        self._sought = self._mark(request) if first else ""
        told, sought = f"{request.endpoint.method} {request.target or request.endpoint.template}", self._sought
        if not (yield from _asked(lambda: self._ledger.sending(self._entry.token, f"{told} was sent", lease=self._lease, sought=sought))):
            told = "this call took so long that another may have made it under the same idempotency key; it was stopped"
            raise Conflict(told, retry_safe=True)
        self._sent = told

    def _mark(self, request: Request) -> str:
        """What tells the record of a request from all others at all vendors; nothing where it cannot be looked for."""
        return hashlib.sha256(f"{self._server}\n{request.sought}".encode()).hexdigest() if request.sought else ""

    def ended(self, error: UnifiedError) -> Errand[None]:
        """Note what is known now. Where it can be looked for again, the same call may be made again, and the error says so."""
        again = any(done.again for done in error.done)  # else the same call once more does nothing twice
        if not (isinstance(error, Unconfirmed) or again or self._doubt):
            return self._noted(lambda: self._ledger.released(self._entry.token))
        carried = "; ".join(f"{done.request} was carried out (HTTP {done.status})" for done in error.done)
        told = carried or (f"{self._sent} was sent and not confirmed" if self._sent else self._entry.told)
        if self._sought:
            later = error.retry_after is not None if isinstance(error, Unconfirmed) else isinstance(error, _PASSING)
            error.retry_safe = error.retry_safe or later
        kept = msgspec.json.encode(failures.failure(error))
        return self._noted(lambda: self._ledger.doubted(self._entry.token, told, carried=bool(carried), error=kept))

    def answered(self, value: Any) -> Errand[None]:
        return self._noted(lambda: self._ledger.answered(self._entry.token, encoded(value)))

    def abandoned(self) -> None:
        if self._doubt:
            self._noted(lambda: self._ledger.doubted(self._entry.token, self._entry.told)).run()
        elif not self._sent:
            self._noted(lambda: self._ledger.released(self._entry.token)).run()

    def _noted(self, note: Callable[[], None]) -> Errand[None]:
        """A note whose failure changes nothing for the caller: the row then says less than is known, and the key stays on the safe side."""

        def noted() -> None:
            try:
                note()
            except UnifiedError as error:
                log.error("the ledger cannot be written", exc_info=error)

        return Errand(noted, blocks=True)


_PASSING = (Unavailable, RateLimited, VendorProtocolError)
"""What may end otherwise when the same call is made again."""


def _once(request: Any) -> TypeGuard[Request]:
    return isinstance(request, Request) and request.endpoint.retry is Retry.NEVER


def _pauses() -> Iterator[float]:
    yield from _PAUSES
    while True:
        yield _PAUSES[-1]


def _asked(function: Callable[[], Any]) -> Flow[Any]:
    def run() -> Any:
        try:
            return function()
        except UnifiedError as error:
            return error

    errand: Errand[Any] = Errand(run, blocks=True)
    yield errand
    if isinstance(errand.result, UnifiedError):
        raise errand.result
    return errand.result


# -------------------------------------------------------------------------------------------------------- what it came to
def encoded(value: Any) -> bytes:
    """An operation's value as it is kept, with the vendor's own answer: the form in which a broker answers it."""
    return msgspec.json.encode(values.answer(value))


def decoded(answer: bytes, operation: _Named[Any, Any]) -> Any:
    """The value that was kept.

    Raises:
        Conflict: it is of a class that is no longer there, or the row is damaged.
    """
    try:
        kept = msgspec.json.decode(answer, type=Answer)
        if kept.records is None:
            return untagged(kept.plain)
        (record,) = values.records(kept, operation.build.__module__.partition(".")[0])
        return record
    except (ValueError, LookupError, TypeError, VendorProtocolError):
        pass
    raise Conflict("this call was made before under its idempotency key, and what it came to can no longer be read")
