"""Google Chat messages, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Source, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import file_paths, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes, google_chat_message
from unified_runtime.adapter_api.query import google_filter
from unified_runtime.http import media
from . import types
from ...models.messages import (
    Attachment,
    Message,
    MessageFilters,
    MessagePin,
    MessageReact,
    MessageReply,
    MessageSearch,
    MessageSend,
    MessageSendFile,
    MessageUnpin,
    MessageUnreact,
    MessageUpdate,
    MessageValues,
    Reaction,
)

CHAT_SPACES_MESSAGES_GET = Endpoint(
    "chat.spaces.messages.get", "GET", "/v1/spaces/{spacesId}/messages/{messagesId}", Retry.SAFE
)
CHAT_SPACES_MESSAGES_LIST = Endpoint("chat.spaces.messages.list", "GET", "/v1/spaces/{spacesId}/messages", Retry.SAFE)
CHAT_SPACES_MESSAGES_CREATE = Endpoint(
    "chat.spaces.messages.create", "POST", "/v1/spaces/{spacesId}/messages", Retry.KEYED
)
CHAT_MEDIA_UPLOAD_UPLOAD = Endpoint(
    "chat.media.upload.upload", "POST", "/upload/v1/spaces/{spacesId}/attachments:upload", Retry.NEVER
)
CHAT_SPACES_MESSAGES_PATCH = Endpoint(
    "chat.spaces.messages.patch", "PATCH", "/v1/spaces/{spacesId}/messages/{messagesId}", Retry.NEVER
)
CHAT_SPACES_MESSAGES_DELETE = Endpoint(
    "chat.spaces.messages.delete", "DELETE", "/v1/spaces/{spacesId}/messages/{messagesId}", Retry.IDEMPOTENT
)
CHAT_SPACES_MESSAGES_REACTIONS_CREATE = Endpoint(
    "chat.spaces.messages.reactions.create",
    "POST",
    "/v1/spaces/{spacesId}/messages/{messagesId}/reactions",
    Retry.NEVER,
)
CHAT_SPACES_MEMBERS_GET = Endpoint(
    "chat.spaces.members.get", "GET", "/v1/spaces/{spacesId}/members/{membersId}", Retry.SAFE
)
CHAT_SPACES_MESSAGES_REACTIONS_LIST = Endpoint(
    "chat.spaces.messages.reactions.list", "GET", "/v1/spaces/{spacesId}/messages/{messagesId}/reactions", Retry.SAFE
)
CHAT_SPACES_MESSAGES_REACTIONS_DELETE = Endpoint(
    "chat.spaces.messages.reactions.delete",
    "DELETE",
    "/v1/spaces/{spacesId}/messages/{messagesId}/reactions/{reactionsId}",
    Retry.IDEMPOTENT,
)
CHAT_SPACES_MESSAGE_PINS_CREATE = Endpoint(
    "chat.spaces.messagePins.create", "POST", "/v1/spaces/{spacesId}/messagePins", Retry.NEVER
)
CHAT_SPACES_MESSAGE_PINS_DELETE = Endpoint(
    "chat.spaces.messagePins.delete", "DELETE", "/v1/spaces/{spacesId}/messagePins/{messagePinsId}", Retry.IDEMPOTENT
)
CHAT_SPACES_MESSAGES_SEARCH = Endpoint(
    "chat.spaces.messages.search", "POST", "/v1/spaces/{spacesId}/messages:search", Retry.SAFE
)

PATTERN_SPACES_SPACE_MESSAGES_MESSAGE = re.compile("spaces/(?P<space>[^/]+)/messages/(?P<message>[^/]+)")
PATTERN_SPACES_SPACE_MESSAGES = re.compile("spaces/(?P<space>[^/]+)/messages/.*")
PATTERN_SPACES_SPACE_MESSAGES_THREAD = re.compile("spaces/(?P<space>[^/]+)/messages/(?P<thread>[^/]+)\\..*")
PATTERN_SPACES_THREADS_ROOT = re.compile("spaces/.*/threads/(?P<root>[^/]+)")
PATTERN_USERS_USER = re.compile("users/(?P<user>[^/]+)")
make_message = record_factory(
    Message, "google-chat", absent=("reply_count", "url"), lazy={"text": LazyField(google_chat_message.decode)}
)
PATTERN_SPACE_MESSAGE = re.compile("([^/]+)/(.+)")
PATTERN_SPACE_THREAD_ROOT = re.compile("([^/]+)/([^\\.]+)\\.(.+)")
SEND_UNSUPPORTED = {"link_previews": "Google Chat shows a preview of the first link of each message"}
REPLY_UNSUPPORTED = {"link_previews": "Google Chat shows a preview of the first link of each message"}
UPDATE_NEVER_CLEARED = ("text",)
CHAT_SPACES_MESSAGES_PATCH_SENDS = frozenset(("text",))

FIELDS: dict[str, str] = {
    "spacesId": "channel_id",
    "text": "text",
    "filename": "name",
    "emoji.unicode": "emoji",
    "emoji": "emoji",
    "unicode": "emoji",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("send", "reply", "delete", "unreact", "unpin")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Message]:
    """Read a message: GET /v1/spaces/{spacesId}/messages/{messagesId}."""
    space, message_2 = input_validation.parts(PATTERN_SPACE_MESSAGE, id, "id")
    response, raw = yield from fetch(
        CHAT_SPACES_MESSAGES_GET,
        path=(space, message_2),
        query={"markupSyntax": "MARKUP_SYNTAX_MARKDOWN"},
        schema=types.Message,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Google Chat")
    return read_message(response, raw)


def list_(ctx: Context, filters: MessageFilters) -> Steps[Page[Message]]:
    """List the messages of a channel, newest first, or of a thread.

    One of:
        GET /v1/spaces/{spacesId}/messages/{messagesId}, then GET /v1/spaces/{spacesId}/messages
        GET /v1/spaces/{spacesId}/messages
    """
    space, thread, root = input_validation.optional_parts(PATTERN_SPACE_THREAD_ROOT, filters.thread_id, "thread_id")
    if filters.thread_id is not None:
        root_2 = yield from responses.looked_up(
            call(
                CHAT_SPACES_MESSAGES_GET, path=(space, f"{thread}.{root}"), schema=types.MessagesMessage, save_as="root"
            ),
            f"there is no message {filters.thread_id}",
            "InvalidInput",
        )
        clauses = [
            f"thread.name = {google_filter.text(str(responses.filter_value((root_2.thread or types.Thread()).name, 'root.thread.name', 'Google Chat')))}"
        ]
        if filters.created_after is not None:
            clauses.append(f"create_time > {google_filter.date_time(filters.created_after)}")
        if filters.created_before is not None:
            clauses.append(f"create_time < {google_filter.date_time(filters.created_before)}")
        query: dict[str, Any] = {
            "orderBy": "DESC",
            "markupSyntax": "MARKUP_SYNTAX_MARKDOWN",
            "filter": " AND ".join(clauses),
            "pageSize": input_validation.page_size(ctx.limit, 1000),
        }
        if ctx.cursor is not None:
            query["pageToken"] = ctx.cursor
        query = input_validation.merge(query, ctx.extra, "Google Chat")
        response, raw = yield from fetch(
            CHAT_SPACES_MESSAGES_LIST, path=(filters.channel_id,), query=query, schema=types.ListMessagesResponse
        )
        items = response.messages or []
        records = [
            read_message(each, raw.at("messages", index)) for index, each in enumerate(items) if _is_message(each)
        ]
        return Page(records, cursor=pagination.token(response.next_page_token))
    clauses_2: list[str] = []
    if filters.created_after is not None:
        clauses_2.append(f"create_time > {google_filter.date_time(filters.created_after)}")
    if filters.created_before is not None:
        clauses_2.append(f"create_time < {google_filter.date_time(filters.created_before)}")
    query_2: dict[str, Any] = {
        "orderBy": "DESC",
        "markupSyntax": "MARKUP_SYNTAX_MARKDOWN",
        "pageSize": input_validation.page_size(ctx.limit, 1000),
    }
    if clauses_2:
        query_2["filter"] = " AND ".join(clauses_2)
    if ctx.cursor is not None:
        query_2["pageToken"] = ctx.cursor
    query_2 = input_validation.merge(query_2, ctx.extra, "Google Chat")
    response_2, raw = yield from fetch(
        CHAT_SPACES_MESSAGES_LIST, path=(filters.channel_id,), query=query_2, schema=types.ListMessagesResponse
    )
    items_2 = response_2.messages or []
    records = [read_message(each, raw.at("messages", index)) for index, each in enumerate(items_2) if _is_message(each)]
    return Page(records, cursor=pagination.token(response_2.next_page_token))


def send(ctx: Context, message: MessageSend) -> Steps[Message]:
    """Send a message.

    In turn:
        POST /v1/spaces/{spacesId}/messages, if needed
        POST /v1/spaces/{spacesId}/messages, if needed
    """
    input_validation.reject_unsupported(message, SEND_UNSUPPORTED, "Google Chat")
    space, thread, _root = input_validation.optional_parts(PATTERN_SPACE_THREAD_ROOT, message.thread_id, "thread_id")
    found: tuple[types.Message, Raw] | None = None
    if message.thread_id is not None:
        body: dict[str, Any] = {
            "markupSyntax": "MARKUP_SYNTAX_MARKDOWN",
            "text": google_chat_message.encode(message.text),
            "thread": {"name": f"spaces/{space}/threads/{thread}"},
        }
        body = input_validation.merge(body, ctx.extra, "Google Chat")
        response, raw = yield from fetch(
            CHAT_SPACES_MESSAGES_CREATE,
            path=(message.channel_id,),
            query={"requestId": ctx.key_as("uuid"), "messageReplyOption": "REPLY_MESSAGE_OR_FAIL"},
            json=body,
            schema=types.Message,
        )
        found = response, raw
    if message.thread_id is None:
        body_2: dict[str, Any] = {
            "markupSyntax": "MARKUP_SYNTAX_MARKDOWN",
            "text": google_chat_message.encode(message.text),
        }
        body_2 = input_validation.merge(body_2, ctx.extra, "Google Chat")
        response_2, raw = yield from fetch(
            CHAT_SPACES_MESSAGES_CREATE,
            path=(message.channel_id,),
            query={"requestId": ctx.key_as("uuid")},
            json=body_2,
            schema=types.Message,
        )
        found = response_2, raw
    record, raw = responses.last_response(found, "Google Chat")
    if not _is_message(record):
        raise responses.wrong_resource("Message", "Google Chat")
    return read_message(record, raw)


def send_file(ctx: Context, channel_id: str, content: Source, message: MessageSendFile) -> Steps[None]:
    """Send a file as a message.

    In turn:
        POST /upload/v1/spaces/{spacesId}/attachments:upload
        POST /v1/spaces/{spacesId}/messages, if needed
        POST /v1/spaces/{spacesId}/messages, if needed
    """
    space, thread, _root = input_validation.optional_parts(PATTERN_SPACE_THREAD_ROOT, message.thread_id, "thread_id")
    body: dict[str, Any] = {"filename": message.name}
    uploaded, _raw = yield from media.related(
        CHAT_MEDIA_UPLOAD_UPLOAD,
        path=(channel_id,),
        query={"uploadType": "multipart"},
        content=content,
        content_type=message.mime_type or "application/octet-stream",
        json=body,
        schema=types.UploadAttachmentResponse,
        save_as="uploaded",
    )
    if message.thread_id is not None:
        body_2: dict[str, Any] = {"thread": {"name": f"spaces/{space}/threads/{thread}"}}
        if (uploaded.attachment_data_ref or types.AttachmentDataRef()).attachment_upload_token is not None:
            body_2["attachment"] = [
                {
                    "attachmentDataRef": {
                        "attachmentUploadToken": (
                            uploaded.attachment_data_ref or types.AttachmentDataRef()
                        ).attachment_upload_token
                    }
                }
            ]
        yield from call(
            CHAT_SPACES_MESSAGES_CREATE,
            path=(channel_id,),
            query={"requestId": ctx.key_as("uuid"), "messageReplyOption": "REPLY_MESSAGE_OR_FAIL"},
            json=body_2,
        )
    if message.thread_id is None:
        body_3: dict[str, Any] = {}
        if (uploaded.attachment_data_ref or types.AttachmentDataRef()).attachment_upload_token is not None:
            body_3["attachment"] = [
                {
                    "attachmentDataRef": {
                        "attachmentUploadToken": (
                            uploaded.attachment_data_ref or types.AttachmentDataRef()
                        ).attachment_upload_token
                    }
                }
            ]
        yield from call(
            CHAT_SPACES_MESSAGES_CREATE, path=(channel_id,), query={"requestId": ctx.key_as("uuid")}, json=body_3
        )


def reply(ctx: Context, id: str, message: MessageReply) -> Steps[Message]:
    """Reply in a message's thread.

    In turn:
        GET /v1/spaces/{spacesId}/messages/{messagesId}
        POST /v1/spaces/{spacesId}/messages
    """
    input_validation.reject_unsupported(message, REPLY_UNSUPPORTED, "Google Chat")
    space, message_2 = input_validation.parts(PATTERN_SPACE_MESSAGE, id, "id")
    seen = yield from call(
        CHAT_SPACES_MESSAGES_GET, path=(space, message_2), schema=types.MessagesMessage, save_as="seen"
    )
    body: dict[str, Any] = {"markupSyntax": "MARKUP_SYNTAX_MARKDOWN", "text": google_chat_message.encode(message.text)}
    if (seen.thread or types.Thread()).name is not None:
        body["thread"] = {"name": (seen.thread or types.Thread()).name}
    body = input_validation.merge(body, ctx.extra, "Google Chat")
    response, raw = yield from fetch(
        CHAT_SPACES_MESSAGES_CREATE,
        path=(space,),
        query={"requestId": ctx.key_as("uuid"), "messageReplyOption": "REPLY_MESSAGE_OR_FAIL"},
        json=body,
        schema=types.Message,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Google Chat")
    return read_message(response, raw)


def update(ctx: Context, id: str, message: MessageUpdate) -> Steps[Message]:
    """Edit a message.

    In turn:
        PATCH /v1/spaces/{spacesId}/messages/{messagesId}, if needed
        GET /v1/spaces/{spacesId}/messages/{messagesId}
    """
    given = input_validation.changes(message, ctx.extra, "Google Chat")
    input_validation.reject_clearing(message, given, UPDATE_NEVER_CLEARED, "Google Chat")
    space, message_2 = input_validation.parts(PATTERN_SPACE_MESSAGE, id, "id")
    if given & CHAT_SPACES_MESSAGES_PATCH_SENDS or ctx.extra:
        body: dict[str, Any] = {
            "markupSyntax": "MARKUP_SYNTAX_MARKDOWN",
            "text": google_chat_message.encode(message.text),
        }
        body = input_validation.merge(body, ctx.extra, "Google Chat")
        yield from call(CHAT_SPACES_MESSAGES_PATCH, path=(space, message_2), query={"updateMask": "text"}, json=body)
    response, raw = yield from fetch(
        CHAT_SPACES_MESSAGES_GET,
        path=(space, message_2),
        query={"markupSyntax": "MARKUP_SYNTAX_MARKDOWN"},
        schema=types.Message,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Google Chat")
    return read_message(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a message: DELETE /v1/spaces/{spacesId}/messages/{messagesId}."""
    space, message_2 = input_validation.parts(PATTERN_SPACE_MESSAGE, id, "id")
    yield from call(CHAT_SPACES_MESSAGES_DELETE, path=(space, message_2), query=ctx.extra or None)


