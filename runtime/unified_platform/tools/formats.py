"""Conversion of tool definitions to the formats of models and protocols.

Each function is pure: a `Tool` in, plain JSON out. `from_strict` converts the arguments of a strict format back.

Sources: MCP 2025-11-25, Tools; OpenAI, Function calling and Structured Outputs (supported schemas); Anthropic, Tool use; Google Gemini API,
`FunctionDeclaration` and `Schema`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from unified_platform.tools.tool import Tool

CLEAR = "clear"
"""Argument of a strict format with the names of fields to empty, because null means not given there."""


def mcp(tool: Tool) -> dict[str, Any]:
    """Return a tool for `tools/list` of the Model Context Protocol, with annotations from the tool's effect."""
    return {
        "name": tool.name,
        "description": tool.description,
        "inputSchema": {**tool.parameters, "additionalProperties": False},
        **({"outputSchema": tool.output} if tool.output else {}),  # responses of documents are not described
        "annotations": {
            "readOnlyHint": tool.effect == "read",
            "destructiveHint": tool.effect == "destructive",
            "idempotentHint": tool.definition.like != "create",
            "openWorldHint": True,
        },
    }


def openai(tool: Tool) -> dict[str, Any]:
    """Return a tool for OpenAI's function calling (Chat Completions)."""
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
    }


def openai_strict(tool: Tool) -> dict[str, Any]:
    """Return a tool for OpenAI with `strict`: every argument is required, and null means not given.

    An object with arbitrary names, which such schemas cannot express, is a JSON string. If a tool clears a field with null, the argument
    `clear` names the field instead. Pass the model's arguments to `from_strict`.
    """
    schema = _strict(tool.parameters)
    clearable = _clearable(tool)
    if clearable:
        schema["properties"][CLEAR] = {"type": ["array", "null"], "items": {"type": "string", "enum": clearable}}
        schema["required"] = [*schema["required"], CLEAR]
    return {"type": "function", "function": {"name": tool.name, "description": tool.description, "strict": True, "parameters": schema}}


def from_strict(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Convert a model's arguments for `openai_strict` to those of `Tool.call`."""
    cleared = arguments.get(CLEAR) if _clearable(tool) else None
    known = tool.parameters["properties"]
    given = {
        name: _given(value, known.get(name, {}))
        for name, value in arguments.items()
        if value is not None and not (name == CLEAR and _clearable(tool))
    }
    return given | (dict.fromkeys(cleared) if isinstance(cleared, list) else {})


def anthropic(tool: Tool) -> dict[str, Any]:
    """Return a tool for Anthropic's Messages API."""
    return {"name": tool.name, "description": tool.description, "input_schema": tool.parameters}


def gemini(tool: Tool) -> dict[str, Any]:
    """Return a `FunctionDeclaration` for Google's Gemini API, whose schemas have `nullable` and only one string format."""
    return {"name": tool.name, "description": tool.description, "parameters": _gemini(tool.parameters)}


def _clearable(tool: Tool) -> list[str]:
    if tool.definition.like != "update":
        return []
    return [name for name, schema in tool.parameters["properties"].items() if _nullable(schema)]


def _nullable(schema: Mapping[str, Any]) -> bool:
    return "null" in _types(schema) or {"type": "null"} in schema.get("anyOf", ())


def _types(schema: Mapping[str, Any]) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def _strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    if "properties" in schema:
        needed = schema.get("required", ())
        properties = {name: _strict(one) if name in needed else _or_null(_strict(one)) for name, one in schema["properties"].items()}
        rest = {key: value for key, value in schema.items() if key not in ("properties", "required")}
        return {**rest, "properties": properties, "required": list(properties), "additionalProperties": False}
    made = dict(schema)
    if _is_open(schema):
        made["type"] = ["string" if one == "object" else one for one in _types(schema)]
        made["description"] = "; ".join(text for text in (schema.get("description"), "an object as JSON") if text)
    if made.get("format") in _SHAPES and made["format"] not in _STRICT_FORMATS:
        made["description"] = _hinted(schema)
        del made["format"]
    if "items" in made:
        made["items"] = _strict(made["items"])
    if "anyOf" in made:
        made["anyOf"] = [_strict(arm) for arm in made["anyOf"]]
    return made


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    if _nullable(schema):
        return schema
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "enum" in schema:
        return {**schema, "type": [*_types(schema), "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [*_types(schema), "null"]}


def _is_open(schema: Mapping[str, Any]) -> bool:
    """Return whether it is an object with arbitrary names."""
    return "properties" not in schema and "object" in _types(schema)


def _given(value: Any, schema: Mapping[str, Any]) -> Any:
    """Return nested objects without values that are not given; parse objects with arbitrary names, in which null is a value."""
    if isinstance(value, str) and _is_open(schema):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value  # which is rejected as it is
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {name: _given(one, known.get(name, {})) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_given(one, schema.get("items", {})) for one in value]
    return value


_STRICT_FORMATS = ("date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uuid")
_SHAPES = {"date": "YYYY-MM-DD", "decimal": "decimal, such as 12.50"}


def _hinted(schema: Mapping[str, Any]) -> str:
    """Return the description, with a text about the format if the dialect does not support it."""
    return "; ".join(text for text in (schema.get("description"), _SHAPES.get(str(schema.get("format")))) if text)


_BELONGS = {"items": "array", "properties": "object", "required": "object"}


def _of_type(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a schema with several types that concerns one of them."""
    return {key: value for key, value in schema.items() if key != "description" and _BELONGS.get(key, name) == name} | {"type": name}


def _gemini(schema: Mapping[str, Any]) -> dict[str, Any]:
    if "anyOf" in schema:
        arms = [_gemini(arm) for arm in schema["anyOf"] if arm != {"type": "null"}]
        null = {"nullable": True} if {"type": "null"} in schema["anyOf"] else {}
        described = {key: schema[key] for key in ("description",) if key in schema}
        return {**(arms[0] if len(arms) == 1 else {"anyOf": arms}), **null, **described}
    made: dict[str, Any] = {}
    types = _types(schema)
    plain = [one for one in types if one != "null"]
    if len(plain) > 1:
        return _gemini({**schema, "anyOf": [_of_type(one, schema) for one in types]})
    if plain:
        made["type"] = plain[0]
    if "null" in types:
        made["nullable"] = True
    form = schema.get("format")
    if form == "date-time":
        made["format"] = form
    if hint := _hinted(schema):
        made["description"] = hint
    if "enum" in schema:
        made["enum"] = [value for value in schema["enum"] if value is not None]
    if "items" in schema:
        made["items"] = _gemini(schema["items"])
    if "properties" in schema:
        made["properties"] = {name: _gemini(one) for name, one in schema["properties"].items()}
        if schema.get("required"):
            made["required"] = list(schema["required"])
    return made
