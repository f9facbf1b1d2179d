"""Names that are not identifiers, or that collide with generated ones: the code works for any name in a document or model."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.functional.compiled import Build, Refused, call, compiled, document, model, obj

LANGUAGE = [
    "class",
    "None",
    "import",
    "lambda",
    "self",
    "cls",
    "int",
    "str",
    "list",
    "dict",
    "float",
    "bool",
    "type",
    "id",
    "print",
    "__init__",
]
RUNTIME = [
    "types",
    "inputs",
    "answers",
    "paging",
    "call",
    "fetch",
    "attach",
    "Context",
    "Endpoint",
    "Page",
    "Raw",
    "Retry",
    "Steps",
    "Struct",
]
LOCALS = [
    "field",
    "r",
    "raw",
    "ctx",
    "record",
    "records",
    "items",
    "index",
    "each",
    "body",
    "query",
    "headers",
    "path",
    "given",
    "answer",
    "start",
]
MODULES = [
    "re",
    "date",
    "datetime",
    "Decimal",
    "Any",
    "Literal",
    "dates",
    "adf",
    "jql",
    "Thing",
    "ThingCreate",
    "read_thing",
    "things",
    "annotations",
]
ODD = [
    "a b",
    "a-b",
    "a_b",
    "aB",
    "A_B",
    "ä",
    "日本",
    "1",
    "1a",
    "x'y",
    "{{x}}",
    "{x}",
    "%s",
    "a.b",
    "~1",
    "a/b",
    "$ref",
    "\ud7ff",
    "é" * 40,
]
QUOTES = ['x"y', '"""', "a\\b", "a\nb"]
"""Names that a path cannot have: JMESPath reads an escape in a quoted name, and the mapping language has none."""
NAMES = [*LANGUAGE, *RUNTIME, *LOCALS, *MODULES, *ODD]


def quoted(name: str) -> str:
    """Return a name inside a path, as YAML text."""
    return json.dumps(json.dumps(name))


def inside(name: str, inner: str) -> str:
    return json.dumps(json.dumps(name) + "." + inner)


def many(build: Build, names: list[str], path: Any, thing: Any) -> Any:
    fields = "".join(f"f{number}: {{type: text}}\n" for number in range(len(names)))
    mapped = "".join(f"  f{number}: {path(name)}\n" for number, name in enumerate(names))
    return build(
        model=model("id: {type: id, read_only: true}\n" + fields, "{get: {}, create: {}, update: {}}"),
        document=document(
            [
                call("getThing", "GET /things/{thingId}", returns="Thing"),
                call("createThing", "POST /things", takes="Thing", returns="Thing"),
                call("updateThing", "PUT /things/{thingId}", takes="Thing", returns="Thing"),
            ],
            {"Thing": {"type": "object", "properties": {"thing id": {"type": "string"}, **thing}}},
        ),
        mapping="resource: things\nschema: Thing\nfields:\n  id: {read: '\"thing id\"'}\n"
        + mapped
        + "operations:\n  get: {operation: getThing, params: {thingId: id}}\n  create: {operation: createThing, send: fields}\n"
        + "  update: {operation: updateThing, params: {thingId: id}, send: fields}\n",
    )


@pytest.mark.parametrize(
    "group", [LANGUAGE, RUNTIME, LOCALS, MODULES, ODD, NAMES], ids=["language", "runtime", "locals", "modules", "odd", "all"]
)
def test_properties(build: Build, group: list[str]) -> None:
    names = list(dict.fromkeys(group))
    catalog = many(build, names, quoted, {name: {"type": "string", "nullable": True} for name in names})
    response = {"thing id": "1", **{name: f"value of {name}" for name in names}}
    values = {f"f{number}": response[name] for number, name in enumerate(names)}
    got = catalog.run("get", "1", responses=[response]).value
    assert {name: getattr(got, name) for name in values} == values
    assert catalog.run("create", responses=[response], **values).sent == [("POST /things", {name: response[name] for name in names})]
    assert catalog.run("update", "1", responses=[response], **dict.fromkeys(values)).sent == [("PUT /things/1", dict.fromkeys(names))]


