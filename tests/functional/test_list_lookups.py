"""Lists that need a look-up first: the records are found by ids that another record holds."""

from __future__ import annotations

from tests.functional.compiled import Build, Catalog, call, document, model, obj

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
