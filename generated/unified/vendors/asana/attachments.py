"""Asana attachments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Source, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.http import media
from . import types
from ...models.attachments import Attachment, AttachmentFilters, AttachmentUpload, AttachmentValues

GET_ATTACHMENT = Endpoint("getAttachment", "GET", "/attachments/{attachment_gid}", Retry.SAFE)
GET_ATTACHMENTS_FOR_OBJECT = Endpoint("getAttachmentsForObject", "GET", "/attachments", Retry.SAFE)
CREATE_ATTACHMENT_FOR_OBJECT = Endpoint("createAttachmentForObject", "POST", "/attachments", Retry.NEVER)
DELETE_ATTACHMENT = Endpoint("deleteAttachment", "DELETE", "/attachments/{attachment_gid}", Retry.IDEMPOTENT)

make_attachment = record_factory(Attachment, "asana", absent=("mime_type", "author_id"))
SELECT = "gid,parent,name,size,permanent_url,created_at"
UPLOAD_UNSUPPORTED = {"mime_type": "Asana derives the type from the file name"}
SELECT_2 = "download_url"

FIELDS: dict[str, str] = {"attachment_gid": "id", "parent": "task_id", "name": "name"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Attachment]:
    """Read what is known of a file: GET /attachments/{attachment_gid}."""
    response, raw = yield from fetch(
        GET_ATTACHMENT, path=(id,), query={"opt_fields": SELECT}, schema=types.GetAttachmentResponse
    )
    record = responses.required(response.data, "data", "Asana")
    return read_attachment(record, raw.at("data"))


def list_(ctx: Context, filters: AttachmentFilters) -> Steps[Page[Attachment]]:
    """List the files on a task: GET /attachments."""
    query: dict[str, Any] = {
        "parent": filters.task_id,
        "opt_fields": SELECT,
        "limit": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["offset"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Asana")
    response, raw = yield from fetch(
        GET_ATTACHMENTS_FOR_OBJECT, query=query, schema=types.GetAttachmentsForObjectResponse
    )
    items = response.data or []
    records = [read_attachment(each, raw.at("data", index)) for index, each in enumerate(items)]
    next_page = response.next_page or types.NextPage()
    return Page(records, cursor=pagination.token(next_page.offset))


def upload(ctx: Context, content: Source, attachment: AttachmentUpload) -> Steps[Attachment]:
    """Add a file to a task: POST /attachments."""
    input_validation.reject_unsupported(attachment, UPLOAD_UNSUPPORTED, "Asana")
    body: dict[str, Any] = {"parent": attachment.task_id, "name": attachment.name}
    response, raw = yield from media.form(
        CREATE_ATTACHMENT_FOR_OBJECT,
        query={"opt_fields": SELECT},
        content=content,
        content_type="application/octet-stream",
        field="file",
        filename=attachment.name,
        multipart=body,
        schema=types.CreateAttachmentForObjectResponse,
    )
    record = responses.required(response.data, "data", "Asana")
    return read_attachment(record, raw.at("data"))


def download(ctx: Context, id: str) -> Steps[Fetch]:
    """Receive the content of a file.

    In turn:
        GET /attachments/{attachment_gid}
        GET /attachments/{attachment_gid}
    """
    file_response = yield from call(
        GET_ATTACHMENT, path=(id,), query={"opt_fields": SELECT_2}, schema=types.FileResponse, save_as="file"
    )
    file = file_response.data or types.AttachmentsAttachmentCompact()
    return (
        yield from media.streamed(
            GET_ATTACHMENT, url=responses.required(file.download_url, "an address of the content", "Asana")
        )
    )


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a file for good: DELETE /attachments/{attachment_gid}."""
    yield from call(DELETE_ATTACHMENT, path=(id,), query=ctx.extra or None)


def read_attachment(r: types.AttachmentCompact, raw: Raw) -> Attachment:
    """Read a unified Attachment from an AttachmentResponse of Asana."""
    parent = r.parent or types.TaskCompact()
    values: AttachmentValues = {
        "id": responses.required(r.gid, "id", "Asana"),
        "task_id": parent.gid,
        "name": r.name,
        "mime_type": None,
        "size": r.size,
        "author_id": None,
        "url": r.permanent_url,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
    }
    return make_attachment(values, raw)
