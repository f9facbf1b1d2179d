"""Observation of one call: records its attempts, waits and outcome, and reports them to the observers."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import time
from collections.abc import Callable, Generator
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from unified_runtime.core.approval_required import ApprovalRequired
from unified_runtime.core.connection_sources import Renew
from unified_runtime.core.context import Acting, current_acting
from unified_runtime.core.errors import TransportFailure, UnifiedError, UnreadableResponse
from unified_runtime.core.messages import HTTPRequest, Pause
from unified_runtime.core.observers import AttemptRecord, Begun, CallRecord, Observers, Sending, Trace, saga
from unified_runtime.core.owners import TENANT
from unified_runtime.core.policy_decisions import Outcome as PolicyOutcome
from unified_runtime.core.records import Page
from unified_runtime.core.responses import Piece, Response, request_id_of
from unified_runtime.core.single_line import line
from unified_runtime.execution.batching import BatchSlot
from unified_runtime.execution.flows import Action, ActionResult, RateLimitWait

if TYPE_CHECKING:
    from unified_runtime.core.connections import Connection
    from unified_runtime.core.endpoints import Endpoint
    from unified_runtime.core.operations import Invocation, OperationBase
    from unified_runtime.rate_limits.circuit_breaker import CircuitBreaker

T = TypeVar("T")
R = TypeVar("R")

log = logging.getLogger("unified.observability")

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OUTCOMES: dict[type[BaseException], str] = {}
_STRICT = {PolicyOutcome.ALLOW: 0, PolicyOutcome.APPROVAL: 1, PolicyOutcome.DENY: 2}
_DECISIONS = ("allow", "needs_approval", "deny")
_faulty: set[tuple[type, str]] = set()
"""Observers that raised, by method; each is logged once."""


class Observation:
    """Observation of one call from start to end. Used as a context manager, it ends with the block.

    Args:
        observers: receive the records.
        acting: the identity that the call is made for; by default, the current one.
        through_broker: a broker makes the call.
        tenant: the tenant of the client's connections.
    """

    __slots__ = (
        "_acting",
        "_attempts",
        "_begun",
        "_circuit_breaker",
        "_clock",
        "_connection",
        "_decided",
        "_failed_refreshes",
        "_invocation",
        "_last",
        "_observers",
        "_operation",
        "_paused",
        "_rate_limit_wait",
        "_reasons",
        "_refreshes",
        "_request_id",
        "_result",
        "_retry_wait",
        "_saga",
        "_started_at",
        "_streamed",
        "_tenant",
        "_through_broker",
        "_traces",
        "approval",
        "id",
        "result_bytes",
    )

    def __init__(
        self,
        observers: Observers,
        operation: OperationBase[Any, Any],
        invocation: Invocation[Any],
        *,
        acting: Acting | None = None,
        through_broker: bool = False,
        tenant: str = TENANT,
    ) -> None:
        self._tenant = tenant
        self.id = os.urandom(16).hex()
        self.approval: str | None = None
        self.result_bytes: int | None = None
        self._observers = observers
        self._operation = operation
        self._invocation = invocation
        self._acting = acting or current_acting()
        self._through_broker = through_broker
        self._saga = saga.get()
        self._connection: Connection | None = None
        self._circuit_breaker: CircuitBreaker | None = None
        self._attempts: list[AttemptRecord] = []
        self._last: Endpoint | None = None
        self._decided: int | None = None
        self._reasons: tuple[str, ...] = ()
        self._rate_limit_wait = self._retry_wait = self._paused = 0.0
        self._refreshes = self._failed_refreshes = self._streamed = 0
        self._request_id: str | None = None
        self._result: Any = None
        self._started_at = time.time()
        self._clock = time.perf_counter()
        self._begun: Begun | None = None
        self._traces: tuple[Trace, ...] = self._followed() if observers.tracers else ()

    @property
    def _call(self) -> Begun:
        """Call as observers receive it before it has ended."""
        if self._begun is None:
            self._begun = self._beginning(None if (first := self._first()) is None else first.trace_id)
        return self._begun

    def _beginning(self, trace_id: str | None) -> Begun:
        return Begun(
            call_id=self.id,
            tool=self._operation.name,
            resource=self._operation.resource,
            effect=self._operation.effect,
            started_at=self._started_at,
            agent=self._acting.agent,
            user=self._acting.user,
            on_behalf_of=self._acting.on_behalf_of,
            through_broker=self._through_broker,
            saga=self._saga,
            trace_id=trace_id,
        )

    def _followed(self) -> tuple[Trace, ...]:
        begun = self._beginning(None)
        found = [_notify(tracer.begun, begun) for tracer in self._observers.tracers]
        followed = tuple([trace for trace in found if trace is not None])
        if not followed:
            self._begun = begun  # no trace id will follow
        return followed

    def _first(self) -> Trace | None:
        """Trace whose ids the records contain."""
        return next((trace for trace in self._traces if trace.trace_id is not None), None) if self._traces else None

    def __enter__(self) -> Observation:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.ended(error)

    # ------------------------------------------------------------------------------------------------ while it runs
    def through(self, connection: Connection, circuit_breaker: CircuitBreaker | None) -> None:
        """Note the connection of the call, and the circuit breaker of its server."""
        self._connection, self._circuit_breaker = connection, circuit_breaker

    def decided(self, outcome: PolicyOutcome, reasons: tuple[str, ...], approval: str | None) -> None:
        """Note a decision of the policy."""
        strict = _STRICT[outcome]
        if self._decided is None or strict > self._decided:
            self._decided, self._reasons = strict, reasons
        self.approval = approval or self.approval

    def watched(self, flow: Generator[Action | R, ActionResult, T]) -> Generator[Action | R, ActionResult, T]:
        """Run the flow and record its actions, their duration and their outcome."""
        outcome: ActionResult
        try:
            action = next(flow)
            while True:
                if type(action) is HTTPRequest:
                    wire = self._sending(action)
                    started_at, clock = time.time(), time.perf_counter()
                    outcome = yield wire
                    self._sent(wire, outcome, started_at, time.perf_counter() - clock)
                elif isinstance(action, float):
                    outcome = yield action
                    self._waited(action)
                else:
                    if type(action) is Piece:
                        self._streamed += len(action.data)
                    outcome = yield action
                    if type(action) is Renew:
                        self._renewed(outcome)
                    elif type(action) is Pause:
                        self._waited(action.seconds)
                    elif type(action) is BatchSlot:
                        for made in action.exchanges:
                            self._sent(made.wire, made.outcome, made.started_at, made.duration)
                action = flow.send(outcome)
        except StopIteration as stop:
            self._result = stop.value
            return stop.value  # type: ignore[no-any-return]
        finally:
            flow.close()

    def _sending(self, wire: HTTPRequest) -> HTTPRequest:
        self._streamed_to_last()
        if not self._traces:
            return wire
        scheme, _, rest = wire.url.partition("://")
        sending = Sending(
            number=self._number(wire),
            vendor=None if self._connection is None else self._connection.vendor.name,
            operation=None if wire.endpoint is None else wire.endpoint.operation,
            method=wire.method,
            endpoint=_template(wire),
            scheme=scheme,
            host=_host(rest),
            through_broker=wire.endpoint is None,
        )
        headers = wire.headers
        for trace in self._traces:
            more = _notify(trace.sending, sending) or {}
            headers = [*headers, *((name.encode("ascii"), value.encode("latin-1")) for name, value in more.items())]
        return wire if headers is wire.headers else msgspec.structs.replace(wire, headers=headers)

    def _number(self, wire: HTTPRequest) -> int:
        before = self._attempts[-1] if self._attempts else None
        again = before is not None and wire.endpoint is self._last and (before.error is not None or (before.status or 0) >= 300)
        return before.number + 1 if again and before is not None else 1

    def _sent(self, wire: HTTPRequest, outcome: ActionResult, started_at: float, duration: float) -> None:
        connection = self._connection
        status: int | None = None
        error: Any = None
        request_id, received = None, 0
        if isinstance(outcome, Response):
            status, received = outcome.status, len(outcome.body)
            request_id = request_id_of(outcome.pairs)
        elif isinstance(outcome, UnreadableResponse):
            error, status, request_id = "unreadable", outcome.status, outcome.request_id
        elif isinstance(outcome, TransportFailure):
            error = "no_response" if outcome.sent else "not_sent"
        if request_id is not None:  # chosen by the vendor, like all text of a response
            self._request_id = request_id = wire.credential.redact(request_id)
        made = AttemptRecord(
            number=self._number(wire) if self._attempts else 1,
            vendor=None if connection is None else connection.vendor.name,
            connection=None if connection is None else connection.id or connection.name,
            operation=None if wire.endpoint is None else wire.endpoint.operation,
            method=wire.method,
            endpoint=_template(wire),
            host=_host(wire.url.partition("://")[2]),
            started_at=started_at,
            duration=duration,
            waited=self._paused,
            status=status,
            error=error,
            bytes_sent=len(wire.body) if wire.upload is None else wire.upload.length or 0,
            bytes_received=received,
            request_id=request_id,
        )
        spans = [span for trace in self._traces if (span := _notify(trace.attempt_ended, made)) is not None]
        if spans:
            made = msgspec.structs.replace(made, span_id=spans[0])
        for watcher in self._observers.watchers:
            _notify(watcher.attempted, self._call, made)
        for reader in self._observers.readers:
            got = wire.credential.redact_bytes(outcome.body) if isinstance(outcome, Response) else b""
            _notify(reader.exchanged, self._call, made, wire.credential.redact_bytes(wire.body), got, wire.credential.redact)
        self._attempts.append(made)
        self._last = wire.endpoint
        self._paused = 0.0

    def _streamed_to_last(self) -> None:
        """Count the received bytes of a content for the request that fetched it."""
        if self._streamed and self._attempts:
            self._attempts[-1] = msgspec.structs.replace(self._attempts[-1], bytes_received=self._streamed)
        self._streamed = 0

    def _waited(self, seconds: float) -> None:
        if type(seconds) is RateLimitWait:
            self._rate_limit_wait += seconds
        else:
            self._retry_wait += seconds
            self._paused += seconds

    def _renewed(self, outcome: ActionResult) -> None:
        if isinstance(outcome, UnifiedError):
            self._failed_refreshes += 1
        else:
            self._refreshes += 1

    # ------------------------------------------------------------------------------------------------ its end
    def ended(self, error: BaseException | None = None) -> None:
        """End the call and report its record to all observers."""
        duration = time.perf_counter() - self._clock
        self._streamed_to_last()
        first = self._first()
        if first is not None and isinstance(error, UnifiedError):
            error.trace_id = error.trace_id or first.trace_id
        operation, connection, key = self._operation, self._connection, self._invocation.key
        record = CallRecord(
            call_id=self.id,
            tool=operation.name,
            resource=operation.resource,
            effect=operation.effect,
            started_at=self._started_at,
            duration=duration,
            agent=self._acting.agent,
            user=self._acting.user,
            on_behalf_of=self._acting.on_behalf_of,
            vendor=self._vendor(error),
            connection=None if connection is None else connection.id or connection.name,
            tenant=self._tenant if connection is None else connection.tenant,
            server=None if connection is None else connection.origin[1],
            circuit_open=self._circuit_breaker is not None and self._circuit_breaker.open,
            through_broker=self._through_broker,
            outcome=outcome_of(error),
            error=None if error is None else self._text(error),
            status=getattr(error, "status", None),
            attempts=tuple(self._attempts),
            rate_limit_wait=self._rate_limit_wait,
            retry_wait=self._retry_wait,
            refreshes=self._refreshes,
            failed_refreshes=self._failed_refreshes,
            decision=None if self._decided is None else _DECISIONS[self._decided],  # type: ignore[arg-type]
            reasons=self._reasons,
            approval=getattr(error, "approval", None) or self.approval,
            request_id=self._request_id,
            trace_id=None if first is None else first.trace_id,
            span_id=None if first is None else first.span_id,
            saga=self._saga,
            key=None if not isinstance(key, str) else hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16],
            items=len(self._result.items) if isinstance(self._result, Page) else None,
            result_bytes=self.result_bytes,
        )
        for trace in self._traces:
            _notify(trace.ended, record)
        for observer in self._observers.all:
            _notify(observer.ended, record)

    def _vendor(self, error: BaseException | None) -> str | None:
        if self._connection is not None:
            return self._connection.vendor.name
        value = self._result.items[0] if isinstance(self._result, Page) and self._result.items else self._result
        found = getattr(error, "vendor", None) or getattr(value, "vendor", None) or self._invocation.via or self._acting.via
        return found if isinstance(found, str) else None

    def _text(self, error: BaseException) -> str:
        if not isinstance(error, UnifiedError):
            return type(error).__name__  # the message of an unknown error may contain anything
        text = error.message if self._connection is None else self._connection.credential.redact(error.message)
        return line(text)


def outcome_of(error: BaseException | None) -> str:
    """Return the outcome of a call, as in `CallRecord.outcome`."""
    if error is None:
        return "ok"
    kind = type(error)
    if (known := _OUTCOMES.get(kind)) is None:
        # A subclass of an error of these modules is reported under the name of that error.
        modules = (UnifiedError.__module__, ApprovalRequired.__module__)
        named = next((one for one in kind.__mro__ if one.__module__ in modules), None)
        if named is not None and issubclass(named, UnifiedError):
            known = _WORDS.sub("_", named.__name__).lower()
        else:
            known = "internal_error" if issubclass(kind, Exception) else "abandoned"  # cancelled, interrupted, closed
        _OUTCOMES[kind] = known
    return known


class Refusals:
    """Block before a list or a content is requested: an error raised in it is reported as a call that ended before it began."""

    __slots__ = ("_given", "_tenant")

    def __init__(self, *given: Any, tenant: str = TENANT) -> None:
        self._given = given
        self._tenant = tenant

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            Observation(*self._given, tenant=self._tenant).ended(error)


def watching(seen: Observation, flow: Generator[Action | R, ActionResult, T]) -> Generator[Action | R, ActionResult, T]:
    """Run the flow of one call, observed to its end."""
    with seen:
        return (yield from seen.watched(flow))


def receiving(
    begin: Callable[[], Observation], flow: Callable[[Observation], Generator[Action | R, ActionResult, T]]
) -> Generator[Action | R, ActionResult, T]:
    """Run the flow that receives a content, observed from its first request to its last piece, or until the caller closes it."""
    with begin() as seen:
        return (yield from seen.watched(flow(seen)))


def _notify(method: Callable[..., R], *what: Any) -> R | None:
    """Call an observer. Errors of observers are logged and do not affect the call."""
    try:
        return method(*what)
    except Exception as error:
        kind = (type(getattr(method, "__self__", method)), method.__name__)
        if kind not in _faulty:
            _faulty.add(kind)
            log.error("an observer failed, and is not mentioned again: %s", kind[0].__name__, exc_info=error)
        return None


def _template(wire: HTTPRequest) -> str:
    """Return the endpoint without ids; a broker's paths contain none."""
    if wire.endpoint is not None:
        return wire.endpoint.template
    rest = wire.url.partition("://")[2].partition("?")[0]
    return rest[rest.find("/") :] if "/" in rest else "/"


def _host(rest: str) -> str:
    return rest.partition("/")[0].partition("?")[0]
