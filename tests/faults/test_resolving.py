"""A name server that does not respond: calls end by their deadline, and hold no threads of other calls."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import Unavailable, basic
from unified_runtime.core.errors import TransportFailure
from unified_runtime.http import resolver as lookups
from unified_runtime.http.ssrf import AddressCheck

HOST = "tracker.example"


class Resolver:
    """Resolver that does not respond for one host until it is `let`."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.real = socket.getaddrinfo
        self.let = threading.Event()
        self.address = address
        self.called = 0

    def __call__(self, host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in {HOST, HOST.encode()} or kwargs.get("flags"):
            return self.real(host, port, *args, **kwargs)
        self.called += 1
        self.let.wait(30)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", self.address)]


@pytest.fixture
def server() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch, server: Loopback) -> Iterator[Resolver]:
    host, _, port = server.url.removeprefix("http://").partition(":")
    made = Resolver((host, int(port)))
    monkeypatch.setattr(socket, "getaddrinfo", made)
    yield made
    made.let.set()


@pytest.fixture(params=["sync", "async"])
def caller(request: pytest.FixtureRequest, resolver: Resolver) -> Caller:
    made = Caller("default", request.param)
    made.connect(f"https://{HOST}:{resolver.address[1]}", basic("me", "password"))
    return made


@pytest.mark.parametrize("setting", ["deadline", "connect_timeout"])
def test_a_call_ends_in_time(caller: Caller, resolver: Resolver, setting: str) -> None:
    caller.settings = replace(QUICK, attempts=1, **{setting: 0.5})
    started = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        caller.run(tasks.get, "P-1")
    assert time.monotonic() - started < 1.5
    assert caught.value.retry_safe, "nothing was sent"


def test_look_ups_of_one_host_share_a_thread_and_others_go_on(caller: Caller, resolver: Resolver, server: Loopback) -> None:
    """An event loop has few threads for look-ups: a host that is not resolved does not use them up."""
    caller.settings = replace(QUICK, attempts=1, deadline=0.05)
    for _ in range(40):
        with pytest.raises(Unavailable):
            caller.run(tasks.get, "P-1")
    assert resolver.called == 1
    assert sum(thread.name == "unified-resolver" for thread in threading.enumerate()) == 1
    other = Caller("default", caller.mode)
    other.connect(server.url.replace("127.0.0.1", "localhost"), basic("me", "password"))
    server.answers(Reply.of(ISSUE))
    assert other.run(tasks.get, "P-1").id == "P-1"


def test_a_caller_that_leaves_does_not_end_the_look_up_of_others(resolver: Resolver) -> None:
    async def run() -> list[Any]:
        first, second = (asyncio.ensure_future(lookups.resolve_async(HOST, 1)) for _ in range(2))
        await asyncio.sleep(0.05)
        first.cancel()
        await asyncio.sleep(0.05)
        resolver.let.set()
        return await second

    assert asyncio.run(run())[0][4] == resolver.address
    assert resolver.called == 1
    assert lookups.resolve(HOST, 1, 5)[0][4] == resolver.address, "nothing is cached"
    assert resolver.called == 2


@pytest.mark.parametrize("inside", [True, False])
def test_contents_end_in_time_too(resolver: Resolver, inside: bool) -> None:
    """Their connections are those of httpx2, whose own look-up has no time limit."""
    check, info = AddressCheck(inside=inside), {"host": HOST, "port": 1, "timeout": 0.1}
    started = time.monotonic()
    with pytest.raises(TransportFailure, match="not resolved in time") as caught:
        check.trace("connection.connect_tcp.started", info)
    assert not caught.value.sent
    with pytest.raises(TransportFailure, match="not resolved in time"):
        asyncio.run(check.atrace("connection.connect_tcp.started", info))
    assert time.monotonic() - started < 1.5
