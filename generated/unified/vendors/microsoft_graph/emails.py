"""Microsoft Graph emails, compiled from its mapping. Written by `gen build`; do not edit."""

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
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes, graph_body
from unified_runtime.adapter_api.query import kql, odata
from . import types
from ...models.emails import (
    Email,
    EmailArchive,
    EmailFilters,
    EmailForward,
    EmailMove,
    EmailReply,
    EmailReplyAll,
    EmailSend,
    EmailUpdate,
    EmailValues,
)

USERS_GET_MESSAGES = Endpoint("users_GetMessages", "GET", "/users/{user-id}/messages/{message-id}", Retry.SAFE)
USERS_MAIL_FOLDERS_LIST_MESSAGES = Endpoint(
    "users.mailFolders_ListMessages", "GET", "/users/{user-id}/mailFolders/{mailFolder-id}/messages", Retry.SAFE
)
USERS_LIST_MESSAGES = Endpoint("users_ListMessages", "GET", "/users/{user-id}/messages", Retry.SAFE)
USERS_CREATE_MESSAGES = Endpoint("users_CreateMessages", "POST", "/users/{user-id}/messages", Retry.NEVER)
USERS_MESSAGES_SEND = Endpoint(
    "users.messages_send", "POST", "/users/{user-id}/messages/{message-id}/microsoft.graph.send", Retry.NEVER
)
USERS_MESSAGES_CREATE_REPLY = Endpoint(
    "users.messages_createReply",
    "POST",
    "/users/{user-id}/messages/{message-id}/microsoft.graph.createReply",
    Retry.NEVER,
)
USERS_MESSAGES_CREATE_REPLY_ALL = Endpoint(
    "users.messages_createReplyAll",
    "POST",
    "/users/{user-id}/messages/{message-id}/microsoft.graph.createReplyAll",
    Retry.NEVER,
)
USERS_MESSAGES_CREATE_FORWARD = Endpoint(
    "users.messages_createForward",
    "POST",
    "/users/{user-id}/messages/{message-id}/microsoft.graph.createForward",
    Retry.NEVER,
)
USERS_UPDATE_MESSAGES = Endpoint("users_UpdateMessages", "PATCH", "/users/{user-id}/messages/{message-id}", Retry.NEVER)
USERS_MESSAGES_MOVE = Endpoint(
    "users.messages_move", "POST", "/users/{user-id}/messages/{message-id}/microsoft.graph.move", Retry.NEVER
)

UNREAD_READ: dict[Any, bool] = {False: True, True: False}
STARRED_READ: dict[Any, bool] = {"flagged": True, "notFlagged": False, "complete": False, None: False}
make_email = record_factory(
    Email, "microsoft-graph", absent=("attachments",), lazy={"body": LazyField(graph_body.decode, "body")}
)
SELECT = "id,conversationId,parentFolderId,subject,from,toRecipients,ccRecipients,bccRecipients,replyTo,body,bodyPreview,isRead,flag,isDraft,internetMessageId,receivedDateTime,sentDateTime,webLink"
UNREAD_WRITE: dict[Any, Any] = {True: False, False: True}
REPLY_ALL_UNSUPPORTED = {"cc": "Outlook replaces the recipients copied from the original email if `cc` is set"}
STARRED_WRITE: dict[Any, Any] = {True: "flagged", False: "notFlagged"}

FIELDS: dict[str, str] = {
    "message-id": "id",
    "mailFolder-id": "folder_id",
    "subject": "subject",
    "toRecipients.emailAddress.address": "to",
    "ccRecipients.emailAddress.address": "cc",
    "bccRecipients.emailAddress.address": "bcc",
    "body": "body",
    "Message.body": "body",
    "Message.ccRecipients.emailAddress.address": "cc",
    "Message.bccRecipients.emailAddress.address": "bcc",
    "ToRecipients.emailAddress.address": "to",
    "isRead": "unread",
    "flag.flagStatus": "starred",
    "DestinationId": "folder_id",
    "toRecipients": "to",
    "ccRecipients": "cc",
    "bccRecipients": "bcc",
    "ToRecipients": "to",
    "flag": "starred",
    "flagStatus": "starred",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Email]:
    """Read an email: GET /users/{user-id}/messages/{message-id}."""
    response, raw = yield from fetch(
        USERS_GET_MESSAGES,
        path=(ctx.connection["principal"], id),
        query={"$select": SELECT},
        schema=types.EmailsMicrosoftGraphEntity,
    )
    return read_email(response, raw)


