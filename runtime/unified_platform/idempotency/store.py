"""Idempotency store in SQLite or Postgres: writes by their idempotency keys, safe across threads, processes and crashes.

Responses are stored in plain form, since they are the vendor's records, not secrets; only its owner can read an SQLite file (0600).
A row is stored for a month after its last change; until then its call is made only once.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unified_platform.common.retention import DAY, load_retention
from unified_platform.idempotency.unsaved_results import UnsavedResults
from unified_platform.store import boot_clock
from unified_platform.store.database import Database, Session, blob, migrate, text
from unified_platform.store.errors import Contents, StoreUnavailable
from unified_platform.store.urls import database
from unified_runtime.core.errors import Candidate, InvalidInput
from unified_runtime.core.owners import TENANT
from unified_runtime.core.user_folders import data_home
from unified_runtime.core.wire import errors
from unified_runtime.idempotency.store import StoredWrite, person_of

URL = "UNIFIED_IDEMPOTENCY"
CONTENTS = Contents("the idempotency store")
RETENTION = 30 * 24 * 3600.0
"""Seconds for which a row is stored."""

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE idempotency_calls (id TEXT PRIMARY KEY, digest TEXT NOT NULL, status TEXT NOT NULL, token TEXT NOT NULL, "
        "detail TEXT NOT NULL, result BLOB, owner TEXT NOT NULL, changed_at REAL NOT NULL, leased_until REAL NOT NULL)",
        "CREATE UNIQUE INDEX idempotency_calls_token ON idempotency_calls (token)",
        "CREATE INDEX idempotency_calls_changed ON idempotency_calls (changed_at)",
        "CREATE TABLE idempotency_processes (name TEXT PRIMARY KEY, token TEXT NOT NULL, alive_until REAL NOT NULL)",
    ),
    (
        "ALTER TABLE idempotency_calls ADD COLUMN mark TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE idempotency_calls ADD COLUMN sent_at REAL NOT NULL DEFAULT 0",
        "ALTER TABLE idempotency_calls ADD COLUMN executed INTEGER NOT NULL DEFAULT 0",
    ),
    (
        "ALTER TABLE idempotency_calls ADD COLUMN known TEXT",
        "ALTER TABLE idempotency_calls ADD COLUMN made TEXT",
        "ALTER TABLE idempotency_calls ADD COLUMN key TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE idempotency_calls ADD COLUMN operation TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX idempotency_calls_mark ON idempotency_calls (mark)",
    ),
    (
        "ALTER TABLE idempotency_calls ADD COLUMN person TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX idempotency_calls_person ON idempotency_calls (person)",
    ),
    ("CREATE INDEX idempotency_calls_open ON idempotency_calls (changed_at) WHERE status <> 'completed'",),
)
"""By version, from 1. A released step is never changed; a new version is a new step."""

PRUNED = 1000
"""Rows that are deleted in one transaction, so that writers wait for none that is long."""
_EXPIRED_AT_ONCE = 100
"""Expired rows that one call deletes: a million take many calls a little time each, and no call half a minute."""
_SHORTEST = 8
"""Characters of an id's beginning that name a write."""
ERASED = "a write whose content was erased"
"""Detail of an unconfirmed write of a user who was erased."""
_AROUND = 600.0
"""Seconds before a write from which on another of the same content makes it uncertain whose a record is."""


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Return the URL of the store: `UNIFIED_IDEMPOTENCY`, else a file in the user's data folder."""
    return environ.get(URL) or str(data_home(environ) / "unified" / "idempotency.db")


def open_idempotency_store(url: str | Path | None = None, *, retention: float | None = None) -> DatabaseIdempotencyStore:
    """Open the idempotency store, and create it if it does not exist.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default see `default_url`.
        retention: seconds for which a key is remembered; by default that of the environment.

    Raises:
        InvalidInput: the URL or a retention is not valid.
        UnifiedError: it cannot be opened.
    """
    found = database(str(url) if url is not None else default_url(), CONTENTS, exist=False)
    migrate(found, MIGRATIONS, name="idempotency-schema")
    return DatabaseIdempotencyStore(found, retention=load_retention().idempotency * DAY if retention is None else retention)


@dataclass(frozen=True, slots=True)
class UnconfirmedWrite:
    """A write that is not confirmed: what was sent, and when (seconds since 1970).

    `id` names it in the store, `key` is the caller's idempotency key and `operation` what was called: `tasks.create on redmine`. `made` is
    the id of its record, if a person reported it.
    """

    request: str
    since: float
    id: str = ""
    key: str = ""
    operation: str = ""
    made: str | None = None
    candidates: tuple[Candidate, ...] = ()
    """Records at the vendor that it may have created, as of the last look-up."""


