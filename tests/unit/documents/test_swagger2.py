"""Swagger 2.0 as OpenAPI 3.0: parameters, bodies, responses, security, and the way back to the original's locations."""

from __future__ import annotations

import json

from tests.unit.documents.samples import SWAGGER
from unified_gen.specs.check import validity
from unified_gen.specs.take import take
from unified_openapi.documents import Document, operations, parse_document


def document() -> Document:
    return parse_document(json.dumps(SWAGGER, indent=1).encode(), "swagger.json")


def test_the_result_is_valid_openapi() -> None:
    slice_ = take(document(), list(operations(document())))
    assert slice_.faults == ()
    made = parse_document(json.dumps(slice_.root).encode(), "slice.json")
    assert list(validity(made)) == []


def test_facts_that_are_next_to_a_parameter_become_its_schema() -> None:
    found = document()
    parameters = {parameter.name: parameter for parameter in operations(found)["get"].parameters}
    assert found.at(parameters["id"].schema) == {"type": "string", "minLength": 2}
    assert found.at(parameters["csv"].schema) == {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}
    assert {name: (p.style, p.explode) for name, p in parameters.items() if p.location == "query"} == {
        "csv": ("form", False),
        "multi": ("form", True),
        "tabs": ("form", False),
        "page": ("form", True),
    }
    assert parameters["page"].pointer == "/components/parameters/Page"
    assert found.at(parameters["page"].schema) == {"type": "integer", "default": 1}


def test_bodies_and_forms_become_request_bodies() -> None:
    found = document()
    put, upload, form = (operations(found)[name] for name in ("put", "upload", "form"))
    assert found.at(put.bodies["application/json"]) == {"$ref": "#/components/schemas/A_Task"}
    assert put.body_required
    assert list(upload.bodies) == ["multipart/form-data"]
    assert found.at(upload.bodies["multipart/form-data"]) == {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}, "note": {"type": "string", "maxLength": 9}},
        "required": ["file"],
    }
    assert list(form.bodies) == ["application/x-www-form-urlencoded"]
    assert not form.body_required


def test_responses_schemas_and_security() -> None:
    found = document()
    get = operations(found)["get"]
    assert get.servers == ("https://api.example/v1",)
    assert found.at(get.responses["404"]["application/json"]) == {"type": "object"}
    assert found.at(get.headers["200"]["X-Left"] + "/schema") == {"type": "integer"}
    task = found.root["components"]["schemas"]["A_Task"]
    assert task["discriminator"] == {"propertyName": "kind"}
    assert task["properties"]["due"] == {"type": "string", "nullable": True}
    assert task["properties"]["tuple"]["items"] == {"anyOf": [{"type": "string"}, {"type": "integer"}]}
    assert task["properties"]["next"] == {"$ref": "#/components/schemas/A_Task"}
    schemes = found.root["components"]["securitySchemes"]
    assert schemes["login"] == {"type": "http", "scheme": "basic"}
    assert list(schemes["oauth"]["flows"]) == ["authorizationCode"]
    assert operations(found)["put"].security == ({"oauth": ("write",)},)


def test_locations_are_those_of_the_original() -> None:
    found = document()
    lines = json.dumps(SWAGGER, indent=1).split("\n")

    def shown(pointer: str) -> str:
        span = found.span(pointer)
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]

    get = operations(found)["get"]
    assert shown("/components/schemas/A_Task") == "A Task"
    assert shown("/components/schemas/A_Task/properties/tuple") == "tuple"
    assert shown(get.responses["200"]["application/json"]) == "schema"
    assert shown(operations(found)["upload"].bodies["multipart/form-data"] + "/properties/note/maxLength") == "9"
    assert shown(get.parameters[0].schema + "/minLength") == "2"
    assert shown("/components/securitySchemes/oauth") == "oauth"
    assert shown("/components/parameters/Page/schema/default") == "1"


def test_constructs_without_counterpart_are_reported_at_their_location() -> None:
    faults = document().faults
    assert {fault.code for fault in faults} == {"SPEC113"}
    lines = json.dumps(SWAGGER, indent=1).split("\n")
    assert [lines[fault.span.line - 1].strip(' ",:[{') for fault in faults] == ['collectionFormat": "tsv', "type", "items"]
