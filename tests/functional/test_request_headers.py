"""Headers of a step: text with references, of which one that is absent leaves the header out."""

from __future__ import annotations

import pytest

from tests.functional.compiled import Build, Catalog, call, diagnostics, document, model, obj

MODEL = model(
    "id: {type: id, read_only: true}\ntitle: {type: text}",
    "update: {}\nget: {inputs: {id: {field: id, required: true}, version: {type: text, summary: Its version.}}}",
)
DOCUMENT = document(
    [
        call("read", "GET /things/{id}", returns="Thing", headers={"If-None-Match": "string", "Accept-Language": "string"}),
        call(
            "change", "PUT /things/{id}", takes=obj(title="string"), returns="Thing", headers={"If-Match": "string", "X-Reason": "string"}
        ),
    ],
    {"Thing": obj(id="string", title="string", etag="string")},
)
MAPPING = """
resource: things
schema: Thing
fields:
  id: {read: id}
  title: {path: title, clear: ""}
operations:
  get:
    operation: read
    params: {id: id}
    headers: {If-None-Match: "{version}", Accept-Language: en}
  update:
    - {operation: read, params: {id: id}, save: before}
    - operation: change
      params: {id: id}
      headers: {If-Match: "{before.etag}", X-Reason: "title: {title}/{id}"}
      send: [title]
"""
ONE = {"id": "7", "title": "T", "etag": 'W/"3"'}


@pytest.fixture
def catalog(build: Build) -> Catalog:
    return build(model=MODEL, document=DOCUMENT, mapping=MAPPING)


def test_a_header_of_a_reference_that_is_absent_is_not_sent(catalog: Catalog) -> None:
    assert catalog.run("get", "7", responses=[ONE]).headers == [{"Accept-Language": "en"}]
    given = catalog.run("get", "7", version="v3", responses=[ONE])
    assert given.headers == [{"If-None-Match": "v3", "Accept-Language": "en"}]


def test_text_with_references_is_not_a_path(catalog: Catalog) -> None:
    ran = catalog.run("update", "7", title="a/b", responses=[ONE, {**ONE, "title": "a/b"}])
    assert ran.headers[1] == {"If-Match": 'W/"3"', "X-Reason": "title: a/b/7"}


def test_a_header_is_in_the_document() -> None:
    wrong = MAPPING.replace("X-Reason:", "X-Raeson:")
    assert diagnostics(model=MODEL, document=DOCUMENT, mapping=wrong) == ["MAP104 `PUT /things/{id}` has no input `X-Raeson`"]
    wrong = MAPPING.replace("{before.etag}", "{befor.etag}")
    assert [found.split()[0] for found in diagnostics(model=MODEL, document=DOCUMENT, mapping=wrong)] == ["MAP004"]
