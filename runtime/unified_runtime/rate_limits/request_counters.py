"""Request counter in memory: sliding windows, limits reported by vendors, requests in progress, and fair queues.

`unified_platform/rate_limits/rate_limits.lua` does the same in Redis, step by step; a test compares the two.

A window is divided into a hundred slices, and a request is counted at the end of the slice after its own. In any period of the window's
length, no more requests are sent than the limit, even if one takes up to a hundredth of it longer to arrive than another, and at least 98
of a hundred are sent.

A waiting request has a ticket with a tag: one more than the last tag of its agent, and than the tag of the last request that was served
(start-time fair queueing; Goyal, Vin and Cheng, 1996). The lowest tag is served first: agents take turns, however many requests each has
waiting.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unified_runtime.rate_limits.reported_limits import ReportedLimits
    from unified_runtime.rate_limits.reservations import Reservation, Window
    from unified_runtime.rate_limits.status import LimitStatus

SLICES = 100
POLL = 0.05
"""Seconds after which to check again if it is not known when a slot becomes free."""
NAP, GRACE = 2.0, 3.0
"""A waiting request checks again within NAP seconds; its queue position is held for GRACE more seconds."""
PROBE = 10.0
"""Seconds that the first request to a vendor that reports its limits may take, before another may be sent."""
SILENT = 3600.0
"""Seconds for which a vendor that reported no limits is treated as having none."""
TOLERANCE = 1.5
"""Seconds by which two reports of one reset may differ: many are whole seconds."""
REST = 0.01
"""Fraction of the period for which `left` is valid if no reset is reported (Salesforce)."""
IDLE = 90000.0
"""Seconds after which the state of an unused window is deleted: longer than a day, the longest window of any vendor."""


class State:
    """State of one window."""

    __slots__ = (
        "dearest",
        "last",
        "left",
        "length",
        "limit",
        "period",
        "probe",
        "reset",
        "running",
        "seen",
        "silent",
        "slices",
        "span",
        "tags",
        "until",
        "used",
        "virtual",
        "waiting",
    )

    def __init__(self) -> None:
        self.slices: deque[tuple[float, int]] = deque()  # the times at which requests are counted, and their numbers
        self.used = 0
        self.length = 0.0  # length of the window in which they are counted
        self.limit: int | None = None  # as reported
        self.period: float | None = None
        self.left: int | None = None  # requests that may be sent until `reset`
        self.reset = 0.0
        self.span = 0.0  # the longest reported time to a reset
        self.until = 0.0  # no request is sent before
        self.probe = 0.0  # a first request is in progress until then
        self.silent = 0.0  # no numbers are reported until then
        self.running: dict[str, float] = {}  # tickets, and the times at which they count as lost
        self.waiting: list[tuple[float, str]] = []  # tags and tickets
        self.dearest = 1  # the highest cost of a waiting request
        self.tags: dict[str, tuple[float, float]] = {}  # by ticket: its tag, and when its queue position expires
        self.last: dict[str, float] = {}  # by agent: the last tag
        self.virtual = 0.0  # tag of the last request that was served
        self.seen = 0.0


def stamp(now: float, period: float) -> float:
    """Return the time at which a request that is sent now is counted."""
    width = period / SLICES
    return round((math.floor(now / width) + 2) * width, 6)


class Counter:
    """Counter of requests, not safe for threads. `share` is the fraction of each limit that it may use; `clock` returns seconds, for
    tests."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, share: float = 1.0) -> None:
        self._clock = clock
        self.share = share
        self._states: dict[str, State] = {}
        self._swept = 0.0

    def enter(self, entry: Reservation) -> float:
        """Count a request; see `RateLimiter.enter`."""
        now = self._clock()
        if now - self._swept > IDLE / 10:
            self._sweep(now)
        states = [(window, self._state(window.key, now)) for window in entry.windows]
        waits = [self._wait(window, state, entry, now) for window, state in states]
        longest = max(waits)
        if longest <= 0:
            for window, state in states:
                self._take(window, state, entry, now)
            return 0.0
        for (window, state), wait in zip(states, waits, strict=True):
            if entry.waiter in state.tags:
                tag = state.tags[entry.waiter][0]
            elif wait > 0:
                tag = self._tag(window, state, entry)
                insort(state.waiting, (tag, entry.waiter))
                state.last[entry.agent] = tag
                state.dearest = max(state.dearest, window.cost)
            else:
                continue
            state.tags[entry.waiter] = (tag, now + min(longest, NAP) + GRACE)
        return longest

    def charge(self, entry: Reservation) -> None:
        """Count a request that was allowed elsewhere."""
        now = self._clock()
        for window in entry.windows:
            self._take(window, self._state(window.key, now), entry, now)

    def ended(self, entry: Reservation, scope: Window, limits: ReportedLimits | None) -> None:
        """Note the end of a request; see `RateLimiter.answered`. `scope` is the window that the response reports on."""
        now = self._clock()
        for window in entry.windows:
            if (state := self._states.get(window.key)) is not None:
                state.running.pop(entry.waiter, None)
        state = self._state(scope.key, now)
        state.running.pop(entry.waiter, None)
        if scope.reported:
            state.probe = 0.0
            if limits is not None and (limits.limit is not None or limits.left is not None):
                self._learn(state, limits, now)
            elif limits is None and state.left is None and state.limit is None:
                state.silent = now + SILENT
        if limits is not None and limits.wait is not None:
            refused = self._state(entry.wide, now) if limits.wide else state
            refused.until = max(refused.until, now + limits.wait)

    def leave(self, entry: Reservation) -> None:
        """Release a request; see `RateLimiter.leave`."""
        for window in entry.windows:
            state = self._states.get(window.key)
            if state is not None:
                state.running.pop(entry.waiter, None)
                if entry.waiter in state.tags:
                    _drop(state, entry.waiter, window.cost)

    def since(self, time: float) -> list[tuple[str, float, int, float]]:
        """Return what was counted after a time: key, seconds ago, number, and the window's length in seconds."""
        now = self._clock()
        return [
            (key, now - at, count, state.length)
            for key, state in self._states.items()
            for at, count in state.slices
            if at > time and at + state.length > now
        ]

    def status(self, vendor: str | None = None) -> list[LimitStatus]:
        """Return the status of the counted windows, for one vendor or all; those that block requests come first."""
        from unified_runtime.rate_limits.status import LimitStatus, ordered  # imported late: calls do not need it

        now = self._clock()
        return ordered(
            LimitStatus(
                key=key,
                used=sum(count for at, count in state.slices if at + (state.period or state.length) > now),
                limit=state.limit,
                left=state.left if state.reset > now else None,
                reset_in=max(0.0, state.reset - now) if state.left is not None else None,
                blocked_for=max(0.0, state.until - now),
                running=sum(until > now for until in state.running.values()),
                waiting=sum(until > now for _, until in state.tags.values()),
            )
            for key, state in self._states.items()
            if vendor is None or key.startswith(f"{vendor}|")
        )

    def reset(self, vendor: str) -> int:
        """Delete what was counted and learned for a vendor. Returns the number of windows."""
        keys = [key for key in self._states if key.startswith(f"{vendor}|")]
        for key in keys:
            del self._states[key]
        return len(keys)

    # ------------------------------------------------------------------------------------------------ one window
    def _state(self, key: str, now: float) -> State:
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = State()
        state.seen = now
        return state

    def _sweep(self, now: float) -> None:
        self._swept = now
        for key in [key for key, state in self._states.items() if now - state.seen > IDLE]:
            del self._states[key]

    def _wait(self, window: Window, state: State, entry: Reservation, now: float) -> float:
        """Return the seconds until the window allows the request; 0 for now."""
        self._refresh(window, state, now)
        if state.until > now:
            return state.until - now
        amount, period = self._bounds(window, state)
        need = self._ahead(window, state, entry) + (window.cost if amount is None else min(window.cost, amount))
        wait = 0.0
        if amount is not None and period is not None and state.used + need > amount:
            wait = _freed(state, need, amount, period, now)
        if state.left is not None and self._of(state.left) < need:
            wait = max(wait, state.reset - now)
        if window.concurrent and len(state.running) + need > self._of(window.concurrent):
            wait = max(wait, POLL)
        if window.reported and amount is None and state.left is None and state.silent <= now and state.probe > now:
            wait = max(wait, POLL)
        return wait

    def _refresh(self, window: Window, state: State, now: float) -> None:
        """Remove counts, reports, tickets and requests that have expired."""
        period = state.period or window.seconds
        while state.slices and state.slices[0][0] + period <= now:
            state.used -= state.slices.popleft()[1]
        if state.left is not None and state.reset <= now:
            # A window that starts again has the limit of the last one, and at most its length.
            renewed = state.limit is not None and state.span > 0 and not period
            state.left, state.reset = (state.limit, now + state.span) if renewed else (None, 0.0)
        if state.running:
            for waiter in [ticket for ticket, until in state.running.items() if until <= now]:
                del state.running[waiter]
        if state.tags:
            for waiter in [ticket for ticket, (_, until) in state.tags.items() if until <= now]:
                _drop(state, waiter, window.cost)

    def _bounds(self, window: Window, state: State) -> tuple[int | None, float | None]:
        amount = state.limit or window.amount or None
        period = state.period or window.seconds or None
        return (self._of(amount) if amount is not None and period is not None else None), period

    def _of(self, amount: int) -> int:
        return amount if self.share >= 1 else max(1, math.floor(amount * self.share))

    def _tag(self, window: Window, state: State, entry: Reservation) -> float:
        return max(state.virtual, state.last.get(entry.agent, 0.0)) + window.cost

    def _ahead(self, window: Window, state: State, entry: Reservation) -> int:
        """Return an upper bound of the units that the requests before this one take."""
        if not state.waiting:
            return 0
        held = state.tags.get(entry.waiter)
        tag = held[0] if held is not None else self._tag(window, state, entry)
        return bisect_left(state.waiting, (tag, entry.waiter)) * state.dearest

    def _take(self, window: Window, state: State, entry: Reservation, now: float) -> None:
        period = state.period or window.seconds
        if period:
            at = stamp(now, period)
            if state.slices and state.slices[-1][0] >= at:
                at, count = state.slices.pop()
                state.slices.append((at, count + window.cost))
            else:
                state.slices.append((at, window.cost))
            state.used += window.cost
            state.length = period
        if state.left is not None:
            state.left = max(0, state.left - window.cost)
        if window.concurrent or window.reported:
            state.running[entry.waiter] = now + max(entry.deadline - time.monotonic(), 1.0)
        if window.reported and state.limit is None and state.left is None and state.silent <= now:
            state.probe = now + PROBE
        if state.waiting:
            held = state.tags.pop(entry.waiter, None)
            tag = held[0] if held is not None else self._tag(window, state, entry)
            if held is not None:
                del state.waiting[bisect_left(state.waiting, (tag, entry.waiter))]
            else:
                state.last[entry.agent] = tag
            state.virtual = max(state.virtual, tag)
            _rest(state)

    def _learn(self, state: State, limits: ReportedLimits, now: float) -> None:
        if limits.limit is not None:
            state.limit = limits.limit
        if limits.period is not None and limits.period != state.period:
            state.period = limits.period
            state.slices.clear()  # counted in slices of another length; `left` includes them
            state.used = 0
        if limits.left is None:
            return
        reset = limits.reset if limits.reset is not None else REST * (state.period or 0.0)
        if reset <= 0:
            return
        if state.left is None or now >= state.reset or now + reset > state.reset + TOLERANCE:
            # Requests in progress may not be included in the vendor's count.
            state.left = max(0, limits.left - len(state.running))
        else:
            state.left = min(state.left, limits.left)
        state.reset = now + reset
        state.span = max(state.span, reset)


def _freed(state: State, need: int, amount: int, period: float, now: float) -> float:
    """Return the seconds until so many units are free; an entire window if that is more than it has."""
    missing = state.used + min(need, amount) - amount
    for at, count in state.slices:
        missing -= count
        if missing <= 0:
            return max(at + period - now, POLL / 10)
    return period


def _drop(state: State, waiter: str, cost: int) -> None:
    """Remove a ticket whose caller has gone; its agent's next requests are not delayed by it."""
    tag, _ = state.tags.pop(waiter)
    del state.waiting[bisect_left(state.waiting, (tag, waiter))]
    agent = waiter.partition(":")[2]
    if agent in state.last:
        state.last[agent] -= cost
    _rest(state)


def _rest(state: State) -> None:
    """Reset the tags if no request waits."""
    if not state.waiting:
        state.last.clear()
        state.virtual = 0.0
        state.dearest = 1
