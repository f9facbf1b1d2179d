"""Comparable traits of a compiled operation: requests, inputs that are sent, values that are read."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from msgspec import Struct

from unified_gen.render.resources import retry_class
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.inspection import step_references
from unified_gen.resolve.record_fields import Leaf, ResolvedField
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedStep
from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.shapes import Bounds, Schemas, Shape
from unified_openapi.source.spans import Text

RETRIES = {"SAFE": "safe to repeat", "IDEMPOTENT": "idempotent", "KEYED": "repeated with its key", "NEVER": "never repeated"}
"""Retry classes in words."""


class Trait(Struct, frozen=True):
    """One property of a compiled operation.

    `key` identifies it in both versions. `value` is compared, and `words` shows it. `field` is the unified field, filter or input.
    `declared`: the document declares it for all operations, and its removal is reported.
    """

    aspect: str
    key: Hashable
    subject: str
    value: Any
    words: str
    field: str | None = None
    declared: bool = False


class Part(Struct, frozen=True):
    """Key of a trait of an input. It is compared only if both versions have the input."""

    input: Hashable
    name: Hashable


def traits(resource: ResolvedResource, operation: ResolvedOperation, selected: Iterable[Trait] = ()) -> Iterator[Trait]:
    """Yield everything that is compared of an operation."""
    yield from selected
    for step in operation.requests:
        here = step.ast.span
        call = f"`{step.facts.name}`"
        retry = retry_class(operation, step) if step in operation.steps else "SAFE"
        yield from _facts(resource, step.facts, (here, "request"), retry)
        yield from _media_types(step, here, call)
        for facts in resource.beside(step):
            yield from _facts(resource, facts, (here, "beside"), None)
        for assignment in step.every_assignment:
            yield from _input(resource.unit.schemas, operation, step, assignment, (here, assignment.span), call)
        for saved in step.saved:
            for leaf in (saved.leaf, *(leaf for leaf, _ in saved.searched)):
                yield from _read(resource.unit.schemas, leaf, (here, "saved", saved.name), f"of {call}", None)
        for reference in step_references(step):
            if reference.walk is not None and reference.path is not None and reference.kind == "saved":
                read = Leaf(reference.text, reference.path, reference.walk)
                yield from _read(resource.unit.schemas, read, (here, "reference", reference.text.span), f"of {call}", None)
        if (pagination := step.pagination) is not None:
            for page in (pagination.next, pagination.total, pagination.last_page_if, pagination.more_if):
                if page is not None:
                    yield from _read(resource.unit.schemas, page, (here, "page"), f"of {call}", None)
    if not operation.model.empty and operation.model.response is None:
        yield from _fields(resource.unit.schemas, resource.fields)


def _facts(resource: ResolvedResource, facts: OperationFacts, key: tuple[Hashable, ...], retry: str | None) -> Iterator[Trait]:
    subject, key = f"`{facts.name}`", (*key, facts.name)
    yield Trait("method", key, subject, facts.method, facts.method)
    yield Trait("path", key, subject, facts.path, facts.path)
    everywhere = tuple(str(server.get("url")) for server in resource.unit.document.root.get("servers", ()) if isinstance(server, dict))
    own = () if facts.servers == everywhere else facts.servers
    yield Trait("server", key, subject, own, ", ".join(own) or "that of the document")
    if retry is not None:
        yield Trait("retry class", key, subject, retry, RETRIES[retry])
    schemes = frozenset(frozenset(alternative) for alternative in facts.security)
    words = " or ".join(sorted(" and ".join(sorted(names)) or "none" for names in schemes)) or "none"
    yield Trait("security scheme", key, subject, schemes, words)
    if facts.deprecated:
        yield Trait("deprecated", key, subject, True, "deprecated")


def _media_types(step: ResolvedStep, here: Hashable, call: str) -> Iterator[Trait]:
    if step.facts.bodies and step.media_type is not None:
        yield Trait("media type", (here, "request"), f"the request {call}", step.media_type, step.media_type)
    response = step.response
    if response is not None and not response.binary:
        contents = sorted({name.partition(";")[0] for status, found in step.facts.responses.items() if status[0] == "2" for name in found})
        yield Trait("media type", (here, "response"), f"the response of {call}", tuple(contents), ", ".join(contents) or "none")
    if step.body is not None:
        arms = len(step.body.arms)
        kinds = " or ".join(sorted(step.body.kinds)) or "anything"
        yield Trait("body", (here, "body"), call, (step.body.kinds, arms > 1), f"one of {arms} schemas" if arms > 1 else kinds)


# ------------------------------------------------------------------------------------------- inputs
def _input(
    schemas: Schemas, operation: ResolvedOperation, step: ResolvedStep, assignment: Assignment, key: Hashable, call: str
) -> Iterator[Trait]:
    target = assignment.target
    key = (key, assignment.origin, target.text.value, assignment.column)
    subject, field = f"`{target.text.value}` of {call}", _about(operation, assignment)
    yield Trait("location", key, subject, (target.location, target.name), target.location, field)
    if (parameter := target.parameter) is not None:
        value = (parameter.style, parameter.explode, parameter.media_type)
        words = parameter.media_type or f"style {parameter.style}, explode {str(parameter.explode).lower()}"
        yield Trait("serialization", key, subject, value, words, field)
        if parameter.deprecated:
            yield Trait("deprecated", key, subject, True, "deprecated", field)
    shape = target.walk.shape
    if shape is None:
        yield Trait("type", key, subject, (frozenset(), frozenset()), "anything", field)
        return
    yield from _type(schemas, shape, key, subject, field)
    if shape.deprecated:
        yield Trait("deprecated", key, subject, True, "deprecated", field)
    for bounded in (shape, schemas.shape(shape.items) if shape.items is not None else None):
        if bounded is not None and bounded.bounds:
            yield Trait("bounds", Part(key, bounded is shape), subject, bounded.bounds, _bounds(bounded.bounds), field)
    accepted = _enum_values(schemas, shape)
    if assignment.origin != "select":
        for value in _sent(step, assignment):
            if accepted is None or value in accepted or str(value) in accepted:
                yield Trait("enum value", Part(key, repr(value)), subject, True, f"`{value}`", field)


def _about(operation: ResolvedOperation, assignment: Assignment) -> str | None:
    if assignment.field is not None:
        return assignment.field.name
    if assignment.reference is not None and assignment.reference.kind in ("field", "input"):
        name = assignment.reference.name
        return f"filter.{name}" if operation.kind in ("list", "changes") else name
    return None


def _enum_values(schemas: Schemas, shape: Shape) -> frozenset[Any] | None:
    if shape.items is not None and shape.kinds == {"array"}:
        shape = schemas.shape(shape.items)
    return frozenset(map(str, shape.enum_values)) if shape.enum_values is not None else None


def _sent(step: ResolvedStep, assignment: Assignment) -> Iterator[Any]:
    """Yield the vendor's values that an input may be sent with, if they are a closed set."""
    if assignment.origin in ("set", "default") and isinstance(assignment.literal, str | int):
        yield assignment.literal
        return
    carrier = assignment.field
    if assignment.reference is not None:
        own = next((given for given in step.enums if given.name == assignment.reference.name), None)
        carrier = own or assignment.reference.carrier
    if carrier is None:
        return
    if carrier.table is None:
        yield from (value.value for value in carrier.model.type.values if carrier.codec is None)
        return
    for row in carrier.table.rows:
        for column, cell in row.cells.items():
            if column == (assignment.column or "") and cell.values:
                yield cell.values[0].value


