"""Reminders, occurrences, channels and files of messages at the emulators of their vendors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from unified import Client, channels, events, messages
from unified_runtime import using

NINE, TEN = datetime(2031, 1, 6, 9, tzinfo=UTC), datetime(2031, 1, 6, 10, tzinfo=UTC)


@pytest.fixture
def emulated() -> Iterator[None]:
    with using(Client(emulated=True)):
        yield


@pytest.mark.usefixtures("emulated")
@pytest.mark.parametrize("vendor", ["google-calendar", "microsoft-graph"])
def test_a_reminder_is_stored_and_changed(vendor: str) -> None:
    created = events.create(title="Standup", start=NINE, end=TEN, time_zone="UTC", reminder_minutes=5, via=vendor)
    assert events.get(created.id, via=vendor).reminder_minutes == 5
    assert events.update(created.id, reminder_minutes=30, via=vendor).reminder_minutes == 30
    assert events.update(created.id, title="Daily", via=vendor).reminder_minutes == 30


@pytest.mark.usefixtures("emulated")
def test_a_channel_of_discord_is_renamed_and_the_topic_stays() -> None:
    channel = channels.create(name="ops", topic="On call", via="discord")
    assert channels.update(channel.id, name="incidents", via="discord").name == "incidents"
    found = channels.get(channel.id, via="discord")
    assert (found.name, found.topic) == ("incidents", "On call")


@pytest.mark.usefixtures("emulated")
def test_discord_accepts_a_file_as_a_message() -> None:
    channel = channels.create(name="ops", via="discord").id
    before = len(list(messages.list(channel_id=channel, via="discord")))
    messages.send_file(channel_id=channel, name="log.txt", content=b"all is well", via="discord")
    assert len(list(messages.list(channel_id=channel, via="discord"))) == before + 1
