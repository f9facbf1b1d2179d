"""Outcome of a request to a broker: a response, the broker's error, or an error of a proxy in between."""

from __future__ import annotations

from typing import Any

import msgspec

from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import (
    RateLimited,
    TransportFailure,
    Unavailable,
    Unconfirmed,
    UnifiedError,
    UnreadableResponse,
    VendorProtocolError,
)
from unified_runtime.core.responses import Response
from unified_runtime.core.wire import errors
from unified_runtime.execution.flows import ActionResult


def settle(outcome: ActionResult, retry: Retry, writes: tuple[str, ...] = ()) -> tuple[Response | UnifiedError, bool]:
    """Return the response or error of a request, and True if the broker itself failed and the same request may be sent again. `writes` is
    reported as `lost` if the broker may have made the call."""
    if isinstance(outcome, UnreadableResponse):
        return VendorProtocolError(f"the broker's response cannot be used: {outcome.message}", status=outcome.status, lost=writes), False
    if isinstance(outcome, TransportFailure):
        if not outcome.sent:
            return Unavailable(f"the broker cannot be reached: {outcome.message}", retry_safe=True), not outcome.permanent
        if retry is Retry.SAFE:
            return Unavailable(f"the broker did not respond: {outcome.message}", retry_safe=True, lost=writes), not outcome.permanent
        text = f"the broker accepted the call and did not respond: {outcome.message}; whether it was made is not known"
        return Unconfirmed(text, lost=writes), False
    assert isinstance(outcome, Response)
    if outcome.status == 200:
        return outcome, False
    try:
        failure = errors.decode(outcome.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _foreign(outcome, retry, writes), True
    return errors.error(failure), failure.own


def _foreign(response: Response, retry: Retry, writes: tuple[str, ...]) -> UnifiedError:
    """Return the error for a response that is not a broker's: a proxy's, or that of another server at this URL."""
    context: dict[str, Any] = {"status": response.status, "request_id": response.request_id}
    if response.status == 429:
        return RateLimited("a proxy before the broker wants fewer requests", **context)
    if response.status >= 500 or response.status == 408:
        context["lost"] = writes
        if response.status >= 500 and retry is Retry.NEVER:
            text = f"a proxy before the broker failed (HTTP {response.status}): whether the call was made is not known"
            return Unconfirmed(text, **context)
        return Unavailable(f"the broker is failing (HTTP {response.status})", **context)
    return VendorProtocolError(f"the server at the broker's URL is not a broker (HTTP {response.status})", **context)
