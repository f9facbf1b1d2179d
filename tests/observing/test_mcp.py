"""`unified mcp --log json`: calls of a client's tools are written to standard error, and only the protocol to standard output."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from tests.unit.platform.mcp.conftest import ISSUE
from tests.unit.platform.mcp.test_command import COMMAND, environment
from tests.unit.runtime.server import Loopback, Reply


def test_calls_of_tools_are_logged(server: Loopback, tmp_path: Path) -> None:
    command = [*COMMAND, "--user", "alice", "--agent", "helper", "--toolsets", "tasks.read", "--log", "json"]
    server.answers(Reply.of({"issue": ISSUE}), Reply(404))

    async def run() -> None:
        with (tmp_path / "log").open("w") as log:
            given = StdioServerParameters(command=command[0], args=command[1:], env=environment(server, tmp_path))
            async with Client(stdio_client(given, errlog=log)) as client:
                assert (await client.call_tool("tasks_get", {"id": "1"})).structured_content["title"] == "One"
                assert (await client.call_tool("tasks_get", {"id": "2"})).is_error

    asyncio.run(run())
    events = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines() if line.startswith("{")]
    calls = [event for event in events if event["event"] == "call"]
    assert [(call["agent_id"], call["user_id"], call["tool_name"], call["vendor"], call["outcome"]) for call in calls] == [
        ("helper", "alice", "tasks.get", "redmine", "ok"),
        ("helper", "alice", "tasks.get", "redmine", "not_found"),
    ]
