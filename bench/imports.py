"""Benchmark of imports and of a cold process up to its first response, each in a complete process."""

from __future__ import annotations

import sys

from bench import jira_responses
from bench.calls import HEADERS, ISSUE, QUERY
from bench.loopback import serving
from bench.measure import Command, Measured, processes

_STATEMENTS = ("pass", "import unified", "from unified import tasks", "import httpx2", "import httpx", "import pydantic")

_TOOLS = (
    "pass",
    "import mcp.server.lowlevel.server",
    "from unified_platform.tools import tools",
    "from unified_platform.tools import tools; tools(vendors=['jira'])",
    "from unified_platform.frameworks import langchain",
    "from unified_platform.mcp import server",
)

_UNIFIED = """
import unified
from unified import tasks
unified.connect("jira", unified.basic("me@example.com", "token"), site="acme", server={server!r})
assert tasks.get("PROJ-1").project_id == "PROJ"
"""

_BARE = """
import httpx2
client = httpx2.Client(headers={headers!r})
assert client.get({url!r}).json()["key"] == "PROJ-1"
"""


def measure(quick: bool) -> Measured:
    rounds = 1 if quick else 25
    imports = {_name(statement): _python(statement) for statement in _STATEMENTS}
    with serving({"GET ": jira_responses.dump(jira_responses.issue(1))}) as server:
        first = {
            "python -c pass": _python("pass"),
            "unified: import, connect, tasks.get": _python(_UNIFIED.format(server=server)),
            "httpx2: import, client, get, json()": _python(_BARE.format(headers=HEADERS, url=f"{server}{ISSUE}?{QUERY}")),
        }
        commands = {
            "imports": imports,
            "imports, tools and MCP": {_name(statement): _python(statement) for statement in _TOOLS},
            "first call": first,
        }
        return {group: processes(subjects, rounds, warm=not quick) for group, subjects in commands.items()}


def _name(statement: str) -> str:
    return "python -c pass" if statement == "pass" else statement


def _python(source: str) -> Command:
    return Command([sys.executable, "-c", source])
