"""Adapters from what callers pass as `transport` to a `Transport`."""

from __future__ import annotations

import sys
from typing import Any

from unified_runtime.http._sync import httpx
from unified_runtime.http._sync.default import DefaultTransport
from unified_runtime.http.base import AsyncTransport, Transport


def adapt(given: Any) -> Transport:
    """Return a transport for a `Transport`, an `httpx2.Client` or `httpx.Client`, or one of their transports.

    Raises:
        TypeError: it is none of these.
    """
    if isinstance(given, DefaultTransport):
        return given
    library = _library_of(given)
    if library is None:
        if isinstance(given, Transport):
            return given
        raise TypeError(f"transport must be a Transport, or a Client or transport of httpx2 or httpx, not {type(given).__name__}")
    if isinstance(given, library.Client):
        return httpx.HTTPXClientTransport(given, library)
    if isinstance(given, library.BaseTransport):
        return httpx.HTTPXTransport(given, library)
    raise TypeError(f"the sync client needs a sync transport, not {type(given).__name__}")


def adapt_async(given: Any) -> AsyncTransport:
    """Return an async transport; see `adapt`.

    Raises:
        TypeError: it is not an async transport.
    """
    from unified_runtime.http._async import httpx  # imports asyncio, which sync clients do not need
    from unified_runtime.http.event_loops import PerLoopTransport

    if isinstance(given, PerLoopTransport):
        return given
    library = _library_of(given)
    if library is None:
        if isinstance(given, AsyncTransport):
            return given
        raise TypeError(
            f"transport must be an AsyncTransport, or an AsyncClient or transport of httpx2 or httpx, not {type(given).__name__}"
        )
    if isinstance(given, library.AsyncClient):
        return httpx.AsyncHTTPXClientTransport(given, library)
    if isinstance(given, library.AsyncBaseTransport):
        return httpx.AsyncHTTPXTransport(given, library)
    raise TypeError(f"the async client needs an async transport, not {type(given).__name__}")


def _library_of(given: Any) -> Any:
    """Return the module, httpx2 or httpx, that the object comes from; None for another object. Imports neither of them."""
    for name in ("httpx2", "httpx"):
        library: Any = sys.modules.get(name)
        if library is not None and isinstance(
            given, (library.Client, library.AsyncClient, library.BaseTransport, library.AsyncBaseTransport)
        ):
            return library
    return None
