"""Documents as vendors write them: recursion, alternatives, unusual types, deep and wide shapes, missing parts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, call, compiled, crud, diagnostics, document, model, obj, schema
from unified_runtime import InvalidInput

EMPTY = {"id": "1"}
REF = {"$ref": "#/components/schemas/Thing"}


def sent(catalog: Any, **given: Any) -> Any:
    ((_, body),) = catalog.run("create", responses=[EMPTY], **given).sent
    return body


@pytest.mark.parametrize(
    "title",
    [
        {"type": ["string", "null"]},
        {"type": ["null", "string"], "maxLength": 5},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"oneOf": [{"type": "null"}, {"type": "string"}]},
        {"allOf": [{"type": "string"}, {"maxLength": 5}], "nullable": True},
        {"allOf": [{"$ref": "#/components/schemas/Name"}], "nullable": True},
        {"$ref": "#/components/schemas/Name", "nullable": True},
        {"$ref": "#/components/schemas/Loop", "type": "string", "nullable": True},
        {"type": "string", "enum": ["abc", "abcdef", None], "nullable": True},
        {"anyOf": [{"type": "string", "enum": ["abc"]}, {"type": "string"}], "nullable": True},
    ],
)
def test_a_text_however_it_is_written(build: Build, title: dict) -> None:
    catalog = crud(
        build,
        "title: {type: text}",
        "title: title",
        obj(title=title),
        schemas={"Name": {"type": "string"}, "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}]}},
    )
    assert sent(catalog, title="abc") == {"title": "abc"}
    assert catalog.run("get", "1", responses=[{"id": "1", "title": "abcdef"}]).value.title == "abcdef"
    assert catalog.run("update", "1", title=None, responses=[EMPTY]).sent == [("PATCH /things/1", {"title": None})]
    if "maxLength" in str(title):
        with pytest.raises(InvalidInput, match="at most 5"):
            catalog.run("create", title="abcdef")


def test_a_constant_and_a_default_type() -> None:
    """`const` is an enumeration of one; a schema without a type has the type that its keywords imply."""
    found = diagnostics(
        model=model("id: {type: id, read_only: true}\nkind: {type: enum, values: [a]}", "{create: {}}"),
        document=document([call("make", "POST /things", takes="Thing", returns="Thing")], {"Thing": obj(id="string", kind={"const": "A"})}),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, kind: {path: kind, enum: {a: B}}}
operations: {create: {operation: make, send: fields}}
""",
    )
    assert any(each.startswith("MAP304") for each in found), found


def test_recursion_in_what_is_read_written_and_passed_through(build: Build) -> None:
    node = obj(name="string", children=[{"$ref": "#/components/schemas/Node"}], parent={"$ref": "#/components/schemas/Node"})
    catalog = crud(
        build,
        "title: {type: text}\ntop: {type: text}\nnames: {type: [text], read_only: true}",
        "title: node.parent.parent.name\ntop: {read: node.name, write: node.name}\nnames: {read: 'node.children[].parent.name'}",
        obj(node={"allOf": [{"$ref": "#/components/schemas/Node"}], "nullable": True}, self=REF),
        schemas={"Node": {**node, "nullable": True, "properties": {**node["properties"], "name": {"type": "string", "nullable": True}}}},
    )
    response = {"id": "1", "node": {"name": "N", "parent": {"parent": {"name": "P"}}, "children": [{"parent": {"name": "c"}}, {}]}}
    value = catalog.run("get", "1", responses=[response]).value
    assert (value.title, value.top, value.names) == ("P", "N", ["c"])
    assert sent(catalog, title="T", top="U") == {"node": {"parent": {"parent": {"name": "T"}}, "name": "U"}}
    deep = {"self": {"self": {"self": {"id": "x", "node": {"children": [{"name": "y"}]}}}}}
    assert sent(catalog, title="T", extra={"acme": deep})["self"] == deep["self"]
    with pytest.raises(InvalidInput, match="extra"):
        catalog.run("create", title="T", extra={"acme": {"self": {"self": {"id": 5}}}})


@pytest.mark.parametrize(
    "loop",
    [
        {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}},
        {"A": {"allOf": [{"$ref": "#/components/schemas/A"}, obj(x="string")]}, "B": {}},
        {"A": {"oneOf": [{"$ref": "#/components/schemas/A"}, obj(x="string")]}, "B": {}},
        {"A": {"anyOf": [{"$ref": "#/components/schemas/B"}]}, "B": {"oneOf": [{"$ref": "#/components/schemas/A"}, obj(x="string")]}},
        {"A": {"type": "array", "items": {"$ref": "#/components/schemas/A"}}, "B": {}},
        {"A": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/A"}}, "B": {}},
        {"A": {"$ref": "#/components/schemas/Nowhere"}, "B": {}},
        {"A": {"$ref": "https://elsewhere.example/x.json"}, "B": {}},
        {"A": {"$ref": 5}, "B": {"$ref": ["x"]}},
        {"A": True, "B": False},
    ],
)
def test_schemas_that_lead_nowhere_or_round_in_circles_end(loop: dict) -> None:
    """For any input, the compiler ends with diagnostics or with code; it neither hangs nor crashes."""
    compile_anyway(obj(id="string", a={"$ref": "#/components/schemas/A"}), loop, "title: a.x\n  list: {read: 'a[].x'}")


