"""Resumes paused programs when they can go on: an approval was decided, a rate limit allows it, or their process has died.

A paused program is a row of the store. One loop finds those that are due, however many there are; several loops may run, in any
process, and of those that find a program one resumes it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from unified_platform.approvals.store import ApprovalStore
from unified_platform.programs.outcomes import Outcome
from unified_platform.programs.runner import ProgramRunner
from unified_platform.programs.store import Program, ProgramStore
from unified_runtime.core.errors import Conflict, Unavailable, UnifiedError

log = logging.getLogger("unified.programs")

INTERVAL = 2.0
"""Seconds between two searches for programs that are due."""
BACKOFF = 60.0
"""Seconds after which a program that could not be resumed is tried again."""
RECENT = 600.0
"""Seconds since a decision for which each search finds its program directly, however many programs wait."""
AT_ONCE = 1000
"""Waiting programs whose approvals one search looks up, beside recent decisions."""


class NotResumable(UnifiedError):
    """The program can never be resumed, for instance because its agent's key was revoked."""


class Resumer:
    """Resumes the programs of a store.

    Args:
        store: the programs.
        runner: returns a runner with the rights of a program; None to leave it to others. It raises `NotResumable` if there are none.
        approvals: store of the approvals that programs wait for; without it, programs that wait for one are not resumed.
        tenant: resume only programs of this tenant.
        at_once: maximum programs that are resumed at the same time.
    """

    def __init__(
        self,
        store: ProgramStore,
        runner: Callable[[Program], Awaitable[ProgramRunner | None]],
        *,
        approvals: ApprovalStore | None = None,
        tenant: str | None = None,
        at_once: int = 4,
    ) -> None:
        self._store = store
        self._runner = runner
        self._approvals = approvals
        self._tenant = tenant
        self._slots = asyncio.Semaphore(at_once)
        self._later: dict[str, float] = {}
        self._after = ""

    async def forever(self, interval: float = INTERVAL) -> None:
        """Resume programs until this is cancelled."""
        while True:
            try:
                await self.once()
            except UnifiedError as error:
                log.warning("programs cannot be resumed now: %s", error.message)
            await asyncio.sleep(interval)

    async def once(self) -> list[Outcome]:
        """Resume the programs that are due now, and return their outcomes."""
        now = time.monotonic()
        self._later = {id: until for id, until in self._later.items() if until > now}
        ids = [id for id in await asyncio.to_thread(self._due) if id not in self._later]
        return [one for one in await asyncio.gather(*map(self._resumed, ids)) if one is not None]

    def _due(self) -> list[str]:
        found = self._store.due(self._tenant)
        if self._approvals is not None:
            found += self._store.waiting_for(self._approvals.recently_decided(RECENT), self._tenant)
            # The others in turn, some in each round: what was decided while nothing ran, or could not be resumed.
            waiting = self._store.waiting(self._tenant, after=self._after, limit=AT_ONCE)
            self._after = list(waiting)[-1] if len(waiting) == AT_ONCE else ""
            found += [waiting[approval] for approval in self._approvals.decided(waiting)]
        return list(dict.fromkeys(found))

    async def _resumed(self, id: str) -> Outcome | None:
        async with self._slots:
            try:
                program = await asyncio.to_thread(self._store.get, id)
                try:
                    runner = await self._runner(program)
                except NotResumable as error:
                    await asyncio.to_thread(self._store.fail, id, error.message)
                    return None
                if runner is not None:
                    return await runner.aresume(id)
                self._later[id] = time.monotonic() + BACKOFF
            except Conflict:
                self._later[id] = time.monotonic() + INTERVAL  # another process resumes it, or its agent runs too many programs
            except UnifiedError as error:
                log.warning("program %s cannot be resumed: %s", id, error.message)
                self._later[id] = time.monotonic() + (INTERVAL if isinstance(error, Unavailable) else BACKOFF)
            return None
