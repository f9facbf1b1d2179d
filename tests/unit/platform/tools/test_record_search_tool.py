"""Tool that searches the records of all vendors: its sources are the agent's own tools, and each search is a call of its own."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from tests.unit.platform.record_search.test_record_search import Servers
from tests.unit.runtime.policies import Engine
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.programs.runner import ProgramRunner
from unified_platform.tools import Toolbox, ToolSearch, tools
from unified_platform.tools.results import FRAME, tokens_of
from unified_runtime import AsyncClient, Client, PolicyEnforcer, api_key, bearer
from unified_runtime.core.policy_decisions import allow, deny

NAME = "records_search"


@pytest.fixture
def servers() -> Servers:
    return Servers()


@pytest.fixture
def client(servers: Servers) -> Client:
    client = Client(httpx2.MockTransport(servers))
    client.connect("redmine", api_key("key"), url="https://redmine.example", user="alice")
    client.connect("todoist", bearer("token"), user="alice")
    return client


def toolbox(client: Client, **options: Any) -> Toolbox:
    return tools(**{"user": "alice", "agent": "helper", "client": client, **options})


def ids(data: Any) -> list[tuple[str, str]]:
    return [(one["vendor"], one["id"]) for one in data["items"]]


def test_records_of_all_vendors_are_found(client: Client) -> None:
    result = toolbox(client).call(NAME, {"text": "renewal"})
    assert result.data == {
        "items": [
            {"resource": "tasks", "vendor": "redmine", "id": "1", "title": "Renewal 1", "url": "https://redmine.example/issues/1"},
            {"resource": "tasks", "vendor": "todoist", "id": "t1", "title": "Acme renewal", "url": "https://app.todoist.com/app/task/t1"},
            {"resource": "tasks", "vendor": "redmine", "id": "2", "title": "Renewal 2", "url": "https://redmine.example/issues/2"},
        ]
    }
    assert result.text.startswith('<data from="redmine, todoist">')
    assert result.untrusted == ("/items",)


def test_only_what_the_agents_other_tools_may_search(client: Client, servers: Servers) -> None:
    box = toolbox(client, toolsets=["tasks.read", "projects.read"])
    assert box[NAME].parameters["properties"]["resources"]["items"]["enum"] == ["projects", "tasks"]
    box.call(NAME, {"text": "renewal", "resources": ["tasks"]})
    assert {request.url.path.rpartition("/")[2] for request in servers.requests} == {"issues.json", "tasks"}
    for toolsets in (["tasks.create"], ["tasks.read"], ["redmine", "todoist.tasks.create"], ["redmine"]):
        assert NAME not in toolbox(client, toolsets=toolsets), toolsets
    permit = '@id("{0}") permit (principal, action == Action::"{0}.list", resource);'
    lists = CedarPolicies({"p.cedar": permit.format("tasks") + permit.format("projects")})
    box = toolbox(client.with_policy(PolicyEnforcer(lists)))
    assert box[NAME].parameters["properties"]["resources"]["items"]["enum"] == ["projects", "tasks"]
    one = CedarPolicies({"p.cedar": permit.format("tasks")})
    assert NAME not in toolbox(client.with_policy(PolicyEnforcer(one)))


def test_arguments_select_and_limit(client: Client, servers: Servers) -> None:
    box = toolbox(client)
    result = box.call(NAME, {"text": "renewal", "resources": ["tasks"], "vendors": ["redmine"], "limit": 1})
    assert (ids(result.data), result.data["more"]) == ([("redmine", "1")], True)
    sent = len(servers.requests)
    for given in ({"text": " "}, {"text": "a", "resources": ["task"]}, {"text": "a", "limit": 51}, {}):
        failed = box.call(NAME, given)
        assert (failed.failed, failed.error) == (True, "InvalidInput"), given
    assert len(servers.requests) == sent


def test_a_result_fits_into_the_tokens(client: Client) -> None:
    tool = toolbox(client, result_tokens=90)[NAME]
    result = tool.call({"text": "renewal", "resources": ["tasks"]})
    assert tokens_of(result.data) + FRAME <= 90
    assert (len(result.data["items"]), result.data["more"]) == (1, True)


def test_the_policy_decides_on_each_search(client: Client, servers: Servers) -> None:
    engine = Engine(lambda question: deny("not here") if question.vendor == "redmine" else allow())
    result = toolbox(client.with_policy(PolicyEnforcer(engine))).call(NAME, {"text": "renewal", "resources": ["tasks"]})
    assert ids(result.data) == [("todoist", "t1")]
    assert result.data["failures"] == [{"resource": "tasks", "vendor": "redmine", "error": "Denied"}]
    assert all("todoist" in request.url.host for request in servers.requests)


def test_it_is_the_same_for_async_code(client: Client, servers: Servers) -> None:
    async def run() -> Any:
        async with AsyncClient(httpx2.MockTransport(servers), connections=client.connections) as one:
            found = tools(user="alice", async_client=one)[NAME]
            assert not await found.aneeds_approval({"text": "renewal"})
            return (await found.acall({"text": "renewal"})).data

    assert asyncio.run(run()) == toolbox(client).call(NAME, {"text": "renewal"}).data


def test_programs_call_it(client: Client, servers: Servers) -> None:
    code = "from unified import records\nfound = records.search(text='renewal', resources=['tasks'])\n[one['id'] for one in found['items']]"
    assert ProgramRunner(list(toolbox(client))).run(code).value == ["1", "t1", "2"]
    wrong = ProgramRunner(list(toolbox(client))).run("from unified import records\nrecords.search(text='renewal', resources=['task'])")
    assert wrong.state == "rejected"

    async def run() -> Any:
        async with AsyncClient(httpx2.MockTransport(servers), connections=client.connections) as one:
            return (await ProgramRunner(list(tools(user="alice", async_client=one))).arun(code)).value

    assert asyncio.run(run()) == ["1", "t1", "2"]


@pytest.mark.parametrize("text", ["search all apps for renewal", "search everywhere for acme", "find anything about acme in all apps"])
def test_it_is_found_by_task(client: Client, text: str) -> None:
    assert NAME in [one.name for one in ToolSearch(toolbox(client)).search(text, 3)]
