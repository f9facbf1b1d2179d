"""Query languages with clauses side by side: GitHub's and Zendesk's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.functional.compiled import Build, call, diagnostics, document, model, obj
from unified_runtime import InvalidInput

MODEL = model(
    "id: {type: id, read_only: true}\ntitle: {type: text, required: create}",
    "list: {inputs: {box: {type: id}, after: {type: datetime}, text: {type: text, searched_fields: [title]}}}",
)


def test_clauses_of_github(build: Build) -> None:
    catalog = build(
        model=MODEL,
        document=document(
            [call("search", "GET /search", returns=["Thing"], query={"q!": "string"})], {"Thing": obj(id="string", title="string")}
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, title: title}
operations:
  list:
    operation: search
    items: "@"
    query: {q: {language: github, all: ["is:thing", "{text} in:title", "project:{box}", "updated:>={after}"]}}
""",
    )
    assert catalog.run("list", responses=[[]]).sent == ["GET /search?q=is:thing"]
    instant = datetime(2026, 1, 31, 12, tzinfo=UTC)
    sent = catalog.run("list", text='a "b" OR c', box="x/y z", after=instant, responses=[[]]).sent
    assert sent == ['GET /search?q=is:thing "a b OR c" in:title project:"x/y z" updated:>=2026-01-31T12:00:00Z']
    with pytest.raises(InvalidInput, match="cannot hold the characters"):
        catalog.run("list", box='x" box:y')


STATUS = model(
    "id: {type: id, read_only: true}\nstatus: {type: enum, values: [open, done]}",
    "list: {inputs: {status: {field: status}, box: {type: id}}}",
)
ZENDESK = """
resource: things
schema: Thing
fields: {id: {read: id}, status: {read: state, enum: {open: [open, new], done: [solved, closed]}}}
operations:
  list:
    operation: search
    items: "@"
    query: {q: {language: %s, all: ["status:{status}", "group:{box}"]}}
"""
SEARCH = document(
    [call("search", "GET /search", returns=["Thing"], query={"q": "string"})],
    {"Thing": obj(id="string", state={"type": "string", "enum": ["open", "new", "solved", "closed"]})},
)


def test_a_filter_of_several_enum_values_lists_each(build: Build) -> None:
    catalog = build(model=STATUS, document=SEARCH, mapping=ZENDESK % "zendesk")
    assert catalog.run("list", status="done", box="7", responses=[[]]).sent == ["GET /search?q=status:solved status:closed group:7"]
    assert catalog.run("list", responses=[[]]).sent == ["GET /search"]
    found = diagnostics(model=STATUS, document=SEARCH, mapping=ZENDESK % "github")
    assert any(each.startswith("MAP215") for each in found), "where the clause cannot be repeated, words would be missed"
