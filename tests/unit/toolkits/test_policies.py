"""Operations of toolkits called under Cedar, Rego and an OPA server: directly, as tools and as steps of sagas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import opa
from tests.unit.toolkits.conftest import Server, response
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.opa import OPA
from unified_platform.policy.rego import RegoPolicies
from unified_platform.sagas import Saga, SagaFailed, Sagas
from unified_platform.tools import tools
from unified_runtime import Client, Denied, PolicyEnforcer, acting
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.policy_decisions import PolicyEngine

CEDAR = """
@id("read") permit (principal, action in Action::"shop.api", resource) when { action in Action::"api.read" };
@id("order") permit (principal == Agent::"helper", action == Action::"shop.createOrder", resource)
when { context.input has title && context.input.title like "T*" };
@id("undo") permit (principal == Agent::"helper", action == Action::"shop.deleteOrder", resource);
"""
RULES = """package unified.policy
import rego.v1
allow if { input.vendor == "shop"; input.effect == "read" }
allow if { input.agent == "helper"; input.resource == "shop"; input.operation == "createOrder"; startswith(input.input.title, "T") }
allow if { input.agent == "helper"; input.resource == "shop"; input.operation == "deleteOrder" }
"""
REGO = f"{RULES}on_record := input.resource != input.vendor\n"


@pytest.fixture(scope="module")
def server_of_opa() -> Iterator[opa.Server]:
    if (reason := opa.missing()) is not None:
        pytest.skip(reason)
    with opa.running() as server:
        yield server


@pytest.fixture(params=["cedar", "rego", "opa"])
def engine(request: pytest.FixtureRequest) -> PolicyEngine:
    if request.param == "cedar":
        return CedarPolicies({"p.cedar": CEDAR})
    if request.param == "rego":
        return RegoPolicies({"p.rego": REGO})
    server: opa.Server = request.getfixturevalue("server_of_opa")
    server.load({"p.rego": REGO})
    return OPA(server.url)


def _shop(request: HTTPRequest) -> Any:
    if request.url.endswith("/watchers"):
        return response({"message": "no such person"}, 422)
    if request.method == "GET" and request.url.partition("?")[0].endswith("/orders"):
        return [{"id": "o1", "title": "Tea"}]
    return {"id": "o1", "title": "Tea"} if request.method in ("GET", "POST") else {}


def test_calls_are_decided_on_before_they_are_sent(client: Client, server: Server, engine: PolicyEngine) -> None:
    server.respond = _shop
    orders = client.with_policy(PolicyEnforcer(engine)).api("shop").orders
    with acting(agent="helper"):
        assert orders.get_order("o1").title == "Tea"
        assert [order.id for order in next(iter(orders.list_orders().pages())).items] == ["o1"]
        assert orders.create_order(title="Tea").id == "o1"
        with pytest.raises(Denied):
            orders.create_order(title="Coffee")
        with pytest.raises(Denied):
            orders.add_watcher("o1", body="ada")
    with acting(agent="other"), pytest.raises(Denied):
        orders.create_order(title="Tea")
    assert [request.method for request in server.requests] == ["GET", "GET", "POST"]


def test_a_tool_reports_the_denial_to_the_model(client: Client, server: Server, engine: PolicyEngine) -> None:
    server.respond = _shop
    box = tools(agent="helper", toolsets=["shop.api"], client=client.with_policy(PolicyEnforcer(engine)))
    assert box.call("shop_create_order", {"title": "Tea"}).data["id"] == "o1"
    refused = box.call("shop_create_order", {"title": "Coffee"})
    assert (refused.failed, refused.error) == (True, "Denied")
    assert len(server.requests) == 1


def test_without_on_record_a_call_is_denied_and_the_rule_named(client: Client, server: Server) -> None:
    orders = client.with_policy(PolicyEnforcer(RegoPolicies({"p.rego": RULES}))).api("shop").orders
    calls: list[Callable[[], Any]] = [
        lambda: orders.get_order("o1"),
        lambda: list(orders.list_orders()),
        lambda: orders.create_order(title="Tea"),
        lambda: orders.create_order.plan(title="Tea"),
        lambda: orders.get_order.plan("o1"),
    ]
    with acting(agent="helper"):
        for call in calls:
            with pytest.raises(Denied, match=r"on_record := input\.resource != input\.vendor"):
                call()
    assert server.requests == []


def _run(tmp_path: Path, client: Client, body: Callable[[Saga], Any]) -> Any:
    sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=client)

    @sagas.saga("order")
    def order(s: Saga) -> Any:
        return body(s)

    with acting(agent="helper"), sagas:
        return order.start("s1").result()


def test_a_denied_step_undoes_the_saga(tmp_path: Path, client: Client, server: Server, engine: PolicyEngine) -> None:
    server.respond = _shop
    governed = client.with_policy(PolicyEnforcer(engine))
    orders = governed.api("shop").orders

    def body(s: Saga) -> None:
        made = s.run(orders.create_order, title="Tea", undo=lambda order: (orders.delete_order, {"order_id": order["id"]}))
        s.run(orders.add_watcher, made.id, body="ada", irreversible=True)

    with pytest.raises(SagaFailed) as failed:
        _run(tmp_path, governed, body)
    assert failed.value.undone == ("1 shop.createOrder on shop",)
    assert isinstance(failed.value.cause, Denied)
    assert [(one.method, one.url.rpartition("v2")[2]) for one in server.requests] == [("POST", "/orders"), ("DELETE", "/orders/o1")]


def test_an_irreversible_step_is_the_last(tmp_path: Path, client: Client, server: Server, engine: PolicyEngine) -> None:
    server.respond = lambda request: {"id": "o1", "title": "Tea"}
    governed = client.with_policy(PolicyEnforcer(engine))
    orders = governed.api("shop").orders

    def body(s: Saga) -> Any:
        s.run(orders.create_order, title="Tea", undo=lambda order: (orders.delete_order, {"order_id": order["id"]}))
        return s.run(orders.create_order, title="Toast", irreversible=True)["id"]

    assert _run(tmp_path, governed, body) == "o1"
    assert [one.method for one in server.requests] == ["POST", "POST"]
    calls = len(server.requests)

    def wrong(s: Saga) -> None:
        s.run(orders.create_order, title="Toast", irreversible=True)
        s.run(orders.create_order, title="Tea", undo=lambda order: (orders.delete_order, {"order_id": order["id"]}))

    with pytest.raises(SagaFailed):
        _run(tmp_path / "wrong", governed, wrong)
    assert len(server.requests) == calls + 1, "nothing is written after a step that cannot be undone"
