"""Sagas whose code changed between a crash and the recovery: every step is undone or reported, for any change of the code."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.sagas.world import World, connected
from tests.support.servers import postgres
from tests.support.waiting import until
from unified import comments, tasks
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.sagas import NOTHING, Saga, SagaFailed, Sagas
from unified_platform.sagas.inspection import SagaStatus, open_inspector
from unified_platform.usage.store import open_usage_store
from unified_runtime.core import errors

ENDED = {"done", "rolled back", "needs you"}
VIA = {"via": "todoist"}


class Killing(World):
    """Kill the process that sends a task of this title, before or after the task is created."""

    def __init__(self, title: str, when: str) -> None:
        self.title, self.when, self.pid = title, when, 0
        super().__init__()

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        due = self.pid and method == "POST" and (body or {}).get("content") == self.title
        if due and self.when == "before":
            self._kill()
            return 503, None
        found = super().answer(method, path, body)
        if due and self.when == "after":
            self._kill()
        return found

    def _kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.pid = 0


@contextmanager
def killing(title: str, when: str) -> Iterator[Killing]:
    world = Killing(title, when)
    world.tasks["99"] = {"id": "99", "content": "old", "labels": [], "checked": False}
    try:
        yield world
    finally:
        world.close()


def create(s: Saga, title: str, **more: Any) -> Any:
    return s.run(tasks.create, title=title, **VIA, **more)


def original(s: Saga, flag: bool = True) -> str:
    create(s, "A")
    s.run(tasks.update, "99", title="new", **VIA)
    if s.step("branch", lambda: flag):
        create(s, "B")
    create(s, "C", undo=lambda made: (tasks.delete, {"id": made.id}))
    return "done"


def other_argument(s: Saga) -> None:
    create(s, "A")
    s.run(tasks.update, "99", title="new", **VIA)
    s.step("branch", lambda: True)
    create(s, "B, reworded")
    create(s, "C")


def changing_argument(s: Saga) -> None:
    create(s, "A", description=f"at {time.time()}")
    create(s, "B")


def inserted_first(s: Saga) -> None:
    create(s, "inserted")
    original(s)


def inserted_between(s: Saga) -> None:
    create(s, "A")
    create(s, "inserted")
    s.run(tasks.update, "99", title="new", **VIA)
    create(s, "B")


def removed_first(s: Saga) -> None:
    s.run(tasks.update, "99", title="new", **VIA)
    s.step("branch", lambda: True)
    create(s, "B")


def removed_under_way(s: Saga) -> None:
    create(s, "A")
    s.run(tasks.update, "99", title="new", **VIA)
    s.step("branch", lambda: True)
    create(s, "C")


def reordered(s: Saga) -> None:
    create(s, "B")
    s.run(tasks.update, "99", title="new", **VIA)
    create(s, "A")


def replaced(s: Saga) -> None:
    create(s, "A")
    s.run(tasks.update, "99", title="new", **VIA)
    s.step("branch", lambda: True)
    s.run(comments.create, task_id="99", body="instead", **VIA, undo=NOTHING)


def other_branch(s: Saga) -> None:
    create(s, "A")
    s.run(tasks.update, "99", title="new", **VIA)
    create(s, "other branch")


def other_signature(s: Saga, required: str) -> None:
    create(s, required)


def raises_first(s: Saga) -> None:
    raise RuntimeError("not any more")


def ends_early(s: Saga) -> str:
    create(s, "A")
    return "early"


def ends_at_once(s: Saga) -> str:
    return "nothing to do"


def together_now(s: Saga) -> None:
    from unified_platform.sagas import call

    s.together(call(tasks.create, title="A", **VIA), call(tasks.create, title="B", **VIA))


def other_undo(s: Saga) -> None:
    create(s, "A", undo=NOTHING)
    s.run(tasks.update, "99", title="new", undo=NOTHING, **VIA)
    s.step("branch", lambda: True)
    create(s, "B", undo=NOTHING)


def other_note(s: Saga) -> None:
    create(s, "A")
    s.run(tasks.update, "99", title="new", **VIA)
    s.step("renamed", lambda: True)
    create(s, "B")


def irreversible_now(s: Saga) -> None:
    create(s, "A", irreversible=True)


def catches_everything(s: Saga) -> str:
    for title in ("X", "Y"):
        try:
            create(s, title)
        except Exception:
            continue
    return "done"


CHANGES: list[Callable[..., Any]] = [
    other_argument,
    changing_argument,
    inserted_first,
    inserted_between,
    removed_first,
    removed_under_way,
    reordered,
    replaced,
    other_branch,
    other_signature,
    raises_first,
    ends_early,
    ends_at_once,
    together_now,
    other_undo,
    other_note,
    irreversible_now,
    catches_everything,
]


def defined(folder: Path, store: str, url: str, function: Callable[..., Any], name: str = "one", **options: Any) -> tuple[Sagas, Any]:
    from unified_platform.sagas import takeover

    takeover.ALIVE = 0.5
    file = store or str(folder / "sagas.db")
    sagas = Sagas(file, idempotency=store or str(folder / "ledger.db"), client=connected(url), **options)
    return sagas, sagas.saga(name)(function)


def _start(folder: Path, store: str, url: str, function: Callable[..., Any], id: str, ready: Any, go: Any) -> None:
    sagas, saga = defined(folder, store, url, function)
    with sagas:
        ready.set()
        go.wait(30)
        saga.start(id).result()


def killed(folder: Path, store: str, world: Killing, function: Callable[..., Any], id: str) -> None:
    """Run a saga in a process of its own until it is killed."""
    context = multiprocessing.get_context("fork")
    ready, go = context.Event(), context.Event()
    process = context.Process(target=_start, args=(folder, store, world.url, function, id, ready, go))
    process.start()
    assert ready.wait(30)
    world.pid = process.pid or 0
    go.set()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def recovered(
    folder: Path, store: str, world: World, function: Callable[..., Any], id: str, name: str = "one", **options: Any
) -> SagaStatus:
    """Let the saga end in this process, which has other code."""
    sagas, _ = defined(folder, store, world.url, function, name, **options)
    with sagas, open_inspector(store or folder / "sagas.db") as look:
        until(lambda: look.get(id).state in ENDED)
        return look.get(id)


def judge(world: World, seen: SagaStatus, made: str = "AB") -> None:
    """Every remaining record is reported, none is duplicated, and nothing of the new code was executed."""
    contents = [task["content"] for task in world.tasks.values()]
    assert all(contents.count(title) <= 1 for title in contents)
    reported = {"A" if left.startswith("1 ") else "99" if left.startswith("2 ") else "B" for left in seen.left}
    assert set(contents) - {"old"} <= reported, (seen, contents)
    assert seen.state == ("needs you" if seen.left else "rolled back"), seen
    assert all("by hand" in left for left in seen.left), seen
    assert not world.comments


@pytest.mark.parametrize(
    ("change", "when"),
    [*((change, "after") for change in CHANGES), *((change, "before") for change in CHANGES[::5])],
    ids=lambda part: part if isinstance(part, str) else part.__name__,
)
def test_steps_of_changed_code_are_undone_or_reported(tmp_path: Path, change: Callable[..., Any], when: str) -> None:
    with killing("B", when) as world:
        killed(tmp_path, "", world, original, "s1")
        seen = recovered(tmp_path, "", world, change, "s1")
        judge(world, seen)
        assert "code of the saga is not the code that it was started with" in seen.reason
        # B was sent, and Todoist offers no proof of whether it was executed.
        assert [left.partition(":")[0] for left in seen.left] == ["4 tasks.create on todoist"]
        assert "title=B" in seen.left[0]


def test_the_same_code_goes_on(tmp_path: Path) -> None:
    with killing("C", "after") as world:
        killed(tmp_path, "", world, more_at_the_end, "s1")
        seen = recovered(tmp_path, "", world, original, "s1")
        assert seen.state == "needs you"  # C was sent, and is not proven


def more_at_the_end(s: Saga) -> str:
    original(s)
    create(s, "D")
    return "more"


@pytest.mark.parametrize("change", [inserted_first, raises_first, other_argument], ids=lambda change: change.__name__)
def test_killed_again_while_it_is_rolled_back(tmp_path: Path, change: Callable[..., Any]) -> None:
    """The second process, with other code, dies during the undo; the third has the first code again. Steps rolled back stay so."""
    with killing("B", "after") as world:
        killed(tmp_path, "", world, original, "s1")
        context = multiprocessing.get_context("fork")
        world.slow = {"old": 0.3}
        process = context.Process(target=recovered, args=(tmp_path, "", world, change, "s1"))
        process.start()
        until(lambda: world.log.count("POST /tasks/99") == 2)
        process.kill()
        process.join()
        seen = recovered(tmp_path, "", world, original, "s1")
        judge(world, seen)
        assert world.log.count("POST /tasks") == 2


def test_two_processes_recover_at_once(tmp_path: Path) -> None:
    with killing("B", "after") as world:
        killed(tmp_path, "", world, original, "s1")
        context = multiprocessing.get_context("fork")
        processes = [context.Process(target=recovered, args=(tmp_path, "", world, change, "s1")) for change in (replaced, inserted_first)]
        for process in processes:
            process.start()
        for process in processes:
            process.join(60)
            assert process.exitcode == 0
        with open_inspector(tmp_path / "sagas.db") as look:
            judge(world, look.get("s1"))
        assert (world.log.count("DELETE /tasks/1"), world.log.count("POST /tasks")) == (1, 2)


def test_a_saga_that_no_process_defines_is_rolled_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_platform.sagas.takeover.ORPHANED", 0.5)
    with killing("B", "after") as world:
        killed(tmp_path, "", world, original, "s1")
        seen = recovered(tmp_path, "", world, original, "s1", name="renamed")
        judge(world, seen)
        assert seen.name == "one"


def test_a_process_without_saga_functions_leaves_them_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_platform.sagas.takeover.ORPHANED", 0.2)
    with killing("B", "after") as world:
        killed(tmp_path, "", world, original, "s1")
        with Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=connected(world.url)):
            time.sleep(1.5)
        with open_inspector(tmp_path / "sagas.db") as look:
            assert look.get("s1").state == "running"
        judge(world, recovered(tmp_path, "", world, inserted_first, "s1"))


def test_a_run_finishes_on_its_own_version_if_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DBOS's application version keeps other code from the saga; if no process of that version exists, the journal decides."""
    with killing("B", "after") as world:
        killed(tmp_path, "", world, original, "s1")
        monkeypatch.setattr("unified_platform.sagas.takeover.ORPHANED", 3600.0)
        sagas, _ = defined(tmp_path, "", world.url, inserted_first, version="2")
        with sagas, open_inspector(tmp_path / "sagas.db") as look:
            time.sleep(1.5)
            assert (look.get("s1").state, look.get("s1").version) == ("running", "")
        monkeypatch.setattr("unified_platform.sagas.takeover.ORPHANED", 0.5)
        seen = recovered(tmp_path, "", world, inserted_first, "s1", version="2")
        judge(world, seen)
        assert seen.version == "2"
    with pytest.raises(errors.InvalidInput, match="version is up to 100"):
        Sagas(tmp_path / "x.db", version="\n")


