"""Minimal MCP server on the SDK with one tool that returns the vendor's response: `python -m bench.bare_mcp_server URL [PORT]`."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import httpx2
import mcp_types as types
import uvicorn
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server

SCHEMA: dict[str, Any] = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}


def server(url: str) -> Server[Any]:
    http = httpx2.AsyncClient(headers={"X-Redmine-API-Key": "key", "Accept": "application/json"}, trust_env=False)

    async def list_tools(ctx: Any, params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[types.Tool(name="tasks_get", description="Read a task.", input_schema=SCHEMA)])

    async def call_tool(ctx: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        issue = (await http.get(f"{url}/issues/{(params.arguments or {})['id']}.json")).json()["issue"]
        return types.CallToolResult(content=[types.TextContent(text=json.dumps(issue))], structured_content=issue)

    return Server("bare", on_list_tools=list_tools, on_call_tool=call_tool)


async def serve(built: Server[Any]) -> None:
    async with stdio_server() as (read, write):
        await built.run(read, write, built.create_initialization_options())


if __name__ == "__main__":
    built = server(sys.argv[1])
    if len(sys.argv) > 2:
        uvicorn.run(built.streamable_http_app(), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
    else:
        asyncio.run(serve(built))
