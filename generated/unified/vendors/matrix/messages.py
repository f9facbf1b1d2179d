"""Matrix messages, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import (
    Context,
    CreatedRecord,
    Endpoint,
    LazyField,
    Page,
    Raw,
    Retry,
    Source,
    Steps,
    call,
    fetch,
    record_factory,
)
from unified_runtime.adapter_api import input_validation, pagination, request_sequences, responses
from unified_runtime.adapter_api.codecs import epoch_ms, matrix_text
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

GET_ONE_ROOM_EVENT = Endpoint("getOneRoomEvent", "GET", "/_matrix/client/v3/rooms/{roomId}/event/{eventId}", Retry.SAFE)
GET_RELATING_EVENTS_WITH_REL_TYPE = Endpoint(
    "getRelatingEventsWithRelType", "GET", "/_matrix/client/v1/rooms/{roomId}/relations/{eventId}/{relType}", Retry.SAFE
)
SEND_MESSAGE = Endpoint("sendMessage", "PUT", "/_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}", Retry.KEYED)
GET_ROOM_STATE_WITHOUT_KEY = Endpoint(
    "getRoomStateWithoutKey", "GET", "/_matrix/client/v3/rooms/{roomId}/state/{eventType}", Retry.SAFE
)
UPLOAD_CONTENT = Endpoint("uploadContent", "POST", "/_matrix/media/v3/upload", Retry.NEVER)
GET_TOKEN_OWNER = Endpoint("getTokenOwner", "GET", "/_matrix/client/v3/account/whoami", Retry.SAFE)
REDACT_EVENT = Endpoint("redactEvent", "PUT", "/_matrix/client/v3/rooms/{roomId}/redact/{eventId}/{txnId}", Retry.KEYED)
SET_ROOM_STATE_WITHOUT_KEY = Endpoint(
    "setRoomStateWithoutKey", "PUT", "/_matrix/client/v3/rooms/{roomId}/state/{eventType}", Retry.IDEMPOTENT
)
SEARCH = Endpoint("search", "POST", "/_matrix/client/v3/search", Retry.SAFE)
GET_ROOM_EVENTS = Endpoint("getRoomEvents", "GET", "/_matrix/client/v3/rooms/{roomId}/messages", Retry.SAFE)

make_message = record_factory(Message, "matrix", absent=("author_name",), lazy={"text": LazyField(matrix_text.decode)})
PATTERN_ROOM_ID_EVENT_ID = re.compile("([^/]+)/(.+)")
SEND_UNSUPPORTED = {"link_previews": "the Matrix client of each reader decides if it fetches link previews"}
REPLY_UNSUPPORTED = {"link_previews": "the Matrix client of each reader decides if it fetches link previews"}
UPDATE_NEVER_CLEARED = ("text",)
SEND_MESSAGE_SENDS = frozenset(("text",))

FIELDS: dict[str, str] = {
    "roomId": "channel_id",
    "filename": "name",
    "body": "name",
    "info.mimetype": "mime_type",
    "m.new_content": "text",
    "m.relates_to.key": "emoji",
    "search_categories.room_events.search_term": "query",
    "search_categories.room_events.filter.rooms": "channel_id",
    "info": "mime_type",
    "m.relates_to": "emoji",
    "mimetype": "mime_type",
    "key": "emoji",
    "search_term": "query",
    "rooms": "channel_id",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("send", "reply", "update", "delete", "react", "unreact", "pin", "unpin")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Message]:
    """Read a message: GET /_matrix/client/v3/rooms/{roomId}/event/{eventId}."""
    room_id, event_id = input_validation.parts(PATTERN_ROOM_ID_EVENT_ID, id, "id")
    response, raw = yield from request_sequences.matrix_reactions(
        GET_ONE_ROOM_EVENT,
        path=(
            input_validation.matching(room_id, "^!", "id", "Matrix"),
            input_validation.matching(event_id, "^\\$", "id", "Matrix"),
        ),
        schema=types.Event,
        related=GET_RELATING_EVENTS_WITH_REL_TYPE,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Matrix")
    return read_message(response, raw)


def send(ctx: Context, message: MessageSend) -> Steps[Message]:
    """Send a message.

    In turn:
        PUT /_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}, if needed
        PUT /_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}, if needed
        GET /_matrix/client/v3/rooms/{roomId}/event/{eventId}, if needed
        GET /_matrix/client/v3/rooms/{roomId}/event/{eventId}, if needed
    """
    input_validation.reject_unsupported(message, SEND_UNSUPPORTED, "Matrix")
    _room_id, event_id = input_validation.optional_parts(PATTERN_ROOM_ID_EVENT_ID, message.thread_id, "thread_id")
    sent: types.SentResponse | None = None
    reply: types.ReplyResponse | None = None
    found: tuple[types.Event, Raw] | None = None
    if message.thread_id is None:
        body: dict[str, Any] = {"msgtype": "m.text", **matrix_text.encode(message.text)}
        body = input_validation.merge(body, ctx.extra, "Matrix")
        sent = yield from request_sequences.matrix_unencrypted(
            SEND_MESSAGE,
            path=(
                input_validation.matching(message.channel_id, "^!", "channel_id", "Matrix"),
                "m.room.message",
                ctx.key,
            ),
            json=body,
            schema=types.SentResponse,
            save_as="sent",
            state=GET_ROOM_STATE_WITHOUT_KEY,
        )
        yield CreatedRecord(message.channel_id, "/", (sent or types.SentResponse()).event_id)
    if message.thread_id is not None:
        m_relates_to: dict[str, Any] = {
            "event_id": input_validation.matching(event_id, "^\\$", "thread_id", "Matrix"),
            "m.in_reply_to": {"event_id": input_validation.matching(event_id, "^\\$", "thread_id", "Matrix")},
            "rel_type": "m.thread",
            "is_falling_back": True,
        }
        body_2: dict[str, Any] = {"msgtype": "m.text", **matrix_text.encode(message.text), "m.relates_to": m_relates_to}
        body_2 = input_validation.merge(body_2, ctx.extra, "Matrix")
        reply = yield from request_sequences.matrix_unencrypted(
            SEND_MESSAGE,
            path=(
                input_validation.matching(message.channel_id, "^!", "channel_id", "Matrix"),
                "m.room.message",
                ctx.key,
            ),
            json=body_2,
            schema=types.ReplyResponse,
            save_as="reply",
            state=GET_ROOM_STATE_WITHOUT_KEY,
        )
        yield CreatedRecord(message.channel_id, "/", (reply or types.ReplyResponse()).event_id)
    if sent is not None:
        response, raw = yield from fetch(
            GET_ONE_ROOM_EVENT,
            path=(input_validation.matching(message.channel_id, "^!", "channel_id", "Matrix"), sent.event_id),
            schema=types.Event,
        )
        found = response, raw
    if reply is not None:
        response_2, raw = yield from fetch(
            GET_ONE_ROOM_EVENT,
            path=(input_validation.matching(message.channel_id, "^!", "channel_id", "Matrix"), reply.event_id),
            schema=types.Event,
        )
        found = response_2, raw
    record, raw = responses.last_response(found, "Matrix")
    if not _is_message(record):
        raise responses.wrong_resource("Message", "Matrix")
    return read_message(record, raw)


def reply(ctx: Context, id: str, message: MessageReply) -> Steps[Message]:
    """Reply in a message's thread.

    In turn:
        GET /_matrix/client/v3/rooms/{roomId}/event/{eventId}
        PUT /_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}
        GET /_matrix/client/v3/rooms/{roomId}/event/{eventId}
    """
    input_validation.reject_unsupported(message, REPLY_UNSUPPORTED, "Matrix")
    room_id, event_id = input_validation.parts(PATTERN_ROOM_ID_EVENT_ID, id, "id")
    seen = yield from call(
        GET_ONE_ROOM_EVENT,
        path=(
            input_validation.matching(room_id, "^!", "id", "Matrix"),
            input_validation.matching(event_id, "^\\$", "id", "Matrix"),
        ),
        schema=types.MessagesEvent,
        save_as="seen",
    )
    m_relates_to: dict[str, Any] = {
        "m.in_reply_to": {"event_id": input_validation.matching(event_id, "^\\$", "id", "Matrix")},
        "rel_type": "m.thread",
        "is_falling_back": True,
        "event_id": (
            (seen.content or types.MessagesContent()).m_relates_to or types.MessagesContentMRelatesTo()
        ).event_id
        if ((seen.content or types.MessagesContent()).m_relates_to or types.MessagesContentMRelatesTo()).event_id
        is not None
        else event_id,
    }
    body: dict[str, Any] = {"msgtype": "m.text", **matrix_text.encode(message.text), "m.relates_to": m_relates_to}
    body = input_validation.merge(body, ctx.extra, "Matrix")
    sent = yield from request_sequences.matrix_unencrypted(
        SEND_MESSAGE,
        path=(input_validation.matching(room_id, "^!", "id", "Matrix"), "m.room.message", ctx.key),
        json=body,
        schema=types.SentResponse,
        save_as="sent",
        state=GET_ROOM_STATE_WITHOUT_KEY,
    )
    yield CreatedRecord(room_id, "/", sent.event_id)
    response, raw = yield from fetch(
        GET_ONE_ROOM_EVENT,
        path=(input_validation.matching(room_id, "^!", "id", "Matrix"), sent.event_id),
        schema=types.Event,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Matrix")
    return read_message(response, raw)


def send_file(ctx: Context, channel_id: str, content: Source, message: MessageSendFile) -> Steps[None]:
    """Send a file as a message.

    In turn:
        POST /_matrix/media/v3/upload
        PUT /_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}, if needed
        PUT /_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}, if needed
    """
    _room_id, event_id = input_validation.optional_parts(PATTERN_ROOM_ID_EVENT_ID, message.thread_id, "thread_id")
    uploaded, _raw = yield from media.body(
        UPLOAD_CONTENT,
        query={"filename": input_validation.at_least(message.name, 1, "name", "Matrix")},
        content=content,
        content_type="application/octet-stream",
        schema=types.UploadedResponse,
        save_as="uploaded",
    )
    if message.thread_id is None:
        body: dict[str, Any] = {"body": message.name, "filename": message.name, "msgtype": "m.file"}
        if uploaded.content_uri is not None:
            body["url"] = uploaded.content_uri
        if message.mime_type is not None:
            body["info"] = {"mimetype": message.mime_type}
        yield from request_sequences.matrix_unencrypted(
            SEND_MESSAGE,
            path=(input_validation.matching(channel_id, "^!", "channel_id", "Matrix"), "m.room.message", ctx.key),
            json=body,
            state=GET_ROOM_STATE_WITHOUT_KEY,
        )
    if message.thread_id is not None:
        m_relates_to: dict[str, Any] = {
            "event_id": input_validation.matching(event_id, "^\\$", "thread_id", "Matrix"),
            "m.in_reply_to": {"event_id": input_validation.matching(event_id, "^\\$", "thread_id", "Matrix")},
            "rel_type": "m.thread",
            "is_falling_back": True,
        }
        body_2: dict[str, Any] = {
            "body": message.name,
            "filename": message.name,
            "msgtype": "m.file",
            "m.relates_to": m_relates_to,
        }
        if uploaded.content_uri is not None:
            body_2["url"] = uploaded.content_uri
        if message.mime_type is not None:
            body_2["info"] = {"mimetype": message.mime_type}
        yield from request_sequences.matrix_unencrypted(
            SEND_MESSAGE,
            path=(input_validation.matching(channel_id, "^!", "channel_id", "Matrix"), "m.room.message", ctx.key),
            json=body_2,
            state=GET_ROOM_STATE_WITHOUT_KEY,
        )


def update(ctx: Context, id: str, message: MessageUpdate) -> Steps[Message]:
    """Edit a message.

    In turn:
        GET /_matrix/client/v3/account/whoami
        GET /_matrix/client/v3/rooms/{roomId}/event/{eventId}
        PUT /_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}, if needed
        GET /_matrix/client/v3/rooms/{roomId}/event/{eventId}
    """
    given = input_validation.changes(message, ctx.extra, "Matrix")
    input_validation.reject_clearing(message, given, UPDATE_NEVER_CLEARED, "Matrix")
    room_id, event_id = input_validation.parts(PATTERN_ROOM_ID_EVENT_ID, id, "id")
    me = yield from call(GET_TOKEN_OWNER, schema=types.MeResponse, save_as="me")
    seen = yield from call(
        GET_ONE_ROOM_EVENT,
        path=(
            input_validation.matching(room_id, "^!", "id", "Matrix"),
            input_validation.matching(event_id, "^\\$", "id", "Matrix"),
        ),
        schema=types.MessagesEvent2,
        save_as="seen",
    )
    responses.found(
        responses.if_matching(seen, lambda each: each.sender == me.user_id, "seen"),
        "only the sender of a message can edit it",
        "Conflict",
    )
    responses.check_resource(seen, _may_change_message, "Message", "Matrix")
    if given & SEND_MESSAGE_SENDS or ctx.extra:
        m_relates_to: dict[str, Any] = {
            "event_id": input_validation.matching(event_id, "^\\$", "id", "Matrix"),
            "rel_type": "m.replace",
        }
        m_new_content: dict[str, Any] = {"msgtype": "m.text", **matrix_text.encode(message.text)}
        body: dict[str, Any] = {
            "msgtype": "m.text",
            **matrix_text.encode(message.text),
            "m.relates_to": m_relates_to,
            "m.new_content": m_new_content,
        }
        body = input_validation.merge(body, ctx.extra, "Matrix")
        yield from request_sequences.matrix_unencrypted(
            SEND_MESSAGE,
            path=(input_validation.matching(room_id, "^!", "id", "Matrix"), "m.room.message", ctx.key),
            json=body,
            state=GET_ROOM_STATE_WITHOUT_KEY,
        )
    response, raw = yield from request_sequences.matrix_reactions(
        GET_ONE_ROOM_EVENT,
        path=(
            input_validation.matching(room_id, "^!", "id", "Matrix"),
            input_validation.matching(event_id, "^\\$", "id", "Matrix"),
        ),
        schema=types.Event,
        related=GET_RELATING_EVENTS_WITH_REL_TYPE,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Matrix")
    return read_message(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a message.

    In turn:
        GET /_matrix/client/v3/rooms/{roomId}/event/{eventId}
        PUT /_matrix/client/v3/rooms/{roomId}/redact/{eventId}/{txnId}
    """
    room_id, event_id = input_validation.parts(PATTERN_ROOM_ID_EVENT_ID, id, "id")
    yield from call(
        GET_ONE_ROOM_EVENT,
        path=(
            input_validation.matching(room_id, "^!", "id", "Matrix"),
            input_validation.matching(event_id, "^\\$", "id", "Matrix"),
        ),
    )
    yield from call(
        REDACT_EVENT,
        path=(
            input_validation.matching(room_id, "^!", "id", "Matrix"),
            input_validation.matching(event_id, "^\\$", "id", "Matrix"),
            ctx.key,
        ),
        json={},
    )


