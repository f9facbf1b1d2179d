"""Which client a call goes through: the one whose `with` block surrounds it, else the process's default."""

from __future__ import annotations

from contextvars import ContextVar

TYPE_CHECKING = False  # see `operations`

if TYPE_CHECKING:
    from unified_runtime.calling.aio_client import AsyncClient
    from unified_runtime.calling.client import Client

active: ContextVar[tuple[Client, object] | None] = ContextVar("unified_client", default=None)
"""The innermost `with client:` and what surrounded it."""

active_async: ContextVar[tuple[AsyncClient, object] | None] = ContextVar("unified_async_client", default=None)

_default: Client | None = None
_default_async: AsyncClient | None = None


def client() -> Client:
    """The client of calls made here."""
    here = active.get()
    return here[0] if here is not None else default()


def async_client() -> AsyncClient:
    """The async client of calls made here."""
    here = active_async.get()
    return here[0] if here is not None else default_async()


def default() -> Client:
    """The default client, which `unified.connect` fills."""
    global _default
    if _default is None:
        from unified_runtime.calling.client import Client
        from unified_runtime.calling.shared import CONNECTIONS

        # Two threads may both come here; whichever object stays, its connections are the same.
        _default = Client(connections=CONNECTIONS)
    return _default


def default_async() -> AsyncClient:
    """The default async client; it shares its connections with the default client."""
    global _default_async
    if _default_async is None:
        from unified_runtime.calling.aio_client import AsyncClient
        from unified_runtime.calling.shared import CONNECTIONS

        _default_async = AsyncClient(connections=CONNECTIONS)
    return _default_async
