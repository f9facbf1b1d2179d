"""Erasure and retention of the journals of sagas, in SQLite and Postgres."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.sagas.test_submitted_sagas import Here
from tests.sagas.world import World, connected
from tests.support import postgres
from tests.support.brokers import serving
from tests.support.waiting import until
from unified import tasks
from unified_platform.broker.agent_keys import Scope
from unified_platform.common.retention import Retention
from unified_platform.erasure import Stores, erase_user
from unified_platform.erasure.retention import prune
from unified_platform.sagas import Saga, Sagas
from unified_platform.sagas.inspection import open_inspector
from unified_runtime import Client, acting
from unified_runtime.core.errors import Unavailable


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with ExitStack() as stack:
        yield str(tmp_path / "journal.db") if request.param == "sqlite" else stack.enter_context(postgres.database(separate=True))


def test_a_database_without_sagas_is_empty(url: str) -> None:
    with open_inspector(url) as sagas:
        assert prune(Stores(sagas=sagas), Retention(sagas=1)).rows == {"sagas": 0}
        assert erase_user("alice", Stores(sagas=sagas)).rows == {"sagas": {"sagas": 0, "running": 0}}


def test_sagas_of_a_user_are_erased(url: str, tmp_path: Path, world: World) -> None:
    sagas = Sagas(url, idempotency=tmp_path / "ledger.db", client=connected(world.url, "alice", "bob", "alicea"))
    going = True

    @sagas.saga("one")
    def one(s: Saga, users: list[str], waits: bool = False) -> None:
        for user in users:
            with acting(user=user):
                s.run(tasks.create, title=f"for {user}", via="todoist")
        while waits and going:
            time.sleep(0.05)

    with sagas, open_inspector(url) as found:
        for id, users in (("a", ["bob", "alice"]), ("b", ["bob"]), ("c", ["alicea"])):
            one.start(id, users).result()
        with acting(user="alice"):
            one.start("d", []).result()
        run = one.start("e", ["alice"], waits=True)
        until(lambda: "for alice" in repr(found._client.list_workflow_steps("e")))
        stores = Stores(sagas=found)
        planned = erase_user("alice", stores, dry_run=True)
        assert planned.rows == {"sagas": {"sagas": 2, "running": 1}}
        assert {one.id for one in found.list()} == {*"abcde"}
        assert erase_user("alice", stores, tenant="other").rows == {"sagas": {"sagas": 0, "running": 0}}
        erased = erase_user("alice", stores)
        assert (erased.rows, erased.running) == (planned.rows, 1)
        assert {one.id for one in found.list()} == {*"bce"}
        going = False
        run.result()
        assert erase_user("alice", stores).rows == {"sagas": {"sagas": 1, "running": 0}}
        assert {one.id for one in found.list()} == {*"bc"}
        assert found.steps("b")


def test_sagas_that_ended_long_ago_are_deleted(url: str, tmp_path: Path, world: World) -> None:
    sagas = Sagas(url, idempotency=tmp_path / "ledger.db", client=connected(world.url))
    going = True

    @sagas.saga("one")
    def one(s: Saga, waits: bool = False) -> None:
        s.run(tasks.create, title="A", via="todoist")
        while waits and going:
            time.sleep(0.05)

    with sagas, open_inspector(url) as found:
        one.start("ended").result()
        run = one.start("runs", waits=True)
        assert found.prune(1) == 0
        assert prune(Stores(sagas=found), Retention()).rows == {}, "without a retention, none is deleted"
        time.sleep(0.2)
        assert prune(Stores(sagas=found), Retention(sagas=1e-6)).rows == {"sagas": 1}
        assert [one.id for one in found.list()] == ["runs"]
        going = False
        run.result()


def test_submitted_sagas_are_erased_for_the_user_of_their_key(tmp_path: Path, world: World) -> None:
    here = Here(tmp_path, world, users=("alice", "bob"))
    with serving(here.broker) as address, open_inspector(tmp_path / "sagas.db") as found:
        for user in ("alice", "bob"):
            secret = here.keys.create(Scope("helper", (user,), (), ("*",)), lifetime=600)[1].reveal()
            draft = Client(broker=address, key=secret).saga("onboard", id=f"for-{user}")
            draft.add(tasks.create, title=user, via="todoist")
            draft.run()
        assert found.erase("alice", tenant="other") == {"sagas": 0, "running": 0}
        assert found.erase("alice") == {"sagas": 1, "running": 0}
        assert [one.id.partition(".")[2] for one in found.list()] == ["for-bob"]


def test_a_database_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_text("this is not a database, and long enough to be none" * 100)
    with open_inspector(tmp_path / "broken.db") as found, pytest.raises(Unavailable, match="sagas cannot be used"):
        found.prune(1)
