"""Current client: that of the surrounding `using` block, or else the process's default."""

from __future__ import annotations

from unified_runtime.client.ambient_clients import ambient, ambient_async

TYPE_CHECKING = False  # see `operations`

if TYPE_CHECKING:
    from unified_runtime.client._async.client import AsyncClient
    from unified_runtime.client._sync.client import Client

_default: Client | None = None
_default_async: AsyncClient | None = None


def client() -> Client:
    """Return the client of the current context."""
    here: Client | None = ambient.get()
    return here if here is not None else default()


def async_client() -> AsyncClient:
    """Return the async client of the current context."""
    here: AsyncClient | None = ambient_async.get()
    return here if here is not None else default_async()


def default() -> Client:
    """Return the default client, to which `unified.connect` adds connections. A closed one is replaced."""
    global _default
    if _default is None or _default.is_closed:
        from unified_runtime.client._sync.client import Client
        from unified_runtime.client.defaults import CONNECTIONS

        # Two threads may create one each: both use the same connections.
        _default = Client(connections=CONNECTIONS)
    return _default


def default_async() -> AsyncClient:
    """Return the default async client, which has the connections of the default client. A closed one is replaced."""
    global _default_async
    if _default_async is None or _default_async.is_closed:
        from unified_runtime.client._async.client import AsyncClient
        from unified_runtime.client.defaults import CONNECTIONS

        _default_async = AsyncClient(connections=CONNECTIONS)
    return _default_async
