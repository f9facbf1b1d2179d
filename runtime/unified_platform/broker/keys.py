"""Agents' keys: made once and shown once, kept as a hash, with what they are good for; revocable and expiring."""

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

from unified_platform import catalog, toolsets
from unified_platform.store.database import Database
from unified_runtime.credentials import Secret
from unified_runtime.errors import InvalidInput, NotFound, Unauthorized

PREFIX = "uak"
"""What a key begins with, so that it can be found where it leaked: `uak_ID_SECRET`."""

FRESH = 1.0
"""Seconds for which a key that was looked up is kept: one that was revoked elsewhere is refused after that at the latest."""

_MOST = 4096
_FORM = re.compile(rf"{PREFIX}_([0-9a-f]{{16}})_([A-Za-z0-9_-]{{43}})\Z")
_NAME = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,198}[^\s\x00-\x1f\x7f])?\Z")
ANY = "*"


class Scope(msgspec.Struct, frozen=True):
    """What a key is good for: calls of one agent, for these users and teams (`*`: any), with these toolsets (`*`: all tools).

    Without users, the agent acts for nobody in particular.
    """

    agent: str
    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    toolsets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret. Times are seconds since 1970."""

    id: str
    scope: Scope
    note: str | None
    created_at: float
    expires_at: float | None
    revoked_at: float | None

    def status(self, now: float) -> str:
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


class WrongKey(Unauthorized):
    """A key that is none, or none any more."""


class KeyStore:
    """The keys in a database. Threads and processes may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._fresh: dict[str, tuple[float, Key]] = {}

    def create(self, scope: Scope, *, lifetime: float | None, note: str | None = None) -> tuple[Key, Secret]:
        """Make a key. Its secret is returned here and never again.

        Args:
            lifetime: seconds until it expires; None for a key that does not.

        Raises:
            InvalidInput: the scope names nothing, or no toolset at all.
        """
        check(scope)
        if lifetime is not None and lifetime <= 0:
            raise InvalidInput("a key has to last longer than no time")
        id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        with self._database.writing("broker-keys") as session:
            now = float(session.rows("SELECT NOW()")[0][0])
            expires = None if lifetime is None else now + lifetime
            session.run(
                "INSERT INTO broker_keys (id, hash, scope, note, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                id,
                _hash(secret),
                msgspec.json.encode(scope).decode(),
                note,
                now,
                expires,
            )
        return Key(id, scope, note, now, expires, None), Secret(f"{PREFIX}_{id}_{secret}")

    def list(self) -> list[Key]:
        """Every key, the newest first."""
        with self._database.reading() as session:
            return [_key(row) for row in session.rows(f"SELECT {_COLUMNS} FROM broker_keys ORDER BY created_at DESC, id")]  # noqa: S608

    def revoke(self, id: str) -> Key:
        """End a key. Doing it again does nothing.

        Raises:
            NotFound: there is none.
        """
        with self._database.writing("broker-keys") as session:
            session.run("UPDATE broker_keys SET revoked_at = NOW() WHERE id = ? AND revoked_at IS NULL", id)
            rows = session.rows(f"SELECT {_COLUMNS} FROM broker_keys WHERE id = ?", id)  # noqa: S608  a constant
        self._fresh.clear()
        if not rows:
            raise NotFound(f"there is no key {id!r}")
        return _key(rows[0])

    def known(self, text: str) -> Key | None:
        """The key of this text, if it was looked up just now; needs no I/O.

        Raises:
            WrongKey: it has expired meanwhile.
        """
        fresh = self._fresh.get(_digest(text))
        if fresh is None or fresh[0] < time.monotonic():
            return None
        return _good(fresh[1], time.time())

    def active(self, id: str) -> Key:
        """The key of this id, as long as it is good.

        Raises:
            WrongKey: it was revoked, has expired, or is gone.
        """
        fresh = self._fresh.get(id)
        if fresh is None or fresh[0] < time.monotonic():
            with self._database.reading() as session:
                rows = session.rows(f"SELECT {_COLUMNS} FROM broker_keys WHERE id = ?", id)  # noqa: S608  a constant
            if not rows:
                raise WrongKey(f"the key {id} is gone")
            fresh = self._fresh[id] = (time.monotonic() + FRESH, _key(rows[0]))
        return _good(fresh[1], time.time())

    def find(self, text: str) -> Key:
        """The key of this text.

        Raises:
            WrongKey: there is none, or it was revoked or has expired. It does not say which to whoever lacks the secret.
        """
        match = _FORM.match(text)
        row: Sequence[Any] | None = None
        if match is not None:
            with self._database.reading() as session:
                rows = session.rows(f"SELECT hash, NOW(), {_COLUMNS} FROM broker_keys WHERE id = ?", match[1])  # noqa: S608
            row = rows[0] if rows else None
        # Compared in any case, and in constant time: neither an id nor a part of a secret can be guessed by how long it takes.
        same = hmac.compare_digest(str(row[0]) if row is not None else _NOBODY, _hash(match[2] if match is not None else ""))
        if row is None or not same:
            raise WrongKey("the key is not one of this broker's")
        found = _good(_key(row[2:]), float(row[1]))
        if len(self._fresh) >= _MOST:
            self._fresh.clear()
        self._fresh[_digest(text)] = (time.monotonic() + FRESH, found)
        return found


_COLUMNS = "id, scope, note, created_at, expires_at, revoked_at"


def check(scope: Scope) -> None:
    """Raises:
    InvalidInput: a name or a toolset of the scope is none.
    """
    for what, names in (("agent", (scope.agent,)), ("user", scope.users), ("team", scope.teams)):
        for name in names:
            if not _NAME.match(name):
                raise InvalidInput(f"{name!r} is no name of a{'n' if what == 'agent' else ''} {what}")
    if not scope.toolsets:
        raise InvalidInput(f"a key needs toolsets, such as tasks.read, or {ANY} for all tools: one without could call nothing")
    toolset(scope)


def toolset(scope: Scope) -> toolsets.Toolset:
    """The tools of a scope.

    Raises:
        InvalidInput: a word names nothing of the catalog.
    """
    return toolsets.EVERYTHING if ANY in scope.toolsets else toolsets.parse(scope.toolsets, catalog.load())


def _good(key: Key, now: float) -> Key:
    if (status := key.status(now)) != "active":
        raise WrongKey(f"the key {key.id} {'was revoked' if status == 'revoked' else 'has expired'}")
    return key


def _hash(secret: str) -> str:
    """SHA-256 is enough for 256 random bits: there is nothing to try out."""
    return hashlib.sha256(f"unified broker key\n{secret}".encode()).hexdigest()


_NOBODY = _hash("nobody's")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _key(row: Sequence[Any]) -> Key:
    id, scope, note, created, expires, revoked = row
    return Key(str(id), msgspec.json.decode(str(scope), type=Scope), note, created, expires, revoked)
