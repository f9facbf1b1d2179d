"""Constants in `where`, for a saved list, a saved object, and a record in a list."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, call, diagnostics, document, model, obj
from unified_runtime import Conflict, NotFound

MODEL = model(
    "id: {type: id, read_only: true}\ntitle: {type: text}\nstage: {type: text}",
    "get: {}\nupdate: {}",
)
FIELD = obj(id="string", name="string", kind={"type": "string", "enum": ["select", "text"]}, archived="boolean", rank="integer")
CALLS = [
    call("fields", "GET /fields", returns=obj(values=[FIELD])),
    call("getThing", "GET /things/{id}", returns=obj(parts=["Thing"])),
    call("editThing", "PATCH /things/{id}", takes=obj(title="string", field="string"), returns="Thing"),
]
SCHEMAS = {"Thing": obj(id="string", title="string", stage="string", kind="string")}
MAPPING = """
resource: things
schema: Thing
fields: {id: {read: id}, title: title, stage: {read: stage}}
unsupported: {update.title: fixed, write.stage: no}
operations:
  get: {operation: getThing, params: {id: id}, record: "parts[0]", where: {kind: {const: main}}}
  update:
    - {operation: fields, if: stage, save: {field: values}, not_found: "no field {stage}", where: WHERE}
    - {operation: editThing, params: {id: id, field: field.id}}
"""
WHERE = "{name: stage, kind: {const: select}, archived: {const: false}, rank: {const: 1}}"


def built(build: Build, where: str = WHERE) -> Any:
    mapping = MAPPING.replace("WHERE", where).replace(", write.stage: no", "")
    return build(model=MODEL, document=document(CALLS, SCHEMAS), mapping=mapping)


def test_a_saved_element_has_the_constants(build: Build) -> None:
    catalog = built(build)
    found = {"id": "f4", "name": "open", "kind": "select", "archived": False, "rank": 1}
    others = [
        {**found, "id": "f1", "kind": "text"},
        {**found, "id": "f2", "archived": True},
        {**found, "id": "f3", "rank": 2},
        {**found, "id": "f0", "name": "closed"},
    ]
    ran = catalog.run("update", "1", stage="open", responses=[{"values": [*others, found]}, {"id": "1", "title": "x"}])
    assert ran.sent == ["GET /fields", ("PATCH /things/1", {"field": "f4"})]
    with pytest.raises(Conflict, match="no field open"):
        catalog.run("update", "1", stage="open", responses=[{"values": others}], planned=False)


def test_a_record_in_a_list_has_the_constant(build: Build) -> None:
    catalog = built(build)
    parts = [{"id": "1", "kind": "other"}, {"id": "2", "kind": "main"}, {"id": "3", "kind": "main"}]
    assert catalog.run("get", "7", responses=[{"parts": parts}]).value.id == "2"
    with pytest.raises(NotFound):
        catalog.run("get", "7", responses=[{"parts": parts[:1]}])


def test_a_constant_is_a_possible_value_of_its_path() -> None:
    def found(where: str) -> list[str]:
        mapping = MAPPING.replace("WHERE", where).replace(", write.stage: no", "")
        return diagnostics(model=MODEL, document=document(CALLS, SCHEMAS), mapping=mapping)

    assert found(WHERE) == []
    assert found("{name: stage, kind: {const: choice}}") == ["MAP306 `kind` is never 'choice': it is not one of its enum values"]
    assert found("{name: stage, archived: {const: no}}") == ["MAP306 `archived` is never 'no': its type is boolean"]
    assert found("{name: stage, rank: {const: null}}") == []
    assert found("{name: stage, kind: {is: select}}")[0] == "MAP001 a constant has no key `is`"
