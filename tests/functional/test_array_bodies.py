"""Requests whose body is an array: one object in it, objects or values made from a list, and the list itself."""

from __future__ import annotations

import pytest

from tests.functional.compiled import Build, Catalog, Refused, call, document, model, obj
from unified_runtime import InvalidInput

PAIR = obj(id="string", kind="string", note="string")
MODEL = model(
    "id: {type: id, read_only: true}\ntitle: {type: text}\nlabels: {type: [text]}\nmember_ids: {type: [id]}",
    """
  update:
  label: {kind: update, fields: [labels]}
  invite: {kind: update, fields: [member_ids]}
  note: {kind: update, fields: [title]}
""",
)
DOCUMENT = document(
    [
        call("getThing", "GET /things/{id}", returns="Thing"),
        call("putLabels", "PUT /things/{id}/labels", takes=["string"], returns="Thing"),
        call("putMembers", "PUT /things/{id}/members", takes=[PAIR], returns="Thing"),
        call("patchThing", "PATCH /things/{id}", takes=[obj(op="string", path="string", value="string")], returns="Thing"),
    ],
    {"Thing": obj(id="string", title="string", labels=["string"], members=[obj(id="string")])},
)
FIELDS = """
resource: things
schema: Thing
fields:
  id: {read: id}
  title: {read: title, write: {note: "[0].note", update: "[0].value"}, clear: never}
  labels: {read: labels, write: {label: "@"}}
  member_ids: {read: "members[].id", write: {invite: "[].id"}}
unsupported:
  update.labels, update.member_ids: by an operation of its own
operations:
"""
ONE = {"id": "1", "title": "t"}


def built(build: Build, operations: str) -> Catalog:
    return build(model=MODEL, document=DOCUMENT, mapping=FIELDS + operations)


OPERATIONS = """
  label: {operation: putLabels, params: {id: id}, send: fields}
  invite: {operation: putMembers, params: {id: id}, send: fields}
  note: {operation: putMembers, params: {path.id: id, "[0].id": id}, constants: {"[0].kind": person}, send: fields}
  update: {operation: patchThing, params: {id: id}, constants: {"[0].op": replace, "[0].path": /title}, send: fields}
"""


def test_one_object(build: Build) -> None:
    catalog = built(build, OPERATIONS)
    assert catalog.run("update", "1", title="new", responses=[ONE]).sent == [
        ("PATCH /things/1", [{"op": "replace", "path": "/title", "value": "new"}])
    ]
    assert catalog.run("note", "1", title="n", responses=[ONE]).sent == [
        ("PUT /things/1/members", [{"id": "1", "kind": "person", "note": "n"}])
    ]


def test_objects_made_from_a_list(build: Build) -> None:
    catalog = built(build, OPERATIONS)
    assert catalog.run("invite", "1", member_ids=["a", "b"], responses=[ONE]).sent == [
        ("PUT /things/1/members", [{"id": "a"}, {"id": "b"}])
    ]
    assert catalog.run("invite", "1", member_ids=[], responses=[ONE]).sent == [("PUT /things/1/members", [])]


def test_the_list_itself(build: Build) -> None:
    catalog = built(build, OPERATIONS)
    assert catalog.run("label", "1", labels=["x", "y"], responses=[ONE]).sent == [("PUT /things/1/labels", ["x", "y"])]
    assert catalog.run("label", "1", labels=[], responses=[ONE]).sent == [("PUT /things/1/labels", [])]


def test_objects_made_from_an_input(build: Build) -> None:
    step = '  invite: {operation: patchThing, params: {id: id, "[].value": member_ids}}'
    catalog = built(build, "\n".join(step if "invite:" in line else line for line in OPERATIONS.splitlines()) + "\n")
    assert catalog.run("invite", "1", member_ids=["a", "b"], responses=[ONE]).sent == [
        ("PATCH /things/1", [{"value": "a"}, {"value": "b"}])
    ]


def test_a_list_is_cleared_by_an_empty_one(build: Build) -> None:
    catalog = built(build, OPERATIONS)
    assert catalog.run("invite", "1", member_ids=None, responses=[ONE]).sent == [("PUT /things/1/members", [])]
    assert catalog.run("label", "1", labels=None, responses=[ONE]).sent == [("PUT /things/1/labels", [])]


def test_nothing_can_be_added_to_a_list(build: Build) -> None:
    with pytest.raises(InvalidInput, match="extra"):
        built(build, OPERATIONS).run("update", "1", title="new", extra={"acme": {"note": "x"}})


@pytest.mark.parametrize(
    "step",
    [
        'invite: {operation: putMembers, params: {id: id}, constants: {"[0].kind": x}, send: fields}',
        'invite: {operation: patchThing, params: {id: id, "[].value": member_ids}, constants: {"[0].op": add}}',
    ],
)
def test_a_list_made_from_one_has_no_other_elements(build: Build, step: str) -> None:
    changed = "\n".join(f"  {step}" if "invite:" in line else line for line in OPERATIONS.splitlines()) + "\n"
    with pytest.raises(Refused, match=r"MAP216 the body of `\w+` is filled as a unit"):
        built(build, changed)