class DatabaseIdempotencyStore:
    """Idempotency store in a database; see `unified_runtime.idempotency.store`. All times are those of the database's clock.

    A result that cannot be stored, since the disk is full or the server is down, stays in memory. It is stored with the next call, or by
    a thread that tries again until it succeeds.
    """

    def __init__(self, database: Database, *, retention: float = RETENTION) -> None:
        self._database = database
        self._retention = retention
        self._owner = ""
        self._unstored = UnsavedResults(self._settle)

    def begin(self, scope: str, key: str, digest: str, *, lease: float, operation: str = "", person: str = "") -> StoredWrite:
        id = hashlib.sha256(f"{scope}\n{key}".encode()).hexdigest()
        self._unstored.store()
        with self._database.writing("idempotency") as session:
            self._delete_expired(session, _EXPIRED_AT_ONCE)
            rows = session.rows(
                "SELECT digest, status, detail, result, NOT LEASED(leased_until), mark, executed, made FROM idempotency_calls WHERE id = ?",
                id,
            )
            if not rows:
                return self._mine(session, id, digest, lease, key, operation, person)
            known, status, data, response, over, lookup, executed, made = rows[0]
            if known != digest:
                return StoredWrite(state="running", digest=text(known))
            if status == "completed":
                return StoredWrite(state="completed", digest=digest, result=blob(response))
            if status == "unconfirmed" or (over and text(data)):
                if text(lookup) or made is not None:
                    return self._looking(session, id, digest, lease)
                saved = blob(response) if response is not None else None
                return StoredWrite(state="unconfirmed", digest=digest, detail=text(data), result=saved, executed=bool(executed))
            if not over:
                return StoredWrite(state="running", digest=digest)
            session.run("DELETE FROM idempotency_calls WHERE id = ?", id)
            return self._mine(session, id, digest, lease, key, operation, person)

    def _mine(self, session: Session, id: str, digest: str, lease: float, key: str, operation: str, person: str) -> StoredWrite:
        token = secrets.token_hex(16)
        session.run(
            "INSERT INTO idempotency_calls (id, digest, status, token, detail, owner, changed_at, leased_until, key, operation, person) "
            "VALUES (?, ?, 'running', ?, '', ?, NOW(), LEASE_NOW() + ?, ?, ?, ?)",
            id,
            digest,
            token,
            self._owner,
            lease,
            key,
            operation,
            person,
        )
        return StoredWrite(state="acquired", digest=digest, token=token)

    def _looking(self, session: Session, id: str, digest: str, lease: float) -> StoredWrite:
        """Lease an unconfirmed row to one of the callers that found it, to look it up. Its data stay, for the next one if that one dies."""
        token = secrets.token_hex(16)
        session.run(
            "UPDATE idempotency_calls SET status = 'running', token = ?, owner = ?, changed_at = NOW(), leased_until = LEASE_NOW() + ? "
            "WHERE id = ?",
            token,
            self._owner,
            lease,
            id,
        )
        ((data, lookup, ago, executed, known, made, response),) = session.rows(
            "SELECT detail, mark, LEASE_NOW() - sent_at, executed, known, made, result FROM idempotency_calls WHERE id = ?", id
        )
        return StoredWrite(
            state="unconfirmed",
            digest=digest,
            token=token,
            result=None if response is None else blob(response),
            detail=text(data),
            mark=text(lookup),
            ago=float(ago) if 0 <= float(ago) < boot_clock.LONGEST_LEASE else boot_clock.LONGEST_LEASE,
            executed=bool(executed),
            known=None if known is None else text(known),
            made=None if made is None else text(made),
        )

    def sending(self, token: str, detail: str, *, lease: float, mark: str = "", known: str | None = None) -> bool:
        changed = "status = 'running', detail = ?, mark = ?, known = ?, sent_at = LEASE_NOW(), leased_until = LEASE_NOW() + ?"
        return self._change(changed, detail, mark, known, lease, token=token, also="AND LEASED(leased_until)") == 1

    def is_exclusive(self, token: str) -> bool:
        with self._database.reading() as session:
            return _is_exclusive(session, token, self._retention)

    def completed(self, token: str, result: bytes) -> None:
        self._result(token, "status = 'completed', detail = '', result = ?, leased_until = 0", result)

    def unconfirmed(self, token: str, detail: str, *, executed: bool = False, error: bytes = b"") -> None:
        also = (", result = ?" if error else "") + (", executed = 1" if executed else "")
        saved = (error,) if error else ()
        self._result(token, f"status = 'unconfirmed', detail = ?, leased_until = 0{also}", detail, *saved)

    def _result(self, token: str, what: str, *values: Any) -> None:
        try:
            self._change(what, *values, token=token)
        except StoreUnavailable:
            self._unstored.add(token, (what, values))
            raise

    def _settle(self, token: str, result: tuple[str, tuple[Any, ...]]) -> None:
        self._change(result[0], *result[1], token=token)

    def _change(self, what: str, *values: Any, token: str, also: str = "") -> int:
        with self._database.writing("idempotency") as session:
            return session.run(
                f"UPDATE idempotency_calls SET {what}, changed_at = NOW() WHERE token = ? AND status = 'running' {also}",  # noqa: S608  constant texts
                *values,
                token,
            )

    def released(self, token: str) -> None:
        with self._database.writing("idempotency") as session:
            session.run("DELETE FROM idempotency_calls WHERE token = ? AND status = 'running'", token)

    def unconfirmed_writes(self) -> Sequence[UnconfirmedWrite]:
        """Return the unconfirmed writes, the oldest first."""
        with self._database.reading() as session:
            return _unconfirmed_writes(session)

    def resolve(self, which: str, *, made: str | None) -> UnconfirmedWrite:
        """Settle a write that is not confirmed, once a person has looked at the vendor.

        Args:
            which: the idempotency key, or the `id` of the write (or its beginning, from 8 characters on).
            made: the id of the record that it created or changed; None if it was not executed. The same call under its key then returns
                this record, or is made.

        Raises:
            InvalidInput: no unconfirmed write has this key or id, or several have.
        """
        with self._database.writing("idempotency") as session:
            unconfirmed = _unconfirmed_writes(session)
            found = [each for each in unconfirmed if which == each.key or (len(which) >= _SHORTEST and each.id.startswith(which))]
            if not found:
                raise InvalidInput(f"no unconfirmed write has the key or id {which!r}: see unified writes list")
            if len(found) > 1:
                named = ", ".join(f"{each.id[:12]} ({each.operation})" for each in found)
                raise InvalidInput(f"several unconfirmed writes have the key {which!r}: name one by its id: {named}")
            if made is None:
                session.run("DELETE FROM idempotency_calls WHERE id = ?", found[0].id)
            else:
                changed = "UPDATE idempotency_calls SET made = ?, status = 'unconfirmed', leased_until = 0, changed_at = NOW() WHERE id = ?"
                session.run(changed, made, found[0].id)
        return found[0]

    # ------------------------------------------------------------------------------------------------ erasure and retention
    def prune(self) -> int:
        """Delete writes that have not changed for longer than the retention, in batches. Return their number."""
        pruned = 0
        while True:
            with self._database.writing("idempotency") as session:
                done = self._delete_expired(session, PRUNED)
            pruned += done
            if done < PRUNED:
                return pruned

    def _delete_expired(self, session: Session, most: int) -> int:
        return session.run(
            "DELETE FROM idempotency_calls WHERE id IN (SELECT id FROM idempotency_calls "
            "WHERE changed_at < NOW() - ? AND NOT LEASED(leased_until) ORDER BY changed_at LIMIT ?)",
            self._retention,
            most,
        )

    def erase(self, user: str, *, tenant: str = TENANT, dry_run: bool = False) -> dict[str, int]:
        """Delete a user's completed writes, and remove the content of those that run or are unconfirmed. Return the number of each.

        A write of unknown result stays unconfirmed until its retention has passed, without its content, so that the same call is not
        executed a second time. Erase again once the running ones have ended.
        """
        person = person_of(user, tenant)
        conditions = {
            "completed": "status = 'completed'",
            "running": "status = 'running' AND LEASED(leased_until)",
            "unconfirmed": "(status = 'unconfirmed' OR (status = 'running' AND NOT LEASED(leased_until)))",
        }
        with self._database.writing("idempotency") as session:
            found = {
                name: int(session.rows(f"SELECT COUNT(*) FROM idempotency_calls WHERE person = ? AND {condition}", person)[0][0])  # noqa: S608
                for name, condition in conditions.items()
            }
            if not dry_run:
                session.run(f"DELETE FROM idempotency_calls WHERE person = ? AND {conditions['completed']}", person)  # noqa: S608
                never_sent = "status = 'running' AND NOT LEASED(leased_until) AND detail = ''"
                session.run(f"DELETE FROM idempotency_calls WHERE person = ? AND {never_sent}", person)  # noqa: S608
                session.run("UPDATE idempotency_calls SET key = '' WHERE person = ? AND key <> ''", person)
                emptied = "status = 'unconfirmed', detail = ?, mark = '', known = NULL, made = NULL, result = NULL, leased_until = 0"
                session.run(f"UPDATE idempotency_calls SET {emptied} WHERE person = ? AND {conditions['unconfirmed']}", ERASED, person)  # noqa: S608
        return found

    # ------------------------------------------------------------------------------------------------ owners
    def own(self, *, alive: float) -> ProcessLease:
        """Take the first free name for this process: that of one which died, or a new one. From then on, rows are made under it, and the
        rows that the dead one left running are no longer waited for.

        Args:
            alive: seconds after which the name is free again, unless it is renewed (`ProcessLease.renew`).
        """
        token = secrets.token_hex(16)
        with self._database.writing("idempotency") as session:
            rows = session.rows("SELECT name, NOT LEASED(alive_until) FROM idempotency_processes")
            taken = {text(name) for name, over in rows if not over}
            number = 0
            while f"process-{number}" in taken:
                number += 1
            name = f"process-{number}"
            session.run(
                "INSERT INTO idempotency_processes (name, token, alive_until) VALUES (?, ?, LEASE_NOW() + ?) "
                "ON CONFLICT (name) DO UPDATE SET token = excluded.token, alive_until = excluded.alive_until",
                name,
                token,
                alive,
            )
            _release_process(session, name)
        self._owner = name
        return ProcessLease(self._database, name, token, alive)

    def close(self) -> None:
        """Close the database. What could not be stored is tried once more."""
        self._unstored.close()
        self._database.close()


