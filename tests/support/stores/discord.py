"""Discord: numbers of 64 bits as text, lists that go back from a message, replies to a message, reactions by emoji.

Behavior of the routes beyond the document's schemas is from their pages below https://docs.discord.com/developers/resources.
"""

from __future__ import annotations

from typing import Any

from tests.support.store import Call, Document, Handler, Record, Refused, Store, counter

GUILD = "1100000000000000001"
USERS = {"1200000000000000001": "ada", "1200000000000000002": "wanda"}
ME = next(iter(USERS))
CHANNELS = {"1300000000000000001": "demo", "1300000000000000002": "other"}
MESSAGES = tuple(f"1300000000000000001/14000000000000000{n:02}" for n in range(3))
_FIRST = 1_500_000_000_000_000_001  # beyond 2**53, and unlike its neighbours only as an integer
_NOT_FOUND = {"message": "Unknown", "code": 10003}


class _Discord:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.numbers = counter(_FIRST)
        self.channels: dict[str, Record] = {}
        self.messages: dict[str, dict[str, Record]] = {}
        self.threads: dict[str, list[str]] = {}
        for number, name in CHANNELS.items():
            self._add_channel(number, {"type": 0, "guild_id": GUILD, "name": name, "topic": None}, "GuildTextChannelResponse")
        for each in MESSAGES:
            channel, number = each.split("/")
            self._add(channel, {"content": "Seeded"}, number)

    def handlers(self) -> dict[str, Handler]:
        return {
            "get_my_user": lambda _: self._filled(
                "UserPIIResponse", {"id": ME, "username": USERS[ME], "global_name": "Ada Admin", "locale": "en-US"}
            ),
            "get_guild_member": lambda call: self._member(call.path["user_id"]),
            "search_guild_members": lambda call: [
                self._member(each) for each in USERS if USERS[each].startswith(call.query["query"].lower())
            ],
            "list_guild_channels": lambda call: [each for each in self.channels.values() if each["type"] == 0 and self._guild(call)],
            "create_guild_channel": self.create_channel,
            "get_channel": lambda call: self._channel(call),
            "create_dm": self.direct,
            "update_channel": self.update_channel,
            "leave_thread": lambda call: self._channel(call) and None,
            "list_thread_members": self.thread_members,
            "add_thread_member": lambda call: self._thread(call).append(self._known(call)),
            "delete_thread_member": lambda call: (
                self._thread(call).remove(self._known(call)) if self._known(call) in self._thread(call) else None
            ),
            "list_messages": self.listed,
            "get_message": lambda call: self._message(call),
            "create_message": self.send,
            "update_message": self.edit,
            "delete_message": self.delete,
            "add_my_message_reaction": self.react,
            "delete_my_message_reaction": self.unreact,
            "create_pin": lambda call: self._pin(call, pinned=True),
            "delete_pin": lambda call: self._pin(call, pinned=False),
            "guild_search": self.search,
        }

    # ------------------------------------------------------------------ channels
    def create_channel(self, call: Call) -> Any:
        self._guild(call)
        given = {"type": call.body.get("type") or 0, "guild_id": GUILD, "name": call.body["name"], "topic": call.body.get("topic")}
        return self._add_channel(str(next(self.numbers)), given, "GuildChannelResponse")

    def update_channel(self, call: Call) -> Any:
        channel = self._channel(call)
        channel.update({name: call.body[name] for name in ("name", "topic") if name in call.body})
        if "archived" in call.body:
            channel["thread_metadata"]["archived"] = call.body["archived"]
        return channel

    def thread_members(self, call: Call) -> Any:
        """Return the members of a thread by id; those after one."""
        found = [user for user in sorted(self._thread(call)) if int(user) > int(call.query.get("after", 0))]
        return [
            self._filled("ThreadMemberResponse", {"id": call.path["channel_id"], "user_id": user, "member": self._member(user)})
            for user in found[: call.query.get("limit", 100)]
        ]

    def _thread(self, call: Call) -> list[str]:
        return self.threads.setdefault(self._channel(call)["id"], [ME])

    def _known(self, call: Call) -> str:
        return str(self._member(call.path["user_id"])["user"]["id"])

    def direct(self, call: Call) -> Any:
        """Return the same conversation, however often it is opened."""
        user = call.body["recipient_id"]
        if user not in USERS:
            raise Refused(400, {"message": "Invalid Recipient(s)", "code": 50033})
        number = f"16{user[2:]}"
        if number not in self.channels:
            self._add_channel(number, {"type": 1, "recipients": [self._user(user)]}, "PrivateChannelResponse")
        return self.channels[number]

    def _add_channel(self, number: str, given: Record, schema: str) -> Record:
        known = "GuildChannelResponse" if given["type"] == 0 else schema
        self.channels[number] = self._filled(known, {"id": number, **given})
        self.messages[number] = {}
        return self.channels[number]

    def _guild(self, call: Call) -> bool:
        if call.path["guild_id"] != GUILD:
            raise Refused(404, _NOT_FOUND)
        return True

    def _channel(self, call: Call) -> Record:
        found = self.channels.get(call.path["channel_id"])
        if found is None:
            raise Refused(404, _NOT_FOUND)
        return found

    # ------------------------------------------------------------------ messages
    def send(self, call: Call) -> Any:
        channel = self._channel(call)["id"]
        if not call.body.get("content"):
            raise Refused(400, {"message": "Cannot send an empty message", "code": 50006})
        reference = call.body.get("message_reference")
        if reference is not None and reference["message_id"] not in self.messages[channel]:
            raise Refused(400, {"message": "Invalid Form Body", "code": 50035})
        return self._add(channel, call.body)

    def edit(self, call: Call) -> Any:
        message = self._message(call)
        if not call.body.get("content"):
            raise Refused(400, {"message": "Cannot send an empty message", "code": 50006})
        message |= {"content": call.body["content"], "edited_timestamp": "2030-01-02T03:04:05.678000+00:00"}
        return message

    def delete(self, call: Call) -> Any:
        message = self._message(call)
        del self.messages[message["channel_id"]][message["id"]]

    def react(self, call: Call) -> Any:
        message, name = self._message(call), call.path["emoji_name"]
        if name.isascii():
            raise Refused(400, {"message": "Unknown Emoji", "code": 10014})
        if name not in [each["emoji"]["name"] for each in message.setdefault("reactions", [])]:
            emoji = self._filled("MessageReactionEmojiResponse", {"id": None, "name": name})
            message["reactions"].append(self._filled("MessageReactionResponse", {"emoji": emoji, "count": 1}))

    def unreact(self, call: Call) -> Any:
        message = self._message(call)
        message["reactions"] = [each for each in message.get("reactions", ()) if each["emoji"]["name"] != call.path["emoji_name"]]

    def _pin(self, call: Call, *, pinned: bool) -> Any:
        self._message(call)["pinned"] = pinned

    def search(self, call: Call) -> Any:
        """Return each message in a list of its own, the newest first."""
        self._guild(call)
        word, channels = call.query["content"].casefold(), call.query.get("channel_id") or [*self.messages]
        found = [one for channel in channels for one in self.messages.get(channel, {}).values() if word in one["content"].casefold()]
        start, size = call.query.get("offset", 0), call.query.get("limit", 25)
        listed = sorted(found, key=lambda one: -int(one["id"]))[start : start + size]
        return {
            "messages": [[self._filled("SearchMessageResponse", one | {"hit": True})] for one in listed],
            "total_results": len(found),
            "doing_deep_historical_index": False,
        }

    def listed(self, call: Call) -> Any:
        """Return the newest first, those before a message."""
        before = int(call.query.get("before", 2**63))
        found = [one for number, one in self.messages[self._channel(call)["id"]].items() if int(number) < before]
        return sorted(found, key=lambda one: -int(one["id"]))[: call.query.get("limit", 50)]

    def _message(self, call: Call) -> Record:
        found = self.messages[self._channel(call)["id"]].get(call.path["message_id"])
        if found is None:
            raise Refused(404, {"message": "Unknown Message", "code": 10008})
        return found

    def _add(self, channel: str, given: Record, number: str | None = None) -> Record:
        number = number or str(next(self.numbers))
        reference = given.get("message_reference")
        message = {
            "id": number, "channel_id": channel, "type": 0 if reference is None else 19, "content": given["content"],
            "author": self._user(ME), "timestamp": "2030-01-02T03:04:05.123000+00:00", "edited_timestamp": None, "attachments": [],
        }  # fmt: skip
        if reference is not None:
            message["message_reference"] = {"type": 0, "channel_id": channel, "message_id": reference["message_id"]}
        self.messages[channel][number] = self._filled("MessageResponse", message)
        return self.messages[channel][number]

    def _user(self, number: str) -> Record:
        return self._filled("UserResponse", {"id": number, "username": USERS[number], "global_name": None})

    def _member(self, number: str) -> Record:
        if number not in USERS:
            raise Refused(404, {"message": "Unknown User", "code": 10013})
        return self._filled("GuildMemberResponse", {"nick": None, "user": self._user(number)})

    def _filled(self, schema: str, record: Record) -> Record:
        return self.document.filled(self.document.schema(f"#/components/schemas/{schema}"), record)


def store(document: Document) -> Store:
    return Store(document, _Discord(document).handlers())
