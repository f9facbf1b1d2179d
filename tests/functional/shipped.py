"""Calls of shipped adapters with responses from a list, as the vendors document them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.functional.compiled import Ran, Scripted
from unified_runtime import Client, api_key, bearer, using

CONNECTIONS: dict[str, dict[str, str]] = {
    "discord": {"guild_id": "1100000000000000001"},
    "hubspot": {"portal_id": "62515"},
    "matrix": {"url": "https://matrix.test"},
    "microsoft-graph": {"principal": "ada@example.com"},
    "pipedrive": {"company": "acme"},
    "salesforce": {"instance_url": "https://acme.my.salesforce.com"},
    "slack": {"workspace": "acme"},
}
KEYS: dict[str, Any] = {"discord": api_key(token="secret"), "pipedrive": api_key("secret")}


def shipped(
    operation: Callable[..., Any],
    *arguments: Any,
    via: str,
    responses: list[Any],
    connection: Mapping[str, str] | None = None,
    **inputs: Any,
) -> Ran:
    """Call an operation, such as `unified.tasks.get`, at a vendor that returns these responses in turn; each must be requested."""
    transport = Scripted(list(responses))
    client = Client(transport)
    client.connect(via, KEYS.get(via, bearer("secret")), **{**CONNECTIONS.get(via, {}), **(connection or {})})
    with using(client):
        value = operation(*arguments, via=via, **inputs)
        if hasattr(value, "pages"):
            value = list(value)
    assert not transport.responses, f"not requested: {transport.responses}"
    return Ran(value, transport.requests)
