"""Discord messages, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Source, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes, discord_message
from unified_runtime.http import media
from . import batches, types
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

GET_MESSAGE = Endpoint("get_message", "GET", "/channels/{channel_id}/messages/{message_id}", Retry.SAFE)
CREATE_MESSAGE = Endpoint("create_message", "POST", "/channels/{channel_id}/messages", Retry.KEYED)
UPDATE_MESSAGE = Endpoint("update_message", "PATCH", "/channels/{channel_id}/messages/{message_id}", Retry.NEVER)
DELETE_MESSAGE = Endpoint(
    "delete_message",
    "DELETE",
    "/channels/{channel_id}/messages/{message_id}",
    Retry.IDEMPOTENT,
    batch=batches.BULK_DELETE_MESSAGES_IDEMPOTENT,
)
ADD_MY_MESSAGE_REACTION = Endpoint(
    "add_my_message_reaction",
    "PUT",
    "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
    Retry.IDEMPOTENT,
)
DELETE_MY_MESSAGE_REACTION = Endpoint(
    "delete_my_message_reaction",
    "DELETE",
    "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
    Retry.IDEMPOTENT,
)
CREATE_PIN = Endpoint("create_pin", "PUT", "/channels/{channel_id}/messages/pins/{message_id}", Retry.IDEMPOTENT)
DELETE_PIN = Endpoint("delete_pin", "DELETE", "/channels/{channel_id}/messages/pins/{message_id}", Retry.IDEMPOTENT)
LIST_MESSAGES = Endpoint("list_messages", "GET", "/channels/{channel_id}/messages", Retry.SAFE)
GUILD_SEARCH = Endpoint("guild_search", "GET", "/guilds/{guild_id}/messages/search", Retry.SAFE)

make_message = record_factory(
    Message, "discord", absent=("reply_count", "url"), lazy={"text": LazyField(discord_message.decode)}
)
PATTERN_CHANNEL_ID_MESSAGE_ID = re.compile("([^/]+)/(.+)")
LINK_PREVIEWS_WRITE: dict[Any, Any] = {True: 0, False: 4}
UPDATE_NEVER_CLEARED = ("text",)

FIELDS: dict[str, str] = {
    "channel_id": "channel_id",
    "flags": "link_previews",
    "content": "text",
    "attachments.filename": "name",
    "emoji_name": "emoji",
    "attachments": "name",
    "filename": "name",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

BATCHES: dict[str, int] = {"delete": 100}
"""Operations that can be batched, with the largest batch."""

REPEATABLE: tuple[str, ...] = ("send", "reply", "delete", "react", "unreact", "pin", "unpin")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Message]:
    """Read a message: GET /channels/{channel_id}/messages/{message_id}."""
    channel_id, message_id = input_validation.parts(PATTERN_CHANNEL_ID_MESSAGE_ID, id, "id")
    response, raw = yield from fetch(
        GET_MESSAGE,
        path=(
            input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
            input_validation.matching(message_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
        ),
        schema=types.MessageResponse,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Discord")
    return read_message(response, raw)


def send(ctx: Context, message: MessageSend) -> Steps[Message]:
    """Send a message: POST /channels/{channel_id}/messages."""
    _channel_id, message_id = input_validation.optional_parts(
        PATTERN_CHANNEL_ID_MESSAGE_ID, message.thread_id, "thread_id"
    )
    body: dict[str, Any] = {
        "nonce": ctx.key_as("short"),
        "enforce_nonce": True,
        "allowed_mentions": {"parse": ["users", "roles"]},
        "content": input_validation.at_most(discord_message.encode(message.text), 4000, "text", "Discord"),
    }
    if message_id is not None:
        body["message_reference"] = {
            "message_id": input_validation.matching(message_id, "^(0|[1-9][0-9]*)$", "thread_id", "Discord")
        }
    if message.link_previews is not None:
        body["flags"] = LINK_PREVIEWS_WRITE[message.link_previews]
    body = input_validation.merge(body, ctx.extra, "Discord")
    body = input_validation.default(body, {"flags": 4})
    response, raw = yield from fetch(
        CREATE_MESSAGE,
        path=(input_validation.matching(message.channel_id, "^(0|[1-9][0-9]*)$", "channel_id", "Discord"),),
        json=body,
        schema=types.MessageResponse,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Discord")
    return read_message(response, raw)


def reply(ctx: Context, id: str, message: MessageReply) -> Steps[Message]:
    """Reply in a message's thread: POST /channels/{channel_id}/messages."""
    channel_id, message_id = input_validation.parts(PATTERN_CHANNEL_ID_MESSAGE_ID, id, "id")
    body: dict[str, Any] = {
        "message_reference": {
            "message_id": input_validation.matching(message_id, "^(0|[1-9][0-9]*)$", "id", "Discord")
        },
        "nonce": ctx.key_as("short"),
        "enforce_nonce": True,
        "allowed_mentions": {"parse": ["users", "roles"]},
        "content": input_validation.at_most(discord_message.encode(message.text), 4000, "text", "Discord"),
    }
    if message.link_previews is not None:
        body["flags"] = LINK_PREVIEWS_WRITE[message.link_previews]
    body = input_validation.merge(body, ctx.extra, "Discord")
    body = input_validation.default(body, {"flags": 4})
    response, raw = yield from fetch(
        CREATE_MESSAGE,
        path=(input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),),
        json=body,
        schema=types.MessageResponse,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Discord")
    return read_message(response, raw)


