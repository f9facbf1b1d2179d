"""Pagination whose first page has a token too, and lists in the opposite order."""

from __future__ import annotations

from typing import Any

from tests.functional.compiled import Build, call, diagnostics, document, model, obj

MODEL = model("id: {type: id, read_only: true}", "list: {inputs: {text: {type: text}}}")
MAPPING = """
resource: things
schema: Thing
fields: {id: {read: id}}
operations:
  list: {operation: list, params: {q: text}, items: items}
"""


def made(**parameters: Any) -> dict[str, Any]:
    calls = [
        call("list", "GET /things", query={"q": "string", **parameters}, returns=obj(items=["Thing"], next="string?")),
        call("search", "POST /search", takes=obj(q="string", page=obj(after="string")), returns=obj(items=["Thing"], next="string?")),
    ]
    return document(calls, {"Thing": obj(id="string")})


def test_the_first_page_has_a_token(build: Build) -> None:
    catalog = build(
        model=MODEL,
        document=made(cursor="string"),
        mapping=MAPPING,
        vendor='pagination: {default: {token_param: cursor, start_at: "*", next_token: next}}\n',
    )
    ran = catalog.run("list", text="w", responses=[{"items": [{"id": "1"}], "next": "t2"}, {"items": [{"id": "2"}], "next": None}])
    assert ran.sent == ["GET /things?q=w&cursor=*", "GET /things?q=w&cursor=t2"]
    assert [thing.id for thing in ran.value] == ["1", "2"]


def test_the_token_is_inside_the_body(build: Build) -> None:
    catalog = build(
        model=MODEL,
        document=made(),
        mapping=MAPPING.replace("operation: list", "operation: search"),
        vendor='pagination: {default: {token_param: page.after, start_at: "-1", next_token: next}}\n',
    )
    ran = catalog.run("list", text="w", responses=[{"items": [], "next": "t2"}, {"items": [{"id": "2"}]}])
    assert ran.sent == [("POST /search", {"q": "w", "page": {"after": "-1"}}), ("POST /search", {"q": "w", "page": {"after": "t2"}})]


def test_the_first_value_fits_the_input() -> None:
    def found(first: str, style: str = "token_param", following: str = ", next_token: next", shape: str = "integer") -> list[str]:
        paging = f"pagination: {{default: {{{style}: cursor, start_at: {first}{following}}}}}\n"
        return diagnostics(model=MODEL, document=made(cursor=shape), mapping=MAPPING, vendor=paging)

    assert found("-1") == []
    assert found("'*'") == ["MAP306 `cursor` is never '*': its type is integer"]
    assert "MAP002 expected a whole number, 0 or more" in found("'1'", "page_param", "")
    assert "MAP010 `start_at` and `last_record_param` exclude each other" in found("x", "last_record_param")


def test_a_complete_list_is_reversed(build: Build) -> None:
    mapping = MAPPING.replace("items: items", "items: items, pagination: none, reverse: true")
    catalog = build(model=MODEL, document=made(), mapping=mapping)
    assert [thing.id for thing in catalog.run("list", responses=[{"items": [{"id": "1"}, {"id": "2"}]}]).value] == ["2", "1"]
    paged = diagnostics(
        model=MODEL,
        document=made(cursor="string"),
        mapping=mapping.replace("pagination: none, ", ""),
        vendor="pagination: {default: {token_param: cursor, next_token: next}}\n",
    )
    assert paged == ["MAP107 `list` is paged, and its reversed pages would not be a reversed list"]
