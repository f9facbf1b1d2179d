"""Idle, slow and half-open clients of the broker: they give way to active clients, and health checks get a response."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.broker.conftest import find
from tests.broker.test_tls import Authority
from tests.support.brokers import free_port, serving
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.broker import http_connections
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.limits import Limits
from unified_platform.broker.parts import Broker
from unified_platform.common.client_addresses import client_network
from unified_runtime import AsyncClient, Connection, InvalidInput, PolicyEnforcer, Settings, basic
from unified_runtime.core.connection_registry import Connections
from unified_runtime.rate_limits.rate_limiter import Unlimited

LOOPS = pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
PARTIAL = b"POST /v1/call HTTP/1.1\r\nHost: broker\r\nX-Sl"
CALL = json.dumps({"operation": "tasks.get", "input": {"id": "PROJ-1"}, "acting": {}})


async def form(request: Request) -> Response:
    """Read a body from any sender, as a page with a form does."""
    return Response(b"%d" % len(await request.body()))


async def large(_: Request) -> Response:
    return Response(bytes(256 * 1024))


async def waiting(_: Request) -> Response:
    await asyncio.sleep(60)
    return Response()


class Attacked:
    """A broker with one agent, and clients that open connections to it from any address of this machine."""

    def __init__(self, url: str, key: str, server: Loopback, verify: ssl.SSLContext | bool = True) -> None:
        self.url = url
        self._key = key
        self._server = server
        self._verify = verify
        host, _, port = url.rpartition("//")[2].partition(":")
        self.address = host, int(port)
        self.open: list[socket.socket] = []

    def connect(self, sent: bytes = b"", source: str = "127.0.0.1") -> socket.socket:
        made = socket.create_connection(self.address, 10, (source, 0))
        self.open.append(made)
        if sent:
            made.sendall(sent)
        return made

    def client(self, source: str) -> httpx2.Client:
        return httpx2.Client(transport=httpx2.HTTPTransport(local_address=source, verify=self._verify), timeout=20)

    def health(self, source: str = "127.0.0.1") -> int:
        with self.client(source) as client:
            return client.get(f"{self.url}/health").status_code

    def call(self, source: str = "127.0.0.1") -> int:
        """Make a call as the agent, on a connection of its own."""
        self._server.answers(Reply.of(ISSUE))
        with self.client(source) as client:
            response = client.post(f"{self.url}/v1/call", content=CALL, headers={"Authorization": f"Bearer {self._key}"})
            assert response.status_code == 200, response.text
            return response.status_code

    def alive(self) -> int:
        """Return the number of connections that are still open."""
        return sum(not closed(one, 0) for one in self.open)


def closed(connection: socket.socket, seconds: float = 10) -> bool:
    """Return true if the server closes a connection after sending nothing for so many seconds."""
    connection.settimeout(seconds or 0.001)
    try:
        while connection.recv(65536):
            pass
        return True
    except TimeoutError:
        return False
    except ConnectionError:
        return True


Start = Callable[..., Attacked]


@pytest.fixture
def start(server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start a broker with these limits."""
    monkeypatch.setattr(http_connections, "SWEEP", 0.05)
    with contextlib.ExitStack() as stack:

        def started(authority: Authority | None = None, proxies: tuple[str, ...] = (), loop: str = "uvloop", **limits: Any) -> Attacked:
            known = Connections()
            known.add(Connection(VENDOR, basic("me", "password"), {}, server=server.url))
            client = AsyncClient(connections=known, settings=Settings(deadline=20))
            calls = Calls(client, PolicyEnforcer(KeyScopePolicy()), Unlimited(), find=find)
            keys = KeyStore(open_store(tmp_path / "control.db"))
            key = keys.create(Scope("helper", ("*",), ("*",), ("*",)), lifetime=None)[1].reveal()
            routes = [Route("/form", form, methods=["POST"]), Route("/large", large), Route("/waiting", waiting)]
            broker = Broker(calls, Identity(keys), Limits(**limits), routes=routes)
            tls = {} if authority is None else {"ssl_certfile": str(authority.certificate), "ssl_keyfile": str(authority.key)}
            url = stack.enter_context(serving(broker, proxies=proxies, loop=loop, **tls))
            made = Attacked(url, key, server, True if authority is None else authority.trusting())
            stack.callback(lambda: [one.close() for one in made.open])
            return made

        yield started


