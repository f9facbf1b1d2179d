"""Agent keys: shown once, stored as a hash with their scope, revocable, with an expiry."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from unified_platform.catalog import capabilities, toolsets
from unified_platform.store.database import Database
from unified_runtime.core import typed_json
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, NotFound, Unauthorized
from unified_runtime.core.owners import TENANT

PREFIX = "uak"
"""Prefix of a key, so that leaked keys can be found: `uak_ID_SECRET`."""

FRESH = 1.0
"""Seconds for which a looked-up key is cached: a key that another process revoked is rejected after that at the latest."""

_MOST = 4096
_FORM = re.compile(rf"{PREFIX}_([0-9a-f]{{16}})_([A-Za-z0-9_-]{{43}})\Z")
_NAME = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,198}[^\s\x00-\x1f\x7f])?\Z")
ANY = "*"


class Scope(msgspec.Struct, frozen=True):
    """Scope of a key: the agent, its users and teams (`*`: any), and its toolsets (`*`: all tools).

    Without users, the agent acts for no one in particular.
    """

    agent: str
    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    toolsets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """Key without its secret. Times are seconds since 1970. `tenant` is None for keys made before keys had one, which are valid in each."""

    id: str
    scope: Scope
    note: str | None
    created_at: float
    expires_at: float | None
    revoked_at: float | None
    tenant: str | None = None

    def status(self, now: float) -> str:
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


class InvalidAgentKey(Unauthorized):
    """The key does not exist, was revoked or has expired."""


class KeyStore:
    """Agent keys in a database, shared by threads and processes.

    Args:
        database: result of `open_store`.
        tenant: tenant whose keys are accepted; by default every tenant's.
    """

    def __init__(self, database: Database, tenant: str | None = None) -> None:
        self._database = database
        self._tenant = tenant
        self._fresh: dict[str, tuple[float, Key]] = {}

    def create(self, scope: Scope, *, lifetime: float | None, note: str | None = None, tenant: str | None = None) -> tuple[Key, Secret]:
        """Create a key. Its secret is returned only here.

        Args:
            tenant: tenant of the broker that accepts it; by default the store's, else the default one.
            lifetime: seconds until it expires; None for no expiry.

        Raises:
            InvalidInput: a name in the scope is not valid, or it has no toolset.
        """
        check(scope)
        if lifetime is not None and lifetime <= 0:
            raise InvalidInput("a key has to last longer than no time")
        id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        owner = tenant or self._tenant or TENANT
        with self._database.writing("broker-keys") as session:
            now = float(session.rows("SELECT NOW()")[0][0])
            expires = None if lifetime is None else now + lifetime
            session.run(
                "INSERT INTO broker_keys (id, hash, scope, note, created_at, expires_at, tenant) VALUES (?, ?, ?, ?, ?, ?, ?)",
                id,
                _hash(secret),
                msgspec.json.encode(scope).decode(),
                note,
                now,
                expires,
                owner,
            )
        return Key(id, scope, note, now, expires, None, owner), Secret(f"{PREFIX}_{id}_{secret}")

    def list(self) -> list[Key]:
        """Return every key, the newest first."""
        with self._database.reading() as session:
            return [_key(row) for row in session.rows(f"SELECT {_COLUMNS} FROM broker_keys ORDER BY created_at DESC, id")]  # noqa: S608

    def revoke(self, id: str) -> Key:
        """Revoke a key. Revoking it again has no effect.

        Raises:
            NotFound: the key does not exist.
        """
        with self._database.writing("broker-keys") as session:
            session.run("UPDATE broker_keys SET revoked_at = NOW() WHERE id = ? AND revoked_at IS NULL", id)
            rows = session.rows(f"SELECT {_COLUMNS} FROM broker_keys WHERE id = ?", id)  # noqa: S608  a constant
        self._fresh.clear()
        if not rows:
            raise NotFound(f"there is no key {id!r}")
        return _key(rows[0])

    def erase(self, user: str, *, tenant: str = TENANT, dry_run: bool = False) -> dict[str, int]:
        """Remove a user from the scopes of a tenant's keys, and delete keys that are for this user only. Return the number of keys."""
        found = 0
        with self._database.writing("broker-keys") as session:
            for id, text, owner in session.rows("SELECT id, scope, tenant FROM broker_keys"):
                scope = typed_json.decode(str(text), Scope)
                if user not in scope.users or user == ANY or (owner or TENANT) != tenant:
                    continue
                found += 1
                if dry_run:
                    continue
                users = tuple(name for name in scope.users if name != user)
                if users:
                    left = msgspec.json.encode(msgspec.structs.replace(scope, users=users)).decode()
                    session.run("UPDATE broker_keys SET scope = ?, note = NULL WHERE id = ?", left, id)
                else:  # without users, it would be for no one in particular
                    session.run("DELETE FROM broker_keys WHERE id = ?", id)
        self._fresh.clear()
        return {"agent keys": found}

    def known(self, text: str) -> Key | None:
        """Return the key for this text from the cache, if it was looked up just now; needs no I/O.

        Raises:
            InvalidAgentKey: it has expired meanwhile.
        """
        fresh = self._fresh.get(_digest(text))
        if fresh is None or fresh[0] < time.monotonic():
            return None
        return _good(fresh[1], time.time())

    def active(self, id: str) -> Key:
        """Return the key with this id, if it is valid.

        Raises:
            InvalidAgentKey: it was revoked, has expired, or was deleted.
        """
        fresh = self._fresh.get(id)
        if fresh is None or fresh[0] < time.monotonic():
            with self._database.reading() as session:
                rows = session.rows(f"SELECT {_COLUMNS} FROM broker_keys WHERE id = ?", id)  # noqa: S608  a constant
            if not rows:
                raise InvalidAgentKey(f"the key {id} is gone")
            fresh = self._fresh[id] = (time.monotonic() + FRESH, self._own(_key(rows[0])))
        return _good(fresh[1], time.time())

    def find(self, text: str) -> Key:
        """Return the key for this text.

        Raises:
            InvalidAgentKey: it does not exist, was revoked or has expired. The error is the same for all three without the secret.
        """
        match = _FORM.match(text)
        row: Sequence[Any] | None = None
        if match is not None:
            with self._database.reading() as session:
                rows = session.rows(f"SELECT hash, NOW(), {_COLUMNS} FROM broker_keys WHERE id = ?", match[1])  # noqa: S608
            row = rows[0] if rows else None
        # Compare in any case, and in constant time: neither an id nor a part of a secret may be guessed from the duration.
        same = hmac.compare_digest(str(row[0]) if row is not None else _UNKNOWN, _hash(match[2] if match is not None else ""))
        if row is None or not same:
            raise InvalidAgentKey("the key is not one of this broker's")
        found = _good(self._own(_key(row[2:])), float(row[1]))
        if len(self._fresh) >= _MOST:
            self._fresh.clear()
        self._fresh[_digest(text)] = (time.monotonic() + FRESH, found)
        return found

    def _own(self, key: Key) -> Key:
        """Return the key, if it belongs to the store's tenant.

        Raises:
            InvalidAgentKey: it is another tenant's.
        """
        if self._tenant is not None and key.tenant not in {None, self._tenant}:
            raise InvalidAgentKey(f"the key {key.id} is tenant {key.tenant!r}'s, and this broker serves {self._tenant!r}")
        return key


