"""Blocks that end in time, as `asyncio.timeout` ends them, with one timer of the event loop for all of them.

A timer that is taken back costs uvloop a further turn of its loop, and that turn a tug-of-war with the thread that writes the audit trail.
Here nothing is taken back: the one timer goes off at the earliest deadline that there was, and is set anew for what still runs.
"""

from __future__ import annotations

import asyncio
import math
from types import TracebackType
from weakref import WeakKeyDictionary


def within(seconds: float) -> Within:
    """A block for one task that is cancelled after so many seconds, and then raises TimeoutError; `math.inf` for one that is not."""
    loop = asyncio.get_running_loop()
    deadlines = _by_loop.get(loop)
    if deadlines is None:
        deadlines = _by_loop[loop] = _Deadlines()
    return Within(deadlines, loop.time() + seconds)


class Within:
    """One block; see `within`."""

    __slots__ = ("_before", "_deadlines", "_late", "_task", "when")

    def __init__(self, deadlines: _Deadlines, when: float) -> None:
        self.when = when
        self._deadlines = deadlines
        self._late = False
        self._task: asyncio.Task[object] | None = None
        self._before = 0

    def __enter__(self) -> None:
        self._task = task = asyncio.current_task()
        assert task is not None
        self._before = task.cancelling()
        self._deadlines.begun(self)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._deadlines.running.discard(self)
        task = self._task
        # Where somebody else has cancelled the task as well, it is cancelled and not late.
        if self._late and task is not None and task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def end(self) -> None:
        """The time is over."""
        self._late = True
        assert self._task is not None
        self._task.cancel()


class _Deadlines:
    """The blocks that run in one event loop."""

    __slots__ = ("_at", "_timer", "running")

    def __init__(self) -> None:
        self.running: set[Within] = set()
        self._at = math.inf
        self._timer: asyncio.TimerHandle | None = None

    def begun(self, block: Within) -> None:
        self.running.add(block)
        if block.when < self._at:
            if self._timer is not None:
                self._timer.cancel()
            self._set(block.when)

    def _set(self, when: float) -> None:
        self._at = when
        self._timer = asyncio.get_running_loop().call_at(when, self._look)

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        self._at, self._timer = math.inf, None
        late = [block for block in self.running if block.when <= now]
        self.running.difference_update(late)
        for block in late:
            block.end()
        earliest = min((block.when for block in self.running), default=math.inf)
        if earliest < math.inf:
            self._set(earliest)


_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _Deadlines] = WeakKeyDictionary()
