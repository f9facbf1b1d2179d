"""Checkpoints of SQLite's write-ahead log in a separate thread, so that commits do not wait for them.

By default, SQLite lets the commit that finds the log long copy it into the file: that commit, and everyone who waits for it, waits until
the file itself is on disk. A separate thread does so while others continue to append to the log.
"""

from __future__ import annotations

import logging
import threading
from types import TracebackType

from unified_platform.store.errors import StoreError
from unified_platform.store.sqlite import SQLite

log = logging.getLogger("unified.store")

EVERY = 2.0
"""Seconds between two checkpoints."""

LONGEST = 16_384
"""Pages in the log (64 MiB) at which a commit copies them itself after all."""


class Checkpoints:
    """Limits the log of a database while the block runs. Several processes may do so for one file."""

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
            except StoreError as error:  # writers get the error as well
                log.warning("the write-ahead log cannot be carried over: %s", error)
