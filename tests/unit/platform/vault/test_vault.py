"""Content of a vault, and permissions to change it: the same in SQLite and Postgres."""

from __future__ import annotations

import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tests.support.vaults import KEY, count, hold, record
from tests.unit.platform.vault.conftest import Opens
from unified_platform.store.database import migrate
from unified_platform.vault import (
    ConnectionKey,
    ConnectionRecord,
    Kind,
    Pending,
    SealedVault,
    Status,
    VaultError,
    VaultUnavailable,
    VersionConflict,
    serialization,
)
from unified_platform.vault.location import database
from unified_platform.vault.schema import MIGRATIONS
from unified_runtime import Secret
from unified_runtime.core import errors

FULL = ConnectionRecord(
    id="0123456789abcdef",
    key=ConnectionKey(vendor="jira", team="support", name="work"),
    scheme="oauth",
    kind=Kind.OAUTH,
    secrets={"access_token": Secret("träger"), "refresh_token": Secret("r\x00\n"), "id_token": Secret("x" * 9000)},
    username="me",
    account="me@example.com",
    account_id="42",
    values={"site": "acme", "cloud_id": "1"},
    server="https://acme.example",
    scopes=("read", "write"),
    expires_at=1e9 + 0.5,
    details={"issuer": "https://as.example"},
    status=Status.NEEDS_USER,
    reason="the refresh token was revoked",
    preferred_at=12.5,
    exclusive=True,
)


def test_everything_comes_back(vault: SealedVault, url: str, opens: Opens) -> None:
    stored = vault.put(FULL)
    assert replace(stored, version=0, created_at=0.0, updated_at=0.0) == FULL
    assert (stored.version, stored.created_at) == (1, stored.updated_at)
    for reader in (vault, opens(url)):
        assert reader.get(FULL.id) == stored
        assert reader.find(FULL.key) == stored
        assert reader.list().records == (stored,)
        assert reader.get(FULL.id).secrets["refresh_token"].reveal() == "r\x00\n"


def test_missing_connections(vault: SealedVault) -> None:
    with pytest.raises(errors.NotConnected, match="no connection nowhere"):
        vault.get("nowhere")
    assert vault.find(FULL.key) is None
    assert vault.list().records == ()
    vault.delete("nowhere")


def test_a_location_holds_one_connection(vault: SealedVault) -> None:
    first = vault.put(record(secret="one"))
    time.sleep(0.002)
    second = vault.put(record(secret="two"))
    assert (second.id, second.version, second.created_at) == (first.id, 2, first.created_at)
    assert second.updated_at > first.updated_at
    assert vault.list().records == (second,)


def test_owners_have_separate_connections(vault: SealedVault) -> None:
    stored = [
        vault.put(record(user="alice")),
        vault.put(record(user="alice", name="work")),
        vault.put(record(user="bob")),
        vault.put(record(team="alice")),
        vault.put(record(user=None)),
        vault.put(record("jira", user="alice")),
    ]
    assert len({one.id for one in vault.list().records}) == 6
    assert [one.id for one in vault.list(user="alice", vendor="redmine").records] == [stored[0].id, stored[1].id]
    assert [one.id for one in vault.list(team="alice").records] == [stored[3].id]
    assert len(vault.list(user="alice").records) == 3
    assert vault.find(ConnectionKey(vendor="redmine")) == stored[4]


def test_a_connection_belongs_to_a_user_or_a_team() -> None:
    with pytest.raises(ValueError, match="not to both"):
        ConnectionKey(vendor="jira", user="alice", team="support")


def test_tenants_do_not_see_each_other(vault: SealedVault) -> None:
    mine = vault.put(record())
    other = vault.of_tenant("other")
    assert other.list().records == ()
    with pytest.raises(errors.NotConnected):
        other.get(mine.id)
    theirs = other.put(replace(mine, secrets={KEY: Secret("theirs")}))
    assert theirs.id == mine.id
    other.delete(mine.id)
    assert vault.get(mine.id) == mine


