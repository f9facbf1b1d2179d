"""Rows of a tenant's connections, read and written together with the manifest of their newest versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from unified_platform.connections.errors import VaultDamaged
from unified_platform.connections.records import ConnectionKey, ConnectionRecord, DamagedConnection
from unified_platform.store.database import Row, Session, blob, integer, text
from unified_platform.vault import envelope, manifest, serialization
from unified_platform.vault.envelope import Broken
from unified_platform.vault.keys import Keys
from unified_platform.vault.manifest import ROOT, Leaf, Mark, Root

_COLUMNS = "id, owner_kind, owner, vendor, name, version, sealed"


@dataclass(frozen=True, slots=True)
class Stored:
    """Row of a connection as it is stored."""

    id: str
    key: ConnectionKey
    version: int
    sealed: bytes


def stored(row: Row) -> Stored:
    id, owner_kind, owner, vendor, name, version, sealed = row
    key = serialization.key_of(text(vendor), text(owner_kind), text(owner), text(name))
    return Stored(text(id), key, integer(version), blob(sealed))


class Tenant:
    """Rows of one tenant within one transaction, with their manifest.

    `seen` is the count of writes that had been seen before the transaction began: a smaller count now means a rollback.
    """

    def __init__(self, session: Session, keys: Keys, tenant: str, where: str, seen: int) -> None:
        self._session = session
        self._keys = keys
        self._tenant = tenant
        self._where = where
        self._seen = seen
        self._root: Root | None = None
        self._leaves: dict[int, Leaf | None] = {}
        self.touched: set[ConnectionKey] = set()
        """Keys of connections that were written or deleted."""

    # ------------------------------------------------------------------------------------------------ reading
    def by_id(self, id: str) -> Stored | None:
        found = self._session.rows(f"SELECT {_COLUMNS} FROM vault_connections WHERE tenant = ? AND id = ?", self._tenant, id)  # noqa: S608
        return stored(found[0]) if found else None

    def by_key(self, key: ConnectionKey) -> Stored | None:
        found = self._session.rows(
            f"SELECT {_COLUMNS} FROM vault_connections WHERE tenant = ? AND owner_kind = ? AND owner = ? AND vendor = ? AND name = ?",  # noqa: S608
            self._tenant,
            *serialization.owner_of(key),
            key.vendor,
            key.name,
        )
        return stored(found[0]) if found else None

    def matching(self, conditions: Mapping[str, str]) -> Sequence[Stored]:
        """Return the rows with these values in these columns, in a stable order."""
        where = "".join(f" AND {column} = ?" for column in conditions)
        found = self._session.rows(
            f"SELECT {_COLUMNS} FROM vault_connections WHERE tenant = ?{where} ORDER BY vendor, owner_kind, owner, name",  # noqa: S608
            self._tenant,
            *conditions.values(),
        )
        return [stored(row) for row in found]

    def ids(self) -> set[str]:
        return {text(row[0]) for row in self._session.rows("SELECT id FROM vault_connections WHERE tenant = ?", self._tenant)}

    def opened(self, row: Stored) -> ConnectionRecord | DamagedConnection:
        """Return the connection of a row, if it is the newest version and not altered."""
        what = self._stale(row)
        if what is not None:
            return DamagedConnection(row.id, row.key, what)
        try:
            plain = self._keys.open(row.sealed, self._about(row))
        except Broken:
            return DamagedConnection(row.id, row.key, "it was altered or belongs elsewhere: it does not open")
        record = serialization.connection(plain, row.id, row.key, row.version)
        del plain
        return record or DamagedConnection(row.id, row.key, "it holds something else than a connection")

    def mark(self, id: str) -> Mark | None:
        """Return the newest version of a connection.

        Raises:
            VaultDamaged: the part of the manifest for it is damaged.
        """
        leaf = self.leaf(manifest.leaf_of(id))
        if leaf is None:
            raise self._damaged("the part of the manifest that lists this connection does not open", id)
        return leaf.marks.get(id)

    def leaf(self, number: int) -> Leaf | None:
        """Return a part of the manifest; None if it does not open."""
        if number not in self._leaves:
            self._leaves[number] = self._opened_leaf(number)
        return self._leaves[number]

    def _opened_leaf(self, number: int) -> Leaf | None:
        root = self.root()
        # Of many connections a copy has hundreds of kilobytes: the second is read only if the first does not open.
        for column in ("sealed", "mirror"):
            found = self._session.rows(f"SELECT {column} FROM vault_manifest WHERE tenant = ? AND leaf = ?", self._tenant, number)  # noqa: S608
            copies = (blob(found[0][0]),) if found else None
            try:
                return manifest.open_leaf(self._keys, self._keys.vault, self._tenant, number, copies, root)
            except Broken:
                continue
        return None

    def root(self) -> Root:
        """Return the manifest's root.

        Raises:
            VaultDamaged: it does not open, or is older than one that this process has seen.
        """
        if self._root is None:
            try:
                self._root = manifest.open_root(self._keys, self._keys.vault, self._tenant, self._copies(ROOT))
            except Broken:
                raise self._damaged("the root of its manifest does not open, in neither of its copies") from None
            if self._seen > self._root.count:
                raise self._damaged(
                    f"it went back: write {self._seen} was seen, and the last one now is {self._root.count}. If an older state was "
                    "restored on purpose, start the processes that use it again"
                )
        return self._root

    def root_count(self) -> int:
        """Return the count of writes in the root that was read; 0 if none was."""
        return self._root.count if self._root is not None else 0

    def problems(self) -> list[str]:
        """Return the problems of the tenant's manifest, and removed connections. Report a part too that opens by one copy only."""
        wrong = []
        try:
            root = self.root()
        except VaultDamaged as damaged:
            return [damaged.message]
        present = self.ids()
        for number in (ROOT, *sorted(root.leaves)):
            name = "the root of the manifest" if number == ROOT else f"part {number} of the manifest"
            leaf = None if number == ROOT else self.leaf(number)
            if number != ROOT and leaf is None:
                wrong.append(f"{name} does not open: it cannot be verified that the connections listed in it are the newest")
            for which, sealed in zip(("first", "second"), self._copies(number) or (), strict=False):
                try:
                    self._keys.open(sealed, manifest.about(self._keys.vault, self._tenant, number))
                except Broken:
                    wrong.append(f"the {which} copy of {name} does not open")
            gone = [id for id in leaf.marks if id not in present] if leaf is not None else []
            wrong += [f"connection {id} was taken out of the database" for id in gone]
        return wrong

    def _stale(self, row: Stored) -> str | None:
        leaf = self.leaf(manifest.leaf_of(row.id))
        if leaf is None:
            return "the part of the manifest that lists it does not open"
        mark = leaf.marks.get(row.id)
        if mark is None:
            return "it is a row that was deleted, or never written by the vault"
        if mark.version != row.version:
            return f"its newest version is {mark.version}, and version {row.version} is stored: it was rolled back"
        if mark.tag != envelope.tag(row.sealed):
            return f"other contents of version {row.version} were written: it was rolled back or altered"
        return None

    def _about(self, row: Stored) -> bytes:
        return serialization.about_connection(self._keys.vault, self._tenant, row.id, row.key, row.version)

    def _copies(self, number: int) -> tuple[bytes, bytes] | None:
        found = self._session.rows("SELECT sealed, mirror FROM vault_manifest WHERE tenant = ? AND leaf = ?", self._tenant, number)
        return (blob(found[0][0]), blob(found[0][1])) if found else None

    def _damaged(self, what: str, id: str | None = None) -> VaultDamaged:
        return VaultDamaged(f"the vault in {self._where} is damaged: {what}", connection_id=id)

    # ------------------------------------------------------------------------------------------------ writing
    def write(self, record: ConnectionRecord, *, new: bool) -> None:
        """Write a record, in the row of its id or a new one, and update the manifest."""
        key = record.key
        about = serialization.about_connection(self._keys.vault, self._tenant, record.id, key, record.version)
        sealed = envelope.seal(self._keys.current, serialization.of_connection(record), about)
        columns = (*serialization.owner_of(key), key.vendor, key.name, record.version, sealed)
        if not new:
            self._session.run(
                "UPDATE vault_connections SET owner_kind = ?, owner = ?, vendor = ?, name = ?, version = ?, sealed = ? "
                "WHERE tenant = ? AND id = ?",
                *columns,
                self._tenant,
                record.id,
            )
        else:
            self._session.run(
                "INSERT INTO vault_connections (owner_kind, owner, vendor, name, version, sealed, tenant, id) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                *columns,
                self._tenant,
                record.id,
            )
        self._marked({record.id: Mark(record.version, envelope.tag(sealed))})
        self.touched.add(key)

    def delete(self, id: str, key: ConnectionKey | None) -> None:
        if key is not None:
            self.touched.add(key)
        self._session.run("DELETE FROM vault_connections WHERE tenant = ? AND id = ?", self._tenant, id)
        self._marked({id: None})

    def rebuild(self) -> int:
        """Rebuild the manifest from the rows that open, and delete nothing. Return the count of writes."""
        rows = self.matching({})
        groups: dict[int, dict[str, Mark]] = {}
        for row in rows:
            groups.setdefault(manifest.leaf_of(row.id), {})[row.id] = Mark(row.version, envelope.tag(row.sealed))
        try:
            count = manifest.open_root(self._keys, self._keys.vault, self._tenant, self._copies(ROOT)).count
        except Broken:
            count = 0
        self._session.run("DELETE FROM vault_manifest WHERE tenant = ?", self._tenant)
        self._root = Root(max(count, self._seen))
        self._leaves = {number: Leaf(marks) for number, marks in groups.items()}
        self._save(self._leaves)
        return self._root.count

    def _marked(self, marks: Mapping[str, Mark | None]) -> None:
        changed: dict[int, Leaf | None] = {}
        for id, mark in marks.items():
            number = manifest.leaf_of(id)
            leaf = self.leaf(number)
            if leaf is None:
                raise self._damaged("the part of the manifest that lists this connection does not open", id)
            if mark is None:
                leaf.marks.pop(id, None)
            else:
                leaf.marks[id] = mark
            changed[number] = leaf
        self._save(changed)

    def _save(self, leaves: Mapping[int, Leaf | None]) -> None:
        root = self.root()
        for number, leaf in leaves.items():
            assert leaf is not None
            sealed = manifest.seal(self._keys.current, self._keys.vault, self._tenant, number, leaf)
            root.leaves[number] = envelope.tag(sealed)
            self._keep(number, sealed)
        root.count += 1
        self._keep(ROOT, manifest.seal(self._keys.current, self._keys.vault, self._tenant, ROOT, root))

    def _keep(self, number: int, sealed: bytes) -> None:
        self._session.run(
            "INSERT INTO vault_manifest (tenant, leaf, sealed, mirror) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (tenant, leaf) DO UPDATE SET sealed = excluded.sealed, mirror = excluded.mirror",
            self._tenant,
            number,
            sealed,
            sealed,
        )


class HighWaterMark:
    """Highest count of writes that this process has seen, by tenant."""

    def __init__(self) -> None:
        self._most: dict[str, int] = {}

    def most(self, tenant: str) -> int:
        return self._most.get(tenant, 0)

    def saw(self, tenant: str, count: int) -> None:
        # Threads may come in any order; the counts only grow, and a lost one is seen with the next read.
        if count > self._most.get(tenant, 0):
            self._most[tenant] = count


def tenants(session: Session) -> Iterable[str]:
    """Return every tenant that has data in the vault."""
    found = session.rows("SELECT tenant FROM vault_connections UNION SELECT tenant FROM vault_manifest ORDER BY 1")
    return [text(row[0]) for row in found]
