"""JSON Schema of an operation's arguments, for a model: types, enums and bounds, to a bounded depth."""

from __future__ import annotations

from typing import Any

from unified_openapi.schemas.shapes import Schemas, Shape
from unified_runtime.toolkits.arguments import ArgumentTable

DEPTH = 3
"""Levels of nested objects; deeper ones accept any object."""
_VALUES = 60
"""Maximum enum values; of more, a text is accepted and checked when the call is made."""


def parameters(table: ArgumentTable, depth: int = DEPTH) -> dict[str, Any]:
    """Return the schema of an operation's arguments as one object."""
    properties = {name: schema(table.schemas, table.shape(argument), depth) for name, argument in table.arguments.items()}
    found: dict[str, Any] = {"type": "object", "properties": properties}
    if required := [name for name, argument in table.arguments.items() if argument.required]:
        found["required"] = required
    return found


def schema(schemas: Schemas, shape: Shape, depth: int) -> dict[str, Any]:
    """Return the JSON Schema of a shape, with so many levels of objects."""
    values = shape.enum_values
    if values is not None and 0 < len(values) <= _VALUES:
        return {"enum": list(values)}
    if shape.arms and not shape.properties:
        arms = [schema(schemas, arm, depth) for arm in shape.arms]
        unique = [arm for number, arm in enumerate(arms) if arm not in arms[:number]]
        return unique[0] if len(unique) == 1 else {"anyOf": unique[:4]}
    kinds = sorted(shape.kinds)
    if not kinds:
        return {}
    found: dict[str, Any] = {"type": kinds[0] if len(kinds) == 1 else kinds}
    if "array" in kinds and shape.items is not None:
        found["items"] = schema(schemas, schemas.shape(shape.items), depth)
    if "object" in kinds and depth > 0 and shape.properties:
        found |= _members(schemas, shape, depth)
    if shape.format in ("date", "date-time", "email", "uri", "uuid"):
        found["format"] = shape.format
    return found


def _members(schemas: Schemas, shape: Shape, depth: int) -> dict[str, Any]:
    writable = {name: inner for name, at in shape.properties.items() if not (inner := schemas.shape(at)).read_only}
    found: dict[str, Any] = {"properties": {name: schema(schemas, inner, depth - 1) for name, inner in writable.items()}}
    if required := sorted(shape.required & writable.keys()):
        found["required"] = required
    return found
