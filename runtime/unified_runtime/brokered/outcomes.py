"""What came of asking a broker: an answer, an error, or one that only the way there has."""

from __future__ import annotations

from typing import Any

import msgspec

from unified_runtime.brokered import failures
from unified_runtime.driving.driver import Outcome
from unified_runtime.errors import (
    AnswerUnreadable,
    RateLimited,
    TransportFailure,
    Unavailable,
    Unconfirmed,
    UnifiedError,
    VendorProtocolError,
)
from unified_runtime.messages import Response
from unified_runtime.steps import Retry


def settle(outcome: Outcome, retry: Retry, writes: tuple[str, ...] = ()) -> tuple[Response | UnifiedError, bool]:
    """What the broker's answer comes to, and whether it is the broker's own failure, after which the same may be sent again. `writes` is
    told as lost where the broker may have made the call."""
    if isinstance(outcome, AnswerUnreadable):
        return VendorProtocolError(f"the broker's answer cannot be used: {outcome.message}", status=outcome.status, lost=writes), False
    if isinstance(outcome, TransportFailure):
        if not outcome.sent:
            return Unavailable(f"the broker cannot be reached: {outcome.message}", retry_safe=True), not outcome.permanent
        if retry is Retry.SAFE:
            return Unavailable(f"the broker did not answer: {outcome.message}", retry_safe=True, lost=writes), not outcome.permanent
        told = f"the broker took the call and did not answer: {outcome.message}; whether it was made is not known"
        return Unconfirmed(told, lost=writes), False
    assert isinstance(outcome, Response)
    if outcome.status == 200:
        return outcome, False
    try:
        failure = failures.decode(outcome.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _foreign(outcome, retry, writes), True
    return failures.error(failure), failure.own


def _foreign(answer: Response, retry: Retry, writes: tuple[str, ...]) -> UnifiedError:
    """What an answer means that is not the broker's own: a proxy stands before it, or the address is another server's."""
    context: dict[str, Any] = {"status": answer.status, "request_id": answer.request_id}
    if answer.status == 429:
        return RateLimited("a proxy before the broker wants fewer requests", **context)
    if answer.status >= 500 or answer.status == 408:
        context["lost"] = writes
        if answer.status >= 500 and retry is Retry.NEVER:
            told = f"a proxy before the broker failed (HTTP {answer.status}): whether the call was made is not known"
            return Unconfirmed(told, **context)
        return Unavailable(f"the broker is failing (HTTP {answer.status})", **context)
    return VendorProtocolError(f"what answers at the broker's address is no broker (HTTP {answer.status})", **context)