def test_a_swap_needs_the_version_it_read(vault: SealedVault) -> None:
    first = vault.compare_and_swap(record(), 0)
    second = vault.compare_and_swap(replace(first, secrets={KEY: Secret("two")}), 1)
    assert second.version == 2
    for expected in (0, 1, 3):
        with pytest.raises(VersionConflict, match=f"version 2, and version {expected} was expected"):
            vault.compare_and_swap(first, expected)
    with pytest.raises(VersionConflict, match="does not exist"):
        vault.compare_and_swap(record(user="bob"), 1)
    with pytest.raises(VersionConflict, match="version 2"):
        vault.delete(first.id, expected_version=1)
    assert vault.get(first.id) == second
    vault.delete(first.id, expected_version=2)
    assert vault.list().records == ()


def test_a_swap_may_move_a_connection_to_a_location_that_is_free(vault: SealedVault) -> None:
    first, second = vault.put(record()), vault.put(record(name="work", user="alice"))
    with pytest.raises(VersionConflict, match="another connection"):
        vault.compare_and_swap(replace(first, key=second.key), 1)
    moved = vault.compare_and_swap(replace(first, key=replace(first.key, name="private")), 1)
    assert vault.find(moved.key) == moved
    assert vault.find(first.key) is None


def test_no_more_than_one_of_many_swaps_succeeds(vault: SealedVault) -> None:
    first = vault.put(record())

    def swap(number: int) -> int:
        try:
            vault.compare_and_swap(replace(first, account=str(number)), 1)
        except VersionConflict:
            return 0
        return 1

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(swap, range(24))) == 1
    assert vault.get(first.id).version == 2


def test_writers_of_several_processes_lose_nothing(url: str, vault: SealedVault, tmp_path: Any) -> None:
    first = vault.put(record(account="0"))
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=count, args=(url, f"file:{tmp_path}/keys/key", first.id, 15)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert vault.get(first.id).account == str(4 * 3 * 15)
    # Each worker's threads have added connections of their own.
    assert len(vault.list(team="counters").records) == 12


def test_a_forked_child_uses_connections_of_its_own(vault: SealedVault) -> None:
    first = vault.put(record())
    context = multiprocessing.get_context("fork")
    child = context.Process(target=lambda: vault.compare_and_swap(replace(first, account="child"), 1))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert vault.get(first.id).account == "child"


# ---------------------------------------------------------------------------------------------------- leases
def test_a_lease_is_one_at_a_time(vault: SealedVault, url: str, opens: Opens) -> None:
    with vault.lease("c", 30, wait=0) as lease:
        assert lease.connection_id == "c"
        assert 29 < lease.left() <= 30
        for other in (vault, opens(url), opens(url).of_tenant(vault.tenant)):
            assert other.try_lease("c", 30) is None
        with pytest.raises(VaultUnavailable, match="holds the lease for refreshing connection c"), vault.lease("c", 30, wait=0.05):
            pass
        free = vault.try_lease("d", 30)
        assert free is not None
        with free:
            pass
        theirs = vault.of_tenant("other").try_lease("c", 30)
        assert theirs is not None
    again = vault.try_lease("c", 30)
    assert again is not None
    with again:
        pass


def test_a_lease_of_another_process_is_respected_and_ends(url: str, vault: SealedVault, tmp_path: Any) -> None:
    context = multiprocessing.get_context("spawn")
    taken = context.Event()
    holder = context.Process(target=hold, args=(url, f"file:{tmp_path}/keys/key", taken, 1.5))
    holder.start()
    assert taken.wait(30)
    assert vault.try_lease("c", 30) is None
    # The holder dies without releasing it.
    holder.kill()
    holder.join(10)
    assert vault.try_lease("c", 30) is None
    with vault.lease("c", 30, wait=10):
        pass


def test_waiting_process_gets_the_lease(vault: SealedVault) -> None:
    inside = []
    most = []

    def work(_: int) -> None:
        with vault.lease("c", 30, wait=60):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.005)
            inside.pop()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(32)))
    assert (len(most), max(most)) == (32, 1)


# ---------------------------------------------------------------------------------------------------- pending
def pending(state: str, seconds: float = 60.0) -> Pending:
    return Pending(
        state=Secret(state),
        key=ConnectionKey(vendor="jira", user="alice", name="work"),
        scheme="oauth",
        redirect_uri="http://127.0.0.1:8123/callback",
        expires_at=time.time() + seconds,
        issuer="https://as.example",
        verifier=Secret("verifier"),
        nonce=Secret("nonce"),
        scopes=("a",),
        values={"site": "acme"},
        details={"x": "y"},
        secrets={KEY: Secret("k")},
    )


