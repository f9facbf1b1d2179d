"""Drafts of sagas for a broker: declared steps, which may use the values of earlier ones, submitted together."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from unified_runtime.client.saga_steps import Undo, Value, failed, inputs_of, undo_of
from unified_runtime.core.context import current_acting
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.wire import values
from unified_runtime.core.wire.protocol import ActingFields, untagged
from unified_runtime.core.wire.sagas import Report, Step, Submitted

if TYPE_CHECKING:
    from unified_runtime.broker_client.client import BrokerClient
    from unified_runtime.core.operations import OperationBase


class Done:
    """Completed saga. `done[task]` is the value of the step for which `add` returned `task`."""

    def __init__(self, report: Report, packages: list[str]) -> None:
        self.report = report
        self._packages = packages

    def __getitem__(self, step: Value) -> Any:
        number = step._step
        response = self.report.responses[number - 1]
        if response.records is None:
            return untagged(response.plain)
        (record,) = values.records(response, self._packages[number - 1])
        return record


class BaseDraft:
    """Steps of a draft, and what its submission and its end have in common for sync and async clients."""

    def __init__(self, broker_client: BrokerClient | None, name: str, id: str | None, timeout: float | None) -> None:
        if broker_client is None:
            raise InvalidInput("this client has no broker to run a saga: unified_platform.sagas runs sagas in this process")
        self.id = id or str(uuid.uuid4())
        self.name = name
        self._broker_client = broker_client
        self._timeout = timeout
        self._steps: list[Step] = []
        self._packages: list[str] = []
        self._together: int | None = None

    def add(
        self,
        operation: OperationBase[..., Any],
        /,
        *args: Any,
        undo: Callable[[Any], Undo | None] | None = None,
        irreversible: bool = False,
        timeout: float | None = None,
        **inputs: Any,
    ) -> Any:
        """Declare the next step. Returns a placeholder for its value: pass it, or fields of it (`task.id`), to later steps.

        Args:
            operation: such as `tasks.create`; `args` and `inputs` are its own.
            undo: returns, from the placeholder of the step's value, the call that undoes it. Derived by default: a created record is
                deleted, a changed one gets its old values. `NOTHING` if nothing is left to undo.
            irreversible: the step cannot be undone, and is the saga's last.
            timeout: seconds for all attempts of this step.

        Raises:
            InvalidInput: an input is not valid.
        """
        here = current_acting()
        acting = ActingFields(via=here.via, connection=here.connection)
        self._steps.append(
            Step(
                operation.name,
                inputs_of(operation, operation.build(*args, **inputs)),
                "derived" if undo is None else undo_of(undo),
                irreversible,
                self._together,
                timeout,
                acting if acting != ActingFields() else None,
            )
        )
        self._packages.append(operation.build.__module__.partition(".")[0])
        return Value(len(self._steps))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Execute the steps that are declared in the block at the same time: all of them, or none."""
        self._together = len(self._steps) + 1
        try:
            yield
        finally:
            self._together = None

    def _submitted(self) -> Submitted:
        here = current_acting()
        acting = ActingFields(here.user, here.owner.team, here.via, here.agent, here.connection, here.on_behalf_of)
        return Submitted(self.id, self.name, self._steps, self._timeout, acting)

    def _ended(self, report: Report) -> Done | None:
        """Return the completed saga; None if it is still running.

        Raises:
            SagaFailed: it failed.
        """
        if report.state in {"running", "waiting"}:
            return None
        if report.state == "done":
            return Done(report, self._packages)
        raise failed(report)
