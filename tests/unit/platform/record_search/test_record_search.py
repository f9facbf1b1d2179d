"""Search across vendors: each vendor's own search, merged and bounded, with what failed."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

import unified
from tests.unit.runtime.policies import Engine
from unified_platform.record_search import SearchResults
from unified_platform.record_search.results import Failure, SearchSource, merged
from unified_runtime import AsyncClient, Client, InvalidInput, PolicyEnforcer, Unavailable, acting, api_key, bearer, using
from unified_runtime.core.policy_decisions import allow, deny
from unified_runtime.core.records import Record


class Servers:
    """Redmine and Todoist with tasks and projects of these titles, which search as they do."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []
        self.broken: set[str] = set()
        self.hangs: threading.Event | None = None
        self.more = False

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if request.url.path in self.broken:
            return httpx2.Response(403, json={"errors": ["no"]})
        if self.hangs is not None and "todoist" in request.url.host:
            self.hangs.wait(30)
        if request.url.path == "/issues.json":
            issues = [{"id": number, "subject": f"Renewal {number}", **ISSUE} for number in (1, 2)]
            return httpx2.Response(200, json={"issues": issues, "total_count": 200 if self.more else 2, "offset": 0, "limit": 2})
        if request.url.path == "/projects.json":
            return httpx2.Response(200, json={"projects": [], "total_count": 0, "offset": 0, "limit": 25})
        if request.url.path == "/users.json":
            return httpx2.Response(200, json={"users": [], "total_count": 0, "offset": 0, "limit": 25})
        if "tasks" in request.url.path:
            return httpx2.Response(200, json={"results": [{**TASK, "id": "t1", "content": "Acme renewal"}], "next_cursor": None})
        return httpx2.Response(200, json={"results": [], "next_cursor": None})


ISSUE: dict[str, Any] = {"project": {"id": 3}, "status": {"id": 1, "name": "New", "is_closed": False}, "tracker": {"id": 1}}
TASK = {"project_id": "p1", "labels": [], "checked": False, "priority": 1, "description": "", "added_at": "2026-01-01T00:00:00Z"}


@pytest.fixture
def servers() -> Servers:
    return Servers()


@pytest.fixture
def client(servers: Servers) -> Iterator[Client]:
    client = Client(httpx2.MockTransport(servers))
    client.connect("redmine", api_key("key"), url="https://redmine.example", user="alice")
    client.connect("todoist", bearer("token"), user="alice")
    with using(client), acting(user="alice"):
        yield client


def found(results: SearchResults) -> list[tuple[str, str, str, str]]:
    return [(hit.resource, hit.vendor, hit.id, hit.title) for hit in results]


def test_every_connected_vendor_is_searched(client: Client, servers: Servers) -> None:
    results = unified.search("renewal")
    assert found(results) == [
        ("tasks", "redmine", "1", "Renewal 1"),
        ("tasks", "todoist", "t1", "Acme renewal"),
        ("tasks", "redmine", "2", "Renewal 2"),
    ]
    assert results.failures == ()
    assert ("projects", "redmine") in results.sources
    assert {vendor for _, vendor in results.sources} == {"redmine", "todoist"}
    (request,) = (one for one in servers.requests if one.url.path == "/issues.json")
    assert "renewal" in request.url.query.decode()


def test_the_async_search_is_the_same(client: Client, servers: Servers) -> None:
    async def run() -> list[tuple[str, str, str, str]]:
        async with AsyncClient(httpx2.MockTransport(servers), connections=client.connections) as one, using(one):
            return found(await unified.aio.search("renewal", resources=["tasks"]))

    assert asyncio.run(run()) == found(unified.search("renewal", resources=["tasks"]))


def test_resources_vendors_and_limit(client: Client, servers: Servers) -> None:
    results = unified.search("renewal", resources=["tasks"], vendors=["redmine"], limit=1)
    assert found(results) == [("tasks", "redmine", "1", "Renewal 1")]
    assert results.sources == (("tasks", "redmine"),)
    assert results.more
    assert not unified.search("renewal", resources=["tasks"]).more
    servers.more = True
    assert unified.search("renewal", resources=["tasks"]).more


def test_failures_are_reported(client: Client, servers: Servers) -> None:
    servers.broken = {"/issues.json"}
    results = unified.search("renewal", resources=["tasks"])
    assert [hit.vendor for hit in results] == ["todoist"]
    ((resource, vendor, error),) = results.failures
    assert (resource, vendor, type(error).__name__) == ("tasks", "redmine", "Forbidden")
    assert ("tasks", "redmine") in results.sources


def test_a_slow_vendor_is_left_out(client: Client, servers: Servers) -> None:
    servers.hangs = threading.Event()
    results = unified.search("renewal", resources=["tasks"], timeout=1.0)
    servers.hangs.set()
    assert [hit.vendor for hit in results] == ["redmine", "redmine"]
    ((_, vendor, error),) = results.failures
    assert (vendor, type(error), error.retry_safe) == ("todoist", Unavailable, True)


def test_a_policy_decides_on_each_search(client: Client, servers: Servers) -> None:
    engine = Engine(lambda question: deny("not here") if question.vendor == "redmine" else allow())
    results = unified.search("renewal", resources=["tasks"], client=client.with_policy(PolicyEnforcer(engine)))
    assert [hit.vendor for hit in results] == ["todoist"]
    assert [type(one.error).__name__ for one in results.failures] == ["Denied"]
    assert all("todoist" in request.url.host for request in servers.requests)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"text": " "}, "give what to search for"),
        ({"limit": 0}, "limit is a whole number"),
        ({"resources": ["task"]}, "did you mean 'tasks'"),
        ({"vendors": ["redmin"]}, "did you mean 'redmine'"),
        ({"resources": ["emails"]}, "nothing that is connected can be searched"),
        ({"vendors": ["jira"]}, "nothing that is connected can be searched"),
    ],
)
def test_wrong_arguments(client: Client, servers: Servers, given: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        unified.search(**{"text": "renewal", **given})
    assert servers.requests == []


class Note(Record):
    id: str
    text: str | None = None


def test_records_are_merged_alternately_and_once() -> None:
    notes = [Note(id=str(number), text=f"note {number}") for number in range(3)]
    names, contents = SearchSource("files.search", "drive", "text"), SearchSource("files.search_content", "drive", "text")
    failure = Failure("tasks", "jira", Unavailable("down"))
    results = merged([(names, notes[:2], False), (contents, [notes[1], notes[2]], False)], [failure], 10)
    assert [hit.id for hit in results] == ["0", "1", "2"]
    assert results.sources == (("files", "drive"), ("tasks", "jira"))
    assert not results.more
    assert json.dumps([hit.title for hit in results[:1]]) == '["note 0"]'
    assert merged([(names, notes, False)], [], 2).more
