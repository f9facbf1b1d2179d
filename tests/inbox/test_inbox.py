"""Events are stored once and read at least once: in SQLite and in Postgres, by threads, with processes that die."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.functional.compiled import Scripted
from tests.functional.shipped import responding
from unified_platform.cli import main
from unified_platform.inbox import Inbox, InboxEvent, afollow, follow, open_inbox
from unified_platform.inbox import store as stores
from unified_runtime import AsyncClient, Client, InvalidInput, bearer
from unified_runtime.adapter_api.webhooks import Event, KeyedEvent


def returned(*numbers: int, type: str = "task.created") -> list[KeyedEvent]:
    return [KeyedEvent(f"key{number}", Event(type, "tasks", str(number))) for number in numbers]


def records(events: list[InboxEvent]) -> list[str]:
    return [event.record for event in events]


def test_duplicate_deliveries_are_stored_once(inbox: Inbox) -> None:
    assert inbox.put("main", "jira", "alice", returned(1, 2)) == 2
    assert inbox.put("main", "jira", "alice", returned(2, 3)) == 1
    assert inbox.put("other", "jira", None, returned(3)) == 1, "another hook's deliveries are others"
    assert inbox.put("main", "jira", "alice", returned(4, 4)) == 1
    assert records(inbox.latest()) == ["4", "3", "3", "2", "1"]
    (first, *_), positions = reversed(inbox.latest()), [event.position for event in inbox.latest()]
    assert positions == sorted(set(positions), reverse=True)
    assert (first.type, first.resource, first.vendor, first.user, first.source) == ("task.created", "tasks", "jira", "alice", "main")


def test_threads_lose_nothing(inbox: Inbox) -> None:
    def deliver(worker: int) -> None:
        for number in range(20):
            inbox.put("main", "jira", None, returned(number, 100 + worker * 20 + number))

    threads = [threading.Thread(target=deliver, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = inbox.latest(limit=1000)
    assert len(found) == 20 + 6 * 20
    assert len({event.position for event in found}) == len(found)


def test_events_are_delivered_until_acknowledged(inbox: Inbox) -> None:
    inbox.put("main", "jira", None, returned(*range(5)))
    token = inbox.lease("triage")
    assert token is not None
    first = inbox.read("triage", limit=2)
    assert records(first) == records(inbox.read("triage", limit=2)) == ["0", "1"]
    assert inbox.done("triage", token, first[0].position)
    assert records(inbox.read("triage")) == ["1", "2", "3", "4"]
    assert inbox.done("triage", token, 0), "it never goes back"
    assert records(inbox.read("triage")) == ["1", "2", "3", "4"]
    assert inbox.lease("other") is not None
    assert records(inbox.read("other")) == ["0", "1", "2", "3", "4"], "readers do not disturb each other"
    assert inbox.oldest_waiting("triage") is not None
    inbox.done("triage", token, inbox.latest()[0].position)
    assert inbox.oldest_waiting("triage") is None


def test_events_waiting_for_a_stopped_reader(inbox: Inbox) -> None:
    assert inbox.left_waiting() == 0
    tokens = {name: inbox.lease(name) or "" for name in ("stays", "leaves", "content")}
    inbox.put("main", "jira", None, returned(1))
    assert inbox.left_waiting() == 0, "they are there to read it"
    inbox.done("content", tokens["content"], inbox.latest()[0].position)
    inbox.release("content", tokens["content"])
    assert inbox.left_waiting() == 0, "it has read all"
    inbox.release("leaves", tokens["leaves"])
    time.sleep(0.01)
    assert 0 < inbox.left_waiting() < 60
    assert inbox.forget("leaves")
    assert not inbox.forget("leaves")
    assert inbox.left_waiting() == 0
    assert inbox.readers() == ["content", "stays"]


def test_a_reader_is_forgotten_by_command(tmp_path: Path) -> None:
    inbox = open_inbox(tmp_path / "inbox.db")
    inbox.lease("helper/triage")
    inbox.close()
    words = ["inbox", "forget", "--inbox", str(tmp_path / "inbox.db")]
    done = CliRunner().invoke(main, [*words, "helper/triag"])
    assert (done.exit_code, done.stderr) == (4, "error: the reader 'helper/triag' is not known; did you mean 'helper/triage'?\n")
    assert CliRunner().invoke(main, [*words, "helper/triage"]).output == "helper/triage is forgotten\n"


def test_one_process_at_a_time_has_a_reader(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = inbox.lease("triage")
    assert mine is not None
    assert inbox.lease("triage") is None
    assert inbox.lease("triage", mine) == mine
    inbox.release("triage", mine)
    theirs = inbox.lease("triage")
    assert theirs is not None
    assert not inbox.done("triage", mine, 1), "who had it before does not move it on"
    inbox.release("triage", theirs)
    monkeypatch.setattr(stores, "LEASE", -1.0)
    assert inbox.lease("triage") is not None
    assert inbox.lease("triage") is not None, "one that does nothing for a minute has died"


def test_types_and_what_may_be_seen_are_passed_over_however_many(inbox: Inbox) -> None:
    inbox.put("main", "jira", None, returned(*range(450), type="task.updated"))
    inbox.put("main", "jira", None, returned(*range(1000, 1003)))
    inbox.lease("triage")
    assert records(inbox.read("triage", types=["task.created"])) == ["1000", "1001", "1002"]
    assert records(inbox.read("triage", visible=lambda one: one.record == "1002")) == ["1002"]
    assert len(inbox.read("triage", limit=300)) == 300


def test_events_are_stored_for_a_time_and_positions_go_on(tmp_path: Path) -> None:
    inbox = open_inbox(tmp_path / "inbox.db", retention=-1.0)
    inbox.put("main", "jira", None, returned(1))
    last = inbox.latest()[0].position
    inbox.put("main", "jira", None, returned(2))
    assert [(event.record, event.position) for event in inbox.latest()] == [("2", last + 1)]


def test_following_survives_a_handler_that_fails(inbox: Inbox) -> None:
    inbox.put("main", "jira", None, returned(1, 2, 3))
    seen = []

    def handle() -> None:
        for event in follow("triage", inbox=inbox, wait=0):
            seen.append(event.record)
            if event.record == "2":
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        handle()
    assert seen == ["1", "2"]
    again = [event.record for event in follow("triage", inbox=inbox, wait=0)]
    assert again == ["2", "3"], "what was not done is told again"
    assert list(follow("triage", inbox=inbox, wait=0)) == []


async def _followed(inbox: Inbox) -> list[str]:
    return [event.record async for event in afollow("later", inbox=inbox, wait=0)]


def test_following_without_blocking(inbox: Inbox) -> None:
    import asyncio

    inbox.put("main", "jira", None, returned(1, 2))
    assert asyncio.run(_followed(inbox)) == ["1", "2"]
    assert asyncio.run(_followed(inbox)) == []


def test_a_second_process_waits_for_the_first(inbox: Inbox) -> None:
    inbox.put("main", "jira", None, returned(1, 2))
    first = follow("triage", inbox=inbox, wait=0)
    assert next(first).record == "1"
    assert list(follow("triage", inbox=inbox, wait=0)) == []
    first.close()
    assert [event.record for event in follow("triage", inbox=inbox, wait=0)] == ["1", "2"]


def test_a_reader_has_a_name(inbox: Inbox) -> None:
    for name in ("", " ", "a\nb", "x" * 201):
        with pytest.raises(InvalidInput, match="a reader has a name"):
            inbox.lease(name)


# ---------------------------------------------------------------------------------------------------------- own events
class _Asynchronous:
    def __init__(self, responses: list[Any]) -> None:
        self._transport = Scripted(responses)

    async def asend(self, request: Any) -> Any:
        return self._transport.send(request)

    async def aclose(self) -> None:
        pass


def caused_by(*actors: str | None) -> list[KeyedEvent]:
    return [KeyedEvent(f"key{at}", Event("message.created", "messages", str(at), actor=actor)) for at, actor in enumerate(actors)]


def test_a_reader_leaves_out_what_its_own_account_caused(tmp_path: Path) -> None:
    inbox = open_inbox(tmp_path / "inbox.db")
    inbox.put("chat", "slack", None, caused_by("U1", "U2", None, "U1", "U3"))
    account = {"ok": True, "user_id": "U1", "user": {"id": "U1", "real_name": "Bot", "profile": {}}}
    with responding("slack", account, account) as sent, Client(sent.transport) as client:
        client.connect("slack", bearer("secret"), workspace="acme")
        found = [(event.record, event.actor) for event in follow("replies", inbox=inbox, client=client, wait=0, others=True)]
        assert found == [("1", "U2"), ("2", None), ("4", "U3")]
        assert len(sent.lines) == 2, "the account is read once"
        assert len(list(follow("audit", inbox=inbox, client=client, wait=0))) == 5

    async def aread() -> list[str]:
        async with AsyncClient(_Asynchronous([account, account])) as client:
            client.connect("slack", bearer("secret"), workspace="acme")
            return [event.record async for event in afollow("later", inbox=inbox, client=client, wait=0, others=True)]

    assert asyncio.run(aread()) == ["1", "2", "4"]
    inbox.close()


def test_of_vendors_without_actors_every_event_is_returned(tmp_path: Path) -> None:
    inbox = open_inbox(tmp_path / "inbox.db")
    inbox.put("crm", "hubspot", None, caused_by(None, None))
    assert len(list(follow("all", inbox=inbox, wait=0, others=True))) == 2
    inbox.close()
