"""Attacks on sagas that agents submit to a broker: sagas of others, steps and undo calls beyond the agent's rights, altered records."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from tests.sagas.test_submitted_sagas import Here, contents, draft_step, running
from tests.sagas.world import World
from tests.support.waiting import until
from unified import tasks
from unified_platform.broker.agent_keys import Scope
from unified_platform.broker.token_signing import Signer
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.sagas import takeover
from unified_platform.sagas.inspection import open_inspector
from unified_runtime import Client, acting
from unified_runtime.client.saga_steps import SagaFailed
from unified_runtime.core import errors
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, deny, needs_approval
from unified_runtime.core.wire.sagas import UndoOf

VIA = {"via": "todoist"}


@pytest.fixture
def world() -> Any:
    made = World()
    yield made
    made.close()


def submitted(url: str, key: str, *titles: str, id: str = "s1") -> Any:
    draft = Client(broker=url, key=key).saga("onboard", id=id)
    for title in titles:
        draft.add(tasks.create, title=title, **VIA)
    return draft


# ------------------------------------------------------------------------------------------------------ sagas of others
def test_no_guessed_id_reaches_the_saga_of_another_agent_or_user(tmp_path: Path, world: World) -> None:
    with running(tmp_path, world) as (here, url):
        mine = submitted(url, here.key()[1], "A")
        mine.run()
        with open_inspector(tmp_path / "sagas.db") as look:
            (full,) = [seen.id for seen in look.list()]
        assert full != "s1"
        scoped = here.keys.create(Scope("helper", ("ada",), (), ("*",)), lifetime=600)[1].reveal()
        for key in (here.key(agent="other")[1], scoped):
            for id in ("s1", full, full.replace(".", "/"), f"../{full}", "%", "s_", full.partition(".")[0]):
                with pytest.raises(errors.NotFound):
                    submitted(url, key, id=id).report()
            other = submitted(url, key, "A", id=full)  # used as an id of its own
            assert other.report is not None
        for id in ("", "s1\x00", "s1\n", "é", "x" * 101, "x" * 100_000):
            with pytest.raises(errors.NotFound):
                submitted(url, here.key()[1], id=id).report()
    assert contents(world) == ["A"]


def test_an_agent_cannot_act_as_another_user_in_one_step(tmp_path: Path, world: World) -> None:
    from unified_runtime.core.wire.protocol import ActingFields

    with running(tmp_path, world) as (here, url):
        key = here.keys.create(Scope("helper", ("ada",), (), ("*",)), lifetime=600)[1].reveal()
        draft = Client(broker=url, key=key).saga("onboard")
        draft._steps.append(draft_step("tasks.create", title="A", **VIA))
        draft._steps[0] = type(draft._steps[0])("tasks.create", {"title": "A", **VIA}, acting=ActingFields(user="bob"))
        with pytest.raises(errors.InvalidInput, match="acts for one user"):
            draft.submit()
        with acting(user="bob"), pytest.raises(errors.Denied):
            submitted(url, key, "A", id="s2").submit()
    assert world.log == []


def test_two_tenants_with_one_database_do_not_run_each_others_sagas(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Same agent, same saga id, same signing key; the second tenant's broker even finds the first one's saga unfinished."""
    monkeypatch.setattr(takeover, "ALIVE", 0.5)
    monkeypatch.setattr(takeover, "ORPHANED", 0.1)
    world.slow = {"B": 1.0}
    with running(tmp_path, world) as (here, url):
        submitted(url, here.key()[1], "A", "B", "C").submit()
        until(lambda: world.log.count("POST /tasks") == 2)
    world.slow = {}
    before = world.log.count("POST /tasks")
    other = Here(tmp_path, world, tenant="other")
    from tests.support.brokers import serving

    with serving(other.broker) as url:
        with pytest.raises(errors.NotFound):
            submitted(url, other.key()[1]).report()
        time.sleep(2)
        assert world.log.count("POST /tasks") == before
        assert submitted(url, other.key()[1], "D").run() is not None
    with running(tmp_path, world) as (here, url):
        until(lambda: submitted(url, here.key()[1]).report().state not in {"running", "waiting"})


