"""Emulators of toolkits that the user added: the steps of docs/how-to/toolkits.md, without an account."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from unified_emulation.serving.documents import vendors
from unified_emulation.serving.local import LocalEmulator
from unified_runtime import Client, InvalidInput, NotFound
from unified_runtime.toolkits import adding


def test_a_toolkit_that_was_added_is_emulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIFIED_TOOLKITS", str(tmp_path))
    with pytest.raises(InvalidInput, match="there is no vendor 'shop'"):
        LocalEmulator(["shop"])
    order = {
        "type": "object",
        "required": ["title"],
        "properties": {"id": {"type": "string", "readOnly": True}, "title": {"type": "string"}},
    }
    content = {"content": {"application/json": {"schema": order}}}
    path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://api.example.com/v1"}],
        "paths": {
            "/orders": {
                "post": {"operationId": "createOrder", "requestBody": content, "responses": {"201": {"description": "", **content}}},
            },
            "/orders/{id}": {
                "parameters": [path],
                "get": {"operationId": "getOrder", "responses": {"200": {"description": "", **content}}},
                "delete": {"operationId": "deleteOrder", "responses": {"204": {"description": ""}}},
            },
        },
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }
    adding.add("shop", json.dumps(document).encode(), "shop.json")
    assert {"shop", "jira"} <= {*vendors()}
    with Client(emulated=LocalEmulator(["shop"])) as client:
        orders = client.api("shop").orders
        made = orders.create_order(title="Tea")
        assert orders.get_order(made.id).title == "Tea"
        orders.delete_order(made.id)
        with pytest.raises(NotFound):
            orders.get_order(made.id)
