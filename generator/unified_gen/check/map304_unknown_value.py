"""An enum value that the vendor does not have.

If the vendor's schema lists enum values, or known values of an open set (`x-extensible-enum`), a table uses only these. A value has the
type of the vendor's schema. A value that is sent must be one that the input accepts, which may have others than the record: then `enums`
of the step has the values of this request. A constant is one of the known values, too.

Wrong: `done: closd`. Right: `done: closed`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.language.ast import NEVER
from unified_gen.resolve.assignments import Assignment, Reference
from unified_gen.resolve.inspection import element
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import known_values, tabled, written_at
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas.shapes import Shape
from unified_openapi.source.spans import Literal, Text

CODE = rule("MAP304", "unknown enum value", __doc__)

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every enum value that the vendor does not have, or has with another type."""
    for name, field in tabled(resource):
        table = field.table
        assert table is not None
        if not table.columns:
            yield from _cleared(resource, name, field)
        for column in [c.value for c in table.columns] or [""]:
            enum_values, shape = known_values(resource, field, column)
            leaf = field.columns.get(column) if column else field.read
            location = shape or (leaf.walk.shape if leaf is not None else None)
            others = tuple(written_at(resource, field, column))  # the same value may be a number there and text here
            if column and leaf is not None and leaf.walk.shape is not None and leaf.walk.shape.kinds == {"array"}:
                location, others = leaf.walk.shape, ()  # a row compares one value
            for row in table.rows:
                cell = row.cells.get(column)
                for literal in cell.values if cell is not None else ():
                    if literal.value is None or _in_a_fallback(resource, field, literal.value):
                        continue
                    if enum_values is not None and literal.value not in enum_values:
                        yield _unknown(resource, name, literal, enum_values, shape)
                    elif location is not None and not any(
                        _fits(each, literal.value, listed=field.model.type.many and not column) for each in (location, *others)
                    ):
                        yield _type(resource, literal, location)
    for operation in resource.operations:
        for step in operation.steps:
            for assignment in step.assignments:
                yield from _sent(resource, assignment)


def _in_a_fallback(resource: ResolvedResource, field: ResolvedField, value: object) -> bool:
    """Return true if a path that is read in place of an empty one can hold a value."""
    shapes = (element(resource.unit.schemas, leaf.walk)[0] for leaf in field.fallbacks)
    return any(
        shape is not None and (shape.enum_values is None or value in shape.enum_values) and _fits(shape, value, listed=False)
        for shape in shapes
    )


def _sent(resource: ResolvedResource, assignment: Assignment) -> Iterator[Diagnostic]:
    """Report the enum values that a reference sends and the input does not accept, and constants that are not among known values."""
    reference = assignment.reference
    if isinstance(assignment.literal, str):
        shape, _ = element(resource.unit.schemas, assignment.target.walk)
        if shape is not None and shape.known and assignment.literal not in shape.known:
            yield _unknown(resource, assignment.target.name, Literal(assignment.literal, assignment.span), shape.known, shape)
        return
    if reference is not None and reference.kind == "connection" and reference.type is not None:
        yield from _untranslated(resource, assignment, reference, reference.type.values)
        return
    if reference is not None and reference.kind == "input" and reference.type is not None and reference.carrier is None:
        values = (one for one in reference.type.values if not _is_unsupported(resource, reference.name, one.value))
        yield from _untranslated(resource, assignment, reference, values)
        return
    table = reference.carrier.table if reference is not None and reference.kind != "part" and reference.carrier is not None else None
    shape, _ = element(resource.unit.schemas, assignment.target.walk)
    if reference is None or table is None or table.columns or shape is None:
        return
    for literal in (cell.values[0] for row in table.rows for cell in row.cells.values() if cell.values):
        if shape.enum_values is not None and literal.value not in shape.enum_values:
            yield _unknown(resource, assignment.target.name, literal, shape.enum_values, shape)
        elif not _fits(shape, literal.value, listed=False):
            yield _type(resource, literal, shape)


def _cleared(resource: ResolvedResource, name: str, field: ResolvedField) -> Iterator[Diagnostic]:
    """Report what clears a field with a table, if the vendor does not have it."""
    literal = field.ast.clear
    known, shape = known_values(resource, field)
    if literal is None or known is None or literal.value in (None, NEVER) or not isinstance(literal.value, str):
        return
    if literal.value not in known and not any(
        written.enum_values is None or literal.value in written.enum_values for written in written_at(resource, field, "")
    ):
        yield _unknown(resource, name, literal, known, shape)


def _is_unsupported(resource: ResolvedResource, name: str, value: str) -> bool:
    return any(key == f"{name}.{value}" or key.endswith(f".{name}.{value}") for key in resource.unsupported)


def _untranslated(resource: ResolvedResource, assignment: Assignment, reference: Reference, values: Iterable[Text]) -> Iterator[Diagnostic]:
    """Report the enum values of a connection, or of an input without an enum of the vendor, that an input does not accept."""
    shape, _ = element(resource.unit.schemas, assignment.target.walk)
    for value in values:
        if shape is not None and shape.enum_values is not None and value.value not in shape.enum_values:
            literal = Literal(value.value, reference.text.span)
            yield _unknown(resource, assignment.target.name, literal, shape.enum_values, shape)


def _unknown(resource: ResolvedResource, name: str, literal: Literal, known: tuple[Any, ...], shape: Shape | None) -> Diagnostic:
    return finding(
        CODE,
        f"the vendor has no value {literal.value!r} for `{name}`",
        literal.span,
        notes=(Note("the vendor's values", resource.unit.document.span(shape.pointer)),) if shape is not None else (),
        help=did_you_mean(str(literal.value), tuple(map(str, known))),
    )


def _type(resource: ResolvedResource, literal: Literal, shape: Shape) -> Diagnostic:
    return finding(
        CODE,
        f"{literal.value!r} is not the vendor's type here: {' or '.join(sorted(shape.kinds))}",
        literal.span,
        notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
    )


def _fits(shape: Shape, value: object, *, listed: bool) -> bool:
    kinds = shape.kinds
    name = _TYPES.get(type(value))
    return not kinds or (listed and kinds == {"array"}) or name in kinds or (name == "integer" and "number" in kinds)
