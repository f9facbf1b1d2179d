"""Programs from their source to their outcome, over an emulated vendor."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.unit.programs.conftest import Run
from unified_emulation.serving.local import LocalEmulator
from unified_platform.programs import Limits, Outcome, ProgramRunner, ProgramStore
from unified_platform.programs.journal import Entry
from unified_platform.tools import tools
from unified_runtime import AsyncClient
from unified_runtime.core.errors import Conflict, Denied, InvalidInput
from unified_runtime.rate_limits.rate_limiter import Unlimited

CREATE = """
from unified import projects, tasks
project = projects.list()[0]
made = tasks.create(title="From a program", project_id=project.id)
{"id": made.id, "title": made.title}
"""


def test_the_last_expression_and_the_output_are_the_result(runner: Run) -> None:
    outcome = runner().run(CREATE + 'print("made", made.title)\nmade.title\n')
    assert (outcome.state, outcome.value, outcome.printed) == ("completed", "From a program", "made From a program\n")
    assert "Changed: line 4: tasks.create" in outcome.text


def test_nothing_is_sent_for_a_type_error(runner: Run) -> None:
    before = len(runner().run("from unified import tasks\n[t.id for t in tasks.list()]").value)
    outcome = runner().run("from unified import tasks\ntasks.create(title='x', project_id='1')\ntasks.create(titel='y')")
    assert outcome.state == "rejected"
    assert outcome.problems == ("line 3: create has no argument titel; did you mean 'title'?",)
    assert len(runner().run("from unified import tasks\n[t.id for t in tasks.list()]").value) == before


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from unified import tasks\ntasks.create(title='x', project_id='1', priority='h')", "line 2: priority of create: expected low, "),
        ("from unified import tasks\ntasks.list()[0].name", "line 2: Task has no attribute name"),
        ("from unified import tasks\nfor t in tasks.list():\n    t.nope", "line 3: Task has no attribute nope"),
        ("from unified import tasks\ntasks.lst()", "line 2: tasks has no function lst; did you mean 'list'?"),
        ("import tasks", "line 1: there is no module tasks; import from unified"),
        ("from unified import deals", "line 1: deals is not available to you"),
        ("from unified import deels", "line 1: there is no module deels"),
        ("from unified import messages\nmessages.send(text='x')", "line 1: messages is not available to you"),
        ("1 +", "line 1: invalid syntax"),
        ("class A(Exception):\n    pass", "inheritance"),
    ],
)
def test_errors_are_found_before_the_run(runner: Run, code: str, expected: str) -> None:
    outcome = runner().run(code)
    assert outcome.state == "rejected"
    assert expected in outcome.text


def test_a_dry_run_lists_what_can_be_called(runner: Run) -> None:
    outcome = runner().run(CREATE, dry_run=True)
    assert outcome.state == "planned"
    assert "line 3: projects.list (read, redmine)" in outcome.text
    assert "line 4: tasks.create (write, redmine)" in outcome.text


def test_errors_of_calls_can_be_caught(runner: Run) -> None:
    code = "from unified import tasks\ntry:\n    tasks.get('987654')\nexcept LookupError as error:\n    found = str(error)\nfound"
    assert str(runner().run(code).value).startswith("NotFound: ")


def test_an_uncaught_error_names_its_line(runner: Run) -> None:
    outcome = runner().run("from unified import tasks\nx = 1\ntasks.get('987654')")
    assert outcome.state == "failed"
    assert outcome.text.startswith("The program failed: line 3: LookupError: NotFound: ")


def test_calls_of_gather_overlap_and_keep_their_order(runner: Run) -> None:
    code = """
