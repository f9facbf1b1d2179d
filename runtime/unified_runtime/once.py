"""One write under an idempotency key: made once, however often it is asked for."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from unified_runtime.brokered import values
from unified_runtime.brokered.protocol import Answer, untagged
from unified_runtime.claims import Unhashable, claim
from unified_runtime.context import current_acting
from unified_runtime.driver import Call, Flow, drive
from unified_runtime.errands import Errand
from unified_runtime.errors import Conflict, InvalidInput, Unconfirmed, UnifiedError, VendorProtocolError
from unified_runtime.ledger import Entry, Ledger
from unified_runtime.operations import UNSET
from unified_runtime.steps import Retry, Steps

if TYPE_CHECKING:
    from unified_runtime.messages import HTTPRequest, Request
    from unified_runtime.operations import Invocation, _Named
    from unified_runtime.prepared import Prepared

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

        Raises:
            Conflict: the key was used for another call, or the same is being made elsewhere and does not end.
            Unconfirmed: it was begun before, and whether it was carried out is not known.
        """
        lease = call.settings.deadline + _MARGIN
        entry = yield from self._begun(call, lease)
        if entry.state == "answered":
            return decoded(entry.answer or b"", self.operation)
        turn = _Turn(self.ledger, entry.token, lease)
        call.gates += (turn.before_sending,)
        try:
            value = yield from drive(steps(), call)
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
            if entry.state == "doubtful":
                raise Unconfirmed(
                    f"this call was made before under the idempotency key {self.key!r}, and whether it was carried out is not known: "
                    f"{entry.told}. Look whether it was; it is not made again under this key"
                )
            if entry.state != "running":
                return entry
            if time.monotonic() + pause > deadline:
                break
            yield pause
        raise Conflict(f"the same call is being made elsewhere under the idempotency key {self.key!r}, and has not ended", retry_safe=True)


class _Turn:
    """One making of the call: what its row is told, and when."""

    __slots__ = ("_lease", "_ledger", "_sent", "_token")

    def __init__(self, ledger: Ledger, token: str, lease: float) -> None:
        self._ledger = ledger
        self._token = token
        self._lease = lease
        self._sent = ""

    def before_sending(self, request: Request, wire: HTTPRequest) -> Flow[None]:
        if request.endpoint.retry is not Retry.NEVER:
            return
        told = f"{request.endpoint.method} {request.target or request.endpoint.template}"
        if not (yield from _asked(lambda: self._ledger.sending(self._token, f"{told} was sent", lease=self._lease))):
            told = "this call took so long that another may have made it under the same idempotency key; it was stopped"
            raise Conflict(told, retry_safe=True)
        self._sent = told

    def ended(self, error: UnifiedError) -> Errand[None]:
        if isinstance(error, Unconfirmed) or error.done:
            carried = "; ".join(f"{done.request} was carried out (HTTP {done.status})" for done in error.done)
            told = carried or f"{self._sent} was sent and not confirmed"
            return self._noted(lambda: self._ledger.doubted(self._token, told))
        return self._noted(lambda: self._ledger.released(self._token))

    def answered(self, value: Any) -> Errand[None]:
        return self._noted(lambda: self._ledger.answered(self._token, encoded(value)))

    def abandoned(self) -> None:
        if not self._sent:
            self._noted(lambda: self._ledger.released(self._token)).run()

    def _noted(self, note: Callable[[], None]) -> Errand[None]:
        """A note whose failure changes nothing for the caller: the row then says less than is known, and the key stays on the safe side."""

        def noted() -> None:
            try:
                note()
            except UnifiedError as error:
                log.error("the ledger cannot be written", exc_info=error)

        return Errand(noted, blocks=True)


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
