"""What an application asks for when it connects a user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from unified_platform.oauth import details, scopes
from unified_platform.oauth.declared import Declaration
from unified_platform.vault.records import NAME, Place, checked_place
from unified_runtime.errors import InvalidInput


class Started(NamedTuple):
    """Where to send the user, and the state that comes back: a web application keeps it in the user's session, and checks it there."""

    authorization_url: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: for whom, at which vendor, with which rights.

    Args:
        scopes: rights by the vendor's names; or `tools`, operations (`tasks.read`, `tasks.create`), whose least scopes are known.
        values: what the vendor's server needs (`site`).
        authorization_details: rights down to one action (RFC 9396).
        resources: the APIs the token is for (RFC 8707).
        bound: bind tokens to a key (DPoP, RFC 9449).
        once: for one action: finish with `finish_once`, and nothing is stored.
    """

    vendor: str
    user: str | None = None
    team: str | None = None
    name: str = NAME
    scopes: Sequence[str] = ()
    tools: Iterable[str] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    server: str | None = None
    authorization_details: Sequence[details.Detail] = ()
    resources: Sequence[str] = ()
    bound: bool = False
    pushed: bool | None = None
    once: bool = False

    @property
    def place(self) -> Place:
        return checked_place(self.vendor, self.user, self.team, self.name)

    def wanted(self, declaration: Declaration, *, always: bool = True) -> tuple[str, ...]:
        """The scopes to ask for: those named, or the least for the tools, and those every connection of the vendor asks for.

        Raises:
            InvalidInput: both are given, or a tool is none of the vendor's.
        """
        tools = tuple(self.tools)
        if self.scopes and tools:
            raise InvalidInput("scopes or tools say what is asked for, not both")
        found = scopes.least(self.vendor, tools) if tools else tuple(self.scopes)
        return tuple(dict.fromkeys((*found, *(declaration.always if always and not self.once else ()))))
