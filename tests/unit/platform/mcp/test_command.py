"""`unified mcp`, started as a desktop client starts it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from tests.unit.platform.mcp.conftest import ISSUE
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.cli import main

COMMAND = [sys.executable, "-m", "unified_platform.cli", "mcp"]


def environment(redmine: Loopback, home: Path) -> dict[str, str]:
    ours = {"PATH": os.environ["PATH"], "HOME": str(home), "UNIFIED_USAGE": str(home / "usage.db")}
    return {**ours, "UNIFIED_REDMINE_KEY": "key", "UNIFIED_REDMINE_URL": redmine.url}


def test_by_standard_input_and_output(redmine: Loopback, tmp_path: Path, era: str) -> None:
    async def run() -> None:
        command = [*COMMAND, "--user", "alice", "--toolsets", "tasks.read,projects"]
        transport = stdio_client(StdioServerParameters(command=command[0], args=command[1:], env=environment(redmine, tmp_path)))
        async with Client(transport, mode=era) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == ["projects_get", "projects_list", "tasks_get", "tasks_list"]
            redmine.answers(Reply.of({"issue": ISSUE}))
            assert (await client.call_tool("tasks_get", {"id": "1"})).structured_content["title"] == "One"

    asyncio.run(run())


def test_an_agent_is_kept_to_its_quotas_and_what_it_used_is_written_down(redmine: Loopback, tmp_path: Path, era: str) -> None:
    file = tmp_path / "agents.toml"
    file.write_text('[agents.helper]\ntoolsets = ["tasks.read"]\nmax_calls = 1\n', encoding="utf-8")

    async def run() -> None:
        command = [*COMMAND, "--user", "alice", "--agent", "helper", "--agents", str(file)]
        transport = stdio_client(StdioServerParameters(command=command[0], args=command[1:], env=environment(redmine, tmp_path)))
        async with Client(transport, mode=era) as client:
            redmine.answers(Reply.of({"issue": ISSUE}))
            assert (await client.call_tool("tasks_get", {"id": "1"})).structured_content["title"] == "One"
            sent = len(redmine.seen)
            beyond = await client.call_tool("tasks_get", {"id": "1"})
            assert beyond.is_error
            assert "the quota max_calls of helper is spent: 1 call a day" in str(beyond.content)
            assert len(redmine.seen) == sent

    asyncio.run(run())
    told = CliRunner().invoke(main, ["usage", "--by", "agent", "--format", "json"], env=environment(redmine, tmp_path))
    ((row,),) = [json.loads(told.stdout)]
    assert (row["agent"], row["calls"], row["errors"], row["requests"]) == ("helper", 2, 1, 1)


@pytest.mark.parametrize(("options", "agent"), [([], "mcp"), (["--agent", "helper"], "helper")])
def test_what_was_used_is_written_down_without_quotas_too(
    redmine: Loopback, tmp_path: Path, era: str, options: list[str], agent: str
) -> None:
    async def run() -> None:
        transport = stdio_client(
            StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], *options], env=environment(redmine, tmp_path))
        )
        async with Client(transport, mode=era) as client:
            redmine.answers(Reply.of({"issue": ISSUE}), Reply(404))
            await client.call_tool("tasks_get", {"id": "1"})
            await client.call_tool("tasks_get", {"id": "2"})

    asyncio.run(run())
    told = CliRunner().invoke(main, ["usage", "--by", "agent", "--by", "tool", "--format", "json"], env=environment(redmine, tmp_path))
    ((row,),) = [json.loads(told.stdout)]
    assert (row["agent"], row["tool"], row["calls"], row["errors"]) == (agent, "tasks.get", 2, 1)


def test_where_nothing_can_be_written_down_it_serves_all_the_same(redmine: Loopback, tmp_path: Path, era: str) -> None:
    (tmp_path / "usage.db").write_bytes(b"no database, but long enough to be one. " * 100)

    async def run() -> None:
        with (tmp_path / "said").open("w") as said:
            server = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=environment(redmine, tmp_path))
            async with Client(stdio_client(server, errlog=said), mode=era) as client:
                redmine.answers(Reply.of({"issue": ISSUE}))
                assert (await client.call_tool("tasks_get", {"id": "1"})).structured_content["title"] == "One"

    asyncio.run(run())
    assert (tmp_path / "said").read_text().startswith("warning: usage is not recorded: the usage ledger's file")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--toolsets", "taks"], "'taks' is no resource and no vendor; did you mean 'tasks'?"),
        (["--approve-here"], "--approve-here needs --user"),
        (["--issuer", "https://login.example"], "--issuer goes with --http and --url"),
        (["--broker", "https://broker.example"], "wants the agent's key, in the variable UNIFIED_BROKER_KEY"),
        (["--broker", "https://broker.example", "--policies", "."], "leave --policies and --issuer out"),
        (["--http", "8080"], "--http takes HOST:PORT"),
        (["--agents", "nowhere.toml", "--agent", "helper"], "nowhere.toml cannot be read"),
        (["--agents", "nowhere.toml"], "--agents goes with --agent"),
    ],
)
def test_slips_are_told_at_once(redmine: Loopback, tmp_path: Path, options: list[str], told: str) -> None:
    done = CliRunner().invoke(main, ["mcp", *options], env=environment(redmine, tmp_path))
    assert done.exit_code == 2
    assert told in done.stderr
    assert done.stdout == "", "what a client reads holds nothing that is not the protocol"


def test_nothing_connected_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["mcp"], env={"HOME": str(tmp_path)})
    assert done.exit_code == 3
    assert "nothing is connected" in done.stderr


def test_without_the_sdk_it_says_what_to_install(redmine: Loopback, tmp_path: Path) -> None:
    code = "import sys; sys.modules['mcp_types'] = None\nfrom unified_platform.cli import main\nmain(['mcp'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment(redmine, tmp_path))
    assert "pip install 'unified-apis[mcp]'" in done.stderr
