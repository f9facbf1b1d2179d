"""For whom a client of the server acts, and what it may use; and the tools that it has of that."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from unified_platform import catalog
from unified_platform.tools import Result, Search, Toolbox, tools
from unified_platform.toolsets import Toolset
from unified_runtime import AsyncClient, acting
from unified_runtime.context import current_acting
from unified_runtime.sources import Owner

_KEPT = 10.0
"""Seconds for which it is kept which vendors a broker has: each look is a request."""

_MOST = 256
"""Toolboxes that are kept: one for each profile and the vendors that it has connected."""


@dataclass(frozen=True, slots=True)
class Profile:
    """For whom a client of the server acts.

    Attributes:
        user, team, agent: as in `unified.acting`.
        toolsets: what it may use, in words (`tasks.read`) or as a `Toolset`; everything without.
        vendors: those to reach; without, the ones that are connected, which may change while a session is open.
        approver: who may approve calls in this client, when a policy asks for approval; nobody without. The client's user is asked
            (elicitation), so this is for clients in which a person answers, and not the agent.
        client: through which its calls are made, if not the server's.
        clean: is given each result before the client gets it, and gives what shall be answered.
    """

    user: str | None = None
    team: str | None = None
    agent: str | None = None
    toolsets: tuple[str, ...] | Toolset | None = None
    vendors: tuple[str, ...] | None = None
    approver: str | None = None
    client: AsyncClient | None = None
    clean: Callable[[Profile, Result], Result] | None = None


Profiles = Callable[[Any], Profile]
"""Tells from the context of a request whose it is."""


class Toolboxes:
    """The tools of each profile, made when they are first asked for and whenever other vendors are connected.

    Args:
        client: through which calls are made.
        result_tokens: the most that one result may cost a model's context, about.
    """

    def __init__(self, client: AsyncClient, *, result_tokens: int = 4000) -> None:
        self.client = client
        self._tokens = result_tokens
        self._told: dict[Profile, tuple[float, tuple[str, ...]]] = {}
        self._kept: dict[tuple[Profile, tuple[str, ...]], tuple[Toolbox, list[Search]]] = {}

    async def vendors(self, profile: Profile) -> tuple[str, ...]:
        """The vendors that the profile reaches now. What is kept in a vault is read without blocking."""
        if profile.vendors is not None:
            return profile.vendors
        client = profile.client or self.client
        if client.remote is not None:
            return await self._asked(profile, client)
        connections = client.connections
        await connections.warmed(Owner(profile.user, profile.team))
        with acting(user=profile.user, team=profile.team):
            return connections.vendors([entry.name for entry in catalog.load()], current_acting())

    async def _asked(self, profile: Profile, client: AsyncClient) -> tuple[str, ...]:
        """The vendors that a broker has for the profile; asked for in a thread, and kept for some seconds."""
        until, known = self._told.get(profile, (0.0, ()))
        if until <= time.monotonic():

            def ask() -> tuple[str, ...]:
                with acting(user=profile.user, team=profile.team, agent=profile.agent):
                    return client.connections.vendors([entry.name for entry in catalog.load()], current_acting())

            known = await asyncio.to_thread(ask)
            self._told[profile] = time.monotonic() + _KEPT, known
        return known

    async def of(self, profile: Profile) -> Toolbox:
        """The tools that the profile has now.

        Raises:
            InvalidInput: it names a toolset or vendor that is none.
        """
        return (await self._of(profile))[0]

    async def search(self, profile: Profile) -> Search:
        """The index of the tools that the profile has now."""
        box, made = await self._of(profile)
        if not made:
            made.append(Search(box))
        return made[0]

    async def _of(self, profile: Profile) -> tuple[Toolbox, list[Search]]:
        key = profile, await self.vendors(profile)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST:
                self._kept.pop(next(iter(self._kept)))
            found = self._kept[key] = self._made(*key), []
        return found

    def _made(self, profile: Profile, vendors: tuple[str, ...]) -> Toolbox:
        return tools(
            user=profile.user,
            team=profile.team,
            agent=profile.agent,
            toolsets=profile.toolsets,
            vendors=vendors,
            async_client=profile.client or self.client,
            result_tokens=self._tokens,
        )
