"""Files: bytes in responses, bytes in requests, and inputs of an operation that are not fields of its record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, Refused, call, diagnostics, document, model, obj
from unified_runtime import InvalidInput, NotFound, Unsupported, VendorProtocolError

FIELDS = "id: {type: id, read_only: true}\ntitle: {type: text, required: create}"
BINARY = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


def download(build: Build, response: Any) -> Any:
    return build(
        model=model(FIELDS, "{download: {kind: get, response: bytes}, get: {}}"),
        document=document(
            [
                call("getThing", "GET /things/{thingId}", returns="Thing"),
                call(
                    "getContent",
                    "GET /things/{thingId}/content",
                    query={"alt": "string"},
                    responses={"200": {"description": "", **response}},
                ),
            ],
            {"Thing": obj(id="string", title="string")},
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, title: title}
unsupported: {write.title: read only}
operations:
  get: {operation: getThing, params: {thingId: id}}
  download: {operation: getContent, params: {thingId: id}, constants: {alt: media}, response: bytes}
""",
    )


@pytest.mark.parametrize(
    "response",
    [BINARY, {"content": {"image/png": {}}}, {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}, {}],
)
def test_a_files_content(build: Build, response: Any) -> None:
    catalog = download(build, response)
    ran = catalog.run("download", "a/b", responses=[b"\x00\xff"])
    assert (ran.value, ran.sent) == (b"\x00\xff", ["GET /things/a%2Fb/content?alt=media"])
    assert ran.requests[0].header("Accept") == "*/*"
    assert catalog.plan("download", "1") == ["GET /things/1/content?alt=media"]
    with pytest.raises(NotFound):
        catalog.run("download", "1", responses=[404])


def test_the_model_states_that_an_operation_returns_bytes() -> None:
    def found(operations: str, more: str) -> list[str]:
        return diagnostics(
            model=model("id: {type: id, read_only: true}", operations),
            document=document([call("getThing", "GET /things/{thingId}", returns="Thing")], {"Thing": obj(id="string")}),
            mapping="resource: things\nschema: Thing\nfields: {id: {read: id}}\n"
            f"operations: {{get: {{operation: getThing, params: {{thingId: id}}{more}}}}}\n",
        )

    assert [each[:6] for each in found("{get: {response: bytes}}", ", response: bytes")] == ["MAP214"], "the document states JSON"
    assert [each[:6] for each in found("{get: {response: bytes}}", "")] == ["MAP212"]
    assert [each[:6] for each in found("{get: {}}", ", response: bytes")] == ["MAP212"]
    assert found("{get: {}, create: {response: bytes}}", "")[0].startswith("MAP010")


def uploading(build: Build, body: Any, step: str = "media: content, params: {name: title}", fields: str = FIELDS) -> Any:
    return build(
        model=model(fields, "{create: {inputs: {content: {type: bytes, required: true}}}}"),
        document=document(
            [call("putContent", "PUT /files/{name}", returns="Thing", requestBody=body)], {"Thing": obj(id="string", title="string")}
        ),
        mapping=f"""
resource: things
schema: Thing
fields: {{id: {{read: id}}, title: {{read: title}}}}
operations: {{create: {{operation: putContent, {step}}}}}
""",
    )


def test_bytes_are_sent_as_they_are(build: Build) -> None:
    catalog = uploading(build, {"content": {"image/png": {}, "application/octet-stream": {}}})
    ran = catalog.run("create", title="a", content=b"\x00\xff", responses=[{"id": "1"}])
    (request,) = ran.requests
    assert (request.method, request.url, request.body) == ("PUT", "https://acme.example/files/a", b"\x00\xff")
    assert request.header("Content-Type") == "application/octet-stream"
    with pytest.raises(InvalidInput, match="content"):
        catalog.run("create", title="a", content=5)


