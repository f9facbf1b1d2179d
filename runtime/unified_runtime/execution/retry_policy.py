"""Retry policy: decides which failed requests may be sent again. `retry_schedule` has the pauses between attempts."""

from __future__ import annotations

from unified_runtime.core.endpoints import Retry
from unified_runtime.core.error_classification import REFUSED
from unified_runtime.core.errors import LimitExhausted, RateLimited, Unavailable, Unconfirmed, UnifiedError

TRANSIENT = frozenset({408, 421, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed."""


def may_repeat(error: UnifiedError, retry: Retry) -> bool:
    """Return True if the request behind this error may be sent again and could succeed."""
    if isinstance(error, RateLimited):
        return not isinstance(error, LimitExhausted)
    if not isinstance(error, Unavailable) or isinstance(error, Unconfirmed):
        return False
    if error.status is None:
        # No response. A request that was sent and must not be repeated has become `Unconfirmed`.
        return True
    return error.status in (REFUSED if retry is Retry.NEVER else TRANSIENT)
