"""Exchanges: an existing direct conversation of Matrix, and reactions that fill several pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import pytest

from tests.support.accounts import client
from tests.support.cursors import vendors_own
from tests.support.judges import Request
from tests.support.store import Reply
from unified import channels, messages
from unified_runtime import InvalidInput, NotFound, Unauthorized, VendorProtocolError, using

ME, WANDA = "@ada:example.org", "@wanda:example.org"
SUMMARY = {"num_joined_members": 2, "join_rule": "invite", "world_readable": False, "guest_can_join": False}


def _json(value: Any, status: int = 200) -> Reply:
    return Reply(status, (("Content-Type", "application/json"),), json.dumps(value).encode())


class _Homeserver:
    """Content of `m.direct`, the rooms of the account, and Wanda's membership in each room; requests are recorded."""

    def __init__(self, direct: Any, joined: tuple[str, ...] = (), wanda: Mapping[str, str] | None = None) -> None:
        self.direct = direct
        self.joined = joined
        self.wanda = wanda or {}
        self.called: list[str] = []

    def answer(self, request: Request) -> Reply:
        path = unquote(request.target.partition("?")[0])
        name = path.removeprefix("/_matrix/client/")
        self.called.append(f"{request.method} {name}")
        if name == "v3/account/whoami":
            return _json({"user_id": ME})
        if name == "v3/joined_rooms":
            return _json({"joined_rooms": [*self.joined]})
        if name == f"v3/user/{ME}/account_data/m.direct":
            if request.method == "PUT":
                self.direct = json.loads(request.body or b"")
                return _json({})
            return _json({"errcode": "M_NOT_FOUND", "error": "none"}, 404) if self.direct is None else _json(self.direct)
        if name.endswith(f"/state/m.room.member/{WANDA}"):
            found = self.wanda.get(name.split("/")[2])
            return _json({"errcode": "M_FORBIDDEN", "error": "no"}, 403) if found is None else _json({"membership": found})
        if name == "v3/createRoom":
            return _json({"room_id": "!new:x"})
        assert name.startswith("v1/room_summary/"), path
        return _json({"room_id": name.rpartition("/")[2], **SUMMARY})


@pytest.mark.parametrize(
    ("direct", "joined", "wanda", "room"),
    [
        (None, (), {}, None),
        ({}, (), {}, None),
        ({"@larry:x": ["!a:x"]}, ("!a:x",), {"!a:x": "join"}, None),
        ({WANDA: ["!a:x"]}, ("!a:x",), {"!a:x": "join"}, "!a:x"),
        ({WANDA: ["!a:x"]}, ("!a:x",), {"!a:x": "invite"}, "!a:x"),
        ({WANDA: ["!a:x", "!b:x"]}, ("!b:x", "!a:x"), {"!a:x": "join", "!b:x": "join"}, "!b:x"),
        ({WANDA: ["!a:x", "!b:x"]}, ("!a:x", "!b:x"), {"!a:x": "join", "!b:x": "leave"}, "!a:x"),
        ({WANDA: ["!a:x"]}, (), {"!a:x": "join"}, None),  # the account has left it
        ({WANDA: ["!a:x"]}, ("!a:x",), {"!a:x": "leave"}, None),  # no other member would read it
        ({WANDA: ["!a:x"]}, ("!a:x",), {}, None),
        ({WANDA: "!a:x", "@larry:x": 7}, ("!a:x",), {"!a:x": "join"}, None),  # any client writes account data
        ({WANDA: [7, None, "!a:x"]}, ("!a:x",), {"!a:x": "join"}, "!a:x"),
    ],
)
def test_a_direct_conversation_is_the_one_that_is_there(
    direct: Any, joined: tuple[str, ...], wanda: dict[str, str], room: str | None
) -> None:
    server = _Homeserver(direct, joined, wanda)
    made, _ = client("matrix", server.answer)
    with using(made):
        assert channels.direct(user_id=WANDA).id == (room or "!new:x")
    assert ("POST v3/createRoom" in server.called) is (room is None)
    if room is None:
        before = direct or {}
        rooms = [each for each in before.get(WANDA, ()) if isinstance(each, str)] if isinstance(before.get(WANDA), list) else []
        assert server.direct == {**before, WANDA: [*rooms, "!new:x"]}  # the entries of others stay
    else:
        assert server.direct == direct


def test_a_plan_of_a_direct_conversation_shows_a_new_one() -> None:
    made, wire = client("matrix", lambda request: pytest.fail("a plan sends nothing"))
    with using(made):
        planned = [(request.method, request.endpoint) for request in channels.direct.plan(user_id=WANDA).requests]
    assert planned == [
        ("GET", "getTokenOwner"),
        ("GET", "getAccountData"),
        ("POST", "createRoom"),
        ("PUT", "setAccountData"),
        ("GET", "getRoomSummary"),
    ]
    assert wire.sent == []


EVENT = {
    "event_id": "$e", "room_id": "!r:x", "type": "m.room.message", "sender": ME, "origin_server_ts": 1,
    "content": {"msgtype": "m.text", "body": "Hello"},
}  # fmt: skip


