"""Fields that are read from the request, because the response does not repeat them."""

from __future__ import annotations

from tests.functional.compiled import Build, call, document, model, obj


def test_sent_field_is_read(build: Build) -> None:
    catalog = build(
        model=model(
            "id: {type: id, read_only: true}\nroom_id: {type: id, required: create}\ntitle: {type: text, required: create}",
            "create:",
        ),
        document=document(
            [call("makeThing", "POST /things", takes=obj(room="string", title="string"), returns="Thing")],
            {"Thing": obj(id="string", title="string")},
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, room_id: {read: request.room, write: room}, title: title}
operations:
  create: {operation: makeThing, send: fields}
""",
    )
    ran = catalog.run("create", room_id="r7", title="T", responses=[{"id": "1", "title": "T"}])
    assert (ran.sent, ran.value.room_id) == ([("POST /things", {"room": "r7", "title": "T"})], "r7")
