"""Parts of the wrong form: each is reported when the document is loaded, and a slice of the document is valid without it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from unified_gen.specs.check import validity
from unified_gen.specs.take import take
from unified_openapi.documents import Document, operations, parse_document
from unified_openapi.schemas.shapes import Schemas

WRONG: list[Any] = [
    [], 5, "x", None, {"allOf": {"3": {}}}, {"allOf": 3}, {"oneOf": True}, {"anyOf": "x"}, {"allOf": ["x"]}, {"type": 5},
    {"type": {"a": 1}}, {"type": []}, {"type": [5]}, {"type": [{}]}, {"enum": {}}, {"enum": "a"}, {"enum": []}, {"required": "a"},
    {"required": True}, {"required": [1]}, {"properties": []}, {"properties": {"a": 5}}, {"properties": {"a": []}}, {"items": 5},
    {"items": [{}]}, {"additionalProperties": 5}, {"additionalProperties": []}, {"patternProperties": []}, {"pattern": 5},
    {"minimum": "x"}, {"maxLength": "3"}, {"maxLength": -1}, {"maxLength": 1.5}, {"format": 5}, {"nullable": "yes"}, {"readOnly": "x"},
    {"deprecated": []}, {"discriminator": 5}, {"discriminator": {"mapping": []}},
    {"discriminator": {"propertyName": "a", "mapping": {"x": 5}}}, {"not": 5}, {"$defs": []}, {"prefixItems": 5}, {"multipleOf": 0},
    {"exclusiveMinimum": "x"}, {"$ref": 5}, {"$ref": ["a"]},
]  # fmt: skip
RIGHT: list[Any] = [
    {}, {"type": "string"}, {"type": ["string", "null"]}, {"enum": [1]}, {"required": []}, {"properties": {}}, {"items": {}},
    {"additionalProperties": False}, {"maxLength": 3}, {"maxLength": 3.0}, {"exclusiveMinimum": 1}, {"nullable": True},
    {"discriminator": {"propertyName": "a", "mapping": {"x": "#/paths"}}}, {"default": []}, {"properties": {"enum": {"type": "string"}}},
]  # fmt: skip


def document(schema: Any, version: str = "3.1.0") -> Document:
    content = {"content": {"application/json": {"schema": schema}}}
    responses = {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object", "properties": {"a": schema}}}}}}
    operation = {"operationId": "a", "requestBody": content, "responses": responses}
    root = {"openapi": version, "info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": operation}}}
    return parse_document(json.dumps(root, indent=1).encode(), "x.json")


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("schema", WRONG, ids=json.dumps)
def test_a_wrong_form_is_reported_and_left_out(schema: Any, version: str) -> None:
    made = document(schema, version)
    assert made.faults
    for fault in made.faults:
        assert fault.code in ("SPEC106", "SPEC112")
        assert fault.span.line > 8, "the location is that of the part"
    schemas = Schemas(made)
    for facts in operations(made).values():
        for pointer in (*facts.bodies.values(), *facts.responses["200"].values()):
            shape = schemas.shape(pointer)
            assert all(schemas.shape(inner).description for inner in shape.properties.values())
    taken = take(made, ["a"])
    assert taken.repairs or any(fault.code == "SPEC106" for fault in made.faults)
    slice_ = parse_document(json.dumps(taken.root).encode(), "slice.json")
    assert list(validity(slice_)) == []
    assert slice_.faults == ()


@pytest.mark.parametrize("schema", RIGHT, ids=json.dumps)
def test_a_right_form_is_not_reported(schema: Any) -> None:
    assert document(schema).faults == ()


def test_the_message_has_what_is_expected_and_what_is_there() -> None:
    (fault, _) = document({"required": "a"}).faults
    assert fault.message == "`required` is a list of names, not a text"
    (fault, _) = document({"allOf": {"3": {}}}).faults
    assert fault.message == "`allOf` is a list of schemas, not an object"
