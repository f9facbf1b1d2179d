"""Copies of a vault while it is in use, and back. What is sealed stays sealed: a copy opens with the vault's own key alone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from unified_platform.store.database import Database, migrate
from unified_platform.store.sqlite import SQLite
from unified_platform.vault import schema
from unified_platform.vault.errors import CONTENTS, VaultError, VaultUnavailable

_BATCH = 500


def backup(database: Database, target: Path) -> None:
    """Copy a vault's database, as it is at one moment, into a new file of mode 0600.

    A SQLite vault is copied by SQLite's own online backup, one in Postgres row by row within one transaction.

    Raises:
        VaultError: the file exists.
        VaultUnavailable: it cannot be written, or the vault not be read. Then there is no file.
    """
    if target.exists():
        raise VaultError(f"{target} exists: a backup overwrites nothing")
    draft = target.with_name(f".{target.name}.{os.getpid()}.{os.urandom(4).hex()}")
    made = SQLite(draft, CONTENTS)
    try:
        if isinstance(database, SQLite):
            database.backup(draft)
        else:
            copy(database, made)
            made.close()
        os.link(draft, target)
    except FileExistsError:
        raise VaultError(f"{target} exists: a backup overwrites nothing") from None
    except OSError as error:
        reason = error.strerror
    else:
        return
    finally:
        made.close()
        for left in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    raise VaultUnavailable(f"the backup {target} cannot be written: {reason}")


def restore(source: Path, database: Database) -> None:
    """Copy a backup into a database that holds no vault.

    Raises:
        VaultError: it holds one.
    """
    backup_ = SQLite(source, CONTENTS, exist=True)
    try:
        copy(backup_, database)
    finally:
        backup_.close()


def copy(source: Database, target: Database) -> None:
    """Copy every row of a vault into an empty database.

    Raises:
        VaultError: it is not empty. Nothing was changed.
    """
    migrate(target, schema.MIGRATIONS, name="schema")
    with source.reading() as reading, target.writing("restore") as writing:
        if writing.rows("SELECT 1 FROM vault_keys LIMIT 1"):
            raise VaultError(f"there is a vault in {target.place}: nothing is copied over it")
        writing.run("DELETE FROM vault_meta")
        for table, columns in schema.COLUMNS.items():
            names = ", ".join(columns)
            marks = ", ".join("?" for _ in columns)
            for row in reading.rows(f"SELECT {names} FROM {table}"):  # noqa: S608  names of our own tables
                values = [bytes(value) if isinstance(value, memoryview) else value for value in row]
                writing.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *values)  # noqa: S608
