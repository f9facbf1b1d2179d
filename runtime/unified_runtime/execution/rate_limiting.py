"""Rate limit stage: a request waits until the vendor's limits have room for it; limits reported in its response are stored."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.errors import RateLimited
from unified_runtime.core.messages import HTTPRequest, Request
from unified_runtime.core.responses import Response
from unified_runtime.execution.flows import ActionResult, Flow, RateLimitWait
from unified_runtime.execution.stages import CallState, Send
from unified_runtime.rate_limits.reported_limits import ReportedLimits, read

if TYPE_CHECKING:
    from unified_runtime.rate_limits.rate_limiter import RateLimiter
    from unified_runtime.rate_limits.reservations import Reservation

NAP = 2.0
"""Seconds after which a waiting request checks the limits again: requests before it may have left."""


def limit_rate(proceed: Send, request: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
    """Send a request once the rate limit has room for it.

    Raises:
        RateLimited: the request would wait beyond the call's deadline.
    """
    rate_limiter = call.rate_limiter
    if rate_limiter is None:
        return proceed(request, wire, call)
    call.entry = entry = rate_limiter.entry(call.connection, request, call.agent, call.deadline)
    if entry is None:
        return proceed(request, wire, call)
    return _limited(entry, rate_limiter, proceed, request, wire, call)


def _limited(
    entry: Reservation, rate_limiter: RateLimiter, proceed: Send, request: Request, wire: HTTPRequest, call: CallState
) -> Flow[ActionResult]:
    try:
        while (seconds := (yield from _entered(entry, rate_limiter))) > 0:
            if time.monotonic() + seconds > call.deadline:
                raise RateLimited(
                    f"the rate limit of {call.connection.vendor.title} is exhausted: the next request may be sent in {seconds:.0f} s",
                    retry_after=seconds,
                    retry_safe=not call.twice,
                )
            yield RateLimitWait(min(seconds, NAP))
        outcome = yield from proceed(request, wire, call)
    except BaseException:
        rate_limiter.leave(entry)
        raise
    limits = read(outcome, call.connection.vendor.longest_wait) if isinstance(outcome, Response) else None
    if limits is not None or entry.held:
        yield from _report(entry, rate_limiter, limits)
    return outcome


def refused(entry: Reservation, rate_limiter: RateLimiter, seconds: float | None) -> Flow[None]:
    """Pause requests for some seconds, by default 1: the vendor reported its rate limit in the body and not with the status 429."""
    yield from _report(entry, rate_limiter, ReportedLimits(wait=1.0 if seconds is None else seconds))


def _entered(entry: Reservation, rate_limiter: RateLimiter) -> Flow[float]:
    if not rate_limiter.blocks:
        return rate_limiter.enter(entry)
    task = BlockingTask(lambda: rate_limiter.enter(entry), blocks=True)
    yield task
    return task.result


def _report(entry: Reservation, rate_limiter: RateLimiter, limits: ReportedLimits | None) -> Flow[None]:
    if rate_limiter.blocks:
        yield BlockingTask(lambda: rate_limiter.ended(entry, limits), blocks=True)
    else:
        rate_limiter.ended(entry, limits)