# ------------------------------------------------------------------------------------------------------ rights
def test_an_undo_outside_the_toolset_is_refused_before_anything_is_sent(tmp_path: Path, world: World) -> None:
    world.tasks["99"] = {"id": "99", "content": "old", "labels": [], "checked": False}
    with running(tmp_path, world) as (here, url):
        draft = Client(broker=url, key=here.key("todoist.tasks.create", "todoist.comments.create")[1]).saga("onboard")
        step = draft_step("tasks.create", title="A", **VIA)
        draft._steps.append(type(step)(step.operation, step.input, UndoOf("tasks.delete", {"id": "99"})))
        with pytest.raises(errors.Denied, match=r"tasks\.delete via todoist, which the saga may need"):
            draft.submit()
        draft._steps[0] = type(step)(step.operation, step.input, UndoOf("tasks.delete", {"id": "99", "via": "jira"}))
        with pytest.raises(errors.Denied, match=r"tasks\.delete via jira, which the saga may need"):
            draft.submit()
    assert world.log == []


def test_rights_revoked_while_it_runs_stop_steps_and_undo(tmp_path: Path, world: World) -> None:
    """An undo call that a policy forbids by then is not made, and is reported."""
    revoked: list[bool] = []

    def decide(question: PolicyRequest) -> Decision:
        return deny("revoked") if revoked else allow()

    world.slow = {"B": 0.6}
    with running(tmp_path, world, decide) as (here, url):
        draft = submitted(url, here.key()[1], "A", "B", "C")
        draft.submit()
        until(lambda: world.log.count("POST /tasks") == 2)
        revoked.append(True)
        until(lambda: draft.report().state not in {"running", "waiting"})
        report = draft.report()
    assert report.state == "needs you"
    assert [left.step for left in report.left] == ["2 tasks.create on todoist", "1 tasks.create on todoist"]
    assert contents(world) == ["A", "B"]
    assert not any(line.startswith("DELETE") for line in world.log)


def test_an_approval_is_for_one_call_of_one_saga(tmp_path: Path, world: World) -> None:
    def decide(question: PolicyRequest) -> Decision:
        risky = question.name == "tasks.create" and question.input.get("title") == "B"
        return needs_approval("a person decides") if risky and not question.approved else allow()

    with running(tmp_path, world, decide) as (here, url):
        key = here.key()[1]
        first = submitted(url, key, "A", "B", id="s1")
        first.submit()
        until(lambda: len(here.approvals.list()) == 1)
        here.approvals.approve(here.approvals.list()[0].id, by="ada")
        assert first.run() is not None
        second = submitted(url, key, "A", "B", id="s2")  # the same call once more
        second.submit()
        until(lambda: any(one.status == "pending" for one in here.approvals.list()))
        assert second.report().state == "running"
        for waiting in here.approvals.list():
            if waiting.status == "pending":
                here.approvals.deny(waiting.id, by="ada")
        with pytest.raises(SagaFailed, match="denied"):
            second.run()
    assert contents(world) == ["A", "B"]


@pytest.mark.parametrize(
    ("name", "input"),
    [
        ("onboard\x00", {"title": "A"}),
        ("\N{RIGHT-TO-LEFT OVERRIDE}onboard", {"title": "A"}),
        ("x" * 101, {"title": "A"}),
        ("onboard", {"title": {"$step": [1, "__class__"]}}),
        ("onboard", {"title": {"$step": [-1, "title"]}}),
        ("onboard", {"title": {"$step": [10**30]}}),
        ("onboard", {"title": {"$step": "x"}}),
        ("onboard", {"title": ["deep"] * 10, "__init__": 1}),
        ("onboard", {"title": "A", "idempotency_key": "saga/other/1\n"}),
    ],
)
def test_hostile_names_and_arguments_are_refused(tmp_path: Path, world: World, name: str, input: dict[str, Any]) -> None:
    with running(tmp_path, world) as (here, url):
        draft = Client(broker=url, key=here.key()[1]).saga(name)
        draft._steps.append(draft_step("tasks.create", **VIA, **input))
        with pytest.raises((errors.InvalidInput, SagaFailed)):
            draft.run()
    assert world.tasks == {}


