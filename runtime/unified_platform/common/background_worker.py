"""Background thread that runs a function each time it is woken, and ends when idle."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

IDLE = 10.0
"""Seconds without work after which the thread ends."""


class BackgroundWorker:
    """Calls a function in a thread of its own, once at least after each `wake`. Those that come while it runs are one.

    The thread is made when it is needed, so that a forked process gets its own. What the function raises ends it, as in any thread; the
    next one does what is still to be done.
    """

    def __init__(self, work: Callable[[], None], *, name: str) -> None:
        self._work = work
        self._name = name
        self._queue: SimpleQueue[None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._woken = False

    def wake(self) -> None:
        """Have the work done from now on; returns at once."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._begin()
            elif not self._woken:
                self._woken = True
                self._queue.put(None)

    def _begin(self) -> None:
        self._queue, self._woken = SimpleQueue(), True
        self._queue.put(None)
        self._thread = threading.Thread(target=self._run, args=(self._queue,), name=self._name, daemon=True)
        self._thread.start()

    def _run(self, queue: SimpleQueue[None]) -> None:
        try:
            while self._waited(queue):
                self._work()
        finally:
            with self._lock:
                self._thread = None
                if self._woken:  # while what it did failed
                    self._begin()

    def _waited(self, queue: SimpleQueue[None]) -> bool:
        """Return whether there is work, once there is any or none came for too long."""
        with suppress(Empty):
            queue.get(timeout=IDLE)
        with self._lock:
            woken, self._woken = self._woken, False
        return woken
