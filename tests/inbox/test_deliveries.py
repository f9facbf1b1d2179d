"""Deliveries over HTTP into an inbox, and events out of a broker: only those that the vendor sent, only for callers that may read them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc import jwk, jwt

import unified
from tests.support.brokers import serving
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.events import Readers
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.broker.principals import Principal
from unified_platform.catalog.toolsets import EVERYTHING
from unified_platform.inbox import Hook, Inbox, Receiver, follow, open_inbox
from unified_platform.store.errors import StoreUnavailable
from unified_runtime import AsyncClient, Client, InvalidInput, PolicyEnforcer, using
from unified_runtime.adapter_api.webhooks import Event, KeyedEvent
from unified_runtime.rate_limits.rate_limiter import Unlimited

SECRET = "sentinel-webhook-secret-7d1f"


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    made = open_inbox(tmp_path / "inbox.db")
    yield made
    made.close()


@pytest.fixture
def receiver(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    hooks = [
        Hook(name="gh", vendor="github", secret_env=("HOOK_SECRET",), user="alice"),
        Hook(name="chat", vendor="slack", secret_env=("HOOK_SECRET",), user="bob"),
        Hook(name="hs", vendor="matrix", secret_env=("HOOK_SECRET",)),
        Hook(name="board", vendor="trello", secret_env=("HOOK_SECRET",), user="alice"),
    ]
    return Receiver(hooks, inbox, address="https://broker.example")


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(open_store(tmp_path / "control.db"))


def calls() -> Calls:
    return Calls(AsyncClient(), PolicyEnforcer(KeyScopePolicy()), Unlimited())


@pytest.fixture
def url(receiver: Receiver, inbox: Inbox, keys: KeyStore) -> Iterator[str]:
    made = calls()
    with serving(Broker(made, Identity(keys), routes=receiver.routes(), readers=Readers(inbox, made))) as found:
        yield found


def issue(number: int = 7, action: str = "opened") -> bytes:
    return json.dumps({"action": action, "repository": {"name": "w", "owner": {"login": "a"}}, "issue": {"number": number}}).encode()


def github(body: bytes, id: str = "d1", secret: str = SECRET) -> dict[str, str]:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-GitHub-Event": "issues", "X-GitHub-Delivery": id, "X-Hub-Signature-256": f"sha256={signature}"}


def test_a_delivery_is_stored_before_the_response(url: str, inbox: Inbox) -> None:
    body = issue()
    for _ in range(2):
        response = httpx2.post(f"{url}/hooks/gh", content=body, headers=github(body))
        assert (response.status_code, response.content) == (200, b"{}")
    (event,) = inbox.latest()
    assert (event.type, event.record, event.vendor, event.user, event.source) == ("task.created", "a/w#7", "github", "alice", "gh")
    assert httpx2.post(f"{url}/hooks/gh", content=issue(8), headers=github(issue(8), "d2")).status_code == 200
    assert len(inbox.latest()) == 2


def test_forged_deliveries_are_rejected_and_not_stored(url: str, inbox: Inbox, caplog: pytest.LogCaptureFixture) -> None:
    body = issue()
    for headers, content in [
        ({}, body),
        (github(body, secret="another"), body),
        (github(body), issue(8)),
        (github(b""), body),
    ]:
        response = httpx2.post(f"{url}/hooks/gh", content=content, headers=headers)
        assert (response.status_code, response.content) == (401, b"{}")
    assert httpx2.post(f"{url}/hooks/none", content=body, headers=github(body)).status_code == 404
    assert httpx2.post(f"{url}/hooks/gh/more", content=body, headers=github(body)).status_code == 404
    assert httpx2.get(f"{url}/hooks/gh").status_code == 405
    assert httpx2.put(f"{url}/hooks/gh", content=body, headers=github(body)).status_code == 405
    nonsense = b"{not json\nFORGED LINE"
    assert httpx2.post(f"{url}/hooks/gh", content=nonsense, headers=github(nonsense)).status_code == 400
    assert httpx2.post(f"{url}/hooks/gh", content=b"x" * (10 * 1024 * 1024 + 1), headers=github(body)).status_code == 413
    assert inbox.latest() == []
    assert SECRET not in caplog.text
    assert "\nFORGED" not in caplog.text


def test_a_delivery_that_cannot_be_stored_is_to_be_repeated(url: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> int:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(receiver.inbox, "put", fail)
    assert httpx2.post(f"{url}/hooks/gh", content=issue(), headers=github(issue())).status_code == 503


def test_addresses_are_tried_as_vendors_do(url: str) -> None:
    assert httpx2.head(f"{url}/hooks/board").status_code == 200
    response = httpx2.put(
        f"{url}/hooks/hs/_matrix/app/v1/transactions/1", content=b'{"events": []}', headers={"Authorization": f"Bearer {SECRET}"}
    )
    assert (response.status_code, response.json()) == (200, {})
    assert httpx2.put(f"{url}/hooks/hs/_matrix/app/v1/transactions/1", content=b'{"events": []}').status_code == 401
    assert httpx2.put(f"{url}/hooks/hs/_matrix/app/v1/users/1", content=b"{}").status_code == 404


def test_agents_get_events_of_readable_records(url: str, receiver: Receiver, keys: KeyStore) -> None:
    for number in range(3):
        body = issue(number)
        httpx2.post(f"{url}/hooks/gh", content=body, headers=github(body, f"d{number}"))

    def key(agent: str, users: tuple[str, ...], toolsets: tuple[str, ...]) -> str:
        return keys.create(Scope(agent, users, (), toolsets), lifetime=None)[1].reveal()

    def returned(secret: str, reader: str = "triage", **more: Any) -> list[str]:
        with Client(broker=url, key=secret) as client, using(client):
            return [event.record for event in follow(reader, client=client, wait=0, **more)]

    hers = key("helper", ("alice",), ("github.tasks.read",))
    assert returned(hers) == ["a/w#0", "a/w#1", "a/w#2"]
    assert returned(hers) == [], "they are done"
    assert returned(hers, "another") == ["a/w#0", "a/w#1", "a/w#2"]
    assert returned(key("other", ("*",), ("*",))) == ["a/w#0", "a/w#1", "a/w#2"], "another agent's reader is another"
    assert returned(key("bobs", ("bob",), ("*",))) == []
    assert returned(key("nobodys", (), ("*",))) == []
    assert returned(key("chatty", ("alice",), ("slack", "jira.tasks"))) == []
    assert returned(key("writer", ("alice",), ("github.tasks.create",))) == [], "who may not read a task is not told of it"
    assert returned(hers, "typed", types=["task.deleted"]) == []
    with pytest.raises(InvalidInput):
        returned(hers, "")
    with Client(broker=url, key="uak_0000000000000000_" + "x" * 43) as client, using(client), pytest.raises(unified.Unauthorized):
        list(follow("triage", client=client, wait=0))


def test_unfinished_events_are_delivered_again(url: str, keys: KeyStore) -> None:
    for number in range(3):
        body = issue(number)
        httpx2.post(f"{url}/hooks/gh", content=body, headers=github(body, f"d{number}"))
    secret = keys.create(Scope("helper", ("alice",), (), ("github",)), lifetime=None)[1].reveal()
    with Client(broker=url, key=secret) as client, using(client):
        seen = []
        for event in follow("triage", client=client, wait=0):
            seen.append(event.record)
            if len(seen) == 2:
                break
        assert seen == ["a/w#0", "a/w#1"]
        assert [event.record for event in follow("triage", client=client, wait=0)] == ["a/w#1", "a/w#2"]


def test_invalid_settings_are_reported(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", SECRET)

    def made(**hook: Any) -> None:
        Receiver([Hook(**{"name": "gh", "vendor": "github", "secret_env": ("HOOK_SECRET",)} | hook)], inbox, address="https://b.example")

    for hook, expected in [
        ({"vendor": "redmine"}, "no webhooks of redmine are known"),
        ({"vendor": "githb"}, "did you mean 'github'"),
        ({"secret_env": ("MISSING",)}, "the hook 'gh' has no secret: set MISSING"),
        ({"secret_env": ()}, "has no secret"),
        ({"name": "../x"}, "is not a valid name of a hook"),
    ]:
        with pytest.raises(InvalidInput, match=expected):
            made(**hook)
    one = Hook(name="gh", vendor="github", secret_env=("HOOK_SECRET",))
    with pytest.raises(InvalidInput, match="two are named 'gh'"):
        Receiver([one, one], inbox, address="https://b.example")


def test_no_agent_reads_as_another_by_the_name_of_its_reader(inbox: Inbox, keys: KeyStore) -> None:
    """It would take the other reader's lease, and skip events for it."""
    readers = Readers(inbox, calls())
    inbox.put("gh", "github", None, [KeyedEvent("k", Event("task.created", "tasks", "a/w#7"))])
    mine, other = Principal("team/bot", EVERYTHING, "key 1"), Principal("team", EVERYTHING, "key 2")
    first = json.loads(asyncio.run(readers.read(b'{"reader": "triage"}', mine)))
    taken = json.loads(asyncio.run(readers.read(b'{"reader": "bot/triage"}', other)))
    assert [event["record"] for event in first["events"]] == [event["record"] for event in taken["events"]] == ["a/w#7"]
    assert inbox.readers() == ["team%2Fbot/triage", "team/bot/triage"]