# ------------------------------------------------------------------------------------------------------ the database
def _alter(folder: Path, old: str, new: str) -> int:
    with sqlite3.connect(folder / "sagas.db") as database:
        rows = database.execute("SELECT rowid, output FROM operation_outputs WHERE output LIKE ?", (f"%{old}%",)).fetchall()
        for row, output in rows:
            database.execute("UPDATE operation_outputs SET output = ? WHERE rowid = ?", (output.replace(old, new), row))
        return len(rows)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('\\"id\\":\\"1\\"', '\\"id\\":\\"99\\"'),
        ('"operation":"tasks.create"', '"operation":"tasks.delete"'),
        ('"title":"B"', '"title":"X"'),
    ],
    ids=["result", "operation", "argument"],
)
def test_writers_of_the_database_decide_nothing(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """A broker is stopped between two steps; then the saved result of the first, or the record of the second, is changed."""
    monkeypatch.setattr(takeover, "ALIVE", 0.5)
    world.tasks["99"] = {"id": "99", "content": "of somebody else", "labels": [], "checked": False}
    world.slow = {"B": 1.0}
    world.refused = {"B"}
    with running(tmp_path, world) as (here, url):
        submitted(url, here.key()[1], "A", "B").submit()
        until(lambda: world.log.count("POST /tasks") == 2)
    assert _alter(tmp_path, old, new), "there is something to alter"
    world.slow, world.refused = {}, set()
    with running(tmp_path, world) as (here, url):
        draft = submitted(url, here.key()[1])
        until(lambda: draft.report().state not in {"running", "waiting"})
        report = draft.report()
    assert report.state == "needs you"
    assert [left.step.partition(" ")[0] for left in report.left][:1] == ["1"]
    assert "of somebody else" in contents(world)
    assert "X" not in contents(world)
    assert "DELETE /tasks/99" not in world.log


OUTCOMES = {
    "success instead of a failure": ('"failed"', '"succeeded"'),
    "nothing left to a person": ('"left":[[', '"left":[],"kept":[['),
    "another record in the result": ('\\"id\\":\\"1\\"', '\\"id\\":\\"99\\"'),
    "no seal": ('"seal":', '"lost":'),
    "nothing": (None, "{}"),
    "null": (None, "null"),
}


@pytest.mark.parametrize("attack", OUTCOMES)
def test_the_outcome_of_a_saga_is_signed_and_in_the_audit_log(tmp_path: Path, world: World, attack: str) -> None:
    old, new = OUTCOMES[attack]
    fails = attack in {"success instead of a failure", "nothing left to a person"}
    world.refused = {"B", "DELETE /tasks/1"} if fails else set()
    with running(tmp_path, world) as (here, url):
        draft = submitted(url, here.key()[1], "A", "B")
        draft.submit()
        until(lambda: draft.report().state not in {"running", "waiting"})
        assert draft.report().state == ("needs you" if fails else "done")
        ends = [entry for _, entry in here.audit.entries() if entry["kind"] == "saga" and entry["outcome"] != "begun"]
        assert len(ends[0]["digest"]) == 64
        with sqlite3.connect(tmp_path / "sagas.db") as database:
            ((output,),) = database.execute("SELECT output FROM workflow_output").fetchall()
            altered = new if old is None else output.replace(old, new)
            assert altered != output
            database.execute("UPDATE workflow_output SET output = ?", (altered,))
        for report in (draft.report(), Client(broker=url, key=here.key()[1]).saga("onboard", id="s1").report()):
            assert report.state == "broken"
            assert "was altered in the database" in report.reason
            assert not report.responses
        assert draft.report().left, "what may have been executed is reported from the steps"


def test_the_outcome_of_another_saga_is_not_accepted(tmp_path: Path, world: World) -> None:
    world.refused = {"B"}
    with running(tmp_path, world) as (here, url):
        key = here.key()[1]
        for id, titles in (("s1", ["A"]), ("s2", ["C", "B"])):
            draft = submitted(url, key, *titles, id=id)
            draft.submit()
            until(lambda draft=draft: draft.report().state not in {"running", "waiting"})
        assert submitted(url, key, id="s2").report().state == "rolled back"
        with sqlite3.connect(tmp_path / "sagas.db") as database:
            database.execute(
                "UPDATE workflow_output SET output = (SELECT output FROM workflow_output WHERE workflow_uuid LIKE '%.s1') "
                "WHERE workflow_uuid LIKE '%.s2'"
            )
        assert submitted(url, key, id="s2").report().state == "broken"
        assert submitted(url, key, id="s1").report().state == "done"


def test_one_approval_does_not_cover_two_equal_steps(tmp_path: Path, world: World) -> None:
    def decide(question: PolicyRequest) -> Decision:
        risky = question.name == "tasks.create" and question.input.get("title") == "B"
        return needs_approval("a person decides") if risky and not question.approved else allow()

    with running(tmp_path, world, decide) as (here, url):
        draft = submitted(url, here.key()[1], "A", "B", "B")
        draft.submit()
        until(lambda: len(here.approvals.list()) == 1)
        here.approvals.approve(here.approvals.list()[0].id, by="ada")
        until(lambda: len(here.approvals.list("spent")) == 1 and len(here.approvals.list()) == 1)
        assert world.log.count("POST /tasks") == 2
        assert contents(world) == ["A", "B"]
        (second,) = here.approvals.list()
        assert second.id != here.approvals.list("spent")[0].id
        here.approvals.deny(second.id, by="ada")
        with pytest.raises(SagaFailed, match="denied"):
            draft.run()
    assert contents(world) == []


def test_one_approval_does_not_cover_two_equal_steps_that_run_together(tmp_path: Path, world: World) -> None:
    def decide(question: PolicyRequest) -> Decision:
        return needs_approval("a person decides") if question.name == "tasks.create" and not question.approved else allow()

    with running(tmp_path, world, decide) as (here, url):
        draft = Client(broker=url, key=here.key()[1]).saga("onboard", id="s1")
        with draft.together():
            draft.add(tasks.create, title="B", **VIA)
            draft.add(tasks.create, title="B", **VIA)
        draft.submit()
        until(lambda: bool(here.approvals.list()))
        here.approvals.approve(here.approvals.list()[0].id, by="ada")
        until(lambda: len(here.approvals.list("spent")) == 1)
        time.sleep(1)
        assert contents(world) in ([], ["B"])
        for waiting in here.approvals.list():
            here.approvals.deny(waiting.id, by="ada")
        until(lambda: draft.report().state not in {"running", "waiting"})
        assert draft.report().state == "rolled back"
    assert contents(world) == []


def test_a_record_of_another_saga_is_not_valid_in_this_one() -> None:
    """The seal covers the tenant, the saga, the step and the result."""
    from unified_platform.broker.sagas import BrokerSagas
    from unified_platform.sagas.journal import JournalAltered

    sagas = object.__new__(BrokerSagas)
    sagas._signer, sagas._tenant = Signer(b"k" * 32), "default"
    saved = json.loads(json.dumps(sagas.sealed("a.s1", "1 tasks.create on todoist", {"value": "x"})))
    assert sagas.unsealed("a.s1", "1 tasks.create on todoist", saved) == {"value": "x"}
    for id, name, expected in (
        ("a.s2", "1 tasks.create on todoist", saved),
        ("a.s1", "2 tasks.create on todoist", saved),
        ("a.s1", "1 tasks.create on todoist", saved | {"value": {"value": "y"}}),
        ("a.s1", "1 tasks.create on todoist", {"value": "x"}),
        ("a.s1", "1 tasks.create on todoist", None),
    ):
        with pytest.raises(JournalAltered):
            sagas.unsealed(id, name, expected)
    sagas._tenant = "other"
    with pytest.raises(JournalAltered):
        sagas.unsealed("a.s1", "1 tasks.create on todoist", saved)


# ------------------------------------------------------------------------------------------------------ records of others
def test_an_undo_goes_through_the_connection_of_its_step_only(tmp_path: Path, world: World) -> None:
    """The account was changed meanwhile: record 1 in it belongs to another user."""
    from tests.sagas.world import connected
    from unified_platform.sagas import Saga, Sagas
    from unified_runtime import bearer

    elsewhere = World()
    elsewhere.tasks["1"] = {"id": "1", "content": "of somebody else", "labels": [], "checked": False}
    client = connected(world.url)
    sagas = Sagas(tmp_path / "sagas.db", idempotency=open_idempotency_store(tmp_path / "ledger.db"), client=client)

    @sagas.saga("one")
    def one(s: Saga) -> None:
        s.run(tasks.create, title="A", **VIA)
        client.connect("todoist", bearer("other"), server=elsewhere.url)
        raise ValueError

    with sagas, pytest.raises(SagaFailed) as caught:
        one.start("s1").result()
    assert [(left.step, left.todo) for left in caught.value.left] == [("1 tasks.create on todoist", "tasks.delete id=1 via=todoist")]
    assert elsewhere.log == []
    assert contents(world) == ["A"]
    elsewhere.close()
