"""Rate limiters: delay requests so that they stay within the vendors' limits and agents' own limits.

Before a request is sent, it acquires a reservation (`execution.rate_limiting`), and its response is reported back. The vendor's declaration
decides which limits apply to a request. `MemoryRateLimiter` counts in this process, `unified_platform.rate_limits` in Redis, shared by
processes.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from unified_runtime.rate_limits.reservations import Agents, Reservation, ReservationFactory

if TYPE_CHECKING:
    from unified_runtime.core.connections import Connection
    from unified_runtime.core.messages import Request
    from unified_runtime.rate_limits.reported_limits import ReportedLimits
    from unified_runtime.rate_limits.status import LimitStatus


class RateLimiter(Protocol):
    """Counter of requests. Threads may share it. `enter` and `ended` may block if `blocks` is True; no method raises."""

    blocks: bool

    def entry(self, connection: Connection, request: Request, agent: str, deadline: float) -> Reservation | None:
        """Return the limits that a request counts against; None if there are none. `deadline` is a time of `time.monotonic`."""
        ...

    def enter(self, entry: Reservation) -> float:
        """Count a request. Returns 0 if it may be sent now; else the estimated seconds until it may, and the request is not counted."""
        ...

    def ended(self, entry: Reservation, limits: ReportedLimits | None) -> None:
        """Note that a counted request has ended, and the limits that its response reports."""
        ...

    def leave(self, entry: Reservation) -> None:
        """Release a request whose caller has gone, waiting or not. Does not block."""
        ...


class Unlimited:
    """Rate limiter without limits."""

    blocks = False

    def entry(self, connection: Connection, request: Request, agent: str, deadline: float) -> Reservation | None:
        return None

    def enter(self, entry: Reservation) -> float:
        return 0.0

    def ended(self, entry: Reservation, limits: ReportedLimits | None) -> None:
        pass

    def leave(self, entry: Reservation) -> None:
        pass


class MemoryRateLimiter(ReservationFactory):
    """Rate limiter that counts in this process's memory. `agents` are the agents' own limits."""

    blocks = False

    def __init__(self, agents: Agents | None = None) -> None:
        from unified_runtime.rate_limits.request_counters import Counter  # imported late: vendors without limits do not need it

        super().__init__(agents)
        self._counter = Counter()
        self._lock = threading.Lock()

    def enter(self, entry: Reservation) -> float:
        with self._lock:
            return self._counter.enter(entry)

    def ended(self, entry: Reservation, limits: ReportedLimits | None) -> None:
        scope = self.bucket(entry, limits)
        with self._lock:
            self._counter.ended(entry, scope, limits)

    def leave(self, entry: Reservation) -> None:
        with self._lock:
            self._counter.leave(entry)

    def status(self, vendor: str | None = None) -> list[LimitStatus]:
        """Return the status of the counted windows, for one vendor or all."""
        with self._lock:
            return self._counter.status(vendor)

    def reset(self, vendor: str) -> int:
        """Delete what was counted and learned for a vendor, such as a wait that its response requested by mistake.

        Returns the number of windows.
        """
        with self._lock:
            return self._counter.reset(vendor)


class LazyRateLimiter:
    """Rate limiter that creates a `MemoryRateLimiter` at the first request to a vendor that has limits."""

    blocks = False

    def __init__(self) -> None:
        self._inner: MemoryRateLimiter | None = None
        self._lock = threading.Lock()

    def entry(self, connection: Connection, request: Request, agent: str, deadline: float) -> Reservation | None:
        if not connection.vendor.limits:
            return None
        return self._made().entry(connection, request, agent, deadline)

    def enter(self, entry: Reservation) -> float:
        return self._made().enter(entry)

    def ended(self, entry: Reservation, limits: ReportedLimits | None) -> None:
        self._made().ended(entry, limits)

    def leave(self, entry: Reservation) -> None:
        self._made().leave(entry)

    def status(self, vendor: str | None = None) -> list[LimitStatus]:
        """Return the status; see `MemoryRateLimiter.status`."""
        return [] if self._inner is None else self._inner.status(vendor)

    def reset(self, vendor: str) -> int:
        """Delete what was counted for a vendor; see `MemoryRateLimiter.reset`."""
        return 0 if self._inner is None else self._inner.reset(vendor)

    def _made(self) -> MemoryRateLimiter:
        if self._inner is None:
            with self._lock:
                self._inner = self._inner or MemoryRateLimiter()
        return self._inner
