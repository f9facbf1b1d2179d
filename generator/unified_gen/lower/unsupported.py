"""Inputs that a vendor does not support, with the reasons of the mapping."""

from __future__ import annotations

from unified_gen.language import ast
from unified_gen.resolve.alternatives import missed
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedAlternative, ResolvedOperation, ResolvedResource


def refused_fields(resource: ResolvedResource, operation: ResolvedOperation, used: frozenset[str]) -> dict[str, str]:
    """Return inputs that no step uses: name to reason."""
    return {name: _reason(resource, operation, name) for name in input_names(resource, operation) if name not in used}


def refused_here(
    resource: ResolvedResource, operation: ResolvedOperation, alternative: ResolvedAlternative, used: frozenset[str]
) -> dict[str, str]:
    """Return inputs that other alternatives of `either` take and this one does not: name to reason."""
    names = (name for name in input_names(resource, operation) if name in used)
    return {name: _reason(resource, operation, name) for other, name in missed(operation, names) if other is alternative}


def input_names(resource: ResolvedResource, operation: ResolvedOperation) -> list[str]:
    """Return the fields of the operation's input: filters of a list, fields of a record that is written."""
    names = [given.name.value for given in operation.model.given if given not in operation.model.ids]
    if operation.kind in ("create", "update"):
        names += [field.name.value for field in resource.model.fields if operation.model.takes(field)]
    return names


def _reason(resource: ResolvedResource, operation: ResolvedOperation, name: str) -> str:
    """Return the reason in `unsupported` for an input; it is empty if an `allow` accepts that none is given."""
    lists = operation.kind in ("list", "changes")
    keys = (f"filter.{name}", f"{operation.name}.{name}") if lists else (f"{operation.name}.{name}", f"write.{name}", name)
    return next((resource.unsupported[key].value for key in keys if key in resource.unsupported), "")


def lacking(resource: ResolvedResource, operation: ResolvedOperation, used: frozenset[str]) -> dict[str, list[str]]:
    """Return values of enumerations that have no counterpart at the vendor, by input."""
    kinds = {field.name.value: field.type for field in resource.model.fields}
    kinds |= {given.name.value: given.type for given in operation.model.given}
    fields = {given.name.value: given.field or given.name.value for given in operation.model.inputs}
    found = {}
    for name in input_names(resource, operation):
        values = [value.value for value in kinds[name].values] if name in used else []
        keys = (fields.get(name, name), f"{operation.name}.{name}")
        missing = [value for value in values if any(f"{key}.{value}" in resource.unsupported for key in keys)]
        if missing:
            found[name] = missing
    return found


def refused_values(resource: ResolvedResource, operation: ResolvedOperation, used: frozenset[str]) -> dict[str, dict[str, str]]:
    """Return values that cannot be given here: field to value to reason.

    Those that only this operation cannot take (`create.status.canceled`), and those the vendor lacks altogether (`status.canceled`), unless
    a table refuses them in the first request that changes something.
    """
    nested = {field.name.value for field in resource.model.fields if field.type.fields}
    written = _refused_by_tables(operation)
    found: dict[str, dict[str, str]] = {}
    for key, reason in resource.unsupported.items():
        head, _, rest = key.partition(".")
        name, _, value = rest.partition(".")
        if head == operation.name and value and name not in nested:
            found.setdefault(name, {})[value] = reason.value
        elif operation.kind in ("create", "update") and rest and not value and head in used and head not in written | nested:
            found.setdefault(head, {})[rest] = reason.value
    return found


def _refused_by_tables(operation: ResolvedOperation) -> set[str]:
    """Return fields whose table is applied to any value, before a request changes something."""
    found: set[str] = set()
    for steps in [alternative.steps for alternative in operation.alternatives] or [operation.steps]:
        for step in steps:
            tested = {test.reference.name for group in step.condition.any_of for test in group if test.value} if step.condition else set()
            found |= {a.field.name for a in step.assignments if a.field is not None and a.field.table is not None} - tested
            if step.writes:
                break
    return found


def uncleared(resource: ResolvedResource, operation: ResolvedOperation, used: frozenset[str]) -> tuple[str, ...]:
    """Return fields that an update accepts and cannot empty."""
    cleared = {
        (*assignment.owners, assignment.field)[0].name
        for step in operation.steps
        for assignment in step.assignments
        if assignment.field is not None and assignment.origin == "send" and can_clear(assignment.field)
        if not (*assignment.owners, assignment.field)[0].model.required
    }
    emptied = (assignment.field for step in operation.steps for assignment in step.assignments if assignment.origin == "clear")
    cleared |= {field.name for field in emptied if field is not None}
    cleared |= {current.field.name.value for step in operation.steps for current in step.current if current.by_member}
    return tuple(field.name for field in resource.fields if field.name in used and not field.model.read_only and field.name not in cleared)


def can_clear(field: ResolvedField) -> bool:
    """Return true if None has a meaning for the vendor."""
    if field.ast.clear is not None:
        return field.ast.clear.value != ast.NEVER
    return field.table is None or not field.table.columns
