"""Ids composed of parts, and split in references: by their own resource and by others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, call, document, model, obj
from unified_runtime import InvalidInput

THINGS = model(
    "id: {type: id, read_only: true}\ntitle: {type: text, required: create}\nparent_id: {type: id, references: things}",
    "get: {}\nupdate: {}\nlist: {inputs: {box_id: {type: id, references: boxes}}}",
)
BOXES = model("id: {type: id, read_only: true}", "get: {}", resource="boxes", record="Box")
DOCUMENT = document(
    [
        call("getThing", "GET /{shelf}/{box}/{number}", returns="Thing", path_schemas={"number": "integer"}),
        call("updateThing", "PATCH /{shelf}/{box}/{number}", takes="Thing", returns="Thing", path_schemas={"number": "integer"}),
        call(
            "addChild",
            "POST /{shelf}/{box}/{number}/children",
            takes=obj("child", child="integer"),
            returns="Thing",
            path_schemas={"number": "integer"},
        ),
        call("listThings", "GET /{shelf}/{box}", returns=["Thing"]),
        call("listAll", "GET /all", returns=["Thing"]),
        call("getBox", "GET /{shelf}/{box}/about", returns="Box"),
    ],
    {"Thing": obj(key="integer", no="integer", place="string", title="string"), "Box": obj(place="string")},
)
MAPPING = """
resource: things
schema: Thing
fields:
  id: {format: "{shelf}/{box}#{number}", parse: {no: "{number}", place: "*/{shelf}/{box}"}}
  title: title
  parent_id: {format: "{shelf}/{box}#{number}", parse: {place: "*/{shelf}/{box}", key: "{number}"}}
operations:
  get: {operation: getThing, params: id}
  update:
    - {operation: getThing, if: parent_id, params: id, save: child}
    - {operation: addChild, if: parent_id, params: [parent_id, {child: child.key}]}
    - {operation: updateThing, params: id, send: [title]}
    - {operation: getThing, if: parent_id, params: id}
  list:
    either:
      - {operation: listThings, if: box_id, params: box_id, items: "@"}
      - {operation: listAll, items: "@"}
"""
BOX = 'resource: boxes\nschema: Box\nfields: {id: {format: "{shelf}/{box}", parse: {place: "*/{shelf}/{box}"}}}\n'
BOX += "operations: {get: {operation: getBox, params: id}}\n"
RESPONSE = {"key": 77, "no": 7, "place": "//a/b", "title": "x"}


@pytest.fixture
def catalog(build: Build) -> Catalog:
    return build(model=[THINGS, BOXES], document=DOCUMENT, mapping=[MAPPING, BOX])


def test_a_part_is_an_integer_if_the_vendor_declares_one(catalog: Catalog) -> None:
    ran = catalog.run("get", "a/b#7", responses=[RESPONSE])
    assert (ran.value.id, ran.sent) == ("a/b#7", ["GET /a/b/7"])
    for wrong in ("a/b#seven", "a/b", "7"):
        with pytest.raises(InvalidInput, match="id"):
            catalog.run("get", wrong)


def test_an_id_of_another_resource_is_split_by_its_parts(catalog: Catalog) -> None:
    assert catalog.run("list", box_id="a/b", responses=[[RESPONSE]]).sent == ["GET /a/b"]
    assert catalog.run("list", responses=[[]]).sent == ["GET /all"]
    with pytest.raises(InvalidInput, match="box_id"):
        catalog.run("list", box_id="b")


def test_saved_values_of_conditional_steps_fill_required_inputs(catalog: Catalog) -> None:
    responses: list[Any] = [RESPONSE, RESPONSE, RESPONSE]
    assert catalog.run("update", "a/b#7", parent_id="c/d#8", responses=responses).sent == [
        "GET /a/b/7",
        ("POST /c/d/8/children", {"child": 77}),
        "GET /a/b/7",
    ]
    assert catalog.run("update", "a/b#7", title="y", responses=[RESPONSE]).sent == [("PATCH /a/b/7", {"title": "y"})]
