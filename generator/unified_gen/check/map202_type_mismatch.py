"""Types of a unified field and its path that are not compatible.

A unified field and its path in the vendor's schema must have the same kind of value, and both be lists or both not. Numbers are read as
text if the field is text. Ids are sent as number parameters after a check. A date or a time is read from, and written to, a text whose
format the document declares. An enum without rows is read only from a text that has its values. A list goes into a parameter of one text
only if the text's pattern has the comma that separates the values. Everything else needs a codec, a table, or `[path]` for a list of at
most one. If the document lacks a format or a pattern, an overlay adds it with its evidence.

Wrong: `due_date: fields.duration` where the vendor has an integer. Right: a path to a date, or `codec: epoch_ms`.
"""

from collections.abc import Iterator
from typing import Any

from unified_gen.diagnostics.rule import rule
from unified_gen.language.ast import ANY_VALUE, NEVER, Table, Type
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.conversions import describe, reading, writing
from unified_gen.resolve.inspection import element
from unified_gen.resolve.record_fields import Leaf, ResolvedField
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas.shapes import Shape

CODE = rule("MAP202", "type mismatch", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every read and every write whose types are not compatible."""
    for field in resource.fields:
        yield from _read(resource, field)
    for operation in resource.operations:
        for step in operation.requests:
            yield from _composed(resource, step)
            for assignment in step.every_assignment:
                yield from _written(resource, assignment)
                if operation.kind == "update":
                    yield from _cleared(resource, assignment)


def _composed(resource: ResolvedResource, step: ResolvedStep) -> Iterator[Diagnostic]:
    """Report the locations of a composed value, and of its parts, that hold something else."""
    if step.exchange is None:
        return
    kind = step.exchange.composes
    for text, reached in step.exchange.texts:
        shape = reached.shape
        if shape is not None and not any(kind in variant.kinds or not variant.kinds for variant in shape.variants()):
            yield finding(
                CODE,
                f"`{text.value}` is {'a text' if kind == 'string' else 'a whole number'}, but holds {shape.description}",
                text.span,
                notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
            )


def _read(resource: ResolvedResource, field: ResolvedField) -> Iterator[Diagnostic]:
    for inner in field.nested:
        yield from _read(resource, inner)
    if field.ast.items is not None and field.read is not None and field.read.shape is not None:
        _, many = element(resource.unit.schemas, field.read.walk)
        if not many:
            yield finding(
                CODE,
                f"`{field.name}` is a list of objects, but `{field.ast.items.value}` holds {field.read.shape.description}",
                field.ast.items.span,
                notes=(Note("the vendor's type", resource.unit.document.span(field.read.shape.pointer)),),
                help="`items` is the path of a list; for one object, write `fields` without `items`",
            )
    for arm, location in field.by_type:
        yield from _compare(resource, field, location, arm)
    for slot in field.slots:
        for name, location in slot.paths.items():
            yield from _compare(resource, field, location, next(i.type for i in field.model.type.fields if i.name.value == name))
    yield from _rows(field)
    if field.codec or field.ast.fields or (field.table and field.table.columns):
        return
    for leaf in (field.read, *field.fallbacks):
        if leaf is not None and not leaf.request and leaf.shape is not None:
            yield from _single(resource, field, leaf)


def _rows(field: ResolvedField) -> Iterator[Diagnostic]:
    """Report rows, or a composed text, of a field that has another type."""
    kind = field.model.type.kind
    flags = field.table is not None and any(isinstance(row.value.value, bool) for row in field.table.rows)
    if flags and kind != "boolean":
        yield finding(CODE, f"`{field.name}` is {describe(field.model.type)}, but its rows are true and false", field.ast.name.span)
    elif field.table is not None and kind in ("id", "url", "email", "date", "datetime"):
        yield finding(CODE, f"`{field.name}` is {describe(field.model.type)}, which has no enum values", field.ast.name.span)
    elif field.parts and kind in ("boolean", "date", "datetime", "enum", "integer", "decimal"):
        yield finding(CODE, f"`{field.name}` is {describe(field.model.type)}, but it is composed as a text", field.ast.name.span)


def _single(resource: ResolvedResource, field: ResolvedField, leaf: Leaf) -> Iterator[Diagnostic]:
    type = field.model.type
    if field.table is None:
        yield from _compare(resource, field, leaf, type)
        if type.kind == "enum" and type.values and (shape := element(resource.unit.schemas, leaf.walk)[0]) is not None:
            known = {value for one in (shape, *shape.variants()) for value in (*(one.enum_values or ()), *one.known)}
            if not known & {value.value for value in type.values}:
                yield finding(
                    CODE,
                    f"`{field.name}` is {describe(type)}, but `{leaf.text.value}` holds {shape.description}, which may have other values",
                    leaf.text.span,
                    notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
                    help="map the vendor's values by `enum`",
                )
        return
    shape, many = element(resource.unit.schemas, leaf.walk)
    if many != type.many:
        yield _lists(resource, field, leaf, type, many)
    elif shape is not None and shape.formats & {"date", "date-time"} and _named(field.table):
        yield finding(
            CODE,
            f"`{field.name}` has a table, but `{leaf.text.value}` holds {shape.description}",
            leaf.text.span,
            notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
        )


def _named(table: Table) -> bool:
    """Return true if a row has a text or number, and does not only test if there is a value."""
    return any(literal.value is not None for row in table.rows for cell in row.cells.values() for literal in cell.values)


def _compare(resource: ResolvedResource, field: ResolvedField, leaf: Leaf, type: Type) -> Iterator[Diagnostic]:
    shape, many = element(resource.unit.schemas, leaf.walk)
    if shape is None:
        return
    if many != (type.many and not field.ast.one):
        yield _lists(resource, field, leaf, type, many)
    elif reading(type, shape) is None:
        yield finding(
            CODE,
            f"`{field.name}` is {describe(type)}, but `{leaf.text.value}` holds {shape.description}",
            leaf.text.span,
            notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
            help="name a `codec`, map a location of the right type, or, if the document is wrong, correct it by an overlay with evidence",
        )


def _lists(resource: ResolvedResource, field: ResolvedField, leaf: Leaf, type: Type, many: bool) -> Diagnostic:
    holds = "a list" if many else "a single value"
    hint = "write the path as `[path]`: a list of at most one" if type.many else "take one element: `[0]`"
    assert leaf.walk.shape is not None
    return finding(
        CODE,
        f"`{field.name}` is {describe(type)}, but `{leaf.text.value}` yields {holds}",
        leaf.text.span,
        notes=(Note("the vendor's type", resource.unit.document.span(leaf.walk.shape.pointer)),),
        help=hint,
    )


def _without_value(assignment: Assignment) -> Iterator[Diagnostic]:
    """Report references to a field that a vendor spreads over several locations: there is no single value for them (rule 4)."""
    references = [assignment.reference] if assignment.reference is not None else []
    references += assignment.query.references() if assignment.query is not None else ()
    for reference in references:
        table = reference.carrier.table if reference.carrier is not None else None
        if table is not None and table.columns and reference.kind in ("field", "input", "id"):
            columns = ", ".join(f"`{column}`" for column in table.columns)
            yield finding(
                CODE,
                f"`{reference.name}` is in several columns ({columns}): it has no single value",
                reference.text.span,
                notes=(Note("its table", table.span),),
                help="list it under `local_filters`, or send it as a field",
            )


def _written(resource: ResolvedResource, assignment: Assignment) -> Iterator[Diagnostic]:
    yield from _without_value(assignment)
    shape, many = element(resource.unit.schemas, assignment.target.walk)
    if assignment.origin == "send" and assignment.field is not None and assignment.field.ast.items is not None:
        yield from _objects(resource, assignment, shape, many)
        return
    if shape is None:
        return
    if assignment.origin == "text":
        if shape.kinds and (many or "string" not in shape.kinds) and not assignment.only_references:
            yield _mismatch(resource, assignment, "a text", assignment.target.walk.shape or shape)
        return
    if assignment.origin in ("set", "default", "clear", "beside"):
        entire = assignment.target.walk.shape
        if entire is not None and not accepts(entire, assignment.literal):
            yield finding(
                CODE,
                f"`{assignment.target.name}` accepts {entire.description}, not {assignment.literal!r}",
                assignment.span,
                notes=(Note("the vendor's type", resource.unit.document.span(entire.pointer)),),
            )
        return
    type = _type(assignment)
    if type is None or type.kind == ANY_VALUE or not shape.kinds:
        return
    carrier = assignment.field or (assignment.reference.carrier if assignment.reference is not None else None)
    if carrier is not None and (carrier.codec is not None or carrier.table is not None or carrier.ast.fields):
        return
    if type.many and not many and not (carrier is not None and carrier.ast.one) and assignment.target.location == "body":
        yield _written_mismatch(resource, assignment, type, shape, "as `[path]`, a list of at most one")
    elif type.many and not many and not (carrier is not None and carrier.ast.one) and not _splits(shape):
        yield _written_mismatch(resource, assignment, type, shape, "as elements of a list, which the overlay declares")
    elif many and not type.many and assignment.target.location == "body":
        entire = assignment.target.walk.shape
        yield _written_mismatch(resource, assignment, type, entire or shape, "into the list, `path[0]`")
    elif writing(type, shape) is None:
        yield _written_mismatch(resource, assignment, type, shape, "through a codec")


def _splits(shape: Shape) -> bool:
    """Return true if a parameter of one text accepts several values: its pattern has the comma that they are joined by."""
    return any("," in (variant.bounds.pattern or "") for variant in shape.variants())


def _objects(resource: ResolvedResource, assignment: Assignment, shape: Shape | None, many: bool) -> Iterator[Diagnostic]:
    """Report a list that is written object by object goes into a list that is known to take objects."""
    entire = assignment.target.walk.shape
    if entire is not None and entire.kinds and (not many or shape is None or "object" not in shape.kinds):
        yield _mismatch(resource, assignment, "a list of objects", entire)


def _mismatch(resource: ResolvedResource, assignment: Assignment, what: str, shape: Shape) -> Diagnostic:
    return finding(
        CODE,
        f"{what} is sent, but `{assignment.target.name}` accepts {shape.description}",
        assignment.span,
        notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
        help="send it to a location of the right type",
    )


def _cleared(resource: ResolvedResource, assignment: Assignment) -> Iterator[Diagnostic]:
    """Report every `clear` that sends something the location does not take."""
    clear = assignment.field.ast.clear if assignment.field is not None and assignment.origin == "send" else None
    entire = assignment.target.walk.shape
    if clear is None or entire is None or clear.value == NEVER or accepts(entire, clear.value):
        return
    yield finding(
        CODE,
        f"`{assignment.target.name}` accepts {entire.description}; {clear.value!r} cannot clear it",
        clear.span,
        notes=(Note("the vendor's type", resource.unit.document.span(entire.pointer)),),
    )


def _written_mismatch(resource: ResolvedResource, assignment: Assignment, type: Type, shape: Shape, how: str) -> Diagnostic:
    name = (
        assignment.field.name
        if assignment.field is not None
        else assignment.reference.text.value
        if assignment.reference is not None
        else ""
    )
    return finding(
        CODE,
        f"`{name}` is {describe(type)}, but `{assignment.target.name}` accepts {shape.description}",
        assignment.span,
        notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
        help=f"send it {how}, to a location of the right type, or, if the document is wrong, correct it by an overlay with evidence",
    )


def _type(assignment: Assignment) -> Type | None:
    if assignment.field is not None:
        if assignment.column is not None and assignment.field.by_type:
            return next((arm for arm, _ in assignment.field.by_type if arm.kind == assignment.column), None)
        if assignment.column is not None and assignment.field.slots:
            name = assignment.column.partition(".")[2]
            return next(inner.type for inner in assignment.field.model.type.fields if inner.name.value == name)
        return None if assignment.column is not None else assignment.field.model.type
    if assignment.reference is not None and assignment.reference.kind == "header" and assignment.target.location == "body":
        return Type("text")  # a header is a text; in an address, digits are a number as well
    if assignment.reference is not None and assignment.reference.kind != "saved":
        return assignment.reference.type
    return None


def accepts(shape: Shape, value: Any) -> bool:
    """Return true if a literal's JSON type is one that the location allows."""
    if shape.free:
        return True
    if value is None:
        return shape.takes_null
    names = {bool: {"boolean"}, int: {"integer", "number"}, float: {"number"}, str: {"string"}, list: {"array"}, dict: {"object"}}
    return bool(shape.kinds & names[type(value)])
