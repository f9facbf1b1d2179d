"""Any content of a document: loading and taking return diagnostics with locations, never a traceback, and only valid slices."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.documents.samples import COMPLETE, DISCOVERY, OPENAPI, SWAGGER
from unified_gen.specs.check import prose, validity
from unified_gen.specs.take import take
from unified_openapi.documents import Document, DocumentFault, operations, parse_document
from unified_openapi.documents.overlay import apply, parse_overlay

JUNK: list[Any] = [
    None, True, False, 0, -1, 1.5, "", "x", "#", "#/", "#/nope", "#/info", "#/paths", "/../x", "\u2028", "{{ x }}", '"""', "a" * 300,
    [], [[]], [None], [1], ["a"], {}, {"a": 1}, {"": {}}, {"x~/y": {}}, {"$ref": "#/nope"}, {"$ref": 5}, {"$ref": "#"},
    {"type": []}, {"type": "array", "items": [{}]}, {"allOf": [{"$ref": "#"}]},
]  # fmt: skip
KEYS = [
    "$ref", "items", "allOf", "type", "in", "name", "parameters", "content", "schema", "required", "enum", "default", "properties",
    "discriminator", "additionalProperties",
]  # fmt: skip


def paths(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*way, key)
        yield from paths(each, (*way, key))


@st.composite
def spoiled(draw: st.DrawFn, sample: dict[str, Any]) -> dict[str, Any]:
    """Generate a document with up to four of its parts replaced, removed or joined by invalid ones."""
    made = copy.deepcopy(sample)
    for _ in range(draw(st.integers(1, 4))):
        ways = list(paths(made))
        way = ways[draw(st.integers(0, len(ways) - 1))]
        around = made
        for key in way[:-1]:
            around = around[key]
        action = draw(st.sampled_from(["replace", "replace", "remove", "add"]))
        if action == "replace":
            around[way[-1]] = copy.deepcopy(draw(st.sampled_from(JUNK)))
        elif action == "remove":
            del around[way[-1]]
        elif isinstance(around, dict):
            around[draw(st.sampled_from(KEYS))] = copy.deepcopy(draw(st.sampled_from(JUNK)))
        if not made:
            break
    return made


def loaded(value: Any) -> Document | None:
    """Return the document, or None if it is rejected with a diagnostic."""
    try:
        return parse_document(json.dumps(value).encode(), "hostile.json")
    except DocumentFault as fault:
        return returned([fault.diagnostic])


def returned(diagnostics: Any) -> None:
    for found in diagnostics:
        assert "\n" not in found.message
        assert found.span.line >= 1
        assert found.span.column >= 1


def judge(value: dict[str, Any]) -> None:
    document = loaded(value)
    if document is None:
        return
    returned(document.faults)
    known = operations(document)
    for operation in known.values():
        document.span(operation.pointer)
    taken = take(document, known)
    assert taken.faults == ()
    returned(taken.repairs)
    slice_ = parse_document(json.dumps(taken.root).encode(), "slice.json")
    assert list(validity(slice_)) == []
    assert list(prose(slice_)) == []


@settings(max_examples=150, deadline=None)
@given(spoiled(OPENAPI))
def test_a_spoiled_openapi_document(value: dict[str, Any]) -> None:
    judge(value)


@settings(max_examples=150, deadline=None)
@given(spoiled(COMPLETE))
def test_a_spoiled_document_with_much_prose(value: dict[str, Any]) -> None:
    judge(value)


@settings(max_examples=150, deadline=None)
@given(spoiled({**COMPLETE, "openapi": "3.1.0"}))
def test_a_spoiled_openapi_31_document(value: dict[str, Any]) -> None:
    judge(value)


@settings(max_examples=150, deadline=None)
@given(spoiled(SWAGGER))
def test_a_spoiled_swagger_document(value: dict[str, Any]) -> None:
    judge(value)


@settings(max_examples=150, deadline=None)
@given(spoiled(DISCOVERY))
def test_a_spoiled_discovery_document(value: dict[str, Any]) -> None:
    judge(value)


OVERLAY = {
    "overlay": "1.0.0",
    "info": {"title": "t", "version": "1"},
    "actions": [
        {"target": "$.paths['/tasks/{id}'].get", "x-evidence": "e", "update": {"parameters": [{"name": "n", "in": "query"}]}},
        {"target": "$.components.schemas.*", "x-evidence": "e", "update": {"properties": {"a": {"type": "string"}}}},
        {"target": "$..parameters[0]", "x-evidence": "e", "remove": True},
    ],
}


@settings(max_examples=150, deadline=None)
@given(spoiled(OVERLAY), st.sampled_from([OPENAPI, COMPLETE]))
def test_a_spoiled_overlay(value: dict[str, Any], base: dict[str, Any]) -> None:
    document = parse_document(json.dumps(base).encode(), "base.json")
    result = apply(document, parse_overlay(json.dumps(value).encode(), "overlay.yaml"))
    returned(result.faults)
    for way in paths(result.root):
        result.span("".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in way))
    assert document.root == parse_document(json.dumps(base).encode(), "base.json").root


@pytest.mark.parametrize("target", ["$..*", "$", "$..[0]", "$[?@.x == 1]", "$..[?@.name]", "$" + ".a" * 500, "$" + "[" * 5000])
def test_odd_targets(target: str) -> None:
    document = parse_document(json.dumps(OPENAPI).encode(), "base.json")
    for change in ({"remove": True}, {"update": {"x": 1}}):
        action = {"target": target, "x-evidence": "e", **change}
        overlay = {"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": [action]}
        returned(apply(document, parse_overlay(json.dumps(overlay).encode(), "overlay.yaml")).faults)
