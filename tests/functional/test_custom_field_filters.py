"""Lists filtered by values of custom fields: `custom_field_filters: true` of a list, and `{custom_fields}` in its query."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Refused, call, document, model, obj
from tests.functional.conftest import Build
from unified_runtime import InvalidInput, Unsupported

FIELDS = "id: {type: id, read_only: true}\ntitle: {type: text}"
HEAD = "resource: things\nschema: Thing\ncustom_fields: {pattern: '[a-z]+__c'}\nfields: {id: {read: id}, title: {read: title}}\n"
DOCUMENT = document(
    [
        call("query", "GET /query", returns=obj(records=["Thing"]), query={"q!": "string", "fields": "string"}),
        call("search", "POST /search", takes=obj(filters=[obj(name="string")], ids="string"), returns=obj(records=["Thing"])),
        call("all", "GET /things", returns=obj(records=["Thing"])),
    ],
    {"Thing": {**obj(id="string", title="string"), "additionalProperties": {}}},
)
SOQL = """operations:
  list: {operation: query, items: records, query: {q: {language: soql, prefix: "SELECT Id FROM T", all: ["{custom_fields}"], suffix: ORDER BY Id}}}
"""
EITHER = """operations:
  list:
    either:
      - {operation: search, if: custom_fields, items: records, query: {filters: {language: hubspot, all: ["{custom_fields}"]}}}
      - {operation: all, items: records}
"""
NONE = "unsupported: {filter.custom_fields: the list cannot be asked}\noperations:\n  list: {operation: all, items: records}\n"


def project(build: Build, operations: str, *, list_: str = "{custom_field_filters: true}") -> Any:
    made = model(FIELDS, f"{{list: {list_}}}").replace("record: Thing\n", "record: Thing\ncustom_fields: true\n")
    return build(model=made, document=DOCUMENT, mapping=HEAD + operations)


def test_a_value_becomes_a_clause(build: Build) -> None:
    catalog = project(build, SOQL)

    def called(**custom: Any) -> str:
        (line,) = catalog.run("list", custom_fields=custom, responses=[{"records": []}]).sent
        return str(line)

    assert "WHERE" not in called()
    assert "WHERE" not in called(a__c={})
    assert "SELECT Id FROM T WHERE a__c = 'x' AND b__c >= 2 ORDER BY Id" in called(a__c="x", b__c={"at_least": 2})


def test_one_alternative_serves_lookups_of_values(build: Build) -> None:
    catalog = project(build, EITHER)
    nothing = [{"records": []}]
    filters = {"filters": [{"propertyName": "a__c", "operator": "EQ", "value": "true"}]}
    assert catalog.run("list", custom_fields={"a__c": True}, responses=nothing).sent == [("POST /search", filters)]
    for reads in ({}, {"a__c": {}}, ["a__c"]):
        assert catalog.run("list", custom_fields=reads, responses=nothing).sent == ["GET /things"]


def test_vendors_without_custom_filters_report_it(build: Build) -> None:
    catalog = project(build, NONE)
    assert catalog.run("list", custom_fields=["a__c"], responses=[{"records": []}]).sent
    with pytest.raises(Unsupported, match="the list cannot be asked"):
        catalog.run("list", custom_fields={"a__c": 1})


def test_a_list_that_finds_by_none_accepts_names_only(build: Build) -> None:
    catalog = project(build, "operations:\n  list: {operation: all, items: records}\n", list_="{}")
    with pytest.raises(InvalidInput, match="must be a list of names"):
        catalog.run("list", custom_fields={"a__c": 1})


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ("operations:\n  list: {operation: all, items: records}\n", "MAP109 no step of `list` uses `custom_fields`"),
        (EITHER.replace("filters: {language: hubspot", "filters: {language: json"), "MAP216 `custom_fields`"),
        (SOQL.replace("{custom_fields}", "Id = {custom_fields}"), "MAP216 `custom_fields` are looked up by a clause of their own"),
        (SOQL.replace("soql", "jql"), "MAP216 `custom_fields` are looked up by a clause of their own"),
        (SOQL.replace("items: records,", "items: records, params: {fields: custom_fields},"), "MAP216 `custom_fields`"),
        (SOQL.replace("items: records,", "items: records, local_filters: [custom_fields],"), "MAP216 `custom_fields`"),
        (SOQL.replace("items: records,", "items: records, requires: [custom_fields],"), "MAP216 `custom_fields`"),
        (NONE.replace("filter.custom_fields", "filter.custom"), "MAP403"),
    ],
)
def test_impossible_filters_are_reported(build: Build, operations: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        project(build, operations)
    assert message in str(refused.value)
