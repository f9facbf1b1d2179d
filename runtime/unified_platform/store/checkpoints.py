"""Carrying SQLite's write-ahead log into its file beside those who write, in a long-running process.

By default SQLite has the commit that finds the log long carry it over: that commit waits until the file itself is on disk, and everybody
who waits for the commit with it. A thread of its own does so while others go on appending to the log.
"""

from __future__ import annotations

import logging
import threading
from types import TracebackType

from unified_platform.store.errors import StoreError
from unified_platform.store.sqlite import SQLite

log = logging.getLogger("unified.store")

EVERY = 2.0
"""Seconds from one time to the next."""

LONGEST = 16_384
"""Pages in the log (64 MiB) at which a commit carries them over itself after all."""


class Checkpoints:
    """Keeps the log of a database short while the block runs. Several processes may do so for one file."""

    def __init__(self, database: SQLite, *, every: float = EVERY) -> None:
        self._database = database
        self._every = every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="unified-checkpoints", daemon=True)

    def __enter__(self) -> Checkpoints:
        self._database.carried_elsewhere(LONGEST)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._every):
            try:
                self._database.checkpoint()
            except StoreError as error:  # whoever writes is told as well
                log.warning("the write-ahead log cannot be carried over: %s", error)
