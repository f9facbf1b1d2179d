"""Enum values: the vendor's values for unified ones, in one column or in several; labels."""

from __future__ import annotations

import pytest

from tests.functional.compiled import Build, crud, diagnostics, document, model, obj, schema
from unified_runtime import Unsupported

EMPTY = {"id": "1"}
STATUS = "status: {type: enum, values: [open, in_progress, done, canceled]}"


def enum(*words: object, **more: object) -> dict:
    return {"type": "string", "enum": list(words), **more}


def test_words_are_read_by_any_and_written_by_the_first(build: Build) -> None:
    catalog = crud(
        build,
        "priority: {type: enum, values: [low, medium, high], label: true}",
        "priority: {path: f.priority.name, label: f.priority.title, enum: {low: [Low, Lowest], medium: Medium, high: High}}",
        obj(f=obj(priority={**obj(name="string", title="string"), "nullable": True}, other="string")),
        takes=obj(f={**obj(priority={**obj(name="string"), "nullable": True}, other="string"), "nullable": True}),
    )

    def read(word: object) -> tuple:
        value = catalog.run("get", "1", responses=[{"id": "1", "f": {"priority": {"name": word, "title": "as told"}}}]).value
        return value.priority, value.priority_label

    assert read("Lowest") == read("Low") == ("low", "as told")
    assert read("Medium") == ("medium", "as told")
    assert read("Blocker") == (None, "as told"), "an unknown word never fails a page"
    assert read(None) == (None, "as told")
    assert catalog.run("create", priority="low", responses=[EMPTY]).sent == [("POST /things", {"f": {"priority": {"name": "Low"}}})]
    assert catalog.run("update", "1", priority=None, responses=[EMPTY]).sent == [("PATCH /things/1", {"f": None})]


def test_a_word_may_be_text_where_it_is_read_and_a_number_where_it_is_written(build: Build) -> None:
    catalog = crud(
        build,
        "priority: {type: enum, values: [low, high]}",
        'priority: {read: priority.id, write: priority, clear: never, enum: {low: [4, "4"], high: [1, "1"]}}',
        obj(priority=obj(id="string")),
        takes=obj(priority="integer"),
    )
    assert catalog.run("create", priority="low", responses=[EMPTY]).sent == [("POST /things", {"priority": 4})]
    assert catalog.run("get", "1", responses=[{"id": "1", "priority": {"id": "1"}}]).value.priority == "high"


def test_a_value_without_a_row_is_refused_with_its_reason(build: Build) -> None:
    catalog = crud(
        build,
        STATUS,
        "status: {path: state, clear: never, enum: {open: active, done: closed}}",
        obj(state=enum("active", "closed")),
        more="unsupported: {status.canceled: Acme gives nothing up, status.in_progress: not known there}\n",
    )
    with pytest.raises(Unsupported, match="Acme has no status 'canceled': Acme gives nothing up; it has open, done"):
        catalog.run("create", status="canceled")
    assert catalog.run("update", "1", status="done", responses=[EMPTY]).sent == [("PATCH /things/1", {"state": "closed"})]


def test_a_value_that_one_operation_lacks(build: Build) -> None:
    catalog = crud(
        build,
        "status: {type: enum, values: [open, done]}",
        "status: {path: state, clear: never, enum: {open: active, done: closed}}",
        obj(state=enum("active", "closed")),
        more="unsupported: {create.status.done: nothing is born done}\n",
    )
    with pytest.raises(Unsupported, match="nothing is born done"):
        catalog.run("create", status="done")
    assert catalog.run("create", status="open", responses=[EMPTY]).sent == [("POST /things", {"state": "active"})]
    assert catalog.run("update", "1", status="done", responses=[EMPTY]).sent == [("PATCH /things/1", {"state": "closed"})]


