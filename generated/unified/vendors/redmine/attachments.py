"""Redmine attachments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Source, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, reconciliation, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.http import media
from . import types
from ...models.attachments import Attachment, AttachmentFilters, AttachmentUpload, AttachmentValues

GET_ISSUE = Endpoint("getIssue", "GET", "/issues/{issue_id}.{format}", Retry.SAFE)
UPLOAD_ATTACHMENT_FILE = Endpoint("uploadAttachmentFile", "POST", "/uploads.{format}", Retry.NEVER)
UPDATE_ISSUE = Endpoint("updateIssue", "PUT", "/issues/{issue_id}.{format}", Retry.IDEMPOTENT)
DOWNLOAD_ATTACHMENT_FILE = Endpoint(
    "downloadAttachmentFile", "GET", "/attachments/download/{attachment_id}/{filename}", Retry.SAFE
)
DELETE_ATTACHMENT = Endpoint("deleteAttachment", "DELETE", "/attachments/{attachment_id}.{format}", Retry.IDEMPOTENT)

make_attachment = record_factory(Attachment, "redmine")
PATTERN_ISSUE_ID_ID = re.compile("([^:]+):(.+)")

FIELDS: dict[str, str] = {
    "issue_id": "task_id",
    "filename": "name",
    "issue.uploads.filename": "name",
    "issue.uploads.content_type": "mime_type",
    "content_type": "mime_type",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Attachment]:
    """Read what is known of a file: GET /issues/{issue_id}.{format}."""
    issue_id, id_ = input_validation.parts(PATTERN_ISSUE_ID_ID, id, "id")
    response, raw = yield from fetch(
        GET_ISSUE,
        path=(input_validation.integer_id(issue_id, "id", "Redmine"), "json"),
        query={"include": "attachments"},
        schema=types.GetIssueResponse,
    )
    issue = response.issue or types.Issue()
    place = reconciliation.index_of(raw.at("issue", "attachments").value, ((("id",), id_),), 0)
    record = responses.one(responses.item(issue.attachments, place), "Attachment", "Redmine")
    return read_attachment(record, raw.at("issue", "attachments", place), issue_id=issue_id)


def list_(ctx: Context, filters: AttachmentFilters) -> Steps[Page[Attachment]]:
    """List the files on a task: GET /issues/{issue_id}.{format}."""
    response, raw = yield from fetch(
        GET_ISSUE,
        path=(input_validation.integer_id(filters.task_id, "task_id", "Redmine"), "json"),
        query={"include": "attachments"},
        schema=types.GetIssueResponse,
    )
    issue = response.issue or types.Issue()
    items = issue.attachments or []
    records = [
        read_attachment(each, raw.at("issue", "attachments", index), issue_id=filters.task_id)
        for index, each in enumerate(items)
    ]
    return Page(records)


def upload(ctx: Context, content: Source, attachment: AttachmentUpload) -> Steps[Attachment]:
    """Add a file to a task.

    In turn:
        POST /uploads.{format}
        PUT /issues/{issue_id}.{format}
        GET /issues/{issue_id}.{format}
    """
    uploaded, _raw = yield from media.body(
        UPLOAD_ATTACHMENT_FILE,
        path=("json",),
        query={"filename": input_validation.at_least(attachment.name, 1, "name", "Redmine")},
        content=content,
        content_type="application/octet-stream",
        schema=types.UploadedResponse,
        save_as="uploaded",
    )
    first_uploads: dict[str, Any] = {"filename": attachment.name}
    if (uploaded.upload or types.UploadedResponseUpload()).token is not None:
        first_uploads["token"] = (uploaded.upload or types.UploadedResponseUpload()).token
    if attachment.mime_type is not None:
        first_uploads["content_type"] = attachment.mime_type
    uploads: list[Any] = [first_uploads]
    issue: dict[str, Any] = {"uploads": uploads}
    body: dict[str, Any] = {"issue": issue}
    yield from call(
        UPDATE_ISSUE, path=(input_validation.integer_id(attachment.task_id, "task_id", "Redmine"), "json"), json=body
    )
    response, raw = yield from fetch(
        GET_ISSUE,
        path=(input_validation.integer_id(attachment.task_id, "task_id", "Redmine"), "json"),
        query={"include": "attachments"},
        schema=types.GetIssueResponse,
    )
    issue_2 = response.issue or types.Issue()
    place = reconciliation.index_of(
        raw.at("issue", "attachments").value, ((("id",), (uploaded.upload or types.UploadedResponseUpload()).id),), 0
    )
    record = responses.one(responses.item(issue_2.attachments, place), "Attachment", "Redmine")
    return read_attachment(record, raw.at("issue", "attachments", place), issue_id=attachment.task_id)


def download(ctx: Context, id: str) -> Steps[Fetch]:
    """Receive the content of a file.

    In turn:
        GET /issues/{issue_id}.{format}
        GET /attachments/download/{attachment_id}/{filename}
    """
    issue_id, id_ = input_validation.parts(PATTERN_ISSUE_ID_ID, id, "id")
    file_response = yield from call(
        GET_ISSUE,
        path=(input_validation.integer_id(issue_id, "id", "Redmine"), "json"),
        query={"include": "attachments"},
        schema=types.FileResponse,
        save_as="file",
    )
    issue = file_response.issue or types.AttachmentsIssue()
    file = responses.found(
        responses.first(issue.attachments, lambda each: str(each.id) == id_, "file"),
        "the issue does not have this file",
        "InvalidInput",
    )
    return (
        yield from media.streamed(
            DOWNLOAD_ATTACHMENT_FILE, path=(file.id, file.filename), headers={"Accept": "*/*"}, size=file.filesize
        )
    )


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a file for good: DELETE /attachments/{attachment_id}.{format}."""
    _issue_id, id_ = input_validation.parts(PATTERN_ISSUE_ID_ID, id, "id")
    yield from call(DELETE_ATTACHMENT, path=(input_validation.integer_id(id_, "id", "Redmine"), "json"))


def read_attachment(r: types.Attachment, raw: Raw, *, issue_id: str) -> Attachment:
    """Read a unified Attachment from a getIssue.issue.attachments[] of Redmine."""
    author = r.author or types.IdName()
    values: AttachmentValues = {
        "id": responses.required(f"{issue_id}:{r.id}" if r.id is not None else None, "id", "Redmine"),
        "task_id": issue_id,
        "name": r.filename,
        "mime_type": r.content_type,
        "size": r.filesize,
        "author_id": str(author.id) if author.id is not None else None,
        "url": r.content_url,
        "created_at": datetimes.decode(r.created_on) if r.created_on is not None else None,
    }
    return make_attachment(values, raw)