def test_a_started_authorization_is_accepted_once(vault: SealedVault, url: str, opens: Opens) -> None:
    started = pending("s1")
    vault.pending.put(started)
    with pytest.raises(VaultError, match="used once"):
        vault.pending.put(started)
    assert vault.of_tenant("other").pending.take(Secret("s1")) is None
    assert vault.pending.take(Secret("s2")) is None
    other = opens(url)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: (vault, other)[number % 2].pending.take(Secret("s1")), range(16)))
    assert [one for one in found if one is not None] == [started]


def test_one_that_has_expired_is_not(vault: SealedVault) -> None:
    vault.pending.put(pending("s1", seconds=-1))
    assert vault.pending.take(Secret("s1")) is None
    vault.pending.put(pending("s2", seconds=0.05))
    time.sleep(0.06)
    vault.pending.put(pending("s3"))
    with vault.database.reading() as session:
        assert session.rows("SELECT count(*) FROM vault_pending")[0][0] == 1
    assert vault.pending.take(Secret("s2")) is None


# ---------------------------------------------------------------------------------------------------- tables
def test_older_tables_are_migrated_by_the_first_process(vault: SealedVault, url: str) -> None:
    stored = vault.put(record())
    steps = (*MIGRATIONS, ("ALTER TABLE vault_connections ADD COLUMN note TEXT", "UPDATE vault_connections SET note = 'moved'"))
    threads = [threading.Thread(target=lambda: migrate(database(url), steps, name="schema")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with vault.database.reading() as session:
        assert session.rows("SELECT note FROM vault_connections") == [("moved",)]
    assert vault.get(stored.id) == stored


def test_a_step_that_fails_changes_nothing(vault: SealedVault, url: str) -> None:
    steps = (*MIGRATIONS, ("ALTER TABLE vault_connections ADD COLUMN note TEXT", "UPDATE nowhere SET note = ''"))
    with pytest.raises(VaultUnavailable):
        migrate(database(url), steps, name="schema")
    with vault.database.reading() as session:
        assert session.rows("SELECT value FROM vault_meta WHERE name = 'schema'") == [(str(len(MIGRATIONS)),)]
    with pytest.raises(VaultUnavailable), vault.database.reading() as session:
        session.rows("SELECT note FROM vault_connections")


def test_tables_of_a_later_version_are_left_alone(vault: SealedVault, url: str, opens: Opens) -> None:
    with vault.database.writing("schema") as session:
        session.run("UPDATE vault_meta SET value = '99' WHERE name = 'schema'")
    with pytest.raises(VaultError, match="later version of this library: its tables are version 99"):
        opens(url)


def test_records_from_before_connections_could_be_exclusive_open(vault: SealedVault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a record has no such field; connections that are not exclusive are still stored without it."""
    plain = serialization.of_connection(replace(FULL, exclusive=False))
    assert b"exclusive" in serialization.of_connection(FULL)
    assert b"exclusive" not in plain
    monkeypatch.setattr(serialization, "of_connection", lambda record: plain)
    vault.put(FULL)
    assert vault.get(FULL.id).exclusive is False
    monkeypatch.undo()
    assert vault.compare_and_swap(replace(vault.get(FULL.id), exclusive=True), 1).exclusive
    assert vault.get(FULL.id).exclusive


OTHERS = {
    "account": "other@example.com",
    "account_id": "43",
    "username": "other",
    "server": "https://other.example",
    "values": {"site": "other"},
    "details": {"account": "sub 43"},
}


@pytest.mark.parametrize("other", [None, *OTHERS])
def test_an_exclusive_connection_stays_so_for_the_same_account_only(vault: SealedVault, other: str | None) -> None:
    vault.put(FULL)
    again = replace(FULL, id="new", secrets={"access_token": Secret("new")}, exclusive=None, **{other: OTHERS[other]} if other else {})
    assert vault.put(again).exclusive is (other is None)
    assert vault.get(FULL.id).exclusive is (other is None)
    assert vault.put(replace(again, exclusive=True)).exclusive
    assert vault.put(replace(again, exclusive=False)).exclusive is False
    assert vault.put(again).exclusive is False
    unknown = replace(again, account=None, account_id=None, username=None, details={})
    assert vault.put(replace(unknown, exclusive=True)).exclusive
    assert vault.put(unknown).exclusive is False
