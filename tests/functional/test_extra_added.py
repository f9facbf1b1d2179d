"""`extra` of deletions and lists: parameters of the vendor that the mapping does not use, and no others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, Scripted, call, document, model, obj
from unified_runtime import Client, InvalidInput, bearer, using

MODEL = model(
    "id: {type: id, read_only: true}\ntitle: {type: text}",
    """
  update:
  delete:
  list: {inputs: {text: {type: text}, owner_id: {type: id}}}
""",
)
PAGE = obj(items=["Thing"], next="string")
PAGES = {"page": "string", "size": "integer", "offset": "integer", "token": "string"}
DOCUMENT = document(
    [
        call(
            "listThings",
            "GET /things",
            query={
                **PAGES,
                "q": "string",
                "owner": "string",
                "kind": "string",
                "order": "string",
                "archived": "boolean",
                "fields": "string",
                "key": "string",
                "tags": {"style": "form", "explode": False, "schema": {"type": "array", "items": {"type": "string"}}},
                "near": {"style": "deepObject", "schema": obj(lat="number", lon="number")},
            },
            returns=PAGE,
        ),
        call(
            "searchThings", "POST /things/search", query={**PAGES, "archived": "boolean"}, takes=obj(q="string", x="string"), returns=PAGE
        ),
        call(
            "deleteThing", "DELETE /things/{id}", query={"force": "boolean", "notify": {"schema": {"enum": ["all", "none"]}}}, status="204"
        ),
        call("trashThing", "POST /things/{id}/trash", takes=obj(reason="string", mode="string"), status="204"),
        call("patchThing", "PATCH /things/{id}", takes=obj(title="string", trashed="boolean", pinned="boolean"), returns="Thing"),
    ],
    {"Thing": obj(id="string", title="string")},
)
DOCUMENT["components"]["securitySchemes"]["key"] = {"type": "apiKey", "in": "query", "name": "key"}
MAPPING = """
resource: things
schema: Thing
fields:
  id: {read: id}
  title: {path: title, clear: never}
"""
LIST = """
  list:
    operation: listThings
    params: {q: text, owner: owner_id}
    constants: {kind: open}
    defaults: {order: newest}
    items: items
"""
UPDATE = "  update: {operation: patchThing, params: {id: id}, send: fields}\n"
DELETE = "  delete: {operation: deleteThing, params: {id: id}, constants: {notify: none}}\n"
VENDOR = "pagination: {default: {token_param: page, next_token: next, page_size_param: size, max_page_size: 50}}\n"
ONE = {"items": [{"id": "1", "title": "t"}]}


def built(build: Build, operations: str = UPDATE + DELETE + LIST, unsupported: str = "") -> Catalog:
    more = f"unsupported: {{{unsupported}}}\n" if unsupported else ""
    return build(model=MODEL, document=DOCUMENT, mapping=f"{MAPPING}{more}allow: {{MAP207: x}}\noperations:\n{operations}", vendor=VENDOR)


def refused(catalog: Catalog, operation: str, *arguments: Any, extra: dict[str, Any], **given: Any) -> str:
    """Return the message of a call that is refused before anything is sent."""
    with pytest.raises(InvalidInput) as caught:
        catalog.run(operation, *arguments, extra={"acme": extra}, **given)
    return str(caught.value)


def test_a_parameter_is_added(build: Build) -> None:
    catalog = built(build)
    extra = {"acme": {"archived": True, "tags": ["a", "b"], "near": {"lat": 1.5, "lon": 2}}}
    sent = catalog.run("list", text="x", extra=extra, responses=[ONE]).sent
    assert sent == ["GET /things?kind=open&size=50&q=x&archived=true&tags=a,b&near[lat]=1.5&near[lon]=2&order=newest"]
    assert catalog.run("delete", "7", extra={"acme": {"force": True}}, responses=[204]).sent == ["DELETE /things/7?notify=none&force=true"]
    assert catalog.run("delete", "7", responses=[204]).sent == ["DELETE /things/7?notify=none"]


@pytest.mark.parametrize("name", ["q", "owner", "kind", "order", "page", "size", "offset", "token", "fields", "key", "Q"])
def test_nothing_is_replaced(build: Build, name: str) -> None:
    """Filters that were not given, constants, defaults, page parameters, selections and credentials are not open."""
    assert f"has no field '{name}'" in refused(built(build), "list", extra={name: "x"})


def test_a_value_matches_the_schema(build: Build) -> None:
    catalog = built(build)
    assert "archived must be boolean, not 'yes'" in refused(catalog, "list", extra={"archived": "yes"})
    assert "has no field 'froce'; did you mean 'force'?" in refused(catalog, "delete", "7", extra={"froce": True})
    assert "has no field 'notify'" in refused(catalog, "delete", "7", extra={"notify": "all"})


def test_every_alternative_accepts_it(build: Build) -> None:
    alternatives = """
  list:
    items: items
    either:
      - {operation: searchThings, params: {q: text, x: owner_id}, if: text}
      - {operation: listThings, params: {owner: owner_id}}