def _is_exclusive(session: Session, token: str, retention: float) -> bool:
    rows = session.rows("SELECT id, mark, sent_at, LEASE_NOW() FROM idempotency_calls WHERE token = ?", token)
    if not rows or not text(rows[0][1]):
        return False
    id, lookup, sent_at, now = text(rows[0][0]), text(rows[0][1]), float(rows[0][2]), float(rows[0][3])
    if not 0 <= now - sent_at < retention:  # others are deleted by then, or the machine was restarted and times cannot be compared
        return False
    others = session.rows(
        "SELECT id FROM idempotency_calls WHERE mark = ? AND id <> ? AND "
        "(sent_at BETWEEN ? AND ? OR status = 'unconfirmed' OR (status = 'running' AND detail <> '')) LIMIT 1",
        lookup,
        id,
        sent_at - _AROUND,
        now + _AROUND,
    )
    return not others


def _unconfirmed_writes(session: Session) -> list[UnconfirmedWrite]:
    rows = session.rows(
        "SELECT detail, changed_at, id, key, operation, made, result FROM idempotency_calls WHERE status <> 'completed' "
        "AND (status = 'unconfirmed' OR (detail <> '' AND NOT LEASED(leased_until))) ORDER BY changed_at"
    )
    return [
        UnconfirmedWrite(
            text(data), float(since), text(id), text(key), text(operation), None if made is None else text(made), _candidates(error)
        )
        for data, since, id, key, operation, made, error in rows
    ]


