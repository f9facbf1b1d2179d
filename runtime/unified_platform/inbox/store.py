"""The inbox: events in the order in which they were received, each once, and how far each reader has come. SQLite or Postgres."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from unified_platform.store.database import Database, Session, migrate, text
from unified_platform.store.errors import Contents
from unified_platform.store.places import data_home, database
from unified_runtime.errors import InvalidInput
from unified_runtime.webhooks import Told

URL = "UNIFIED_INBOX"
CONTENTS = Contents("the inbox")
KEPT = 30 * 24 * 3600.0
"""Seconds for which an event is kept, and with it that it was received."""
LEASE = 60.0
"""Seconds for which a reader belongs to one process, from the last time it read or said what it had done."""

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE inbox_events (seq BIGINT PRIMARY KEY, key TEXT NOT NULL UNIQUE, type TEXT NOT NULL, resource TEXT NOT NULL, "
        "record TEXT NOT NULL, vendor TEXT NOT NULL, source TEXT NOT NULL, owner TEXT, received_at REAL NOT NULL)",
        "CREATE INDEX inbox_events_received ON inbox_events (received_at)",
        "CREATE TABLE inbox_readers (name TEXT PRIMARY KEY, seq BIGINT NOT NULL, token TEXT NOT NULL, leased_until REAL NOT NULL)",
        "CREATE TABLE inbox_polls (name TEXT PRIMARY KEY, since TEXT, token TEXT NOT NULL, leased_until REAL NOT NULL)",
        "CREATE TABLE inbox_last (name TEXT PRIMARY KEY, seq BIGINT NOT NULL)",
    ),
)
"""By version, from 1. A released step is never changed; a new version is a new step."""

_PAGE = 200
_COLUMNS = "seq, type, resource, record, vendor, owner, source, received_at"


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something happened to a record at a vendor.

    Attributes:
        position: where it stands in the inbox; a later event has a greater one.
        type: `task.created`, `task.updated`, `task.deleted` and the like.
        resource: `tasks`: where the record is read.
        record: its unified id.
        vendor: whose it is, `via`.
        user: whose connection reads it; None where nobody in particular.
        source: the hook or poll that it came by.
        received_at: seconds since 1970.
    """

    position: int
    type: str
    resource: str
    record: str
    vendor: str
    user: str | None
    source: str
    received_at: float


Visible = Callable[[Incoming], bool]


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Where it is: what `UNIFIED_INBOX` says, else a file among the user's data."""
    return environ.get(URL) or str(data_home(environ) / "unified" / "inbox.db")


def open_inbox(url: str | Path | None = None, *, kept: float = KEPT) -> Inbox:
    """Open an inbox, and make it if it does not exist.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default see `default_url`.
        kept: seconds for which events are kept.

    Raises:
        InvalidInput: the URL is none.
        UnifiedError: it cannot be opened.
    """
    found = database(str(url) if url is not None else default_url(), CONTENTS, exist=False)
    migrate(found, MIGRATIONS, name="inbox-schema")
    return Inbox(found, kept=kept)