def list_(ctx: Context, filters: EmailFilters) -> Steps[Page[Email]]:
    """List or search emails, newest first.

    One of:
        GET /users/{user-id}/mailFolders/{mailFolder-id}/messages
        GET /users/{user-id}/messages
        GET /users/{user-id}/mailFolders/{mailFolder-id}/messages
        GET /users/{user-id}/messages
    """
    if filters.text is not None and filters.folder_id is not None:
        response, raw = yield from fetch(
            USERS_MAIL_FOLDERS_LIST_MESSAGES,
            path=(ctx.connection["principal"], filters.folder_id),
            query=pagination.page_query(
                {
                    "$search": f"{kql.contains(filters.text)}",
                    "$select": SELECT,
                    "$top": input_validation.page_size(ctx.limit, 1000),
                },
                ctx.cursor,
                "$top",
            ),
            url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
            schema=types.EmailsUsersMailFoldersListMessagesResponse,
        )
        items = response.value or []
        records = [read_email(each, raw.at("value", index)) for index, each in enumerate(items)]
        if filters.thread_id is not None:
            records = [each for each in records if each.thread_id == filters.thread_id]
        if filters.sender is not None:
            records = [each for each in records if each.sender == filters.sender]
        if filters.unread is not None:
            records = [each for each in records if each.unread == filters.unread]
        if filters.sent_after is not None:
            records = [each for each in records if each.sent_at is not None and each.sent_at >= filters.sent_after]
        if filters.sent_before is not None:
            records = [each for each in records if each.sent_at is not None and each.sent_at < filters.sent_before]
        return Page(records, cursor=pagination.token(response.odata_next_link))
    if filters.text is not None:
        response_2, raw = yield from fetch(
            USERS_LIST_MESSAGES,
            path=(ctx.connection["principal"],),
            query=pagination.page_query(
                {
                    "$search": f"{kql.contains(filters.text)}",
                    "$select": SELECT,
                    "$top": input_validation.page_size(ctx.limit, 1000),
                },
                ctx.cursor,
                "$top",
            ),
            url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
            schema=types.UsersListMessagesResponse,
        )
        items_2 = response_2.value or []
        records = [read_email(each, raw.at("value", index)) for index, each in enumerate(items_2)]
        if filters.thread_id is not None:
            records = [each for each in records if each.thread_id == filters.thread_id]
        if filters.sender is not None:
            records = [each for each in records if each.sender == filters.sender]
        if filters.unread is not None:
            records = [each for each in records if each.unread == filters.unread]
        if filters.sent_after is not None:
            records = [each for each in records if each.sent_at is not None and each.sent_at >= filters.sent_after]
        if filters.sent_before is not None:
            records = [each for each in records if each.sent_at is not None and each.sent_at < filters.sent_before]
        return Page(records, cursor=pagination.token(response_2.odata_next_link))
    if filters.folder_id is not None:
        clauses = ["receivedDateTime ge 1970-01-01T00:00:00Z"]
        if filters.sent_after is not None:
            clauses.append(f"receivedDateTime ge {odata.date_time(filters.sent_after)}")
        if filters.sent_before is not None:
            clauses.append(f"receivedDateTime lt {odata.date_time(filters.sent_before)}")
        if filters.thread_id is not None:
            clauses.append(f"conversationId eq {odata.text(filters.thread_id)}")
        if filters.sender is not None:
            clauses.append(f"from/emailAddress/address eq {odata.text(filters.sender)}")
        if filters.unread is not None:
            clauses.append(f"isRead eq {odata.boolean(UNREAD_WRITE[filters.unread])}")
        query_3: dict[str, Any] = {
            "$orderby": "receivedDateTime desc",
            "$filter": " and ".join(clauses),
            "$select": SELECT,
            "$top": input_validation.page_size(ctx.limit, 1000),
        }
        response_3, raw = yield from fetch(
            USERS_MAIL_FOLDERS_LIST_MESSAGES,
            path=(ctx.connection["principal"], filters.folder_id),
            query=pagination.page_query(query_3, ctx.cursor, "$top"),
            url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
            schema=types.EmailsUsersMailFoldersListMessagesResponse,
        )
        items_3 = response_3.value or []
        records = [read_email(each, raw.at("value", index)) for index, each in enumerate(items_3)]
        return Page(records, cursor=pagination.token(response_3.odata_next_link))
    clauses_2 = ["receivedDateTime ge 1970-01-01T00:00:00Z"]
    if filters.sent_after is not None:
        clauses_2.append(f"receivedDateTime ge {odata.date_time(filters.sent_after)}")
    if filters.sent_before is not None:
        clauses_2.append(f"receivedDateTime lt {odata.date_time(filters.sent_before)}")
    if filters.thread_id is not None:
        clauses_2.append(f"conversationId eq {odata.text(filters.thread_id)}")
    if filters.sender is not None:
        clauses_2.append(f"from/emailAddress/address eq {odata.text(filters.sender)}")
    if filters.unread is not None:
        clauses_2.append(f"isRead eq {odata.boolean(UNREAD_WRITE[filters.unread])}")
    query_4: dict[str, Any] = {
        "$orderby": "receivedDateTime desc",
        "$filter": " and ".join(clauses_2),
        "$select": SELECT,
        "$top": input_validation.page_size(ctx.limit, 1000),
    }
    response_4, raw = yield from fetch(
        USERS_LIST_MESSAGES,
        path=(ctx.connection["principal"],),
        query=pagination.page_query(query_4, ctx.cursor, "$top"),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.UsersListMessagesResponse,
    )
    items_4 = response_4.value or []
    records = [read_email(each, raw.at("value", index)) for index, each in enumerate(items_4)]
    return Page(records, cursor=pagination.token(response_4.odata_next_link))


