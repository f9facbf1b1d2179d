"""Microsoft Graph email_drafts, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_openapi.requests import styles
from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import graph_body
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

USERS_GET_MESSAGES = Endpoint("users_GetMessages", "GET", "/users/{user-id}/messages/{message-id}", Retry.SAFE)
USERS_MAIL_FOLDERS_LIST_MESSAGES = Endpoint(
    "users.mailFolders_ListMessages",
    "GET",
    "/users/{user-id}/mailFolders/{mailFolder-id}/messages",
    Retry.SAFE,
    query={"$orderby": styles.COMMAS, "$expand": styles.COMMAS},
)
USERS_CREATE_MESSAGES = Endpoint("users_CreateMessages", "POST", "/users/{user-id}/messages", Retry.NEVER)
USERS_MESSAGES_CREATE_REPLY = Endpoint(
    "users.messages_createReply",
    "POST",
    "/users/{user-id}/messages/{message-id}/microsoft.graph.createReply",
    Retry.NEVER,
)
USERS_UPDATE_MESSAGES = Endpoint("users_UpdateMessages", "PATCH", "/users/{user-id}/messages/{message-id}", Retry.NEVER)
USERS_MESSAGES_SEND = Endpoint(
    "users.messages_send", "POST", "/users/{user-id}/messages/{message-id}/microsoft.graph.send", Retry.NEVER
)
USERS_DELETE_MESSAGES = Endpoint(
    "users_DeleteMessages", "DELETE", "/users/{user-id}/messages/{message-id}", Retry.IDEMPOTENT
)

make_email_draft = record_factory(EmailDraft, "microsoft-graph", lazy={"body": LazyField(graph_body.decode, "body")})
SELECT = "id,conversationId,subject,toRecipients,ccRecipients,bccRecipients,body,isDraft"
UPDATE_NEVER_CLEARED = ("subject", "body")
USERS_UPDATE_MESSAGES_SENDS = frozenset(("bcc", "body", "cc", "subject", "to"))

FIELDS: dict[str, str] = {
    "message-id": "id",
    "subject": "subject",
    "toRecipients.emailAddress.address": "to",
    "ccRecipients.emailAddress.address": "cc",
    "bccRecipients.emailAddress.address": "bcc",
    "body": "body",
    "Message.body": "body",
    "Message.ccRecipients.emailAddress.address": "cc",
    "Message.bccRecipients.emailAddress.address": "bcc",
    "toRecipients": "to",
    "ccRecipients": "cc",
    "bccRecipients": "bcc",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[EmailDraft]:
    """Read a draft: GET /users/{user-id}/messages/{message-id}."""
    response, raw = yield from fetch(
        USERS_GET_MESSAGES,
        path=(ctx.connection["principal"], id),
        query={"$select": SELECT},
        schema=types.EmailDraftsMicrosoftGraphEntity,
    )
    if not _is_email_draft(response):
        raise responses.wrong_resource("EmailDraft", "Microsoft Graph")
    return read_email_draft(response, raw)


def list_(ctx: Context, filters: EmailDraftFilters) -> Steps[Page[EmailDraft]]:
    """List the drafts: GET /users/{user-id}/mailFolders/{mailFolder-id}/messages."""
    query: dict[str, Any] = {"$select": SELECT, "$top": input_validation.page_size(ctx.limit, 1000)}
    query = input_validation.merge(query, ctx.extra, "Microsoft Graph")
    response, raw = yield from fetch(
        USERS_MAIL_FOLDERS_LIST_MESSAGES,
        path=(ctx.connection["principal"], "drafts"),
        query=pagination.page_query(query, ctx.cursor, "$top"),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.UsersMailFoldersListMessagesResponse,
    )
    items = response.value or []
    records = [
        read_email_draft(each, raw.at("value", index)) for index, each in enumerate(items) if _is_email_draft(each)
    ]
    return Page(records, cursor=pagination.token(response.odata_next_link))


def create(ctx: Context, email_draft: EmailDraftCreate) -> Steps[EmailDraft]:
    """Write an email without sending it: POST /users/{user-id}/messages."""
    body: dict[str, Any] = {"subject": email_draft.subject, "body": graph_body.encode(email_draft.body)}
    if email_draft.to is not None:
        body["toRecipients"] = [{"emailAddress": {"address": each}} for each in email_draft.to]
    if email_draft.cc is not None:
        body["ccRecipients"] = [{"emailAddress": {"address": each}} for each in email_draft.cc]
    if email_draft.bcc is not None:
        body["bccRecipients"] = [{"emailAddress": {"address": each}} for each in email_draft.bcc]
    body = input_validation.merge(body, ctx.extra, "Microsoft Graph")
    response, raw = yield from fetch(
        USERS_CREATE_MESSAGES,
        path=(ctx.connection["principal"],),
        json=body,
        schema=types.EmailDraftsMicrosoftGraphEntity,
    )
    if not _is_email_draft(response):
        raise responses.wrong_resource("EmailDraft", "Microsoft Graph")
    return read_email_draft(response, raw)


def reply(ctx: Context, email_id: str, email_draft: EmailDraftReply) -> Steps[EmailDraft]:
    """Write a reply to an email without sending it: POST /users/{user-id}/messages/{message-id}/microsoft.graph.createReply."""
    message: dict[str, Any] = {"body": graph_body.encode(email_draft.body)}
    if email_draft.cc is not None:
        message["ccRecipients"] = [{"emailAddress": {"address": each}} for each in email_draft.cc]
    if email_draft.bcc is not None:
        message["bccRecipients"] = [{"emailAddress": {"address": each}} for each in email_draft.bcc]
    body: dict[str, Any] = {"Message": message}
    response, raw = yield from fetch(
        USERS_MESSAGES_CREATE_REPLY,
        path=(ctx.connection["principal"], email_id),
        json=body,
        schema=types.EmailDraftsMicrosoftGraphEntity,
    )
    if not _is_email_draft(response):
        raise responses.wrong_resource("EmailDraft", "Microsoft Graph")
    return read_email_draft(response, raw)


def update(ctx: Context, id: str, email_draft: EmailDraftUpdate) -> Steps[EmailDraft]:
    """Change a draft.

    In turn:
        PATCH /users/{user-id}/messages/{message-id}, if needed
        GET /users/{user-id}/messages/{message-id}
    """
    given = input_validation.changes(email_draft, ctx.extra, "Microsoft Graph")
    input_validation.reject_clearing(email_draft, given, UPDATE_NEVER_CLEARED, "Microsoft Graph")
    if given & USERS_UPDATE_MESSAGES_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if email_draft.subject is not None:
            body["subject"] = email_draft.subject
        if "to" in given:
            body["toRecipients"] = (
                [] if email_draft.to is None else [{"emailAddress": {"address": each}} for each in email_draft.to]
            )
        if "cc" in given:
            body["ccRecipients"] = (
                [] if email_draft.cc is None else [{"emailAddress": {"address": each}} for each in email_draft.cc]
            )
        if "bcc" in given:
            body["bccRecipients"] = (
                [] if email_draft.bcc is None else [{"emailAddress": {"address": each}} for each in email_draft.bcc]
            )
        if email_draft.body is not None:
            body["body"] = graph_body.encode(email_draft.body)
        body = input_validation.merge(body, ctx.extra, "Microsoft Graph")
        yield from call(USERS_UPDATE_MESSAGES, path=(ctx.connection["principal"], id), json=body)
    response, raw = yield from fetch(
        USERS_GET_MESSAGES,
        path=(ctx.connection["principal"], id),
        query={"$select": SELECT},
        schema=types.EmailDraftsMicrosoftGraphEntity,
    )
    if not _is_email_draft(response):
        raise responses.wrong_resource("EmailDraft", "Microsoft Graph")
    return read_email_draft(response, raw)


def send(ctx: Context, id: str, email_draft: EmailDraftSend) -> Steps[None]:
    """Send a draft. It cannot be taken back: POST /users/{user-id}/messages/{message-id}/microsoft.graph.send."""
    yield from call(USERS_MESSAGES_SEND, path=(ctx.connection["principal"], id))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a draft for good: DELETE /users/{user-id}/messages/{message-id}."""
    yield from call(USERS_DELETE_MESSAGES, path=(ctx.connection["principal"], id))


def read_email_draft(r: types.EmailDraftsMicrosoftGraphEntity, raw: Raw) -> EmailDraft:
    """Read a unified EmailDraft from a microsoft.graph.message of Microsoft Graph."""
    values: EmailDraftValues = {
        "id": responses.required(r.id, "id", "Microsoft Graph"),
        "email_id": r.id,
        "thread_id": r.conversation_id,
        "subject": r.subject,
        "to": [
            found
            for each in r.to_recipients or ()
            for found in ((each.email_address or types.MicrosoftGraphEmailAddress()).address,)
            if found is not None
        ],
        "cc": [
            found
            for each in r.cc_recipients or ()
            for found in ((each.email_address or types.MicrosoftGraphEmailAddress()).address,)
            if found is not None
        ],
        "bcc": [
            found
            for each in r.bcc_recipients or ()
            for found in ((each.email_address or types.MicrosoftGraphEmailAddress()).address,)
            if found is not None
        ],
    }
    return make_email_draft(values, raw, r.body)


def _is_email_draft(r: types.EmailDraftsMicrosoftGraphEntity) -> bool:
    return bool(r.is_draft)
