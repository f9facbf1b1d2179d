"""Header injection: a value that would end its header and begin another one, or a second request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.shipped import ALL, REFUSED, Shipped, names
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.oauth import http as oauth
from unified_runtime import InvalidInput, acting, api_key, basic, bearer
from unified_runtime.core.connections import Connection
from unified_runtime.core.credentials import REDACTED
from unified_runtime.core.vendors import ConnectionValue, Scheme, Vendor
from unified_runtime.execution.http_requests import with_headers

BREAKS = [
    "\r\nX-Evil: 1",
    "\nX-Evil: 1",
    "\rX-Evil: 1",
    "\r\n\r\nGET /admin HTTP/1.1",
    "\x00",
    "\x0b",
    "\x0c",
    "\x1f",
    "\x7f",
    "\x85",
    "\u2028",
    "é",
    "嗊",
    "čĊX-Evil: 1",
]
"""Line breaks of every kind, and characters of which a careless encoding makes some: 嗊 ends in 0x0A, č and Ċ in 0x0D and 0x0A."""


@pytest.mark.parametrize("text", BREAKS)
def test_a_header_of_a_request(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be sent in the header"):
        with_headers([], {"If-Match": f"x{text}"})


@pytest.mark.parametrize("text", BREAKS)
@pytest.mark.parametrize(
    "make", [bearer, api_key, lambda text: basic("me", text), lambda text: basic(text, "pw")], ids=["bearer", "key", "password", "user"]
)
def test_a_credential(server: Loopback, make: Any, text: str) -> None:
    """A password may have any characters, since it is sent encoded; nothing else passes."""
    try:
        caller = Caller("default", "sync")
        caller.connect(
            server.url, make(f"x{text}"), scheme={"bearer": "OAuth2", "api_key": "header"}.get(make(f"x{text}").kind, "basicAuth")
        )
    except InvalidInput:
        return
    server.answers(Reply.of(ISSUE))
    caller.run(tasks.get, "P-1")
    (seen,) = server.seen
    assert seen.headers["Authorization"].removeprefix("Basic ").isalnum() or seen.headers["Authorization"].rstrip("=")[6:].isascii()
    assert "X-Evil" not in seen.headers


@pytest.mark.parametrize("text", BREAKS)
def test_a_connection_value(text: str) -> None:
    vendor = Vendor(
        name="acme",
        title="Acme",
        servers={"default": "https://acme.example"},
        schemes={"bearer": Scheme("bearer")},
        connection={"workspace": ConnectionValue("the workspace")},
        headers={"X-Workspace": "{connection.workspace}"},
    )
    with pytest.raises(InvalidInput):
        Connection(vendor, bearer("t"), {"workspace": f"x{text}"})


KEYED = [one for one in ALL if "idempotency_key" in names(one.operation)]


@pytest.mark.parametrize("one", KEYED, ids=str)
def test_an_idempotency_key(one: Shipped) -> None:
    """A caller's key is sent in a header, a path or a body, depending on the vendor."""
    plain = one.requests(idempotency_key="k")
    for text in BREAKS:
        try:
            requests = one.requests(idempotency_key=f"k{text}")
        except REFUSED:
            continue
        for expected, request in zip(plain, requests, strict=True):
            assert [name for name, _ in request.headers] == [name for name, _ in expected.headers]
            texts = [value.replace(REDACTED, "") for _, value in request.headers]
            assert all(value.isascii() and value.isprintable() for value in texts)
            assert request.url.isascii()
            assert request.url.isprintable()
            assert request.url.count("/") == expected.url.count("/")


@pytest.mark.parametrize("text", [text for text in BREAKS if text not in {"é", "嗊", "čĊX-Evil: 1"}])
@pytest.mark.parametrize("name", ["agent", "on_behalf_of", "team", "connection"])
def test_a_name(name: str, text: str) -> None:
    with pytest.raises(InvalidInput, match="that can be seen"):
        acting(**{name: f"x{text}"})


@pytest.mark.parametrize("text", BREAKS)
def test_a_host(text: str) -> None:
    with pytest.raises(InvalidInput):
        Connection(VENDOR, basic("me", "pw"), {}, server=f"https://acme.example{text}")


@pytest.mark.parametrize("text", BREAKS)
def test_a_request_to_an_authorization_server(text: str) -> None:
    flow = oauth.get("https://as.example/x", "endpoint", headers={"DPoP": f"x{text}"})
    with pytest.raises(InvalidInput, match="no header can carry"):
        next(flow)


@pytest.mark.parametrize("text", BREAKS)
def test_texts_and_ids_reach_no_header(caller: Caller, server: Loopback, text: str) -> None:
    caller.connect(server.url)
    server.answers(Reply.of({"key": "P-1"}, 201), Reply.of(ISSUE))
    try:
        caller.run(tasks.create, title=f"x{text}", project_id=f"P{text}")
    except InvalidInput:
        return
    assert all("X-Evil" not in seen.headers and seen.method in {"POST", "GET"} for seen in server.seen)
    assert server.seen[0].json["fields"]["summary"] == f"x{text}"
