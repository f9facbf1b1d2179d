"""Related records: selected by a nested query; texts and objects are sent to the paths that accept them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, call, diagnostics, document, model, obj

THING = obj(id="string", Name="string?", Roles={**obj(records=[obj(Person="string", Kind="string")]), "nullable": True})


def test_columns_of_related_records_are_selected_from_their_relationship(build: Build) -> None:
    catalog = build(
        model=model(
            "id: {type: id, read_only: true}\nname: {type: text, read_only: true}\npeople: {type: [text], read_only: true}\n"
            "kinds: {type: [text], read_only: true}",
            "{get: {}, list: {}}",
        ),
        document=document([call("query", "GET /query", query={"q!": "string"}, returns=obj(records=["Thing"]))], {"Thing": THING}),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, name: {read: Name}, people: {read: "Roles.records[].Person"}, kinds: {read: "Roles.records[].Kind"}}
operations:
  get:  {operation: query, record: "records[0]", query: {q: {language: soql, prefix: "SELECT {columns} FROM Thing", all: ["Id = {id}"]}}}
  list: {operation: query, items: records, pagination: none, query: {q: {language: soql, prefix: "SELECT {columns} FROM Thing"}}}
""",
        vendor='select: {fields: {columns: ","}}\npagination: {default: {page_param: page}}\n',
    )
    body = {"id": "1", "Name": "a", "Roles": {"records": [{"Person": "p", "Kind": "k"}, {"Person": "q", "Kind": "l"}]}}
    first, second = catalog.run("list", responses=[{"records": [body, {"id": "2", "Roles": None}]}]).value
    assert (first.id, first.people, first.kinds) == ("1", ["p", "q"], ["k", "l"])
    assert not second.people
    sent = catalog.run("get", "1'", responses=[{"records": [body]}]).sent
    assert sent == ["GET /query?q=SELECT id,Name,(SELECT Person,Kind FROM Roles) FROM Thing WHERE Id = '1\\''"]


@pytest.mark.parametrize(
    ("takes", "message"),
    [
        (obj(name="string", people=[obj(name="string")]), None),
        (obj(name=["string"], people=[obj(name="string")]), "a text is sent, but `name` accepts"),
        (obj(name="integer", people=[obj(name="string")]), "a text is sent, but `name` accepts"),
        (obj(name="string", people=["boolean"]), "a list of objects is sent, but `people` accepts"),
        (obj(name="string", people="string"), "a list of objects is sent, but `people` accepts"),
    ],
)
def test_texts_and_objects_go_where_they_are_taken(takes: Any, message: str | None) -> None:
    found = diagnostics(
        model=model(
            "id: {type: id, read_only: true}\ntitle: {type: text, required: create}\n"
            "people: {type: [object], record: Person, fields: {name: {type: text, required: create}}}",
            "{create: {}}",
        ),
        document=document(
            [call("makeThing", "POST /things", takes=takes, returns="Thing")],
            {"Thing": obj(id="string", title="string", people=[obj(name="string")])},
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, title: {read: title}, people: {items: people, fields: {name: name}}}
operations:
  create: {operation: makeThing, send: [people], templates: {name: ["Thing {title}"]}}
""",
    )
    assert [each for each in found if each.startswith("MAP202")] == ([] if message is None else [each for each in found if message in each])
    assert message is None or any(message in each for each in found), found
