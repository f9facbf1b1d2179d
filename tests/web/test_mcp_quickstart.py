"""The configurations of MCP clients in the documentation start servers that a client of the protocol can use.

Each is read from the page in the client's own format; the server that it names is then started as the client starts it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.support.doc_examples import ROOT
from tests.support.waiting import until
from unified_emulation.serving.emulators import Emulators

PAGE = (ROOT / "docs" / "how-to" / "mcp.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


def block(language: str, text: str) -> str:
    """Return the page's first block of a language that contains a text."""
    bodies: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    found = next((body for body in bodies if text in body), None)
    assert found, f"no block of {language} with {text}"
    return found


def command(client: str) -> dict[str, Any]:
    """Return the server that a command of the page adds to a client."""
    line = next(line for line in block("sh", f"{client} mcp add").splitlines() if line.startswith(f"{client} mcp add"))
    words = shlex.split(line)[len([client, "mcp", "add", "unified"]) :]
    start, *arguments = words[1:] if words[0] == "--" else words
    return {"command": start, "args": arguments}


CONFIGURED: dict[str, Callable[[], dict[str, Any]]] = {
    "Claude Desktop, Cursor, Windsurf, LM Studio": lambda: json.loads(block("json", "mcpServers"))["mcpServers"]["unified"],
    "Zed": lambda: json.loads(block("json", "context_servers"))["context_servers"]["unified"],
    "Codex": lambda: tomllib.loads(block("toml", "mcp_servers"))["mcp_servers"]["unified"],
    "Claude Code": lambda: command("claude"),
    "Gemini CLI": lambda: command("gemini"),
}


def started(server: dict[str, Any], home: Path, log: Any, environ: dict[str, str]) -> AbstractAsyncContextManager[Any]:
    """Start a configured server as a desktop client does."""
    assert server["command"] == "unified"
    given = StdioServerParameters(command=str(BIN / "unified"), args=server["args"], env={**os.environ, **environ}, cwd=home)
    return stdio_client(given, errlog=log)


async def create(transport: Any) -> tuple[set[str], Any]:
    """Return the names of a server's tools, and the result of a task that is created in the first project."""
    async with Client(transport) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        project = "PROJ"
        if "projects_list" in names:
            listed = (await client.call_tool("projects_list", {})).structured_content
            assert listed
            project = listed["items"][0]["id"]
        return names, await client.call_tool("tasks_create", {"title": "Fix the auth bug", "project_id": project})


def listening(port: int) -> bool:
    """Return true if a port of this machine accepts connections."""
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("client", CONFIGURED)
def test_a_client_creates_a_task_with_the_documented_configuration(client: str, home: Path) -> None:
    server = CONFIGURED[client]()
    with (home / "log").open("w") as log:
        names, created = asyncio.run(create(started(server, home, log, {})))
    assert {"tasks_create", "tasks_list"} <= names
    assert ("projects_create" in names) == ("--toolsets" not in server["args"])
    assert not created.is_error, created
    assert "Fix the auth bug" in str(created.content)


def test_visual_studio_code_fills_in_the_secret_that_it_prompted_for(home: Path, emulated: tuple[str, Emulators]) -> None:
    configuration = json.loads(block("json", "promptString"))
    server = configuration["servers"]["unified"]
    assert server["type"] == "stdio"
    (prompt,) = configuration["inputs"]
    environ = {name: value.replace(f"${{input:{prompt['id']}}}", "emulated") for name, value in server["env"].items()}
    assert environ["UNIFIED_REDMINE_KEY"] == "emulated"
    environ["UNIFIED_REDMINE_URL"] = f"{emulated[0]}/redmine"  # in place of a server of one's own
    with (home / "log").open("w") as log:
        names, created = asyncio.run(create(started(server, home, log, environ)))
    assert "tasks_create" in names
    assert not created.is_error, created


def test_a_client_uses_the_documented_server_over_http(home: Path) -> None:
    line = next(line for line in block("sh", "--http 127.0.0.1:8080").splitlines() if line.startswith("unified mcp --http 127.0.0.1:8080"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    words = shlex.split(line, comments=True)[1:]
    arguments = [word.replace("8080", port) for word in words]
    adding = shlex.split(block("sh", "claude mcp add --transport http").replace("8080", port))
    url = next(word for word in adding if word.startswith("http:"))
    name, _, value = adding[adding.index("--header") + 1].partition(": ")
    with subprocess.Popen([BIN / "unified", *arguments], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        assert server.stdout is not None
        try:
            printed = ""
            while "umt_" not in printed:
                read = server.stdout.readline()
                assert read, printed
                printed += read
            token = re.search(r"umt_[\w-]+", printed)
            assert token
            until(lambda: listening(int(port)))

            async def call() -> tuple[set[str], Any]:
                headers = {name: value.replace("umt_…", token[0])}
                async with httpx2.AsyncClient(headers=headers) as http:
                    return await create(streamable_http_client(url, http_client=http))

            names, created = asyncio.run(call())
        finally:
            server.terminate()
    assert "tasks_create" in names
    assert not created.is_error, created
