"""Stages of the call pipeline: their protocols, their chaining, and the state that they share. `pipeline` lists them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from unified_runtime.core.connections import Connection
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.error_classification import REFUSED
from unified_runtime.core.errors import Done, RateLimited, TransportFailure, Unavailable, UnifiedError
from unified_runtime.core.messages import HTTPRequest, Request
from unified_runtime.core.raw import Document, Raw
from unified_runtime.core.responses import Response
from unified_runtime.execution.flows import ActionResult, Flow

if TYPE_CHECKING:
    from unified_runtime.adapter_api.steps import Steps
    from unified_runtime.core.policy_decisions import Outcome as Decided
    from unified_runtime.core.settings import Settings
    from unified_runtime.rate_limits.circuit_breaker import CircuitBreaker
    from unified_runtime.rate_limits.rate_limiter import RateLimiter
    from unified_runtime.rate_limits.reservations import Reservation

Execute = Callable[["Steps[Any]", "CallState"], Flow[Any]]
"""Run the steps of an adapter to their value, through the stages that are left."""

Send = Callable[[Request, HTTPRequest, "CallState"], Flow[ActionResult]]
"""Send one attempt of a request, through the stages that are left."""


class CallObserver(Protocol):
    """Observer of a call, to which stages report."""

    id: str

    def through(self, connection: Connection, circuit_breaker: CircuitBreaker | None, /) -> None:
        """Note the connection of the call, and the circuit breaker of its server."""

    def decided(self, outcome: Decided, reasons: tuple[str, ...], approval: str | None, /) -> None:
        """Note a decision of the policy, and the approval that the call runs under."""


class CallStage(Protocol):
    """Stage that a call runs through once. It calls `proceed` with the steps, or with other steps, unless the call ends with it."""

    def __call__(self, proceed: Execute, steps: Steps[Any], call: CallState, /) -> Flow[Any]: ...


class RequestStage(Protocol):
    """Stage that each attempt of a request runs through. It calls `proceed`, or raises if the request must not be sent."""

    def __call__(self, proceed: Send, request: Request, wire: HTTPRequest, call: CallState, /) -> Flow[ActionResult]: ...


def call_chain(stages: Sequence[CallStage], last: Execute) -> Execute:
    """Return a function that runs a call through the stages in order, and then `last`."""
    for stage in reversed(stages):
        last = partial(stage, last)
    return last


def request_chain(stages: Sequence[RequestStage], last: Send) -> Send:
    """Return a function that runs an attempt through the stages in order, and then `last`."""
    for stage in reversed(stages):
        last = partial(stage, last)
    return last


@cache
def shared_chain(stages: tuple[RequestStage, ...]) -> Send:
    """Return the chain of stages without state: one chain for all calls that have no checks of their own."""
    return request_chain(stages, transmit)


def transmit(request: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
    """Have the client send the request. Runs after the last stage."""
    return (yield wire)


class CallState(msgspec.Struct, eq=False):
    """State of one call.

    Args:
        shared: the request stages that a batch of calls runs through once; `checks` follow them, and are the call's own.
        keyed: the caller chose the idempotency key, so that the same call again has the same one.
        agent: waits in the queues of the rate limiter under this name; `entry` is the last request there.
        batching: its requests may be batched with those of other calls.
        large: its texts are long, so that its steps run in a thread.
        deadline: a time of `time.monotonic`; 0 before the call begins.
        unconfirmed: a request may have been executed that the same call again would execute once more.
        is_only_writer: looks up in the idempotency store if no other call wrote the same content; None without a store.
        requested_id: the id of the record that is read or changed.
        written_texts: the inputs of a create or update by name; None if the record is not compared.
        moves: the vendor may return the record under another id.
        redirected: a request was redirected.
        misdirected: a response was that of another request.
        send: sends an attempt through the request stages.
    """

    operation: str
    connection: Connection
    settings: Settings
    shared: tuple[RequestStage, ...]
    checks: tuple[RequestStage, ...] = ()
    names: Mapping[str, str] = {}
    rate_limiter: RateLimiter | None = None
    circuit_breaker: CircuitBreaker | None = None
    seen: CallObserver | None = None
    keyed: bool = False
    agent: str = ""
    batching: bool = False
    large: bool = False
    deadline: float = 0.0
    done: tuple[Done, ...] = ()
    lost: tuple[str, ...] = ()
    made: str | None = None
    unconfirmed: bool = False
    entry: Reservation | None = None
    is_only_writer: Callable[[], bool] | None = None
    requested_id: object = None
    written_texts: Mapping[str, object] | None = None
    moves: bool = False
    redirected: bool = False
    misdirected: bool = False
    send: Send = transmit

    def __post_init__(self) -> None:
        self.send = request_chain((*self.shared, *self.checks), transmit) if self.checks else shared_chain(self.shared)

    def __repr__(self) -> str:
        return f"CallState({self.operation})"

    def nested(self, operation: str, settings: Settings, *checks: RequestStage) -> CallState:
        """Return the state of another operation that runs for this call: on the same connection, with its own checks."""
        return CallState(
            operation,
            self.connection,
            settings,
            self.shared,
            checks,
            rate_limiter=self.rate_limiter,
            circuit_breaker=self.circuit_breaker,
            agent=self.agent,
        )

    def begin(self) -> None:
        """Set the deadline of the call, unless it is set."""
        if not self.deadline:
            self.deadline = time.monotonic() + self.settings.deadline

    @property
    def twice(self) -> bool:
        """True if the same call again would repeat something that was executed already."""
        return any(done.again for done in self.done)

    def acts_again(self, request: Request) -> bool:
        """Return True if the same call again would repeat what this request executed."""
        return request.endpoint.retry is Retry.NEVER or (request.endpoint.retry is Retry.KEYED and not self.keyed)

    def note_done(self, request: Request, response: Response) -> None:
        """Note a request that was executed. A request that was sent again because its response was interrupted counts once."""
        done = Done(request_name(request), response.status, Raw(Document(response.body, response)), again=self.acts_again(request))
        again = request.endpoint.retry is not Retry.NEVER and self.done and self.done[-1].request == done.request
        self.done = (*(self.done[:-1] if again else self.done), done)

    def note_lost(self, request: Request) -> None:
        """Note a request of which it is not known if it was executed."""
        name = request_name(request)
        if name not in self.lost:
            self.lost = (*self.lost, name)
        self.unconfirmed = self.unconfirmed or self.acts_again(request)

    def note_failure(self, outcome: ActionResult, error: UnifiedError, request: Request) -> None:
        """Note that a request may have been executed and, if so, that the same call would execute it again under another key."""
        if request.endpoint.retry is Retry.SAFE or isinstance(error, RateLimited):
            return
        if outcome.sent if isinstance(outcome, TransportFailure) else isinstance(error, Unavailable) and error.status not in REFUSED:
            self.note_lost(request)

    def disown(self) -> None:
        """Discard all responses: they may belong to other requests."""
        names = (done.request for done in self.done)
        self.lost = (*self.lost, *(name for name in names if name not in self.lost))
        self.done, self.made = (), None

    def annotate(self, error: UnifiedError) -> UnifiedError:
        """Add the vendor, the operation and the executed requests of the call to an error. Returns the error."""
        error.vendor = error.vendor or self.connection.vendor.name
        error.operation = error.operation or self.operation
        error.redact(self.connection.credential.redact)
        self.annotate_done(error)
        return error

    def annotate_done(self, error: UnifiedError) -> None:
        """Add the requests that the call has executed, or may have, to an error."""
        if self.unconfirmed:
            error.retry_safe = False
        if self.done and not error.done:
            error.done = self.done
            error.retry_safe = error.retry_safe and not self.twice
        error.lost = error.lost or self.lost
        error.made = error.made or self.made


def request_name(request: Request) -> str:
    """Return the method and path of a request, as errors contain it."""
    return f"{request.endpoint.method} {request.target or request.endpoint.template}"
