"""Google Drive files, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Source, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, reconciliation, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.adapter_api.query import drive
from unified_runtime.http import media
from . import types
from ...models.files import (
    File,
    FileCopy,
    FileCreateFolder,
    FileFilters,
    FileMove,
    FileSearch,
    FileSearchContent,
    FileShare,
    FileUpdate,
    FileUpload,
    FileUploadVersion,
    FileValues,
)

DRIVE_FILES_GET = Endpoint("drive.files.get", "GET", "/files/{fileId}", Retry.SAFE)
DRIVE_FILES_UPDATE_UPLOAD = Endpoint(
    "drive.files.update.upload", "PATCH", "/upload/drive/v3/files/{fileId}", Retry.NEVER, "upload"
)
DRIVE_FILES_EXPORT = Endpoint("drive.files.export", "GET", "/files/{fileId}/export", Retry.SAFE)
DRIVE_FILES_GENERATE_IDS = Endpoint("drive.files.generateIds", "GET", "/files/generateIds", Retry.SAFE)
DRIVE_FILES_CREATE = Endpoint("drive.files.create", "POST", "/files", Retry.NEVER)
DRIVE_FILES_CREATE_UPLOAD = Endpoint(
    "drive.files.create.upload", "POST", "/upload/drive/v3/files", Retry.NEVER, "upload"
)
DRIVE_FILES_UPDATE = Endpoint("drive.files.update", "PATCH", "/files/{fileId}", Retry.NEVER)
DRIVE_FILES_COPY = Endpoint("drive.files.copy", "POST", "/files/{fileId}/copy", Retry.NEVER)
DRIVE_PERMISSIONS_CREATE = Endpoint("drive.permissions.create", "POST", "/files/{fileId}/permissions", Retry.NEVER)
DRIVE_FILES_DELETE = Endpoint("drive.files.delete", "DELETE", "/files/{fileId}", Retry.IDEMPOTENT)
DRIVE_FILES_LIST = Endpoint("drive.files.list", "GET", "/files", Retry.SAFE)

IS_FOLDER_READ: dict[Any, bool] = {"application/vnd.google-apps.folder": True}
make_file = record_factory(File, "google-drive", absent=("path",), unproven=("parent_id",))
SELECT = "id,name,mimeType,size,parents,md5Checksum,owners(emailAddress),shared,version,webViewLink,createdTime,modifiedTime,trashed"
SELECT_2 = "mimeType"
SELECT_3 = "ids"
UPDATE_NEVER_CLEARED = ("name", "mime_type")
MOVE_NEVER_CLEARED = ("parent_id",)
DRIVE_FILES_UPDATE_SENDS = frozenset(("parent_id",))
SELECT_4 = "parents"
SELECT_5 = "files(id,name,mimeType,size,parents,md5Checksum,owners(emailAddress),shared,version,webViewLink,createdTime,modifiedTime,trashed),nextPageToken"
SELECT_6 = "files(id,name,mimeType,size,parents,md5Checksum,owners(emailAddress),shared,version,webViewLink,createdTime,modifiedTime,trashed),nextPageToken,incompleteSearch"

FIELDS: dict[str, str] = {
    "fileId": "id",
    "mimeType": "mime_type",
    "name": "name",
    "parents": "parent_id",
    "addParents": "parent_id",
    "emailAddress": "email",
    "sendNotificationEmail": "notify",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete_permanently",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[File]:
    """Read what is known of a file: GET /files/{fileId}."""
    response, raw = yield from fetch(
        DRIVE_FILES_GET, path=(id,), query={"supportsAllDrives": True, "fields": SELECT}, schema=types.File
    )
    if not _is_file(response):
        raise responses.wrong_resource("File", "Google Drive")
    return read_file(response, raw)


def upload_version(ctx: Context, id: str, content: Source, file: FileUploadVersion) -> Steps[File]:
    """Replace the content of a file; earlier versions remain.

    One of:
        GET /files/{fileId}, then PATCH /upload/drive/v3/files/{fileId}, up to 5242880 bytes
        GET /files/{fileId}, then PATCH /upload/drive/v3/files/{fileId}
    """
    content.sums("md5")
    if (yield from media.fits(content, 5242880)):
        before = yield from call(
            DRIVE_FILES_GET,
            path=(id,),
            query={"supportsAllDrives": True, "fields": SELECT_2},
            schema=types.FilesFile,
            save_as="before",
        )
        responses.check_resource(before, _may_change_file, "File", "Google Drive")
        response, raw = yield from media.related(
            DRIVE_FILES_UPDATE_UPLOAD,
            path=(id,),
            query={"uploadType": "multipart", "supportsAllDrives": True, "fields": SELECT},
            content=content,
            content_type=before.mime_type or "application/octet-stream",
            max_bytes=5242880,
            schema=types.File,
        )
        uploaded = response
        media.verify(content, uploaded.size, {"md5": uploaded.md5_checksum})
        if not _is_file(response):
            raise responses.wrong_resource("File", "Google Drive")
        return read_file(response, raw)
    before_2 = yield from call(
        DRIVE_FILES_GET,
        path=(id,),
        query={"supportsAllDrives": True, "fields": SELECT_2},
        schema=types.FilesFile,
        save_as="before",
    )
    responses.check_resource(before_2, _may_change_file, "File", "Google Drive")
    response_2, raw = yield from media.google_session(
        DRIVE_FILES_UPDATE_UPLOAD,
        path=(id,),
        query={"uploadType": "resumable", "supportsAllDrives": True, "fields": SELECT},
        content=content,
        content_type=before_2.mime_type or "application/octet-stream",
        chunk_bytes=8388608,
        schema=types.File,
    )
    uploaded_2 = response_2
    media.verify(content, uploaded_2.size, {"md5": uploaded_2.md5_checksum})
    if not _is_file(response_2):
        raise responses.wrong_resource("File", "Google Drive")
    return read_file(response_2, raw)


def download(ctx: Context, id: str) -> Steps[Fetch]:
    """Receive the content of a file.

    In turn:
        GET /files/{fileId}
        GET /files/{fileId}
    """
    file_2 = yield from call(
        DRIVE_FILES_GET,
        path=(id,),
        query={"supportsAllDrives": True, "fields": "md5Checksum,size"},
        schema=types.FilesFile2,
        save_as="file",
    )
    return (
        yield from media.streamed(
            DRIVE_FILES_GET,
            path=(id,),
            query={"alt": "media", "supportsAllDrives": True},
            headers={"Accept": "*/*"},
            size=file_2.size,
            checksums={"md5": file_2.md5_checksum},
        )
    )


def export(ctx: Context, id: str, mime_type: str) -> Steps[Fetch]:
    """Read a document in another format: GET /files/{fileId}/export."""
    return (
        yield from media.streamed(
            DRIVE_FILES_EXPORT,
            path=(id,),
            query={"mimeType": input_validation.at_least(mime_type, 1, "mime_type", "Google Drive")},
            headers={"Accept": "*/*"},
        )
    )


def create_folder(ctx: Context, file: FileCreateFolder) -> Steps[File]:
    """Create a folder.

    In turn:
        GET /files/generateIds
        POST /files
    """
    new_response = yield from call(
        DRIVE_FILES_GENERATE_IDS, query={"count": 1, "fields": SELECT_3}, schema=types.GeneratedIds, save_as="new"
    )
    new = new_response.ids
    body: dict[str, Any] = {"mimeType": "application/vnd.google-apps.folder", "name": file.name}
    if responses.at(new, 0) is not None:
        body["id"] = responses.at(new, 0)
    if file.parent_id is not None:
        body["parents"] = [file.parent_id]
    body = input_validation.merge(body, ctx.extra, "Google Drive")

    def look() -> Steps[reconciliation.Found]:
        return (
            yield from reconciliation.look_up(
                DRIVE_FILES_GET, path=(responses.at(new, 0),), query={"supportsAllDrives": True}
            )
        )

    response, raw = yield from reconciliation.send_once(
        fetch(DRIVE_FILES_CREATE, query={"supportsAllDrives": True, "fields": SELECT}, json=body, schema=types.File),
        look,
        schema=types.File,
        raw=True,
        visible_within=0,
        has_mark=True,
        conflict_on_duplicate=True,
    )
    if not _is_file(response):
        raise responses.wrong_resource("File", "Google Drive")
    return read_file(response, raw)


def upload(ctx: Context, content: Source, file: FileUpload) -> Steps[File]:
    """Upload a file.

    One of:
        POST /upload/drive/v3/files, up to 5242880 bytes
        POST /upload/drive/v3/files
    """
    content.sums("md5")
    if (yield from media.fits(content, 5242880)):
        body: dict[str, Any] = {"name": file.name}
        if file.mime_type is not None:
            body["mimeType"] = file.mime_type
        if file.parent_id is not None:
            body["parents"] = [file.parent_id]
        body = input_validation.merge(body, ctx.extra, "Google Drive")
        response, raw = yield from media.related(
            DRIVE_FILES_CREATE_UPLOAD,
            query={"uploadType": "multipart", "supportsAllDrives": True, "fields": SELECT},
            content=content,
            content_type=file.mime_type or "application/octet-stream",
            max_bytes=5242880,
            json=body,
            schema=types.File,
        )
        uploaded_2 = response
        media.verify(content, uploaded_2.size, {"md5": uploaded_2.md5_checksum})
        if not _is_file(response):
            raise responses.wrong_resource("File", "Google Drive")
        return read_file(response, raw)
    body_2: dict[str, Any] = {"name": file.name}
    if file.mime_type is not None:
        body_2["mimeType"] = file.mime_type
    if file.parent_id is not None:
        body_2["parents"] = [file.parent_id]
    body_2 = input_validation.merge(body_2, ctx.extra, "Google Drive")
    response_2, raw = yield from media.google_session(
        DRIVE_FILES_CREATE_UPLOAD,
        query={"uploadType": "resumable", "supportsAllDrives": True, "fields": SELECT},
        content=content,
        content_type=file.mime_type or "application/octet-stream",
        chunk_bytes=8388608,
        json=body_2,
        schema=types.File,
    )
    uploaded_2 = response_2
    media.verify(content, uploaded_2.size, {"md5": uploaded_2.md5_checksum})
    if not _is_file(response_2):
        raise responses.wrong_resource("File", "Google Drive")
    return read_file(response_2, raw)


def update(ctx: Context, id: str, file: FileUpdate) -> Steps[File]:
    """Change a file's name or media type: PATCH /files/{fileId}."""
    given = input_validation.changes(file, ctx.extra, "Google Drive")
    input_validation.reject_clearing(file, given, UPDATE_NEVER_CLEARED, "Google Drive")
    body: dict[str, Any] = {}
    if file.name is not None:
        body["name"] = file.name
    if file.mime_type is not None:
        body["mimeType"] = file.mime_type
    body = input_validation.merge(body, ctx.extra, "Google Drive")
    response, raw = yield from fetch(
        DRIVE_FILES_UPDATE,
        path=(id,),
        query={"supportsAllDrives": True, "fields": SELECT},
        json=body,
        schema=types.File,
    )
    if not _is_file(response):
        raise responses.wrong_resource("File", "Google Drive")
    return read_file(response, raw)


