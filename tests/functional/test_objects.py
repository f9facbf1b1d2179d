"""Nested objects, lists of objects, unions: how a mapping composes and splits them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tests.functional.compiled import Build, Refused, call, crud, diagnostics, document, model, obj
from unified_runtime import InvalidInput, Unsupported

EMPTY = {"id": "1"}


def nullable(found: dict) -> dict:
    return {**found, "nullable": True}


# ------------------------------------------------------------------------------------------------------- one nested object
def test_a_nested_object_from_anywhere_in_the_record(build: Build) -> None:
    catalog = crud(
        build,
        "address: {type: object, record: Address, fields: {street: {type: text}, city: {type: text}, tags: {type: [text]}}}",
        "address: {fields: {street: MailingStreet, city: mail.city, tags: mail.tags}}",
        obj(MailingStreet="string?", mail=obj(city="string?", tags=["string"], zip="string")),
        update="send: fields, merge: {mail: vendor}",
    )
    value = catalog.run("get", "1", responses=[{"id": "1", "MailingStreet": "S", "mail": {"city": "C", "tags": ["t"]}}]).value
    assert (value.address.street, value.address.city, value.address.tags) == ("S", "C", ["t"])
    assert catalog.run("get", "1", responses=[EMPTY]).value.address is None
    assert catalog.run("get", "1", responses=[{"id": "1", "mail": {"city": "C"}}]).value.address.street is None
    address = catalog.module("models.things").Address
    made = catalog.run("create", address=address(street="S", city="C", tags=["a"]), responses=[EMPTY])
    assert made.sent == [("POST /things", {"MailingStreet": "S", "mail": {"city": "C", "tags": ["a"]}})]
    assert catalog.run("create", address=address(city="C"), responses=[EMPTY]).sent[0][1]["mail"]["city"] == "C"
    assert catalog.run("create", responses=[EMPTY]).sent == [("POST /things", {})]
    assert catalog.run("create", address={"city": "C"}, responses=[EMPTY]).sent[0][1]["mail"]["city"] == "C"
    changed = catalog.run("update", "1", address=address(street="S", city="C", tags=["t"]), responses=[EMPTY])
    assert changed.sent == [("PATCH /things/1", {"MailingStreet": "S", "mail": {"city": "C", "tags": ["t"]}})]
    cleared = catalog.run("update", "1", address=None, responses=[EMPTY])
    assert cleared.sent == [("PATCH /things/1", {"MailingStreet": None, "mail": {"city": None, "tags": []}})]


ADDRESS = "address: {type: object, record: Address, fields: {street: {type: text}, city: {type: text}}}"


def test_an_update_of_a_nested_object_leaves_what_was_not_given(build: Build) -> None:
    fields = "address: {fields: {street: MailingStreet, city: MailingCity}}"
    catalog = crud(build, ADDRESS, fields, obj(MailingStreet="string?", MailingCity="string?"))
    sent = catalog.run("update", "1", address={"city": "Rome"}, responses=[EMPTY]).sent
    assert sent == [("PATCH /things/1", {"MailingCity": "Rome"})]
    sent = catalog.run("update", "1", address={"street": None}, responses=[EMPTY]).sent
    assert sent == [("PATCH /things/1", {"MailingStreet": None})]
    sent = catalog.run("update", "1", address=None, responses=[EMPTY]).sent
    assert sent == [("PATCH /things/1", {"MailingStreet": None, "MailingCity": None})]


REPLACED = nullable(obj(street="string?", city="string?", zip="string?"))
INSIDE = "address: {fields: {street: address.street, city: address.city}}"


def test_an_object_that_the_vendor_merges_is_sent_in_part(build: Build) -> None:
    catalog = crud(build, ADDRESS, INSIDE, obj(address=REPLACED), update="send: fields, merge: {address: vendor}")
    sent = catalog.run("update", "1", address={"city": "Rome"}, responses=[EMPTY]).sent
    assert sent == [("PATCH /things/1", {"address": {"city": "Rome"}})]


def test_a_merge_patch_needs_no_declaration(build: Build) -> None:
    catalog = crud(build, ADDRESS, INSIDE, obj(address=REPLACED), media="application/merge-patch+json")
    sent = catalog.run("update", "1", address={"city": "Rome"}, responses=[EMPTY]).sent
    assert sent == [("PATCH /things/1", {"address": {"city": "Rome"}})]


def test_an_object_that_the_vendor_replaces_is_completed_by_its_current_value(build: Build) -> None:
    thing = obj(address=REPLACED)
    catalog = build(
        model=model(f"id: {{type: id, read_only: true}}\n{ADDRESS}\ntitle: {{type: text}}", "update: {}"),
        document=document(
            [call("change", "PUT /things/{id}", takes="Change", returns="Thing"), call("read", "GET /things/{id}", returns="Thing")],
            {
                "Thing": {
                    **thing,
                    "properties": {"id": {"type": "string"}, "title": {"type": "string", "nullable": True}, **thing["properties"]},
                },
                "Change": {**thing, "properties": {"title": {"type": "string", "nullable": True}, **thing["properties"]}},
            },
        ),
        mapping="""
            resource: things
            schema: Thing
            fields:
              id: {read: id}
              address: {fields: {street: address.street, city: address.city}}
              title: title
            params: {id: id}
            operations:
              update:
                - {operation: read, if: address, save: before}
                - {operation: change, send: fields, merge: {address: before.address}}
        """,
    )
    current = {"id": "1", "address": {"street": "S", "city": "C", "zip": "Z", "verified": True}}
    changed = catalog.run("update", "1", address={"city": "Rome"}, responses=[current, EMPTY])
    assert changed.sent == ["GET /things/1", ("PUT /things/1", {"address": {"city": "Rome", "street": "S", "zip": "Z"}})]
    cleared = catalog.run("update", "1", address={"city": None}, responses=[current, EMPTY])
    assert cleared.sent[1] == ("PUT /things/1", {"address": {"city": None, "street": "S", "zip": "Z"}})
    cleared = catalog.run("update", "1", address=None, responses=[EMPTY])
    assert cleared.sent == [("PUT /things/1", {"address": {"street": None, "city": None}})]
    assert catalog.run("update", "1", address={"city": "Rome"}, responses=[EMPTY, EMPTY]).sent[1][1] == {"address": {"city": "Rome"}}
    assert catalog.run("update", "1", title="T", responses=[EMPTY]).sent == [("PUT /things/1", {"title": "T"})]


def test_an_inner_field_that_is_not_sent_is_refused(build: Build) -> None:
    guests = "guests: {type: [object], record: Guest, fields: {email: {type: text}, seen: {type: text}}}"
    catalog = crud(
        build,
        guests,
        "guests: {items: guests, fields: {email: email, seen: {read: seen}}}",
        obj(guests=[obj(email="string", seen="string")]),
        more="unsupported: {write.guests.seen: it is set by the vendor}\n",
    )
    for operation, ids in (("create", ()), ("update", ("1",))):
        with pytest.raises(Unsupported, match=r"cannot take guests\.seen here: it is set by the vendor") as refused:
            catalog.run(operation, *ids, guests=[{"email": "a"}, {"email": "b", "seen": "yes"}], responses=[EMPTY])
        assert refused.value.fields == {"guests.seen": "it is set by the vendor"}
        assert catalog.run(operation, *ids, guests=[{"email": "a"}], responses=[EMPTY]).sent[0][1] == {"guests": [{"email": "a"}]}


def test_an_update_of_several_steps_sends_a_nested_object_that_is_all_it_is_given(build: Build) -> None:
    thing = obj(title="string?", city="string?")
    catalog = build(
        model=model(
            "id: {type: id, read_only: true}\ntitle: {type: text}\naddress: {type: object, record: Address, fields: {city: {type: text}}}",
            "update: {}",
        ),
        document=document(
            [call("change", "PATCH /things/{id}", takes=thing), call("read", "GET /things/{id}", returns="Thing")],
            {"Thing": obj(id="string", title="string?", city="string?")},
        ),
        mapping="""
            resource: things
            schema: Thing
            fields: {id: {read: id}, title: title, address: {fields: {city: city}}}
            operations:
              update:
                - {operation: change, params: {id: id}, send: fields}
                - {operation: read, params: {id: id}}
        """,
    )
    changed = catalog.run("update", "1", address={"city": "C"}, responses=[None, EMPTY])
    assert changed.sent == [("PATCH /things/1", {"city": "C"}), "GET /things/1"]


def test_a_nested_object_below_a_location_with_codecs_and_tables(build: Build) -> None:
    catalog = crud(
        build,
        "span: {type: object, record: Span, read_only: true, fields: {start: {type: datetime}, due: {type: date}, kind: {type: enum, values: [a, b]}, nr: {type: integer}}}",
        "span: {read: box.span, fields: {start: {read: from, codec: epoch_ms}, due: {read: due}, kind: {read: k, enum: {a: A, b: B}}, nr: {read: nr}}}",
        obj(box=obj(span=obj(due="string:date", k="string", nr="integer", **{"from": "integer"}))),
    )
    response = {"id": "1", "box": {"span": {"from": 0, "due": "2026-01-02", "k": "B", "nr": 0}}}
    span = catalog.run("get", "1", responses=[response]).value.span
    assert (span.start, span.due, span.kind, span.nr) == (datetime(1970, 1, 1, tzinfo=UTC), date(2026, 1, 2), "b", 0)
    assert catalog.run("get", "1", responses=[EMPTY]).value.span is None


def test_a_nested_object_with_bounds_and_words(build: Build) -> None:
    catalog = crud(
        build,
        "place: {type: object, record: Place, fields: {name: {type: text}, kind: {type: enum, values: [home, work]}, day: {type: date}, seen: {type: text, read_only: true}}}",
        "place: {fields: {name: name, kind: {path: kind, enum: {home: H, work: W}}, day: day, seen: {read: seen}}}",
        obj(name={"type": "string", "maxLength": 3, "nullable": True}, kind="string?", day="string:date?", seen="string"),
    )
    location = catalog.module("models.things").Place
    made = catalog.run("create", place=location(name="abc", kind="work", day=date(2026, 1, 2)), responses=[EMPTY])
    assert made.sent == [("POST /things", {"name": "abc", "kind": "W", "day": "2026-01-02"})]
    with pytest.raises(InvalidInput, match="at most 3 characters"):
        catalog.run("create", place=location(name="abcd"))


# --------------------------------------------------------------------------------------------------------- lists of objects
ATTENDEES = """attendees:
  type: [object]
  record: Attendee
  fields:
    email: {type: email, required: create}
    organizer: {type: boolean, read_only: true}
    response: {type: enum, values: [pending, declined]}
    comment: {type: text}
    since: {type: date}
    tags: {type: [text]}"""
ATTENDEE = obj(
    "email",
    email="string",
    organizer="boolean",
    responseStatus="string",
    note=obj(text={"type": "string", "maxLength": 5}, tags=[obj(name="string")]),
    since="string:date",
)


def test_a_list_of_objects_read_and_written_element_by_element(build: Build) -> None:
    catalog = crud(
        build,
        ATTENDEES,
        """
