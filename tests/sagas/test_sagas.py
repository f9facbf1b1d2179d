"""Sagas: all or nothing, derived compensation, and steps left to a person; with processes killed at any point."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.sagas.world import World, connected
from tests.support.waiting import until
from unified import comments, tasks
from unified_platform.cli import main
from unified_platform.sagas import NOTHING, Saga, SagaFailed, Sagas, TimeOver, call
from unified_runtime import PolicyEnforcer, acting
from unified_runtime.core import errors
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow

Body = Callable[[Saga], Any]


def run(tmp_path: Path, world: World, body: Body) -> Any:
    sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=connected(world.url))

    @sagas.saga("one")
    def one(s: Saga) -> Any:
        return body(s)

    with sagas:
        return one.start("s1").result()


def test_a_saga_makes_its_steps(tmp_path: Path, world: World) -> None:
    def body(s: Saga) -> list[str | None]:
        first = s.run(tasks.create, title="A", via="todoist")
        second = s.run(tasks.create, title="B", via="todoist")
        s.run(tasks.update, first.id, title="A2", via="todoist")
        s.run(comments.create, task_id=second.id, body="Hello", via="todoist", undo=NOTHING)
        return [first.title, second.id]

    assert run(tmp_path, world, body) == ["A", "2"]
    assert [task["content"] for task in world.tasks.values()] == ["A2", "B"]
    assert world.comments == ["Hello"]


def test_steps_are_undone_last_first(tmp_path: Path, world: World) -> None:
    world.tasks["99"] = {"id": "99", "content": "old", "labels": ["x"], "checked": False}
    world.refused = {"C"}

    def body(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist")
        s.run(tasks.update, "99", title="new", labels=["y"], via="todoist")
        s.run(tasks.create, title="B", via="todoist")
        s.run(tasks.create, title="C", via="todoist")

    with pytest.raises(SagaFailed, match="was rolled back") as caught:
        run(tmp_path, world, body)
    failed = caught.value
    assert isinstance(failed.cause, errors.Rejected)
    assert failed.undone == ("3 tasks.create on todoist", "2 tasks.update on todoist", "1 tasks.create on todoist")
    assert failed.left == ()
    assert [(task["content"], task["labels"]) for task in world.tasks.values()] == [("old", ["x"])]


def test_failed_undo_is_left_to_a_person_and_stops_nothing(tmp_path: Path, world: World) -> None:
    world.refused = {"C", "DELETE /tasks/2"}

    def body(s: Saga) -> None:
        for title in "ABC":
            s.run(tasks.create, title=title, via="todoist")

    with pytest.raises(SagaFailed, match=r"Needs manual action: 2 tasks\.create on todoist") as caught:
        run(tmp_path, world, body)
    assert [left.step for left in caught.value.left] == ["2 tasks.create on todoist"]
    assert [*world.tasks] == ["2"]


def test_an_error_of_the_function_itself_undoes_too(tmp_path: Path, world: World) -> None:
    def body(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist")
        raise ZeroDivisionError("oops")

    with pytest.raises(SagaFailed, match="ZeroDivisionError: oops"):
        run(tmp_path, world, body)
    assert world.tasks == {}


def test_an_error_that_is_caught_ends_nothing(tmp_path: Path, world: World) -> None:
    world.refused = {"B"}

    def body(s: Saga) -> str:
        s.run(tasks.create, title="A", via="todoist")
        try:
            s.run(tasks.create, title="B", via="todoist")
        except errors.Rejected:
            s.run(tasks.create, title="instead", via="todoist")
        return "done"

    assert run(tmp_path, world, body) == "done"
    assert [task["content"] for task in world.tasks.values()] == ["A", "instead"]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (lambda s: s.run(tasks.delete, "1", via="todoist"), "tasks.delete cannot be taken back"),
    ],
)
def test_irreversible_step_is_rejected_before_it_is_sent(tmp_path: Path, world: World, step: Body, message: str) -> None:
    with pytest.raises(SagaFailed, match=message) as caught:
        run(tmp_path, world, step)
    assert isinstance(caught.value.cause, errors.InvalidInput)
    assert world.log == []


class MemoryAuditLog:
    """Audit log whose database is unavailable for a short time."""

    def __init__(self, away: int) -> None:
        self.away = away

    def append(self, entry: Any) -> None:
        self.away -= 1
        if self.away >= 0:
            raise errors.UnifiedError("the audit trail could not be written")


def test_an_unavailable_audit_log_denies_only_temporarily(tmp_path: Path, world: World) -> None:
    """Found by `make kill-sagas`: the step counted as denied and not executed, although a vendor with idempotency keys had executed it."""
    client = connected(world.url)
    client._own_policy = PolicyEnforcer(Allows(), audit=MemoryAuditLog(1))
    sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=client)

    @sagas.saga("one")
    def one(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist")

    with sagas:
        one.start("s1").result()
    assert [task["content"] for task in world.tasks.values()] == ["A"]


class Allows:
    def decide(self, questions: Sequence[PolicyRequest]) -> Sequence[Decision]:
        return [allow() for _ in questions]


def test_an_irreversible_step_is_the_last(tmp_path: Path, world: World) -> None:
    world.tasks["99"] = {"id": "99", "content": "old"}

    def body(s: Saga) -> None:
        s.run(tasks.delete, "99", via="todoist", irreversible=True)
        s.run(tasks.create, title="A", via="todoist")

    with pytest.raises(SagaFailed, match="no step can follow it"):
        run(tmp_path, world, body)
    assert world.log == ["DELETE /tasks/99"]


def test_undo_of_a_step_can_be_declared(tmp_path: Path, world: World) -> None:
    world.refused = {"B"}

    def body(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist", undo=lambda made: (tasks.update, {"id": made.id, "title": "void", "via": "todoist"}))
        s.run(tasks.create, title="B", via="todoist")

    with pytest.raises(SagaFailed):
        run(tmp_path, world, body)
    assert [task["content"] for task in world.tasks.values()] == ["void"]


def test_an_id_names_one_run(tmp_path: Path, world: World) -> None:
    sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=connected(world.url))

    @sagas.saga("one")
    def one(s: Saga, title: str) -> str | None:
        return s.run(tasks.create, title=title, via="todoist").id

    with sagas, acting(user=None):
        assert one.start("s1", "A").result() == one.start("s1", "A").result()
        with pytest.raises(errors.Conflict, match="with other inputs"):
            one.start("s1", "B")
        with pytest.raises(errors.InvalidInput, match="values of JSON"):
            one.start("s2", object())  # type: ignore[arg-type]
        assert one("B") != one("B")
    assert len(world.tasks) == 3


def test_a_plain_call_in_the_function_is_a_step(tmp_path: Path, world: World) -> None:
    def body(s: Saga) -> None:
        with acting(via="todoist"):
            tasks.create(title="A")
            raise ValueError

    with pytest.raises(SagaFailed) as caught:
        run(tmp_path, world, body)
    assert caught.value.undone == ("1 tasks.create on todoist",)
    assert world.tasks == {}


def test_compensation_is_repeated_until_it_succeeds(tmp_path: Path, world: World) -> None:
    world.refused = {"B"}
    world.busy = {"DELETE /tasks/1": 6}  # more than one call's own retries

    def body(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist")
        s.run(tasks.create, title="B", via="todoist")

    with pytest.raises(SagaFailed) as caught:
        run(tmp_path, world, body)
    assert caught.value.left == ()
    assert world.tasks == {}
    assert world.log.count("DELETE /tasks/1") == 7


def test_steps_left_to_a_person_have_instructions(tmp_path: Path, world: World) -> None:
    world.refused = {"B", "DELETE /tasks/1"}

    def body(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist")
        s.run(tasks.create, title="B", via="todoist")

    with pytest.raises(SagaFailed) as caught:
        run(tmp_path, world, body)
    assert [left.todo for left in caught.value.left] == ["tasks.delete id=1 via=todoist"]


# ------------------------------------------------------------------------------------------------------ at the same time
def test_steps_at_the_same_time(tmp_path: Path, world: World) -> None:
    world.slow = dict.fromkeys("ABC", 0.5)

    def body(s: Saga) -> list[str | None]:
        made = s.together(*(call(tasks.create, title=title, via="todoist") for title in "ABC"))
        return [task.title for task in made]

    begun = time.monotonic()
    assert run(tmp_path, world, body) == ["A", "B", "C"]
    assert len(world.tasks) == 3
    first = min(world.times)
    assert max(world.times) - first < 0.45, f"they were made one after another ({time.monotonic() - begun})"


def test_a_failed_step_undoes_the_others_in_reverse_order(tmp_path: Path, world: World) -> None:
    world.refused = {"C"}
    world.slow = {"A": 0.3}  # executed last, and still the last to be undone
    undone: list[str] = []

    def body(s: Saga) -> str:
        s.run(tasks.create, title="before", via="todoist")
        try:
            s.together(*(call(tasks.create, title=title, via="todoist") for title in "ABCD"))
        except errors.Rejected:
            undone.extend(s.undone)
            s.run(tasks.create, title="instead", via="todoist")
        return "done"

    assert run(tmp_path, world, body) == "done"
    assert undone == [f"{number} tasks.create on todoist" for number in (5, 3, 2)]
    assert sorted(task["content"] for task in world.tasks.values()) == ["before", "instead"]


def test_a_group_is_undone_in_the_reverse_order_with_the_rest(tmp_path: Path, world: World) -> None:
    def body(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist")
        s.together(call(tasks.create, title="B", via="todoist"), call(tasks.create, title="C", via="todoist"))
        raise ValueError

    with pytest.raises(SagaFailed) as caught:
        run(tmp_path, world, body)
    assert caught.value.undone == tuple(f"{number} tasks.create on todoist" for number in (3, 2, 1))
    assert world.tasks == {}


def test_irreversible_step_may_be_the_only_one(tmp_path: Path, world: World) -> None:
    world.tasks["99"] = {"id": "99", "content": "old"}

    def body(s: Saga) -> None:
        s.together(call(tasks.create, title="A", via="todoist"), call(tasks.delete, "99", via="todoist", irreversible=True))

    with pytest.raises(SagaFailed, match="made by itself"):
        run(tmp_path, world, body)
    assert world.log == []


# ----------------------------------------------------------------------------------------------------- timeouts
def test_a_saga_whose_time_is_over_is_rolled_back(tmp_path: Path, world: World) -> None:
    world.slow = {"B": 1.2}
    sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=connected(world.url))

    @sagas.saga("slow", timeout=1)
    def slow(s: Saga) -> None:
        for title in "ABC":
            s.run(tasks.create, title=title, via="todoist", undo=None)

    with sagas, pytest.raises(SagaFailed) as caught:
        slow()
    # The second was sent, and its response did not come in time: it is not known if it was executed.
    assert isinstance(caught.value.cause, (TimeOver, errors.Unconfirmed))
    left = {one.step for one in caught.value.left}
    assert {task["content"] for task in world.tasks.values()} <= ({"B"} if "2 tasks.create on todoist" in left else set())
    assert "C" not in {task["content"] for task in world.tasks.values()}


def test_the_time_of_a_saga_runs_on_while_no_process_does(tmp_path: Path, world: World) -> None:
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_waits, args=(str(tmp_path), world.url))
    process.start()
    until(lambda: bool(world.tasks))
    time.sleep(0.2)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    time.sleep(2)
    results = context.Queue()
    process = context.Process(target=_waits, args=(str(tmp_path), world.url, results))
    process.start()
    result, over = results.get(timeout=60)
    process.join()
    assert "the time it was given is over" in result
    assert over
    assert world.tasks == {}


def _waits(folder: str, url: str, results: Any = None) -> None:
    from unified_platform.sagas import takeover

    takeover.ALIVE = 0.5
    sagas = Sagas(Path(folder, "sagas.db"), idempotency=Path(folder, "ledger.db"), client=connected(url))

    @sagas.saga("waits", timeout=2)
    def waits(s: Saga) -> None:
        s.run(tasks.create, title="A", via="todoist")
        if results is None:
            time.sleep(60)
        s.run(tasks.create, title="B", via="todoist")

    with sagas:
        try:
            waits.start("s1").result()
        except SagaFailed as failed:
            results.put((str(failed), isinstance(failed.cause, TimeOver)))
            results.close()
            results.join_thread()


def test_a_steps_own_time(tmp_path: Path, world: World) -> None:
    world.busy = {"POST /tasks": 1000}

    def body(s: Saga) -> str:
        try:
            s.run(tasks.create, title="A", via="todoist", timeout=0.5)
        except errors.UnifiedError as error:
            return type(error).__name__
        return "made"

    begun = time.monotonic()
    assert run(tmp_path, world, body) in {"TimeOver", "Unconfirmed"}
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("timeout", [0, -1, "soon"])
def test_a_timeout_is_a_number_of_seconds(tmp_path: Path, world: World, timeout: Any) -> None:
    with pytest.raises(errors.InvalidInput, match="a number of seconds"):
        Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=connected(world.url)).saga("x", timeout=timeout)
    with pytest.raises(errors.InvalidInput, match="a number of seconds"):
        call(tasks.create, title="A", timeout=timeout)


# ------------------------------------------------------------------------------------------------------ killed
def _child(folder: str, url: str, results: Any) -> None:
    sagas = Sagas(Path(folder, "sagas.db"), idempotency=Path(folder, "ledger.db"), client=connected(url))

    @sagas.saga("five")
    def five(s: Saga) -> list[str | None]:
        first = s.run(tasks.create, title="A", via="todoist")
        s.run(tasks.update, "99", title="new", via="todoist")
        second = s.run(tasks.create, title="B", via="todoist")
        s.run(comments.create, task_id=second.id, body="Hello", via="todoist", undo=NOTHING)
        third = s.run(tasks.create, title="C", via="todoist")
        return [first.id, second.id, third.id]

    with sagas:
        try:
            results.put(("done", five.start("s1").result(), []))
        except SagaFailed as failed:
            results.put(("failed", str(failed), [left.step for left in failed.left]))
        results.close()
        results.join_thread()


@pytest.mark.parametrize("seed", range(int(os.environ.get("UNIFIED_TEST_KILLS", "6"))))
def test_killed_anywhere_all_or_nothing(tmp_path: Path, world: World, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are killed until one completes. Steps neither done nor undone are reported by name, and only those in progress are."""
    monkeypatch.setattr("unified_platform.sagas.takeover.ALIVE", 0.5)
    world.tasks["99"] = {"id": "99", "content": "old", "labels": [], "checked": False}
    world.refused = {"C"} if seed % 2 else set()
    chance = random.Random(seed)
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    for attempt in range(40):
        process = context.Process(target=_child, args=(str(tmp_path), world.url, results))
        process.start()
        # Dies this many requests later, and a little more; the last ones live.
        until = len(world.log) + chance.randrange(1, 5) if attempt < 6 else 10**9
        while process.is_alive() and len(world.log) < until:
            time.sleep(0.001)
        if process.is_alive():
            time.sleep(chance.random() * 0.05)
            os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        if process.exitcode == 0:
            break
    status, result, left = results.get(timeout=10)
    contents = sorted(task["content"] for task in world.tasks.values())
    doubtful = {"A" if "1 " in step else "B" if "3 " in step else "C" for step in left if "tasks.create" in step}
    if status == "done":
        assert contents == ["A", "B", "C", "new"], result
        assert left == []
    else:
        assert set(contents) - doubtful <= {"old", "new"}, result
        assert ("new" not in contents) or any("tasks.update" in step for step in left), result
        assert world.refused or left or "is not known" in result, result
    for title in "ABC":
        assert contents.count(title) <= 1, "nothing is made twice"


