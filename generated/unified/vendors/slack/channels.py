"""Slack channels, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import epoch_seconds
from . import types
from ...models.channels import (
    Channel,
    ChannelArchive,
    ChannelCreate,
    ChannelDirect,
    ChannelFilters,
    ChannelJoin,
    ChannelLeave,
    ChannelUpdate,
    ChannelValues,
)

CONVERSATIONS_INFO = Endpoint("conversations_info", "GET", "/conversations.info", Retry.SAFE)
CONVERSATIONS_CREATE = Endpoint("conversations_create", "POST", "/conversations.create", Retry.NEVER)
CONVERSATIONS_SET_TOPIC = Endpoint("conversations_setTopic", "POST", "/conversations.setTopic", Retry.NEVER)
CONVERSATIONS_JOIN = Endpoint("conversations_join", "POST", "/conversations.join", Retry.NEVER)
CONVERSATIONS_RENAME = Endpoint("conversations_rename", "POST", "/conversations.rename", Retry.NEVER)
CONVERSATIONS_LEAVE = Endpoint("conversations_leave", "POST", "/conversations.leave", Retry.NEVER)
CONVERSATIONS_ARCHIVE = Endpoint("conversations_archive", "POST", "/conversations.archive", Retry.NEVER)
CONVERSATIONS_OPEN = Endpoint("conversations_open", "POST", "/conversations.open", Retry.NEVER)
CONVERSATIONS_LIST = Endpoint("conversations_list", "GET", "/conversations.list", Retry.SAFE)

make_channel = record_factory(Channel, "slack")
UPDATE_NEVER_CLEARED = ("name",)
CONVERSATIONS_RENAME_SENDS = frozenset(("name",))
CONVERSATIONS_SET_TOPIC_SENDS = frozenset(("topic",))

FIELDS: dict[str, str] = {
    "channel": "id",
    "name": "name",
    "is_private": "private",
    "topic": "topic",
    "users": "user_id",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Channel]:
    """Read a channel: GET /conversations.info."""
    response, raw = yield from fetch(
        CONVERSATIONS_INFO,
        query={
            "channel": input_validation.matching(id, "^[CGD][A-Z0-9]{8,}$", "id", "Slack"),
            "include_num_members": True,
        },
        schema=types.ConversationsInfoResponse,
    )
    record = responses.required(response.channel, "channel", "Slack")
    return read_channel(record, raw.at("channel"))


def create(ctx: Context, channel: ChannelCreate) -> Steps[Channel]:
    """Create a channel.

    In turn:
        POST /conversations.create
        POST /conversations.setTopic, if needed
        GET /conversations.info
    """
    body: dict[str, Any] = {"name": channel.name}
    if channel.private is not None:
        body["is_private"] = channel.private
    body = input_validation.merge(body, ctx.extra, "Slack")
    created_response = yield from call(CONVERSATIONS_CREATE, form=body, schema=types.CreatedResponse, save_as="created")
    created = created_response.channel or types.ChannelsObjsConversation()
    yield CreatedRecord(created.id)
    if channel.topic is not None:
        body_2: dict[str, Any] = {"topic": channel.topic}
        if created.id is not None:
            body_2["channel"] = created.id
        yield from call(CONVERSATIONS_SET_TOPIC, form=body_2)
    response, raw = yield from fetch(
        CONVERSATIONS_INFO,
        query={"channel": created.id, "include_num_members": True},
        schema=types.ConversationsInfoResponse,
    )
    record = responses.required(response.channel, "channel", "Slack")
    return read_channel(record, raw.at("channel"))


def join(ctx: Context, id: str, channel: ChannelJoin) -> Steps[Channel]:
    """Join a channel.

    In turn:
        POST /conversations.join
        GET /conversations.info
    """
    body: dict[str, Any] = {"channel": input_validation.matching(id, "^[CGD][A-Z0-9]{8,}$", "id", "Slack")}
    yield from call(CONVERSATIONS_JOIN, form=body)
    response, raw = yield from fetch(
        CONVERSATIONS_INFO,
        query={
            "channel": input_validation.matching(id, "^[CGD][A-Z0-9]{8,}$", "id", "Slack"),
            "include_num_members": True,
        },
        schema=types.ConversationsInfoResponse,
    )
    record = responses.required(response.channel, "channel", "Slack")
    return read_channel(record, raw.at("channel"))


def update(ctx: Context, id: str, channel: ChannelUpdate) -> Steps[Channel]:
    """Rename a channel or change its topic.

    In turn:
        POST /conversations.rename, if needed
        POST /conversations.setTopic, if needed
        GET /conversations.info
    """
    given = input_validation.changes(channel, ctx.extra, "Slack")
    input_validation.reject_clearing(channel, given, UPDATE_NEVER_CLEARED, "Slack")
    if given & CONVERSATIONS_RENAME_SENDS or ctx.extra:
        body: dict[str, Any] = {"channel": input_validation.matching(id, "^[CGD][A-Z0-9]{8,}$", "id", "Slack")}
        if channel.name is not None:
            body["name"] = channel.name
        body = input_validation.merge(body, ctx.extra, "Slack")
        yield from call(CONVERSATIONS_RENAME, form=body)
    if given & CONVERSATIONS_SET_TOPIC_SENDS:
        body_2: dict[str, Any] = {"channel": input_validation.matching(id, "^[CGD][A-Z0-9]{8,}$", "id", "Slack")}
        if "topic" in given:
            body_2["topic"] = "" if channel.topic is None else channel.topic
        yield from call(CONVERSATIONS_SET_TOPIC, form=body_2)
    response, raw = yield from fetch(
        CONVERSATIONS_INFO,
        query={
            "channel": input_validation.matching(id, "^[CGD][A-Z0-9]{8,}$", "id", "Slack"),
            "include_num_members": True,
        },
        schema=types.ConversationsInfoResponse,
    )
    record = responses.required(response.channel, "channel", "Slack")
    return read_channel(record, raw.at("channel"))


def leave(ctx: Context, id: str, channel: ChannelLeave) -> Steps[None]:
    """Leave a channel: POST /conversations.leave."""
    body: dict[str, Any] = {"channel": input_validation.matching(id, "^[CGD][A-Z0-9]{8,}$", "id", "Slack")}
    yield from call(CONVERSATIONS_LEAVE, form=body)


def archive(ctx: Context, id: str, channel: ChannelArchive) -> Steps[None]:
    """Archive a channel; its messages stay: POST /conversations.archive."""
    body: dict[str, Any] = {"channel": input_validation.matching(id, "^[CGD][A-Z0-9]{8,}$", "id", "Slack")}
    yield from call(CONVERSATIONS_ARCHIVE, form=body)


def direct(ctx: Context, user_id: str, channel: ChannelDirect) -> Steps[Channel]:
    """Open a conversation with a user.

    In turn:
        POST /conversations.open
        GET /conversations.info
    """
    body: dict[str, Any] = {
        "users": input_validation.matching(user_id, "^[UW][A-Z0-9]{2,}(,[UW][A-Z0-9]{2,})*$", "user_id", "Slack")
    }
    opened_response = yield from call(CONVERSATIONS_OPEN, form=body, schema=types.OpenedResponse, save_as="opened")
    opened = opened_response.channel or types.ChannelsObjsConversation()
    yield CreatedRecord(opened.id)
    response, raw = yield from fetch(
        CONVERSATIONS_INFO,
        query={"channel": opened.id, "include_num_members": True},
        schema=types.ConversationsInfoResponse,
    )
    record = responses.required(response.channel, "channel", "Slack")
    return read_channel(record, raw.at("channel"))


def list_(ctx: Context, filters: ChannelFilters) -> Steps[Page[Channel]]:
    """List or search channels: GET /conversations.list."""
    query: dict[str, Any] = {
        "types": "public_channel,private_channel,mpim,im",
        "exclude_archived": True,
        "limit": input_validation.page_size(ctx.limit, 200),
    }
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    response, raw = yield from fetch(CONVERSATIONS_LIST, query=query, schema=types.ConversationsListResponse)
    items = response.channels or []
    records = [read_channel(each, raw.at("channels", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.topic or ''}".casefold()]
    response_metadata = response.response_metadata or types.ConversationsListResponseResponseMetadata()
    return Page(records, cursor=pagination.token(response_metadata.next_cursor))


def _read_is_direct(is_im: Any, is_mpim: Any) -> bool | None:
    return not (is_im in (False, None) and is_mpim in (False, None))


def read_channel(r: types.ObjsConversation, raw: Raw) -> Channel:
    """Read a unified Channel from an objs_conversation of Slack."""
    topic = r.topic or types.ObjsConversationTopic()
    values: ChannelValues = {
        "id": responses.required(r.id, "id", "Slack"),
        "name": r.name,
        "topic": topic.value,
        "private": r.is_private,
        "is_direct": _read_is_direct(r.is_im, r.is_mpim),
        "member_count": r.num_members,
        "unread_count": r.unread_count_display,
        "created_at": epoch_seconds.decode(r.created) if r.created is not None else None,
        "url": f"https://slack.com/app_redirect?channel={r.id}" if r.id is not None else None,
    }
    return make_channel(values, raw)
