"""Deadlines of blocks, like `asyncio.timeout`, but with one shared timer of the event loop.

Cancelling a timer costs uvloop a further iteration of its loop, during which it contends with the thread that writes the audit log.
Here no timer is cancelled: the shared one fires at the earliest deadline set so far, and is then set for the remaining blocks.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from types import TracebackType
from weakref import WeakKeyDictionary

from unified_runtime.core.settings import Settings


def deadline(seconds: float) -> Deadline:
    """Return a context manager that cancels its task after so many seconds, and then raises TimeoutError; `math.inf` for no limit."""
    loop = asyncio.get_running_loop()
    deadlines = _by_loop.get(loop)
    if deadlines is None:
        deadlines = _by_loop[loop] = _Deadlines()
    return Deadline(deadlines, loop.time() + seconds)


class Deadline:
    """One block; see `deadline`."""

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
        # If something else has cancelled the task too, it is cancelled, not late.
        if self._late and task is not None and task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def end(self) -> None:
        """Cancel the task: its time is over."""
        self._late = True
        assert self._task is not None
        self._task.cancel()


class _Deadlines:
    """Blocks that run in one event loop."""

    __slots__ = ("_at", "_timer", "running")

    def __init__(self) -> None:
        self.running: set[Deadline] = set()
        self._at = math.inf
        self._timer: asyncio.TimerHandle | None = None

    def begun(self, block: Deadline) -> None:
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


def with_deadline(settings: Settings, requested: bytes | None, known: dict[float, Settings]) -> Settings:
    """Return the settings with the agent's deadline, if it is earlier."""
    try:
        seconds = float(requested) if requested else settings.deadline
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < settings.deadline:
        return settings
    seconds = max(0.1, round(seconds, 1))
    if seconds not in known:
        if len(known) > 1000:
            known.clear()
        known[seconds] = replace(settings, deadline=seconds)
    return known[seconds]
