"""Channels of Slack, Discord and Matrix: members, names and topics, leaving and archiving."""

from __future__ import annotations

from typing import Any

import pytest

import unified.channel_members
import unified.channels
from tests.functional.shipped import responding, shipped
from unified_runtime import Conflict, Forbidden, InvalidInput, Unsupported

SLACK, DISCORD, MATRIX = "C0DEMO00001", "1300000000000000001", "!ops:matrix.test"


def user(id: str, name: str) -> dict[str, Any]:
    return {"ok": True, "user": {"id": id, "name": name.lower(), "real_name": name}}


def thread(*, archived: bool) -> dict[str, Any]:
    metadata = {"archived": archived, "auto_archive_duration": 60, "locked": False, "archive_timestamp": "2030-01-02T03:04:05+00:00"}
    return {"id": DISCORD, "type": 11, "guild_id": "1100000000000000001", "name": "incident", "thread_metadata": metadata}


# ------------------------------------------------------------------ members
def test_slack_lists_members_with_their_names() -> None:
    ids = {"ok": True, "members": ["U0ADA00001", "U0BOB00002"], "response_metadata": {"next_cursor": "bmV4dA=="}}
    last = {"ok": True, "members": ["U0EVE00003"], "response_metadata": {"next_cursor": ""}}
    responses = [ids, user("U0ADA00001", "Ada"), user("U0BOB00002", "Bob"), last, user("U0EVE00003", "Eve")]
    with responding("slack", *responses) as sent:
        found = [(each.id, each.name) for each in unified.channel_members.list(channel_id=SLACK, via="slack")]
    assert found == [("U0ADA00001", "Ada"), ("U0BOB00002", "Bob"), ("U0EVE00003", "Eve")]
    assert sent.lines.count("GET /api/users.list") == 0, "a list of the workspace's users was requested"
    assert (sent.query(0), sent.query(3)["cursor"]) == ({"channel": SLACK, "limit": "20"}, "bmV4dA==")
    plan = unified.channel_members.list.plan(channel_id=SLACK, via="slack")
    assert [each.url.partition("?")[0].rpartition("/")[2] for each in plan.requests] == ["conversations.members", "users.info"]


def test_discord_lists_members_of_a_thread() -> None:
    member = {"nick": None, "user": {"id": "1200000000000000001", "username": "ada", "global_name": "Ada Admin"}}
    page = [{"id": DISCORD, "user_id": "1200000000000000001", "join_timestamp": "2030-01-02T03:04:05+00:00", "flags": 0, "member": member}]
    with responding("discord", page, []) as sent:
        (one,) = unified.channel_members.list(channel_id=DISCORD, via="discord")
    assert (one.id, one.name) == ("1200000000000000001", "Ada Admin")
    assert sent.query(0)["with_member"] == "true"
    assert sent.query(1)["after"] == "1200000000000000001"


def test_matrix_lists_members_who_joined() -> None:
    event = {
        "type": "m.room.member", "event_id": "$e", "sender": "@ada:matrix.test", "state_key": "@bob:matrix.test", "room_id": MATRIX,
        "origin_server_ts": 1, "content": {"membership": "join", "displayname": "Bob"},
    }  # fmt: skip
    with responding("matrix", {"chunk": [event]}) as sent:
        (one,) = unified.channel_members.list(channel_id=MATRIX, via="matrix")
    assert (one.id, one.name, sent.query()) == ("@bob:matrix.test", "Bob", {"membership": "join"})


