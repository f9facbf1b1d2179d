"""Keeping within a vendor's documented rate limits, so that it need not answer 429."""

from __future__ import annotations

import threading
import time
from typing import Any, Protocol

from unified_runtime.connections import Connection


class Budget(Protocol):
    """Counts requests per vendor and connection."""

    def spend(self, connection: Connection) -> float:
        """Count one request. Returns 0 if it may be sent now, else the seconds until one may; then nothing was counted."""
        ...


class Unlimited:
    """No budget at all."""

    def spend(self, connection: Connection) -> float:
        return 0.0


class LazyBudget:
    """A `MemoryBudget` made with the first vendor that declares limits: importing `limits` takes a tenth of a second."""

    def __init__(self) -> None:
        self._inner: MemoryBudget | None = None
        self._lock = threading.Lock()

    def spend(self, connection: Connection) -> float:
        if not connection.vendor.limits:
            return 0.0
        if self._inner is None:
            with self._lock:
                self._inner = self._inner or MemoryBudget()
        return self._inner.spend(connection)


class MemoryBudget:
    """Moving windows by the `limits` library, in this process's memory or another storage of that library.

    Vendors that declare no limit cost nothing.
    """

    def __init__(self, storage: Any = None) -> None:
        from limits import RateLimitItemPerSecond
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._limiter = MovingWindowRateLimiter(storage if storage is not None else MemoryStorage())
        self._item = RateLimitItemPerSecond

    def spend(self, connection: Connection) -> float:
        vendor = connection.vendor
        wait = 0.0
        items = [(self._item(limit.amount, limit.seconds, limit.name), limit) for limit in vendor.limits]
        keys = (vendor.name, connection.server, connection.id or connection.user or "")
        # All limits are looked at before any is charged, or a request that has to wait would use up the others.
        for item, _ in items:
            if not self._limiter.test(item, *keys):
                wait = max(wait, self._limiter.get_window_stats(item, *keys).reset_time - time.time(), 0.01)
        if wait:
            return wait
        for item, _ in items:
            self._limiter.hit(item, *keys)
        return 0.0