# ------------------------------------------------------------------------------------------- responses
def _fields(schemas: Schemas, fields: Iterable[ResolvedField], around: tuple[str, ...] = ()) -> Iterator[Trait]:
    for field in fields:
        for leaf in field.leaves():
            if not leaf.request:
                yield from _read(schemas, leaf, ("read", *around, field.name), "", around[0] if around else field.name)
        yield from _fields(schemas, field.nested, (*around, field.name))


def _read(schemas: Schemas, leaf: Leaf, key: Hashable, of: str, field: str | None) -> Iterator[Trait]:
    shape = leaf.walk.shape
    key, subject = (key, leaf.text.value), " ".join(filter(None, (f"`{_short(leaf.text)}`", of)))
    if shape is None:
        return
    yield from _type(schemas, shape, ("read", key), subject, field)
    for flag, aspect in ((shape.write_only, "write-only"), (shape.deprecated, "deprecated")):
        if flag:
            yield Trait(aspect, ("read", key), subject, True, aspect, field)


def _short(text: Text) -> str:
    return text.value if len(text.value) < 60 else text.value[:57] + "…"


def _type(schemas: Schemas, shape: Shape, key: Hashable, subject: str, field: str | None) -> Iterator[Trait]:
    kinds, formats, words = shape.kinds, shape.formats, shape.description
    if kinds == {"array"} and shape.items is not None:
        element = schemas.shape(shape.items)
        kinds, formats = frozenset({f"array of {kind}" for kind in element.kinds} or kinds), element.formats
        words = f"array of {element.description}"
    yield Trait("type", key, subject, (kinds, formats), words, field)


def _bounds(bounds: Bounds) -> str:
    names = {
        "min_length": "at least {} characters",
        "max_length": "at most {} characters",
        "pattern": "pattern {}",
        "minimum": "at least {}",
        "maximum": "at most {}",
        "above": "more than {}",
        "below": "less than {}",
        "min_items": "at least {} items",
        "max_items": "at most {} items",
    }
    found = ((text, getattr(bounds, name)) for name, text in names.items())
    return ", ".join(text.format(value) for text, value in found if value is not None) or "none"
