"""A value that is passed on, or only looked at, is of another type than its location.

What a step keeps of a response goes into a later step; the text of a filter, the names to select, a page's cursor and size are inputs
as well. Each must be of the type of the vendor's path. A value that a mapping only looks at must have the type it is used for: a label
and a part of an id as text, the value that `where` compares as the input's, the total of a page as a number. The values of a table
are of the type of the location they are sent to.

Wrong: `params: {transition.id: chosen.to}`, where `to` is an object. Right: `params: {transition.id: chosen.id}`.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from unified_gen.check.map202_type_mismatch import accepts
from unified_gen.diagnostics.rule import rule
from unified_gen.language.ast import Type
from unified_gen.language.codecs import OBJECTS, TEXT_OF_AN_OBJECT
from unified_gen.resolve.assignments import Assignment, Reference
from unified_gen.resolve.conversions import Conversion, reading
from unified_gen.resolve.inspection import element
from unified_gen.resolve.record_fields import Leaf, ResolvedField
from unified_gen.resolve.resolved import ResolvedPagination, ResolvedResource, ResolvedStep, SavedValue
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas.shapes import Shape
from unified_openapi.source.spans import Span

CODE = rule("MAP214", "passed on to a location of another type", __doc__)

_SCALARS = frozenset({"string", "integer", "number"})
_CURSORS = {"token": _SCALARS, "url": frozenset({"string"}), "link": frozenset({"string"}), "last": _SCALARS}
_NUMBERS = frozenset({"integer", "number"})


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every value that goes to a location of another type."""
    for field in resource.fields:
        yield from _looked_at(resource, field)
    for operation in resource.operations:
        for step in operation.steps:
            for saved in step.saved:
                yield from _searched(resource, saved)
            yield from _located(resource, step)
            if step.content_url is not None:
                yield from _expected_reference(resource, step.content_url, frozenset({"string"}), "the address of a content is text")
            yield from _content(step, operation.model.response == "bytes")
            if step.pagination is not None:
                yield from _paged(resource, step.pagination)
            if step.sync_token is not None:
                yield from _expected(resource, step.sync_token.next, frozenset({"string"}), "a sync token is text")
            for assignment in step.every_assignment:
                for key in assignment.query.keys if assignment.query is not None else ():
                    yield from _expected_reference(resource, key, _SCALARS, f"`{key.text.value}` is the name of a value")
                yield from _passed(resource, assignment, step.pagination)
            for name, reference in step.verify:
                kinds = _SCALARS if name == "size" else frozenset({"string"})
                yield from _expected_reference(resource, reference, kinds, "a size is a number" if name == "size" else "a checksum is text")


def _looked_at(resource: ResolvedResource, field: ResolvedField) -> Iterator[Diagnostic]:
    for inner in field.nested:
        yield from _looked_at(resource, inner)
    if field.label is not None:
        yield from _expected(resource, field.label, _SCALARS, f"the label of `{field.name}` is text")
    for part in field.parts:
        if part.source is not None:
            yield from _expected(resource, part.source, _SCALARS, f"a part of `{field.name}` is text")


def _searched(resource: ResolvedResource, saved: SavedValue) -> Iterator[Diagnostic]:
    for leaf, reference in saved.searched:
        shape, many = element(resource.unit.schemas, leaf.walk)
        carrier = reference.carrier
        if shape is None or not shape.kinds or (carrier is not None and carrier.codec is not None):
            continue
        if carrier is not None and carrier.table is not None:
            literals = [value.value for row in carrier.table.rows for cell in row.cells.values() for value in cell.values]
            fits = bool(carrier.table.columns) or any(
                reading(_type_of(value), shape) is not None for value in literals if value is not None
            )
        elif reference.kind == "saved":
            other, _ = element(resource.unit.schemas, reference.walk) if reference.walk is not None else (None, False)
            fits = other is None or not other.kinds or bool(other.kinds & shape.kinds)
        else:
            same = (Conversion.SAME, Conversion.TO_TEXT)  # a date is not compared with the text of a time
            given = reference.type
            fits = given is None or (given.many is many and reading(replace(given, many=False), shape) in same)
            many = many and (given is None or not given.many)  # a list is compared with all values of the input
        if many or not fits:
            yield _mismatch(resource, leaf.text.span, f"`{leaf.text.value}` is compared with `{reference.name}`", shape)


