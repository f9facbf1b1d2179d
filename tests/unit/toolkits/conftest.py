"""A toolkit of an invented shop, in a registry of its own, and a server that records the requests it gets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unified_runtime import Client, bearer
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.toolkits import adding

ORDER = {
    "type": "object",
    "required": ["title"],
    "properties": {
        "id": {"type": "string", "readOnly": True},
        "title": {"type": "string", "maxLength": 10},
        "state": {"type": "string", "enum": ["open", "paid"]},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}}}},
    },
}
NUMBER = {"type": "integer", "minimum": 1}


def _parameters(**found: Any) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": schema} for name, schema in found.items()]


def _json(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


ID = {"name": "orderId", "in": "path", "required": True, "schema": {"type": "string"}}
OK = {"200": {"description": "", "content": {"application/json": {"schema": {}}}}}
BODY = {"required": True, **_json({"$ref": "#/components/schemas/Order"})}
EVENTS = _parameters(offset={"type": "integer"}, access_token={"type": "string"})
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://{shop}.example.com/api/v2", "variables": {"shop": {"default": "acme"}}}],
    "security": [{"oauth": ["orders"]}],
    "paths": {
        "/orders": {
            "get": {
                "operationId": "listOrders",
                "parameters": _parameters(state=ORDER["properties"]["state"], page=NUMBER, limit=NUMBER),  # type: ignore[index]
                "responses": OK,
            },
            "post": {
                "operationId": "createOrder",
                "requestBody": {"required": True, **_json({"$ref": "#/components/schemas/Order"})},
                "responses": OK,
            },
        },
        "/orders/{orderId}": {
            "parameters": [ID],
            "get": {"operationId": "getOrder", "responses": OK},
            "delete": {"operationId": "deleteOrder", "responses": {"204": {"description": ""}}},
        },
        "/orders/search": {
            "post": {
                "operationId": "searchOrders",
                "requestBody": _json({"type": "object", "properties": {"text": {"type": "string"}, "cursor": {"type": "string"}}}),
                "responses": OK,
            }
        },
        "/orders/{orderId}/events": {
            "parameters": [ID],
            "get": {
                "operationId": "listEvents",
                "parameters": EVENTS,
                "responses": OK,
            },
        },
        "/orders/{orderId}/watchers": {
            "parameters": [ID],
            "post": {"operationId": "addWatcher", "requestBody": _json({"type": "string"}), "responses": {"204": {"description": ""}}},
            "get": {
                "operationId": "listWatchers",
                "responses": {"200": {"description": "", "headers": {"Link": {"schema": {"type": "string"}}}, **_json({})}},
            },
        },
    },
    "components": {
        "schemas": {"Order": ORDER},
        "securitySchemes": {
            "oauth": {"type": "oauth2", "flows": {}},
            "token": {"type": "apiKey", "in": "query", "name": "access_token"},
        },
    },
}


class Server:
    """Transport that responds by a function, and records them."""

    def __init__(self) -> None:
        self.requests: list[HTTPRequest] = []
        self.respond: Callable[[HTTPRequest], Any] = lambda request: {}

    def send(self, request: HTTPRequest) -> Response:
        self.requests.append(request)
        found = self.respond(request)
        if isinstance(found, Response):
            return found
        return response(found)

    def close(self) -> None:
        """Do nothing: no connection is open."""


def response(body: Any, status: int = 200, url: str = "https://acme.example.com/", **headers: str) -> Response:
    """Return a response with a body of JSON."""
    pairs = [(b"content-type", b"application/json"), *((name.encode(), value.encode()) for name, value in headers.items())]
    return Response(status, pairs, b"" if body is None else json.dumps(body).encode(), url)


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the toolkit `shop`."""
    monkeypatch.setenv("UNIFIED_TOOLKITS", str(tmp_path / "toolkits"))
    adding.add("shop", json.dumps(DOCUMENT).encode(), "shop.json")


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def client(server: Server) -> Client:
    """Return a client that is connected to the shop."""
    made = Client(server)
    made.connect("shop", bearer("T0ken-of-the-shop"), shop="acme")
    return made
