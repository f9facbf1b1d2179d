"""The id of what a create has made, told as soon as it is known: a later request may fail, and somebody has to find the record.

Which part of the writing request's answer it is follows from the reading back: the vendor's operation that reads a record by its id is
asked for the new one, and what stands there in place of the id is the id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unified_gen.lower.function import Function
from unified_gen.lower.python import lit
from unified_gen.lower.values import Values
from unified_gen.resolve.resolved import Assignment, Reference, ResolvedResource, ResolvedStep


def made_id(fn: Function, values: Values, step: ResolvedStep) -> list[str]:
    """Code of the pieces of the id; none where no later step reads the record back by what this one keeps."""
    if fn.operation.like != "create" or not step.writes or not step.kept:
        return []
    field = fn.resource.field_of("id")
    format = field.ast.parts.format.value if field is not None and field.ast.parts is not None else "{}"
    pieces = [piece for piece in re.split(r"(\{\w*\})", format) if piece]
    for back in fn.operation.steps[fn.operation.steps.index(step) + 1 :]:
        for reading in _reading(fn.resource, back):
            stands = {_name(asked): given for asked, given in _pairs(reading, back) if asked.kind in ("id", "part")}
            kept = any(given.kind == "kept" and given.name == step.kept[0].name for given in stands.values())
            if kept and all(piece[0] != "{" or piece[1:-1] in stands for piece in pieces):
                return [values.raw(stands[piece[1:-1]]) if piece[0] == "{" else lit(piece) for piece in pieces]
    return []


def _reading(resource: ResolvedResource, back: ResolvedStep) -> Iterator[ResolvedStep]:
    """Steps that read a record of a given id by the same operation of the vendor."""
    for operation in resource.operations:
        if [given.name.value for given in operation.model.ids] == ["id"]:
            yield from (step for step in operation.steps if step.facts.name == back.facts.name and _reads(resource, step))


def _reads(resource: ResolvedResource, step: ResolvedStep) -> bool:
    return not step.writes or step.facts.name in resource.reading


def _name(reference: Reference) -> str:
    """Which part of the id a reference is; nothing for an id that has no parts."""
    return (reference.part or "") if reference.kind == "part" else ""


def _pairs(reading: ResolvedStep, back: ResolvedStep) -> Iterator[tuple[Reference, Reference]]:
    """What a record is read by, and what stands in the same place of the request that reads the new one."""
    places = {(one.target.place, one.target.name, one.target.path.segments): one for one in back.assignments}
    for assignment in reading.assignments:
        other = places.get((assignment.target.place, assignment.target.name, assignment.target.path.segments))
        if other is not None:
            yield from zip(_references(assignment), _references(other), strict=False)


def _references(assignment: Assignment) -> Iterator[Reference]:
    if assignment.reference is not None:
        yield assignment.reference
    if assignment.query is not None:
        yield from assignment.query.references()
