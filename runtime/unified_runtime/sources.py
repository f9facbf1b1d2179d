"""Where connections come from that the process did not make itself, such as a vault; and how their credentials are renewed.

The call path knows these protocols and nothing behind them. A source answers for one tenant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from unified_runtime.connections import Connection
    from unified_runtime.errors import UnifiedError


class Owner(NamedTuple):
    """For whom a call is made: a user, who may also use what is shared with `team`; nobody in particular with neither."""

    user: str | None = None
    team: str | None = None


class Source(Protocol):
    """Offers connections by vendor and owner.

    It is safe to share between threads.
    """

    def warm(self, owner: Owner) -> bool:
        """Whether what the source knows of an owner is at hand, so that `choose` does no I/O."""
        ...

    def load(self, owner: Owner) -> None:
        """Read what there is for an owner. May do I/O; async code runs it in a thread.

        Raises:
            UnifiedError: the source cannot be read.
        """
        ...

    def choose(self, vendors: Mapping[str, str], owner: Owner, name: str | None) -> tuple[Connection | UnifiedError, ...]:
        """For each of the vendors (the mapping's keys) the owner's connection of that name, or for None the default one.

        A vendor without one is left out. One whose connection cannot be used, or cannot be told from others, stands there as the error
        to raise, a new one each time, with `vendor` set.
        """
        ...


class Renewal(Protocol):
    """Renews the credential of a connection that has one of these as its `renewal`."""

    def renew(self, connection: Connection, *, rejected: bool) -> Connection:
        """The connection with a credential that can be used now.

        It is asked ahead of `connection.renew_at`, and once for each request that the vendor refused as unauthorized (`rejected`). The
        same object as given says that there is no other credential.

        Raises:
            UnifiedError: it cannot be renewed: `NotConnected` if the user must connect again, `Unavailable` if it passes.
        """
        ...

    async def arenew(self, connection: Connection, *, rejected: bool) -> Connection:
        """The same for async code."""
        ...


class Renew:
    """What the driver asks its client to do: have a connection renewed. The answer is a connection or an error of the tree."""

    __slots__ = ("connection", "rejected", "renewal")

    def __init__(self, renewal: Renewal, connection: Connection, *, rejected: bool) -> None:
        self.renewal = renewal
        self.connection = connection
        self.rejected = rejected