@pytest.mark.parametrize("change", [other_argument, inserted_first, ends_early], ids=lambda change: change.__name__)
def test_on_postgres_with_one_database_for_both(tmp_path: Path, change: Callable[..., Any]) -> None:
    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.running("sagas") as server, killing("B", "after") as world:
        store = server.url("sagas")
        killed(tmp_path, store, world, original, "s1")
        judge(world, recovered(tmp_path, store, world, change, "s1"))


def test_one_file_for_sagas_and_idempotency(tmp_path: Path) -> None:
    with killing("B", "after") as world:
        file = str(tmp_path / "new" / "x.db")
        killed(tmp_path, file, world, original, "s1")
        assert (tmp_path / "new" / "x.db").stat().st_mode & 0o777 == 0o600
        judge(world, recovered(tmp_path, file, world, other_argument, "s1"))
        open_usage_store(file).close()
        open_idempotency_store(file).close()


# ---------------------------------------------------------------------------------------------- resolved by a person
@pytest.mark.parametrize(("found", "there"), [("2", False), (None, True)], ids=["executed", "not-executed"])
def test_a_person_settles_a_step_and_the_saga_ends(tmp_path: Path, found: str | None, there: bool) -> None:
    """`unified writes resolve` records what a person found; `unified sagas retry` lets the saga use it."""
    with killing("B", "after") as world:
        killed(tmp_path, "", world, original, "s1")
        seen = recovered(tmp_path, "", world, inserted_first, "s1")
        judge(world, seen)
        assert "(key saga/s1/4)" in seen.left[0]
        with open_inspector(tmp_path / "sagas.db") as look:
            look.retry("s1")
        seen = recovered(tmp_path, "", world, inserted_first, "s1")  # no person has checked: it is looked up once more, and left
        assert seen.state == "needs you"
        store = open_idempotency_store(tmp_path / "ledger.db")
        store.resolve("saga/s1/4", made=found)
        store.close()
        with open_inspector(tmp_path / "sagas.db") as look:
            look.retry("s1")
        seen = recovered(tmp_path, "", world, removed_first, "s1")
        assert (seen.state, seen.left) == ("rolled back", ())
        assert ("2" in world.tasks) == there
        assert world.log.count("POST /tasks") == 2


