"""How requests reach a vendor: the `Transport` protocols, sockets and httpx2 by default, a client of httpx2 or httpx where one is given."""

from __future__ import annotations

import sys
from typing import Any

from unified_runtime.transports import http
from unified_runtime.transports.base import AsyncTransport, Transport

__all__ = ["AsyncTransport", "Transport", "adapt", "adapt_async"]


def adapt(given: Any) -> Transport:
    """A transport for whatever a caller gave: a `Transport`, an `httpx2.Client` or `httpx.Client`, or one of their transports.

    Raises:
        TypeError: it is none of these.
    """
    library = _library_of(given)
    if library is None:
        if isinstance(given, Transport):
            return given
        raise TypeError(f"transport must be a Transport, or a Client or transport of httpx2 or httpx, not {type(given).__name__}")
    if isinstance(given, library.Client):
        return http.ClientTransport(given, library)
    if isinstance(given, library.BaseTransport):
        return http.HTTPTransport(given, library)
    raise TypeError(f"the sync client needs a sync transport, not {type(given).__name__}")


def adapt_async(given: Any) -> AsyncTransport:
    """As `adapt`, for the async client.

    Raises:
        TypeError: it is no async transport.
    """
    from unified_runtime.transports import aio_http  # brings asyncio along, which a sync client has no use for

    library = _library_of(given)
    if library is None:
        if isinstance(given, AsyncTransport):
            return given
        raise TypeError(
            f"transport must be an AsyncTransport, or an AsyncClient or transport of httpx2 or httpx, not {type(given).__name__}"
        )
    if isinstance(given, library.AsyncClient):
        return aio_http.AsyncClientTransport(given, library)
    if isinstance(given, library.AsyncBaseTransport):
        return aio_http.AsyncHTTPTransport(given, library)
    raise TypeError(f"the async client needs an async transport, not {type(given).__name__}")


def _library_of(given: Any) -> Any:
    """The module, httpx2 or httpx, that the object comes from. Their types differ, and neither is imported just to ask."""
    for name in ("httpx2", "httpx"):
        library: Any = sys.modules.get(name)
        if library is not None and isinstance(
            given, (library.Client, library.AsyncClient, library.BaseTransport, library.AsyncBaseTransport)
        ):
            return library
    return None
