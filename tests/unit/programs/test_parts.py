"""Stubs, analysis, loops over pages, values and the store of programs."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.programs.conftest import unconnected
from unified_platform.programs import ProgramApi, ProgramStore, open_program_store
from unified_platform.programs.analysis import analyze
from unified_platform.programs.journal import Diverged, Entry, Journal, digest
from unified_platform.programs.paging import rewrite
from unified_platform.programs.store import Contained, Owner
from unified_platform.programs.stubs import module_stub
from unified_platform.programs.values import FileHandle, argument, portable, result, to_sandbox
from unified_platform.store.errors import StoreDamaged
from unified_platform.tools import tools
from unified_runtime.core.errors import Conflict, InvalidInput, NotFound


@pytest.fixture(scope="module")
def api() -> ProgramApi:
    return ProgramApi(tools(vendors=["jira", "asana"], toolsets=["tasks", "comments", "events"], client=unconnected()))


# -------------------------------------------------------------------------------------------------------- stubs
def test_a_stub_has_what_the_vendors_accept(api: ProgramApi) -> None:
    text = module_stub(api.functions("tasks"))
    ast.parse(text)
    assert "class Task:" in text
    assert "    due_date: date | None" in text
    assert "Via = Literal['asana', 'jira']" in text
    assert "def get(id: str, *, via:" in text
    assert "# create on asana: no " in text


def test_with_one_vendor_there_is_no_via() -> None:
    text = module_stub(ProgramApi(tools(vendors=["jira"], toolsets=["tasks"], client=unconnected())).functions("tasks"))
    assert "via" not in text
    assert "def create(*, title: str, project_id: str," in text, "Jira needs the project"


def test_coroutines_have_the_same_signatures(api: ProgramApi) -> None:
    text = module_stub(api.functions("comments"), asynchronous=True)
    assert text.count("async def ") == len(api.functions("comments"))


def test_values_that_occur_twice_have_a_name(api: ProgramApi) -> None:
    text = module_stub(api.functions("tasks"))
    assert text.count("'urgent'") == 1
    assert "priority: Priority = ..." in text


# -------------------------------------------------------------------------------------------------------- analysis
@pytest.mark.parametrize(
    "code",
    [
        "from unified import tasks\ntasks.create(title='x')",
        "from unified import tasks as t\nt.create(title='x')",
        "import unified\nunified.tasks.create(title='x')",
        "import unified as u\nu.tasks.create(title='x')",
        "from unified.tasks import create\ncreate(title='x')",
        "from unified import tasks\nmake = tasks\nmake.create(title='x')",
        "from unified import tasks\ngetattr(tasks, 'create')(title='x')",
    ],
)
def test_uses_of_a_function_are_found(api: ProgramApi, code: str) -> None:
    assert {use.path for use in analyze(code, api).uses} == {"tasks.create"}


def test_uses_have_their_first_line(api: ProgramApi) -> None:
    found = analyze("from unified import tasks\n\ntasks.get('1')\ntasks.get('2')", api)
    assert [(use.path, use.line) for use in found.uses] == [("tasks.get", 3)]


def test_functions_that_do_not_exist_are_reported(api: ProgramApi) -> None:
    found = analyze("from unified import tasks, deals\ntasks.lst()", api)
    assert {(use.path, use.line) for use in found.unknown} == {("tasks.lst", 2), ("deals", 1)}


def test_source_that_is_not_python(api: ProgramApi) -> None:
    with pytest.raises(InvalidInput, match="line 2"):
        analyze("x = 1\nx = = 2", api)


# -------------------------------------------------------------------------------------------------------- loops
def test_loops_over_lists_fetch_pages(api: ProgramApi) -> None:
    loop = "for task in tasks.list(status='open'):\n    if task.id == '1':\n        break\n    print(task.id)\n"
    code = f"from unified import tasks\n{loop}print('end')"
    made = rewrite(code, analyze(code, api), api)
    assert "tasks.pages_of_list(status='open')" in made.code
    last = made.code.splitlines().index("print('end')") + 1
    assert made.line(last) == 6


def test_loops_over_lists_run_as_before(api: ProgramApi) -> None:
    code = """
from unified import tasks
seen = []
for outer in range(2):
    for task in tasks.list():
        if task == 3:
            continue
        if task == 5:
            break
        seen.append(task)
    seen.append("end")
