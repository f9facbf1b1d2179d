"""Default transport of async clients that are used in several event loops."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Coroutine
from typing import Any

from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.http._async.default import AsyncDefaultTransport


class PerLoopTransport:
    """An `AsyncDefaultTransport` for each event loop: a connection belongs to the loop in which it was opened."""

    def __init__(self, only: str | None = None) -> None:
        self._only = only
        self._by_loop: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncDefaultTransport] = weakref.WeakKeyDictionary()

    def asend(self, request: HTTPRequest) -> Coroutine[Any, Any, Response]:
        transport = self._by_loop.get(asyncio.get_running_loop())
        if transport is None:
            # A transport refers to its loop: those of closed loops would never be freed.
            for loop in [loop for loop in self._by_loop if loop.is_closed()]:
                del self._by_loop[loop]
            transport = self._by_loop.setdefault(asyncio.get_running_loop(), AsyncDefaultTransport(self._only))
        return transport.asend(request)

    def discard(self, server: str) -> None:
        """Reuse no connection of the running loop to the origin of this server that is open now."""
        transport = self._by_loop.get(asyncio.get_running_loop())
        if transport is not None:
            transport.discard(server)

    async def aclose(self) -> None:
        """Close the connections of the running loop."""
        transport = self._by_loop.pop(asyncio.get_running_loop(), None)
        if transport is not None:
            await transport.aclose()