class Inbox:
    """Events in a database, which threads and processes share. All times are those of the database's clock."""

    def __init__(self, database: Database, *, kept: float = KEPT) -> None:
        self.database = database
        self._kept = kept

    # ------------------------------------------------------------------------------------------------ receiving
    def put(self, source: str, vendor: str, user: str | None, told: Collection[Told]) -> int:
        """Keep events, on disk when this returns. Those that are there already are passed over. Returns how many were new."""
        new = 0
        with self.database.writing("inbox") as session:
            session.run("DELETE FROM inbox_events WHERE received_at < NOW() - ?", self._kept)
            last = _number(session, "SELECT seq FROM inbox_last WHERE name = 'events'")
            for one in told:
                new += session.run(
                    "INSERT INTO inbox_events (seq, key, type, resource, record, vendor, source, owner, received_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, NOW()) ON CONFLICT (key) DO NOTHING",
                    last + new + 1,
                    f"{source}\n{one.key}",
                    one.event.type,
                    one.event.resource,
                    one.event.id,
                    vendor,
                    source,
                    user,
                )
            if new:
                session.run(
                    "INSERT INTO inbox_last (name, seq) VALUES ('events', ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
                    last + new,
                )
        return new

    # ------------------------------------------------------------------------------------------------ reading
    def lease(self, reader: str, token: str | None = None) -> str | None:
        """Take a reader for this process, or keep it by its token. None: another process has it.

        A reader that is new begins with the oldest event that is kept.

        Raises:
            InvalidInput: its name is none.
        """
        check_reader(reader)
        mine = token or secrets.token_hex(16)
        with self.database.writing("inbox-readers") as session:
            taken = session.run(
                "INSERT INTO inbox_readers (name, seq, token, leased_until) VALUES (?, 0, ?, NOW() + ?) "
                "ON CONFLICT (name) DO UPDATE SET token = excluded.token, leased_until = excluded.leased_until "
                "WHERE inbox_readers.token = excluded.token OR inbox_readers.leased_until < NOW()",
                reader,
                mine,
                LEASE,
            )
        return mine if taken else None

    def read(self, reader: str, *, limit: int = 50, types: Collection[str] = (), visible: Visible | None = None) -> list[Incoming]:
        """The next events of a reader: of these types (all, if none are named) and that it may see. It does not move on by reading."""
        found: list[Incoming] = []
        with self.database.reading() as session:
            at = _number(session, "SELECT seq FROM inbox_readers WHERE name = ?", reader)
            while len(found) < limit:
                statement = f"SELECT {_COLUMNS} FROM inbox_events WHERE seq > ? ORDER BY seq LIMIT {_PAGE}"  # noqa: S608  constants
                rows = session.rows(statement, at)
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
        """Move a reader on: events up to this position are not read again. False: another process has it meanwhile."""
        with self.database.writing("inbox-readers") as session:
            moved = session.run(
                "UPDATE inbox_readers SET seq = CASE WHEN seq < ? THEN ? ELSE seq END, leased_until = NOW() + ? "
                "WHERE name = ? AND token = ?",
                position,
                position,
                LEASE,
                reader,
                token,
            )
        return moved == 1

    def release(self, reader: str, token: str) -> None:
        """Let another process have a reader at once."""
        with self.database.writing("inbox-readers") as session:
            session.run("UPDATE inbox_readers SET leased_until = 0 WHERE name = ? AND token = ?", reader, token)

    def latest(self, *, limit: int = 50) -> list[Incoming]:
        """The newest events, the newest first."""
        with self.database.reading() as session:
            rows = session.rows(f"SELECT {_COLUMNS} FROM inbox_events ORDER BY seq DESC LIMIT ?", limit)  # noqa: S608  a constant
        return [_incoming(row) for row in rows]

    def readers(self) -> list[str]:
        """The names of all readers."""
        with self.database.reading() as session:
            return [text(name) for (name,) in session.rows("SELECT name FROM inbox_readers ORDER BY name")]

    def left_waiting(self) -> float:
        """Seconds for which an event has waited for a reader that no process has any more; 0 where each is read, or has nothing to read."""
        with self.database.reading() as session:
            rows = session.rows(
                "SELECT MAX(NOW() - received_at) FROM inbox_readers JOIN inbox_events "
                "ON inbox_events.seq = (SELECT MIN(seq) FROM inbox_events WHERE seq > inbox_readers.seq) WHERE leased_until < NOW()"
            )
        return float(rows[0][0] or 0.0)

    def forget(self, reader: str) -> bool:
        """Forget a reader and how far it has come. False: there is none of this name."""
        with self.database.writing("inbox-readers") as session:
            return session.run("DELETE FROM inbox_readers WHERE name = ?", reader) == 1

    def oldest_waiting(self, reader: str) -> float | None:
        """Seconds for which the next event of a reader has waited; None if none waits."""
        with self.database.reading() as session:
            rows = session.rows(
                "SELECT NOW() - received_at FROM inbox_events WHERE seq > COALESCE((SELECT seq FROM inbox_readers WHERE name = ?), 0) "
                "ORDER BY seq LIMIT 1",
                reader,
            )
        return float(rows[0][0]) if rows else None

    # ------------------------------------------------------------------------------------------------ polling
    def take_poll(self, name: str, *, seconds: float) -> tuple[str, str | None] | None:
        """Take a poll's turn for so many seconds: a token, and the moment up to which all is known.

        None: it is not its time yet, or it is another process's turn.
        """
        token = secrets.token_hex(16)
        with self.database.writing("inbox-polls") as session:
            taken = session.run(
                "INSERT INTO inbox_polls (name, since, token, leased_until) VALUES (?, NULL, ?, NOW() + ?) ON CONFLICT (name) "
                "DO UPDATE SET token = excluded.token, leased_until = excluded.leased_until WHERE inbox_polls.leased_until < NOW()",
                name,
                token,
                seconds,
            )
            if not taken:
                return None
            rows = session.rows("SELECT since FROM inbox_polls WHERE name = ?", name)
        return token, text(rows[0][0]) or None

    def polled(self, name: str, token: str, since: str, *, again: float) -> None:
        """A poll's turn is over: all is known up to a moment, and the next is after so many seconds."""
        with self.database.writing("inbox-polls") as session:
            session.run(
                "UPDATE inbox_polls SET since = ?, leased_until = NOW() + ? WHERE name = ? AND token = ?", since, again, name, token
            )

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def _number(session: Session, statement: str, *values: object) -> int:
    rows = session.rows(statement, *values)
    return int(rows[0][0]) if rows else 0


def _incoming(row: Sequence[object]) -> Incoming:
    seq, type, resource, record, vendor, owner, source, received_at = row
    assert isinstance(seq, int)
    user = text(owner) or None
    at = received_at if isinstance(received_at, (int, float)) else 0.0
    return Incoming(seq, text(type), text(resource), text(record), text(vendor), user, text(source), float(at))


def check_reader(reader: str) -> None:
    """Raises:
    InvalidInput: this is no name of a reader.
    """
    if not reader.strip() or not reader.isprintable() or len(reader) > 200:
        raise InvalidInput("a reader has a name of 1 to 200 characters that can be seen")
