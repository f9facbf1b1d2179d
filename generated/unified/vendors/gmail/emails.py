"""Gmail emails, compiled from its mapping. Written by `gen build`; do not edit."""

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
from unified_runtime.adapter_api.codecs import (
    epoch_ms_text,
    mime_address,
    mime_addresses,
    mime_header,
    mime_name,
    mime_text,
)
from unified_runtime.adapter_api.query import gmail
from . import types
from ...models.emails import (
    Email,
    EmailArchive,
    EmailFile,
    EmailFilters,
    EmailForward,
    EmailMove,
    EmailReply,
    EmailReplyAll,
    EmailSend,
    EmailUpdate,
    EmailValues,
)

GMAIL_USERS_MESSAGES_GET = Endpoint(
    "gmail.users.messages.get", "GET", "/gmail/v1/users/{userId}/messages/{id}", Retry.SAFE
)
GMAIL_USERS_THREADS_GET = Endpoint(
    "gmail.users.threads.get", "GET", "/gmail/v1/users/{userId}/threads/{id}", Retry.SAFE
)
GMAIL_USERS_MESSAGES_LIST = Endpoint(
    "gmail.users.messages.list", "GET", "/gmail/v1/users/{userId}/messages", Retry.SAFE
)
GMAIL_USERS_MESSAGES_SEND = Endpoint(
    "gmail.users.messages.send", "POST", "/gmail/v1/users/{userId}/messages/send", Retry.NEVER
)
GMAIL_USERS_GET_PROFILE = Endpoint("gmail.users.getProfile", "GET", "/gmail/v1/users/{userId}/profile", Retry.SAFE)
GMAIL_USERS_MESSAGES_MODIFY = Endpoint(
    "gmail.users.messages.modify", "POST", "/gmail/v1/users/{userId}/messages/{id}/modify", Retry.NEVER
)
GMAIL_USERS_LABELS_GET = Endpoint("gmail.users.labels.get", "GET", "/gmail/v1/users/{userId}/labels/{id}", Retry.SAFE)
GMAIL_USERS_MESSAGES_TRASH = Endpoint(
    "gmail.users.messages.trash", "POST", "/gmail/v1/users/{userId}/messages/{id}/trash", Retry.NEVER
)

UNREAD_READ: dict[Any, bool] = {"UNREAD": True, None: False}
STARRED_READ: dict[Any, bool] = {"STARRED": True, None: False}
IS_DRAFT_READ: dict[Any, bool] = {"DRAFT": True, None: False}
make_email = record_factory(
    Email, "gmail", unproven=("folder_ids",), lazy={"body": LazyField(mime_text.decode, "payload")}
)
UNREAD_WRITE: dict[Any, Any] = {True: "unread", False: "read"}

