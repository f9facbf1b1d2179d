"""Tells clients when their tools change, because a vendor was connected or is no longer.

Until revision 2025-11-25 a session is told; from 2026-07-28 on, whoever listens (`subscriptions/listen`). Connections may be made by
another process, so they are looked at now and then, and only for those who want to know.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, PromptsListChanged, ResourcesListChanged, ToolsListChanged
from mcp_types import NotificationParams, SubscriptionsListenRequestParams, SubscriptionsListenResult

from unified_platform.mcp.profiles import Profile, Profiles, Toolboxes
from unified_runtime.errors import UnifiedError

log = logging.getLogger("unified.mcp")

Tell = Callable[[], Awaitable[None]]


class Changes:
    """Watches the connections of those clients that want to know.

    Args:
        toolboxes, profiles: whose connections there are.
        interval: seconds between two looks.
    """

    def __init__(self, toolboxes: Toolboxes, profiles: Profiles, *, interval: float) -> None:
        self._toolboxes = toolboxes
        self._profiles = profiles
        self._interval = interval
        self._watched: dict[object, tuple[Profile, Tell]] = {}
        self._seen: dict[Profile, tuple[str, ...]] = {}

    async def initialized(self, ctx: ServerRequestContext[Any, Any], params: NotificationParams) -> None:
        """A session began: it is told until it ends."""
        session = ctx.session

        async def tell() -> None:
            await session.send_tool_list_changed()
            await session.send_prompt_list_changed()
            await session.send_resource_list_changed()

        stop = await self._watch(self._profiles(ctx), tell)
        # The SDK shows a connection to its handlers only by what a session does; its end is told to nobody else.
        session._connection.exit_stack.callback(stop)

    async def listen(self, ctx: ServerRequestContext[Any, Any], params: SubscriptionsListenRequestParams) -> SubscriptionsListenResult:
        """A client listens: it is told until it goes."""
        bus = InMemorySubscriptionBus()

        async def tell() -> None:
            for event in (ToolsListChanged(), PromptsListChanged(), ResourcesListChanged()):
                await bus.publish(event)

        stop = await self._watch(self._profiles(ctx), tell)
        try:
            return await ListenHandler(bus)(ctx, params)
        finally:
            stop()

    async def _watch(self, profile: Profile, tell: Tell) -> Callable[[], None]:
        token = object()
        if profile not in self._seen:
            self._seen[profile] = await self._toolboxes.vendors(profile)
        self._watched[token] = profile, tell

        def stop() -> None:
            self._watched.pop(token, None)
            if all(watched is not profile and watched != profile for watched, _ in self._watched.values()):
                self._seen.pop(profile, None)

        return stop

    @contextlib.asynccontextmanager
    async def running(self, server: object = None) -> AsyncIterator[dict[str, Any]]:
        """Look for changes while the server runs: its lifespan."""
        task = asyncio.create_task(self._run())
        try:
            yield {}
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._interval)
            for profile in list(self._seen):
                try:
                    found = await self._toolboxes.vendors(profile)
                except UnifiedError as error:
                    log.warning("the connections of %s cannot be read: %s", profile.user, error.message)
                    continue
                if found != self._seen.get(profile, found):
                    self._seen[profile] = found
                    for tell in [tell for watched, tell in self._watched.values() if watched == profile]:
                        await tell()