def move(ctx: Context, id: str, file: FileMove) -> Steps[File]:
    """Move a file into another folder.

    In turn:
        GET /files/{fileId}
        PATCH /files/{fileId}, if needed
    """
    given = input_validation.changes(file, ctx.extra, "Google Drive")
    input_validation.reject_clearing(file, given, MOVE_NEVER_CLEARED, "Google Drive")
    found: tuple[types.File, Raw] | None = None
    before = yield from call(
        DRIVE_FILES_GET,
        path=(id,),
        query={"supportsAllDrives": True, "fields": SELECT_4},
        schema=types.FilesFile3,
        save_as="before",
    )
    responses.check_resource(before, _may_change_file_2, "File", "Google Drive")
    if given & DRIVE_FILES_UPDATE_SENDS or ctx.extra:
        query_2: dict[str, Any] = {
            "removeParents": before.parents,
            "supportsAllDrives": True,
            "addParents": file.parent_id,
            "fields": SELECT,
        }
        body: dict[str, Any] = {}
        body = input_validation.merge(body, ctx.extra, "Google Drive")
        response, raw = yield from fetch(DRIVE_FILES_UPDATE, path=(id,), query=query_2, json=body, schema=types.File)
        found = response, raw
    record, raw = responses.last_response(found, "Google Drive")
    if not _is_file(record):
        raise responses.wrong_resource("File", "Google Drive")
    return read_file(record, raw)


