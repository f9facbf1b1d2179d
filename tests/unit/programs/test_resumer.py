"""Programs that are resumed when they can go on, once each, by a loop that does not grow with their number."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.unit.programs.conftest import CODE, Run
from unified_platform.approvals.store import ApprovalStore
from unified_platform.cli.programs import programs
from unified_platform.programs import Outcome, ProgramRunner, ProgramStore, Resumer, open_program_store
from unified_platform.programs.journal import Entry
from unified_platform.programs.resumer import NotResumable
from unified_platform.programs.store import Contained, Owner, Program
from unified_platform.tools import tools
from unified_runtime import AsyncClient, Client
from unified_runtime.core.errors import RateLimited
from unified_runtime.policy.enforcer import PolicyEnforcer

TITLES = "from unified import tasks\n[t.title for t in tasks.list() if t.title == 'To be deleted']"


@pytest.fixture
def paused(runner: Run, store: ProgramStore, enforcer: PolicyEnforcer) -> Outcome:
    """Return a program that waits for an approval of its deletion."""
    outcome = runner(store=store, policy=enforcer, agent="helper").run(CODE)
    assert outcome.state == "paused"
    return outcome


def _resumer(runner: Run, store: ProgramStore, **options: Any) -> Resumer:
    policy = options.pop("policy", None)

    async def of(program: Program) -> ProgramRunner:
        made = runner(store=store, policy=policy, agent=program.agent, user=program.user)
        return _async(made)

    return Resumer(store, of, **options)


def _async(made: ProgramRunner) -> ProgramRunner:
    """Let a runner make the calls of async code with its sync client, which the tests have."""

    async def aresume(id: str) -> Outcome:
        return await asyncio.to_thread(made.resume, id)

    made.aresume = aresume  # type: ignore[method-assign]
    return made


def test_an_approval_resumes_a_program(
    runner: Run,
    store: ProgramStore,
    enforcer: PolicyEnforcer,
    approvals: ApprovalStore,
    paused: Outcome,
) -> None:
    resumer = _resumer(runner, store, policy=enforcer, approvals=approvals)
    assert asyncio.run(resumer.once()) == []
    approvals.approve(paused.approval, by="ada")
    (ended,) = asyncio.run(resumer.once())
    assert (ended.id, ended.state, ended.value) == (paused.id, "completed", "To be deleted")
    assert asyncio.run(resumer.once()) == []
    assert runner().run(TITLES).value == []
    again = runner(store=store, policy=enforcer, agent="helper").resume(paused.id)
    assert (again.state, again.value) == ("completed", "To be deleted"), "its agent gets the result"


@pytest.mark.parametrize("handles", [True, False])
def test_a_denial_is_an_error_of_the_call(
    runner: Run,
    store: ProgramStore,
    enforcer: PolicyEnforcer,
    approvals: ApprovalStore,
    handles: bool,
) -> None:
    tried = """message = ''
try:
    tasks.delete(made.id)
except RuntimeError as error:
    message = str(error)
