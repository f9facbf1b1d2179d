"""Search over unified operations and toolkits: vendors, equivalents, restriction and embeddings."""

from __future__ import annotations

import json
import math

import pytest
from click.testing import CliRunner

from tests.unit.toolkits.conftest import Server
from unified_platform.catalog import capabilities
from unified_platform.cli import main
from unified_platform.search.documents import OperationDocument
from unified_platform.search.operation_search import OperationSearch
from unified_platform.search.postings import Postings
from unified_platform.search.requests import parse
from unified_platform.search.summaries import phrase
from unified_platform.tools import ToolSearch, tools
from unified_platform.tools.search import search_operations
from unified_runtime import Client, InvalidInput

ALL = [entry.name for entry in capabilities.load()]


def names(query: str, limit: int = 5) -> list[str]:
    return [one.name for one in search_operations(query, limit=limit)]


def test_a_named_vendor_limits_the_search() -> None:
    assert all(name.startswith("jira") or "." in name for name in names("add a watcher in jira"))
    assert names("add a watcher in jira")[0] == "jira.addWatcher"
    assert {name.partition(".")[0] for name in names("pin the message on slack")[:2]} <= {"slack", "messages"}


@pytest.mark.parametrize(
    ("request_", "vendors"),
    [
        ("resend the mail", set()),
        ("send a mail with resend", {"resend"}),
        ("put a square on the board", set()),
        ("refund it in Square", {"square"}),
        ("what is up front in the queue", set()),
        ("create a google sheet", {"google-sheets"}),
        ("add a row in google sheets", {"google-sheets"}),
        ("tweet this", {"x-twitter"}),
        ("list my teams in microsoft teams", {"microsoft-graph"}),
    ],
)
def test_vendors_in_requests(request_: str, vendors: set[str]) -> None:
    known = ("resend", "square", "front", "google-sheets", "google-drive", "x-twitter", "microsoft-graph")
    assert parse(request_, known).vendors == vendors


def test_the_first_verb_decides_about_the_kind() -> None:
    assert parse("get rid of the card", ()).wish.kinds == {"delete"}
    assert parse("pin this message", ()).wish.acts
    assert parse("who is on call", ()).wish.reads
    assert parse("open issues in the repository", ()).wish.kinds == {"list"}
    assert parse("could you please delete it", ()).wish.kinds == {"delete"}


def test_a_phrase_is_found_without_its_small_words() -> None:
    assert "xero.getReportProfitAndLoss" in names("profit and loss in xero")


def test_a_word_of_the_same_family_is_found() -> None:
    documents = [OperationDocument(f"a.{noun}", f"GET /{noun}s", {noun: 3}, "list", 3, ("a",)) for noun in ("migration", "report")]
    search = OperationSearch([Postings(documents)])
    assert [one.name for one in search.search("which repositories are migrating")] == ["a.migration"]
    assert search.search("which repositories are mirrored") == []


def test_a_unified_operation_precedes_the_one_it_consists_of() -> None:
    found = names("comment on the jira issue", 10)
    assert found.index("comments.create") < found.index("jira.addComment")


def test_only_operations_of_the_toolset_are_found(client: Client, server: Server) -> None:
    search = ToolSearch(tools(client=client, toolsets=["shop.api.read"]))
    assert "shop_create_order" not in [one.name for one in search.search("create an order", 50)]
    assert "shop_get_order" in [one.name for one in search.search("create an order", 50)]


def test_a_function_for_embeddings_finds_what_shares_no_word() -> None:
    box = tools(client=Client(), vendors=ALL, toolsets=["tasks", "calendars"])

    def embed(texts: list[str]) -> list[list[float]]:
        return [[float("almanac" in text or "calendar" in text), 0.1] for text in texts]

    assert "calendars_list" not in [one.name for one in ToolSearch(box).search("almanac overview", 3)]
    assert ToolSearch(box, embed=embed).search("almanac overview", 3)[0].name.startswith("calendars_")


def test_an_embedding_is_requested_once_for_each_text() -> None:
    seen: list[str] = []

    def embed(texts: list[str]) -> list[list[float]]:
        seen.extend(texts)
        return [[1.0, math.sin(len(text))] for text in texts]

    search = ToolSearch(tools(client=Client(), vendors=ALL, toolsets=["tasks"]), embed=embed)
    search.search("close the ticket")
    search.search("close the ticket")
    assert len(seen) == len(set(seen))


def test_an_invalid_embedding_is_reported() -> None:
    search = ToolSearch(tools(client=Client(), vendors=ALL, toolsets=["tasks"]), embed=lambda texts: [[1.0]])
    with pytest.raises(InvalidInput, match="one vector for each text"):
        search.search("close the ticket")


@pytest.mark.parametrize(
    ("name", "endpoint", "expected"),
    [
        ("addWatcher", "POST /issue/{id}/watchers", "add watcher"),
        ("pulls/create", "POST /repos/{owner}/{repo}/pulls", "create pulls"),
        ("GET /users/{id}/events", "GET /users/{id}/events", "list events of user"),
        ("DELETE /hooks/{id}", "DELETE /hooks/{id}", "delete hook"),
    ],
)
def test_a_summary_is_made_from_the_name_and_path(name: str, endpoint: str, expected: str) -> None:
    assert phrase(name, endpoint) == expected


def test_the_command_searches_everything() -> None:
    result = CliRunner().invoke(main, ["search", "--json", "--vendor", "github", "open a pull request"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    names = [one["operation"] for one in found]
    assert names[0] == "pull_requests.create", "a unified operation before that of the document"
    assert "github.pulls/create" in names
    assert all("github" in one["vendors"] for one in found)
    assert CliRunner().invoke(main, ["search", "--vendor", "githb", "x"]).exit_code != 0
