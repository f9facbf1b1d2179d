"""Microsoft Graph email_attachments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from unified_runtime.http import media
from . import types
from ...models.email_attachments import EmailAttachment, EmailAttachmentFilters, EmailAttachmentValues

USERS_MESSAGES_ATTACHMENTS_LIST = Endpoint(
    "users_messages_attachments_list", "GET", "/users/{user-id}/messages/{messageId}/attachments", Retry.SAFE
)
USERS_MESSAGES_ATTACHMENTS_CONTENT = Endpoint(
    "users_messages_attachments_content",
    "GET",
    "/users/{user-id}/messages/{messageId}/attachments/{attachmentId}/$value",
    Retry.SAFE,
)

make_email_attachment = record_factory(EmailAttachment, "microsoft-graph")
SELECT = "id,name,contentType,size"
PATTERN_MESSAGE_ID_ATTACHMENT_ID = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"messageId": "email_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: EmailAttachmentFilters) -> Steps[Page[EmailAttachment]]:
    """List the files of an email: GET /users/{user-id}/messages/{messageId}/attachments."""
    response, raw = yield from fetch(
        USERS_MESSAGES_ATTACHMENTS_LIST,
        path=(ctx.connection["principal"], filters.email_id),
        query={"$select": SELECT},
        schema=types.UsersMessagesAttachmentsListResponse,
    )
    items = response.value or []
    records = [
        read_email_attachment(each, raw.at("value", index), message_id=filters.email_id)
        for index, each in enumerate(items)
    ]
    return Page(records)


def download(ctx: Context, id: str) -> Steps[Fetch]:
    """Receive the content of a file of an email: GET /users/{user-id}/messages/{messageId}/attachments/{attachmentId}/$value."""
    message_id, attachment_id = input_validation.parts(PATTERN_MESSAGE_ID_ATTACHMENT_ID, id, "id")
    return (
        yield from media.streamed(
            USERS_MESSAGES_ATTACHMENTS_CONTENT,
            path=(ctx.connection["principal"], message_id, attachment_id),
            headers={"Accept": "*/*"},
        )
    )


def read_email_attachment(
    r: types.EmailAttachmentsMicrosoftGraphEntity, raw: Raw, *, message_id: str
) -> EmailAttachment:
    """Read a unified EmailAttachment from a microsoft.graph.attachment of Microsoft Graph."""
    values: EmailAttachmentValues = {
        "id": responses.required(f"{message_id}/{r.id}" if r.id is not None else None, "id", "Microsoft Graph"),
        "email_id": message_id,
        "name": r.name,
        "mime_type": r.content_type,
        "size": r.size,
    }
    return make_email_attachment(values, raw)