FIELDS: dict[str, str] = {"id": "id", "labelIds": "folder_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Email]:
    """Read an email: GET /gmail/v1/users/{userId}/messages/{id}."""
    response, raw = yield from fetch(GMAIL_USERS_MESSAGES_GET, path=("me", id), schema=types.EmailsMessage)
    return read_email(response, raw)


def list_(ctx: Context, filters: EmailFilters) -> Steps[Page[Email]]:
    """List or search emails, newest first.

    One of:
        GET /gmail/v1/users/{userId}/threads/{id}
        GET /gmail/v1/users/{userId}/messages
    """
    if filters.thread_id is not None:
        response, raw = yield from fetch(
            GMAIL_USERS_THREADS_GET, path=("me", filters.thread_id), schema=types.EmailsThread
        )
        items = response.messages or []
        records = [read_email(each, raw.at("messages", index)) for index, each in enumerate(items)]
        records.reverse()
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.subject or ''} {each.body or ''}".casefold()]
        if filters.sender is not None:
            records = [each for each in records if each.sender == filters.sender]
        if filters.folder_id is not None:
            records = [each for each in records if filters.folder_id in each.folder_ids]
        if filters.unread is not None:
            records = [each for each in records if each.unread == filters.unread]
        if filters.sent_after is not None:
            records = [each for each in records if each.sent_at is not None and each.sent_at >= filters.sent_after]
        if filters.sent_before is not None:
            records = [each for each in records if each.sent_at is not None and each.sent_at < filters.sent_before]
        return Page(records)
    clauses: list[str] = []
    if filters.text is not None:
        clauses.append(f"{gmail.contains(filters.text)}")
    if filters.sender is not None:
        clauses.append(f"from:{gmail.text(filters.sender)}")
    if filters.unread is not None:
        clauses.append(f"is:{gmail.text(UNREAD_WRITE[filters.unread])}")
    if filters.sent_after is not None:
        clauses.append(f"after:{gmail.date_time(filters.sent_after)}")
    if filters.sent_before is not None:
        clauses.append(f"before:{gmail.date_time(filters.sent_before)}")
    query: dict[str, Any] = {"maxResults": input_validation.page_size(ctx.limit, 500)}
    if filters.folder_id is not None:
        query["labelIds"] = filters.folder_id
    if clauses:
        query["q"] = " ".join(clauses)
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    response_2, raw = yield from detailed_lists.read_each(
        GMAIL_USERS_MESSAGES_LIST,
        path=("me",),
        query=query,
        schema=types.ListMessagesResponse,
        fills=("messages",),
        read=GMAIL_USERS_MESSAGES_GET,
    )
    items_2 = response_2.messages or []
    records = [read_email(each, raw.at("messages", index)) for index, each in enumerate(items_2)]
    return Page(records, cursor=pagination.token(response_2.next_page_token))


def send(ctx: Context, email: EmailSend) -> Steps[Email]:
    """Send an email. It cannot be taken back.

    In turn:
        POST /gmail/v1/users/{userId}/messages/send
        GET /gmail/v1/users/{userId}/messages/{id}
    """
    created = yield from mime_requests.rfc5322_new(
        GMAIL_USERS_MESSAGES_SEND,
        path=("me",),
        json={},
        schema=types.EmailsMessage2,
        save_as="created",
        fills=("raw",),
        to=email.to,
        cc=email.cc,
        bcc=email.bcc,
        subject=email.subject,
        body=email.body,
    )
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(GMAIL_USERS_MESSAGES_GET, path=("me", created.id), schema=types.EmailsMessage)
    return read_email(response, raw)


def reply(ctx: Context, id: str, email: EmailReply) -> Steps[Email]:
    """Reply to the sender of an email, in its thread. It cannot be taken back.

    In turn:
        GET /gmail/v1/users/{userId}/messages/{id}
        GET /gmail/v1/users/{userId}/profile
        POST /gmail/v1/users/{userId}/messages/send
        GET /gmail/v1/users/{userId}/messages/{id}
    """
    original = yield from call(
        GMAIL_USERS_MESSAGES_GET,
        path=("me", id),
        query={"format": "raw"},
        schema=types.EmailsMessage3,
        save_as="original",
    )
    own_response = yield from call(GMAIL_USERS_GET_PROFILE, path=("me",), schema=types.Profile, save_as="own")
    own = own_response.email_address
    body: dict[str, Any] = {}
    if original.thread_id is not None:
        body["threadId"] = original.thread_id
    created = yield from mime_requests.rfc5322_reply(
        GMAIL_USERS_MESSAGES_SEND,
        path=("me",),
        json=body,
        schema=types.EmailsMessage2,
        save_as="created",
        fills=("raw",),
        original=original.raw,
        own=own,
        body=email.body,
        cc=email.cc,
        bcc=email.bcc,
    )
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(GMAIL_USERS_MESSAGES_GET, path=("me", created.id), schema=types.EmailsMessage)
    return read_email(response, raw)


