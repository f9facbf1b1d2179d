"""Slack channels, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified.models.channels import Channel, ChannelCreate, ChannelDirect, ChannelFilters, ChannelJoin, ChannelValues
from unified.vendors.slack import types
from unified_runtime import (
    Context,
    Endpoint,
    Made,
    Page,
    Raw,
    Retry,
    Steps,
    answers,
    call,
    fetch,
    inputs,
    maker,
    paging,
)
from unified_runtime.codecs import epoch_seconds

CONVERSATIONS_INFO = Endpoint("conversations_info", "GET", "/conversations.info", Retry.SAFE)
CONVERSATIONS_CREATE = Endpoint("conversations_create", "POST", "/conversations.create", Retry.NEVER)
CONVERSATIONS_SET_TOPIC = Endpoint("conversations_setTopic", "POST", "/conversations.setTopic", Retry.NEVER)
CONVERSATIONS_JOIN = Endpoint("conversations_join", "POST", "/conversations.join", Retry.NEVER)
CONVERSATIONS_OPEN = Endpoint("conversations_open", "POST", "/conversations.open", Retry.NEVER)
CONVERSATIONS_LIST = Endpoint("conversations_list", "GET", "/conversations.list", Retry.SAFE)

make_channel = maker(Channel, "slack")

FIELDS: dict[str, str] = {
    "channel": "id",
    "name": "name",
    "is_private": "private",
    "topic": "topic",
    "users": "user_id",
}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def get(ctx: Context, id: str) -> Steps[Channel]:
    """Read a channel: GET /conversations.info."""
    answer, raw = yield from fetch(
        CONVERSATIONS_INFO,
        query={"channel": inputs.matching(id, "^[CGD][A-Z0-9]{8,}\\Z", "id", "Slack"), "include_num_members": True},
        reads=types.ConversationsInfoAnswer,
    )
    record = answers.present(answer.channel, "channel", "Slack")
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
    body = inputs.merge(body, ctx.extra, "Slack")
    created_answer = yield from call(CONVERSATIONS_CREATE, form=body, reads=types.CreatedAnswer, keep="created")
    created = created_answer.channel or types.ChannelsObjsConversation()
    yield Made(created.id)
    if channel.topic is not None:
        body_2: dict[str, Any] = {"topic": channel.topic}
        if created.id is not None:
            body_2["channel"] = created.id
        yield from call(CONVERSATIONS_SET_TOPIC, form=body_2)
    answer, raw = yield from fetch(
        CONVERSATIONS_INFO,
        query={"channel": created.id, "include_num_members": True},
        reads=types.ConversationsInfoAnswer,
    )
    record = answers.present(answer.channel, "channel", "Slack")
    return read_channel(record, raw.at("channel"))


def join(ctx: Context, id: str, channel: ChannelJoin) -> Steps[Channel]:
    """Join a channel.

    In turn:
        POST /conversations.join
        GET /conversations.info
    """
    body: dict[str, Any] = {"channel": inputs.matching(id, "^[CGD][A-Z0-9]{8,}\\Z", "id", "Slack")}
    yield from call(CONVERSATIONS_JOIN, form=body)
    answer, raw = yield from fetch(
        CONVERSATIONS_INFO,
        query={"channel": inputs.matching(id, "^[CGD][A-Z0-9]{8,}\\Z", "id", "Slack"), "include_num_members": True},
        reads=types.ConversationsInfoAnswer,
    )
    record = answers.present(answer.channel, "channel", "Slack")
    return read_channel(record, raw.at("channel"))


def direct(ctx: Context, user_id: str, channel: ChannelDirect) -> Steps[Channel]:
    """Open a conversation with a user.

    In turn:
        POST /conversations.open
        GET /conversations.info
    """
    body: dict[str, Any] = {
        "users": inputs.matching(user_id, "^[UW][A-Z0-9]{2,}(,[UW][A-Z0-9]{2,})*\\Z", "user_id", "Slack")
    }
    opened_answer = yield from call(CONVERSATIONS_OPEN, form=body, reads=types.OpenedAnswer, keep="opened")
    opened = opened_answer.channel or types.ChannelsObjsConversation()
    yield Made(opened.id)
    answer, raw = yield from fetch(
        CONVERSATIONS_INFO,
        query={"channel": opened.id, "include_num_members": True},
        reads=types.ConversationsInfoAnswer,
    )
    record = answers.present(answer.channel, "channel", "Slack")
    return read_channel(record, raw.at("channel"))


def list_(ctx: Context, filters: ChannelFilters) -> Steps[Page[Channel]]:
    """List or search channels: GET /conversations.list."""
    query: dict[str, Any] = {
        "types": "public_channel,private_channel",
        "exclude_archived": True,
        "limit": inputs.page_size(ctx.limit, 200),
    }
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    answer, raw = yield from fetch(CONVERSATIONS_LIST, query=query, reads=types.ConversationsListAnswer)
    items = answer.channels or []
    records = [read_channel(each, raw.at("channels", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.topic or ''}".casefold()]
    response_metadata = answer.response_metadata or types.ConversationsListAnswerResponseMetadata()
    return Page(records, cursor=paging.token(response_metadata.next_cursor))


def read_channel(r: types.ObjsConversation, raw: Raw) -> Channel:
    """Read a unified Channel from a objs_conversation of Slack."""
    topic = r.topic or types.ObjsConversationTopic()
    values: ChannelValues = {
        "id": answers.present(r.id, "id", "Slack"),
        "name": r.name,
        "topic": topic.value,
        "private": r.is_private,
        "is_direct": r.is_im,
        "member_count": r.num_members,
        "created_at": epoch_seconds.decode(r.created) if r.created is not None else None,
        "url": f"https://slack.com/app_redirect?channel={r.id}" if r.id is not None else None,
    }
    return make_channel(values, raw)
