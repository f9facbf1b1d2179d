"""Google Drive shared_links, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.shared_links import SharedLink, SharedLinkCreate, SharedLinkFilters, SharedLinkValues

DRIVE_PERMISSIONS_CREATE = Endpoint("drive.permissions.create", "POST", "/files/{fileId}/permissions", Retry.NEVER)
DRIVE_PERMISSIONS_LIST = Endpoint("drive.permissions.list", "GET", "/files/{fileId}/permissions", Retry.SAFE)
DRIVE_PERMISSIONS_DELETE = Endpoint(
    "drive.permissions.delete", "DELETE", "/files/{fileId}/permissions/{permissionId}", Retry.IDEMPOTENT
)

SCOPE_READ: dict[Any, Literal["anyone", "organization", "people"]] = {"anyone": "anyone", "domain": "organization"}
ROLE_READ: dict[Any, Literal["reader", "writer"]] = {
    "reader": "reader",
    "commenter": "reader",
    "writer": "writer",
    "fileOrganizer": "writer",
}
make_shared_link = record_factory(SharedLink, "google-drive")
CREATE_UNSUPPORTED = {"expires_at": "Google Drive permissions of users and groups can expire, but links cannot"}
SELECT = "id,type,role,expirationTime"
SCOPE_WRITE: dict[Any, Any] = {"anyone": "anyone", "organization": "domain"}
SCOPE_UNSUPPORTED = {
    "scope.people": "Google Drive shares files with people by permissions; use `permissions`",
    "scope.organization": "Google Drive requires the domain name; pass it in `extra`",
}
ROLE_WRITE: dict[Any, Any] = {"reader": "reader", "writer": "writer"}
SELECT_2 = "permissions(id,type,role,expirationTime),nextPageToken"
PATTERN_FILE_ID_PERMISSION_ID = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"fileId": "file_id", "type": "scope", "role": "role"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def create(ctx: Context, shared_link: SharedLinkCreate) -> Steps[SharedLink]:
    """Create a link to a file: POST /files/{fileId}/permissions."""
    input_validation.reject_unsupported(shared_link, CREATE_UNSUPPORTED, "Google Drive")
    input_validation.reject_values(
        "scope",
        shared_link.scope,
        {"organization": "Google Drive requires the domain name; pass it in `extra`"},
        "Google Drive",
    )
    body: dict[str, Any] = {"allowFileDiscovery": False}
    if shared_link.scope is not None:
        body["type"] = input_validation.enum_value(
            SCOPE_WRITE, shared_link.scope, "scope", "Google Drive", SCOPE_UNSUPPORTED
        )
    if shared_link.role is not None:
        body["role"] = ROLE_WRITE[shared_link.role]
    body = input_validation.merge(body, ctx.extra, "Google Drive")
    body = input_validation.default(body, {"type": "anyone"})
    body = input_validation.default(body, {"role": "reader"})
    response, raw = yield from fetch(
        DRIVE_PERMISSIONS_CREATE,
        path=(shared_link.file_id,),
        query={"supportsAllDrives": True, "sendNotificationEmail": False, "fields": SELECT},
        json=body,
        schema=types.SharedLinksPermission,
    )
    if not _is_shared_link(response):
        raise responses.wrong_resource("SharedLink", "Google Drive")
    return read_shared_link(response, raw, file_id=shared_link.file_id)


def list_(ctx: Context, filters: SharedLinkFilters) -> Steps[Page[SharedLink]]:
    """List the links to a file: GET /files/{fileId}/permissions."""
    query: dict[str, Any] = {
        "supportsAllDrives": True,
        "fields": SELECT_2,
        "pageSize": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Google Drive")
    response, raw = yield from fetch(
        DRIVE_PERMISSIONS_LIST, path=(filters.file_id,), query=query, schema=types.SharedLinksPermissionList
    )
    items = response.permissions or []
    records = [
        read_shared_link(each, raw.at("permissions", index), file_id=filters.file_id)
        for index, each in enumerate(items)
        if _is_shared_link(each)
    ]
    return Page(records, cursor=pagination.token(response.next_page_token))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Revoke a link: DELETE /files/{fileId}/permissions/{permissionId}."""
    file_id, permission_id = input_validation.parts(PATTERN_FILE_ID_PERMISSION_ID, id, "id")
    query: dict[str, Any] = {"supportsAllDrives": True}
    query = input_validation.merge(query, ctx.extra, "Google Drive")
    yield from call(DRIVE_PERMISSIONS_DELETE, path=(file_id, permission_id), query=query)


def read_shared_link(r: types.SharedLinksPermission, raw: Raw, *, file_id: str) -> SharedLink:
    """Read a unified SharedLink from a Permission of Google Drive."""
    values: SharedLinkValues = {
        "id": responses.required(f"{file_id}/{r.id}" if r.id is not None else None, "id", "Google Drive"),
        "file_id": file_id,
        "url": f"https://drive.google.com/open?id={file_id}",
        "scope": SCOPE_READ.get(r.type),
        "role": ROLE_READ.get(r.role),
        "expires_at": datetimes.decode(r.expiration_time) if r.expiration_time is not None else None,
    }
    return make_shared_link(values, raw)


def _is_shared_link(r: types.SharedLinksPermission) -> bool:
    return not ((r.type != "anyone") and (r.type != "domain"))
