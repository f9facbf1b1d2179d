"""Retries of a request: after a pause, and with a refreshed credential if the vendor rejected the one that was sent."""

from __future__ import annotations

import msgspec

from unified_runtime.core.connection_sources import Renew
from unified_runtime.core.connections import Connection
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import RateLimited, TransportFailure, Unauthorized, Unavailable, Unconfirmed, UnifiedError
from unified_runtime.core.messages import HTTPRequest, Request
from unified_runtime.core.responses import Response
from unified_runtime.core.settings import Settings
from unified_runtime.execution.classification import classified
from unified_runtime.execution.flows import ActionResult, Flow
from unified_runtime.execution.http_requests import timeout_of, wire_request
from unified_runtime.execution.retry_policy import may_repeat
from unified_runtime.execution.stages import CallState


def settled_attempt(outcome: ActionResult, request: Request, wire: HTTPRequest, call: CallState) -> Flow[Response | UnifiedError]:
    """Return the final outcome of an attempt that failed or was redirected, after the retries that are allowed."""
    retry = request.endpoint.retry
    settled = yield from classified(outcome, request, wire, call)
    if isinstance(settled, Response):
        return settled
    call.note_failure(outcome, settled, request)
    if not (may_repeat(settled, retry) and _worth_repeating(outcome)):
        return final(settled, retry, call)
    from unified_runtime.execution.retry_schedule import pauses  # imported late: a call that succeeds does not need it

    again = pauses(settled, retry, call.settings, call.deadline)
    error = settled
    pause = next(again, None)
    while pause is not None:
        if call.circuit_breaker is not None and isinstance(error, Unavailable) and not call.circuit_breaker.spend_retry():
            break
        yield pause
        wire = msgspec.structs.replace(wire, timeout=timeout_of(call.settings, wire.deadline))
        outcome = yield from call.send(request, wire, call)
        settled = yield from classified(outcome, request, wire, call)
        if isinstance(settled, Response):
            return settled
        error = settled
        call.note_failure(outcome, settled, request)
        if not _worth_repeating(outcome):
            break
        try:
            pause = again.send(error)
        except StopIteration:
            pause = None
    return final(error, retry, call)


def growing(failures: int, settings: Settings) -> float:
    """Return the seconds to wait after so many failures in a row; 0 after the first."""
    return min(settings.backoff * 2.0 ** (failures - 1), settings.longest_backoff) if failures > 1 else 0.0


def renewed(call: CallState, *, rejected: bool) -> Flow[bool]:
    """Refresh the credential of the call's connection. Returns True if the credential changed.

    Raises:
        UnifiedError: it cannot be refreshed.
    """
    old = call.connection
    if old.renewal is None:
        return False
    outcome = yield Renew(old.renewal, old, rejected=rejected)
    if isinstance(outcome, UnifiedError):
        raise outcome
    assert isinstance(outcome, Connection)
    call.connection = outcome
    return outcome is not old


def with_new_credential(refused: Unauthorized, request: Request, call: CallState) -> Flow[Response | UnifiedError]:
    """Send a request that was rejected as unauthorized again, with another credential if there is one. Returns its outcome.

    The rejected request was not executed, so that even a plain POST may be sent again. It is sent once more: a second rejection is not
    caused by an expired credential.
    """
    if not (yield from renewed(call, rejected=True)):
        return refused
    wire = wire_request(request, call.connection, call.settings, call.deadline)
    return (yield from settled_attempt((yield from call.send(request, wire, call)), request, wire, call))


def _worth_repeating(outcome: ActionResult) -> bool:
    return not (isinstance(outcome, TransportFailure) and outcome.permanent)


def final(error: UnifiedError, retry: Retry, call: CallState) -> UnifiedError:
    """Return the error after the last attempt; `retry_safe` is set if the same call may succeed later."""
    if call.unconfirmed and retry is Retry.KEYED:
        message = f"{error.message}. Whether it was executed before is not known"
        return Unconfirmed(message, status=error.status, code=error.code, request_id=error.request_id, fields=error.fields)
    passing = isinstance(error, (RateLimited, Unavailable)) and not isinstance(error, Unconfirmed)
    error.retry_safe = passing and (retry is not Retry.NEVER or isinstance(error, RateLimited) or may_repeat(error, retry))
    return error.with_traceback(None)
