"""Tools in each dialect, compared with the rules that the dialect's owner documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from unified_platform.catalog import capabilities
from unified_platform.tools import Tool, formats, tools

EVERY = [
    *tools(vendors=[entry.name for entry in capabilities.load()]),
    *(tool for entry in capabilities.load() for tool in tools(vendors=[entry.name])),
]
IDS = [f"{tool.name}-{len(tool.vendors)}-{tool.vendors[0]}" for tool in EVERY]
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
every = pytest.mark.parametrize("tool", EVERY, ids=IDS)


def schemas(schema: dict[str, Any], depth: int = 0) -> Iterator[tuple[dict[str, Any], int]]:
    yield schema, depth
    for one in schema.get("properties", {}).values():
        yield from schemas(one, depth + 1)
    for arm in schema.get("anyOf", ()):
        yield from schemas(arm, depth)
    if "items" in schema:
        yield from schemas(schema["items"], depth + 1)


@every
def test_mcp(tool: Tool) -> None:
    converted = formats.mcp(tool)
    assert NAME.fullmatch(converted["name"])
    for word in ("inputSchema", "outputSchema"):
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **converted[word]})
        assert converted[word]["type"] == "object"
    hints = converted["annotations"]
    assert not (hints["readOnlyHint"] and hints["destructiveHint"])
    assert hints["destructiveHint"] == (tool.definition.like == "delete")


@every
def test_openai_and_anthropic(tool: Tool) -> None:
    function = formats.openai(tool)["function"]
    assert NAME.fullmatch(function["name"])
    assert len(function["description"]) <= 1024
    claude = formats.anthropic(tool)
    assert claude["input_schema"]["type"] == "object"
    assert not {"anyOf", "oneOf", "allOf"} & set(claude["input_schema"]), "none at the top"
    assert all(
        re.fullmatch(r"[a-zA-Z0-9_.-]{1,64}", name)
        for schema, _ in schemas(claude["input_schema"])
        for name in schema.get("properties", ())
    )
    for schema in (function["parameters"], claude["input_schema"]):
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


STRICT = {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "description", "format"}
STRICT_FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}


@every
def test_openai_strict(tool: Tool) -> None:
    """Structured Outputs: all fields required, objects closed, at most ten deep and 5,000 properties, a subset of JSON Schema."""
    parameters = formats.openai_strict(tool)["function"]["parameters"]
    every_schema = list(schemas(parameters))
    for schema, depth in every_schema:
        assert set(schema) <= STRICT
        assert depth <= 10
        assert schema.get("format") in {None, *STRICT_FORMATS}
        if "object" in schema.get("type", ()):
            assert schema["required"] == list(schema["properties"])
            assert schema["additionalProperties"] is False
    assert sum(len(schema.get("properties", ())) for schema, _ in every_schema) <= 5000


@every
def test_strict_arguments_come_back_as_they_were(tool: Tool) -> None:
    """All null except required arguments is the same as giving only those; `clear` is null if null has a meaning."""
    parameters = formats.openai_strict(tool)["function"]["parameters"]
    needed = tool.parameters.get("required", [])
    given = {name: ("x" if name in needed else None) for name in parameters["properties"]}
    assert formats.from_strict(tool, given) == dict.fromkeys(needed, "x")
    if formats.CLEAR in parameters["properties"]:
        names = parameters["properties"][formats.CLEAR]["items"]["enum"]
        assert formats.from_strict(tool, {**given, formats.CLEAR: names}) == dict.fromkeys(needed, "x") | dict.fromkeys(names)


def test_an_object_of_any_names_is_a_text_in_the_strict_form() -> None:
    tool = next(one for one in EVERY if one.name == "deals_update")
    schema = formats.openai_strict(tool)["function"]["parameters"]["properties"]["custom_fields"]
    assert schema == {"type": ["string", "null"], "description": "an object as JSON"}
    fields = {"paid": None, "total": 12.5, "kinds": ["A", "B"], "size": {"at_least": 2}}
    converted = formats.from_strict(tool, {"id": "1", "name": None, "custom_fields": json.dumps(fields)})
    assert converted == {"id": "1", "custom_fields": fields}, "null in it is a value, and is not left out"
    listed = next(one for one in EVERY if one.name == "deals_list")
    schema = formats.openai_strict(listed)["function"]["parameters"]["properties"]["custom_fields"]
    assert schema["type"] == ["string", "array", "null"]
    assert schema["items"] == {"type": "string"}
    assert formats.from_strict(listed, {"custom_fields": json.dumps(fields)}) == {"custom_fields": fields}
    assert formats.from_strict(listed, {"custom_fields": ["paid"]}) == {"custom_fields": ["paid"]}
    broken = formats.from_strict(tool, {"id": "1", "custom_fields": "{paid"})
    assert broken["custom_fields"] == "{paid"


GEMINI = {"type", "format", "description", "nullable", "enum", "items", "properties", "required", "anyOf"}


@every
def test_gemini(tool: Tool) -> None:
    """`Schema` of the Gemini API: one type, `nullable` next to it, only `date-time` as a format of text, only texts in `enum`."""
    converted = formats.gemini(tool)
    assert re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}", converted["name"])
    for schema, _ in schemas(converted["parameters"]):
        assert set(schema) <= GEMINI
        assert isinstance(schema.get("type", ""), str)
        assert schema.get("type") or schema.get("anyOf")
        assert schema.get("format") in {None, "date-time"}
        assert all(isinstance(value, str) for value in schema.get("enum", ()))
        if "enum" in schema:
            assert schema["type"] == "string"
        assert (schema.get("type") == "array") == ("items" in schema)
