"""Microsoft Graph file_versions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.http import media
from . import types
from ...models.file_versions import FileVersion, FileVersionFilters, FileVersionRestore, FileVersionValues

DRIVE_ITEM_LIST_VERSIONS = Endpoint(
    "driveItem_ListVersions", "GET", "/drives/{driveId}/items/{itemId}/versions", Retry.SAFE
)
DRIVE_ITEM_DOWNLOAD_VERSION = Endpoint(
    "driveItem_DownloadVersion", "GET", "/drives/{driveId}/items/{itemId}/versions/{versionId}/content", Retry.SAFE
)
DRIVE_ITEM_RESTORE_VERSION = Endpoint(
    "driveItem_RestoreVersion",
    "POST",
    "/drives/{driveId}/items/{itemId}/versions/{versionId}/restoreVersion",
    Retry.NEVER,
)

make_file_version = record_factory(FileVersion, "microsoft-graph")
PATTERN_DRIVE_ID_ITEM_ID = re.compile("([^/]+)/(.+)")
PATTERN_DRIVE_ID_ITEM_ID_VERSION_ID = re.compile("([^/]+)/([^/]+)/(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: FileVersionFilters) -> Steps[Page[FileVersion]]:
    """List the versions of a file: GET /drives/{driveId}/items/{itemId}/versions."""
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, filters.file_id, "file_id")
    response, raw = yield from fetch(
        DRIVE_ITEM_LIST_VERSIONS,
        path=(drive_id, item_id),
        query=pagination.page_query({"$top": input_validation.page_size(ctx.limit, 999)}, ctx.cursor, "$top"),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.DriveItemListVersionsResponse,
    )
    items = response.value or []
    records = [
        read_file_version(each, raw.at("value", index), drive_id=drive_id, item_id=item_id)
        for index, each in enumerate(items)
    ]
    return Page(records, cursor=pagination.token(response.odata_next_link))


def download(ctx: Context, id: str) -> Steps[Fetch]:
    """Receive the content of a version: GET /drives/{driveId}/items/{itemId}/versions/{versionId}/content."""
    drive_id, item_id, version_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID_VERSION_ID, id, "id")
    return (
        yield from media.streamed(
            DRIVE_ITEM_DOWNLOAD_VERSION, path=(drive_id, item_id, version_id), headers={"Accept": "*/*"}
        )
    )


def restore(ctx: Context, id: str, file_version: FileVersionRestore) -> Steps[None]:
    """Return a file to a version: POST /drives/{driveId}/items/{itemId}/versions/{versionId}/restoreVersion."""
    drive_id, item_id, version_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID_VERSION_ID, id, "id")
    yield from call(DRIVE_ITEM_RESTORE_VERSION, path=(drive_id, item_id, version_id))


def read_file_version(r: types.DriveItemVersion, raw: Raw, *, drive_id: str, item_id: str) -> FileVersion:
    """Read a unified FileVersion from a DriveItemVersion of Microsoft Graph."""
    last_modified_by = r.last_modified_by or types.DriveItemVersionLastModifiedBy()
    user = last_modified_by.user or types.DriveIdentity()
    values: FileVersionValues = {
        "id": responses.required(f"{drive_id}/{item_id}/{r.id}" if r.id is not None else None, "id", "Microsoft Graph"),
        "file_id": f"{drive_id}/{item_id}",
        "size": r.size,
        "author_name": user.display_name,
        "author_email": user.email,
        "created_at": datetimes.decode(r.last_modified_date_time) if r.last_modified_date_time is not None else None,
    }
    return make_file_version(values, raw)
