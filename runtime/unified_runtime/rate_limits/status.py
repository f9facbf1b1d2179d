"""Status of rate limits, for display."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitStatus:
    """One window of a rate limit.

    `key` is `vendor|account|limit|operation|values`. `limit` and `left` are what the vendor's responses reported, `used` is what was
    counted here. `reset_in` and `blocked_for` are seconds from now: until `left` is renewed, and for which nothing is sent.
    """

    key: str
    used: int = 0
    limit: int | None = None
    left: int | None = None
    reset_in: float | None = None
    blocked_for: float = 0.0
    running: int = 0
    waiting: int = 0

    @property
    def vendor(self) -> str:
        """Vendor of the window."""
        return self.key.partition("|")[0]


def ordered(windows: Iterable[LimitStatus]) -> list[LimitStatus]:
    """Return the windows sorted: those that block requests longest come first."""
    return sorted(windows, key=lambda one: (-one.blocked_for, one.left != 0, one.key))
