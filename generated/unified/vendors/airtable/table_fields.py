"""Airtable table_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, reconciliation, responses
from . import types
from ...models.table_fields import Choice, TableField, TableFieldCreate, TableFieldFilters, TableFieldValues

GET_BASE_SCHEMA = Endpoint("getBaseSchema", "GET", "/meta/bases/{baseId}/tables", Retry.SAFE)
CREATE_FIELD = Endpoint("createField", "POST", "/meta/bases/{baseId}/tables/{tableId}/fields", Retry.NEVER)

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
    "singleLineText": "text",
    "multilineText": "long_text",
    "richText": "long_text",
    "number": "number",
    "percent": "percent",
    "currency": "currency",
    "checkbox": "boolean",
    "date": "date",
    "dateTime": "datetime",
    "duration": "duration",
    "rating": "rating",
    "singleSelect": "choice",
    "multipleSelects": "choices",
    "singleCollaborator": "person",
    "multipleCollaborators": "people",
    "email": "email",
    "url": "url",
    "phoneNumber": "phone",
    "multipleAttachments": "files",
    "multipleRecordLinks": "link",
    "formula": "computed",
    "createdTime": "computed",
    "rollup": "computed",
    "count": "computed",
    "lookup": "computed",
    "multipleLookupValues": "computed",
    "autoNumber": "computed",
    "lastModifiedTime": "computed",
    "createdBy": "computed",
    "lastModifiedBy": "computed",
    "aiText": "computed",
    "barcode": "other",
    "button": "other",
    "externalSyncSource": "other",
}
make_table_field = record_factory(TableField, "airtable")
PATTERN_BASE_ID_TABLE_ID = re.compile("([^/]+)/(.+)")
KIND_WRITE: dict[Any, Any] = {
    "text": "singleLineText",
    "long_text": "multilineText",
    "number": "number",
    "percent": "percent",
    "currency": "currency",
    "boolean": "checkbox",
    "date": "date",
    "datetime": "dateTime",
    "duration": "duration",
    "rating": "rating",
    "choice": "singleSelect",
    "choices": "multipleSelects",
    "person": "singleCollaborator",
    "people": "multipleCollaborators",
    "email": "email",
    "url": "url",
    "phone": "phoneNumber",
    "files": "multipleAttachments",
    "link": "multipleRecordLinks",
    "computed": "formula",
    "other": "barcode",
}

FIELDS: dict[str, str] = {"name": "name", "type": "kind", "description": "description"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TableFieldFilters) -> Steps[Page[TableField]]:
    """List the fields of a table: GET /meta/bases/{baseId}/tables."""
    base_id, table_id = input_validation.parts(PATTERN_BASE_ID_TABLE_ID, filters.table_id, "table_id")
    response, raw = yield from fetch(
        GET_BASE_SCHEMA,
        path=(input_validation.matching(base_id, "^app[a-zA-Z0-9]+$", "table_id", "Airtable"),),
        query=ctx.extra or None,
        schema=types.GetBaseSchemaResponse,
    )
    items = response.tables or []
    records = [
        read_table_field(inner, raw.at("tables", index, "fields", position))
        for index, each in enumerate(items)
        for position, inner in enumerate(each.fields or ())
        if reconciliation.matches(raw.at("tables", index).value, ((("id",), table_id),))
    ]
    return Page(records)


def create(ctx: Context, table_id: str, table_field: TableFieldCreate) -> Steps[TableField]:
    """Add a field to a table: POST /meta/bases/{baseId}/tables/{tableId}/fields."""
    base_id, table_id_2 = input_validation.parts(PATTERN_BASE_ID_TABLE_ID, table_id, "table_id")
    body: dict[str, Any] = {"name": table_field.name, "type": KIND_WRITE[table_field.kind]}
    if table_field.description is not None:
        body["description"] = table_field.description
    body = input_validation.merge(body, ctx.extra, "Airtable")
    response, raw = yield from fetch(
        CREATE_FIELD,
        path=(
            input_validation.matching(base_id, "^app[a-zA-Z0-9]+$", "table_id", "Airtable"),
            input_validation.matching(table_id_2, "^tbl[a-zA-Z0-9]+$", "table_id", "Airtable"),
        ),
        json=body,
        schema=types.FieldSchema,
    )
    return read_table_field(response, raw)


def _read_choice(r: types.FieldSchemaOptionsChoices) -> Choice:
    return Choice(id=r.id, name=r.name)


def read_table_field(r: types.FieldSchema, raw: Raw) -> TableField:
    """Read a unified TableField from a FieldSchema of Airtable."""
    options = r.options or types.FieldSchemaOptions()
    values: TableFieldValues = {
        "id": responses.required(r.id, "id", "Airtable"),
        "name": r.name,
        "kind": KIND_READ.get(r.type),
        "kind_label": r.type,
        "description": r.description,
        "choices": [_read_choice(each) for each in options.choices or ()],
    }
    return make_table_field(values, raw)
