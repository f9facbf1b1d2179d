"""Dropbox files, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import (
    Context,
    CreatedRecord,
    Endpoint,
    Fetch,
    Page,
    Raw,
    Retry,
    Source,
    Steps,
    call,
    fetch,
    record_factory,
)
from unified_runtime.adapter_api import background_jobs, file_paths, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
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

FILES_GET_METADATA = Endpoint("files/get_metadata", "POST", "/files/get_metadata", Retry.SAFE)
FILES_LIST_FOLDER = Endpoint("files/list_folder", "POST", "/files/list_folder", Retry.SAFE)
FILES_LIST_FOLDER_CONTINUE = Endpoint("files/list_folder/continue", "POST", "/files/list_folder/continue", Retry.SAFE)
FILES_SEARCH_V2 = Endpoint("files/search_v2", "POST", "/files/search_v2", Retry.SAFE)
FILES_SEARCH_CONTINUE_V2 = Endpoint("files/search/continue_v2", "POST", "/files/search/continue_v2", Retry.SAFE)
FILES_CREATE_FOLDER_V2 = Endpoint("files/create_folder_v2", "POST", "/files/create_folder_v2", Retry.NEVER)
FILES_UPLOAD_SESSION_FINISH = Endpoint(
    "files/upload_session/finish", "POST", "/files/upload_session/finish", Retry.NEVER, "content"
)
FILES_UPLOAD_SESSION_START = Endpoint(
    "files/upload_session/start", "POST", "/files/upload_session/start", Retry.NEVER, "content"
)
FILES_UPLOAD_SESSION_APPEND_V2 = Endpoint(
    "files/upload_session/append_v2", "POST", "/files/upload_session/append_v2", Retry.NEVER, "content"
)
FILES_DOWNLOAD = Endpoint("files/download", "POST", "/files/download", Retry.SAFE, "content")
FILES_EXPORT = Endpoint("files/export", "POST", "/files/export", Retry.SAFE, "content")
FILES_MOVE_V2 = Endpoint("files/move_v2", "POST", "/files/move_v2", Retry.NEVER)
FILES_COPY_V2 = Endpoint("files/copy_v2", "POST", "/files/copy_v2", Retry.NEVER)
SHARING_SHARE_FOLDER = Endpoint("sharing/share_folder", "POST", "/sharing/share_folder", Retry.NEVER)
SHARING_CHECK_SHARE_JOB_STATUS = Endpoint(
    "sharing/check_share_job_status", "POST", "/sharing/check_share_job_status", Retry.NEVER
)
SHARING_ADD_FOLDER_MEMBER = Endpoint("sharing/add_folder_member", "POST", "/sharing/add_folder_member", Retry.NEVER)
SHARING_ADD_FILE_MEMBER = Endpoint("sharing/add_file_member", "POST", "/sharing/add_file_member", Retry.NEVER)
FILES_DELETE_V2 = Endpoint("files/delete_v2", "POST", "/files/delete_v2", Retry.NEVER)

IS_FOLDER_READ: dict[Any, bool] = {None: True}
make_file = record_factory(File, "dropbox", absent=("mime_type", "parent_id", "owners", "created_at"))
UPLOAD_UNSUPPORTED = {"mime_type": "Dropbox determines the type of a file from its name"}
UPDATE_UNSUPPORTED = {"mime_type": "Dropbox determines the type of a file from its name"}
UPDATE_NEVER_CLEARED = ("name",)
NOTIFY_WRITE: dict[Any, Any] = {True: False, False: True}

FIELDS: dict[str, str] = {
    "path": "id",
    "query": "text",
    "commit.path": "id",
    "from_path": "id",
    "members.member.email": "email",
    "quiet": "notify",
    "file": "id",
    "members.email": "email",
    "commit": "id",
    "members": "email",
    "email": "email",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"delete_permanently": "only team administrators can delete Dropbox files permanently"}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[File]:
    """Read what is known of a file: POST /files/get_metadata."""
    body: dict[str, Any] = {
        "path": input_validation.matching(
            id, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
        ),
        "include_has_explicit_shared_members": True,
    }
    response, raw = yield from fetch(FILES_GET_METADATA, json=body, schema=types.FilesMetadata)
    if not _is_file(response):
        raise responses.wrong_resource("File", "Dropbox")
    return read_file(response, raw)


def list_(ctx: Context, filters: FileFilters) -> Steps[Page[File]]:
    """List the files of a folder.

    One of:
        POST /files/list_folder
        POST /files/list_folder
    """
    if filters.parent_id is not None:
        body: dict[str, Any] = {
            "path": input_validation.matching(
                filters.parent_id, "^((/(.|[\\r\\n])*)?|id:.*|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "parent_id", "Dropbox"
            ),
            "include_has_explicit_shared_members": True,
            "limit": input_validation.page_size(ctx.limit, 2000),
        }
        if ctx.cursor is not None:
            response, raw = yield from fetch(
                FILES_LIST_FOLDER_CONTINUE, json={"cursor": ctx.cursor}, schema=types.ListFolderResult
            )
        else:
            response, raw = yield from fetch(FILES_LIST_FOLDER, json=body, schema=types.ListFolderResult)
        items = response.entries or []
        records = [read_file(each, raw.at("entries", index)) for index, each in enumerate(items) if _is_file(each)]
        if filters.updated_after is not None:
            records = [
                each for each in records if each.updated_at is not None and each.updated_at >= filters.updated_after
            ]
        return Page(records, cursor=pagination.token(response.cursor) if response.has_more else None)
    body_2: dict[str, Any] = {
        "path": "",
        "include_has_explicit_shared_members": True,
        "limit": input_validation.page_size(ctx.limit, 2000),
    }
    if ctx.cursor is not None:
        response_2, raw = yield from fetch(
            FILES_LIST_FOLDER_CONTINUE, json={"cursor": ctx.cursor}, schema=types.ListFolderResult
        )
    else:
        response_2, raw = yield from fetch(FILES_LIST_FOLDER, json=body_2, schema=types.ListFolderResult)
    items_2 = response_2.entries or []
    records = [read_file(each, raw.at("entries", index)) for index, each in enumerate(items_2) if _is_file(each)]
    if filters.updated_after is not None:
        records = [each for each in records if each.updated_at is not None and each.updated_at >= filters.updated_after]
    return Page(records, cursor=pagination.token(response_2.cursor) if response_2.has_more else None)


def search(ctx: Context, filters: FileSearch) -> Steps[Page[File]]:
    """Search files and folders by name: POST /files/search_v2."""
    options: dict[str, Any] = {"filename_only": True, "max_results": input_validation.page_size(ctx.limit, 1000)}
    body: dict[str, Any] = {
        "query": input_validation.at_most(filters.text, 1000, "text", "Dropbox"),
        "options": options,
    }
    if ctx.cursor is not None:
        response, raw = yield from fetch(
            FILES_SEARCH_CONTINUE_V2, json={"cursor": ctx.cursor}, schema=types.SearchV2Result
        )
    else:
        response, raw = yield from fetch(FILES_SEARCH_V2, json=body, schema=types.SearchV2Result)
    items = response.matches or []
    records = [
        read_file(inner, raw.at("matches", index, "metadata", "metadata"))
        for index, each in enumerate(items)
        for inner in ((each.metadata or types.MetadataV2()).metadata,)
        if inner is not None and _is_file(inner)
    ]
    return Page(records, cursor=pagination.token(response.cursor) if response.has_more else None)


def search_content(ctx: Context, filters: FileSearchContent) -> Steps[Page[File]]:
    """Search files by what they contain: POST /files/search_v2."""
    options: dict[str, Any] = {"filename_only": False, "max_results": input_validation.page_size(ctx.limit, 1000)}
    body: dict[str, Any] = {
        "query": input_validation.at_most(filters.text, 1000, "text", "Dropbox"),
        "options": options,
    }
    if ctx.cursor is not None:
        response, raw = yield from fetch(
            FILES_SEARCH_CONTINUE_V2, json={"cursor": ctx.cursor}, schema=types.SearchV2Result
        )
    else:
        response, raw = yield from fetch(FILES_SEARCH_V2, json=body, schema=types.SearchV2Result)
    items = response.matches or []
    records = [
        read_file(inner, raw.at("matches", index, "metadata", "metadata"))
        for index, each in enumerate(items)
        for inner in ((each.metadata or types.MetadataV2()).metadata,)
        if inner is not None and _is_file(inner)
    ]
    return Page(records, cursor=pagination.token(response.cursor) if response.has_more else None)


def create_folder(ctx: Context, file: FileCreateFolder) -> Steps[File]:
    """Create a folder.

    In turn:
        POST /files/get_metadata, if needed
        POST /files/create_folder_v2
        POST /files/get_metadata
    """
    folder: Any = None
    if file.parent_id is not None:
        body: dict[str, Any] = {
            "path": input_validation.matching(
                file.parent_id,
                "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$",
                "parent_id",
                "Dropbox",
            )
        }
        folder_response = yield from call(FILES_GET_METADATA, json=body, schema=types.FilesMetadata2, save_as="folder")
        folder = responses.found(
            folder_response.path_display, f"the folder {file.parent_id} does not exist in this Dropbox", "InvalidInput"
        )
    body_2: dict[str, Any] = {
        "path": f"{folder}/{file_paths.segment(file.name, 'name', 'Dropbox')}"
        if folder is not None
        else f"/{file_paths.segment(file.name, 'name', 'Dropbox')}"
    }
    made_response = yield from call(
        FILES_CREATE_FOLDER_V2, json=body_2, schema=types.CreateFolderResult, save_as="made"
    )
    made = made_response.metadata or types.FolderMetadata()
    yield CreatedRecord(made.id)
    body_3: dict[str, Any] = {"include_has_explicit_shared_members": True}
    if made.id is not None:
        body_3["path"] = made.id
    response, raw = yield from fetch(FILES_GET_METADATA, json=body_3, schema=types.FilesMetadata)
    if not _is_file(response):
        raise responses.wrong_resource("File", "Dropbox")
    return read_file(response, raw)


def upload(ctx: Context, content: Source, file: FileUpload) -> Steps[File]:
    """Upload a file.

    In turn:
        POST /files/get_metadata, if needed
        POST /files/upload_session/finish
    """
    input_validation.reject_unsupported(file, UPLOAD_UNSUPPORTED, "Dropbox")
    content.sums("content_hash")
    folder: Any = None
    if file.parent_id is not None:
        body: dict[str, Any] = {
            "path": input_validation.matching(
                file.parent_id,
                "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$",
                "parent_id",
                "Dropbox",
            )
        }
        folder_response = yield from call(FILES_GET_METADATA, json=body, schema=types.FilesMetadata2, save_as="folder")
        folder = responses.found(
            folder_response.path_display, f"the folder {file.parent_id} does not exist in this Dropbox", "InvalidInput"
        )
    body_2: dict[str, Any] = {
        "commit": {
            "path": f"{folder}/{file_paths.segment(file.name, 'name', 'Dropbox')}"
            if folder is not None
            else f"/{file_paths.segment(file.name, 'name', 'Dropbox')}"
        }
    }
    response, raw = yield from media.dropbox_session(
        FILES_UPLOAD_SESSION_FINISH,
        content=content,
        content_type="application/octet-stream",
        chunk_bytes=8388608,
        header="Dropbox-API-Arg",
        body=body_2,
        schema=types.FilesMetadata,
        start=FILES_UPLOAD_SESSION_START,
        append=FILES_UPLOAD_SESSION_APPEND_V2,
        lookup=FILES_GET_METADATA,
    )
    uploaded = response
    media.verify(content, uploaded.size, {"content_hash": uploaded.content_hash})
    if not _is_file(response):
        raise responses.wrong_resource("File", "Dropbox")
    return read_file(response, raw)


def upload_version(ctx: Context, id: str, content: Source, file: FileUploadVersion) -> Steps[File]:
    """Replace the content of a file; earlier versions remain: POST /files/upload_session/finish."""
    content.sums("content_hash")
    commit: dict[str, Any] = {
        "path": input_validation.matching(
            id, "^((/(.|[\\r\\n])*)|(ns:[0-9]+(/(.|[\\r\\n])*)?)|(id:.*))$", "id", "Dropbox"
        ),
        "mode": "overwrite",
    }
    body: dict[str, Any] = {"commit": commit}
    response, raw = yield from media.dropbox_session(
        FILES_UPLOAD_SESSION_FINISH,
        content=content,
        content_type="application/octet-stream",
        chunk_bytes=8388608,
        header="Dropbox-API-Arg",
        body=body,
        schema=types.FilesMetadata,
        start=FILES_UPLOAD_SESSION_START,
        append=FILES_UPLOAD_SESSION_APPEND_V2,
        lookup=FILES_GET_METADATA,
    )
    uploaded = response
    media.verify(content, uploaded.size, {"content_hash": uploaded.content_hash})
    if not _is_file(response):
        raise responses.wrong_resource("File", "Dropbox")
    return read_file(response, raw)


def download(ctx: Context, id: str) -> Steps[Fetch]:
    """Receive the content of a file.

    In turn:
        POST /files/get_metadata
        POST /files/download
    """
    body: dict[str, Any] = {
        "path": input_validation.matching(
            id, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
        )
    }
    file_2 = yield from call(FILES_GET_METADATA, json=body, schema=types.Metadata, save_as="file")
    body_2: dict[str, Any] = {
        "path": input_validation.matching(
            id, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
        )
    }
    return (
        yield from media.streamed(
            FILES_DOWNLOAD,
            headers={"Dropbox-API-Arg": media.argument(body_2), "Accept": "*/*"},
            size=file_2.size,
            checksums={"content_hash": file_2.content_hash},
        )
    )


def export(ctx: Context, id: str, mime_type: str) -> Steps[Fetch]:
    """Read a document in another format.

    One of:
        POST /files/export
        POST /files/export
        POST /files/export
    """
    if mime_type == "text/markdown":
        body: dict[str, Any] = {
            "path": input_validation.matching(
                id, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
            ),
            "export_format": "markdown",
        }
        return (
            yield from media.streamed(FILES_EXPORT, headers={"Dropbox-API-Arg": media.argument(body), "Accept": "*/*"})
        )
    if mime_type == "text/html":
        body_2: dict[str, Any] = {
            "path": input_validation.matching(
                id, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
            ),
            "export_format": "html",
        }
        return (
            yield from media.streamed(
                FILES_EXPORT, headers={"Dropbox-API-Arg": media.argument(body_2), "Accept": "*/*"}
            )
        )
    if mime_type == "text/plain":
        body_3: dict[str, Any] = {
            "path": input_validation.matching(
                id, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
            ),
            "export_format": "plain_text",
        }
        return (
            yield from media.streamed(
                FILES_EXPORT, headers={"Dropbox-API-Arg": media.argument(body_3), "Accept": "*/*"}
            )
        )
    raise input_validation.needs("mime_type", "Dropbox")


def update(ctx: Context, id: str, file: FileUpdate) -> Steps[File]:
    """Change a file's name or media type.

    In turn:
        POST /files/get_metadata
        POST /files/move_v2, if needed
    """
    input_validation.reject_unsupported(file, UPDATE_UNSUPPORTED, "Dropbox", clears=True)
    given = input_validation.changes(file, ctx.extra, "Dropbox")
    input_validation.reject_clearing(file, given, UPDATE_NEVER_CLEARED, "Dropbox")
    found: tuple[types.FilesMetadata, Raw] | None = None
    body: dict[str, Any] = {
        "path": input_validation.matching(
            id, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
        )
    }
    source_response = yield from call(FILES_GET_METADATA, json=body, schema=types.FilesMetadata2, save_as="source")
    source = responses.found(source_response.path_display, f"the file {id} does not exist in this Dropbox", "Conflict")
    if file.name is not None:
        body_2: dict[str, Any] = {
            "from_path": input_validation.matching(
                id, "^((/(.|[\\r\\n])*)|(ns:[0-9]+(/(.|[\\r\\n])*)?)|(id:.*))$", "id", "Dropbox"
            ),
            "to_path": f"{file_paths.folder(source)}/{file_paths.segment(file.name, 'name', 'Dropbox')}",
        }
        response, raw = yield from fetch(FILES_MOVE_V2, json=body_2, schema=types.RelocationResult)
        found = responses.required(response.metadata, "metadata", "Dropbox"), raw.at("metadata")
    record, raw = responses.last_response(found, "Dropbox")
    if not _is_file(record):
        raise responses.wrong_resource("File", "Dropbox")
    return read_file(record, raw)


def move(ctx: Context, id: str, file: FileMove) -> Steps[File]:
    """Move a file into another folder.

    In turn:
        POST /files/get_metadata
        POST /files/get_metadata
        POST /files/move_v2
    """
    input_validation.changes(file, ctx.extra, "Dropbox")
    body: dict[str, Any] = {
        "path": input_validation.matching(
            id, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
        )
    }
    source_response = yield from call(FILES_GET_METADATA, json=body, schema=types.FilesMetadata2, save_as="source")
    source = responses.found(source_response.path_display, f"the file {id} does not exist in this Dropbox", "Conflict")
    body_2: dict[str, Any] = {
        "path": input_validation.matching(
            file.parent_id,
            "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$",
            "parent_id",
            "Dropbox",
        )
    }
    folder_response = yield from call(FILES_GET_METADATA, json=body_2, schema=types.FilesMetadata2, save_as="folder")
    folder = responses.found(
        folder_response.path_display, f"the folder {file.parent_id} does not exist in this Dropbox", "Conflict"
    )
    body_3: dict[str, Any] = {
        "from_path": input_validation.matching(
            id, "^((/(.|[\\r\\n])*)|(ns:[0-9]+(/(.|[\\r\\n])*)?)|(id:.*))$", "id", "Dropbox"
        ),
        "to_path": f"{folder}/{file_paths.name(source)}",
    }
    response, raw = yield from fetch(FILES_MOVE_V2, json=body_3, schema=types.RelocationResult)
    record = responses.required(response.metadata, "metadata", "Dropbox")
    if not _is_file(record):
        raise responses.wrong_resource("File", "Dropbox")
    return read_file(record, raw.at("metadata"))


def copy(ctx: Context, id: str, file: FileCopy) -> Steps[File]:
    """Copy a file.

    In turn:
        POST /files/get_metadata
        POST /files/get_metadata, if needed
        POST /files/copy_v2
    """
    folder: Any = None
    body: dict[str, Any] = {
        "path": input_validation.matching(
            id, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
        )
    }
    source_response = yield from call(FILES_GET_METADATA, json=body, schema=types.FilesMetadata2, save_as="source")
    source = responses.found(
        source_response.path_display, f"the file {id} does not exist in this Dropbox", "InvalidInput"
    )
    if file.parent_id is not None:
        body_2: dict[str, Any] = {
            "path": input_validation.matching(
                file.parent_id,
                "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$",
                "parent_id",
                "Dropbox",
            )
        }
        folder_response = yield from call(
            FILES_GET_METADATA, json=body_2, schema=types.FilesMetadata2, save_as="folder"
        )
        folder = responses.found(
            folder_response.path_display, f"the folder {file.parent_id} does not exist in this Dropbox", "InvalidInput"
        )
    body_3: dict[str, Any] = {
        "from_path": input_validation.matching(
            id, "^((/(.|[\\r\\n])*)|(ns:[0-9]+(/(.|[\\r\\n])*)?)|(id:.*))$", "id", "Dropbox"
        ),
        "autorename": True,
        "to_path": f"{folder}/{file_paths.segment(file.name, 'name', 'Dropbox')}"
        if folder is not None and file.name is not None
        else f"{file_paths.folder(source)}/{file_paths.segment(file.name, 'name', 'Dropbox')}"
        if file.name is not None
        else f"{folder}/{file_paths.name(source)}"
        if folder is not None
        else f"{source}",
    }
    response, raw = yield from fetch(FILES_COPY_V2, json=body_3, schema=types.RelocationResult)
    record = responses.required(response.metadata, "metadata", "Dropbox")
    if not _is_file(record):
        raise responses.wrong_resource("File", "Dropbox")
    return read_file(record, raw.at("metadata"))


def share(ctx: Context, id: str, file: FileShare) -> Steps[File]:
    """Share a file with a user.

    In turn:
        POST /files/get_metadata
        POST /sharing/share_folder, if needed
        POST /sharing/check_share_job_status, if needed
        POST /sharing/add_folder_member, if needed
        POST /sharing/add_folder_member, if needed
        POST /sharing/add_file_member, if needed
        POST /sharing/add_file_member, if needed
        POST /files/get_metadata
    """
    begun: types.ShareFolderLaunch | None = None
    shared: Any = None
    body: dict[str, Any] = {
        "path": input_validation.matching(
            id, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
        )
    }
    file_2 = yield from call(FILES_GET_METADATA, json=body, schema=types.FilesMetadata3, save_as="file")
    if responses.missing(file_2.rev) and responses.missing(file_2.shared_folder_id):
        body_2: dict[str, Any] = {
            "path": input_validation.matching(
                id, "^((/(.|[\\r\\n])*)|(ns:[0-9]+(/(.|[\\r\\n])*)?)|(id:.*))$", "id", "Dropbox"
            )
        }
        begun = yield from call(SHARING_SHARE_FOLDER, json=body_2, schema=types.ShareFolderLaunch, save_as="begun")
    if begun is not None and begun.async_job_id is not None:
        body_3: dict[str, Any] = {"async_job_id": begun.async_job_id}
        shared_response = yield from background_jobs.poll_job(
            SHARING_CHECK_SHARE_JOB_STATUS,
            json=body_3,
            schema=types.ShareFolderJobStatus,
            save_as="shared",
            until=_has_ended,
            failed=_has_failed,
            message=lambda each: (each.failed or types.ShareFolderJobStatusFailed()).tag,
        )
        shared = shared_response.shared_folder_id
    if responses.missing(file_2.rev) and file.role == "reader":
        member: dict[str, Any] = {
            "email": input_validation.bounded(
                file.email,
                "email",
                "Dropbox",
                max_length=255,
                pattern="^(['#&A-Za-z0-9._%+-]+@[A-Za-z0-9-][A-Za-z0-9.-]*\\.[A-Za-z]{2,15})$",
            ),
            ".tag": "email",
        }
        first_members: dict[str, Any] = {"access_level": "viewer", "member": member}
        members: list[Any] = [first_members]
        body_4: dict[str, Any] = {"members": members}
        if file.notify is not None:
            body_4["quiet"] = NOTIFY_WRITE[file.notify]
        if (
            shared is not None
            or (begun is not None and begun.shared_folder_id is not None)
            or file_2.shared_folder_id is not None
        ):
            body_4["shared_folder_id"] = (
                file_2.shared_folder_id
                if file_2.shared_folder_id is not None
                else begun.shared_folder_id
                if begun is not None and begun.shared_folder_id is not None
                else shared
            )
        body_4 = input_validation.default(body_4, {"quiet": True})
        yield from call(SHARING_ADD_FOLDER_MEMBER, json=body_4)
    if responses.missing(file_2.rev) and file.role == "writer":
        member_2: dict[str, Any] = {
            "email": input_validation.bounded(
                file.email,
                "email",
                "Dropbox",
                max_length=255,
                pattern="^(['#&A-Za-z0-9._%+-]+@[A-Za-z0-9-][A-Za-z0-9.-]*\\.[A-Za-z]{2,15})$",
            ),
            ".tag": "email",
        }
        first_members_2: dict[str, Any] = {"access_level": "editor", "member": member_2}
        members_2: list[Any] = [first_members_2]
        body_5: dict[str, Any] = {"members": members_2}
        if file.notify is not None:
            body_5["quiet"] = NOTIFY_WRITE[file.notify]
        if (
            shared is not None
            or (begun is not None and begun.shared_folder_id is not None)
            or file_2.shared_folder_id is not None
        ):
            body_5["shared_folder_id"] = (
                file_2.shared_folder_id
                if file_2.shared_folder_id is not None
                else begun.shared_folder_id
                if begun is not None and begun.shared_folder_id is not None
                else shared
            )
        body_5 = input_validation.default(body_5, {"quiet": True})
        yield from call(SHARING_ADD_FOLDER_MEMBER, json=body_5)
    if file_2.rev is not None and file.role == "reader":
        first_members_3: dict[str, Any] = {
            "email": input_validation.bounded(
                file.email,
                "email",
                "Dropbox",
                max_length=255,
                pattern="^(['#&A-Za-z0-9._%+-]+@[A-Za-z0-9-][A-Za-z0-9.-]*\\.[A-Za-z]{2,15})$",
            ),
            ".tag": "email",
        }
        members_3: list[Any] = [first_members_3]
        body_6: dict[str, Any] = {
            "file": input_validation.bounded(
                id, "id", "Dropbox", min_length=1, pattern="^(((/|id:).*|nspath:[0-9]+:.*)|ns:[0-9]+(/.*)?)$"
            ),
            "access_level": "viewer",
            "members": members_3,
        }
        if file.notify is not None:
            body_6["quiet"] = NOTIFY_WRITE[file.notify]
        body_6 = input_validation.default(body_6, {"quiet": True})
        yield from call(SHARING_ADD_FILE_MEMBER, json=body_6)
    if file_2.rev is not None and file.role == "writer":
        first_members_4: dict[str, Any] = {
            "email": input_validation.bounded(
                file.email,
                "email",
                "Dropbox",
                max_length=255,
                pattern="^(['#&A-Za-z0-9._%+-]+@[A-Za-z0-9-][A-Za-z0-9.-]*\\.[A-Za-z]{2,15})$",
            ),
            ".tag": "email",
        }
        members_4: list[Any] = [first_members_4]
        body_7: dict[str, Any] = {
            "file": input_validation.bounded(
                id, "id", "Dropbox", min_length=1, pattern="^(((/|id:).*|nspath:[0-9]+:.*)|ns:[0-9]+(/.*)?)$"
            ),
            "access_level": "editor",
            "members": members_4,
        }
        if file.notify is not None:
            body_7["quiet"] = NOTIFY_WRITE[file.notify]
        body_7 = input_validation.default(body_7, {"quiet": True})
        yield from call(SHARING_ADD_FILE_MEMBER, json=body_7)
    body_8: dict[str, Any] = {
        "path": input_validation.matching(
            id, "^((/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/(.|[\\r\\n])*)?))$", "id", "Dropbox"
        ),
        "include_has_explicit_shared_members": True,
    }
    response, raw = yield from fetch(FILES_GET_METADATA, json=body_8, schema=types.FilesMetadata)
    if not _is_file(response):
        raise responses.wrong_resource("File", "Dropbox")
    return read_file(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Move a file to the trash: POST /files/delete_v2."""
    body: dict[str, Any] = {
        "path": input_validation.matching(
            id, "^((/(.|[\\r\\n])*)|(ns:[0-9]+(/(.|[\\r\\n])*)?)|(id:.*))$", "id", "Dropbox"
        )
    }
    body = input_validation.merge(body, ctx.extra, "Dropbox")
    yield from call(FILES_DELETE_V2, json=body)