def send(ctx: Context, email: EmailSend) -> Steps[Email]:
    """Send an email. It cannot be taken back.

    In turn:
        POST /users/{user-id}/messages
        POST /users/{user-id}/messages/{message-id}/microsoft.graph.send
        GET /users/{user-id}/messages/{message-id}
    """
    body: dict[str, Any] = {
        "subject": email.subject,
        "toRecipients": [{"emailAddress": {"address": each}} for each in email.to],
        "body": graph_body.encode(email.body),
    }
    if email.cc is not None:
        body["ccRecipients"] = [{"emailAddress": {"address": each}} for each in email.cc]
    if email.bcc is not None:
        body["bccRecipients"] = [{"emailAddress": {"address": each}} for each in email.bcc]
    body = input_validation.merge(body, ctx.extra, "Microsoft Graph")
    draft = yield from call(
        USERS_CREATE_MESSAGES,
        path=(ctx.connection["principal"],),
        json=body,
        schema=types.EmailsMicrosoftGraphEntity2,
        save_as="draft",
    )
    yield CreatedRecord(draft.id)
    yield from call(USERS_MESSAGES_SEND, path=(ctx.connection["principal"], draft.id))
    response, raw = yield from fetch(
        USERS_GET_MESSAGES,
        path=(ctx.connection["principal"], draft.id),
        query={"$select": SELECT},
        schema=types.EmailsMicrosoftGraphEntity,
    )
    return read_email(response, raw)


