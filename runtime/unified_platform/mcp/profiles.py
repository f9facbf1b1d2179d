"""Profiles of MCP clients (user, agent, toolset, vendors), and the tools of each profile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from unified_platform.catalog import capabilities
from unified_platform.catalog.toolsets import Toolset
from unified_platform.programs.store import ProgramStore
from unified_platform.programs.tools import program_tools
from unified_platform.tools import FileStore, Result, Toolbox, ToolSearch, tools
from unified_platform.tools.file_addresses import FileAddresses
from unified_runtime import AsyncClient, acting
from unified_runtime.core.context import current_acting
from unified_runtime.core.owners import Owner
from unified_runtime.toolkits import registry

_CACHE_SECONDS = 10.0
"""Seconds for which a broker's vendors are cached: each look-up is a request."""

_MOST = 256
"""Maximum cached toolboxes: one for each profile and its connected vendors."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Identity and rights of a client of the server.

    Attributes:
        user, team, agent: as in `unified.acting`.
        toolsets: allowed tools, as strings (`tasks.read`) or as a `Toolset`; by default everything.
        vendors: allowed vendors, of which the tools list the connected ones, or all if none is connected; by default every connected
            vendor. Connections may change during a session.
        approver: person who may approve calls in this client, if a policy requires approval; by default no one. The client's user is
            prompted (elicitation), so this is for clients in which a person decides, not the agent.
        client: client for its calls, if not the server's.
        clean: function applied to each result before the client gets it.
        rights: text that is stored with programs; their rights when they are resumed are derived from it.
    """

    user: str | None = None
    team: str | None = None
    agent: str | None = None
    toolsets: tuple[str, ...] | Toolset | None = None
    vendors: tuple[str, ...] | None = None
    approver: str | None = None
    client: AsyncClient | None = None
    clean: Callable[[Profile, Result], Result] | None = None
    rights: str = ""


Profiles = Callable[[Any], Profile]
"""Function that returns the profile of a request's context."""


class Toolboxes:
    """Toolboxes by profile, created when first used and when the connected vendors change.

    Args:
        client: client for calls.
        result_tokens: maximum tokens of one result in a model's context.
        programs: instead of a tool for each operation, offer those that search, read and run programs.
        program_store: stores paused and durable programs.
        file_addresses: signs addresses of files in results.
    """

    def __init__(
        self,
        client: AsyncClient,
        *,
        result_tokens: int = 4000,
        programs: bool = False,
        program_store: ProgramStore | None = None,
        file_addresses: FileAddresses | None = None,
    ) -> None:
        self.client = client
        self._tokens = result_tokens
        self._programs = programs
        self._program_store = program_store
        self._file_addresses = file_addresses
        self._known: dict[Profile, tuple[float, tuple[str, ...]]] = {}
        self._saved: dict[tuple[Profile, tuple[str, ...]], tuple[Toolbox, list[ToolSearch]]] = {}

    async def vendors(self, profile: Profile) -> tuple[str, ...]:
        """Return the profile's current vendors: the connected ones of those allowed. A vault is read without blocking."""
        client = profile.client or self.client
        names = sorted({*capabilities.vendor_names(), *registry.names()}) if profile.vendors is None else profile.vendors
        if client.broker_client is not None:
            connected = await self._of_broker(profile, client, names)
        else:
            await client.connections.warmed(Owner(profile.user, profile.team))
            with acting(user=profile.user, team=profile.team):
                connected = client.connections.vendors(names, current_acting())
        return connected or profile.vendors or ()

    async def _of_broker(self, profile: Profile, client: AsyncClient, names: Iterable[str]) -> tuple[str, ...]:
        """Return a broker's vendors for the profile; requested in a thread, and cached for some seconds."""
        until, known = self._known.get(profile, (0.0, ()))
        if until <= time.monotonic():

            def fetch() -> tuple[str, ...]:
                with acting(user=profile.user, team=profile.team, agent=profile.agent):
                    return client.connections.vendors(names, current_acting())

            known = await asyncio.to_thread(fetch)
            self._known[profile] = time.monotonic() + _CACHE_SECONDS, known
        return known

    async def of(self, profile: Profile) -> Toolbox:
        """Return the current tools of the profile.

        Raises:
            InvalidInput: a toolset or vendor does not exist.
        """
        return (await self._of(profile))[0]

    async def search(self, profile: Profile) -> ToolSearch:
        """Return the search index of the profile's current tools."""
        box, made = await self._of(profile)
        if not made:
            made.append(ToolSearch(box))
        return made[0]

    async def _of(self, profile: Profile) -> tuple[Toolbox, list[ToolSearch]]:
        key = profile, await self.vendors(profile)
        found = self._saved.get(key)
        if found is None:
            if len(self._saved) >= _MOST:
                self._saved.pop(next(iter(self._saved)))
            found = self._saved[key] = self._made(*key), []
        return found

    def _made(self, profile: Profile, vendors: tuple[str, ...]) -> Toolbox:
        client = profile.client or self.client
        signs = self._file_addresses
        files = FileStore(profile.user, profile.team, profile.agent, client.connections.tenant, addresses=signs) if signs else None
        made = tools(
            user=profile.user,
            team=profile.team,
            agent=profile.agent,
            toolsets=profile.toolsets,
            vendors=vendors,
            async_client=client,
            result_tokens=self._tokens,
            files=files,
        )
        return program_tools(made, store=self._program_store, rights=profile.rights) if self._programs else made
