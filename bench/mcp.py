"""Benchmark of calls over MCP: `unified mcp` against a minimal server on the SDK; CPU time of client and server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from typing import Any

from bench.loopback import serving
from bench.measure import Measured, Series, functions

ISSUE = {
    "id": 1,
    "subject": "Fix the auth bug",
    "description": "The login page returns 500 after a reset.",
    "project": {"id": 3, "name": "Website"},
    "status": {"id": 1, "name": "New", "is_closed": False},
    "priority": {"id": 2, "name": "Normal"},
    "tracker": {"id": 1, "name": "Bug"},
    "created_on": "2026-11-25T10:00:00Z",
    "updated_on": "2026-11-25T10:00:00Z",
}
_TICK = os.sysconf("SC_CLK_TCK")


def measure(quick: bool) -> Measured:
    rounds, loops = (1, 2) if quick else (21, 100)
    with serving({"GET /issues/": json.dumps({"issue": ISSUE}).encode()}) as vendor:
        return {f"MCP call, {transport}": _measured(vendor, transport, rounds, loops) for transport in ("stdio", "HTTP")}


def _measured(vendor: str, transport: str, rounds: int, loops: int) -> tuple[Series, ...]:
    pids: list[int] = []
    with _Loop() as loop:
        subjects = {
            "unified mcp": _tool_calls(loop, loop.open(_client(_UNIFIED, vendor, transport, pids))),
            "bare SDK server": _tool_calls(loop, loop.open(_client(_BARE, vendor, transport, pids))),
        }
        return functions(subjects, rounds, loops, clock=lambda: _cpu_seconds(pids))


def _tool_calls(loop: _Loop, client: Any) -> Callable[[int], None]:
    async def call(loops: int) -> None:
        for _ in range(loops):
            result = await client.call_tool("tasks_get", {"id": "1"})
            assert "Fix the auth bug" in result.content[0].text

    return lambda loops: loop.run(call(loops))


class _Loop:
    """Event loop in its own thread that holds clients open; the task that opened a client closes it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._closing = asyncio.Event()
        self._open: list[Future[None]] = []

    def __enter__(self) -> _Loop:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        for opened_client in self._open:
            opened_client.result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def open(self, client: contextlib.AbstractAsyncContextManager[Any]) -> Any:
        """Open a client until the loop exits."""
        opened: Future[Any] = Future()

        async def hold() -> None:
            async with client as found:
                opened.set_result(found)
                await self._closing.wait()

        self._open.append(asyncio.run_coroutine_threadsafe(hold(), self._loop))
        wait([opened, self._open[-1]], return_when=FIRST_COMPLETED)
        return opened.result(0) if opened.done() else self._open[-1].result()

    def run(self, call: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(call, self._loop).result()


def _cpu_seconds(pids: list[int]) -> float:
    """Return the CPU seconds of this process and of the servers."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / _TICK


_UNIFIED = ["-m", "unified_platform.cli", "mcp", "--toolsets", "tasks"]
_BARE = ["-m", "bench.bare_mcp_server"]


@contextlib.asynccontextmanager
async def _client(command: list[str], vendor: str, transport: str, pids: list[int]) -> AsyncIterator[Any]:
    """Start a server and yield the official client connected to it; its pid is added to `pids`."""
    import httpx2
    from mcp.client.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client
    from mcp.client.streamable_http import streamable_http_client

    environ = {**os.environ, "UNIFIED_REDMINE_KEY": "key", "UNIFIED_REDMINE_URL": vendor}
    arguments = [*command, *([vendor] if command is _BARE else [])]
    if transport == "stdio":
        before = _children()
        async with Client(
            stdio_client(StdioServerParameters(command=sys.executable, args=arguments, env=environ)), mode="legacy"
        ) as client:
            pids += _children() - before
            yield client
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments += [str(port)] if command is _BARE else ["--http", f"127.0.0.1:{port}"]
    token = secrets.token_urlsafe(32)
    environ["UNIFIED_MCP_TOKEN"] = token
    process = subprocess.Popen([sys.executable, *arguments], env=environ)  # noqa: ASYNC220, S603  this interpreter; nothing else waits
    try:
        await _wait_for(port)
        pids.append(process.pid)
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http,
            Client(streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=http), mode="legacy") as client,
        ):
            yield client
    finally:
        process.terminate()
        process.wait()


async def _wait_for(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        await asyncio.sleep(0.1)
    raise RuntimeError("the server did not start")


def _children() -> set[int]:
    return {int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}