def _candidates(error: Any) -> tuple[Candidate, ...]:
    return errors.error(errors.decode(blob(error))).candidates if error is not None else ()


def _release_process(session: Session, name: str) -> None:
    # The first condition is that of the index over writes that are not completed.
    session.run("UPDATE idempotency_calls SET leased_until = 0 WHERE status <> 'completed' AND status = 'running' AND owner = ?", name)


class ProcessLease:
    """A name that one process has at a time, as long as it keeps it."""

    def __init__(self, database: Database, name: str, token: str, alive: float) -> None:
        self.name = name
        self._database = database
        self._token = token
        self._alive = alive

    def renew(self) -> bool:
        """Renew the lease of this process. False: it is too late, and another process has the name."""
        with self._database.writing("idempotency") as session:
            saved = "UPDATE idempotency_processes SET alive_until = LEASE_NOW() + ? WHERE name = ? AND token = ?"
            return session.run(saved, self._alive, self.name, self._token) == 1

    def dead(self) -> list[str]:
        """Names whose processes died and that no one has taken since. The rows that they left running are no longer waited for. This
        process's own is never among them."""
        statement = "SELECT name FROM idempotency_processes WHERE NOT LEASED(alive_until) AND name <> ? ORDER BY name"
        with self._database.reading() as session:
            if not session.rows(statement, self.name):
                return []
        with self._database.writing("idempotency") as session:
            found = [text(name) for (name,) in session.rows(statement, self.name)]
            for name in found:
                _release_process(session, name)
        return found

    def release(self) -> None:
        """Give the name back."""
        with self._database.writing("idempotency") as session:
            session.run("UPDATE idempotency_processes SET alive_until = 0 WHERE name = ? AND token = ?", self.name, self._token)
