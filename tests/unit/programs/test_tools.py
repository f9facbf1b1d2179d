"""The three tools: search, read and run; and their size for a model."""

from __future__ import annotations

import json

import pytest

from tests.unit.programs.conftest import unconnected
from unified_platform.catalog import capabilities
from unified_platform.programs import ProgramApi, program_tools
from unified_platform.programs.synopsis import TOKENS
from unified_platform.programs.tools import SEARCH_TOKENS, RunProgram
from unified_platform.tools import Toolbox, formats, tools
from unified_platform.tools.results import tokens
from unified_runtime import api_key

EVERY = [entry.name for entry in capabilities.load()]


@pytest.fixture(scope="module")
def box() -> Toolbox:
    return tools(vendors=["jira", "asana"], toolsets=["tasks", "comments"], client=unconnected())


@pytest.mark.parametrize("vendors", [EVERY, ["jira"], ["jira", "asana"], ["hubspot", "salesforce"], ["slack", "google-drive"]])
def test_they_have_at_most_1000_tokens_with_any_connections(vendors: list[str]) -> None:
    made = program_tools(tools(vendors=vendors, client=unconnected()))
    assert tokens(json.dumps([formats.openai(tool) for tool in made])) <= 1000
    text = made["run_program"].parameters["properties"]["code"]["description"]
    assert tokens(text) <= TOKENS
    modules = {path.rpartition(".")[0] for path in ProgramApi(tools(vendors=vendors, client=unconnected()))}
    assert all(module in text for module in modules), "each module is at least named"


def test_the_definition_has_the_functions(box: Toolbox) -> None:
    text = program_tools(box)["run_program"].parameters["properties"]["code"]["description"]
    lines = text.splitlines()
    assert "comments.create(task_id, body, via, internal?)" in lines
    assert "via: asana|jira" in lines
    assert any(line.startswith("Task: id, title, description, status, ") for line in lines)


def test_functions_of_documents_are_named_only() -> None:
    client = unconnected()
    client.connect("redmine", api_key("key"), url="https://redmine.example")
    box = tools(vendors=["redmine"], toolsets=["tasks", "redmine.api.issues"], client=client)
    text = program_tools(box)["run_program"].parameters["properties"]["code"]["description"]
    assert text.endswith("Other modules (search_api, read_api): api.redmine.issues")


def test_search_returns_stubs_of_the_best_matches(box: Toolbox) -> None:
    text = program_tools(box)["search_api"].call({"query": "close an issue"}).text
    assert "def update(id: str, *, via: Via, " in text
    assert "class Task:" in text
    assert tokens(text) <= SEARCH_TOKENS
    assert "Nothing fits" in program_tools(box)["search_api"].call({"query": "zzzz"}).text


def test_functions_beyond_the_limit_are_one_line_each(box: Toolbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_platform.programs.tools.SEARCH_TOKENS", 300)
    text = program_tools(box)["search_api"].call({"query": "list tasks and comments", "limit": 8}).text
    assert "def " in text
    assert "\n# tasks.get(id, " in text


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("tasks.create(titel='x', via='jira')", "def create(*, title: str, via: "),
        ("for t in tasks.list(via='jira'):\n    t.name", "    title: str | None\n"),
        ("tasks.lst()", "did you mean 'list'"),
    ],
)
def test_errors_come_with_the_stubs_that_help(box: Toolbox, code: str, expected: str) -> None:
    text = program_tools(box)["run_program"].call({"code": f"from unified import tasks\n{code}"}).text
    assert expected in text
    assert text.count("def ") <= 1, "only those that errors are about"
    assert tokens(text) <= 600


def test_stubs_of_functions_and_modules(box: Toolbox) -> None:
    read = program_tools(box)["read_api"]
    one = read.call({"names": ["tasks.get"]}).text
    assert "# from unified import tasks\n" in one
    assert "def get(id: str, *, via: " in one
    assert "def update" not in one
    assert "def update" in read.call({"names": ["tasks"]}).text
    assert read.call({"names": ["unified.tasks.get"]}).text == one
    assert "did you mean 'tasks'" in read.call({"names": ["task"]}).text


def test_stubs_are_smaller_than_schemas(box: Toolbox) -> None:
    schemas = tokens(json.dumps([formats.openai(tool) for tool in box if tool.definition.resource == "tasks"]))
    stub = tokens(program_tools(box)["read_api"].call({"names": ["tasks"]}).text)
    assert stub < 1.2 * schemas, "the stub has the fields of records in addition"


def test_operations_of_documents_are_modules_of_api() -> None:
    client = unconnected()
    client.connect("redmine", api_key("key"), url="https://redmine.example")
    made = program_tools(tools(vendors=["redmine"], toolsets=["tasks", "redmine.api.issues"], client=client))
    tool = made["run_program"]
    assert isinstance(tool, RunProgram)
    paths = [path for path in tool.runner.api if path.startswith("api.")]
    assert "api.redmine.issues.get_issue" in paths, paths
    text = made["read_api"].call({"names": ["api.redmine.issues.get_issue"]}).text
    assert "# from unified.api.redmine import issues\n" in text
    assert "def get_issue(" in text
    checked = tool.call(
        {"code": "from unified.api import redmine\nredmine.issues.get_issue(format='json', issue_id=1)['issue']", "dry_run": True}
    )
    assert "line 2: api.redmine.issues.get_issue (read, redmine)" in checked.text


@pytest.mark.parametrize("given", [{}, {"code": 1}, {"code": "1", "nope": 2}, []])
def test_wrong_arguments(box: Toolbox, given: object) -> None:
    assert program_tools(box)["run_program"].call(given).error == "InvalidInput"


def test_an_agent_without_tools(box: Toolbox) -> None:
    made = program_tools(Toolbox([]))
    assert made["run_program"].call({"code": "1 + 1"}).data["value"] == 2
