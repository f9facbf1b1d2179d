"""Responses that consist of several: the value is at its path, and everything else remains."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from unified_runtime.adapter_api.filled_responses import filled_response
from unified_runtime.core.errors import VendorProtocolError


class _Body(msgspec.Struct):
    text: str


class _Page(msgspec.Struct):
    id: int
    body: _Body


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"id": 1}, {"id": 1, "body": {"text": "Hello"}}),
        ({"id": 1, "body": None}, {"id": 1, "body": {"text": "Hello"}}),
        ({"id": 1, "body": {"text": "x", "format": "plain"}}, {"id": 1, "body": {"text": "Hello", "format": "plain"}}),
    ],
)
def test_the_value_is_at_its_path_and_the_rest_remains(found: dict[str, Any], expected: dict[str, Any]) -> None:
    page, raw = filled_response(found, ("body", "text"), "Hello", _Page)
    assert (page.id, page.body.text) == (1, "Hello")
    assert raw.value == expected


def test_a_response_of_another_schema_is_an_error() -> None:
    with pytest.raises(VendorProtocolError):
        filled_response({"id": "one"}, ("body", "text"), "Hello", _Page)