"""
    made = rewrite(code, analyze(code, api), api).code.replace("from unified import tasks\n", "")
    pages = {None: ([1, 2, 3], "a"), "a": ([4, 5], "b"), "b": ([6], None)}
    requested: list[object] = []

    class Page:
        def __init__(self, rest: str | None) -> None:
            requested.append(rest)
            self.items, self.rest = pages[rest]

    class Tasks:
        @staticmethod
        def pages_of_list(rest: str | None = None) -> Page:
            return Page(rest)

    names: dict[str, object] = {"tasks": Tasks}
    exec(made, names)
    assert names["seen"] == [1, 2, 4, "end", 1, 2, 4, "end"]
    assert requested == [None, "a", None, "a"], "the page after the break is not requested"


@pytest.mark.parametrize("code", ["for x in [1, 2]:\n    x", "from unified import tasks\nfor x in tasks.list():\n    x\nelse:\n    1"])
def test_other_loops_stay_as_they_are(api: ProgramApi, code: str) -> None:
    assert rewrite(code, analyze(code, api), api).code == code


# -------------------------------------------------------------------------------------------------------- values
def test_values_survive_the_journal() -> None:
    value = {"at": datetime(2026, 1, 2, tzinfo=UTC), "day": date(2026, 1, 2), "n": Decimal("1.50"), "l": [1, None, True]}
    assert to_sandbox(portable(value), lambda *_: "") == value


def test_a_vendors_keys_are_not_marks() -> None:
    hostile = {"$file": {"source": {"tool": "files.download", "arguments": {"id": "1"}}}, "$$time": "x"}
    assert to_sandbox(portable(hostile), lambda *_: "") == hostile


def test_arguments_are_plain() -> None:
    assert argument({"due": date(2026, 1, 2), "ids": {"a"}, "n": Decimal("2.5")}) == {"due": "2026-01-02", "ids": ["a"], "n": "2.5"}
    with pytest.raises(InvalidInput, match="is not an argument"):
        argument(object())


def test_results_have_no_empty_fields() -> None:
    assert result({"a": [date(2026, 1, 2), b"xy"], "file": FileHandle({}, "a.txt", 3, "text/plain")}) == {
        "a": ["2026-01-02", "2 bytes"],
        "file": {"file": "a.txt", "size": 3, "media_type": "text/plain"},
    }


# -------------------------------------------------------------------------------------------------------- journal and store
def test_a_journal_reports_another_call_at_a_position() -> None:
    journal = Journal({1: Entry("tasks.get", digest({"id": "1"}), "x")})
    assert journal.find(1, "tasks.get", digest({"id": "1"})) is not None
    with pytest.raises(Diverged, match="call 1 was tasks"):
        journal.find(1, "tasks.list", digest({}))


@pytest.fixture
def store(tmp_path: Path) -> ProgramStore:
    return open_program_store(tmp_path / "p.db", key=f"file:{tmp_path / 'key'}")


OWNER = Owner("default", "ada", None, "helper")


def test_a_program_is_stored_sealed(store: ProgramStore, tmp_path: Path) -> None:
    token = store.begin("a" * 16, OWNER, "k", "hash", Contained("secret_source"), retain=60)
    store.add("a" * 16, token, 1, Entry("tasks.get", "d", "secret_value"))
    assert store.end("a" * 16, token, "paused", Contained("secret_source", reason="approval"), approval="x", line=3)
    store.close()
    assert not any(text in file.read_bytes() for file in tmp_path.iterdir() for text in (b"secret_source", b"secret_value"))
    again = open_program_store(tmp_path / "p.db", key=f"file:{tmp_path / 'key'}")
    found = again.find(OWNER, "k")
    assert found is not None
    assert (found.status, found.line, found.content.code) == ("paused", 3, "secret_source")
    assert again.entries(found.id) == {1: Entry("tasks.get", "d", "secret_value")}


def test_an_entry_that_was_moved_or_altered_does_not_open(store: ProgramStore) -> None:
    token = store.begin("a" * 16, OWNER, None, "hash", Contained("1"), retain=60)
    store.add("a" * 16, token, 1, Entry("tasks.get", "d", "x"))
    with store._database.writing("programs") as session:
        session.run("UPDATE program_calls SET number = 2")
    with pytest.raises(StoreDamaged, match="was altered"):
        store.entries("a" * 16)


def test_a_lease_excludes_others_until_it_ends(store: ProgramStore) -> None:
    token = store.begin("a" * 16, OWNER, "k", "hash", Contained("1"), retain=60)
    with pytest.raises(Conflict, match="runs in another process"):
        store.acquire("a" * 16)
    with store._database.writing("programs") as session:
        session.run("UPDATE programs SET leased_until = 0")
    other = store.acquire("a" * 16)
    assert not store.renew("a" * 16, token)
    with pytest.raises(Conflict, match="taken over"):
        store.add("a" * 16, token, 1, Entry("x", "d"))
    assert not store.end("a" * 16, token, "completed", Contained("1"))
    assert store.end("a" * 16, other, "completed", Contained("1"))


def test_canceling(store: ProgramStore) -> None:
    token = store.begin("a" * 16, OWNER, None, "hash", Contained("1"), retain=60)
    with pytest.raises(Conflict, match="is running"):
        store.cancel("aaaa")
    store.end("a" * 16, token, "paused", Contained("1"))
    assert store.cancel("aaaa").status == "canceled"
    with pytest.raises(Conflict, match="is canceled"):
        store.acquire("a" * 16)
    with pytest.raises(NotFound):
        store.get("bbbb")
