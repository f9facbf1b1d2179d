"""Slack messages, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Source, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import file_paths, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import emoji_names, epoch_seconds, slack_message
from unified_runtime.adapter_api.query import slack
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

CHAT_POST_MESSAGE = Endpoint("chat_postMessage", "POST", "/chat.postMessage", Retry.NEVER)
REACTIONS_GET = Endpoint("reactions_get", "GET", "/reactions.get", Retry.SAFE)
FILES_COMPLETE_UPLOAD_EXTERNAL = Endpoint(
    "files_completeUploadExternal", "POST", "/files.completeUploadExternal", Retry.NEVER
)
FILES_GET_UPLOAD_URL_EXTERNAL = Endpoint(
    "files_getUploadURLExternal", "POST", "/files.getUploadURLExternal", Retry.NEVER
)
CHAT_DELETE = Endpoint("chat_delete", "POST", "/chat.delete", Retry.NEVER)
CHAT_UPDATE = Endpoint("chat_update", "POST", "/chat.update", Retry.NEVER)
REACTIONS_ADD = Endpoint("reactions_add", "POST", "/reactions.add", Retry.NEVER)
REACTIONS_REMOVE = Endpoint("reactions_remove", "POST", "/reactions.remove", Retry.NEVER)
PINS_ADD = Endpoint("pins_add", "POST", "/pins.add", Retry.NEVER)
PINS_REMOVE = Endpoint("pins_remove", "POST", "/pins.remove", Retry.NEVER)
CONVERSATIONS_REPLIES = Endpoint("conversations_replies", "GET", "/conversations.replies", Retry.SAFE)
CONVERSATIONS_HISTORY = Endpoint("conversations_history", "GET", "/conversations.history", Retry.SAFE)
SEARCH_MESSAGES = Endpoint("search_messages", "GET", "/search.messages", Retry.SAFE)

make_message = record_factory(Message, "slack", lazy={"text": LazyField(slack_message.decode)})
PATTERN_CHANNEL_TS = re.compile("([^:]+):(.+)")
UPDATE_NEVER_CLEARED = ("text",)
CHAT_UPDATE_SENDS = frozenset(("text",))

FIELDS: dict[str, str] = {
    "channel": "channel_id",
    "unfurl_links": "link_previews",
    "unfurl_media": "link_previews",
    "text": "text",
    "channel_id": "channel_id",
    "files.title": "name",
    "name": "emoji",
    "oldest": "created_after",
    "latest": "created_before",
    "files": "name",
    "title": "name",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def send(ctx: Context, message: MessageSend) -> Steps[Message]:
    """Send a message: POST /chat.postMessage."""
    _channel, ts = input_validation.optional_parts(PATTERN_CHANNEL_TS, message.thread_id, "thread_id")
    body: dict[str, Any] = {
        "channel": input_validation.matching(message.channel_id, "^[CGD][A-Z0-9]{8,}$", "channel_id", "Slack"),
        "text": slack_message.encode(message.text),
    }
    if ts is not None:
        body["thread_ts"] = ts
    if message.link_previews is not None:
        body["unfurl_links"] = message.link_previews
    if message.link_previews is not None:
        body["unfurl_media"] = message.link_previews
    body = input_validation.merge(body, ctx.extra, "Slack")
    body = input_validation.default(body, {"unfurl_links": False})
    body = input_validation.default(body, {"unfurl_media": False})
    response, raw = yield from fetch(CHAT_POST_MESSAGE, form=body, schema=types.ChatPostMessageResponse)
    record = responses.required(response.message, "message", "Slack")
    if not _is_message(record):
        raise responses.wrong_resource("Message", "Slack")
    return read_message(ctx, record, raw.at("message"), channel=message.channel_id)


def reply(ctx: Context, id: str, message: MessageReply) -> Steps[Message]:
    """Reply in a message's thread.

    In turn:
        GET /reactions.get
        POST /chat.postMessage
    """
    channel, ts = input_validation.parts(PATTERN_CHANNEL_TS, id, "id")
    seen_response = yield from call(
        REACTIONS_GET,
        query={"channel": channel, "timestamp": ts, "full": True},
        schema=types.SeenResponse,
        save_as="seen",
    )
    seen = seen_response.message or types.MessagesObjsMessage()
    body: dict[str, Any] = {
        "channel": input_validation.matching(channel, "^[CGD][A-Z0-9]{8,}$", "id", "Slack"),
        "text": slack_message.encode(message.text),
        "thread_ts": seen.thread_ts if seen.thread_ts is not None else ts,
    }
    if message.link_previews is not None:
        body["unfurl_links"] = message.link_previews
    if message.link_previews is not None:
        body["unfurl_media"] = message.link_previews
    body = input_validation.merge(body, ctx.extra, "Slack")
    body = input_validation.default(body, {"unfurl_links": False})
    body = input_validation.default(body, {"unfurl_media": False})
    response, raw = yield from fetch(CHAT_POST_MESSAGE, form=body, schema=types.ChatPostMessageResponse)
    record = responses.required(response.message, "message", "Slack")
    if not _is_message(record):
        raise responses.wrong_resource("Message", "Slack")
    return read_message(ctx, record, raw.at("message"), channel=channel)


def send_file(ctx: Context, channel_id: str, content: Source, message: MessageSendFile) -> Steps[None]:
    """Send a file as a message: POST /files.completeUploadExternal."""
    _channel, ts = input_validation.optional_parts(PATTERN_CHANNEL_TS, message.thread_id, "thread_id")
    body: dict[str, Any] = {
        "channel_id": input_validation.matching(channel_id, "^[CGD][A-Z0-9]{8,}$", "channel_id", "Slack"),
        "files": [{"title": message.name}],
    }
    if ts is not None:
        body["thread_ts"] = ts
    yield from media.slack_upload(
        FILES_COMPLETE_UPLOAD_EXTERNAL,
        content=content,
        content_type=message.mime_type or "application/octet-stream",
        form=body,
        schema=dict[str, Any],
        start=FILES_GET_UPLOAD_URL_EXTERNAL,
    )


def get(ctx: Context, id: str) -> Steps[Message]:
    """Read a message: GET /reactions.get."""
    channel, ts = input_validation.parts(PATTERN_CHANNEL_TS, id, "id")
    response, raw = yield from fetch(
        REACTIONS_GET, query={"channel": channel, "timestamp": ts, "full": True}, schema=types.ReactionsGetResponse
    )
    record = responses.required(response.message, "message", "Slack")
    if not _is_message(record):
        raise responses.wrong_resource("Message", "Slack")
    return read_message(ctx, record, raw.at("message"), channel=channel)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a message: POST /chat.delete."""
    channel, ts = input_validation.parts(PATTERN_CHANNEL_TS, id, "id")
    body: dict[str, Any] = {
        "channel": input_validation.matching(channel, "^[CGD][A-Z0-9]{8,}$", "id", "Slack"),
        "ts": ts,
    }
    body = input_validation.merge(body, ctx.extra, "Slack")
    yield from call(CHAT_DELETE, form=body)


