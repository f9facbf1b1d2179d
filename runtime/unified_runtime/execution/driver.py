"""Driver of a call: runs an adapter's steps, and sends each request through the request stages with retries.

No I/O happens here: the flows yield what the client does next. See `pipeline` for the order of the stages.
"""

from __future__ import annotations

import time
from typing import TypeVar

from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import InvalidInput, Unauthorized, Unconfirmed, UnifiedError
from unified_runtime.core.messages import CreatedRecord, DeadlineClock, ExclusiveContent, FoundWrite, Misdirected, Pause, Request
from unified_runtime.core.responses import Response
from unified_runtime.execution.classification import unproven_write
from unified_runtime.execution.error_translation import FOREIGN, translated
from unified_runtime.execution.flows import Flow
from unified_runtime.execution.http_requests import wire_request
from unified_runtime.execution.offloading import LARGE_ECHO, LARGE_RESPONSE, Ended, offload_step, redacted
from unified_runtime.execution.record_checks import wrong_record
from unified_runtime.execution.retries import final, growing, renewed, settled_attempt, with_new_credential
from unified_runtime.execution.stages import CallState

T = TypeVar("T")


def drive(steps: Steps[T], call: CallState) -> Flow[T]:
    """Run an operation's steps and return their value.

    Raises:
        UnifiedError: the error of the call, with vendor and operation named.
    """
    if not call.deadline:
        call.deadline = time.monotonic() + call.settings.deadline
    try:
        request = next(steps) if not call.large else (yield from offload_step(steps, None))
        while True:
            if not isinstance(request, Request):
                if isinstance(request, CreatedRecord):
                    call.made = request.id
                    request = steps.send(_DONE)
                    continue
                if isinstance(request, ExclusiveContent):
                    _check_exclusive(request, call)
                    if not request.wanted:
                        request = steps.send(_DONE)
                        continue
                elif isinstance(request, Ended):
                    return request.value  # type: ignore[no-any-return]
                elif isinstance(request, Pause):
                    request.seconds += growing(request.failures, call.settings)
                    request.late = request.bounded and time.monotonic() + request.seconds > call.deadline
                elif isinstance(request, FoundWrite):
                    call.note_done(request.request, request.response)
                elif isinstance(request, Misdirected):
                    request.server = call.connection.server
                    if request.wrote:
                        call.disown()
                elif isinstance(request, DeadlineClock):
                    request.deadline, request.checks = call.deadline, call.written_texts is not None
                if not (isinstance(request, Pause) and request.late):
                    yield request
                request = steps.send(_DONE)
                continue
            if request.transfer:  # each part of a transfer has the deadline of an operation
                call.deadline = time.monotonic() + call.settings.deadline
            batched: Response | UnifiedError | None = None
            try:
                if call.connection.renew_at <= time.time():
                    yield from renewed(call, rejected=False)
                if call.batching and request.endpoint.batch is not None:
                    from unified_runtime.execution.batching import join_batch  # imported late: a single call does not need it

                    batched = yield from join_batch(request, call)
                if batched is None:
                    wire = wire_request(request, call.connection, call.settings, call.deadline)
                    outcome = yield from call.send(request, wire, call)
                    if isinstance(outcome, Response) and 200 <= outcome.status < 300 and call.connection.vendor.failed is None:
                        settled: Response | UnifiedError = outcome
                        if call.circuit_breaker is not None:
                            call.circuit_breaker.succeeded()
                    else:
                        settled = yield from settled_attempt(outcome, request, wire, call)
                        if isinstance(settled, Unauthorized) and call.connection.renewal is not None:
                            settled = yield from with_new_credential(settled, request, call)
                elif isinstance(batched, UnifiedError):
                    settled = batched
            except UnifiedError as unsent:  # a stage rejected the request: the steps may be looking up a write that was sent before
                settled = final(unsent, request.endpoint.retry, call) if call.unconfirmed else unsent
            if isinstance(batched, Response):
                if request.endpoint.retry is not Retry.SAFE:
                    call.note_done(request, batched)
                request = steps.send(batched)
                continue
            if isinstance(settled, UnifiedError):
                request = steps.throw(call.annotate(settled))
                continue
            if len(settled.body) > LARGE_ECHO:
                settled = yield from redacted(settled, call.connection.credential)
            else:
                settled = call.connection.credential.redacted(settled)
            if request.endpoint.retry is not Retry.SAFE:
                if settled.body[:1] != b"{" and (unproven := unproven_write(request, settled, call)) is not None:
                    request = steps.throw(call.annotate(unproven))
                    continue
                call.note_done(request, settled)
            if len(settled.body) > LARGE_RESPONSE or call.large:
                request = yield from offload_step(steps, settled)
            else:
                request = steps.send(settled)
    except StopIteration as stop:
        value: T = stop.value
        if call.written_texts is None and (call.requested_id is None or call.requested_id == getattr(value, "id", None)):
            return value
        wrong = wrong_record(value, call)
        if wrong is None:
            return value
    except UnifiedError as error:
        call.annotate(error)
        raise
    except FOREIGN as error:
        wrong = translated(error)
    else:
        raise AssertionError("a loop without an end")
    if isinstance(wrong, Unconfirmed) or call.misdirected:
        yield Misdirected(wrote=False, server=call.connection.server)
    raise call.annotate(wrong)


def _check_exclusive(content: ExclusiveContent, call: CallState) -> None:
    """Accept a `ExclusiveContent` if the connection is declared exclusive; ignore it otherwise.

    Raises:
        InvalidInput: the call has no idempotency key, or no idempotency store.
    """
    if not call.connection.exclusive:
        return
    if call.is_only_writer is None:
        raise InvalidInput(
            f"this connection to {call.connection.vendor.title} is declared exclusive: {call.operation} needs an idempotency_key, and an "
            "idempotency store (unified.configure(idempotency=...))",
            fields={"idempotency_key": "is required on an exclusive connection"},
        )
    content.wanted, content.ask = True, call.is_only_writer


_DONE = Response(0, (), b"", "")
"""Sent to an adapter after work that the client did for it."""