def reply(ctx: Context, id: str, email: EmailReply) -> Steps[Email]:
    """Reply to the sender of an email, in its thread. It cannot be taken back.

    In turn:
        POST /users/{user-id}/messages/{message-id}/microsoft.graph.createReply
        POST /users/{user-id}/messages/{message-id}/microsoft.graph.send
        GET /users/{user-id}/messages/{message-id}
    """
    message: dict[str, Any] = {"body": graph_body.encode(email.body)}
    if email.cc is not None:
        message["ccRecipients"] = [{"emailAddress": {"address": each}} for each in email.cc]
    if email.bcc is not None:
        message["bccRecipients"] = [{"emailAddress": {"address": each}} for each in email.bcc]
    body: dict[str, Any] = {"Message": message}
    draft = yield from call(
        USERS_MESSAGES_CREATE_REPLY,
        path=(ctx.connection["principal"], id),
        json=body,
        schema=types.EmailsMicrosoftGraphEntity2,
        save_as="draft",
    )
    yield CreatedRecord(draft.id)
    yield from call(USERS_MESSAGES_SEND, path=(ctx.connection["principal"], draft.id))
    response, raw = yield from fetch(
        USERS_GET_MESSAGES,
        path=(ctx.connection["principal"], draft.id),
        query={"$select": SELECT},
        schema=types.EmailsMicrosoftGraphEntity,
    )
    return read_email(response, raw)


def reply_all(ctx: Context, id: str, email: EmailReplyAll) -> Steps[Email]:
    """Reply to the sender and all recipients of an email. It cannot be taken back.

    In turn:
        POST /users/{user-id}/messages/{message-id}/microsoft.graph.createReplyAll
        POST /users/{user-id}/messages/{message-id}/microsoft.graph.send
        GET /users/{user-id}/messages/{message-id}
    """
    input_validation.reject_unsupported(email, REPLY_ALL_UNSUPPORTED, "Microsoft Graph")
    message: dict[str, Any] = {"body": graph_body.encode(email.body)}
    if email.bcc is not None:
        message["bccRecipients"] = [{"emailAddress": {"address": each}} for each in email.bcc]
    body: dict[str, Any] = {"Message": message}
    draft = yield from call(
        USERS_MESSAGES_CREATE_REPLY_ALL,
        path=(ctx.connection["principal"], id),
        json=body,
        schema=types.EmailsMicrosoftGraphEntity2,
        save_as="draft",
    )
    yield CreatedRecord(draft.id)
    yield from call(USERS_MESSAGES_SEND, path=(ctx.connection["principal"], draft.id))
    response, raw = yield from fetch(
        USERS_GET_MESSAGES,
        path=(ctx.connection["principal"], draft.id),
        query={"$select": SELECT},
        schema=types.EmailsMicrosoftGraphEntity,
    )
    return read_email(response, raw)


def forward(ctx: Context, id: str, email: EmailForward) -> Steps[Email]:
    """Forward an email with its files. It cannot be taken back.

    In turn:
        POST /users/{user-id}/messages/{message-id}/microsoft.graph.createForward
        PATCH /users/{user-id}/messages/{message-id}, if needed
        POST /users/{user-id}/messages/{message-id}/microsoft.graph.send
        GET /users/{user-id}/messages/{message-id}
    """
    body: dict[str, Any] = {"ToRecipients": [{"emailAddress": {"address": each}} for each in email.to]}
    if email.body is not None:
        body["Comment"] = email.body
    draft = yield from call(
        USERS_MESSAGES_CREATE_FORWARD,
        path=(ctx.connection["principal"], id),
        json=body,
        schema=types.EmailsMicrosoftGraphEntity2,
        save_as="draft",
    )
    yield CreatedRecord(draft.id)
    if email.cc is not None or email.bcc is not None:
        body_2: dict[str, Any] = {}
        if email.cc is not None:
            body_2["ccRecipients"] = [{"emailAddress": {"address": each}} for each in email.cc]
        if email.bcc is not None:
            body_2["bccRecipients"] = [{"emailAddress": {"address": each}} for each in email.bcc]
        yield from call(USERS_UPDATE_MESSAGES, path=(ctx.connection["principal"], draft.id), json=body_2)
    yield from call(USERS_MESSAGES_SEND, path=(ctx.connection["principal"], draft.id))
    response, raw = yield from fetch(
        USERS_GET_MESSAGES,
        path=(ctx.connection["principal"], draft.id),
        query={"$select": SELECT},
        schema=types.EmailsMicrosoftGraphEntity,
    )
    return read_email(response, raw)


