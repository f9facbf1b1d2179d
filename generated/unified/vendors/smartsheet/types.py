"""Responses of Smartsheet, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct, field


class Row(Struct, frozen=True, gc=False):
    id: int | None = None
    parent_id: int | None = field(name="parentId", default=None)
    created_at: str | None = field(name="createdAt", default=None)
    modified_at: str | None = field(name="modifiedAt", default=None)


class Sheet(Struct, frozen=True, gc=False):
    rows: list[Row] | None = None
    total_row_count: int | None = field(name="totalRowCount", default=None)


class AddRowsObject(Struct, frozen=True, gc=False):
    id: int | None = None


class GenericResult(Struct, frozen=True, gc=False):
    result: AddRowsObject | None = None


class Column(Struct, frozen=True, gc=False):
    id: int | None = None
    title: str | None = None
    type: str | None = None
    description: str | None = None
    options: list[str] | None = None


class TableFieldsSheet(Struct, frozen=True, gc=False):
    columns: list[Column] | None = None


class IndexResult(Struct, frozen=True, gc=False):
    total_count: int | None = field(name="totalCount", default=None)


class TablesSheet(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    permalink: str | None = None
    created_at: str | None = field(name="createdAt", default=None)
    modified_at: str | None = field(name="modifiedAt", default=None)


class TablesIndexResult(Struct, frozen=True, gc=False):
    data: list[TablesSheet] | None = None
    total_count: int | None = field(name="totalCount", default=None)


class SheetCreated(Struct, frozen=True, gc=False):
    id: int | None = None


class TablesGenericResult(Struct, frozen=True, gc=False):
    result: SheetCreated | None = None


class UserProfile(Struct, frozen=True, gc=False):
    id: int | None = None
    first_name: str | None = field(name="firstName", default=None)
    last_name: str | None = field(name="lastName", default=None)
    email: str | None = None


class UsersIndexResult(Struct, frozen=True, gc=False):
    data: list[UserProfile] | None = None
    total_count: int | None = field(name="totalCount", default=None)


class WorkspaceListing(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    access_level: str | None = field(name="accessLevel", default=None)
    permalink: str | None = None


class WorkbooksIndexResult(Struct, frozen=True, gc=False):
    data: list[WorkspaceListing] | None = None
    total_count: int | None = field(name="totalCount", default=None)
