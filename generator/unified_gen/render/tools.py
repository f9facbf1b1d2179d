"""Tool definitions: the description of an operation for language models, as JSON Schema, short enough to be sent with every prompt.

Names and types carry most of it; a model's `hint` adds what they leave open. Rules that hold for every tool (no other arguments, no
empty ids) are left to the runtime, which checks the arguments and reports what is wrong with them.
"""

from __future__ import annotations

import json
from typing import Any

from unified_gen.language import ast
from unified_gen.lower.signatures import finds_custom, input_class, writes_custom
from unified_gen.render.catalog import EFFECTS
from unified_gen.render.models import input_schema, nested_schemas, record_schema, type_schema

_WORDS = ("type", "enum", "format", "items", "anyOf", "$ref")
"""The words of JSON Schema that a model needs to fill in an argument."""


def tools(model: ast.Model) -> dict[str, Any]:
    """Return the tools of a resource, one per operation, and the schema of the record that they return."""
    definitions = nested_schemas(model)
    record = _inline(record_schema(model), definitions)
    made = [_tool(model, operation) for operation in model.operations]
    found = {"resource": model.resource.value, "record": record, "tools": made}
    flags = {"named": model.opt_in, "shows_custom_fields": model.shows_custom_fields}
    return {**found, **{name: True for name, holds in flags.items() if holds}}


def tool_costs(model: ast.Model) -> dict[str, int]:
    """Return the tokens that each tool of a resource costs in a prompt, by name; none for a resource without tools."""
    if not model.tools:
        return {}
    return {tool["name"]: tokens(tool) for tool in tools(model)["tools"]}


def tokens(tool: dict[str, Any]) -> int:
    """Return the tokens of a tool: one for four bytes of its name, description and parameters."""
    prompt = {word: tool[word] for word in ("name", "description", "parameters")}
    return -(-len(json.dumps(prompt, ensure_ascii=False, separators=(",", ":")).encode()) // 4)


def _tool(model: ast.Model, operation: ast.ModelOperation) -> dict[str, Any]:
    parameters = _parameters(model, operation, operation.kind == "update")
    clears = any(_nullable(schema) for schema in parameters["properties"].values())
    contents = [given.name.value for given in operation.inputs if given.type.kind == "bytes"]
    made = {
        "name": f"{model.resource}_{operation.name}",
        "operation": f"{model.resource}.{operation.name}",
        "like": operation.kind,
        "effect": EFFECTS.get(operation.kind, "read"),
        "description": operation.summary + (" null clears." if clears else ""),
        "parameters": parameters,
        "lookups": _lookups(model, operation),
        "synonyms": [*model.synonyms, *operation.synonyms],
    }
    if contents:
        made["contents"] = contents
    if operation.content:
        made["returns"] = "content"
    return made


def _parameters(model: ast.Model, operation: ast.ModelOperation, clears: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {given.name.value: _short(type_schema(given.type), False) for given in operation.ids}
    required = [given.name.value for given in operation.ids if given.required]
    if input_class(model, operation) is not None:
        schema = input_schema(model, operation)
        fields = {field.name.value for field in model.fields}  # null clears a field; of another input it means nothing
        properties |= {name: _short(one, clears and name in fields) for name, one in schema["properties"].items()}
        required += schema["required"]
    for given in operation.inputs:
        if given.type.kind == "bytes":  # a language model writes no bytes and names no files of the machine: it writes text
            properties[given.name.value] = {"type": "string", "description": "text"}
    for name, hint in _hints(model, operation).items():
        if name in properties:
            properties[name]["description"] = hint
    if operation.kind in ("list", "changes"):
        properties |= {"cursor": {"type": "string"}, "limit": {"type": "integer"}}
    if model.custom_fields and operation.kind in ("get", "list"):
        properties["custom_fields"] = {"type": "array", "items": {"type": "string"}}
    if finds_custom(model, operation):
        names = properties["custom_fields"]
        properties["custom_fields"] = {**names, "type": ["object", "array"], "description": "values to find, or names to read"}
    if writes_custom(model, operation):
        properties["custom_fields"] = {"type": "object"}
    properties["via"] = {"type": "string"}
    made: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        made["required"] = required
    definitions = nested_schemas(model)
    made = {word: _inline(value, definitions) for word, value in made.items()}
    return {**made, "properties": {name: _merged(one) for name, one in made["properties"].items()}}


def _nullable(schema: dict[str, Any]) -> bool:
    types = schema.get("type")
    return (isinstance(types, list) and "null" in types) or {"type": "null"} in schema.get("anyOf", ())


def _lookups(model: ast.Model, operation: ast.ModelOperation) -> dict[str, str]:
    """Return the resource in which the id that an argument wants is found."""
    fields = [field for field in model.fields if not field.read_only] if operation.kind in ("create", "update") else []
    found = {field.name.value: field.references for field in fields} | {given.name.value: given.references for given in operation.inputs}
    if any(given.field == "id" for given in operation.ids):
        found |= {given.name.value: model.resource.value for given in operation.ids if given.field == "id"}
    return {name: resource for name, resource in found.items() if resource is not None}


def _hints(model: ast.Model, operation: ast.ModelOperation) -> dict[str, str]:
    fields = model.fields if operation.kind in ("create", "update") else ()
    hints = {field.name.value: field.hint for field in fields} | {given.name.value: given.hint for given in operation.inputs}
    return {name: hint for name, hint in hints.items() if hint is not None}


def _short(schema: dict[str, Any], clears: bool) -> dict[str, Any]:
    """Return the keywords that a model needs; null only if it has a meaning."""
    types = schema.get("type")
    if isinstance(types, list) and not clears:
        schema = {**schema, "type": types[0]}
    arms = schema.get("anyOf")
    if isinstance(arms, list):
        rest = [_short(arm, clears) for arm in arms if arm != {"type": "null"}]
        null = [{"type": "null"}] if clears and {"type": "null"} in arms else []
        return rest[0] if len(rest) == 1 and not null else {"anyOf": [*rest, *null]}
    short = {word: schema[word] for word in _WORDS if word in schema}
    if "items" in short:
        short["items"] = _short(short["items"], False)
    return short


def _merged(schema: dict[str, Any]) -> dict[str, Any]:
    """Return one schema that may be null in one piece, which costs a model fewer tokens than a choice of two."""
    match schema:
        case {"anyOf": [{"type": str(kind)} as one, {"type": "null"}], **rest}:
            choices = {"enum": [*one["enum"], None]} if "enum" in one else {}
            return {**one, "type": [kind, "null"], **choices, **rest}
    return schema


def _inline(schema: Any, definitions: dict[str, dict[str, Any]]) -> Any:
    """Return the schema with the nested records it refers to written out: not every framework follows references."""
    if isinstance(schema, list):
        return [_inline(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        inner = definitions[schema["$ref"].rpartition("/")[2]]
        properties = {name: _short(one, False) for name, one in inner["properties"].items()}
        return {"type": "object", "properties": _inline(properties, definitions)}
    return {word: _inline(value, definitions) for word, value in schema.items()}
