"""Backup and restore of a vault while it is in use. Data stays sealed: a backup opens with the vault's own key only."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from unified_platform.connections.errors import CONTENTS, VaultError, VaultUnavailable
from unified_platform.store.database import Database, migrate
from unified_platform.store.sqlite import SQLite
from unified_platform.vault import schema

_BATCH = 500


def backup(database: Database, target: Path) -> None:
    """Copy a consistent state of a vault's database to a new file of mode 0600.

    A SQLite vault is copied by SQLite's online backup, a Postgres vault row by row within one transaction.

    Raises:
        VaultError: the file exists.
        VaultUnavailable: the file cannot be written, or the vault cannot be read. Then there is no file.
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
    """Copy a backup into a database without a vault.

    Raises:
        VaultError: the database contains a vault.
    """
    backup_ = SQLite(source, CONTENTS, exist=True)
    try:
        copy(backup_, database)
    finally:
        backup_.close()


def copy(source: Database, target: Database) -> None:
    """Copy every row of a vault into an empty database.

    Raises:
        VaultError: the database is not empty. Nothing was changed.
    """
    migrate(target, schema.MIGRATIONS, name="schema")
    with source.reading() as reading, target.writing("restore") as writing:
        if writing.rows("SELECT 1 FROM vault_keys LIMIT 1"):
            raise VaultError(f"there is a vault in {target.location}: nothing is copied over it")
        writing.run("DELETE FROM vault_meta")
        for table, columns in schema.COLUMNS.items():
            names = ", ".join(columns)
            marks = ", ".join("?" for _ in columns)
            for row in reading.rows(f"SELECT {names} FROM {table}"):  # noqa: S608  names of our own tables
                values = [bytes(value) if isinstance(value, memoryview) else value for value in row]
                writing.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *values)  # noqa: S608