def compile_anyway(thing: Any, schemas: dict[str, Any], fields: str) -> list[str]:
    return diagnostics(
        model=model("id: {type: id, read_only: true}\ntitle: {type: text}\nlist: {type: [text], read_only: true}", "{create: {}, get: {}}"),
        document=document(
            [call("make", "POST /things", takes="Thing", returns="Thing"), call("read", "GET /things/{i}", returns="Thing")],
            {"Thing": thing, **schemas},
        ),
        mapping=f"resource: things\nschema: Thing\nfields:\n  id: {{read: id}}\n  {fields}\noperations:\n"
        "  create: {operation: make, send: fields}\n  get: {operation: read, params: {i: id}}\n",
    )


@pytest.mark.parametrize(
    "wild",
    [
        {"type": "text"}, {"type": 5}, {"type": []}, {"type": ["string", "object", "array"]}, {"enum": []}, {"enum": "abc"}, {"enum": [[], {}, None, 1.5]},
        {"type": "string", "maxLength": -1}, {"type": "string", "maxLength": 1e400}, {"type": "string", "minLength": "3"}, {"type": "string", "pattern": "("},
        {"type": "string", "pattern": 5}, {"type": "string", "pattern": "(a+)+$"}, {"properties": []}, {"type": "object", "properties": {"x": 5}},
        {"type": "object", "required": "x"}, {"oneOf": {}}, {"oneOf": [None]}, {"allOf": [5]}, {"items": []}, {"type": "array", "items": {}},
        {"additionalProperties": "x"}, {"patternProperties": {"(": {}}}, {"nullable": "yes"}, {"format": 5, "type": "string"}, {"discriminator": 5},
        {"type": "string", "maximum": 3}, {"type": "number", "minimum": float("nan")}, {"not": {}}, {"$ref": "#"}, {"$ref": ""}, {"default": object},
    ],
)  # fmt: skip
def test_wild_schemas_end_in_diagnostics_or_in_code(wild: dict) -> None:
    wild = {name: value for name, value in wild.items() if value is not object}
    compile_anyway(obj(id="string", a=wild), {}, "title: a\n  list: {read: 'a[].x'}")
    compile_anyway(obj(id="string", a={"type": "object", "properties": {"x": wild}}), {}, "title: a.x\n  list: {read: 'a.x[].y'}")


def test_deep_and_wide_documents(build: Build) -> None:
    deep: Any = {"type": "string", "nullable": True}
    for number in reversed(range(20)):
        deep = {"type": "object", "properties": {f"level{number}": deep}}
    path = ".".join(f"level{number}" for number in range(20))
    chain = {f"C{number}": {"$ref": f"#/components/schemas/C{number + 1}"} for number in range(300)} | {
        "C300": {"type": "string", "nullable": True}
    }
    wide = {f"w{number}": {"type": "string"} for number in range(2000)}
    catalog = crud(
        build,
        "title: {type: text}\nname: {type: text}\nkind: {type: text}",
        f"title: {{path: deep.{path}, clear: never}}\nname: chained\nkind: {{path: kind, clear: never}}",
        {
            "type": "object",
            "properties": {
                "deep": deep,
                "chained": {"$ref": "#/components/schemas/C0"},
                "kind": {"enum": [f"k{n}" for n in range(1000)]},
                **wide,
            },
        },
        schemas=chain,
    )
    body = sent(catalog, title="T", name="N", kind="k999")
    assert (body["chained"], body["kind"]) == ("N", "k999")
    assert catalog.run("get", "1", responses=[{"id": "1", **body}]).value.title == "T"
    with pytest.raises(InvalidInput):
        catalog.run("create", kind="k1000")


def test_a_chain_of_references_longer_than_pythons_stack() -> None:
    """The construct is compiled or reported, without a crash."""
    chain = {f"C{number}": {"$ref": f"#/components/schemas/C{number + 1}"} for number in range(5000)} | {"C5000": {"type": "string"}}
    nested: Any = {"type": "string"}
    for _ in range(150):
        nested = {"allOf": [nested]}
    compile_anyway(obj(id="string", a={"$ref": "#/components/schemas/C0"}, b=nested), chain, "title: a\n  list: {read: [b]}")


