"""Compensation of an atomic program's writes: what undoes each, as mappings declare it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from unified_platform.catalog.operations import find_operation
from unified_platform.sagas.compensation import Undoing, derived
from unified_platform.sagas.journal import undo_inputs
from unified_runtime.client.saga_steps import data, given
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.operations import Invocation, OperationBase

Call = tuple[Any, Invocation[Any]]
"""Operation and one call of it."""


@dataclass(frozen=True, slots=True)
class Compensation:
    """Call that undoes a write, as data: the journal stores it.

    Attributes:
        number: position of the write in the journal.
    """

    number: int
    operation: str
    input: dict[str, Any]

    def call(self) -> Call:
        """Return the call."""
        operation = find_operation(self.operation)
        return operation, operation.bind(given(self.input, lambda _: None))


@dataclass(frozen=True, slots=True)
class Plan:
    """Planned compensation of a write, before it is made."""

    number: int
    undoing: Undoing

    @property
    def restores(self) -> bool:
        """True if the write is undone by the values before it, so that its result is not needed."""
        return self.undoing.reads is not None

    def read(self) -> Call:
        """Return the call that reads the values before the write."""
        assert self.undoing.reads is not None
        operation = find_operation(self.undoing.reads.operation)
        return operation, operation.bind(undo_inputs(self.undoing.reads, None, None))

    def compensation(self, value: Any, before: Any) -> Compensation | None:
        """Return the compensation, once the result of the write or the values before it are known; None if there is nothing to undo."""
        undo = self.undoing.undo
        if undo is None:
            return None
        return Compensation(self.number, undo.operation, {name: data(one) for name, one in undo_inputs(undo, value, before).items()})


def plan_undo(operation: OperationBase[..., Any], invocation: Invocation[Any], vendor: str, number: int) -> Plan | None:
    """Return how a write will be undone; None if it cannot be."""
    try:
        return Plan(number, derived(operation, invocation, vendor))
    except InvalidInput:
        return None
