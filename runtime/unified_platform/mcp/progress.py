"""Progress notifications for a client that requested them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from mcp.server.context import ServerRequestContext

from unified_platform.tools.page_collector import Progress


@contextlib.asynccontextmanager
async def reporting(ctx: ServerRequestContext[Any, Any]) -> AsyncIterator[Progress]:
    """Yield the function that reports progress to the client; it does nothing if the client did not request progress.

    The call does not wait: of several reports during the sending of a notification, the latest is sent next. Progress only ever
    increases (MCP, Progress): repetitions after a failure are not reported again.
    """
    latest: list[tuple[int, int | None]] = []
    data = asyncio.Event()
    furthest = 0

    async def send() -> None:
        while True:
            await data.wait()
            data.clear()
            await rest()

    async def rest() -> None:
        while latest:
            await ctx.session.report_progress(*latest.pop())

    def progress(done: int, total: int | None) -> None:
        nonlocal furthest
        if done > furthest:
            furthest = done
            latest[:] = [(done, total)]
            data.set()

    sending = asyncio.create_task(send())
    try:
        yield progress
        await rest()
    finally:
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
