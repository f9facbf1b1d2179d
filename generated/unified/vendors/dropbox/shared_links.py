"""Dropbox shared_links, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.shared_links import SharedLink, SharedLinkCreate, SharedLinkFilters, SharedLinkValues

SHARING_CREATE_SHARED_LINK_WITH_SETTINGS = Endpoint(
    "sharing/create_shared_link_with_settings", "POST", "/sharing/create_shared_link_with_settings", Retry.NEVER
)
SHARING_LIST_SHARED_LINKS = Endpoint("sharing/list_shared_links", "POST", "/sharing/list_shared_links", Retry.SAFE)
SHARING_REVOKE_SHARED_LINK = Endpoint("sharing/revoke_shared_link", "POST", "/sharing/revoke_shared_link", Retry.NEVER)

SCOPE_READ: dict[Any, Literal["anyone", "organization", "people"]] = {
    "public": "anyone",
    "password": "anyone",
    "team": "organization",
    "no_one": "people",
    "public_logged_in_only": "people",
    "members": "people",
    "other": "people",
}
ROLE_READ: dict[Any, Literal["reader", "writer"]] = {"viewer": "reader", "other": "reader", "editor": "writer"}
make_shared_link = record_factory(SharedLink, "dropbox")
SCOPE_WRITE: dict[Any, Any] = {"anyone": "public", "organization": "team", "people": "no_one"}
ROLE_WRITE: dict[Any, Any] = {"reader": "viewer", "writer": "editor"}

FIELDS: dict[str, str] = {
    "path": "file_id",
    "settings.audience..tag": "scope",
    "settings.access..tag": "role",
    "settings.expires": "expires_at",
    "url": "id",
    "expires": "expires_at",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, shared_link: SharedLinkCreate) -> Steps[SharedLink]:
    """Create a link to a file: POST /sharing/create_shared_link_with_settings."""
    settings: dict[str, Any] = {}
    if shared_link.scope is not None:
        settings["audience"] = {".tag": SCOPE_WRITE[shared_link.scope]}
    if shared_link.role is not None:
        settings["access"] = {".tag": ROLE_WRITE[shared_link.role]}
    if shared_link.expires_at is not None:
        settings["expires"] = datetimes.encode(shared_link.expires_at)
    body: dict[str, Any] = {
        "path": input_validation.matching(
            shared_link.file_id,
            "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$",
            "file_id",
            "Dropbox",
        )
    }
    if settings:
        body["settings"] = settings
    body = input_validation.merge(body, ctx.extra, "Dropbox")
    response, raw = yield from fetch(
        SHARING_CREATE_SHARED_LINK_WITH_SETTINGS, json=body, schema=types.SharedLinkMetadata
    )
    return read_shared_link(response, raw)


def list_(ctx: Context, filters: SharedLinkFilters) -> Steps[Page[SharedLink]]:
    """List the links to a file: POST /sharing/list_shared_links."""
    body: dict[str, Any] = {
        "path": input_validation.matching(
            filters.file_id,
            "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$",
            "file_id",
            "Dropbox",
        ),
        "direct_only": True,
    }
    if ctx.cursor is not None:
        body["cursor"] = ctx.cursor
    response, raw = yield from fetch(SHARING_LIST_SHARED_LINKS, json=body, schema=types.ListSharedLinksResult)
    items = response.links or []
    records = [read_shared_link(each, raw.at("links", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.cursor) if response.has_more else None)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Revoke a link: POST /sharing/revoke_shared_link."""
    body: dict[str, Any] = {"url": id}
    yield from call(SHARING_REVOKE_SHARED_LINK, json=body)


def read_shared_link(r: types.SharedLinkMetadata, raw: Raw) -> SharedLink:
    """Read a unified SharedLink from a SharedLinkMetadata of Dropbox."""
    link_permissions = r.link_permissions or types.LinkPermissions()
    effective_audience = link_permissions.effective_audience or types.LinkAudience()
    link_access_level = link_permissions.link_access_level or types.LinkAccessLevel()
    values: SharedLinkValues = {
        "id": responses.required(r.url, "id", "Dropbox"),
        "file_id": r.id,
        "url": r.url,
        "scope": SCOPE_READ.get(effective_audience.tag),
        "role": ROLE_READ.get(link_access_level.tag),
        "expires_at": datetimes.decode(r.expires) if r.expires is not None else None,
    }
    return make_shared_link(values, raw)
