"""Gmail email_drafts, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import (
    Context,
    CreatedRecord,
    Endpoint,
    LazyField,
    Page,
    Raw,
    Retry,
    Steps,
    call,
    fetch,
    record_factory,
)
from unified_runtime.adapter_api import detailed_lists, input_validation, mime_requests, pagination, responses
from unified_runtime.adapter_api.codecs import mime_addresses, mime_header, mime_text
from . import types
from ...models.email_drafts import (
    EmailDraft,
    EmailDraftCreate,
    EmailDraftFilters,
    EmailDraftReply,
    EmailDraftSend,
    EmailDraftUpdate,
    EmailDraftValues,
)

GMAIL_USERS_DRAFTS_GET = Endpoint("gmail.users.drafts.get", "GET", "/gmail/v1/users/{userId}/drafts/{id}", Retry.SAFE)
GMAIL_USERS_DRAFTS_LIST = Endpoint("gmail.users.drafts.list", "GET", "/gmail/v1/users/{userId}/drafts", Retry.SAFE)
GMAIL_USERS_DRAFTS_CREATE = Endpoint(
    "gmail.users.drafts.create", "POST", "/gmail/v1/users/{userId}/drafts", Retry.NEVER
)
GMAIL_USERS_MESSAGES_GET = Endpoint(
    "gmail.users.messages.get", "GET", "/gmail/v1/users/{userId}/messages/{id}", Retry.SAFE
)
GMAIL_USERS_GET_PROFILE = Endpoint("gmail.users.getProfile", "GET", "/gmail/v1/users/{userId}/profile", Retry.SAFE)
GMAIL_USERS_DRAFTS_UPDATE = Endpoint(
    "gmail.users.drafts.update", "PUT", "/gmail/v1/users/{userId}/drafts/{id}", Retry.IDEMPOTENT
)
GMAIL_USERS_DRAFTS_SEND = Endpoint(
    "gmail.users.drafts.send", "POST", "/gmail/v1/users/{userId}/drafts/send", Retry.NEVER
)
GMAIL_USERS_DRAFTS_DELETE = Endpoint(
    "gmail.users.drafts.delete", "DELETE", "/gmail/v1/users/{userId}/drafts/{id}", Retry.IDEMPOTENT
)

make_email_draft = record_factory(EmailDraft, "gmail", lazy={"body": LazyField(mime_text.decode, "message.payload")})
UPDATE_NEVER_CLEARED = ("subject", "to", "cc", "bcc", "body")

FIELDS: dict[str, str] = {"id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[EmailDraft]:
    """Read a draft: GET /gmail/v1/users/{userId}/drafts/{id}."""
    response, raw = yield from fetch(GMAIL_USERS_DRAFTS_GET, path=("me", id), schema=types.Draft)
    return read_email_draft(response, raw)


def list_(ctx: Context, filters: EmailDraftFilters) -> Steps[Page[EmailDraft]]:
    """List the drafts: GET /gmail/v1/users/{userId}/drafts."""
    query: dict[str, Any] = {"maxResults": input_validation.page_size(ctx.limit, 500)}
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    response, raw = yield from detailed_lists.read_each(
        GMAIL_USERS_DRAFTS_LIST,
        path=("me",),
        query=query,
        schema=types.ListDraftsResponse,
        fills=("drafts",),
        read=GMAIL_USERS_DRAFTS_GET,
    )
    items = response.drafts or []
    records = [read_email_draft(each, raw.at("drafts", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.next_page_token))


def create(ctx: Context, email_draft: EmailDraftCreate) -> Steps[EmailDraft]:
    """Write an email without sending it.

    In turn:
        POST /gmail/v1/users/{userId}/drafts
        GET /gmail/v1/users/{userId}/drafts/{id}
    """
    created = yield from mime_requests.rfc5322_new(
        GMAIL_USERS_DRAFTS_CREATE,
        path=("me",),
        json={},
        schema=types.EmailDraftsDraft,
        save_as="created",
        fills=("message", "raw"),
        to=email_draft.to,
        cc=email_draft.cc,
        bcc=email_draft.bcc,
        subject=email_draft.subject,
        body=email_draft.body,
    )
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(GMAIL_USERS_DRAFTS_GET, path=("me", created.id), schema=types.Draft)
    return read_email_draft(response, raw)


def reply(ctx: Context, email_id: str, email_draft: EmailDraftReply) -> Steps[EmailDraft]:
    """Write a reply to an email without sending it.

    In turn:
        GET /gmail/v1/users/{userId}/messages/{id}
        GET /gmail/v1/users/{userId}/profile
        POST /gmail/v1/users/{userId}/drafts
        GET /gmail/v1/users/{userId}/drafts/{id}
    """
    original = yield from call(
        GMAIL_USERS_MESSAGES_GET,
        path=("me", email_id),
        query={"format": "raw"},
        schema=types.EmailDraftsMessage2,
        save_as="original",
    )
    own_response = yield from call(GMAIL_USERS_GET_PROFILE, path=("me",), schema=types.Profile, save_as="own")
    own = own_response.email_address
    body: dict[str, Any] = {}
    if original.thread_id is not None:
        body["message"] = {"threadId": original.thread_id}
    created = yield from mime_requests.rfc5322_reply(
        GMAIL_USERS_DRAFTS_CREATE,
        path=("me",),
        json=body,
        schema=types.EmailDraftsDraft,
        save_as="created",
        fills=("message", "raw"),
        original=original.raw,
        own=own,
        body=email_draft.body,
        cc=email_draft.cc,
        bcc=email_draft.bcc,
    )
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(GMAIL_USERS_DRAFTS_GET, path=("me", created.id), schema=types.Draft)
    return read_email_draft(response, raw)


def update(ctx: Context, id: str, email_draft: EmailDraftUpdate) -> Steps[EmailDraft]:
    """Change a draft.

    In turn:
        GET /gmail/v1/users/{userId}/drafts/{id}
        PUT /gmail/v1/users/{userId}/drafts/{id}
        GET /gmail/v1/users/{userId}/drafts/{id}
    """
    given = input_validation.changes(email_draft, ctx.extra, "Gmail")
    input_validation.reject_clearing(email_draft, given, UPDATE_NEVER_CLEARED, "Gmail")
    before = yield from call(
        GMAIL_USERS_DRAFTS_GET,
        path=("me", id),
        query={"format": "raw"},
        schema=types.EmailDraftsDraft2,
        save_as="before",
    )
    body: dict[str, Any] = {}
    if (before.message or types.EmailDraftsMessage2()).thread_id is not None:
        body["message"] = {"threadId": (before.message or types.EmailDraftsMessage2()).thread_id}
    yield from mime_requests.rfc5322_changed(
        GMAIL_USERS_DRAFTS_UPDATE,
        path=("me", id),
        json=body,
        fills=("message", "raw"),
        original=(before.message or types.EmailDraftsMessage2()).raw,
        to=email_draft.to,
        cc=email_draft.cc,
        bcc=email_draft.bcc,
        subject=email_draft.subject,
        body=email_draft.body,
    )
    response, raw = yield from fetch(GMAIL_USERS_DRAFTS_GET, path=("me", id), schema=types.Draft)
    return read_email_draft(response, raw)


def send(ctx: Context, id: str, email_draft: EmailDraftSend) -> Steps[None]:
    """Send a draft. It cannot be taken back: POST /gmail/v1/users/{userId}/drafts/send."""
    body: dict[str, Any] = {"id": id}
    yield from call(GMAIL_USERS_DRAFTS_SEND, path=("me",), json=body)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a draft for good: DELETE /gmail/v1/users/{userId}/drafts/{id}."""
    yield from call(GMAIL_USERS_DRAFTS_DELETE, path=("me", id))


def read_email_draft(r: types.Draft, raw: Raw) -> EmailDraft:
    """Read a unified EmailDraft from a Draft of Gmail."""
    message = r.message or types.EmailDraftsMessage()
    values: EmailDraftValues = {
        "id": responses.required(r.id, "id", "Gmail"),
        "email_id": message.id,
        "thread_id": message.thread_id,
        "subject": mime_header.decode(message.payload, "Subject") if message.payload is not None else None,
        "to": mime_addresses.decode(message.payload, "To") if message.payload is not None else [],
        "cc": mime_addresses.decode(message.payload, "Cc") if message.payload is not None else [],
        "bcc": mime_addresses.decode(message.payload, "Bcc") if message.payload is not None else [],
    }
    return make_email_draft(values, raw, message.payload)