def react(ctx: Context, id: str, message: MessageReact) -> Steps[Message]:
    """React to a message with an emoji.

    In turn:
        PUT /_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}
        GET /_matrix/client/v3/rooms/{roomId}/event/{eventId}
    """
    room_id, event_id = input_validation.parts(PATTERN_ROOM_ID_EVENT_ID, id, "id")
    m_relates_to: dict[str, Any] = {
        "event_id": input_validation.matching(event_id, "^\\$", "id", "Matrix"),
        "key": message.emoji,
        "rel_type": "m.annotation",
    }
    body: dict[str, Any] = {"m.relates_to": m_relates_to}
    yield from call(
        SEND_MESSAGE, path=(input_validation.matching(room_id, "^!", "id", "Matrix"), "m.reaction", ctx.key), json=body
    )
    response, raw = yield from request_sequences.matrix_reactions(
        GET_ONE_ROOM_EVENT,
        path=(
            input_validation.matching(room_id, "^!", "id", "Matrix"),
            input_validation.matching(event_id, "^\\$", "id", "Matrix"),
        ),
        schema=types.Event,
        related=GET_RELATING_EVENTS_WITH_REL_TYPE,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Matrix")
    return read_message(response, raw)


def unreact(ctx: Context, id: str, message: MessageUnreact) -> Steps[Message]:
    """Take back a reaction of one's own.

    In turn:
        GET /_matrix/client/v3/account/whoami
        GET /_matrix/client/v1/rooms/{roomId}/relations/{eventId}/{relType}
        PUT /_matrix/client/v3/rooms/{roomId}/redact/{eventId}/{txnId}
        GET /_matrix/client/v3/rooms/{roomId}/event/{eventId}
    """
    room_id, event_id = input_validation.parts(PATTERN_ROOM_ID_EVENT_ID, id, "id")
    me = yield from call(GET_TOKEN_OWNER, schema=types.MeResponse, save_as="me")
    reaction_response = yield from call(
        GET_RELATING_EVENTS_WITH_REL_TYPE,
        path=(
            input_validation.matching(room_id, "^!", "id", "Matrix"),
            input_validation.matching(event_id, "^\\$", "id", "Matrix"),
            "m.annotation",
        ),
        query={"dir": "b", "limit": 100},
        schema=types.ReactionResponse,
        save_as="reaction",
    )
    responses.check_complete(reaction_response.next_batch, "Matrix")
    reaction = responses.found(
        responses.first(
            reaction_response.chunk,
            lambda each: (
                each.sender == me.user_id
                and ((each.content or types.MessagesContent3()).m_relates_to or types.MessagesContentMRelatesTo3()).key
                == message.emoji
            ),
            "reaction",
        ),
        f"you have not reacted with {message.emoji}",
        "Conflict",
    )
    yield from call(
        REDACT_EVENT,
        path=(input_validation.matching(room_id, "^!", "id", "Matrix"), reaction.event_id, ctx.key),
        json={},
    )
    response, raw = yield from request_sequences.matrix_reactions(
        GET_ONE_ROOM_EVENT,
        path=(
            input_validation.matching(room_id, "^!", "id", "Matrix"),
            input_validation.matching(event_id, "^\\$", "id", "Matrix"),
        ),
        schema=types.Event,
        related=GET_RELATING_EVENTS_WITH_REL_TYPE,
    )
    if not _is_message(response):
        raise responses.wrong_resource("Message", "Matrix")
    return read_message(response, raw)


def pin(ctx: Context, id: str, message: MessagePin) -> Steps[None]:
    """Pin a message to its channel: PUT /_matrix/client/v3/rooms/{roomId}/state/{eventType}."""
    room_id, event_id = input_validation.parts(PATTERN_ROOM_ID_EVENT_ID, id, "id")
    yield from request_sequences.matrix_pin(
        SET_ROOM_STATE_WITHOUT_KEY,
        path=(input_validation.matching(room_id, "^!", "id", "Matrix"), "m.room.pinned_events"),
        json={},
        event=event_id,
        state=GET_ROOM_STATE_WITHOUT_KEY,
    )


def unpin(ctx: Context, id: str, message: MessageUnpin) -> Steps[None]:
    """Unpin a message: PUT /_matrix/client/v3/rooms/{roomId}/state/{eventType}."""
    room_id, event_id = input_validation.parts(PATTERN_ROOM_ID_EVENT_ID, id, "id")
    yield from request_sequences.matrix_unpin(
        SET_ROOM_STATE_WITHOUT_KEY,
        path=(input_validation.matching(room_id, "^!", "id", "Matrix"), "m.room.pinned_events"),
        json={},
        event=event_id,
        state=GET_ROOM_STATE_WITHOUT_KEY,
    )


def search(ctx: Context, filters: MessageSearch) -> Steps[Page[Message]]:
    """Search messages by text, newest first: POST /_matrix/client/v3/search."""
    query: dict[str, Any] = {}
    if ctx.cursor is not None:
        query["next_batch"] = ctx.cursor
    filter_: dict[str, Any] = {"types": ["m.room.message"]}
    if filters.channel_id is not None:
        filter_["rooms"] = [input_validation.matching(filters.channel_id, "^!", "channel_id", "Matrix")]
    room_events: dict[str, Any] = {
        "search_term": filters.query,
        "keys": ["content.body"],
        "order_by": "recent",
        "filter": filter_,
    }
    search_categories: dict[str, Any] = {"room_events": room_events}
    body: dict[str, Any] = {"search_categories": search_categories}
    response, raw = yield from fetch(SEARCH, query=query, json=body, schema=types.SearchResponse)
    search_categories_2 = response.search_categories or types.SearchResponseSearchCategories()
    room_events_2 = search_categories_2.room_events or types.SearchResponseSearchCategoriesRoomEvents()
    items = room_events_2.results or []
    records = [
        read_message(inner, raw.at("search_categories", "room_events", "results", index, "result"))
        for index, each in enumerate(items)
        for inner in (each.result,)
        if inner is not None and _is_message(inner)
    ]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.created_before is not None:
        records = [each for each in records if each.created_at is not None and each.created_at < filters.created_before]
    search_categories_3 = response.search_categories or types.SearchResponseSearchCategories()
    room_events_3 = search_categories_3.room_events or types.SearchResponseSearchCategoriesRoomEvents()
    return Page(records, cursor=pagination.token(room_events_3.next_batch))


def list_(ctx: Context, filters: MessageFilters) -> Steps[Page[Message]]:
    """List the messages of a channel, newest first, or of a thread.

    One of:
        GET /_matrix/client/v1/rooms/{roomId}/relations/{eventId}/{relType}
        GET /_matrix/client/v3/rooms/{roomId}/messages
    """
    _room_id, event_id = input_validation.optional_parts(PATTERN_ROOM_ID_EVENT_ID, filters.thread_id, "thread_id")
    if filters.thread_id is not None:
        query: dict[str, Any] = {"dir": "b", "limit": input_validation.page_size(ctx.limit, 100)}
        if ctx.cursor is not None:
            query["from"] = ctx.cursor
        response, raw = yield from request_sequences.matrix_readable(
            GET_RELATING_EVENTS_WITH_REL_TYPE,
            path=(
                input_validation.matching(filters.channel_id, "^!", "channel_id", "Matrix"),
                input_validation.matching(event_id, "^\\$", "thread_id", "Matrix"),
                "m.thread",
            ),
            query=query,
            schema=types.GetRelatingEventsWithRelTypeResponse,
            state=GET_ROOM_STATE_WITHOUT_KEY,
        )
        items = response.chunk or []
        records = [read_message(each, raw.at("chunk", index)) for index, each in enumerate(items) if _is_message(each)]
        if filters.created_after is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at >= filters.created_after
            ]
        if filters.created_before is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at < filters.created_before
            ]
        return Page(records, cursor=pagination.token(response.next_batch))
    query_2: dict[str, Any] = {
        "dir": "b",
        "filter": '{"types":["m.room.message"]}',
        "limit": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query_2["from"] = ctx.cursor
    response_2, raw = yield from request_sequences.matrix_readable(
        GET_ROOM_EVENTS,
        path=(input_validation.matching(filters.channel_id, "^!", "channel_id", "Matrix"),),
        query=query_2,
        schema=types.GetRoomEventsResponse,
        state=GET_ROOM_STATE_WITHOUT_KEY,
    )
    items_2 = response_2.chunk or []
    records = [read_message(each, raw.at("chunk", index)) for index, each in enumerate(items_2) if _is_message(each)]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.created_before is not None:
        records = [each for each in records if each.created_at is not None and each.created_at < filters.created_before]
    return Page(records, cursor=pagination.token(response_2.end))


def _read_reaction(r: types.EventUnsignedMRelationsMAnnotationChunk) -> Reaction:
    return Reaction(emoji=r.key, count=r.count, user_ids=r.user_ids or [])


def read_message(r: types.Event, raw: Raw) -> Message:
    """Read a unified Message from an Event of Matrix."""
    content = r.content or types.Content()
    m_relates_to = content.m_relates_to or types.ContentMRelatesTo()
    info = content.info or types.ContentInfo()
    unsigned = r.unsigned or types.EventUnsigned()
    m_relations = unsigned.m_relations or types.EventUnsignedMRelations()
    m_annotation = m_relations.m_annotation or types.EventUnsignedMRelationsMAnnotation()
    m_thread = m_relations.m_thread or types.EventUnsignedMRelationsMThread()
    m_replace = m_relations.m_replace or types.EventUnsignedMRelationsMReplace()
    values: MessageValues = {
        "id": responses.required(
            f"{r.room_id}/{r.event_id}" if r.room_id is not None and r.event_id is not None else None, "id", "Matrix"
        ),
        "channel_id": r.room_id,
        "thread_id": f"{r.room_id}/{m_relates_to.event_id}"
        if r.room_id is not None and m_relates_to.event_id is not None
        else None,
        "author_id": r.sender,
        "author_name": None,
        "attachments": [
            *(
                [Attachment(url=content.url, name=content.body, mime_type=info.mimetype, size=info.size)]
                if content.url is not None
                else []
            )
        ],
        "reactions": [_read_reaction(each) for each in m_annotation.chunk or ()],
        "reply_count": m_thread.count,
        "created_at": epoch_ms.decode(r.origin_server_ts) if r.origin_server_ts is not None else None,
        "edited_at": epoch_ms.decode(m_replace.origin_server_ts) if m_replace.origin_server_ts is not None else None,
        "url": f"https://matrix.to/#/{r.room_id}/{r.event_id}"
        if r.room_id is not None and r.event_id is not None
        else None,
    }
    return make_message(values, raw, raw)


def _is_message(r: types.Event) -> bool:
    unsigned = r.unsigned or types.EventUnsigned()
    content = r.content or types.Content()
    m_relates_to = content.m_relates_to or types.ContentMRelatesTo()
    return not (((r.type != "m.room.message") or (unsigned.redacted_because)) or (m_relates_to.rel_type == "m.replace"))


def _may_change_message(r: types.MessagesEvent2) -> bool:
    unsigned = r.unsigned or types.MessagesEventUnsigned()
    content = r.content or types.MessagesContent2()
    m_relates_to = content.m_relates_to or types.MessagesContentMRelatesTo2()
    return not (((r.type != "m.room.message") or (unsigned.redacted_because)) or (m_relates_to.rel_type == "m.replace"))