def update(ctx: Context, id: str, message: MessageUpdate) -> Steps[Message]:
    """Edit a message.

    In turn:
        POST /chat.update, if needed
        GET /reactions.get
    """
    given = input_validation.changes(message, ctx.extra, "Slack")
    input_validation.reject_clearing(message, given, UPDATE_NEVER_CLEARED, "Slack")
    channel, ts = input_validation.parts(PATTERN_CHANNEL_TS, id, "id")
    if given & CHAT_UPDATE_SENDS or ctx.extra:
        body: dict[str, Any] = {
            "channel": input_validation.matching(channel, "^[CGD][A-Z0-9]{8,}$", "id", "Slack"),
            "ts": ts,
            "text": slack_message.encode(message.text),
        }
        body = input_validation.merge(body, ctx.extra, "Slack")
        yield from call(CHAT_UPDATE, form=body)
    response, raw = yield from fetch(
        REACTIONS_GET, query={"channel": channel, "timestamp": ts, "full": True}, schema=types.ReactionsGetResponse
    )
    record = responses.required(response.message, "message", "Slack")
    if not _is_message(record):
        raise responses.wrong_resource("Message", "Slack")
    return read_message(ctx, record, raw.at("message"), channel=channel)


def react(ctx: Context, id: str, message: MessageReact) -> Steps[Message]:
    """React to a message with an emoji.

    In turn:
        POST /reactions.add
        GET /reactions.get
    """
    channel, ts = input_validation.parts(PATTERN_CHANNEL_TS, id, "id")
    body: dict[str, Any] = {
        "channel": input_validation.matching(channel, "^[CGD][A-Z0-9]{8,}$", "id", "Slack"),
        "timestamp": ts,
        "name": emoji_names.encode(message.emoji),
    }
    yield from call(REACTIONS_ADD, form=body)
    response, raw = yield from fetch(
        REACTIONS_GET, query={"channel": channel, "timestamp": ts, "full": True}, schema=types.ReactionsGetResponse
    )
    record = responses.required(response.message, "message", "Slack")
    if not _is_message(record):
        raise responses.wrong_resource("Message", "Slack")
    return read_message(ctx, record, raw.at("message"), channel=channel)


