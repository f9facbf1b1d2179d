"""Fields that are read from the first of several paths that holds a value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.functional.compiled import Build, call, diagnostics, document, model, obj

MODEL = model(
    "id: {type: id, read_only: true}\n"
    "title: {type: text}\n"
    "priority: {type: enum, values: [low, high], read_only: true}\n"
    "amount: {type: decimal, read_only: true}\n"
    "open: {type: boolean, read_only: true}\n"
    "due_date: {type: date, read_only: true}\n"
    "labels: {type: [text], read_only: true}\n"
    "user_id: {type: id, read_only: true}",
    "get: {}\ncreate: {}\nlist: {}",
)
SCHEMAS = {
    "Thing": obj(
        id="string",
        title="string?",
        name="string",
        rank="string",
        level="integer",
        net="number?",
        gross="string",
        open="boolean?",
        active="boolean",
        due="string:date",
        start=obj(date="string:date"),
        tags=["string"],
        words=["string"],
        owner=obj(id="integer"),
        user="string",
    ),
    "Short": obj(id="string", name="string"),
}
CALLS = [
    call("get", "GET /things/{id}", returns="Thing"),
    call("make", "POST /things", takes=obj(name="string"), returns="Thing"),
    call("list", "GET /things", returns=["Short"]),
]
MAPPING = """
resource: things
schema: Thing
fields:
  id: {read: id}
  title: {read: title || name, write: name}
  priority: {read: rank || level, enum: {low: [l, 1], high: [h, 2]}}
  amount: {read: net || gross}
  open: {read: open || active}
  due_date: {read: due || start.date}
  labels: {read: tags || words}
  user_id: {read: "owner.id || user"}
allow: {MAP209 list: an element of the list is short}
operations:
  get: {operation: get, params: {id: id}}
  create: {operation: make, send: fields}
  list: {operation: list, items: "@"}
"""
FULL = {
    "id": "1", "title": "T", "name": "N", "rank": "l", "level": 2, "net": 0, "gross": "9.5", "open": False, "active": True,
    "due": "2030-01-02", "start": {"date": "2031-01-02"}, "tags": ["a"], "words": ["b"], "owner": {"id": 7}, "user": "u",
}  # fmt: skip


def test_the_first_value_counts(build: Build) -> None:
    catalog = build(model=MODEL, document=document(CALLS, SCHEMAS), mapping=MAPPING)

    def read(*left_out: str, **changed: Any) -> list[Any]:
        record = {name: value for name, value in {**FULL, **changed}.items() if name not in left_out}
        thing = catalog.run("get", "1", responses=[record]).value
        return [thing.title, thing.priority, thing.amount, thing.open, thing.due_date, thing.labels, thing.user_id]

    first = ["T", "low", Decimal(0), False, date(2030, 1, 2), ["a"], "7"]
    second = ["N", "high", Decimal("9.5"), True, date(2031, 1, 2), ["b"], "u"]
    assert read() == first
    assert read("title", "rank", "net", "open", "due", "tags", "owner") == second
    assert read("rank", "owner", title="", net=None, open=None, due=None, tags=[]) == second
    assert read(*(name for name in FULL if name != "id")) == [None, None, None, None, None, [], None]


def test_a_list_whose_records_have_only_one_of_them(build: Build) -> None:
    catalog = build(model=MODEL, document=document(CALLS, SCHEMAS), mapping=MAPPING)
    assert [thing.title for thing in catalog.run("list", responses=[[{"id": "1", "name": "N"}]]).value] == ["N"]


def test_it_is_written_to_its_own_path(build: Build) -> None:
    catalog = build(model=MODEL, document=document(CALLS, SCHEMAS), mapping=MAPPING)
    assert catalog.run("create", title="N", responses=[FULL]).sent == [("POST /things", {"name": "N"})]


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ("title || name", "title || named", "MAP201 `named`: Thing has no `named` here"),
        ("due || start.date", "due || level", "MAP202 `due_date` is a date, but `level` holds integer"),
        ("tags || words", "tags || name", "MAP202 `labels` is a list of texts, but `name` yields a single value"),
        ("title || name", "title ||", "MAP003"),
        ("title || name, write: name", "title || name, write: name || title", "MAP003"),
    ],
)
def test_each_path_is_checked(old: str, new: str, reported: str) -> None:
    found = diagnostics(model=MODEL, document=document(CALLS, SCHEMAS), mapping=MAPPING.replace(old, new))
    assert any(reported in line for line in found), found
    assert not diagnostics(model=MODEL, document=document(CALLS, SCHEMAS), mapping=MAPPING)
