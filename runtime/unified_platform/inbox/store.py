"""Inbox store: events in the order of their arrival, each once, and the position of each reader. SQLite or Postgres."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from unified_platform.common.retention import DAY, load_retention
from unified_platform.store.database import Database, Session, migrate, text
from unified_platform.store.errors import Contents
from unified_platform.store.urls import database
from unified_runtime.adapter_api.webhooks import KeyedEvent
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.owners import TENANT
from unified_runtime.core.user_folders import data_home

URL = "UNIFIED_INBOX"
CONTENTS = Contents("the inbox")
RETENTION = 30 * 24 * 3600.0
"""Seconds for which an event is stored, and the fact that it was received."""
DELIVERIES_RETENTION = 365 * 24 * 3600.0
"""Seconds for which the digest of a delivery is stored, if nothing that the vendor signed includes the time of sending."""
_CLOCKS = 3600.0
"""Tolerated difference of clocks of processes and databases, in seconds."""
LEASE = 60.0
"""Seconds for which a reader belongs to one process, since it last read or confirmed."""

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE inbox_events (seq BIGINT PRIMARY KEY, key TEXT NOT NULL UNIQUE, type TEXT NOT NULL, resource TEXT NOT NULL, "
        "record TEXT NOT NULL, vendor TEXT NOT NULL, source TEXT NOT NULL, owner TEXT, received_at REAL NOT NULL)",
        "CREATE INDEX inbox_events_received ON inbox_events (received_at)",
        "CREATE TABLE inbox_readers (name TEXT PRIMARY KEY, seq BIGINT NOT NULL, token TEXT NOT NULL, leased_until REAL NOT NULL)",
        "CREATE TABLE inbox_polls (name TEXT PRIMARY KEY, since TEXT, token TEXT NOT NULL, leased_until REAL NOT NULL)",
        "CREATE TABLE inbox_last (name TEXT PRIMARY KEY, seq BIGINT NOT NULL)",
    ),
    ("ALTER TABLE inbox_events ADD COLUMN tenant TEXT NOT NULL DEFAULT 'default'",),
    (
        "CREATE TABLE inbox_deliveries (digest TEXT PRIMARY KEY, until REAL NOT NULL)",
        "CREATE INDEX inbox_deliveries_until ON inbox_deliveries (until)",
    ),
    ("ALTER TABLE inbox_events ADD COLUMN actor TEXT",),
)
"""Statements by version, from 1. A released migration is never changed; add a new version instead."""

_PAGE = 200
_COLUMNS = "seq, type, resource, record, vendor, owner, source, received_at, actor"


@dataclass(frozen=True, slots=True)
class InboxEvent:
    """Change of a record at a vendor.

    Attributes:
        position: position in the inbox; later events have greater ones.
        type: `task.created`, `task.updated`, `task.deleted` and the like.
        resource: `tasks`: resource to read the record with.
        record: its unified id.
        vendor: vendor of the record, `via`.
        user: user whose connection reads it; None if no one in particular.
        source: name of the hook or poll.
        received_at: seconds since 1970.
        actor: id of the vendor's user who caused it, as in `users`; None if the vendor does not report it.
    """

    position: int
    type: str
    resource: str
    record: str
    vendor: str
    user: str | None
    source: str
    received_at: float
    actor: str | None = None


Visible = Callable[[InboxEvent], bool]


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Return the default URL of the inbox: `UNIFIED_INBOX`, else a file in the user's data folder."""
    return environ.get(URL) or str(data_home(environ) / "unified" / "inbox.db")


def open_inbox(url: str | Path | None = None, *, retention: float | None = None, tenant: str = TENANT) -> Inbox:
    """Open an inbox; create it if it does not exist.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default see `default_url`.
        retention: seconds for which events are stored; by default that of the environment.
        tenant: tenant of the events; events, readers and polls of other tenants are separate.

    Raises:
        InvalidInput: the URL or a retention is not valid.
        UnifiedError: it cannot be opened.
    """
    found = database(str(url) if url is not None else default_url(), CONTENTS, exist=False)
    migrate(found, MIGRATIONS, name="inbox-schema")
    return Inbox(found, retention=load_retention().inbox * DAY if retention is None else retention, tenant=tenant)