attendees:
  items: f.people
  fields:
    email: email
    organizer: {read: organizer}
    response: {path: responseStatus, enum: {pending: needsAction, declined: declined}}
    comment: note.text
    since: since
    tags: note.tags[].name""",
        obj(f=obj(people=[ATTENDEE])),
    )
    people = [
        {
            "email": "a",
            "organizer": True,
            "responseStatus": "declined",
            "note": {"text": "x", "tags": [{"name": "t"}]},
            "since": "2026-01-02",
        },
        {"email": "b", "responseStatus": "else"},
    ]
    one, two = catalog.run("get", "1", responses=[{"id": "1", "f": {"people": people}}]).value.attendees
    assert (one.email, one.organizer, one.response, one.comment, one.since, one.tags) == (
        "a",
        True,
        "declined",
        "x",
        date(2026, 1, 2),
        ["t"],
    )
    assert (two.email, two.organizer, two.response, two.comment, two.tags) == ("b", None, None, None, [])
    assert catalog.run("get", "1", responses=[EMPTY]).value.attendees == []
    attendee = catalog.module("models.things").Attendee
    given = [attendee(email="a", response="pending", comment="hi", since=date(2026, 1, 2), tags=["x"]), attendee(email="b", organizer=True)]
    made = catalog.run("create", attendees=given, responses=[EMPTY])
    first = {"email": "a", "responseStatus": "needsAction", "note": {"text": "hi", "tags": [{"name": "x"}]}, "since": "2026-01-02"}
    assert made.sent == [("POST /things", {"f": {"people": [first, {"email": "b"}]}})]
    with pytest.raises(InvalidInput, match=r"Acme needs attendees\.email"):
        catalog.run("create", attendees=[attendee(comment="hi")])
    with pytest.raises(InvalidInput, match=r"at most 5 characters as attendees\.comment"):
        catalog.run("create", attendees=[attendee(email="a", comment="too long")])
    assert catalog.run("update", "1", attendees=[attendee(email="a")], responses=[EMPTY]).sent == [
        ("PATCH /things/1", {"f": {"people": [{"email": "a"}]}})
    ]
    for empty in ([], None):
        assert catalog.run("update", "1", attendees=empty, responses=[EMPTY]).sent == [("PATCH /things/1", {"f": {"people": []}})]


def test_elements_with_a_table_of_several_columns_and_a_link(build: Build) -> None:
    catalog = crud(
        build,
        "steps: {type: [object], record: Step, fields: {state: {type: enum, values: [open, done]}, url: {type: url, read_only: true}, count: {type: integer}}}",
        """
