"""FastMCP.from_openapi on Jira's whole document, its tools called in the server's own process."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import httpx2
from fastmcp import FastMCP
from speaking import Subject, run, speak
from wanted import FIELDS, HEADERS, KEY, LISTED, NAMES, query

server, document = sys.argv[1], json.loads(Path(sys.argv[2]).read_bytes())
# What an answer holds beyond the document is an error where it is checked, and Jira's answers hold more.
made = FastMCP.from_openapi(document, client=httpx2.AsyncClient(base_url=server, headers=HEADERS), validate_output=False)


def repeated(tool: str, arguments: dict[str, object], proven: str) -> Subject:
    async def calls(loops: int) -> None:
        for _ in range(loops):
            answer = await made.call_tool(tool, arguments)
            assert proven in (answer.structured_content or {})

    return lambda loops: run(calls(loops))


listed = {**query(LISTED), "fields": NAMES.split(","), "maxResults": LISTED}
speak(
    {
        "get": repeated("getIssue", {"issueIdOrKey": KEY, "fields": NAMES.split(",")}, "key"),
        "create": repeated("createIssue", {"fields": FIELDS}, "key"),
        "list": repeated("searchAndReconsileIssuesUsingJql", listed, "issues"),
    },
    "fastmcp",
    "mcp",
    "httpx2",
)