def test_idle_clients_of_one_address_make_room(start: Start) -> None:
    attacked = start(connections=100, connections_of_address=10, calls=50)
    for number in range(60):
        attacked.connect(PARTIAL if number % 2 else b"")
    assert attacked.health() == 200
    assert attacked.call() == 200
    assert attacked.call("127.0.0.2") == 200
    assert attacked.alive() <= 10


def test_idle_clients_of_many_addresses_make_room(start: Start) -> None:
    attacked = start(connections=40, connections_of_address=10, calls=20)
    for number in range(120):
        attacked.connect(PARTIAL if number % 2 else b"", f"127.0.1.{number % 60 + 1}")
        if number % 30 == 29:
            assert attacked.health("127.0.0.2") == 200
            assert attacked.call("127.0.0.2") == 200
    assert attacked.alive() <= 40


def test_clients_that_had_a_response_do_not_displace_agents(start: Start) -> None:
    """A public health check gives a connection no priority over an agent's."""
    attacked = start(connections=30, connections_of_address=30, calls=20)
    agent = attacked.connect(source="127.0.0.2")
    head = f"POST /v1/call HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer {attacked._key}\r\nContent-Length: {len(CALL)}\r\n\r\n"
    request = head.encode() + CALL.encode()
    attacked._server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
    agent.sendall(request)
    assert agent.recv(65536).startswith(b"HTTP/1.1 200")
    for number in range(90):
        attacked.connect(source=f"127.0.1.{number + 1}").sendall(b"GET /health HTTP/1.1\r\nHost: b\r\n\r\n")
    assert attacked.health("127.0.0.3") == 200
    agent.sendall(request)
    assert agent.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("sent", [b"", PARTIAL, b"\r\n", b"GET /health HTTP/1.1\r\nHost: b\r\n\r\nGET /hea"])
def test_a_head_that_does_not_come_ends(start: Start, sent: bytes) -> None:
    attacked = start(header=0.3, idle=30)
    slow = attacked.connect(sent)
    if b"/health" in sent:
        assert slow.recv(65536).startswith(b"HTTP/1.1 200")
    assert closed(slow)


def test_one_byte_at_a_time_does_not_extend_a_head(start: Start) -> None:
    attacked = start(header=0.3)
    slow = attacked.connect(PARTIAL)
    deadline = time.monotonic() + 20
    ended = False
    while not ended and time.monotonic() < deadline:
        try:
            slow.sendall(b"x")
        except OSError:  # reset or broken pipe
            ended = True
        time.sleep(0.02)
    assert ended


def test_an_idle_connection_ends_and_one_that_works_does_not(start: Start, server: Loopback) -> None:
    attacked = start(header=0.2, idle=0.2, silence=0.2)
    idle = attacked.connect(b"GET /health HTTP/1.1\r\nHost: b\r\n\r\n")
    assert idle.recv(65536).startswith(b"HTTP/1.1 200")
    server.answers(Reply(200, json.dumps(ISSUE).encode(), {"Content-Type": "application/json"}, delay=1.0))
    with attacked.client("127.0.0.1") as client:
        response = client.post(f"{attacked.url}/v1/call", content=CALL, headers={"Authorization": f"Bearer {attacked._key}"})
    assert response.status_code == 200
    assert closed(idle)


def test_slow_body_without_a_key_ends_and_uses_no_slot(start: Start) -> None:
    attacked = start(calls=5, silence=1.0)  # 20 requests in progress
    slow = [attacked.connect(b"POST /form HTTP/1.1\r\nHost: b\r\nContent-Length: 100\r\n\r\nx", f"127.0.2.{n % 8 + 1}") for n in range(60)]
    assert attacked.health() == 200
    assert attacked.call() == 200
    with attacked.client("127.0.0.3") as client:
        assert client.post(f"{attacked.url}/form", content=b"whole").content == b"5"
    for _ in range(3):
        for one in slow:
            with contextlib.suppress(OSError):
                one.sendall(b"x")
        time.sleep(0.4)
    assert all(closed(one) for one in slow)


