"""Leases while clocks are changed, machines are restarted, and stores are full."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import postgres
from tests.support.vaults import record
from unified_platform.idempotency.store import DatabaseIdempotencyStore, open_idempotency_store
from unified_platform.inbox.store import open_inbox
from unified_platform.store import boot_clock, sqlite
from unified_platform.store.errors import StoreUnavailable
from unified_platform.vault import open_vault

HOUR = 3600.0
Move = Callable[[float], None]


@pytest.fixture
def move(monkeypatch: pytest.MonkeyPatch) -> Iterator[Move]:
    """Set the wall clock of SQLite and of Python."""
    real = time.time
    now = sqlite.NOW

    def moved(seconds: float) -> None:
        monkeypatch.setattr(sqlite, "NOW", f"({now} + {seconds})")
        monkeypatch.setattr(time, "time", lambda: real() + seconds)
        sqlite._translated.cache_clear()

    yield moved
    sqlite._translated.cache_clear()


@pytest.mark.parametrize("seconds", [-HOUR, HOUR, -24 * HOUR, 24 * HOUR])
def test_a_running_call_keeps_its_lease_while_clocks_move(tmp_path: Path, move: Move, seconds: float) -> None:
    store = open_idempotency_store(tmp_path / "l.db")
    mine = store.begin("s", "k", "d", lease=20)
    assert store.sending(mine.token, "POST /x was sent", lease=20)
    move(seconds)
    assert store.begin("s", "k", "d", lease=20).state == "running"
    assert store.sending(mine.token, "POST /y was sent", lease=20)
    store.completed(mine.token, b"1")
    assert store.begin("s", "k", "d", lease=20).state == "completed"


@pytest.mark.parametrize("seconds", [-HOUR, HOUR])
def test_the_call_of_a_dead_process_is_found_when_its_lease_is_over(tmp_path: Path, move: Move, seconds: float) -> None:
    store = open_idempotency_store(tmp_path / "l.db")
    sent, unsent = store.begin("s", "sent", "d", lease=0.2), store.begin("s", "unsent", "d", lease=0.2)
    assert store.sending(sent.token, "POST /x was sent", lease=0.2, mark="m")
    assert unsent.state == "acquired"
    move(seconds)
    time.sleep(0.3)
    found = store.begin("s", "sent", "d", lease=20)
    assert found.state == "unconfirmed"
    assert 0.2 < found.ago < 20
    assert store.begin("s", "unsent", "d", lease=20).state == "acquired"
    assert not store.sending(sent.token, "POST /x was sent", lease=20), "whoever took it over has the row"


@pytest.mark.parametrize("seconds", [-HOUR, HOUR])
def test_a_name_of_a_living_process_is_not_given_away(tmp_path: Path, move: Move, seconds: float) -> None:
    store = open_idempotency_store(tmp_path / "l.db")
    owned = store.own(alive=20)
    move(seconds)
    assert open_idempotency_store(tmp_path / "l.db").own(alive=20).name != owned.name
    assert owned.renew()
    assert owned.dead() == []


@pytest.mark.parametrize("seconds", [-HOUR, HOUR])
def test_the_lease_of_a_refresh(tmp_path: Path, move: Move, seconds: float) -> None:
    vault = open_vault(tmp_path / "v.db", key=f"file:{tmp_path}/key")
    stored = vault.put(record())
    with vault.lease(stored.id, 0.3, wait=1):
        vault._leases._database.close()
    lease = vault._leases._take(stored.id, 0.3)  # of a process that dies with it
    assert lease is not None
    move(seconds)
    assert vault._leases._take(stored.id, 5) is None
    time.sleep(0.4)
    with vault.lease(stored.id, 5, wait=0.2):
        pass


@pytest.mark.parametrize("seconds", [-HOUR, HOUR])
def test_the_lease_of_a_reader(tmp_path: Path, move: Move, seconds: float) -> None:
    inbox = open_inbox(tmp_path / "i.db")
    token = inbox.lease("r")
    assert token is not None
    move(seconds)
    assert inbox.lease("r") is None
    assert inbox.lease("r", token) == token


@pytest.mark.parametrize("boot", ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"])
@pytest.mark.parametrize("uptime", [1.0, 1e6])
def test_a_lease_of_before_the_machine_was_started_again_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, boot: str, uptime: float
) -> None:
    store = open_idempotency_store(tmp_path / "l.db")
    sent = store.begin("s", "k", "d", lease=1000)
    assert store.sending(sent.token, "POST /x was sent", lease=1000, mark="m")
    other = float(sum(boot.encode()) % 1000) * 1e8
    monkeypatch.setattr(boot_clock, "_range", lambda: other)
    monkeypatch.setattr(boot_clock, "_uptime", lambda: uptime)
    found = store.begin("s", "k", "d", lease=20)
    assert found.state == "unconfirmed"
    assert found.ago >= boot_clock.LONGEST_LEASE, "when it was sent is not known any more"
    assert store.sending(found.token, "POST /x was sent", lease=20)


@pytest.mark.skipif(
    shutil.which("faketime") is None and os.environ.get("CI") != "true", reason="faketime is not installed (Debian: faketime)"
)
@pytest.mark.parametrize("shift", ["+1h", "-1h"])
def test_processes_whose_libraries_show_other_clocks(tmp_path: Path, shift: str) -> None:
    """`faketime` moves the wall clock and, in older versions, CLOCK_MONOTONIC and CLOCK_BOOTTIME of one process."""
    store = open_idempotency_store(tmp_path / "l.db")
    mine = store.begin("s", "k", "d", lease=20)
    assert store.sending(mine.token, "POST /x was sent", lease=20)
    file = str(tmp_path / "l.db")
    script = (
        "from unified_platform.idempotency.store import open_idempotency_store\n"
        f"print(open_idempotency_store({file!r}).begin('s', 'k', 'd', lease=9).state)"
    )
    done = subprocess.run(["faketime", "-f", shift, sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "running\n"


def test_the_clock_of_this_machine_goes_forward() -> None:
    first = boot_clock.now()
    time.sleep(0.05)
    assert 0.03 <= boot_clock.now() - first < 5


# ------------------------------------------------------------------------------------------------ many rows, full disks
@pytest.fixture(params=["sqlite", "postgres"])
def idempotency_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DatabaseIdempotencyStore]:
    if request.param == "sqlite":
        yield open_idempotency_store(tmp_path / "l.db", retention=100)
        return
    with postgres.database() as url:
        made = open_idempotency_store(url, retention=100)
        yield made
        made.close()


def test_expired_rows_go_in_batches(idempotency_store: DatabaseIdempotencyStore) -> None:
    for number in range(250):
        idempotency_store.completed(idempotency_store.begin("s", f"k{number}", "d", lease=20).token, b"1")
    with idempotency_store._database.writing("idempotency") as session:
        session.run("UPDATE idempotency_calls SET changed_at = NOW() - 1000")
    counts = []
    for number in range(4):
        idempotency_store.begin("s", f"new{number}", "d", lease=20)
        with idempotency_store._database.reading() as session:
            counts.append(int(session.rows("SELECT COUNT(*) FROM idempotency_calls")[0][0]))
    assert counts == [151, 52, 3, 4]


def test_a_result_that_could_not_be_stored_is_stored_later(
    idempotency_store: DatabaseIdempotencyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unified_platform.idempotency.unsaved_results.FIRST_PAUSE", 0.05)
    done, doubtful = idempotency_store.begin("s", "done", "d", lease=20), idempotency_store.begin("s", "unconfirmed", "d", lease=20)
    full = True

    real = idempotency_store._change

    def change(what: str, *values: object, token: str, also: str = "") -> int:
        if full:
            raise StoreUnavailable("the disk is full")
        return real(what, *values, token=token, also=also)

    monkeypatch.setattr(idempotency_store, "_change", change)
    for store in (
        lambda: idempotency_store.completed(done.token, b"1"),
        lambda: idempotency_store.unconfirmed(doubtful.token, "POST /x was sent"),
    ):
        with pytest.raises(StoreUnavailable):
            store()
    time.sleep(0.2)
    with idempotency_store._database.reading() as session:
        assert session.rows("SELECT COUNT(*) FROM idempotency_calls WHERE status = 'running'") == [(2,)]
    full = False
    deadline = time.monotonic() + 20
    while idempotency_store._unstored._results and time.monotonic() < deadline:
        time.sleep(0.02)
    assert idempotency_store.begin("s", "done", "d", lease=20).result == b"1"
    assert idempotency_store.begin("s", "unconfirmed", "d", lease=20).state == "unconfirmed"


def test_the_next_call_stores_it_first(idempotency_store: DatabaseIdempotencyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_platform.idempotency.unsaved_results.FIRST_PAUSE", 1000.0)
    mine = idempotency_store.begin("s", "k", "d", lease=20)
    with monkeypatch.context() as broken:
        broken.setattr(idempotency_store._database, "writing", _unavailable)
        with pytest.raises(StoreUnavailable) as caught:
            idempotency_store.completed(mine.token, b"1")
        assert caught.value.retry_safe
    assert idempotency_store.begin("s", "k", "d", lease=20).result == b"1"


def test_a_result_that_another_process_took_over_is_dropped(
    idempotency_store: DatabaseIdempotencyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unified_platform.idempotency.unsaved_results.FIRST_PAUSE", 1000.0)
    mine = idempotency_store.begin("s", "k", "d", lease=0.1)
    assert idempotency_store.sending(mine.token, "POST /x was sent", lease=0.1, mark="m")
    with monkeypatch.context() as broken:
        broken.setattr(idempotency_store._database, "writing", _unavailable)
        with pytest.raises(StoreUnavailable):
            idempotency_store.completed(mine.token, b"1")
    time.sleep(0.2)
    with idempotency_store._database.writing("idempotency") as session:
        session.run("UPDATE idempotency_calls SET token = 'other'")
    idempotency_store.begin("s", "another", "d", lease=20)
    assert not idempotency_store._unstored._results
    with idempotency_store._database.reading() as session:
        assert session.rows("SELECT status FROM idempotency_calls WHERE token = 'other'") == [("running",)]


def _unavailable(*_: object, **__: object) -> object:
    raise StoreUnavailable("the disk is full")


def test_a_store_that_is_in_use_prevents_sending_and_is_safe_to_repeat(tmp_path: Path) -> None:
    from unified_runtime.idempotency.store import patience

    store = open_idempotency_store(tmp_path / "l.db")
    other = open_idempotency_store(tmp_path / "l.db")
    waits = patience.set(0.1)
    try:
        with other._database.writing("idempotency"), pytest.raises(StoreUnavailable) as caught:
            store.begin("s", "k", "d", lease=20)
    finally:
        patience.reset(waits)
    assert caught.value.retry_safe