def test_null_and_booleans_are_words(build: Build) -> None:
    catalog = crud(
        build,
        "busy: {type: boolean}\nactive: {type: boolean}\nlevel: {type: enum, values: [low, high]}",
        """
busy: {path: transparency, clear: never, enum: {true: [opaque, null], false: transparent}}
active: {path: archived, clear: never, enum: {true: false, false: true}}
level: {path: level, clear: never, enum: {low: 1, high: [2, 3]}}""",
        obj(transparency=enum("opaque", "transparent"), archived="boolean", level={"type": "integer", "enum": [1, 2, 3]}),
    )
    value = catalog.run("get", "1", responses=[EMPTY]).value
    assert (value.busy, value.active, value.level) == (True, None, None)
    value = catalog.run("get", "1", responses=[{"id": "1", "transparency": "transparent", "archived": True, "level": 3}]).value
    assert (value.busy, value.active, value.level) == (False, False, "high")
    assert catalog.run("create", busy=True, active=True, level="high", responses=[EMPTY]).sent == [
        ("POST /things", {"transparency": "opaque", "archived": False, "level": 2})
    ]


def test_otherwise_reads_every_other_word(build: Build) -> None:
    catalog = crud(
        build,
        "kind: {type: enum, values: [bug, task], read_only: true}",
        "kind: {read: kind, enum: {bug: [Bug, Defect], task: otherwise}}",
        obj(kind="string"),
    )

    def read(word: object) -> object:
        return catalog.run("get", "1", responses=[{"id": "1", "kind": word}]).value.kind

    assert [read("Bug"), read("Defect"), read("Story"), read("")] == ["bug", "bug", "task", "task"]


def test_otherwise_in_quotes_is_an_enum_value_of_the_vendor(build: Build) -> None:
    catalog = crud(
        build,
        "kind: {type: enum, values: [bug, task]}",
        "kind: {path: kind, clear: never, enum: {bug: Bug, task: 'otherwise'}}",
        obj(kind=enum("Bug", "otherwise")),
    )
    assert catalog.run("get", "1", responses=[{"id": "1", "kind": "else"}]).value.kind is None
    assert catalog.run("create", kind="task", responses=[EMPTY]).sent == [("POST /things", {"kind": "otherwise"})]


def test_otherwise_cannot_be_written_as_if_it_were_a_word() -> None:
    """`task` would be sent as an empty value: an update from Bug to task would change nothing and be reported as a success."""
    found = diagnostics(
        model=model("id: {type: id, read_only: true}\nkind: {type: enum, values: [bug, task]}", "{create: {}}"),
        document=document([*_create()], {"Thing": obj(id="string", kind="string")}),
        mapping="""
resource: things
schema: Thing
fields:
  id: {read: id}
  kind: {path: kind, enum: {bug: Bug, task: otherwise}}
operations:
  create: {operation: createThing, send: fields}
""",
    )
    assert [code for code in found if code.startswith(("MAP305", "MAP302"))], found


def _create() -> list:
    from tests.functional.compiled import call

    return [call("createThing", "POST /things", takes="Thing", returns="Thing")]


def test_a_list_of_words_leaves_out_those_it_does_not_know(build: Build) -> None:
    catalog = crud(
        build,
        "days: {type: [enum], values: [mo, tu]}",
        "days: {path: days, enum: {mo: [Monday, Mon], tu: Tuesday}}",
        obj(days={"type": "array", "items": {"type": "string"}}),
    )
    assert catalog.run("get", "1", responses=[{"id": "1", "days": ["Mon", "Sunday", "Tuesday"]}]).value.days == ["mo", "tu"]
    assert catalog.run("create", days=["tu", "mo"], responses=[EMPTY]).sent == [("POST /things", {"days": ["Tuesday", "Monday"]})]


def test_one_value_for_several_fields(build: Build) -> None:
    catalog = crud(
        build,
        "status: {type: enum, values: [open, done, canceled]}",
        """
status: {enum: {canceled: {closed: true}, done: {closed: false, dueComplete: true}, open: {closed: false, dueComplete: false}}}""",
        obj(closed="boolean", dueComplete="boolean"),
        takes=obj(closed="boolean", dueComplete="boolean"),
    )

    def read(**columns: object) -> object:
        return catalog.run("get", "1", responses=[{"id": "1", **columns}]).value.status

    assert read(closed=True, dueComplete=True) == read(closed=True) == "canceled"
    assert read(closed=False, dueComplete=True) == "done"
    assert read(closed=False, dueComplete=False) == "open"
    assert read(closed=False) is None
    assert read() is None

    def sent(status: str) -> object:
        return catalog.run("update", "1", status=status, responses=[EMPTY]).sent[0][1]

    assert sent("canceled") == {"closed": True}
    assert sent("done") == {"closed": False, "dueComplete": True}
    with pytest.raises(Unsupported, match="cannot clear status"):
        catalog.run("update", "1", status=None)