def send_file(ctx: Context, channel_id: str, content: Source, message: MessageSendFile) -> Steps[None]:
    """Send a file as a message: POST /channels/{channel_id}/messages."""
    _channel_id, message_id = input_validation.optional_parts(
        PATTERN_CHANNEL_ID_MESSAGE_ID, message.thread_id, "thread_id"
    )
    first_attachments: dict[str, Any] = {
        "filename": input_validation.bounded(message.name, "name", "Discord", min_length=1, max_length=1024),
        "id": "0",
    }
    attachments: list[Any] = [first_attachments]
    body: dict[str, Any] = {"nonce": ctx.key_as("short"), "enforce_nonce": True, "attachments": attachments}
    if message_id is not None:
        body["message_reference"] = {
            "message_id": input_validation.matching(message_id, "^(0|[1-9][0-9]*)$", "thread_id", "Discord")
        }
    yield from media.discord_form(
        CREATE_MESSAGE,
        path=(input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "channel_id", "Discord"),),
        content=content,
        content_type=message.mime_type or "application/octet-stream",
        json=body,
        schema=dict[str, Any],
    )


def update(ctx: Context, id: str, message: MessageUpdate) -> Steps[Message]:
    """Edit a message: PATCH /channels/{channel_id}/messages/{message_id}."""
    given = input_validation.changes(message, ctx.extra, "Discord")
    input_validation.reject_clearing(message, given, UPDATE_NEVER_CLEARED, "Discord")
    channel_id, message_id = input_validation.parts(PATTERN_CHANNEL_ID_MESSAGE_ID, id, "id")
    body: dict[str, Any] = {
        "allowed_mentions": {"parse": ["users", "roles"]},
        "content": input_validation.at_most(discord_message.encode(message.text), 4000, "text", "Discord"),
    }
    body = input_validation.merge(body, ctx.extra, "Discord")
    response, raw = yield from fetch(
        UPDATE_MESSAGE,
        path=(
            input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
            input_validation.matching(message_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
        ),
        json=body,
        schema=types.MessageResponse,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Discord")
    return read_message(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a message: DELETE /channels/{channel_id}/messages/{message_id}."""
    channel_id, message_id = input_validation.parts(PATTERN_CHANNEL_ID_MESSAGE_ID, id, "id")
    yield from call(
        DELETE_MESSAGE,
        path=(
            input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
            input_validation.matching(message_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
        ),
    )


def react(ctx: Context, id: str, message: MessageReact) -> Steps[Message]:
    """React to a message with an emoji.

    In turn:
        PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me
        GET /channels/{channel_id}/messages/{message_id}
    """
    channel_id, message_id = input_validation.parts(PATTERN_CHANNEL_ID_MESSAGE_ID, id, "id")
    yield from call(
        ADD_MY_MESSAGE_REACTION,
        path=(
            input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
            input_validation.matching(message_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
            input_validation.at_most(message.emoji, 152133, "emoji", "Discord"),
        ),
    )
    response, raw = yield from fetch(
        GET_MESSAGE,
        path=(
            input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
            input_validation.matching(message_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
        ),
        schema=types.MessageResponse,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Discord")
    return read_message(response, raw)


def unreact(ctx: Context, id: str, message: MessageUnreact) -> Steps[Message]:
    """Take back a reaction of one's own.

    In turn:
        DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me
        GET /channels/{channel_id}/messages/{message_id}
    """
    channel_id, message_id = input_validation.parts(PATTERN_CHANNEL_ID_MESSAGE_ID, id, "id")
    yield from call(
        DELETE_MY_MESSAGE_REACTION,
        path=(
            input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
            input_validation.matching(message_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
            input_validation.at_most(message.emoji, 152133, "emoji", "Discord"),
        ),
    )
    response, raw = yield from fetch(
        GET_MESSAGE,
        path=(
            input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
            input_validation.matching(message_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
        ),
        schema=types.MessageResponse,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Discord")
    return read_message(response, raw)


def pin(ctx: Context, id: str, message: MessagePin) -> Steps[None]:
    """Pin a message to its channel: PUT /channels/{channel_id}/messages/pins/{message_id}."""
    channel_id, message_id = input_validation.parts(PATTERN_CHANNEL_ID_MESSAGE_ID, id, "id")
    yield from call(
        CREATE_PIN,
        path=(
            input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
            input_validation.matching(message_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
        ),
    )


def unpin(ctx: Context, id: str, message: MessageUnpin) -> Steps[None]:
    """Unpin a message: DELETE /channels/{channel_id}/messages/pins/{message_id}."""
    channel_id, message_id = input_validation.parts(PATTERN_CHANNEL_ID_MESSAGE_ID, id, "id")
    yield from call(
        DELETE_PIN,
        path=(
            input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
            input_validation.matching(message_id, "^(0|[1-9][0-9]*)$", "id", "Discord"),
        ),
    )


def list_(ctx: Context, filters: MessageFilters) -> Steps[Page[Message]]:
    """List the messages of a channel, newest first, or of a thread: GET /channels/{channel_id}/messages."""
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["before"] = ctx.cursor
    response, raw = yield from fetch(
        LIST_MESSAGES,
        path=(input_validation.matching(filters.channel_id, "^(0|[1-9][0-9]*)$", "channel_id", "Discord"),),
        query=query,
        schema=list[types.MessageResponse],
    )
    records = [read_message(each, raw.at(index)) for index, each in enumerate(response) if _is_message(each)]
    if filters.thread_id is not None:
        records = [each for each in records if each.thread_id == filters.thread_id]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.created_before is not None:
        records = [each for each in records if each.created_at is not None and each.created_at < filters.created_before]
    return Page(records, cursor=pagination.token(response[-1].id) if response else None)


def search(ctx: Context, filters: MessageSearch) -> Steps[Page[Message]]:
    """Search messages by text, newest first: GET /guilds/{guild_id}/messages/search."""
    pagination.check_within(ctx.cursor, 10000, "Discord")
    start = pagination.number(ctx.cursor, 0)
    query: dict[str, Any] = {
        "content": input_validation.bounded(filters.query, "query", "Discord", min_length=1, max_length=1024),
        "sort_by": "timestamp",
        "sort_order": "desc",
        "limit": input_validation.page_size_within(ctx.limit, 25, ctx.cursor, 10000),
    }
    if filters.channel_id is not None:
        query["channel_id"] = input_validation.matching(
            filters.channel_id, "^(0|[1-9][0-9]*)$", "channel_id", "Discord"
        )
    query["offset"] = start
    query = input_validation.merge(query, ctx.extra, "Discord")
    response, raw = yield from fetch(
        GUILD_SEARCH, path=(ctx.connection["guild_id"],), query=query, schema=types.GuildSearchResponse
    )
    responses.check_not_partial(response.retry_after, "Discord")
    items = response.messages or []
    records = [
        read_message(inner, raw.at("messages", index, position))
        for index, each in enumerate(items)
        for position, inner in enumerate(each or ())
        if _is_message(inner) and _is_listed(inner)
    ]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.created_before is not None:
        records = [each for each in records if each.created_at is not None and each.created_at < filters.created_before]
    return Page(
        records,
        cursor=pagination.truncated(
            pagination.after_offset(
                start,
                len(items),
                size=input_validation.page_size_within(ctx.limit, 25, ctx.cursor, 10000),
                total=response.total_results,
            ),
            response.total_results,
            10000,
        ),
    )


def _read_attachment(r: types.MessageAttachmentResponse) -> Attachment:
    return Attachment(name=r.filename, mime_type=r.content_type, size=r.size, url=r.url)


def _read_reaction(r: types.MessageReactionResponse) -> Reaction:
    emoji = r.emoji or types.MessageReactionEmojiResponse()
    return Reaction(emoji=emoji.name, count=r.count)


def read_message(r: types.MessageResponse, raw: Raw) -> Message:
    """Read a unified Message from a MessageResponse of Discord."""
    message_reference = r.message_reference or types.MessageReferenceResponse()
    author = r.author or types.MessagesUserResponse()
    values: MessageValues = {
        "id": responses.required(
            f"{r.channel_id}/{r.id}" if r.channel_id is not None and r.id is not None else None, "id", "Discord"
        ),
        "channel_id": r.channel_id,
        "thread_id": f"{message_reference.channel_id}/{message_reference.message_id}"
        if message_reference.channel_id is not None and message_reference.message_id is not None
        else None,
        "author_id": author.id,
        "author_name": author.global_name or author.username,
        "attachments": [_read_attachment(each) for each in r.attachments or ()],
        "reactions": [_read_reaction(each) for each in r.reactions or ()],
        "reply_count": None,
        "created_at": datetimes.decode(r.timestamp) if r.timestamp is not None else None,
        "edited_at": datetimes.decode(r.edited_timestamp) if r.edited_timestamp is not None else None,
        "url": None,
    }
    return make_message(values, raw, raw)


def _is_message(r: types.MessageResponse) -> bool:
    return not ((r.type != 0) and (r.type != 19))


def _is_listed(r: types.MessageResponse) -> bool:
    return r.hit is not False
