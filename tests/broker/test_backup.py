"""Backup and restore of a broker's stores, as `docs/how-to/backup.md` describes them: taken under load, restored to another location."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.broker.test_broker_command import process, unified
from tests.broker.test_rolling_update import Agent, Vendor, redmine
from tests.support.postgres import database
from tests.support.vaults import record
from unified import tasks
from unified_platform.vault import open_vault
from unified_runtime import Client, using

redmine = redmine

STORES = ("UNIFIED_VAULT", "UNIFIED_CONTROL", "UNIFIED_IDEMPOTENCY", "UNIFIED_USAGE")
LOAD = 1.0
"""Seconds of load before and after the backup is started."""


class _Postgres:
    """One database for all stores, copied by pg_dump and pg_restore."""

    def __init__(self, url: str, copy: str, folder: Path) -> None:
        self.stores, self.restored, self.file = dict.fromkeys(STORES, url), dict.fromkeys(STORES, copy), folder / "unified.dump"

    def backup(self) -> None:
        subprocess.run(["pg_dump", "--format=custom", f"--file={self.file}", self.stores["UNIFIED_VAULT"]], check=True)

    def restore(self) -> None:
        subprocess.run(["pg_restore", "--no-owner", f"--dbname={self.restored['UNIFIED_VAULT']}", self.file], check=True)


class _SQLite:
    """A file for each store, copied by SQLite's own backup."""

    def __init__(self, folder: Path) -> None:
        self.stores = {name: str(folder / f"{name.lower()}.db") for name in STORES}
        self.saved = {name: folder / f"{name.lower()}.backup" for name in STORES}
        self.restored = {name: str(folder / "restored" / f"{name.lower()}.db") for name in STORES}

    def backup(self) -> None:
        for name, path in self.stores.items():
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(self.saved[name])) as target:
                source.backup(target)

    def restore(self) -> None:
        for name, path in self.restored.items():
            Path(path).parent.mkdir(exist_ok=True)
            self.saved[name].rename(path)


@pytest.fixture(params=["postgres", "sqlite"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[_Postgres | _SQLite]:
    if request.param == "sqlite":
        yield _SQLite(tmp_path)
        return
    with database(separate=True) as url, database(separate=True) as copy:
        yield _Postgres(url, copy, tmp_path)


def _created(client: Client, title: str, key: str) -> str:
    with using(client):
        return str(tasks.create(title=title, project_id="1", idempotency_key=key).id)


def _verified(home: dict[str, str]) -> int:
    """Return the exit status of `unified audit verify`."""
    command = [sys.executable, "-m", "unified_platform.cli", "audit", "verify"]
    return subprocess.run(command, env=home, capture_output=True, check=False, timeout=60).returncode


def test_a_broker_continues_from_its_backup(home: dict[str, str], redmine: Vendor, stores: _Postgres | _SQLite, tmp_path: Path) -> None:
    heads = tmp_path / "heads"
    home |= stores.stores | {"UNIFIED_AUDIT_HEADS": str(heads)}
    vault = open_vault(home["UNIFIED_VAULT"], key=home["UNIFIED_VAULT_KEY"])
    vault.put(record(user="alice", values={"url": f"http://127.0.0.1:{redmine.server_port}"}))
    vault.close()
    key = str(unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "*")["key"])
    stop = threading.Event()
    with process(home) as (url, _), Client(broker=url, key=key) as client:
        before = _created(client, "before", "k1")
        agent = Agent(client, 0, stop)
        agent.start()
        time.sleep(LOAD)
        stores.backup()
        time.sleep(LOAD)
        stop.set()
        agent.join(30)
        assert agent.error is None
        after = _created(client, "after", "k2")
    assert _verified(home) == 0
    written = len(redmine.created)

    stores.restore()
    home |= stores.restored
    assert _verified(home) == 1, "the restored log ends before the last recorded head"
    heads.rename(heads.with_suffix(".before"))
    with process(home) as (url, _), Client(broker=url, key=key) as client:
        assert _created(client, "before", "k1") == before
        assert len(redmine.created) == written, "the result of a call before the backup is known"
        assert _created(client, "after", "k2") != after
        assert len(redmine.created) == written + 1, "a call after the backup is not known"
    assert _verified(home) == 0