@pytest.mark.parametrize(
    "group", [LANGUAGE, RUNTIME, LOCALS, MODULES, ODD, NAMES], ids=["language", "runtime", "locals", "modules", "odd", "all"]
)
def test_objects(build: Build, group: list[str]) -> None:
    """Each object on the path gets a local variable of its own, which must not shadow anything."""
    names = list(dict.fromkeys(group))
    both = [*names, *names]
    value = {"type": "object", "nullable": True, "properties": {"value": {"type": "string", "maxLength": 9}}}
    catalog = many(build, both, _Turns(names), {name: {"type": "object", "properties": {"x": value, "y": value}} for name in names})
    response = {
        "thing id": "1",
        **{name: {"x": {"value": f"x{number}"}, "y": {"value": f"y{number}"}} for number, name in enumerate(names)},
    }
    values = {f"f{number}": f"{'x' if number < len(names) else 'y'}{number % len(names)}" for number in range(len(both))}
    got = catalog.run("get", "1", responses=[response]).value
    assert {name: getattr(got, name) for name in values} == values
    sent = {name: value for name, value in response.items() if name != "thing id"}
    assert catalog.run("create", responses=[response], **values).sent == [("POST /things", sent)]
    cleared = catalog.run("update", "1", responses=[response], **dict.fromkeys(values)).sent
    assert cleared == [("PUT /things/1", {name: {"x": None, "y": None} for name in names})]


class _Turns:
    """For each name first its path `x`, then its path `y`."""

    def __init__(self, names: list[str]) -> None:
        self.paths = [inside(name, f"{key}.value") for key in "xy" for name in names]

    def __call__(self, name: str) -> str:
        return self.paths.pop(0)


CONSTANTS = [
    "SELECT",
    "FIELDS",
    "UNSUPPORTED",
    "fields",
    "status read",
    "kind_write",
    "CREATE_UNSUPPORTED",
    "VENDOR",
    "get thing",
    "KIND_READ",
    "SELECT_2",
]


def test_operations(build: Build) -> None:
    """Each operation of the document has a constant of its own."""
    names = list(dict.fromkeys([*NAMES, *QUOTES, *CONSTANTS]))
    reads = "".join(f"  get{number}: {{operation: {json.dumps(name)}, params: {{thingId: id}}}}\n" for number, name in enumerate(names))
    catalog = build(
        model=model(
            "id: {type: id, read_only: true}\nkind: {type: enum, values: [a, b]}\nnote: {type: text}",
            "{create: {}, " + ", ".join(f"get{number}: {{kind: get}}" for number in range(len(names))) + "}",
        ),
        document=document(
            [
                *(
                    call(name, f"GET /{number}/{{thingId}}", returns="Thing", query={"fields": "string"})
                    for number, name in enumerate(names)
                ),
                call("make", "POST /things", takes=obj(kind="string"), returns="Thing"),
            ],
            {"Thing": obj(id="string", kind="string")},
        ),
        mapping=f"""
resource: things
schema: Thing
fields: {{id: {{read: id}}, kind: {{path: kind, enum: {{a: A, b: B}}}}}}
unsupported: {{note: none}}
operations:
{reads}  create:
    - {{operation: make, send: fields, save: made}}
    - {{operation: {json.dumps(names[-1])}, params: {{thingId: made.id}}}}
""",
        vendor="select: {fields: {paths: true}}\n",
    )
    for number, name in enumerate(names):
        ran = catalog.run(f"get{number}", "1", responses=[{"id": "1", "kind": "A"}])
        assert (ran.value.kind, ran.sent) == ("a", [f"GET /{number}/1?fields=id,kind"]), name
    made = catalog.run("create", kind="b", responses=[{"id": "1"}, {"id": "1", "kind": "B"}])
    assert made.sent == [("POST /things", {"kind": "B"}), f"GET /{len(names) - 1}/1?fields=id,kind"]


def test_schemas(build: Build) -> None:
    """Classes are named after schemas; none may shadow what the module of types uses, or another class."""
    names = list(dict.fromkeys([*NAMES, *QUOTES, "field", "Struct", "msgspec", "object", "property", "A B", "AB", "a_b", "A-B", "Thing2"]))
    names.remove("Thing")
    properties = {f"p{number}": {"$ref": "#/components/schemas/" + _pointer(name)} for number, name in enumerate(names)}
    read = "".join(f"f{number}: {{type: text, read_only: true}}\n" for number in range(len(names)))
    catalog = build(
        model=model("id: {type: id, read_only: true}\n" + read, "{get: {}}"),
        document=document(
            [call("getThing", "GET /things/{thingId}", returns="Thing")],
            {"Thing": {"type": "object", "properties": {"id": {"type": "string"}, **properties}}}
            | {name: obj(**{f"title{number}": "string", "field": "string", "list": ["string"]}) for number, name in enumerate(names)},
        ),
        mapping="resource: things\nschema: Thing\nfields:\n  id: {read: id}\n"
        + "".join(f"  f{number}: {{read: p{number}.title{number}}}\n" for number in range(len(names)))
        + "operations: {get: {operation: getThing, params: {thingId: id}}}\n",
    )
    response = {f"p{number}": {f"title{number}": f"T{number}"} for number in range(len(names))}
    got = catalog.run("get", "1", responses=[{"id": "1", **response}]).value
    assert [getattr(got, f"f{number}") for number in range(len(names))] == [f"T{number}" for number in range(len(names))]


