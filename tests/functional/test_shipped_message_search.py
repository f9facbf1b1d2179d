"""Searches of messages, times in lists, and taking back reactions and pins, at Slack, Discord and Matrix."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import unified.messages
from tests.functional.shipped import responding, shipped
from tests.functional.test_shipped_messages import DISCORD, SLACK, discord, slack
from unified_runtime import Conflict, InvalidInput, Unavailable, Unsupported

MATRIX = "!ops:matrix.test/$m1"
NOON = datetime(2030, 1, 2, 12, tzinfo=UTC)


def match(channel: str, ts: str, text: str) -> dict[str, Any]:
    """Return a match of search.messages."""
    return {"type": "message", "channel": {"id": channel, "name": "ops"}, "user": "U0ADA00001", "ts": ts, "text": text, "reply_count": 2}


def event(**content: Any) -> dict[str, Any]:
    return {
        "event_id": "$m1", "room_id": "!ops:matrix.test", "type": "m.room.message", "sender": "@ada:matrix.test",
        "origin_server_ts": int(NOON.timestamp() * 1000), "content": {"msgtype": "m.text", "body": "deploy", **content},
    }  # fmt: skip


# ------------------------------------------------------------------ search
def test_slack_searches_a_phrase_in_a_channel() -> None:
    found = {"ok": True, "query": "", "messages": {"total": 2, "paging": {"count": 100, "total": 2, "page": 1, "pages": 1}}}
    found["messages"]["matches"] = [
        match("C0DEMO00001", "1893456000.000100", "deploy in:#x"),
        match("C0OTHER0001", "1893456000.000200", ""),
    ]  # type: ignore[index]
    with responding("slack", found) as sent:
        one, *others = unified.messages.search(query='deploy" in:#secret', channel_id="C0DEMO00001", via="slack")
    assert sent.query()["query"] == '"deploy in:#secret" in:<#C0DEMO00001>'
    assert (one.id, one.channel_id, one.reply_count) == ("C0DEMO00001:1893456000.000100", "C0DEMO00001", 2)
    assert one.url == "https://acme.slack.com/archives/C0DEMO00001/p1893456000000100"
    assert not others, "a message of another channel was listed"


def test_slack_searches_all_channels_page_by_page() -> None:
    def page(number: int) -> dict[str, Any]:
        matches = [match("C0DEMO00001", f"1893456000.{number:02}{index:04}", "deploy") for index in range(100 if number == 1 else 1)]
        return {"ok": True, "messages": {"paging": {"count": 100, "total": 101, "page": number, "pages": 2}, "matches": matches}}

    with responding("slack", page(1), page(2)) as sent:
        found = list(unified.messages.search(query="deploy", via="slack"))
    assert len({each.id for each in found}) == 101
    assert [sent.query(index)["page"] for index in (0, 1)] == ["1", "2"]


@pytest.mark.parametrize("query", ["!?", '""'])
def test_slack_needs_a_word_to_search_for(query: str) -> None:
    with responding("slack"), pytest.raises(InvalidInput, match="letter or digit"):
        list(unified.messages.search(query=query, via="slack"))


def test_discord_searches_a_server() -> None:
    found = {
        "messages": [[discord(content="before", hit=False), discord(content="deploy", hit=True)]],
        "total_results": 1,
        "doing_deep_historical_index": False,
    }
    with responding("discord", found) as sent:
        (one,) = unified.messages.search(query="deploy", channel_id="1300000000000000001", via="discord")
    assert sent.lines == ["GET /api/v10/guilds/1100000000000000001/messages/search"]
    assert (sent.query()["content"], sent.query()["channel_id"]) == ("deploy", "1300000000000000001")
    assert (one.id, one.text) == (DISCORD, "deploy")


def test_a_server_that_is_not_indexed_yet_is_not_an_empty_result() -> None:
    waiting = (202, {"message": "Index not yet available. Try again later", "code": 110000, "documents_indexed": 0, "retry_after": 2})
    with responding("discord", *[waiting] * 10), pytest.raises(Unavailable):
        list(unified.messages.search(query="deploy", via="discord"))


def test_matrix_searches_rooms() -> None:
    results = {"results": [{"rank": 1, "result": event()}, {"rank": 1, "result": event(body="later") | {"event_id": "$m2"}}]}
    with responding("matrix", {"search_categories": {"room_events": results}}) as sent:
        found = list(unified.messages.search(query="deploy", channel_id="!ops:matrix.test", created_before=NOON, via="matrix"))
    assert sent.body()["search_categories"]["room_events"]["filter"]["rooms"] == ["!ops:matrix.test"]
    assert found == []
    with responding("matrix", {"search_categories": {"room_events": results}}):
        found = list(unified.messages.search(query="deploy", created_after=NOON, via="matrix"))
    assert [each.id for each in found] == [MATRIX, "!ops:matrix.test/$m2"]


# ------------------------------------------------------------------ times
def test_slack_lists_messages_of_a_time() -> None:
    history = {
        "ok": True,
        "messages": [{"type": "message", "ts": ts, "text": ""} for ts in ("1893585600.5", "1893585600.0", "1893585599.9")],
    }
    with responding("slack", history) as sent:
        found = list(unified.messages.list(channel_id="C0DEMO00001", created_after=NOON, created_before=NOON.replace(hour=13), via="slack"))
    assert [sent.query()[name] for name in ("oldest", "latest", "inclusive")] == ["1893585600", "1893589200", "true"]
    assert [each.id for each in found] == ["C0DEMO00001:1893585600.5", "C0DEMO00001:1893585600.0"]


# ------------------------------------------------------------------ reactions and pins
def test_reactions_are_taken_back() -> None:
    ran = shipped(unified.messages.unreact, SLACK, emoji="👍", via="slack", responses=[{"ok": True}, slack()])
    assert "name=+1" in ran.sent[0][1]
    ran = shipped(unified.messages.unreact, DISCORD, emoji="👍", via="discord", responses=[(204, None), discord()])
    assert ran.requests[0].url.endswith("/reactions/%F0%9F%91%8D/@me")


def test_matrix_redacts_the_reaction_of_the_account() -> None:
    def reaction(id: str, sender: str, key: str) -> dict[str, Any]:
        relation = {"rel_type": "m.annotation", "event_id": "$m1", "key": key}
        return event() | {"event_id": id, "type": "m.reaction", "sender": sender, "content": {"m.relates_to": relation}}

    chunk = [reaction("$a", "@bob:matrix.test", "👍"), reaction("$b", "@ada:matrix.test", "🎉"), reaction("$c", "@ada:matrix.test", "👍")]
    me = {"user_id": "@ada:matrix.test"}
    with responding("matrix", me, {"chunk": chunk}, {"event_id": "$r"}, event(), {"chunk": chunk[:2]}) as sent:
        unified.messages.unreact(MATRIX, emoji="👍", via="matrix")
    assert sent.lines[2].startswith("PUT /_matrix/client/v3/rooms/!ops:matrix.test/redact/$c/")
    with responding("matrix", me, {"chunk": chunk}) as sent, pytest.raises(Conflict, match="you have not reacted with 👀"):
        unified.messages.unreact(MATRIX, emoji="👀", via="matrix")
    with responding("matrix", me, {"chunk": chunk, "next_batch": "more"}), pytest.raises(Unsupported):
        unified.messages.unreact(MATRIX, emoji="👍", via="matrix")


def test_messages_are_pinned() -> None:
    ran = shipped(unified.messages.pin, SLACK, via="slack", responses=[{"ok": True}])
    assert ran.sent == [("POST https://slack.com/api/pins.add", "channel=C0DEMO00001&timestamp=1893456000.000100")]
    ran = shipped(unified.messages.unpin, DISCORD, via="discord", responses=[(204, None)])
    assert ran.requests[0].url.endswith("/channels/1300000000000000001/messages/pins/1400000000000000001")
    with responding("slack", {"ok": False, "error": "already_pinned"}), pytest.raises(Conflict):
        unified.messages.pin(SLACK, via="slack")


def test_matrix_keeps_the_other_pins() -> None:
    none = (404, {"errcode": "M_NOT_FOUND", "error": "Event not found."})
    with responding("matrix", none, {"event_id": "$s"}) as sent:
        unified.messages.pin(MATRIX, via="matrix")
    assert sent.body() == {"pinned": ["$m1"]}
    with responding("matrix", {"pinned": ["$m0"]}, {"event_id": "$s"}) as sent:
        unified.messages.pin(MATRIX, via="matrix")
    assert sent.body() == {"pinned": ["$m0", "$m1"]}
    with responding("matrix", {"pinned": ["$m0", "$m1"]}) as sent:
        unified.messages.pin(MATRIX, via="matrix")
    assert len(sent.lines) == 1, "a message that is pinned already was pinned again"
    with responding("matrix", {"pinned": ["$m0", "$m1"]}, {"event_id": "$s"}) as sent:
        unified.messages.unpin(MATRIX, via="matrix")
    assert sent.body() == {"pinned": ["$m0"]}
    assert [each.method for each in unified.messages.unpin.plan(MATRIX, via="matrix").requests] == ["GET", "PUT"]
