"""Default transport: HTTP/1.1 connection pools for small requests, and httpx2 for all others."""

from __future__ import annotations

import threading

from unified_runtime.core.errors import TransportFailure
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.http import http11
from unified_runtime.http._async.httpx import AsyncHTTPXTransport
from unified_runtime.http.forks import reset_after_fork
from unified_runtime.http.httpx_requests import is_patched
from unified_runtime.http.network_policy import may_lie_inside
from unified_runtime.http.proxies import check_proxied_address, proxy_for


class AsyncDefaultTransport:
    """Sends small requests by `http11`; uploads, downloads and requests through the environment's proxies by httpx2.

    If httpx2 is patched, to record or trace requests, all of them are sent by httpx2.

    Args:
        only: the one origin that requests may be sent to, an emulator on this machine: no network policy and no proxy applies to it.
    """

    def __init__(self, only: str | None = None) -> None:
        self._only = only
        self.reset()
        reset_after_fork(self)

    def reset(self) -> None:
        """Drop all connections without closing them, in a forked process."""
        self._lock = threading.Lock()
        # Connections that may lead into a private network have a pool of their own: an open connection is not checked again.
        self._pools: dict[tuple[str, bool], http11.AsyncConnectionPool | None] = {}
        self._httpx: dict[tuple[str, bool], AsyncHTTPXTransport] = {}
        self._httpx_by_proxy: dict[tuple[str | None, bool], AsyncHTTPXTransport] = {}

    async def asend(self, request: HTTPRequest) -> Response:
        server = request.url[: request.url.index("/", 8)] if "/" in request.url[8:] else request.url
        if self._only is not None and server != self._only:
            raise TransportFailure(f"{server} is not the emulator {self._only}", sent=False, permanent=True)
        key = server, self._only is not None or may_lie_inside(server, request.inside)
        if http11.supports(request) and not is_patched("AsyncHTTPTransport"):
            pool = self._pools[key] if key in self._pools else self._open_pool(*key)
            if pool is not None:
                return await pool.asend(request)
        transport = self._httpx.get(key) or self._open_httpx(*key)
        return await transport.asend(request)

    def _open_pool(self, server: str, inside: bool) -> http11.AsyncConnectionPool | None:
        """Return the pool of an origin, or None if httpx2 must be used for it."""
        with self._lock:
            if (server, inside) not in self._pools:
                supported = http11.supports_origin(server) and self._proxy(server) is None
                self._pools[server, inside] = http11.AsyncConnectionPool(http11.Origin(server), inside=inside) if supported else None
            return self._pools[server, inside]

    def _open_httpx(self, server: str, inside: bool) -> AsyncHTTPXTransport:
        import httpx2

        from unified_runtime.http.ssrf import AddressCheck

        proxy = self._proxy(server)
        if proxy is not None:
            check_proxied_address(server, inside=inside)
        with self._lock:
            transport = self._httpx_by_proxy.get((proxy, inside))
            if transport is None:
                try:
                    inner = httpx2.AsyncHTTPTransport(proxy=proxy)
                except (ValueError, ImportError) as error:
                    reason = str(error)
                    raise TransportFailure(f"the proxy of the environment cannot be used: {reason}", sent=False, permanent=True) from None
                transport = AsyncHTTPXTransport(inner, httpx2, AddressCheck(inside=inside).atrace if proxy is None else None)
                self._httpx_by_proxy[proxy, inside] = transport
            self._httpx[server, inside] = transport
        return transport

    def _proxy(self, server: str) -> str | None:
        return None if self._only is not None else proxy_for(server)

    def discard(self, server: str) -> None:
        """Reuse no connection to the origin of this server that is open now. Requests under way continue."""
        origin = "/".join(server.split("/", 3)[:3])
        with self._lock:
            for (text, _), pool in self._pools.items():
                if text == origin and pool is not None:
                    pool.discard()
            gone = [transport for (text, _), transport in self._httpx.items() if text == origin]
            self._httpx = {key: transport for key, transport in self._httpx.items() if transport not in gone}
            self._httpx_by_proxy = {key: transport for key, transport in self._httpx_by_proxy.items() if transport not in gone}

    async def aclose(self) -> None:
        """Close all connections. The next request opens new ones."""
        with self._lock:
            transports: list[AsyncHTTPXTransport | http11.AsyncConnectionPool] = [*self._httpx_by_proxy.values()]
            transports += [pool for pool in self._pools.values() if pool is not None]
            self._httpx_by_proxy.clear()
            self._httpx.clear()
            self._pools.clear()
        for transport in transports:
            await transport.aclose()