def test_people_are_added_and_removed() -> None:
    ran = shipped(
        unified.channel_members.add, SLACK, "U0BOB00002", via="slack", responses=[{"ok": True, "channel": {"id": SLACK, "name": "ops"}}]
    )
    assert ran.sent == [("POST https://slack.com/api/conversations.invite", "channel=C0DEMO00001&users=U0BOB00002")]
    with responding("slack"), pytest.raises(InvalidInput):
        unified.channel_members.remove(SLACK, "bob", via="slack")
    with responding("slack", {"ok": False, "error": "already_in_channel"}), pytest.raises(Conflict):
        unified.channel_members.add(SLACK, "U0BOB00002", via="slack")
    with responding("discord", (204, None)) as sent:
        unified.channel_members.add(DISCORD, "1200000000000000002", via="discord")
    assert sent.lines == ["PUT /api/v10/channels/1300000000000000001/thread-members/1200000000000000002"]
    with responding("matrix", {"event_id": "$e"}, (403, {"errcode": "M_FORBIDDEN", "error": "not in the room"})) as sent:
        unified.channel_members.add(MATRIX, "@bob:matrix.test", via="matrix")
        with pytest.raises(Forbidden):
            unified.channel_members.remove(MATRIX, "@bob:matrix.test", via="matrix")
    assert sent.lines[0] == f"PUT /_matrix/client/v3/rooms/{MATRIX}/state/m.room.member/@bob:matrix.test"
    assert [sent.body(index) for index in (0, 1)] == [{"membership": "invite"}, {"user_id": "@bob:matrix.test"}]


# ------------------------------------------------------------------ names and topics
def test_a_slack_channel_gets_a_new_name_and_topic() -> None:
    channel = {"ok": True, "channel": {"id": SLACK, "name": "news", "topic": {"value": ""}, "is_im": False}}
    ran = shipped(unified.channels.update, SLACK, name="news", topic=None, via="slack", responses=[channel, channel, channel])
    assert ran.sent[:2] == [
        ("POST https://slack.com/api/conversations.rename", "channel=C0DEMO00001&name=news"),
        ("POST https://slack.com/api/conversations.setTopic", "channel=C0DEMO00001&topic="),
    ]


def test_only_what_is_given_of_a_matrix_room_changes() -> None:
    summary = {"room_id": MATRIX, "num_joined_members": 2, "name": "Ops", "topic": "On call"}
    with responding("matrix", {"event_id": "$e"}, summary) as sent:
        found = unified.channels.update(MATRIX, topic="On call", via="matrix")
    assert (sent.lines[0], sent.body(0)) == (f"PUT /_matrix/client/v3/rooms/{MATRIX}/state/m.room.topic", {"topic": "On call"})
    assert found.topic == "On call"


def test_slack_counts_unread_messages_of_a_direct_conversation() -> None:
    channel = {"ok": True, "channel": {"id": "D0BOB00002", "is_im": True, "user": "U0BOB00002", "unread_count_display": 3}}
    assert shipped(unified.channels.get, "D0BOB00002", via="slack", responses=[channel]).value.unread_count == 3


# ------------------------------------------------------------------ leaving and archiving
def test_channels_are_left_and_archived() -> None:
    assert shipped(unified.channels.archive, SLACK, via="slack", responses=[{"ok": True}]).value is None
    with responding("slack", {"ok": False, "error": "already_archived"}), pytest.raises(Conflict):
        unified.channels.archive(SLACK, via="slack")
    with responding("matrix", {}) as sent:
        unified.channels.leave(MATRIX, via="matrix")
    assert sent.lines == [f"POST /_matrix/client/v3/rooms/{MATRIX}/leave"]
    with responding("matrix"), pytest.raises(Unsupported, match="cannot be archived"):
        unified.channels.archive(MATRIX, via="matrix")


def test_only_threads_of_discord_are_archived() -> None:
    with responding("discord", thread(archived=False), thread(archived=True)) as sent:
        unified.channels.archive(DISCORD, via="discord")
    assert (sent.lines[1], sent.body()) == (f"PATCH /api/v10/channels/{DISCORD}", {"archived": True})
    text = {"id": DISCORD, "type": 0, "guild_id": "1100000000000000001", "name": "ops"}
    for channel in (text, thread(archived=True)):
        with responding("discord", channel) as sent, pytest.raises(Conflict, match="only open threads"):
            unified.channels.archive(DISCORD, via="discord")
        assert len(sent.lines) == 1
