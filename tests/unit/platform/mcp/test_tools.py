"""`tools/list` and `tools/call`, as the official client sees them."""

from __future__ import annotations

import asyncio
from typing import Any

import jsonschema_rs
import pytest

from tests.unit.platform.mcp.conftest import ISSUE, Opened, connected, listed, refused
from tests.unit.runtime.server import Loopback, Reply
from unified_platform import mcp
from unified_platform.catalog import capabilities
from unified_platform.tools import DEFINITIONS, tools
from unified_runtime import basic

EVERY = tuple(entry.name for entry in capabilities.load())


def test_every_tool_comes_in_pages_once(opened: Opened) -> None:
    async def run() -> list[str]:
        names, cursor, pages = [], None, 0
        async with opened(profile=mcp.Profile(vendors=EVERY), page=7) as client:
            while True:
                found = await client.list_tools(cursor=cursor)
                assert len(found.tools) <= 7
                names += [tool.name for tool in found.tools]
                pages, cursor = pages + 1, found.next_cursor
                if cursor is None:
                    break
        assert pages == -(-len(names) // 7)
        return names

    assert tuple(asyncio.run(run())) == tools(vendors=EVERY).names


@pytest.mark.parametrize("allowed", [None, ("redmine", "hubspot", "jira", "zendesk")])
def test_only_connected_vendors_are_offered(opened: Opened, redmine: Loopback, allowed: tuple[str, ...] | None) -> None:
    async def run() -> list[Any]:
        client = connected(redmine)
        async with opened(profile=mcp.Profile(user="alice", vendors=allowed), client=client) as session:
            before = {tool.name: tool for tool in (await session.list_tools()).tools}
            client.connect("zendesk", basic("me", "token"), user="alice", subdomain="acme")
            after = {tool.name: tool for tool in (await session.list_tools()).tools}
            return [found["tasks_create"].input_schema["properties"].get("via") for found in (before, after)]

    assert asyncio.run(run()) == [None, {"type": "string", "enum": ["redmine", "zendesk"]}]


@pytest.mark.parametrize("cursor", ["", "!", "bm9uZQ", "ü"])
def test_a_cursor_that_is_none(opened: Opened, cursor: str) -> None:
    async def run() -> None:
        async with opened() as client:
            assert "none that this server gave" in (await refused(client.list_tools(cursor=cursor))).message

    asyncio.run(run())


def test_annotations_follow_from_effects(opened: Opened) -> None:
    async def run() -> dict[str, Any]:
        async with opened() as client:
            return {tool.name: tool.annotations for tool in (await client.list_tools()).tools}

    found = asyncio.run(run())
    assert (found["tasks_get"].read_only_hint, found["tasks_get"].destructive_hint) == (True, False)
    assert (found["tasks_update"].read_only_hint, found["tasks_update"].destructive_hint) == (False, False)
    assert (found["tasks_delete"].destructive_hint, found["tasks_delete"].idempotent_hint) == (True, True)
    assert found["tasks_create"].idempotent_hint is False


def test_results_match_their_schema(opened: Opened, redmine: Loopback) -> None:
    async def run() -> None:
        async with opened() as client:
            schemas = {tool.name: tool.output_schema for tool in (await client.list_tools()).tools}
            redmine.answers(Reply.of({"issue": ISSUE}), listed(1, 2, total=2), Reply(204, b""))
            for name, given in (("tasks_get", {"id": "1"}), ("tasks_list", {"project_id": "3"}), ("tasks_delete", {"id": "1"})):
                result = await client.call_tool(name, given)
                assert not result.is_error
                judge = jsonschema_rs.validator_for(schemas[name], validate_formats=True)
                judge.validate(result.structured_content)
                assert not judge.is_valid({"nothing": "of it"}), "a schema that takes everything proves nothing"

    asyncio.run(run())


def test_a_mistake_is_a_result_and_an_unknown_tool_is_none(opened: Opened, redmine: Loopback) -> None:
    async def run() -> None:
        async with opened() as client:
            mistaken = await client.call_tool("tasks_create", {"title": "a", "project_id": "3", "priority": "highest"})
            assert mistaken.is_error
            assert "'highest' is not one of low, medium, high, urgent" in mistaken.content[0].text
            assert mistaken.structured_content is None
            unknown = await refused(client.call_tool("task_create", {}))
            assert (unknown.code, unknown.message) == (-32602, "Unknown tool: task_create; did you mean 'tasks_create'?")
        assert not redmine.seen

    asyncio.run(run())


def test_forbidden_tools_do_not_exist(opened: Opened, redmine: Loopback) -> None:
    async def run() -> None:
        async with opened(profile=mcp.Profile(user="alice", toolsets=("tasks.read",))) as client:
            assert {tool.name for tool in (await client.list_tools()).tools} == {"tasks_get", "tasks_list"}
            assert "Unknown tool" in (await refused(client.call_tool("tasks_delete", {"id": "1"}))).message
        assert not redmine.seen

    asyncio.run(run())


def test_a_long_list_reports_its_progress(opened: Opened, redmine: Loopback) -> None:
    received: list[tuple[float, float | None]] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        received.append((done, total))

    async def run() -> Any:
        redmine.answers(
            listed(*range(1, 101), total=250),
            listed(*range(101, 201), total=250, offset=100),
            listed(*range(201, 251), total=250, offset=200),
        )
        async with opened(result_tokens=100_000) as client:
            return await client.call_tool("tasks_list", {"project_id": "3", "limit": 250}, progress_callback=progress)

    result = asyncio.run(run())
    assert [one["id"] for one in result.structured_content["items"]] == [str(number) for number in range(1, 251)]
    assert "cursor" not in result.structured_content
    assert received == sorted(set(received)), "it only increases"
    assert received[-1] == (250, 250)


def test_a_call_is_cancelled(opened: Opened, redmine: Loopback) -> None:
    """The client stops waiting for the vendor, and the session continues."""

    async def run() -> None:
        async with opened() as client:
            redmine.answers(Reply.of({"issue": ISSUE}), Reply.of({"issue": ISSUE}))
            redmine.script[0] = Reply(200, redmine.script[0].body, redmine.script[0].headers, delay=20)
            calling = asyncio.create_task(client.call_tool("tasks_get", {"id": "1"}))
            while not redmine.seen:  # noqa: ASYNC110  the vendor is a thread
                await asyncio.sleep(0.01)
            calling.cancel()
            with pytest.raises(asyncio.CancelledError):
                await calling
            result = await asyncio.wait_for(client.call_tool("tasks_get", {"id": "1"}), 10)
            assert result.structured_content["title"] == "One"

    asyncio.run(run())


def test_three_tools_for_all(opened: Opened, redmine: Loopback) -> None:
    async def run() -> None:
        async with opened(search=True) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == [one["name"] for one in DEFINITIONS]
            found = await client.call_tool("search_tools", {"query": "look at one ticket"})
            assert "tasks_get" in [one["name"] for one in found.structured_content["tools"]]
            described = await client.call_tool("describe_tool", {"name": "tasks_get"})
            assert described.structured_content["parameters"]["required"] == ["id"]
            redmine.answers(Reply.of({"issue": ISSUE}))
            called = await client.call_tool("call_tool", {"name": "tasks_get", "arguments": {"id": "1"}})
            assert called.structured_content["title"] == "One"
            for name, given, expected in (
                ("search_tools", {"query": ""}, "has no words"),
                ("search_tools", {"query": "x", "limit": 99}, "from 1 to 50"),
                ("describe_tool", {"name": "task_get"}, "did you mean 'tasks_get'?"),
                ("call_tool", {"name": "tasks_get"}, "arguments: is required"),
                ("call_tool", {"name": "task_get", "arguments": {}}, "did you mean 'tasks_get'?"),
            ):
                failed = await client.call_tool(name, given)
                assert failed.is_error
                assert expected in failed.content[0].text
            assert "Unknown tool" in (await refused(client.call_tool("tasks_get", {"id": "1"}))).message

    asyncio.run(run())


def test_programs_are_three_tools(opened: Opened, redmine: Loopback) -> None:
    redmine.answers(listed(1, 2, total=2))

    async def run() -> tuple[list[str], Any]:
        async with opened(programs=True) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            code = "from unified.aio import tasks\n[task.id for task in await tasks.list()]"
            return names, await client.call_tool("run_program", {"code": code})

    names, result = asyncio.run(run())
    assert names == ["search_api", "read_api", "run_program"]
    assert result.structured_content["value"] == ["1", "2"]
    assert result.is_error is False


def test_operations_of_toolkits_are_listed_after_the_catalogs(opened: Opened) -> None:
    async def run() -> list[str]:
        async with opened(profile=mcp.Profile(user="alice", toolsets=("tasks", "redmine.api.issues"))) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    names = asyncio.run(run())
    assert names[0] == "tasks_create"
    assert "redmine_get_issue" in names