tasks.update(made.id, title='x')
message"""
    code = CODE.replace("tasks.delete(made.id)\nmade.title\n", tried if handles else "tasks.delete(made.id)")
    outcome = runner(store=store, policy=enforcer, agent="helper").run(code, atomic=not handles)
    approvals.deny(outcome.approval, by="ada", note="not this one")
    (ended,) = asyncio.run(_resumer(runner, store, policy=enforcer, approvals=approvals).once())
    if handles:
        assert (ended.state, ended.value) == ("completed", "Denied: ada has denied this call: not this one")
        assert approvals.list("pending") == [], "no one is prompted again"
    else:
        assert "line 5: RuntimeError: Denied: ada has denied this call" in ended.text
        assert approvals.list("pending")[0].subject.operation == "tasks.delete", "undoing the creation needs an approval too"
    assert asyncio.run(_resumer(runner, store, policy=enforcer, approvals=approvals).once()) == []


def test_of_two_resumers_one_wins(
    runner: Run,
    store: ProgramStore,
    enforcer: PolicyEnforcer,
    approvals: ApprovalStore,
    paused: Outcome,
    store_url: str,
    tmp_path: Path,
) -> None:
    approvals.approve(paused.approval, by="ada")
    stores = [open_program_store(store_url, key=f"file:{tmp_path / 'programs.key'}") for _ in range(4)]
    ready, ended = threading.Barrier(len(stores)), []

    def resume(own: ProgramStore) -> None:
        acquire = own.acquire

        def together(id: str) -> str:
            ready.wait(30)  # all of them have found the program
            return acquire(id)

        own.acquire = together  # type: ignore[method-assign]
        ended.extend(asyncio.run(_resumer(runner, own, policy=enforcer, approvals=approvals).once()))

    threads = [threading.Thread(target=resume, args=(own,)) for own in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [one.state for one in ended] == ["completed"]
    assert len(approvals.list("spent")) == 1
    for own in stores:
        own.close()


def _write(store: ProgramStore, statement: str, *values: object) -> None:
    with store._database.writing("programs") as session:
        session.run(statement, *values)


def test_a_rate_limit_is_waited_for(runner: Run, store: ProgramStore, monkeypatch: pytest.MonkeyPatch) -> None:
    made = runner(store=store, agent="helper")
    client: Any = made.api["tasks.get"].setting.client
    monkeypatch.setattr(client, "run", _raising(RateLimited("too many", retry_after=3600)))
    outcome = made.run("from unified import tasks\nfound = tasks.list(limit=1)[0]\ntasks.get(found.id).id == found.id")
    assert outcome.state == "paused"
    resumer = _resumer(runner, store)
    assert asyncio.run(resumer.once()) == []
    _write(store, "UPDATE programs SET resume_at = NOW() - 1")
    (ended,) = asyncio.run(resumer.once())
    assert (ended.state, ended.value) == ("completed", True)


def _raising(error: Exception) -> Any:
    def run(*_: object) -> object:
        raise error

    return run


def test_a_program_whose_process_died_is_resumed(runner: Run, store: ProgramStore, monkeypatch: pytest.MonkeyPatch) -> None:
    made = runner(store=store, agent="helper")
    add = store.add

    def dying(*args: Any) -> None:
        add(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "add", dying)
    with pytest.raises(KeyboardInterrupt):
        made.run("from unified import users\nusers.me().id is not None", key="k")
    monkeypatch.setattr(store, "add", add)
    assert asyncio.run(_resumer(runner, store).once()) == [], "its lease has not ended"
    _write(store, "UPDATE programs SET leased_until = 0")
    assert [one.state for one in asyncio.run(_resumer(runner, store).once())] == ["completed"]


def test_a_program_without_rights_ends(
    runner: Run, store: ProgramStore, enforcer: PolicyEnforcer, approvals: ApprovalStore, paused: Outcome
) -> None:
    approvals.approve(paused.approval, by="ada")

    async def of(_: Program) -> ProgramRunner:
        raise NotResumable("the key 1234 was revoked")

    assert asyncio.run(Resumer(store, of, approvals=approvals).once()) == []
    assert store.get(paused.id).status == "failed"
    ended = runner(store=store, policy=enforcer, agent="helper").resume(paused.id)
    assert ended.text == f"Program {paused.id} was not resumed: the key 1234 was revoked"


def test_programs_of_others_are_left_to_them(store: ProgramStore, approvals: ApprovalStore, paused: Outcome) -> None:
    approvals.approve(paused.approval, by="ada")

    async def of(_: Program) -> None:
        return None

    for options in ({}, {"tenant": "another"}):
        assert asyncio.run(Resumer(store, of, approvals=approvals, **options).once()) == []
    assert store.get(paused.id).status == "paused"


def test_a_resumed_program_has_no_function_that_it_did_not_have(
    runner: Run,
    store: ProgramStore,
    enforcer: PolicyEnforcer,
    approvals: ApprovalStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It may be resumed by a process with more tools. What it could not do when it was checked, it cannot do later."""
    less = runner(store=store, agent="helper", toolsets=["tasks.read"])
    client: Any = less.api["tasks.get"].setting.client
    monkeypatch.setattr(client, "run", _raising(RateLimited("too many", retry_after=3600)))
    code = """
from typing import Any
from unified import tasks
found = tasks.list(limit=1)[0]
tasks.get(found.id)
def remove(module: Any) -> str:
    try:
        module.delete(found.id)
    except AttributeError:
        return "none"
    return "deleted"
remove(tasks)
"""
    outcome = less.run(code)
    assert outcome.state == "paused", outcome
    ended = runner(store=store, agent="helper").resume(outcome.id)
    assert (ended.state, ended.value) == ("completed", "none")


def test_one_program_begins_under_a_key(store: ProgramStore) -> None:
    owner = Owner("default", "ada", None, "helper")
    tokens = [store.begin(letter * 16, owner, "k", "hash", Contained("1"), retain=60) for letter in "ab"]
    assert [token is not None for token in tokens] == [True, False]
    assert store.begin("c" * 16, owner, "other", "hash", Contained("1"), retain=60) is not None
    _write(store, "UPDATE programs SET status = 'paused'")
    store.cancel("a" * 16)
    assert store.begin("d" * 16, owner, "k", "hash", Contained("1"), retain=60) is not None


def test_a_paused_program_has_its_calls_from_the_beginning(store: ProgramStore) -> None:
    """A process that dies while it stores a program must not leave a part of the calls: the others would be repeated."""
    entries = [(1, Entry("tasks.create", "d", "x")), (2, Entry("tasks.create", "e", "y"))]
    store.begin("a" * 16, Owner("default", None, None, None), None, "hash", Contained("1"), retain=60, entries=entries)
    assert store.entries("a" * 16) == dict(entries)


