"""Slack channel_members, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, record_factory
from unified_runtime.adapter_api import input_validation, pagination, request_sequences, responses
from . import types
from ...models.channel_members import (
    ChannelMember,
    ChannelMemberAdd,
    ChannelMemberFilters,
    ChannelMemberRemove,
    ChannelMemberValues,
)

USERS_LIST = Endpoint("users_list", "GET", "/users.list", Retry.SAFE)
CONVERSATIONS_MEMBERS = Endpoint("conversations_members", "GET", "/conversations.members", Retry.SAFE)
USERS_INFO = Endpoint("users_info", "GET", "/users.info", Retry.SAFE)
CONVERSATIONS_INVITE = Endpoint("conversations_invite", "POST", "/conversations.invite", Retry.NEVER)
CONVERSATIONS_KICK = Endpoint("conversations_kick", "POST", "/conversations.kick", Retry.NEVER)

make_channel_member = record_factory(ChannelMember, "slack")

FIELDS: dict[str, str] = {"channel": "channel_id", "users": "user_id", "user": "user_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: ChannelMemberFilters) -> Steps[Page[ChannelMember]]:
    """List the people in a channel: GET /users.list."""
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 200)}
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    response, raw = yield from request_sequences.slack_members(
        USERS_LIST,
        query=query,
        schema=types.UsersListResponse,
        channel=filters.channel_id,
        members=CONVERSATIONS_MEMBERS,
        user=USERS_INFO,
    )
    items = response.members or []
    records = [read_channel_member(each, raw.at("members", index)) for index, each in enumerate(items)]
    response_metadata = response.response_metadata or types.ObjsResponseMetadata()
    return Page(records, cursor=pagination.token(response_metadata.next_cursor))


def add(ctx: Context, channel_id: str, user_id: str, channel_member: ChannelMemberAdd) -> Steps[None]:
    """Add a person to a channel: POST /conversations.invite."""
    body: dict[str, Any] = {
        "channel": input_validation.matching(channel_id, "^[CGD][A-Z0-9]{8,}$", "channel_id", "Slack"),
        "users": input_validation.matching(user_id, "^[UW][A-Z0-9]{2,}(,[UW][A-Z0-9]{2,})*$", "user_id", "Slack"),
    }
    yield from call(CONVERSATIONS_INVITE, form=body)


def remove(ctx: Context, channel_id: str, user_id: str, channel_member: ChannelMemberRemove) -> Steps[None]:
    """Remove a person from a channel: POST /conversations.kick."""
    body: dict[str, Any] = {
        "channel": input_validation.matching(channel_id, "^[CGD][A-Z0-9]{8,}$", "channel_id", "Slack"),
        "user": input_validation.matching(user_id, "^[UW][A-Z0-9]{2,}$", "user_id", "Slack"),
    }
    yield from call(CONVERSATIONS_KICK, form=body)


def read_channel_member(r: types.ObjsUser, raw: Raw) -> ChannelMember:
    """Read a unified ChannelMember from an objs_user of Slack."""
    values: ChannelMemberValues = {
        "id": responses.required(r.id, "id", "Slack"),
        "name": r.real_name,
    }
    return make_channel_member(values, raw)