steps:
  items: steps
  fields:
    state: {enum: {open: {closed: false, mark: none}, done: {closed: true, mark: tick}}}
    url: {read: key, codec: {link: "https://{connection.site}.example/{}"}}
    count: count""",
        obj(steps=[obj(closed="boolean", mark="string", key="string", count={"type": "integer", "minimum": 1})]),
        vendor="connection: {site: The site}\nbase_url: {default: 'https://acme.example'}\n",
        values={"site": "s"},
    )
    steps = catalog.run("get", "1", responses=[{"id": "1", "steps": [{"closed": True, "mark": "tick", "key": "K"}, {}]}]).value.steps
    assert [(each.state, each.url) for each in steps] == [("done", "https://s.example/K"), (None, None)]
    step = catalog.module("models.things").Step
    assert catalog.run("create", steps=[step(state="done", count=2), step()], responses=[EMPTY]).sent == [
        ("POST /things", {"steps": [{"closed": True, "mark": "tick", "count": 2}, {}]})
    ]
    with pytest.raises(InvalidInput, match="below 1"):
        catalog.run("create", steps=[step(count=0)])


def test_an_element_that_differs_between_create_and_update(build: Build) -> None:
    catalog = crud(
        build,
        "people: {type: [object], record: Person, fields: {name: {type: text}, role: {type: text}}}",
        "people: {items: people, fields: {name: name, role: {read: role, write: {create: role}}}}",
        obj(people=[obj(name="string", role="string")]),
        more="unsupported: {update.people.role: it stays as it is}\n",
    )
    person = catalog.module("models.things").Person
    assert catalog.run("create", people=[person(name="n", role="r")], responses=[EMPTY]).sent == [
        ("POST /things", {"people": [{"name": "n", "role": "r"}]})
    ]
    assert catalog.run("update", "1", people=[person(name="n")], responses=[EMPTY]).sent == [
        ("PATCH /things/1", {"people": [{"name": "n"}]})
    ]
    with pytest.raises(Unsupported, match=r"people\.role"):
        catalog.run("update", "1", people=[person(name="n", role="r")])


def test_elements_of_a_list_are_left_out(build: Build) -> None:
    catalog = crud(
        build,
        "taken: {type: [object], record: Taken, read_only: true, fields: {start: {type: text}}}",
        "taken: {items: f.items, exclude: \"status == 'free' || gone.by\", fields: {start: {read: at.start}}}",
        obj(f=obj(items=[obj(status="string", at=obj(start="string"), gone=obj(by="string?"))])),
    )
    items = [
        {"status": "free", "at": {"start": "a"}},
        {"status": "busy", "at": {"start": "b"}},
        {"status": "busy", "at": {"start": "c"}, "gone": {"by": "x"}},
        {"at": {"start": "d"}, "gone": {}},
        {"status": "else"},
    ]
    value = catalog.run("get", "1", responses=[{"id": "1", "f": {"items": items}}]).value
    assert [one.start for one in value.taken] == ["b", "d", None]
    assert catalog.run("get", "1", responses=[EMPTY]).value.taken == []
    assert catalog.run("get", "1", responses=[{"id": "1", "f": {"items": items[:1]}}]).value.taken == []


def test_a_list_of_which_elements_are_left_out_is_not_written(build: Build) -> None:
    """Elements that are left out would be lost: the list is replaced completely."""
    with pytest.raises(Refused, match="MAP208 `taken` is read, but no operation writes it"):
        crud(
            build,
            "taken: {type: [object], record: Taken, fields: {start: {type: text}}}",
            "taken: {items: items, exclude: \"status == 'free'\", fields: {start: start}}",
            obj(items=[obj(status="string", start="string")]),
        )


def test_a_filter_looks_at_what_an_element_has(build: Build) -> None:
    with pytest.raises(Refused, match="an element of `taken` has no `state` here"):
        crud(
            build,
            "taken: {type: [object], record: Taken, read_only: true, fields: {start: {type: text}}}",
            "taken: {items: items, exclude: \"state == 'free'\", fields: {start: {read: start}}}",
            obj(items=[obj(status="string", start="string")]),
        )


def test_an_input_carries_the_codec_of_an_inner_field(build: Build) -> None:
    catalog = build(
        model=model(
            "id: {type: id, read_only: true}\nspan: {type: object, record: Span, read_only: true, fields: {start: {type: datetime}}}",
            "list: {inputs: {after: {field: span.start, required: true}}}",
        ),
        document=document(
            [call("listThings", "GET /things", query={"after": "integer"}, returns=["Thing"])],
            {"Thing": obj(id="string", start="integer")},
        ),
        mapping="""
            resource: things
            schema: Thing
            fields: {id: {read: id}, span: {fields: {start: {read: start, codec: epoch_ms}}}}
            operations:
              list: {operation: listThings, params: {after: after}, items: "@", pagination: none}
        """,
    )
    run = catalog.run("list", after=datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), responses=[[{"id": "1", "start": 2000}]])
    assert run.sent == [("GET /things?after=1000")]
    assert run.value[0].span.start == datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC)


# ------------------------------------------------------------------------------------------------------------------- unions
def test_a_union_of_dates(build: Build) -> None:
    catalog = crud(
        build,
        "start: {type: date | datetime}",
        "start: {by_type: {date: start.date, datetime: start.dateTime}}",
        obj(start=obj(date="string:date?", dateTime="string:date-time?")),
    )
    read = lambda start: catalog.run("get", "1", responses=[{"id": "1", "start": start}]).value.start  # noqa: E731
    assert read({"date": "2026-01-02"}) == date(2026, 1, 2)
    assert read({"date": None, "dateTime": "2026-01-02T03:04:05Z"}) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert read(None) is None
    assert read({}) is None
    at = datetime(2026, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=1)))
    assert catalog.run("create", start=date(2026, 1, 2), responses=[EMPTY]).sent == [("POST /things", {"start": {"date": "2026-01-02"}})]
    assert catalog.run("create", start=at, responses=[EMPTY]).sent == [("POST /things", {"start": {"dateTime": "2026-01-02T02:04:00Z"}})]
    assert catalog.run("create", responses=[EMPTY]).sent == [("POST /things", {})]
    changed = catalog.run("update", "1", start=date(2026, 1, 2), responses=[EMPTY])
    assert changed.sent == [("PATCH /things/1", {"start": {"date": "2026-01-02", "dateTime": None}})]
    assert catalog.run("update", "1", start=None, responses=[EMPTY]).sent == [
        ("PATCH /things/1", {"start": {"date": None, "dateTime": None}})
    ]


def test_a_required_union_of_other_types(build: Build) -> None:
    catalog = crud(
        build,
        "value: {type: text | integer | boolean | decimal, required: create}",
        "value: {by_type: {text: t, integer: i, boolean: b, decimal: d}}",
        obj(t="string?", i="integer?", b="boolean?", d="number?"),
    )
    for given, body in (("x", {"t": "x"}), (3, {"i": 3}), (True, {"b": True})):
        assert catalog.run("create", value=given, responses=[EMPTY]).sent == [("POST /things", body)]
    assert catalog.run("get", "1", responses=[{"id": "1", "i": 0}]).value.value == 0
    assert catalog.run("get", "1", responses=[{"id": "1", "b": False}]).value.value is False


def test_a_union_whose_arms_cannot_be_distinguished_is_refused() -> None:
    found = diagnostics(
        model=model("id: {type: id, read_only: true}\nwho: {type: id | email}", "{create: {}}"),
        document=document([*_create()], {"Thing": obj(id="string", a="string", b="string")}),
        mapping="""
