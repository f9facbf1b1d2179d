"""Keys that authenticate the list cursors of one tenant, shared by all processes that open the vault.

A new key is made every `ROTATE` seconds, and with each rotation of the vault's own keys. Cursors are sealed with the newest key; those
sealed with an older key are accepted until it is `RETENTION` seconds old.
"""

from __future__ import annotations

import secrets
import threading
import time
from typing import TYPE_CHECKING

from unified_platform.store.database import Session, blob, text
from unified_platform.vault import envelope, serialization
from unified_platform.vault.envelope import Broken
from unified_runtime.execution.sealed_cursors import ID_BYTES, KEY_BYTES

if TYPE_CHECKING:
    from unified_platform.store.database import Database
    from unified_platform.vault.keys import Keys

DAY = 86400.0

FRESH = 3600.0
"""Seconds after which the keys are read again, to use a key that another process has made."""

ROTATE = 30 * DAY
"""Seconds after which a new key is made."""

RETENTION = 180 * DAY
"""Seconds for which a key is accepted. Cursors for changes are used long after they were returned."""


class VaultCursorKeys:
    """Cursor keys in a vault; see `unified_runtime.core.connection_sources.CursorKeys`."""

    def __init__(self, database: Database, keys: Keys, tenant: str) -> None:
        self._database = database
        self._keys = keys
        self._tenant = tenant
        self._lock = threading.Lock()
        self._known: dict[bytes, tuple[float, bytes]] = {}
        """Keys by id, the newest last."""
        self._read_at = -FRESH

    def newest(self) -> tuple[bytes, bytes] | None:
        id, (created_at, key) = next(reversed(self._known.items()), (b"", (0.0, b"")))
        fresh = created_at + ROTATE > time.time() and self._read_at + FRESH > time.monotonic()
        return (id, key) if fresh else None

    def key(self, id: bytes) -> bytes | None:
        created_at, key = self._known.get(id, (0.0, None))
        return key if created_at + RETENTION > time.time() else None

    def load(self) -> None:
        """Read the keys; make one if there is none, or the newest is too old.

        VaultUnavailable, VaultKeyError: the database or the vault's key cannot be used.
            VaultUnavailable, VaultKeyError: the database or its key cannot be used.
        """
        with self._lock:
            with self._database.reading() as session:
                self._take(session)
            if self.newest() is None:
                with self._database.writing(f"tenant {self._tenant}") as session:
                    self._keys.fresh(session)
                    self._take(session)
                    if self.newest() is None:  # otherwise another process made it first
                        self.add(session)
                        self._take(session)

    def add(self, session: Session) -> None:
        """Make a new key, and delete those that are no longer accepted. `load` makes this object use it."""
        id, now = secrets.token_bytes(ID_BYTES), time.time()
        about = serialization.about_cursor_key(self._keys.vault, self._tenant, id.hex(), now)
        session.run("DELETE FROM vault_cursor_keys WHERE tenant = ? AND created_at < ?", self._tenant, now - RETENTION)
        session.run(
            "INSERT INTO vault_cursor_keys (tenant, id, created_at, sealed) VALUES (?, ?, ?, ?)",
            self._tenant,
            id.hex(),
            now,
            envelope.seal(self._keys.current, secrets.token_bytes(KEY_BYTES), about),
        )

    def _take(self, session: Session) -> None:
        """Load the stored keys. A key that does not open is ignored, and replaced by a new one."""
        known: dict[bytes, tuple[float, bytes]] = {}
        rows = session.rows("SELECT id, created_at, sealed FROM vault_cursor_keys WHERE tenant = ? ORDER BY created_at, id", self._tenant)
        for stored, data, sealed in rows:
            id, created_at = text(stored), data if isinstance(data, float) else 0.0
            try:
                key = self._keys.open(blob(sealed), serialization.about_cursor_key(self._keys.vault, self._tenant, id, created_at))
            except Broken:
                continue
            known[bytes.fromhex(id)] = created_at, key
        self._known = known
        self._read_at = time.monotonic()
