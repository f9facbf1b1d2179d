"""Smartsheet tables, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.tables import Table, TableCreate, TableFilters, TableUpdate, TableValues

GET_SHEET = Endpoint("getSheet", "GET", "/sheets/{sheetId}", Retry.SAFE)
LIST_SHEETS = Endpoint("list-sheets", "GET", "/sheets", Retry.SAFE)
CREATE_SHEET_IN_WORKSPACE = Endpoint(
    "create-sheet-in-workspace", "POST", "/workspaces/{workspaceId}/sheets", Retry.NEVER
)
UPDATE_SHEET = Endpoint("updateSheet", "PUT", "/sheets/{sheetId}", Retry.IDEMPOTENT)

make_table = record_factory(Table, "smartsheet", absent=("description", "workbook_id", "name_field_id"))
LIST_UNSUPPORTED = {"workbook_id": "the list of sheets does not have the workspace"}
CREATE_UNSUPPORTED = {"description": "a sheet has none"}
UPDATE_UNSUPPORTED = {"description": "a sheet has none"}
UPDATE_NEVER_CLEARED = ("name",)
UPDATE_SHEET_SENDS = frozenset(("name",))

FIELDS: dict[str, str] = {
    "sheetId": "id",
    "workspaceId": "workbook_id",
    "columns.title": "name_field",
    "name": "name",
    "columns": "name_field",
    "title": "name_field",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Table]:
    """Read a table: GET /sheets/{sheetId}."""
    response, raw = yield from fetch(
        GET_SHEET,
        path=(input_validation.integer_id(id, "id", "Smartsheet"),),
        query={"pageSize": 1},
        schema=types.TablesSheet,
    )
    return read_table(response, raw)


def list_(ctx: Context, filters: TableFilters) -> Steps[Page[Table]]:
    """List tables: GET /sheets."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Smartsheet")
    start = pagination.number(ctx.cursor, 1)
    query: dict[str, Any] = {"pageSize": input_validation.page_size(ctx.limit, 100)}
    query["page"] = start
    query = input_validation.merge(query, ctx.extra, "Smartsheet")
    response, raw = yield from fetch(LIST_SHEETS, query=query, schema=types.TablesIndexResult)
    items = response.data or []
    records = [read_table(each, raw.at("data", index)) for index, each in enumerate(items)]
    return Page(
        records,
        cursor=pagination.after_page(
            start, len(items), size=input_validation.page_size(ctx.limit, 100), total=response.total_count
        ),
    )


def create(ctx: Context, table: TableCreate) -> Steps[Table]:
    """Create a table.

    In turn:
        POST /workspaces/{workspaceId}/sheets
        GET /sheets/{sheetId}
    """
    input_validation.reject_unsupported(table, CREATE_UNSUPPORTED, "Smartsheet")
    first_columns: dict[str, Any] = {"title": table.name_field, "type": "TEXT_NUMBER", "primary": True}
    columns: list[Any] = [first_columns]
    body: dict[str, Any] = {"name": table.name, "columns": columns}
    body = input_validation.merge(body, ctx.extra, "Smartsheet")
    created = yield from call(
        CREATE_SHEET_IN_WORKSPACE,
        path=(input_validation.integer_id(table.workbook_id, "workbook_id", "Smartsheet"),),
        json=body,
        schema=types.TablesGenericResult,
        save_as="created",
    )
    yield CreatedRecord((created.result or types.SheetCreated()).id)
    response, raw = yield from fetch(
        GET_SHEET, path=((created.result or types.SheetCreated()).id,), query={"pageSize": 1}, schema=types.TablesSheet
    )
    return read_table(response, raw)


def update(ctx: Context, id: str, table: TableUpdate) -> Steps[Table]:
    """Rename a table or change its description.

    In turn:
        PUT /sheets/{sheetId}, if needed
        GET /sheets/{sheetId}
    """
    input_validation.reject_unsupported(table, UPDATE_UNSUPPORTED, "Smartsheet", clears=True)
    given = input_validation.changes(table, ctx.extra, "Smartsheet")
    input_validation.reject_clearing(table, given, UPDATE_NEVER_CLEARED, "Smartsheet")
    if given & UPDATE_SHEET_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if table.name is not None:
            body["name"] = table.name
        body = input_validation.merge(body, ctx.extra, "Smartsheet")
        yield from call(UPDATE_SHEET, path=(input_validation.integer_id(id, "id", "Smartsheet"),), json=body)
    response, raw = yield from fetch(
        GET_SHEET,
        path=(input_validation.integer_id(id, "id", "Smartsheet"),),
        query={"pageSize": 1},
        schema=types.TablesSheet,
    )
    return read_table(response, raw)


def read_table(r: types.TablesSheet, raw: Raw) -> Table:
    """Read a unified Table from a Sheet of Smartsheet."""
    values: TableValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Smartsheet"),
        "name": r.name,
        "description": None,
        "workbook_id": None,
        "name_field_id": None,
        "url": r.permalink,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.modified_at) if r.modified_at is not None else None,
    }
    return make_table(values, raw)
