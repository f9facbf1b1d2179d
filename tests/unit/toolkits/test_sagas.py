"""Steps of sagas that are operations of toolkits: undone by a declared compensation, else irreversible."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.toolkits.conftest import Server, response
from unified_platform.sagas import NOTHING, Saga, SagaFailed, Sagas
from unified_platform.sagas.planned_steps import call
from unified_platform.sagas.submitted_steps import find_write, planned_of, step_of
from unified_runtime import Client, InvalidInput
from unified_runtime.core.messages import HTTPRequest


def run(tmp_path: Path, client: Client, body: Callable[[Saga], Any]) -> Any:
    sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=client)

    @sagas.saga("one")
    def one(s: Saga) -> Any:
        return body(s)

    with sagas:
        return one.start("s1").result()


def _shop(request: HTTPRequest) -> Any:
    if request.url.endswith("/watchers"):
        return response({"message": "no such person"}, 422)
    return {"id": "o1", "title": "Tea"} if request.method == "POST" else {}


def test_a_declared_compensation_undoes_a_step(tmp_path: Path, client: Client, server: Server) -> None:
    server.respond = _shop
    orders = client.api("shop").orders

    def body(s: Saga) -> None:
        order = s.run(orders.create_order, title="Tea", undo=lambda order: (orders.delete_order, {"order_id": order["id"]}))
        assert order.id == "o1"
        s.run(orders.add_watcher, order.id, body="nobody", undo=NOTHING)

    with pytest.raises(SagaFailed) as failed:
        run(tmp_path, client, body)
    assert [(request.method, request.url.rpartition("v2")[2]) for request in server.requests] == [
        ("POST", "/orders"), ("POST", "/orders/o1/watchers"), ("DELETE", "/orders/o1"),
    ]  # fmt: skip
    assert failed.value.undone == ("1 shop.createOrder on shop",)


def test_a_step_without_a_compensation_is_irreversible(tmp_path: Path, client: Client, server: Server) -> None:
    server.respond = _shop
    orders = client.api("shop").orders
    with pytest.raises(SagaFailed, match=r"shop\.createOrder cannot be taken back"):
        run(tmp_path, client, lambda s: s.run(orders.create_order, title="Tea"))
    assert server.requests == []
    assert run(tmp_path / "other", client, lambda s: s.run(orders.create_order, title="Tea", irreversible=True)["id"]) == "o1"


def test_a_step_of_a_toolkit_is_stored_and_read(client: Client) -> None:
    orders = client.api("shop").orders
    made = call(orders.create_order, title="Tea", undo=lambda order: (orders.delete_order, {"order_id": order["id"]}))
    step = step_of(made, None)
    assert (step.operation, step.input["title"]) == ("shop.createOrder", "Tea")
    again = planned_of(step, lambda number: pytest.fail("no value is needed"), find_write)
    assert again.operation.name == "shop.createOrder"
    assert again.undo is not None
    undo = again.undo({"id": "o9"})
    assert undo is not None
    assert (undo[0].name, undo[1]) == ("shop.deleteOrder", {"order_id": "o9"})
    with pytest.raises(InvalidInput, match="no single value"):
        find_write("shop.listOrders")
