"""Vault: the sealed connections of one tenant in a database."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from unified_platform.connections.errors import VaultDamaged, VersionConflict
from unified_platform.connections.records import ACCOUNT, ConnectionKey, ConnectionList, ConnectionRecord, DamagedConnection
from unified_platform.store.database import Database, Session, migrate
from unified_platform.vault.cursor_keys import VaultCursorKeys
from unified_platform.vault.hooks import VaultHooks
from unified_platform.vault.keys import Keys, Root
from unified_platform.vault.leases import HeldLease, Leases
from unified_platform.vault.pending_authorizations import Pendings
from unified_platform.vault.schema import MIGRATIONS
from unified_platform.vault.source import FRESH, VaultSource
from unified_platform.vault.tenant_rows import HighWaterMark, Tenant
from unified_runtime.core.errors import NotConnected
from unified_runtime.core.owners import TENANT

if TYPE_CHECKING:
    from unified_platform.connections.protocols import Refresher


class SealedVault:
    """Connections of one tenant; `unified_platform.connections.protocols.Vault` documents each method.

    Opening it migrates the tables and opens the keys. One object serves all threads of a process, and its children after a fork.

    Raises:
        VaultUnavailable, VaultKeyError, VaultDamaged: see `Vault`.
    """

    def __init__(self, database: Database, root: Root, *, tenant: str = TENANT) -> None:
        self.database, self.tenant = database, tenant  # a traceback may show a vault that could not be opened
        migrate(database, MIGRATIONS, name="schema")
        keys = Keys(database, root)
        keys.prepare()
        self._set(database, keys, tenant, HighWaterMark())

    def _set(self, database: Database, keys: Keys, tenant: str, seen: HighWaterMark) -> None:
        self.database = database
        self.keys = keys
        self.tenant = tenant
        self.pending = Pendings(database, keys, tenant)
        self.cursor_keys = VaultCursorKeys(database, keys, tenant)
        self.hooks = VaultHooks(database, keys, tenant)
        self.seen = seen
        self._leases = Leases(database, keys.vault, tenant)
        self._watchers: list[weakref.WeakMethod[Callable[[ConnectionKey], None]]] = []

    def of_tenant(self, tenant: str) -> SealedVault:
        """Return the same vault for another tenant."""
        other = SealedVault.__new__(SealedVault)
        other._set(self.database, self.keys, tenant, self.seen)
        return other

    def source(self, refresher: Refresher | None = None, *, fresh_for: float = FRESH) -> VaultSource:
        """Return the connection source to pass as `vault` of a client. See `VaultSource`."""
        return VaultSource(self, refresher, fresh_for=fresh_for)

    def watch(self, changed: Callable[[ConnectionKey], None]) -> None:
        """Call a method with the key of each connection that this vault writes or deletes, as long as the method's object lives."""
        self._watchers.append(weakref.WeakMethod(changed))

    def __repr__(self) -> str:
        return f"<vault in {self.database.location}, tenant {self.tenant!r}>"

    # ------------------------------------------------------------------------------------------------ reading
    def get(self, connection_id: str) -> ConnectionRecord:
        with self.reading() as tenant:
            row = tenant.by_id(connection_id)
            if row is None and tenant.mark(connection_id) is not None:
                raise VaultDamaged(f"connection {connection_id} was taken out of the vault's database", connection_id=connection_id)
            found = None if row is None else tenant.opened(row)
        return _undamaged(found, connection_id)

    def find(self, key: ConnectionKey) -> ConnectionRecord | None:
        with self.reading() as tenant:
            row = tenant.by_key(key)
            found = None if row is None else tenant.opened(row)
        return None if row is None else _undamaged(found, row.id)

    def list(self, *, vendor: str | None = None, user: str | None = None, team: str | None = None) -> ConnectionList:
        conditions = {} if vendor is None else {"vendor": vendor}
        if user is not None:
            conditions |= {"owner_kind": "user", "owner": user}
        if team is not None:
            conditions |= {"owner_kind": "team", "owner": team}
        return self.matching(conditions)

    def matching(self, conditions: dict[str, str]) -> ConnectionList:
        """Return the connections with these values in the columns that are in the clear."""
        with self.reading() as tenant:
            found = [tenant.opened(row) for row in tenant.matching(conditions)]
        records = tuple(one for one in found if isinstance(one, ConnectionRecord))
        return ConnectionList(records, tuple(one for one in found if isinstance(one, DamagedConnection)))

    # ------------------------------------------------------------------------------------------------ writing
    def put(self, record: ConnectionRecord) -> ConnectionRecord:
        with self.writing() as tenant:
            return self.store(tenant, record)

    def store(self, tenant: Tenant, record: ConnectionRecord) -> ConnectionRecord:
        """Store a record as `put` does, within a transaction."""
        row = tenant.by_key(record.key)
        if row is None:
            if tenant.by_id(record.id) is not None:
                raise VersionConflict(f"connection {record.id} does not have the key {record.key}")
            stored = _stamped(record, 1, 0.0)
            tenant.write(stored, new=True)
            return stored
        mark = tenant.mark(row.id)
        old = tenant.opened(row)
        # A damaged connection is replaced too: connecting again is how its user fixes it.
        version = max(mark.version if mark is not None else 0, row.version) + 1
        created, preferred = (old.created_at, old.preferred_at) if isinstance(old, ConnectionRecord) else (0.0, 0.0)
        exclusive = _exclusive(record, old) if isinstance(old, ConnectionRecord) else record.exclusive
        stored = _stamped(replace(record, id=row.id, preferred_at=record.preferred_at or preferred, exclusive=exclusive), version, created)
        tenant.write(stored, new=False)
        return stored

    def compare_and_swap(self, record: ConnectionRecord, expected_version: int) -> ConnectionRecord:
        with self.writing() as tenant:
            row = tenant.by_id(record.id)
            if (row.version if row is not None else 0) != expected_version:
                there = f"is of version {row.version}" if row is not None else "does not exist"
                raise VersionConflict(f"connection {record.id} {there}, and version {expected_version} was expected")
            other = tenant.by_key(record.key)
            if other is not None and other.id != record.id:
                raise VersionConflict(f"another connection has the key {record.key}")
            old = None if row is None else _undamaged(tenant.opened(row), row.id)
            stored = _stamped(record, expected_version + 1, 0.0 if old is None else old.created_at)
            tenant.write(stored, new=row is None)
            return stored

    def delete(self, connection_id: str, expected_version: int | None = None) -> None:
        with self.writing() as tenant:
            row = tenant.by_id(connection_id)
            if row is not None and expected_version is not None and row.version != expected_version:
                raise VersionConflict(
                    f"connection {connection_id} is of version {row.version}, and version {expected_version} was expected"
                )
            if row is not None or tenant.mark(connection_id) is not None:
                tenant.delete(connection_id, None if row is None else row.key)

    def erase(self, user: str, *, dry_run: bool = False) -> dict[str, int]:
        """Delete a user's connections, also damaged ones, and pending authorizations. Return the number of each.

        Raises:
            VaultUnavailable, VaultDamaged: see `Vault`.
        """
        with self.reading() as tenant:
            rows = tenant.matching({"owner_kind": "user", "owner": user})
        for row in () if dry_run else rows:
            self.delete(row.id)
            self._leases.forget(row.id)
        return {"connections": len(rows), "pending authorizations": self.pending.erase(user, dry_run=dry_run)}

    # ------------------------------------------------------------------------------------------------ leases
    def try_lease(self, connection_id: str, seconds: float) -> AbstractContextManager[HeldLease] | None:
        lease = self._leases.take(connection_id, seconds)
        return None if lease is None else self._leases.held(lease)

    def lease(self, connection_id: str, seconds: float, *, wait: float) -> AbstractContextManager[HeldLease]:
        return self._leases.wait(connection_id, seconds, wait)

    # ------------------------------------------------------------------------------------------------ transactions
    def rows(self, session: Session) -> Tenant:
        """Return the tenant's rows in a transaction that the caller has begun."""
        return Tenant(session, self.keys, self.tenant, self.database.location, self.seen.most(self.tenant))

    @contextmanager
    def reading(self) -> Iterator[Tenant]:
        """Read one consistent state of the tenant's rows."""
        seen = self.seen.most(self.tenant)  # before the transaction: others may see later writes meanwhile
        with self.database.reading() as session:
            tenant = Tenant(session, self.keys, self.tenant, self.database.location, seen)
            yield tenant
        self.seen.saw(self.tenant, tenant.root_count())

    @contextmanager
    def writing(self) -> Iterator[Tenant]:
        """Lock the tenant's rows for changes by this process only."""
        seen = self.seen.most(self.tenant)
        with self.database.writing(f"tenant {self.tenant}") as session:
            self.keys.fresh(session)
            tenant = Tenant(session, self.keys, self.tenant, self.database.location, seen)
            yield tenant
        self.seen.saw(self.tenant, tenant.root_count())
        self._notify(tenant.touched)

    def _notify(self, keys: Iterable[ConnectionKey]) -> None:
        for key in keys:
            for watcher in self._watchers:
                if (changed := watcher()) is not None:
                    changed(key)

    def close(self) -> None:
        """Close the database's connections. They are opened again if the vault is used."""
        self.database.close()


def _undamaged(found: ConnectionRecord | DamagedConnection | None, id: str) -> ConnectionRecord:
    if isinstance(found, ConnectionRecord):
        return found
    if found is None:
        raise NotConnected(f"there is no connection {id}")
    raise VaultDamaged(f"the connection {found.connection_id} ({found.key}) is damaged: {found.what}", connection_id=id)


def _exclusive(record: ConnectionRecord, old: ConnectionRecord) -> bool:
    """Report whether a new record is exclusive: as declared, else as before if both records are known to be of the same account."""
    if record.exclusive is not None:
        return record.exclusive
    same = _account(record) == _account(old) and (record.server, dict(record.values)) == (old.server, dict(old.values))
    return bool(old.exclusive) and same and any(_account(record))


def _account(record: ConnectionRecord) -> tuple[str | None, ...]:
    return record.account, record.account_id, record.username, record.details.get(ACCOUNT)


def _stamped(record: ConnectionRecord, version: int, created_at: float) -> ConnectionRecord:
    now = time.time()
    return replace(record, version=version, created_at=created_at or now, updated_at=now, exclusive=bool(record.exclusive))
