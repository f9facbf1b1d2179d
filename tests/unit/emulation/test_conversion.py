"""Bodies of responses, converted to the schemas that a document declares."""

from __future__ import annotations

import json
from typing import Any

import pytest

from unified_emulation.engine.conversion import Conversion
from unified_emulation.engine.samples import Samples
from unified_openapi.documents import parse_document
from unified_openapi.schemas.shapes import Schemas

ORDER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "count": {"type": "integer"},
        "state": {"type": "string", "enum": ["open", "paid"]},
        "note": {"type": "string", "nullable": True},
        "secret": {"type": "string", "writeOnly": True},
        "form": {"oneOf": [{"type": "integer"}, {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}]},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
    },
    "required": ["id", "note", "state"],
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"id": "1", "note": None, "state": "paid", "other": [1]}, None),
        ({"id": 1, "note": "x", "state": "open", "count": "7"}, {"id": "1", "note": "x", "state": "open", "count": 7}),
        ({"id": "1", "note": "x", "state": "open", "count": "x", "secret": "s"}, {"id": "1", "note": "x", "state": "open"}),
        ({"id": {"id": 7, "name": "x"}, "note": "x", "state": "open"}, {"id": "7", "note": "x", "state": "open"}),
        ({"id": None, "state": "lost", "count": None}, {"id": "100000000", "note": None, "state": "paid"}),
        ({"id": "1", "note": "x", "state": "open", "form": {"a": 1}}, {"id": "1", "note": "x", "state": "open", "form": {"a": "1"}}),
        ({"id": "1", "note": "x", "state": "open", "form": [1]}, {"id": "1", "note": "x", "state": "open"}),
        ({"id": "1", "note": "x", "state": "open", "lines": [{"n": 1}, 2]}, {"id": "1", "note": "x", "state": "open", "lines": [{"n": 1}]}),
    ],
)
def test_a_body_becomes_one_that_the_document_declares(value: dict[str, Any], expected: dict[str, Any] | None) -> None:
    root = {"openapi": "3.0.3", "info": {"title": "Shops", "version": "1"}, "paths": {}, "components": {"schemas": {"Order": ORDER}}}
    schemas = Schemas(parse_document(json.dumps(root), "shops.json"))
    made = Conversion(schemas, Samples(schemas)).converted("/components/schemas/Order", value)
    wanted = value if expected is None else expected
    if wanted["id"] == "100000000":  # made up
        assert isinstance(made["id"], str)
        wanted = {**wanted, "id": made["id"]}
    assert made == wanted


def test_each_element_of_a_list_has_what_it_requires() -> None:
    wide = {"type": "object", "properties": {f"p{number}": {"type": "string"} for number in range(60)}}
    wide["required"] = list(wide["properties"])
    listed = {"type": "array", "items": wide}
    root = {"openapi": "3.0.3", "info": {"title": "Shops", "version": "1"}, "paths": {}, "components": {"schemas": {"List": listed}}}
    schemas = Schemas(parse_document(json.dumps(root), "shops.json"))
    made = Conversion(schemas, Samples(schemas)).converted("/components/schemas/List", [{}] * 8)
    assert [len(each) for each in made] == [60] * 8
