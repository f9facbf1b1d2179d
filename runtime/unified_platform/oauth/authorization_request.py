"""Request to connect a user: vendor, scopes and options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from unified_platform.connections.records import NAME, ConnectionKey, checked_connection_key
from unified_platform.oauth import required_scopes as scopes
from unified_platform.oauth import rich_authorization
from unified_platform.oauth.declarations import Declaration
from unified_runtime.core.errors import InvalidInput


class StartedAuthorization(NamedTuple):
    """URL to send the user to, and the state that comes back. A web application saves it in the user's session, and compares it there."""

    authorization_url: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectRequest:
    """Request to connect a user or the application to a vendor, with the rights to request.

    Args:
        scopes: scopes by the vendor's names. Or pass `tools`, operations (`tasks.read`, `tasks.create`), to request their least scopes.
        values: connection values that the vendor's server needs (`site`).
        authorization_details: rights down to one action (RFC 9396).
        resources: the APIs the token is for (RFC 8707).
        bound: bind tokens to a key (DPoP, RFC 9449).
        once: authorize one action only: finish with `finish_once`; nothing is stored.
        exclusive: only this installation writes with the account; None leaves the setting of an existing connection unchanged.
        renews: id of the connection to reconnect; the account must be the same.
    """

    vendor: str
    user: str | None = None
    team: str | None = None
    name: str = NAME
    scopes: Sequence[str] = ()
    tools: Iterable[str] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    server: str | None = None
    authorization_details: Sequence[rich_authorization.Detail] = ()
    resources: Sequence[str] = ()
    bound: bool = False
    pushed: bool | None = None
    once: bool = False
    exclusive: bool | None = None
    renews: str | None = None

    @property
    def key(self) -> ConnectionKey:
        return checked_connection_key(self.vendor, self.user, self.team, self.name)

    def wanted(self, declaration: Declaration, *, always: bool = True) -> tuple[str, ...]:
        """Return the scopes to request: `scopes`, or the least for `tools`, and those that every connection of the vendor needs.

        Raises:
            InvalidInput: both are given, or the vendor does not have one of the tools.
        """
        tools = tuple(self.tools)
        if self.scopes and tools:
            raise InvalidInput("pass scopes or tools, not both")
        found = scopes.required_scopes(self.vendor, tools) if tools else tuple(self.scopes)
        return tuple(dict.fromkeys((*found, *(declaration.always if always and not self.once else ()))))
