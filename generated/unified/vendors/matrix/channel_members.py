"""Matrix channel_members, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.channel_members import (
    ChannelMember,
    ChannelMemberAdd,
    ChannelMemberFilters,
    ChannelMemberRemove,
    ChannelMemberValues,
)

GET_MEMBERS_BY_ROOM = Endpoint("getMembersByRoom", "GET", "/_matrix/client/v3/rooms/{roomId}/members", Retry.SAFE)
SET_ROOM_STATE_WITH_KEY = Endpoint(
    "setRoomStateWithKey", "PUT", "/_matrix/client/v3/rooms/{roomId}/state/{eventType}/{stateKey}", Retry.IDEMPOTENT
)
KICK = Endpoint("kick", "POST", "/_matrix/client/v3/rooms/{roomId}/kick", Retry.NEVER)

make_channel_member = record_factory(ChannelMember, "matrix")

FIELDS: dict[str, str] = {"roomId": "channel_id", "stateKey": "user_id", "user_id": "user_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("add",)
"""Writes whose requests may all be resent without a further effect."""


def list_(ctx: Context, filters: ChannelMemberFilters) -> Steps[Page[ChannelMember]]:
    """List the people in a channel: GET /_matrix/client/v3/rooms/{roomId}/members."""
    query: dict[str, Any] = {"membership": "join"}
    query = input_validation.merge(query, ctx.extra, "Matrix")
    response, raw = yield from fetch(
        GET_MEMBERS_BY_ROOM,
        path=(input_validation.matching(filters.channel_id, "^!", "channel_id", "Matrix"),),
        query=query,
        schema=types.GetMembersByRoomResponse,
    )
    items = response.chunk or []
    records = [read_channel_member(each, raw.at("chunk", index)) for index, each in enumerate(items)]
    return Page(records)


def add(ctx: Context, channel_id: str, user_id: str, channel_member: ChannelMemberAdd) -> Steps[None]:
    """Add a person to a channel: PUT /_matrix/client/v3/rooms/{roomId}/state/{eventType}/{stateKey}."""
    body: dict[str, Any] = {"membership": "invite"}
    yield from call(
        SET_ROOM_STATE_WITH_KEY,
        path=(input_validation.matching(channel_id, "^!", "channel_id", "Matrix"), "m.room.member", user_id),
        json=body,
    )


def remove(ctx: Context, channel_id: str, user_id: str, channel_member: ChannelMemberRemove) -> Steps[None]:
    """Remove a person from a channel: POST /_matrix/client/v3/rooms/{roomId}/kick."""
    body: dict[str, Any] = {"user_id": input_validation.matching(user_id, "^@", "user_id", "Matrix")}
    yield from call(KICK, path=(input_validation.matching(channel_id, "^!", "channel_id", "Matrix"),), json=body)


def read_channel_member(r: types.GetMembersByRoomChunk, raw: Raw) -> ChannelMember:
    """Read a unified ChannelMember from a getMembersByRoom.chunk[] of Matrix."""
    content = r.content or types.GetMembersByRoomChunkContent()
    values: ChannelMemberValues = {
        "id": responses.required(r.state_key, "id", "Matrix"),
        "name": content.displayname,
    }
    return make_channel_member(values, raw)