@pytest.mark.parametrize("name", ["class", 'x"y', "a\nb", "Struct", "Any", "日本", "a/b~c%", '"""'])
def test_the_schema_of_the_record(build: Build, name: str) -> None:
    catalog = build(
        model=model("id: {type: id, read_only: true}\nlabels: {type: [text], read_only: true}", "{get: {}}"),
        document=document(
            [call("getThing", "GET /things/{thingId}", returns={"$ref": "#/components/schemas/" + _pointer(name)})],
            {name: obj(id="string", tags=[obj(name="string")])},
        ),
        mapping=f"resource: things\nschema: {json.dumps(name)}\nfields: {{id: {{read: id}}, labels: {{read: 'tags[].name'}}}}\n"
        "operations: {get: {operation: getThing, params: {thingId: id}}}\n",
    )
    assert catalog.run("get", "1", responses=[{"id": "1", "tags": [{"name": "a"}]}]).value.labels == ["a"]


def _pointer(name: str) -> str:
    from urllib.parse import quote

    return quote(name.replace("~", "~0").replace("/", "~1"), safe="~")


def test_parameters(build: Build) -> None:
    names = list(dict.fromkeys([*NAMES, *QUOTES]))
    inputs = ", ".join(f"i{number}: {{type: text}}" for number in range(len(names)))
    bound = ", ".join(f"{json.dumps(name)}: i{number}" for number, name in enumerate(names))
    catalog = build(
        model=model("id: {type: id, read_only: true}", f"{{list: {{inputs: {{{inputs}}}}}}}"),
        document=document(
            [call("all", "GET /things", query=dict.fromkeys(names, "string"), returns=["Thing"])], {"Thing": obj(id="string")}
        ),
        mapping=f"resource: things\nschema: Thing\nfields: {{id: {{read: id}}}}\noperations:\n  list: {{operation: all, params: {{{bound}}}}}\n",
    )
    from urllib.parse import parse_qsl, urlsplit

    ran = catalog.run("list", responses=[[]], **{f"i{number}": f"v{number}" for number in range(len(names))})
    assert dict(parse_qsl(urlsplit(ran.requests[0].url).query)) == {name: f"v{number}" for number, name in enumerate(names)}


@pytest.mark.parametrize("name", ["self", "a b", "a-b", "id", "ctx", 'x"y', "a.b", "日本", "class", "raw", "%s"])
def test_path_parameters(build: Build, name: str) -> None:
    catalog = build(
        model=model("id: {type: id, read_only: true}", "{get: {}}"),
        document=document([_with_path(name)], {"Thing": obj(id="string")}),
        mapping=f"resource: things\nschema: Thing\nfields: {{id: {{read: id}}}}\noperations: {{get: {{operation: getThing, params: {{{json.dumps(name)}: id}}}}}}\n",
    )
    assert catalog.run("get", "v/w", responses=[{"id": "1"}]).sent == ["GET /things/v%2Fw"]


def _with_path(name: str) -> Any:
    _path, method, operation = call("getThing", "GET /things", returns="Thing")
    operation["parameters"] = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}}]
    return f"/things/{{{name}}}", method, operation


def test_enum_values(build: Build) -> None:
    words = [name for name in [*NAMES, *QUOTES] if name.strip()]
    values = [f"v{number}" for number in range(len(words))]
    catalog = build(
        model=model(f"id: {{type: id, read_only: true}}\nkind: {{type: enum, values: [{', '.join(values)}]}}", "{create: {}}"),
        document=document(
            [call("make", "POST /things", takes="Thing", returns="Thing")],
            {"Thing": obj(id="string", kind={"type": "string", "enum": words})},
        ),
        mapping="resource: things\nschema: Thing\nfields:\n  id: {read: id}\n  kind:\n    path: kind\n    enum:\n"
        + "".join(f"      {value}: {json.dumps(word)}\n" for value, word in zip(values, words, strict=True))
        + "operations: {create: {operation: make, send: fields}}\n",
    )
    for value, word in zip(values, words, strict=True):
        ran = catalog.run("create", kind=value, responses=[{"id": "1", "kind": word}])
        assert (ran.sent, ran.value.kind) == ([("POST /things", {"kind": word})], value)