"""
    catalog = built(build, UPDATE + DELETE + alternatives)
    sent = catalog.run("list", text="x", extra={"acme": {"archived": False}}, responses=[ONE]).sent
    assert sent == [("POST /things/search?size=50&archived=false", {"q": "x"})]
    assert catalog.run("list", extra={"acme": {"archived": False}}, responses=[ONE]).sent == ["GET /things?size=50&archived=false"]
    for name in ("kind", "tags", "x", "q"):  # of one alternative, or in the body of a search
        assert f"has no field '{name}'" in refused(catalog, "list", extra={name: "x"})


def test_a_body_that_deletes(build: Build) -> None:
    catalog = built(build, UPDATE + "  delete: {operation: trashThing, params: {id: id}, constants: {mode: soft}}\n" + LIST)
    sent = catalog.run("delete", "7", extra={"acme": {"reason": "old"}}, responses=[204]).sent
    assert sent == [("POST /things/7/trash", {"mode": "soft", "reason": "old"})]
    assert "has no field 'mode'" in refused(catalog, "delete", "7", extra={"mode": "hard"})


def test_a_deletion_by_the_update_writes_no_field(build: Build) -> None:
    catalog = built(build, UPDATE + "  delete: {operation: patchThing, params: {id: id}, constants: {trashed: true}}\n" + LIST)
    assert "accepts no extra fields" in refused(catalog, "delete", "7", extra={"title": "new"})
    assert "accepts no extra fields" in refused(catalog, "delete", "7", extra={"pinned": True})


def test_the_reason_of_an_exception(build: Build) -> None:
    catalog = built(build, unsupported="extra.delete: it would notify, extra.list.archived: pages overlap")
    assert "accepts no extra fields for Acme: it would notify" in refused(catalog, "delete", "7", extra={"force": True})
    assert "accepts no 'archived' for Acme: pages overlap" in refused(catalog, "list", extra={"archived": True})
    assert catalog.run("list", extra={"acme": {"tags": ["a"]}}, responses=[ONE]).requests


def test_a_cursor_belongs_to_the_call(build: Build) -> None:
    catalog = built(build)
    client = Client(Scripted([{**ONE, "next": "n"}, ONE]))
    client.connect("acme", bearer("secret"))
    things = catalog.module("things")
    with using(client):
        page = next(things.list(extra={"acme": {"archived": False}}).pages())
        for other in ({"extra": {"acme": {"archived": True}}}, {}):
            with pytest.raises(InvalidInput, match="not a cursor of this list"):
                next(things.list(cursor=page.cursor, **other).pages())
        next(things.list(cursor=page.cursor, extra={"acme": {"archived": False}}).pages())
    assert [request.url.partition("?")[2] for request in client.transport.requests] == [
        "kind=open&size=50&archived=false&order=newest",
        "kind=open&size=50&page=n&archived=false&order=newest",
    ]
