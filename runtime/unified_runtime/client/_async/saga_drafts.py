"""Submission of saga drafts to a broker."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from unified_runtime.client._async.flow_runner import AsyncFlowRunner
from unified_runtime.client.saga_drafts import BaseDraft, Done
from unified_runtime.core.wire.sagas import Report

if TYPE_CHECKING:
    from unified_runtime.broker_client.client import BrokerClient

_LOOK = 20.0
"""Seconds for which one request to the broker waits for a saga's end."""


class AsyncDraft(BaseDraft):
    """Draft of a saga for a broker, as the client's `saga` creates it."""

    def __init__(
        self, runner: AsyncFlowRunner, broker_client: BrokerClient | None, name: str, id: str | None, timeout: float | None
    ) -> None:
        super().__init__(broker_client, name, id, timeout)
        self._runner = runner

    async def submit(self) -> Report:
        """Submit the saga. The broker then runs it without this process. Submitting it again only returns its report.

        Raises:
            InvalidInput, Unsupported, NotConnected: a step is not valid, or could not be undone.
            Denied: the key does not allow a step, or the call that would undo it.
            Conflict: the id was used for another saga.
        """
        return await self._runner.perform(self._broker_client.saga(self._submitted()))

    async def report(self, wait: float = 0.0) -> Report:
        """Return the report of the saga; waits for its end for at most `wait` seconds.

        Raises:
            NotFound: it was never submitted.
        """
        return await self._runner.perform(self._broker_client.saga_report(self.id, wait))

    async def run(self, wait: float | None = None) -> Done | None:
        """Submit the saga and wait for its end, for at most `wait` seconds (by default without a limit). Returns None if it has not ended.

        Raises:
            SagaFailed: it was rolled back; the error lists what was undone, and what could not be.
        """
        over = None if wait is None else time.monotonic() + wait
        done = self._ended(await self.submit())
        while done is None and (over is None or time.monotonic() < over):
            done = self._ended(await self.report(_LOOK if over is None else max(0.0, min(_LOOK, over - time.monotonic()))))
        return done