def unreact(ctx: Context, id: str, message: MessageUnreact) -> Steps[Message]:
    """Take back a reaction of one's own.

    In turn:
        POST /reactions.remove
        GET /reactions.get
    """
    channel, ts = input_validation.parts(PATTERN_CHANNEL_TS, id, "id")
    body: dict[str, Any] = {
        "channel": input_validation.matching(channel, "^[CGD][A-Z0-9]{8,}$", "id", "Slack"),
        "timestamp": ts,
        "name": emoji_names.encode(message.emoji),
    }
    yield from call(REACTIONS_REMOVE, form=body)
    response, raw = yield from fetch(
        REACTIONS_GET, query={"channel": channel, "timestamp": ts, "full": True}, schema=types.ReactionsGetResponse
    )
    record = responses.required(response.message, "message", "Slack")
    if not _is_message(record):
        raise responses.wrong_resource("Message", "Slack")
    return read_message(ctx, record, raw.at("message"), channel=channel)


def pin(ctx: Context, id: str, message: MessagePin) -> Steps[None]:
    """Pin a message to its channel: POST /pins.add."""
    channel, ts = input_validation.parts(PATTERN_CHANNEL_TS, id, "id")
    body: dict[str, Any] = {
        "channel": input_validation.matching(channel, "^[CGD][A-Z0-9]{8,}$", "id", "Slack"),
        "timestamp": ts,
    }
    yield from call(PINS_ADD, form=body)


def unpin(ctx: Context, id: str, message: MessageUnpin) -> Steps[None]:
    """Unpin a message: POST /pins.remove."""
    channel, ts = input_validation.parts(PATTERN_CHANNEL_TS, id, "id")
    body: dict[str, Any] = {
        "channel": input_validation.matching(channel, "^[CGD][A-Z0-9]{8,}$", "id", "Slack"),
        "timestamp": ts,
    }
    yield from call(PINS_REMOVE, form=body)


def list_(ctx: Context, filters: MessageFilters) -> Steps[Page[Message]]:
    """List the messages of a channel, newest first, or of a thread.

    One of:
        GET /conversations.replies
        GET /conversations.history
    """
    _channel, ts = input_validation.optional_parts(PATTERN_CHANNEL_TS, filters.thread_id, "thread_id")
    if filters.thread_id is not None:
        query: dict[str, Any] = {
            "channel": input_validation.matching(filters.channel_id, "^[CGD][A-Z0-9]{8,}$", "channel_id", "Slack"),
            "ts": ts,
            "inclusive": True,
            "limit": input_validation.page_size(ctx.limit, 200),
        }
        if filters.created_after is not None:
            query["oldest"] = epoch_seconds.encode(filters.created_after)
        if filters.created_before is not None:
            query["latest"] = epoch_seconds.encode(filters.created_before)
        if ctx.cursor is not None:
            query["cursor"] = ctx.cursor
        response, raw = yield from fetch(CONVERSATIONS_REPLIES, query=query, schema=types.ConversationsRepliesResponse)
        items = response.messages or []
        records = [
            read_message(ctx, each, raw.at("messages", index), channel=filters.channel_id)
            for index, each in enumerate(items)
            if _is_message(each)
        ]
        if filters.created_after is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at >= filters.created_after
            ]
        if filters.created_before is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at < filters.created_before
            ]
        response_metadata = response.response_metadata or types.ConversationsRepliesResponseResponseMetadata()
        return Page(records, cursor=pagination.token(response_metadata.next_cursor))
    query_2: dict[str, Any] = {
        "channel": input_validation.matching(filters.channel_id, "^[CGD][A-Z0-9]{8,}$", "channel_id", "Slack"),
        "inclusive": True,
        "limit": input_validation.page_size(ctx.limit, 200),
    }
    if filters.created_after is not None:
        query_2["oldest"] = epoch_seconds.encode(filters.created_after)
    if filters.created_before is not None:
        query_2["latest"] = epoch_seconds.encode(filters.created_before)
    if ctx.cursor is not None:
        query_2["cursor"] = ctx.cursor
    response_2, raw = yield from fetch(CONVERSATIONS_HISTORY, query=query_2, schema=types.ConversationsHistoryResponse)
    items_2 = response_2.messages or []
    records = [
        read_message(ctx, each, raw.at("messages", index), channel=filters.channel_id)
        for index, each in enumerate(items_2)
        if _is_message(each)
    ]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.created_before is not None:
        records = [each for each in records if each.created_at is not None and each.created_at < filters.created_before]
    response_metadata_2 = response_2.response_metadata or types.ConversationsHistoryResponseResponseMetadata()
    return Page(records, cursor=pagination.token(response_metadata_2.next_cursor))


