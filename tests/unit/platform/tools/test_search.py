"""Search of tools by task."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import requests
from tests.support.tokens import tokens
from unified_platform.catalog import capabilities
from unified_platform.search.requests import parse
from unified_platform.tools import Discovery, ToolSearch, definitions, tools
from unified_runtime import InvalidInput

BOX = tools(vendors=[entry.name for entry in capabilities.load()])
SEARCH = ToolSearch(BOX)


def test_the_labelled_requests_are_what_they_should_be() -> None:
    assert len(requests.EVERY) >= 120
    assert len({request for request, _ in requests.EVERY}) == len(requests.EVERY)
    named = {name for _, names in requests.EVERY for name in names}
    assert named <= set(definitions()), "a request is labelled with a tool that is none"
    for half in (requests.TUNING, requests.TEST):
        assert len({name for _, names in half for name in names}) >= 0.8 * len(named)


def test_requests_find_their_tools() -> None:
    """Results are in docs/reference/benchmarks.md; these are lower bounds."""
    assert requests.recall(SEARCH, requests.TUNING, 3) >= 0.9
    assert requests.recall(SEARCH, requests.TEST, 3) >= 0.8
    assert requests.recall(SEARCH, requests.TEST, 5) >= 0.87


def test_a_result_costs_little() -> None:
    finder = Discovery(BOX)
    for request, _ in requests.EVERY:
        assert tokens(finder.search_tools(request).text) <= 400, request


@pytest.mark.parametrize(
    "query", ['"', "' OR 1=1 --", "NEAR(a b)", "name:x", "a AND", "*", "col*", "(", "-tasks", "^a", "🙂", "x" * 10_000, "\x00 a", "漢字"]
)
def test_no_query_breaks_the_index(query: str) -> None:
    """Any text of a model is read as words, and never as the index's own query language."""
    if parse(query, ()).concepts:
        assert isinstance(SEARCH.search(query), list)
        return
    with pytest.raises(InvalidInput, match="has no words to search for"):
        SEARCH.search(query)


@pytest.mark.parametrize(("query", "limit"), [(5, 5), (None, 5), ("a", 0), ("a", 51), ("a", True), ("a", "3")])
def test_invalid_queries(query: object, limit: object) -> None:
    with pytest.raises(InvalidInput):
        SEARCH.search(query, limit)  # type: ignore[arg-type]  # types that a model may send


def test_only_tools_that_the_agent_has_are_found() -> None:
    found = ToolSearch(tools(vendors=["jira"], toolsets="tasks.read")).search("delete the ticket", 50)
    assert {one.name for one in found} <= {"tasks_get", "tasks_list"}


def test_a_verb_moves_what_does_it_up() -> None:
    first = {verb: SEARCH.search(f"{verb} the contact", 1)[0].name for verb in ("delete", "update", "create")}
    assert first == {"delete": "contacts_delete", "update": "contacts_update", "create": "contacts_create"}


@pytest.mark.parametrize(("query", "tool"), [("show me ticket PROJ-123", "tasks_get"), ("assign AB-7 to Eva", "tasks_update")])
def test_the_key_of_an_issue_means_a_task(query: str, tool: str) -> None:
    """Tickets of help desks have numbers."""
    assert SEARCH.search(query, 1)[0].name == tool
    assert SEARCH.search("show me ticket 123", 1)[0].name == "tickets_get"


def test_threads_share_an_index() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: [one.name for one in SEARCH.search("close the bug")], range(200)))
    assert all(one == found[0] for one in found)


def test_the_three_tools_find_describe_and_call() -> None:
    finder = Discovery(tools(vendors=["jira"]))
    assert finder.search_tools("close the bug").data["tools"][0]["name"] == "tasks_update"
    assert finder.describe_tool("tasks_update").data["parameters"]["required"] == ["id"]
    assert "is not an argument of this tool" in finder.call_tool("tasks_update", {"id": "1", "titel": "a"}).text
    assert asyncio.run(finder.acall_tool("tasks_update", {})).text.startswith("id: is required")
    assert finder.search_tools("zyzzyva").text == "Nothing fits. Try other words, or fewer."
    assert finder.call("search_tool", {}).text == "There is no tool 'search_tool'; did you mean 'search_tools'?"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("list the deals that close this month", "deals_list"),  # a list has the fields of its records
        ("who commented on the story", "comments_list"),
        ("read the discussion of the issue", "comments_list"),
    ],
)
def test_structure_decides_between_operations_of_a_resource(text: str, first: str) -> None:
    assert ToolSearch(tools(vendors=[entry.name for entry in capabilities.load()])).search(text, 1)[0].name == first
