"""Sample values of each shipped vendor, from its mapping and its document: connection values, credentials, ids, query languages.

Tests of the entire catalog use these, so that a new vendor or model needs no entry in them.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from re import _parser as re_parser  # type: ignore[attr-defined]
from typing import Any

from unified_emulation.engine.samples import PREFERRED, in_class
from unified_emulation.laws.transport import credential_of
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.language.parse import parse_resource, parse_vendor
from unified_gen.pipeline.compiler import Models, parse_models
from unified_gen.pipeline.inputs import Inputs, read_inputs
from unified_gen.resolve.assignments import Assignment, Reference
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, VendorUnit
from unified_gen.resolve.resource import resolve_resource
from unified_gen.specs.update import load_spec
from unified_openapi.documents import operations
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_runtime import Credential
from unified_runtime.core.vendors import ConnectionValue, Vendor

ROOT = Path(__file__).parents[2]
_ID = "1234567890"
"""Id that any vendor accepts whose document describes no format."""


# -------------------------------------------------------------------------------------------------------------- connections
@functools.cache
def matching(pattern: str, *others: str) -> str:
    """Return a short text that matches a regular expression completely, and others somewhere."""
    for text in itertools.islice(_texts(re_parser.parse(pattern)), 10_000):
        if text and re.fullmatch(pattern, text) and all(re.search(other, text) for other in others):
            return text
    raise AssertionError(f"no sample found for {pattern}, {others}")


def _texts(tree: Any) -> Iterator[str]:
    """Generate short texts for a parsed regular expression, of all its alternatives. Look-arounds are left to the caller."""
    yield from map("".join, itertools.product(*(tuple(_pieces(name, given)) for name, given in tree)))


def _pieces(operator: Any, given: Any) -> Iterator[str]:
    match str(operator):
        case "LITERAL":
            yield chr(given)
        case "ANY" | "NOT_LITERAL":
            yield next(char for char in PREFERRED if ord(char) != given)
        case "IN":
            allowed = [char for char in PREFERRED if in_class(char, given)]
            yield from dict.fromkeys((allowed[0], next(filter(str.isalpha, allowed), allowed[0])))
        case "BRANCH":
            for tree in given[1]:
                yield from _texts(tree)
        case "SUBPATTERN":
            yield from _texts(given[3])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, _, tree = given
            for text in _texts(tree):
                yield text * least
        case "AT" | "ASSERT" | "ASSERT_NOT":
            yield ""
        case name:
            raise NotImplementedError(f"{name} in a pattern of a vendor")


def connection_values(vendor: Vendor) -> dict[str, str]:
    """Return a value of the declared form for each required value of a connection."""
    return {name: _connection_value(value) for name, value in vendor.connection.items() if value.required}


def _connection_value(value: ConnectionValue) -> str:
    if value.pattern is None:
        return "sample"
    return matching(value.pattern.replace("https?:", "https:"))


def credential(vendor: Vendor) -> tuple[str, Credential]:
    """Return a scheme that needs no further connection value, and a credential for it."""
    found = credential_of(vendor, connection_values(vendor))
    assert found is not None, f"each scheme of {vendor.name} needs a connection value that is not required"
    return found


# ----------------------------------------------------------------------------------------------------------------- mappings
@functools.cache
def _project() -> tuple[Inputs, Models]:
    inputs = read_inputs(ROOT)
    return inputs, parse_models(inputs.models)


@functools.cache
def mapped(vendor: str) -> tuple[ResolvedResource, ...]:
    """Return a vendor's mappings, with everything looked up in its document."""
    inputs, models = _project()
    own = next(one for one in inputs.vendors if one.name == vendor)
    assert own.declaration is not None
    declaration, _ = parse_vendor(own.mappings[own.declaration], own.declaration, vendor)
    parsed = [parse_resource(text, name, vendor)[0] for name, text in own.mappings.items() if name != own.declaration]
    assert declaration is not None
    resources = tuple(resource for resource in parsed if resource is not None)
    document = load_spec(ROOT / "specs" / vendor)
    unit, reporter = VendorUnit(declaration, document, Schemas(document), operations(document), resources), Reporter(document)
    found = [resolve_resource(unit, one, models.by_resource[one.resource.value], reporter, {}) for one in resources]
    return tuple(one for one in found if one is not None)


def _assignments(operation: ResolvedOperation) -> Iterator[Assignment]:
    for step in operation.requests:
        yield from step.every_assignment


