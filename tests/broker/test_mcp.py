"""`/mcp` on the broker: an agent's key determines the tools and the user they act for; no other client reaches it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.support.brokers import serving
from tests.unit.platform.mcp.conftest import ISSUE
from tests.unit.runtime.policies import Engine, MemoryAuditLog
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.identity import Identity
from unified_platform.broker.limits import Limits
from unified_platform.broker.mcp import MCPMount
from unified_platform.broker.parts import Broker
from unified_runtime import AsyncClient, PolicyEnforcer, api_key
from unified_runtime.core.policy_decisions import deny
from unified_runtime.rate_limits.rate_limiter import Unlimited

SECRET = "a-very-secret-redmine-key"


@pytest.fixture
def redmine() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture
def audit_log() -> MemoryAuditLog:
    return MemoryAuditLog()


@pytest.fixture
def broker(redmine: Loopback, keys: KeyStore, audit_log: MemoryAuditLog) -> Iterator[tuple[Calls, str]]:
    """Broker with a connection of alice's, and the URL of its `/mcp`."""
    client = AsyncClient()
    client.connect("redmine", api_key(SECRET), url=redmine.url, user="alice")
    calls, identity = Calls(client, PolicyEnforcer(KeyScopePolicy(), audit=audit_log), Unlimited()), Identity(keys)
    mounted = MCPMount(calls, identity, Limits(calls_of_one=3), "https://broker.example", ["https://login.example"])
    with serving(Broker(calls, identity, routes=mounted.routes(), around=[mounted.around])) as url:
        yield calls, f"{url}/mcp"


def key(keys: KeyStore, **scope: Any) -> str:
    made = Scope(**({"agent": "helper", "users": ("alice",), "toolsets": ("tasks",)} | scope))
    return keys.create(made, lifetime=None)[1].reveal()


def within(url: str, key: str, do: Any, mode: str = "auto", **headers: str) -> Any:
    async def run() -> Any:
        given = {"Authorization": f"Bearer {key}", **headers}
        async with (
            httpx2.AsyncClient(headers=given, trust_env=False) as http,
            Client(streamable_http_client(url, http_client=http), mode=mode) as client,
        ):
            return await do(client)

    return asyncio.run(run())


async def names(client: Client) -> set[str]:
    return {tool.name for tool in (await client.list_tools()).tools}


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_key_reaches_its_tools_and_is_named_in_the_audit_log(
    broker: tuple[Calls, str], keys: KeyStore, redmine: Loopback, audit_log: MemoryAuditLog, mode: str
) -> None:
    async def do(client: Client) -> Any:
        assert await names(client) == {"tasks_create", "tasks_get", "tasks_list", "tasks_update", "tasks_delete"}
        return await client.call_tool("tasks_get", {"id": "1"})

    redmine.answers(Reply.of({"issue": ISSUE}))
    result = within(broker[1], key(keys), do, mode)
    assert result.structured_content["title"] == "One"
    assert redmine.seen[0].headers["X-Redmine-API-Key"] == SECRET
    assert {(one["agent"], one["user"], one["by"].partition(" ")[0]) for one in audit_log.entries} == {("helper", "alice", "key")}


def test_a_key_for_reading_does_not_write(broker: tuple[Calls, str], keys: KeyStore, redmine: Loopback) -> None:
    async def do(client: Client) -> set[str]:
        return await names(client)

    assert within(broker[1], key(keys, toolsets=("tasks.read",)), do) == {"tasks_get", "tasks_list"}


def test_a_key_for_others_reaches_nothing_of_alices(broker: tuple[Calls, str], keys: KeyStore) -> None:
    assert within(broker[1], key(keys, users=("bob",)), names) == set()


def test_a_key_for_several_users_names_the_user(broker: tuple[Calls, str], keys: KeyStore) -> None:
    several = key(keys, users=("alice", "bob"))
    assert "tasks_get" in within(broker[1], several, names, **{"X-Unified-User": "alice"})
    assert within(broker[1], several, names, **{"X-Unified-User": "bob"}) == set()
    for headers in ({}, {"X-Unified-User": "mallory"}):
        assert post(broker[1], several, **headers).status_code == 403


