"""How a step is undone: derived from what the operation does, since the mapping says which operations the vendor has.

What was made is deleted; what was changed gets back the values that were read before. A deletion, and what was made where the vendor
deletes nothing of its kind, cannot be undone.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

from unified_runtime.errors import InvalidInput
from unified_runtime.operations import UNSET, Invocation, Operation
from unified_runtime.records import Record
from unified_runtime.sagas import NOTHING, Undo

__all__ = ["NOTHING", "Undo", "Undoing", "derived"]


def sibling(operation: Operation[..., Any], name: str) -> Operation[..., Any] | None:
    """Another operation of the same resource."""
    found = getattr(import_module(operation.build.__module__), name, None)
    return found if isinstance(found, Operation) else None


def offers(operation: Operation[..., Any] | None, vendor: str) -> bool:
    """Whether the vendor has the operation."""
    from unified_runtime.errors import Unsupported

    if operation is None or vendor not in operation.vendors:
        return False
    try:
        operation.adapter(vendor)
    except Unsupported:
        return False
    return True


def ids_of(operation: Operation[..., Any]) -> list[str]:
    parameters = inspect.signature(operation.build).parameters.values()
    return [p.name.rstrip("_") for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]


class Undoing:
    """How one step will be undone.

    Args:
        reads: what has to be read before the step, to know what it changes.
        makes: the undoing call, from the step's value and what was read before; None where there is nothing to undo.
        operation: of the undoing call; None where there is never anything to undo.
        restores: the undoing call needs no value, and does no harm where the step was not carried out: it puts back what was read before.
    """

    __slots__ = ("makes", "operation", "reads", "restores")

    def __init__(
        self,
        reads: Undo | None,
        makes: Callable[[Any, Any], Undo | None],
        operation: Operation[..., Any] | None,
        *,
        restores: bool = False,
    ) -> None:
        self.reads = reads
        self.makes = makes
        self.operation = operation
        self.restores = restores


def derived(operation: Operation[..., Any], invocation: Invocation[Any], vendor: str) -> Undoing:
    """How a call is undone.

    Raises:
        InvalidInput: it cannot be; says what can be done about that.
    """
    if operation.effect == "read":
        return Undoing(None, lambda value, before: None, None)
    if operation.like == "create":
        delete = sibling(operation, "delete")
        if delete is not None and offers(delete, vendor) and len(ids_of(delete)) == 1:
            (id,) = ids_of(delete)
            return Undoing(None, lambda value, before: (delete, {id: _id(value), "via": vendor}), delete)
        raise _irreversible(operation, f"{vendor} deletes no {operation.resource}")
    if operation.like == "update" and operation.operation == "update":
        get = sibling(operation, "get")
        if get is not None and offers(get, vendor):
            ids = dict(invocation.ids or {})
            changed = [name for name, value in (invocation.given or {}).items() if value is not UNSET]
            via = {"via": vendor}
            return Undoing(
                (get, ids | via),
                lambda value, before: (operation, {**ids, **{name: _field(before, name) for name in changed}, **via}),
                operation,
                restores=True,
            )
        raise _irreversible(operation, f"{vendor} has no way to read what is changed")
    raise _irreversible(operation, f"{operation.name} cannot be taken back")


def _id(value: Any) -> Any:
    return value.id


def _field(before: Any, name: str) -> Any:
    value = getattr(before, name) if isinstance(before, Record) else None
    if isinstance(value, Record):
        return value.model_dump()
    if isinstance(value, list):
        return [item.model_dump() if isinstance(item, Record) else item for item in value]
    return value


def _irreversible(operation: Operation[..., Any], why: str) -> InvalidInput:
    return InvalidInput(
        f"this step could not be undone: {why}. Say undo= how it is, undo=NOTHING where nothing is left to undo, or irreversible=True if "
        "it is the saga's last",
        operation=operation.name,
    )