def _content(step: ResolvedStep, returned: bool) -> Iterator[Diagnostic]:
    """Report content that is read from a response in JSON, and a content type that is given as content.

    A literal of the step may select the content, which documents seldom describe: `alt: media`.
    """
    kinds = [kind for status, media in step.facts.responses.items() if status.startswith("2") for kind in media]
    binary = step.response is not None and step.response.binary and step.content_url is None and step.base64_content is None
    if returned and binary and kinds and not step.ast.constants and all("json" in kind for kind in kinds):
        yield finding(
            CODE,
            f"`{step.ast.operation.value}` returns JSON, and the step returns its response as the content of a file",
            step.ast.operation.span,
            help="state the address of the content, `content_url`, or the path of its text in base64, `base64_content`",
        )
    enclosed = step.base64_content
    if enclosed is not None and enclosed.shape is not None and not any("string" in each.kinds for each in enclosed.shape.variants()):
        yield finding(CODE, f"`{enclosed.text.value}` is a content in base64, but holds {enclosed.shape.description}", enclosed.text.span)
    given = step.media.content_type if step.media is not None else None
    if given is not None and given.type is not None and given.type.kind == "bytes":
        yield finding(CODE, f"`{given.text.value}` is the content, and no content type", given.text.span)


def _located(resource: ResolvedResource, step: ResolvedStep) -> Iterator[Diagnostic]:
    """Yield the locations of an element of a list that are compared with a value, and hold an object or a list."""
    response = step.response
    record = (response.element_shape or response.record_shape) if response is not None else None
    for names, reference in step.located if record is not None else ():
        shape: Shape | None = record
        for name in names:
            variants = (shape, *shape.variants()) if shape is not None else ()
            pointer = next((one.properties[name] for one in variants if name in one.properties), None)
            shape = resource.unit.schemas.shape(pointer) if pointer is not None else None
        if shape is not None and shape.kinds and not shape.kinds & (_SCALARS | {"boolean", "null"}):
            path = ".".join(names)
            yield _mismatch(resource, step.ast.operation.span, f"`{path}` is compared with `{reference.text.value}`", shape)


