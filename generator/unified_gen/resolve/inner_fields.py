"""Fields of nested records that callers give: which of them an operation sends, and the reasons why it does not send the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from unified_gen.language import ast
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.inspection import step_references
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource


def inner_inputs(field: ast.ModelField, around: str = "") -> Iterator[str]:
    """Yield the fields that callers can give inside a field, from the outermost on: `attendees.email`."""
    if field.read_only:
        return
    for inner in field.type.fields:
        if inner.read_only:
            continue
        name = f"{around}{field.name}.{inner.name}"
        if inner.type.fields:
            yield from inner_inputs(inner, f"{around}{field.name}.")
        else:
            yield name


def not_sent(resource: ResolvedResource, operation: ResolvedOperation, used: Iterable[str]) -> dict[str, str | None]:
    """Return inner fields that no request holds though it holds the field around them, with the reason in `unsupported` if there is one."""
    if operation.kind not in ("create", "update"):
        return {}
    sent = set(_sent(operation))
    found: dict[str, str | None] = {}
    for field in resource.model.fields:
        if field.name.value not in used or not operation.model.takes(field) or not field.type.fields:
            continue
        for name in inner_inputs(field):
            if not any(name == known or name.startswith(f"{known}.") for known in sent):
                keys = (f"{operation.name}.{name}", f"write.{name}", name)
                found[name] = next((resource.unsupported[key].value for key in keys if key in resource.unsupported), None)
    return found


def read_inner(field: ResolvedField, around: str = "") -> Iterator[str]:
    """Yield what the mapping of a field reads inside it: the names of inner fields, or its own if it reads all of them."""
    path = f"{around}{field.name}"
    inner = [name for slot in field.slots for name in (*slot.constants, *slot.paths)]
    if not field.ast.fields and not inner:
        yield path
    yield from (f"{path}.{name}" for name in inner)
    for nested in field.nested:
        yield from read_inner(nested, f"{path}.")


def _sent(operation: ResolvedOperation) -> Iterator[str]:
    """Yield the fields that requests hold, also those inside others; one whose value is passed on as it is covers all inside it."""
    for step in operation.steps:
        for assignment in step.assignments:
            yield from _of_assignment(assignment, "")
            if assignment.field is not None:
                yield from (name.value for name in assignment.field.ast.codec_writes)
        yield from (reference.name for reference in step_references(step) if reference.kind == "field")


def _of_assignment(assignment: Assignment, around: str) -> Iterator[str]:
    field = assignment.field
    if field is None:
        return
    path = around + ".".join(one.name for one in (*assignment.owners, field))
    for slot in field.slots:
        yield from (f"{path}.{name}" for name in (*slot.constants, *slot.paths))
    if not field.slots and field.ast.items is None:
        yield path
    for element in assignment.elements:
        yield from _of_assignment(element, f"{path}.")
