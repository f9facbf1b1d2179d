"""Deletion of data that is older than its retention: once, or every hour while a process runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from unified_platform.common.retention import Retention
from unified_platform.erasure.users import Stores
from unified_runtime.core.errors import UnifiedError

log = logging.getLogger("unified.retention")

EVERY = 3600.0
"""Seconds between two deletions."""
_AT_EXIT = 10.0
"""Seconds that a process waits at its end for a deletion that is in progress."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """Number of deleted rows by store, and stores that failed with the reason."""

    rows: Mapping[str, int]
    failed: Mapping[str, str]


def prune(stores: Stores, retention: Retention) -> Pruned:
    """Delete what is older than its retention. A store that fails does not prevent the others.

    Stores that delete with their own retention were opened with it; `retention` is that of sagas and the audit log.
    """
    steps: dict[str, Callable[[], int]] = {}
    for name in ("programs", "idempotency", "inbox", "usage"):
        if (store := getattr(stores, name)) is not None:
            steps[name] = store.prune
    if stores.approvals is not None:
        steps["approvals"] = stores.approvals.purge
    if (sagas := stores.sagas) is not None and (days := retention.sagas) is not None:
        steps["sagas"] = lambda: sagas.prune(days)
    if (audit := stores.audit) is not None and (age := retention.audit) is not None:
        steps["audit"] = lambda: audit.prune(datetime.now(UTC) - timedelta(days=age))
    rows: dict[str, int] = {}
    failed: dict[str, str] = {}
    for name, step in steps.items():
        try:
            rows[name] = step()
        except UnifiedError as error:
            failed[name] = error.message
    return Pruned(rows, failed)


class RetentionThread:
    """Thread that deletes what is older than its retention every hour. Several processes may do so for the same stores.

    Args:
        stores: opens the stores.
        retention: days by store.
        every: seconds between two deletions.
    """

    def __init__(self, stores: Callable[[], AbstractContextManager[Stores]], retention: Retention, *, every: float = EVERY) -> None:
        self._stores = stores
        self._retention = retention
        self._every = every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="unified-retention", daemon=True)

    def start(self) -> None:
        """Delete now, and every hour from now on."""
        self._thread.start()

    def close(self) -> None:
        """End the thread; waits some seconds for a deletion that is in progress."""
        self._over.set()
        self._thread.join(_AT_EXIT)

    def _run(self) -> None:
        while True:
            try:
                with self._stores() as stores:
                    done = prune(stores, self._retention)
            except UnifiedError as error:
                done = Pruned({}, {"stores": error.message})
            for name, reason in done.failed.items():
                log.warning("data older than its retention could not be deleted from %s: %s", name, reason)
            for name, count in done.rows.items():
                if count:
                    log.info("%d rows older than their retention were deleted from %s", count, name)
            if self._over.wait(self._every):
                return
