"""HTTP/1.1 client for small requests: connection pools for one origin, sync and async, parsed by llhttp.

`ConnectionPool` is a `Transport`, `AsyncConnectionPool` an `AsyncTransport`, for the requests that `supports` accepts and the origins that
`supports_origin` accepts. docs/reference/http11.md lists what the client does not do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unified_runtime.http.http11.framing import Origin, supports, supports_origin

if TYPE_CHECKING:
    from unified_runtime.http.http11._async.connection_pool import AsyncConnectionPool as AsyncConnectionPool
    from unified_runtime.http.http11._sync.connection_pool import ConnectionPool as ConnectionPool

__all__ = ["AsyncConnectionPool", "ConnectionPool", "Origin", "supports", "supports_origin"]


def __getattr__(name: str) -> Any:
    # A sync client does not import asyncio, and an async one does not import blocking sockets.
    if name == "ConnectionPool":
        from unified_runtime.http.http11._sync.connection_pool import ConnectionPool

        return ConnectionPool
    if name == "AsyncConnectionPool":
        from unified_runtime.http.http11._async.connection_pool import AsyncConnectionPool

        return AsyncConnectionPool
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
