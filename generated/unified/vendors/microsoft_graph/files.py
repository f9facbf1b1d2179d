"""Microsoft Graph files, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Source, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import background_jobs, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes, graph_path
from unified_runtime.adapter_api.query import odata
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

DRIVES_GET_ITEMS = Endpoint("drives_GetItems", "GET", "/drives/{drive-id}/items/{driveItem-id}", Retry.SAFE)
DRIVE_ITEM_LIST_CHILDREN = Endpoint(
    "driveItem_ListChildren", "GET", "/drives/{driveId}/items/{itemId}/children", Retry.SAFE
)
DRIVE_ROOT_LIST_CHILDREN = Endpoint("driveRoot_ListChildren", "GET", "/users/{user-id}/drive/root/children", Retry.SAFE)
DRIVE_ITEM_SEARCH = Endpoint("driveItem_Search", "GET", "/users/{user-id}/drive/root/search(q={q})", Retry.SAFE)
DRIVE_ITEM_CREATE_FOLDER = Endpoint(
    "driveItem_CreateFolder", "POST", "/drives/{driveId}/items/{itemId}/children", Retry.NEVER
)
DRIVE_ROOT_CREATE_FOLDER = Endpoint(
    "driveRoot_CreateFolder", "POST", "/users/{user-id}/drive/root/children", Retry.NEVER
)
DRIVE_ITEM_UPLOAD = Endpoint(
    "driveItem_Upload", "PUT", "/drives/{driveId}/items/{itemId}:/{fileName}:/content", Retry.NEVER
)
DRIVE_ITEM_CREATE_UPLOAD_SESSION = Endpoint(
    "driveItem_CreateUploadSession",
    "POST",
    "/drives/{driveId}/items/{itemId}:/{fileName}:/createUploadSession",
    Retry.NEVER,
)
DRIVE_ROOT_UPLOAD = Endpoint("driveRoot_Upload", "PUT", "/users/{user-id}/drive/root:/{fileName}:/content", Retry.NEVER)
DRIVE_ROOT_CREATE_UPLOAD_SESSION = Endpoint(
    "driveRoot_CreateUploadSession", "POST", "/users/{user-id}/drive/root:/{fileName}:/createUploadSession", Retry.NEVER
)
DRIVES_SET_ITEMS_CONTENT = Endpoint(
    "drives_SetItemsContent", "PUT", "/drives/{drive-id}/items/{driveItem-id}/content", Retry.IDEMPOTENT
)
DRIVE_ITEM_CREATE_REPLACE_SESSION = Endpoint(
    "driveItem_CreateReplaceSession", "POST", "/drives/{driveId}/items/{itemId}/createUploadSession", Retry.NEVER
)
DRIVES_GET_ITEMS_CONTENT = Endpoint(
    "drives_GetItemsContent", "GET", "/drives/{drive-id}/items/{driveItem-id}/content", Retry.SAFE
)
DRIVES_UPDATE_ITEMS = Endpoint("drives_UpdateItems", "PATCH", "/drives/{drive-id}/items/{driveItem-id}", Retry.NEVER)
DRIVE_ITEM_COPY = Endpoint("driveItem_Copy", "POST", "/drives/{driveId}/items/{itemId}/copy", Retry.NEVER)
DRIVE_ITEM_INVITE = Endpoint("driveItem_Invite", "POST", "/drives/{driveId}/items/{itemId}/invite", Retry.NEVER)
DRIVES_DELETE_ITEMS = Endpoint(
    "drives_DeleteItems", "DELETE", "/drives/{drive-id}/items/{driveItem-id}", Retry.IDEMPOTENT
)

SHARED_READ: dict[Any, bool] = {None: False}
make_file = record_factory(File, "microsoft-graph", absent=("owners",))
PATTERN_DRIVE_ID_ITEM_ID = re.compile("([^/]+)/(.+)")
SELECT = "parentReference,id,name,file,remoteItem,size,folder,shared,eTag,webUrl,createdDateTime,lastModifiedDateTime"
UPLOAD_UNSUPPORTED = {"mime_type": "OneDrive determines the type of a file from its name"}
SELECT_2 = "file,size,parentReference"
UPDATE_UNSUPPORTED = {"mime_type": "OneDrive determines the type of a file from its name"}
UPDATE_NEVER_CLEARED = ("name",)
MOVE_NEVER_CLEARED = ("parent_id",)

FIELDS: dict[str, str] = {
    "name": "name",
    "fileName": "name",
    "recipients.email": "email",
    "sendInvitation": "notify",
    "recipients": "email",
    "email": "email",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"delete_permanently": "OneDrive moves deleted files to the recycle bin"}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[File]:
    """Read what is known of a file: GET /drives/{drive-id}/items/{driveItem-id}."""
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, id, "id")
    response, raw = yield from fetch(
        DRIVES_GET_ITEMS, path=(drive_id, item_id), query={"$select": SELECT}, schema=types.FilesMicrosoftGraphEntity
    )
    return read_file(response, raw)


def list_(ctx: Context, filters: FileFilters) -> Steps[Page[File]]:
    """List the files of a folder.

    One of:
        GET /drives/{driveId}/items/{itemId}/children
        GET /users/{user-id}/drive/root/children
    """
    drive_id, item_id = input_validation.optional_parts(PATTERN_DRIVE_ID_ITEM_ID, filters.parent_id, "parent_id")
    if filters.parent_id is not None:
        response, raw = yield from fetch(
            DRIVE_ITEM_LIST_CHILDREN,
            path=(drive_id, item_id),
            query=pagination.page_query(
                {"$select": SELECT, "$top": input_validation.page_size(ctx.limit, 999)}, ctx.cursor, "$top"
            ),
            url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
            schema=types.DriveItemListChildrenResponse,
        )
        items = response.value or []
        records = [read_file(each, raw.at("value", index)) for index, each in enumerate(items)]
        if filters.updated_after is not None:
            records = [
                each for each in records if each.updated_at is not None and each.updated_at >= filters.updated_after
            ]
        return Page(records, cursor=pagination.token(response.odata_next_link))
    response_2, raw = yield from fetch(
        DRIVE_ROOT_LIST_CHILDREN,
        path=(ctx.connection["principal"],),
        query=pagination.page_query(
            {"$select": SELECT, "$top": input_validation.page_size(ctx.limit, 999)}, ctx.cursor, "$top"
        ),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.DriveRootListChildrenResponse,
    )
    items_2 = response_2.value or []
    records = [read_file(each, raw.at("value", index)) for index, each in enumerate(items_2)]
    if filters.updated_after is not None:
        records = [each for each in records if each.updated_at is not None and each.updated_at >= filters.updated_after]
    return Page(records, cursor=pagination.token(response_2.odata_next_link))


def search(ctx: Context, filters: FileSearch) -> Steps[Page[File]]:
    """Search files and folders by name: GET /users/{user-id}/drive/root/search(q={q})."""
    response, raw = yield from fetch(
        DRIVE_ITEM_SEARCH,
        path=(ctx.connection["principal"], f"{odata.text(filters.text)}"),
        query=pagination.page_query(
            {"$select": SELECT, "$top": input_validation.page_size(ctx.limit, 999)}, ctx.cursor, "$top"
        ),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.DriveItemSearchResponse,
    )
    items = response.value or []
    records = [read_file(each, raw.at("value", index)) for index, each in enumerate(items)]
    words = filters.text.casefold()
    records = [each for each in records if words in f"{each.name or ''}".casefold()]
    return Page(records, cursor=pagination.token(response.odata_next_link))


def search_content(ctx: Context, filters: FileSearchContent) -> Steps[Page[File]]:
    """Search files by what they contain: GET /users/{user-id}/drive/root/search(q={q})."""
    response, raw = yield from fetch(
        DRIVE_ITEM_SEARCH,
        path=(ctx.connection["principal"], f"{odata.text(filters.text)}"),
        query=pagination.page_query(
            {"$select": SELECT, "$top": input_validation.page_size(ctx.limit, 999)}, ctx.cursor, "$top"
        ),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.DriveItemSearchResponse,
    )
    items = response.value or []
    records = [read_file(each, raw.at("value", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.odata_next_link))


def create_folder(ctx: Context, file: FileCreateFolder) -> Steps[File]:
    """Create a folder.

    One of:
        POST /drives/{driveId}/items/{itemId}/children
        POST /users/{user-id}/drive/root/children
    """
    drive_id, item_id = input_validation.optional_parts(PATTERN_DRIVE_ID_ITEM_ID, file.parent_id, "parent_id")
    if file.parent_id is not None:
        body: dict[str, Any] = {
            "folder": {},
            "@microsoft.graph.conflictBehavior": "fail",
            "name": input_validation.bounded(file.name, "name", "Microsoft Graph", min_length=1, max_length=255),
        }
        body = input_validation.merge(body, ctx.extra, "Microsoft Graph")
        response, raw = yield from fetch(
            DRIVE_ITEM_CREATE_FOLDER, path=(drive_id, item_id), json=body, schema=types.FilesMicrosoftGraphEntity
        )
        return read_file(response, raw)
    body_2: dict[str, Any] = {
        "folder": {},
        "@microsoft.graph.conflictBehavior": "fail",
        "name": input_validation.bounded(file.name, "name", "Microsoft Graph", min_length=1, max_length=255),
    }
    body_2 = input_validation.merge(body_2, ctx.extra, "Microsoft Graph")
    response_2, raw = yield from fetch(
        DRIVE_ROOT_CREATE_FOLDER,
        path=(ctx.connection["principal"],),
        json=body_2,
        schema=types.FilesMicrosoftGraphEntity,
    )
    return read_file(response_2, raw)


def upload(ctx: Context, content: Source, file: FileUpload) -> Steps[File]:
    """Upload a file.

    One of:
        PUT /drives/{driveId}/items/{itemId}:/{fileName}:/content, up to 4194304 bytes
        POST /drives/{driveId}/items/{itemId}:/{fileName}:/createUploadSession
        PUT /users/{user-id}/drive/root:/{fileName}:/content, up to 4194304 bytes
        POST /users/{user-id}/drive/root:/{fileName}:/createUploadSession
    """
    input_validation.reject_unsupported(file, UPLOAD_UNSUPPORTED, "Microsoft Graph")
    drive_id, item_id = input_validation.optional_parts(PATTERN_DRIVE_ID_ITEM_ID, file.parent_id, "parent_id")
    content.sums("quickxor")
    if file.parent_id is not None and (yield from media.fits(content, 4194304)):
        response, raw = yield from media.body(
            DRIVE_ITEM_UPLOAD,
            path=(drive_id, item_id, input_validation.at_most(file.name, 255, "name", "Microsoft Graph")),
            query={"@microsoft.graph.conflictBehavior": "fail"},
            content=content,
            content_type="application/octet-stream",
            max_bytes=4194304,
            schema=types.FilesMicrosoftGraphEntity,
        )
        uploaded_4 = response
        if (
            (uploaded_4.parent_reference or types.MicrosoftGraphItemReference()).drive_type is not None
            and (uploaded_4.parent_reference or types.MicrosoftGraphItemReference()).drive_type != "business"
            and (uploaded_4.parent_reference or types.MicrosoftGraphItemReference()).drive_type is not None
            and (uploaded_4.parent_reference or types.MicrosoftGraphItemReference()).drive_type != "documentLibrary"
        ):
            media.verify(
                content,
                uploaded_4.size,
                {
                    "quickxor": (
                        (uploaded_4.file or types.MicrosoftGraphFile()).hashes or types.MicrosoftGraphHashes()
                    ).quick_xor_hash
                },
            )
        return read_file(response, raw)
    if file.parent_id is not None:
        body: dict[str, Any] = {"item": {"@microsoft.graph.conflictBehavior": "fail"}}
        response_2, raw = yield from media.graph_session(
            DRIVE_ITEM_CREATE_UPLOAD_SESSION,
            path=(drive_id, item_id, input_validation.at_most(file.name, 255, "name", "Microsoft Graph")),
            content=content,
            content_type="application/octet-stream",
            chunk_bytes=7864320,
            json=body,
            schema=types.FilesMicrosoftGraphEntity,
        )
        uploaded_4 = response_2
        if (
            (uploaded_4.parent_reference or types.MicrosoftGraphItemReference()).drive_type is not None
            and (uploaded_4.parent_reference or types.MicrosoftGraphItemReference()).drive_type != "business"
            and (uploaded_4.parent_reference or types.MicrosoftGraphItemReference()).drive_type is not None
            and (uploaded_4.parent_reference or types.MicrosoftGraphItemReference()).drive_type != "documentLibrary"
        ):
            media.verify(
                content,
                uploaded_4.size,
                {
                    "quickxor": (
                        (uploaded_4.file or types.MicrosoftGraphFile()).hashes or types.MicrosoftGraphHashes()
                    ).quick_xor_hash
                },
            )
        return read_file(response_2, raw)
    if (yield from media.fits(content, 4194304)):
        response_3, raw = yield from media.body(
            DRIVE_ROOT_UPLOAD,
            path=(ctx.connection["principal"], input_validation.at_most(file.name, 255, "name", "Microsoft Graph")),
            query={"@microsoft.graph.conflictBehavior": "fail"},
            content=content,
            content_type="application/octet-stream",
            max_bytes=4194304,
            schema=types.FilesMicrosoftGraphEntity,
        )
        uploaded_4 = response_3
        if (uploaded_4.parent_reference or types.MicrosoftGraphItemReference()).drive_type != "business" and (
            uploaded_4.parent_reference or types.MicrosoftGraphItemReference()
        ).drive_type != "documentLibrary":
            media.verify(
                content,
                uploaded_4.size,
                {
                    "quickxor": (
                        (uploaded_4.file or types.MicrosoftGraphFile()).hashes or types.MicrosoftGraphHashes()
                    ).quick_xor_hash
                },
            )
        return read_file(response_3, raw)
    body_2: dict[str, Any] = {"item": {"@microsoft.graph.conflictBehavior": "fail"}}
    response_4, raw = yield from media.graph_session(
        DRIVE_ROOT_CREATE_UPLOAD_SESSION,
        path=(ctx.connection["principal"], input_validation.at_most(file.name, 255, "name", "Microsoft Graph")),
        content=content,
        content_type="application/octet-stream",
        chunk_bytes=7864320,
        json=body_2,
        schema=types.FilesMicrosoftGraphEntity,
    )
    uploaded_4 = response_4
    if (uploaded_4.parent_reference or types.MicrosoftGraphItemReference()).drive_type != "business" and (
        uploaded_4.parent_reference or types.MicrosoftGraphItemReference()
    ).drive_type != "documentLibrary":
        media.verify(
            content,
            uploaded_4.size,
            {
                "quickxor": (
                    (uploaded_4.file or types.MicrosoftGraphFile()).hashes or types.MicrosoftGraphHashes()
                ).quick_xor_hash
            },
        )
    return read_file(response_4, raw)


def upload_version(ctx: Context, id: str, content: Source, file: FileUploadVersion) -> Steps[File]:
    """Replace the content of a file; earlier versions remain.

    One of:
        PUT /drives/{drive-id}/items/{driveItem-id}/content, up to 4194304 bytes
        POST /drives/{driveId}/items/{itemId}/createUploadSession
    """
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, id, "id")
    content.sums("quickxor")
    if (yield from media.fits(content, 4194304)):
        response, raw = yield from media.body(
            DRIVES_SET_ITEMS_CONTENT,
            path=(drive_id, item_id),
            content=content,
            content_type="application/octet-stream",
            max_bytes=4194304,
            schema=types.FilesMicrosoftGraphEntity,
        )
        uploaded_2 = response
        if (uploaded_2.parent_reference or types.MicrosoftGraphItemReference()).drive_type != "business" and (
            uploaded_2.parent_reference or types.MicrosoftGraphItemReference()
        ).drive_type != "documentLibrary":
            media.verify(
                content,
                uploaded_2.size,
                {
                    "quickxor": (
                        (uploaded_2.file or types.MicrosoftGraphFile()).hashes or types.MicrosoftGraphHashes()
                    ).quick_xor_hash
                },
            )
        return read_file(response, raw)
    body: dict[str, Any] = {"item": {"@microsoft.graph.conflictBehavior": "replace"}}
    response_2, raw = yield from media.graph_session(
        DRIVE_ITEM_CREATE_REPLACE_SESSION,
        path=(drive_id, item_id),
        content=content,
        content_type="application/octet-stream",
        chunk_bytes=7864320,
        json=body,
        schema=types.FilesMicrosoftGraphEntity,
    )
    uploaded_2 = response_2
    if (uploaded_2.parent_reference or types.MicrosoftGraphItemReference()).drive_type != "business" and (
        uploaded_2.parent_reference or types.MicrosoftGraphItemReference()
    ).drive_type != "documentLibrary":
        media.verify(
            content,
            uploaded_2.size,
            {
                "quickxor": (
                    (uploaded_2.file or types.MicrosoftGraphFile()).hashes or types.MicrosoftGraphHashes()
                ).quick_xor_hash
            },
        )
    return read_file(response_2, raw)


def download(ctx: Context, id: str) -> Steps[Fetch]:
    """Receive the content of a file.

    In turn:
        GET /drives/{drive-id}/items/{driveItem-id}
        GET /drives/{drive-id}/items/{driveItem-id}/content
    """
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, id, "id")
    item = yield from call(
        DRIVES_GET_ITEMS,
        path=(drive_id, item_id),
        query={"$select": SELECT_2},
        schema=types.FilesMicrosoftGraphEntity2,
        save_as="item",
    )
    return (
        yield from media.streamed(
            DRIVES_GET_ITEMS_CONTENT,
            path=(drive_id, item_id),
            headers={"Accept": "*/*"},
            size=item.size
            if (item.parent_reference or types.FilesMicrosoftGraphItemReference()).drive_type != "business"
            and (item.parent_reference or types.FilesMicrosoftGraphItemReference()).drive_type != "documentLibrary"
            else None,
            checksums={
                "quickxor": (
                    (item.file or types.FilesMicrosoftGraphFile2()).hashes or types.MicrosoftGraphHashes()
                ).quick_xor_hash
            }
            if (item.parent_reference or types.FilesMicrosoftGraphItemReference()).drive_type != "business"
            and (item.parent_reference or types.FilesMicrosoftGraphItemReference()).drive_type != "documentLibrary"
            else {},
        )
    )


def export(ctx: Context, id: str, mime_type: str) -> Steps[Fetch]:
    """Read a document in another format.

    One of:
        GET /drives/{drive-id}/items/{driveItem-id}/content
        GET /drives/{drive-id}/items/{driveItem-id}/content
    """
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, id, "id")
    if mime_type == "application/pdf":
        return (
            yield from media.streamed(
                DRIVES_GET_ITEMS_CONTENT, path=(drive_id, item_id), query={"format": "pdf"}, headers={"Accept": "*/*"}
            )
        )
    if mime_type == "text/html":
        return (
            yield from media.streamed(
                DRIVES_GET_ITEMS_CONTENT, path=(drive_id, item_id), query={"format": "html"}, headers={"Accept": "*/*"}
            )
        )
    raise input_validation.needs("mime_type", "Microsoft Graph")


def update(ctx: Context, id: str, file: FileUpdate) -> Steps[File]:
    """Change a file's name or media type: PATCH /drives/{drive-id}/items/{driveItem-id}."""
    input_validation.reject_unsupported(file, UPDATE_UNSUPPORTED, "Microsoft Graph", clears=True)
    given = input_validation.changes(file, ctx.extra, "Microsoft Graph")
    input_validation.reject_clearing(file, given, UPDATE_NEVER_CLEARED, "Microsoft Graph")
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, id, "id")
    body: dict[str, Any] = {}
    if file.name is not None:
        body["name"] = file.name
    body = input_validation.merge(body, ctx.extra, "Microsoft Graph")
    response, raw = yield from fetch(
        DRIVES_UPDATE_ITEMS, path=(drive_id, item_id), json=body, schema=types.FilesMicrosoftGraphEntity
    )
    return read_file(response, raw)


