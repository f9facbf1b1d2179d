"""Calls by POST, as RPC-style vendors have them: lists that continue at another operation, records inside matches, composed paths, error
codes that are alternatives."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, call, diagnostics, document, model, obj
from unified_runtime import Forbidden, InvalidInput, NotFound

FIELDS = "id: {type: id, read_only: true}\ntitle: {type: text}"
THING = obj(id="string", title="string", path="string?")
PAGE = obj("things", "more", things=["Thing"], cursor="string", more="boolean")
ONE, TWO = {"id": "1", "title": "T1"}, {"id": "2", "title": "T2"}
PAGING = "pagination: {default: {token_param: cursor, next_token: cursor, more_if: more, operation: things/continue, page_size_param: limit, max_page_size: 9}}\n"


def listing(build: Build, page: Any, items: str) -> Any:
    return build(
        model=model(FIELDS, "{list: {inputs: {text: {type: text}}}}"),
        document=document(
            [
                call("things/list", "POST /things/list", takes=obj(text="string", limit="integer"), returns="Page"),
                call("things/continue", "POST /things/continue", takes=obj("cursor", cursor="string"), returns="Page"),
            ],
            {"Thing": THING, "Page": page},
        ),
        mapping=f"resource: things\nschema: Thing\nfields: {{id: {{read: id}}, title: {{read: title}}}}\n"
        f"operations: {{list: {{operation: things/list, params: [text], items: '{items}'}}}}\n",
        vendor=PAGING,
    )


def test_a_list_goes_on_at_another_operation(build: Build) -> None:
    catalog = listing(build, PAGE, "things")
    ran = catalog.run(
        "list", text="x", responses=[{"things": [ONE], "cursor": "c1", "more": True}, {"things": [TWO], "cursor": "c2", "more": False}]
    )
    assert [each.id for each in ran.value] == ["1", "2"]
    assert ran.sent == [("POST /things/list", {"limit": 9, "text": "x"}), ("POST /things/continue", {"cursor": "c1"})]
    assert 'Endpoint("things/continue", "POST", "/things/continue", Retry.SAFE)' in catalog.source("vendors/acme/things")


def test_records_stand_inside_of_what_is_listed(build: Build) -> None:
    matches = obj("more", matches=[obj(kind="string", found=obj(thing="Thing?"))], cursor="string", more="boolean")
    catalog = listing(build, matches, "matches[].found.thing")
    ran = catalog.run(
        "list", responses=[{"matches": [{"found": {"thing": ONE}}, {"found": None}, {"found": {"thing": TWO}}], "more": False}]
    )
    assert [each.id for each in ran.value] == ["1", "2"]
    assert [each.raw for each in ran.value] == [ONE, TWO]
    assert catalog.run("list", responses=[{"more": False}]).value == []


@pytest.mark.parametrize(
    ("further", "message"),
    [
        (call("things/continue", "POST /things/continue", takes=obj("cursor", cursor="string"), returns=["Thing"]), "another response schema"),
        (call("things/continue", "POST /things/continue", takes=obj("token", token="string"), returns="Page"), "has no input `cursor`"),
        (
            call(
                "things/continue", "POST /things/continue", takes=obj(cursor="string"), returns="Page", query={"kind!": "string"}
            ),
            "needs `kind`",
        ),
        (
            call("things/continue", "POST /things/continue", takes=obj("cursor", "kind", cursor="string", kind="string"), returns="Page"),
            "needs `kind`",
        ),
    ],
)  # fmt: skip
def test_an_operation_of_further_pages_must_fit(further: Any, message: str) -> None:
    found = diagnostics(
        model=model(FIELDS, "{list: {}}"),
        document=document(
            [call("things/list", "POST /things/list", takes=obj(limit="integer"), returns="Page"), further], {"Thing": THING, "Page": PAGE}
        ),
        mapping="resource: things\nschema: Thing\nfields: {id: {read: id}, title: {read: title}}\n"
        "operations: {list: {operation: things/list, items: things}}\n",
        vendor=PAGING,
    )
    assert any(each.startswith("MAP107") and message in each for each in found), found


def renaming(build: Build) -> Any:
    return build(
        model=model(FIELDS, "{get: {}, update: {}}"),
        document=document(
            [
                call("things/get", "POST /things/get", takes=obj("id", id="string"), returns="Thing"),
                call("things/move", "POST /things/move", takes=obj("from", "to", **{"from": "string", "to": "string"}), returns="Thing"),
            ],
            {"Thing": THING},
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, title: {read: title}}
operations:
  get: {operation: things/get, params: [id]}
  update:
    - {operation: things/get, params: [id], save: {place: path}, not_found: "{id} is nowhere"}
    - {operation: things/move, if: title, params: {from: id}, templates: {to: "{place:folder}/{title}"}}
    - {operation: things/get, params: [id]}
""",
        vendor="clear: never\nerrors: {message: error, code: error, types: {NotFound: ['*not_found/*'], Forbidden: [exactly]}}\n",
    )


def test_a_text_accepts_the_folder_of_a_path(build: Build) -> None:
    catalog = renaming(build)
    for path, to in (("/a/b", "/a/new"), ("/b", "/new")):
        ran = catalog.run("update", "1", title="new", responses=[{"id": "1", "path": path}, {}, ONE])
        assert ran.sent[1] == ("POST /things/move", {"from": "1", "to": to})
    assert catalog.plan("update", "1", title="new")[1] == ("POST /things/move", {"from": "1", "to": "{place.path:folder}/new"})
    # `get` calls a read, though it is a POST: it may be sent again, and a look-up before a write is a read.
    assert 'Endpoint("things/get", "POST", "/things/get", Retry.SAFE)' in catalog.source("vendors/acme/things")


@pytest.mark.parametrize("title", ["a/b", "..", "."])
def test_caller_values_are_one_path_segment(build: Build, title: str) -> None:
    with pytest.raises(InvalidInput, match="title"):
        renaming(build).run("update", "1", title=title, responses=[{"id": "1", "path": "/a/b"}])


def test_codes_of_errors_may_be_ways(build: Build) -> None:
    catalog = renaming(build)
    for code, error in (("path/not_found/..", NotFound), ("exactly", Forbidden)):
        with pytest.raises(error):
            catalog.run("get", "1", responses=[(409, {"error": code})])
