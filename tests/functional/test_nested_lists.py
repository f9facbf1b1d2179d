"""Records in lists of a list: `where` beside `items` selects the elements of the outer list whose records are read."""

from __future__ import annotations

import pytest

from tests.functional.compiled import Build, Catalog, Refused, call, document, model, obj

FIELDS = "id: {type: id, read_only: true}"
TABLES = {"tables": [{"id": "a", "things": [{"id": "1"}, {"id": "2"}]}, {"id": "b", "things": [{"id": "3"}]}, {"id": "a", "things": None}]}


def project(build: Build, step: str) -> Catalog:
    return build(
        model=model(FIELDS, "{list: {inputs: {table_id: {type: id, required: true, summary: Of this table.}}}}"),
        document=document(
            [call("schema", "GET /schema", returns=obj(tables=["Table"]))],
            {"Thing": obj(id="string"), "Table": obj(id="string", size=obj(rows="integer"), things=["Thing"])},
        ),
        mapping=f"resource: things\nschema: Thing\nfields: {{id: {{read: id}}}}\noperations:\n  list: {{operation: schema, {step}}}\n",
    )


def test_records_of_the_selected_elements_are_read(build: Build) -> None:
    catalog = project(build, 'items: "tables[].things[]", where: {id: table_id}')
    for table, expected in (("a", ["1", "2"]), ("b", ["3"]), ("c", [])):
        ran = catalog.run("list", table_id=table, responses=[TABLES])
        assert [one.id for one in ran.value] == expected
        assert ran.sent == ["GET /schema"]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ('items: "tables[].things[]", where: {ix: table_id}', "MAP201"),
        ('items: "tables[].things[]", where: {size: table_id}', "MAP214"),
        ('items: "tables[].things[]", where: {id: table}', "MAP004"),
    ],
)
def test_conditions_are_checked(build: Build, step: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        project(build, step)


def test_the_elements_must_have_lists(build: Build) -> None:
    with pytest.raises(Refused, match="MAP212 `where` selects elements that have a list of records each"):
        build(
            model=model(FIELDS, "{list: {inputs: {table_id: {type: id, required: true, summary: Of this table.}}}}"),
            document=document([call("all", "GET /all", returns=obj(things=["Thing"]))], {"Thing": obj(id="string")}),
            mapping="resource: things\nschema: Thing\nfields: {id: {read: id}}\n"
            "operations:\n  list: {operation: all, items: things, where: {id: table_id}}\n",
        )