resource: things
schema: Thing
fields:
  id: {read: id}
  who: {by_type: {id: a, email: b}}
operations:
  create: {operation: createThing, send: fields}
""",
    )
    assert (
        found[0] == "MAP010 a union holds one of `email`, `id`, `markdown`, `text` or `url`: values of two of them cannot be distinguished"
    )


def _create() -> list:
    from tests.functional.compiled import call

    return [call("createThing", "POST /things", takes="Thing", returns="Thing")]


# ------------------------------------------------------------------------------------------------------------ objects in objects
def test_objects_in_objects_and_lists_in_lists_of_objects(build: Build) -> None:
    catalog = crud(
        build,
        """box:
  type: object
  record: Box
  fields:
    name: {type: text}
    size: {type: object, record: Size, fields: {width: {type: integer}, unit: {type: enum, values: [cm, inch]}}}
    lids: {type: [object], record: Lid, fields: {color: {type: text}}}
rows:
  type: [object]
  record: Row
  fields:
    title: {type: text, required: create}
    place: {type: object, record: Place, fields: {x: {type: integer}, y: {type: integer}}}
    cells: {type: [object], record: Cell, fields: {text: {type: text}, marks: {type: [object], record: Mark, fields: {at: {type: date}}}}}""",
        """
box:
  fields:
    name: box.name
    size: {fields: {width: box.w, unit: {path: box.unit, enum: {cm: CM, inch: IN}}}}
    lids: {items: box.lids, fields: {color: c}}
