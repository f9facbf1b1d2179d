"""Custom fields that a record has in a list: ids, values of several types, choices."""

from __future__ import annotations

import json
from typing import Any

import pytest

from unified_runtime import Raw
from unified_runtime.adapter_api import extra_objects
from unified_runtime.core.context import Context
from unified_runtime.core.custom_field_location import CustomFieldLocation, ListedCustomFields, WrittenCustomFields
from unified_runtime.core.raw import Document

LISTED = ListedCustomFields(
    ("fields",), ("id",), (("number",), ("choice", "id"), ("choices", "[]", "id"), ("text",)), (("config", "options"), "index", "id")
)
LOCATION = CustomFieldLocation(("fields",), r"\d+", listed=LISTED, written=WrittenCustomFields("id", "value"))


def _read(*fields: dict[str, Any]) -> dict[str, Any]:
    return dict(LOCATION.read(Raw(Document(json.dumps({"fields": fields}).encode()))))


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ({"id": 7, "text": "x"}, {"7": "x"}),
        ({"id": "7", "number": 0, "text": "x"}, {"7": 0}),
        ({"id": "7", "number": None, "text": "x"}, {"7": "x"}),
        ({"id": "7", "choice": {"id": "a"}}, {"7": "a"}),
        ({"id": "7", "choices": [{"id": "a"}, {"id": "b"}, {}]}, {"7": ["a", "b"]}),
        ({"id": "7", "number": False}, {"7": False}),
        ({"id": "7"}, {"7": None}),
        ({"id": "seven", "text": "x"}, {}),
        ({"text": "x"}, {}),
        ({"id": "7", "number": 1, "config": {"options": [{"index": 0, "id": "a"}, {"index": 1, "id": "b"}]}}, {"7": "b"}),
        ({"id": "7", "number": 5, "config": {"options": [{"index": 0, "id": "a"}]}}, {"7": 5}),
    ],
)
def test_values_are_read_by_id(field: dict[str, Any], expected: dict[str, Any]) -> None:
    assert _read(field) == expected


def test_a_record_without_a_list_has_none() -> None:
    for content in (b"{}", b'{"fields": null}', b'{"fields": "x"}', b'{"fields": [1, "x", null]}'):
        assert LOCATION.read(Raw(Document(content))) == {}


def test_custom_fields_are_taken_out_of_extra() -> None:
    given = [{"id": "1", "value": "x"}, {"id": "2", "value": None}, {"id": "3", "value": False}]
    ctx = Context({}, {"fields": given, "other": 1})
    found, rest = extra_objects.custom_fields(ctx, LOCATION)
    assert (found, rest.extra, ctx.extra) == (given, {"other": 1}, {"fields": given, "other": 1})
    assert [*extra_objects.with_values(found, LOCATION)] == [("1", "x"), ("3", False)]
    assert [*extra_objects.cleared(found, LOCATION)] == ["2"]
    assert extra_objects.custom_fields(Context({}, {"other": 1}), LOCATION)[0] == []