# ------------------------------------------------------------------------------------------------------------- unified names
def unified(
    fields: str, operations: str, *, resource: str = "things", record: str = "Thing", mapping: str = "", steps: str = ""
) -> dict[str, Any]:
    return {
        "model": model("id: {type: id, read_only: true}\n" + fields, operations, resource, record),
        "document": document(
            [
                call("getThing", "GET /things/{thingId}", returns="Thing"),
                call("createThing", "POST /things", takes=obj(x="string", y="string"), returns="Thing"),
                call("listThings", "GET /things", query={"x": "string"}, returns=["Thing"]),
            ],
            {"Thing": obj(id="string", x="string", y="string")},
        ),
        "mapping": f"resource: {resource}\nschema: Thing\nfields:\n  id: {{read: id}}\n{mapping}operations:\n{steps}",
    }


@pytest.mark.parametrize(
    "name",
    ["call", "fetch", "types", "inputs", "list_all", "answers", "attach", "read_thing", "operation", "listing", "plan", "print", "open"],
)
def test_operations_of_a_model(build: Build, name: str) -> None:
    """Either the operation works, or the model is rejected."""
    try:
        catalog = build(
            **unified(
                "",
                f"{{{name}: {{kind: get}}, get: {{}}}}",
                steps=f"  {name}: {{operation: getThing, params: {{thingId: id}}}}\n  get: {{operation: getThing, params: {{thingId: id}}}}\n",
            )
        )
    except Refused as refused:
        assert "MAP011" in str(refused)
        assert name in str(refused)
        return
    for operation in (name, "get"):
        assert catalog.run(operation, "1", responses=[{"id": "1"}]).value.id == "1"


@pytest.mark.parametrize(
    "name",
    ["ctx", "raw", "given", "record", "answer", "answers", "each", "types", "self", "via", "extra", "cursor", "limit", "thing", "model"],
)
def test_inputs_of_a_model(build: Build, name: str) -> None:
    try:
        catalog = build(
            **unified(
                "",
                f"{{get: {{inputs: {{{name}: {{type: id, required: true}}}}}}}}",
                steps=f"  get: {{operation: getThing, params: {{thingId: {name}}}}}\n",
            )
        )
    except Refused as refused:
        assert "MAP011" in str(refused)
        assert name in str(refused)
        return
    assert catalog.run("get", "1", responses=[{"id": "1"}]).sent == ["GET /things/1"]


@pytest.mark.parametrize(
    "name",
    ["ctx", "raw", "vendor", "copy", "json", "dict", "schema", "validate", "construct", "model_config", "model_fields", "model_dump", "self", "cls",
     "via", "extra", "cursor", "limit", "given", "list", "type", "str", "date", "field", "fields", "root", "annotated", "literal", "key", "register"],
)  # fmt: skip
def test_fields_of_a_model(build: Build, name: str) -> None:
    try:
        catalog = build(
            **unified(
                f"{name}: {{type: text, required: create}}\nother: {{type: date}}",
                "{create: {}, list: {inputs: {other: {type: text}}}}",
                mapping=f"  {name}: x\n",
                steps="  create: {operation: createThing, send: fields}\n  list: {operation: listThings, params: {x: other}}\nunsupported: {other: none}\n",
            )
        )
    except Refused as refused:
        assert "MAP011" in str(refused)
        assert name in str(refused)
        return
    ran = catalog.run("create", responses=[{"id": "1", "x": "X"}], **{name: "v"})
    assert (ran.sent, getattr(ran.value, name)) == ([("POST /things", {"x": "v"})], "X")
    assert ran.value.raw == {"id": "1", "x": "X"}
    assert ran.value.vendor == "acme"


