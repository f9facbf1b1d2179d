"""Lists that are requested once for each element of other lists, and lists of several sources."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, call, diagnostics, document, model, obj
from unified_runtime import InvalidInput
from unified_runtime.adapter_api import element_pages
from unified_runtime.core.context import Context

MODEL = model("id: {type: id, read_only: true}\nfolder: {type: id, read_only: true}", "get: {}\nlist: {inputs: {kind: {type: id}}}")
DOCUMENT = document(
    [
        call("getThing", "GET /things/{id}", returns="Thing"),
        call("listFolders", "GET /folders", query={"kind": "string"}, returns=obj(folders=[obj(id="string", title="string")])),
        call("listShelves", "GET /folders/{folder}/shelves", returns=obj(shelves=[obj(id="string", things=["Thing"])])),
        call(
            "listThings",
            "GET /shelves/{shelf}/things",
            query={"page_token": "string", "kind": "string"},
            returns=obj(items=["Thing"], next="string?"),
        ),
        call("listLoose", "GET /loose", query={"kind": "string"}, returns=["Thing"]),
    ],
    {"Thing": obj(id="string", folder="string")},
)
MAPPING = """
resource: things
schema: Thing
fields: {id: {read: id}, folder: {read: folder}}
operations:
  get: {operation: getThing, params: {id: id}}
  list:
%s
"""
VENDOR = "pagination: {default: {token_param: page_token, next_token: next}}\n"
NESTED = """
    - {operation: listFolders, params: {kind: kind}, for_each: {folder: folders}}
    - {operation: listShelves, params: {folder: folder.id}, for_each: {shelf: shelves}}
    - {operation: listThings, params: {shelf: shelf.id}, items: items}
"""
SOURCES = """
    sources:
      - {operation: listLoose, params: {kind: kind}, items: "@", pagination: none}
      - steps:
          - {operation: listFolders, params: {kind: kind}, for_each: {folder: folders}}
          - {operation: listShelves, params: {folder: folder.id}, items: "shelves[].things[]", pagination: none}
