"""Google Drive permissions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.permissions import Permission, PermissionFilters, PermissionValues

DRIVE_PERMISSIONS_LIST = Endpoint("drive.permissions.list", "GET", "/files/{fileId}/permissions", Retry.SAFE)
DRIVE_PERMISSIONS_DELETE = Endpoint(
    "drive.permissions.delete", "DELETE", "/files/{fileId}/permissions/{permissionId}", Retry.IDEMPOTENT
)

KIND_READ: dict[Any, Literal["user", "group", "domain", "anyone"]] = {
    "user": "user",
    "group": "group",
    "domain": "domain",
    "anyone": "anyone",
}
ROLE_READ: dict[Any, Literal["owner", "writer", "commenter", "reader"]] = {
    "owner": "owner",
    "organizer": "owner",
    "writer": "writer",
    "fileOrganizer": "writer",
    "commenter": "commenter",
    "reader": "reader",
}
make_permission = record_factory(Permission, "google-drive")
SELECT = "permissions(id,type,role,emailAddress,displayName),nextPageToken"
PATTERN_FILE_ID_PERMISSION_ID = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"fileId": "file_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def list_(ctx: Context, filters: PermissionFilters) -> Steps[Page[Permission]]:
    """List who can access a file: GET /files/{fileId}/permissions."""
    query: dict[str, Any] = {
        "supportsAllDrives": True,
        "fields": SELECT,
        "pageSize": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Google Drive")
    response, raw = yield from fetch(
        DRIVE_PERMISSIONS_LIST, path=(filters.file_id,), query=query, schema=types.PermissionList
    )
    items = response.permissions or []
    records = [
        read_permission(each, raw.at("permissions", index), file_id=filters.file_id) for index, each in enumerate(items)
    ]
    return Page(records, cursor=pagination.token(response.next_page_token))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Take access to a file away: DELETE /files/{fileId}/permissions/{permissionId}."""
    file_id, permission_id = input_validation.parts(PATTERN_FILE_ID_PERMISSION_ID, id, "id")
    query: dict[str, Any] = {"supportsAllDrives": True}
    query = input_validation.merge(query, ctx.extra, "Google Drive")
    yield from call(DRIVE_PERMISSIONS_DELETE, path=(file_id, permission_id), query=query)


def read_permission(r: types.Permission, raw: Raw, *, file_id: str) -> Permission:
    """Read a unified Permission from a Permission of Google Drive."""
    values: PermissionValues = {
        "id": responses.required(f"{file_id}/{r.id}" if r.id is not None else None, "id", "Google Drive"),
        "kind": KIND_READ.get(r.type),
        "role": ROLE_READ.get(r.role),
        "email": r.email_address,
        "name": r.display_name,
    }
    return make_permission(values, raw)
