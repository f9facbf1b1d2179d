"""Records observed calls in the usage store: a thread writes them in batches from a bounded queue."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
import weakref
from collections import deque
from typing import TYPE_CHECKING

import msgspec

from unified_platform.usage.entries import HOUR, Entry, entry
from unified_platform.usage.store import UsageStore
from unified_runtime.core.errors import UnifiedError

if TYPE_CHECKING:
    from unified_platform.usage.quota_store import QuotaStore
    from unified_runtime.core.observers import CallRecord

log = logging.getLogger("unified.usage")

WAITING = 100_000
"""Maximum calls that wait to be written. Further calls are dropped, counted, and logged."""

EVERY = 0.25
"""Seconds between two batches."""

_BATCH = 1000
_LONGEST_PAUSE = 30.0
_AT_EXIT = 10.0
"""Seconds that a process waits at its end for what is still to be written."""


class UsageRecorder:
    """Observer that records every call in a usage store.

    A process that is killed loses what was not written: the calls of the last `EVERY` seconds, as long as the database keeps up.

    Args:
        store: the usage store.
        quotas: get the actual cost of calls that were counted before they were sent.
        waiting: calls that may wait to be written.
        agent: whose calls those are that name no agent.
    """

    def __init__(self, store: UsageStore, *, quotas: QuotaStore | None = None, waiting: int = WAITING, agent: str | None = None) -> None:
        self.store = store
        self._quotas = quotas
        self._agent = agent
        self.lost = 0
        """Calls that this process could not keep."""
        self._bound = waiting
        self._pruned = 0.0
        self._begin()
        _RECORDERS.add(self)

    def _begin(self) -> None:
        """Begin with nothing to write: as a new recorder, or in a forked process, whose parent writes what waits."""
        self._queue: deque[CallRecord] = deque()
        self._batch: list[Entry] = []
        self._wake = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._closing = False
        self._failing = False
        self._untold = 0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def ended(self, record: CallRecord) -> None:
        """Take a call that ended. What a broker made for this process, the broker keeps."""
        if record.through_broker:
            return
        if len(self._queue) >= self._bound or self._closing:
            with self._lock:
                self.lost += 1
                self._untold += 1
            return
        self._queue.append(record)
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._run, name="unified-usage", daemon=True)
                self._thread.start()

    def flush(self, seconds: float = _AT_EXIT) -> bool:
        """Wait until all calls that ended are written. False: it was not within the seconds."""
        until = time.monotonic() + seconds
        self._wake.set()
        while self._queue or self._batch or not self._idle.is_set():
            if time.monotonic() > until or self._thread is None or not self._thread.is_alive():
                return not self._queue and not self._batch
            time.sleep(0.005)
        return True

    def close(self, seconds: float = _AT_EXIT) -> None:
        """Write the waiting calls, and accept no more. Calls that cannot be written in time are dropped and logged."""
        self._closing = True
        self.flush(seconds)
        self._wake.set()
        if self._thread is not None:
            self._thread.join(seconds)
        left = len(self._queue) + len(self._batch)
        if left or self._untold:
            self.lost += left
            log.error("the usage store lacks %d calls of this process, which could not be written", self.lost)
        self._queue.clear()
        _RECORDERS.discard(self)

    # ------------------------------------------------------------------------------------------------ the thread
    def _run(self) -> None:
        pause = EVERY
        while True:
            self._wake.wait(pause)
            self._wake.clear()
            pause = EVERY if self._written() else min(pause * 2, _LONGEST_PAUSE)
            if self._closing and (self._failing or not (self._queue or self._batch)):
                return

    def _written(self) -> bool:
        """Write what waits. False: the database does not take it now."""
        self._idle.clear()
        try:
            while self._batch or self._queue or self._untold:
                again = bool(self._batch)
                if not again:
                    self._take()
                with self._lock:
                    lost, self._untold = self._untold, 0
                try:
                    self.store.write(self._batch, again=again, lost=lost)
                except UnifiedError as error:
                    with self._lock:
                        self._untold += lost
                    if not self._failing:
                        log.warning("the usage store cannot be written now, and is tried again: %s", error)
                    self._failing = True
                    return False
                self._failing = False
                if self._quotas is not None:
                    self._settle(self._quotas)
                self._batch = []
            self._prune()
        finally:
            self._idle.set()
        return True

    def _take(self) -> None:
        """Make a batch of what waits."""
        for _ in range(min(len(self._queue), _BATCH)):
            record = self._queue.popleft()
            if record.agent is None and self._agent is not None:
                record = msgspec.structs.replace(record, agent=self._agent)
            self._batch.append(entry(record, self.store.prices))

    def _settle(self, quotas: QuotaStore) -> None:
        try:
            quotas.settle(self._batch)
        except UnifiedError as error:
            log.warning("what calls cost could not be counted against their quotas: %s", error)

    def _prune(self) -> None:
        if time.monotonic() - self._pruned < HOUR and self._pruned:
            return
        self._pruned = time.monotonic()
        try:
            self.store.prune()
        except UnifiedError as error:
            log.warning("the usage store cannot be pruned: %s", error)


_RECORDERS: weakref.WeakSet[UsageRecorder] = weakref.WeakSet()


def _at_exit() -> None:
    for one in list(_RECORDERS):
        one.close()


def _in_child() -> None:
    for one in list(_RECORDERS):
        one._begin()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
