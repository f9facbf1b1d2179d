"""Sagas submitted to a broker: executed by it with the agent's rights, all or nothing, whichever process dies."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.sagas.world import SETTINGS, World, connected
from tests.support.brokers import free_port, serving
from tests.support.waiting import until
from unified import comments, tasks
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.log import StoredAuditLog
from unified_platform.broker.agent_keys import Key, KeyStore, Scope
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.broker.sagas import BrokerSagas
from unified_platform.broker.token_signing import Signer
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.sagas import takeover
from unified_platform.store.errors import StoreUnavailable
from unified_runtime import AsyncClient, Client, PolicyEnforcer, using
from unified_runtime.client._sync.saga_drafts import Draft
from unified_runtime.client.saga_steps import NOTHING, SagaFailed, TimeOver
from unified_runtime.core import errors
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, deny, needs_approval
from unified_runtime.rate_limits.rate_limiter import Unlimited

SIGNER = Signer(b"k" * 32)
Decide = Callable[[PolicyRequest], Decision]


class Engine:
    embedded = True

    def __init__(self, decide: Decide) -> None:
        self.called: list[str] = []
        self._decide = decide

    def decide(self, questions: list[PolicyRequest]) -> list[Decision]:
        self.called += [question.name for question in questions if question.phase == "arguments"]
        return [self._decide(question) for question in questions]


class Here:
    """Broker in this process."""

    def __init__(
        self,
        folder: Path,
        world: World,
        decide: Decide = lambda question: allow(),
        tenant: str = "default",
        signer: Signer = SIGNER,
        users: Sequence[str] = (),
    ) -> None:
        self.store = open_store(folder / "control.db")
        self.audit = StoredAuditLog(self.store)
        self.approvals = ApprovalStore(self.store, audit=self.audit)
        self.keys = KeyStore(self.store)
        self.engine = Engine(decide)
        connections = connected(world.url, *users).connections
        connections.tenant = tenant
        client = AsyncClient(settings=SETTINGS, connections=connections)
        store = open_idempotency_store(folder / "ledger.db")
        enforcer = PolicyEnforcer(self.engine, approvals=self.approvals, audit=self.audit)
        calls = Calls(client, enforcer, Unlimited(), idempotency=store)
        self.sagas = BrokerSagas(str(folder / "sagas.db"), calls, store, self.keys, signer)
        self.broker = Broker(calls, Identity(self.keys), sagas=self.sagas, audit=self.audit, around=[self.sagas.around])

    def key(self, *toolsets: str, agent: str = "helper") -> tuple[str, str]:
        key, secret = self.keys.create(Scope(agent, (), (), toolsets or ("*",)), lifetime=600)
        return key.id, secret.reveal()


@contextmanager
def running(folder: Path, world: World, decide: Decide = lambda question: allow()) -> Iterator[tuple[Here, str]]:
    here = Here(folder, world, decide)
    with serving(here.broker) as url:
        yield here, url


def contents(world: World) -> list[str]:
    return sorted(task["content"] for task in world.tasks.values())


def test_a_saga_is_made_by_the_broker(tmp_path: Path, world: World) -> None:
    with running(tmp_path, world) as (here, url):
        client = Client(broker=url, key=here.key()[1])
        draft = client.saga("onboard", id="s1")
        task = draft.add(tasks.create, title="A", via="todoist")
        changed = draft.add(tasks.update, task.id, title="A2", via="todoist")
        with draft.together():
            draft.add(tasks.create, title="B", via="todoist")
            draft.add(tasks.create, title="C", via="todoist")
        draft.add(comments.create, task_id=task.id, body=task.title, via="todoist", undo=NOTHING)
        done = draft.run()
        assert done is not None
        assert (done[task].title, done[task].raw["content"], done[changed].title) == ("A", "A", "A2")
        assert done.report.state == "done"
        assert contents(world) == ["A2", "B", "C"]
        assert world.comments == ["A"]
        again = draft.run()
        assert again is not None
        assert again[task].id == done[task].id
        assert contents(world) == ["A2", "B", "C"]
        other = client.saga("onboard", id="s1")
        other.add(tasks.create, title="other", via="todoist")
        with pytest.raises(errors.Conflict, match="with other inputs"):
            other.submit()
        assert {"tasks.create", "tasks.update", "tasks.get", "comments.create"} == {*here.engine.called}
        audit_log = [entry for _, entry in here.audit.entries()]
        entries = [entry for entry in audit_log if entry["kind"] == "saga"]
        assert [entry["outcome"] for entry in entries] == ["begun", "done"]
        assert {entry["saga"] for entry in audit_log if entry["kind"] == "call"} == {entries[0]["saga"]}


def test_an_async_agent(tmp_path: Path, world: World) -> None:
    async def main(url: str, key: str) -> str:
        draft = AsyncClient(broker=url, key=key).saga("onboard")
        task = draft.add(tasks.create, title="A", via="todoist")
        done = await draft.run()
        assert done is not None
        return str(done[task].title)

    with running(tmp_path, world) as (here, url):
        assert asyncio.run(main(url, here.key()[1])) == "A"


def test_a_database_that_fails_for_some_time_is_tried_again(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = 3

    def failing(keys: KeyStore, text: str) -> Key:
        nonlocal failures
        if failures:
            failures -= 1
            raise StoreUnavailable("the control database cannot be used: connection refused; nothing was changed")
        return original(keys, text)

    original = KeyStore.find
    with running(tmp_path, world) as (here, url):
        secret = here.key()[1]
        monkeypatch.setattr(KeyStore, "find", failing)
        client = Client(broker=url, key=secret, settings=replace(SETTINGS, attempts=3))
        draft = client.saga("onboard", id="s1")
        draft.add(tasks.create, title="A", via="todoist")
        with pytest.raises(errors.Unavailable, match="control database") as caught:
            draft.submit()
        assert caught.value.retry_safe
        assert failures == 0
        failures = 1
        assert draft.run() is not None
    assert contents(world) == ["A"]


def test_executed_steps_are_undone_and_reported(tmp_path: Path, world: World) -> None:
    world.refused = {"C", "DELETE /tasks/2"}
    with running(tmp_path, world) as (here, url):
        draft = Client(broker=url, key=here.key()[1]).saga("onboard")
        for title in "ABC":
            draft.add(tasks.create, title=title, via="todoist")
        with pytest.raises(SagaFailed, match="was rolled back") as caught:
            draft.run()
        assert isinstance(caught.value.cause, errors.Rejected)
        assert caught.value.undone == ("1 tasks.create on todoist",)
        assert [(left.step, left.todo) for left in caught.value.left] == [("2 tasks.create on todoist", "tasks.delete id=2 via=todoist")]
        assert draft.report().state == "needs you"
    assert contents(world) == ["B"]


@pytest.mark.parametrize("other", [False, True])
def test_created_record_that_is_read_later_is_undone(tmp_path: Path, world: World, other: bool) -> None:
    world.once = {"GET /tasks/1": 403, "GET /tasks/2": 403}
    with running(tmp_path, world) as (here, url):
        client = Client(broker=url, key=here.key()[1])
        with using(client), pytest.raises(errors.Forbidden) as reported:
            tasks.create(title="alone", via="todoist", idempotency_key="k")
        assert (reported.value.made, reported.value.lost) == ("1", ())
        assert [(done.request, done.again, done.response.value["id"]) for done in reported.value.done] == [("POST /tasks", True, "1")]
        with using(client), pytest.raises(errors.Unconfirmed, match="was executed"):
            tasks.create(title="alone", via="todoist", idempotency_key="k")
        draft = client.saga("onboard")
        draft.add(tasks.create, title="A", via="todoist")
        world.swapped = {"2": "of another"} if other else {}
        with pytest.raises(SagaFailed) as caught:
            draft.run()
        assert isinstance(caught.value.cause, errors.Forbidden)
        assert caught.value.cause.made == "2"
    if other:
        assert (caught.value.undone, contents(world)) == ((), ["A", "alone"])
        assert ["another title than this step wrote" in left.why for left in caught.value.left] == [True]
    else:
        assert (caught.value.undone, caught.value.left, contents(world)) == (("1 tasks.create on todoist",), (), ["alone"])


def test_a_timeout(tmp_path: Path, world: World) -> None:
    world.busy = {"POST /tasks": 1000}
    with running(tmp_path, world) as (here, url):
        draft = Client(broker=url, key=here.key()[1]).saga("onboard", timeout=1)
        draft.add(tasks.create, title="A", via="todoist")
        with pytest.raises(SagaFailed) as caught:
            draft.run()
        assert isinstance(caught.value.cause, (TimeOver, errors.Unconfirmed))


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda draft: draft.add(tasks.delete, "1", via="todoist"), "step 1: .*cannot be taken back"),
        (lambda draft: draft._steps.append(draft_step("tasks.create", nonsense=1)), "step 1: nonsense: there is no such input"),
        (lambda draft: draft._steps.append(draft_step("tasks.list")), "step 1: .*gives no single value"),
        (lambda draft: draft._steps.append(draft_step("tasks.get", id={"$step": [2, "id"]})), "not there by then"),
        (lambda draft: None, "1 to 100 steps"),
    ],
)
def test_invalid_and_irreversible_steps_are_rejected_on_submission(
    tmp_path: Path, world: World, write: Callable[[Any], Any], message: str
) -> None:
    with running(tmp_path, world) as (here, url):
        draft = Client(broker=url, key=here.key()[1]).saga("onboard")
        write(draft)
        with pytest.raises(errors.InvalidInput, match=message):
            draft.submit()
        with pytest.raises(errors.NotFound):
            draft.report()
    assert world.log == []


def draft_step(operation: str, **inputs: Any) -> Any:
    from unified_runtime.core.wire.sagas import Step

    return Step(operation, inputs)


# ------------------------------------------------------------------------------------------------------ rights
def test_a_key_has_to_reach_as_far_as_what_undoes(tmp_path: Path, world: World) -> None:
    with running(tmp_path, world) as (here, url):
        draft = Client(broker=url, key=here.key("todoist.tasks.create")[1]).saga("onboard")
        draft.add(tasks.create, title="A", via="todoist")
        with pytest.raises(errors.Denied, match=r"tasks\.delete via todoist, which the saga may need"):
            draft.submit()
    assert world.log == []


def test_a_policy_is_evaluated_for_each_step_and_its_compensation(tmp_path: Path, world: World) -> None:
    def decide(question: PolicyRequest) -> Decision:
        if question.operation == "delete":
            return deny("nothing is deleted here")
        return deny("not C") if question.input.get("title") == "C" else allow()

    with running(tmp_path, world, decide) as (here, url):
        draft = Client(broker=url, key=here.key()[1]).saga("onboard")
        for title in "AC":
            draft.add(tasks.create, title=title, via="todoist")
        with pytest.raises(SagaFailed) as caught:
            draft.run()
    assert isinstance(caught.value.cause, errors.Denied)
    assert [(left.step, "nothing is deleted here" in left.why) for left in caught.value.left] == [("1 tasks.create on todoist", True)]
    assert contents(world) == ["A"]


def test_a_saga_waits_for_approval(tmp_path: Path, world: World) -> None:
    def decide(question: PolicyRequest) -> Decision:
        return allow() if question.approved or question.input.get("title") not in {"B", "C"} else needs_approval("a person looks at it")

    with running(tmp_path, world, decide) as (here, url):
        client = Client(broker=url, key=here.key()[1])
        good, bad = client.saga("good"), client.saga("bad")
        for draft, title in ((good, "B"), (bad, "C")):
            draft.add(tasks.create, title="A", via="todoist")
            draft.add(tasks.create, title=title, via="todoist")
            draft.submit()
        until(lambda: len(here.approvals.list()) == 2)
        assert good.run(wait=0) is None
        for waiting in here.approvals.list():
            decided = here.approvals.approve if waiting.subject.arguments["title"] == "B" else here.approvals.deny
            decided(waiting.id, by="ada")
        assert good.run() is not None
        with pytest.raises(SagaFailed, match="a person denied this"):
            bad.run()


def test_sagas_of_others_are_out_of_reach(tmp_path: Path, world: World) -> None:
    with running(tmp_path, world) as (here, url):
        mine = Client(broker=url, key=here.key()[1]).saga("onboard", id="s1")
        mine.add(tasks.create, title="A", via="todoist")
        mine.run()
        other = Client(broker=url, key=here.key(agent="other")[1]).saga("onboard", id="s1")
        with pytest.raises(errors.NotFound):
            other.report()
        other.add(tasks.create, title="B", via="todoist")
        assert other.run() is not None
    assert contents(world) == ["A", "B"]


def test_a_revoked_key_stops_its_sagas_and_what_they_did_is_taken_back(tmp_path: Path, world: World) -> None:
    world.slow = {"B": 1.5}
    with running(tmp_path, world) as (here, url):
        id, secret = here.key()
        draft = Client(broker=url, key=secret).saga("onboard")
        for title in "ABC":
            draft.add(tasks.create, title=title, via="todoist")
        draft.submit()
        until(lambda: len(world.tasks) == 1)
        here.keys.revoke(id)
        with pytest.raises(errors.Unauthorized):
            until(lambda: draft.report().state == "never")
        until(lambda: "DELETE /tasks/1" in world.log)
    assert contents(world) == []


def test_altered_saga_is_not_executed(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.slow = {"A": 1.0}
    monkeypatch.setattr(takeover, "ALIVE", 0.5)
    with running(tmp_path, world) as (here, url):
        draft = Client(broker=url, key=here.key()[1]).saga("onboard", id="s1")
        for title in "AB":
            draft.add(tasks.create, title=title, via="todoist")
        draft.submit()
        until(lambda: bool(world.log))
    with sqlite3.connect(tmp_path / "sagas.db") as database:
        (inputs,) = database.execute("SELECT inputs FROM workflow_input").fetchone()
        assert inputs.count('"B"') == 1
        database.execute("UPDATE workflow_input SET inputs = ?", (inputs.replace('"B"', '"X"'),))
    world.slow = {}
    with running(tmp_path, world) as (here, url):
        draft = Client(broker=url, key=here.key()[1]).saga("onboard", id="s1")
        until(lambda: draft.report().state == "broken")
    assert "X" not in contents(world)


def test_a_browser_and_a_body_that_is_none(tmp_path: Path, world: World) -> None:
    with running(tmp_path, world) as (here, url):
        headers = {"Authorization": f"Bearer {here.key()[1]}"}
        for path in ("/v1/saga", "/v1/saga/report"):
            assert httpx2.post(url + path, content=b"[]", headers=headers).status_code == 400
            assert httpx2.post(url + path, content=b"{}", headers=headers | {"Origin": "https://x"}).status_code == 403
            assert httpx2.post(url + path, content=b"{}").status_code == 401


def test_a_broker_without_a_saga_store_rejects_sagas(tmp_path: Path, world: World) -> None:
    here = Here(tmp_path, world)
    here.broker.sagas, here.broker.around = None, ()
    with serving(here.broker) as url:
        draft = Client(broker=url, key=here.key()[1]).saga("onboard")
        draft.add(tasks.create, title="A", via="todoist")
        with pytest.raises(errors.InvalidInput, match="runs no sagas"):
            draft.submit()
    with pytest.raises(errors.InvalidInput, match="has no broker"):
        Client().saga("onboard")


# ------------------------------------------------------------------------------------------------------ killed
def _serve(folder: str, url: str, port: int) -> None:
    takeover.ALIVE = 0.5
    world = type("There", (), {"url": url})()
    with serving(Here(Path(folder), world).broker, port=port):
        time.sleep(120)


@pytest.mark.parametrize("refused", ["", "E"])
def test_a_broker_that_is_killed_goes_on_where_it_was(tmp_path: Path, world: World, refused: str) -> None:
    world.refused = {refused}
    world.slow = dict.fromkeys("ABCDE", 0.2)
    port = free_port()
    context = multiprocessing.get_context("fork")

    def start() -> Any:
        process = context.Process(target=_serve, args=(str(tmp_path), world.url, port), daemon=True)
        process.start()
        return process

    keys = KeyStore(open_store(tmp_path / "control.db"))
    secret = keys.create(Scope("helper", (), (), ("*",)), lifetime=600)[1].reveal()
    process = start()
    until(lambda: _responses(port))
    draft = Client(broker=f"http://127.0.0.1:{port}", key=secret).saga("onboard")
    for title in "ABCDE":
        draft.add(tasks.create, title=title, via="todoist")
    draft.submit()
    for number in range(1, 4):
        until(lambda: world.log.count("POST /tasks") >= number or _ended(draft))  # noqa: B023  used at once
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        process = start()
        until(lambda: _responses(port))
    try:
        until(lambda: _ended(draft))
        report = draft.report()
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    doubtful = {"ABCDE"[int(left.step.partition(" ")[0]) - 1] for left in report.left}
    if report.state == "done":
        assert contents(world) == list("ABCDE")
    else:
        assert set(contents(world)) <= doubtful, report
        assert refused or doubtful
    assert all(contents(world).count(title) <= 1 for title in "ABCDE")


def _ended(draft: Draft) -> bool:
    try:
        return draft.report().state not in {"running", "waiting"}
    except errors.Unavailable:
        return False


def _responses(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/ready").status_code == 200
    except httpx2.TransportError:
        return False
