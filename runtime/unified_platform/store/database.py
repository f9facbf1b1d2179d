"""What is asked of a database: transactions and statements. SQLite and Postgres offer the same."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from unified_platform.store.errors import Contents

Row = tuple[Any, ...]

HEAD = "CREATE TABLE IF NOT EXISTS vault_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
"""The table of the versions of all others. It bears the name of the first that it told of."""


def blob(value: object) -> bytes:
    """Bytes of a column. A damaged file may give something else, which is as good as nothing."""
    return bytes(value) if isinstance(value, (bytes, memoryview)) else b""


def integer(value: object) -> int:
    """A whole number of a column; -1, which stands for none of ours, if it is something else."""
    return value if isinstance(value, int) else -1


def text(value: object) -> str:
    """Text of a column."""
    return value if isinstance(value, str) else ""


class Session(Protocol):
    """One transaction."""

    def rows(self, statement: str, *values: object) -> Sequence[Row]:
        """Run a statement that answers rows. `?` stands for a value, NOW() for the database's clock, in seconds since 1970, and
        COLLATE BINARY for texts that are compared by their bytes; a table made WITHOUT ROWID lies in the order of its key, where it can."""
        ...

    def run(self, statement: str, *values: object) -> int:
        """Run a statement and return how many rows it concerned."""
        ...

    def has(self, table: str) -> bool:
        """Whether there is such a table."""
        ...


class Database(Protocol):
    """A database that threads share. What fails in it is a `StoreUnavailable`, or a `StoreDamaged` where the file itself is broken."""

    @property
    def contents(self) -> Contents:
        """What it holds, and which errors tell what is wrong with it."""
        ...

    @property
    def place(self) -> str:
        """Where it is, for people; without a password."""
        ...

    def reading(self) -> AbstractContextManager[Session]:
        """A transaction that sees one state of the database throughout."""
        ...

    def writing(self, lock: str, *, durable: bool = True) -> AbstractContextManager[Session]:
        """A transaction alone among all that name the same lock; rolled back if the block raises.

        When the block was left, it is on disk. Without `durable` it survives the death of every process, not that of the machine.
        """
        ...

    def check(self) -> list[str]:
        """What is wrong with the database itself, by its own check; nothing where it is sound, or has no such check."""
        ...

    def close(self) -> None: ...


def migrate(database: Database, steps: Sequence[Sequence[str]], *, name: str) -> None:
    """Bring the tables to the newest version, in one transaction. Tables of several kinds may share a database, by their `name`.

    Raises:
        StoreError: they were made by a later version of this library.
    """
    newest = len(steps)
    # Looked at first: where nothing is to be done, nothing is written, and a database that cannot be written still serves.
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
    told = text(found[0][0]) if found else "0"
    contents = database.contents
    if not (told.isascii() and told.isdigit()):
        raise contents.damaged(f"{contents.name} in {database.place} is damaged: it does not tell the version of its tables")
    version = int(told)
    if version > newest:
        raise contents.error(
            f"{contents.name} in {database.place} was made by a later version of this library: its tables are version {version}, and this "
            f"one knows {newest}"
        )
    return version
