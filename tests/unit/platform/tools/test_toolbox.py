"""An agent's tools: those of its toolset, via its vendors, with the arguments that these accept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.tokens import tokens
from unified_platform.catalog import capabilities
from unified_platform.tools import Toolbox, definitions, tools
from unified_platform.tools.toolbox import aliases
from unified_runtime import Client, InvalidInput, api_key, basic

RELEASED = json.loads((Path(__file__).parent / "released.json").read_text())


def names(box: Toolbox) -> set[str]:
    return set(box.names)


def test_arguments_that_no_vendor_accepts_are_hidden() -> None:
    jira = tools(vendors=["jira"])
    assert "start_date" in definitions()["tasks_create"].parameters["properties"]
    assert "start_date" not in jira["tasks_create"].parameters["properties"], "a gap of Jira's"
    assert "start_date" in tools(vendors=["jira", "asana"])["tasks_create"].parameters["properties"], "Asana takes it"
    assert jira["tasks_list"].parameters["properties"]["status"]["enum"] == ["open", "in_progress", "done"]
    both = tools(vendors=["jira", "github"])["tasks_list"].parameters["properties"]
    assert "canceled" in both["status"]["enum"], "GitHub has it"


def test_one_vendor_leaves_nothing_to_choose_and_what_it_needs_is_required() -> None:
    one = tools(vendors=["jira"])["tasks_create"].parameters
    assert "via" not in one["properties"]
    assert one["required"] == ["title", "project_id"]
    two = tools(vendors=["jira", "asana"])["tasks_create"].parameters
    assert two["properties"]["via"]["enum"] == ["asana", "jira"]
    assert two["required"] == ["title", "via"]


def test_toolsets_choose_operations_and_vendors() -> None:
    every = [entry.name for entry in capabilities.load()]
    assert names(tools(vendors=every, toolsets=["tasks.read"])) == {"tasks_get", "tasks_list"}
    assert {name.partition("_")[0] for name in tools(vendors=every, toolsets="comments").names} == {"comments"}
    box = tools(vendors=every, toolsets=["jira", "trello.tasks.create"])
    assert box["tasks_create"].vendors == ("jira", "trello")
    assert box["tasks_get"].vendors == ("jira",)


def test_vendors_are_those_that_the_user_has_connected() -> None:
    client = Client()
    client.connect("jira", basic("a@example.test", "token"), user="alice", site="acme")
    client.connect("redmine", api_key("key"), url="https://redmine.test")
    assert {vendor for tool in tools(user="alice", client=client) for vendor in tool.vendors} == {"jira"}
    assert {vendor for tool in tools(client=client) for vendor in tool.vendors} == {"redmine"}
    with pytest.warns(UserWarning, match="in this client. Connect a vendor"):
        assert len(tools(user="bob", client=client)) == 0
    named = tools(user="alice", vendors=["jira", "trello"], client=client)
    assert {vendor for tool in named for vendor in tool.vendors} == {"jira"}, "alice is not connected to Trello"
    assert "via" not in named["tasks_create"].parameters["properties"]
    assert tools(user="bob", vendors=["jira", "trello"], client=client)["tasks_create"].vendors == ("jira", "trello")


def test_slips_are_reported() -> None:
    with pytest.raises(InvalidInput, match="there is no vendor 'jirra'; did you mean 'jira'"):
        tools(vendors=["jirra"])
    with pytest.raises(InvalidInput, match="tasks has no field 'titel'; did you mean 'title'"):
        tools(vendors=["jira"], fields={"tasks": ["titel"]})
    assert tools(vendors=["jira"]).call("task_create", {}).text == "There is no tool 'task_create'; did you mean 'tasks_create'?"


def test_a_name_that_was_released_can_still_be_called() -> None:
    """Prompts and traces refer to names: a removed one is listed in `aliases.json` with its replacement."""
    now = set(definitions())
    assert set(aliases().values()) <= now
    assert not set(aliases()) & now
    assert {aliases().get(name, name) for name in RELEASED} <= now


def test_token_budgets() -> None:
    def cost(box: Toolbox) -> int:
        return sum(tokens(json.dumps([one.name, one.description, one.parameters], separators=(",", ":"))) for one in box)

    assert cost(tools(vendors=["jira"], toolsets="tasks")) <= 650
    assert cost(tools(vendors=["asana", "jira", "trello"], toolsets="tasks")) <= 850
    for entry in capabilities.load():
        assert cost(tools(vendors=[entry.name])) <= 6000, entry.name


def test_a_catalog_of_a_hundred_vendors_adds_nothing_to_the_tools_of_an_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    client.connect("jira", basic("a@example.test", "token"), site="acme")
    client.connect("redmine", api_key("key"), url="https://redmine.test")
    before = {tool.name: tool.parameters for tool in tools(client=client)}
    assert before["tasks_create"]["properties"]["via"]["enum"] == ["jira", "redmine"]
    entries = capabilities.load()
    jira = next(entry for entry in entries if entry.name == "jira")
    entries += tuple(replace(jira, name=f"jira-{number}") for number in range(100))
    monkeypatch.setattr(capabilities, "load", lambda: entries)
    assert {tool.name: tool.parameters for tool in tools(client=client)} == before