@functools.cache
def enumerators(vendor: str, resource: str, field: str) -> tuple[str, ...]:
    """Return the values that the vendor's document allows for the property that a field is written to."""
    shapes = (
        one.target.walk.shape
        for each in mapped(vendor)
        if each.model.resource.value == resource
        for operation in each.operations
        for one in _assignments(operation)
        if field in (one.field and one.field.name, one.reference and one.reference.name)
    )
    return next((tuple(map(str, shape.enum_values)) for shape in shapes if shape is not None and shape.enum_values), ())


@functools.cache
def languages(vendor: str) -> dict[str, frozenset[str]]:
    """Return the query languages that each operation of a vendor's mappings writes, by the operation's name (`tasks.list`)."""
    return {
        f"{resource.model.resource}.{operation.name}": frozenset(
            one.query.language for one in _assignments(operation) if one.query is not None
        )
        for resource in mapped(vendor)
        for operation in resource.operations
    }


# ---------------------------------------------------------------------------------------------------------------------- ids
def sample_id(vendor: str, operation: str, name: str) -> str:
    """Return an id of the form that the vendor's document declares, for an input of an operation (`tasks.get`, `id`)."""
    return ids(vendor).get(id_of(operation, name) or name, _ID)


def id_of(operation: str, name: str) -> str | None:
    """Return the resource whose records an input of an operation identifies; None for any other input."""
    resource, _, called = operation.partition(".")
    return _kind(_project()[1].by_resource[resource], called, name)


def _kind(model: ast.Model, operation: str, name: str) -> str | None:
    if name == "id":
        return model.resource.value
    fields = {field.name.value: field for field in model.fields}
    inputs = {one.name.value: one for each in model.operations if each.name.value == operation for one in each.inputs}
    given = inputs.get(name)
    field = fields.get(name) if given is None else fields.get(given.field or "")
    declared = given if given is not None else field
    if declared is None or declared.type.kind != "id":
        return None
    named = (given.references if given is not None else None) or (field.references if field is not None else None)
    return named or name.removesuffix("_id") + "s"


@functools.cache
def custom_field(vendor: str, resource: str) -> str:
    """Return a name that a custom field of a vendor's records can have."""
    declared = next((one.custom_fields for one in mapped(vendor) if one.model.resource.value == resource), None)
    return "plain" if declared is None or declared.fullmatch("plain") else matching(declared.pattern)


@functools.cache
def ids(vendor: str) -> dict[str, str]:
    """Return an id of each resource. What the document declares of a parameter holds for all ids that are sent in it."""
    shapes: dict[tuple[str, str], list[Shape]] = {}
    formats: dict[str, str] = {}
    for resource in mapped(vendor):
        for field in resource.fields:
            if field.ast.id_format is not None and field.model.type.kind == "id":
                kind, text = _kind(resource.model, "", field.name) or field.name, field.ast.id_format.format.value
                formats[kind] = text if field.name == "id" else formats.get(kind, text)  # that of the records themselves
        for operation in resource.operations:
            for assignment in _assignments(operation):
                reference = assignment.reference
                if reference is not None and reference.kind in ("id", "input", "part", "field") and _is_id(reference):
                    kind = _kind(resource.model, operation.name, reference.name) or reference.name
                    if (shape := assignment.target.walk.shape) is not None and "array" not in shape.kinds:
                        shapes.setdefault((kind, reference.part or ""), []).append(shape)
    kinds = {kind for kind, _ in shapes} | {*formats}
    return {
        kind: re.sub(r"\{(\w+)\}", lambda part, kind=kind: _value(shapes.get((kind, part[1]), [])), formats[kind])
        if kind in formats
        else _value(shapes[kind, ""])
        for kind in kinds
        if kind in formats or (kind, "") in shapes
    }


def _is_id(reference: Reference) -> bool:
    return reference.kind == "part" or (reference.type is not None and reference.type.kind == "id")


def _value(shapes: list[Shape]) -> str:
    """Return a value that all schemas accept."""
    every = [arm for shape in shapes for arm in (shape, *shape.arms)]
    if patterns := dict.fromkeys(arm.bounds.pattern for arm in every if arm.bounds.pattern is not None):
        text = matching(*(one if one.endswith("$") else f"(?:{one})[0-9]{{4}}" for one in patterns))
        least = max((arm.bounds.min_length or 0 for arm in every), default=0)
        return text + text[-1] * (least - len(text))  # the end of a text repeats, as in a hash
    if values := [arm.enum for arm in every if arm.enum]:
        return str(values[0][0])
    short = min((arm.bounds.max_length for arm in every if arm.bounds.max_length is not None), default=len(_ID))
    least = max((arm.bounds.min_length or 0 for arm in every), default=0)
    return (_ID * (least // len(_ID) + 1))[: max(least, min(short, len(_ID)))]
