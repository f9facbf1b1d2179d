"""Results that could not be stored, in memory until the store is available again."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

from unified_platform.store.errors import StoreUnavailable

log = logging.getLogger("unified.idempotency")

FIRST_PAUSE, MAX_PAUSE = 1.0, 30.0
"""Seconds before the first try and between later ones at most; each waits twice as long as the one before."""
MAX_RESULTS = 10_000
"""Maximum number of results. The oldest is dropped for one more; its write is then looked up like that of a dead process."""


class UnsavedResults:
    """Results by the token of their row, and the thread that stores them as soon as that works.

    Args:
        settle: stores one result, or raises `StoreUnavailable`.
    """

    def __init__(self, settle: Callable[[str, Any], None]) -> None:
        self._settle = settle
        self._results: dict[str, Any] = {}
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, token: str, result: Any) -> None:
        """Keep a result, and try again in a thread."""
        with self._lock:
            self._mine()
            if len(self._results) >= MAX_RESULTS:
                self._results.pop(next(iter(self._results)))
            self._results[token] = result
            if self._thread is None or not self._thread.is_alive():
                self._closed.clear()
                self._thread = threading.Thread(target=self._try_again, name="unified-unstored", daemon=True)
                self._thread.start()

    def store(self) -> None:
        """Store the waiting results, as far as possible."""
        if not self._results:
            return
        with self._lock:
            self._mine()
            for token, result in list(self._results.items()):
                try:
                    self._settle(token, result)
                except StoreUnavailable:
                    return
                del self._results[token]
                log.warning("the result of a write that could not be stored before is stored now")

    def close(self) -> None:
        """End the thread, and try once more."""
        self._closed.set()
        self.store()

    def _try_again(self) -> None:
        pause = FIRST_PAUSE
        while self._results and not self._closed.wait(pause):
            self.store()
            pause = min(2 * pause, MAX_PAUSE)

    def _mine(self) -> None:
        """After a fork, the parent stores its own."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._results.clear()
            self._thread = None
