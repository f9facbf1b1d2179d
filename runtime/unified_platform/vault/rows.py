"""The rows of a vault's connections: read together with the manifest that says which are the newest, and written together with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from unified_platform.store.database import Row, Session, blob, integer, text
from unified_platform.vault import envelope, forms, manifest
from unified_platform.vault.envelope import Broken
from unified_platform.vault.errors import VaultDamaged
from unified_platform.vault.keys import Keys
from unified_platform.vault.manifest import ROOT, Leaf, Mark, Root
from unified_platform.vault.records import ConnectionRecord, Damage, Place

_COLUMNS = "id, owner_kind, owner, vendor, name, version, sealed"


@dataclass(frozen=True, slots=True)
class Stored:
    """A connection's row as it is stored."""

    id: str
    place: Place
    version: int
    sealed: bytes


def stored(row: Row) -> Stored:
    id, owner_kind, owner, vendor, name, version, sealed = row
    place = forms.place_of(text(vendor), text(owner_kind), text(owner), text(name))
    return Stored(text(id), place, integer(version), blob(sealed))


class Tenant:
    """The rows of one tenant within one transaction, and what the manifest says of them.

    `seen` is the count of writes that had been seen before the transaction began: fewer than that have never been since.
    """

    def __init__(self, session: Session, keys: Keys, tenant: str, where: str, seen: int) -> None:
        self._session = session
        self._keys = keys
        self._tenant = tenant
        self._where = where
        self._seen = seen
        self._root: Root | None = None
        self._leaves: dict[int, Leaf | None] = {}
        self.touched: set[Place] = set()
        """Places of what was written or deleted."""

    # ------------------------------------------------------------------------------------------------ reading
    def by_id(self, id: str) -> Stored | None:
        found = self._session.rows(f"SELECT {_COLUMNS} FROM vault_connections WHERE tenant = ? AND id = ?", self._tenant, id)  # noqa: S608
        return stored(found[0]) if found else None

    def by_place(self, place: Place) -> Stored | None:
        found = self._session.rows(
            f"SELECT {_COLUMNS} FROM vault_connections WHERE tenant = ? AND owner_kind = ? AND owner = ? AND vendor = ? AND name = ?",  # noqa: S608
            self._tenant,
            *forms.owner_of(place),
            place.vendor,
            place.name,
        )
        return stored(found[0]) if found else None

    def matching(self, conditions: Mapping[str, str]) -> Sequence[Stored]:
        """The rows with these values in these columns, in an order that stays."""
        where = "".join(f" AND {column} = ?" for column in conditions)
        found = self._session.rows(
            f"SELECT {_COLUMNS} FROM vault_connections WHERE tenant = ?{where} ORDER BY vendor, owner_kind, owner, name",  # noqa: S608
            self._tenant,
            *conditions.values(),
        )
        return [stored(row) for row in found]

    def ids(self) -> set[str]:
        return {text(row[0]) for row in self._session.rows("SELECT id FROM vault_connections WHERE tenant = ?", self._tenant)}

    def opened(self, row: Stored) -> ConnectionRecord | Damage:
        """The connection in a row, if it is the newest and as the vault wrote it."""
        what = self._stale(row)
        if what is not None:
            return Damage(row.id, row.place, what)
        try:
            plain = self._keys.open(row.sealed, self._about(row))
        except Broken:
            return Damage(row.id, row.place, "it was altered or belongs elsewhere: it does not open")
        record = forms.connection(plain, row.id, row.place, row.version)
        del plain
        return record or Damage(row.id, row.place, "it holds something else than a connection")

    def mark(self, id: str) -> Mark | None:
        """What the newest contents of a connection are.

        Raises:
            VaultDamaged: the part of the manifest that tells it is.
        """
        leaf = self.leaf(manifest.leaf_of(id))
        if leaf is None:
            raise self._damaged("the part of its manifest that this connection stands in does not open", id)
        return leaf.marks.get(id)

    def leaf(self, number: int) -> Leaf | None:
        """A part of the manifest; None if it does not open."""
        if number not in self._leaves:
            root = self.root()
            try:
                self._leaves[number] = manifest.open_leaf(self._keys, self._keys.vault, self._tenant, number, self._copies(number), root)
            except Broken:
                self._leaves[number] = None
        return self._leaves[number]

    def root(self) -> Root:
        """The manifest's root.

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
        """The count of writes by the root that was looked at; 0 if none was."""
        return self._root.count if self._root is not None else 0

    def problems(self) -> list[str]:
        """What is wrong with the tenant's manifest, and which connections were taken away. What opens by its other copy is told too."""
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
                wrong.append(f"{name} does not open: the connections that stand in it cannot be told to be the newest")
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
            return "the part of the manifest that it stands in does not open"
        mark = leaf.marks.get(row.id)
        if mark is None:
            return "it is a row that was deleted, or never written by the vault"
        if mark.version != row.version:
            return f"its newest version is {mark.version}, and version {row.version} stands in its place: it was rolled back"
        if mark.tag != envelope.tag(row.sealed):
            return f"other contents of version {row.version} were written: it was rolled back or altered"
        return None

    def _about(self, row: Stored) -> bytes:
        return forms.about_connection(self._keys.vault, self._tenant, row.id, row.place, row.version)

    def _copies(self, number: int) -> tuple[bytes, bytes] | None:
        found = self._session.rows("SELECT sealed, mirror FROM vault_manifest WHERE tenant = ? AND leaf = ?", self._tenant, number)
        return (blob(found[0][0]), blob(found[0][1])) if found else None

    def _damaged(self, what: str, id: str | None = None) -> VaultDamaged:
        return VaultDamaged(f"the vault in {self._where} is damaged: {what}", connection_id=id)

    # ------------------------------------------------------------------------------------------------ writing
    def write(self, record: ConnectionRecord, *, new: bool) -> None:
        """Write a record, in the row of its id or a new one, and the manifest with it."""
        place = record.place
        about = forms.about_connection(self._keys.vault, self._tenant, record.id, place, record.version)
        sealed = envelope.seal(self._keys.current, forms.of_connection(record), about)
        columns = (*forms.owner_of(place), place.vendor, place.name, record.version, sealed)
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
        self.touched.add(place)

    def delete(self, id: str, place: Place | None) -> None:
        if place is not None:
            self.touched.add(place)
        self._session.run("DELETE FROM vault_connections WHERE tenant = ? AND id = ?", self._tenant, id)
        self._marked({id: None})

    def rebuild(self) -> int:
        """Make the manifest anew of the rows that open, as they are, and drop nothing. Returns the count of writes."""
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
                raise self._damaged("the part of its manifest that this connection stands in does not open", id)
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


class HighWater:
    """The latest count of writes that this process has seen, by tenant."""

    def __init__(self) -> None:
        self._most: dict[str, int] = {}

    def most(self, tenant: str) -> int:
        return self._most.get(tenant, 0)

    def saw(self, tenant: str, count: int) -> None:
        # Threads may come in any order; the counts only grow, and one that is lost is seen with the next read.
        if count > self._most.get(tenant, 0):
            self._most[tenant] = count


def tenants(session: Session) -> Iterable[str]:
    """Every tenant that has something in the vault."""
    found = session.rows("SELECT tenant FROM vault_connections UNION SELECT tenant FROM vault_manifest ORDER BY 1")
    return [text(row[0]) for row in found]
