"""The ledger of writes under idempotency keys, in SQLite or Postgres: safe against threads, processes and their deaths.

Answers are kept in plain form, since they are the vendor's records and no secrets; a file of SQLite is its owner's alone (0600).
A row is kept for a month after its last change, and with it the promise that its call is made once.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unified_platform.store.database import Database, Session, blob, migrate, text
from unified_platform.store.errors import Contents
from unified_platform.store.places import data_home, database
from unified_runtime.idempotency.ledger import Entry

URL = "UNIFIED_LEDGER"
CONTENTS = Contents("the ledger of writes")
KEPT = 30 * 24 * 3600.0
"""Seconds for which a row is kept."""

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE ledger_calls (id TEXT PRIMARY KEY, digest TEXT NOT NULL, status TEXT NOT NULL, token TEXT NOT NULL, "
        "told TEXT NOT NULL, answer BLOB, owner TEXT NOT NULL, changed_at REAL NOT NULL, leased_until REAL NOT NULL)",
        "CREATE UNIQUE INDEX ledger_calls_token ON ledger_calls (token)",
        "CREATE INDEX ledger_calls_changed ON ledger_calls (changed_at)",
        "CREATE TABLE ledger_owners (name TEXT PRIMARY KEY, token TEXT NOT NULL, alive_until REAL NOT NULL)",
    ),
    (
        "ALTER TABLE ledger_calls ADD COLUMN sought TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE ledger_calls ADD COLUMN sent_at REAL NOT NULL DEFAULT 0",
        "ALTER TABLE ledger_calls ADD COLUMN carried INTEGER NOT NULL DEFAULT 0",
    ),
)
"""By version, from 1. A released step is never changed; a new version is a new step."""

_AROUND = 600.0
"""Seconds before and after a write in which another of the same content makes it uncertain whose a record is."""


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Where it is: what `UNIFIED_LEDGER` says, else a file among the user's data."""
    return environ.get(URL) or str(data_home(environ) / "unified" / "ledger.db")


