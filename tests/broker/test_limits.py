"""Limits of the broker: size of requests, waiting time, pages of a browser, and credentials in responses."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.broker.conftest import BrokerCaller, find
from tests.support.brokers import serving
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.broker.agent_keys import KeyStore
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.authentication import mounted_principal
from unified_platform.broker.calls import Calls
from unified_platform.broker.identity import Identity
from unified_platform.broker.limits import Limits
from unified_platform.broker.parts import Broker
from unified_runtime import AsyncClient, Client, Connection, PolicyEnforcer, RateLimited, Settings, Unavailable, UnifiedError, basic, using
from unified_runtime.core.connection_registry import Connections
from unified_runtime.rate_limits.rate_limiter import Unlimited

ONCE = Settings(attempts=1, deadline=20)


async def whoami(request: Request) -> JSONResponse:
    return JSONResponse({"agent": mounted_principal(request.scope).agent, "path": request.url.path})


@pytest.fixture
def small(keys: KeyStore, server: Loopback) -> Iterator[str]:
    """Broker with narrow limits, and an application mounted on it."""
    connections = Connections()
    connections.add(Connection(VENDOR, basic("me", "password"), {}, server=server.url))
    calls = Calls(
        AsyncClient(connections=connections, settings=Settings(deadline=10)), PolicyEnforcer(KeyScopePolicy()), Unlimited(), find=find
    )
    limits = Limits(body=2000, calls=2, calls_of_one=3, queue=0.3, silence=0.5)
    mounted = Starlette(routes=[Route("/whoami", whoami)])
    with serving(Broker(calls, Identity(keys), limits, mounts={"/mcp": mounted})) as url:
        yield url


def post(url: str, key: str, body: Any, **headers: str) -> httpx2.Response:
    content = body if isinstance(body, bytes) else json.dumps(body)
    return httpx2.post(url, headers={"Authorization": f"Bearer {key}", **headers}, content=content)


def test_a_large_call_is_not_read(small: str, any_key: str) -> None:
    for path in ("call", "page", "plan", "download", "vendors", "token"):
        assert post(f"{small}/v1/{path}", any_key, b"x" * 2001).status_code == 413
    unannounced = httpx2.post(f"{small}/v1/call", headers={"Authorization": f"Bearer {any_key}"}, content=(b"x" * 500 for _ in range(9)))
    assert unannounced.status_code == 413


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"operation": 7}', b'{"operation": "tasks.get", "more": 1}', b"\xff", b'{"operation": "tasks.get", "input": []}'],
)
def test_invalid_calls_are_rejected(small: str, any_key: str, body: bytes, server: Loopback) -> None:
    response = post(f"{small}/v1/call", any_key, body)
    assert (response.status_code, response.json()["error"]) == (400, "InvalidInput")
    assert server.seen == []


@pytest.mark.parametrize("name", ["tasks.nothing", "os.system", "tasks.__class__", "", "tasks", "../tasks.get"])
def test_an_operation_that_is_none_is_reported(caller: BrokerCaller, any_key: str, name: str) -> None:
    from unified_platform.catalog.operations import find_operation
    from unified_runtime import InvalidInput

    with pytest.raises(InvalidInput):
        find_operation(name)


def test_an_agent_that_sends_nothing_is_not_waited_for(small: str, any_key: str) -> None:
    host, port = small.removeprefix("http://").split(":")
    head = f"POST /v1/call HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {any_key}\r\nContent-Length: 100\r\n\r\n{{"
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.encode())
        connection.settimeout(5)
        assert b" 424 " in connection.recv(4096).split(b"\r\n")[0] + b" "


def test_calls_beyond_the_capacity_are_rejected_with_a_delay(small: str, any_key: str, keys: KeyStore, server: Loopback) -> None:
    server.answers(*[Reply(200, json.dumps(ISSUE).encode(), {"Content-Type": "application/json"}, delay=1.2)] * 2)
    found: list[UnifiedError | None] = []

    def ask() -> None:
        with using(Client(broker=small, key=any_key, settings=ONCE)):
            try:
                tasks.get("P-1")
                found.append(None)
            except UnifiedError as error:
                found.append(error)

    threads = []
    for _ in range(4):  # two are made, one waits and times out, one is too many of the same key
        threads.append(threading.Thread(target=ask))
        threads[-1].start()
        time.sleep(0.1)
    for thread in threads:
        thread.join(20)
    assert sorted(type(error).__name__ for error in found) == ["NoneType", "NoneType", "RateLimited", "Unavailable"]
    for error in found:
        if isinstance(error, (RateLimited, Unavailable)):
            assert error.retry_safe
            assert error.retry_after == 1
    assert len(server.seen) == 2


def test_a_client_retries_after_the_stated_delay(small: str, any_key: str, server: Loopback) -> None:
    server.answers(
        Reply(200, json.dumps(ISSUE).encode(), {}, delay=0.8), Reply(200, json.dumps(ISSUE).encode(), {}, delay=0.8), Reply.of(ISSUE)
    )
    found: list[str] = []

    def ask() -> None:
        with using(Client(broker=small, key=any_key)):
            found.append(tasks.get("P-1").id)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert found == ["P-1"] * 3


def test_a_browsers_page_gets_nothing(small: str, any_key: str, server: Loopback) -> None:
    response = post(f"{small}/v1/call", any_key, {"operation": "tasks.get", "input": {"id": "P-1"}}, Origin="https://evil.example.test")
    assert response.status_code == 403
    assert httpx2.options(f"{small}/v1/call", headers={"Origin": "https://evil.example.test"}).status_code == 405
    for path in ("/v1/call", "/health", "/ready"):
        headers = httpx2.get(small + path, headers={"Origin": "https://evil.example.test"}).headers
        assert not any(name.startswith("access-control") for name in headers)
    assert server.seen == []


def test_live_and_ready_endpoints(small: str) -> None:
    assert httpx2.get(f"{small}/health").json() == {"healthy": True}
    assert httpx2.get(f"{small}/ready").json() == {"ready": True}


def test_a_broker_without_its_database_is_not_ready(keys: KeyStore) -> None:
    def broken() -> None:
        raise Unavailable("the database is gone")

    with serving(Broker(Calls(AsyncClient(), PolicyEnforcer(KeyScopePolicy()), Unlimited()), Identity(keys), ready=(broken,))) as url:
        response = httpx2.get(f"{url}/ready")
        assert (response.status_code, response.json()) == (503, {"ready": False})
        assert "database" not in response.text
        assert httpx2.get(f"{url}/health").status_code == 200


def test_mounted_applications_get_the_authenticated_caller(small: str, any_key: str) -> None:
    assert httpx2.get(f"{small}/mcp/whoami").status_code == 401
    response = httpx2.get(f"{small}/mcp/whoami", headers={"Authorization": f"Bearer {any_key}"})
    assert response.json()["agent"] == "helper"


def test_no_route_gives_a_credential(caller: BrokerCaller, server: Loopback) -> None:
    """The vendor echoes its request, in every possible way; none of it is passed on to the agent."""
    caller.connect(server.url, basic("me", "a/s3cret pass"))
    secrets = ["a/s3cret pass", "a%2Fs3cret%20pass", "bWU6YS9zM2NyZXQgcGFzcw=="]
    record = ISSUE | {"fields": ISSUE["fields"] | {"summary": " ".join(secrets)}}
    server.answers(Reply.of(record), Reply.of({"issues": [record]}), Reply.of({"errors": {"summary": secrets[0]}}, 400))
    task = caller.run(tasks.get, "P-1")
    (listed,) = caller.list(tasks.list)
    with pytest.raises(UnifiedError) as caught:
        caller.run(tasks.update, "P-1", title="x")
    result = [task.title, str(task.raw), listed.title, str(listed.raw), str(caught.value), str(caught.value.fields)]
    assert not any(secret in text for secret in secrets for text in result)
    assert "•••" in str(task.title)
