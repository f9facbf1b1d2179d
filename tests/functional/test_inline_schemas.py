"""Records whose schema has no name in the vendor's document."""

from __future__ import annotations

from typing import Any

from tests.functional.compiled import Build, call, diagnostics, document, model, obj

MODEL = model(
    "id: {type: id, read_only: true}\nbody: {type: text}",
    "list: {inputs: {thing_id: {type: id, required: true}}}\ncreate: {inputs: {thing_id: {type: id, required: true}}}",
)
NOTE = obj("id", id="integer", text="string", by=obj(name="string"))
CALLS = [
    call("things.get", "GET /things/{id}", returns=obj(thing=obj(notes=[NOTE], first=NOTE, count="integer"))),
    call("add", "POST /things/{id}/notes", takes=obj(text="string"), returns="Reply"),
    call("drop", "DELETE /things/{id}", status="204"),
]
SCHEMAS = {"Reply": obj(note=NOTE)}
MAPPING = """
resource: things
schema: SCHEMA
fields:
  id: {read: id}
  body: text
operations:
  list: {operation: things.get, params: {id: thing_id}, items: thing.notes, pagination: none}
  create: {operation: add, params: {id: thing_id}, send: fields, record: note}
"""


def found(name: str, **changed: Any) -> list[str]:
    return diagnostics(**{"model": MODEL, "document": document(CALLS, SCHEMAS), "mapping": MAPPING.replace("SCHEMA", name), **changed})


def test_a_record_inside_a_response(build: Build) -> None:
    for name in ("things.get.thing.notes[]", "Reply.note"):
        catalog = build(model=MODEL, document=document(CALLS, SCHEMAS), mapping=MAPPING.replace("SCHEMA", name))
        response = {"thing": {"notes": [{"id": 4, "text": "a"}, {"id": 5}]}}
        read = catalog.run("list", thing_id="7", responses=[response]).value
        assert [(note.id, note.body) for note in read] == [("4", "a"), ("5", None)]
        ran = catalog.run("create", "7", body="x", responses=[{"note": {"id": 6, "text": "x"}}])
        assert (ran.sent, ran.value.id) == ([("POST /things/7/notes", {"text": "x"})], "6")


def test_the_path_leads_to_an_object() -> None:
    assert found("things.get.thing.notes[]") == []
    assert found("things.get.thing.note[]") == ["MAP201 `thing.note[]`: `thing` of things.get has no `note`"]
    assert found("things.get.thing.count") == ["MAP211 `things.get.thing.count` is not the schema of a record"]
    assert found("drop.x")[0].startswith("MAP212 the vendor's document has no schema of what `drop` returns")
    assert found("other.x")[0].startswith("MAP211")
    assert found("Reply.note[")[0].startswith("MAP003")
    missing = found(
        "things.get.thing.notes[]", mapping=MAPPING.replace("SCHEMA", "things.get.thing.notes[]").replace("body: text", "body: note")
    )
    assert "MAP201 `note`: things.get.thing.notes[] has no `note` here" in missing
