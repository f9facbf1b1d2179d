"""What a vault asks of its database: transactions and statements. SQLite and Postgres offer the same."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from unified_platform.vault import schema
from unified_platform.vault.errors import VaultDamaged, VaultError

Row = tuple[Any, ...]


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
        """Run a statement that answers rows. `?` stands for a value; NOW() for the database's clock, in seconds since 1970."""
        ...

    def run(self, statement: str, *values: object) -> int:
        """Run a statement and return how many rows it concerned."""
        ...

    def has(self, table: str) -> bool:
        """Whether there is such a table."""
        ...


class Database(Protocol):
    """A database that threads share. What fails in it is a `VaultUnavailable`, or a `VaultDamaged` where the file itself is broken."""

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


def migrate(database: Database, steps: Sequence[Sequence[str]] = schema.MIGRATIONS, *, name: str = "schema") -> None:
    """Bring the tables to the newest version, in one transaction. Tables of several kinds may share a database, by their `name`.

    Raises:
        VaultError: they were made by a later version of this library.
    """
    newest = len(steps)
    # Looked at first: where nothing is to be done, nothing is written, and a database that cannot be written still serves.
    with database.reading() as session:
        if _version(session, database, newest, name) == newest:
            return
    with database.writing(name) as session:
        session.run(schema.HEAD)
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
    if not (told.isascii() and told.isdigit()):
        raise VaultDamaged(f"the vault in {database.place} is damaged: it does not tell the version of its tables")
    version = int(told)
    if version > newest:
        raise VaultError(
            f"the vault in {database.place} was made by a later version of this library: its tables are version {version}, and this one "
            f"knows {newest}"
        )
    return version
