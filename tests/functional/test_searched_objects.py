"""What is kept of a record if it passes a test, in a step that may be all that an update does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, call, document, model, obj
from unified_runtime import errors

PART = {"id": "p", "owner": "me"}
ONE = {"id": "1", "owner": "me", "title": "Old", "inner": PART, "parts": [{"id": "q", "owner": "nobody"}, PART]}


def project(build: Build, kept: str, record: str) -> Catalog:
    below = f"{record}.{kept}".strip(".") or "'@'"
    at = f", record: {record}" if record else ""
    answer = obj(data="Thing") if record else "Thing"
    return build(
        model=model(
            "id: {type: id, computed: true}\ntitle: {type: text}\nowner: {type: text, computed: true}",
            "get: {inputs: {id: {type: id, required: true}}}\n"
            "update: {inputs: {id: {type: id, required: true}, as_owner: {type: text, required: true}}}",
        ),
        document=document(
            [
                call("getThing", "GET /things/{thingId}", answers=answer),
                call("updateThing", "PATCH /things/{thingId}", takes=obj(title="string?"), answers=answer),
            ],
            {
                "Thing": obj(id="string", title="string?", owner="string", inner="Part", parts=["Part"]),
                "Part": obj(id="string", owner="string"),
            },
        ),
        mapping=f"""
resource: things
reads: Thing
fields: {{id: {{read: id}}, title: title, owner: {{read: owner}}}}
operations:
  get: {{call: getThing, with: {{thingId: id}}{at}}}
  update:
    - {{call: getThing, with: {{thingId: id}}, keep: {{mine: {below}}}, where: {{owner: as_owner}}, missing: "not {{as_owner}}'s"{at}}}
    - {{call: updateThing, with: {{thingId: mine.id}}, send: fields{at}}}
""",
    )


def answer(record: str, **more: Any) -> dict[str, Any]:
    return {record: ONE | more} if record else ONE | more


@pytest.mark.parametrize("record", ["", "data"], ids=["bare", "in an envelope"])
@pytest.mark.parametrize(("kept", "id"), [("", "1"), ("inner", "p"), ("parts", "p")], ids=["record", "part", "element"])
def test_it_is_kept_where_it_passes(build: Build, kept: str, id: str, record: str) -> None:
    catalog = project(build, kept, record)
    ran = catalog.run("update", id="1", as_owner="me", title="New", answers=[answer(record), answer(record, title="New")])
    assert (ran.sent, ran.value.title) == (["GET /things/1", (f"PATCH /things/{id}", {"title": "New"})], "New")
    with pytest.raises(errors.Conflict, match="not you's"):
        catalog.run("update", id="1", as_owner="you", title="New", answers=[answer(record)])