def post(url: str, key: str | None, **headers: str) -> httpx2.Response:
    requested = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    given = {"Accept": "application/json, text/event-stream", **headers} | ({"Authorization": f"Bearer {key}"} if key else {})
    return httpx2.post(url, json=requested, headers=given, trust_env=False)


def test_requests_without_a_token_get_the_token_endpoint(broker: tuple[Calls, str], keys: KeyStore) -> None:
    address = "https://broker.example/.well-known/oauth-protected-resource/mcp"
    for wrong in (None, "letmein", key(keys)[:-1]):
        reply = post(broker[1], wrong)
        assert reply.status_code == 401
        assert reply.headers["www-authenticate"] == f'Bearer resource_metadata="{address}"'
    response = httpx2.get(broker[1].removesuffix("/mcp") + address.removeprefix("https://broker.example"), trust_env=False).json()
    assert response["resource"] == "https://broker.example/mcp"
    assert [issuer.rstrip("/") for issuer in response["authorization_servers"]] == ["https://login.example"]


def test_pages_of_browsers_are_refused(broker: tuple[Calls, str], keys: KeyStore) -> None:
    assert post(broker[1], key(keys), Origin="https://evil.example").status_code == 403


def test_policy_denies_tool_calls(broker: tuple[Calls, str], keys: KeyStore, redmine: Loopback) -> None:
    broker[0].enforcer = replace_engine(broker[0].enforcer)

    async def do(client: Client) -> Any:
        return await client.call_tool("tasks_get", {"id": "1"})

    result = within(broker[1], key(keys), do)
    assert result.is_error
    assert "not today" in result.content[0].text
    assert not redmine.seen


def replace_engine(enforcer: PolicyEnforcer) -> PolicyEnforcer:
    return PolicyEnforcer(Engine(lambda question: deny("not today")), audit=enforcer.audit)


def test_a_secret_that_the_vendor_echoes_is_not_handed_on(broker: tuple[Calls, str], keys: KeyStore, redmine: Loopback) -> None:
    async def do(client: Client) -> Any:
        return await client.call_tool("tasks_get", {"id": "1"})

    redmine.answers(Reply.of({"issue": {**ISSUE, "subject": f"The key is {SECRET}, keep it"}}))
    result = within(broker[1], key(keys), do)
    assert SECRET not in result.model_dump_json()
    assert result.structured_content["title"] == "The key is •••, keep it"


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_desktop_client_reaches_the_broker_by_stdio(
    broker: tuple[Calls, str], keys: KeyStore, redmine: Loopback, tmp_path: Path, mode: str
) -> None:
    """`unified mcp --broker`: the machine of the agent has its key, and no secret of the vendor."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "UNIFIED_BROKER_KEY": key(keys)}
    arguments = ["-m", "unified_platform.cli", "mcp", "--broker", broker[1].removesuffix("/mcp"), "--user", "alice"]

    async def run() -> Any:
        async with Client(stdio_client(StdioServerParameters(command=sys.executable, args=arguments, env=environ)), mode=mode) as client:
            assert "tasks_get" in await names(client)
            redmine.answers(Reply.of({"issue": ISSUE}))
            return await client.call_tool("tasks_get", {"id": "1"})

    assert asyncio.run(run()).structured_content["title"] == "One"


def test_one_agent_does_not_use_all_slots(broker: tuple[Calls, str], keys: KeyStore, redmine: Loopback) -> None:
    slow = Reply.of({"issue": ISSUE})
    redmine.answers(*[replace(slow, delay=1.5)] * 3)
    own = key(keys)

    async def do(client: Client) -> list[Any]:
        calls = [asyncio.create_task(client.call_tool("tasks_get", {"id": "1"})) for _ in range(3)]
        while len(redmine.seen) < 3:  # noqa: ASYNC110  the vendor is a thread
            await asyncio.sleep(0.01)
        refused = await asyncio.to_thread(post, broker[1], own)
        assert refused.status_code == 429
        return await asyncio.gather(*calls)

    assert all(not result.is_error for result in within(broker[1], own, do))
