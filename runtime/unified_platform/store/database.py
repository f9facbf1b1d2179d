"""Database protocol: transactions and statements, which SQLite and Postgres implement alike, and migrations."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from unified_platform.store.errors import Contents

Row = tuple[Any, ...]

HEAD = "CREATE TABLE IF NOT EXISTS vault_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
"""Table with the schema versions of all others, named after the vault, its first user."""


def blob(value: object) -> bytes:
    """Return the bytes of a column; empty if it is something else, as in a damaged file."""
    return bytes(value) if isinstance(value, (bytes, memoryview)) else b""


def integer(value: object) -> int:
    """Return the integer of a column; -1, which is never valid, if it is something else."""
    return value if isinstance(value, int) else -1


def text(value: object) -> str:
    """Return the text of a column."""
    return value if isinstance(value, str) else ""


class Session(Protocol):
    """One transaction."""

    def rows(self, statement: str, *values: object) -> Sequence[Row]:
        """Run a statement and return its rows. `?` is a value, NOW() the database's clock, in seconds since 1970, and COLLATE BINARY is for
        texts that are compared by their bytes; a table made WITHOUT ROWID is stored in the order of its key, if the database supports that.

        LEASE_NOW() is a clock that people do not set while processes hold leases: the server's clock in Postgres, the time since the
        machine was started in SQLite. A lease ends at LEASE_NOW() + seconds, and LEASED(column) is true until then.
        """
        ...

    def run(self, statement: str, *values: object) -> int:
        """Run a statement and return the number of rows it changed."""
        ...

    def has(self, table: str) -> bool:
        """Return whether there is such a table."""
        ...


class Database(Protocol):
    """Database shared by threads. Its errors are `StoreUnavailable`, or `StoreDamaged` if the file itself is broken."""

    @property
    def contents(self) -> Contents:
        """Name of its contents, and the classes of their errors."""
        ...

    @property
    def location(self) -> str:
        """Location of the database, for people; without a password."""
        ...

    def reading(self) -> AbstractContextManager[Session]:
        """Return a transaction that sees one state of the database throughout."""
        ...

    def writing(self, lock: str, *, durable: bool = True) -> AbstractContextManager[Session]:
        """Return a transaction that excludes all others with the same lock; rolled back if the block raises.

        At the end of the block, it is on disk. Without `durable`, it survives the death of every process, but not of the machine.
        """
        ...

    def check(self) -> list[str]:
        """Return the problems of the database itself, by its own check; an empty list if there are none, or no check."""
        ...

    def close(self) -> None: ...


def migrate(database: Database, steps: Sequence[Sequence[str]], *, name: str) -> None:
    """Migrate the tables to the newest version, in one transaction. Tables of several kinds may share a database, by their `name`.

    Raises:
        StoreError: they were made by a later version of this library.
    """
    newest = len(steps)
    # Read first: if there is nothing to migrate, nothing is written, so that a read-only database can be used.
    with database.reading() as session:
        if _version(session, database, newest, name) == newest:
            return
    with database.writing(name) as session:
        session.run(HEAD)
        for statements in steps[_version(session, database, newest, name) :]:
            for statement in statements:
                session.run(statement)
        session.run(
            "INSERT INTO vault_meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            str(newest),
        )


def _version(session: Session, database: Database, newest: int, name: str) -> int:
    found = session.rows("SELECT value FROM vault_meta WHERE name = ?", name) if session.has("vault_meta") else ()
    data = text(found[0][0]) if found else "0"
    contents = database.contents
    if not (data.isascii() and data.isdigit()):
        raise contents.damaged(f"{contents.name} in {database.location} is damaged: the version of its tables is missing")
    version = int(data)
    if version > newest:
        raise contents.error(
            f"{contents.name} in {database.location} was made by a later version of this library: its tables are version {version}, and "
            f"this one knows {newest}"
        )
    return version
