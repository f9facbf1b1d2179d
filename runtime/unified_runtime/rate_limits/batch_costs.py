"""Rate limit cost of batch requests, for vendors that count each request in a batch against their limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from unified_runtime.core.messages import Request
from unified_runtime.rate_limits.rate_limiter import RateLimiter
from unified_runtime.rate_limits.reservations import Reservation, Window

if TYPE_CHECKING:
    from unified_runtime.core.connections import Connection
    from unified_runtime.rate_limits.reported_limits import ReportedLimits


class BatchRateLimiter:
    """Rate limiter in which a batch request costs as much as the requests that it wraps, all of one operation."""

    def __init__(self, rate_limiter: RateLimiter, wrapped: Sequence[Request]) -> None:
        self._rate_limiter = rate_limiter
        self._wrapped = wrapped
        self.blocks = rate_limiter.blocks

    def entry(self, connection: Connection, request: Request, agent: str, deadline: float) -> Reservation | None:
        """Return the reservation of a batch: the windows of the wrapped requests."""
        entry = self._rate_limiter.entry(connection, self._wrapped[0], agent, deadline)
        if entry is None:
            return None
        at = entry.windows.index(entry.scope)
        windows = tuple(self._times(window) for window in entry.windows)
        return Reservation(windows, windows[at], entry.wide, entry.waiter, entry.deadline, entry.alias)

    def _times(self, window: Window) -> Window:
        """Return the window with the cost of the batch, at most the window's limit: a higher cost would wait forever."""
        limits = [number for number in (window.amount, window.concurrent) if number]
        return msgspec.structs.replace(window, cost=min([window.cost * len(self._wrapped), *limits]))

    def enter(self, entry: Reservation) -> float:
        return self._rate_limiter.enter(entry)

    def ended(self, entry: Reservation, limits: ReportedLimits | None) -> None:
        self._rate_limiter.ended(entry, limits)

    def leave(self, entry: Reservation) -> None:
        self._rate_limiter.leave(entry)
