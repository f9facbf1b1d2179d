"""Permissions at a broker: keys that are wrong, expired, revoked; other agents, users and teams; operations of a key."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tests.broker.conftest import BrokerCaller
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.policies import Engine, MemoryApprovals, MemoryAuditLog
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_pages import page
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.broker import agent_keys as broker_keys
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.parts import Broker
from unified_runtime import ApprovalRequired, Client, Denied, InvalidInput, NotConnected, PolicyEnforcer, Unauthorized, acting, basic
from unified_runtime.core.policy_decisions import allow, needs_approval

WRONG: dict[str, Callable[[str], str]] = {
    "another secret": lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
    "another id": lambda key: key.replace(key.split("_")[1], "0" * 16),
    "cut off": lambda key: key[:-1],
    "longer": lambda key: key + "A",
    "no key at all": lambda key: "letmein",
    "its hash": lambda key: broker_keys._hash(key.split("_", 2)[2]),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_key_reaches_nothing(caller: BrokerCaller, server: Loopback, wrong: Callable[[str], str]) -> None:
    caller.key = wrong(caller.key)
    with pytest.raises(Unauthorized, match="the key is not one of this broker's") as caught:
        caller.run(tasks.get, "P-1")
    assert server.seen == []
    assert caller.key not in str(caught.value)


def test_without_a_key_every_request_is_rejected(running: tuple[Broker, str]) -> None:
    for headers in ({}, {"Authorization": "Basic aGVscGVyOng="}, {"Authorization": "Bearer"}):
        response = httpx2.post(f"{running[1]}/v1/call", headers=headers, content=b'{"operation":"tasks.get"}')
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


def test_an_expired_key_is_refused(caller: BrokerCaller, server: Loopback, keys: KeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    key = keys.create(Scope("helper", (), (), ("*",)), lifetime=0.4)[1].reveal()
    caller.key = key
    server.answers(Reply.of(ISSUE))
    assert caller.run(tasks.get, "P-1").id == "P-1"
    time.sleep(0.5)
    with pytest.raises(Unauthorized, match="has expired"):
        caller.run(tasks.get, "P-1")


def test_a_revoked_key_is_refused_at_once_here_and_soon_elsewhere(caller: BrokerCaller, server: Loopback, keys: KeyStore) -> None:
    made, secret = keys.create(Scope("helper", (), (), ("*",)), lifetime=60)
    caller.key = secret.reveal()
    server.answers(Reply.of(ISSUE))
    caller.run(tasks.get, "P-1")
    KeyStore(keys._database).revoke(made.id)  # as the command does, in another process
    time.sleep(broker_keys.FRESH)
    with pytest.raises(Unauthorized, match="was revoked"):
        caller.run(tasks.get, "P-1")
    assert len(server.seen) == 1


def test_another_agents_name_is_not_taken(caller: BrokerCaller, server: Loopback) -> None:
    with acting(agent="somebody else"), pytest.raises(Denied, match="is agent 'helper''s"):
        caller.run(tasks.get, "P-1")
    with acting(on_behalf_of="alice"), pytest.raises(Denied, match="comes from that user's token"):
        caller.run(tasks.get, "P-1")
    assert server.seen == []


@pytest.mark.parametrize("users", [(), ("alice",), ("alice", "carol")])
def test_another_users_connection_does_not_serve(caller: BrokerCaller, server: Loopback, keys: KeyStore, users: tuple[str, ...]) -> None:
    caller.connect(server.url, basic("bob", "bobs"), user="bob")
    caller.connect(server.url, basic("alice", "alices"), user="alice")
    caller.key = keys.create(Scope("helper", users, (), ("*",)), lifetime=60)[1].reveal()
    with acting(user="bob"), pytest.raises(Denied, match="is not for user 'bob'"):
        caller.run(tasks.get, "P-1")
    with acting(team="bobs", user=users[0] if users else None), pytest.raises(Denied, match="is not for team 'bobs'"):
        caller.run(tasks.get, "P-1")
    assert server.seen == []


def test_a_key_for_one_user_need_not_name_the_user(caller: BrokerCaller, server: Loopback, keys: KeyStore) -> None:
    caller.connect(server.url, basic("alice", "alices"), user="alice")
    caller.key = keys.create(Scope("helper", ("alice",), (), ("*",)), lifetime=60)[1].reveal()
    server.answers(Reply.of(ISSUE))
    caller.run(tasks.get, "P-1")
    assert server.seen[0].headers["Authorization"] == "Basic YWxpY2U6YWxpY2Vz"


def test_a_key_for_several_users_must_name_the_user(caller: BrokerCaller, server: Loopback, keys: KeyStore) -> None:
    caller.key = keys.create(Scope("helper", ("alice", "carol"), (), ("*",)), lifetime=60)[1].reveal()
    with pytest.raises(Denied, match="choose one"):
        caller.run(tasks.get, "P-1")
    with acting(user="carol"), pytest.raises(NotConnected, match="is connected for user 'carol'"):
        caller.run(tasks.get, "P-1")


def test_a_key_calls_operations_of_its_toolsets_and_others_are_denied_before_the_policy(
    caller: BrokerCaller, server: Loopback, keys: KeyStore
) -> None:
    engine, audit_log = Engine(), MemoryAuditLog()
    caller.enforcer = PolicyEnforcer(engine, audit=audit_log)
    made, secret = keys.create(Scope("helper", (), (), ("tasks.read",)), lifetime=60)
    caller.key = secret.reveal()
    with pytest.raises(Denied, match=r"tasks\.delete via acme is in no toolset of key"):
        caller.run(tasks.delete, "P-1")
    assert engine.called == []
    assert server.seen == []
    assert (audit_log.entries[0]["decision"], audit_log.entries[0]["by"], audit_log.entries[0]["agent"]) == (
        "deny",
        f"key {made.id}",
        "helper",
    )
    server.answers(Reply.of(ISSUE))
    caller.run(tasks.get, "P-1")
    assert [question.agent for question in engine.called] == ["helper", "helper"]


def test_one_approval_is_good_for_all_pages_of_a_list(simple: BrokerCaller, server: Loopback) -> None:
    stored = MemoryApprovals()
    simple.enforcer = PolicyEnforcer(Engine(lambda q: allow() if q.approved else needs_approval()), approvals=stored)
    with pytest.raises(ApprovalRequired):
        simple.list(tasks.list)
    stored.approve("a1")
    server.answers(page("P-1", next="2"), page("P-2", next="3"), page("P-3"))
    assert [task.id for task in simple.list(tasks.list)] == ["P-1", "P-2", "P-3"]
    assert stored.spent == ["a1"]
    with pytest.raises(ApprovalRequired):
        simple.list(tasks.list)


def test_a_cursor_carries_the_approval_of_its_list_only(simple: BrokerCaller, server: Loopback, keys: KeyStore) -> None:
    stored = MemoryApprovals()
    simple.enforcer = PolicyEnforcer(Engine(lambda q: allow() if q.approved else needs_approval()), approvals=stored)
    with pytest.raises(ApprovalRequired):
        simple.list(tasks.list)  # the broker's policy enforcer is set with the first call
    stored.approve("a1")
    server.answers(page("P-1", next="2"), page("P-2"))

    def ask(key: str, **call: Any) -> Any:
        body = json.dumps({"operation": "tasks.list", **call})
        return httpx2.post(f"{simple.url}/v1/page", headers={"Authorization": f"Bearer {key}"}, content=body).json()

    cursor = ask(simple.key)["cursor"]
    other = keys.create(Scope("other", ("*",), (), ("*",)), lifetime=60)[1].reveal()
    for key, call in (
        (simple.key, {"input": {"project_id": "Q"}, "cursor": cursor}),
        (simple.key, {"cursor": f"{cursor[:-3]}AAA"}),
        (simple.key, {"cursor": "2"}),
        (simple.key, {"acting": {"user": "alice"}, "cursor": cursor}),
        (other, {"cursor": cursor}),
    ):
        found = ask(key, **call)
        assert found["error"] in {"InvalidInput", "NotConnected"}, found
    assert ask(simple.key)["error"] == "ApprovalRequired"
    assert len(server.seen) == 1
    assert "cursor" not in ask(simple.key, cursor=cursor)
    assert stored.spent == ["a1"]


def test_a_client_of_a_broker_holds_no_connection(running: tuple[Broker, str], any_key: str) -> None:
    client = Client(broker=running[1], key=any_key)
    with pytest.raises(InvalidInput, match="which holds the connections"):
        client.connect(VENDOR, basic("me", "password"), server="http://127.0.0.1:1")
    for more in ({"policy": PolicyEnforcer(Engine())}, {"vault": object()}, {"connections": client.connections}):
        with pytest.raises(TypeError, match="a broker has its own"):
            Client(broker=running[1], key=any_key, **more)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="for a broker"):
        Client(key=any_key)
    with pytest.raises(InvalidInput, match="wants a key"):
        Client(broker=running[1])


@pytest.mark.parametrize(
    "url", ["http://broker.example.com", "ftp://127.0.0.1", "https://u:p@broker.example.com", "https://b.example.com?x=1"]
)
def test_a_broker_is_reached_safely_or_not_at_all(url: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be a broker"):
        Client(broker=url, key="k")


@pytest.mark.parametrize(
    ("scope", "message"),
    [
        (Scope("helper", (), (), ()), "needs toolsets"),
        (Scope("helper", (), (), ("taks",)), "taks"),
        (Scope("", (), (), ("*",)), "not a valid name of an agent"),
        (Scope("helper", ("a\nb",), (), ("*",)), "not a valid name of a user"),
    ],
)
def test_a_key_for_nothing_is_not_made(keys: KeyStore, scope: Scope, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        keys.create(scope, lifetime=60)


def test_the_database_holds_no_key(keys: KeyStore) -> None:
    secret = keys.create(Scope("helper", (), (), ("*",)), lifetime=60)[1].reveal()
    with keys._database.reading() as session:
        stored = repr(session.rows("SELECT * FROM broker_keys"))
    assert secret.split("_", 2)[2] not in stored
    assert secret.split("_", 2)[1] in stored