"""


def project(build: Build, steps: str) -> Catalog:
    return build(model=MODEL, document=DOCUMENT, mapping=MAPPING % steps, vendor=VENDOR)


def folders(*ids: str) -> dict[str, Any]:
    return {"folders": [{"id": each} for each in ids]}


def shelves(*ids: str) -> dict[str, Any]:
    return {"shelves": [{"id": each} for each in ids]}


def things(*ids: str, next: str | None = None) -> dict[str, Any]:
    return {"items": [{"id": each} for each in ids], "next": next}


def test_each_element_of_nested_lists_has_its_pages(build: Build) -> None:
    catalog = project(build, NESTED)
    both = [folders("a", "b"), shelves("1", "2")]
    responses = [*both, things("x", next="more"), *both, things("y"), *both, things(), folders("a", "b"), shelves("3"), things("z")]
    ran = catalog.run("list", responses=responses)
    assert [each.id for each in ran.value] == ["x", "y", "z"]
    assert [line for line in ran.sent if "/shelves/" in line] == [
        "GET /shelves/1/things",
        "GET /shelves/1/things?page_token=more",
        "GET /shelves/2/things",
        "GET /shelves/3/things",
    ]
    assert len(ran.sent) == 12, "each page is as many requests as there are steps"


def test_a_list_without_elements_is_skipped(build: Build) -> None:
    catalog = project(build, NESTED)
    ran = catalog.run("list", responses=[folders("a", "b"), shelves(), folders("a", "b"), shelves("1"), things("x")])
    assert [each.id for each in ran.value] == ["x"]
    assert catalog.run("list", responses=[folders()]).value == []
    assert catalog.run("list", responses=[{"folders": None}]).value == []


def test_a_page_continues_from_its_cursor(build: Build) -> None:
    catalog = project(build, NESTED)
    first, cursor = catalog.page("list", responses=[folders("a"), shelves("1", "2"), things("x", next="t:1")])
    assert ([each.id for each in first.value], cursor) == (["x"], "0.0:t:1")
    second, cursor = catalog.page("list", cursor=cursor, responses=[folders("a"), shelves("1", "2"), things("y")])
    assert (second.sent[-1], cursor) == ("GET /shelves/1/things?page_token=t:1", "0.1:")
    last, cursor = catalog.page("list", cursor=cursor, responses=[folders("a"), shelves("1", "2"), things("z")])
    assert (last.sent[-1], cursor) == ("GET /shelves/2/things", None)
    gone, cursor = catalog.page("list", cursor="4.1:", responses=[folders("a")])
    assert (gone.value, cursor) == ([], None)
    with pytest.raises(InvalidInput):
        catalog.page("list", cursor="abc", responses=[])


def test_the_plan_shows_the_requests_of_a_page(build: Build) -> None:
    expected = ["GET /folders?kind=k", "GET /folders/{folder.id}/shelves", "GET /shelves/{shelf.id}/things"]
    assert project(build, NESTED).plan("list", kind="k") == expected


def test_sources_follow_one_another(build: Build) -> None:
    catalog = project(build, SOURCES)
    lists = {"shelves": [{"id": "1", "things": [{"id": "x"}, {"id": "y"}]}, {"id": "2"}, {"id": "3", "things": [{"id": "z"}]}]}
    ran = catalog.run("list", kind="k", responses=[[{"id": "l"}], folders("a", "b"), lists, folders("a", "b"), {"shelves": []}])
    assert [each.id for each in ran.value] == ["l", "x", "y", "z"]
    assert [each.raw["id"] for each in ran.value] == ["l", "x", "y", "z"]
    shelved = "GET /folders/{}/shelves"
    assert ran.sent == ["GET /loose?kind=k", "GET /folders?kind=k", shelved.format("a"), "GET /folders?kind=k", shelved.format("b")]
    assert catalog.plan("list", kind="k") == ["GET /loose?kind=k"]


def found(steps: str, operation: str = "list") -> list[str]:
    mapping = MAPPING % steps if operation == "list" else (MAPPING % NESTED).replace("get: {operation: getThing, params: {id: id}}", steps)
    return diagnostics(model=MODEL, document=DOCUMENT, mapping=mapping, vendor=VENDOR)


def test_finding_of_each_mistake() -> None:
    assert found(NESTED.replace("shelf.id", "shelf.idd"))[0].startswith("MAP201 ")
    assert found(NESTED.replace("{folder: folders}", "{folder: foldrs}"))[0].startswith("MAP201 ")
    assert found("    - {operation: listFolders, params: {kind: kind}, for_each: {folder: '@'}}\n" + NESTED.splitlines()[3])[0].startswith(
        "MAP212 "
    )
    exclusive = found(NESTED.replace("for_each: {folder: folders}", "for_each: {folder: folders}, save: all"))
    assert exclusive[0] == "MAP010 `for_each` and `save` exclude each other"
    ignored = found(SOURCES.replace("listLoose, params: {kind: kind}", "listLoose"))
    assert ignored == ["MAP109 `listLoose` does not use `kind`, which can be given when it runs"]
    conditional = found(SOURCES.replace("{operation: listLoose,", "{operation: listLoose, if: kind,"))
    assert conditional[0].startswith("MAP010 `sources` reads every source")
    last = found("    - {operation: listFolders, params: {kind: kind}, for_each: {folder: folders}}")
    assert "MAP212 `for_each` is for an operation that lists records, and a step follows that reads the list" in last
    one = found("get: {sources: [{operation: getThing, params: {id: id}}, {operation: getThing, params: {id: id}}]}", "get")
    assert one == ["MAP212 `sources` is for an operation that lists records, and a step follows that reads the list"]


def test_positions_in_lists_that_have_changed() -> None:
    elements, inner = element_pages.enter(Context({}, {}, "1.2:abc"))
    assert inner.cursor == "abc"
    assert elements.pick(["a", "b"], "outer") == "b"
    assert elements.pick(["c"], "inner") is None, "the inner list is shorter now"
    assert elements.page(element_pages.Page([])).cursor is None
