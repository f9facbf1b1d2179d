"""Calls of shipped adapters with responses from a list, as the vendors document them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from tests.functional.compiled import Ran, Scripted
from unified_runtime import Client, api_key, basic, bearer, using

CONNECTIONS: dict[str, dict[str, str]] = {
    "asana": {"workspace": "1"},
    "bitbucket": {"workspace_id": "acme"},
    "clickup": {"workspace": "1"},
    "discord": {"guild_id": "1100000000000000001"},
    "hubspot": {"portal_id": "62515"},
    "jira": {"site": "acme"},
    "linear": {"team": "11111111-1111-4111-8111-111111111111"},
    "matrix": {"url": "https://matrix.test"},
    "microsoft-graph": {"principal": "ada@example.com"},
    "pipedrive": {"company": "acme"},
    "salesforce": {"instance_url": "https://acme.my.salesforce.com"},
    "redmine": {"url": "https://redmine.test"},
    "roundup": {"url": "https://roundup.test", "username": "ada"},
    "slack": {"workspace": "acme"},
    "zendesk": {"subdomain": "acme"},
}
KEYS: dict[str, Any] = {
    "discord": api_key(token="secret"),
    "jira": basic("ada@example.com", "secret"),
    "pipedrive": api_key("secret"),
    "redmine": api_key("secret"),
    "roundup": basic("ada", "secret"),
    "trello": api_key(key="key", token="secret"),
}


class Requests:
    """Requests that were sent to a vendor, in turn."""

    def __init__(self, transport: Scripted) -> None:
        self.transport = transport

    @property
    def lines(self) -> list[str]:
        """Return the method and path of each request."""
        return [f"{request.method} {unquote_plus(urlsplit(request.url).path)}" for request in self.transport.requests]

    def query(self, index: int = -1) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.transport.requests[index].url).query))

    def body(self, index: int = -1) -> Any:
        return json.loads(self.transport.requests[index].body)


@contextmanager
def responding(vendor: str, *responses: Any, **values: str) -> Iterator[Requests]:
    """Inside the block, calls go to a vendor that has these responses: a body, `(status, body)`, or `(status, body, headers)`."""
    transport = Scripted(list(responses))
    client = Client(transport)
    client.connect(vendor, KEYS.get(vendor, bearer("secret")), **{**CONNECTIONS.get(vendor, {}), **values})
    with using(client):
        yield Requests(transport)


def shipped(
    operation: Callable[..., Any],
    *arguments: Any,
    via: str,
    responses: list[Any],
    connection: Mapping[str, str] | None = None,
    **inputs: Any,
) -> Ran:
    """Call an operation, such as `unified.tasks.get`, at a vendor that returns these responses in turn; each must be requested."""
    with responding(via, *responses, **(connection or {})) as requests:
        value = operation(*arguments, via=via, **inputs)
        if hasattr(value, "pages"):
            value = list(value)
    transport = requests.transport
    assert not transport.responses, f"not requested: {transport.responses}"
    return Ran(value, transport.requests)