def _read_shared(has_explicit_shared_members: Any, sharing_info_read_only: Any) -> bool | None:
    return not (has_explicit_shared_members in (False, None) and sharing_info_read_only is None)


def read_file(r: types.FilesMetadata, raw: Raw) -> File:
    """Read a unified File from a Metadata of Dropbox."""
    sharing_info = r.sharing_info or types.SharingInfo()
    values: FileValues = {
        "id": responses.required(r.id, "id", "Dropbox"),
        "name": r.name,
        "mime_type": None,
        "size": r.size,
        "parent_id": None,
        "path": r.path_display,
        "is_folder": IS_FOLDER_READ.get(r.rev, False),
        "checksum": r.content_hash,
        "owners": [],
        "shared": _read_shared(r.has_explicit_shared_members, sharing_info.read_only),
        "url": r.preview_url,
        "version": r.rev,
        "created_at": None,
        "updated_at": datetimes.decode(r.server_modified) if r.server_modified is not None else None,
    }
    return make_file(values, raw)


def _is_file(r: types.FilesMetadata) -> bool:
    return r.tag != "deleted"


def _has_ended(r: types.ShareFolderJobStatus) -> bool:
    return r.tag == "complete"


def _has_failed(r: types.ShareFolderJobStatus) -> bool:
    return r.tag == "failed"
