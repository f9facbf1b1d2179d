"""Connections of a client: those created in this process, and those of its source."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from unified_runtime.core.connections import Connection
from unified_runtime.core.errors import InvalidInput, NotConnected, UnifiedError
from unified_runtime.core.owners import TENANT
from unified_runtime.core.suggestions import did_you_mean, shortened

if TYPE_CHECKING:
    from unified_runtime.core.connection_sources import CursorKeys, Source
    from unified_runtime.core.context import Acting
    from unified_runtime.core.owners import Owner


COMMAND = ". Connect it with: "
"""Text before the command that connects, at the end of a message."""


def check_via(via: str, operation: str, vendors: Mapping[str, str]) -> None:
    """Reject a vendor that does not exist, or does not have the operation.

    Raises:
        InvalidInput: the vendor is not valid; the message lists the valid ones.
    """
    if not isinstance(via, str) or via not in vendors:
        meant = did_you_mean(via, vendors) if isinstance(via, str) else ""
        text = f"there is no {operation} via {shortened(via)}{meant}; it is offered by {', '.join(vendors)}"
        raise InvalidInput(text, operation=operation, fields={"via": "is not a vendor of this operation"})


class Connections:
    """Connections of a client, by vendor and user: those created in this process, then those of a source. Threads may share them.

    `circuits` has the circuit breakers of their servers (see `rate_limits.circuit_breaker.circuit_breaker`).
    """

    def __init__(self, source: Source | None = None) -> None:
        self.source = source
        self.tenant: str = getattr(source, "tenant", TENANT)
        self._connections: dict[tuple[str, str | None], Connection] = {}
        self.circuits: dict[tuple[str, str, int], Any] = {}
        self._lock = threading.Lock()

    @property
    def cursor_keys(self) -> CursorKeys | None:
        """The keys that authenticate cursors, which the source shares with other processes; None if it has none."""
        found: CursorKeys | None = getattr(self.source, "cursor_keys", None)
        return found

    def add(self, connection: Connection) -> None:
        connection.tenant = self.tenant
        with self._lock:
            self._connections = {**self._connections, (connection.vendor.name, connection.user): connection}

    def remove(self, vendor: str, user: str | None) -> None:
        with self._lock:
            self._connections = {part: connection for part, connection in self._connections.items() if part != (vendor, user)}

    def get(self, vendor: str, user: str | None) -> Connection | None:
        """Return the connection that was created in this process, if any."""
        return self._connections.get((vendor, user))

    def known(self, vendor: str, acting: Acting) -> Connection | None:
        """Return the connection to a vendor, if there is a usable one and finding it needs no I/O."""
        connection = self.get(vendor, acting.user) if acting.connection is None else None
        if connection is None and self.source is not None and self.source.warm(acting.owner):
            found = self.source.choose({vendor: ""}, acting.owner, acting.connection)
            connection = next((one for one in found if isinstance(one, Connection)), None)
        return connection

    def cold(self, owner: Owner) -> bool:
        """Return true if finding a connection for this owner must load the source first."""
        return self.source is not None and not self.source.warm(owner)

    async def warmed(self, owner: Owner) -> None:
        """Load the source in a thread if necessary, so that `find` does no I/O."""
        if (source := self.source) is not None and not source.warm(owner):
            import asyncio  # async callers have already imported it

            await asyncio.to_thread(source.load, owner)

    def vendors(self, names: Iterable[str], acting: Acting) -> tuple[str, ...]:
        """Return those of the vendors that are connected for the user and team of `acting`."""
        found = {name for name in names if (name, acting.user) in self._connections}
        if (source := self.source) is not None:
            if not source.warm(acting.owner):
                source.load(acting.owner)
            known = source.choose(dict.fromkeys(names, ""), acting.owner, acting.connection)
            found |= {one.vendor.name for one in known if isinstance(one, Connection)}
        return tuple(sorted(found))

    def find(self, operation: str, vendors: Mapping[str, str], via: str | None, acting: Acting) -> Connection:
        """Return the connection for a call: that of the named vendor, else the only one connected.

        A call never uses another user's connection, and a call for a user never uses a connection that belongs to no user.

        Raises:
            InvalidInput: the vendor does not exist, or several are connected and none is named.
            NotConnected: neither the vendor nor any other for the operation is connected for this user, or the user must connect again.
        """
        user, named = acting.user, acting.connection
        if via is not None:
            check_via(via, operation, vendors)
            connection = self._connections.get((via, user)) if named is None else None
            if connection is not None:
                return connection
            vendors = {via: vendors[via]}
        fitting: list[Connection | UnifiedError] = []
        urls = self._connections
        if named is None and urls:  # empty if all connections come from a source
            here: Iterable[str] = vendors
            if len(urls) == 1:
                here = [name for name, owner in urls if owner == user and name in vendors]
            fitting += [connection for name in here if (connection := urls.get((name, user))) is not None]
        if (source := self.source) is not None:
            if not source.warm(acting.owner):
                source.load(acting.owner)
            if fitting:
                own = {one.vendor.name for one in fitting if isinstance(one, Connection)}
                vendors = {name: module for name, module in vendors.items() if name not in own}
            fitting += source.choose(vendors, acting.owner, named)
        if len(fitting) == 1:
            only = fitting[0]
            if isinstance(only, Connection):
                return only
            only.operation = operation
            raise self._linked(only, acting, only.vendor)
        if fitting:
            names = [one.vendor.name if isinstance(one, Connection) else one.vendor for one in fitting]
            choices = " or ".join(f"via={name!r}" for name in names)
            raise InvalidInput(f"several connected vendors have this operation, select one: {choices}", operation=operation)
        missing = NotConnected(self._missing(via, acting, tuple(vendors)), vendor=via, operation=operation)
        raise self._linked(missing, acting, via or (next(iter(vendors)) if len(vendors) == 1 else None))

    def _linked(self, error: UnifiedError, acting: Acting, vendor: str | None) -> UnifiedError:
        """Return the error, with the URL at which its user connects the vendor if the source has one."""
        connect_link = getattr(self.source, "connect_link", None)
        if connect_link is None or not isinstance(error, NotConnected) or acting.connection is not None:
            return error
        error.url = connect_link(vendor, acting.owner)
        if error.url is not None:
            error.message = f"{error.message.partition(COMMAND)[0]}. Connect it at {error.url}"
            error.args = (error.message,)
        return error

    def _missing(self, vendor: str | None, acting: Acting, vendors: tuple[str, ...]) -> str:
        user, team = acting.owner
        named = vendor or (vendors[0] if len(vendors) == 1 else None)
        what = f"{named} is not connected" if named else f"none of {', '.join(vendors)} is connected"
        others = sorted({str(owner) for name, owner in self._connections if owner is not None and (name == named or name in vendors)})
        owner = f", user={user!r}" if user is not None else ""
        text = what + (f" for user {user!r}" if user is not None else "") + (f" or team {team!r}" if team is not None else "")
        if acting.connection is not None:
            return f"{text} under the name {acting.connection!r}"
        if self.source is not None:
            from unified_runtime.core.shell_quoting import command  # only needed for errors

            arguments = () if user is None else ("--user", user) if not user.startswith("-") else (f"--user={user}",)
            return f"{text}{COMMAND}{command('unified', 'connect', named or 'VENDOR', *arguments)}"
        text += f": unified.connect({named or vendors[0]!r}, <credential>{owner}) first"
        if user is None and others:
            text += f", or act for a user that is connected: acting(user={others[0]!r})"
        elif user is not None and any(owner is None and (name == named or name in vendors) for name, owner in self._connections):
            text += " (it is connected for no particular user; such a connection does not serve named users)"
        return text
