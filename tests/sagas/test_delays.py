"""Delays that a vendor requests: respected in full, across restarts, within the saga's timeout, and without more attempts."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from tests.sagas.test_changed_code import defined
from tests.sagas.world import SETTINGS, World, connected
from tests.support.waiting import until
from unified import tasks
from unified_platform.sagas import Saga, SagaFailed, Sagas, TimeOver
from unified_platform.sagas.inspection import open_inspector
from unified_platform.sagas.step_execution import ATTEMPTS, LONGEST_REQUESTED
from unified_runtime import Client
from unified_runtime.rate_limits.rate_limiter import Unlimited

VIA = {"via": "todoist"}


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the delays of sagas, without waiting."""
    made: list[float] = []
    monkeypatch.setattr("unified_platform.sagas.durable_steps.DurableSteps.sleep", lambda self, seconds: made.append(seconds))
    return made


def one(s: Saga) -> str | None:
    return s.run(tasks.create, title="A", **VIA).title


def ran(tmp_path: Path, world: World) -> str | None:
    """Run the saga without rate limits of this process, which would hold the next attempt back as no time passes."""
    client = Client(settings=SETTINGS, connections=connected(world.url).connections, rate_limiter=Unlimited())
    sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=client)
    saga = sagas.saga("one")(one)
    with sagas:
        return saga.start("s1").result()


@pytest.mark.parametrize(("header", "least", "most"), [("90", 90, 95), ("1200", 1200, 1205), ("1000000000", 3600, LONGEST_REQUESTED)])
def test_a_pause_of_the_vendors_is_honored(
    tmp_path: Path, world: World, pauses: list[float], header: str, least: float, most: float
) -> None:
    """In full, but at most 24 hours."""
    world.retry_after, world.busy = header, {"POST /tasks": 1}
    assert ran(tmp_path, world) == "A"
    assert len(pauses) == 1
    assert least <= pauses[0] <= most


def test_a_long_pause_gives_no_more_attempts(tmp_path: Path, world: World, pauses: list[float]) -> None:
    world.retry_after, world.busy = "90", {"POST /tasks": 1000}
    with pytest.raises(SagaFailed):
        ran(tmp_path, world)
    assert len(pauses) == ATTEMPTS - 1
    assert world.log.count("POST /tasks") == ATTEMPTS


def test_the_timeout_of_a_saga_bounds_a_pause(tmp_path: Path, world: World) -> None:
    world.retry_after, world.busy = "3600", {"POST /tasks": 1}
    sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=connected(world.url))
    saga = sagas.saga("one", timeout=1.5)(one)
    with sagas, pytest.raises(SagaFailed) as caught:
        saga.start("s1").result()
    assert isinstance(caught.value.cause, TimeOver)
    assert (caught.value.left, world.tasks) == ((), {})


def _start(folder: Path, url: str) -> None:
    sagas, saga = defined(folder, "", url, one)
    with sagas:
        saga.start("s1").result()


def test_a_pause_goes_on_where_it_was_after_a_crash(tmp_path: Path, world: World) -> None:
    world.retry_after, world.busy = "7", {"POST /tasks": 1}  # more than a call waits by itself
    process = multiprocessing.get_context("fork").Process(target=_start, args=(tmp_path, world.url))
    process.start()
    until(lambda: world.log.count("POST /tasks") == 1)
    begun = time.monotonic()
    time.sleep(0.7)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    sagas, _ = defined(tmp_path, "", world.url, one)
    with sagas, open_inspector(tmp_path / "sagas.db") as look:
        until(lambda: look.get("s1").state == "done")
    assert world.times[-1] - begun > 6
    assert [task["content"] for task in world.tasks.values()] == ["A"]


def test_closing_does_not_wait_for_a_pause(tmp_path: Path, world: World) -> None:
    world.retry_after, world.busy = "3600", {"POST /tasks": 1}
    process = multiprocessing.get_context("fork").Process(target=_close, args=(tmp_path, world.url))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    with open_inspector(tmp_path / "sagas.db") as look:
        assert look.get("s1").state == "running"


def _close(folder: Path, url: str) -> None:
    sagas, saga = defined(folder, "", url, one)
    with sagas, open_inspector(folder / "sagas.db") as look:
        saga.start("s1")
        until(lambda: any(step.state == "failed" for step in look.steps("s1")))
        time.sleep(0.3)