def copy(ctx: Context, id: str, file: FileCopy) -> Steps[File]:
    """Copy a file: POST /files/{fileId}/copy."""
    body: dict[str, Any] = {}
    if file.name is not None:
        body["name"] = file.name
    if file.parent_id is not None:
        body["parents"] = [file.parent_id]
    body = input_validation.merge(body, ctx.extra, "Google Drive")
    response, raw = yield from fetch(
        DRIVE_FILES_COPY, path=(id,), query={"supportsAllDrives": True, "fields": SELECT}, json=body, schema=types.File
    )
    if not _is_file(response):
        raise responses.wrong_resource("File", "Google Drive")
    return read_file(response, raw)


def share(ctx: Context, id: str, file: FileShare) -> Steps[File]:
    """Share a file with a user.

    In turn:
        POST /files/{fileId}/permissions, if needed
        POST /files/{fileId}/permissions, if needed
        GET /files/{fileId}
    """
    if file.role == "reader":
        body: dict[str, Any] = {"emailAddress": file.email, "type": "user", "role": "reader"}
        yield from call(
            DRIVE_PERMISSIONS_CREATE,
            path=(id,),
            query={
                "sendNotificationEmail": file.notify if file.notify is not None else False,
                "supportsAllDrives": True,
            },
            json=body,
        )
    if file.role == "writer":
        body_2: dict[str, Any] = {"emailAddress": file.email, "type": "user", "role": "writer"}
        yield from call(
            DRIVE_PERMISSIONS_CREATE,
            path=(id,),
            query={
                "sendNotificationEmail": file.notify if file.notify is not None else False,
                "supportsAllDrives": True,
            },
            json=body_2,
        )
    response, raw = yield from fetch(
        DRIVE_FILES_GET, path=(id,), query={"supportsAllDrives": True, "fields": SELECT}, schema=types.File
    )
    if not _is_file(response):
        raise responses.wrong_resource("File", "Google Drive")
    return read_file(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Move a file to the trash: PATCH /files/{fileId}."""
    query: dict[str, Any] = {"supportsAllDrives": True}
    body: dict[str, Any] = {"trashed": True}
    query = input_validation.merge(query, ctx.extra, "Google Drive")
    yield from call(DRIVE_FILES_UPDATE, path=(id,), query=query, json=body)


def delete_permanently(ctx: Context, id: str) -> Steps[None]:
    """Delete a file for good: DELETE /files/{fileId}."""
    query: dict[str, Any] = {"supportsAllDrives": True}
    query = input_validation.merge(query, ctx.extra, "Google Drive")
    yield from call(DRIVE_FILES_DELETE, path=(id,), query=query)


def list_(ctx: Context, filters: FileFilters) -> Steps[Page[File]]:
    """List the files of a folder.

    One of:
        GET /files
        GET /files
    """
    if filters.parent_id is not None:
        clauses = [f"{drive.text(filters.parent_id)} in parents", "trashed = false"]
        if filters.updated_after is not None:
            clauses.append(f"modifiedTime > {drive.date_time(filters.updated_after)}")
        query: dict[str, Any] = {
            "supportsAllDrives": True,
            "includeItemsFromAllDrives": True,
            "q": " and ".join(clauses),
            "fields": SELECT_5,
            "pageSize": input_validation.page_size(ctx.limit, 1000),
        }
        if ctx.cursor is not None:
            query["pageToken"] = ctx.cursor
        query = input_validation.merge(query, ctx.extra, "Google Drive")
        response, raw = yield from fetch(DRIVE_FILES_LIST, query=query, schema=types.FileList)
        items = response.files or []
        records = [read_file(each, raw.at("files", index)) for index, each in enumerate(items) if _is_file(each)]
        return Page(records, cursor=pagination.token(response.next_page_token))
    clauses_2 = ["'root' in parents", "trashed = false"]
    if filters.updated_after is not None:
        clauses_2.append(f"modifiedTime > {drive.date_time(filters.updated_after)}")
    query_2: dict[str, Any] = {
        "supportsAllDrives": True,
        "includeItemsFromAllDrives": True,
        "q": " and ".join(clauses_2),
        "fields": SELECT_5,
        "pageSize": input_validation.page_size(ctx.limit, 1000),
    }
    if ctx.cursor is not None:
        query_2["pageToken"] = ctx.cursor
    query_2 = input_validation.merge(query_2, ctx.extra, "Google Drive")
    response_2, raw = yield from fetch(DRIVE_FILES_LIST, query=query_2, schema=types.FileList)
    items_2 = response_2.files or []
    records = [read_file(each, raw.at("files", index)) for index, each in enumerate(items_2) if _is_file(each)]
    return Page(records, cursor=pagination.token(response_2.next_page_token))


def search(ctx: Context, filters: FileSearch) -> Steps[Page[File]]:
    """Search files and folders by name: GET /files."""
    clauses = [f"name contains {drive.text(filters.text)}", "trashed = false"]
    query: dict[str, Any] = {
        "corpora": "allDrives",
        "supportsAllDrives": True,
        "includeItemsFromAllDrives": True,
        "q": " and ".join(clauses),
        "fields": SELECT_6,
        "pageSize": input_validation.page_size(ctx.limit, 1000),
    }
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Google Drive")
    response, raw = yield from fetch(DRIVE_FILES_LIST, query=query, schema=types.FilesFileList)
    responses.check_not_partial(response.incomplete_search, "Google Drive")
    items = response.files or []
    records = [read_file(each, raw.at("files", index)) for index, each in enumerate(items) if _is_file(each)]
    return Page(records, cursor=pagination.token(response.next_page_token))


def search_content(ctx: Context, filters: FileSearchContent) -> Steps[Page[File]]:
    """Search files by what they contain: GET /files."""
    clauses = [f"fullText contains {drive.text(filters.text)}", "trashed = false"]
    query: dict[str, Any] = {
        "corpora": "allDrives",
        "supportsAllDrives": True,
        "includeItemsFromAllDrives": True,
        "q": " and ".join(clauses),
        "fields": SELECT_6,
        "pageSize": input_validation.page_size(ctx.limit, 1000),
    }
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Google Drive")
    response, raw = yield from fetch(DRIVE_FILES_LIST, query=query, schema=types.FilesFileList)
    responses.check_not_partial(response.incomplete_search, "Google Drive")
    items = response.files or []
    records = [read_file(each, raw.at("files", index)) for index, each in enumerate(items) if _is_file(each)]
    return Page(records, cursor=pagination.token(response.next_page_token))


def read_file(r: types.File, raw: Raw) -> File:
    """Read a unified File from a File of Google Drive."""
    values: FileValues = {
        "id": responses.required(r.id, "id", "Google Drive"),
        "name": r.name,
        "mime_type": r.mime_type,
        "size": responses.integer(r.size),
        "parent_id": responses.at(r.parents, 0),
        "path": None,
        "is_folder": IS_FOLDER_READ.get(r.mime_type, False),
        "checksum": r.md5_checksum,
        "owners": [each.email_address for each in r.owners or () if each.email_address is not None],
        "shared": r.shared,
        "url": r.web_view_link,
        "version": r.version,
        "created_at": datetimes.decode(r.created_time) if r.created_time is not None else None,
        "updated_at": datetimes.decode(r.modified_time) if r.modified_time is not None else None,
    }
    return make_file(values, raw)


def _is_file(r: types.File) -> bool:
    return not r.trashed


def _may_change_file(r: types.FilesFile) -> bool:
    return not r.trashed


def _may_change_file_2(r: types.FilesFile3) -> bool:
    return not r.trashed
