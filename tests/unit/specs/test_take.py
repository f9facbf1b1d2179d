"""Taking facts: the content of a slice, omitted parts, and repairs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.documents.samples import COMPLETE, NODE
from unified_gen.specs.check import prose, validity
from unified_gen.specs.take import take
from unified_gen.specs.writing import write_yaml
from unified_openapi.documents import Document, parse_document
from unified_openapi.facts.extraction import Facts


def entire(changes: dict[str, Any] | None = None, **schemas: Any) -> Document:
    value = json.loads(json.dumps({**COMPLETE, **(changes or {})}))
    value["components"]["schemas"].update(schemas)
    return parse_document(json.dumps(value, indent=1).encode(), "whole.json")


def valid(taken: Facts) -> dict[str, Any]:
    """Return the slice, after a check that it is valid OpenAPI and free of prose."""
    made = parse_document(json.dumps(taken.root).encode(), "slice.json")
    assert list(validity(made)) == []
    assert list(prose(made)) == []
    assert made.faults == ()
    return taken.root


def test_a_slice_holds_what_its_operations_reach_and_nothing_else() -> None:
    root = valid(take(entire(), ["getTask"]))
    assert list(root["paths"]) == ["/tasks/{id}"]
    assert list(root["paths"]["/tasks/{id}"]) == ["parameters", "get"]
    assert {section: list(found) for section, found in root["components"].items()} == {
        "schemas": ["Task", "User", "Error"],
        "parameters": ["Id"],
        "responses": ["Error"],
        "securitySchemes": ["key"],
    }


def test_facts_stay_and_prose_goes() -> None:
    root = valid(take(entire(), ["getTask"]))
    assert root["info"] == {"title": "whole.json", "version": "1.2"}
    assert root["servers"] == [{"url": "https://{site}.example", "variables": {"site": {"default": "a"}}}]
    assert root["paths"]["/tasks/{id}"]["get"] == {
        "operationId": "getTask",
        "parameters": [{"name": "q", "in": "query", "schema": {"type": "string", "enum": ["a", "b"]}}],
        "responses": {
            "200": {
                "headers": {"X-Left": {"schema": {"type": "integer"}}},
                "content": {"application/json": {"schema": {"$ref": NODE + "Task"}}},
                "description": "",
            },
            "default": {"$ref": "#/components/responses/Error"},
        },
    }
    assert root["components"]["schemas"]["Error"]["properties"]["message"]["default"] == "prose is a fact here"


def test_a_property_named_like_a_keyword_is_a_property() -> None:
    task = take(entire(), ["getTask"]).root["components"]["schemas"]["Task"]
    assert list(task) == ["type", "required", "properties"]
    assert list(task["properties"]) == ["id", "title", "description", "example", "x-odd", "parent", "owner"]
    assert task["properties"]["example"] == {"type": "object", "properties": {"summary": {"type": "string"}}}
    assert task["properties"]["x-odd"] == {"type": "boolean", "nullable": True}


def test_only_scopes_that_are_requested_stay() -> None:
    root = valid(take(entire(), ["putTask"]))
    assert root["components"]["securitySchemes"] == {
        "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://t", "scopes": {"write": ""}}}}
    }
    assert "security" not in root
    assert valid(take(entire(), ["getTask"]))["security"] == [{"key": []}]


def test_operations_are_in_the_order_of_the_document() -> None:
    one, other = take(entire(), ["other", "putTask", "getTask"]), take(entire(), ["getTask", "putTask", "other", "getTask"])
    assert write_yaml(one.root, "t") == write_yaml(other.root, "t")
    assert one.operations == ("getTask", "putTask", "other")


def test_an_unknown_operation_is_reported() -> None:
    taken = take(entire(), ["getTusk", "GET /other"])
    assert [(fault.code, fault.help) for fault in taken.faults] == [("SPEC301", "did you mean `getTask`?")]
    assert taken.operations == ("other",)


# ------------------------------------------------------------------------------------------ cutting
def test_large_responses_can_be_cut() -> None:
    taken = take(entire(), ["getTask"], {"Task": ["id", "owner"], "/components/schemas/User": ["name"]})
    schemas = valid(taken)["components"]["schemas"]
    assert schemas["Task"] == {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string", "readOnly": True}, "owner": {"$ref": NODE + "User"}},
    }
    assert list(schemas["User"]["properties"]) == ["name"]
    assert taken.faults == ()


def test_required_parts_of_a_request_are_not_cut() -> None:
    schemas = valid(take(entire(), ["putTask"], {"TaskInput": ["note"]}))["components"]["schemas"]
    assert schemas["TaskInput"] == COMPLETE["components"]["schemas"]["TaskInput"]


def test_cutting_what_is_not_there_is_reported() -> None:
    taken = take(entire(), ["getTask"], {"Task": ["titel"], "Nope": ["x"], "TaskInput": ["note"]})
    assert [(fault.code, fault.help) for fault in taken.faults] == [
        ("SPEC311", "did you mean `title`?"),
        ("SPEC311", None),
        ("SPEC311", None),
    ]


# ------------------------------------------------------------------------------------------ references
def test_a_part_of_a_part_that_is_referred_to_gets_a_name() -> None:
    deep = {"$ref": "#/paths/~1tasks~1{id}/get/responses/200/headers/X-Left/schema"}
    root = valid(take(entire(Error={"type": "object", "properties": {"left": deep}}), ["getTask"]))
    reference = root["components"]["schemas"]["Error"]["properties"]["left"]["$ref"]
    assert reference.startswith(NODE + "X-Left_")
    assert root["components"]["schemas"][reference.removeprefix(NODE)] == {"type": "integer"}


def test_a_reference_into_nothing_leaves_the_location_open() -> None:
    taken = take(entire(Error={"$ref": NODE + "Nope"}), ["getTask"])
    assert valid(taken)["components"]["schemas"]["Error"] == {}
    assert [note.code for note in taken.repairs] == ["SPEC310"]


def test_discriminators_bring_what_they_map_to() -> None:
    kinds = {
        "type": "object",
        "discriminator": {"propertyName": "kind", "mapping": {"a": NODE + "User", "b": "TaskInput"}},
        "properties": {"kind": {"type": "string"}},
    }
    root = valid(take(entire(Error=kinds), ["getTask"]))
    assert root["components"]["schemas"]["Error"]["discriminator"]["mapping"] == {"a": NODE + "User", "b": NODE + "TaskInput"}
    assert "TaskInput" in root["components"]["schemas"]


# ------------------------------------------------------------------------------------------ repairs
@pytest.mark.parametrize(
    ("schema", "fixed"),
    [
        ({"type": "string", "enum": ["a", "b", "a"]}, {"type": "string", "enum": ["a", "b"]}),
        ({"type": "string", "enum": ["a"], "default": ""}, {"type": "string", "enum": ["a"]}),
        ({"type": "integer", "default": "10"}, {"type": "integer", "default": 10}),
        ({"type": "boolean", "default": "false"}, {"type": "boolean", "default": False}),
        ({"type": "string", "default": 5}, {"type": "string", "default": "5"}),
        (
            {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "default": "a, b"},
            {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "default": ["a", "b"]},
        ),
        ({"type": "string", "nullable": True, "default": None}, {"type": "string", "nullable": True, "default": None}),
        ({"$ref": NODE + "User", "default": 5}, {"$ref": NODE + "User"}),
        ({"type": ["string", "null"]}, {"nullable": True, "type": "string"}),
        ({"type": "int"}, {"type": "integer"}),
        ({"type": "datetime"}, {"type": "string", "format": "date-time"}),
        ({"type": "whatever"}, {}),
        ({"type": "array"}, {"type": "array", "items": {}}),
        ({"type": "string", "maxLength": "5", "minLength": -1}, {"type": "string", "maxLength": 5}),
        ({"type": "integer", "exclusiveMinimum": 3}, {"type": "integer", "minimum": 3, "exclusiveMinimum": True}),
        ({"type": "string", "const": "a"}, {"type": "string", "enum": ["a"]}),
        ({"type": "object", "required": True}, {"type": "object"}),
        ({"type": "object", "required": []}, {"type": "object"}),
        ({"allOf": [{"$ref": NODE + "User"}], "required": ["name", "zip"]}, {"allOf": [{"$ref": NODE + "User"}], "required": ["name"]}),
        ({"oneOf": [], "type": "string"}, {"type": "string"}),
        ({"type": "string", "nullable": "true"}, {"type": "string", "nullable": True}),
        ({"type": "array", "items": [{"type": "string"}]}, {"type": "array", "items": {"type": "string"}}),
        ({"discriminator": "kind"}, {"discriminator": {"propertyName": "kind"}}),
        ({"properties": [1], "items": 5, "allOf": {"a": 1}}, {"items": {}}),
        ({"type": "object", "patternProperties": {"x": {}}}, {"type": "object"}),
    ],
)
def test_faults_of_representation_are_fixed_and_listed(schema: dict[str, Any], fixed: dict[str, Any]) -> None:
    taken = take(entire(Error=schema), ["getTask"])
    assert valid(taken)["components"]["schemas"]["Error"] == fixed
    if schema != fixed and schema.get("required") != []:
        assert taken.repairs
        assert {note.code for note in taken.repairs} == {"SPEC310"}
        assert {note.span.file for note in taken.repairs} == {"whole.json"}


def test_types_of_31_stay_in_31() -> None:
    schema = {"type": ["string", "null"], "const": "a", "exclusiveMinimum": 3, "patternProperties": {"x": True}}
    assert valid(take(entire({"openapi": "3.1.0"}, Error=schema), ["getTask"]))["components"]["schemas"]["Error"] == schema


def test_operations_are_fixed_too() -> None:
    operation = {
        "operationId": "same",
        "parameters": [
            {"name": "q", "in": "query", "type": "string"},
            {"name": "q", "in": "query", "schema": {"type": "integer"}},
            {"name": "gone", "in": "path", "schema": {}},
            {"name": "h", "in": "header", "style": "form", "schema": {}},
        ],
        "responses": {"2xx": {"description": "d"}, "weird": {"description": "d"}},
    }
    document = entire({"paths": {"/a": {"get": operation}, "/b": {"get": {"operationId": "same"}}}})
    root = valid(take(document, ["GET /a", "GET /b"]))
    assert root["paths"] == {
        "/a": {
            "get": {
                "parameters": [
                    {"name": "q", "in": "query", "schema": {"type": "integer"}},
                    {"name": "h", "in": "header", "schema": {}},
                ],
                "responses": {"2XX": {"description": ""}},
            }
        },
        "/b": {"get": {"responses": {"default": {"description": ""}}}},
    }


# ------------------------------------------------------------------------------------------------------------- patterns
@pytest.mark.parametrize("pattern", [r"^([\p{L}\p{Z}]*)$", r"\P{C}*", r"^[\w- ]+$", r"[\d-x]", "(?=a)b", r"(a)\1"])
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_patterns_of_ecma_262_stay(pattern: str, version: str) -> None:
    """Python's `re` cannot read the first ones, Rust's `regex` not the last ones."""
    name = {"type": "string", "pattern": pattern, "default": "a"}
    root = valid(take(entire({"openapi": version}, Task={"type": "object", "properties": {"name": name}}), ["getTask"]))
    assert root["components"]["schemas"]["Task"]["properties"]["name"]["pattern"] == pattern


def test_a_pattern_that_no_engine_reads_is_left_out() -> None:
    taken = take(entire(Task={"type": "object", "properties": {"name": {"type": "string", "pattern": "["}}}), ["getTask"])
    assert "pattern" not in valid(taken)["components"]["schemas"]["Task"]["properties"]["name"]
    assert "`pattern: [` is not a regular expression and was left out" in [repair.message for repair in taken.repairs]


def test_a_pattern_that_no_engine_reads_is_reported_at_its_location() -> None:
    made = entire(Task={"type": "object", "properties": {"name": {"type": "string", "pattern": "["}}})
    (found,) = [each for each in validity(made) if "pattern" in each.message]
    assert found.message == "the pattern `'['` is not a regular expression"
    assert made.data.decode().splitlines()[found.span.line - 1].strip() == '"pattern": "["'