def react(ctx: Context, id: str, message: MessageReact) -> Steps[Message]:
    """React to a message with an emoji.

    In turn:
        POST /v1/spaces/{spacesId}/messages/{messagesId}/reactions
        GET /v1/spaces/{spacesId}/messages/{messagesId}
    """
    space, message_2 = input_validation.parts(PATTERN_SPACE_MESSAGE, id, "id")
    body: dict[str, Any] = {"emoji": {"unicode": message.emoji}}
    yield from call(CHAT_SPACES_MESSAGES_REACTIONS_CREATE, path=(space, message_2), json=body)
    response, raw = yield from fetch(
        CHAT_SPACES_MESSAGES_GET,
        path=(space, message_2),
        query={"markupSyntax": "MARKUP_SYNTAX_MARKDOWN"},
        schema=types.Message,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Google Chat")
    return read_message(response, raw)


def unreact(ctx: Context, id: str, message: MessageUnreact) -> Steps[Message]:
    """Take back a reaction of one's own.

    In turn:
        GET /v1/spaces/{spacesId}/members/{membersId}
        GET /v1/spaces/{spacesId}/messages/{messagesId}/reactions
        DELETE /v1/spaces/{spacesId}/messages/{messagesId}/reactions/{reactionsId}
        GET /v1/spaces/{spacesId}/messages/{messagesId}
    """
    space, message_2 = input_validation.parts(PATTERN_SPACE_MESSAGE, id, "id")
    me = yield from call(
        CHAT_SPACES_MEMBERS_GET, path=(space, ctx.connection["user_id"]), schema=types.MessagesMembership, save_as="me"
    )
    clauses = [f"emoji.unicode = {google_filter.text(message.emoji)}"]
    if (me.member or types.MessagesUser()).name is not None:
        clauses.append(f"user.name = {google_filter.text(str((me.member or types.MessagesUser()).name))}")
    reaction_response = yield from call(
        CHAT_SPACES_MESSAGES_REACTIONS_LIST,
        path=(space, message_2),
        query={"filter": " AND ".join(clauses)},
        schema=types.ListReactionsResponse,
        save_as="reaction",
    )
    first_reactions = (reaction_response.reactions or (None,))[0] or types.Reaction()
    responses.check_complete(reaction_response.next_page_token, "Google Chat")
    reaction = responses.found(first_reactions.name, f"you have not reacted with {message.emoji}", "Conflict")
    yield from call(CHAT_SPACES_MESSAGES_REACTIONS_DELETE, path=(space, message_2, f"{file_paths.name(reaction)}"))
    response, raw = yield from fetch(
        CHAT_SPACES_MESSAGES_GET,
        path=(space, message_2),
        query={"markupSyntax": "MARKUP_SYNTAX_MARKDOWN"},
        schema=types.Message,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Google Chat")
    return read_message(response, raw)


def pin(ctx: Context, id: str, message: MessagePin) -> Steps[None]:
    """Pin a message to its channel: POST /v1/spaces/{spacesId}/messagePins."""
    space, message_2 = input_validation.parts(PATTERN_SPACE_MESSAGE, id, "id")
    body: dict[str, Any] = {"message": f"spaces/{space}/messages/{message_2}"}
    yield from call(CHAT_SPACES_MESSAGE_PINS_CREATE, path=(space,), json=body)


def unpin(ctx: Context, id: str, message: MessageUnpin) -> Steps[None]:
    """Unpin a message: DELETE /v1/spaces/{spacesId}/messagePins/{messagePinsId}."""
    space, message_2 = input_validation.parts(PATTERN_SPACE_MESSAGE, id, "id")
    yield from call(CHAT_SPACES_MESSAGE_PINS_DELETE, path=(space, message_2))


def search(ctx: Context, filters: MessageSearch) -> Steps[Page[Message]]:
    """Search messages by text, newest first: POST /v1/spaces/{spacesId}/messages:search."""
    clauses = [f"{google_filter.contains(filters.query)}"]
    if filters.created_after is not None:
        clauses.append(f"create_time >= {google_filter.date_time(filters.created_after)}")
    if filters.created_before is not None:
        clauses.append(f"create_time < {google_filter.date_time(filters.created_before)}")
    body: dict[str, Any] = {
        "orderBy": "create_time desc",
        "markupSyntax": "MARKUP_SYNTAX_MARKDOWN",
        "filter": " AND ".join(clauses),
        "pageSize": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        body["pageToken"] = ctx.cursor
    response, raw = yield from fetch(
        CHAT_SPACES_MESSAGES_SEARCH, path=("-",), json=body, schema=types.SearchMessagesResponse
    )
    items = response.results or []
    records = [
        read_message(inner, raw.at("results", index, "message"))
        for index, each in enumerate(items)
        for inner in (each.message,)
        if inner is not None and _is_message(inner)
    ]
    if filters.channel_id is not None:
        records = [each for each in records if each.channel_id == filters.channel_id]
    return Page(records, cursor=pagination.token(response.next_page_token))


def _read_attachment(r: types.Attachment) -> Attachment:
    return Attachment(name=r.content_name, mime_type=r.content_type, url=r.download_uri)


def _read_reaction(r: types.EmojiReactionSummary) -> Reaction:
    emoji = r.emoji or types.Emoji()
    custom_emoji = emoji.custom_emoji or types.CustomEmoji()
    return Reaction(emoji=emoji.unicode or custom_emoji.emoji_name, count=r.reaction_count)


def read_message(r: types.Message, raw: Raw) -> Message:
    """Read a unified Message from a Message of Google Chat."""
    space_message = PATTERN_SPACES_SPACE_MESSAGES_MESSAGE.fullmatch(r.name or "")
    space = PATTERN_SPACES_SPACE_MESSAGES.fullmatch(r.name or "")
    space_thread = PATTERN_SPACES_SPACE_MESSAGES_THREAD.fullmatch(r.name or "")
    thread = r.thread or types.Thread()
    root = PATTERN_SPACES_THREADS_ROOT.fullmatch(thread.name or "")
    sender = r.sender or types.User()
    user = PATTERN_USERS_USER.fullmatch(sender.name or "")
    values: MessageValues = {
        "id": responses.required(
            f"{(space_message and space_message['space'])}/{(space_message and space_message['message'])}"
            if (space_message and space_message["space"]) is not None
            and (space_message and space_message["message"]) is not None
            else None,
            "id",
            "Google Chat",
        ),
        "channel_id": f"{(space and space['space'])}" if (space and space["space"]) is not None else None,
        "thread_id": f"{(space_thread and space_thread['space'])}/{(space_thread and space_thread['thread'])}.{(root and root['root'])}"
        if (space_thread and space_thread["space"]) is not None
        and (space_thread and space_thread["thread"]) is not None
        and (root and root["root"]) is not None
        else None,
        "author_id": f"{(user and user['user'])}" if (user and user["user"]) is not None else None,
        "author_name": sender.display_name,
        "attachments": [_read_attachment(each) for each in r.attachment or ()],
        "reactions": [_read_reaction(each) for each in r.emoji_reaction_summaries or ()],
        "reply_count": None,
        "created_at": datetimes.decode(r.create_time) if r.create_time is not None else None,
        "edited_at": datetimes.decode(r.last_update_time) if r.last_update_time is not None else None,
        "url": None,
    }
    return make_message(values, raw, raw)


def _is_message(r: types.Message) -> bool:
    return not r.delete_time
