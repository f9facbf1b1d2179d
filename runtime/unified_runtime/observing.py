"""What is told of calls, and to whom: an observer is any object with the one method of `Observer`.

Nothing here runs unless an observer was named (`unified.observe`, `Client(observer=...)`); `observed.py` is what makes the records then.
No record holds a secret, a value that a caller gave, or a vendor's address with ids in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from functools import lru_cache
from typing import Literal, Protocol, runtime_checkable

import msgspec

from unified_runtime.control.policy import Effect

saga: ContextVar[str | None] = ContextVar("unified_saga", default=None)
"""The id of the saga that calls made here belong to."""


class AttemptRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One request as it was sent once. Times are seconds, sizes bytes of the body.

    `endpoint` is the vendor's path with its `{parameters}` unfilled, or the broker's own path, and `operation` the id in the vendor's
    document (None where a broker is asked). `number` counts the attempts of one request from 1; `waited` is the pause before this one,
    without the time that a budget took. Either `status` is there or `error`: `not_sent` where the vendor cannot have taken it,
    `no_answer` where the answer was lost, `unreadable` where it could not be used (then `status` is there too). `duration` ends with the
    answer's last byte; for a content that was received, with its headers. `span_id` is that of the attempt's span, where calls are traced.
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
    error: Literal["not_sent", "no_answer", "unreadable"] | None
    bytes_sent: int
    bytes_received: int
    request_id: str | None = None
    span_id: str | None = None

    @property
    def failed(self) -> bool:
        """Whether no answer came, or one of the classes 4xx and 5xx (RFC 9110)."""
        return self.error is not None or (self.status or 0) >= 400


class CallRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One call that has ended; of a list, one page. Times are seconds (`started_at` since 1970), sizes bytes.

    Attributes:
        call_id: names the call; the same as in the audit trail, where there is one.
        tool: the unified operation, `tasks.create`, and `resource` its first part.
        vendor: None where the call ended before one was chosen, or a broker chose one and did not say.
        connection: its id or name, where it has one. `server` is its host.
        circuit_open: whether requests to that server are held back now, since it failed too often (`health.py`).
        remote: a broker made the call, which observes it as well; the attempts are those of asking the broker.
        outcome: `ok`, the error's name in the tree in lower snake case (`rate_limited`), `abandoned` where the caller gave up or
            `internal_error` for any other exception.
        error: the error's message, without secrets and on one line.
        status: the HTTP status that the error stands for.
        budget_wait: waited for the vendor's budget. `retry_wait`: waited between attempts, or for the same call made elsewhere.
        refreshes, failed_refreshes: how often the credential was renewed, and could not be.
        decision: what the policy said, the strictest of its answers; None without a policy. `reasons` are the policy's own.
        approval: the id of the approval that was spent, or is wanted.
        request_id: the vendor's id of the last request that had one.
        trace_id, span_id: of the call's span, where calls are traced.
        saga: the id of the saga that the call is a step of.
        key: the first 16 hexadecimal digits of the SHA-256 of the idempotency key.
        items: how many records a page holds; None where the value is no page.
        result_bytes: the size of the value as it was handed on, where it is known (a broker's answer).
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
    server: str | None = None
    circuit_open: bool = False
    remote: bool
    outcome: str
    error: str | None
    status: int | None
    attempts: tuple[AttemptRecord, ...]
    budget_wait: float
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
    """Is told of every call once it has ended.

    It is called where the call was made, in the caller's thread or event loop, so that it must be quick and must not block. Several threads
    may call it at a time. What it raises is logged once, and changes nothing for the call.
    """

    def ended(self, record: CallRecord) -> None: ...


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A call that has begun; see `CallRecord`. Tracers are told of it before there is a `trace_id`."""

    call_id: str
    tool: str
    resource: str
    effect: Effect
    started_at: float
    agent: str | None
    user: str | None
    on_behalf_of: str | None
    remote: bool
    saga: str | None
    trace_id: str | None = None


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """A request about to be sent; see `AttemptRecord`. `remote`: to a broker."""

    number: int
    vendor: str | None
    operation: str | None
    method: str
    endpoint: str
    scheme: str
    host: str
    remote: bool


class Trace(Protocol):
    """Follows one call. What a method raises is logged once, and changes nothing for the call."""

    trace_id: str | None
    span_id: str | None

    def sending(self, request: Sending) -> Mapping[str, str]:
        """A request is about to be sent. Returns the headers to send with it, such as `traceparent`."""
        ...

    def answered(self, attempt: AttemptRecord) -> str | None:
        """What it came to. Returns the id of its span."""
        ...

    def ended(self, record: CallRecord) -> None: ...


@runtime_checkable
class Tracer(Protocol):
    """An observer that follows calls while they are made. Of several, the ids of the first that has any stand in the records."""

    def begun(self, call: Begun) -> Trace | None:
        """A call begins in the context of now; None: it is not followed."""
        ...

    def ended(self, record: CallRecord) -> None: ...


@runtime_checkable
class Surrounding(Protocol):
    """A tracer that also follows what calls are part of, from one process to another if need be."""

    def carried(self) -> dict[str, str]:
        """What names the trace of now to whoever goes on with it."""
        ...

    def around(self, kind: str, name: str, id: str, carried: Mapping[str, str]) -> AbstractContextManager[None]:
        """A block whose calls are part of something, such as a `saga` of that name and id; `carried` is where it began."""
        ...


@runtime_checkable
class Watcher(Protocol):
    """An observer that is told of each attempt as soon as it is over, while its call may go on for long."""

    def attempted(self, call: Begun, attempt: AttemptRecord) -> None:
        """An attempt was answered, or was not. Of a content that is received, nothing has come yet but the headers."""
        ...

    def ended(self, record: CallRecord) -> None: ...


@runtime_checkable
class Reader(Protocol):
    """An observer that is shown bodies. The secrets of the connection are taken out of them; everything else is as it was sent and came."""

    def exchanged(self, call: Begun, attempt: AttemptRecord, sent: bytes, received: bytes, scrub: Callable[[str], str]) -> None:
        """An attempt was answered. Contents that are streamed are not shown. `scrub` takes the same secrets out of what was read from a
        body, where they may have stood in a form that only its format knows."""
        ...

    def ended(self, record: CallRecord) -> None: ...


class Observers:
    """Those who are told, and which of them follow, watch or read."""

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
        """What was given as one; None for nobody."""
        if given is None or isinstance(given, Observers):
            return given
        return cls(*given) if isinstance(given, Sequence) else cls(given)

    def __or__(self, other: Observers | None) -> Observers:
        return self if other is None or other is self else _together(self, other)


@lru_cache(maxsize=64)
def _together(one: Observers, other: Observers) -> Observers:
    """Looked up for each call of a client that has observers in a process that has others."""
    return Observers(*one.all, *other.all)