def test_slow_requests_without_a_key_give_way_to_agents(start: Start) -> None:
    """For example, requests that wait for a slow identity provider."""
    attacked = start(calls=5)  # 20 requests in progress
    for number in range(40):
        attacked.connect(b"GET /waiting HTTP/1.1\r\nHost: b\r\n\r\n", f"127.0.2.{number + 1}")
    time.sleep(1.3)
    for _ in range(5):
        assert attacked.call() == 200
        assert attacked.health() == 200


def test_a_slow_body_behind_a_call_of_an_agent_ends(start: Start) -> None:
    """On a connection of a proxy, requests of other clients follow those of agents."""
    attacked = start(silence=0.5, idle=30)
    shared = attacked.connect()
    attacked._server.answers(Reply.of(ISSUE))
    head = f"POST /v1/call HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer {attacked._key}\r\nContent-Length: {len(CALL)}\r\n\r\n"
    shared.sendall(head.encode() + CALL.encode())
    assert shared.recv(65536).startswith(b"HTTP/1.1 200")
    shared.sendall(b"POST /form HTTP/1.1\r\nHost: b\r\nContent-Length: 100\r\n\r\nx")
    assert closed(shared)


def test_responses_that_are_not_read_end(start: Start) -> None:
    attacked = start(silence=0.5)
    for _ in range(10):
        unconsumed = attacked.connect(b"GET /large HTTP/1.1\r\nHost: b\r\n\r\n" * 200)
        unconsumed.settimeout(10)
    assert attacked.health() == 200
    time.sleep(2)
    for one in attacked.open:
        size = 0
        with contextlib.suppress(ConnectionError):
            while piece := one.recv(1 << 20):
                size += len(piece)
        assert size < 200 * 256 * 1024


def test_a_flood_of_headers_is_refused(start: Start) -> None:
    attacked = start()
    begun = b"GET /health HTTP/1.1\r\nHost: b\r\n"
    many = begun + b"".join(b"X-%d: y\r\n" % number for number in range(300)) + b"\r\n"
    long = begun + b"X: " + b"y" * 100_000 + b"\r\n\r\n"
    endless = begun + b"X: " + b"y" * 1_000_000
    address = b"GET /" + b"a" * 200_000
    trailers = b"POST /form HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 300 + b"\r\n"
    for flood in (many, long, endless, address):
        response = attacked.connect()
        with contextlib.suppress(ConnectionError):
            response.sendall(flood)
        assert response.recv(65536).startswith(b"HTTP/1.1 431"), flood[:60]
    response = attacked.connect(trailers)
    assert b"431" in response.recv(65536)
    assert attacked.health() == 200


def test_pipelined_requests_get_their_responses_in_turn(start: Start) -> None:
    attacked = start(header=2)
    piped = attacked.connect(b"GET /health HTTP/1.1\r\nHost: b\r\n\r\n" * 50)
    piped.settimeout(5)
    got = b""
    while got.count(b"HTTP/1.1 200") < 50:
        got += piped.recv(65536)
    assert got.count(b'{"healthy":true}') in {49, 50}


@pytest.mark.parametrize("more", [b"", b"Connection: keep-alive\r\n"])
def test_http_1_0_is_closed_after_its_response(start: Start, more: bytes) -> None:
    attacked = start()
    old = attacked.connect(b"GET /health HTTP/1.0\r\n" + more + b"\r\n")
    old.settimeout(5)
    got = b""
    while piece := old.recv(65536):
        got += piece
    assert got.startswith(b"HTTP/1.1 200")


def test_half_open_clients_end(start: Start) -> None:
    """A client that shuts down its sending side gets its response, and holds no resources."""
    attacked = start(header=0.3)
    for sent in (b"", PARTIAL):
        half = attacked.connect(sent)
        half.shutdown(socket.SHUT_WR)
        assert closed(half)