def test_columns_below_a_location_and_inside_objects(build: Build) -> None:
    catalog = crud(
        build,
        "status: {type: enum, values: [open, done]}\ntitle: {type: text}",
        """
status: {enum: {open: {s.done: false, s.box.name: inbox}, done: {s.done: true, s.box.name: archive}}}
title: s.title""",
        obj(s=obj(done="boolean", box=obj(name=enum("inbox", "archive")), title="string?")),
    )
    response = {"id": "1", "s": {"done": True, "box": {"name": "archive"}, "title": "T"}}
    assert catalog.run("get", "1", responses=[response]).value.status == "done"
    assert catalog.run("get", "1", responses=[EMPTY]).value.status is None
    assert catalog.run("create", status="open", title="T", responses=[response]).sent == [
        ("POST /things", {"s": {"title": "T", "done": False, "box": {"name": "inbox"}}})
    ]
    assert catalog.run("update", "1", status="done", responses=[response]).sent == [
        ("PATCH /things/1", {"s": {"done": True, "box": {"name": "archive"}}})
    ]
    assert catalog.run("update", "1", title=None, responses=[response]).sent == [("PATCH /things/1", {"s": {"title": None}})]


def test_columns_in_the_query_and_in_a_form(build: Build) -> None:
    catalog = crud(
        build,
        "status: {type: enum, values: [open, done]}",
        "status: {enum: {open: {closed: false, mark: none}, done: {closed: true, mark: tick}}}",
        obj(closed="boolean", mark=enum("none", "tick")),
        media="application/x-www-form-urlencoded",
    )
    assert catalog.run("create", status="done", responses=[EMPTY]).sent == [("POST /things", "closed=true&mark=tick")]


def test_defaults_of_new_records_need_not_be_sent(build: Build) -> None:
    from tests.functional.compiled import call

    catalog = build(
        model=model("id: {type: id, read_only: true}\nstatus: {type: enum, values: [open, done, canceled]}", "{create: {}, update: {}}"),
        document=document(
            [
                call("make", "POST /things", takes=obj(done="boolean"), returns="Thing"),
                call("change", "PUT /things/{thingId}", takes=obj(done="boolean", closed="boolean"), returns="Thing"),
            ],
            {"Thing": obj(id="string", closed="boolean", done="boolean")},
        ),
        mapping="""
resource: things
schema: Thing
fields:
  id: {read: id}
  status: {enum: {canceled: {closed: true}, done: {closed: false, done: true}, open: {closed: false, done: false}}}
initial: {closed: false}
operations:
  create: {operation: make, send: fields}
  update: {operation: change, params: {thingId: id}, send: fields}
unsupported: {create.status.canceled: nothing is born closed}
""",
    )
    assert catalog.run("create", status="done", responses=[EMPTY]).sent == [("POST /things", {"done": True})]
    assert catalog.run("update", "1", status="done", responses=[EMPTY]).sent == [("PUT /things/1", {"closed": False, "done": True})]
    with pytest.raises(Unsupported, match="nothing is born closed"):
        catalog.run("create", status="canceled")


def test_a_words_table_over_a_location_that_may_hold_anything(build: Build) -> None:
    """A list or an object instead of an enum value is an unknown value."""
    catalog = crud(
        build,
        "kind: {type: enum, values: [bug, task], read_only: true}",
        "kind: {read: kind, enum: {bug: Bug, task: Task}}",
        obj(kind={"oneOf": [schema("string"), schema("integer"), obj(name="string")]}),
    )
    for odd in (["Bug"], {"name": "Bug"}, 3, None):
        assert catalog.run("get", "1", responses=[{"id": "1", "kind": odd}]).value.kind is None
    assert catalog.run("get", "1", responses=[{"id": "1", "kind": "Bug"}]).value.kind == "bug"
