"""Tool schemas: what a model is told of an operation, as JSON Schema, short enough to be sent with every prompt."""

from __future__ import annotations

from typing import Any

from unified_gen.language import ast
from unified_gen.lower.operations import input_class
from unified_gen.render.catalog import EFFECTS
from unified_gen.render.models import input_schema, nested_schemas, type_schema


def tool_schemas(model: ast.Model, vendors: list[str]) -> list[dict[str, Any]]:
    """One tool per operation that some vendor offers."""
    return [_tool(model, operation, vendors) for operation in model.operations]


def _tool(model: ast.Model, operation: ast.ModelOperation, vendors: list[str]) -> dict[str, Any]:
    schema = _parameters(model, operation)
    schema["properties"] = {**schema["properties"], "via": {"type": "string", "enum": vendors}}
    if not schema["required"]:
        del schema["required"]
    return {
        "name": f"{model.resource}_{operation.name}",
        "description": operation.summary,
        "effect": EFFECTS.get(operation.like, "read"),
        "parameters": schema,
    }


def _parameters(model: ast.Model, operation: ast.ModelOperation) -> dict[str, Any]:
    ids = {i.name.value: i for i in operation.ids}
    if input_class(model, operation) is None:
        properties = {name: type_schema(i.type) | {"description": i.summary} for name, i in ids.items()}
        return {
            "type": "object",
            "properties": properties,
            "required": [n for n, i in ids.items() if i.required],
            "additionalProperties": False,
        }
    schema = input_schema(model, operation)
    if operation.like in ("create", "update"):
        schema["properties"] = {name: type_schema(i.type) | {"description": i.summary} for name, i in ids.items()} | schema["properties"]
        schema["required"] = [*ids, *schema["required"]]
    definitions = nested_schemas(model)
    clears = operation.like == "update"
    schema["properties"] = {name: _short(value, clears) for name, value in schema["properties"].items()}
    if definitions and "$ref" in str(schema["properties"]):
        schema["$defs"] = {
            name: {**inner, "properties": {n: _short(p, False) for n, p in inner["properties"].items()}}
            for name, inner in definitions.items()
        }
    if operation.like in ("list", "changes"):
        schema["properties"] |= {"cursor": {"type": "string"}, "limit": {"type": "integer"}}
    return schema


def _short(schema: dict[str, Any], clears: bool) -> dict[str, Any]:
    """Without defaults and lengths a model need not read; null only where it means something."""
    types = schema.get("type")
    if isinstance(types, list) and not clears:
        schema = {**schema, "type": types[0]}
    arms = schema.get("anyOf")
    if isinstance(arms, list) and {"type": "null"} in arms:
        rest = [arm for arm in arms if arm != {"type": "null"}]
        inner = _short(rest[0], clears) if len(rest) == 1 else {"anyOf": rest}
        schema = {**inner, **{word: schema[word] for word in ("description",) if word in schema}}
    return {word: value for word, value in schema.items() if word not in ("default", "minLength")}