def update(ctx: Context, id: str, email: EmailUpdate) -> Steps[Email]:
    """Mark an email as read or unread, star it, or remove the star.

    In turn:
        PATCH /users/{user-id}/messages/{message-id}
        GET /users/{user-id}/messages/{message-id}
    """
    body: dict[str, Any] = {}
    if email.unread is not None:
        body["isRead"] = UNREAD_WRITE[email.unread]
    if email.starred is not None:
        body["flag"] = {"flagStatus": STARRED_WRITE[email.starred]}
    yield from call(USERS_UPDATE_MESSAGES, path=(ctx.connection["principal"], id), json=body)
    response, raw = yield from fetch(
        USERS_GET_MESSAGES,
        path=(ctx.connection["principal"], id),
        query={"$select": SELECT},
        schema=types.EmailsMicrosoftGraphEntity,
    )
    return read_email(response, raw)


def move(ctx: Context, id: str, folder_id: str, email: EmailMove) -> Steps[Email]:
    """Move an email to another folder: POST /users/{user-id}/messages/{message-id}/microsoft.graph.move."""
    body: dict[str, Any] = {"DestinationId": folder_id}
    response, raw = yield from fetch(
        USERS_MESSAGES_MOVE, path=(ctx.connection["principal"], id), json=body, schema=types.EmailsMicrosoftGraphEntity
    )
    return read_email(response, raw)


def archive(ctx: Context, id: str, email: EmailArchive) -> Steps[Email]:
    """Move an email from the inbox to the archive: POST /users/{user-id}/messages/{message-id}/microsoft.graph.move."""
    body: dict[str, Any] = {"DestinationId": "archive"}
    response, raw = yield from fetch(
        USERS_MESSAGES_MOVE, path=(ctx.connection["principal"], id), json=body, schema=types.EmailsMicrosoftGraphEntity
    )
    return read_email(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Move an email to the trash: POST /users/{user-id}/messages/{message-id}/microsoft.graph.move."""
    body: dict[str, Any] = {"DestinationId": "deleteditems"}
    yield from call(USERS_MESSAGES_MOVE, path=(ctx.connection["principal"], id), json=body)


def read_email(r: types.EmailsMicrosoftGraphEntity, raw: Raw) -> Email:
    """Read a unified Email from a microsoft.graph.message of Microsoft Graph."""
    from_ = r.from_ or types.EmailsMicrosoftGraphRecipient()
    email_address = from_.email_address or types.EmailsMicrosoftGraphEmailAddress()
    flag = r.flag or types.MicrosoftGraphFollowupFlag()
    values: EmailValues = {
        "id": responses.required(r.id, "id", "Microsoft Graph"),
        "thread_id": r.conversation_id,
        "folder_ids": [r.parent_folder_id] if r.parent_folder_id is not None else [],
        "subject": r.subject,
        "sender": email_address.address,
        "sender_name": email_address.name,
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
        "reply_to": [
            found
            for each in r.reply_to or ()
            for found in ((each.email_address or types.MicrosoftGraphEmailAddress()).address,)
            if found is not None
        ],
        "snippet": r.body_preview,
        "unread": UNREAD_READ.get(r.is_read),
        "starred": STARRED_READ.get(flag.flag_status),
        "is_draft": r.is_draft,
        "attachments": [],
        "message_id": r.internet_message_id,
        "sent_at": (datetimes.decode(r.received_date_time) if r.received_date_time is not None else None)
        or (datetimes.decode(r.sent_date_time) if r.sent_date_time is not None else None),
        "url": r.web_link,
    }
    return make_email(values, raw, r.body)
