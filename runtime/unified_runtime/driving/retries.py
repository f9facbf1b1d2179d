"""Whether, when and how often a failed request is sent again."""

from __future__ import annotations

import time
from collections.abc import Generator

from unified_runtime.classify import REFUSED
from unified_runtime.errors import RateLimited, Unavailable, Unconfirmed, UnifiedError
from unified_runtime.settings import Settings
from unified_runtime.steps import Retry

TRANSIENT = frozenset({408, 421, 425, 429, 500, 502, 503, 504})


def may_repeat(error: UnifiedError, retry: Retry) -> bool:
    """Whether the request behind this error may be sent again and could succeed."""
    if isinstance(error, RateLimited):
        return True
    if not isinstance(error, Unavailable) or isinstance(error, Unconfirmed):
        return False
    if error.status is None:
        # No answer. A request that was sent and must not be repeated has become `Unconfirmed`.
        return True
    return error.status in (REFUSED if retry is Retry.NEVER else TRANSIENT)


def pauses(first: UnifiedError, retry: Retry, settings: Settings, deadline: float) -> Generator[float, UnifiedError, None]:
    """The pauses before each further attempt, in seconds; sent each attempt's error, ends when to give up.

    Exponential backoff with full jitter; a vendor's `Retry-After` is waited for in full. `tenacity` keeps the count, and
    is imported and entered only after a first failure: a call that succeeds pays nothing for it.
    """
    import tenacity

    backoff = tenacity.wait_random_exponential(multiplier=settings.backoff, max=settings.longest_backoff)

    def wait(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        wanted = getattr(error, "retry_after", None)
        return float(backoff(state)) + (wanted or 0.0)

    def stop(state: tenacity.RetryCallState) -> bool:
        return state.attempt_number >= settings.attempts or time.monotonic() + state.upcoming_sleep > deadline

    def repeatable(error: BaseException) -> bool:
        return isinstance(error, UnifiedError) and may_repeat(error, retry)

    slept: list[float] = []
    controller = tenacity.Retrying(sleep=slept.append, wait=wait, stop=stop, retry=tenacity.retry_if_exception(repeatable))
    error = first
    try:
        for attempt in controller:
            if slept:
                error = yield slept.pop()
            with attempt:
                raise error
    except (tenacity.RetryError, UnifiedError):
        # Enough attempts, or an error that another attempt cannot mend. The driver holds the error already.
        return
