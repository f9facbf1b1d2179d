"""Lists that need a look-up first: the records are found by ids that another record holds."""

from __future__ import annotations

import pytest

from tests.functional.compiled import Build, Catalog, call, document, model, obj
from unified_runtime import VendorProtocolError

NOTES = ["GET /things/7", "GET /notes?id=1&id=3"]


def project(build: Build) -> Catalog:
    return build(
        model=model("id: {type: id, read_only: true}", "list: {inputs: {thing_id: {type: id, required: true}}}"),
        document=document(
            [
                call("getThing", "GET /things/{thingId}", returns=obj(data=obj(title="string", notes=[obj(id="string")]))),
                call("findNotes", "GET /notes", query={"id": ["string"]}, returns=["Note"]),
            ],
            {"Note": obj(id="string")},
        ),
        mapping="""
resource: things
schema: Note
fields: {id: {read: id}}
operations:
  list:
    - {operation: getThing, params: {thingId: thing_id}, save: {thing: data}}
    - {operation: findNotes, if: thing.notes, params: {id: "thing.notes[].id"}, items: "@", pagination: none}
""",
        vendor="pagination: {default: {page_param: page, start_at: 1}}\n",
    )


def test_the_ids_that_were_found_are_all_requested(build: Build) -> None:
    catalog = project(build)
    ran = catalog.run("list", thing_id="7", responses=[{"data": {"notes": [{"id": "1"}, {"id": "3"}]}}, [{"id": "1"}, {"id": "3"}]])
    assert (ran.sent, [each.id for each in ran.value]) == (NOTES, ["1", "3"])
    assert catalog.plan("list", thing_id="7")[0] == "GET /things/7"


def test_no_id_means_no_record_and_not_every_record(build: Build) -> None:
    catalog = project(build)
    for response in ({"data": {"notes": []}}, {"data": {"notes": None}}, {"data": {}}, {}):
        ran = catalog.run("list", thing_id="7", responses=[response])
        assert (ran.sent, ran.value) == (["GET /things/7"], [])


def filtered(build: Build, params: str) -> Catalog:
    return build(
        model=model("id: {type: id, read_only: true}", "list: {inputs: {email: {type: text}}}"),
        document=document(
            [
                call("findPeople", "GET /people", query={"email": "string"}, returns=[obj(email="string", key="string?")]),
                call("findNotes", "GET /notes", query={"author": "string", "q": "string"}, returns=["Note"]),
            ],
            {"Note": obj(id="string", author="string")},
        ),
        mapping=f"""
resource: things
fields: {{id: {{read: id}}}}
operations:
  list:
    - {{findPeople: {{email: email}}, if: email, save: {{person: "@"}}, where: {{email: email}}, not_found: "no {{email}}"}}
    - {{operation: findNotes, {params}, items: "@", pagination: none}}
""",
        vendor="pagination: {default: {page_param: page, start_at: 1}}\n",
    )


@pytest.mark.parametrize(
    ("params", "sent"),
    [
        ("params: {author: person.key}", "GET /notes?author=7"),
        ('templates: {q: "by {person.key}"}', "GET /notes?q=by 7"),
        ('query: {q: {language: jql, all: ["author = {person.key}"]}}', 'GET /notes?q=author = "7"'),
    ],
)
def test_a_list_is_not_wider_if_the_record_that_filters_it_lacks_its_key(build: Build, params: str, sent: str) -> None:
    catalog = filtered(build, params)
    people = [{"email": "a@b.example", "key": "7"}]
    assert catalog.run("list", email="a@b.example", responses=[people, []]).sent[1:] == [sent]
    for key in (None, ""):
        with pytest.raises(VendorProtocolError, match=r"lacks person\.key"):
            catalog.run("list", email="a@b.example", responses=[[{"email": "a@b.example", "key": key}], []])
    assert catalog.run("list", responses=[[]]).sent == ["GET /notes"]
    assert catalog.plan("list", email="a@b.example") == ["GET /people?email=a@b.example", sent.replace("7", "{person.key}")]