def test_bytes_in_a_body_of_several_parts_are_refused_by_the_compiler() -> None:
    found = diagnostics(
        model=model(FIELDS, "{create: {inputs: {content: {type: bytes, required: true}}}}"),
        document=document(
            [
                call(
                    "putContent",
                    "PUT /files/{name}",
                    returns="Thing",
                    requestBody={"content": {"multipart/form-data": {"schema": obj(file="string:binary")}}},
                )
            ],
            {"Thing": obj(id="string", title="string")},
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, title: {read: title}}
operations: {create: {operation: putContent, media: content, params: {name: title}}}
""",
    )
    assert [each[:6] for each in found] == ["MAP216"], found


def test_inputs_that_are_not_fields(build: Build) -> None:
    catalog = build(
        model=model(
            FIELDS,
            """{create: {inputs: {board_id: {type: id, required: true}, notify: {type: boolean}, at: {type: datetime}, colors: {type: [text]}, why: {type: text}}},
              get: {inputs: {id: {type: id, required: true}, board_id: {type: id, required: true}, version: {type: text}}}}""",
        ),
        document=document(
            [
                call(
                    "make", "POST /boards/{board}/things", takes="Thing", returns="Thing",
                    query={"notify": "boolean", "at": "string:date-time", "colors": ["string"]},
                ),
                call("getThing", "GET /boards/{board}/things/{thingId}", returns="Thing"),
            ],
            {"Thing": obj(id="string", title="string")},
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, title: title}
operations:
  create: {operation: make, params: [{board: board_id}, notify, at, colors], send: [title]}
  get: {operation: getThing, params: {board: board_id, thingId: id}}
unsupported: {create.why: nobody asks, get.version: there is one only}
""",
    )  # fmt: skip
    made = catalog.run("create", "B", title="T", notify=False, colors=["red"], responses=[{"id": "1"}])
    assert made.sent == [("POST /boards/B/things?notify=false&colors=red", {"title": "T"})]
    assert catalog.run("create", "B", title="T", responses=[{"id": "1"}]).sent == [("POST /boards/B/things", {"title": "T"})]
    assert catalog.run("get", "1", "B", responses=[{"id": "1"}]).sent == ["GET /boards/B/things/1"]
    with pytest.raises(Unsupported, match="nobody asks"):
        catalog.run("create", "B", title="T", why="x")
    with pytest.raises(Unsupported, match="there is one only"):
        catalog.run("get", "1", "B", version="2")
    with pytest.raises(InvalidInput, match="notify"):
        catalog.run("create", "B", title="T", notify="perhaps")
    with pytest.raises(InvalidInput, match="board_id"):
        catalog.run("create", "", title="T")


def in_form(build: Build, field: str, media: str = "multipart/form-data") -> Any:
    body = {"content": {media: {"schema": obj(title="string", file={"type": "string", "format": "binary"})}}}
    more = f"media: {{input: content, protocol: form, field: {field}, filename: title}}, params: {{name: title}}, constants: {{title: x}}"
    return uploading(build, body, more)


def test_a_content_is_a_file_of_a_form(build: Build) -> None:
    ran = in_form(build, "file").run("create", title="a.txt", content=b"abc", responses=[{"id": "1"}])
    body = bytes(ran.requests[0].body or b"")
    assert b'name="title"\r\n\r\nx\r\n' in body
    assert b'name="file"; filename="a.txt"\r\nContent-Type: application/octet-stream\r\n\r\nabc\r\n' in body


@pytest.mark.parametrize(("field", "media"), [("other", "multipart/form-data"), ("file", "multipart/related")])
def test_a_form_has_the_property_of_the_file(build: Build, field: str, media: str) -> None:
    with pytest.raises(Refused, match=r"MAP217.*`form` sends the file"):
        in_form(build, field, media)


def located(build: Build, vendor: str = "transfer_hosts: [https://*.cdn.example]", address: Any = "string") -> Any:
    return build(
        model=model("id: {type: id, read_only: true}", "{download: {kind: get, response: bytes}}"),
        document=document([call("getThing", "GET /things/{thingId}", returns="Thing")], {"Thing": obj(id="string", address=address)}),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}}
operations:
  download:
    - {operation: getThing, params: {thingId: id}, save: thing}
    - {operation: getThing, params: {thingId: id}, content_url: thing.address, response: bytes}
""",
        vendor=vendor,
    )


def test_a_content_is_at_an_address_of_a_response(build: Build) -> None:
    url = "https://a.cdn.example/x?sig=1"
    catalog = located(build)
    ran = catalog.run("download", "1", responses=[{"id": "1", "address": url}, b"abc"], planned=False)
    assert ran.value == b"abc"
    assert [request.url for request in ran.requests] == ["https://acme.example/things/1", url]
    with pytest.raises(VendorProtocolError):
        catalog.run("download", "1", responses=[{"id": "1", "address": "https://elsewhere.example/x"}], planned=False)


def test_addresses_of_contents_need_declared_hosts(build: Build) -> None:
    with pytest.raises(Refused, match=r"MAP218.*`thing\.address` of a content"):
        located(build, "")


def test_the_address_of_a_content_is_text(build: Build) -> None:
    with pytest.raises(Refused, match=r"MAP214 the address of a content is text, but .* a list of"):
        located(build, address=["string"])
