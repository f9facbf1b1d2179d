"""Microsoft Graph shared_links, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.shared_links import SharedLink, SharedLinkCreate, SharedLinkFilters, SharedLinkValues

DRIVE_ITEM_CREATE_LINK = Endpoint(
    "driveItem_CreateLink", "POST", "/drives/{driveId}/items/{itemId}/createLink", Retry.NEVER
)
DRIVE_ITEM_LIST_PERMISSIONS = Endpoint(
    "driveItem_ListPermissions", "GET", "/drives/{driveId}/items/{itemId}/permissions", Retry.SAFE
)
DRIVE_ITEM_DELETE_PERMISSION = Endpoint(
    "driveItem_DeletePermission",
    "DELETE",
    "/drives/{driveId}/items/{itemId}/permissions/{permissionId}",
    Retry.IDEMPOTENT,
)

SCOPE_READ: dict[Any, Literal["anyone", "organization", "people"]] = {
    "anonymous": "anyone",
    "organization": "organization",
    "users": "people",
    "existingAccess": "people",
}
ROLE_READ: dict[Any, Literal["reader", "writer"]] = {
    "view": "reader",
    "review": "reader",
    "embed": "reader",
    "blocksDownload": "reader",
    "edit": "writer",
    "createOnly": "writer",
}
make_shared_link = record_factory(SharedLink, "microsoft-graph", unproven=("url",))
PATTERN_DRIVE_ID_ITEM_ID = re.compile("([^/]+)/(.+)")
SCOPE_WRITE: dict[Any, Any] = {"anyone": "anonymous", "organization": "organization", "people": "users"}
ROLE_WRITE: dict[Any, Any] = {"reader": "view", "writer": "edit"}
PATTERN_DRIVE_ID_ITEM_ID_PERMISSION_ID = re.compile("([^/]+)/([^/]+)/(.+)")

FIELDS: dict[str, str] = {"scope": "scope", "type": "role", "expirationDateTime": "expires_at"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def create(ctx: Context, shared_link: SharedLinkCreate) -> Steps[SharedLink]:
    """Create a link to a file: POST /drives/{driveId}/items/{itemId}/createLink."""
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, shared_link.file_id, "file_id")
    body: dict[str, Any] = {}
    if shared_link.scope is not None:
        body["scope"] = SCOPE_WRITE[shared_link.scope]
    if shared_link.role is not None:
        body["type"] = ROLE_WRITE[shared_link.role]
    if shared_link.expires_at is not None:
        body["expirationDateTime"] = datetimes.encode(shared_link.expires_at)
    body = input_validation.default(body, {"type": "view"})
    response, raw = yield from fetch(
        DRIVE_ITEM_CREATE_LINK, path=(drive_id, item_id), json=body, schema=types.SharedLinksDrivePermission
    )
    if not _is_shared_link(response):
        raise responses.wrong_resource("SharedLink", "Microsoft Graph")
    return read_shared_link(response, raw, drive_id=drive_id, item_id=item_id)


def list_(ctx: Context, filters: SharedLinkFilters) -> Steps[Page[SharedLink]]:
    """List the links to a file: GET /drives/{driveId}/items/{itemId}/permissions."""
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, filters.file_id, "file_id")
    response, raw = yield from fetch(
        DRIVE_ITEM_LIST_PERMISSIONS,
        path=(drive_id, item_id),
        query=pagination.page_query({"$top": input_validation.page_size(ctx.limit, 999)}, ctx.cursor, "$top"),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.SharedLinksDriveItemListPermissionsResponse,
    )
    items = response.value or []
    records = [
        read_shared_link(each, raw.at("value", index), drive_id=drive_id, item_id=item_id)
        for index, each in enumerate(items)
        if _is_shared_link(each)
    ]
    return Page(records, cursor=pagination.token(response.odata_next_link))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Revoke a link: DELETE /drives/{driveId}/items/{itemId}/permissions/{permissionId}."""
    drive_id, item_id, permission_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID_PERMISSION_ID, id, "id")
    yield from call(DRIVE_ITEM_DELETE_PERMISSION, path=(drive_id, item_id, permission_id))


def read_shared_link(r: types.SharedLinksDrivePermission, raw: Raw, *, drive_id: str, item_id: str) -> SharedLink:
    """Read a unified SharedLink from a DrivePermission of Microsoft Graph."""
    values: SharedLinkValues = {
        "id": responses.required(f"{drive_id}/{item_id}/{r.id}" if r.id is not None else None, "id", "Microsoft Graph"),
        "file_id": f"{drive_id}/{item_id}",
        "url": responses.at(r.link, "webUrl"),
        "scope": responses.enum_value(SCOPE_READ, responses.at(r.link, "scope")),
        "role": responses.enum_value(ROLE_READ, responses.at(r.link, "type")),
        "expires_at": datetimes.decode(r.expiration_date_time) if r.expiration_date_time is not None else None,
    }
    return make_shared_link(values, raw)


def _is_shared_link(r: types.SharedLinksDrivePermission) -> bool:
    return bool(r.link)
