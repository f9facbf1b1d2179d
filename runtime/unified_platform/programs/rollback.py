"""Compensation of an atomic program's writes: what undoes each, as mappings declare it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from unified_platform.sagas.compensation import derived
from unified_platform.sagas.journal import undo_inputs
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.operations import Invocation, OperationBase
from unified_runtime.core.wire.sagas import UndoOf

Call = tuple[OperationBase[..., Any], Invocation[Any]]


@dataclass(slots=True)
class Compensation:
    """Compensation of one write.

    Attributes:
        number: position of the write in the journal.
        reads: call that reads what the write changes, before it.
        before: what that call returned.
        value: result of the write; None until it was made.
    """

    number: int
    operations: dict[str, OperationBase[..., Any]]
    undo: UndoOf | None
    reads: Call | None = None
    before: Any = None
    value: Any = None

    def call(self) -> Call | None:
        """Return the call that undoes the write; None if there is nothing to undo.

        Raises:
            InvalidInput: the result of the write lacks what the call needs.
        """
        if self.undo is None or (self.value is None and self.reads is None):
            return None
        operation = self.operations[self.undo.operation]
        return operation, operation.bind(undo_inputs(self.undo, self.value, self.before))  # type: ignore[attr-defined]  # operations can be bound


def compensation_of(operation: OperationBase[..., Any], invocation: Invocation[Any], vendor: str, number: int) -> Compensation | None:
    """Return how a write is undone; None if it cannot be."""
    try:
        found = derived(operation, invocation, vendor)
    except InvalidInput:
        return None
    operations = {one.name: one for one in found.operations}
    reads: Call | None = None
    if found.reads is not None:
        read = operations[found.reads.operation]
        reads = read, read.bind(undo_inputs(found.reads, None, None))  # type: ignore[attr-defined]  # operations can be bound
    return Compensation(number, operations, found.undo, reads)
