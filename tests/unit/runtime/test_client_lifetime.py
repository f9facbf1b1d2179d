"""Lifetime of a client's HTTP connections: a client opens and closes its own, and those of no other client."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import httpx2
import pytest

import unified_runtime
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.policies import Engine
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import AsyncClient, Client, PolicyEnforcer, basic, using
from unified_runtime.client import current


def client_of(server: Loopback, transport: Any = None) -> Client:
    client = Client(transport, settings=QUICK)
    client.connect(VENDOR, basic("me", "x"), server=server.url)
    return client


def async_client_of(server: Loopback, transport: Any = None) -> AsyncClient:
    client = AsyncClient(transport, settings=QUICK)
    client.connect(VENDOR, basic("me", "x"), server=server.url)
    return client


def get(client: Client) -> str:
    with using(client):
        return tasks.get("P-1").id


async def aget(client: AsyncClient) -> str:
    with using(client):
        return (await tasks.get.asynchronous("P-1")).id


def test_each_client_has_a_pool_of_its_own(server: Loopback) -> None:
    server.answers(*[Reply.of(ISSUE)] * 5)
    with client_of(server) as one, client_of(server) as other:
        assert [get(one), get(other), get(one)] == ["P-1"] * 3
        assert server.accepted == 2
        other.close()
        assert get(one) == "P-1"
    assert server.accepted == 2


def test_each_async_client_has_a_pool_of_its_own(server: Loopback) -> None:
    server.answers(*[Reply.of(ISSUE)] * 5)

    async def run() -> None:
        async with async_client_of(server) as one, async_client_of(server) as other:
            assert [await aget(one), await aget(other), await aget(one)] == ["P-1"] * 3
            assert server.accepted == 2
            await other.aclose()
            assert await aget(one) == "P-1"

    asyncio.run(run())
    assert server.accepted == 2


def test_a_closed_client_sends_nothing(server: Loopback) -> None:
    client = client_of(server)
    with client:
        pass
    assert client.is_closed
    with pytest.raises(RuntimeError, match="was closed"):
        get(client)
    with pytest.raises(RuntimeError, match="cannot be opened again"), client:
        pass
    client.close()
    assert server.seen == []


def test_a_closed_async_client_sends_nothing(server: Loopback) -> None:
    async def run() -> None:
        client = async_client_of(server)
        async with client:
            pass
        with pytest.raises(RuntimeError, match="was closed"):
            await aget(client)
        with pytest.raises(RuntimeError, match="cannot be opened again"):
            async with client:
                pass
        await client.aclose()

    asyncio.run(run())
    assert server.seen == []


@pytest.mark.parametrize("copied", [lambda client: client.with_policy(PolicyEnforcer(Engine())), copy.copy], ids=["with_policy", "copy"])
def test_a_copy_shares_the_pool_and_does_not_close_it(server: Loopback, copied: Any) -> None:
    server.answers(*[Reply.of(ISSUE)] * 3)
    client = client_of(server)
    made = copied(client)
    assert [get(client), get(made)] == ["P-1"] * 2
    made.close()
    assert get(client) == "P-1"
    assert server.accepted == 1


def test_a_transport_that_was_passed_stays_open(server: Loopback) -> None:
    server.answers(*[Reply.of(ISSUE)] * 2)
    with httpx2.Client() as http:
        for _ in range(2):
            with client_of(server, http) as client:
                assert get(client) == "P-1"
        assert not http.is_closed
    assert server.accepted == 1


def test_a_client_opens_its_connections_in_each_event_loop(server: Loopback) -> None:
    server.answers(*[Reply.of(ISSUE)] * 2)
    client = async_client_of(server)
    assert [asyncio.run(aget(client)) for _ in range(2)] == ["P-1"] * 2


# ------------------------------------------------------------------------------------------------ using
def test_with_a_client_does_not_make_it_ambient() -> None:
    with Client():
        assert current.client() is current.default()


def test_using_makes_a_client_ambient_and_does_not_close_it(server: Loopback) -> None:
    server.answers(*[Reply.of(ISSUE)] * 2)
    with client_of(server) as outer, Client() as inner:
        with using(outer) as found:
            assert found is outer
            with using(inner):
                assert current.client() is inner
            assert current.client() is outer
        assert current.client() is current.default()
        assert [get(outer), get(outer)] == ["P-1"] * 2


def test_using_is_for_one_task() -> None:
    async def run() -> list[bool]:
        async def one() -> bool:
            async with AsyncClient() as client, using(client):
                await asyncio.sleep(0.01)
                return current.async_client() is client

        return await asyncio.gather(*(one() for _ in range(3)))

    assert asyncio.run(run()) == [True] * 3


def test_using_wants_a_client() -> None:
    with pytest.raises(TypeError, match="accepts a Client or an AsyncClient, not Client"):
        using(httpx2.Client())  # type: ignore[type-var]


def test_a_closed_default_client_is_replaced(server: Loopback) -> None:
    unified_runtime.connect(VENDOR, basic("me", "x"), server=server.url)
    try:
        current.default().close()
        server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
        assert tasks.get("P-1").id == "P-1"

        async def twice() -> None:
            await current.default_async().aclose()
            assert (await tasks.get.asynchronous("P-1")).id == "P-1"
            await current.default_async().aclose()

        asyncio.run(twice())
    finally:
        unified_runtime.disconnect("acme")
        current.default().close()
