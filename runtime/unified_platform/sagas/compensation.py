"""Compensation of steps, derived from the effect of the operation and the operations that the vendor has.

What was made is deleted; what was changed gets back the values that were read before. A deletion, and what was made where the vendor
deletes nothing of its kind, cannot be undone.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, NamedTuple

from unified_runtime.client.operations import Operation
from unified_runtime.client.saga_steps import data
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.operations import UNSET, Invocation, OperationBase
from unified_runtime.core.records import Record
from unified_runtime.core.wire.sagas import UndoOf

BEFORE = -1
"""Step number in the inputs of an undo that refers to the record read before the step; 0 is the step's own result."""


def sibling(operation: OperationBase[..., Any], name: str) -> OperationBase[..., Any] | None:
    """Another operation of the same resource."""
    found = getattr(import_module(operation.build.__module__), name, None)
    return found if isinstance(found, Operation) else None


def offers(operation: OperationBase[..., Any] | None, vendor: str) -> bool:
    """Return whether the vendor has the operation."""
    from unified_runtime.core.errors import Unsupported

    if operation is None or vendor not in operation.vendors:
        return False
    try:
        operation.adapter(vendor)
    except Unsupported:
        return False
    return True


def ids_of(operation: OperationBase[..., Any]) -> list[str]:
    parameters = inspect.signature(operation.build).parameters.values()
    return [p.name.rstrip("_") for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]


class Undoing(NamedTuple):
    """Compensation of one step.

    Attributes:
        reads: call that is made before the step, to know what the step changes.
        undo: the undoing call; None if there is nothing to undo. `$step` 0 refers to the step's result, -1 to what was read before.
        operations: of both calls.
        restores: the undoing call needs no result, and does no harm if the step was not executed: it sets what was read before.
    """

    reads: UndoOf | None = None
    undo: UndoOf | None = None
    operations: tuple[OperationBase[..., Any], ...] = ()
    restores: bool = False


def derived(operation: OperationBase[..., Any], invocation: Invocation[Any], vendor: str) -> Undoing:
    """Return how a call is undone.

    Raises:
        InvalidInput: it cannot be undone; the message names the alternatives.
    """
    if operation.effect == "read":
        return Undoing()
    if operation.like == "create":
        delete = sibling(operation, "delete")
        if delete is not None and offers(delete, vendor) and len(ids_of(delete)) == 1:
            (id,) = ids_of(delete)
            return Undoing(undo=UndoOf(delete.name, {id: {"$step": [0, "id"]}, "via": vendor}), operations=(delete,))
        raise _irreversible(operation, f"{vendor} deletes no {operation.resource}")
    if operation.like == "update" and operation.operation == "update":
        if invocation.extra or invocation.custom_fields:
            raise _irreversible(operation, "values of extra and custom_fields are not read before the update")
        get = sibling(operation, "get")
        if get is not None and offers(get, vendor):
            ids = {name: data(value) for name, value in (invocation.ids or {}).items()}
            changed = [name for name, value in (invocation.given or {}).items() if value is not UNSET]
            old = {name: {"$step": [BEFORE, name]} for name in changed}
            via = {"via": vendor}
            return Undoing(UndoOf(get.name, ids | via), UndoOf(operation.name, ids | old | via), (get, operation), restores=True)
        raise _irreversible(operation, f"{vendor} has no way to read what is changed")
    raise _irreversible(operation, f"{operation.name} cannot be taken back")


class Before(Mapping[str, Any]):
    """Fields of the record that was read before a step, in the form in which an update accepts them."""

    def __init__(self, record: Any) -> None:
        self._record = record

    def __getitem__(self, name: str) -> Any:
        value = getattr(self._record, name) if isinstance(self._record, Record) else None
        if isinstance(value, Record):
            return value.model_dump()
        if isinstance(value, list):
            return [item.model_dump() if isinstance(item, Record) else item for item in value]
        return value

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(type(self._record).model_fields if isinstance(self._record, Record) else ())

    def __len__(self) -> int:
        return len(list(iter(self)))


def _irreversible(operation: OperationBase[..., Any], why: str) -> InvalidInput:
    return InvalidInput(
        f"this step could not be undone: {why}. Pass undo= with its compensation, undo=NOTHING if nothing is to be undone, or "
        "irreversible=True if it is the saga's last",
        operation=operation.name,
    )