def reply_all(ctx: Context, id: str, email: EmailReplyAll) -> Steps[Email]:
    """Reply to the sender and all recipients of an email. It cannot be taken back.

    In turn:
        GET /gmail/v1/users/{userId}/messages/{id}
        GET /gmail/v1/users/{userId}/profile
        POST /gmail/v1/users/{userId}/messages/send
        GET /gmail/v1/users/{userId}/messages/{id}
    """
    original = yield from call(
        GMAIL_USERS_MESSAGES_GET,
        path=("me", id),
        query={"format": "raw"},
        schema=types.EmailsMessage3,
        save_as="original",
    )
    own_response = yield from call(GMAIL_USERS_GET_PROFILE, path=("me",), schema=types.Profile, save_as="own")
    own = own_response.email_address
    body: dict[str, Any] = {}
    if original.thread_id is not None:
        body["threadId"] = original.thread_id
    created = yield from mime_requests.rfc5322_reply_all(
        GMAIL_USERS_MESSAGES_SEND,
        path=("me",),
        json=body,
        schema=types.EmailsMessage2,
        save_as="created",
        fills=("raw",),
        original=original.raw,
        own=own,
        body=email.body,
        cc=email.cc,
        bcc=email.bcc,
    )
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(GMAIL_USERS_MESSAGES_GET, path=("me", created.id), schema=types.EmailsMessage)
    return read_email(response, raw)


def forward(ctx: Context, id: str, email: EmailForward) -> Steps[Email]:
    """Forward an email with its files. It cannot be taken back.

    In turn:
        GET /gmail/v1/users/{userId}/messages/{id}
        POST /gmail/v1/users/{userId}/messages/send
        GET /gmail/v1/users/{userId}/messages/{id}
    """
    original = yield from call(
        GMAIL_USERS_MESSAGES_GET,
        path=("me", id),
        query={"format": "raw"},
        schema=types.EmailsMessage4,
        save_as="original",
    )
    created = yield from mime_requests.rfc5322_forward(
        GMAIL_USERS_MESSAGES_SEND,
        path=("me",),
        json={},
        schema=types.EmailsMessage2,
        save_as="created",
        fills=("raw",),
        original=original.raw,
        to=email.to,
        cc=email.cc,
        bcc=email.bcc,
        body=email.body,
    )
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(GMAIL_USERS_MESSAGES_GET, path=("me", created.id), schema=types.EmailsMessage)
    return read_email(response, raw)


def update(ctx: Context, id: str, email: EmailUpdate) -> Steps[Email]:
    """Mark an email as read or unread, star it, or remove the star.

    In turn:
        POST /gmail/v1/users/{userId}/messages/{id}/modify, if needed
        POST /gmail/v1/users/{userId}/messages/{id}/modify, if needed
        POST /gmail/v1/users/{userId}/messages/{id}/modify, if needed
        POST /gmail/v1/users/{userId}/messages/{id}/modify, if needed
        GET /gmail/v1/users/{userId}/messages/{id}
    """
    if email.unread is True:
        body: dict[str, Any] = {"addLabelIds": ["UNREAD"]}
        yield from call(GMAIL_USERS_MESSAGES_MODIFY, path=("me", id), json=body)
    if email.unread is False:
        body_2: dict[str, Any] = {"removeLabelIds": ["UNREAD"]}
        yield from call(GMAIL_USERS_MESSAGES_MODIFY, path=("me", id), json=body_2)
    if email.starred is True:
        body_3: dict[str, Any] = {"addLabelIds": ["STARRED"]}
        yield from call(GMAIL_USERS_MESSAGES_MODIFY, path=("me", id), json=body_3)
    if email.starred is False:
        body_4: dict[str, Any] = {"removeLabelIds": ["STARRED"]}
        yield from call(GMAIL_USERS_MESSAGES_MODIFY, path=("me", id), json=body_4)
    response, raw = yield from fetch(GMAIL_USERS_MESSAGES_GET, path=("me", id), schema=types.EmailsMessage)
    return read_email(response, raw)


