"""Leases: one refresher at a time for each connection, across threads, processes and hosts.

A lease is a row with a holder and an end, taken and given back by single statements, and timed by the database's clock. Threads of one
process queue before the database, so that it is not asked by each of them.
"""

from __future__ import annotations

import asyncio
import os
import random
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from unified_platform.store.database import Database
from unified_platform.vault.errors import VaultUnavailable

_SHORTEST, _LONGEST = 0.005, 0.05
"""Seconds between two tries."""


class HeldLease:
    """A lease that was taken; `unified_platform.vault.interface.Lease`."""

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
    """The leases of one tenant's connections."""

    def __init__(self, database: Database, vault: str, tenant: str) -> None:
        self._database = database
        self._vault = vault
        self._tenant = tenant

    def take(self, id: str, seconds: float) -> HeldLease | None:
        """The lease, or None while another holds it."""
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
            # A lease that cannot be given back ends by itself.
            with suppress(VaultUnavailable), self._database.writing("lease", durable=False) as session:
                session.run(
                    "DELETE FROM vault_leases WHERE tenant = ? AND id = ? AND holder = ?", self._tenant, lease.connection_id, lease.holder
                )
        finally:
            _local(self._vault, self._tenant, lease.connection_id).release()

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

    @asynccontextmanager
    async def await_(self, id: str, seconds: float, wait: float) -> AsyncIterator[HeldLease]:
        end = time.monotonic() + wait
        pause = _SHORTEST
        while (lease := await self._taken(id, seconds)) is None:
            pause = _pause(pause, end, id)
            await asyncio.sleep(pause)
        try:
            yield lease
        finally:
            # A task that is cancelled gives its lease back all the same.
            await asyncio.shield(asyncio.to_thread(self.give_back, lease))

    async def _taken(self, id: str, seconds: float) -> HeldLease | None:
        if _local(self._vault, self._tenant, id).locked():
            return None  # no thread is needed to find that out
        taking = asyncio.ensure_future(asyncio.to_thread(self.take, id, seconds))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            lease = await taking
            if lease is not None:
                await asyncio.to_thread(self.give_back, lease)
            raise

    def _take(self, id: str, seconds: float) -> HeldLease | None:
        holder = uuid.uuid4().hex
        # Counted from before it is asked for: here it ends a little before it ends in the database.
        until = time.monotonic() + seconds
        with self._database.writing("lease", durable=False) as session:
            taken = session.run(
                "INSERT INTO vault_leases (tenant, id, holder, until) VALUES (?, ?, ?, NOW() + ?) ON CONFLICT (tenant, id) "
                "DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE vault_leases.until <= NOW()",
                self._tenant,
                id,
                holder,
                float(seconds),
            )
        return HeldLease(id, holder, until) if taken else None


def _pause(last: float, end: float, id: str) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise VaultUnavailable(f"another process is still refreshing connection {id}", retry_safe=True)
    return min(left, random.uniform(_SHORTEST, min(_LONGEST, last * 3)))  # noqa: S311  spreads tries; nothing is secret about it


_locks: dict[tuple[str, str, str], threading.Lock] = {}
_guard = threading.Lock()


def _local(vault: str, tenant: str, id: str) -> threading.Lock:
    with _guard:
        return _locks.setdefault((vault, tenant, id), threading.Lock())


def _forget() -> None:
    """A forked child holds none of its parent's leases."""
    global _guard
    _guard = threading.Lock()
    _locks.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
