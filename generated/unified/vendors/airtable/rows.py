"""Airtable rows, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.core.custom_field_location import CustomFieldLocation
from . import types
from ...models.rows import Row, RowCreate, RowFilters, RowUpdate, RowValues

GET_RECORD = Endpoint("getRecord", "GET", "/{baseId}/{tableIdOrName}/{recordId}", Retry.SAFE)
LIST_RECORDS = Endpoint("listRecords", "GET", "/{baseId}/{tableIdOrName}", Retry.SAFE)
CREATE_RECORDS = Endpoint("createRecords", "POST", "/{baseId}/{tableIdOrName}", Retry.NEVER)
UPDATE_RECORD = Endpoint("updateRecord", "PATCH", "/{baseId}/{tableIdOrName}/{recordId}", Retry.NEVER)
DELETE_RECORD = Endpoint("deleteRecord", "DELETE", "/{baseId}/{tableIdOrName}/{recordId}", Retry.IDEMPOTENT)

make_row = record_factory(Row, "airtable", absent=("parent_id", "updated_at"))
PATTERN_BASE_ID_TABLE_ID_OR_NAME_RECORD_ID = re.compile("([^/]+)/([^/]+)/(.+)")
PATTERN_BASE_ID_TABLE_ID_OR_NAME = re.compile("([^/]+)/(.+)")
CREATE_UNSUPPORTED = {"parent_id": "rows have no hierarchy"}
UPDATE_UNSUPPORTED = {"parent_id": "rows have no hierarchy"}

FIELDS: dict[str, str] = {"view": "view_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(path=("fields",), pattern="fld[A-Za-z0-9]+")
"""Location of custom fields in records."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Row]:
    """Read a row: GET /{baseId}/{tableIdOrName}/{recordId}."""
    base_id, table_id_or_name, record_id = input_validation.parts(PATTERN_BASE_ID_TABLE_ID_OR_NAME_RECORD_ID, id, "id")
    response, raw = yield from fetch(
        GET_RECORD,
        path=(
            input_validation.matching(base_id, "^app[a-zA-Z0-9]+$", "id", "Airtable"),
            table_id_or_name,
            input_validation.matching(record_id, "^rec[a-zA-Z0-9]+$", "id", "Airtable"),
        ),
        query={"returnFieldsByFieldId": True},
        schema=types.Record,
    )
    return read_row(response, raw, base_id=base_id, table_id_or_name=table_id_or_name)


def list_(ctx: Context, filters: RowFilters) -> Steps[Page[Row]]:
    """Find rows of a table: GET /{baseId}/{tableIdOrName}."""
    base_id, table_id_or_name = input_validation.parts(PATTERN_BASE_ID_TABLE_ID_OR_NAME, filters.table_id, "table_id")
    query: dict[str, Any] = {"returnFieldsByFieldId": True, "pageSize": input_validation.page_size(ctx.limit, 100)}
    if filters.view_id is not None:
        query["view"] = input_validation.at_least(filters.view_id, 1, "view_id", "Airtable")
    if ctx.cursor is not None:
        query["offset"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Airtable")
    response, raw = yield from fetch(
        LIST_RECORDS,
        path=(input_validation.matching(base_id, "^app[a-zA-Z0-9]+$", "table_id", "Airtable"), table_id_or_name),
        query=query,
        schema=types.RecordList,
    )
    items = response.records or []
    records = [
        read_row(each, raw.at("records", index), base_id=base_id, table_id_or_name=table_id_or_name)
        for index, each in enumerate(items)
    ]
    return Page(records, cursor=pagination.token(response.offset))


def create(ctx: Context, row: RowCreate) -> Steps[Row]:
    """Add a row to a table: POST /{baseId}/{tableIdOrName}."""
    input_validation.reject_unsupported(row, CREATE_UNSUPPORTED, "Airtable")
    base_id, table_id_or_name = input_validation.parts(PATTERN_BASE_ID_TABLE_ID_OR_NAME, row.table_id, "table_id")
    body: dict[str, Any] = {"returnFieldsByFieldId": True}
    body = input_validation.merge(body, ctx.extra, "Airtable")
    body = input_validation.default(body, {"fields": {}})
    response, raw = yield from fetch(
        CREATE_RECORDS,
        path=(input_validation.matching(base_id, "^app[a-zA-Z0-9]+$", "table_id", "Airtable"), table_id_or_name),
        json=body,
        schema=types.Record,
    )
    return read_row(response, raw, base_id=base_id, table_id_or_name=table_id_or_name)


def update(ctx: Context, id: str, row: RowUpdate) -> Steps[Row]:
    """Change a row: PATCH /{baseId}/{tableIdOrName}/{recordId}."""
    input_validation.reject_unsupported(row, UPDATE_UNSUPPORTED, "Airtable", clears=True)
    input_validation.changes(row, ctx.extra, "Airtable")
    base_id, table_id_or_name, record_id = input_validation.parts(PATTERN_BASE_ID_TABLE_ID_OR_NAME_RECORD_ID, id, "id")
    body: dict[str, Any] = {"returnFieldsByFieldId": True}
    body = input_validation.merge(body, ctx.extra, "Airtable")
    body = input_validation.default(body, {"fields": {}})
    response, raw = yield from fetch(
        UPDATE_RECORD,
        path=(
            input_validation.matching(base_id, "^app[a-zA-Z0-9]+$", "id", "Airtable"),
            table_id_or_name,
            input_validation.matching(record_id, "^rec[a-zA-Z0-9]+$", "id", "Airtable"),
        ),
        json=body,
        schema=types.Record,
    )
    return read_row(response, raw, base_id=base_id, table_id_or_name=table_id_or_name)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a row: DELETE /{baseId}/{tableIdOrName}/{recordId}."""
    base_id, table_id_or_name, record_id = input_validation.parts(PATTERN_BASE_ID_TABLE_ID_OR_NAME_RECORD_ID, id, "id")
    yield from call(
        DELETE_RECORD,
        path=(
            input_validation.matching(base_id, "^app[a-zA-Z0-9]+$", "id", "Airtable"),
            table_id_or_name,
            input_validation.matching(record_id, "^rec[a-zA-Z0-9]+$", "id", "Airtable"),
        ),
    )


def read_row(r: types.Record, raw: Raw, *, base_id: str, table_id_or_name: str) -> Row:
    """Read a unified Row from a Record of Airtable."""
    values: RowValues = {
        "id": responses.required(
            f"{base_id}/{table_id_or_name}/{r.id}" if r.id is not None else None, "id", "Airtable"
        ),
        "table_id": f"{base_id}/{table_id_or_name}",
        "parent_id": None,
        "url": f"https://airtable.com/{base_id}/{table_id_or_name}/{r.id}" if r.id is not None else None,
        "created_at": datetimes.decode(r.created_time) if r.created_time is not None else None,
        "updated_at": None,
    }
    return make_row(values, raw)
