"""Smartsheet table_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, reconciliation, responses
from . import types
from ...models.table_fields import Choice, TableField, TableFieldCreate, TableFieldFilters, TableFieldValues

GET_SHEET = Endpoint("getSheet", "GET", "/sheets/{sheetId}", Retry.SAFE)
COLUMNS_LIST_ON_SHEET = Endpoint("columns-listOnSheet", "GET", "/sheets/{sheetId}/columns", Retry.SAFE)
COLUMNS_ADD_TO_SHEET = Endpoint("columns-addToSheet", "POST", "/sheets/{sheetId}/columns", Retry.NEVER)

KIND_READ: dict[
    Any,
    Literal[
        "text",
        "long_text",
        "number",
        "percent",
        "currency",
        "boolean",
        "date",
        "datetime",
        "duration",
        "rating",
        "choice",
        "choices",
        "person",
        "people",
        "email",
        "url",
        "phone",
        "files",
        "link",
        "computed",
        "other",
    ],
] = {
    "TEXT_NUMBER": "text",
    "CHECKBOX": "boolean",
    "DATE": "date",
    "ABSTRACT_DATETIME": "datetime",
    "DATETIME": "datetime",
    "DURATION": "duration",
    "PICKLIST": "choice",
    "MULTI_PICKLIST": "choices",
    "CONTACT_LIST": "person",
    "MULTI_CONTACT_LIST": "people",
    "PREDECESSOR": "other",
}
make_table_field = record_factory(TableField, "smartsheet")
KIND_WRITE: dict[Any, Any] = {
    "text": "TEXT_NUMBER",
    "boolean": "CHECKBOX",
    "date": "DATE",
    "datetime": "ABSTRACT_DATETIME",
    "duration": "DURATION",
    "choice": "PICKLIST",
    "choices": "MULTI_PICKLIST",
    "person": "CONTACT_LIST",
    "people": "MULTI_CONTACT_LIST",
    "other": "PREDECESSOR",
}
KIND_UNSUPPORTED = {
    "kind.long_text": "Smartsheet has one type for texts and numbers",
    "kind.number": "Smartsheet has one type for texts and numbers",
    "kind.percent": "Smartsheet has one type for texts and numbers",
    "kind.currency": "Smartsheet has one type for texts and numbers",
    "kind.rating": "Smartsheet has one type for texts and numbers",
    "kind.email": "Smartsheet has one type for texts and numbers",
    "kind.url": "Smartsheet has one type for texts and numbers",
    "kind.phone": "Smartsheet has one type for texts and numbers",
    "kind.files": "Smartsheet has one type for texts and numbers",
    "kind.link": "Smartsheet has one type for texts and numbers",
    "kind.computed": "Smartsheet system columns and formulas have the type of their values",
}

FIELDS: dict[str, str] = {"sheetId": "table_id", "title": "name", "type": "kind", "description": "description"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TableFieldFilters) -> Steps[Page[TableField]]:
    """List the fields of a table: GET /sheets/{sheetId}."""
    query: dict[str, Any] = {"level": 2, "pageSize": 1}
    query = input_validation.merge(query, ctx.extra, "Smartsheet")
    response, raw = yield from fetch(
        GET_SHEET,
        path=(input_validation.integer_id(filters.table_id, "table_id", "Smartsheet"),),
        query=query,
        schema=types.TableFieldsSheet,
    )
    items = response.columns or []
    records = [read_table_field(each, raw.at("columns", index)) for index, each in enumerate(items)]
    return Page(records)


def create(ctx: Context, table_id: str, table_field: TableFieldCreate) -> Steps[TableField]:
    """Add a field to a table.

    In turn:
        GET /sheets/{sheetId}/columns
        POST /sheets/{sheetId}/columns
        GET /sheets/{sheetId}
    """
    present_response = yield from call(
        COLUMNS_LIST_ON_SHEET,
        path=(input_validation.integer_id(table_id, "table_id", "Smartsheet"),),
        query={"level": 2, "pageSize": 1},
        schema=types.IndexResult,
        save_as="present",
    )
    present = present_response.total_count
    body: dict[str, Any] = {
        "index": present,
        "title": table_field.name,
        "type": input_validation.enum_value(KIND_WRITE, table_field.kind, "kind", "Smartsheet", KIND_UNSUPPORTED),
    }
    if table_field.description is not None:
        body["description"] = table_field.description
    body = input_validation.merge(body, ctx.extra, "Smartsheet")
    yield from call(
        COLUMNS_ADD_TO_SHEET, path=(input_validation.integer_id(table_id, "table_id", "Smartsheet"),), json=body
    )
    response, raw = yield from fetch(
        GET_SHEET,
        path=(input_validation.integer_id(table_id, "table_id", "Smartsheet"),),
        query={"level": 2, "pageSize": 1},
        schema=types.TableFieldsSheet,
    )
    place = reconciliation.index_of(raw.at("columns").value, ((("title",), table_field.name),), -1)
    record = responses.one(responses.item(response.columns, place), "TableField", "Smartsheet")
    return read_table_field(record, raw.at("columns", place))


def _read_choice(r: Any) -> Choice:
    return Choice(name=r)


def read_table_field(r: types.Column, raw: Raw) -> TableField:
    """Read a unified TableField from a Column of Smartsheet."""
    values: TableFieldValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Smartsheet"),
        "name": r.title,
        "kind": KIND_READ.get(r.type),
        "kind_label": r.type,
        "description": r.description,
        "choices": [_read_choice(each) for each in responses.as_list(r.options)],
    }
    return make_table_field(values, raw)
