"""Matrix channels, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, request_sequences, responses
from . import types
from ...models.channels import (
    Channel,
    ChannelCreate,
    ChannelDirect,
    ChannelFilters,
    ChannelJoin,
    ChannelLeave,
    ChannelUpdate,
    ChannelValues,
)

GET_ROOM_SUMMARY = Endpoint("getRoomSummary", "GET", "/_matrix/client/v1/room_summary/{roomIdOrAlias}", Retry.SAFE)
CREATE_ROOM = Endpoint("createRoom", "POST", "/_matrix/client/v3/createRoom", Retry.NEVER)
GET_TOKEN_OWNER = Endpoint("getTokenOwner", "GET", "/_matrix/client/v3/account/whoami", Retry.SAFE)
GET_ACCOUNT_DATA = Endpoint("getAccountData", "GET", "/_matrix/client/v3/user/{userId}/account_data/{type}", Retry.SAFE)
GET_JOINED_ROOMS = Endpoint("getJoinedRooms", "GET", "/_matrix/client/v3/joined_rooms", Retry.SAFE)
GET_ROOM_STATE_WITH_KEY = Endpoint(
    "getRoomStateWithKey", "GET", "/_matrix/client/v3/rooms/{roomId}/state/{eventType}/{stateKey}", Retry.SAFE
)
SET_ACCOUNT_DATA = Endpoint(
    "setAccountData", "PUT", "/_matrix/client/v3/user/{userId}/account_data/{type}", Retry.IDEMPOTENT
)
SET_ROOM_STATE_WITHOUT_KEY = Endpoint(
    "setRoomStateWithoutKey", "PUT", "/_matrix/client/v3/rooms/{roomId}/state/{eventType}", Retry.IDEMPOTENT
)
LEAVE_ROOM = Endpoint("leaveRoom", "POST", "/_matrix/client/v3/rooms/{roomId}/leave", Retry.NEVER)
JOIN_ROOM = Endpoint("joinRoom", "POST", "/_matrix/client/v3/join/{roomIdOrAlias}", Retry.NEVER)
QUERY_PUBLIC_ROOMS = Endpoint("queryPublicRooms", "POST", "/_matrix/client/v3/publicRooms", Retry.SAFE)

PRIVATE_READ: dict[Any, bool] = {
    "public": False,
    None: False,
    "private": True,
    "invite": True,
    "knock": True,
    "restricted": True,
    "knock_restricted": True,
}
make_channel = record_factory(Channel, "matrix", absent=("is_direct", "unread_count", "created_at"))
PRIVATE_WRITE: dict[Any, Any] = {False: "public", True: "private"}
UPDATE_NEVER_CLEARED = ("name",)
SET_ROOM_STATE_WITHOUT_KEY_SENDS = frozenset(("name",))
SET_ROOM_STATE_WITHOUT_KEY_SENDS_2 = frozenset(("topic",))

FIELDS: dict[str, str] = {
    "roomIdOrAlias": "id",
    "name": "name",
    "topic": "topic",
    "visibility": "private",
    "invite": "user_id",
    "roomId": "id",
    "filter.generic_search_term": "text",
    "filter": "text",
    "generic_search_term": "text",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"archive": "Matrix rooms cannot be archived; use `leave`"}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Channel]:
    """Read a channel: GET /_matrix/client/v1/room_summary/{roomIdOrAlias}."""
    response, raw = yield from fetch(
        GET_ROOM_SUMMARY, path=(input_validation.matching(id, "^[!#]", "id", "Matrix"),), schema=types.Room
    )
    return read_channel(response, raw)


def create(ctx: Context, channel: ChannelCreate) -> Steps[Channel]:
    """Create a channel.

    In turn:
        POST /_matrix/client/v3/createRoom
        GET /_matrix/client/v1/room_summary/{roomIdOrAlias}
    """
    body: dict[str, Any] = {"name": channel.name}
    if channel.topic is not None:
        body["topic"] = channel.topic
    if channel.private is not None:
        body["visibility"] = PRIVATE_WRITE[channel.private]
    body = input_validation.merge(body, ctx.extra, "Matrix")
    created = yield from call(CREATE_ROOM, json=body, schema=types.CreatedResponse, save_as="created")
    yield CreatedRecord(created.room_id)
    response, raw = yield from fetch(GET_ROOM_SUMMARY, path=(created.room_id,), schema=types.Room)
    return read_channel(response, raw)


def direct(ctx: Context, user_id: str, channel: ChannelDirect) -> Steps[Channel]:
    """Open a conversation with a user.

    In turn:
        POST /_matrix/client/v3/createRoom
        GET /_matrix/client/v1/room_summary/{roomIdOrAlias}
    """
    body: dict[str, Any] = {
        "invite": [input_validation.matching(user_id, "^@", "user_id", "Matrix")],
        "preset": "trusted_private_chat",
        "is_direct": True,
    }
    created = yield from request_sequences.matrix_direct(
        CREATE_ROOM,
        json=body,
        schema=types.CreatedResponse,
        save_as="created",
        user=user_id,
        me=GET_TOKEN_OWNER,
        known=GET_ACCOUNT_DATA,
        joined=GET_JOINED_ROOMS,
        member=GET_ROOM_STATE_WITH_KEY,
        record=SET_ACCOUNT_DATA,
    )
    yield CreatedRecord(created.room_id)
    response, raw = yield from fetch(GET_ROOM_SUMMARY, path=(created.room_id,), schema=types.Room)
    return read_channel(response, raw)


def update(ctx: Context, id: str, channel: ChannelUpdate) -> Steps[Channel]:
    """Rename a channel or change its topic.

    In turn:
        PUT /_matrix/client/v3/rooms/{roomId}/state/{eventType}, if needed
        PUT /_matrix/client/v3/rooms/{roomId}/state/{eventType}, if needed
        GET /_matrix/client/v1/room_summary/{roomIdOrAlias}
    """
    given = input_validation.changes(channel, ctx.extra, "Matrix")
    input_validation.reject_clearing(channel, given, UPDATE_NEVER_CLEARED, "Matrix")
    if given & SET_ROOM_STATE_WITHOUT_KEY_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if channel.name is not None:
            body["name"] = channel.name
        body = input_validation.merge(body, ctx.extra, "Matrix")
        yield from call(
            SET_ROOM_STATE_WITHOUT_KEY,
            path=(input_validation.matching(id, "^!", "id", "Matrix"), "m.room.name"),
            json=body,
        )
    if given & SET_ROOM_STATE_WITHOUT_KEY_SENDS_2:
        body_2: dict[str, Any] = {}
        if "topic" in given:
            body_2["topic"] = "" if channel.topic is None else channel.topic
        yield from call(
            SET_ROOM_STATE_WITHOUT_KEY,
            path=(input_validation.matching(id, "^!", "id", "Matrix"), "m.room.topic"),
            json=body_2,
        )
    response, raw = yield from fetch(
        GET_ROOM_SUMMARY, path=(input_validation.matching(id, "^[!#]", "id", "Matrix"),), schema=types.Room
    )
    return read_channel(response, raw)


def leave(ctx: Context, id: str, channel: ChannelLeave) -> Steps[None]:
    """Leave a channel: POST /_matrix/client/v3/rooms/{roomId}/leave."""
    yield from call(LEAVE_ROOM, path=(input_validation.matching(id, "^!", "id", "Matrix"),), json={})


def join(ctx: Context, id: str, channel: ChannelJoin) -> Steps[Channel]:
    """Join a channel.

    In turn:
        POST /_matrix/client/v3/join/{roomIdOrAlias}
        GET /_matrix/client/v1/room_summary/{roomIdOrAlias}
    """
    joined = yield from call(
        JOIN_ROOM,
        path=(input_validation.matching(id, "^[!#]", "id", "Matrix"),),
        json={},
        schema=types.JoinedResponse,
        save_as="joined",
    )
    response, raw = yield from fetch(GET_ROOM_SUMMARY, path=(joined.room_id,), schema=types.Room)
    return read_channel(response, raw)


def list_(ctx: Context, filters: ChannelFilters) -> Steps[Page[Channel]]:
    """List or search channels: POST /_matrix/client/v3/publicRooms."""
    body: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 100)}
    if filters.text is not None:
        body["filter"] = {"generic_search_term": filters.text}
    if ctx.cursor is not None:
        body["since"] = ctx.cursor
    response, raw = yield from request_sequences.matrix_rooms(
        QUERY_PUBLIC_ROOMS,
        json=body,
        schema=types.QueryPublicRoomsResponse,
        joined=GET_JOINED_ROOMS,
        summary=GET_ROOM_SUMMARY,
    )
    items = response.chunk or []
    records = [read_channel(each, raw.at("chunk", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.next_batch))


def read_channel(r: types.Room, raw: Raw) -> Channel:
    """Read a unified Channel from a Room of Matrix."""
    values: ChannelValues = {
        "id": responses.required(r.room_id, "id", "Matrix"),
        "name": r.name,
        "topic": r.topic,
        "private": PRIVATE_READ.get(r.join_rule),
        "is_direct": None,
        "member_count": r.num_joined_members,
        "unread_count": None,
        "created_at": None,
        "url": f"https://matrix.to/#/{r.room_id}" if r.room_id is not None else None,
    }
    return make_channel(values, raw)
