"""An invented vendor: shops with orders, envelopes, filters, pages by token, and an RPC operation."""

from __future__ import annotations

import json
from typing import Any

from unified_emulation.engine.responses import Response
from unified_emulation.engine.routes import Request
from unified_emulation.engine.server import Emulator
from unified_openapi.documents import parse_document

ORDER = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "title": {"type": "string"},
        "state": {"type": "string", "enum": ["open", "paid"]},
        "shop": {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}},
        "labels": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
        "updated_at": {"type": "string", "format": "date-time"},
        "closed": {"type": "boolean"},
    },
    "required": ["id", "state"],
}
SHOP = {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}, "required": ["id"]}
BODY = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 20},
        "state": {"type": "string", "enum": ["open", "paid"]},
        "shop_id": {"type": "string"},
        "labels": {"type": "array", "items": {"type": "string"}},
        "note": {"type": "string", "nullable": True},
    },
}


def _json(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _operation(name: str, response: Any = None, body: Any = None, parameters: tuple[str, ...] = ()) -> dict[str, Any]:
    types = {"limit": {"type": "integer"}, "updated_since": {"type": "string", "format": "date-time"}}
    found: dict[str, Any] = {"operationId": name, "responses": {"200": {"description": "", **(_json(response) if response else {})}}}
    if body is not None:
        found["requestBody"] = _json(body)
    found["parameters"] = [{"name": each, "in": "query", "schema": types.get(each, {"type": "string"})} for each in parameters]
    return found


def _listed(items: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{items}"}
    properties = {"data": {"type": "array", "items": reference}, "next_cursor": {"type": "string", "nullable": True}}
    return {"type": "object", "properties": properties}


def _one(name: str) -> dict[str, Any]:
    return {"type": "object", "properties": {"data": {"$ref": f"#/components/schemas/{name}"}}}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Shops", "version": "1"},
    "servers": [{"url": "https://shops.example/api"}],
    "paths": {
        "/shops": {"get": _operation("listShops", _listed("Shop"), parameters=("limit", "cursor"))},
        "/shops/{shop_id}": {"get": _operation("getShop", _one("Shop"))},
        "/shops/{shop_id}/orders": {"get": _operation("listShopOrders", _listed("Order"))},
        "/orders": {
            "get": _operation("listOrders", _listed("Order"), parameters=("limit", "cursor", "state", "shop", "updated_since", "q")),
            "post": _operation("createOrder", _one("Order"), BODY),
        },
        "/orders/{id}": {
            "get": _operation("getOrder", _one("Order")),
            "patch": _operation("updateOrder", _one("Order"), BODY),
            "delete": _operation("deleteOrder"),
        },
        "/orders/{id}/ship": {"post": _operation("shipOrder", {"type": "object"})},
    },
    "components": {"schemas": {"Order": ORDER, "Shop": SHOP}},
}


class Shop:
    """The emulator of the invented vendor, with requests in short form."""

    def __init__(self, document: Any = DOCUMENT) -> None:
        self.emulator = Emulator(parse_document(json.dumps(document), "shops.json"))

    def __call__(self, method: str, path: str, query: str = "", body: Any = None) -> Response:
        data = None if body is None else json.dumps(body).encode()
        return self.emulator.respond(Request(method, path, query, {}, data), f"https://shops.example/api{path}?{query}")

    def get(self, path: str, query: str = "") -> Any:
        """Return the body of a successful response."""
        response = self("GET", path, query)
        assert response.status == 200, response.body
        return response.body
