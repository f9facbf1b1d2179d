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
            assert [tool.name for tool in (await client.list_tools()).tools] == [
                *(f"projects_{name}" for name in ("create", "get", "list", "update", "archive", "unarchive")),
                *("tasks_get", "tasks_list"),
            ]
            redmine.answers(Reply.of({"issue": ISSUE}))
            assert (await client.call_tool("tasks_get", {"id": "1"})).structured_content["title"] == "One"

    asyncio.run(run())


def test_quotas_are_enforced_and_usage_is_recorded(redmine: Loopback, tmp_path: Path, era: str) -> None:
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
            assert "the quota max_calls of helper is exhausted: 1 call a day" in str(beyond.content)
            assert len(redmine.seen) == sent

    asyncio.run(run())
    output = CliRunner().invoke(main, ["usage", "--by", "agent", "--format", "json"], env=environment(redmine, tmp_path))
    ((row,),) = [json.loads(output.stdout)]
    assert (row["agent"], row["calls"], row["errors"], row["requests"]) == ("helper", 2, 1, 1)


@pytest.mark.parametrize(("options", "agent"), [([], "mcp"), (["--agent", "helper"], "helper")])
def test_usage_is_recorded_without_quotas(redmine: Loopback, tmp_path: Path, era: str, options: list[str], agent: str) -> None:
    async def run() -> None:
        transport = stdio_client(
            StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], *options], env=environment(redmine, tmp_path))
        )
        async with Client(transport, mode=era) as client:
            redmine.answers(Reply.of({"issue": ISSUE}), Reply(404))
            await client.call_tool("tasks_get", {"id": "1"})
            await client.call_tool("tasks_get", {"id": "2"})

    asyncio.run(run())
    output = CliRunner().invoke(main, ["usage", "--by", "agent", "--by", "tool", "--format", "json"], env=environment(redmine, tmp_path))
    ((row,),) = [json.loads(output.stdout)]
    assert (row["agent"], row["tool"], row["calls"], row["errors"]) == (agent, "tasks.get", 2, 1)


def test_server_runs_without_a_usage_store(redmine: Loopback, tmp_path: Path, era: str) -> None:
    (tmp_path / "usage.db").write_bytes(b"no database, but long enough to be one. " * 100)

    async def run() -> None:
        with (tmp_path / "said").open("w") as caught:
            server = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=environment(redmine, tmp_path))
            async with Client(stdio_client(server, errlog=caught), mode=era) as client:
                redmine.answers(Reply.of({"issue": ISSUE}))
                assert (await client.call_tool("tasks_get", {"id": "1"})).structured_content["title"] == "One"

    asyncio.run(run())
    assert (tmp_path / "said").read_text().startswith("warning: usage is not recorded: the usage store's file")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--toolsets", "taks"], "'taks' is not a resource or vendor; did you mean 'tasks'?"),
        (["--approve-here"], "--approve-here needs --user"),
        (["--issuer", "https://login.example"], "--issuer needs --http and --url"),
        (["--broker", "https://broker.example"], "wants the agent's key, in the variable UNIFIED_BROKER_KEY"),
        (["--broker", "https://broker.example", "--policies", "."], "leave --policies and --issuer out"),
        (["--http", "8080"], "--http accepts HOST:PORT"),
        (["--no-token"], "go with --http"),
        (["--http", "127.0.0.1:8080", "--no-token", "--token-file", "x"], "one of them"),
        (["--http", "0.0.0.0:8080", "--no-token"], "others reach 0.0.0.0"),
        (["--http", "[::]:8080", "--no-token"], "--no-token goes with an address of this machine such as 127.0.0.1:8080"),
        (["--http", "127.0.0.1:8080", "--token-file", "/dev/null"], "the token file /dev/null"),
        (["--http", "127.0.0.1:8080", "--origin", "localhost"], "is not a web origin"),
        (["--agents", "nowhere.toml", "--agent", "helper"], "nowhere.toml cannot be read"),
        (["--agents", "nowhere.toml"], "--agents needs --agent"),
    ],
)
def test_slips_are_reported_at_once(redmine: Loopback, tmp_path: Path, options: list[str], message: str) -> None:
    done = CliRunner().invoke(main, ["mcp", *options], env=environment(redmine, tmp_path))
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == "", "what a client reads holds nothing that is not the protocol"


def test_nothing_connected_is_reported(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["mcp"], env={"HOME": str(tmp_path)})
    assert done.exit_code == 3
    assert "nothing is connected" in done.stderr


def test_without_the_sdk_it_states_what_to_install(redmine: Loopback, tmp_path: Path) -> None:
    code = "import sys; sys.modules['mcp_types'] = None\nfrom unified_platform.cli import main\nmain(['mcp'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment(redmine, tmp_path))
    assert "pip install 'unified-apis[mcp]'" in done.stderr