def test_health_checks_get_a_response_when_every_connection_works(start: Start, server: Loopback) -> None:
    attacked = start(connections=5, connections_of_address=5, calls=4)
    server.answers(*[Reply(200, json.dumps(ISSUE).encode(), {"Content-Type": "application/json"}, delay=3.0) for _ in range(5)])
    found: list[int] = []

    def ask() -> None:
        with attacked.client("127.0.0.1") as client:
            response = client.post(f"{attacked.url}/v1/call", content=CALL, headers={"Authorization": f"Bearer {attacked._key}"})
            found.append(response.status_code)

    working = [threading.Thread(target=ask) for _ in range(5)]
    for one in working:
        one.start()
    time.sleep(0.7)
    for source in ("127.0.0.1", "127.0.0.2"):
        assert attacked.health(source) == 200
        with attacked.client(source) as client:
            assert client.get(f"{attacked.url}/ready").status_code == 200
            response = client.post(f"{attacked.url}/v1/call", content=CALL, headers={"Authorization": f"Bearer {attacked._key}"})
        assert (response.status_code, response.json()["error"]) == (503, "Unavailable")
        assert "retry-after" in response.headers
    for one in working:
        one.join()
    assert found == [200] * 5, "no call in progress was ended"


def test_a_trusted_proxy_has_no_limit_of_its_own(start: Start) -> None:
    attacked = start(proxies=("127.0.0.0/24",), connections=100, connections_of_address=5, calls=50)
    for _ in range(40):
        attacked.connect()
    others = [attacked.connect(source="127.0.9.1") for _ in range(20)]
    assert attacked.call() == 200
    assert sum(not closed(one, 0) for one in others) <= 5
    assert attacked.alive() >= 40


def test_clients_are_counted_by_the_addresses_they_cannot_choose() -> None:
    assert client_network("192.0.2.1") == client_network("::ffff:192.0.2.1") != client_network("192.0.2.2")
    assert client_network("2001:db8:1:2::1") == client_network("2001:db8:1:2:ffff::9") != client_network("2001:db8:1:3::1")
    assert client_network("fe80::1%eth0") == client_network("fe80::2%eth1")


def test_a_unix_socket_serves(server: Loopback, tmp_path: Path) -> None:
    calls = Calls(AsyncClient(), PolicyEnforcer(KeyScopePolicy()), Unlimited(), find=find)
    broker = Broker(calls, Identity(KeyStore(open_store(tmp_path / "control.db"))), Limits(connections_of_address=2))
    with serving(broker, uds=str(tmp_path / "b.sock")) as path, contextlib.ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(contextlib.closing(socket.socket(socket.AF_UNIX))).connect(path)
        with httpx2.Client(transport=httpx2.HTTPTransport(uds=path)) as client:
            assert client.get("http://broker/health").status_code == 200


# ------------------------------------------------------------------------------------------------ TLS
@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def hello(authority: Authority) -> bytes:
    """Return a complete ClientHello."""
    sent, received = ssl.MemoryBIO(), ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        authority.trusting().wrap_bio(received, sent, server_hostname="localhost").do_handshake()
    return sent.read()


@LOOPS
def test_handshakes_that_stall_end_and_count_as_connections(start: Start, authority: Authority, loop: str) -> None:
    attacked = start(authority, loop=loop, connections=60, connections_of_address=10, calls=20, header=1.0)
    entire = hello(authority)
    for number in range(150):
        attacked.connect((b"", entire[:1], entire[:50], entire, b"GET / HTTP/1.1\r\n\r\n")[number % 5], f"127.0.1.{number % 30 + 1}")
    assert attacked.health("127.0.0.2") == 200
    assert attacked.call("127.0.0.2") == 200
    deadline = time.monotonic() + 10
    while attacked.alive() and time.monotonic() < deadline:
        for one in attacked.open:  # the part of its handshake that the server sent
            with contextlib.suppress(OSError):
                one.recv(65536, socket.MSG_DONTWAIT)
        time.sleep(0.1)
    assert attacked.alive() == 0