_EXPIRED = "DELETE FROM {0} WHERE {1} IN (SELECT {1} FROM {0} WHERE {2} LIMIT ?)"
PRUNED = 1000
"""Rows of a table that are deleted in one transaction, so that deliveries wait for none that is long."""
_EXPIRED_AT_ONCE = 200
"""Maximum expired rows that one delivery deletes, so that no delivery waits for all of them."""


class Inbox:
    """Events of a tenant in a database, shared by threads and processes. All times are those of the database's clock."""

    def __init__(self, database: Database, *, retention: float = RETENTION, tenant: str = TENANT) -> None:
        self.database = database
        self._retention = retention
        self._tenant = tenant
        self._prefix = "" if tenant == TENANT else f"{tenant}\n"  # not a valid character of names

    def _own(self, name: str) -> str:
        """Return the name under which a reader, a poll or an event of this tenant is stored."""
        return self._prefix + name

    def _named(self, stored: str) -> str | None:
        """Return the name of a stored reader; None if it is another tenant's."""
        prefix, _, name = stored.rpartition("\n")
        return name if prefix == self._prefix[:-1] else None

    # ------------------------------------------------------------------------------------------------ receiving
    def put(
        self,
        source: str,
        vendor: str,
        user: str | None,
        events: Collection[KeyedEvent],
        *,
        digest: str | None = None,
        until: float | None = None,
    ) -> int:
        """Store events on disk. Skip those that are stored already. Return the number of new ones.

        Args:
            source: name of the hook or poll.
            vendor: vendor of the records.
            user: user whose connection reads them.
            events: the events.
            digest: digest of their delivery. A delivery with the same digest is stored once.
            until: seconds since 1970 after which such a delivery is rejected by its age, without its digest; None: no such time.
        """
        new = 0
        with self.database.writing("inbox") as session:
            self._delete_expired(session, _EXPIRED_AT_ONCE)
            if digest is not None:
                statement = "INSERT INTO inbox_deliveries (digest, until) VALUES (?, {}) ON CONFLICT (digest) DO NOTHING"
                row = self._own(f"{source}\n{digest}")
                if until is None:
                    first = session.run(statement.format("NOW() + ?"), row, DELIVERIES_RETENTION)
                else:  # the receiver's clock may be behind the database's
                    first = session.run(statement.format("?"), row, until + _CLOCKS)
                if not first:
                    return 0
            last = _number(session, "SELECT seq FROM inbox_last WHERE name = 'events'")
            for one in events:
                new += session.run(
                    "INSERT INTO inbox_events (seq, key, type, resource, record, vendor, source, owner, tenant, actor, received_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NOW()) ON CONFLICT (key) DO NOTHING",
                    last + new + 1,
                    self._own(f"{source}\n{one.key}"),
                    one.event.type,
                    one.event.resource,
                    one.event.id,
                    vendor,
                    source,
                    user,
                    self._tenant,
                    one.event.actor,
                )
            if new:
                session.run(
                    "INSERT INTO inbox_last (name, seq) VALUES ('events', ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
                    last + new,
                )
        return new

    def prune(self) -> int:
        """Delete events and deliveries that are older than the retention, in batches. Return their number."""
        pruned = 0
        while True:
            with self.database.writing("inbox") as session:
                done = self._delete_expired(session, PRUNED)
            pruned += sum(done)
            if max(done) < PRUNED:
                return pruned

    def _delete_expired(self, session: Session, most: int) -> tuple[int, int]:
        return (
            session.run(_EXPIRED.format("inbox_events", "seq", "received_at < NOW() - ?"), self._retention, most),
            session.run(_EXPIRED.format("inbox_deliveries", "digest", "until < NOW()"), most),
        )

    # ------------------------------------------------------------------------------------------------ reading
    def lease(self, reader: str, token: str | None = None) -> str | None:
        """Lease a reader for this process, or renew its lease by its token. None: another process has it.

        A new reader begins with the oldest stored event.

        Raises:
            InvalidInput: its name is not valid.
        """
        check_reader(reader)
        mine = token or secrets.token_hex(16)
        with self.database.writing("inbox-readers") as session:
            taken = session.run(
                "INSERT INTO inbox_readers (name, seq, token, leased_until) VALUES (?, 0, ?, LEASE_NOW() + ?) "
                "ON CONFLICT (name) DO UPDATE SET token = excluded.token, leased_until = excluded.leased_until "
                "WHERE inbox_readers.token = excluded.token OR NOT LEASED(inbox_readers.leased_until)",
                self._own(reader),
                mine,
                LEASE,
            )
        return mine if taken else None

    def read(
        self, reader: str, *, limit: int = 50, types: Collection[str] = (), visible: Visible | None = None, after: int | None = None
    ) -> list[InboxEvent]:
        """Return the next events of a reader: of these types (all if empty), that are visible to it, after the given position.
        Reading does not move the reader's position."""
        found: list[InboxEvent] = []
        with self.database.reading() as session:
            at = max(_number(session, "SELECT seq FROM inbox_readers WHERE name = ?", self._own(reader)), after or 0)
            while len(found) < limit:
                statement = f"SELECT {_COLUMNS} FROM inbox_events WHERE seq > ? AND tenant = ? ORDER BY seq LIMIT {_PAGE}"  # noqa: S608
                rows = session.rows(statement, at, self._tenant)
                for row in rows:
                    one = _incoming(row)
                    if (not types or one.type in types) and (visible is None or visible(one)):
                        found.append(one)
                        if len(found) == limit:
                            break
                if len(rows) < _PAGE:
                    break
                at = int(rows[-1][0])
        return found

    def done(self, reader: str, token: str, position: int) -> bool:
        """Confirm events up to this position, which are not read again. False: another process has the reader meanwhile."""
        with self.database.writing("inbox-readers") as session:
            moved = session.run(
                "UPDATE inbox_readers SET seq = CASE WHEN seq < ? THEN ? ELSE seq END, leased_until = LEASE_NOW() + ? "
                "WHERE name = ? AND token = ?",
                position,
                position,
                LEASE,
                self._own(reader),
                token,
            )
        return moved == 1

    def release(self, reader: str, token: str) -> None:
        """Release a reader for another process at once."""
        with self.database.writing("inbox-readers") as session:
            session.run("UPDATE inbox_readers SET leased_until = 0 WHERE name = ? AND token = ?", self._own(reader), token)

    def replay(self, reader: str, *, position: int | None = None, since: float | None = None) -> int | None:
        """Deliver events to a reader again: those after a position, or those received since a time in seconds since 1970.

        Return the number of events; None if the reader is not known.
        """
        with self.database.writing("inbox-readers") as session:
            start = position or 0
            if since is not None:
                start = _number(session, "SELECT COALESCE(MAX(seq), 0) FROM inbox_events WHERE received_at < ?", since)
            moved = session.run(
                "UPDATE inbox_readers SET seq = ?, token = ?, leased_until = 0 WHERE name = ?",
                start,
                secrets.token_hex(16),  # a process that has the reader cannot confirm any more, and begins again
                self._own(reader),
            )
            if not moved:
                return None
            return _number(session, "SELECT COUNT(*) FROM inbox_events WHERE seq > ? AND tenant = ?", start, self._tenant)

    def latest(self, *, limit: int = 50) -> list[InboxEvent]:
        """Return the newest events, the newest first."""
        with self.database.reading() as session:
            rows = session.rows(f"SELECT {_COLUMNS} FROM inbox_events WHERE tenant = ? ORDER BY seq DESC LIMIT ?", self._tenant, limit)  # noqa: S608
        return [_incoming(row) for row in rows]

    def readers(self) -> list[str]:
        """Return the names of all readers."""
        with self.database.reading() as session:
            names = [text(name) for (name,) in session.rows("SELECT name FROM inbox_readers ORDER BY name")]
        return [own for name in names if (own := self._named(name)) is not None]

    def left_waiting(self) -> float:
        """Return the seconds that an event has waited for a reader without a process; 0 if there is none."""
        with self.database.reading() as session:
            rows = session.rows(
                "SELECT name, NOW() - received_at FROM inbox_readers JOIN inbox_events "
                "ON inbox_events.seq = (SELECT MIN(seq) FROM inbox_events WHERE seq > inbox_readers.seq AND tenant = ?) "
                "WHERE NOT LEASED(leased_until)",
                self._tenant,
            )
        return max((float(waited) for name, waited in rows if self._named(text(name)) is not None), default=0.0)

    def forget(self, reader: str) -> bool:
        """Delete a reader and its position. False: there is none of this name."""
        with self.database.writing("inbox-readers") as session:
            return session.run("DELETE FROM inbox_readers WHERE name = ?", self._own(reader)) == 1

    def oldest_waiting(self, reader: str) -> float | None:
        """Return the seconds that the next event of a reader has waited; None if none waits."""
        with self.database.reading() as session:
            rows = session.rows(
                "SELECT NOW() - received_at FROM inbox_events WHERE seq > COALESCE((SELECT seq FROM inbox_readers WHERE name = ?), 0) "
                "AND tenant = ? ORDER BY seq LIMIT 1",
                self._own(reader),
                self._tenant,
            )
        return float(rows[0][0]) if rows else None

    # ------------------------------------------------------------------------------------------------ erasure
    def erase(self, user: str, *, accounts: Collection[tuple[str, str]] = (), dry_run: bool = False) -> dict[str, int]:
        """Delete the events that a user's connections read, and the user as the actor of others. Return the number of each.

        A reader with the name of the user is deleted as well.

        Args:
            accounts: vendor and account id of the user at it.
        """
        with self.database.writing("inbox") as session:
            actors = 0
            for vendor, account in accounts:
                condition = "vendor = ? AND actor = ? AND tenant = ? AND (owner IS NULL OR owner <> ?)"
                values = (vendor, account, self._tenant, user)
                actors += _number(session, f"SELECT COUNT(*) FROM inbox_events WHERE {condition}", *values)  # noqa: S608  constants
                if not dry_run:
                    session.run(f"UPDATE inbox_events SET actor = NULL WHERE {condition}", *values)  # noqa: S608  constants
            events = _number(session, "SELECT COUNT(*) FROM inbox_events WHERE owner = ? AND tenant = ?", user, self._tenant)
            if not dry_run:
                session.run("DELETE FROM inbox_events WHERE owner = ? AND tenant = ?", user, self._tenant)
        readers = [name for name in self.readers() if user in name.split("/")]
        for name in () if dry_run else readers:
            self.forget(name)
        return {"events": events, "actors": actors, "readers": len(readers)}

    # ------------------------------------------------------------------------------------------------ polling
    def take_poll(self, name: str, *, seconds: float) -> tuple[str, str | None] | None:
        """Lease a poll for so many seconds. Return a token, and the time up to which all is known.

        None: it is not due, or another process polls it.
        """
        token = secrets.token_hex(16)
        with self.database.writing("inbox-polls") as session:
            taken = session.run(
                "INSERT INTO inbox_polls (name, since, token, leased_until) VALUES (?, NULL, ?, LEASE_NOW() + ?) ON CONFLICT (name) "
                "DO UPDATE SET token = excluded.token, leased_until = excluded.leased_until WHERE NOT LEASED(inbox_polls.leased_until)",
                self._own(name),
                token,
                seconds,
            )
            if not taken:
                return None
            rows = session.rows("SELECT since FROM inbox_polls WHERE name = ?", self._own(name))
        return token, text(rows[0][0]) or None

    def polled(self, name: str, token: str, since: str, *, again: float) -> None:
        """Finish a poll: all is known up to `since`, and it is due again after `again` seconds."""
        with self.database.writing("inbox-polls") as session:
            session.run(
                "UPDATE inbox_polls SET since = ?, leased_until = LEASE_NOW() + ? WHERE name = ? AND token = ?",
                since,
                again,
                self._own(name),
                token,
            )

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def _number(session: Session, statement: str, *values: object) -> int:
    rows = session.rows(statement, *values)
    return int(rows[0][0]) if rows else 0


def _incoming(row: Sequence[object]) -> InboxEvent:
    seq, type, resource, record, vendor, owner, source, received_at, actor = row
    assert isinstance(seq, int)
    user, who = text(owner) or None, text(actor) or None
    at = received_at if isinstance(received_at, (int, float)) else 0.0
    return InboxEvent(seq, text(type), text(resource), text(record), text(vendor), user, text(source), float(at), who)


def check_reader(reader: str) -> None:
    """Check the name of a reader.

    Raises:
        InvalidInput: the name is not valid.
    """
    if not reader.strip() or not reader.isprintable() or len(reader) > 200:
        raise InvalidInput("a reader has a name of 1 to 200 characters that can be seen")
