"""ClickUp attachments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Source, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, reconciliation, responses
from unified_runtime.adapter_api.codecs import epoch_ms
from unified_runtime.http import media
from . import types
from ...models.attachments import Attachment, AttachmentFilters, AttachmentUpload, AttachmentValues

GET_TASK = Endpoint("GetTask", "GET", "/v2/task/{task_id}", Retry.SAFE)
CREATE_TASK_ATTACHMENT = Endpoint("CreateTaskAttachment", "POST", "/v2/task/{task_id}/attachment", Retry.NEVER)

make_attachment = record_factory(Attachment, "clickup")
PATTERN_TASK_ID_ID = re.compile("([^:]+):(.+)")

FIELDS: dict[str, str] = {"task_id": "task_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"delete": "version 2 of the ClickUp API cannot delete attachments"}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Attachment]:
    """Read what is known of a file: GET /v2/task/{task_id}."""
    task_id, id_ = input_validation.parts(PATTERN_TASK_ID_ID, id, "id")
    response, raw = yield from fetch(GET_TASK, path=(task_id,), schema=types.GetTaskResponse)
    place = reconciliation.index_of(raw.at("attachments").value, ((("id",), id_),), 0)
    record = responses.one(responses.item(response.attachments, place), "Attachment", "ClickUp")
    return read_attachment(record, raw.at("attachments", place), task_id=task_id)


def list_(ctx: Context, filters: AttachmentFilters) -> Steps[Page[Attachment]]:
    """List the files on a task: GET /v2/task/{task_id}."""
    response, raw = yield from fetch(
        GET_TASK, path=(filters.task_id,), query=ctx.extra or None, schema=types.GetTaskResponse
    )
    items = response.attachments or []
    records = [
        read_attachment(each, raw.at("attachments", index), task_id=filters.task_id) for index, each in enumerate(items)
    ]
    return Page(records)


def upload(ctx: Context, content: Source, attachment: AttachmentUpload) -> Steps[Attachment]:
    """Add a file to a task.

    In turn:
        POST /v2/task/{task_id}/attachment
        GET /v2/task/{task_id}
    """
    made, _raw = yield from media.form(
        CREATE_TASK_ATTACHMENT,
        path=(attachment.task_id,),
        content=content,
        content_type=attachment.mime_type or "application/octet-stream",
        field="attachment",
        filename=attachment.name,
        schema=types.MadeResponse,
        save_as="made",
    )
    response, raw = yield from fetch(GET_TASK, path=(attachment.task_id,), schema=types.GetTaskResponse)
    place = reconciliation.index_of(raw.at("attachments").value, ((("id",), made.id),), 0)
    record = responses.one(responses.item(response.attachments, place), "Attachment", "ClickUp")
    return read_attachment(record, raw.at("attachments", place), task_id=attachment.task_id)


def download(ctx: Context, id: str) -> Steps[Fetch]:
    """Receive the content of a file.

    In turn:
        GET /v2/task/{task_id}
        GET /v2/task/{task_id}
    """
    task_id, id_ = input_validation.parts(PATTERN_TASK_ID_ID, id, "id")
    file_response = yield from call(GET_TASK, path=(task_id,), schema=types.FileResponse, save_as="file")
    file = responses.found(
        responses.first(file_response.attachments, lambda each: each.id == id_, "file"),
        "the task does not have this file",
        "InvalidInput",
    )
    return (
        yield from media.streamed(
            GET_TASK, size=file.size, url=responses.required(file.url, "an address of the content", "ClickUp")
        )
    )


def read_attachment(r: types.GetTaskAttachments, raw: Raw, *, task_id: str) -> Attachment:
    """Read a unified Attachment from a GetTask.attachments[] of ClickUp."""
    user = r.user or types.GetTaskAttachmentsUser()
    values: AttachmentValues = {
        "id": responses.required(f"{task_id}:{r.id}" if r.id is not None else None, "id", "ClickUp"),
        "task_id": task_id,
        "name": r.title,
        "mime_type": r.mimetype,
        "size": r.size,
        "author_id": str(user.id) if user.id is not None else None,
        "url": r.url,
        "created_at": epoch_ms.decode(r.date) if r.date is not None else None,
    }
    return make_attachment(values, raw)
