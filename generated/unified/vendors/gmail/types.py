"""Responses of Gmail, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class MessagePartBody(Struct, frozen=True, gc=False):
    attachment_id: str | None = field(name="attachmentId", default=None)
    size: int | None = None


class MessagePart(Struct, frozen=True, gc=False):
    body: MessagePartBody | None = None
    filename: str | None = None
    mime_type: str | None = field(name="mimeType", default=None)


class EmailAttachmentsMessagePart(Struct, frozen=True, gc=False):
    parts: list[MessagePart] | None = None


class Message(Struct, frozen=True, gc=False):
    payload: EmailAttachmentsMessagePart | None = None


class EmailDraftsMessage(Struct, frozen=True, gc=False):
    id: str | None = None
    thread_id: str | None = field(name="threadId", default=None)
    payload: dict[str, Any] | None = None


class Draft(Struct, frozen=True, gc=False):
    id: str | None = None
    message: EmailDraftsMessage | None = None


class ListDraftsResponse(Struct, frozen=True, gc=False):
    drafts: list[Draft] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class EmailDraftsDraft(Struct, frozen=True, gc=False):
    id: str | None = None


class EmailDraftsMessage2(Struct, frozen=True, gc=False):
    thread_id: str | None = field(name="threadId", default=None)
    raw: str | None = None


class Profile(Struct, frozen=True, gc=False):
    email_address: str | None = field(name="emailAddress", default=None)


class EmailDraftsDraft2(Struct, frozen=True, gc=False):
    message: EmailDraftsMessage2 | None = None


class Label(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    messages_unread: int | None = field(name="messagesUnread", default=None)
    messages_total: int | None = field(name="messagesTotal", default=None)


class ListLabelsResponse(Struct, frozen=True, gc=False):
    labels: list[Label] | None = None


class EmailFoldersLabel(Struct, frozen=True, gc=False):
    id: str | None = None


class EmailThreadsMessage(Struct, frozen=True, gc=False):
    payload: dict[str, Any] | None = None
    id: str | None = None
    snippet: str | None = None
    internal_date: str | None = field(name="internalDate", default=None)


class Thread(Struct, frozen=True, gc=False):
    id: str | None = None
    messages: list[EmailThreadsMessage] | None = None


class ListThreadsResponse(Struct, frozen=True, gc=False):
    threads: list[Thread] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class EmailsMessage(Struct, frozen=True, gc=False):
    id: str | None = None
    thread_id: str | None = field(name="threadId", default=None)
    label_ids: Any = field(name="labelIds", default=None)
    payload: Any = None
    snippet: str | None = None
    internal_date: str | None = field(name="internalDate", default=None)


class EmailsThread(Struct, frozen=True, gc=False):
    messages: list[EmailsMessage] | None = None


class ListMessagesResponse(Struct, frozen=True, gc=False):
    messages: list[EmailsMessage] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class EmailsMessage2(Struct, frozen=True, gc=False):
    id: str | None = None


class EmailsMessage3(Struct, frozen=True, gc=False):
    thread_id: str | None = field(name="threadId", default=None)
    raw: str | None = None


class EmailsMessage4(Struct, frozen=True, gc=False):
    raw: str | None = None


class EmailsLabel(Struct, frozen=True, gc=False):
    id: str | None = None
