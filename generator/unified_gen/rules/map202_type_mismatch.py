"""Types that do not meet.

A unified field and the vendor's place must hold the same kind of value, one or a list alike. Numbers widen to text when read; ids go
into number parameters after a check; everything else needs a codec (`as`), a table, or `[path]` for a list of at most one.

Wrong: `due_date: fields.duration` where the vendor holds an integer. Right: a place that holds a date, or `as: epoch_ms`.
"""

from collections.abc import Iterator
from typing import Any

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.language.ast import NEVER, Type
from unified_gen.resolve.conversions import describe, describe_shape, reading, writing
from unified_gen.resolve.places import element
from unified_gen.resolve.resolved import Assignment, Leaf, ResolvedField, ResolvedResource, ResolvedStep
from unified_gen.rules.base import finding, rule
from unified_gen.schema.shapes import Shape

CODE = rule("MAP202", "type mismatch", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every read and every write whose types do not meet."""
    for field in resource.fields:
        yield from _read(resource, field)
    for operation in resource.operations:
        for step in operation.requests:
            for assignment in step.every_assignment:
                yield from _written(resource, step, assignment)
                if operation.like == "update":
                    yield from _cleared(resource, assignment)


def _read(resource: ResolvedResource, field: ResolvedField) -> Iterator[Diagnostic]:
    for inner in field.nested:
        yield from _read(resource, inner)
    for arm, place in field.case:
        yield from _compare(resource, field, place, arm)
    for slot in field.slots:
        for name, place in slot.paths.items():
            yield from _compare(resource, field, place, next(i.type for i in field.model.type.fields if i.name.value == name))
    leaf = field.read
    if leaf is None or leaf.request or leaf.shape is None or field.codec or field.ast.fields or (field.table and field.table.columns):
        return
    type = field.model.type
    if field.table is not None:
        _, many = element(resource.unit.schemas, leaf.walk)
        if many != type.many:
            yield _lists(resource, field, leaf, type, many)
        return
    yield from _compare(resource, field, leaf, type)


def _compare(resource: ResolvedResource, field: ResolvedField, leaf: Leaf, type: Type) -> Iterator[Diagnostic]:
    shape, many = element(resource.unit.schemas, leaf.walk)
    if shape is None:
        return
    if many != (type.many and not field.ast.one):
        yield _lists(resource, field, leaf, type, many)
    elif reading(type, shape) is None:
        yield finding(
            CODE,
            f"`{field.name}` is {describe(type)}, but `{leaf.text.value}` holds {describe_shape(shape)}",
            leaf.text.span,
            notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
            help="name a codec with `as`, or map a place of the right type",
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


def _wordless(resource: ResolvedResource, assignment: Assignment) -> Iterator[Diagnostic]:
    """References to a field that a vendor spreads over several places: there is no one word for them (rule 4)."""
    references = [assignment.reference] if assignment.reference is not None else []
    references += assignment.query.references() if assignment.query is not None else ()
    for reference in references:
        table = reference.carrier.table if reference.carrier is not None else None
        if table is not None and table.columns and reference.kind in ("field", "input", "id"):
            columns = ", ".join(f"`{column}`" for column in table.columns)
            yield finding(
                CODE,
                f"`{reference.name}` stands in several columns ({columns}): it has no one word",
                reference.text.span,
                notes=(Note("its table", table.span),),
                help="filter `locally`, or send it as a field",
            )


def _written(resource: ResolvedResource, step: ResolvedStep, assignment: Assignment) -> Iterator[Diagnostic]:
    yield from _wordless(resource, assignment)
    shape, many = element(resource.unit.schemas, assignment.target.walk)
    if assignment.origin == "send" and assignment.field is not None and assignment.field.ast.each is not None:
        yield from _objects(resource, assignment, shape, many)
        return
    if shape is None:
        return
    if assignment.origin == "text":
        if shape.kinds and (many or "string" not in shape.kinds):
            yield _mismatch(resource, assignment, "a text", assignment.target.walk.shape or shape)
        return
    if assignment.origin in ("set", "default", "clear"):
        whole = assignment.target.walk.shape
        if whole is not None and not accepts(whole, assignment.literal):
            yield finding(
                CODE,
                f"`{assignment.target.name}` takes {describe_shape(whole)}, not {assignment.literal!r}",
                assignment.span,
                notes=(Note("the vendor's type", resource.unit.document.span(whole.pointer)),),
            )
        return
    type = _type(assignment)
    if type is None or not shape.kinds:
        return
    carrier = assignment.field or (assignment.reference.carrier if assignment.reference is not None else None)
    if carrier is not None and (carrier.codec is not None or carrier.table is not None or carrier.ast.fields):
        return
    if type.many and not many and not (carrier is not None and carrier.ast.one) and assignment.target.place == "body":
        yield _written_mismatch(resource, assignment, type, shape, "as `[path]`, a list of at most one")
    elif many and not type.many and assignment.target.place == "body":
        whole = assignment.target.walk.shape
        yield _written_mismatch(resource, assignment, type, whole or shape, "into the list, `path[0]`")
    elif writing(type, shape) is None:
        yield _written_mismatch(resource, assignment, type, shape, "through a codec (`as`)")


def _objects(resource: ResolvedResource, assignment: Assignment, shape: Shape | None, many: bool) -> Iterator[Diagnostic]:
    """A list that is written object by object goes into a list that is known to take objects."""
    whole = assignment.target.walk.shape
    if whole is not None and whole.kinds and (not many or shape is None or "object" not in shape.kinds):
        yield _mismatch(resource, assignment, "a list of objects", whole)


def _mismatch(resource: ResolvedResource, assignment: Assignment, what: str, shape: Shape) -> Diagnostic:
    return finding(
        CODE,
        f"{what} is sent, but `{assignment.target.name}` takes {describe_shape(shape)}",
        assignment.span,
        notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
        help="send it to a place of the right type",
    )


def _cleared(resource: ResolvedResource, assignment: Assignment) -> Iterator[Diagnostic]:
    """What `clear` sends must be something the place takes."""
    clear = assignment.field.ast.clear if assignment.field is not None and assignment.origin == "send" else None
    whole = assignment.target.walk.shape
    if clear is None or whole is None or clear.value == NEVER or accepts(whole, clear.value):
        return
    yield finding(
        CODE,
        f"`{assignment.target.name}` takes {describe_shape(whole)}; {clear.value!r} cannot clear it",
        clear.span,
        notes=(Note("the vendor's type", resource.unit.document.span(whole.pointer)),),
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
        f"`{name}` is {describe(type)}, but `{assignment.target.name}` takes {describe_shape(shape)}",
        assignment.span,
        notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
        help=f"send it {how}, or to a place of the right type",
    )


def _type(assignment: Assignment) -> Type | None:
    if assignment.field is not None:
        if assignment.column is not None and assignment.field.case:
            return next((arm for arm, _ in assignment.field.case if arm.kind == assignment.column), None)
        if assignment.column is not None and assignment.field.slots:
            name = assignment.column.partition(".")[2]
            return next(inner.type for inner in assignment.field.model.type.fields if inner.name.value == name)
        return None if assignment.column is not None else assignment.field.model.type
    if assignment.reference is not None and assignment.reference.kind != "kept":
        return assignment.reference.type
    return None


def accepts(shape: Shape, value: Any) -> bool:
    """Whether a literal's JSON type is one that the place allows."""
    if shape.free:
        return True
    if value is None:
        return shape.takes_null
    names = {bool: {"boolean"}, int: {"integer", "number"}, float: {"number"}, str: {"string"}, list: {"array"}, dict: {"object"}}
    return bool(shape.kinds & names[type(value)])
