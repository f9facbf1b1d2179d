"""Peer: the tools that FastMCP.from_openapi makes of a document, without their output schemas, as JSON in a file."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import httpx2
from fastmcp import FastMCP

document, result = sys.argv[1:]
server = FastMCP.from_openapi(
    json.loads(Path(document).read_bytes()), client=httpx2.AsyncClient(base_url="https://api.example.com"), validate_output=False
)
tools = asyncio.run(server.list_tools())
Path(result).write_text(json.dumps([[tool.name, tool.description, tool.parameters] for tool in tools]))
