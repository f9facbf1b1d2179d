"""The configuration of Claude Desktop in the documentation starts a server that a client of the protocol can use."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from tests.support.doc_examples import ROOT

PAGE = ROOT / "docs" / "how-to" / "mcp.md"


def configured() -> dict[str, Any]:
    """Return the server in the configuration of Claude Desktop."""
    found = re.search(r"^```json\n(\{\n  \"mcpServers\".*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found
    server: dict[str, Any] = json.loads(found[1])["mcpServers"]["unified"]
    return server


def test_a_client_creates_a_task_with_the_documented_configuration(home: Path) -> None:
    server = configured()
    command = Path(sys.executable).parent / server["command"]
    given = StdioServerParameters(command=str(command), args=server["args"], env=dict(os.environ), cwd=home)

    async def run() -> tuple[set[str], Any]:
        with (home / "log").open("w") as log:
            async with Client(stdio_client(given, errlog=log)) as client:
                names = {tool.name for tool in (await client.list_tools()).tools}
                created = await client.call_tool("tasks_create", {"title": "Fix the auth bug", "project_id": "PROJ"})
                return names, created

    names, created = asyncio.run(run())
    assert {"tasks_create", "comments_create", "projects_list", "users_list"} <= names
    assert "projects_create" not in names
    assert not created.is_error, created
    assert "Fix the auth bug" in str(created.content)
