"""Microsoft Graph permissions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.permissions import Permission, PermissionFilters, PermissionValues

DRIVE_ITEM_LIST_PERMISSIONS = Endpoint(
    "driveItem_ListPermissions", "GET", "/drives/{driveId}/items/{itemId}/permissions", Retry.SAFE
)
DRIVE_ITEM_DELETE_PERMISSION = Endpoint(
    "driveItem_DeletePermission",
    "DELETE",
    "/drives/{driveId}/items/{itemId}/permissions/{permissionId}",
    Retry.IDEMPOTENT,
)

ROLE_READ: dict[Any, Literal["owner", "writer", "commenter", "reader"]] = {
    "owner": "owner",
    "write": "writer",
    "read": "reader",
}
make_permission = record_factory(Permission, "microsoft-graph", unproven=("email", "name"))
PATTERN_DRIVE_ID_ITEM_ID = re.compile("([^/]+)/(.+)")
PATTERN_DRIVE_ID_ITEM_ID_PERMISSION_ID = re.compile("([^/]+)/([^/]+)/(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def list_(ctx: Context, filters: PermissionFilters) -> Steps[Page[Permission]]:
    """List who can access a file: GET /drives/{driveId}/items/{itemId}/permissions."""
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, filters.file_id, "file_id")
    response, raw = yield from fetch(
        DRIVE_ITEM_LIST_PERMISSIONS,
        path=(drive_id, item_id),
        query=pagination.page_query({"$top": input_validation.page_size(ctx.limit, 999)}, ctx.cursor, "$top"),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.DriveItemListPermissionsResponse,
    )
    items = response.value or []
    records = [
        read_permission(each, raw.at("value", index), drive_id=drive_id, item_id=item_id)
        for index, each in enumerate(items)
    ]
    return Page(records, cursor=pagination.token(response.odata_next_link))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Take access to a file away: DELETE /drives/{driveId}/items/{itemId}/permissions/{permissionId}."""
    drive_id, item_id, permission_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID_PERMISSION_ID, id, "id")
    yield from call(DRIVE_ITEM_DELETE_PERMISSION, path=(drive_id, item_id, permission_id))


def _read_kind(link_scope: Any, granted_to_v2_group: Any) -> Literal["user", "group", "domain", "anyone"] | None:
    if link_scope == "anonymous":
        return "anyone"
    if link_scope == "organization":
        return "domain"
    if granted_to_v2_group is None:
        return "user"
    return "group"


def read_permission(r: types.DrivePermission, raw: Raw, *, drive_id: str, item_id: str) -> Permission:
    """Read a unified Permission from a DrivePermission of Microsoft Graph."""
    link = r.link or types.DrivePermissionLink()
    granted_to_v2 = r.granted_to_v2 or types.DrivePermissionGrantedToV2()
    user = granted_to_v2.user or types.PermissionsDriveIdentity()
    invitation = r.invitation or types.DrivePermissionInvitation()
    site_group = granted_to_v2.site_group or types.PermissionsDriveIdentity2()
    values: PermissionValues = {
        "id": responses.required(f"{drive_id}/{item_id}/{r.id}" if r.id is not None else None, "id", "Microsoft Graph"),
        "kind": _read_kind(link.scope, granted_to_v2.group),
        "role": responses.enum_value(ROLE_READ, responses.at(r.roles, 0)),
        "email": user.email or (responses.at(granted_to_v2.group, "email")) or invitation.email,
        "name": user.display_name or (responses.at(granted_to_v2.group, "displayName")) or site_group.display_name,
    }
    return make_permission(values, raw)
