"""Reading of connection sources, such as a vault, before a connection is looked up: async clients must not block, sync ones may."""

from __future__ import annotations

from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.context import current_acting
from unified_runtime.core.owners import Owner


async def aread_source(connections: Connections, owner: Owner | None = None) -> None:
    """Read the source in a thread, unless its connections for the owner (by default the current one) are known."""
    await connections.warmed(current_acting().owner if owner is None else owner)


def read_source(connections: Connections, owner: Owner | None = None) -> None:
    """Do nothing: the look-up reads the source itself."""


def amust_read_first(connections: Connections, owner: Owner) -> bool:
    """Return True if a look-up would block now."""
    return connections.cold(owner)


def must_read_first(connections: Connections, owner: Owner) -> bool:
    """Return False: a sync look-up may block."""
    return False
