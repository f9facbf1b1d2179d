"""Retry schedule: the pauses between the attempts of a request, and when to give up, as strategies of tenacity.

Imported after a first failure: a call that succeeds does not load tenacity.
"""

from __future__ import annotations

import time
from collections.abc import Generator

import tenacity
from tenacity.stop import stop_base
from tenacity.wait import wait_base

from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.settings import Settings
from unified_runtime.execution.retry_policy import may_repeat


class wait_retry_after(wait_base):  # noqa: N801  tenacity names its strategies like functions
    """Wait as long as the vendor requested (`Retry-After`)."""

    def __call__(self, retry_state: tenacity.RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome is not None else None
        return getattr(error, "retry_after", None) or 0.0


class stop_before_deadline(stop_base):  # noqa: N801
    """Stop if the next pause goes beyond a deadline, a time of `time.monotonic`."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        return time.monotonic() + retry_state.upcoming_sleep > self._deadline


def pauses(first: UnifiedError, retry: Retry, settings: Settings, deadline: float) -> Generator[float, UnifiedError, None]:
    """Yield the pause before each further attempt, in seconds; the error of the attempt is sent back. Ends with the last attempt.

    A pause is an exponential backoff with full jitter, and the vendor's `Retry-After` in full.
    """
    pending: list[float] = []
    attempts = tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda error: isinstance(error, UnifiedError) and may_repeat(error, retry)),
        wait=tenacity.wait_random_exponential(multiplier=settings.backoff, max=settings.longest_backoff) + wait_retry_after(),
        stop=tenacity.stop_after_attempt(settings.attempts) | stop_before_deadline(deadline),
        sleep=pending.append,
        reraise=True,
    )
    error = first
    try:
        for attempt in attempts:
            if pending:
                error = yield pending.pop()
            with attempt:
                raise error
    except UnifiedError:
        return  # the last attempt, or an error that another attempt cannot correct; the caller has it