# ------------------------------------------------------------------------------------------------------ forms of undo
def reads_its_result(s: Saga) -> None:
    for title in "AB":
        create(s, title, undo=lambda made: (tasks.update, {"id": made.id, "title": f"void {made.title}"}))
    create(s, "C")


@pytest.mark.parametrize("change", [raises_first, original], ids=lambda change: change.__name__)
def test_an_undo_that_only_code_can_compute_is_saved_with_its_result(tmp_path: Path, change: Callable[..., Any]) -> None:
    with killing("C", "before") as world:
        killed(tmp_path, "", world, reads_its_result, "s1")
        seen = recovered(tmp_path, "", world, change, "s1")
        assert [left.partition(":")[0] for left in seen.left] == ["3 tasks.create on todoist"]
        assert sorted(task["content"] for task in world.tasks.values()) == ["old", "void A", "void B"]


def test_a_result_that_does_not_exist_yet_cannot_decide_anything() -> None:
    from unified_runtime.client.saga_steps import Value

    made = Value(0)
    for decide in (lambda: made.title == "x", lambda: made.title != "x", lambda: made.number < 3, lambda: {made.id: 1}):
        with pytest.raises(errors.InvalidInput, match="not made yet"):
            decide()


# ------------------------------------------------------------------------------------------------------------------- other changes
def disconnected(folder: Path, world: World, id: str) -> SagaStatus:
    """Recover with the same code, although the vendor is not connected any more."""
    from unified_platform.sagas import takeover
    from unified_runtime import Client
    from unified_runtime.core.connection_registry import Connections

    takeover.ALIVE = 0.5
    client = Client(connections=Connections())
    sagas = Sagas(folder / "sagas.db", idempotency=folder / "ledger.db", client=client)
    sagas.saga("one")(original)
    with sagas, open_inspector(folder / "sagas.db") as look:
        until(lambda: look.get(id).state in ENDED)
        return look.get(id)


