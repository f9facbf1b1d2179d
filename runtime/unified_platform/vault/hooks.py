"""Webhooks that were registered at vendors, with their secrets. Only the name of a hook is in the clear."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import msgspec

from unified_platform.connections.errors import VaultDamaged
from unified_platform.connections.registered_hooks import RegisteredHook, Subscription
from unified_platform.store.database import blob, text
from unified_platform.vault import envelope, serialization
from unified_platform.vault.envelope import Broken
from unified_runtime.core.credentials import Secret

if TYPE_CHECKING:
    from unified_platform.store.database import Database, Row
    from unified_platform.vault.keys import Keys

log = logging.getLogger("unified.vault")


class _Subscription(msgspec.Struct, omit_defaults=True):
    scope: str | None = None
    events: tuple[str, ...] = ()
    id: str | None = None
    secret: str | None = None
    registered_at: float = 0.0


class _Hook(msgspec.Struct, omit_defaults=True):
    vendor: str
    url: str
    user: str | None = None
    subscriptions: tuple[_Subscription, ...] = ()


class VaultHooks:
    """Registered webhooks of one tenant."""

    def __init__(self, database: Database, keys: Keys, tenant: str) -> None:
        self._database = database
        self._keys = keys
        self._tenant = tenant

    def get(self, name: str) -> RegisteredHook | None:
        """Return the hook of a name; None if there is none.

        Raises:
            VaultDamaged: it was altered.
        """
        with self._database.reading() as session:
            rows = session.rows("SELECT name, created_at, sealed FROM vault_hooks WHERE tenant = ? AND name = ?", self._tenant, name)
        return self._opened(rows[0]) if rows else None

    def all(self) -> tuple[RegisteredHook, ...]:
        """Return all hooks, by name, without those that were altered, which are logged."""
        with self._database.reading() as session:
            rows = session.rows("SELECT name, created_at, sealed FROM vault_hooks WHERE tenant = ? ORDER BY name", self._tenant)
        found = []
        for row in rows:
            try:
                found.append(self._opened(row))
            except VaultDamaged as error:
                log.error("%s", error.message)
        return tuple(found)

    def put(self, hook: RegisteredHook) -> None:
        """Store a hook in place of the one with its name."""
        now = time.time()
        with self._database.writing(f"tenant {self._tenant}") as session:
            self._keys.fresh(session)
            about = serialization.about_hook(self._keys.vault, self._tenant, hook.name, now)
            session.run(
                "INSERT INTO vault_hooks (tenant, name, created_at, sealed) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (tenant, name) DO UPDATE SET created_at = excluded.created_at, sealed = excluded.sealed",
                self._tenant,
                hook.name,
                now,
                envelope.seal(self._keys.current, _encoded(hook), about),
            )

    def delete(self, name: str) -> None:
        """Delete the hook of a name, if there is one."""
        with self._database.writing(f"tenant {self._tenant}") as session:
            session.run("DELETE FROM vault_hooks WHERE tenant = ? AND name = ?", self._tenant, name)

    def _opened(self, row: Row) -> RegisteredHook:
        name, at = text(row[0]), row[1] if isinstance(row[1], float) else 0.0
        try:
            plain = self._keys.open(blob(row[2]), serialization.about_hook(self._keys.vault, self._tenant, name, at))
        except Broken:
            raise VaultDamaged(f"the registered webhook {name!r} was altered: register it again") from None
        found = serialization.unpacked(plain, _Hook)
        del plain
        if found is None:
            raise VaultDamaged(f"the registered webhook {name!r} is damaged: register it again")
        return RegisteredHook(name, found.vendor, found.url, found.user, tuple(map(_subscription, found.subscriptions)))


def _subscription(one: _Subscription) -> Subscription:
    return Subscription(one.scope, one.events, one.id, None if one.secret is None else Secret(one.secret), one.registered_at)


def _encoded(hook: RegisteredHook) -> bytes:
    subscriptions = tuple(
        _Subscription(one.scope, one.events, one.id, one.secret and one.secret.reveal(), one.registered_at) for one in hook.subscriptions
    )
    return msgspec.msgpack.encode(_Hook(hook.vendor, hook.url, hook.user, subscriptions))
