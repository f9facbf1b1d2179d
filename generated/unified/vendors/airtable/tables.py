"""Airtable tables, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, reconciliation, responses
from . import types
from ...models.tables import Table, TableCreate, TableFilters, TableUpdate, TableValues

GET_BASE_SCHEMA = Endpoint("getBaseSchema", "GET", "/meta/bases/{baseId}/tables", Retry.SAFE)
CREATE_TABLE = Endpoint("createTable", "POST", "/meta/bases/{baseId}/tables", Retry.NEVER)
UPDATE_TABLE = Endpoint("updateTable", "PATCH", "/meta/bases/{baseId}/tables/{tableId}", Retry.NEVER)

make_table = record_factory(Table, "airtable", absent=("created_at", "updated_at"))
PATTERN_BASE_ID_TABLE_ID = re.compile("([^/]+)/(.+)")
UPDATE_NEVER_CLEARED = ("name",)

FIELDS: dict[str, str] = {
    "baseId": "workbook_id",
    "fields.name": "name_field",
    "name": "name",
    "description": "description",
    "fields": "name_field",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Table]:
    """Read a table: GET /meta/bases/{baseId}/tables."""
    base_id, table_id = input_validation.parts(PATTERN_BASE_ID_TABLE_ID, id, "id")
    response, raw = yield from fetch(
        GET_BASE_SCHEMA,
        path=(input_validation.matching(base_id, "^app[a-zA-Z0-9]+$", "id", "Airtable"),),
        schema=types.TablesGetBaseSchemaResponse,
    )
    place = reconciliation.index_of(raw.at("tables").value, ((("id",), table_id),), 0)
    record = responses.one(responses.item(response.tables, place), "Table", "Airtable")
    return read_table(record, raw.at("tables", place), base_id=base_id)


def list_(ctx: Context, filters: TableFilters) -> Steps[Page[Table]]:
    """List tables: GET /meta/bases/{baseId}/tables."""
    workbook_id = input_validation.require("workbook_id", filters.workbook_id, "Airtable")
    response, raw = yield from fetch(
        GET_BASE_SCHEMA,
        path=(input_validation.matching(workbook_id, "^app[a-zA-Z0-9]+$", "workbook_id", "Airtable"),),
        query=ctx.extra or None,
        schema=types.TablesGetBaseSchemaResponse,
    )
    items = response.tables or []
    records = [read_table(each, raw.at("tables", index), base_id=workbook_id) for index, each in enumerate(items)]
    return Page(records)


def create(ctx: Context, table: TableCreate) -> Steps[Table]:
    """Create a table: POST /meta/bases/{baseId}/tables."""
    first_fields: dict[str, Any] = {"name": table.name_field, "type": "singleLineText"}
    fields: list[Any] = [first_fields]
    body: dict[str, Any] = {"name": table.name, "fields": fields}
    if table.description is not None:
        body["description"] = table.description
    body = input_validation.merge(body, ctx.extra, "Airtable")
    response, raw = yield from fetch(
        CREATE_TABLE,
        path=(input_validation.matching(table.workbook_id, "^app[a-zA-Z0-9]+$", "workbook_id", "Airtable"),),
        json=body,
        schema=types.TablesTableSchema,
    )
    return read_table(response, raw, base_id=table.workbook_id)


def update(ctx: Context, id: str, table: TableUpdate) -> Steps[Table]:
    """Rename a table or change its description: PATCH /meta/bases/{baseId}/tables/{tableId}."""
    given = input_validation.changes(table, ctx.extra, "Airtable")
    input_validation.reject_clearing(table, given, UPDATE_NEVER_CLEARED, "Airtable")
    base_id, table_id = input_validation.parts(PATTERN_BASE_ID_TABLE_ID, id, "id")
    body: dict[str, Any] = {}
    if table.name is not None:
        body["name"] = table.name
    if "description" in given:
        body["description"] = "" if table.description is None else table.description
    body = input_validation.merge(body, ctx.extra, "Airtable")
    response, raw = yield from fetch(
        UPDATE_TABLE,
        path=(
            input_validation.matching(base_id, "^app[a-zA-Z0-9]+$", "id", "Airtable"),
            input_validation.matching(table_id, "^tbl[a-zA-Z0-9]+$", "id", "Airtable"),
        ),
        json=body,
        schema=types.TablesTableSchema,
    )
    return read_table(response, raw, base_id=base_id)


def read_table(r: types.TablesTableSchema, raw: Raw, *, base_id: str) -> Table:
    """Read a unified Table from a TableSchema of Airtable."""
    values: TableValues = {
        "id": responses.required(f"{base_id}/{r.id}" if r.id is not None else None, "id", "Airtable"),
        "name": r.name,
        "description": r.description,
        "workbook_id": base_id,
        "name_field_id": r.primary_field_id,
        "url": f"https://airtable.com/{base_id}/{r.id}" if r.id is not None else None,
        "created_at": None,
        "updated_at": None,
    }
    return make_table(values, raw)
