"""Paths of a request by which callers can write a unified field through `extra`: derived from the mapping, and declared as `aliases`."""

from __future__ import annotations

from itertools import takewhile

from unified_gen.language import ast
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.inspection import owned_depth, takes_extra
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedStep
from unified_openapi.schemas.paths import Name, Path, Segment

Names = tuple[str, ...]
Table = dict[Names, tuple[str, str]]
"""By path: the unified field, and the form of the value: an `ast.Alias.form`, or `part` of the value that the field is stored in."""


def extra_location(step: ResolvedStep) -> str:
    """Return the part of the request that `extra` goes into."""
    return "body" if step.body is not None else "query"


def table(resource: ResolvedResource, operation: ResolvedOperation, step: ResolvedStep) -> Table:
    """Return the paths of the operation's `extra` that map to a unified field. More exact entries replace less exact ones."""
    location, known = extra_location(step), {field.name.value for field in resource.model.fields}
    found: Table = {}
    read = [(field.name, _names(leaf.path.segments)) for field in resource.fields for leaf in field.leaves() if not leaf.request]
    around = _around(step, [names for _, names in read])
    for field_name, names in read:
        found.setdefault((*around, *names), (field_name, "part"))
    for assignment in step.assignments:
        name = _field(assignment, known)
        if assignment.target.location == location and name is not None:
            found[_names(assignment.target.path.segments[: owned_depth(step, assignment) + 1])] = name, "part"
    requests = [one for other in resource.operations if takes_extra(other) is not None for one in other.steps]
    written = [
        (request in operation.steps and request.facts.name == step.facts.name, one) for request in requests for one in request.assignments
    ]
    # Paths of the request itself take precedence, as those of others may differ in meaning; so do values written of a field itself.
    for own, assignment in sorted(written, key=lambda each: (each[0], each[1].field is not None)):
        name = _field(assignment, known)
        if assignment.target.location == location and name is not None:
            found[_names(assignment.target.path.segments)] = name, "same" if own and _plain(assignment) else "other"
    for alias in resource.ast.aliases:
        names = alias.path.path.names
        if alias.form != "set" and takes(step, names):
            found[names] = alias.target.value, alias.form
    custom = resource.ast.custom_fields.written_object if resource.ast.custom_fields is not None else None
    open_map = _names(custom.path.segments) if custom is not None else ()
    return {names: one for names, one in found.items() if names != open_map[: len(names)]}


def sets(resource: ResolvedResource, step: ResolvedStep) -> dict[Names, Names]:
    """Return the objects whose members are lists of operations, each with the object that its `set` writes to."""
    pairs = [(alias.path.path.names, alias.target.path) for alias in resource.ast.aliases if isinstance(alias.target, ast.PathText)]
    return {names: target.names for names, target in pairs if takes(step, names)}


def takes(step: ResolvedStep, names: Names) -> bool:
    """Return whether the request's schema allows that path."""
    if step.body is None:
        return len(names) == 1 and any(p.location == "query" and p.name == names[0] for p in step.facts.parameters)
    return bool(names) and names[0] in step.body.properties


def _around(step: ResolvedStep, read: list[Names]) -> Names:
    """Return the name that wraps the record in a request (`ticket`) and not in a response, if the vendor has one."""
    if step.body is None or len(step.body.properties) != 1:
        return ()
    (name,) = step.body.properties
    return () if any(names[:1] == (name,) for names in read) else (name,)


def _names(segments: tuple[Segment, ...]) -> Names:
    """Return the properties that a path begins with, up to the first list."""
    return tuple(segment.name for segment in takewhile(lambda segment: isinstance(segment, Name), segments) if isinstance(segment, Name))


def _field(assignment: Assignment, known: set[str]) -> str | None:
    """Return the unified field that an assignment writes."""
    if assignment.origin == "default":
        return None
    if assignment.field is not None:
        return (*assignment.owners, assignment.field)[0].name
    reference = assignment.reference
    return reference.name if reference is not None and reference.kind in ("field", "input") and reference.name in known else None


def _plain(assignment: Assignment) -> bool:
    """Return whether the request sends the field's value unchanged, so that a value at that path is one of the field."""
    field = assignment.field
    if field is None:
        return assignment.reference is not None and assignment.reference.type is not None
    special = field.table or field.codec or field.slots or field.by_type or field.parts or field.nested
    return (
        not special and assignment.origin not in ("clear", "beside") and not field.model.type.values and not _deep(assignment.target.path)
    )


def _deep(path: Path) -> bool:
    return not all(isinstance(segment, Name) for segment in path.segments)
