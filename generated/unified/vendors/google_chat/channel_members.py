"""Google Chat channel_members, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import file_paths, input_validation, pagination, responses
from . import types
from ...models.channel_members import (
    ChannelMember,
    ChannelMemberAdd,
    ChannelMemberFilters,
    ChannelMemberRemove,
    ChannelMemberValues,
)

CHAT_SPACES_MEMBERS_LIST = Endpoint("chat.spaces.members.list", "GET", "/v1/spaces/{spacesId}/members", Retry.SAFE)
CHAT_SPACES_MEMBERS_CREATE = Endpoint(
    "chat.spaces.members.create", "POST", "/v1/spaces/{spacesId}/members", Retry.NEVER
)
CHAT_SPACES_MEMBERS_DELETE = Endpoint(
    "chat.spaces.members.delete", "DELETE", "/v1/spaces/{spacesId}/members/{membersId}", Retry.IDEMPOTENT
)

PATTERN_USERS_USER = re.compile("users/(?P<user>[^/]+)")
make_channel_member = record_factory(ChannelMember, "google-chat")

FIELDS: dict[str, str] = {"spacesId": "channel_id", "membersId": "user_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("remove",)
"""Writes whose requests may all be resent without a further effect."""


def list_(ctx: Context, filters: ChannelMemberFilters) -> Steps[Page[ChannelMember]]:
    """List the people in a channel: GET /v1/spaces/{spacesId}/members."""
    query: dict[str, Any] = {"pageSize": input_validation.page_size(ctx.limit, 1000)}
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Google Chat")
    response, raw = yield from fetch(
        CHAT_SPACES_MEMBERS_LIST, path=(filters.channel_id,), query=query, schema=types.ListMembershipsResponse
    )
    items = response.memberships or []
    records = [read_channel_member(each, raw.at("memberships", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.next_page_token))


def add(ctx: Context, channel_id: str, user_id: str, channel_member: ChannelMemberAdd) -> Steps[None]:
    """Add a person to a channel: POST /v1/spaces/{spacesId}/members."""
    member: dict[str, Any] = {"type": "HUMAN", "name": f"users/{file_paths.segment(user_id, 'user_id', 'Google Chat')}"}
    body: dict[str, Any] = {"member": member}
    yield from call(CHAT_SPACES_MEMBERS_CREATE, path=(channel_id,), json=body)


def remove(ctx: Context, channel_id: str, user_id: str, channel_member: ChannelMemberRemove) -> Steps[None]:
    """Remove a person from a channel: DELETE /v1/spaces/{spacesId}/members/{membersId}."""
    yield from call(CHAT_SPACES_MEMBERS_DELETE, path=(channel_id, user_id))


def read_channel_member(r: types.Membership, raw: Raw) -> ChannelMember:
    """Read a unified ChannelMember from a Membership of Google Chat."""
    member = r.member or types.User()
    user = PATTERN_USERS_USER.fullmatch(member.name or "")
    values: ChannelMemberValues = {
        "id": responses.required(
            f"{(user and user['user'])}" if (user and user["user"]) is not None else None, "id", "Google Chat"
        ),
        "name": member.display_name,
    }
    return make_channel_member(values, raw)
