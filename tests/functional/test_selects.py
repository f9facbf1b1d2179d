"""`select`: the input that lists the fields of a response, derived from those that are read; and fields that are not offered."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.functional.compiled import SERVER, Build, Scripted, call, document, model, obj
from unified_runtime import AsyncClient, Unsupported, bearer, using
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response

FIELDS = """id: {type: id, read_only: true}
title: {type: text, required: create}
city: {type: text, read_only: true}
owner_id: {type: id, read_only: true}
tags: {type: [text], read_only: true}"""
MAPPED = """id: {read: key}
  title: f.title
  city: {read: f.address.city}
  owner_id: {read: owner.id}
  tags: {read: "f.tags[].name"}"""
THING = obj(key="string", f=obj(title="string", address=obj(city="string"), tags=[obj(name="string")]), owner=obj(id="string"))


def selecting(
    build: Build, select: str, *, items: str = "items", responses: Any = None, paging: str = "{token_param: t, next_token: next}"
) -> Any:
    query = {"select": "string", "t": "string"}
    return build(
        model=model(FIELDS, "{get: {}, list: {}, create: {}}"),
        document=document(
            [
                call("getThing", "GET /things/{thingId}", returns="Thing", query=query),
                call("all", "GET /things", returns=responses or obj(items=["Thing"], next="string", meta=obj(last="boolean")), query=query),
                call("make", "POST /things", takes=obj(f=obj(title="string")), returns=obj(ref=obj(key="string")), query=query),
            ],
            {"Thing": THING},
        ),
        mapping=f"""
resource: things
schema: Thing
fields:
  {MAPPED}
operations:
  get: {{operation: getThing, params: {{thingId: id}}}}
  list: {{operation: all, items: {items}}}
  create:
    - {{operation: make, send: fields, save: made}}
    - {{operation: getThing, params: {{thingId: made.ref.key}}}}
""",
        vendor=f"select: {{select: {select}}}\npagination: {{default: {paging}}}\n",
    )


ONE = {"key": "1", "f": {"title": "T"}}


@pytest.mark.parametrize(
    ("select", "one", "many", "stored"),
    [
        ("{paths: true}", "key,f.title,f.address.city,owner.id,f.tags.name", "key,f.title,f.address.city,owner.id,f.tags.name", "ref.key"),
        ("{names: '@'}", "key,f,owner", "key,f,owner", "ref"),
        ("{names: f}", "title,address,tags", "title,address,tags", ""),
        (
            "{braces: true}",
            "key,f(title,address(city),tags(name)),owner(id)",
            "items(key,f(title,address(city),tags(name)),owner(id)),next",
            "ref(key)",
        ),
    ],
)
def test_select_lists_the_fields_that_are_read(build: Build, select: str, one: str, many: str, stored: str) -> None:
    catalog = selecting(build, select)
    assert catalog.run("get", "1", responses=[ONE]).sent == [f"GET /things/1?select={one}"]
    assert catalog.run("list", responses=[{"items": [ONE]}]).sent == [f"GET /things?select={many}"]
    made = catalog.run("create", title="T", responses=[{"ref": {"key": "1"}}, ONE])
    assert made.sent[0][0] == "POST /things" + (f"?select={stored}" if stored else "")
    assert made.sent[1] == f"GET /things/1?select={one}"


def test_braces_lead_to_a_list_deep_inside_and_to_all_that_paging_needs(build: Build) -> None:
    catalog = selecting(
        build,
        "{braces: true}",
        items="data.page.items",
        responses=obj(data=obj(page=obj(items=["Thing"])), meta=obj(next="string", last="boolean")),
        paging="{token_param: t, next_token: meta.next, last_page_if: meta.last}",
    )
    (line,) = catalog.run("list", responses=[{"data": {"page": {"items": [ONE]}}}]).sent
    assert line == "GET /things?select=data(page(items(key,f(title,address(city),tags(name)),owner(id)))),meta(next,last)"


def test_select_includes_compared_and_saved_fields(build: Build) -> None:
    catalog = build(
        model=model("id: {type: id, read_only: true}\nboard_id: {type: id, required: create}", "{create: {}}"),
        document=document(
            [
                call(
                    "boards",
                    "GET /boards",
                    returns=obj(data=[obj(key="string", list=obj(id="string", name="string"))]),
                    query={"select": "string"},
                ),
                call("make", "POST /things", takes=obj(list="string"), returns="Thing"),
            ],
            {"Thing": obj(id="string")},
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}}
unsupported: {board_id: asked for only}
operations:
  create:
    - {operation: boards, save: {board: "@"}, where: {key: board_id}, not_found: "no board {board_id}"}
    - {operation: make, params: {list: board.list.id}}
""",
        vendor="envelope: data\nselect: {select: {paths: true}}\n",
    )
    made = catalog.run("create", board_id="B", responses=[{"data": [{"key": "A"}, {"key": "B", "list": {"id": "L"}}]}, {"id": "1"}])
    assert made.sent == ["GET /boards?select=key,list.id", ("POST /things", {"list": "L"})] or made.sent == [
        "GET /boards?select=list.id,key",
        ("POST /things", {"list": "L"}),
    ]


