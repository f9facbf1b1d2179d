"""Databases: errors name the content of the database, and a long log delays no call."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from unified_platform.audit.database import open_store
from unified_platform.connections.errors import VaultError
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.inbox.store import open_inbox
from unified_platform.store.errors import Contents, StoreDamaged, StoreError, StoreUnavailable
from unified_platform.store.postgres import Postgres
from unified_platform.store.sqlite import SQLite
from unified_platform.store.wal_checkpoints import Checkpoints
from unified_platform.usage.store import CONTENTS, open_usage_store
from unified_runtime.core.errors import InvalidInput

OPENED: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("the control database", open_store),
    ("the idempotency store", open_idempotency_store),
    ("the inbox", open_inbox),
    ("the usage store", open_usage_store),
)
BY_NAME = pytest.mark.parametrize(("name", "opened"), OPENED, ids=[name for name, _ in OPENED])


@BY_NAME
def test_a_damaged_file(name: str, opened: Callable[[str], object], tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"no database, but long enough to be one. " * 100)
    with pytest.raises(StoreDamaged, match=f"^{name}'s file {path} is damaged: ") as raised:
        opened(str(path))
    assert not isinstance(raised.value, VaultError)


@BY_NAME
def test_an_invalid_location(name: str, opened: Callable[[str], object]) -> None:
    with pytest.raises(InvalidInput, match=f"^{name} is at a path, sqlite:///path or postgresql://…, not redis://…$"):
        opened("redis://localhost")


@BY_NAME
def test_a_server_that_is_away(name: str, opened: Callable[[str], object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_platform.store.postgres._WAIT", 0.2)
    with pytest.raises(StoreUnavailable, match=f"^{name} in postgresql://localhost:9/none cannot be used: "):
        opened("postgresql://somebody:secret@localhost:9/none")


def test_tables_of_a_later_version(tmp_path: Path) -> None:
    path = tmp_path / "usage.db"
    open_usage_store(path).close()
    database = SQLite(path, CONTENTS)
    with database.writing("test") as session:
        session.run("UPDATE vault_meta SET value = '99' WHERE name = 'usage-schema'")
    with pytest.raises(StoreError, match=r"^the usage store in .* was made by a later version"):
        open_usage_store(path)
    database.close()


def test_a_password_is_nowhere_in_the_output() -> None:
    assert Postgres("postgresql://somebody:secret@db.example/usage", CONTENTS).location == "postgresql://db.example/usage"


def test_the_log_is_carried_over_beside_those_who_write(tmp_path: Path) -> None:
    """No commit runs the checkpoint itself, nothing is lost, and the log does not grow without end."""
    database = SQLite(tmp_path / "a.db", Contents("the test"))
    with database.writing("a") as session:
        session.run("CREATE TABLE a (n INTEGER PRIMARY KEY, text TEXT)")
    log, written = tmp_path / "a.db-wal", 0
    with Checkpoints(database, every=0.02):
        for _ in range(400):
            with database.writing("a") as session:
                for _ in range(10):
                    written += 1
                    session.run("INSERT INTO a VALUES (?, ?)", written, "x" * 4000)
            assert log.stat().st_size < 64 * 1024 * 1024
    pages, done = database.checkpoint()
    assert pages == done
    with sqlite3.connect(tmp_path / "a.db") as other:
        assert other.execute("SELECT COUNT(*), MAX(n) FROM a").fetchone() == (written, written)
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    other.close()
    database.close()


# ------------------------------------------------------------------------------------------------ one writer at a time
def test_waiting_writer_retries_often(tmp_path: Path) -> None:
    """By itself, SQLite retries ten times a second at most, and misses short pauses between other writers."""
    store = open_store(tmp_path / "a.db")
    assert isinstance(store, SQLite)
    waits = store._borrowed()
    looked: list[str] = []
    often, given = threading.Event(), []
    waits.set_trace_callback(lambda statement: looked.append(statement) if "BEGIN" in statement else None)
    store._idle.append(waits)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def write() -> None:
        with store.writing("a") as session:
            given.append(session.rows("PRAGMA busy_timeout")[0][0])

    thread = threading.Thread(target=write)
    thread.start()
    while thread.is_alive() and len(looked) < 20:
        often.wait(0.005)
    assert not given
    other.execute("COMMIT")
    thread.join(60)
    assert given == [30_000], "what else it waits for inside, it waits for as ever"
    other.close()


def test_writer_that_waits_too_long_gets_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_platform.store.sqlite._BUSY", 0.05)
    store = open_store(tmp_path / "a.db")
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="in use by others"), store.writing("a"):
        pass
    other.execute("COMMIT")
    other.close()
    with store.writing("a") as session:
        assert session.has("control_audit")
