"""Performs the actions of calls, over a transport that it may own."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Self, TypeVar

from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.connection_sources import Renew
from unified_runtime.core.errors import TransportFailure, UnifiedError
from unified_runtime.core.messages import HTTPRequest, Local, Misdirected
from unified_runtime.execution.flows import Action, ActionResult, Flow
from unified_runtime.http.adapt import adapt_async
from unified_runtime.http.base import CLOSED, AsyncTransport
from unified_runtime.http.event_loops import PerLoopTransport

T = TypeVar("T")


class AsyncFlowRunner:
    """Performs flows over a transport: one that is given, or one of its own, which it closes. `only`: see `AsyncDefaultTransport`."""

    def __init__(self, transport: Any = None, only: str | None = None) -> None:
        self._owns_transport = transport is None
        self._transport: AsyncTransport = PerLoopTransport(only) if transport is None else adapt_async(transport)

    @property
    def is_closed(self) -> bool:
        """True if the client was closed."""
        return self._transport is CLOSED

    @property
    def transport(self) -> AsyncTransport:
        """Transport of this client's requests. Another client that is created with it does not close it."""
        return self._transport

    async def perform(self, flow: Flow[T]) -> T:
        """Perform the actions of a flow, and return its value."""
        try:
            action = next(flow)
            while True:
                action = flow.send(await self.act(action))
        except StopIteration as stop:
            value: T = stop.value
            return value

    async def act(self, action: Action) -> ActionResult:
        """Perform one action of a flow."""
        if isinstance(action, HTTPRequest):
            try:
                return await self._transport.asend(action)
            except TransportFailure as failure:
                return failure.with_traceback(None)
        if isinstance(action, (BlockingTask, Local)):
            await action.arun()
            if isinstance(action, Misdirected):
                discard = getattr(self._transport, "discard", None)
                if discard is not None:  # a transport given by the caller may not have this method
                    discard(action.server)
        elif isinstance(action, Renew):
            try:
                return await action.renewal.arenew(action.connection, rejected=action.rejected)
            except UnifiedError as error:
                return error.with_traceback(None)
        else:
            await asyncio.sleep(action)
        return None

    async def aclose(self) -> None:
        """Close this client's HTTP connections; an async client closes those of the running event loop. A later call through it raises
        RuntimeError. A transport given by the caller stays open."""
        transport, self._transport = self._transport, CLOSED
        if self._owns_transport:
            await transport.aclose()

    async def __aenter__(self) -> Self:
        if self.is_closed:
            raise RuntimeError("a client that was closed cannot be opened again: create a new one")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.aclose()
