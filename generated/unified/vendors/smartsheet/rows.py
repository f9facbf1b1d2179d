"""Smartsheet rows, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.core.custom_field_location import CustomFieldLocation, ListedCustomFields, WrittenCustomFields
from . import types
from ...models.rows import Row, RowCreate, RowFilters, RowUpdate, RowValues

ROW_GET = Endpoint("row-get", "GET", "/sheets/{sheetId}/rows/{rowId}", Retry.SAFE)
GET_SHEET = Endpoint("getSheet", "GET", "/sheets/{sheetId}", Retry.SAFE)
ROWS_ADD_TO_SHEET = Endpoint("rows-addToSheet", "POST", "/sheets/{sheetId}/rows", Retry.NEVER)
UPDATE_ROWS = Endpoint("update-rows", "PUT", "/sheets/{sheetId}/rows", Retry.IDEMPOTENT)
DELETE_ROWS = Endpoint("delete-rows", "DELETE", "/sheets/{sheetId}/rows", Retry.IDEMPOTENT)

make_row = record_factory(Row, "smartsheet", absent=("url",))
PATTERN_SHEET_ID_ROW_ID = re.compile("([^/]+)/(.+)")
UPDATE_NEVER_CLEARED = ("parent_id",)
UPDATE_ROWS_SENDS = frozenset(("parent_id",))

FIELDS: dict[str, str] = {"sheetId": "table_id", "filterId": "view_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(
    path=("cells",),
    pattern="\\d+",
    listed=ListedCustomFields(("cells",), ("columnId",), (("value",),)),
    written=WrittenCustomFields(key="columnId", value="value", integer_keys=True, clear=""),
)
"""Location of custom fields in records."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Row]:
    """Read a row: GET /sheets/{sheetId}/rows/{rowId}."""
    sheet_id, row_id = input_validation.parts(PATTERN_SHEET_ID_ROW_ID, id, "id")
    response, raw = yield from fetch(
        ROW_GET,
        path=(
            input_validation.integer_id(sheet_id, "id", "Smartsheet"),
            input_validation.integer_id(row_id, "id", "Smartsheet"),
        ),
        schema=types.Row,
    )
    return read_row(response, raw, sheet_id=sheet_id)


def list_(ctx: Context, filters: RowFilters) -> Steps[Page[Row]]:
    """Find rows of a table: GET /sheets/{sheetId}."""
    start = pagination.number(ctx.cursor, 1)
    query: dict[str, Any] = {"exclude": "filteredOutRows", "pageSize": input_validation.page_size(ctx.limit, 500)}
    if filters.view_id is not None:
        query["filterId"] = input_validation.at_least(filters.view_id, 1, "view_id", "Smartsheet")
    query["page"] = start
    query = input_validation.merge(query, ctx.extra, "Smartsheet")
    response, raw = yield from fetch(
        GET_SHEET,
        path=(input_validation.integer_id(filters.table_id, "table_id", "Smartsheet"),),
        query=query,
        schema=types.Sheet,
    )
    items = response.rows or []
    records = [read_row(each, raw.at("rows", index), sheet_id=filters.table_id) for index, each in enumerate(items)]
    return Page(
        records,
        cursor=pagination.after_page(
            start, len(items), size=input_validation.page_size(ctx.limit, 500), total=response.total_row_count
        ),
    )


def create(ctx: Context, row: RowCreate) -> Steps[Row]:
    """Add a row to a table.

    In turn:
        POST /sheets/{sheetId}/rows
        GET /sheets/{sheetId}/rows/{rowId}
    """
    _sheet_id, row_id = input_validation.optional_parts(PATTERN_SHEET_ID_ROW_ID, row.parent_id, "parent_id")
    body: dict[str, Any] = {}
    if row_id is not None:
        body["parentId"] = input_validation.integer_id(row_id, "parent_id", "Smartsheet")
    body = input_validation.merge(body, ctx.extra, "Smartsheet")
    created = yield from call(
        ROWS_ADD_TO_SHEET,
        path=(input_validation.integer_id(row.table_id, "table_id", "Smartsheet"),),
        json=body,
        schema=types.GenericResult,
        save_as="created",
    )
    yield CreatedRecord(row.table_id, "/", (created.result or types.AddRowsObject()).id)
    response, raw = yield from fetch(
        ROW_GET,
        path=(
            input_validation.integer_id(row.table_id, "table_id", "Smartsheet"),
            (created.result or types.AddRowsObject()).id,
        ),
        schema=types.Row,
    )
    return read_row(response, raw, sheet_id=row.table_id)


def update(ctx: Context, id: str, row: RowUpdate) -> Steps[Row]:
    """Change a row.

    In turn:
        PUT /sheets/{sheetId}/rows, if needed
        GET /sheets/{sheetId}/rows/{rowId}
    """
    given = input_validation.changes(row, ctx.extra, "Smartsheet")
    input_validation.reject_clearing(row, given, UPDATE_NEVER_CLEARED, "Smartsheet")
    sheet_id, row_id = input_validation.parts(PATTERN_SHEET_ID_ROW_ID, id, "id")
    _sheet_id, row_id_2 = input_validation.optional_parts(PATTERN_SHEET_ID_ROW_ID, row.parent_id, "parent_id")
    if given & UPDATE_ROWS_SENDS or ctx.extra:
        body: dict[str, Any] = {"id": input_validation.integer_id(row_id, "id", "Smartsheet")}
        if row_id_2 is not None:
            body["parentId"] = input_validation.integer_id(row_id_2, "parent_id", "Smartsheet")
        body = input_validation.merge(body, ctx.extra, "Smartsheet")
        yield from call(UPDATE_ROWS, path=(input_validation.integer_id(sheet_id, "id", "Smartsheet"),), json=body)
    response, raw = yield from fetch(
        ROW_GET,
        path=(
            input_validation.integer_id(sheet_id, "id", "Smartsheet"),
            input_validation.integer_id(row_id, "id", "Smartsheet"),
        ),
        schema=types.Row,
    )
    return read_row(response, raw, sheet_id=sheet_id)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a row: DELETE /sheets/{sheetId}/rows."""
    sheet_id, row_id = input_validation.parts(PATTERN_SHEET_ID_ROW_ID, id, "id")
    query: dict[str, Any] = {"ids": row_id}
    query = input_validation.merge(query, ctx.extra, "Smartsheet")
    yield from call(DELETE_ROWS, path=(input_validation.integer_id(sheet_id, "id", "Smartsheet"),), query=query)


def read_row(r: types.Row, raw: Raw, *, sheet_id: str) -> Row:
    """Read a unified Row from a Row of Smartsheet."""
    values: RowValues = {
        "id": responses.required(f"{sheet_id}/{r.id}" if r.id is not None else None, "id", "Smartsheet"),
        "table_id": f"{sheet_id}",
        "parent_id": f"{sheet_id}/{r.parent_id}" if r.parent_id is not None else None,
        "url": None,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.modified_at) if r.modified_at is not None else None,
    }
    return make_row(values, raw)
