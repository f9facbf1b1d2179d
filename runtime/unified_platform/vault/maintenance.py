"""Keeping a vault: checking all of it, new keys, and a manifest made anew after damage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unified_platform.store.database import Row, Session, blob, integer, text
from unified_platform.vault import envelope, forms, manifest
from unified_platform.vault.envelope import Broken
from unified_platform.vault.keys import Root
from unified_platform.vault.records import ConnectionRecord, Damage
from unified_platform.vault.rows import stored, tenants
from unified_platform.vault.sealed import SealedVault

_BATCH = 200


@dataclass(frozen=True, slots=True)
class TenantReport:
    """What was found of one tenant. `count` is that of its writes, by which an older state is told from a newer one."""

    tenant: str
    connections: int
    count: int
    damaged: tuple[Damage, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a vault. `problems` concern all of it."""

    tenants: tuple[TenantReport, ...]
    problems: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.problems and not any(one.damaged or one.problems for one in self.tenants)


def verify(vault: SealedVault, *, at_least: int | None = None) -> Report:
    """Open everything there is, of every tenant, and compare it with the manifest. Nothing is changed.

    Args:
        at_least: a count of writes that the vault's own tenant is known to have reached.

    Raises:
        VaultUnavailable: the database cannot be read.
    """
    problems = list(vault.database.check())
    with vault.database.reading() as session:
        names = tuple(tenants(session))
        problems += vault.keys.check(session)
        problems += _pendings(vault, session)
    return Report(tuple(_tenant(vault.of_tenant(name), at_least if name == vault.tenant else None) for name in names), tuple(problems))


def _tenant(vault: SealedVault, at_least: int | None) -> TenantReport:
    with vault.database.reading() as session:
        rows = vault.rows(session)
        problems = rows.problems()
        count = rows.root_count()
        if not problems or count:
            found = [rows.opened(row) for row in rows.matching({})]
        else:
            found = []
    damaged = tuple(one for one in found if isinstance(one, Damage))
    if at_least is not None and count < at_least:
        problems.append(f"it is of write {count}, and is known to have reached {at_least}: an older state was restored")
    return TenantReport(vault.tenant, sum(isinstance(one, ConnectionRecord) for one in found), count, damaged, tuple(problems))


def _pendings(vault: SealedVault, session: Session) -> list[str]:
    wrong = 0
    for tenant, digest, expires_at, sealed in session.rows("SELECT tenant, digest, expires_at, sealed FROM vault_pending"):
        try:
            about = forms.about_pending(vault.keys.vault, text(tenant), text(digest), expires_at if isinstance(expires_at, float) else 0.0)
            vault.keys.open(blob(sealed), about)
        except Broken:
            wrong += 1
    return [f"{wrong} started authorizations do not open"] if wrong else []


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did. `left`: rows that are damaged and still need the older keys, which then are kept."""

    rewrapped: int
    left: int


def rotate(vault: SealedVault, to: Root | None = None) -> Rotated:
    """Make a new key-encryption key, wrap every data key by it, and forget the older ones. Others may read and write meanwhile.

    If it is interrupted, everything still opens, and another rotation finishes it.

    Args:
        to: another root key that wraps the vault's keys from now on; processes that use the vault must be started anew with it.

    Raises:
        VaultKeyError, VaultUnavailable: nothing that was not rewrapped yet is changed.
    """
    if to is not None:
        to.prepare(create=True)
    with vault.database.writing("keys") as session:
        if to is not None:
            vault.keys.hand_over(session, to)
    if to is not None:
        vault.keys.changed_root(to)
    with vault.database.writing("keys") as session:
        vault.keys.add(session)
    vault.keys.reload()
    with vault.database.reading() as session:
        found = session.rows(
            "SELECT tenant FROM vault_connections UNION SELECT tenant FROM vault_manifest UNION SELECT tenant FROM vault_pending"
        )
    rewrapped = left = 0
    for (tenant,) in found:
        for table in (_Connections, _Manifest, _Pending):
            done, kept = table(vault.of_tenant(text(tenant))).run()
            rewrapped += done
            left += kept
    if not left:
        with vault.database.writing("keys") as session:
            vault.keys.remove_old(session)
        vault.keys.reload()
    return Rotated(rewrapped, left)


class _Rewrapping:
    """One table's rows of one tenant, batch by batch; between batches others may write."""

    select: str
    update: str

    def __init__(self, vault: SealedVault) -> None:
        self._vault = vault
        self._keys = vault.keys

    def run(self) -> tuple[int, int]:
        done = left = 0
        last: object = self.first
        while True:
            with self._vault.database.writing(f"tenant {self._vault.tenant}") as session:
                rows = session.rows(self.select, self._vault.tenant, last, _BATCH)
                for row in rows:
                    changed = self.rewrapped(row)
                    if changed is None:
                        left += 1
                    elif changed:
                        session.run(self.update, *changed, self._vault.tenant, row[0])
                        done += 1
            if not rows:
                return done, left
            last = rows[-1][0]

    first: object = ""

    def rewrapped(self, row: Row) -> Sequence[bytes] | None:
        """The row's sealed columns anew; none if nothing is to be done, None if they do not open."""
        raise NotImplementedError

    def _again(self, sealed: bytes, about: bytes) -> bytes | None:
        if envelope.key_id(sealed) == self._keys.current.id:
            return sealed
        try:
            return envelope.rewrap(self._keys.key(envelope.key_id(sealed)), self._keys.current, sealed, about)
        except Broken:
            return None


