"""Progress of a call, told to a client that asked for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from mcp.server.context import ServerRequestContext

from unified_platform.tools.gathering import Progress


@contextlib.asynccontextmanager
async def reporting(ctx: ServerRequestContext[Any, Any]) -> AsyncIterator[Progress]:
    """What a call tells its progress to. A client that did not ask for it is told nothing.

    The call is not held up: of what it tells while a notification is being sent, the latest is sent next. Progress only ever
    increases (MCP, Progress): what is done again after a failure is not told twice.
    """
    latest: list[tuple[int, int | None]] = []
    told = asyncio.Event()
    furthest = 0

    async def send() -> None:
        while True:
            await told.wait()
            told.clear()
            await rest()

    async def rest() -> None:
        while latest:
            await ctx.session.report_progress(*latest.pop())

    def progress(done: int, total: int | None) -> None:
        nonlocal furthest
        if done > furthest:
            furthest = done
            latest[:] = [(done, total)]
            told.set()

    sending = asyncio.create_task(send())
    try:
        yield progress
        await rest()
    finally:
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
