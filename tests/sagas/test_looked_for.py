"""A step that a process sent which died: looked for at the vendor, and then gone on with, taken back, made, or known not to be there."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.sagas.world import SETTINGS
from tests.support.waiting import until
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified_platform.ledger import open_ledger
from unified_platform.sagas import Saga, SagaFailed, Sagas, saga
from unified_platform.sagas.looking import looking
from unified_runtime import Client, api_key, errors
from unified_runtime.connections import Connections

ENDED = {"done", "rolled back", "needs you", "broken"}


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


def _sagas(folder: str, url: str) -> Sagas:
    from unified_platform.sagas import engine

    engine.ALIVE = 0.5
    client = Client(settings=SETTINGS, connections=Connections())
    client.connect("redmine", api_key("k" * 20), url=url)
    return Sagas(Path(folder, "sagas.db"), ledger=Path(folder, "ledger.db"), client=client)


def _function(folder: str, url: str) -> None:
    sagas = _sagas(folder, url)

    @sagas.saga("one")
    def one(s: Saga) -> None:
        s.run(tasks.create, title="T", project_id="1", via="redmine")

    with sagas:
        one.start("s1").result()


def _block(folder: str, url: str) -> None:
    """One who finds it begun waits until it was taken back."""
    with _sagas(folder, url):
        try:
            with saga("one", id="s1"):
                tasks.create(title="T", project_id="1", via="redmine")
        except errors.Conflict:
            until(lambda: _state(folder)[0] in ENDED)
        except SagaFailed:
            return


def _state(folder: str) -> tuple[str, list[str]]:
    with looking(Path(folder, "sagas.db")) as look:
        seen = look.get("s1")
        return seen.state, list(seen.left)


def issue() -> dict[str, Any]:
    return {"id": 7, "subject": "T", "created_on": datetime.now(UTC).isoformat(timespec="seconds"), "project": {"id": 1}}


def listed(*issues: dict[str, Any]) -> Reply:
    return Reply.of({"issues": list(issues), "total_count": len(issues), "offset": 0, "limit": 100})


def made() -> list[Reply]:
    return [Reply.of({"issue": issue()}, 201), Reply.of({"issue": issue()})]


@pytest.mark.parametrize(
    ("target", "there", "state", "then"),
    [
        (_function, True, "done", ["GET /issues.json", "GET /issues/7.json"]),
        (_function, False, "done", ["GET /issues.json", "POST /issues.json", "GET /issues/7.json"]),
        (_block, True, "rolled back", ["GET /issues.json", "GET /issues/7.json", "DELETE /issues/7.json"]),
        (_block, False, "rolled back", ["GET /issues.json"]),
    ],
    ids=["function-there", "function-not-there", "block-there", "block-not-there"],
)
def test_what_was_under_way_is_looked_for(tmp_path: Path, server: Loopback, target: Any, there: bool, state: str, then: list[str]) -> None:
    server.answers(Reply(delay=30))
    context = multiprocessing.get_context("fork")
    process = context.Process(target=target, args=(str(tmp_path), server.url))
    process.start()
    until(lambda: bool(server.seen))
    process.kill()
    process.join()
    if there:
        server.answers(listed(issue()), Reply.of({"issue": issue()}), *([Reply(204)] if target is _block else []))
    else:  # long enough ago for that to prove something
        ledger = open_ledger(tmp_path / "ledger.db")
        with ledger._database.writing("ledger") as session:
            assert session.run("UPDATE ledger_calls SET sent_at = sent_at - 100 WHERE sought <> ''") == 1
        ledger.close()
        server.answers(listed(), *(made() if target is _function else []))
    time.sleep(0.6)
    process = context.Process(target=target, args=(str(tmp_path), server.url))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    assert _state(str(tmp_path)) == (state, [])
    assert [f"{seen.method} {seen.target.partition('?')[0]}" for seen in server.seen] == ["POST /issues.json", *then]