def test_1000_paused_programs_need_no_process(
    runner: Run,
    store: ProgramStore,
    enforcer: PolicyEnforcer,
    approvals: ApprovalStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = runner(store=store, policy=enforcer, agent="helper")
    real = [made.run(CODE) for _ in range(5)]
    assert len({one.approval for one in real}) == 5
    monkeypatch.setattr("os.fsync", lambda _: None)
    for number in range(995):
        owner, id = Owner("default", f"user-{number}", None, f"agent-{number % 50}"), f"{number:016x}"
        token = store.begin(id, owner, None, "hash", Contained(CODE), retain=86400)
        assert token is not None
        waits = {"approval": f"approval-{number}"} if number % 2 else {"resume_at": time.time() + 86400}
        store.end(id, token, "paused", Contained(CODE), line=5, retain=86400, **waits)  # type: ignore[arg-type]
    assert len(store.list("paused", limit=2000)) == 1000
    resumer = _resumer(runner, store, policy=enforcer, approvals=approvals)

    async def main() -> None:
        await asyncio.to_thread(store.due)  # the event loop has its thread now
        before = threading.active_count(), _processes()
        watching = asyncio.create_task(resumer.forever(0.05))
        await asyncio.sleep(0.5)
        assert (threading.active_count() - before[0], len(asyncio.all_tasks())) <= (2, 2), "this one, and the one that watches"
        assert _processes() == before[1]
        spent = time.thread_time(), time.process_time()
        resumer._due()
        assert time.process_time() - spent[1] < 1.0, "a search for those that are due"
        for one in real[:3]:
            await asyncio.to_thread(approvals.approve, one.approval, by="ada")
        for _ in range(600):
            if len(store.list("completed")) == 3:
                break
            await asyncio.sleep(0.05)
        watching.cancel()

    asyncio.run(main())
    assert {one.id for one in store.list("completed")} == {one.id for one in real[:3]}
    assert len(store.list("paused", limit=2000)) == 997


def _processes() -> set[str]:
    """Return the child processes of this one."""
    tasks = Path("/proc/self/task")
    return (
        {child for task in tasks.iterdir() for child in (task / "children").read_text().split()} if tasks.exists() else {str(os.getpid())}
    )


def test_commands(runner: Run, enforcer: PolicyEnforcer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIFIED_PROGRAMS", str(tmp_path / "listed.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path / 'listed.key'}")
    monkeypatch.setenv("UNIFIED_CONTROL", str(tmp_path / "control.db"))
    monkeypatch.setenv("UNIFIED_IDEMPOTENCY", str(tmp_path / "writes.db"))
    opened = open_program_store()
    made = runner(store=opened, agent="helper")
    client: Any = made.api["tasks.get"].setting.client
    monkeypatch.setattr(client, "run", _raising(RateLimited("too many", retry_after=3600)))
    outcome = made.run("from unified import users\nusers.me().id is not None")
    assert outcome.state == "paused"
    invoke = CliRunner().invoke
    assert "0 programs were resumed" in invoke(programs, ["resume", "--due", "--emulated", "--vendors", "redmine"]).output
    _write(opened, "UPDATE programs SET resume_at = NOW() - 1")
    resumed = invoke(programs, ["resume", "--due", "--emulated", "--vendors", "redmine"])
    assert resumed.output == f"{outcome.id}: completed\n1 programs were resumed\n"
    for wrong in ([], [outcome.id, "--due"], [outcome.id, "--watch", "5"]):
        assert "name a program, or pass --due" in invoke(programs, ["resume", *wrong]).output


def test_a_program_ends_when_the_event_loop_does(emulator: Client) -> None:
    """At the end of a process, a thread of a program does not wait for a loop that has stopped."""
    client = AsyncClient(connections=emulator.connections)
    made = ProgramRunner(list(tools(toolsets=["users"], vendors=["redmine"], async_client=client)))
    failed: list[BaseException] = []
    loop = asyncio.new_event_loop()

    def run() -> None:
        try:
            made._run("from unified import users\nusers.me()", None, False, loop)
        except BaseException as error:
            failed.append(error)

    monkey: Any = made
    monkey._idempotent = lambda _: False
    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.3)
    loop.close()
    thread.join(20)
    assert not thread.is_alive()
    assert failed


@pytest.mark.parametrize(
    ("change", "state", "expected"),
    [
        ({"label": {"type": "string"}}, "completed", ""),
        ({"title": None}, "failed", "line 3: create has no argument title"),
        ({"title": {"type": "integer"}}, "failed", "line 3: title of create: expected int"),
    ],
    ids=["a new argument", "a removed argument", "another type"],
)
def test_changed_functions(
    runner: Run,
    store: ProgramStore,
    enforcer: PolicyEnforcer,
    approvals: ApprovalStore,
    paused: Outcome,
    change: dict[str, Any],
    state: str,
    expected: str,
) -> None:
    """A program that still fits goes on; any other fails, and its message states the change."""
    approvals.approve(paused.approval, by="ada")
    made = runner(store=store, policy=enforcer, agent="helper")
    tool = made.api["tasks.create"]
    properties = {name: schema for name, schema in {**tool.parameters["properties"], **change}.items() if schema is not None}
    required = [name for name in tool.parameters["required"] if name in properties]
    tool.parameters = {**tool.parameters, "properties": properties, "required": required}
    ended = made.resume(paused.id)
    assert ended.state == state, ended
    if expected:
        assert "have changed since it was paused" in ended.text
        assert expected in ended.text
        assert made.resume(paused.id).text == ended.text, "the agent can read it again"
