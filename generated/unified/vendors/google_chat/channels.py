"""Google Chat channels, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import file_paths, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.channels import (
    Channel,
    ChannelCreate,
    ChannelDirect,
    ChannelFilters,
    ChannelLeave,
    ChannelUpdate,
    ChannelValues,
)

CHAT_SPACES_GET = Endpoint("chat.spaces.get", "GET", "/v1/spaces/{spacesId}", Retry.SAFE)
CHAT_SPACES_LIST = Endpoint("chat.spaces.list", "GET", "/v1/spaces", Retry.SAFE)
CHAT_SPACES_CREATE = Endpoint("chat.spaces.create", "POST", "/v1/spaces", Retry.KEYED)
CHAT_SPACES_PATCH = Endpoint("chat.spaces.patch", "PATCH", "/v1/spaces/{spacesId}", Retry.NEVER)
CHAT_SPACES_MEMBERS_DELETE = Endpoint(
    "chat.spaces.members.delete", "DELETE", "/v1/spaces/{spacesId}/members/{membersId}", Retry.IDEMPOTENT
)
CHAT_SPACES_SETUP = Endpoint("chat.spaces.setup", "POST", "/v1/spaces:setup", Retry.KEYED)

PATTERN_SPACES_SPACE = re.compile("spaces/(?P<space>[^/]+)")
PRIVATE_READ: dict[Any, bool] = {"PRIVATE": True, "ACCESS_STATE_UNSPECIFIED": True, None: True, "DISCOVERABLE": False}
IS_DIRECT_READ: dict[Any, bool] = {"DIRECT_MESSAGE": True, "GROUP_CHAT": True}
make_channel = record_factory(Channel, "google-chat", absent=("unread_count",))
CREATE_UNSUPPORTED = {"private": "an organization decides by its target audiences who finds a space"}
UPDATE_NEVER_CLEARED = ("name",)
CHAT_SPACES_PATCH_SENDS = frozenset(("name",))
CHAT_SPACES_PATCH_SENDS_2 = frozenset(("topic",))

FIELDS: dict[str, str] = {
    "spacesId": "id",
    "displayName": "name",
    "spaceDetails.description": "topic",
    "spaceDetails": "topic",
    "description": "topic",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {
    "join": "Google Chat adds people to a space by their ids; use `add` of `channel_members`",
    "archive": "Google Chat spaces can only be deleted, with all messages",
}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("create", "leave", "direct")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Channel]:
    """Read a channel: GET /v1/spaces/{spacesId}."""
    response, raw = yield from fetch(CHAT_SPACES_GET, path=(id,), schema=types.Space)
    return read_channel(response, raw)


def list_(ctx: Context, filters: ChannelFilters) -> Steps[Page[Channel]]:
    """List or search channels: GET /v1/spaces."""
    query: dict[str, Any] = {"pageSize": input_validation.page_size(ctx.limit, 1000)}
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Google Chat")
    response, raw = yield from fetch(CHAT_SPACES_LIST, query=query, schema=types.ListSpacesResponse)
    items = response.spaces or []
    records = [read_channel(each, raw.at("spaces", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.topic or ''}".casefold()]
    return Page(records, cursor=pagination.token(response.next_page_token))


def create(ctx: Context, channel: ChannelCreate) -> Steps[Channel]:
    """Create a channel: POST /v1/spaces."""
    input_validation.reject_unsupported(channel, CREATE_UNSUPPORTED, "Google Chat")
    body: dict[str, Any] = {"spaceType": "SPACE", "displayName": channel.name}
    if channel.topic is not None:
        body["spaceDetails"] = {"description": channel.topic}
    body = input_validation.merge(body, ctx.extra, "Google Chat")
    response, raw = yield from fetch(
        CHAT_SPACES_CREATE, query={"requestId": ctx.key_as("uuid")}, json=body, schema=types.Space
    )
    return read_channel(response, raw)


def update(ctx: Context, id: str, channel: ChannelUpdate) -> Steps[Channel]:
    """Rename a channel or change its topic.

    In turn:
        PATCH /v1/spaces/{spacesId}, if needed
        GET /v1/spaces/{spacesId}, if needed
        PATCH /v1/spaces/{spacesId}, if needed
        GET /v1/spaces/{spacesId}
    """
    given = input_validation.changes(channel, ctx.extra, "Google Chat")
    input_validation.reject_clearing(channel, given, UPDATE_NEVER_CLEARED, "Google Chat")
    before: types.ChannelsSpace | None = None
    if given & CHAT_SPACES_PATCH_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if channel.name is not None:
            body["displayName"] = channel.name
        body = input_validation.merge(body, ctx.extra, "Google Chat")
        yield from call(CHAT_SPACES_PATCH, path=(id,), query={"updateMask": "displayName"}, json=body)
    if channel.topic is not None:
        before = yield from call(CHAT_SPACES_GET, path=(id,), schema=types.ChannelsSpace, save_as="before")
    if given & CHAT_SPACES_PATCH_SENDS_2:
        space_details: dict[str, Any] = {}
        if before is not None and (before.space_details or types.ChannelsSpaceDetails()).guidelines is not None:
            space_details["guidelines"] = (before.space_details or types.ChannelsSpaceDetails()).guidelines
        if "topic" in given:
            space_details["description"] = "" if channel.topic is None else channel.topic
        body_2: dict[str, Any] = {}
        if space_details:
            body_2["spaceDetails"] = space_details
        yield from call(CHAT_SPACES_PATCH, path=(id,), query={"updateMask": "spaceDetails"}, json=body_2)
    response, raw = yield from fetch(CHAT_SPACES_GET, path=(id,), schema=types.Space)
    return read_channel(response, raw)


def leave(ctx: Context, id: str, channel: ChannelLeave) -> Steps[None]:
    """Leave a channel: DELETE /v1/spaces/{spacesId}/members/{membersId}."""
    yield from call(CHAT_SPACES_MEMBERS_DELETE, path=(id, ctx.connection["user_id"]))


def direct(ctx: Context, user_id: str, channel: ChannelDirect) -> Steps[Channel]:
    """Open a conversation with a user: POST /v1/spaces:setup."""
    member: dict[str, Any] = {"type": "HUMAN", "name": f"users/{file_paths.segment(user_id, 'user_id', 'Google Chat')}"}
    first_memberships: dict[str, Any] = {"member": member}
    memberships: list[Any] = [first_memberships]
    body: dict[str, Any] = {
        "requestId": ctx.key_as("uuid"),
        "space": {"spaceType": "DIRECT_MESSAGE"},
        "memberships": memberships,
    }
    response, raw = yield from fetch(CHAT_SPACES_SETUP, json=body, schema=types.Space)
    return read_channel(response, raw)


def read_channel(r: types.Space, raw: Raw) -> Channel:
    """Read a unified Channel from a Space of Google Chat."""
    space = PATTERN_SPACES_SPACE.fullmatch(r.name or "")
    space_details = r.space_details or types.SpaceDetails()
    access_settings = r.access_settings or types.AccessSettings()
    membership_count = r.membership_count or types.MembershipCount()
    values: ChannelValues = {
        "id": responses.required(
            f"{(space and space['space'])}" if (space and space["space"]) is not None else None, "id", "Google Chat"
        ),
        "name": r.display_name,
        "topic": space_details.description,
        "private": PRIVATE_READ.get(access_settings.access_state),
        "is_direct": IS_DIRECT_READ.get(r.space_type, False),
        "member_count": membership_count.joined_direct_human_user_count,
        "unread_count": None,
        "created_at": datetimes.decode(r.create_time) if r.create_time is not None else None,
        "url": r.space_uri,
    }
    return make_channel(values, raw)