def _type_of(value: object) -> Type:
    return Type("boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "text")


def _paged(resource: ResolvedResource, pagination: ResolvedPagination) -> Iterator[Diagnostic]:
    for location in (pagination.next, *(leaf for _, leaf in pagination.further)):
        if location is not None:
            yield from _expected(resource, location, _SCALARS, "the location of the next page is text")
    if pagination.operation is not None and pagination.param is not None:
        shape, many = element(resource.unit.schemas, pagination.param.walk)
        if shape is not None and shape.kinds and (many or not shape.kinds & _SCALARS):
            yield _mismatch(resource, pagination.param.text.span, f"`{pagination.param.name}` is given where the next page begins", shape)
    if pagination.total is not None:
        yield from _expected(resource, pagination.total, _NUMBERS, "the total of a list is a number")
    for location in (pagination.last_page_if, pagination.more_if):
        if location is not None:
            yield from _expected(resource, location, frozenset({"boolean"}), "whether a page is the last is true or false")


def _passed(resource: ResolvedResource, assignment: Assignment, pagination: ResolvedPagination | None) -> Iterator[Diagnostic]:
    shape, many = element(resource.unit.schemas, assignment.target.walk)
    if shape is None or not shape.kinds:
        return
    name = assignment.target.name
    in_query_text = assignment.query is not None and assignment.query.language not in OBJECTS - {TEXT_OF_AN_OBJECT}
    if assignment.origin == "query" and in_query_text:
        if many or "string" not in shape.kinds:
            yield _mismatch(resource, assignment.span, f"`{name}` is given a text in the vendor's query language", shape)
    elif assignment.origin == "query" and not (many and "object" in shape.kinds):
        yield _mismatch(resource, assignment.span, f"`{name}` is given a list of objects", shape)
    elif assignment.origin == "select" and "string" not in shape.kinds:
        yield _mismatch(resource, assignment.span, f"`{name}` is given the names to select", shape)
    elif assignment.origin == "size" and (many or not shape.kinds & _NUMBERS):
        yield _mismatch(resource, assignment.span, f"`{name}` is given the size of a page", shape)
    elif assignment.only_references and not many:
        for reference in (pieces[0] for pieces in assignment.texts):
            assert isinstance(reference, Reference)
            held = element(resource.unit.schemas, reference.walk)[0] if reference.walk is not None else None
            if held is not None and held.kinds and not _goes_into(held, shape, in_url=assignment.target.location != "body"):
                yield _mismatch(
                    resource, reference.text.span, f"`{reference.text.value}` holds {held.description} and goes to `{name}`", shape
                )
    elif assignment.origin == "text" and (many or "string" not in shape.kinds):
        yield _mismatch(resource, assignment.span, f"`{name}` is given a text", shape)
    elif assignment.origin == "text":
        for reference in (piece for pieces in assignment.texts for piece in pieces if not isinstance(piece, str)):
            yield from _expected_reference(resource, reference, _SCALARS, "what is in a text is text or a number")
    elif assignment.origin == "sync" and (many or "string" not in shape.kinds):
        yield _mismatch(resource, assignment.span, f"`{name}` is given a sync token", shape)
    elif assignment.origin == "cursor" and pagination is not None:
        if many or not shape.kinds & _CURSORS.get(pagination.ast.style, _NUMBERS):
            yield _mismatch(resource, assignment.span, f"`{name}` is given where the next page begins", shape)
    elif (wrong := _wrong_word(assignment, shape, many=many)) is not None:
        yield _mismatch(resource, assignment.span, f"`{name}` is given {wrong!r} by a table", shape)
    elif assignment.reference is not None and assignment.reference.kind == "saved" and assignment.reference.walk is not None:
        source, listed = element(resource.unit.schemas, assignment.reference.walk)
        if source is not None and source.kinds and not _goes_into(source, shape, in_url=assignment.target.location != "body"):
            text = assignment.reference.text
            yield _mismatch(resource, text.span, f"`{text.value}` holds {source.description} and goes to `{name}`", shape)
        elif listed and not many and assignment.target.location == "body":
            text = assignment.reference.text
            yield _mismatch(resource, text.span, f"`{text.value}` yields a list and goes to `{name}`", shape)


def _wrong_word(assignment: Assignment, shape: Shape, *, many: bool) -> object:
    """Return the first value that a table sends to a location that does not accept it; None if there is none."""
    carrier = assignment.field or (assignment.reference.carrier if assignment.reference is not None else None)
    if carrier is None or carrier.table is None or (carrier.table.columns and assignment.column is None):
        return None
    listed = many and not carrier.model.type.many and assignment.target.location == "body"
    for row in carrier.table.rows:
        cell = row.cells.get(assignment.column or "")
        value = cell.values[0].value if cell is not None and cell.values else None
        if value is not None and (listed or (many and isinstance(value, bool)) or not accepts(shape, value)):
            return value
    return None


def _goes_into(source: Shape, target: Shape, *, in_url: bool) -> bool:
    """Return true if any kind of the one is a kind of the other. In a URL everything is text, so a number goes into a text there."""
    if source.kinds & target.kinds or ("integer" in source.kinds and "number" in target.kinds):
        return True
    return in_url and "string" in target.kinds and bool(source.kinds & _SCALARS)


def _expected(resource: ResolvedResource, leaf: Leaf, kinds: frozenset[str], what: str) -> Iterator[Diagnostic]:
    shape, many = element(resource.unit.schemas, leaf.walk)
    if leaf.request or shape is None or not shape.kinds:
        return
    if many or not shape.kinds <= kinds:
        yield _mismatch(resource, leaf.text.span, what, shape, holds=f"holds {'a list of ' if many else ''}")


def _expected_reference(resource: ResolvedResource, reference: Reference, kinds: frozenset[str], what: str) -> Iterator[Diagnostic]:
    """Report a part of a response that has another type than its use requires."""
    if reference.kind == "saved" and reference.walk is not None:
        shape, many = element(resource.unit.schemas, reference.walk)
        if shape is not None and shape.kinds and (many or not shape.kinds <= kinds):
            yield _mismatch(resource, reference.text.span, what, shape, holds=f"holds {'a list of ' if many else ''}")


def _mismatch(resource: ResolvedResource, span: Span, what: str, shape: Shape, holds: str = "is ") -> Diagnostic:
    return finding(
        CODE,
        f"{what}, but the vendor's path {holds}{shape.description}",
        span,
        notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
        help="name a location of the right type",
    )
