"""Google Drive drives, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.drives import Drive, DriveFilters, DriveValues

DRIVE_DRIVES_LIST = Endpoint("drive.drives.list", "GET", "/drives", Retry.SAFE)

make_drive = record_factory(Drive, "google-drive")
SELECT = "drives(id,name,createdTime),nextPageToken"

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: DriveFilters) -> Steps[Page[Drive]]:
    """List shared drives: GET /drives."""
    query: dict[str, Any] = {"fields": SELECT, "pageSize": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Google Drive")
    response, raw = yield from fetch(DRIVE_DRIVES_LIST, query=query, schema=types.DriveList)
    items = response.drives or []
    records = [read_drive(each, raw.at("drives", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.next_page_token))


def read_drive(r: types.Drive, raw: Raw) -> Drive:
    """Read a unified Drive from a Drive of Google Drive."""
    values: DriveValues = {
        "id": responses.required(r.id, "id", "Google Drive"),
        "name": r.name,
        "created_at": datetimes.decode(r.created_time) if r.created_time is not None else None,
    }
    return make_drive(values, raw)
