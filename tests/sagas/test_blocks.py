"""Sagas as blocks: every call is a step, exceptions roll back, and a block whose process dies is rolled back later."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sagas.world import World, connected
from tests.support.waiting import until
from unified import comments, tasks
from unified.aio import tasks as aio_tasks
from unified_platform.sagas import NOTHING, SagaFailed, Sagas, TimeOver, call, saga
from unified_platform.sagas.inspection import open_inspector
from unified_runtime import acting
from unified_runtime.client.saga_steps import Value
from unified_runtime.core import errors
from unified_runtime.core.observers import saga as observing_saga


@pytest.fixture
def sagas(tmp_path: Path, world: World) -> Iterator[Sagas]:
    made = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=connected(world.url))
    with made:
        yield made


def contents(world: World) -> list[str]:
    return sorted(task["content"] for task in world.tasks.values())


def test_calls_in_a_block_are_steps(sagas: Sagas, world: World, tmp_path: Path) -> None:
    with saga("onboard", id="b1") as s, acting(via="todoist"):
        assert observing_saga.get() == "b1"
        first = tasks.create(title="A")
        tasks.update(first.id, title="A2")
        s.run(comments.create, task_id=first.id, body="Hello", undo=NOTHING)
        assert s.step("now", lambda: 7) == 7
    assert observing_saga.get() is None
    assert contents(world) == ["A2"]
    assert world.comments == ["Hello"]
    assert s.report is not None
    assert (s.report.state, s.report.left, s.report.name) == ("done", (), "onboard")
    with open_inspector(tmp_path / "sagas.db") as look:
        assert [(seen.name, seen.state) for seen in look.list()] == [("onboard", "done")]
        assert [step.name for step in look.steps("b1")] == [
            "1 tasks.create on todoist",
            "2 tasks.update on todoist: before",
            "2 tasks.update on todoist",
            "3 comments.create on todoist",
        ]


def test_an_exception_undoes_the_steps(sagas: Sagas, world: World) -> None:
    world.tasks["99"] = {"id": "99", "content": "old", "labels": [], "checked": False}
    with pytest.raises(SagaFailed, match="ZeroDivisionError: oops") as caught, saga("onboard") as s, acting(via="todoist"):
        tasks.create(title="A")
        tasks.update("99", title="new")
        raise ZeroDivisionError("oops")
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert contents(world) == ["old"]
    assert s.report is not None
    assert s.report.state == "rolled back"
    assert s.report.undone == ("2 tasks.update on todoist", "1 tasks.create on todoist")


def test_an_error_of_a_call_is_the_blocks_own(sagas: Sagas, world: World) -> None:
    world.refused = {"B"}
    with saga("onboard"), acting(via="todoist"):
        tasks.create(title="A")
        with pytest.raises(errors.Rejected):
            tasks.create(title="B")
        tasks.create(title="instead")
    assert contents(world) == ["A", "instead"]
    with pytest.raises(SagaFailed) as caught, saga("onboard"), acting(via="todoist"):
        tasks.create(title="D")
        tasks.create(title="B")
    assert isinstance(caught.value.cause, errors.Rejected)
    assert contents(world) == ["A", "instead"]


def test_ctrl_c_undoes_the_steps_and_propagates(sagas: Sagas, world: World) -> None:
    with pytest.raises(KeyboardInterrupt), saga("onboard") as s, acting(via="todoist"):
        tasks.create(title="A")
        raise KeyboardInterrupt
    assert world.tasks == {}
    assert s.report is not None
    assert s.report.state == "rolled back"


def test_irreversible_steps_need_an_explicit_undo(sagas: Sagas, world: World) -> None:
    with pytest.raises(SagaFailed, match=r"tasks\.delete cannot be taken back"), saga("onboard"), acting(via="todoist"):
        tasks.delete("1")
    assert world.log == []
    with pytest.raises(SagaFailed), saga("onboard") as s, acting(via="todoist"):
        s.run(tasks.create, title="A", undo=lambda made: (tasks.update, {"id": made.id, "title": "void"}))
        raise ValueError
    assert contents(world) == ["void"]
    with pytest.raises(SagaFailed, match="not made yet"), saga("onboard") as s, acting(via="todoist"):
        s.run(tasks.create, title="B", undo=lambda made: (tasks.update, {"id": made.id, "title": f"void {made.title}"}))
    assert contents(world) == ["void"]


def test_a_value_that_is_not_there_can_be_handed_on_and_not_read() -> None:
    made = Value(1)
    for read in (str, bool, list, len, lambda value: f"{value}", lambda value: "x" in value):
        with pytest.raises(errors.InvalidInput, match="not made yet"):
            read(made.title)
    with pytest.raises(AttributeError):
        _ = made._secret


def test_steps_together_in_a_block(sagas: Sagas, world: World) -> None:
    with saga("onboard") as s, acting(via="todoist"):
        first, second = s.together(call(tasks.create, title="A"), call(tasks.create, title="B"))
    assert (first.title, second.title) == ("A", "B")
    assert contents(world) == ["A", "B"]


def test_an_id_names_one_block(sagas: Sagas, world: World) -> None:
    with saga("onboard", id="b1"), acting(via="todoist"):
        tasks.create(title="A")
    with pytest.raises(errors.Conflict, match="was begun before"), saga("onboard", id="b1"):
        pass
    assert contents(world) == ["A"]


def test_a_block_whose_time_is_over_is_rolled_back(sagas: Sagas, world: World) -> None:
    with pytest.raises(SagaFailed) as caught, saga("onboard", timeout=1) as s, acting(via="todoist"):
        tasks.create(title="A")
        until(lambda: not world.tasks)  # it is undone while the block does something else
        with pytest.raises(errors.UnifiedError, match="has ended"):
            tasks.create(title="B")
    assert isinstance(caught.value.cause, TimeOver)
    assert world.tasks == {}
    assert s.report is not None
    assert s.report.state == "rolled back"


def test_an_async_block(sagas: Sagas, world: World) -> None:
    async def good() -> None:
        async with saga("onboard") as s:
            with acting(via="todoist"):
                first = await aio_tasks.create(title="A")
                await s.arun(tasks.update, first.id, title="A2")
                await s.atogether(call(tasks.create, title="B"), call(tasks.create, title="C"))

    async def bad() -> None:
        async with saga("onboard"):
            with acting(via="todoist"):
                await aio_tasks.create(title="D")
                raise ValueError("oops")

    async def canceled() -> None:
        async with saga("onboard"):
            with acting(via="todoist"):
                await aio_tasks.create(title="E")
                await asyncio.sleep(60)

    async def main() -> None:
        await good()
        with pytest.raises(SagaFailed, match="oops"):
            await bad()
        task = asyncio.create_task(canceled())
        await asyncio.to_thread(until, lambda: "E" in contents(world))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert contents(world) == ["A2", "B", "C"]


# ------------------------------------------------------------------------------------------------------ killed
def _die(folder: str, url: str, last: str) -> None:
    sagas = Sagas(Path(folder, "sagas.db"), idempotency=Path(folder, "ledger.db"), client=connected(url))
    with sagas, saga("five", id="b1") as s, acting(via="todoist"):
        first = tasks.create(title="A")
        tasks.update("99", title="new")
        s.together(call(tasks.create, title="B"), call(tasks.create, title="C"))
        s.run(comments.create, task_id=first.id, body="Hello", undo=NOTHING)
        if last == "delete":
            s.run(tasks.delete, "98", irreversible=True)
        time.sleep(60)


def _settle(folder: str, url: str, results: Any) -> None:
    with Sagas(Path(folder, "sagas.db"), idempotency=Path(folder, "ledger.db"), client=connected(url)) as sagas:
        with open_inspector(Path(folder, "sagas.db")) as look:
            until(lambda: look.get("b1").state not in {"running", "waiting"})
            seen = look.get("b1")
        assert sagas.client is not None
        results.put((seen.state, seen.left))
        results.close()
        results.join_thread()


@pytest.mark.parametrize(
    ("dies_after", "last"), [(0, ""), (1, ""), (2, ""), (3, ""), (4, ""), (5, ""), (6, ""), (6, "delete"), (7, "delete")]
)
def test_a_process_that_dies_in_a_block_leaves_it_to_be_rolled_back(
    tmp_path: Path, world: World, dies_after: int, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unified_platform.sagas.takeover.ALIVE", 0.5)
    for id in ("98", "99"):
        world.tasks[id] = {"id": id, "content": "old", "labels": [], "checked": False}
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_die, args=(str(tmp_path), world.url, last))
    process.start()
    while process.is_alive() and len(world.log) < dies_after:
        time.sleep(0.001)
    if dies_after == 0:
        until(lambda: _begun(tmp_path))
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    results = context.Queue()
    process = context.Process(target=_settle, args=(str(tmp_path), world.url, results))
    process.start()
    state, left = results.get(timeout=60)
    process.join()
    doubtful = {"A" if one.startswith("1 ") else "B" if one.startswith("3 ") else "C" for one in left if "tasks.create" in one}
    if state == "done":
        assert last == "delete"
        assert contents(world) == ["A", "B", "C", "new"]
        return
    remaining = contents(world)
    assert "new" not in remaining
    assert set(remaining) - doubtful == {"old"}, (state, left, world.log)
    assert remaining.count("old") == 2, "what cannot be taken back was not done"
    assert state == ("needs you" if left else "rolled back")


def _begun(folder: Path) -> bool:
    with open_inspector(folder / "sagas.db") as look:
        try:
            return any(seen.id == "b1" for seen in look.list())
        except Exception:
            return False
