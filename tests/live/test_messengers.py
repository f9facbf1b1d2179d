"""Messages, channels and users, with the same results for every vendor: on real servers, or on recorded responses (`make record`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

import unified
from tests.support.servers.messengers import Messenger
from unified import channels, messages, users
from unified.aio import messages as aio_messages
from unified_runtime import AsyncClient, Client, Settings, using
from unified_runtime.rate_limits.rate_limiter import Unlimited

RICH = "# Title\n\n**bold** *italic* ~~gone~~ `code`\n\n- one\n- two\n  1. three\n\n> quote\n\n```python\nx < 1 & y\n```\n\n[link](https://example.org/?a=b&c=d)"
ODD = "«Ünïcode» & <b>markup</b> \"quotes\" 'and' \\\\ / ? # % 日本語 🎉 @room <@U012> <!channel> &amp;"


@pytest.fixture
def client(messenger: Messenger) -> Iterator[Client]:
    made = Client(rate_limiter=Unlimited())
    messenger.connect(made)
    with using(made):
        yield made


def _as(messenger: Messenger, credential: Any, **more: Any) -> Client:
    made = Client(rate_limiter=Unlimited(), **more)
    messenger.connect(made, credential)
    return made


def test_a_message_from_birth_to_death(client: Client, messenger: Messenger) -> None:
    sent = messages.send(channel_id=messenger.channel, text="Deploy at **noon**")
    assert sent == messages.get(sent.id)
    assert (sent.text, sent.author_id, sent.channel_id) == ("Deploy at **noon**", messenger.me, messenger.channel)
    assert (sent.thread_id, sent.edited_at, sent.attachments) == (None, None, [])
    assert sent.url is not None
    assert sent.vendor == messenger.vendor
    assert sent.created_at is not None
    assert abs(datetime.now(UTC) - sent.created_at) < timedelta(days=3650)
    assert [message.id for message in messages.list(channel_id=messenger.channel)] == [sent.id]

    edited = messages.update(sent.id, text="Deploy at *one*")
    assert edited == messages.get(sent.id)
    assert (edited.id, edited.text) == (sent.id, "Deploy at *one*")
    assert edited.edited_at is not None
    assert edited.edited_at >= sent.created_at
    assert [message.text for message in messages.list(channel_id=messenger.channel)] == ["Deploy at *one*"]
    assert messages.update(sent.id, text="Deploy at two").text == "Deploy at two"

    messages.delete(sent.id)
    with pytest.raises(unified.NotFound) as gone:
        messages.get(sent.id)
    assert (gone.value.vendor, gone.value.operation) == (messenger.vendor, "messages.get")
    assert list(messages.list(channel_id=messenger.channel)) == []


def test_a_list_pages_through_everything(client: Client, messenger: Messenger) -> None:
    pages = [page for page in messages.list(channel_id=messenger.paged).pages() if page.items]
    assert [len(page) for page in pages] == [100, 100, 50]
    listed = [message for page in pages for message in page.items]
    assert len({message.id for message in listed}) == messenger.count
    assert [message.text for message in listed] == [f"Paged {number + 1}" for number in reversed(range(messenger.count))]
    resumed = messages.list(channel_id=messenger.paged, limit=100, cursor=pages[0].cursor)
    assert [message.id for message in resumed] == [message.id for message in listed[100:]]


def test_a_thread_holds_its_responses(client: Client, messenger: Messenger) -> None:
    root = messages.send(channel_id=messenger.channel, text="Lunch?")
    other = messages.send(channel_id=messenger.channel, text="It rains.")
    first = messages.reply(root.id, text="Yes")
    second = messages.send(channel_id=messenger.channel, thread_id=root.id, text="No")
    third = messages.reply(first.id, text="Where?")
    assert {first.thread_id, second.thread_id, third.thread_id} == {root.id}
    assert messages.get(third.id) == third
    responses = [message.id for message in messages.list(channel_id=messenger.channel, thread_id=root.id) if message.id != root.id]
    assert responses == [third.id, second.id, first.id]
    assert messages.get(other.id).thread_id is None
    assert messages.update(first.id, text="Yes!").thread_id == root.id
    with pytest.raises((unified.NotFound, unified.Rejected)):
        messages.reply(messenger.unknown, text="Hello?")


def test_the_same_key_sends_once(client: Client, messenger: Messenger) -> None:
    """The server remembers the key, so it is valid for a process that restarts without memory of the one before."""

    def send(by: Client) -> str:
        with using(by):
            return messages.send(channel_id=messenger.channel, text="Only once", idempotency_key="order 17/?#").id

    assert send(client) == send(_as(messenger, messenger.mine))
    assert [message.text for message in messages.list(channel_id=messenger.channel)] == ["Only once"]


class _Losing(httpx2.HTTPTransport):
    """Lose the first response to a write: the server has executed it, and the client does not know."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        if request.method in ("PUT", "POST") and not self.lost:
            self.lost += 1
            response.read()
            raise httpx2.ReadError("connection reset", request=request)
        return response


