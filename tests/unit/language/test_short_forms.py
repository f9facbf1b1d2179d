"""Short forms parse to the tree of their long forms; only locations differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec import Struct, structs

from tests.unit.language.inputs import parse
from unified_openapi.source.spans import Span

MAPPING = "resource: tasks\nschema: Task\nfields: {id: {read: id}}\noperations: {get: {operation: getTask}}\n"
FIELDS = "resource: tasks\nschema: Task\noperations: {get: {operation: getTask}}\nfields:\n  a: "
OPERATIONS = "resource: tasks\nschema: Task\nfields: {id: {read: id}}\noperations:\n  get: {operation: getTask, params: {id: id}}\n  a: "
VENDOR = "name: Acme\n"

SAME = [
    ("resource", OPERATIONS, "getTask", "{operation: getTask}"),
    ("resource", OPERATIONS, "{getTask: {id: x}}", "{operation: getTask, params: {id: x}}"),
    ("resource", OPERATIONS, "{getTask: id, send: fields}", "{operation: getTask, params: id, send: fields}"),
    ("resource", OPERATIONS, "{getTask: fields}", "{operation: getTask, send: fields}"),
    ("resource", OPERATIONS, "{getTask: [fields, id, {a: b}]}", "{operation: getTask, params: [id, {a: b}], send: fields}"),
    ("resource", OPERATIONS, "{setTask: fields, returns: get}", "[{setTask: fields}, {returns: get}]"),
    ("resource", OPERATIONS, "[{setTask: x, returns: {get: y.id}}]", "[{setTask: x, save: y}, {returns: {get: y.id}}]"),
    ("resource", OPERATIONS, "[{b: x, save: y}, {c: z, returns: {get: y.id}}]", "[{b: x, save: y}, {c: z}, {returns: {get: y.id}}]"),
    ("resource", OPERATIONS, "{setTask: x, returns: {get: id.part}}", "[{setTask: x}, {returns: {get: id.part}}]"),
    ("resource", MAPPING, 'batches: {"a, GET /b/{c},{d}": e}', 'batches: {a: e, "GET /b/{c},{d}": e}'),
    (
        "resource",
        OPERATIONS,
        "[GET /tasks, {PUT /tasks: [id, {a: b}]}]",
        "[{operation: GET /tasks}, {operation: PUT /tasks, params: [id, {a: b}]}]",
    ),
    ("resource", OPERATIONS, "[setTask, {returns: get}]", "[{operation: setTask}, {operation: getTask, params: {id: id}}]"),
    (
        "resource",
        OPERATIONS,
        "{items: c, pagination: none, either: [{b: {x: y}, if: x}, {operation: b, items: d}]}",
        "{either: [{operation: b, params: {x: y}, if: x, items: c, pagination: none}, {operation: b, items: d, pagination: none}]}",
    ),
    (
        "resource",
        OPERATIONS,
        "{items: c, operation: b, either: [{if: x}, {if: y, steps: [{d: x}, {params: x}]}]}",
        "{either: [{operation: b, if: x, items: c}, {if: y, steps: [{operation: d, params: x}, {operation: b, params: x, items: c}]}]}",
    ),
    ("resource", FIELDS, "{path: b, enum: [c, d]}", "{path: b, enum: {c: c, d: d}}"),
    ("resource", FIELDS, "{path: b, written_by: create}", "{read: b, write: {create: b}}"),
    ("resource", FIELDS, "{path: [b], written_by: [create, update]}", "{read: [b], write: {create: [b], update: [b]}}"),
    ("resource", FIELDS, '{link: "https://x/{b.c}/{request.d}"}', '{read: b.c, codec: {link: "https://x/{}/{request.d}"}}'),
    ("resource", FIELDS, '{link: "https://x/{b:digits}"}', '{read: b, codec: {link: "https://x/{:digits}"}}'),
    ("resource", MAPPING, "unsupported: {'a, b.c': d}", "unsupported: {a: d, b.c: d}"),
    ("vendor", VENDOR, "base_url: https://a.example", "base_url: {default: https://a.example}"),
    ("vendor", VENDOR, "rate_limits: {a: {requests: 10/60s}}", "rate_limits: {a: {requests: 10, per_seconds: 60}}"),
    (
        "vendor",
        VENDOR,
        "pagination: {default: {token_param: {a: b.c}, page_size_param: {d: 5}}}",
        "pagination: {default: {token_param: a, next_token: b.c, page_size_param: d, max_page_size: 5}}",
    ),
    (
        "resource",
        OPERATIONS,
        '{operation: b, query: {c: {language: hubspot, all: ["d EQ {e}", "{custom_fields}"]}}}',
        '{operation: b, query: {c: {language: hubspot, all: [{propertyName: d, operator: EQ, value: "{e}"}, "{custom_fields}"]}}}',
    ),
]


def without_spans(value: Any) -> Any:
    """Return a tree as plain values, without locations."""
    match value:
        case Span():
            return None
        case Struct():
            return type(value).__name__, without_spans(structs.asdict(value))
        case Mapping():
            return {key: without_spans(inner) for key, inner in value.items()}
        case tuple() | list():
            return [without_spans(inner) for inner in value]
    return value


@pytest.mark.parametrize(("kind", "start", "short", "long"), SAME)
def test_a_short_form_is_its_long_form(kind: str, start: str, short: str, long: str) -> None:
    trees = []
    for text in (short, long):
        tree, found = parse(kind, f"{start}{text}\n")
        assert found == ()
        trees.append(without_spans(tree))
    assert trees[0] == trees[1]


def test_a_mapping_is_named_by_its_file() -> None:
    text = "schema: Task\nfields: {id: {read: id}}\noperations: {get: getTask}\n"
    tree, found = parse("resource", text, "mappings/vendors/acme/task_types.yaml")
    assert found == ()
    assert tree.resource.value == "task_types"


def test_steps_that_an_operation_returns_use_another_id() -> None:
    tree, found = parse("resource", OPERATIONS + "[{operation: addTask, save: b}, {returns: {get: b.c}}]\n")
    assert found == ()
    steps = tree.operations[1].steps
    assert [step.operation.value for step in steps] == ["addTask", "getTask"]
    assert [step.id and step.id.value for step in steps] == [None, "b.c"]


def test_findings_in_short_forms_are_at_the_text_of_the_author() -> None:
    for text, wrong in (("{getTask: {id: '@'}}", "@"), ("[b, 'c', 7]", "7"), ("{items: a..b, either: [c, d]}", "a..b")):
        _, found = parse("resource", OPERATIONS + text + "\n")
        assert len(found) == 1
        start = (OPERATIONS + text).splitlines()[found[0].span.line - 1].index(wrong) + 1
        assert start <= found[0].span.column < start + len(wrong)
