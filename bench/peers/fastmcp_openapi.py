"""Peer: FastMCP.from_openapi with Jira's complete document, its tools called in the server's process."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import httpx2
from fastmcp import FastMCP
from peer_protocol import Subject, run, serve
from workload import FIELDS, HEADERS, KEY, LISTED, NAMES, query

server, document = sys.argv[1], json.loads(Path(sys.argv[2]).read_bytes())
# Jira's responses have undocumented properties, which output validation rejects.
server_ = FastMCP.from_openapi(document, client=httpx2.AsyncClient(base_url=server, headers=HEADERS), validate_output=False)


def repeated(tool: str, arguments: dict[str, object], expected_key: str) -> Subject:
    async def calls(loops: int) -> None:
        for _ in range(loops):
            result = await server_.call_tool(tool, arguments)
            assert expected_key in (result.structured_content or {})

    return lambda loops: run(calls(loops))


listed = {**query(LISTED), "fields": NAMES.split(","), "maxResults": LISTED}
serve(
    {
        "get": repeated("getIssue", {"issueIdOrKey": KEY, "fields": NAMES.split(",")}, "key"),
        "create": repeated("createIssue", {"fields": FIELDS}, "key"),
        "list": repeated("searchAndReconsileIssuesUsingJql", listed, "issues"),
    },
    "fastmcp",
    "mcp",
    "httpx2",
)
