"""What a request that wraps others counts for: at vendors that take several as one, each of them is a request to their limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from unified_runtime.messages import Request
from unified_runtime.pacing.budgets import Budget, Entry, Window

if TYPE_CHECKING:
    from unified_runtime.connections import Connection
    from unified_runtime.pacing.limits_told import Told


class EachCounts:
    """A budget in which one request counts as those that it wraps, which are of one operation."""

    def __init__(self, budget: Budget, wrapped: Sequence[Request]) -> None:
        self._budget = budget
        self._wrapped = wrapped
        self.blocks = budget.blocks

    def entry(self, connection: Connection, request: Request, agent: str, deadline: float) -> Entry | None:
        """What the wrapped requests count against, as one entry."""
        entry = self._budget.entry(connection, self._wrapped[0], agent, deadline)
        if entry is None:
            return None
        at = entry.windows.index(entry.scope)
        windows = tuple(self._times(window) for window in entry.windows)
        return Entry(windows, windows[at], entry.wide, entry.ticket, entry.deadline, entry.alias)

    def _times(self, window: Window) -> Window:
        """More than a window ever holds would wait forever: such a batch takes all of it."""
        limits = [number for number in (window.amount, window.concurrent) if number]
        return msgspec.structs.replace(window, cost=min([window.cost * len(self._wrapped), *limits]))

    def enter(self, entry: Entry) -> float:
        return self._budget.enter(entry)

    def answered(self, entry: Entry, told: Told | None) -> None:
        self._budget.answered(entry, told)

    def leave(self, entry: Entry) -> None:
        self._budget.leave(entry)