def test_responses_by_ranges_and_without_a_schema(build: Build) -> None:
    catalog = build(
        model=model("id: {type: id, read_only: true}\ntitle: {type: text, read_only: true}", "{get: {}, list: {}}"),
        document=document(
            [
                call(
                    "getThing",
                    "GET /things/{thingId}",
                    responses={"2XX": {"description": "", "content": {"application/hal+json; charset=utf-8": {"schema": REF}}}},
                ),
                call(
                    "all",
                    "GET /things",
                    responses={
                        "202": {"description": ""},
                        "200": {"$ref": "#/components/responses/Things"},
                        "default": {"description": "", "content": {"application/json": {"schema": obj(error="string")}}},
                    },
                ),
            ],
            {"Thing": obj(id="string", title="string")},
        )
        | {
            "components": {
                "schemas": {"Thing": obj(id="string", title="string")},
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
                "responses": {"Things": {"description": "", "content": {"application/json": {"schema": schema([REF])}}}},
            }
        },
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, title: {read: title}}
operations:
  get: {operation: getThing, params: {thingId: id}}
  list: {operation: GET /things}
""",
    )
    assert catalog.run("get", "1", responses=[{"id": "1", "title": "T"}]).value.title == "T"
    assert [each.id for each in catalog.run("list", responses=[[{"id": "1"}]]).value] == ["1"]


def test_parameters_of_every_kind(build: Build) -> None:
    catalog = build(
        model=model(
            "id: {type: id, read_only: true}",
            "{list: {inputs: {a: {type: text}, b: {type: text}, c: {type: [text]}, d: {type: text}, e: {type: text}}}}",
        ),
        document=document(
            [
                call(
                    "all",
                    "GET /things",
                    returns=["Thing"],
                    query={
                        "free": {"schema": {}},
                        "rich": {"schema": {"oneOf": [{"type": "string"}, {"type": "integer"}]}},
                        "list[]": {"schema": {"type": "array", "items": {"type": "string"}}},
                        "filter[name]": {"schema": {"type": "string"}},
                        "user-id": {"schema": {"type": "string"}},
                    },
                )
            ],
            {"Thing": obj(id="string")},
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}}
operations: {list: {operation: all, params: {free: a, rich: b, "list[]": c, "filter[name]": d, user-id: e}}}
""",
    )
    ran = catalog.run("list", a="1", b="2", c=["3", "4"], d="5", e="6", responses=[[]])
    assert ran.sent == ["GET /things?free=1&rich=2&list[]=3&list[]=4&filter[name]=5&user-id=6"]


def test_json_beside_other_bodies(build: Build) -> None:
    thing = {"schema": obj(title="string?")}
    catalog = build(
        model=model("id: {type: id, read_only: true}\ntitle: {type: text}", "{create: {}}"),
        document=document(
            [
                call(
                    "make",
                    "POST /things",
                    returns="Thing",
                    requestBody={"content": {"text/xml": {}, "multipart/form-data": thing, "application/vnd.acme+json": thing}},
                )
            ],
            {"Thing": obj(id="string", title="string")},
        ),
        mapping="resource: things\nschema: Thing\nfields: {id: {read: id}, title: title}\noperations: {create: {operation: make, send: fields}}\n",
    )
    assert catalog.run("create", title="T", responses=[EMPTY]).sent == [("POST /things", {"title": "T"})]


@pytest.mark.parametrize("media", ["application/xml", "text/plain"])
def test_fields_in_a_body_that_cannot_be_written_are_refused(media: str) -> None:
    found = diagnostics(
        model=model("id: {type: id, read_only: true}\ntitle: {type: text}", "{create: {}}"),
        document=document(
            [call("make", "POST /things", takes=obj(title="string"), returns="Thing", media=media)],
            {"Thing": obj(id="string", title="string")},
        ),
        mapping="resource: things\nschema: Thing\nfields: {id: {read: id}, title: title}\noperations: {create: {operation: make, send: fields}}\n",
    )
    assert [each[:6] for each in found if "MAP216" in each] == ["MAP216"], found


def test_the_same_project_compiles_to_the_same_bytes() -> None:
    texts: dict[str, Any] = {
        "model": model("id: {type: id, read_only: true}\ntitle: {type: text}\nlabels: {type: [text]}", "{create: {}}"),
        "document": document(
            [call("make", "POST /things", takes="Thing", returns="Thing")],
            {"Thing": obj(id="string", title="string?", a=obj(b=["string"]))},
        ),
        "mapping": "resource: things\nschema: Thing\nfields: {id: {read: id}, title: title, labels: 'a.b'}\noperations: {create: {operation: make, send: fields}}\n",
    }
    assert compiled(**texts).files == compiled(**texts).files
