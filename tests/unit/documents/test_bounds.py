"""Bounds of combining schemas: large and circular documents cost work in proportion to their size, and are reported beyond that."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from unified_openapi.documents import parse_document
from unified_openapi.schemas.shapes import MOST_ALTERNATIVES, Schemas, Shape


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def pairs(levels: int) -> dict[str, Any]:
    """Return a chain in which each schema leads to the next one twice."""
    made: dict[str, Any] = {f"S{level}": {"oneOf": [reference(f"S{level + 1}"), reference(f"S{level + 1}")]} for level in range(levels)}
    return made | {f"S{levels}": {"type": "string"}}


def all_others(number: int) -> dict[str, Any]:
    return {f"S{one}": {"oneOf": [reference(f"S{other}") for other in range(number) if other != one]} for one in range(number)}


def chain(levels: int) -> dict[str, Any]:
    made: dict[str, Any] = {f"S{level}": {"allOf": [reference(f"S{level + 1}")]} for level in range(levels)}
    return made | {f"S{levels}": {"type": "string"}}


class CallCount:
    """Count the calls and returns of functions inside the block. Unlike time, the number does not depend on the machine's load."""

    number = 0

    def count(self, frame: FrameType, event: str, argument: object) -> None:
        self.number += 1

    def __enter__(self) -> CallCount:
        sys.setprofile(self.count)
        return self

    def __exit__(self, *exception: object) -> None:
        sys.setprofile(None)


def schemas(components: dict[str, Any]) -> Schemas:
    root = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"schemas": components}}
    return Schemas(parse_document(json.dumps(root, indent=1).encode(), "x.json"))


def shapes(found: Schemas) -> Iterator[Shape]:
    for name in found.document.root["components"]["schemas"]:
        yield found.shape(f"/components/schemas/{name}")


@pytest.mark.parametrize(
    "components", [pairs(24), pairs(1500), all_others(8), all_others(60), chain(1500)], ids=["24", "1500", "8", "60", "chain"]
)
def test_more_than_can_be_combined_is_reported_with_little_work(components: dict[str, Any]) -> None:
    found = schemas(components)
    with CallCount() as calls:
        for shape in shapes(found):
            assert sum(1 for _ in shape.variants()) <= MOST_ALTERNATIVES
            assert shape.kinds <= {"string"}
            assert shape.enum_values is None
    # Measured: at most 614,000 for the documents of up to 150 kB, and 13 per character for the densest.
    assert calls.number < max(1_000_000, 20 * len(json.dumps(components)))
    assert found.faults
    for fault in found.faults:
        assert fault.code == "SPEC114"
        assert fault.message.endswith("it is treated as one that allows anything")
        assert fault.span.line > 8


@pytest.mark.parametrize("components", [pairs(10), all_others(4), chain(90)], ids=["pairs", "all others", "chain"])
def test_smaller_documents_are_combined(components: dict[str, Any]) -> None:
    found = schemas(components)
    last = list(shapes(found))
    assert found.faults == []
    assert last[0].kinds == (frozenset() if "S5" not in components else {"string"})


def test_parts_are_shared() -> None:
    found = schemas(pairs(8))
    first, second = found.shape("/components/schemas/S0").arms
    assert first.arms[0] is second.arms[0]
    assert found.shape("/components/schemas/S0").size == 2**8


def test_a_schema_that_contains_itself_does_not_depend_on_the_order() -> None:
    person = {"type": "object", "properties": {"name": {"type": "string"}}, "oneOf": [reference("Team"), {"type": "object"}]}
    components = {"Person": person, "Team": {"anyOf": [reference("Person"), {"type": "object", "properties": {"id": {"type": "integer"}}}]}}
    one, other = schemas(components), schemas(components)
    names = ["/components/schemas/Person", "/components/schemas/Team"]
    assert [one.shape(name) for name in names] == [other.shape(name) for name in reversed(names)][::-1]


def test_known_values_are_plain() -> None:
    found = schemas({"S": {"type": "string", "x-extensible-enum": ["a", {"b": 1}, ["c"], None]}, "T": {"x-extensible-enum": "a"}})
    assert found.shape("/components/schemas/S").known == ("a", None)
    assert found.shape("/components/schemas/T").known == ()
