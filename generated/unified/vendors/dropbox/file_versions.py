"""Dropbox file_versions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.http import media
from . import types
from ...models.file_versions import FileVersion, FileVersionFilters, FileVersionRestore, FileVersionValues

FILES_LIST_REVISIONS = Endpoint("files/list_revisions", "POST", "/files/list_revisions", Retry.SAFE)
FILES_GET_METADATA = Endpoint("files/get_metadata", "POST", "/files/get_metadata", Retry.SAFE)
FILES_DOWNLOAD = Endpoint("files/download", "POST", "/files/download", Retry.SAFE, "content")
FILES_RESTORE = Endpoint("files/restore", "POST", "/files/restore", Retry.NEVER)

make_file_version = record_factory(FileVersion, "dropbox", absent=("author_name", "author_email"))
PATTERN_REV_PATH = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"path": "file_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: FileVersionFilters) -> Steps[Page[FileVersion]]:
    """List the versions of a file: POST /files/list_revisions."""
    body: dict[str, Any] = {
        "path": input_validation.matching(
            filters.file_id, "^(/(.|[\\r\\n])*|id:.*|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "file_id", "Dropbox"
        ),
        "mode": {".tag": "id"},
        "limit": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        body["before_rev"] = ctx.cursor
    response, raw = yield from fetch(FILES_LIST_REVISIONS, json=body, schema=types.ListRevisionsResult)
    items = response.entries or []
    records = [
        read_file_version(each, raw.at("entries", index), path=filters.file_id) for index, each in enumerate(items)
    ]
    return Page(records, cursor=pagination.token(items[-1].rev) if items and response.has_more else None)


def download(ctx: Context, id: str) -> Steps[Fetch]:
    """Receive the content of a version.

    In turn:
        POST /files/get_metadata
        POST /files/download
    """
    rev, _path = input_validation.parts(PATTERN_REV_PATH, id, "id")
    body: dict[str, Any] = {"path": f"rev:{rev}"}
    version = yield from call(FILES_GET_METADATA, json=body, schema=types.Metadata, save_as="version")
    body_2: dict[str, Any] = {"path": f"rev:{rev}"}
    return (
        yield from media.streamed(
            FILES_DOWNLOAD,
            headers={"Dropbox-API-Arg": media.argument(body_2), "Accept": "*/*"},
            size=version.size,
            checksums={"content_hash": version.content_hash},
        )
    )


def restore(ctx: Context, id: str, file_version: FileVersionRestore) -> Steps[None]:
    """Return a file to a version.

    In turn:
        POST /files/get_metadata
        POST /files/restore
    """
    rev, path = input_validation.parts(PATTERN_REV_PATH, id, "id")
    body: dict[str, Any] = {
        "path": input_validation.matching(
            path, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
        )
    }
    file = yield from responses.looked_up(
        call(FILES_GET_METADATA, json=body, schema=types.FileVersionsMetadata, save_as="file"),
        f"the file {path} does not exist in this Dropbox",
        "InvalidInput",
    )
    body_2: dict[str, Any] = {
        "rev": input_validation.bounded(rev, "id", "Dropbox", min_length=9, pattern="^([0-9a-f]+)$")
    }
    if file.path_display is not None:
        body_2["path"] = file.path_display
    yield from call(FILES_RESTORE, json=body_2)


def read_file_version(r: types.FileMetadata, raw: Raw, *, path: str) -> FileVersion:
    """Read a unified FileVersion from a FileMetadata of Dropbox."""
    values: FileVersionValues = {
        "id": responses.required(f"{r.rev}/{path}" if r.rev is not None else None, "id", "Dropbox"),
        "file_id": path,
        "size": r.size,
        "author_name": None,
        "author_email": None,
        "created_at": datetimes.decode(r.server_modified) if r.server_modified is not None else None,
    }
    return make_file_version(values, raw)
