"""A thread that does one thing whenever it is woken, and ends when it was not for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

IDLE = 10.0
"""Seconds without work after which the thread ends."""


class Waker:
    """Calls a function in a thread of its own, once at least after each `wake`. Those that come while it runs are one.

    The thread is made when it is needed, so that a forked process gets its own.
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
            thread = self._thread
            if thread is None or not thread.is_alive():
                self._queue, self._woken = SimpleQueue(), False
                self._thread = threading.Thread(target=self._run, args=(self._queue,), name=self._name, daemon=True)
                self._thread.start()
            if not self._woken:
                self._woken = True
                self._queue.put(None)

    def _run(self, queue: SimpleQueue[None]) -> None:
        while True:
            try:
                queue.get(timeout=IDLE)
            except Empty:
                with self._lock:
                    if not self._woken:
                        self._thread = None
                        return
                continue
            with self._lock:
                self._woken = False
            self._work()