rows:
  items: rows
  fields:
    title: t
    place: {fields: {x: at.x, y: at.y}}
    cells: {items: cells, fields: {text: text, marks: {items: m.marks, fields: {at: day}}}}""",
        obj(
            box=obj(name="string?", w="integer?", unit="string?", lids=[obj(c="string")]),
            rows=[obj(t="string", at=obj(x="integer", y="integer"), cells=[obj(text="string", m=obj(marks=[obj(day="string:date")]))])],
        ),
        update="send: fields, merge: {box: vendor}",
    )
    response = {
        "id": "1",
        "box": {"name": "B", "w": 3, "unit": "IN", "lids": [{"c": "red"}]},
        "rows": [
            {"t": "R", "at": {"x": 1, "y": 2}, "cells": [{"text": "c", "m": {"marks": [{"day": "2026-01-02"}]}}]},
            {"t": "S"},
        ],
    }
    value = catalog.run("get", "1", responses=[response]).value
    assert (value.box.name, value.box.size.width, value.box.size.unit, value.box.lids[0].color) == ("B", 3, "inch", "red")
    first, second = value.rows
    assert (first.title, first.place.x, first.place.y, first.cells[0].text) == ("R", 1, 2, "c")
    assert first.cells[0].marks[0].at == date(2026, 1, 2)
    assert (second.title, second.place, second.cells) == ("S", None, [])
    given = {
        "box": {"name": "B", "size": {"width": 3, "unit": "inch"}, "lids": [{"color": "red"}]},
        "rows": [{"title": "R", "place": {"x": 1, "y": 2}, "cells": [{"text": "c", "marks": [{"at": date(2026, 1, 2)}]}]}, {"title": "S"}],
    }
    made = catalog.run("create", responses=[EMPTY], **given)
    assert made.sent == [("POST /things", {name: part for name, part in response.items() if name != "id"})]
    cleared = catalog.run("update", "1", box=None, responses=[EMPTY])
    assert cleared.sent == [("PATCH /things/1", {"box": {"name": None, "w": None, "unit": None, "lids": []}})]
    with pytest.raises(InvalidInput, match=r"rows\.title"):
        catalog.run("create", rows=[{"cells": []}])
