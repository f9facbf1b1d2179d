"""Transports, async: the twins of those in `http`."""

from __future__ import annotations

import asyncio
import weakref
from typing import TYPE_CHECKING, Any

from unified_runtime.errors import TransportFailure
from unified_runtime.messages import AsyncStream, HTTPRequest, Response
from unified_runtime.reach import may_lie_inside
from unified_runtime.transports import common
from unified_runtime.transports.bodies import Body, aread
from unified_runtime.transports.common import Library
from unified_runtime.transports.http11 import Server, speaks_to, takes

if TYPE_CHECKING:
    from unified_runtime.transports.aio_sockets import AsyncSockets


class AsyncHTTPTransport:
    """Sends through one async transport object of the library."""

    __slots__ = ("_failures", "_inner", "_library", "_watch")

    def __init__(self, inner: Any, library: Library, watch: Any = None) -> None:
        self._inner = inner
        self._watch = watch
        self._library = library
        self._failures = common.failures(library)
        common.quiet(library)

    async def asend(self, request: HTTPRequest) -> Response:
        token = common.sending.set(True)
        try:
            answer = await self._inner.handle_async_request(common.wire(request, self._library, request.timeout, self._watch))
            return await _answer(answer, request, self._library)
        except self._failures as error:
            failure = common.failure(error, self._library, request)
        finally:
            common.sending.reset(token)
        # Raised out of the handler: the library's exception holds its request, and that the credential.
        raise failure

    async def aclose(self) -> None:
        await self._inner.aclose()


class AsyncClientTransport:
    """Sends through a caller's own async client, without its cookies, authentication and redirects."""

    __slots__ = ("_client", "_failures", "_library")

    def __init__(self, client: Any, library: Library) -> None:
        self._client = client
        self._library = library
        self._failures = common.failures(library)
        common.quiet(library)

    async def asend(self, request: HTTPRequest) -> Response:
        token = common.sending.set(True)
        try:
            outgoing = common.wire(request, self._library, self._client.timeout.as_dict())
            answer = await self._client.send(outgoing, stream=True, auth=None, follow_redirects=False)
            return await _answer(answer, request, self._library)
        except self._failures as error:
            failure = common.failure(error, self._library, request)
        finally:
            common.sending.reset(token)
        raise failure

    async def aclose(self) -> None:
        await self._client.aclose()


class _Pools:
    """The connections of one event loop: they live and die with it."""

    __slots__ = ("by_proxy", "direct")

    def __init__(self) -> None:
        self.by_proxy: dict[tuple[str | None, bool], AsyncHTTPTransport] = {}
        self.direct: dict[tuple[str, bool], AsyncSockets | None] = {}


class DefaultAsyncTransport:
    """The async twin of `DefaultTransport`, with pools for each event loop."""

    def __init__(self) -> None:
        self._by_loop: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Pools] = weakref.WeakKeyDictionary()
        self._proxies: dict[str, str | None] = {}

    async def asend(self, request: HTTPRequest) -> Response:
        server = request.url[: request.url.index("/", 8)] if "/" in request.url[8:] else request.url
        pools = self._by_loop.get(asyncio.get_running_loop())
        if pools is None:
            pools = self._pools_of_this_loop()
        inside = may_lie_inside(server, request.inside)
        if takes(request) and not common.replaced("AsyncHTTPTransport"):
            place = server, inside
            direct = pools.direct[place] if place in pools.direct else self._straight(server, inside, pools)
            if direct is not None:
                return await direct.asend(request)
        proxy = self._proxy(server)
        if proxy is not None:
            common.proxy_refuses(server, inside=inside)
        inner = pools.by_proxy.get((proxy, inside))
        if inner is None:
            inner = pools.by_proxy[proxy, inside] = self._open(proxy, inside)
        return await inner.asend(request)

    def _proxy(self, server: str) -> str | None:
        if server not in self._proxies:
            self._proxies[server] = common.proxy_for(server)
        return self._proxies[server]

    def _pools_of_this_loop(self) -> _Pools:
        # A pool holds on to its loop, so that those of closed loops would never go by themselves.
        for loop in [loop for loop in self._by_loop if loop.is_closed()]:
            del self._by_loop[loop]
        return self._by_loop.setdefault(asyncio.get_running_loop(), _Pools())

    def _straight(self, server: str, inside: bool, pools: _Pools) -> AsyncSockets | None:
        """The sockets that lead to a server; None where it takes more than that."""
        from unified_runtime.transports.aio_sockets import AsyncSockets

        plain = speaks_to(server) and self._proxy(server) is None
        found = pools.direct[server, inside] = AsyncSockets(Server(server), inside=inside) if plain else None
        return found

    def _open(self, proxy: str | None, inside: bool) -> AsyncHTTPTransport:
        import httpx2

        from unified_runtime.transports.watching import Watch

        watch = Watch(inside=inside).watch if proxy is None else None
        try:
            return AsyncHTTPTransport(httpx2.AsyncHTTPTransport(proxy=proxy), httpx2, watch)
        except (ValueError, ImportError) as error:
            reason = str(error)
        raise TransportFailure(f"the proxy of the environment cannot be used: {reason}", sent=False, permanent=True)

    async def aclose(self) -> None:
        """Close the connections of the running loop."""
        pools = self._by_loop.pop(asyncio.get_running_loop(), None)
        if pools is not None:
            for transport in (*pools.by_proxy.values(), *pools.direct.values()):
                if transport is not None:
                    await transport.aclose()


class _Stream(AsyncStream):
    """An answer of the library, read as it comes."""

    __slots__ = ("_chunks", "_inner", "_library", "_request")

    def __init__(self, answer: Any, request: HTTPRequest, library: Library) -> None:
        super().__init__(answer.status_code, answer.headers.raw, b"", request.url)
        self._inner = answer.stream
        self._chunks = aiter(answer.stream)
        self._request = request
        self._library = library

    async def apiece(self) -> bytes:
        try:
            async for chunk in self._chunks:
                if chunk:
                    return bytes(chunk)
            return b""
        except common.failures(self._library) as error:
            failure = common.failure(error, self._library, self._request)
        raise failure

    async def aclose(self) -> None:
        await self._inner.aclose()


async def _answer(answer: Any, request: HTTPRequest, library: Library) -> Response:
    if request.stream and 200 <= answer.status_code < 300:
        return _Stream(answer, request, library)
    return await _read(answer, request)


async def _read(answer: Any, request: HTTPRequest) -> Response:
    stream = answer.stream
    headers = answer.headers
    try:
        pairs = headers.raw
        body = await aread(stream, Body(answer.status_code, pairs, headers.get("content-encoding"), request))
    finally:
        await stream.aclose()
    return Response(answer.status_code, pairs, body, request.url)


_shared: DefaultAsyncTransport | None = None


def shared() -> DefaultAsyncTransport:
    """The async transport of this process, made when first needed."""
    global _shared
    if _shared is None:
        _shared = DefaultAsyncTransport()
    return _shared
