"""Programs of agents at the broker: their rights are stored with them, and they are resumed with these rights when they can go on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import msgspec

from unified_platform.approvals.store import ApprovalStore
from unified_platform.broker.agent_keys import InvalidAgentKey
from unified_platform.broker.identity import Identity
from unified_platform.broker.principals import NotPermitted, Principal, StoredPrincipal
from unified_platform.catalog.toolsets import EVERYTHING
from unified_platform.mcp.profiles import Profile, Toolboxes
from unified_platform.programs import ProgramRunner, ProgramStore, Resumer
from unified_platform.programs.resumer import INTERVAL, NotResumable
from unified_platform.programs.store import Program
from unified_platform.programs.tools import RunProgram
from unified_runtime import AsyncClient
from unified_runtime.core import typed_json
from unified_runtime.core.wire.protocol import ActingFields


def stored_rights(principal: Principal) -> str:
    """Return the rights of a principal as they are stored with its programs. The store seals them."""
    return msgspec.json.encode(principal.stored()).decode()


class ProgramResumption:
    """Resumes the programs of a broker's agents.

    Args:
        store: the programs.
        client: client for calls with the broker's connections.
        client_of: returns the client with a principal's rights.
        identity: agent keys; a program is resumed with the current rights of its key, and not at all once it was revoked.
        approvals: approvals that programs wait for.
        interval: seconds between two searches for programs that can go on.
    """

    def __init__(
        self,
        store: ProgramStore,
        client: AsyncClient,
        client_of: Callable[[Principal], AsyncClient],
        identity: Identity,
        approvals: ApprovalStore | None,
        *,
        interval: float = INTERVAL,
    ) -> None:
        self._client_of = client_of
        self._identity = identity
        self._toolboxes = Toolboxes(client, programs=True, program_store=store)
        self._store = store
        self._tenant = client.connections.tenant
        self._approvals = approvals
        self._interval = interval

    @contextlib.asynccontextmanager
    async def around(self) -> AsyncIterator[None]:
        """Resume programs while the broker runs."""
        resumer = Resumer(self._store, self._runner, approvals=self._approvals, tenant=self._tenant)
        task = asyncio.create_task(resumer.forever(self._interval), name="unified-programs")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _runner(self, program: Program) -> ProgramRunner | None:
        if not program.content.rights:
            return None  # it was not started at a broker
        principal = await asyncio.to_thread(self._principal, typed_json.decode(program.content.rights, StoredPrincipal))
        try:
            with principal.acting(ActingFields(user=program.user, team=program.team)):
                pass
        except NotPermitted as error:
            raise NotResumable(error.message) from None
        profile = Profile(
            user=program.user,
            team=program.team,
            agent=program.agent,
            toolsets=principal.toolset,
            client=self._client_of(principal),
            rights=program.content.rights,
        )
        tool = (await self._toolboxes.of(profile))["run_program"]
        assert isinstance(tool, RunProgram)
        return tool.runner

    def _principal(self, stored: StoredPrincipal) -> Principal:
        """Return the principal of a program: of a key as it is now, of a token as it was.

        Raises:
            NotResumable: the key is no longer valid.
        """
        kind, _, id = stored.by.partition(" ")
        if kind != "key":
            return stored.principal(EVERYTHING)
        try:
            return self._identity.of(self._identity.keys.active(id))
        except InvalidAgentKey as error:
            raise NotResumable(error.message) from None
