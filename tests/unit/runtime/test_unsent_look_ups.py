"""Look-ups of a lost write that a stage rejects: the write stays unconfirmed, and the error does not invite a retry."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

import unified
from tests.unit.runtime.policies import Engine, MemoryApprovals
from tests.unit.runtime.server import Loopback, Reply
from unified import aio, tasks
from unified.vendors.redmine import VENDOR
from unified_runtime import AsyncClient, Client, Connection, PolicyEnforcer, Unavailable, Unconfirmed, using
from unified_runtime.core.policy_decisions import allow, deny, needs_approval
from unified_runtime.core.settings import Settings

OPEN_CIRCUIT = Settings(attempts=1, circuit_after=1, deadline=10, backoff=0.01)
CLOSED_CIRCUIT = Settings(attempts=1, circuit_after=0, deadline=10, backoff=0.01)


def is_look_up(question: Any) -> bool:
    return question.phase == "request" and question.request.method == "GET"


def unconfirmed(server: Loopback, settings: Settings, policy: PolicyEnforcer | None = None) -> Unconfirmed:
    """Create a task whose response is lost. Returns the error."""
    server.answers(Reply(hang_up=True))
    with Client(settings=settings, policy=policy) as client, using(client):
        client.connect("redmine", unified.api_key("key"), url=server.url)
        with pytest.raises(Unconfirmed) as caught:
            tasks.create(title="x", project_id="1")
    assert [seen.method for seen in server.seen] == ["POST"]
    assert caught.value.retry_safe is False
    assert caught.value.lost == ("POST /issues.json",)
    return caught.value


def test_an_open_circuit(server: Loopback) -> None:
    error = unconfirmed(server, OPEN_CIRCUIT)
    assert "the look-up failed: Redmine has failed" in error.message


def test_an_open_circuit_of_an_async_client(server: Loopback) -> None:
    async def create() -> None:
        async with AsyncClient(settings=OPEN_CIRCUIT) as client, using(client):
            client.connect("redmine", unified.api_key("key"), url=server.url)
            await aio.tasks.create(title="x", project_id="1")

    server.answers(Reply(hang_up=True))
    with pytest.raises(Unconfirmed) as caught:
        asyncio.run(create())
    assert caught.value.retry_safe is False


def test_a_policy_that_denies_the_look_up(server: Loopback) -> None:
    policy = PolicyEnforcer(Engine(lambda question: deny("no reading") if is_look_up(question) else allow()))
    error = unconfirmed(server, CLOSED_CIRCUIT, policy)
    assert "the look-up failed" in error.message


def test_a_policy_that_requires_an_approval_of_the_look_up(server: Loopback) -> None:
    approvals = MemoryApprovals()
    engine = Engine(lambda question: needs_approval("ask") if is_look_up(question) else allow())
    unconfirmed(server, CLOSED_CIRCUIT, PolicyEnforcer(engine, approvals=approvals))
    assert approvals.pending == {}


class BrokenRefresh:
    """Token refresh whose authorization server is down."""

    def renew(self, connection: Connection, *, rejected: bool) -> Connection:
        raise Unavailable("the authorization server is down", retry_safe=True)

    async def arenew(self, connection: Connection, *, rejected: bool) -> Connection:
        return self.renew(connection, rejected=rejected)


def test_a_token_that_expires_before_the_look_up(server: Loopback) -> None:
    server.answers(Reply(hang_up=True, delay=0.4))
    expiring = Connection(
        VENDOR, unified.api_key("key"), {"url": server.url}, server=server.url, renewal=BrokenRefresh(), renew_at=time.time() + 0.2
    )
    with Client(settings=CLOSED_CIRCUIT) as client, using(client):
        client.connections.add(expiring)
        with pytest.raises(Unconfirmed, match="the look-up failed: the authorization server is down") as caught:
            tasks.create(title="x", project_id="1")
    assert caught.value.retry_safe is False
