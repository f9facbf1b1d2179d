"""Matrix: a room is a list of events; edits, reactions and redactions are events too, stored once however often they arrive.

The content of events, and the server's handling of relations between events, is not in the document's schemas; it is in the
specification's text (https://spec.matrix.org/v1.16/client-server-api/): event replacements (11.36), threading (11.37), annotations (11.38),
redactions (11.9) and transaction identifiers (5.10).
"""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.support.store import Call, Document, Handler, Record, Refused, Store, counter

USERS = {"@ada:example.org": "Ada Admin", "@wanda:example.org": "Wanda Worker"}
ME = next(iter(USERS))
ROOMS = {"!demo:example.org": "Demo", "!other:example.org": "Other"}
MESSAGES = ("!demo:example.org/$first", "!demo:example.org/$second", "!demo:example.org/$third")
_BEGAN = 1_893_456_000_000


class _Matrix:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.numbers = counter(1)
        self.rooms: dict[str, Record] = {}
        self.events: dict[str, list[Record]] = {}
        self.sent: dict[tuple[str, ...], str] = {}
        self.settings: dict[str, Record] = {}
        """Account data, by type."""
        for room_id, name in ROOMS.items():
            self._add_room(room_id, {"name": name, "visibility": "public"}, [*USERS])
        for each in MESSAGES:
            room_id, event_id = each.split("/")
            self._add(room_id, "m.room.message", {"msgtype": "m.text", "body": "Seeded"}, event_id)

    def handlers(self) -> dict[str, Handler]:
        return {
            "getTokenOwner": lambda _: {"user_id": ME},
            "searchUserDirectory": self.users,
            "queryPublicRooms": self.directory,
            "createRoom": self.create_room,
            "getRoomSummary": lambda call: self._summary(self._room(call.path["roomIdOrAlias"])),
            "joinRoom": self.join,
            "leaveRoom": lambda call: self._change(call, ME, there=False),
            "setRoomStateWithKey": lambda call: {**self._change(call, call.path["stateKey"], there=True), "event_id": "$invited"},
            "kick": lambda call: self._change(call, call.body["user_id"], there=False),
            "getMembersByRoom": self.members,
            "sendMessage": self.send,
            "uploadContent": lambda _: {"content_uri": f"mxc://example.org/{next(self.numbers)}"},
            "redactEvent": self.redact,
            "getOneRoomEvent": lambda call: self._shown(self._event(call.path["roomId"], call.path["eventId"])),
            "getRoomEvents": self.messages,
            "getRelatingEventsWithRelType": self.relations,
            "getJoinedRooms": lambda _: {"joined_rooms": [room_id for room_id, room in self.rooms.items() if ME in room["members"]]},
            "getRoomStateWithKey": self.state,
            "getRoomStateWithoutKey": self.state,
            "setRoomStateWithoutKey": self.set_state,
            "search": self.search,
            "getAccountData": self.setting,
            "setAccountData": self.set,
        }

    # ------------------------------------------------------------------ rooms and users
    def users(self, call: Call) -> Any:
        word = call.body["search_term"].lower()
        found = [{"user_id": each, "display_name": name} for each, name in USERS.items() if word in name.lower() or word in each]
        return {"limited": False, "results": found}

    def directory(self, call: Call) -> Any:
        word = (call.body.get("filter") or {}).get("generic_search_term", "").lower()
        found = [self._summary(room_id) for room_id, room in self.rooms.items() if room["visibility"] == "public"]
        found = [room for room in found if word in f"{room.get('name', '')}\n{room.get('topic', '')}".lower()]
        start, size = int(call.body.get("since", "0")), call.body.get("limit", 100)
        page = {"chunk": found[start : start + size], "total_room_count_estimate": len(found)}
        return page | ({"next_batch": str(start + size)} if start + size < len(found) else {})

    def create_room(self, call: Call) -> Any:
        for user in call.body.get("invite", ()):
            if user not in USERS:
                raise Refused(403, {"errcode": "M_FORBIDDEN", "error": "unknown name"})
        room_id = f"!room{next(self.numbers)}:example.org"
        self._add_room(room_id, call.body, [ME])
        return {"room_id": room_id}

    def join(self, call: Call) -> Any:
        room_id = self._room(call.path["roomIdOrAlias"])
        self.rooms[room_id]["members"] = list(dict.fromkeys([*self.rooms[room_id]["members"], ME]))
        return {"room_id": room_id}

    def members(self, call: Call) -> Any:
        room_id = self._joined(call.path["roomId"])
        return {
            "chunk": [
                {
                    "type": "m.room.member", "event_id": f"$member{number}", "room_id": room_id, "sender": user, "state_key": user,
                    "origin_server_ts": _BEGAN, "content": {"membership": "join", "displayname": USERS[user]},
                }
                for number, user in enumerate(self.rooms[room_id]["members"])
            ]
        }  # fmt: skip

    def _change(self, call: Call, user: str, *, there: bool) -> Any:
        """Change who is in a room. An invited user of this server accepts at once."""
        members = self.rooms[self._joined(call.path["roomId"])]["members"]
        if user not in USERS:
            raise Refused(403, {"errcode": "M_FORBIDDEN", "error": "unknown name"})
        if there == (user in members):
            raise Refused(403, {"errcode": "M_FORBIDDEN", "error": f"{user} is {'already' if there else 'not'} in the room"})
        members.append(user) if there else members.remove(user)
        return {}

    def state(self, call: Call) -> Any:
        """Membership of a user, or a state without a key that was set."""
        room = self.rooms[self._joined(call.path["roomId"])]
        if call.path["eventType"] in room.get("state", {}):
            return room["state"][call.path["eventType"]]
        user = call.path.get("stateKey", "")
        if call.path["eventType"] != "m.room.member" or user not in (*room["members"], *room.get("invite", ())):
            raise Refused(404, {"errcode": "M_NOT_FOUND", "error": "no such state"})
        return {"membership": "join" if user in room["members"] else "invite"}

    def set_state(self, call: Call) -> Any:
        """Replace a state as a whole. Name and topic are shown in the summary of the room."""
        room = self.rooms[self._joined(call.path["roomId"])]
        room.setdefault("state", {})[call.path["eventType"]] = copy.deepcopy(dict(call.body))
        name = call.path["eventType"].removeprefix("m.room.")
        if name in ("name", "topic"):
            room[name] = call.body[name]
        return {"event_id": f"$state{next(self.numbers)}"}

    def search(self, call: Call) -> Any:
        requested = call.body["search_categories"]["room_events"]
        rooms = requested["filter"].get("rooms") or [room_id for room_id, room in self.rooms.items() if ME in room["members"]]
        word = requested["search_term"].casefold()
        found = [
            event
            for room_id in rooms
            for event in self.events[self._joined(room_id)]
            if event["type"] in requested["filter"]["types"] and word in event["content"].get("body", "").casefold()
        ]
        start, size = int(call.query.get("next_batch", "0")), 10
        results = [
            {"rank": 1, "result": event} for event in sorted(found, key=lambda one: -int(one["origin_server_ts"]))[start : start + size]
        ]
        more = {"next_batch": str(start + size)} if start + size < len(found) else {}
        return {"search_categories": {"room_events": {"count": len(found), "results": results, "highlights": [], **more}}}

    def setting(self, call: Call) -> Any:
        if self._own(call) not in self.settings:
            raise Refused(404, {"errcode": "M_NOT_FOUND", "error": "Account data not found"})
        return self.settings[call.path["type"]]

    def set(self, call: Call) -> Any:
        self.settings[self._own(call)] = copy.deepcopy(dict(call.body))
        return {}

    def _own(self, call: Call) -> str:
        """Type of account data; users see only their own."""
        if call.path["userId"] != ME:
            raise Refused(403, {"errcode": "M_FORBIDDEN", "error": "Cannot get account data for other users."})
        return str(call.path["type"])

    def _add_room(self, room_id: str, given: Record, members: list[str]) -> None:
        self.rooms[room_id] = {"visibility": "private", **given, "members": members}
        self.events[room_id] = []
        self._add(room_id, "m.room.create", {}, state_key="")

    def _room(self, room_id: str) -> str:
        if room_id not in self.rooms:
            raise Refused(404, {"errcode": "M_NOT_FOUND", "error": "no such room"})
        return room_id

    def _summary(self, room_id: str) -> Record:
        room = self.rooms[room_id]
        result = {name: room[name] for name in ("name", "topic") if room.get(name)}
        rule = "public" if room["visibility"] == "public" else "invite"
        return {
            "room_id": room_id, "num_joined_members": len(room["members"]), "join_rule": rule,
            "world_readable": False, "guest_can_join": False, **result,
        }  # fmt: skip

    # ------------------------------------------------------------------ events
    def send(self, call: Call) -> Any:
        room_id, kind = self._joined(call.path["roomId"]), call.path["eventType"]
        relation = call.body.get("m.relates_to") or {}
        if "rel_type" in relation:
            self._relate(room_id, kind, relation)
        return {"event_id": self._once(call, lambda: self._add(room_id, kind, call.body)["event_id"])}

    def redact(self, call: Call) -> Any:
        room_id = self._joined(call.path["roomId"])
        target = self._event(room_id, call.path["eventId"])

        def redact() -> str:
            event = self._add(room_id, "m.room.redaction", {"redacts": target["event_id"]})
            target.update(content={}, unsigned={"redacted_because": copy.deepcopy(event)})
            return str(event["event_id"])

        return {"event_id": self._once(call, redact)}

    def messages(self, call: Call) -> Any:
        wanted = json.loads(call.query["filter"])["types"] if "filter" in call.query else None
        listed = [event for event in self.events[self._joined(call.path["roomId"])] if wanted is None or event["type"] in wanted]
        chunk, end = self._page(call, listed)
        return {"start": call.query.get("from", "t0"), "chunk": chunk} | ({"end": end} if end else {})

    def relations(self, call: Call) -> Any:
        target = self._event(call.path["roomId"], call.path["eventId"])["event_id"]
        related = [event for event in self.events[call.path["roomId"]] if _relation(event) == (call.path["relType"], target)]
        chunk, end = self._page(call, related)
        return {"chunk": chunk} | ({"next_batch": end} if end else {})

    def _page(self, call: Call, listed: list[Record]) -> tuple[list[Record], str | None]:
        ordered = listed[::-1] if call.query.get("dir", "b") == "b" else listed
        start, size = int(call.query.get("from", "t0").removeprefix("t")), call.query.get("limit", 10)
        more = start + size < len(ordered)
        return [self._shown(event) for event in ordered[start : start + size]], f"t{start + size}" if more else None

    def _relate(self, room_id: str, kind: str, relation: Record) -> None:
        target = self._event(room_id, relation["event_id"])
        if relation["rel_type"] == "m.thread" and _relation(target) is not None:
            raise Refused(400, {"errcode": "M_UNKNOWN", "error": "a thread begins at an event without a relation"})
        same = (kind, "m.annotation", relation["event_id"], relation.get("key"))
        for other in self.events[room_id] if relation["rel_type"] == "m.annotation" else ():
            result = other["content"].get("m.relates_to", {})
            if (other["type"], result.get("rel_type"), result.get("event_id"), result.get("key")) == same and other["sender"] == ME:
                raise Refused(400, {"errcode": "M_DUPLICATE_ANNOTATION", "error": "the same reaction is there already"})

    def _once(self, call: Call, act: Any) -> str:
        """A transaction id identifies one event of a room."""
        key = tuple(call.path[name] for name in sorted(call.path))
        if key not in self.sent:
            self.sent[key] = act()
        return self.sent[key]

    def _joined(self, room_id: str) -> str:
        if room_id not in self.rooms or ME not in self.rooms[room_id]["members"]:
            raise Refused(403, {"errcode": "M_FORBIDDEN", "error": "not in the room"})
        return room_id

    def _event(self, room_id: str, event_id: str) -> Record:
        found = next((event for event in self.events.get(room_id, ()) if event["event_id"] == event_id), None)
        if found is None:
            raise Refused(404, {"errcode": "M_NOT_FOUND", "error": "no such event"})
        return found

    def _add(self, room_id: str, kind: str, content: Record, event_id: str | None = None, **more: Any) -> Record:
        number = next(self.numbers)
        event = {
            "event_id": event_id or f"$event{number}", "type": kind, "sender": ME, "room_id": room_id,
            "origin_server_ts": _BEGAN + 1000 * number, "content": copy.deepcopy(content), **more,
        }  # fmt: skip
        self.events[room_id].append(event)
        return event

    def _shown(self, event: Record) -> Record:
        """Return the event with its latest edit by the same sender."""
        edits = [
            each
            for each in self.events[event["room_id"]]
            if _relation(each) == ("m.replace", event["event_id"]) and each["sender"] == event["sender"] and "unsigned" not in each
        ]
        if not edits or "redacted_because" in event.get("unsigned", {}):
            return event
        return event | {"unsigned": {"m.relations": {"m.replace": edits[-1]}}}


def _relation(event: Record) -> tuple[str, str] | None:
    relation = event["content"].get("m.relates_to") or {}
    return (relation["rel_type"], relation["event_id"]) if "rel_type" in relation else None


def store(document: Document) -> Store:
    return Store(document, _Matrix(document).handlers())
