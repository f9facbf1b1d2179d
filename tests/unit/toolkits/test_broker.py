"""Toolkits through a broker: the tools that a key has, calls, lists and requests by path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.brokers import serving
from tests.unit.toolkits.conftest import Server
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.tools import tools
from unified_runtime import AsyncClient, Client, Denied, PolicyEnforcer, bearer
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.rate_limits.rate_limiter import Unlimited

WORDS = ("shop.api.read", "shop.api.createOrder", "shop.request.read")


class Later:
    """The async form of the server that records requests."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def asend(self, request: HTTPRequest) -> Any:
        return self._server.send(request)

    async def aclose(self) -> None:
        """Do nothing."""


@pytest.fixture
def agent(tmp_path: Path, server: Server, shop: None) -> Iterator[Client]:
    """Return a client of a broker that is connected to the shop."""
    behind = AsyncClient(Later(server))
    behind.connect("shop", bearer("T0ken-of-the-shop"), shop="acme")
    keys = KeyStore(open_store(tmp_path / "control.db"))
    key = keys.create(Scope("helper", ("*",), ("*",), WORDS), lifetime=None)[1].reveal()
    broker = Broker(Calls(behind, PolicyEnforcer(KeyScopePolicy()), Unlimited()), Identity(keys))
    with serving(broker) as url, Client(broker=url, key=key) as client:
        yield client


def test_the_tools_are_those_of_the_key(agent: Client) -> None:
    reads = {"shop_get_order", "shop_list_orders", "shop_search_orders", "shop_list_events", "shop_list_watchers"}
    assert set(tools(client=agent).names) == reads | {"shop_create_order"}
    assert set(tools(client=agent, toolsets=["shop.api.write"]).names) == {"shop_create_order"}


def test_calls_return_data_with_attributes_and_lists_continue(agent: Client, server: Server) -> None:
    server.respond = lambda request: {"id": "o1", "title": "Tea"}
    assert agent.api("shop").orders.create_order(title="Tea").id == "o1"
    assert server.requests[0].header("Authorization") is None, "the credential is applied when the request is written"
    with pytest.raises(Denied):
        agent.api("shop").orders.delete_order("o1")
    pages = {"1": [1, 2], "2": [3]}
    server.respond = lambda request: {
        "orders": [{"id": number} for number in pages[request.url.partition("page=")[2][:1] or "1"]],
        "total_pages": 2,
    }
    assert [order["id"] for order in agent.api("shop").orders.list_orders()] == [1, 2, 3]


def test_requests_by_path_are_resolved_at_the_broker(agent: Client, server: Server) -> None:
    server.respond = lambda request: {"rates": {"eur": 1}}
    assert agent.request("shop", "GET", "/rates", params={"on": "today"}).rates.eur == 1
    assert server.requests[-1].url.endswith("/rates?on=today")
    agent.request("shop", "GET", "/orders/o1")
    for method, path in (("POST", "/rates"), ("DELETE", "/orders/o1"), ("DELETE", "/rates")):
        with pytest.raises(Denied):
            agent.request("shop", method, path)
