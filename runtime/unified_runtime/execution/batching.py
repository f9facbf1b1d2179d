"""Batching of calls: requests of the same kind from several calls are sent as one batch request.

Each call has its own policy decisions, idempotency key and result. It waits for the others only when its request is about to be sent.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Iterable
from typing import Any

from unified_runtime.adapter_api.batch_endpoints import Batch, Part
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.error_classification import failed, response_error
from unified_runtime.core.errors import Unconfirmed, UnifiedError
from unified_runtime.core.messages import HTTPRequest, Local, Request
from unified_runtime.core.responses import Response
from unified_runtime.execution.flows import ActionResult, Flow
from unified_runtime.execution.http_requests import wire_request
from unified_runtime.execution.retries import final, growing
from unified_runtime.execution.single_requests import ask
from unified_runtime.execution.stages import CallState, request_chain
from unified_runtime.rate_limits.batch_costs import BatchRateLimiter


class Exchange:
    """Request sent for a batch of calls, with its outcome, its start (seconds since 1970) and its duration in seconds."""

    __slots__ = ("duration", "outcome", "started_at", "wire")

    def __init__(self, wire: HTTPRequest, outcome: ActionResult, started_at: float, duration: float) -> None:
        self.wire = wire
        self.outcome = outcome
        self.started_at = started_at
        self.duration = duration


class BatchSlot(Local):
    """Request that waits for others of its kind. It is yielded twice: until the size of its batch is known, and until the batch was sent.

    Between the two, it runs through the request stages. `exchanges` are the batch requests that this call reports to its observers.
    """

    __slots__ = ("call", "error", "exchanges", "kind", "part", "passed", "request", "separate")

    def __init__(self, request: Request, destination: tuple[object, ...], call: CallState | None) -> None:
        self.request = request
        self.call = call
        self.kind = (id(request.endpoint), *destination, self.batch.common(request))
        """Requests with an equal `kind` may be sent in one batch."""
        self.separate = False
        self.passed = False
        self.part: Part | None = None
        self.error: UnifiedError | None = None
        self.exchanges: tuple[Exchange, ...] = ()

    @property
    def batch(self) -> Batch:
        batch: Batch | None = self.request.endpoint.batch
        assert batch is not None
        return batch


def join_batch(request: Request, call: CallState) -> Flow[Response | UnifiedError | None]:
    """Send a request in a batch. Returns its response or its error; None if it has to be sent separately.

    Raises:
        UnifiedError: the request is not sent.
    """
    assert request.endpoint.batch is not None
    if not request.endpoint.batch.accepts(request):
        return None
    failures = 0
    while True:
        outcome, own = yield from _once(request, call)
        if not own or not isinstance(outcome, UnifiedError):
            return outcome
        from unified_runtime.execution.retry_schedule import pauses  # imported late: a call that succeeds does not need it

        # An error of one wrapped request is handled as if it had been sent separately: it is sent again with the requests that wait then.
        call.note_failure(None, outcome, request)
        failures += 1
        retry = request.endpoint.retry
        pause = next(pauses(outcome, retry, call.settings, call.deadline), None) if failures < call.settings.attempts else None
        if pause is None:
            return final(outcome, retry, call)
        yield pause + growing(failures, call.settings)


def _once(request: Request, call: CallState) -> Flow[tuple[Response | UnifiedError | None, bool]]:
    """Return the outcome of a request in one batch, and True if the error is the request's own response, with its own status."""
    connection = call.connection
    slot = BatchSlot(request, (connection.vendor.name, connection.server, connection.name, connection.id), call)
    yield slot
    if slot.separate:
        return None, False
    wire = wire_request(request, call.connection, call.settings, call.deadline)

    def join(request: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
        slot.passed = True
        yield slot
        return None

    # The rate limit and the circuit breaker apply to the batch request.
    yield from request_chain(call.checks, join)(request, wire, call)
    call.deadline = time.monotonic() + call.settings.deadline  # it waited for others
    if slot.error is not None:
        return slot.error, False
    part = slot.part
    assert part is not None
    if part.separate:
        return None, False
    if part.response is None:
        return _without_result(request, call), False
    if part.failed or (slot.batch.item_request is not None and failed(part.response, call.connection.vendor)):
        error = response_error(part.response, request, call.connection.vendor, call.names, call.connection.secrets)
        return None if error.code in slot.batch.separate_codes else error, slot.batch.item_request is not None
    return part.response, False


def _without_result(request: Request, call: CallState) -> UnifiedError | None:
    """Return the error if the batch response has no result for this request. None if it may be repeated: then it is sent separately."""
    if request.endpoint.retry is not Retry.NEVER:
        return None
    assert request.endpoint.batch is not None
    batch = request.endpoint.batch.endpoint
    text = f"{call.connection.vendor.title}'s response to {batch.method} {batch.template} does not report the result of this item"
    return Unconfirmed(f"{text}. Whether it was executed is not known; it was not repeated")


def send_batch(slots: list[BatchSlot]) -> Flow[None]:
    """Send the requests of one kind as one batch, and give each its part of the response."""
    first = slots[0]
    exchanges: list[Exchange] = []
    assert first.call is not None
    of = first.call
    call = of.nested(of.operation, of.settings)
    call.names, call.keyed = of.names, of.keyed
    try:
        request, items = first.batch.combine([slot.request for slot in slots])
        if first.batch.item_request is not None and call.rate_limiter is not None:
            call.rate_limiter = BatchRateLimiter(call.rate_limiter, [slot.request for slot in slots])
        response = yield from _noted(ask(request, call), exchanges)
    except UnifiedError as error:
        for slot in slots:
            slot.error = copy.copy(error)
    else:
        for slot, part in zip(slots, first.batch.parts(response, items), strict=True):
            slot.part = part
            if slot.call is not None:
                slot.call.connection = call.connection  # its credential may have been refreshed
    first.exchanges = tuple(exchanges)


def _noted(flow: Flow[Response], exchanges: list[Exchange]) -> Flow[Response]:
    """Return the flow; the requests that it sends are noted in `exchanges` for the observers of the calls."""
    try:
        action = next(flow)
        while True:
            started_at, clock = time.time(), time.perf_counter()
            outcome = yield action
            if isinstance(action, HTTPRequest):
                exchanges.append(Exchange(action, outcome, started_at, time.perf_counter() - clock))
            action = flow.send(outcome)
    except StopIteration as stop:
        response: Response = stop.value
        return response
    finally:
        flow.close()


class BatchQueue:
    """Calls whose requests are sent in batches. The client continues the calls that can go on (`next`), or the batches to send (`batches`),
    until the queue is `over`."""

    def __init__(self, calls: Iterable[PendingCall]) -> None:
        self.calls = list(calls)

    @property
    def over(self) -> bool:
        """True when all calls have ended."""
        return all(pending.ended for pending in self.calls)

    def next(self) -> list[PendingCall]:
        """Return the calls that can go on now; none if all wait for a batch to be sent."""
        free = [pending for pending in self.calls if pending.free]
        if free or any(pending.ready for pending in self.calls):
            return free
        return self._opened()

    def batches(self) -> list[list[BatchSlot]]:
        """Return the batches to send now: requests of one kind that have passed their stages. A single request is sent separately."""
        found: list[list[BatchSlot]] = []
        for group in _by_kind(pending for pending in self.calls if pending.ready):
            for batch in _split_conflicting([pending.slot for pending in group if pending.slot is not None]):
                most = batch[0].batch.max_items
                found += [batch[at : at + most] for at in range(0, len(batch), most)]
        for batch in found:
            if len(batch) == 1:
                batch[0].part = Part(separate=True)
        return [batch for batch in found if len(batch) > 1]

    def _opened(self) -> list[PendingCall]:
        """Let the requests that wait pass their stages, and return their calls. Reads let writes go first: a later read then serves all
        calls."""
        arrived = [pending for pending in self.calls if pending.slot is not None]
        writing = [pending for pending in arrived if pending.slot is not None and pending.slot.request.endpoint.retry is not Retry.SAFE]
        opened: list[PendingCall] = []
        for group in _by_kind(writing or arrived):
            for pending in group:
                assert pending.slot is not None
                pending.slot.separate = len(group) == 1
                pending.opened = True
            opened += group
        return opened


def _split_conflicting(slots: list[BatchSlot]) -> list[list[BatchSlot]]:
    """Split requests that change the same record into separate batches: vendors refuse them in one batch, or leave their order undefined.

    A POST creates or acts below its URL and does not replace what is at that URL (RFC 9110): two of them do not change the same record.
    """
    endpoint = slots[0].request.endpoint
    if endpoint.retry is Retry.SAFE or endpoint.method == "POST" or not (slots[0].batch.item_parameters or slots[0].batch.item_request):
        return [slots]
    rounds: list[dict[str, BatchSlot]] = []
    for slot in slots:
        free = next((one for one in rounds if slot.request.target not in one), None)
        if free is None:
            rounds.append(free := {})
        free[slot.request.target] = slot
    return [[*one.values()] for one in rounds]


def _by_kind(calls: Iterable[PendingCall]) -> list[list[PendingCall]]:
    found: dict[tuple[object, ...], list[PendingCall]] = {}
    for pending in calls:
        assert pending.slot is not None
        found.setdefault(pending.slot.kind, []).append(pending)
    return [*found.values()]


class PendingCall:
    """One call of a batch queue: its flow and the request that it waits with. It has ended once it has a result or an error."""

    __slots__ = ("_outcome", "ended", "error", "flow", "opened", "slot", "value")

    def __init__(self, flow: Flow[Any]) -> None:
        self.flow = flow
        self.slot: BatchSlot | None = None
        self.opened = False
        self.ended = False
        self.value: Any = None
        self.error: UnifiedError | None = None
        self._outcome: Any = None

    @property
    def ready(self) -> bool:
        """Return True if its request has passed its stages and was not sent yet."""
        return self.slot is not None and self.slot.passed and self.slot.part is None and self.slot.error is None

    @property
    def free(self) -> bool:
        """Return True if the call can go on."""
        if self.ended:
            return False
        return self.slot is None or self.opened or (self.slot.passed and not self.ready)

    def actions(self) -> Flow[None]:
        """Yield the actions of the call until it waits for others or has ended."""
        outcome: Any = None
        self.opened = False
        try:
            while True:
                action = self.flow.send(outcome)
                if isinstance(action, BatchSlot):
                    self.slot = action
                    return
                outcome = yield action
        except StopIteration as stop:
            self.value = stop.value
        except UnifiedError as error:
            self.error = error
        self.slot, self.ended = None, True
