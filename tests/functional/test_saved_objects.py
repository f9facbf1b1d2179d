"""Saved values of records that pass a test, in a step that may be the only one of an update."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, call, document, model, obj
from unified_runtime.core import errors

PART = {"id": "p", "owner": "me"}
ONE = {"id": "1", "owner": "me", "title": "Old", "inner": PART, "parts": [{"id": "q", "owner": "nobody"}, PART]}


def project(build: Build, stored: str, record: str) -> Catalog:
    below = f"{record}.{stored}".strip(".") or "'@'"
    at = f", record: {record}" if record else ""
    response = obj(data="Thing") if record else "Thing"
    return build(
        model=model(
            "id: {type: id, read_only: true}\ntitle: {type: text}\nowner: {type: text, read_only: true}",
            "get: {inputs: {id: {type: id, required: true}}}\n"
            "update: {inputs: {id: {type: id, required: true}, as_owner: {type: text, required: true}}}",
        ),
        document=document(
            [
                call("getThing", "GET /things/{thingId}", returns=response),
                call("updateThing", "PATCH /things/{thingId}", takes=obj(title="string?"), returns=response),
            ],
            {
                "Thing": obj(id="string", title="string?", owner="string", inner="Part", parts=["Part"]),
                "Part": obj(id="string", owner="string"),
            },
        ),
        mapping=f"""
resource: things
schema: Thing
fields: {{id: {{read: id}}, title: title, owner: {{read: owner}}}}
operations:
  get: {{operation: getThing, params: {{thingId: id}}{at}}}
  update:
    - {{operation: getThing, params: {{thingId: id}}, save: {{mine: {below}}}, where: {{owner: as_owner}}, not_found: "not {{as_owner}}'s"{at}}}
    - {{operation: updateThing, params: {{thingId: mine.id}}, send: fields{at}}}
""",
    )


def answer(record: str, **more: Any) -> dict[str, Any]:
    return {record: ONE | more} if record else ONE | more


@pytest.mark.parametrize("record", ["", "data"], ids=["bare", "in an envelope"])
@pytest.mark.parametrize(("stored", "id"), [("", "1"), ("inner", "p"), ("parts", "p")], ids=["record", "part", "element"])
def test_a_value_is_saved_if_its_test_passes(build: Build, stored: str, id: str, record: str) -> None:
    catalog = project(build, stored, record)
    ran = catalog.run("update", id="1", as_owner="me", title="New", responses=[answer(record), answer(record, title="New")])
    assert (ran.sent, ran.value.title) == (["GET /things/1", (f"PATCH /things/{id}", {"title": "New"})], "New")
    with pytest.raises(errors.Conflict, match="not you's"):
        catalog.run("update", id="1", as_owner="you", title="New", responses=[answer(record)])
