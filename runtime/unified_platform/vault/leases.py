"""Leases: only one thread, process or host at a time refreshes a connection.

A lease is a row with a holder and an end, acquired and released by single statements, and timed by the database's clock. Threads of one
process take a local lock first, so that only one of them queries the database.
"""

from __future__ import annotations

import os
import random
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from unified_platform.connections.errors import VaultUnavailable
from unified_platform.store.database import Database

_SHORTEST, _LONGEST = 0.005, 0.05
"""Seconds between two attempts."""


class HeldLease:
    """An acquired lease; `unified_platform.connections.protocols.Lease`."""

    __slots__ = ("_holder", "_until", "connection_id")

    def __init__(self, connection_id: str, holder: str, until: float) -> None:
        self.connection_id = connection_id
        self._holder = holder
        self._until = until

    @property
    def holder(self) -> str:
        return self._holder

    def left(self) -> float:
        return max(0.0, self._until - time.monotonic())


class Leases:
    """Leases of one tenant's connections."""

    def __init__(self, database: Database, vault: str, tenant: str) -> None:
        self._database = database
        self._vault = vault
        self._tenant = tenant

    def take(self, id: str, seconds: float) -> HeldLease | None:
        """Return the lease, or None while another holds it."""
        here = _local(self._vault, self._tenant, id)
        if not here.acquire(blocking=False):
            return None
        lease = None
        try:
            lease = self._take(id, seconds)
        finally:
            if lease is None:
                here.release()
        return lease

    def give_back(self, lease: HeldLease) -> None:
        try:
            # A lease that cannot be released ends by itself.
            with suppress(VaultUnavailable), self._database.writing("lease", durable=False) as session:
                session.run(
                    "DELETE FROM vault_leases WHERE tenant = ? AND id = ? AND holder = ?", self._tenant, lease.connection_id, lease.holder
                )
        finally:
            _local(self._vault, self._tenant, lease.connection_id).release()

    def forget(self, id: str) -> None:
        """Delete the lease of a connection that was deleted."""
        with self._database.writing("lease", durable=False) as session:
            session.run("DELETE FROM vault_leases WHERE tenant = ? AND id = ?", self._tenant, id)

    @contextmanager
    def held(self, lease: HeldLease) -> Iterator[HeldLease]:
        try:
            yield lease
        finally:
            self.give_back(lease)

    @contextmanager
    def wait(self, id: str, seconds: float, wait: float) -> Iterator[HeldLease]:
        end = time.monotonic() + wait
        pause = _SHORTEST
        while (lease := self.take(id, seconds)) is None:
            pause = _pause(pause, end, id)
            time.sleep(pause)
        with self.held(lease):
            yield lease

    def _take(self, id: str, seconds: float) -> HeldLease | None:
        holder = uuid.uuid4().hex
        # Counted from before the request: here it ends slightly earlier than in the database.
        until = time.monotonic() + seconds
        with self._database.writing("lease", durable=False) as session:
            taken = session.run(
                "INSERT INTO vault_leases (tenant, id, holder, until) VALUES (?, ?, ?, LEASE_NOW() + ?) ON CONFLICT (tenant, id) "
                "DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE NOT LEASED(vault_leases.until)",
                self._tenant,
                id,
                holder,
                float(seconds),
            )
        return HeldLease(id, holder, until) if taken else None


def _pause(last: float, end: float, id: str) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise VaultUnavailable(
            f"another process holds the lease for refreshing connection {id}: it refreshes it now, or has died and its lease ends soon",
            retry_safe=True,
        )
    return min(left, random.uniform(_SHORTEST, min(_LONGEST, last * 3)))  # noqa: S311  spreads tries; nothing is secret about it


_locks: dict[tuple[str, str, str], threading.Lock] = {}
_locks_lock = threading.Lock()


def _local(vault: str, tenant: str, id: str) -> threading.Lock:
    with _locks_lock:
        return _locks.setdefault((vault, tenant, id), threading.Lock())


def _forget() -> None:
    """Drop the parent's leases in a forked child."""
    global _locks_lock
    _locks_lock = threading.Lock()
    _locks.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
