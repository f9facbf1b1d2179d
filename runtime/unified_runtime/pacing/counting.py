"""Counting requests in this process's memory: moving windows, what vendors tell, who is under way, and who waits.

`unified_platform/budgets/counting.lua` does the same in Redis, step by step; a test holds the two together.

A window is cut into a hundred slices, and a request is counted at the end of the slice after its own: in no stretch of the window's
length are more requests sent than the limit, even where one is up to a hundredth of it longer under way than another, and at least 98 of
a hundred are.

Who waits has a ticket with a tag: one more than the last of its agent's, and than that of the last who was served (start-time fair
queueing; Goyal, Vin and Cheng, 1996). The lowest tag is served first: agents take turns, however many requests each has waiting.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unified_runtime.pacing.budgets import Entry, Window
    from unified_runtime.pacing.limits_told import Told

SLICES = 100
POLL = 0.05
"""Seconds after which to ask again where nobody knows when a place becomes free."""
NAP, GRACE = 2.0, 3.0
"""Who waits asks again within NAP seconds; a place is kept for GRACE more."""
PROBE = 10.0
"""Seconds that the first request to a vendor that will tell its limits has, before another may go."""
SILENT = 3600.0
"""Seconds for which a vendor that told nothing is believed to have no limits."""
TOLERANCE = 1.5
"""Seconds by which a reset that is told twice may differ: many are whole seconds."""
REST = 0.01
"""Of its period, how long what is left holds where no reset is told (Salesforce)."""
IDLE = 90000.0
"""Seconds after which what is known of a window that nobody uses is forgotten: longer than a day, the longest window that vendors have."""


class State:
    """What is known of one window."""

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
        self.slices: deque[tuple[float, int]] = deque()  # when they are counted, and how many
        self.used = 0
        self.length = 0.0  # of the window that they are counted in
        self.limit: int | None = None  # as told
        self.period: float | None = None
        self.left: int | None = None  # may be sent until `reset`
        self.reset = 0.0
        self.span = 0.0  # the longest time to a reset that was told
        self.until = 0.0  # nothing is sent before
        self.probe = 0.0  # a first request is under way until then
        self.silent = 0.0  # no numbers are told until then
        self.running: dict[str, float] = {}  # tickets, and when they are given up for lost
        self.waiting: list[tuple[float, str]] = []  # tags and tickets
        self.dearest = 1  # the highest cost of those who wait
        self.tags: dict[str, tuple[float, float]] = {}  # by ticket: its tag, and when its place is lost
        self.last: dict[str, float] = {}  # by agent: the last tag
        self.virtual = 0.0  # the tag of the last who was served
        self.seen = 0.0


def stamp(now: float, period: float) -> float:
    """The time that a request which is sent now is counted at."""
    width = period / SLICES
    return round((math.floor(now / width) + 2) * width, 6)


class Counter:
    """Not safe for threads. `share` of each limit is what this counter may give away; `clock` is seconds, for tests."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, share: float = 1.0) -> None:
        self._clock = clock
        self.share = share
        self._states: dict[str, State] = {}
        self._swept = 0.0

    def enter(self, entry: Entry) -> float:
        """As `Budget.enter`."""
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
            if entry.ticket in state.tags:
                tag = state.tags[entry.ticket][0]
            elif wait > 0:
                tag = self._tag(window, state, entry)
                insort(state.waiting, (tag, entry.ticket))
                state.last[entry.agent] = tag
                state.dearest = max(state.dearest, window.cost)
            else:
                continue
            state.tags[entry.ticket] = (tag, now + min(longest, NAP) + GRACE)
        return longest

    def charge(self, entry: Entry) -> None:
        """Count a request that was let in elsewhere."""
        now = self._clock()
        for window in entry.windows:
            self._take(window, self._state(window.key, now), entry, now)

    def answered(self, entry: Entry, scope: Window, told: Told | None) -> None:
        """As `Budget.answered`; `scope` is the window that the answer speaks of."""
        now = self._clock()
        for window in entry.windows:
            if (state := self._states.get(window.key)) is not None:
                state.running.pop(entry.ticket, None)
        state = self._state(scope.key, now)
        state.running.pop(entry.ticket, None)
        if scope.told:
            state.probe = 0.0
            if told is not None and (told.limit is not None or told.left is not None):
                self._learn(state, told, now)
            elif told is None and state.left is None and state.limit is None:
                state.silent = now + SILENT
        if told is not None and told.wait is not None:
            refused = self._state(entry.wide, now) if told.wide else state
            refused.until = max(refused.until, now + told.wait)

    def leave(self, entry: Entry) -> None:
        """As `Budget.leave`."""
        for window in entry.windows:
            state = self._states.get(window.key)
            if state is not None:
                state.running.pop(entry.ticket, None)
                if entry.ticket in state.tags:
                    _drop(state, entry.ticket, window.cost)

    def since(self, moment: float) -> list[tuple[str, float, int, float]]:
        """What was counted after a moment: key, seconds ago, how many, and the window's length."""
        now = self._clock()
        return [
            (key, now - at, count, state.length)
            for key, state in self._states.items()
            for at, count in state.slices
            if at > moment and at + state.length > now
        ]

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

    def _wait(self, window: Window, state: State, entry: Entry, now: float) -> float:
        """Seconds until the window lets the request in, 0 for now."""
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
        if window.told and amount is None and state.left is None and state.silent <= now and state.probe > now:
            wait = max(wait, POLL)
        return wait

    def _refresh(self, window: Window, state: State, now: float) -> None:
        """Forget what is over."""
        period = state.period or window.seconds
        while state.slices and state.slices[0][0] + period <= now:
            state.used -= state.slices.popleft()[1]
        if state.left is not None and state.reset <= now:
            # A window that begins anew is as large as the last one, and as long at the most.
            renewed = state.limit is not None and state.span > 0 and not period
            state.left, state.reset = (state.limit, now + state.span) if renewed else (None, 0.0)
        if state.running:
            for ticket in [ticket for ticket, until in state.running.items() if until <= now]:
                del state.running[ticket]
        if state.tags:
            for ticket in [ticket for ticket, (_, until) in state.tags.items() if until <= now]:
                _drop(state, ticket, window.cost)

    def _bounds(self, window: Window, state: State) -> tuple[int | None, float | None]:
        amount = state.limit or window.amount or None
        period = state.period or window.seconds or None
        return (self._of(amount) if amount is not None and period is not None else None), period

    def _of(self, amount: int) -> int:
        return amount if self.share >= 1 else max(1, math.floor(amount * self.share))

    def _tag(self, window: Window, state: State, entry: Entry) -> float:
        return max(state.virtual, state.last.get(entry.agent, 0.0)) + window.cost

    def _ahead(self, window: Window, state: State, entry: Entry) -> int:
        """How many units those who wait before take, at the most."""
        if not state.waiting:
            return 0
        held = state.tags.get(entry.ticket)
        tag = held[0] if held is not None else self._tag(window, state, entry)
        return bisect_left(state.waiting, (tag, entry.ticket)) * state.dearest

    def _take(self, window: Window, state: State, entry: Entry, now: float) -> None:
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
        if window.concurrent or window.told:
            state.running[entry.ticket] = now + max(entry.deadline - time.monotonic(), 1.0)
        if window.told and state.limit is None and state.left is None and state.silent <= now:
            state.probe = now + PROBE
        if state.waiting:
            held = state.tags.pop(entry.ticket, None)
            tag = held[0] if held is not None else self._tag(window, state, entry)
            if held is not None:
                del state.waiting[bisect_left(state.waiting, (tag, entry.ticket))]
            else:
                state.last[entry.agent] = tag
            state.virtual = max(state.virtual, tag)
            _rest(state)

    def _learn(self, state: State, told: Told, now: float) -> None:
        if told.limit is not None:
            state.limit = told.limit
        if told.period is not None and told.period != state.period:
            state.period = told.period
            state.slices.clear()  # counted in slices of another length; what is left says how many there were
            state.used = 0
        if told.left is None:
            return
        reset = told.reset if told.reset is not None else REST * (state.period or 0.0)
        if reset <= 0:
            return
        if state.left is None or now >= state.reset or now + reset > state.reset + TOLERANCE:
            # Those that are under way may not be among those that the vendor has counted.
            state.left = max(0, told.left - len(state.running))
        else:
            state.left = min(state.left, told.left)
        state.reset = now + reset
        state.span = max(state.span, reset)


def _freed(state: State, need: int, amount: int, period: float, now: float) -> float:
    """Seconds until so many units are free; a whole window where more are wanted than it has."""
    missing = state.used + min(need, amount) - amount
    for at, count in state.slices:
        missing -= count
        if missing <= 0:
            return max(at + period - now, POLL / 10)
    return period


def _drop(state: State, ticket: str, cost: int) -> None:
    """Strike out a ticket whose owner has gone; its agent is none the later for it."""
    tag, _ = state.tags.pop(ticket)
    del state.waiting[bisect_left(state.waiting, (tag, ticket))]
    agent = ticket.partition(":")[2]
    if agent in state.last:
        state.last[agent] -= cost
    _rest(state)


def _rest(state: State) -> None:
    """Where nobody waits, nobody is ahead."""
    if not state.waiting:
        state.last.clear()
        state.virtual = 0.0
        state.dearest = 1
