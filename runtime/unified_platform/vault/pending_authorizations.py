"""Store of pending authorizations: sealed, found by the hash of their state, usable once, with an expiry."""

from __future__ import annotations

import hashlib
import time

from unified_platform.connections.errors import StateUsed, VaultDamaged
from unified_platform.connections.records import Pending
from unified_platform.store.database import Database, blob
from unified_platform.vault import envelope, serialization
from unified_platform.vault.envelope import Broken
from unified_platform.vault.keys import Keys
from unified_runtime.core.credentials import Secret


class Pendings:
    """Pending authorizations of one tenant; `unified_platform.connections.protocols.PendingStore`."""

    def __init__(self, database: Database, keys: Keys, tenant: str) -> None:
        self._database = database
        self._keys = keys
        self._tenant = tenant

    def put(self, pending: Pending) -> None:
        digest = _digest(pending.state)
        about = serialization.about_pending(self._keys.vault, self._tenant, digest, pending.expires_at)
        with self._database.writing(f"tenant {self._tenant}") as session:
            self._keys.fresh(session)
            sealed = envelope.seal(self._keys.current, serialization.of_pending(pending), about)
            session.run("DELETE FROM vault_pending WHERE tenant = ? AND expires_at <= ?", self._tenant, time.time())
            saved = session.run(
                "INSERT INTO vault_pending (tenant, digest, expires_at, sealed) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (tenant, digest) DO NOTHING",
                self._tenant,
                digest,
                float(pending.expires_at),
                sealed,
            )
        if not saved:
            raise StateUsed("an authorization of this state was started already: a state is used once")

    def take(self, state: Secret) -> Pending | None:
        digest = _digest(state)
        with self._database.writing(f"tenant {self._tenant}") as session:
            found = session.rows(
                "DELETE FROM vault_pending WHERE tenant = ? AND digest = ? RETURNING expires_at, sealed", self._tenant, digest
            )
        if not found:
            return None
        data, sealed = found[0]
        expires_at = data if isinstance(data, float) else 0.0
        try:
            plain = self._keys.open(blob(sealed), serialization.about_pending(self._keys.vault, self._tenant, digest, expires_at))
        except Broken:
            raise VaultDamaged("the started authorization was altered: start it again") from None
        pending = serialization.pending(plain, state, expires_at)
        del plain
        return pending if expires_at > time.time() else None

    def erase(self, user: str, *, dry_run: bool = False) -> int:
        """Delete the authorizations and used links of a user, and those that do not open. Return their number."""
        found = []
        with self._database.writing(f"tenant {self._tenant}") as session:
            self._keys.fresh(session)
            rows = session.rows("SELECT digest, expires_at, sealed FROM vault_pending WHERE tenant = ?", self._tenant)
            for digest, expires_at, sealed in rows:
                try:
                    about = serialization.about_pending(self._keys.vault, self._tenant, digest, expires_at)
                    pending = serialization.pending(self._keys.open(blob(sealed), about), Secret(""), expires_at)
                except Broken:
                    pending = None
                if pending is None or pending.key.user == user:
                    found.append(digest)
            for digest in () if dry_run else found:
                session.run("DELETE FROM vault_pending WHERE tenant = ? AND digest = ?", self._tenant, digest)
        return len(found)


def _digest(state: Secret) -> str:
    return hashlib.sha256(state.reveal().encode("utf-8")).hexdigest()
