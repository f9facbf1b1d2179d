"""Round trips of messages and channels, with the vendor's complete document and a store that is independent of mappings.

A text is converted to the vendor's format; its codec's law describes the loss.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.inputs import inputs_of
from tests.conformance.test_requests import EXAMPLES
from tests.conformance.test_round_trips import _fields, _reported
from tests.support.accounts import account_of, client, offers, reads, required
from tests.support.complete_documents import VENDORS as DOCUMENTED
from tests.support.complete_documents import CompleteDocument
from tests.support.emulated import EmulatedStore
from tests.support.stores import store_of, stored
from unified import channel_members, channels, messages, users
from unified_runtime import Client, NotFound, using
from unified_runtime.adapter_api.codecs import discord_markdown, google_chat_message, matrix_text, mrkdwn
from unified_runtime.rate_limits.rate_limiter import Unlimited

VENDORS = stored((vendor for vendor in messages.send.vendors if vendor in DOCUMENTED), __name__)
LAWS: dict[str, Callable[[str], str]] = {
    "discord": discord_markdown.normalize,
    "google-chat": google_chat_message.normalize,
    "matrix": matrix_text.normalize,
    "slack": mrkdwn.normalize,
}
"""Laws of a text, by vendor."""
ALWAYS_IN_A_THREAD = {"google-chat"}
"""Vendors whose messages are all in a thread: the first one begins its own."""


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_message_reads_as_it_was_sent_and_edited(vendor: str, document: CompleteDocument) -> None:
    stores = [store_of(vendor, document.served)]
    made, _ = client(vendor, lambda request: stores[-1].respond(request))
    known = account_of(vendor).known

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        inputs_of(messages.send, account_of(vendor), [], required(vendor, messages.send), wild=False),
        inputs_of(messages.update, account_of(vendor), [], frozenset(), wild=False),
    )
    def any_message(values: dict[str, Any], changes: dict[str, Any]) -> None:
        stores[:] = [store_of(vendor, document.served)]
        with using(made):
            values["channel_id"] = known["channels"][0]  # the channel of the known messages
            if vendor in ALWAYS_IN_A_THREAD and not (values.get("thread_id") or "").startswith(f"{values['channel_id']}/"):
                values.pop("thread_id", None)  # there is no such thread in this channel
            sent, written = _reported(made, messages.send, values)
            if sent is None:
                return
            assert (sent.channel_id, sent.text) == (values["channel_id"], LAWS[vendor](values["text"]))
            assert sent.thread_id == (written.get("thread_id") or (sent.id if vendor in ALWAYS_IN_A_THREAD else None))
            assert sent.edited_at is None
            assert messages.get(sent.id) == sent
            edited, _ = _reported(made, messages.update, {"id": sent.id, "text": changes["text"]})
            if edited is None:
                return
            assert edited.text == LAWS[vendor](changes["text"])
            assert edited.edited_at is not None
            unlike = {name for name in type(sent).model_fields if getattr(sent, name) != getattr(edited, name)}
            assert unlike <= {"text", "edited_at"}
            assert messages.get(sent.id) == edited
        assert stores[-1].refused == []

    any_message()


@pytest.mark.parametrize("vendor", VENDORS)
def test_replies_are_in_the_thread(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    channel = account_of(vendor).known["channels"][0]
    with using(made):
        root = messages.send(channel_id=channel, text="Lunch?")
        other = messages.send(channel_id=channel, text="Rain.")
        first = messages.reply(root.id, text="Yes")
        second = messages.send(channel_id=channel, thread_id=root.id, text="No")
        assert {first.thread_id, second.thread_id} == {root.id}
        responses = [message.id for message in messages.list(channel_id=channel, thread_id=root.id)]
        assert set(responses) - {root.id} == {first.id, second.id}
        assert other.id not in responses
    assert store.refused == []


ONE_LEVEL = {"discord"}
"""Vendors whose replies refer to the message that they reply to, in any position of the thread."""


@pytest.mark.parametrize("vendor", [vendor for vendor in VENDORS if vendor not in ONE_LEVEL])
def test_a_reply_to_a_reply_is_in_the_same_thread(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    with using(made):
        root = messages.send(channel_id=account_of(vendor).known["channels"][0], text="Lunch?")
        first = messages.reply(root.id, text="Yes")
        assert messages.reply(first.id, text="Where?").thread_id == root.id
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_mention_survives_both_ways(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    known = account_of(vendor).known
    with using(made):
        for address in (*(f"user:{each}" for each in known["users"]), *(f"channel:{each}" for each in known["channels"])):
            sent = messages.send(channel_id=known["channels"][0], text=f"Ask [somebody]({address}), **please**.")
            assert f"]({address})" in (messages.get(sent.id).text or "")


@pytest.mark.parametrize("vendor", VENDORS)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=st.integers(0, 230))
def test_a_list_gives_every_message_once_the_newest_first(vendor: str, number: int, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    channel = account_of(vendor).known["channels"][0]
    with using(made):
        before = [message.id for message in messages.list(channel_id=channel)]
        sent = [messages.send(channel_id=channel, text=f"Message {n}").id for n in range(number)]
        for limit in (None, 7):
            assert [message.id for message in messages.list(channel_id=channel, limit=limit)] == [*sent[::-1], *before]
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_deleted_message_is_gone(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    channel = account_of(vendor).known["channels"][0]
    with using(made):
        sent = messages.send(channel_id=channel, text="Oops")
        messages.delete(sent.id)
        with pytest.raises(NotFound):
            messages.get(sent.id)
        assert sent.id not in [message.id for message in messages.list(channel_id=channel)]
    assert store.refused == []


@pytest.mark.parametrize(("vendor", "emoji"), [*((vendor, "👍") for vendor in VENDORS), ("slack", "thumbsup"), ("slack", ":+1:")])
def test_a_reaction_is_stored(vendor: str, emoji: str, document: CompleteDocument) -> None:
    """Slack's names of an emoji read as the emoji."""
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    with using(made):
        sent = messages.send(channel_id=account_of(vendor).known["channels"][0], text="Done")
        reacted = messages.react(sent.id, emoji=emoji)
        assert reacted.id == sent.id
        if reads(vendor, "messages", "reactions"):
            assert [(one.emoji, one.count) for one in messages.get(sent.id).reactions] == [("👍", 1)]
            assert messages.unreact(sent.id, emoji=emoji).reactions == []
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_search_finds_messages_with_the_words(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    first, other = account_of(vendor).known["channels"][:2]
    with using(made):
        sent = [messages.send(channel_id=channel, text=f"Deploying {n} now") for n in range(13) for channel in (first, other)]
        messages.send(channel_id=first, text="Done")
        assert {each.id for each in messages.search(query="deploying")} == {each.id for each in sent}
        assert {each.id for each in messages.search(query="deploying", channel_id=other)} == {each.id for each in sent[1::2]}
        assert {each.channel_id for each in messages.search(query="deploying", channel_id=other)} == {other}
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_messages_are_pinned_and_unpinned(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    with using(made):
        one, other = (messages.send(channel_id=account_of(vendor).known["channels"][0], text="Rules") for _ in range(2))
        messages.pin(one.id)
        messages.pin(other.id)
        messages.unpin(one.id)
    assert store.refused == []
    assert wire.sent


@pytest.mark.parametrize("vendor", VENDORS)
def test_channels(vendor: str, document: CompleteDocument) -> None:
    stores = [store_of(vendor, document.served)]
    made, _ = client(vendor, lambda request: stores[-1].respond(request))

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs_of(channels.create, account_of(vendor), [], required(vendor, channels.create), wild=False))
    def any_channel(values: dict[str, Any]) -> None:
        stores[:] = [store_of(vendor, document.served)]
        with using(made):
            created, written = _reported(made, channels.create, values)
            if created is None:
                return
            for name in _fields(vendor, "channels", "create") & written.keys():
                if isinstance(written[name], (str, bool)):  # an empty text may be stored as it is, or as null
                    assert getattr(created, name) in ((None, "") if written[name] == "" else (written[name],)), name
            assert channels.get(created.id) == created
            if vendor == "matrix" or not created.private:  # in a list of the account's own channels, the private ones are included
                assert created.id in [channel.id for channel in channels.list()]
        assert stores[-1].refused == []

    any_channel()


@pytest.mark.parametrize("vendor", VENDORS)
def test_people_join_and_leave_a_channel(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    user = account_of(vendor).known["users"][1]
    if isinstance(store, EmulatedStore):
        store.conditions |= {"invitations_accepted"}
    with using(made):
        channel = channels.create(name="new").id
        before = {each.id for each in channel_members.list(channel_id=channel)}
        assert user not in before
        channel_members.add(channel, user)
        assert {each.id for each in channel_members.list(channel_id=channel, limit=1)} == {*before, user}
        channel_members.remove(channel, user)
        assert {each.id for each in channel_members.list(channel_id=channel)} == before
        assert channels.update(channel, name="renamed", topic="News").name == "renamed"
        assert channels.get(channel).topic == "News"
        channels.leave(channel)
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_user_is_written_to(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    user = account_of(vendor).known["users"][1]
    with using(made):
        channel = channels.direct(user_id=user)
        sent = messages.send(channel_id=channel.id, text="Hello")
        assert [message.id for message in messages.list(channel_id=channel.id)] == [sent.id]
        if offers(vendor, users.me):
            assert users.me().id == sent.author_id
        assert channels.direct(user_id=user).id == channel.id
    assert store.refused == []


@pytest.mark.parametrize("vendor", ["slack"])
def test_the_address_of_a_message_is_that_of_its_permalink(vendor: str, document: CompleteDocument) -> None:
    """https://docs.slack.dev/reference/methods/chat.getPermalink: the channel, and the time without its point."""
    made, wire = client(vendor, store_of(vendor, document.served).respond)
    with using(made):
        sent = messages.send(channel_id=account_of(vendor).known["channels"][0], text="Here")
    assert sent.url is None, "the connection does not name a workspace"
    channel, _, instant = sent.id.partition(":")
    named = Client(transport=wire, rate_limiter=Unlimited())
    named.connect(vendor, account_of(vendor).credential, workspace="acme")
    with using(named):
        assert messages.get(sent.id).url == f"https://acme.slack.com/archives/{channel}/p{instant.replace('.', '')}"


@pytest.mark.parametrize("vendor", ["discord"])
def test_a_channel_of_a_server_has_an_address_and_a_direct_conversation_none(vendor: str, document: CompleteDocument) -> None:
    made, _ = client(vendor, store_of(vendor, document.served).respond)
    with using(made):
        first = next(iter(channels.list()))
        assert first.url == f"https://discord.com/channels/{account_of(vendor).values['guild_id']}/{first.id}"
        assert channels.direct(user_id=account_of(vendor).known["users"][1]).url is None
