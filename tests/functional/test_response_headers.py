"""Values of response headers in later requests: the id in `Location`, a version in `ETag`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, call, diagnostics, document, model, obj
from unified_runtime import Rejected, VendorProtocolError

MODEL = model("id: {type: id, read_only: true}\ntitle: {type: text}", "create: {}\nupdate: {}\nget: {}")


def answering(headers: dict[str, Any], name: str, endpoint: str, **given: Any) -> Any:
    path, method, operation = call(name, endpoint, **given)
    for response in operation["responses"].values():
        response["headers"] = {header: {"schema": schema} for header, schema in headers.items()}
    return path, method, operation


DOCUMENT = document(
    [
        answering({"Location": {"type": "string"}}, "make", "POST /projects/{project}/things", takes=obj(title="string"), status="201"),
        answering({"ETag": {"type": "string"}}, "read", "GET /projects/{project}/things/{id}", returns="Thing"),
        call(
            "change",
            "PUT /projects/{project}/things/{id}",
            takes=obj(title="string", number="integer"),
            headers={"If-Match": "string"},
            status="204",
        ),
        call("link", "POST /links", takes=obj(to="string"), status="204"),
    ],
    {"Thing": obj(id="string", title="string", project="string")},
)
MAPPING = """
resource: things
schema: Thing
fields:
  id: {format: "{project}/{id}", parse: {id: "{id}", project: "{project}"}}
  title: {path: title, clear: ""}
operations:
  get: {operation: read, params: id}
  create:
    - {operation: make, constants: {project: p}, send: [title], save_headers: {made: {header: location, pattern: "*/projects/{project}/things/{id}"}}}
    - {operation: link, if: title, params: {to: made.id}}
    - {operation: read, params: {project: made.project, id: made.id}}
  update:
    - {operation: read, params: id, save_headers: {version: ETag}}
    - {operation: change, params: [id, {If-Match: version}], send: [title]}
    - {operation: read, params: id}
"""
ONE = {"id": "a b", "title": "T", "project": "p"}


@pytest.fixture
def catalog(build: Build) -> Catalog:
    return build(model=MODEL, document=DOCUMENT, mapping=MAPPING)


def test_the_id_of_a_created_record_is_in_a_header(catalog: Catalog) -> None:
    location = {"location": "https://acme.example/v1/projects/p/things/a%20b"}
    ran = catalog.run("create", title="T", responses=[(201, None, location), 204, ONE])
    assert ran.sent == [("POST /projects/p/things", {"title": "T"}), ("POST /links", {"to": "a b"}), "GET /projects/p/things/a%20b"]
    assert ran.value.title == "T"
    assert catalog.plan("create", title="T")[1:] == [("POST /links", {"to": "{made.id}"}), "GET /projects/{made.project}/things/{made.id}"]


def test_a_response_without_the_header_is_an_error(catalog: Catalog) -> None:
    with pytest.raises(VendorProtocolError, match="no header location"):
        catalog.run("create", title="T", responses=[201], planned=False)
    with pytest.raises(VendorProtocolError, match="another form"):
        catalog.run("create", title="T", responses=[(201, None, {"location": "/elsewhere/1"})], planned=False)


def test_an_error_after_it_has_the_id_of_the_record(catalog: Catalog) -> None:
    location = {"location": "/projects/p/things/7"}
    with pytest.raises(Rejected) as refused:
        catalog.run("create", title="T", responses=[(201, None, location), 400], planned=False)
    assert "p/7" in str(refused.value)


def test_a_header_is_sent_unchanged(catalog: Catalog) -> None:
    ran = catalog.run("update", "p/7", title="U", responses=[(200, ONE, {"etag": 'W/"3"'}), 204, {**ONE, "title": "U"}])
    assert ran.sent == ["GET /projects/p/things/7", ("PUT /projects/p/things/7", {"title": "U"}), "GET /projects/p/things/7"]
    assert [headers.get("If-Match") for headers in ran.headers] == [None, 'W/"3"', None]
    assert ran.value.title == "U"


def test_the_header_is_declared_and_its_parts_exist() -> None:
    def found(old: str, new: str) -> list[str]:
        assert MAPPING.count(old) == 1
        return diagnostics(model=MODEL, document=DOCUMENT, mapping=MAPPING.replace(old, new))

    assert found("{version: ETag}", "{version: ETag}") == []
    assert found("{version: ETag}", "{version: X-Version}") == [
        "MAP212 the vendor's document declares no header `X-Version` in the response of `read`"
    ]
    assert found("to: made.id", "to: made.number") == ["MAP004 nothing is called `made.number` here"]
    assert found("to: made.id", "to: made") == ["MAP004 nothing is called `made` here"]
    assert found("params: [id, {If-Match: version}]", "params: [id, {number: version}]") == [
        "MAP202 `version` is a text, but `number` accepts integer"
    ]
    exclusive = found("save_headers: {version: ETag}", "save_headers: {version: ETag}, poll: {until: title}")
    assert exclusive[0] == "MAP010 `save_headers` and `poll` exclude each other"
