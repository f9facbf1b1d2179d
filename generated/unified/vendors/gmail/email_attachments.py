"""Gmail email_attachments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re

from unified_runtime import Context, Endpoint, Fetch, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from unified_runtime.http import media
from . import types
from ...models.email_attachments import EmailAttachment, EmailAttachmentFilters, EmailAttachmentValues

GMAIL_USERS_MESSAGES_GET = Endpoint(
    "gmail.users.messages.get", "GET", "/gmail/v1/users/{userId}/messages/{id}", Retry.SAFE
)
GMAIL_USERS_MESSAGES_ATTACHMENTS_GET = Endpoint(
    "gmail.users.messages.attachments.get",
    "GET",
    "/gmail/v1/users/{userId}/messages/{messageId}/attachments/{id}",
    Retry.SAFE,
)

make_email_attachment = record_factory(EmailAttachment, "gmail")
PATTERN_ID_ATTACHMENT_ID = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"id": "email_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: EmailAttachmentFilters) -> Steps[Page[EmailAttachment]]:
    """List the files of an email: GET /gmail/v1/users/{userId}/messages/{id}."""
    response, raw = yield from fetch(
        GMAIL_USERS_MESSAGES_GET, path=("me", filters.email_id), query=ctx.extra or None, schema=types.Message
    )
    payload = response.payload or types.EmailAttachmentsMessagePart()
    items = payload.parts or []
    records = [
        read_email_attachment(each, raw.at("payload", "parts", index), id_=filters.email_id)
        for index, each in enumerate(items)
        if _is_listed(each)
    ]
    return Page(records)


def download(ctx: Context, id: str) -> Steps[Fetch]:
    """Receive the content of a file of an email: GET /gmail/v1/users/{userId}/messages/{messageId}/attachments/{id}."""
    id_, attachment_id = input_validation.parts(PATTERN_ID_ATTACHMENT_ID, id, "id")
    return (
        yield from media.streamed(
            GMAIL_USERS_MESSAGES_ATTACHMENTS_GET,
            path=("me", id_, attachment_id),
            headers={"Accept": "*/*"},
            base64_at=("data",),
        )
    )


def read_email_attachment(r: types.MessagePart, raw: Raw, *, id_: str) -> EmailAttachment:
    """Read a unified EmailAttachment from a MessagePart of Gmail."""
    body = r.body or types.MessagePartBody()
    values: EmailAttachmentValues = {
        "id": responses.required(
            f"{id_}/{body.attachment_id}" if body.attachment_id is not None else None, "id", "Gmail"
        ),
        "email_id": id_,
        "name": r.filename,
        "mime_type": r.mime_type,
        "size": body.size,
    }
    return make_email_attachment(values, raw)


def _is_listed(r: types.MessagePart) -> bool:
    return bool(r.filename)
