"""Loading: every format of description, including unusual and hostile ones, with a location for every error."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.documents.samples import OPENAPI
from unified_openapi.documents import Document, DocumentFault, UnresolvableReference, load_document, operations, parse_document
from unified_openapi.source.spans import Span


def parsed(value: Any, file: str = "api.json", **changes: Any) -> Document:
    return parse_document(json.dumps({**value, **changes}).encode(), file)


def written(text: str, file: str = "api.yaml") -> Document:
    return parse_document(text.encode(), file)


def refused(data: bytes | str, file: str = "api.yaml") -> tuple[str, int, int]:
    with pytest.raises(DocumentFault) as caught:
        parse_document(data.encode() if isinstance(data, str) else data, file)
    found = caught.value.diagnostic
    assert "\n" not in found.message
    return found.code, found.span.line, found.span.column


# ------------------------------------------------------------------------------------------ operations
def test_an_operation_knows_its_parameters_with_those_of_its_path() -> None:
    document = parsed(OPENAPI)
    found = operations(document)["getTask"]
    assert (found.method, found.path, found.pointer, found.deprecated) == ("GET", "/tasks/{id}", "/paths/~1tasks~1{id}/get", True)
    facts = {(p.location, p.name): p for p in found.parameters}
    assert list(facts) == [("path", "id"), ("header", "trace"), ("query", "fields"), ("query", "filter")]
    assert facts["path", "id"].pointer == "/components/parameters/Id"
    assert facts["path", "id"].required
    assert facts["header", "trace"].schema == "/paths/~1tasks~1{id}/get/parameters/1/schema"
    assert (facts["query", "fields"].style, facts["query", "fields"].explode) == ("form", False)
    assert facts["query", "filter"].media_type == "application/json"
    assert document.at(facts["query", "filter"].schema) == {"type": "object"}


def test_bodies_and_responses_behind_references_are_resolved() -> None:
    found = operations(parsed(OPENAPI))
    get, put = found["getTask"], found["PUT /tasks/{id}"]
    at = "/paths/~1tasks~1{id}/get/responses/200/content/application~1json/schema"
    missing = "/components/responses/Missing"
    assert get.responses == {"200": {"application/json": at}, "404": {"text/plain": missing + "/content/text~1plain"}, "204": {}}
    assert get.headers["404"] == {"Retry": missing + "/headers/Retry"}
    assert get.bodies == {}
    assert put.body == "/components/requestBodies/Task"
    assert put.bodies == {"application/json": "/components/requestBodies/Task/content/application~1json/schema"}
    assert put.body_required


def test_security_and_servers_are_those_in_force() -> None:
    found = operations(parsed(OPENAPI))
    assert found["getTask"].security == ({"key": ()}, {"oauth": ("read",)}, {})
    assert found["getTask"].servers == ("https://api.example",)
    assert found["put /tasks/{id}"].security == ({"key": ()},)
    assert found["PUT /tasks/{id}"].servers == ("https://other.example",)
    assert list(found) == ["getTask", "PUT /tasks/{id}"]
    assert found.get("nope") is None


def test_a_shared_operation_id_names_neither_operation() -> None:
    paths = {path: {"get": {"operationId": "same", "responses": {}}} for path in ("/a", "/b")}
    document = parsed(OPENAPI, paths=paths)
    assert list(operations(document)) == ["GET /a", "GET /b"]
    assert "same" not in operations(document)
    assert operations(document)["GET /b"].operation_id == "same"
    assert [fault.code for fault in document.faults] == ["SPEC108"]


def test_an_undeclared_path_parameter_is_declared() -> None:
    document = written("openapi: 3.0.0\ninfo: {title: t, version: 1}\npaths:\n  /a/{b}:\n    get:\n      responses: {}\n")
    (parameter,) = operations(document)["GET /a/{b}"].parameters
    assert (parameter.name, parameter.location, parameter.required) == ("b", "path", True)
    assert document.at(parameter.schema) == {"type": "string"}
    (fault,) = document.faults
    assert (fault.code, fault.span.line, fault.span.column) == ("SPEC109", 5, 5)


def test_a_path_item_may_be_a_reference() -> None:
    shared = {"get": {"operationId": "x", "responses": {}}}
    document = parsed({**OPENAPI, "paths": {"/a": {"$ref": "#/components/pathItems/A"}}}, components={"pathItems": {"A": shared}})
    assert operations(document)["x"].pointer == "/paths/~1a/get"
    assert operations(document)["GET /a"].name == "x"


# ------------------------------------------------------------------------------------------ references
def test_dangling_references_are_reported() -> None:
    document = parsed(OPENAPI)
    assert document.resolve("#/components/schemas/Task")["type"] == "object"
    assert document.pointer("#/paths/~1tasks~1%7Bid%7D/get") == "/paths/~1tasks~1{id}/get"
    assert document.follow("/components/schemas/Task/properties/parent") == "/components/schemas/Task"
    for reference in ("#/components/schemas/Nope", "other.json#/x", "#/components/schemas/Task/properties/99"):
        with pytest.raises(UnresolvableReference):
            document.resolve(reference)


@pytest.mark.parametrize(
    ("reference", "code", "becomes"),
    [
        ("#components/schemas/Task", "SPEC106", "#/components/schemas/Task"),
        ("/components/schemas/Task", "SPEC106", "#/components/schemas/Task"),
        ("Task", "SPEC106", "#/components/schemas/Task"),
        ("#/definitions/Task", "SPEC106", "#/components/schemas/Task"),
        ("api.json#/components/schemas/Task", "SPEC106", "#/components/schemas/Task"),
        ("#/components/schemas/Nope", "SPEC105", "#/components/schemas/Nope"),
        ("https://example.com/x.json", "SPEC107", "https://example.com/x.json"),
        ("#/components/schemas/Loop", "SPEC111", "#/components/schemas/Loop"),
        (5, "SPEC106", None),
        ("", "SPEC106", None),
        ("#/components/schemas/100%25", None, "#/components/schemas/100%25"),
        ("#/components/schemas/a%20b", None, "#/components/schemas/a%2520b"),
    ],
)
def test_a_malformed_reference_is_read_as_it_was_meant(reference: Any, code: str | None, becomes: str | None) -> None:
    schemas = {
        "Task": {"type": "object"},
        "Loop": {"$ref": "#/components/schemas/Loop2"},
        "Loop2": {"$ref": "#/components/schemas/Loop"},
        "100%": {},
        "a%20b": {},
        "Probe": {"$ref": reference},
    }
    document = parsed(OPENAPI, paths={}, components={"schemas": schemas})
    assert document.root["components"]["schemas"]["Probe"].get("$ref") == becomes
    path = document.span("/components/schemas/Probe/$ref")
    assert [fault.code for fault in document.faults if fault.span == path] == ([code] if code else [])


def test_a_property_called_ref_is_not_a_reference() -> None:
    schema = {"type": "object", "properties": {"$ref": {"type": "string"}}, "example": {"$ref": "#/nope"}, "default": {"$ref": 1}}
    assert parsed(OPENAPI, components={**OPENAPI["components"], "schemas": {"Task": schema}}).faults == ()


def test_aliases_of_yaml_share_repairs() -> None:
    text = "openapi: 3.0.0\npaths: {}\ncomponents:\n  schemas:\n    A: &a {$ref: 5}\n    B: *a\n    C: {$ref: '#/components/schemas/B'}\n"
    document = written(text)
    assert document.root["components"]["schemas"]["B"] == {}
    assert {fault.code for fault in document.faults} == {"SPEC106"}


# -------------------------------------------------------------------------------------- unusual texts
def test_yaml_conversions_are_reverted() -> None:
    document = written(
        "openapi: 3.1\ninfo:\n  title: t\n  version: 2024-01-01\npaths:\n  /a:\n    get:\n      operationId: no\n"
        "      responses:\n        200:\n          description: =\n        default: {description: ''}\n"
        "components: {schemas: {S: {enum: [on, off, yes, no]}}}\n"
    )
    assert list(operations(document)["no"].responses) == ["200", "default"]
    assert document.root["openapi"] == "3.1.0"
    assert (document.version, document.format) == ("2024-01-01", "OpenAPI 3.1 YAML")
    assert document.root["components"]["schemas"]["S"]["enum"] == ["on", "off", "yes", "no"]


def test_json_in_yaml_files_and_yaml_that_looks_like_json() -> None:
    assert parse_document(json.dumps(OPENAPI).encode(), "api.yaml").format == "OpenAPI 3.0.3 JSON"
    assert written("{openapi: 3.0.0, info: {title: t, version: 1}, paths: {}}").format == "OpenAPI 3.0.0 YAML"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_encodings_are_detected_by_their_marks(encoding: str) -> None:
    text = json.dumps(OPENAPI)
    data = text.encode(encoding)
    if encoding == "utf-16-le":
        data = b"\xff\xfe" + data
    document = parse_document(data, "api.json")
    assert document.root["openapi"] == "3.0.3"
    assert document.span("/openapi") == Span("api.json", 1, 14, 1, 19)


def test_a_repeated_key_is_reported() -> None:
    document = parse_document(b'{"openapi": "3.0.0",\n "paths": {"/a": {}},\n "paths": {}}', "api.json")
    assert [(fault.code, fault.span.line) for fault in document.faults] == [("SPEC110", 3)]
    document = written("openapi: 3.0.0\npaths: {}\npaths: {}\n")
    assert [(fault.code, fault.span.line) for fault in document.faults] == [("SPEC110", 3)]


@pytest.mark.parametrize(
    ("data", "file", "expected"),
    [
        (b"openapi: 3.0.0\ninfo: \xff\n", "a.yaml", ("SPEC101", 2, 7)),
        ('{"openapi": "3.0.0",\n "info": }', "a.json", ("SPEC102", 2, 10)),
        ('{"openapi": NaN}', "a.json", ("SPEC102", 1, 13)),
        ('{"a": "\\ud800"}', "a.json", ("SPEC102", 1, 8)),
        ("[" * 100_000, "a.json", ("SPEC102", 1, 1)),
        ('{"a":' * 300 + "1" + "}" * 300, "a.json", ("SPEC102", 1, 1)),
        ("a: [1", "a.yaml", ("SPEC102", 1, 6)),
        ("", "a.yaml", ("SPEC103", 1, 1)),
        ("just words", "a.yaml", ("SPEC103", 1, 1)),
        ("[1, 2]", "a.json", ("SPEC103", 1, 1)),
        ("a: 1", "a.yaml", ("SPEC103", 1, 1)),
        ("info: {}\nasyncapi: 2.0.0", "a.yaml", ("SPEC104", 2, 11)),
        ("openapi: 4.0.0", "a.yaml", ("SPEC104", 1, 10)),
        ("openapi: [3]", "a.yaml", ("SPEC104", 1, 1)),
        ("swagger: 1.2", "a.yaml", ("SPEC104", 1, 10)),
        ('{"__schema": {}}', "a.json", ("SPEC102", 1, 1)),
        ("<xml/>", "a.wsdl", ("SPEC103", 1, 1)),
    ],
)
def test_unusable_documents_are_rejected_in_one_line(data: bytes | str, file: str, expected: tuple[str, int, int]) -> None:
    assert refused(data, file) == expected


def test_a_file_that_is_not_there_is_refused(tmp_path: Any) -> None:
    with pytest.raises(DocumentFault) as caught:
        load_document(tmp_path / "nope.yaml", "nope.yaml")
    assert (caught.value.diagnostic.code, caught.value.diagnostic.span.file) == ("SPEC101", "nope.yaml")


def test_wrong_forms_are_left_out_with_a_location() -> None:
    document = written(
        "openapi: 3.0.0\ninfo: {title: t, version: 1}\npaths:\n  /a: [1]\n  b: {get: {}}\n  /c:\n    get: text\n    post:\n"
        "      parameters: {x: 1}\n      responses: {}\n    put:\n      parameters:\n      - {in: query}\n      - {name: q, in: body}\n"
        "      - 5\n      - {name: ok, in: query}\n      responses: []\n"
    )
    assert [(fault.code, fault.span.line) for fault in document.faults] == [("SPEC112", n) for n in (4, 5, 7, 9, 13, 14, 15, 17)]
    assert list(operations(document)) == ["GET /b", "POST /c", "PUT /c"]
    assert [parameter.name for parameter in operations(document)["PUT /c"].parameters] == ["ok"]
    assert written("openapi: 3.0.0\npaths: []\n").faults[0].code == "SPEC112"


# --------------------------------------------------------------------------------------- locations
YAML = """\
openapi: 3.0.0
info:
  title: t
