"""The schema of a mapping's record, if the mapping does not state it: that of the record in a response."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from unified_gen.language import ast
from unified_gen.resolve.envelopes import around_response, entered
from unified_gen.resolve.resolved import VendorUnit
from unified_gen.resolve.responses import success
from unified_openapi.schemas.paths import Each, Path
from unified_openapi.schemas.walk import walk
from unified_openapi.source.pointers import tokens
from unified_openapi.source.spans import Text

_COMPONENTS = ("components", "schemas")


def with_schema(unit: VendorUnit, resource: ast.Resource, model: ast.Model) -> ast.Resource | None:
    """Return a mapping with its schema, stated or derived; None if it has neither."""
    if resource.schema.value:
        return resource
    derived = _derived(unit, resource, model)
    return None if derived is None else replace(resource, schema=derived)


def _derived(unit: VendorUnit, resource: ast.Resource, model: ast.Model) -> Text | None:
    """Return the name of the component that `get` responds with, else an element of `list`, else another operation in the file's order.

    The name has the location of the vendor's operation. Operations without such a record are passed over: the check of responses
    compares them with the schema that is found.
    """
    kinds = {operation.name.value: operation.kind for operation in model.operations if not operation.content}
    for operation in sorted(resource.operations, key=_rank):
        kind = kinds.get(operation.name.value)
        if kind is None:
            continue
        for steps in [alternative.steps for alternative in operation.alternatives] or [operation.steps]:
            name = _component(unit, steps[-1], listed=kind in ("list", "changes"))
            if name is not None:
                return Text(name, steps[-1].operation.span)
    return None


def _rank(operation: ast.Operation) -> int:
    return {"get": 0, "list": 1}.get(operation.name.value, 2)


def _component(unit: VendorUnit, step: ast.Step, *, listed: bool) -> str | None:
    """Return the name of the component of the record in a step's response."""
    facts = unit.operations.get(step.operation.value)
    found = success(facts) if facts is not None and step.poll is None and step.response is None else None
    if facts is None or found is None:
        return None
    shape = unit.schemas.shape(found[1])
    envelope = unit.declaration.envelope.value if unit.declaration.envelope is not None and step.envelope is None else None
    shape = entered(unit.schemas, shape, around_response(unit.schemas, facts, shape, envelope))
    path = ((step.items or unit.declaration.items) if listed else step.record) or None
    segments = path.path.segments if path is not None else ()
    if listed and not any(isinstance(segment, Each) for segment in segments):
        segments = (*segments, Each())
    if step.items_key is not None:
        return None
    reached = walk(unit.schemas, shape, Path("", segments))
    if reached.shape is None or "object" not in reached.shape.kinds:
        return None
    return next(_names(unit, reached.shape.origins), None)


def _names(unit: VendorUnit, origins: tuple[str, ...]) -> Iterator[str]:
    for origin in origins:
        where = tokens(unit.schemas.target(origin))
        if len(where) == 3 and tuple(where[:2]) == _COMPONENTS:
            yield where[2]