_COLUMNS = "id, scope, note, created_at, expires_at, revoked_at, tenant"


def check(scope: Scope) -> None:
    """Check a scope.

    Raises:
        InvalidInput: a name or a toolset of the scope is not valid.
    """
    for what, names in (("agent", (scope.agent,)), ("user", scope.users), ("team", scope.teams)):
        for name in names:
            if not _NAME.match(name):
                raise InvalidInput(f"{name!r} is not a valid name of a{'n' if what == 'agent' else ''} {what}")
    if not scope.toolsets:
        raise InvalidInput(f"a key needs toolsets, such as tasks.read, or {ANY} for all tools: one without could call nothing")
    toolset(scope)


def toolset(scope: Scope) -> toolsets.Toolset:
    """Return the toolset of a scope.

    Raises:
        InvalidInput: an entry does not exist in the catalog.
    """
    return toolsets.EVERYTHING if ANY in scope.toolsets else toolsets.parse_toolset(scope.toolsets, capabilities.load())


def _good(key: Key, now: float) -> Key:
    if (status := key.status(now)) != "active":
        raise InvalidAgentKey(f"the key {key.id} {'was revoked' if status == 'revoked' else 'has expired'}")
    return key


def _hash(secret: str) -> str:
    """Hash a secret. SHA-256 is enough for 256 random bits, which cannot be guessed."""
    return hashlib.sha256(f"unified broker key\n{secret}".encode()).hexdigest()


_UNKNOWN = _hash("nobody's")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _key(row: Sequence[Any]) -> Key:
    id, scope, note, created, expires, revoked, tenant = row
    return Key(str(id), typed_json.decode(str(scope), Scope), note, created, expires, revoked, tenant)