def search(ctx: Context, filters: MessageSearch) -> Steps[Page[Message]]:
    """Search messages by text, newest first: GET /search.messages."""
    clauses = [f"{slack.contains(filters.query)}"]
    if filters.channel_id is not None:
        clauses.append(f"in:{slack.text(filters.channel_id)}")
    start = pagination.number(ctx.cursor, 1)
    query: dict[str, Any] = {
        "sort": "timestamp",
        "sort_dir": "desc",
        "query": " ".join(clauses),
        "count": input_validation.page_size(ctx.limit, 100),
    }
    query["page"] = start
    query = input_validation.merge(query, ctx.extra, "Slack")
    response, raw = yield from fetch(SEARCH_MESSAGES, query=query, schema=types.SearchMessagesResponse)
    messages = response.messages or types.SearchMessagesResponseMessages()
    items = messages.matches or []
    records = [
        read_message(
            ctx,
            each,
            raw.at("messages", "matches", index),
            channel=responses.required((each.channel or types.ObjsMessageChannel()).id, "channel", "Slack"),
        )
        for index, each in enumerate(items)
        if _is_message(each)
    ]
    if filters.channel_id is not None:
        records = [each for each in records if each.channel_id == filters.channel_id]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.created_before is not None:
        records = [each for each in records if each.created_at is not None and each.created_at < filters.created_before]
    messages_2 = response.messages or types.SearchMessagesResponseMessages()
    paging = messages_2.paging or types.SearchMessagesResponseMessagesPaging()
    return Page(
        records,
        cursor=pagination.after_page(
            start, len(items), size=input_validation.page_size(ctx.limit, 100), total=paging.total
        ),
    )


def _read_attachment(r: types.ObjsFile) -> Attachment:
    return Attachment(name=r.name, mime_type=r.mimetype, size=r.size, url=r.url_private)


def _read_reaction(r: types.ObjsReaction) -> Reaction:
    return Reaction(
        emoji=emoji_names.decode(r.name) if r.name is not None else None, count=r.count, user_ids=r.users or []
    )


def read_message(ctx: Context, r: types.ObjsMessage, raw: Raw, *, channel: str) -> Message:
    """Read a unified Message from an objs_message of Slack."""
    bot_profile = r.bot_profile or types.ObjsBotProfile()
    user_profile = r.user_profile or types.ObjsUserProfileShort()
    edited = r.edited or types.ObjsMessageEdited()
    values: MessageValues = {
        "id": responses.required(f"{channel}:{r.ts}" if r.ts is not None else None, "id", "Slack"),
        "channel_id": channel,
        "thread_id": f"{channel}:{r.thread_ts}" if r.thread_ts is not None else None,
        "author_id": r.user or r.bot_id,
        "author_name": r.username or bot_profile.name or user_profile.real_name,
        "attachments": [_read_attachment(each) for each in r.files or ()],
        "reactions": [_read_reaction(each) for each in r.reactions or ()],
        "reply_count": r.reply_count,
        "created_at": epoch_seconds.decode(r.ts) if r.ts is not None else None,
        "edited_at": epoch_seconds.decode(edited.ts) if edited.ts is not None else None,
        "url": f"https://{ctx.connection.get('workspace')}.slack.com/archives/{channel}/p{file_paths.digits(r.ts)}"
        if r.ts is not None and ctx.connection.get("workspace") is not None
        else None,
    }
    return make_message(values, raw, raw)


def _is_message(r: types.ObjsMessage) -> bool:
    return not (
        (
            (
                (((r.subtype == "channel_join") or (r.subtype == "channel_leave")) or (r.subtype == "channel_topic"))
                or (r.subtype == "channel_purpose")
            )
            or (r.subtype == "channel_name")
        )
        or (r.subtype == "tombstone")
    )