class _Connections(_Rewrapping):
    select = (
        "SELECT id, owner_kind, owner, vendor, name, version, sealed FROM vault_connections WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?"
    )
    update = "UPDATE vault_connections SET sealed = ? WHERE tenant = ? AND id = ?"

    def rewrapped(self, row: Row) -> Sequence[bytes] | None:
        one = stored(row)
        about = forms.about_connection(self._keys.vault, self._vault.tenant, one.id, one.place, one.version)
        new = self._again(one.sealed, about)
        return None if new is None else () if new == one.sealed else (new,)


class _Manifest(_Rewrapping):
    select = "SELECT leaf, sealed, mirror FROM vault_manifest WHERE tenant = ? AND leaf > ? ORDER BY leaf LIMIT ?"
    update = "UPDATE vault_manifest SET sealed = ?, mirror = ? WHERE tenant = ? AND leaf = ?"
    first = manifest.ROOT - 1

    def rewrapped(self, row: Row) -> Sequence[bytes] | None:
        about = manifest.about(self._keys.vault, self._vault.tenant, integer(row[0]))
        old = (blob(row[1]), blob(row[2]))
        new = [self._again(sealed, about) for sealed in old]
        sound = [one for one in new if one is not None]
        if not sound:
            return None
        # A copy that does not open gives way to the one that does.
        pair = tuple(sound[0] if one is None else one for one in new)
        return () if pair == old else pair


class _Pending(_Rewrapping):
    select = "SELECT digest, expires_at, sealed FROM vault_pending WHERE tenant = ? AND digest > ? ORDER BY digest LIMIT ?"
    update = "UPDATE vault_pending SET sealed = ? WHERE tenant = ? AND digest = ?"

    def rewrapped(self, row: Row) -> Sequence[bytes] | None:
        about = forms.about_pending(self._keys.vault, self._vault.tenant, text(row[0]), row[1] if isinstance(row[1], float) else 0.0)
        new = self._again(blob(row[2]), about)
        return None if new is None else () if new == blob(row[2]) else (new,)


def repair(vault: SealedVault) -> int:
    """Make the manifest of the vault's tenant anew of the rows as they are, and return its count of writes.

    For after damage: whatever was rolled back or taken away before is taken for right from then on.
    """
    with vault.writing() as tenant:
        return tenant.rebuild()
