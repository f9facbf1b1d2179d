"""Ids composed of parts, and split in references: by their own resource and by others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, call, document, model, obj
from unified_runtime import InvalidInput

THINGS = model(
    "id: {type: id, computed: true}\ntitle: {type: text, required: create}\nparent_id: {type: id, of: things}",
    "get: {}\nupdate: {}\nlist: {inputs: {box_id: {type: id, of: boxes}}}",
)
BOXES = model("id: {type: id, computed: true}", "get: {}", resource="boxes", record="Box")
DOCUMENT = document(
    [
        call("getThing", "GET /{shelf}/{box}/{number}", answers="Thing", path_schemas={"number": "integer"}),
        call("updateThing", "PATCH /{shelf}/{box}/{number}", takes="Thing", answers="Thing", path_schemas={"number": "integer"}),
        call(
            "addChild",
            "POST /{shelf}/{box}/{number}/children",
            takes=obj("child", child="integer"),
            answers="Thing",
            path_schemas={"number": "integer"},
        ),
        call("listThings", "GET /{shelf}/{box}", answers=["Thing"]),
        call("listAll", "GET /all", answers=["Thing"]),
        call("getBox", "GET /{shelf}/{box}/about", answers="Box"),
    ],
    {"Thing": obj(key="integer", no="integer", place="string", title="string"), "Box": obj(place="string")},
)
MAPPING = """
resource: things
reads: Thing
fields:
  id: {parts: "{shelf}/{box}#{number}", from: {no: "{number}", place: "*/{shelf}/{box}"}}
  title: title
  parent_id: {parts: "{shelf}/{box}#{number}", from: {place: "*/{shelf}/{box}", key: "{number}"}}
operations:
  get: {call: getThing, with: id}
  update:
    - {call: getThing, when: parent_id, with: id, keep: child}
    - {call: addChild, when: parent_id, with: [parent_id, {child: child.key}]}
    - {call: updateThing, with: id, send: [title]}
    - {call: getThing, when: parent_id, with: id}
  list:
    either:
      - {call: listThings, when: box_id, with: box_id, items: "@"}
      - {call: listAll, items: "@"}
"""
BOX = 'resource: boxes\nreads: Box\nfields: {id: {parts: "{shelf}/{box}", from: {place: "*/{shelf}/{box}"}}}\n'
BOX += "operations: {get: {call: getBox, with: id}}\n"
ANSWER = {"key": 77, "no": 7, "place": "//a/b", "title": "x"}


@pytest.fixture
def catalog(build: Build) -> Catalog:
    return build(model=[THINGS, BOXES], document=DOCUMENT, mapping=[MAPPING, BOX])


def test_a_part_is_an_integer_if_the_vendor_declares_one(catalog: Catalog) -> None:
    ran = catalog.run("get", "a/b#7", answers=[ANSWER])
    assert (ran.value.id, ran.sent) == ("a/b#7", ["GET /a/b/7"])
    for wrong in ("a/b#seven", "a/b", "7"):
        with pytest.raises(InvalidInput, match="id"):
            catalog.run("get", wrong)


def test_an_id_of_another_resource_is_split_by_its_parts(catalog: Catalog) -> None:
    assert catalog.run("list", box_id="a/b", answers=[[ANSWER]]).sent == ["GET /a/b"]
    assert catalog.run("list", answers=[[]]).sent == ["GET /all"]
    with pytest.raises(InvalidInput, match="box_id"):
        catalog.run("list", box_id="b")


def test_saved_values_of_conditional_steps_fill_required_inputs(catalog: Catalog) -> None:
    responses: list[Any] = [ANSWER, ANSWER, ANSWER]
    assert catalog.run("update", "a/b#7", parent_id="c/d#8", answers=responses).sent == [
        "GET /a/b/7",
        ("POST /c/d/8/children", {"child": 77}),
        "GET /a/b/7",
    ]
    assert catalog.run("update", "a/b#7", title="y", answers=[ANSWER]).sent == [("PATCH /a/b/7", {"title": "y"})]