# ---------------------------------------------------------------------------------------------------- inspected
def command(tmp_path: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["sagas", *words, "--store", str(tmp_path / "sagas.db")])
    return done.exit_code, done.output


def test_sagas_are_listed_shown_and_tried_again(tmp_path: Path, world: World) -> None:
    world.refused = {"C", "DELETE /tasks/2"}
    sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=connected(world.url))

    @sagas.saga("three")
    def three(s: Saga, last: str) -> None:
        for title in ("A", "B", last):
            s.run(tasks.create, title=title, via="todoist")

    with sagas:
        three.start("good", "D").result()
        world.tasks.clear()
        world._ids = itertools.count(1)
        with pytest.raises(SagaFailed):
            three.start("bad", "C").result()
    code, text = command(tmp_path, "list", "--json")
    assert code == 0
    assert {saga["id"]: saga["state"] for saga in json.loads(text)} == {"good": "done", "bad": "needs you"}
    code, text = command(tmp_path, "show", "bad")
    assert "5 undo 2 tasks.create on todoist" in text.replace("4 undo", "5 undo")
    assert "needs manual action: 2 tasks.create on todoist" in text
    assert command(tmp_path, "show", "none")[0] != 0
    code, text = command(tmp_path, "retry", "good")
    assert code != 0
    assert "saga good is done" in text
    world.refused = {"C"}
    assert command(tmp_path, "retry", "bad")[0] == 0
    again = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=connected(world.url))
    again.saga("three")(three.__wrapped__)  # type: ignore[attr-defined]
    with again:
        until(lambda: json.loads(command(tmp_path, "show", "bad", "--json")[1])["state"] == "rolled back")
    assert world.tasks == {}
