"""Reconciliation of a step whose process died: looked up at the vendor, then continued, undone, executed, or reported as not executed."""

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
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.sagas import Saga, SagaFailed, Sagas, saga
from unified_platform.sagas.inspection import open_inspector
from unified_runtime import Client, api_key
from unified_runtime.core import errors
from unified_runtime.core.connection_registry import Connections

ENDED = {"done", "rolled back", "needs you", "broken"}


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


def _sagas(folder: str, url: str, exclusive: bool) -> Sagas:
    from unified_platform.sagas import takeover

    takeover.ALIVE = 0.5
    client = Client(settings=SETTINGS, connections=Connections())
    client.connect("redmine", api_key("k" * 20), url=url, exclusive=exclusive)
    return Sagas(Path(folder, "sagas.db"), idempotency=Path(folder, "ledger.db"), client=client)


def _function(folder: str, url: str, exclusive: bool) -> None:
    sagas = _sagas(folder, url, exclusive)

    @sagas.saga("one")
    def one(s: Saga) -> None:
        s.run(tasks.create, title="T", project_id="1", via="redmine")

    with sagas:
        try:
            one.start("s1").result()
        except SagaFailed:
            return


def _block(folder: str, url: str, exclusive: bool) -> None:
    """A process that finds the saga in progress waits until it is undone."""
    with _sagas(folder, url, exclusive):
        try:
            with saga("one", id="s1"):
                tasks.create(title="T", project_id="1", via="redmine")
        except errors.Conflict:
            until(lambda: _state(folder)[0] in ENDED)
        except SagaFailed:
            return


def _state(folder: str) -> tuple[str, list[str]]:
    with open_inspector(Path(folder, "sagas.db")) as look:
        seen = look.get("s1")
        return seen.state, list(seen.left)


def issue() -> dict[str, Any]:
    return {"id": 7, "subject": "T", "created_on": datetime.now(UTC).isoformat(timespec="seconds"), "project": {"id": 1}}


def listed(*issues: dict[str, Any]) -> Reply:
    return Reply.of({"issues": list(issues), "total_count": len(issues), "offset": 0, "limit": 100})


LOOK = "GET /issues.json"


@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("target", [_function, _block])
def test_interrupted_step_is_looked_up(tmp_path: Path, server: Loopback, target: Any, there: bool, exclusive: bool) -> None:
    """On an exclusive connection, the one new record is the step's. In any other case nothing is proven: it is left to a person."""
    server.answers(*([listed()] if exclusive else []), Reply(delay=30))
    context = multiprocessing.get_context("fork")
    process = context.Process(target=target, args=(str(tmp_path), server.url, exclusive))
    process.start()
    until(lambda: any(seen.method == "POST" for seen in server.seen))
    process.kill()
    process.join()
    store = open_idempotency_store(tmp_path / "ledger.db")  # long enough ago for the vendor to show all that it executed
    with store._database.writing("idempotency") as session:
        assert session.run("UPDATE idempotency_calls SET sent_at = sent_at - 100 WHERE mark <> ''") == 1
    store.close()
    proven = there and exclusive
    done = [Reply.of({"issue": issue()}), *([Reply(204)] if target is _block else [])]
    server.answers(listed(*([issue()] if there else [])), *(done if proven else []))
    time.sleep(0.6)
    process = context.Process(target=target, args=(str(tmp_path), server.url, exclusive))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    then = ["GET /issues/7.json", *(["DELETE /issues/7.json"] if target is _block else [])] if proven else []
    begun = [*([LOOK] if exclusive else []), "POST /issues.json"]
    assert [f"{seen.method} {seen.target.partition('?')[0]}" for seen in server.seen] == [*begun, LOOK, *then]
    state, left = _state(str(tmp_path))
    if proven:
        assert (state, left) == ("done" if target is _function else "rolled back", [])
    else:
        assert (state, len(left)) == ("needs you", 1)