def open_ledger(url: str | Path | None = None, *, kept: float = KEPT) -> StoredLedger:
    """Open a ledger, and make it if it does not exist.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default see `default_url`.
        kept: seconds for which a key is remembered.

    Raises:
        InvalidInput: the URL is none.
        UnifiedError: it cannot be opened.
    """
    found = database(str(url) if url is not None else default_url(), CONTENTS, exist=False)
    migrate(found, MIGRATIONS, name="ledger-schema")
    return StoredLedger(found, kept=kept)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A write that is not confirmed: what was sent, and when (seconds since 1970)."""

    told: str
    since: float


class StoredLedger:
    """A ledger in a database; see `unified_runtime.idempotency.ledger.Ledger`. All times are those of the database's clock."""

    def __init__(self, database: Database, *, kept: float = KEPT) -> None:
        self._database = database
        self._kept = kept
        self._owner = ""

    def begin(self, scope: str, key: str, digest: str, *, lease: float) -> Entry:
        id = hashlib.sha256(f"{scope}\n{key}".encode()).hexdigest()
        with self._database.writing("ledger") as session:
            session.run("DELETE FROM ledger_calls WHERE changed_at < NOW() - ? AND leased_until < NOW()", self._kept)
            rows = session.rows(
                "SELECT digest, status, told, answer, leased_until < NOW(), sought, carried FROM ledger_calls WHERE id = ?", id
            )
            if not rows:
                return self._mine(session, id, digest, lease)
            known, status, told, answer, over, sought, carried = rows[0]
            if known != digest:
                return Entry(state="running", digest=text(known))
            if status == "answered":
                return Entry(state="answered", digest=digest, answer=blob(answer))
            if status == "doubtful" or (over and text(told)):
                if text(sought):
                    return self._looking(session, id, digest, lease)
                kept = blob(answer) if answer is not None else None
                return Entry(state="doubtful", digest=digest, told=text(told), answer=kept, carried=bool(carried))
            if not over:
                return Entry(state="running", digest=digest)
            session.run("DELETE FROM ledger_calls WHERE id = ?", id)
            return self._mine(session, id, digest, lease)

    def _mine(self, session: Session, id: str, digest: str, lease: float) -> Entry:
        token = secrets.token_hex(16)
        session.run(
            "INSERT INTO ledger_calls (id, digest, status, token, told, owner, changed_at, leased_until) "
            "VALUES (?, ?, 'running', ?, '', ?, NOW(), NOW() + ?)",
            id,
            digest,
            token,
            self._owner,
            lease,
        )
        return Entry(state="mine", digest=digest, token=token)

    def _looking(self, session: Session, id: str, digest: str, lease: float) -> Entry:
        """Of those who find a doubtful row, one looks; what is known of it stays, for the next one where that one dies."""
        token = secrets.token_hex(16)
        session.run(
            "UPDATE ledger_calls SET status = 'running', token = ?, owner = ?, changed_at = NOW(), leased_until = NOW() + ? WHERE id = ?",
            token,
            self._owner,
            lease,
            id,
        )
        ((told, sought, sent_at, ago, carried),) = session.rows(
            "SELECT told, sought, sent_at, NOW() - sent_at, carried FROM ledger_calls WHERE id = ?", id
        )
        others = session.rows(
            "SELECT id FROM ledger_calls WHERE sought = ? AND id <> ? AND changed_at > ? AND sent_at BETWEEN ? AND ? LIMIT 1",
            sought,
            id,
            float(sent_at) - _AROUND,
            float(sent_at) - _AROUND,
            float(sent_at) + _AROUND,
        )
        return Entry(
            state="doubtful",
            digest=digest,
            token=token,
            told=text(told),
            sought=text(sought),
            ago=max(0.0, float(ago)),
            carried=bool(carried),
            alone=not others,
        )

    def sending(self, token: str, told: str, *, lease: float, sought: str = "") -> bool:
        changed = "status = 'running', told = ?, sought = ?, sent_at = NOW(), leased_until = NOW() + ?"
        return self._change(changed, told, sought, lease, token=token, also="AND leased_until > NOW()") == 1

    def answered(self, token: str, answer: bytes) -> None:
        self._change("status = 'answered', told = '', answer = ?, leased_until = 0", answer, token=token)

    def doubted(self, token: str, told: str, *, carried: bool = False, error: bytes = b"") -> None:
        also = (", answer = ?" if error else "") + (", carried = 1" if carried else "")
        kept = (error,) if error else ()
        self._change(f"status = 'doubtful', told = ?, leased_until = 0{also}", told, *kept, token=token)

    def _change(self, what: str, *values: Any, token: str, also: str = "") -> int:
        with self._database.writing("ledger") as session:
            return session.run(
                f"UPDATE ledger_calls SET {what}, changed_at = NOW() WHERE token = ? AND status = 'running' {also}",  # noqa: S608  constant texts
                *values,
                token,
            )

    def released(self, token: str) -> None:
        with self._database.writing("ledger") as session:
            session.run("DELETE FROM ledger_calls WHERE token = ? AND status = 'running'", token)

    def doubtful(self) -> Sequence[Doubt]:
        """Writes of which it is not known whether they were carried out, the oldest first."""
        with self._database.reading() as session:
            rows = session.rows(
                "SELECT told, changed_at FROM ledger_calls WHERE status = 'doubtful' "
                "OR (status = 'running' AND told <> '' AND leased_until < NOW()) ORDER BY changed_at"
            )
        return [Doubt(text(told), float(since)) for told, since in rows]

    # ------------------------------------------------------------------------------------------------ owners
    def own(self, *, alive: float) -> Ownership:
        """Take the first free name for this process: that of one which died, or a new one. From then on, rows are made under it, and the
        rows that the dead one left running are no longer waited for.

        Args:
            alive: seconds after which the name is free again, unless it was kept (`Ownership.keep`).
        """
        token = secrets.token_hex(16)
        with self._database.writing("ledger") as session:
            rows = session.rows("SELECT name, alive_until < NOW() FROM ledger_owners")
            taken = {text(name) for name, over in rows if not over}
            number = 0
            while f"process-{number}" in taken:
                number += 1
            name = f"process-{number}"
            session.run(
                "INSERT INTO ledger_owners (name, token, alive_until) VALUES (?, ?, NOW() + ?) "
                "ON CONFLICT (name) DO UPDATE SET token = excluded.token, alive_until = excluded.alive_until",
                name,
                token,
                alive,
            )
            _disown(session, name)
        self._owner = name
        return Ownership(self._database, name, token, alive)

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _disown(session: Session, name: str) -> None:
    session.run("UPDATE ledger_calls SET leased_until = 0 WHERE owner = ? AND status = 'running'", name)


class Ownership:
    """A name that one process has at a time, as long as it keeps it."""

    def __init__(self, database: Database, name: str, token: str, alive: float) -> None:
        self.name = name
        self._database = database
        self._token = token
        self._alive = alive

    def keep(self) -> bool:
        """Say that this process is alive. False: it came too late, and another has the name."""
        with self._database.writing("ledger") as session:
            kept = "UPDATE ledger_owners SET alive_until = NOW() + ? WHERE name = ? AND token = ?"
            return session.run(kept, self._alive, self.name, self._token) == 1

    def dead(self) -> list[str]:
        """Names whose processes died and that nobody has taken since. The rows that they left running are no longer waited for. This
        process's own is never among them: who asks is not dead, however late it was."""
        statement = "SELECT name FROM ledger_owners WHERE alive_until < NOW() AND name <> ? ORDER BY name"
        with self._database.reading() as session:
            if not session.rows(statement, self.name):
                return []
        with self._database.writing("ledger") as session:
            found = [text(name) for (name,) in session.rows(statement, self.name)]
            for name in found:
                _disown(session, name)
        return found

    def release(self) -> None:
        """Give the name back."""
        with self._database.writing("ledger") as session:
            session.run("UPDATE ledger_owners SET alive_until = 0 WHERE name = ? AND token = ?", self.name, self._token)
