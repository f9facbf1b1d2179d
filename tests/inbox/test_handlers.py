"""Functions of an application run for each event of their types: retried, independent of each other, with the event's user and vendor."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from typing import Any

import pytest

import unified
from tests.inbox.test_inbox import returned
from unified_platform.inbox import Inbox, InboxEvent, Poll, Poller, handlers
from unified_platform.inbox.handlers import Handlers
from unified_runtime import Client, InvalidInput
from unified_runtime.core.context import current_acting

IDLE = 0.3
"""Seconds without an event after which a handler ends."""


@pytest.fixture
def registry() -> Handlers:
    return Handlers()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make pauses between attempts short."""
    monkeypatch.setattr(handlers, "wait_exponential", lambda: lambda _: 0.01)


def test_each_handler_gets_the_events_of_its_types(registry: Handlers, inbox: Inbox) -> None:
    seen: dict[str, list[tuple[str, Any, Any]]] = {"created": [], "all": []}

    def note(name: str, event: InboxEvent) -> None:
        acting = current_acting()
        seen[name].append((event.record, acting.user, acting.via))

    @registry.on("task.created")
    def created(event: InboxEvent) -> None:
        note("created", event)

    registry.on(name="everything")(lambda event: note("all", event))
    inbox.put("main", "jira", "alice", [*returned(1), *returned(2, type="task.deleted")])
    registry.listen(inbox=inbox, wait=IDLE)
    assert seen == {"created": [("1", "alice", "jira")], "all": [("1", "alice", "jira"), ("2", "alice", "jira")]}
    registry.listen(inbox=inbox, wait=IDLE)
    assert len(seen["all"]) == 2, "each position is stored"


@pytest.mark.usefixtures("pauses")
def test_a_handler_that_fails_is_called_again_and_then_skipped(registry: Handlers, inbox: Inbox, caplog: pytest.LogCaptureFixture) -> None:
    calls: list[str] = []
    healthy: list[str] = []

    @registry.on(attempts=3)
    def fragile(event: InboxEvent) -> None:
        calls.append(event.record)
        if event.record == "1" or (event.record == "2" and calls.count("2") < 2):
            raise ValueError("not today")

    registry.on(name="healthy")(lambda event: healthy.append(event.record))
    inbox.put("main", "jira", None, returned(1, 2, 3))
    with caplog.at_level(logging.WARNING, "unified.inbox"):
        registry.listen(inbox=inbox, wait=IDLE)
    assert calls == ["1", "1", "1", "2", "2", "3"]
    assert healthy == ["1", "2", "3"]
    (skipped,) = (one for one in caplog.records if one.levelno == logging.ERROR)
    assert "task.created 1" in skipped.getMessage()
    assert "skipped" in skipped.getMessage()
    assert skipped.exc_info is not None


def test_an_event_whose_handler_was_interrupted_is_delivered_again(registry: Handlers, inbox: Inbox) -> None:
    """The other handler ends the loop with an error while this one pauses between two attempts."""
    calls: list[str] = []
    failed = threading.Event()

    @registry.on(attempts=100)
    def fragile(event: InboxEvent) -> None:
        calls.append(event.record)
        failed.set()
        raise ValueError("not today")

    stop = threading.Event()
    inbox.put("main", "jira", None, returned(1))
    (one,) = registry._checked(is_async=False)
    reading = threading.Thread(target=handlers._run, args=(one, unified.Client(), inbox, None, stop))
    reading.start()
    assert failed.wait(10)
    stop.set()
    reading.join(10)
    assert not reading.is_alive()
    token = inbox.lease("fragile")
    assert token is not None
    assert [event.record for event in inbox.read("fragile")] == ["1"]


def test_async_handlers(registry: Handlers, inbox: Inbox) -> None:
    seen: list[tuple[str, Any]] = []

    @registry.on("task.created")
    async def created(event: InboxEvent) -> None:
        await asyncio.sleep(0)
        seen.append((event.record, current_acting().user))

    inbox.put("main", "jira", "alice", returned(1, 2))
    asyncio.run(registry.alisten(inbox=inbox, wait=IDLE))
    assert seen == [("1", "alice"), ("2", "alice")]
    with pytest.raises(InvalidInput, match=r"is async: use `await unified\.aio\.listen\(\)`"):
        registry.listen(inbox=inbox)


@pytest.mark.usefixtures("pauses")
def test_an_async_handler_that_fails_is_called_again(registry: Handlers, inbox: Inbox) -> None:
    calls: list[str] = []

    @registry.on(attempts=2)
    async def fragile(event: InboxEvent) -> None:
        calls.append(event.record)
        if event.record == "1":
            raise ValueError("not today")

    inbox.put("main", "jira", None, returned(1, 2))
    asyncio.run(registry.alisten(inbox=inbox, wait=IDLE))
    assert calls == ["1", "1", "2"]


def test_listening_ends_when_it_is_cancelled(registry: Handlers, inbox: Inbox) -> None:
    @registry.on()
    async def slow(_: InboxEvent) -> None:
        await asyncio.sleep(60)

    async def main() -> float:
        listening = asyncio.create_task(registry.alisten(inbox=inbox))
        await asyncio.sleep(0.5)
        begun = time.monotonic()
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        return time.monotonic() - begun

    inbox.put("main", "jira", None, returned(1))
    assert asyncio.run(main()) < 10
    assert inbox.lease("slow") is not None, "the name is free again"


def test_lists_are_polled_while_handlers_run(registry: Handlers, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    polled: list[str] = []

    async def run(self: Any) -> None:
        polled.extend(poll.name for poll in self._polls)
        await asyncio.sleep(60)

    monkeypatch.setattr(Poller, "run", run)
    registry.on(name="all")(print)
    poll = Poll(name="desk", vendor="redmine", resource="tasks")
    registry.listen(inbox=inbox, polls=[poll], wait=IDLE)
    assert polled == ["desk"]


def test_mistakes_are_reported_when_a_handler_is_registered(registry: Handlers) -> None:
    with pytest.raises(InvalidInput, match="as a decorator"):
        registry.on(lambda event: None)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=r"'task\.created'"):
        registry.on("created")
    registry.on(name="one")(print)
    with pytest.raises(InvalidInput, match="registered as 'one' already"):
        registry.on(name="one")(print)
    with pytest.raises(InvalidInput, match="at least 1"):
        registry.on(attempts=0)
    with pytest.raises(InvalidInput, match=r"\[\[polls\]\]"):
        registry.listen(client=Client(broker="http://127.0.0.1:1", key="k"), polls=[Poll(name="desk", vendor="redmine", resource="tasks")])
    with pytest.raises(InvalidInput, match="no handler is registered"):
        Handlers().listen()


def test_the_facade_has_them() -> None:
    assert unified.on is handlers.on
    assert unified.listen is handlers.listen
    assert unified.aio.listen is handlers.alisten
