"""Enum values of an input in one request, where the vendor's list accepts others than a record holds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, call, compiled, diagnostics, document, model, obj
from unified_runtime import Unsupported

MODEL = model(
    "id: {type: id, read_only: true}\nstatus: {type: enum, values: [open, running, done, dropped]}",
    "list: {inputs: {status: {field: status}, own: {type: enum, values: [a, b]}, text: {type: text}}}",
)
RECORD = {"Thing": obj(id="string", closed="boolean", reason="string?")}
LIST = call(
    "list", "GET /things", returns=["Thing"], query={"state": {"type": "string", "enum": ["open", "closed", "all"]}, "own": "string"}
)
SEARCH = call("search", "GET /search", returns=["Thing"], query={"q!": "string"})
MAPPING = """
resource: things
schema: Thing
fields:
  id: {read: id}
  status:
    enum:
      dropped: {closed: true, reason: dropped}
      done: {closed: true}
      open: {closed: false}
unsupported: {status.running: nothing runs here, filter.text: none}
operations:
  list:
    operation: list
    params: {state: status, own: own}
    defaults: {state: all}
    items: "@"
    local_filters: [status]
    enums:
      status: {open: open, done: closed, dropped: closed}
      own: {a: 1st, b: 2nd}
"""
RECORDS: list[dict[str, Any]] = [
    {"id": "1", "closed": True, "reason": "dropped"},
    {"id": "2", "closed": True, "reason": None},
]


def test_a_filter_narrows_the_list_and_applies_after_reading(build: Build) -> None:
    catalog = build(model=MODEL, document=document([LIST], RECORD), mapping=MAPPING)
    ran = catalog.run("list", status="done", responses=[RECORDS])
    assert ran.sent == ["GET /things?state=closed"]
    assert [thing.id for thing in ran.value] == ["2"]
    ran = catalog.run("list", own="b", responses=[RECORDS])
    assert ran.sent == ["GET /things?state=all&own=2nd"]
    assert [thing.status for thing in ran.value] == ["dropped", "done"]
    with pytest.raises(Unsupported, match="nothing runs here"):
        catalog.run("list", status="running")


def test_a_clause_sends_the_values_of_its_request(build: Build) -> None:
    mapping = MAPPING.partition("    operation: list")[0] + (
        '    operation: search\n    query: {q: {language: github, all: ["is:thing", "state:{status}", "user:{own}"]}}\n    items: "@"\n'
        "    local_filters: [status]\n    enums: {status: {open: open, done: closed, dropped: closed}}\n"
    )
    catalog = build(model=MODEL, document=document([SEARCH], RECORD), mapping=mapping)
    ran = catalog.run("list", status="dropped", responses=[RECORDS])
    assert ran.sent == ["GET /search?q=is:thing state:closed"]
    assert [thing.id for thing in ran.value] == ["1"]


def test_the_values_are_compared_with_the_input() -> None:
    def found(enums: str, mapping: str = MAPPING) -> list[str]:
        start, end = mapping.index("    enums:"), len(mapping)
        return diagnostics(
            model=MODEL,
            document=document([LIST], RECORD),
            mapping=mapping[:start] + f"    enums: {{own: {{a: x, b: y}}, {enums}}}" + mapping[end:],
        )

    status = "{open: open, done: closed, dropped: closed}"
    assert found(f"status: {status}") == []
    assert found("status: {open: opened, done: closed, dropped: closed}") == ["MAP304 the vendor has no value 'opened' for `state`"]
    assert found("status: {open: open, done: closed}") == ["MAP302 `status` can be 'dropped', and no row maps that"]
    assert found(f"status: {status}, text: {{a: b}}") == ["MAP004 nothing is called `text` here"]
    both = "MAP215 `status` sends 'closed' for both 'done' and 'dropped', and finds both"
    assert found(f"status: {status}", MAPPING.replace("    local_filters: [status]\n", "")) == [both]
    unused = MAPPING.replace("state: status, ", "").replace("    defaults: {state: all}\n", "")
    assert found(f"status: {status}", unused) == ["MAP303 the enum values of `status` are not sent in this request"]


def test_a_list_of_values_is_one_clause(build: Build) -> None:
    """`in` names all values of a row; one value would miss records, so it is an error."""
    mapping = MAPPING.partition("    operation: list")[0] + (
        '    operation: search\n    query: {q: {language: jql, all: ["state in {status}", "own = {own}"]}}\n    items: "@"\n'
        "    local_filters: [status]\n    enums: {status: {open: [new, open], done: closed, dropped: closed}}\n"
        "allow: {MAP229: the record is not described}\n"
    )
    catalog = build(model=MODEL, document=document([SEARCH], RECORD), mapping=mapping)
    assert catalog.run("list", status="open", responses=[[]]).sent == ['GET /search?q=state in ("new", "open")']
    single = mapping.replace("state in {status}", "state = {status}")
    found = diagnostics(model=MODEL, document=document([SEARCH], RECORD), mapping=single)
    assert found == ["MAP215 `status` sends only 'new' for 'open', and records with 'open' are missed"]
    assert compiled(model=MODEL, document=document([SEARCH], RECORD), mapping=mapping)
