"""Calls of operations without a mapping: arguments, requests, responses, pages, retries and policies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

import unified
from tests.unit.toolkits.conftest import DOCUMENT, Server, response
from unified_runtime import AsyncClient, Client, Denied, InvalidInput, NotFound, Settings, Unconfirmed, bearer, using
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, deny
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.toolkits import adding


def test_a_record_is_returned_as_data_with_attributes(client: Client, server: Server) -> None:
    server.respond = lambda request: {"id": "o1", "buyer": {"name": "Ada"}, "lines": [{"sku": "A-1"}]}
    order = client.api("shop").orders.get_order("o1")
    assert server.requests[0].method == "GET"
    assert server.requests[0].url == "https://acme.example.com/api/v2/orders/o1"
    assert (order.buyer.name, order.lines[0].sku, order["id"]) == ("Ada", "A-1", "o1")
    assert json.loads(json.dumps(order)) == order
    with pytest.raises(AttributeError, match="did you mean 'buyer'"):
        _ = order.buyers


def test_an_operation_is_called_by_its_name_in_the_document(client: Client, server: Server) -> None:
    client.api("shop").call("getOrder", orderId="o 1")
    client.api("shop").call("GET /orders/{orderId}", order_id="o2")
    client.api("shop").call("orders.get", order_id="o3")
    assert [request.url.rpartition("/")[2] for request in server.requests] == ["o%201", "o2", "o3"]


def test_a_body_is_written_from_its_properties_or_given_as_a_whole(client: Client, server: Server) -> None:
    orders = client.api("shop").orders
    orders.create_order(title="Tea", lines=[{"sku": "A-1", "count": 2}])
    orders.create_order(body={"title": "Tea"})
    orders.add_watcher("o1", body="ada")
    assert [json.loads(request.body or b"") for request in server.requests] == [
        {"title": "Tea", "lines": [{"sku": "A-1", "count": 2}]},
        {"title": "Tea"},
        "ada",
    ]


def test_all_problems_are_reported_and_nothing_is_sent(client: Client, server: Server) -> None:
    orders = client.api("shop").orders
    with pytest.raises(InvalidInput) as raised:
        orders.create_order(state="lost", lines=[{"sku": 3, "cuont": 1}])
    assert raised.value.fields == {
        "title": "is required",
        "state": "must be one of open, paid, not 'lost'",
        "lines[0].sku": "must be string, not int",
        "lines[0].cuont": "is not declared; did you mean count?",
    }
    with pytest.raises(InvalidInput, match="ttile is not an argument; did you mean 'title'"):
        orders.create_order(ttile="Tea")
    with pytest.raises(InvalidInput, match="title has 11 characters; at most 10 are allowed"):
        orders.create_order(title="x" * 11)
    with pytest.raises(InvalidInput, match="did you mean 'getOrder'"):
        client.api("shop").call("getOrders")
    with pytest.raises(AttributeError, match="did you mean 'get_order'"):
        _ = orders.get_ordre
    assert server.requests == []


def test_texts_and_numbers_are_converted_without_loss(client: Client, server: Server) -> None:
    orders = client.api("shop").orders
    list(orders.list_orders(page="2", state="open"))
    orders.get_order(17)
    assert "page=2" in server.requests[0].url
    assert server.requests[1].url.endswith("/orders/17")


@pytest.mark.parametrize("value", ["../admin", "..", "", "a\x00b"])
def test_a_path_value_cannot_leave_its_segment(client: Client, server: Server, value: str) -> None:
    with pytest.raises(InvalidInput):
        client.api("shop").orders.get_order(value)
    assert server.requests == []


def test_the_parameter_of_a_credential_is_not_an_argument(client: Client, server: Server) -> None:
    assert "access_token" not in client.api("shop").orders.list_events.table.arguments
    with pytest.raises(InvalidInput, match="access_token is not an argument"):
        client.api("shop").orders.list_events("o1", access_token="stolen")


def _numbered(request: HTTPRequest) -> Any:
    page = int(dict(pair.split("=") for pair in request.url.partition("?")[2].split("&") if pair).get("page", "1"))
    return {"orders": [{"id": f"o{page}"}], "total_pages": 3}


def _marked(request: HTTPRequest) -> Any:
    cursor = json.loads(request.body or b"{}").get("cursor")
    return {"data": [{"id": cursor or "first"}], "meta": {"next_cursor": {None: "b", "b": "c"}.get(cursor)}}


def _offset(request: HTTPRequest) -> Any:
    start = int(request.url.partition("offset=")[2] or 0)
    return {"items": [{"id": start}, {"id": start + 1}], "total": 6}


def _linked(request: HTTPRequest) -> Any:
    if "after" in request.url:
        return [{"id": "w2"}]
    return response([{"id": "w1"}], Link='<https://acme.example.com/api/v2/orders/o1/watchers?after=w1>; rel="next"')


def test_a_list_iterates_over_its_pages(client: Client, server: Server) -> None:
    orders = client.api("shop").orders
    server.respond = _numbered
    assert [order.id for order in orders.list_orders(limit=1)] == ["o1", "o2", "o3"]
    assert [request.url.partition("?")[2] for request in server.requests] == ["limit=1", "limit=1&page=2", "limit=1&page=3"]
    server.respond = _marked
    assert [order.id for order in orders.search_orders(text="tea")] == ["first", "b", "c"]
    server.respond = _offset
    assert [event.id for event in orders.list_events("o1")] == [0, 1, 2, 3, 4, 5]
    server.respond = _linked
    assert [watcher.id for watcher in orders.list_watchers("o1")] == ["w1", "w2"]


def test_a_list_of_links_ends_without_a_link(client: Client, server: Server) -> None:
    """The operation also declares a parameter for a page's number, which must not be counted from the first page again."""

    def respond(request: HTTPRequest) -> Any:
        if "page=2" in request.url:
            return {"orders": [{"id": "o2"}]}
        return response({"orders": [{"id": "o1"}]}, Link='<https://acme.example.com/api/v2/orders?page=2>; rel="next"')

    server.respond = respond
    assert [order.id for order in client.api("shop").orders.list_orders()] == ["o1", "o2"]
    assert len(server.requests) == 2


