"""Code that reports the id of a created record as soon as it is known: if a later request fails, the caller can still find the record.

The part of the response that is the id follows from a later step that reads the record back: the vendor's operation that reads a
record by its id is called with that part in place of the id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unified_gen.lower.function import Function
from unified_gen.lower.python import lit
from unified_gen.lower.values import Values
from unified_gen.resolve.assignments import Assignment, Reference
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep


def made_id(fn: Function, values: Values, step: ResolvedStep) -> list[str]:
    """Return code of the pieces of the id; none if no later step reads the record back by a value that this one saves."""
    names = {*(saved.name for saved in step.saved), *(header.ast.name.value for header in step.save_headers)}
    if fn.operation.kind != "create" or not step.writes or not names:
        return []
    field = fn.resource.field_of("id")
    format = field.ast.id_format.format.value if field is not None and field.ast.id_format is not None else "{}"
    pieces = [piece for piece in re.split(r"(\{\w*\})", format) if piece]
    for back in fn.operation.steps[fn.operation.steps.index(step) + 1 :]:
        for reading in _reading(fn.resource, back):
            by_part = {_name(requested): given for requested, given in _pairs(reading, back) if requested.kind in ("id", "part")}
            saved = any(given.kind in ("saved", "header") and given.name in names for given in by_part.values())
            if saved and all(piece[0] != "{" or piece[1:-1] in by_part for piece in pieces):
                return [values.raw(by_part[piece[1:-1]]) if piece[0] == "{" else lit(piece) for piece in pieces]
    return []


def _reading(resource: ResolvedResource, back: ResolvedStep) -> Iterator[ResolvedStep]:
    """Yield steps that read a record of a given id by the same operation of the vendor."""
    for operation in resource.operations:
        if [given.name.value for given in operation.model.ids] == ["id"]:
            yield from (step for step in operation.steps if step.facts.name == back.facts.name and _reads(resource, step))


def _reads(resource: ResolvedResource, step: ResolvedStep) -> bool:
    return not step.writes or step.facts.name in resource.reading


def _name(reference: Reference) -> str:
    """Return which part of the id a reference is; nothing for an id that has no parts."""
    return (reference.part or "") if reference.kind == "part" else ""


def _pairs(reading: ResolvedStep, back: ResolvedStep) -> Iterator[tuple[Reference, Reference]]:
    """Yield the references that a record is read by, each with the one in the same location of the request that reads the new record."""
    locations = {(one.target.location, one.target.name, one.target.path.segments): one for one in back.assignments}
    for assignment in reading.assignments:
        other = locations.get((assignment.target.location, assignment.target.name, assignment.target.path.segments))
        if other is not None:
            yield from zip(_references(assignment), _references(other), strict=False)


def _references(assignment: Assignment) -> Iterator[Reference]:
    if assignment.reference is not None:
        yield assignment.reference
    if assignment.query is not None:
        yield from assignment.query.references()
