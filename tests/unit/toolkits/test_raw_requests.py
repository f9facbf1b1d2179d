"""Requests by method and path: to the vendor's own server, named for policies, and as the document's operation if it has the path."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.unit.toolkits.conftest import Server, response
from unified_platform.catalog import capabilities
from unified_platform.catalog.operations import find_operation
from unified_platform.catalog.toolsets import parse_toolset
from unified_runtime import AsyncClient, Client, Denied, InvalidInput, NotFound, Settings, Unconfirmed, bearer
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, deny
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.toolkits import registry

TOKEN = "T0ken-of-the-shop"


class Rules:
    """Policy engine that denies operations by name, and records the questions."""

    def __init__(self, *denied: str) -> None:
        self.denied = denied
        self.questions: list[PolicyRequest] = []

    def decide(self, requests: Sequence[PolicyRequest]) -> list[Decision]:
        self.questions += requests
        return [deny("not here") if request.name in self.denied else allow() for request in requests]


def test_a_path_without_a_document_is_sent_to_the_vendors_server(client: Client, server: Server) -> None:
    server.respond = lambda request: {"rates": [{"currency": "EUR"}]}
    found = client.request("shop", "GET", "/rates?on=today", params={"in": ["EUR", "USD"]}, headers={"X-Region": "eu"})
    (sent,) = server.requests
    assert (sent.method, sent.url) == ("GET", "https://acme.example.com/api/v2/rates?on=today&in=EUR&in=USD")
    assert sent.header("X-Region") == "eu"
    assert found.rates[0].currency == "EUR"


def test_bodies(client: Client, server: Server) -> None:
    client.request("shop", "POST", "/rates", json={"eur": 1.5})
    client.request("shop", "POST", "/rates", form={"eur": "1.5"})
    client.request("shop", "POST", "/rates", content=b"\x00", headers={"Content-Type": "image/png"})
    client.request("shop", "POST", "/rates", multipart={"note": "x", "file": b"abc"})
    bodies = [request.body for request in server.requests]
    assert [bodies[0], bodies[1], bodies[2]] == [b'{"eur":1.5}', b"eur=1.5", b"\x00"]
    assert b"abc" in bodies[3]
    assert [str(request.header("Content-Type")).partition(";")[0] for request in server.requests] == [
        "application/json", "application/x-www-form-urlencoded", "image/png", "multipart/form-data",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example.com/", "//evil.example.com/x", "rates", "/../admin", "/a/%2e%2e/admin", "/a/..;x/admin", "/a/%252e%252e/b",
        "/a\\b", "/a%0d%0ab", "/a#b", "/a/%zz", "/a//b", "", "/a/%5c..%5cb",
    ],
)  # fmt: skip
def test_a_path_cannot_leave_the_server(client: Client, server: Server, path: str) -> None:
    with pytest.raises(InvalidInput, match="path"):
        client.request("shop", "GET", path)
    assert server.requests == []


@pytest.mark.parametrize(
    "inputs",
    [
        {"headers": {"Authorization": "Bearer x"}},
        {"headers": {"host": "evil.example.com"}},
        {"headers": {"X-HTTP-Method-Override": "DELETE"}},
        {"headers": {"a b": "x"}},
        {"headers": {"X-A": "b\r\nc: d"}},
        {"params": {"access_token": "x"}},
        {"params": {"_method": "delete"}},
        {"form": {"_METHOD": "delete"}},
        {"json": {}, "form": {}},
        {"content": "text"},
        {"host": "nowhere"},
        {"params": ["a"]},
    ],
)
def test_a_request_cannot_become_another_one(client: Client, server: Server, inputs: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        client.request("shop", "POST", "/rates", **inputs)
    assert server.requests == []


def test_methods(client: Client, server: Server) -> None:
    with pytest.raises(InvalidInput, match="did you mean 'PATCH'"):
        client.request("shop", "PATHC", "/rates")
    with pytest.raises(InvalidInput, match="no vendor 'shpo'"):
        client.request("shpo", "GET", "/rates")
    effects = {method: find_operation(f"shop.{method}").effect for method in ("GET", "POST", "DELETE", "PURGE")}
    assert effects == {"GET": "read", "POST": "write", "DELETE": "destructive", "PURGE": "destructive"}
    assert server.requests == []


def test_a_body_with_a_property_of_that_name() -> None:
    """An issue of Gitea has a `body`, which is also the name of the argument for a complete body."""
    server = Server()
    server.respond = lambda request: {"number": 1}
    with Client(server) as client:
        client.connect("gitea", bearer("token"), url="https://git.example.com")
        client.request("gitea", "POST", "/repos/ada/web/issues", json={"title": "Login", "body": "It fails"})
        with pytest.raises(InvalidInput, match="labls is not a property of its body; did you mean 'labels'"):
            client.request("gitea", "POST", "/repos/ada/web/issues", json={"title": "Login", "labls": []})
    assert [json.loads(request.body or b"") for request in server.requests] == [{"title": "Login", "body": "It fails"}]


def test_a_path_of_the_document_is_the_documents_operation(client: Client, server: Server) -> None:
    server.respond = lambda request: {"orders": [{"id": "o1"}], "total_pages": 9}
    rules = Rules("shop.deleteOrder")
    governed = client.with_policy(PolicyEnforcer(rules))
    assert governed.request("shop", "GET", "/orders", params={"page": "2"}).total_pages == 9
    for path in ("/orders/o1", "/orders/o1/", "/ORDERS/o1", "/%6Frders/o1", "/orders;x=y/o1"):
        with pytest.raises(Denied):
            governed.request("shop", "DELETE", path)
    assert len(server.requests) == 1
    assert {question.name for question in rules.questions} == {"shop.listOrders", "shop.deleteOrder"}
    assert rules.questions[-1].input == {"order_id": "o1"}
    governed.request("shop", "POST", "/orders", json={"title": "Tea"})
    assert rules.questions[-1].name == "shop.createOrder"
    with pytest.raises(InvalidInput, match="title"):
        governed.request("shop", "POST", "/orders", json={"title": 1})
    with pytest.raises(InvalidInput, match="did you mean 'page'"):
        governed.request("shop", "GET", "/orders", params={"pgae": 2})
    with pytest.raises(InvalidInput, match=r"shop\.deleteOrder: call it by this name"):
        find_operation("shop.DELETE").bind({"path": "/orders/o1"})


def test_the_most_literal_path_is_the_operation() -> None:
    toolkit = registry.toolkit("shop")
    assert toolkit.match("POST", "/orders/search") == ("searchOrders", {})
    assert toolkit.match("GET", "/orders/a%20b/events") == ("listEvents", {"orderId": "a b"})
    assert toolkit.match("GET", "/orders/a/b/c") is None


def test_policies_and_errors_name_the_method(client: Client, server: Server) -> None:
    rules = Rules("shop.PUT")
    governed = client.with_policy(PolicyEnforcer(rules))
    with pytest.raises(Denied):
        governed.request("shop", "PUT", "/rates", json={})
    assert (rules.questions[0].effect, rules.questions[0].input["path"]) == ("write", "/rates")
    server.respond = lambda request: response({"message": "no such rate"}, 404)
    with pytest.raises(NotFound, match="no such rate") as raised:
        client.request("shop", "GET", "/rates/1")
    assert raised.value.operation == "shop.GET"
    assert TOKEN not in str(raised.value)


def test_retries_by_class(server: Server) -> None:
    client = Client(server, settings=Settings(backoff=0.001))
    client.connect("shop", bearer(TOKEN), shop="acme")
    responses = [response({}, 503), response({"ok": True})]
    server.respond = lambda request: responses.pop(0) if responses else response({}, 500)
    assert client.request("shop", "GET", "/rates").ok
    assert len(server.requests) == 2
    with pytest.raises(Unconfirmed):
        client.request("shop", "POST", "/rates", json={})
    assert len(server.requests) == 3


def test_toolsets_hold_requests_only_if_they_name_them() -> None:
    entries = capabilities.load()
    for words in (["jira"], ["jira.api"], ["*.api.read"], None):
        assert not parse_toolset(words, entries).holds("jira", "jira", "GET", "read")
    assert parse_toolset(["jira.request.read"], entries).holds("jira", "jira", "GET", "read")
    assert not parse_toolset(["jira.request.read"], entries).holds("jira", "jira", "POST", "write")
    assert parse_toolset(["*.request"], entries).holds("github", "github", "PURGE", "destructive")
    assert not parse_toolset(["jira.request"], entries).holds("jira", "jira", "getIssue", "read")
    for word in ("jria.request", "jira.request.issues"):
        with pytest.raises(InvalidInput):
            parse_toolset([word], entries)


def test_async_requests(server: Server) -> None:
    class Transport:
        async def asend(self, request: HTTPRequest) -> Any:
            return server.send(request)

        async def aclose(self) -> None:
            """Do nothing."""

    async def calls() -> Any:
        client = AsyncClient(Transport())
        client.connect("shop", bearer(TOKEN), shop="acme")
        server.respond = lambda request: {"sent": json.loads(request.body or b"null")}
        return await client.request("shop", "POST", "/rates", json={"eur": 1})

    assert asyncio.run(calls()).sent == {"eur": 1}
