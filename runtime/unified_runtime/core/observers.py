"""Observer protocols (observers, tracers, watchers, readers) and the records of calls and attempts that they receive.

An observer is any object with the method of `Observer`. Nothing here runs unless an observer is configured (`unified.configure`,
`Client(observers=...)`); `execution.observation` creates the records. Records never contain secrets, values that a caller gave, or vendor
URLs with ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from functools import lru_cache
from typing import Literal, Protocol, runtime_checkable

import msgspec

from unified_runtime.core.owners import TENANT
from unified_runtime.core.policy_decisions import Effect

saga: ContextVar[str | None] = ContextVar("unified_saga", default=None)
"""The id of the saga that the calls of this context belong to."""


class AttemptRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt of a request. Times are seconds, sizes are bytes of the body.

    `endpoint` is the vendor's path template with `{parameters}`, or the broker's path, and `operation` the id in the vendor's document
    (None for a request to a broker). `number` counts the attempts of one request from 1; `waited` is the pause before this one, without
    waiting for the rate limit. Either `status` or `error` is set: `not_sent` if the vendor cannot have received the request, `no_response`
    if the response was lost, `unreadable` if it could not be used (then `status` is set too). `duration` ends with the last byte of the
    response; for a download, with its headers. `span_id` is the id of the attempt's span, if calls are traced.
    """

    number: int
    vendor: str | None
    connection: str | None
    operation: str | None
    method: str
    endpoint: str
    host: str
    started_at: float
    duration: float
    waited: float
    status: int | None
    error: Literal["not_sent", "no_response", "unreadable"] | None
    bytes_sent: int
    bytes_received: int
    request_id: str | None = None
    span_id: str | None = None

    @property
    def failed(self) -> bool:
        """True if there was no usable response, or one of the classes 4xx and 5xx (RFC 9110)."""
        return self.error is not None or (self.status or 0) >= 400


class CallRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One call that has ended; of a list, one page. Times are seconds (`started_at` since 1970), sizes are bytes.

    Attributes:
        call_id: the id of the call; the same as in the audit log, if there is one.
        tool: the unified operation, `tasks.create`, and `resource` its first part.
        vendor: None if the call ended before a vendor was selected, or if a broker selected one and did not report it.
        connection: its id or name, if it has one. `server` is its host.
        tenant: the tenant of the connections; that of the client's source.
        circuit_open: true if the circuit breaker now stops requests to that server, since it failed too often.
        remote: a broker made the call, and observes it as well; the attempts are the requests to the broker.
        outcome: `ok`, the error's class name in lower snake case (`rate_limited`), `abandoned` if the caller stopped waiting, or
            `internal_error` for any other exception.
        error: the error's message, without secrets and on one line.
        status: the HTTP status of the error.
        rate_limit_wait: time spent waiting for the vendor's rate limit. `retry_wait`: time between attempts, or waiting for the same call
            in another process.
        refreshes, failed_refreshes: number of successful and failed renewals of the credential.
        decision: the strictest decision of the policy; None without a policy. `reasons` are the policy's own.
        approval: the id of the approval that was used, or is required.
        request_id: the vendor's id of the last request that had one.
        trace_id, span_id: of the call's span, if calls are traced.
        saga: the id of the saga that the call is a step of.
        key: the first 16 hexadecimal digits of the SHA-256 of the idempotency key.
        items: number of records of a page; None if the value is not a page.
        result_bytes: size of the value as it was transferred, if known (a broker's response).
    """

    call_id: str
    tool: str
    resource: str
    effect: Effect
    started_at: float
    duration: float
    agent: str | None
    user: str | None
    on_behalf_of: str | None
    vendor: str | None
    connection: str | None
    tenant: str = TENANT
    server: str | None = None
    circuit_open: bool = False
    through_broker: bool
    outcome: str
    error: str | None
    status: int | None
    attempts: tuple[AttemptRecord, ...]
    rate_limit_wait: float
    retry_wait: float
    refreshes: int
    failed_refreshes: int
    decision: Literal["allow", "deny", "needs_approval"] | None
    reasons: tuple[str, ...]
    approval: str | None
    request_id: str | None
    trace_id: str | None
    span_id: str | None
    saga: str | None
    key: str | None
    items: int | None
    result_bytes: int | None

    @property
    def bytes_sent(self) -> int:
        """Of all attempts together."""
        return sum(attempt.bytes_sent for attempt in self.attempts)

    @property
    def bytes_received(self) -> int:
        """Of all attempts together."""
        return sum(attempt.bytes_received for attempt in self.attempts)


class Observer(Protocol):
    """Receives a record of every call that has ended.

    It runs in the caller's thread or event loop, so it must be fast and must not block. Several threads may call it at the same time. An
    exception that it raises is logged once, and does not affect the call.
    """

    def ended(self, record: CallRecord) -> None: ...


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """Call that has begun; see `CallRecord`. Tracers receive it before there is a `trace_id`."""

    call_id: str
    tool: str
    resource: str
    effect: Effect
    started_at: float
    agent: str | None
    user: str | None
    on_behalf_of: str | None
    through_broker: bool
    saga: str | None
    trace_id: str | None = None


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """Request that is about to be sent; see `AttemptRecord`. `through_broker`: to a broker."""

    number: int
    vendor: str | None
    operation: str | None
    method: str
    endpoint: str
    scheme: str
    host: str
    through_broker: bool


class Trace(Protocol):
    """Trace of one call. An exception that a method raises is logged once, and does not affect the call."""

    trace_id: str | None
    span_id: str | None

    def sending(self, request: Sending) -> Mapping[str, str]:
        """Begin an attempt, and return the headers to send with it, such as `traceparent`."""
        ...

    def attempt_ended(self, attempt: AttemptRecord) -> str | None:
        """End an attempt, and return the id of its span."""
        ...

    def ended(self, record: CallRecord) -> None: ...


@runtime_checkable
class Tracer(Protocol):
    """Observer that traces calls as they run. Of several tracers, the first one that has ids sets those of the records."""

    def begun(self, call: Begun) -> Trace | None:
        """Begin the trace of a call in the current context; return None if the call is not traced."""
        ...

    def ended(self, record: CallRecord) -> None: ...


@runtime_checkable
class Surrounding(Protocol):
    """Tracer that also traces operations that contain calls, such as sagas, across processes if necessary."""

    def trace_context(self) -> dict[str, str]:
        """Return the headers that identify the current trace, for the process that continues it."""
        ...

    def around(self, kind: str, name: str, id: str, trace_context: Mapping[str, str]) -> AbstractContextManager[None]:
        """Return a context manager for calls that are part of, for example, a `saga` of that name and id, begun in trace
        `trace_context`."""
        ...


@runtime_checkable
class Watcher(Protocol):
    """Observer that receives each attempt as soon as it ends, while its call may continue for a long time."""

    def attempted(self, call: Begun, attempt: AttemptRecord) -> None:
        """Receive an attempt that has ended, with or without a response. Of a download, only the headers have arrived."""
        ...

    def ended(self, record: CallRecord) -> None: ...


@runtime_checkable
class Reader(Protocol):
    """Observer that receives bodies, with the secrets of the connection removed and otherwise as they were sent and received."""

    def exchanged(self, call: Begun, attempt: AttemptRecord, sent: bytes, received: bytes, redact: Callable[[str], str]) -> None:
        """Receive the bodies of an attempt that had a response, without streamed contents. `scrub` removes the same secrets from text
        that was decoded from a body, whose format may have encoded them in its own way."""
        ...

    def ended(self, record: CallRecord) -> None: ...


class Observers:
    """Configured observers, and those of them that are tracers, watchers or readers."""

    __slots__ = ("all", "readers", "tracers", "watchers")

    def __init__(self, *observers: Observer) -> None:
        for observer in observers:
            if not callable(getattr(observer, "ended", None)):
                raise TypeError(f"an observer has a method ended(record); {type(observer).__name__} has none")
        self.all: tuple[Observer, ...] = tuple(dict.fromkeys(observers))
        self.tracers: tuple[Tracer, ...] = tuple(observer for observer in self.all if isinstance(observer, Tracer))
        self.watchers: tuple[Watcher, ...] = tuple(observer for observer in self.all if isinstance(observer, Watcher))
        self.readers: tuple[Reader, ...] = tuple(observer for observer in self.all if isinstance(observer, Reader))

    @classmethod
    def of(cls, given: Observer | Sequence[Observer] | Observers | None) -> Observers | None:
        """Return the given observers as `Observers`; None if there are none."""
        if given is None or isinstance(given, Observers):
            return given
        return cls(*given) if isinstance(given, Sequence) else cls(given)

    def __or__(self, other: Observers | None) -> Observers:
        return self if other is None or other is self else _together(self, other)


@lru_cache(maxsize=64)
def _together(one: Observers, other: Observers) -> Observers:
    """Combine two sets of observers. Cached: this runs for each call of a client with observers in a process that has others."""
    return Observers(*one.all, *other.all)
