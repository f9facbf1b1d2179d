"""Query parameters that are objects or JSON: `style: deepObject` and `content: application/json`."""

from __future__ import annotations

from typing import Any

from tests.functional.compiled import Build, call, diagnostics, document, model, obj

MODEL = model(
    "id: {type: id, read_only: true}\nstatus: {type: enum, values: [open, done]}\nrank: {type: integer}",
    "list: {inputs: {status: {field: status}, after: {type: text}, ids: {type: [text]}, rank: {field: rank}}}",
)
FILTER = obj("kind", kind="string", status={"type": "string", "enum": ["o", "d"]}, ids=["string"], range=obj(least="integer"))


def project(**parameters: Any) -> dict[str, Any]:
    listed = call(
        "list",
        "GET /things",
        query={"page": {"style": "deepObject", "schema": obj(after="string")}, **parameters},
        returns=obj(items=["Thing"], next="string"),
    )
    return document([listed], {"Thing": obj(id="string", status="string", rank="integer")})


DEEP = project(filter={"style": "deepObject", "explode": True, "schema": FILTER})
JSON = document(
    [
        (
            "/things",
            "get",
            {
                "operationId": "list",
                "parameters": [
                    {"name": "filter", "in": "query", "content": {"application/json": {"schema": FILTER}}},
                    {
                        "name": "names",
                        "in": "query",
                        "content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}},
                    },
                    {
                        "name": "order",
                        "in": "query",
                        "content": {"application/json": {"schema": {"type": "array", "items": obj(by="string")}}},
                    },
                ],
                "responses": {
                    "200": {
                        "description": "",
                        "content": {"application/json": {"schema": obj(items=[{"$ref": "#/components/schemas/Thing"}], next="string")}},
                    }
                },
            },
        )
    ],
    {"Thing": obj(id="string", status="string", rank="integer")},
)
MAPPING = """
resource: things
schema: Thing
fields:
  id: {read: id}
  status: {read: status, enum: {open: o, done: d}}
  rank: {read: rank}
unsupported: {REASONS}
operations:
  list:
    operation: list
    params: {WITH}
    constants: {SET}
    items: items
"""
WITH = "filter.status: status, filter.ids: ids, filter.range.least: rank"


def mapping(bound: str = WITH, constants: str = "filter.kind: x", unsupported: str = "filter.after: no") -> str:
    return MAPPING.replace("WITH", bound).replace("SET", constants).replace("REASONS", unsupported)


def test_a_deep_object(build: Build) -> None:
    catalog = build(
        model=MODEL, document=DEEP, mapping=mapping(), vendor="pagination: {default: {token_param: page.after, next_token: next}}\n"
    )
    pages = [{"items": [], "next": "t"}, {"items": []}]
    ran = catalog.run("list", status="done", ids=["1", "2"], rank=3, responses=pages)
    first = "GET /things?filter[kind]=x&filter[status]=d&filter[ids][0]=1&filter[ids][1]=2&filter[range][least]=3"
    assert [sorted(line.partition("?")[2].split("&")) for line in ran.sent] == [
        sorted(first.partition("?")[2].split("&")),
        sorted([*first.partition("?")[2].split("&"), "page[after]=t"]),
    ]
    assert catalog.run("list", responses=[{"items": []}]).sent == ["GET /things?filter[kind]=x"]


def test_json(build: Build) -> None:
    catalog = build(
        model=MODEL,
        document=JSON,
        mapping=mapping("filter.status: status, names: ids, filter.range.least: rank", "filter.kind: x, order: [{by: id}]"),
    )
    assert catalog.run("list", responses=[{"items": []}]).sent == ['GET /things?order=[{"by":"id"}]&filter={"kind":"x"}']
    ran = catalog.run("list", ids=["a,b", "c"], status="open", rank=3, responses=[{"items": []}])
    (line,) = ran.sent
    assert sorted(line.partition("?")[2].split("&")) == [
        'filter={"kind":"x","status":"o","range":{"least":3}}',
        'names=["a,b","c"]',
        'order=[{"by":"id"}]',
    ]


def test_properties_of_parameters_are_checked() -> None:
    def found(bound: str = WITH, constants: str = "filter.kind: x", which: Any = DEEP) -> list[str]:
        lines = diagnostics(model=MODEL, document=which, mapping=mapping(bound, constants))
        return [line for line in lines if not line.startswith("MAP239")]  # the list is not paged here

    assert found() == []
    assert found(WITH.replace("filter.status", "filter.state")) == ["MAP104 `GET /things` has no input `filter.state`"]
    assert sorted(found(constants="filter.ids: [a]")) == [
        "MAP103 `list` requires `filter.kind` in its query, which is not provided",
        "MAP105 `filter.ids` of `list` is filled twice",
    ]
    assert found(constants="filter.kind: 3") == ["MAP202 `filter.kind` accepts string, not 3"]
    wrong = diagnostics(
        model=MODEL,
        document=DEEP,
        mapping=mapping(WITH.replace("filter.range.least: rank", "filter.range.least: after"), unsupported="filter.rank: no"),
    )
    assert "MAP202 `after` is a text, but `filter.range.least` accepts integer" in wrong