@pytest.mark.parametrize(
    "record",
    [
        "Call",
        "Context",
        "Page",
        "Raw",
        "Any",
        "Literal",
        "Endpoint",
        "Record",
        "Input",
        "Answer",
        "Answers",
        "Inputs",
        "Extra",
        "Unset",
        "Invocation",
        "Mapping",
        "Sequence",
        "BaseModel",
        "Field",
        "None",
        "True",
        "Annotated",
        "Types",
        "Date",
    ],
)
def test_records_of_a_model(build: Build, record: str) -> None:
    fields = "x: {type: text, required: create}\nday: {type: date}\nkinds: {type: [text]}\nkind: {type: enum, values: [a]}"
    try:
        catalog = build(
            **unified(
                fields,
                "{create: {}, get: {}, list: {}}",
                record=record,
                mapping="  x: x\n",
                steps="  create: {operation: createThing, send: fields}\n  get: {operation: getThing, params: {thingId: id}}\n  list: {operation: listThings}\nunsupported: {day: no, kinds: no, kind: no}\n",
            )
        )
    except Refused as refused:
        assert "MAP011" in str(refused)
        assert record in str(refused)
        return
    assert catalog.run("create", x="v", responses=[{"id": "1"}]).sent == [("POST /things", {"x": "v"})]
    assert catalog.run("get", "1", responses=[{"id": "1", "x": "X"}]).value.x == "X"
    assert catalog.run("list", responses=[[{"id": "1"}]]).value[0].id == "1"


@pytest.mark.parametrize(
    "resource", ["aio", "models", "vendors", "tools", "catalog", "unified", "types", "list", "acting", "connect", "print", "tasks", "call"]
)
def test_resources(build: Build, resource: str) -> None:
    try:
        catalog = build(**unified("", "{get: {}}", resource=resource, steps="  get: {operation: getThing, params: {thingId: id}}\n"))
    except Refused as refused:
        assert "MAP011" in str(refused)
        assert resource in str(refused)
        return
    assert catalog.run("get", "1", responses=[{"id": "1"}], resource=resource).value.id == "1"


@pytest.mark.parametrize(
    "name", ["answers", "inputs", "raw", "record", "given", "ctx", "thing", "each", "list", "class_", "types", "kept", "call"]
)
def test_stored_responses(build: Build, name: str) -> None:
    catalog = build(
        **unified(
            "x: {type: text}",
            "{create: {}}",
            mapping="  x: x\n",
            steps=f"  create:\n    - {{operation: createThing, send: fields, save: {name}}}\n    - {{operation: getThing, params: {{thingId: {name}.id}}}}\n",
        )
    )
    ran = catalog.run("create", x="v", responses=[{"id": "7"}, {"id": "7", "x": "X"}])
    assert (ran.sent[1], ran.value.x) == ("GET /things/7", "X")


@pytest.mark.parametrize("name", ["owner", "raw", "ctx", "r", "record", "answers", "class", "_x", "X", "id", "kind", "list"])
def test_parts_of_ids(build: Build, name: str) -> None:
    try:
        catalog = build(
            model=model("id: {type: id, read_only: true}", "{get: {}}"),
            document=document([call("getThing", f"GET /{{{name}}}/{{number}}", returns="Thing")], {"Thing": obj(number="string")}),
            mapping=f'resource: things\nschema: Thing\nfields: {{id: {{format: "{{{name}}}/{{number}}", parse: {{number: "{{number}}"}}}}}}\n'
            "operations: {get: {operation: getThing, params: id}}\n",
        )
    except Refused as refused:
        assert "MAP009" in str(refused) or "MAP011" in str(refused)
        return
    ran = catalog.run("get", "o/7", responses=[{"number": "7"}])
    assert (ran.sent, ran.value.id) == (["GET /o/7"], "o/7")


@pytest.mark.parametrize("name", QUOTES)
def test_properties_that_no_path_can_name(build: Build, name: str) -> None:
    with pytest.raises(Refused, match="MAP003"):
        many(build, [name], quoted, {name: {"type": "string"}})


def test_names_reserved_in_models_are_those_of_generated_code() -> None:
    """The names in `unified_gen.language.reserved` come from lists elsewhere; each must be in it."""
    from pydantic import BaseModel

    from unified_gen.language import reserved
    from unified_gen.lower import context
    from unified_gen.pipeline import compiler as compiler
    from unified_gen.render import facade

    imported = {*context.RUNTIME, *facade.RUNTIME, *context._IMPORTED}
    assert {name for name in imported if name[:1].islower()} <= reserved.OPERATIONS
    assert {name for name in imported if name[:1].isupper() and not name.isupper()} <= reserved.CLASSES
    assert {*compiler._PACKAGES} | {"types"} <= reserved.RESOURCES
    public = {name for name in (*dir(BaseModel), *dir(type(BaseModel))) if not name.startswith("_")}
    assert public | {"vendor", "raw"} <= reserved.FIELDS


def test_a_refused_project_is_reported() -> None:
    with pytest.raises(Refused, match="MAP"):
        compiled(model="resource: things", document={}, mapping="resource: things")
