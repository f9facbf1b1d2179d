"""Slack: calls by name, forms in and JSON out, failures with status 200; a message is identified by its channel and the time it was sent.

Behavior of the methods beyond the document's schemas is from their pages below https://docs.slack.dev/reference/methods.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.support.store import Call, Document, Handler, Record, Refused, Store, counter

USERS = {"U0ADA00001": "Ada Admin", "U0WANDA002": "Wanda Worker"}
ME = next(iter(USERS))
CHANNELS = {"C0DEMO00001": "demo", "C0OTHER0002": "other"}
MESSAGES = tuple(f"C0DEMO00001:18934560{number:02}.000100" for number in range(3))
_BEGAN = 1_893_457_000


class _Slack:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.numbers = counter(1)
        self.channels: dict[str, Record] = {}
        self.messages: dict[str, list[Record]] = {}
        self.people: dict[str, list[str]] = {}
        self.states: dict[str, set[str]] = {}
        for channel, name in CHANNELS.items():
            self._add_channel(channel, name=name, num_members=2)
        for each in (*MESSAGES, "C0OTHER0002:1893456000.000200"):
            channel, ts = each.split(":")
            self.messages[channel].append({"type": "message", "ts": ts, "user": ME, "text": "Seeded"})

    def handlers(self) -> dict[str, Handler]:
        found: dict[str, Callable[[Call], Record]] = {
            "auth_test": lambda _: {
                "url": "https://acme.slack.com/",
                "team": "Acme",
                "user": "ada",
                "team_id": "T0ACME00001",
                "user_id": ME,
            },
            "users_list": lambda call: self._page(call, "members", [_user(each) for each in USERS]) | {"cache_ts": 0},
            "users_info": lambda call: {"user": _user(_one(USERS, call.query["user"], "user_not_found"))},
            "conversations_list": lambda call: self._page(call, "channels", [self._channel(each) for each in self.channels]),
            "conversations_info": lambda call: {"channel": self._channel(self._known(call.query["channel"]))},
            "conversations_create": self.create,
            "conversations_setTopic": self.set_topic,
            "conversations_join": lambda call: {"channel": self._channel(self._known(call.body["channel"]))},
            "conversations_open": self.open,
            "conversations_rename": self.rename,
            "conversations_archive": lambda call: self._member_change(call, "is_archived"),
            "conversations_leave": lambda call: self._member_change(call, "left"),
            "conversations_members": self.members,
            "conversations_invite": self.invite,
            "conversations_kick": self.kick,
            "conversations_history": self.history,
            "conversations_replies": self.replies,
            "chat_postMessage": self.post,
            "chat_update": self.update,
            "chat_delete": self.delete,
            "reactions_add": self.react,
            "reactions_remove": self.unreact,
            "reactions_get": self.one,
            "pins_add": self.pin,
            "pins_remove": self.unpin,
            "search_messages": self.search,
        }
        return {name: lambda call, act=act: {"ok": True, **act(call)} for name, act in found.items()}

    # ------------------------------------------------------------------ channels
    def create(self, call: Call) -> Record:
        """Names are of small letters, digits, hyphens and underscores, at most 80, and unique."""
        name = self._name(call.body.get("name", ""))
        number = f"C0NEW{next(self.numbers):06}"
        self._add_channel(number, name=name, is_private=call.body.get("is_private", False), num_members=1)
        return {"channel": self._channel(number)}

    def _name(self, name: str, except_for: str = "") -> str:
        if (
            not name
            or len(name) > 80
            or not all(char.isdigit() or char in "-_" or (char.isalpha() and char == char.lower()) for char in name)
        ):
            raise _failed("invalid_name_specials" if name else "invalid_name_required")
        if name in [channel["name"] for number, channel in self.channels.items() if number != except_for]:
            raise _failed("name_taken")
        return name

    def set_topic(self, call: Call) -> Record:
        channel = self._known(call.body["channel"])
        self.channels[channel]["topic"] = {"value": call.body["topic"], "creator": ME, "last_set": 0}
        return {"channel": self._channel(channel)}

    def rename(self, call: Call) -> Record:
        channel = self._known(call.body["channel"])
        self.channels[channel]["name"] = self._name(call.body.get("name", ""), except_for=channel)
        return {"channel": self._channel(channel)}

    def members(self, call: Call) -> Record:
        found: Any = self._members(self._known(call.query["channel"]))
        return {"response_metadata": {"next_cursor": ""}} | self._page(call, "members", found)

    def invite(self, call: Call) -> Record:
        members = self._members(self._known(call.body["channel"]))
        for user in call.body["users"].split(","):
            if _one(USERS, user, "user_not_found") in members:
                raise _failed("already_in_channel")
            members.append(user)
        return {"channel": self._channel(call.body["channel"])}

    def kick(self, call: Call) -> Record:
        members = self._members(self._known(call.body["channel"]))
        if call.body["user"] == ME:
            raise _failed("cant_kick_self")
        if call.body["user"] not in members:
            raise _failed("not_in_channel")
        members.remove(call.body["user"])
        return {}

    def _members(self, channel: str) -> list[str]:
        members: list[str] = self.people.setdefault(channel, [ME])
        return members

    def _member_change(self, call: Call, name: str) -> Record:
        self.states.setdefault(self._known(call.body["channel"]), set()).add(name)
        return {}

    def open(self, call: Call) -> Record:
        user = _one(USERS, call.body["users"], "user_not_found")
        number = "D0" + user.removeprefix("U0")
        if number not in self.channels:
            self._add_channel(number, is_im=True, user=user)
        return {"channel": {"id": number}}

    def _add_channel(self, channel: str, **more: Any) -> None:
        self.channels[channel] = {"id": channel, "name": "", "created": _BEGAN, "is_private": False, **more}
        self.messages[channel] = []

    def _channel(self, channel: str) -> Record:
        found = self.channels[channel]
        return {name: value for name, value in found.items() if not (name in ("name", "is_private") and found.get("is_im"))}

    def _known(self, channel: str) -> str:
        return _one(self.channels, channel, "channel_not_found")

    # ------------------------------------------------------------------ messages
    def post(self, call: Call) -> Record:
        channel, text = self._known(call.body["channel"]), call.body.get("text", "")
        if not text:
            raise _failed("no_text")
        number = next(self.numbers)
        message: Record = {"type": "message", "ts": f"{_BEGAN + number}.{number:06}", "user": ME, "text": text}
        if "thread_ts" in call.body:
            parent = self._message(channel, call.body["thread_ts"], "thread_not_found")
            message["thread_ts"] = parent["thread_ts"] = parent.get("thread_ts", parent["ts"])
        self.messages[channel].append(message)
        return {"channel": channel, "ts": message["ts"], "message": message}

    def update(self, call: Call) -> Record:
        message = self._message(self._known(call.body["channel"]), call.body["ts"], "message_not_found")
        message["text"] = call.body["text"]
        number = next(self.numbers)
        message["edited"] = {"user": ME, "ts": f"{_BEGAN + number}.000000"}
        return {"channel": call.body["channel"], "ts": message["ts"], "text": message["text"], "message": {"text": message["text"]}}

    def delete(self, call: Call) -> Record:
        channel = self._known(call.body["channel"])
        message = self._message(channel, call.body["ts"], "message_not_found")
        self.messages[channel].remove(message)
        return {"channel": channel, "ts": message["ts"]}

    def react(self, call: Call) -> Record:
        """Return a reaction by name; an emoji character is not a valid name."""
        message = self._message(self._known(call.body["channel"]), call.body["timestamp"], "message_not_found")
        name = call.body["name"]
        if not name.isascii():
            raise _failed("invalid_name")
        reaction = next((each for each in message.get("reactions", ()) if each["name"] == name), None)
        if reaction is not None and ME in reaction["users"]:
            raise _failed("already_reacted")
        message.setdefault("reactions", []).append({"name": name, "count": 1, "users": [ME]})
        return {}

    def unreact(self, call: Call) -> Record:
        message = self._message(self._known(call.body["channel"]), call.body["timestamp"], "message_not_found")
        own = [each for each in message.get("reactions", ()) if each["name"] == call.body["name"] and ME in each["users"]]
        if not own:
            raise _failed("no_reaction")
        message["reactions"].remove(own[0])
        return {}

    def pin(self, call: Call) -> Record:
        message = self._message(self._known(call.body["channel"]), call.body["timestamp"], "message_not_found")
        if call.body["channel"] in message.setdefault("pinned_to", []):
            raise _failed("already_pinned")
        message["pinned_to"].append(call.body["channel"])
        return {}

    def unpin(self, call: Call) -> Record:
        message = self._message(self._known(call.body["channel"]), call.body["timestamp"], "message_not_found")
        if call.body["channel"] not in message.get("pinned_to", ()):
            raise _failed("not_pinned")
        message["pinned_to"].remove(call.body["channel"])
        return {}

    def search(self, call: Call) -> Record:
        """Return messages with a phrase, in one channel if the query names it; pages are numbered from 1."""
        found = re.fullmatch(r'"([^"]*)"(?: in:<#([A-Z0-9]+)>)?', call.query["query"])
        assert found is not None, call.query
        matches = [
            {**message, "channel": {"id": channel, "name": self.channels[channel]["name"]}}
            for channel, messages in self.messages.items()
            for message in messages
            if found[1].casefold() in message["text"].casefold() and found[2] in (None, channel)
        ]
        size, page = call.query.get("count", 20), call.query.get("page", 1)
        paging = {"count": size, "total": len(matches), "page": page, "pages": -(-len(matches) // size)}
        listed = sorted(matches, key=_instant, reverse=True)[(page - 1) * size : page * size]
        return {"query": call.query["query"], "messages": {"total": len(matches), "paging": paging, "matches": listed}}

    def one(self, call: Call) -> Record:
        """Return a message with its reactions."""
        message = self._message(self._known(call.query["channel"]), call.query["timestamp"], "message_not_found")
        return {"type": "message", "channel": call.query["channel"], "message": message}

    def history(self, call: Call) -> Record:
        """Return the newest first; replies in threads are not part of it."""
        listed = [message for message in self.messages[self._known(call.query["channel"])] if _first(message)]
        page = self._page(call, "messages", sorted(listed, key=_instant, reverse=True))
        return page | {"has_more": "response_metadata" in page, "pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}

    def replies(self, call: Call) -> Record:
        """Return the oldest first, with the message that began the thread before them, on every first page and for any range."""
        channel = self._known(call.query["channel"])
        requested = self._message(channel, call.query["ts"], "thread_not_found")
        root = requested.get("thread_ts", requested["ts"])
        least, most = call.query.get("oldest", "0"), call.query.get("latest", "9")
        thread = [message for message in self.messages[channel] if message.get("thread_ts") == root and not _first(message)]
        listed = [message for message in thread if least <= message["ts"] <= most]
        first = [message for message in self.messages[channel] if message["ts"] == root]
        page = self._page(call, "messages", [*first, *sorted(listed, key=_instant)])
        return page | {"has_more": "response_metadata" in page}

    def _message(self, channel: str, ts: str, error: str) -> Record:
        found = next((message for message in self.messages[channel] if message["ts"] == ts), None)
        if found is None:
            raise _failed(error)
        return found

    @staticmethod
    def _page(call: Call, name: str, records: list[Record]) -> Record:
        size, start = call.query.get("limit", 100), int(call.query.get("cursor") or 0)
        more = {"response_metadata": {"next_cursor": str(start + size)}} if start + size < len(records) else {}
        return {name: records[start : start + size], **more}


def _first(message: Record) -> bool:
    return message.get("thread_ts", message["ts"]) == message["ts"]


def _instant(message: Record) -> str:
    return str(message["ts"])


def _one(known: Any, name: str, error: str) -> str:
    if name not in known:
        raise _failed(error)
    return name


def _failed(error: str) -> Refused:
    return Refused(200, {"ok": False, "error": error})


def _user(user: str) -> Record:
    name = USERS[user]
    word = name.split()[0].lower()
    return {"id": user, "name": word, "real_name": name, "deleted": False, "profile": {"email": f"{word}@example.net"}}


def store(document: Document) -> Store:
    return Store(document, _Slack(document).handlers())
