"""The three tools: search, read and run; and their size for a model."""

from __future__ import annotations

import json

import pytest

from tests.unit.programs.conftest import unconnected
from unified_platform.catalog import capabilities
from unified_platform.programs import program_tools
from unified_platform.programs.tools import RunProgram
from unified_platform.tools import Toolbox, formats, tools
from unified_platform.tools.results import tokens
from unified_runtime import api_key

EVERY = [entry.name for entry in capabilities.load()]


@pytest.fixture(scope="module")
def box() -> Toolbox:
    return tools(vendors=["jira", "asana"], toolsets=["tasks", "comments"], client=unconnected())


def test_they_cost_the_same_for_any_number_of_vendors(box: Toolbox) -> None:
    def size(made: Toolbox) -> int:
        return tokens(json.dumps([formats.openai(tool) for tool in program_tools(made)]))

    every = size(program_tools(tools(vendors=EVERY, client=unconnected())))
    assert size(program_tools(box)) == every
    assert every <= 1000


def test_search_returns_signatures(box: Toolbox) -> None:
    text = program_tools(box)["search_api"].call({"query": "close an issue"}).text
    assert "tasks.update(id, " in text


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
