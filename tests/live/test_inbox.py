"""Webhooks and polling with real servers: Synapse's own deliveries, and lists of Redmine and Roundup."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import unified
from tests.support.brokers import serving
from tests.support.servers import synapse as synapses
from tests.support.servers.trackers import Tracker
from tests.support.waiting import until
from unified import messages, tasks
from unified_platform.broker.agent_keys import KeyStore
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.events import Readers
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.inbox import Hook, Inbox, Poll, Poller, Receiver, follow, open_inbox
from unified_platform.store.errors import StoreUnavailable
from unified_runtime import AsyncClient, Client, PolicyEnforcer, using
from unified_runtime.rate_limits.rate_limiter import Unlimited

pytestmark = pytest.mark.live


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    made = open_inbox(tmp_path / "inbox.db")
    yield made
    made.close()


def test_synapse_delivers_every_message_once_after_a_rejection(inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its transactions are real: it sends them again after a failure, in order, under the same id."""
    if reason := synapses.missing():
        pytest.skip(reason)
    monkeypatch.setenv("HS_TOKEN", "hs-token-1")
    monkeypatch.setattr(Inbox, "put", _failing_at_first(Inbox.put, 2))
    keys = KeyStore(open_store(tmp_path / "control.db"))
    calls = Calls(AsyncClient(), PolicyEnforcer(KeyScopePolicy()), Unlimited())
    receiver = Receiver([Hook(name="hs", vendor="matrix", secret_env=("HS_TOKEN",), user="ada")], inbox, address="http://127.0.0.1")
    with contextlib.ExitStack() as stack:
        broker = stack.enter_context(serving(Broker(calls, Identity(keys), routes=receiver.routes(), readers=Readers(inbox, calls))))
        url, token = stack.enter_context(synapses.telling(f"{broker}/hooks/hs", "hs-token-1"))
        client = stack.enter_context(using(Client(rate_limiter=Unlimited())))
        client.connect("matrix", unified.bearer(token), url=url)
        room = unified.channels.create(name="Told").id
        first = messages.send(channel_id=room, text="one")
        second = messages.send(channel_id=room, text="two")
        messages.update(first.id, text="one, edited")
        messages.delete(second.id)
        wanted = [
            ("message.created", first.id),
            ("message.created", second.id),
            ("message.updated", first.id),
            ("message.deleted", second.id),
        ]

        def returned() -> list[tuple[str, str]]:
            return [(event.type, event.record) for event in reversed(inbox.latest(limit=10_000))]

        until(lambda: len(returned()) >= len(wanted))
        assert returned() == wanted
        (created, *_) = follow("triage", inbox=inbox, types=["message.created"], wait=0)
        assert messages.get(created.record).text == "one, edited"


def _failing_at_first(put: Callable[..., int], times: int) -> Callable[..., int]:
    left = [times]

    def failing(self: Inbox, *args: Any, **options: Any) -> int:
        if left[0]:
            left[0] -= 1
            raise StoreUnavailable("the disk is full")
        return put(self, *args, **options)

    return failing


def test_trackers_without_webhooks_are_polled(tracker: Tracker, inbox: Inbox) -> None:
    client = AsyncClient(rate_limiter=Unlimited())
    tracker.connect(client)
    poll = Poll(name="work", vendor=tracker.vendor, resource="tasks", every=1.0, input=dict(tracker.place))
    poller = Poller([poll], inbox, client)

    async def turn() -> int | None:
        await asyncio.sleep(1.1)
        return await poller.poll_once(poll)

    def returned() -> list[tuple[str, str]]:
        return [(event.type, event.record) for event in reversed(inbox.latest(limit=10_000))]

    asyncio.run(turn())
    before = len(returned())
    with Client(rate_limiter=Unlimited()) as made, using(made):
        tracker.connect(made)
        one = tasks.create(title="Asked for", **tracker.place)
        assert asyncio.run(turn()) in {1, 2}
        assert returned()[before] == ("task.created", one.id)
        assert asyncio.run(turn()) == 0, "nothing happened since"
        tasks.update(one.id, title="Asked for again")
        assert asyncio.run(turn()) == 1
        assert returned()[-1] == ("task.updated", one.id)
        assert asyncio.run(poller.poll_once(poll)) is None, "it is not time yet"