import asyncio
from unified import projects
from unified.aio import tasks
project = projects.list()[0].id
made = await asyncio.gather(*[tasks.create(title=f"t{i}", project_id=project) for i in range(4)])
[one.title for one in made]
"""
    assert runner().run(code).value == ["t0", "t1", "t2", "t3"]


def test_programs_leave_the_event_loop_its_threads() -> None:
    """Calls of the async client need threads of the loop; a program that waits for one must not occupy them."""
    client = AsyncClient(emulated=LocalEmulator(["redmine"]), rate_limiter=Unlimited())

    async def main() -> list[Outcome]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        runners = [
            ProgramRunner(
                list(tools(user=f"user-{one}", agent=f"agent-{one}", toolsets=["tasks"], vendors=["redmine"], async_client=client))
            )
            for one in range(3)
        ]
        code = "from unified import tasks\nimport time\ntime.sleep(0.2)\nlen(tasks.list(limit=2))"
        return await asyncio.wait_for(asyncio.gather(*[one.arun(code) for one in runners]), 60)

    assert [one.value for one in asyncio.run(main())] == [2, 2, 2]


def test_the_same_values_come_back_under_a_key(runner: Run, store: ProgramStore) -> None:
    code = CREATE.replace('"id": made.id', '"id": made.id, "at": str(datetime.datetime.now()), "n": random.random()').replace(
        "\nfrom", "\nimport datetime, random\nfrom", 1
    )
    first = runner(store=store).run(code, key="k")
    again = runner(store=store).run(code, key="k")
    assert first.state == "completed"
    assert again.value == first.value


def test_another_program_under_a_used_key_is_rejected(runner: Run, store: ProgramStore) -> None:
    assert runner(store=store).run("1", key="k").state == "completed"
    with pytest.raises(Conflict, match="another program was run under the key 'k'"):
        runner(store=store).run("2", key="k")


def test_a_crashed_program_repeats_no_completed_call(runner: Run, store: ProgramStore, monkeypatch: pytest.MonkeyPatch) -> None:
    made = runner(store=store)
    calls: list[str] = []
    inner = type(made.api["tasks.create"]).bound

    def bound(self: object, given: object) -> object:
        calls.append(self.name)  # type: ignore[attr-defined]
        return inner(self, given)  # type: ignore[arg-type]

    monkeypatch.setattr(type(made.api["tasks.create"]), "bound", bound)
    add, count = store.add, 0

    def dying(id: str, token: str, number: int, entry: Entry) -> None:
        nonlocal count
        add(id, token, number, entry)
        count += 1
        if count == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(store, "add", dying)
    with pytest.raises(KeyboardInterrupt):
        made.run(CREATE, key="k")
    monkeypatch.setattr(store, "add", add)
    assert calls.count("tasks_create") == 1
    monkeypatch.setattr("unified_platform.programs.store.LEASE", 0.0)
    _expire(store)
    outcome = runner(store=store).run(CREATE, key="k")
    assert (outcome.state, calls.count("tasks_create")) == ("completed", 1)


def _expire(store: ProgramStore) -> None:
    """Let the leases of all programs end, as after the death of a process."""
    with store._database.writing("programs") as session:
        session.run("UPDATE programs SET leased_until = 0")


def test_of_two_that_resume_one_wins(runner: Run, store: ProgramStore) -> None:
    made = runner(store=store)
    made.run("1", key="k")
    found = store.find(made._owner(), "k")
    assert found is not None
    with pytest.raises(Conflict, match="is completed"):
        store.acquire(found.id)


@pytest.mark.parametrize(
    ("limits", "code", "expected"),
    [
        (Limits(seconds=0.2), "while True:\n    pass", "time limit exceeded"),
        (Limits(memory=8 * 1024 * 1024), "'a' * 10**9", "memory limit exceeded"),
        (Limits(calls=3), "from unified import users\nfor i in range(9):\n    users.me()", "at most 3 calls"),
        (Limits(calls_per_vendor=3), "from unified import users\nfor i in range(9):\n    users.me()", "at most 3 calls to one vendor"),
        (Limits(sleep=0.01), "import time\ntime.sleep(5)", "sleeps for at most 0.01 s"),
        (Limits(records=1), "from unified import tasks\ntasks.list()", "more than 1 records"),
    ],
)
def test_limits(runner: Run, limits: Limits, code: str, expected: str) -> None:
    outcome = runner(limits=limits).run(code)
    assert outcome.state == "failed"
    assert expected in outcome.text


def test_a_program_cannot_catch_a_limit(runner: Run) -> None:
    code = "from unified import users\nfor i in range(9):\n    try:\n        users.me()\n    except BaseException:\n        pass"
    assert runner(limits=Limits(calls=3)).run(code).state == "failed"


def test_printed_output_is_cut(runner: Run) -> None:
    outcome = runner(limits=Limits(printed=10)).run("for i in range(100):\n    print('abc')")
    assert outcome.printed == "abc\nabc\nab… (cut)"


def test_too_long_a_program_is_rejected(runner: Run) -> None:
    assert "at most 10 are accepted" in runner(limits=Limits(code=10)).run("1 + 1 + 1 + 1 + 1").text


def test_a_loop_that_is_left_requests_no_further_page(runner: Run) -> None:
    made = runner(limits=Limits(calls=3))
    filled = "from unified import projects, tasks\np = projects.list()[0].id\n" + "".join(
        f"tasks.create(title='p{i}', project_id=p)\n" for i in range(6)
    )
    assert runner().run(filled).state == "completed"
    code = "from unified import tasks\nfor task in tasks.list(limit=2):\n    break\ntask.title is not None"
    assert made.run(code).value is True
    every = "from unified import tasks\nn = 0\nfor task in tasks.list(limit=2):\n    n += 1\nn"
    assert "at most 3 calls" in made.run(every).text


def test_an_atomic_program_undoes_what_it_wrote(runner: Run) -> None:
    counted = "from unified import tasks\nlen([t for t in tasks.list() if t.title == 'Atomic'])"
    code = CREATE.replace("From a program", "Atomic") + "tasks.update(made.id, title='Changed')\ntasks.get('987654')"
    outcome = runner().run(code, atomic=True)
    assert outcome.state == "failed"
    assert "2 of its writes were undone" in outcome.text
    assert runner().run(counted).value == 0


def test_an_irreversible_write_of_an_atomic_program_must_be_the_last(runner: Run) -> None:
    code = CREATE + "tasks.delete(made.id)\ntasks.create(title='later', project_id=project.id)"
    outcome = runner().run(code, atomic=True)
    assert outcome.state == "failed"
    assert "must be the last write" in outcome.text


@pytest.mark.parametrize(
    "code",
    [
        "getattr(tasks, ''.join(['del', 'ete']))('1')",
        "eval('tasks.del' + 'ete(1)')",
        "exec('tasks.del' + 'ete(1)')",
        "vars(tasks)['del' + 'ete']('1')",
        "tasks.__dict__['del' + 'ete']('1')",
    ],
)
def test_a_computed_name_reaches_no_operation(runner: Run, code: str) -> None:
    outcome = runner().run(f"from unified import tasks\n{code}")
    assert outcome.state in ("rejected", "failed")
    assert "Changed" not in outcome.text


def test_concurrent_programs_of_an_agent_are_limited(runner: Run) -> None:
    made = runner(limits=Limits(concurrent=1))
    with made._counted(), pytest.raises(Conflict, match="1 programs of this agent run already"):
        made.run("1")


def test_a_durable_program_needs_stores(runner: Run) -> None:
    with pytest.raises(InvalidInput, match="programs are not stored here"):
        runner().run("1", key="k")


def test_denied_is_a_runtime_error(runner: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made = runner()
    client = made.api["tasks.get"].setting.client

    def run(*_: object) -> object:
        raise Denied("a policy forbids this")

    monkeypatch.setattr(client, "run", run)
    code = "from unified import tasks\ntry:\n    tasks.get('1')\nexcept RuntimeError as error:\n    x = str(error)\nx"
    assert made.run(code).value == "Denied: a policy forbids this"