def copy(ctx: Context, id: str, file: FileCopy) -> Steps[File]:
    """Copy a file.

    In turn:
        POST /drives/{driveId}/items/{itemId}/copy
        GET /drives/{drive-id}/items/{driveItem-id}
    """
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, id, "id")
    drive_id_2, item_id_2 = input_validation.optional_parts(PATTERN_DRIVE_ID_ITEM_ID, file.parent_id, "parent_id")
    parent_reference: dict[str, Any] = {}
    if drive_id_2 is not None:
        parent_reference["driveId"] = drive_id_2
    if item_id_2 is not None:
        parent_reference["id"] = item_id_2
    body: dict[str, Any] = {}
    if file.name is not None:
        body["name"] = input_validation.bounded(file.name, "name", "Microsoft Graph", min_length=1, max_length=255)
    if parent_reference:
        body["parentReference"] = parent_reference
    made_response = yield from background_jobs.start_job(
        DRIVE_ITEM_COPY,
        path=(drive_id, item_id),
        query={"@microsoft.graph.conflictBehavior": "rename"},
        json=body,
        schema=types.AsyncJobStatus,
        save_as="made",
        until=_has_ended,
        failed=_has_failed,
        message=lambda each: (each.error or types.AsyncJobStatusError()).message,
        header="Location",
    )
    made = made_response.resource_id
    response, raw = yield from fetch(
        DRIVES_GET_ITEMS,
        path=(drive_id_2 if drive_id_2 is not None else drive_id, made),
        query={"$select": SELECT},
        schema=types.FilesMicrosoftGraphEntity,
    )
    return read_file(response, raw)