paths:
  /a/b:
    get:
      tags: [x, 'yy']
      responses:
        200: {description: d}
"""


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("/info/title", (3, 10, 11)),
        ("/paths/~1a~1b", (5, 3, 7)),
        ("/paths/~1a~1b/get/tags/1", (7, 18, 20)),
        ("/paths/~1a~1b/get/responses/200", (9, 9, 12)),
        ("/paths/~1a~1b/get/responses/200/content/x", (9, 9, 12)),
        ("/nope", (1, 1, None)),
    ],
)
def test_a_pointer_has_a_location_in_yaml_and_the_nearest_one_if_nothing_is_there(pointer: str, path: tuple[int, int, int | None]) -> None:
    span = written(YAML).span(pointer)
    assert (span.line, span.column) == path[:2]
    assert path[2] is None or span.end_column == path[2]


def test_a_pointer_has_the_same_kind_of_location_in_json() -> None:
    value = written(YAML).root
    text = json.dumps(value, indent=1)
    document = parse_document(text.encode(), "a.json")
    lines = text.split("\n")

    def shown(pointer: str) -> str:
        span = document.span(pointer)
        assert span.line == span.end_line
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]

    assert shown("/info/title") == "t"
    assert shown("/paths/~1a~1b") == "/a/b"
    assert shown("/paths/~1a~1b/get/tags/1") == "yy"
    assert shown("/paths/~1a~1b/get/responses/200/description") == "d"
    assert shown("/paths/~1a~1b/get/responses/200/content/x") == "200"
