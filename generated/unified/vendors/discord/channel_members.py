"""Discord channel_members, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.channel_members import (
    ChannelMember,
    ChannelMemberAdd,
    ChannelMemberFilters,
    ChannelMemberRemove,
    ChannelMemberValues,
)

LIST_THREAD_MEMBERS = Endpoint("list_thread_members", "GET", "/channels/{channel_id}/thread-members", Retry.SAFE)
ADD_THREAD_MEMBER = Endpoint(
    "add_thread_member", "PUT", "/channels/{channel_id}/thread-members/{user_id}", Retry.IDEMPOTENT
)
DELETE_THREAD_MEMBER = Endpoint(
    "delete_thread_member", "DELETE", "/channels/{channel_id}/thread-members/{user_id}", Retry.IDEMPOTENT
)

make_channel_member = record_factory(ChannelMember, "discord")

FIELDS: dict[str, str] = {"channel_id": "channel_id", "user_id": "user_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("add", "remove")
"""Writes whose requests may all be resent without a further effect."""


def list_(ctx: Context, filters: ChannelMemberFilters) -> Steps[Page[ChannelMember]]:
    """List the people in a channel: GET /channels/{channel_id}/thread-members."""
    query: dict[str, Any] = {"with_member": True, "limit": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["after"] = ctx.cursor
    response, raw = yield from fetch(
        LIST_THREAD_MEMBERS,
        path=(input_validation.matching(filters.channel_id, "^(0|[1-9][0-9]*)$", "channel_id", "Discord"),),
        query=query,
        schema=list[types.ThreadMemberResponse],
    )
    records = [read_channel_member(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.token(response[-1].user_id) if response else None)


def add(ctx: Context, channel_id: str, user_id: str, channel_member: ChannelMemberAdd) -> Steps[None]:
    """Add a person to a channel: PUT /channels/{channel_id}/thread-members/{user_id}."""
    yield from call(
        ADD_THREAD_MEMBER,
        path=(
            input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "channel_id", "Discord"),
            input_validation.matching(user_id, "^(0|[1-9][0-9]*)$", "user_id", "Discord"),
        ),
    )


def remove(ctx: Context, channel_id: str, user_id: str, channel_member: ChannelMemberRemove) -> Steps[None]:
    """Remove a person from a channel: DELETE /channels/{channel_id}/thread-members/{user_id}."""
    yield from call(
        DELETE_THREAD_MEMBER,
        path=(
            input_validation.matching(channel_id, "^(0|[1-9][0-9]*)$", "channel_id", "Discord"),
            input_validation.matching(user_id, "^(0|[1-9][0-9]*)$", "user_id", "Discord"),
        ),
    )


def read_channel_member(r: types.ThreadMemberResponse, raw: Raw) -> ChannelMember:
    """Read a unified ChannelMember from a ThreadMemberResponse of Discord."""
    member = r.member or types.GuildMemberResponse()
    user = member.user or types.UserResponse()
    values: ChannelMemberValues = {
        "id": responses.required(r.user_id, "id", "Discord"),
        "name": member.nick or user.global_name or user.username,
    }
    return make_channel_member(values, raw)
