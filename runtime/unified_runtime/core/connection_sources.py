"""Protocols of connection sources, such as a vault, and the request to renew a credential.

Calls depend only on these protocols, not on their implementations. A source serves one tenant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from unified_runtime.core.connections import Connection, Renewal
    from unified_runtime.core.errors import UnifiedError
    from unified_runtime.core.owners import Owner

    ConnectLink = Callable[[str | None, Owner], str | None]
    """Returns a URL with which an owner connects a vendor, or any if it is None; None if the owner cannot."""


class Source(Protocol):
    """Source of connections, by vendor and owner.

    It is safe to share between threads. `tenant` is the tenant of the connections; a source without this attribute belongs to `TENANT`.
    A source may have `connect_link`, a `ConnectLink`, for errors of missing connections.
    """

    def warm(self, owner: Owner) -> bool:
        """Return true if the connections of an owner are loaded, so that `choose` does no I/O."""
        ...

    def load(self, owner: Owner) -> None:
        """Load the connections of an owner. May do I/O; async code runs it in a thread.

        Raises:
            UnifiedError: the source cannot be read.
        """
        ...

    def choose(self, vendors: Mapping[str, str], owner: Owner, name: str | None) -> tuple[Connection | UnifiedError, ...]:
        """Return for each vendor (the mapping's keys) the owner's connection of that name, or the default one if `name` is None.

        A vendor without a connection is omitted. For one whose connection cannot be used or is ambiguous, the result has the error to
        raise, a new one each time, with `vendor` set.
        """
        ...


class CursorKeys(Protocol):
    """Keys that authenticate cursors, equal in all processes that accept each other's cursors.

    A source may provide them as its attribute `cursor_keys`. They are safe to share between threads.
    """

    def newest(self) -> tuple[bytes, bytes] | None:
        """Return the id (4 bytes) and the key (32 bytes) for new cursors; None if `load` must be called first."""
        ...

    def key(self, id: bytes) -> bytes | None:
        """Return the key of an id; None if it is not known, or not loaded yet."""
        ...

    def load(self) -> None:
        """Load the keys. May do I/O; async code runs it in a thread.

        Raises:
            UnifiedError: they cannot be read.
        """
        ...


class Renew:
    """Request of the driver to its client: renew a connection. The result is a connection or a `UnifiedError`."""

    __slots__ = ("connection", "rejected", "renewal")

    def __init__(self, renewal: Renewal, connection: Connection, *, rejected: bool) -> None:
        self.renewal = renewal
        self.connection = connection
        self.rejected = rejected
