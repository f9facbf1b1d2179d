"""Discord channels, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.channels import (
    Channel,
    ChannelArchive,
    ChannelCreate,
    ChannelDirect,
    ChannelFilters,
    ChannelLeave,
    ChannelUpdate,
    ChannelValues,
)

GET_CHANNEL = Endpoint("get_channel", "GET", "/channels/{channel_id}", Retry.SAFE)
CREATE_GUILD_CHANNEL = Endpoint("create_guild_channel", "POST", "/guilds/{guild_id}/channels", Retry.NEVER)
UPDATE_CHANNEL = Endpoint("update_channel", "PATCH", "/channels/{channel_id}", Retry.NEVER)
LEAVE_THREAD = Endpoint("leave_thread", "DELETE", "/channels/{channel_id}/thread-members/@me", Retry.IDEMPOTENT)
CREATE_DM = Endpoint("create_dm", "POST", "/users/@me/channels", Retry.NEVER)
LIST_GUILD_CHANNELS = Endpoint("list_guild_channels", "GET", "/guilds/{guild_id}/channels", Retry.SAFE)

IS_DIRECT_READ: dict[Any, bool] = {1: True, 3: True}
make_channel = record_factory(Channel, "discord", absent=("private", "member_count", "unread_count", "created_at"))
CREATE_UNSUPPORTED = {"private": "access to Discord channels depends on the permissions of roles and members"}
UPDATE_NEVER_CLEARED = ("name",)

FIELDS: dict[str, str] = {"channel_id": "id", "name": "name", "topic": "topic", "recipient_id": "user_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"join": "Discord channels have no join operation; permissions decide who has access"}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("leave",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Channel]:
    """Read a channel: GET /channels/{channel_id}."""
    response, raw = yield from fetch(
        GET_CHANNEL, path=(input_validation.matching(id, "^(0|[1-9][0-9]*)$", "id", "Discord"),), schema=types.Channel
    )
    if not _is_channel(response):
        raise responses.wrong_resource("Channel", "Discord")
    return read_channel(response, raw)


def create(ctx: Context, channel: ChannelCreate) -> Steps[Channel]:
    """Create a channel: POST /guilds/{guild_id}/channels."""
    input_validation.reject_unsupported(channel, CREATE_UNSUPPORTED, "Discord")
    body: dict[str, Any] = {
        "type": 0,
        "name": input_validation.bounded(channel.name, "name", "Discord", min_length=1, max_length=100),
    }
    if channel.topic is not None:
        body["topic"] = input_validation.at_most(channel.topic, 4096, "topic", "Discord")
    body = input_validation.merge(body, ctx.extra, "Discord")
    response, raw = yield from fetch(
        CREATE_GUILD_CHANNEL, path=(ctx.connection["guild_id"],), json=body, schema=types.Channel
    )
    if not _is_channel(response):
        raise responses.wrong_resource("Channel", "Discord")
    return read_channel(response, raw)


def update(ctx: Context, id: str, channel: ChannelUpdate) -> Steps[Channel]:
    """Rename a channel or change its topic: PATCH /channels/{channel_id}."""
    given = input_validation.changes(channel, ctx.extra, "Discord")
    input_validation.reject_clearing(channel, given, UPDATE_NEVER_CLEARED, "Discord")
    body: dict[str, Any] = {}
    if channel.name is not None:
        body["name"] = channel.name
    if "topic" in given:
        body["topic"] = (
            None if channel.topic is None else input_validation.at_most(channel.topic, 4096, "topic", "Discord")
        )
    body = input_validation.merge(body, ctx.extra, "Discord")
    response, raw = yield from fetch(
        UPDATE_CHANNEL,
        path=(input_validation.matching(id, "^(0|[1-9][0-9]*)$", "id", "Discord"),),
        json=body,
        schema=types.Channel,
    )
    if not _is_channel(response):
        raise responses.wrong_resource("Channel", "Discord")
    return read_channel(response, raw)


def leave(ctx: Context, id: str, channel: ChannelLeave) -> Steps[None]:
    """Leave a channel: DELETE /channels/{channel_id}/thread-members/@me."""
    yield from call(LEAVE_THREAD, path=(input_validation.matching(id, "^(0|[1-9][0-9]*)$", "id", "Discord"),))


def archive(ctx: Context, id: str, channel: ChannelArchive) -> Steps[None]:
    """Archive a channel; its messages stay.

    In turn:
        GET /channels/{channel_id}
        PATCH /channels/{channel_id}
    """
    thread = yield from call(
        GET_CHANNEL,
        path=(input_validation.matching(id, "^(0|[1-9][0-9]*)$", "id", "Discord"),),
        schema=types.ThreadResponse,
        save_as="thread",
    )
    responses.found(
        responses.if_matching(
            thread,
            lambda each: (each.thread_metadata or types.ThreadResponseThreadMetadata()).archived is False,
            "thread",
        ),
        "only open threads can be archived; this is not an open thread",
        "Conflict",
    )
    body: dict[str, Any] = {"archived": True}
    yield from call(
        UPDATE_CHANNEL, path=(input_validation.matching(id, "^(0|[1-9][0-9]*)$", "id", "Discord"),), json=body
    )


def direct(ctx: Context, user_id: str, channel: ChannelDirect) -> Steps[Channel]:
    """Open a conversation with a user: POST /users/@me/channels."""
    body: dict[str, Any] = {
        "recipient_id": input_validation.matching(user_id, "^(0|[1-9][0-9]*)$", "user_id", "Discord")
    }
    response, raw = yield from fetch(CREATE_DM, json=body, schema=types.Channel)
    if not _is_channel(response):
        raise responses.wrong_resource("Channel", "Discord")
    return read_channel(response, raw)


def list_(ctx: Context, filters: ChannelFilters) -> Steps[Page[Channel]]:
    """List or search channels: GET /guilds/{guild_id}/channels."""
    response, raw = yield from fetch(
        LIST_GUILD_CHANNELS, path=(ctx.connection["guild_id"],), schema=list[types.Channel]
    )
    records = [read_channel(each, raw.at(index)) for index, each in enumerate(response) if _is_channel(each)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.topic or ''}".casefold()]
    return Page(records)


def read_channel(r: types.Channel, raw: Raw) -> Channel:
    """Read a unified Channel from a Channel of Discord."""
    values: ChannelValues = {
        "id": responses.required(r.id, "id", "Discord"),
        "name": r.name,
        "topic": r.topic,
        "private": None,
        "is_direct": IS_DIRECT_READ.get(r.type, False),
        "member_count": None,
        "unread_count": None,
        "created_at": None,
        "url": f"https://discord.com/channels/{r.guild_id}/{r.id}"
        if r.guild_id is not None and r.id is not None
        else None,
    }
    return make_channel(values, raw)


def _is_channel(r: types.Channel) -> bool:
    return not (((r.type == 4) or (r.type == 14)) or (r.type == 15))
