"""Vendors' rate limits, counted together by all broker processes, in Redis."""

from __future__ import annotations

from unified_platform.extras import extra
from unified_runtime.budgets import MemoryBudget


class RedisBudget(MemoryBudget):
    """As `MemoryBudget`, counted in a Redis server that all processes share.

    Raises:
        InvalidInput: the extra `redis` is not installed.
    """

    def __init__(self, url: str) -> None:
        extra("redis", "redis", "a budget in Redis")
        from limits.storage import storage_from_string

        super().__init__(storage_from_string(url))