def move(ctx: Context, id: str, file: FileMove) -> Steps[File]:
    """Move a file into another folder: PATCH /drives/{drive-id}/items/{driveItem-id}."""
    given = input_validation.changes(file, ctx.extra, "Microsoft Graph")
    input_validation.reject_clearing(file, given, MOVE_NEVER_CLEARED, "Microsoft Graph")
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, id, "id")
    drive_id_2, item_id_2 = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, file.parent_id, "parent_id")
    parent_reference: dict[str, Any] = {"driveId": drive_id_2, "id": item_id_2}
    body: dict[str, Any] = {"parentReference": parent_reference}
    response, raw = yield from fetch(
        DRIVES_UPDATE_ITEMS, path=(drive_id, item_id), json=body, schema=types.FilesMicrosoftGraphEntity
    )
    return read_file(response, raw)


def share(ctx: Context, id: str, file: FileShare) -> Steps[File]:
    """Share a file with a user.

    In turn:
        POST /drives/{driveId}/items/{itemId}/invite, if needed
        POST /drives/{driveId}/items/{itemId}/invite, if needed
        GET /drives/{drive-id}/items/{driveItem-id}
    """
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, id, "id")
    if file.role == "reader":
        body: dict[str, Any] = {"recipients": [{"email": file.email}], "roles": ["read"], "requireSignIn": True}
        if file.notify is not None:
            body["sendInvitation"] = file.notify
        body = input_validation.default(body, {"sendInvitation": False})
        yield from call(DRIVE_ITEM_INVITE, path=(drive_id, item_id), json=body)
    if file.role == "writer":
        body_2: dict[str, Any] = {"recipients": [{"email": file.email}], "roles": ["write"], "requireSignIn": True}
        if file.notify is not None:
            body_2["sendInvitation"] = file.notify
        body_2 = input_validation.default(body_2, {"sendInvitation": False})
        yield from call(DRIVE_ITEM_INVITE, path=(drive_id, item_id), json=body_2)
    response, raw = yield from fetch(
        DRIVES_GET_ITEMS, path=(drive_id, item_id), query={"$select": SELECT}, schema=types.FilesMicrosoftGraphEntity
    )
    return read_file(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Move a file to the trash: DELETE /drives/{drive-id}/items/{driveItem-id}."""
    drive_id, item_id = input_validation.parts(PATTERN_DRIVE_ID_ITEM_ID, id, "id")
    yield from call(DRIVES_DELETE_ITEMS, path=(drive_id, item_id))


def _read_is_folder(folder: Any, remote_item_folder: Any) -> bool | None:
    return not (folder is None and remote_item_folder is None)


def read_file(r: types.FilesMicrosoftGraphEntity, raw: Raw) -> File:
    """Read a unified File from a microsoft.graph.driveItem of Microsoft Graph."""
    parent_reference = r.parent_reference or types.MicrosoftGraphItemReference()
    file = r.file or types.MicrosoftGraphFile()
    remote_item = r.remote_item or types.MicrosoftGraphRemoteItem()
    file_2 = remote_item.file or types.FilesMicrosoftGraphFile()
    hashes = file.hashes or types.MicrosoftGraphHashes()
    shared = r.shared or types.MicrosoftGraphShared()
    values: FileValues = {
        "id": responses.required(
            f"{parent_reference.drive_id}/{r.id}"
            if parent_reference.drive_id is not None and r.id is not None
            else None,
            "id",
            "Microsoft Graph",
        ),
        "name": r.name,
        "mime_type": file.mime_type or file_2.mime_type,
        "size": r.size,
        "parent_id": f"{parent_reference.drive_id}/{parent_reference.id}"
        if parent_reference.drive_id is not None and parent_reference.id is not None
        else None,
        "path": graph_path.decode(parent_reference.path, r.name) if parent_reference.path is not None else None,
        "is_folder": _read_is_folder(r.folder, remote_item.folder),
        "checksum": hashes.quick_xor_hash,
        "owners": [],
        "shared": SHARED_READ.get(shared.scope, True),
        "url": r.web_url,
        "version": r.e_tag,
        "created_at": datetimes.decode(r.created_date_time) if r.created_date_time is not None else None,
        "updated_at": datetimes.decode(r.last_modified_date_time) if r.last_modified_date_time is not None else None,
    }
    return make_file(values, raw)


def _has_ended(r: types.AsyncJobStatus) -> bool:
    return r.status == "completed"


def _has_failed(r: types.AsyncJobStatus) -> bool:
    return (r.status == "failed") or (r.status == "deleteFailed")