def test_a_lost_response_is_not_a_second_message(messenger: Messenger) -> None:
    losing = _Losing()
    with using(_as(messenger, messenger.mine, transport=losing)):
        sent = messages.send(channel_id=messenger.channel, text="Heard?")
        assert losing.lost == 1
        assert [message.id for message in messages.list(channel_id=messenger.channel)] == [sent.id]


def test_any_text_is_stored_unchanged(client: Client, messenger: Messenger) -> None:
    for text in (RICH, ODD, "a\\\nb", "1. x\n\n   y", "| a | b |\n| --- | --- |\n| 1 | 2 |"):
        normal = messages.send(channel_id=messenger.channel, text=text).text or ""
        assert messages.send(channel_id=messenger.channel, text=normal).text == normal
    sent = messages.send(channel_id=messenger.channel, text=ODD)
    with using(_as(messenger, messenger.others)):
        assert messages.get(sent.id).text == sent.text


def test_a_mention_survives_both_ways(client: Client, messenger: Messenger) -> None:
    text = f"Ask [Wanda](user:{messenger.other}) in [here](channel:{messenger.channel})."
    sent = messages.send(channel_id=messenger.channel, text=text)
    assert f"](user:{messenger.other})" in (sent.text or "")
    assert f"](channel:{messenger.channel})" in (sent.text or "")
    with using(_as(messenger, messenger.others)):
        assert messages.get(sent.id).text == sent.text
        again = messages.reply(sent.id, text=sent.text or "")
        assert again.text == sent.text


def test_only_the_author_edits(client: Client, messenger: Messenger) -> None:
    sent = messages.send(channel_id=messenger.channel, text="Mine")
    with using(_as(messenger, messenger.others)):
        with pytest.raises((unified.Forbidden, unified.Conflict)):
            messages.update(sent.id, text="Theirs")
        with pytest.raises(unified.Forbidden):
            messages.delete(sent.id)
    assert messages.get(sent.id) == sent


def test_reactions(client: Client, messenger: Messenger) -> None:
    sent = messages.send(channel_id=messenger.channel, text="Done")
    assert messages.react(sent.id, emoji="👍").id == sent.id
    with using(_as(messenger, messenger.others)):
        messages.react(sent.id, emoji="👍")
    if messenger.reads("messages", "reactions"):
        assert [(one.emoji, one.count) for one in messages.get(sent.id).reactions] == [("👍", 2)]
        assert sorted(messages.get(sent.id).reactions[0].user_ids) == sorted([messenger.me, messenger.other])
        reacted = messages.react(sent.id, emoji="🎉").reactions
        assert [(one.emoji, one.count) for one in reacted] == [("👍", 2), ("🎉", 1)]
        assert messages.get(messages.send(channel_id=messenger.channel, text="Nobody reacts").id).reactions == []
    with pytest.raises((unified.Rejected, unified.Conflict)):
        messages.react(sent.id, emoji="👍")


