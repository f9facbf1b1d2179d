"""Jira attachments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Source, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, reconciliation, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.http import media
from . import types
from ...models.attachments import Attachment, AttachmentFilters, AttachmentUpload, AttachmentValues

GET_ISSUE = Endpoint("getIssue", "GET", "/rest/api/3/issue/{issueIdOrKey}", Retry.SAFE)
ADD_ATTACHMENT = Endpoint("addAttachment", "POST", "/rest/api/3/issue/{issueIdOrKey}/attachments", Retry.NEVER)
GET_ATTACHMENT_CONTENT = Endpoint("getAttachmentContent", "GET", "/rest/api/3/attachment/content/{id}", Retry.SAFE)
REMOVE_ATTACHMENT = Endpoint("removeAttachment", "DELETE", "/rest/api/3/attachment/{id}", Retry.IDEMPOTENT)

make_attachment = record_factory(Attachment, "jira")
PATTERN_ISSUE_ID_OR_KEY_ID = re.compile("([^:]+):(.+)")

FIELDS: dict[str, str] = {"issueIdOrKey": "task_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Attachment]:
    """Read what is known of a file: GET /rest/api/3/issue/{issueIdOrKey}."""
    issue_id_or_key, id_ = input_validation.parts(PATTERN_ISSUE_ID_OR_KEY_ID, id, "id")
    response, raw = yield from fetch(
        GET_ISSUE, path=(issue_id_or_key,), query={"fields": ["attachment"]}, schema=types.IssueBean
    )
    fields = response.fields or types.IssueFields()
    place = reconciliation.index_of(raw.at("fields", "attachment").value, ((("id",), id_),), 0)
    record = responses.one(responses.item(fields.attachment, place), "Attachment", "Jira")
    return read_attachment(record, raw.at("fields", "attachment", place), issue_id_or_key=issue_id_or_key)


def list_(ctx: Context, filters: AttachmentFilters) -> Steps[Page[Attachment]]:
    """List the files on a task: GET /rest/api/3/issue/{issueIdOrKey}."""
    query: dict[str, Any] = {"fields": ["attachment"]}
    query = input_validation.merge(query, ctx.extra, "Jira")
    response, raw = yield from fetch(GET_ISSUE, path=(filters.task_id,), query=query, schema=types.IssueBean)
    fields = response.fields or types.IssueFields()
    items = fields.attachment or []
    records = [
        read_attachment(each, raw.at("fields", "attachment", index), issue_id_or_key=filters.task_id)
        for index, each in enumerate(items)
    ]
    return Page(records)


def upload(ctx: Context, content: Source, attachment: AttachmentUpload) -> Steps[Attachment]:
    """Add a file to a task.

    In turn:
        POST /rest/api/3/issue/{issueIdOrKey}/attachments
        GET /rest/api/3/issue/{issueIdOrKey}
    """
    made_response, _raw = yield from media.form(
        ADD_ATTACHMENT,
        path=(attachment.task_id,),
        headers={"X-Atlassian-Token": "no-check"},
        content=content,
        content_type=attachment.mime_type or "application/octet-stream",
        field="file",
        filename=attachment.name,
        schema=list[types.AttachmentsAttachment],
        save_as="made",
    )
    made = responses.found(responses.item(made_response, 0), "Jira returned no file", "InvalidInput")
    response, raw = yield from fetch(
        GET_ISSUE, path=(attachment.task_id,), query={"fields": ["attachment"]}, schema=types.IssueBean
    )
    fields = response.fields or types.IssueFields()
    place = reconciliation.index_of(raw.at("fields", "attachment").value, ((("id",), made.id),), 0)
    record = responses.one(responses.item(fields.attachment, place), "Attachment", "Jira")
    return read_attachment(record, raw.at("fields", "attachment", place), issue_id_or_key=attachment.task_id)


def download(ctx: Context, id: str) -> Steps[Fetch]:
    """Receive the content of a file: GET /rest/api/3/attachment/content/{id}."""
    _issue_id_or_key, id_ = input_validation.parts(PATTERN_ISSUE_ID_OR_KEY_ID, id, "id")
    return (
        yield from media.streamed(
            GET_ATTACHMENT_CONTENT, path=(id_,), query={"redirect": False}, headers={"Accept": "*/*"}
        )
    )


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a file for good: DELETE /rest/api/3/attachment/{id}."""
    _issue_id_or_key, id_ = input_validation.parts(PATTERN_ISSUE_ID_OR_KEY_ID, id, "id")
    yield from call(REMOVE_ATTACHMENT, path=(id_,))


def read_attachment(r: types.Attachment, raw: Raw, *, issue_id_or_key: str) -> Attachment:
    """Read a unified Attachment from an Attachment of Jira."""
    author = r.author or types.UserDetails()
    values: AttachmentValues = {
        "id": responses.required(f"{issue_id_or_key}:{r.id}" if r.id is not None else None, "id", "Jira"),
        "task_id": issue_id_or_key,
        "name": r.filename,
        "mime_type": r.mime_type,
        "size": r.size,
        "author_id": author.account_id,
        "url": r.content,
        "created_at": datetimes.decode(r.created) if r.created is not None else None,
    }
    return make_attachment(values, raw)