def test_an_input_that_the_mapping_sets_itself(build: Build) -> None:
    catalog = build(
        model=model("id: {type: id, read_only: true}", "{get: {}, list: {}}"),
        document=document(
            [
                call("getThing", "GET /things/{thingId}", returns="Thing", query={"select": "string"}),
                call("all", "GET /things", returns=["Thing"]),
            ],
            {"Thing": obj(id="string")},
        ),
        mapping="resource: things\nschema: Thing\nfields: {id: {read: id}}\noperations:\n"
        "  get: {operation: getThing, params: {thingId: id}, constants: {select: all}}\n  list: {operation: all}\n",
        vendor="select: {select: {paths: true}}\n",
    )
    assert catalog.run("get", "1", responses=[{"id": "1"}]).sent == ["GET /things/1?select=all"]
    assert catalog.run("list", responses=[[]]).sent == ["GET /things"]


# ------------------------------------------------------------------------------------------------------------------ not offered
def test_an_operation_that_the_vendor_lacks(build: Build) -> None:
    catalog = build(
        model=model("id: {type: id, read_only: true}", "{get: {}, list: {}, delete: {}}"),
        document=document([call("getThing", "GET /things/{thingId}", returns="Thing")], {"Thing": obj(id="string")}),
        mapping="resource: things\nschema: Thing\nfields: {id: {read: id}}\noperations: {get: {operation: getThing, params: {thingId: id}}}\n"
        "unsupported: {list: nobody can see them all, delete: they stay}\n",
    )
    assert catalog.run("get", "1", responses=[{"id": "1"}]).value.id == "1"
    with pytest.raises(Unsupported, match=r"acme does not offer things\.list: nobody can see them all"):
        catalog.run("list")
    with pytest.raises(Unsupported, match="they stay"):
        catalog.run("delete", "1")


# ----------------------------------------------------------------------------------------------------------------------- async
class AsyncScripted(Scripted):
    async def asend(self, request: HTTPRequest) -> Response:
        return self.send(request)

    async def aclose(self) -> None:
        pass


def test_the_same_code_runs_asynchronously(build: Build) -> None:
    catalog = selecting(build, "{paths: true}")
    aio = catalog.module("aio.things")

    async def run() -> tuple[Any, list[str]]:
        transport = AsyncScripted([ONE, {"items": [ONE], "next": "n"}, {"items": [ONE | {"key": "2"}]}, {"ref": {"key": "1"}}, ONE])
        async with AsyncClient(transport) as client, using(client):
            client.connect("acme", bearer("secret"))
            got = await aio.get("1")
            listed = [each.title async for each in aio.list()]
            made = await aio.create(title="T")
        return (got.title, listed, made.title), [
            f"{each.method} {each.url.removeprefix(SERVER).partition('?')[0]}" for each in transport.requests
        ]

    values, requests = asyncio.run(run())
    assert values == ("T", ["T", "T"], "T")
    assert requests == ["GET /things/1", "GET /things", "GET /things", "POST /things", "GET /things/1"]