def test_a_list_ends_if_the_server_ignores_the_number_of_the_page(client: Client, server: Server) -> None:
    server.respond = lambda request: {"items": [{"id": "o1"}, {"id": "o2"}]}
    assert [order.id for order in client.api("shop").orders.list_orders()] == ["o1", "o2"]
    assert [event.id for event in client.api("shop").orders.list_events("o1")] == ["o1", "o2"]
    assert len(server.requests) == 4


def test_a_list_continues_at_a_cursor(client: Client, server: Server) -> None:
    server.respond = _numbered
    page = next(iter(client.api("shop").orders.list_orders().pages()))
    assert [order.id for order in client.api("shop").orders.list_orders(cursor=page.cursor)] == ["o2", "o3"]
    with pytest.raises(InvalidInput):
        list(client.api("shop").orders.list_orders(cursor="page:2"))


def test_the_next_page_is_not_requested_from_another_server(client: Client, server: Server) -> None:
    server.respond = lambda request: response([{"id": "w1"}], Link='<https://evil.example.net/orders>; rel="next"')
    with pytest.raises(unified.VendorProtocolError, match="another server"):
        list(client.api("shop").orders.list_watchers("o1"))
    assert len(server.requests) == 1


def test_a_read_is_repeated_and_a_write_is_not(server: Server) -> None:
    client = Client(server, settings=Settings(attempts=3, backoff=0.001))
    client.connect("shop", bearer("T0ken-of-the-shop"), shop="acme")
    responses = [response({}, 503), response({}, 503), response({"id": "o1"})]
    server.respond = lambda request: responses.pop(0)
    assert client.api("shop").orders.get_order("o1").id == "o1"
    assert len(server.requests) == 3
    server.respond = lambda request: response({}, 502)
    with pytest.raises(Unconfirmed):
        client.api("shop").orders.create_order(title="Tea")
    assert len(server.requests) == 4


def test_errors_are_those_of_unified_operations(client: Client, server: Server) -> None:
    server.respond = lambda request: response({"error": {"message": "no such order"}}, 404)
    with pytest.raises(NotFound, match="no such order") as raised:
        client.api("shop").orders.get_order("o1")
    assert (raised.value.vendor, raised.value.operation) == ("shop", "shop.getOrder")


