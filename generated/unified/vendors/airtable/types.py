"""Responses of Airtable, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct, field


class Record(Struct, frozen=True, gc=False):
    id: str | None = None
    created_time: str | None = field(name="createdTime", default=None)


class RecordList(Struct, frozen=True, gc=False):
    records: list[Record] | None = None
    offset: str | None = None


class FieldSchemaOptionsChoices(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None


class FieldSchemaOptions(Struct, frozen=True, gc=False):
    choices: list[FieldSchemaOptionsChoices] | None = None


class FieldSchema(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    type: str | None = None
    description: str | None = None
    options: FieldSchemaOptions | None = None


class TableSchema(Struct, frozen=True, gc=False):
    fields: list[FieldSchema] | None = None


class GetBaseSchemaResponse(Struct, frozen=True, gc=False):
    tables: list[TableSchema] | None = None


class TablesTableSchema(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    description: str | None = None
    primary_field_id: str | None = field(name="primaryFieldId", default=None)


class TablesGetBaseSchemaResponse(Struct, frozen=True, gc=False):
    tables: list[TablesTableSchema] | None = None


class BaseSummary(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    permission_level: str | None = field(name="permissionLevel", default=None)


class BaseList(Struct, frozen=True, gc=False):
    bases: list[BaseSummary] | None = None
    offset: str | None = None
