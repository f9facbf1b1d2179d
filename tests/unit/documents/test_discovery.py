"""Google Discovery as OpenAPI 3.0."""

from __future__ import annotations

import json

from tests.unit.documents.samples import DISCOVERY
from unified_gen.specs.check import validity
from unified_gen.specs.take import take
from unified_openapi.documents import Document, operations, parse_document


def document() -> Document:
    return parse_document(json.dumps(DISCOVERY, indent=1).encode(), "files.discovery.json")


def test_the_result_is_valid_openapi() -> None:
    slice_ = take(document(), list(operations(document())))
    assert (slice_.faults, slice_.repairs) == ((), ())
    assert list(validity(parse_document(json.dumps(slice_.root).encode(), "slice.json"))) == []


def test_methods_of_all_resources_become_operations() -> None:
    found = operations(document())
    assert {name: operation.endpoint for name, operation in found.items()} == {
        "files.get": "GET /files/{fileId}",
        "files.create": "POST /files",
        "files.create.upload": "POST /upload/files/v3/files",
        "files.delete": "DELETE /files/{fileId}",
        "files.notes.get": "GET /v3/files/{filesId}/notes/{notesId}",
    }
    assert found["files.get"].servers == ("https://www.example.com/files/v3",)
    assert found["files.delete"].deprecated
    assert found["files.delete"].responses == {"2XX": {}}
    assert document().format == "Google Discovery v1 JSON"


def test_a_value_with_slashes_is_split() -> None:
    parameters = operations(document())["files.notes.get"].parameters
    assert [(p.name, p.location, p.required) for p in parameters if p.location == "path"] == [
        ("filesId", "path", True),
        ("notesId", "path", True),
    ]


def test_of_the_common_parameters_only_those_of_an_operation_stay() -> None:
    found = operations(document())
    assert [parameter.name for parameter in found["files.get"].parameters] == ["fileId", "fields", "alt"]
    assert [parameter.name for parameter in found["files.delete"].parameters] == ["fileId", "fields"]


def test_numbers_written_as_text_become_numbers() -> None:
    document_ = document()
    facts = {parameter.name: document_.at(parameter.schema) for parameter in operations(document_)["files.create"].parameters}
    assert facts["keep"] == {"type": "boolean", "default": False}
    assert facts["count"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}
    assert facts["tags"] == {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}


def test_schemas_keep_their_facts() -> None:
    properties = document().root["components"]["schemas"]["File"]["properties"]
    assert properties["id"] == {"type": "string", "readOnly": True}
    assert properties["size"] == {"type": "string", "format": "int64"}
    assert properties["owner"] == {"allOf": [{"$ref": "#/components/schemas/Owner"}], "description": "d"}
    assert properties["extra"] == {}
    assert properties["labels"] == {"type": "object", "additionalProperties": {"type": "string"}}
    assert properties["old"] == {"type": "string", "deprecated": True}


def test_required_properties_of_a_method_are_in_its_body_only() -> None:
    document_ = document()
    schema = document_.at(operations(document_)["files.create"].bodies["application/json"])
    assert schema == {"allOf": [{"$ref": "#/components/schemas/File"}, {"type": "object", "required": ["name"]}]}
    assert "required" not in document_.root["components"]["schemas"]["File"]
    assert document_.root["components"]["schemas"]["File"]["properties"]["scope"]["required"] == ["kind"]


def test_media_is_sent_and_fetched() -> None:
    document_ = document()
    upload, get = operations(document_)["files.create.upload"], operations(document_)["files.get"]
    assert upload.servers == ("https://www.example.com",)
    assert list(upload.bodies) == ["multipart/related", "application/json", "*/*"]
    assert sorted(document_.at(upload.bodies["multipart/related"])["properties"]) == ["media", "metadata"]
    kind = next(parameter for parameter in upload.parameters if parameter.name == "uploadType")
    assert (kind.required, document_.at(kind.schema)["enum"]) == (True, ["multipart", "media", "resumable"])
    assert list(get.responses["200"]) == ["application/json", "*/*"]


def test_any_one_scope_is_enough() -> None:
    assert operations(document())["files.get"].security == ({"oauth2": ("https://auth/files",)}, {"oauth2": ("https://auth/read",)})


def test_locations_are_those_of_the_original() -> None:
    found = document()
    lines = json.dumps(DISCOVERY, indent=1).split("\n")

    def shown(pointer: str) -> str:
        span = found.span(pointer)
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]

    assert shown("/components/schemas/File/properties/size/format") == "int64"
    assert shown(operations(found)["files.get"].pointer) == "get"
    assert shown(operations(found)["files.create"].parameters[1].pointer) == "count"
