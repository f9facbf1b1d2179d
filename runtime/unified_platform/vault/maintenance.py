"""Maintenance of a vault: verification, key rotation, and repair of the manifest after damage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from unified_platform.connections.records import ConnectionRecord, DamagedConnection
from unified_platform.store.database import Row, blob, integer, text
from unified_platform.vault import envelope, manifest, serialization
from unified_platform.vault.envelope import Broken
from unified_platform.vault.keys import Root
from unified_platform.vault.sealed_vault import SealedVault
from unified_platform.vault.tenant_rows import stored, tenants

_BATCH = 200


@dataclass(frozen=True, slots=True)
class TenantReport:
    """Verification of one tenant. `count` is the number of its writes, which distinguishes an older state from a newer one."""

    tenant: str
    connections: int
    count: int
    damaged: tuple[DamagedConnection, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """Verification of a vault. `problems` concern the vault as such."""

    tenants: tuple[TenantReport, ...]
    problems: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.problems and not any(one.damaged or one.problems for one in self.tenants)


def verify(vault: SealedVault, *, at_least: int | None = None) -> VerificationReport:
    """Open every record of every tenant, and compare it with the manifest. Nothing is changed.

    Args:
        at_least: number of writes that the vault's own tenant is known to have reached.

    Raises:
        VaultUnavailable: the database cannot be read.
    """
    problems = list(vault.database.check())
    with vault.database.reading() as session:
        names = tuple(tenants(session))
        problems += vault.keys.check(session)
        pendings = session.rows("SELECT tenant, digest, expires_at, sealed FROM vault_pending")
        cursor_keys = session.rows("SELECT tenant, id, created_at, sealed FROM vault_cursor_keys")
        hooks = session.rows("SELECT tenant, name, created_at, sealed FROM vault_hooks")
        problems += _sealed(vault, pendings, serialization.about_pending, "started authorizations")
        problems += _sealed(vault, cursor_keys, serialization.about_cursor_key, "keys of cursors")
        problems += _sealed(vault, hooks, serialization.about_hook, "registered webhooks")
    return VerificationReport(
        tuple(_tenant(vault.of_tenant(name), at_least if name == vault.tenant else None) for name in names), tuple(problems)
    )


def _tenant(vault: SealedVault, at_least: int | None) -> TenantReport:
    with vault.database.reading() as session:
        rows = vault.rows(session)
        problems = rows.problems()
        count = rows.root_count()
        if not problems or count:
            found = [rows.opened(row) for row in rows.matching({})]
        else:
            found = []
    damaged = tuple(one for one in found if isinstance(one, DamagedConnection))
    if at_least is not None and count < at_least:
        problems.append(f"it is of write {count}, and is known to have reached {at_least}: an older state was restored")
    return TenantReport(vault.tenant, sum(isinstance(one, ConnectionRecord) for one in found), count, damaged, tuple(problems))


def _sealed(vault: SealedVault, rows: Iterable[Row], about: Callable[[str, str, str, float], bytes], what: str) -> list[str]:
    """Return a problem if some of these rows (tenant, id, time, sealed value) do not open."""
    wrong = 0
    for tenant, id, at, sealed in rows:
        try:
            vault.keys.open(blob(sealed), about(vault.keys.vault, text(tenant), text(id), at if isinstance(at, float) else 0.0))
        except Broken:
            wrong += 1
    return [f"{wrong} {what} do not open"] if wrong else []


@dataclass(frozen=True, slots=True)
class RotationResult:
    """Result of a rotation. `left`: damaged rows that still need the older keys, which then stay."""

    rewrapped: int
    left: int


def rotate(vault: SealedVault, to: Root | None = None) -> RotationResult:
    """Make a new key-encryption key, wrap every data key with it, and delete the older ones. Others may read and write meanwhile.

    If it is interrupted, everything still opens, and another rotation finishes it.

    Args:
        to: another root key that wraps the vault's keys from now on; restart the processes that use the vault with it.

    Raises:
        VaultKeyError, VaultUnavailable: the rotation stopped. Rows that were not rewrapped yet are unchanged.
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
            "SELECT tenant FROM vault_connections UNION SELECT tenant FROM vault_manifest UNION SELECT tenant FROM vault_pending "
            "UNION SELECT tenant FROM vault_cursor_keys UNION SELECT tenant FROM vault_hooks"
        )
    rewrapped = left = 0
    for (tenant,) in found:
        for table in (_Connections, _Manifest, _Pending, _CursorKeys, _Hooks):
            done, saved = table(vault.of_tenant(text(tenant))).run()
            rewrapped += done
            left += saved
        one = vault.of_tenant(text(tenant))
        with vault.database.writing(f"tenant {one.tenant}") as session:
            one.cursor_keys.add(session)
    if not left:
        with vault.database.writing("keys") as session:
            vault.keys.remove_old(session)
        vault.keys.reload()
    return RotationResult(rewrapped, left)


class _Rewrapping:
    """Rewraps one table's rows of one tenant, in batches; between batches others may write."""

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
        """Return the row's rewrapped columns; an empty sequence if there is nothing to do, None if they do not open."""
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
        about = serialization.about_connection(self._keys.vault, self._vault.tenant, one.id, one.key, one.version)
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
        # A copy that does not open is replaced by the one that does.
        pair = tuple(sound[0] if one is None else one for one in new)
        return () if pair == old else pair


class _Timed(_Rewrapping):
    """Rows of a name, a time and a sealed value."""

    about: Callable[[str, str, str, float], bytes]

    def rewrapped(self, row: Row) -> Sequence[bytes] | None:
        at = row[1] if isinstance(row[1], float) else 0.0
        new = self._again(blob(row[2]), type(self).about(self._keys.vault, self._vault.tenant, text(row[0]), at))
        return None if new is None else () if new == blob(row[2]) else (new,)


class _Pending(_Timed):
    select = "SELECT digest, expires_at, sealed FROM vault_pending WHERE tenant = ? AND digest > ? ORDER BY digest LIMIT ?"
    update = "UPDATE vault_pending SET sealed = ? WHERE tenant = ? AND digest = ?"
    about = staticmethod(serialization.about_pending)


class _CursorKeys(_Timed):
    select = "SELECT id, created_at, sealed FROM vault_cursor_keys WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?"
    update = "UPDATE vault_cursor_keys SET sealed = ? WHERE tenant = ? AND id = ?"
    about = staticmethod(serialization.about_cursor_key)


class _Hooks(_Timed):
    select = "SELECT name, created_at, sealed FROM vault_hooks WHERE tenant = ? AND name > ? ORDER BY name LIMIT ?"
    update = "UPDATE vault_hooks SET sealed = ? WHERE tenant = ? AND name = ?"
    about = staticmethod(serialization.about_hook)


def repair(vault: SealedVault) -> int:
    """Rebuild the manifest of the vault's tenant from the rows as they are, and return its count of writes.

    For use after damage: rows that were rolled back or removed before are accepted from then on.
    """
    with vault.writing() as tenant:
        return tenant.rebuild()
