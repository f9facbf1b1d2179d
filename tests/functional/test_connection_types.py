"""Values of a connection with a type: integers, booleans and enums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, call, diagnostics, document, model, obj
from unified_runtime import InvalidInput

MODEL = model("id: {type: id, read_only: true}\ntitle: {type: text}", "create: {}\nlist: {}")
BODY = obj(title="string", account="integer", live="boolean", region={"type": "string", "enum": ["eu", "us"]})
DOCUMENT = document(
    [
        call("make", "POST /things", takes=BODY, returns="Thing"),
        call("all", "GET /things", query={"account": "integer", "live": "boolean", "q": "string"}, returns=["Thing"]),
    ],
    {"Thing": obj(id="string", title="string")},
)
MAPPING = """
resource: things
schema: Thing
fields: {id: {read: id}, title: title}
operations:
  create: {operation: make, params: {account: connection.account, live: connection.live, region: connection.region}, send: fields}
  list: {operation: all, params: {account: connection.account, live: connection.live}, items: "@"}
"""
VENDOR = """
connection:
  account: {summary: The number of the account, type: integer}
  live: {summary: The live account, type: boolean, required: false}
  region: {summary: The region, type: enum, values: [eu, us], required: false}
"""


def created(catalog: Catalog, **values: str) -> Any:
    catalog.values = values
    return catalog.run("create", title="T", responses=[{"id": "1"}]).sent[0][1]


def test_a_value_has_its_type_in_a_request(build: Build) -> None:
    catalog = build(model=MODEL, document=DOCUMENT, mapping=MAPPING, vendor=VENDOR)
    assert created(catalog, account="12", live="true", region="eu") == {"title": "T", "account": 12, "live": True, "region": "eu"}
    assert created(catalog, account="-3", live="false") == {"title": "T", "account": -3, "live": False}
    assert created(catalog, account="7") == {"title": "T", "account": 7}
    assert catalog.run("list", responses=[[]]).sent == ["GET /things?account=7"]


@pytest.mark.parametrize("values", [{"account": "x"}, {"account": "1", "live": "yes"}, {"account": "1", "region": "asia"}])
def test_another_value_is_rejected(values: dict[str, str], build: Build) -> None:
    catalog = build(model=MODEL, document=DOCUMENT, mapping=MAPPING, vendor=VENDOR)
    with pytest.raises(InvalidInput, match="is not of the form"):
        created(catalog, **values)


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ("account, type: integer", "account", "MAP202 `connection.account` is a text, but `account` accepts integer"),
        ("type: boolean", "type: integer", "MAP202 `connection.live` is an integer, but `live` accepts boolean"),
        ("[eu, us]", "[eu, asia]", "MAP304 the vendor has no value 'asia' for `region`"),
        ("type: enum, values: [eu, us]", "type: enum", "MAP010 `type: enum` and `values` belong together"),
        ("type: integer", "type: integer, pattern: x", "MAP010 `pattern` is for texts, and `type` is `integer`"),
    ],
)
def test_the_type_is_that_of_the_input(old: str, new: str, reported: str) -> None:
    assert diagnostics(model=MODEL, document=DOCUMENT, mapping=MAPPING, vendor=VENDOR) == []
    assert VENDOR.count(old) == 1
    found = diagnostics(model=MODEL, document=DOCUMENT, mapping=MAPPING, vendor=VENDOR.replace(old, new))
    assert reported in found, found