def test_without_the_connection_everything_is_reported_and_undone_once_it_is_back(tmp_path: Path) -> None:
    with killing("B", "after") as world:
        killed(tmp_path, "", world, original, "s1")
        seen = disconnected(tmp_path, world, "s1")
        assert seen.state == "needs you"
        assert {left[:1] for left in seen.left} == {"1", "2", "4"}
        with open_inspector(tmp_path / "sagas.db") as look:
            look.retry("s1")
        seen = recovered(tmp_path, "", world, raises_first, "s1")
        judge(world, seen)
        assert [left[:1] for left in seen.left] == ["4"]


def last_is_irreversible(s: Saga) -> str:
    create(s, "A")
    s.run(tasks.create, title="B", irreversible=True, **VIA)
    return "done"


def test_an_irreversible_step_that_may_have_been_executed_is_reported(tmp_path: Path) -> None:
    with killing("B", "after") as world:
        killed(tmp_path, "", world, last_is_irreversible, "s1")
        seen = recovered(tmp_path, "", world, ends_at_once, "s1")
        assert (seen.state, [left[:1] for left in seen.left]) == ("needs you", ["2"])
        assert world.log.count("POST /tasks") == 2


def in_a_group(s: Saga) -> None:
    from unified_platform.sagas import call

    create(s, "A")
    s.together(call(tasks.create, title="B", **VIA), call(tasks.create, title="C", **VIA))


@pytest.mark.parametrize("change", [raises_first, together_now], ids=lambda change: change.__name__)
def test_a_group_is_settled_as_a_whole(tmp_path: Path, change: Callable[..., Any]) -> None:
    with killing("B", "after") as world:
        killed(tmp_path, "", world, in_a_group, "s1")
        seen = recovered(tmp_path, "", world, change, "s1")
        remaining = {task["content"] for task in world.tasks.values()} - {"old"}
        reported = {{"1": "A", "2": "B", "3": "C"}[left[:1]] for left in seen.left}
        assert remaining <= reported
        assert "A" not in remaining
        assert seen.state == "needs you"


def test_records_that_do_not_fit_are_reported_and_not_raised(tmp_path: Path) -> None:
    import sqlite3

    with killing("B", "after") as world:
        killed(tmp_path, "", world, original, "s1")
        with sqlite3.connect(tmp_path / "sagas.db") as database:
            database.execute("UPDATE operation_outputs SET function_name = 'something else' WHERE function_name LIKE '1 tasks.create%'")
        sagas, saga = defined(tmp_path, "", world.url, original)
        with sagas, pytest.raises(SagaFailed) as caught:
            saga.start("s1").result()
        assert [left.step[:1] for left in caught.value.left] == ["1", "2", "4"]
        assert "title=A" in caught.value.left[0].todo


def test_a_process_that_dies_while_it_takes_over_another_version_leaves_it_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changing the version of a run takes two steps, between which DBOS reports it as canceled."""
    import dbos

    monkeypatch.setattr("unified_platform.sagas.takeover.ORPHANED", 0.5)
    with killing("B", "after") as world:
        killed(tmp_path, "", world, original, "s1")
        client = dbos.DBOSClient(system_database_url=f"sqlite:///{tmp_path}/sagas.db", serializer=dbos.DBOSPortableJSONSerializer())
        client.update_workflow_attributes("s1", {"unified.adopted": True}, merge=True)
        client.cancel_workflow("s1")
        client.destroy()
        with open_inspector(tmp_path / "sagas.db") as look:
            seen = look.get("s1")
        assert (seen.state, [left[:1] for left in seen.left]) == ("canceled", ["1", "2", "4"])
        judge(world, recovered(tmp_path, "", world, inserted_first, "s1", version="2"))
