"""A saga as an agent writes it for a broker: steps that may use the values of earlier ones, handed in as a whole."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from unified_runtime.brokered import values
from unified_runtime.brokered.protocol import Whose, untagged
from unified_runtime.context import current_acting
from unified_runtime.errors import InvalidInput
from unified_runtime.operations import AsyncOperation, Operation
from unified_runtime.sagas import Report, Step, Submitted, Undo, Value, failed, inputs_of, undo_of

if TYPE_CHECKING:
    from unified_runtime.brokered.remote import Remote
    from unified_runtime.calling.aio_client import AsyncClient
    from unified_runtime.calling.client import Client

C = TypeVar("C", "Client", "AsyncClient")

_LOOK = 20.0
"""Seconds for which the broker is asked to wait for a saga's end at a time."""


class Done:
    """A saga that is done. `done[task]` is the value of the step that `add` gave `task` for."""

    def __init__(self, report: Report, packages: list[str]) -> None:
        self.report = report
        self._packages = packages

    def __getitem__(self, step: Value) -> Any:
        number = step._step
        answer = self.report.answers[number - 1]
        if answer.records is None:
            return untagged(answer.plain)
        (record,) = values.records(answer, self._packages[number - 1])
        return record


class _Draft(Generic[C]):
    def __init__(self, client: C, name: str, id: str | None, timeout: float | None) -> None:
        if client.remote is None:
            raise InvalidInput("this client has no broker to run a saga: unified_platform.sagas runs sagas in this process")
        self.id = id or str(uuid.uuid4())
        self.name = name
        self._client: C = client
        self._remote: Remote = client.remote
        self._timeout = timeout
        self._steps: list[Step] = []
        self._packages: list[str] = []
        self._together: int | None = None

    def add(
        self,
        operation: Operation[..., Any] | AsyncOperation[..., Any],
        /,
        *args: Any,
        undo: Callable[[Any], Undo | None] | None = None,
        irreversible: bool = False,
        timeout: float | None = None,
        **inputs: Any,
    ) -> Any:
        """Declare the next step. What it returns stands for its value: hand it, or fields of it (`task.id`), to later steps.

        Args:
            operation: such as `tasks.create`; `args` and `inputs` are its own.
            undo: from what stands for the step's value, the call that takes it back; by default derived: what was made is deleted, what was
                changed gets its old values. `NOTHING` where nothing is left to undo.
            irreversible: the step cannot be taken back, and is the saga's last.
            timeout: seconds for all tries of this step.

        Raises:
            InvalidInput: an input is wrong.
        """
        here = current_acting()
        acting = Whose(via=here.via, connection=here.connection)
        self._steps.append(
            Step(
                operation.name,
                inputs_of(operation, operation.build(*args, **inputs)),
                "derived" if undo is None else undo_of(undo),
                irreversible,
                self._together,
                timeout,
                acting if acting != Whose() else None,
            )
        )
        self._packages.append(operation.build.__module__.partition(".")[0])
        return Value(len(self._steps))

    @contextmanager
    def together(self) -> Iterator[None]:
        """The steps that are declared in the block are made at the same time: all of them, or none."""
        self._together = len(self._steps) + 1
        try:
            yield
        finally:
            self._together = None

    def _submitted(self) -> Submitted:
        here = current_acting()
        whose = Whose(here.user, here.owner.team, here.via, here.agent, here.connection, here.on_behalf_of)
        return Submitted(self.id, self.name, self._steps, self._timeout, whose)

    def _ended(self, report: Report) -> Done | None:
        """Raises:
        SagaFailed: it did not come to its end.
        """
        if report.state in {"running", "waiting"}:
            return None
        if report.state == "done":
            return Done(report, self._packages)
        raise failed(report)


class Draft(_Draft["Client"]):
    """A saga for a broker. Made by `Client.saga`."""

    def submit(self) -> Report:
        """Hand it in. From then on it is the broker's, and goes on without this process. Again, it only tells how it stands.

        Raises:
            InvalidInput, Unsupported, NotConnected: a step is wrong, or could not be undone.
            Denied: the key does not allow a step, or what would undo it.
            Conflict: the id was used for another saga.
        """
        return self._client.perform(self._remote.saga(self._submitted()))

    def report(self, wait: float = 0.0) -> Report:
        """What has become of it; waits for its end for so many seconds at most.

        Raises:
            NotFound: it was never handed in.
        """
        return self._client.perform(self._remote.saga_report(self.id, wait))

    def run(self, wait: float | None = None) -> Done | None:
        """Hand it in and wait for its end, for so many seconds at most (by default however long it takes): None where it has not come.

        Raises:
            SagaFailed: it was rolled back; says what was undone, and what is left to look after.
        """
        over = None if wait is None else time.monotonic() + wait
        done = self._ended(self.submit())
        while done is None and (over is None or time.monotonic() < over):
            done = self._ended(self.report(_LOOK if over is None else max(0.0, min(_LOOK, over - time.monotonic()))))
        return done


class AsyncDraft(_Draft["AsyncClient"]):
    """The async twin of `Draft`."""

    async def submit(self) -> Report:
        """See `Draft.submit`."""
        return await self._client.perform(self._remote.saga(self._submitted()))

    async def report(self, wait: float = 0.0) -> Report:
        """See `Draft.report`."""
        return await self._client.perform(self._remote.saga_report(self.id, wait))

    async def run(self, wait: float | None = None) -> Done | None:
        """See `Draft.run`."""
        loop = asyncio.get_running_loop()
        over = None if wait is None else loop.time() + wait
        done = self._ended(await self.submit())
        while done is None and (over is None or loop.time() < over):
            done = self._ended(await self.report(_LOOK if over is None else max(0.0, min(_LOOK, over - loop.time()))))
        return done