def _reaction(sender: Any, key: Any, **more: Any) -> dict[str, Any]:
    return {"type": "m.reaction", "sender": sender, "content": {"m.relates_to": {"rel_type": "m.annotation", "key": key}}, **more}


def test_reactions_are_read_from_every_page_and_counted_by_person() -> None:
    pages = {
        None: {"chunk": [_reaction(ME, "👍"), _reaction(WANDA, "🎉"), {}, {"content": 7}, _reaction(7, "👍")], "next_batch": "a"},
        "a": {"chunk": [_reaction(WANDA, "👍"), _reaction(ME, "👍"), _reaction(ME, ["👍"]), _reaction(ME, "no", type="x")]},
    }

    def answer(request: Request) -> Reply:
        path, _, query = request.target.partition("?")
        if "/relations/" not in path:
            return _json({**EVENT, "unsigned": 7})
        cursor = next((pair[5:] for pair in query.split("&") if pair.startswith("from=")), None)
        return _json(pages[cursor])

    made, wire = client("matrix", answer)
    with using(made):
        found = messages.get("!r:x/$e")
    assert [(one.emoji, one.count, one.user_ids) for one in found.reactions] == [("👍", 2, [ME, WANDA]), ("🎉", 1, [WANDA])]
    assert found.raw["unsigned"] == 7  # the vendor's own object, as it was sent
    assert len(wire.sent) == 3


def test_reactions_without_an_end_are_an_error() -> None:
    made, wire = client("matrix", lambda request: _json({"chunk": [], "next_batch": "a"} if "/relations/" in request.target else EVENT))
    with using(made), pytest.raises(VendorProtocolError, match="more than 100 pages"):
        messages.get("!r:x/$e")
    assert len(wire.sent) == 101


@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (401, Unauthorized)])
def test_result_of_the_first_request_is_reported(status: int, error: type[Exception]) -> None:
    made, wire = client("matrix", lambda request: _json({"errcode": "M_UNKNOWN", "error": "no"}, status))
    with using(made), pytest.raises(error):
        messages.get("!r:x/$e")
    assert len(wire.sent) == 1


class _Rooms:
    """Homeserver with rooms: those of the account, and a directory in pages of two."""

    def __init__(self, joined: list[str], public: list[str], silent: str | None = None) -> None:
        self.joined = joined
        self.public = public
        self.silent = silent
        self.searched: list[str | None] = []

    def answer(self, request: Request) -> Reply:
        path = unquote(request.target.partition("?")[0])
        if path.endswith("/joined_rooms"):
            return _json({"joined_rooms": self.joined})
        if "/room_summary/" in path:
            room = path.rpartition("/")[2]
            if room == self.silent:
                return _json({"errcode": "M_FORBIDDEN", "error": "no"}, 403)
            return _json({"room_id": room, "name": f"Room {room}", **SUMMARY})
        body = json.loads(request.body or b"")
        self.searched.append((body.get("filter") or {}).get("generic_search_term"))
        start = int(body.get("since", "0"))
        page: dict[str, Any] = {"chunk": [{"room_id": room, "name": room, **SUMMARY} for room in self.public[start : start + 2]]}
        return _json(page | ({"next_batch": str(start + 2)} if start + 2 < len(self.public) else {}))


def test_rooms_are_those_one_is_in_and_then_the_rest_of_the_directory_each_once() -> None:
    joined = [f"!r{number:02}:x" for number in range(45)]
    public = ["!p1:x", "!r03:x", "!p2:x", "!r44:x", "!p3:x"]
    server = _Rooms(joined[::-1], public, silent="!r07:x")
    made, _ = client("matrix", server.answer)
    with using(made):
        pages = list(channels.list().pages())
        assert [room.id for page in pages for room in page.items] == [*joined, "!p1:x", "!p2:x", "!p3:x"]
        assert [len(page) for page in pages[:3]] == [20, 20, 5]
        assert pages[0].items[7].name is None
        assert pages[0].items[8].raw == {"room_id": "!r08:x", "name": "Room !r08:x", **SUMMARY}
        resumed = [room.id for room in channels.list(cursor=pages[1].cursor)]
        assert resumed == [*joined[40:], "!p1:x", "!p2:x", "!p3:x"]
        assert [room.id for room in channels.list(text="room !R1")] == [*joined[10:20], "!p1:x", "!p2:x", "!p3:x"]
        assert server.searched[-1] == "room !R1"
        assert [len(page) for page in channels.list(limit=7).pages()][:7] == [7, 7, 7, 7, 7, 7, 3]
        with vendors_own(), pytest.raises(InvalidInput, match="cursor must be one that a page returned"):
            channels.list(cursor="0").first()
        assert [request.endpoint for request in channels.list.plan().requests] == ["getJoinedRooms", "getRoomSummary"]


def test_users_without_rooms_see_the_directory() -> None:
    made, _ = client("matrix", _Rooms([], ["!p1:x"]).answer)
    with using(made):
        assert [room.id for room in channels.list()] == ["!p1:x"]