class ReadsOnly:
    """Policy engine that allows what reads, and records what it decides on."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str, object]] = []

    def decide(self, requests: Sequence[PolicyRequest]) -> list[Decision]:
        for request in requests:
            first = next(iter(request.input.values()), None)
            self.seen.append((f"{request.resource}.{request.operation}", request.effect, request.vendor, first))
        return [allow() if request.effect == "read" else deny("only reads are allowed") for request in requests]


def test_a_policy_decides_by_operation_effect_and_arguments(client: Client, server: Server) -> None:
    engine = ReadsOnly()
    governed = client.with_policy(PolicyEnforcer(engine))
    governed.api("shop").orders.get_order("o1")
    with pytest.raises(Denied, match="only reads are allowed"):
        governed.api("shop").orders.create_order(title="Tea")
    assert len(server.requests) == 1
    assert ("shop.getOrder", "read", "shop", "o1") in engine.seen
    assert ("shop.createOrder", "write", "shop", "Tea") in engine.seen


def test_plan_shows_the_request(client: Client, server: Server) -> None:
    plan = client.api("shop").orders.create_order.plan(title="Tea")
    assert [(one.method, one.url) for one in plan.requests] == [("POST", "https://acme.example.com/api/v2/orders")]
    assert server.requests == []


def test_the_module_api_uses_the_current_client(client: Client, server: Server) -> None:
    from unified import api

    server.respond = lambda request: {"id": "o1"}
    with using(client):
        assert api.shop.orders.get_order("o1").id == "o1"
    assert "shop" in dir(api)
    with pytest.raises(AttributeError, match="there is no toolkit 'shpo'; did you mean 'shop'"):
        _ = api.shpo


def test_async_calls(server: Server) -> None:
    class Transport:
        async def asend(self, request: HTTPRequest) -> Any:
            return server.send(request)

        async def aclose(self) -> None:
            """Do nothing."""

    async def calls() -> None:
        client = AsyncClient(Transport())
        client.connect("shop", bearer("T0ken-of-the-shop"), shop="acme")
        server.respond = _numbered
        assert [order.id async for order in client.api("shop").orders.list_orders()] == ["o1", "o2", "o3"]
        server.respond = lambda request: {"id": "o1"}
        order = await client.api("shop").orders.get_order("o1")
        assert order.id == "o1"

    asyncio.run(calls())


def test_pages_by_address_at_a_further_host(server: Server) -> None:
    """An operation of another server than the document's first one follows addresses of that server only."""
    changed = json.loads(json.dumps(DOCUMENT))
    changed["paths"]["/orders/{orderId}/watchers"]["servers"] = [{"url": "https://watchers.example.com/v3"}]
    adding.add("hosts", json.dumps(changed).encode(), "hosts.json")
    client = Client(server)
    client.connect("hosts", bearer("T0ken"), shop="acme")
    following = '<https://watchers.example.com/v3/orders/o1/watchers?page=2>; rel="next"'

    def respond(request: HTTPRequest) -> Any:
        return response([{"id": 1}], Link=following) if "page=2" not in request.url else response([{"id": 2}])

    server.respond = respond
    assert [one.id for one in client.api("hosts").orders.list_watchers("o1")] == [1, 2]
    assert [request.url for request in server.requests] == [
        "https://watchers.example.com/v3/orders/o1/watchers",
        "https://watchers.example.com/v3/orders/o1/watchers?page=2",
    ]
    following = '<https://acme.example.com/api/v2/orders/o1/watchers?page=2>; rel="next"'
    with pytest.raises(VendorProtocolError, match="another server"):
        list(client.api("hosts").orders.list_watchers("o1"))


def test_a_required_property_that_repeats_a_parameter_of_the_path_has_its_value(server: Server) -> None:
    changed = json.loads(json.dumps(DOCUMENT))
    both = {"type": "object", "required": ["orderId", "text"], "properties": {"orderId": {"type": "string"}, "text": {"type": "string"}}}
    body = {"required": True, "content": {"application/json": {"schema": both}}}
    changed["paths"]["/orders/{orderId}"]["patch"] = {
        "operationId": "noteOrder",
        "requestBody": body,
        "responses": {"204": {"description": ""}},
    }
    adding.add("notes", json.dumps(changed).encode(), "notes.json")
    client = Client(server)
    client.connect("notes", bearer("T0ken"), shop="acme")
    client.api("notes").call("noteOrder", orderId="o1", text="Tea")
    client.api("notes").call("noteOrder", orderId="o1", order_id_in_body="o2", text="Tea")
    sent = [json.loads(request.body) for request in server.requests]
    assert sent == [{"orderId": "o1", "text": "Tea"}, {"orderId": "o2", "text": "Tea"}]


def test_limit_and_cursor_that_the_document_requires_are_arguments(server: Server) -> None:
    changed = json.loads(json.dumps(DOCUMENT))
    properties = {"limit": {"type": "integer"}, "cursor": {"type": "string"}}
    body = {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object", "required": [*properties], "properties": properties}}},
    }
    changed["paths"]["/orders/search"]["post"]["requestBody"] = body
    adding.add("pages", json.dumps(changed).encode(), "pages.json")
    client = Client(server)
    client.connect("pages", bearer("T0ken"), shop="acme")
    with pytest.raises(InvalidInput, match="2 problems"):
        client.api("pages").call("searchOrders")
    server.respond = lambda request: {"orders": [{"id": "o1"}], "next_cursor": "c2"} if b"c1" in request.body else {"orders": []}
    assert [one.id for one in client.api("pages").call("searchOrders", limit=5, cursor="c1")] == ["o1"]
    assert [json.loads(request.body) for request in server.requests] == [{"limit": 5, "cursor": "c1"}, {"limit": 5, "cursor": "c2"}]


def test_a_document_without_a_server_is_connected_at_one(server: Server) -> None:
    changed = {key: value for key, value in DOCUMENT.items() if key != "servers"}
    adding.add("nowhere", json.dumps(changed).encode(), "nowhere.json")
    client = Client(server)
    client.connect("nowhere", bearer("T0ken"), server="https://shop.example.com/api")
    client.api("nowhere").orders.get_order("o1")
    assert server.requests[0].url == "https://shop.example.com/api/orders/o1"
    with pytest.raises(InvalidInput, match="needs server"):
        Client(server).connect("nowhere", bearer("T0ken"))
