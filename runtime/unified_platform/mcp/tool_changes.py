"""Notifications to MCP clients when their tools change, because a vendor was connected or disconnected.

Until revision 2025-11-25 they are sent to sessions; from 2026-07-28 on, to subscribers (`subscriptions/listen`). Connections may be
created by another process, so they are checked at intervals, and only for clients that want to know.
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
from unified_runtime.core.errors import UnifiedError

log = logging.getLogger("unified.mcp")

Notify = Callable[[], Awaitable[None]]


class ToolChanges:
    """Checks the connections of subscribed clients for changes.

    Args:
        toolboxes, profiles: source of the connections.
        interval: seconds between two checks.
    """

    def __init__(self, toolboxes: Toolboxes, profiles: Profiles, *, interval: float) -> None:
        self._toolboxes = toolboxes
        self._profiles = profiles
        self._interval = interval
        self._watched: dict[object, tuple[Profile, Notify]] = {}
        self._seen: dict[Profile, tuple[str, ...]] = {}

    async def initialized(self, ctx: ServerRequestContext[Any, Any], params: NotificationParams) -> None:
        """Notify a session from its start until it ends."""
        session = ctx.session

        async def notify() -> None:
            await session.send_tool_list_changed()
            await session.send_prompt_list_changed()
            await session.send_resource_list_changed()

        stop = await self._watch(self._profiles(ctx), notify)
        # The SDK gives handlers a connection only through its session; there is no other notice of its end.
        session._connection.exit_stack.callback(stop)

    async def listen(self, ctx: ServerRequestContext[Any, Any], params: SubscriptionsListenRequestParams) -> SubscriptionsListenResult:
        """Notify a client that listens, until it disconnects."""
        bus = InMemorySubscriptionBus()

        async def notify() -> None:
            for event in (ToolsListChanged(), PromptsListChanged(), ResourcesListChanged()):
                await bus.publish(event)

        stop = await self._watch(self._profiles(ctx), notify)
        try:
            return await ListenHandler(bus)(ctx, params)
        finally:
            stop()

    async def _watch(self, profile: Profile, report: Notify) -> Callable[[], None]:
        token = object()
        if profile not in self._seen:
            self._seen[profile] = await self._toolboxes.vendors(profile)
        self._watched[token] = profile, report

        def stop() -> None:
            self._watched.pop(token, None)
            if all(watched is not profile and watched != profile for watched, _ in self._watched.values()):
                self._seen.pop(profile, None)

        return stop

    @contextlib.asynccontextmanager
    async def running(self, server: object = None) -> AsyncIterator[dict[str, Any]]:
        """Check for changes while the server runs; the server's lifespan."""
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
                    for report in [report for watched, report in self._watched.values() if watched == profile]:
                        await report()