@LOOPS
def test_slow_heads_over_tls_end(start: Start, authority: Authority, loop: str) -> None:
    attacked = start(authority, loop=loop, header=0.5, idle=0.5)
    context = authority.trusting()
    for sent in (b"", PARTIAL, b"GET /health HTTP/1.1\r\nHost: b\r\n\r\n"):
        with context.wrap_socket(attacked.connect(), server_hostname="localhost") as slow:
            slow.settimeout(10)
            if sent:
                slow.sendall(sent)
            with contextlib.suppress(OSError):  # reset, or an end without close_notify
                while slow.recv(65536):
                    pass
    assert attacked.call() == 200


@LOOPS
def test_requests_within_the_last_flight_of_a_handshake_are_read(start: Start, authority: Authority, loop: str) -> None:
    """Python's TLS sends its Finished with the first bytes when both are written at once."""
    attacked = start(authority, loop=loop)
    for _ in range(20):
        sent, received = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = authority.trusting().wrap_bio(received, sent, server_hostname="localhost")
        raw = attacked.connect()
        raw.settimeout(5)
        while True:
            try:
                session.do_handshake()
                break
            except ssl.SSLWantReadError:
                if pending := sent.read():
                    raw.sendall(pending)
                received.write(raw.recv(65536))
        session.write(b"GET /health HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n")
        raw.sendall(sent.read())
        got = b""
        while b"healthy" not in got:
            received.write(raw.recv(65536))
            with contextlib.suppress(ssl.SSLWantReadError):
                while piece := session.read(65536):
                    got += piece
        assert got.startswith(b"HTTP/1.1 200")


# ------------------------------------------------------------------------------------------------ full size
def test_nine_hundred_idle_connections_at_the_default_limits(start: Start) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 4096:
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096 if hard == resource.RLIM_INFINITY else min(4096, hard), hard))
    attacked = start()
    for number in range(900):
        attacked.connect(PARTIAL if number % 2 else b"")
    for source in ("127.0.0.1", "127.0.0.2"):
        assert attacked.health(source) == 200
        assert attacked.call(source) == 200
    assert attacked.alive() <= Limits().connections_of_address


def test_fewer_connections_than_calls_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"connections .50. must be greater than calls .200."):
        Limits(connections=50)


@pytest.mark.parametrize("encrypted", [False, True])
def test_several_workers_serve_while_clients_are_idle(tmp_path: Path, authority: Authority, encrypted: bool) -> None:
    """The command, with two processes on one port: each limits its own connections, and both stop in time."""
    (tmp_path / "broker.toml").write_text("[limits]\nconnections = 60\nconnections_of_address = 20\ncalls = 20\nheader = 2\n")
    env = {name: value for name, value in os.environ.items() if not name.startswith("UNIFIED_")}
    env |= {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    env["UNIFIED_VAULT_KEY"] = f"file:{tmp_path / 'key'}"
    port = free_port()
    words = ["broker", "serve", "--port", str(port), "--workers", "2", "--config", str(tmp_path / "broker.toml")]
    if encrypted:
        words += ["--certificate", str(authority.certificate), "--certificate-key", str(authority.key)]
    running = subprocess.Popen([sys.executable, "-m", "unified_platform.cli", *words], env=env)
    url = f"{'https' if encrypted else 'http'}://localhost:{port}/health"
    held: list[socket.socket] = []
    try:
        with httpx2.Client(verify=authority.trusting(), trust_env=False, timeout=10) as client:
            for _ in range(600):
                assert running.poll() is None
                with contextlib.suppress(httpx2.TransportError):
                    if client.get(url).status_code == 200:
                        break
                time.sleep(0.05)
        for number in range(150):
            held.append(socket.create_connection(("127.0.0.1", port), 10))
            held[-1].sendall((PARTIAL, b"\x16\x03\x01")[number % 2])
        for _ in range(10):
            with httpx2.Client(verify=authority.trusting(), trust_env=False, timeout=10) as client:
                assert client.get(url).status_code == 200
        assert sum(not closed(one, 0) for one in held) <= 2 * 20
    finally:
        for one in held:
            one.close()
        running.terminate()
        running.wait(40)