def test_channels(client: Client, messenger: Messenger) -> None:
    made = channels.create(name="Releases", topic="What ships when", private=False)
    assert made == channels.get(made.id)
    assert (made.name, made.topic, made.private, made.member_count) == ("Releases", "What ships when", False, 1)
    assert made.id in {channel.id for channel in channels.list()}
    assert made.id in {channel.id for channel in channels.list(text="ships when")}
    assert made.id not in {channel.id for channel in channels.list(text="zebra")}
    with using(_as(messenger, messenger.others)):
        assert channels.join(made.id).member_count == 2
        messages.send(channel_id=made.id, text="I am in")
    hidden = channels.create(name="Salaries", private=True)
    assert hidden.private is True
    assert hidden.id in {channel.id for channel in channels.list(text="salar")}
    with using(_as(messenger, messenger.others)):
        with pytest.raises((unified.Forbidden, unified.NotFound)):
            channels.join(hidden.id)
        with pytest.raises((unified.Forbidden, unified.NotFound)):
            messages.send(channel_id=hidden.id, text="Hello?")


def test_a_user_is_written_to(client: Client, messenger: Messenger) -> None:
    assert users.me().id == messenger.me
    (wanda,) = users.list(text="wanda")
    assert (wanda.id, wanda.name) == (messenger.other, "Wanda Worker")
    direct = channels.direct(user_id=wanda.id)
    sent = messages.send(channel_id=direct.id, text="Only for you")
    with using(_as(messenger, messenger.others)):
        channels.join(direct.id)
        assert [message.id for message in messages.list(channel_id=direct.id)] == [sent.id]
    assert channels.direct(user_id=wanda.id).id == direct.id  # the same conversation, not another one


def test_rate_limited_calls_wait(messenger: Messenger) -> None:
    def say(count: int) -> list[str]:
        return [messages.send(channel_id=messenger.channel, text=f"Quick {number}").id for number in range(count)]

    with using(_as(messenger, messenger.limited, settings=Settings(attempts=1))), pytest.raises(unified.RateLimited) as slow:
        say(20)
    assert slow.value.status == 429
    assert slow.value.retry_safe
    assert slow.value.retry_after is not None
    assert slow.value.retry_after > 0
    with using(_as(messenger, messenger.limited)):
        reported = [message.id for message in messages.list(channel_id=messenger.channel)]
        more = say(2)
        assert [message.id for message in messages.list(channel_id=messenger.channel)] == [*more[::-1], *reported]


@pytest.mark.parametrize(
    "act", [messages.get, messages.delete, lambda number: messages.update(number, text="x")], ids=["get", "delete", "update"]
)
def test_missing_records_are_not_found(act: Callable[[str], object], client: Client, messenger: Messenger) -> None:
    with pytest.raises(unified.NotFound):
        act(messenger.unknown)


def test_invalid_ids_are_rejected(client: Client, messenger: Messenger) -> None:
    for wrong in ("", "nonsense", "../../_synapse/admin", f"{messenger.channel}/../x"):
        with pytest.raises((unified.InvalidInput, unified.NotFound)):
            messages.get(wrong)
    with pytest.raises(unified.InvalidInput, match="text"):
        messages.send(channel_id=messenger.channel, text="")


def test_a_wrong_credential_is_unauthorized(messenger: Messenger) -> None:
    with using(_as(messenger, messenger.wrong)), pytest.raises(unified.Unauthorized) as refused:
        users.me()
    assert "0" * 20 not in str(refused.value)


def test_the_async_client_does_the_same(messenger: Messenger) -> None:
    async def run() -> None:
        async with AsyncClient(rate_limiter=Unlimited()) as made, using(made):
            messenger.connect(made)
            for number in range(2):
                await aio_messages.send(channel_id=messenger.channel, text=f"Asynchronous {number}")
            seen = [message.text async for message in aio_messages.list(channel_id=messenger.channel, limit=1)]
            assert seen == ["Asynchronous 1", "Asynchronous 0"]

    asyncio.run(run())