def test_delay_of_events_is_reported(inbox: Inbox, keys: KeyStore) -> None:
    lags: list[tuple[str, float]] = []
    readers = Readers(inbox, calls(), lambda vendor, seconds: lags.append((vendor, seconds)))
    inbox.put("gh", "github", None, [KeyedEvent("k", Event("task.created", "tasks", "a/w#7"))])
    principal = Principal("helper", EVERYTHING, "key 1")
    response = json.loads(asyncio.run(readers.read(b'{"reader": "triage"}', principal)))
    assert [event["record"] for event in response["events"]] == ["a/w#7"]
    ((vendor, seconds),) = lags
    assert vendor == "github"
    assert 0 <= seconds < 60
    for wrong in (b"", b"{}", b'{"reader": "a", "limit": 0}', b'{"reader": "a", "limit": 501}', b'{"reader": "a", "more": 1}'):
        with pytest.raises(InvalidInput):
            asyncio.run(readers.read(wrong, principal))


def test_monday_signs_a_token_for_the_address_of_a_hook(inbox: Inbox, keys: KeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "sentinel-signing-secret-0123456789"
    monkeypatch.setenv("APP_SECRET", secret)
    hooks = [Hook(name=name, vendor="monday", secret_env=("APP_SECRET",), user="alice") for name in ("one", "two")]
    made = calls()
    routes = Receiver(hooks, inbox, address="https://broker.example").routes()
    with serving(Broker(made, Identity(keys), routes=routes, readers=Readers(inbox, made))) as url:
        claims = {"aud": "https://broker.example/hooks/one", "exp": int(time.time()) + 300}
        headers = {"Authorization": jwt.encode({"alg": "HS256"}, claims, jwk.OctKey.import_key(secret))}
        tried = httpx2.post(f"{url}/hooks/one", json={"challenge": "3eZbrw1a"}, headers=headers)
        assert (tried.status_code, tried.json()) == (200, {"challenge": "3eZbrw1a"})
        body = {"event": {"type": "create_pulse", "pulseId": 7, "userId": 2, "triggerUuid": "u1"}}
        assert httpx2.post(f"{url}/hooks/two", json=body, headers=headers).status_code == 401
        assert httpx2.post(f"{url}/hooks/one", json=body).status_code == 401
        for _ in range(2):
            assert httpx2.post(f"{url}/hooks/one", json=body, headers=headers).status_code == 200
    assert [(one.source, one.type, one.record, one.actor) for one in inbox.latest()] == [("one", "task.created", "7", "2")]
