"""Google Drive file_versions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.http import media
from . import types
from ...models.file_versions import FileVersion, FileVersionFilters, FileVersionValues

DRIVE_REVISIONS_LIST = Endpoint("drive.revisions.list", "GET", "/files/{fileId}/revisions", Retry.SAFE)
DRIVE_REVISIONS_GET = Endpoint("drive.revisions.get", "GET", "/files/{fileId}/revisions/{revisionId}", Retry.SAFE)

make_file_version = record_factory(FileVersion, "google-drive")
SELECT = "revisions(id,size,lastModifyingUser(displayName,emailAddress),modifiedTime),nextPageToken"
PATTERN_FILE_ID_REVISION_ID = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"fileId": "file_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {
    "restore": "the Google Drive API cannot restore versions; download the version and upload it as a new one"
}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: FileVersionFilters) -> Steps[Page[FileVersion]]:
    """List the versions of a file: GET /files/{fileId}/revisions."""
    query: dict[str, Any] = {"fields": SELECT, "pageSize": input_validation.page_size(ctx.limit, 1000)}
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    response, raw = yield from fetch(
        DRIVE_REVISIONS_LIST, path=(filters.file_id,), query=query, schema=types.RevisionList
    )
    items = response.revisions or []
    records = [
        read_file_version(each, raw.at("revisions", index), file_id=filters.file_id) for index, each in enumerate(items)
    ]
    return Page(records, cursor=pagination.token(response.next_page_token))


def download(ctx: Context, id: str) -> Steps[Fetch]:
    """Receive the content of a version.

    In turn:
        GET /files/{fileId}/revisions/{revisionId}
        GET /files/{fileId}/revisions/{revisionId}
    """
    file_id, revision_id = input_validation.parts(PATTERN_FILE_ID_REVISION_ID, id, "id")
    version = yield from call(
        DRIVE_REVISIONS_GET,
        path=(file_id, revision_id),
        query={"fields": "md5Checksum,size"},
        schema=types.FileVersionsRevision,
        save_as="version",
    )
    return (
        yield from media.streamed(
            DRIVE_REVISIONS_GET,
            path=(file_id, revision_id),
            query={"alt": "media"},
            headers={"Accept": "*/*"},
            size=version.size,
            checksums={"md5": version.md5_checksum},
        )
    )


def read_file_version(r: types.Revision, raw: Raw, *, file_id: str) -> FileVersion:
    """Read a unified FileVersion from a Revision of Google Drive."""
    last_modifying_user = r.last_modifying_user or types.User()
    values: FileVersionValues = {
        "id": responses.required(f"{file_id}/{r.id}" if r.id is not None else None, "id", "Google Drive"),
        "file_id": file_id,
        "size": responses.integer(r.size),
        "author_name": last_modifying_user.display_name,
        "author_email": last_modifying_user.email_address,
        "created_at": datetimes.decode(r.modified_time) if r.modified_time is not None else None,
    }
    return make_file_version(values, raw)