def move(ctx: Context, id: str, folder_id: str, email: EmailMove) -> Steps[Email]:
    """Move an email to another folder.

    In turn:
        GET /gmail/v1/users/{userId}/labels/{id}
        POST /gmail/v1/users/{userId}/messages/{id}/modify
        POST /gmail/v1/users/{userId}/messages/{id}/modify
        GET /gmail/v1/users/{userId}/messages/{id}
    """
    label = yield from responses.looked_up(
        call(GMAIL_USERS_LABELS_GET, path=("me", folder_id), schema=types.EmailsLabel, save_as="label"),
        f"label {folder_id} does not exist",
        "InvalidInput",
    )
    body: dict[str, Any] = {"removeLabelIds": ["INBOX"]}
    yield from call(GMAIL_USERS_MESSAGES_MODIFY, path=("me", id), json=body)
    body_2: dict[str, Any] = {}
    if label.id is not None:
        body_2["addLabelIds"] = [label.id]
    yield from call(GMAIL_USERS_MESSAGES_MODIFY, path=("me", id), json=body_2)
    response, raw = yield from fetch(GMAIL_USERS_MESSAGES_GET, path=("me", id), schema=types.EmailsMessage)
    return read_email(response, raw)


def archive(ctx: Context, id: str, email: EmailArchive) -> Steps[Email]:
    """Move an email from the inbox to the archive.

    In turn:
        POST /gmail/v1/users/{userId}/messages/{id}/modify
        GET /gmail/v1/users/{userId}/messages/{id}
    """
    body: dict[str, Any] = {"removeLabelIds": ["INBOX"]}
    yield from call(GMAIL_USERS_MESSAGES_MODIFY, path=("me", id), json=body)
    response, raw = yield from fetch(GMAIL_USERS_MESSAGES_GET, path=("me", id), schema=types.EmailsMessage)
    return read_email(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Move an email to the trash: POST /gmail/v1/users/{userId}/messages/{id}/trash."""
    yield from call(GMAIL_USERS_MESSAGES_TRASH, path=("me", id))


def _read_email_file(r: Any) -> EmailFile:
    return EmailFile(
        name=responses.at(r, "filename"), mime_type=responses.at(r, "mimeType"), size=responses.at(r, "body", "size")
    )


def _is_email_file(r: Any) -> bool:
    return bool(responses.at(r, "filename"))


def read_email(r: types.EmailsMessage, raw: Raw) -> Email:
    """Read a unified Email from a Message of Gmail."""
    values: EmailValues = {
        "id": responses.required(r.id, "id", "Gmail"),
        "thread_id": r.thread_id,
        "folder_ids": r.label_ids or [],
        "subject": mime_header.decode(r.payload, "Subject") if r.payload is not None else None,
        "sender": mime_address.decode(r.payload, "From") if r.payload is not None else None,
        "sender_name": mime_name.decode(r.payload, "From") if r.payload is not None else None,
        "to": mime_addresses.decode(r.payload, "To") if r.payload is not None else [],
        "cc": mime_addresses.decode(r.payload, "Cc") if r.payload is not None else [],
        "bcc": mime_addresses.decode(r.payload, "Bcc") if r.payload is not None else [],
        "reply_to": mime_addresses.decode(r.payload, "Reply-To") if r.payload is not None else [],
        "snippet": r.snippet,
        "unread": responses.enum_value(
            UNREAD_READ, next((each for each in responses.as_list(r.label_ids) if each == "UNREAD"), None)
        ),
        "starred": responses.enum_value(
            STARRED_READ, next((each for each in responses.as_list(r.label_ids) if each == "STARRED"), None)
        ),
        "is_draft": responses.enum_value(
            IS_DRAFT_READ, next((each for each in responses.as_list(r.label_ids) if each == "DRAFT"), None)
        ),
        "attachments": [
            _read_email_file(each)
            for each in responses.as_list(responses.at(r.payload, "parts"))
            if _is_email_file(each)
        ],
        "message_id": mime_header.decode(r.payload, "Message-ID") if r.payload is not None else None,
        "sent_at": epoch_ms_text.decode(r.internal_date) if r.internal_date is not None else None,
        "url": f"https://mail.google.com/mail/#all/{r.id}" if r.id is not None else None,
    }
    return make_email(values, raw, r.payload)
