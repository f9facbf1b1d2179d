"""The HTTP/1.1 client: h11 checks its requests and writes its responses; and servers that violate the protocol."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gzip
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h11
import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unified_runtime import TransportFailure
from unified_runtime.core.applied_credentials import AppliedCredential
from unified_runtime.core.errors import UnreadableResponse
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.http import http11, tls
from unified_runtime.http._sync.default import DefaultTransport
from unified_runtime.http.event_loops import PerLoopTransport
from unified_runtime.http.http11 import AsyncConnectionPool
from unified_runtime.http.http11 import framing as http_framing
from unified_runtime.http.http11._async import connection_pool as async_pool
from unified_runtime.http.http11._sync import connection_pool as sync_pool

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
TIMEOUT: dict[str, float | None] = {"connect": 5.0, "read": 5.0, "write": 5.0, "pool": 5.0}

Talk = Callable[[socket.socket, int], None]
"""A server's handling of its connection with that number, from 0."""


def request(url: str, method: str = "GET", body: bytes = b"", **more: Any) -> HTTPRequest:
    headers = more.pop("headers", [(b"Host", b"acme.test")])
    if body:
        headers = [*headers, (b"Content-Length", b"%d" % len(body))]
    given = {"timeout": TIMEOUT, "largest": 1_000_000, "deadline": time.monotonic() + 10}
    return HTTPRequest(method=method, url=url, headers=headers, body=body, **(given | more))


def heard(connection: socket.socket) -> bytes:
    """Return one request, up to the end of its head; empty if the client has closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    return data


class Server:
    """Server on plain sockets that follows a test's script, with a thread for each connection."""

    def __init__(self, talk: Talk, family: int = socket.AF_INET) -> None:
        self.accepted = 0
        self._talk = talk
        host = "127.0.0.1" if family == socket.AF_INET else "::1"
        self._socket = socket.create_server((host, 0), family=family)
        self.port = self._socket.getsockname()[1]
        self.url = f"http://{host if family == socket.AF_INET else f'[{host}]'}:{self.port}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.accepted += 1
                threading.Thread(target=self._serve, args=(connection, self.accepted - 1), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with connection, contextlib.suppress(OSError):
            self._talk(connection, number)

    def close(self) -> None:
        self._socket.close()


class Way:
    """The default transport, sync or async, with connections of its own."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.sync = DefaultTransport()
        self.asynchronous = PerLoopTransport()
        self._runner = asyncio.Runner()

    def send(self, *requests: HTTPRequest, pause: float = 0.0) -> Response:
        """Send requests one after the other, and return the last response."""
        if self.mode == "sync":
            for number, each in enumerate(requests):
                time.sleep(pause if number else 0)
                response = self.sync.send(each)
            return response

        async def several() -> Response:
            for number, each in enumerate(requests):
                await asyncio.sleep(pause if number else 0)
                response = await self.asynchronous.asend(each)
            return response

        return self._runner.run(several())

    def close(self) -> None:
        self.sync.close()
        self._runner.run(self.asynchronous.aclose())
        self._runner.close()


@pytest.fixture(params=["sync", "async"])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    made = Way(request.param)
    yield made
    made.close()


@pytest.fixture
def serving() -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def serve(talk: Talk, **more: Any) -> Server:
        made.append(Server(talk, **more))
        return made[-1]

    yield serve
    for server in made:
        server.close()


def answering(*answers: bytes, close: bool = False) -> Talk:
    """Send these responses on every connection, one for each request, then wait for more, or close."""

    def talk(connection: socket.socket, number: int) -> None:
        for response in answers:
            if not heard(connection):
                return
            connection.sendall(response)
        if not close:
            heard(connection)

    return talk


Serving = Callable[..., Server]


# ------------------------------------------------------------------------------------------------ checked by h11
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True).filter(
    lambda name: name.lower() not in {"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "content-encoding"}
)
VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=40)
PAIRS = st.lists(st.tuples(NAMES.map(str.encode), VALUES.map(str.encode)), max_size=8)


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    target=st.from_regex(r"(/[a-z0-9%~-]{0,9}){0,3}(\?[a-z=&,:/@%+]{0,20})?", fullmatch=True),
    pairs=PAIRS,
    secret=VALUES,
    body=st.binary(max_size=200),
)
def test_requests_are_valid_http(method: str, target: str, pairs: list[tuple[bytes, bytes]], secret: str, body: bytes) -> None:
    credential = AppliedCredential(((b"Authorization", b"Bearer " + secret.encode()),), (("key", secret),))
    made = request("https://acme.test" + target, method, body, headers=[(b"Host", b"acme.test"), *pairs], credential=credential)
    reader = h11.Connection(h11.SERVER)
    reader.receive_data(http_framing.encode_request(made, http11.Origin("https://acme.test")))
    seen = reader.next_event()
    assert isinstance(seen, h11.Request)
    assert seen.method.decode() == method
    requested = credential.url(made.url).removeprefix("https://acme.test")
    assert seen.target.decode() == (requested if requested.startswith("/") else f"/{requested}")
    expected = [(name.lower(), value) for name, value in (*made.headers, *credential.headers())]
    assert [(name, value) for name, value in seen.headers] == [(name, value.strip()) for name, value in expected]
    received = b""
    while not isinstance(event := reader.next_event(), h11.EndOfMessage):
        assert isinstance(event, h11.Data)
        received += event.data
    assert received == body


@pytest.mark.parametrize("bad", [b"a\r\nX-More: b", b"a\nb", b"a\rb", b"a\0b", b"a\x7fb"])
def test_a_header_cannot_become_two(bad: bytes) -> None:
    for made in (
        request("https://acme.test/", headers=[(b"Host", b"acme.test"), (b"X-One", bad)]),
        request("https://acme.test/", credential=AppliedCredential(((b"X-Key", bad),))),
    ):
        with pytest.raises(TransportFailure, match="must not contain") as caught:
            http_framing.encode_request(made, http11.Origin("https://acme.test"))
        assert (caught.value.sent, caught.value.permanent) == (False, True)


@settings(max_examples=200)
@given(
    status=st.sampled_from([200, 201, 204, 304, 404, 500]),
    pairs=PAIRS,
    parts=st.lists(st.binary(min_size=1, max_size=100), max_size=4),
    chunked=st.booleans(),
    interim=st.integers(0, 2),
    sliced=st.integers(1, 60),
)
def test_messages_of_h11_are_read(
    status: int, pairs: list[tuple[bytes, bytes]], parts: list[bytes], chunked: bool, interim: int, sliced: int
) -> None:
    writer = h11.Connection(h11.SERVER)
    writer.receive_data(b"GET / HTTP/1.1\r\nHost: acme.test\r\n\r\n")
    writer.next_event()
    if status in (204, 304):
        parts = []
    framing = (b"Transfer-Encoding", b"chunked") if chunked else (b"Content-Length", b"%d" % sum(map(len, parts)))
    headers = [*pairs] if status in (204, 304) else [*pairs, framing]
    data = b"".join(writer.send(h11.InformationalResponse(status_code=103, headers=pairs)) or b"" for _ in range(interim))
    data += writer.send(h11.Response(status_code=status, headers=headers, reason=b"Fine")) or b""
    data += b"".join(writer.send(h11.Data(data=part)) or b"" for part in parts)
    data += writer.send(h11.EndOfMessage(headers=pairs if chunked and parts else [])) or b""
    incoming = http_framing.ResponseParser(request("https://acme.test/"))
    for start in range(0, len(data), sliced):
        assert not incoming.complete
        incoming.feed(data[start : start + sliced])
    assert incoming.complete
    assert incoming.reusable
    response = incoming.response()
    assert (response.status, response.body) == (status, b"".join(parts))
    assert [(name.lower(), value) for name, value in response.pairs] == [(name.lower(), value) for name, value in headers]


# ------------------------------------------------------------------------------------------------ connections
def test_a_connection_is_used_again(way: Way, serving: Serving) -> None:
    server = serving(answering(OK, OK, OK))
    assert way.send(*[request(f"{server.url}/") for _ in range(3)]).body == b"ok"
    assert server.accepted == 1


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\n\r\nok",  # the response ends with the connection
        OK + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",  # a response without a request
        OK + b"more",
        OK + OK[:10],
    ],
)
def test_a_connection_that_cannot_be_is_not(way: Way, serving: Serving, response: bytes) -> None:
    server = serving(answering(response, close=True))
    assert way.send(request(f"{server.url}/"), request(f"{server.url}/")).body == b"ok"
    assert server.accepted == 2


def test_one_that_the_server_has_closed_is_not_taken_up(way: Way, serving: Serving) -> None:
    server = serving(answering(OK, close=True))
    assert way.send(request(f"{server.url}/", "POST", b"x"), request(f"{server.url}/", "POST", b"x"), pause=0.1).body == b"ok"
    assert server.accepted == 2


def test_unsolicited_bytes_close_the_connection(way: Way, serving: Serving) -> None:
    def talk(connection: socket.socket, number: int) -> None:
        heard(connection)
        connection.sendall(OK)
        time.sleep(0.05)
        connection.sendall(OK.replace(b"ok", b"no"))
        heard(connection)

    server = serving(talk)
    assert way.send(request(f"{server.url}/"), request(f"{server.url}/"), pause=0.2).body == b"ok"
    assert server.accepted == 2


def test_one_that_ends_instead_of_responding_loses_the_request_and_nothing_is_repeated(way: Way, serving: Serving) -> None:
    seen: list[bytes] = []

    def talk(connection: socket.socket, number: int) -> None:
        seen.append(heard(connection))
        connection.sendall(OK)
        seen.append(heard(connection))

    server = serving(talk)
    with pytest.raises(TransportFailure, match=r"without a response|reset") as caught:
        way.send(request(f"{server.url}/1", "POST", b"x"), request(f"{server.url}/2", "POST", b"x"))
    assert (caught.value.sent, caught.value.permanent) == (True, False)
    assert [data.split(b" ")[1] for data in seen] == [b"/1", b"/2"]
    assert server.accepted == 1


def test_one_that_was_idle_for_long_is_not_taken_up(way: Way, serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_pool, "KEEPALIVE_EXPIRY", 0.05)
    monkeypatch.setattr(async_pool, "KEEPALIVE_EXPIRY", 0.05)
    server = serving(answering(OK, OK))
    way.send(request(f"{server.url}/"), request(f"{server.url}/"), pause=0.1)
    assert server.accepted == 2


def test_connection_refused(way: Way) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/"
    with pytest.raises(TransportFailure, match=r"(?i)connect") as caught:
        way.send(request(url))
    assert (caught.value.sent, caught.value.permanent) == (False, False)


def test_a_name_that_no_host_can_have(way: Way) -> None:
    with pytest.raises(TransportFailure) as caught:
        way.send(request(f"http://{'a' * 64}.test/"))
    assert (caught.value.sent, caught.value.permanent) == (False, True)


@pytest.mark.skipif(not socket.has_ipv6, reason="this system has no IPv6")
def test_an_address_of_ipv6(way: Way, serving: Serving) -> None:
    server = serving(answering(OK), family=socket.AF_INET6)
    assert way.send(request(f"{server.url}/")).body == b"ok"


def test_no_more_connections_than_there_may_be(way: Way, serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_pool, "MAX_CONNECTIONS", 1)
    monkeypatch.setattr(async_pool, "MAX_CONNECTIONS", 1)
    release = threading.Event()

    def talk(connection: socket.socket, number: int) -> None:
        heard(connection)
        release.wait(5)
        connection.sendall(OK)

    server = serving(talk)
    hasty = request(f"{server.url}/", timeout=TIMEOUT | {"pool": 0.05})
    if way.mode == "sync":
        first = threading.Thread(target=way.send, args=(request(f"{server.url}/"),))
        first.start()
        while server.accepted == 0:
            time.sleep(0.01)
        with pytest.raises(TransportFailure, match="in use") as caught:
            way.send(hasty)
        release.set()
        first.join()
    else:

        async def both() -> None:
            slow = asyncio.create_task(way.asynchronous.asend(request(f"{server.url}/")))
            await asyncio.sleep(0.05)
            try:
                await way.asynchronous.asend(hasty)
            finally:
                release.set()
                await slow

        with pytest.raises(TransportFailure, match="in use") as caught:
            way._runner.run(both())
    assert caught.value.sent is False


def echo(connection: socket.socket, number: int) -> None:
    while data := heard(connection):
        path = data.split(b" ")[1]
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(path), path))


def test_every_call_gets_its_own_response(way: Way, serving: Serving) -> None:
    server = serving(echo)
    wrong: list[str] = []
    if way.mode == "sync":

        def ask(number: int) -> None:
            for step in range(20):
                path = f"/{number}/{step}"
                if way.send(request(server.url + path)).body.decode() != path:
                    wrong.append(path)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    else:

        async def one(path: str) -> None:
            if (await way.asynchronous.asend(request(server.url + path))).body.decode() != path:
                wrong.append(path)

        async def all_of() -> None:
            await asyncio.gather(*(one(f"/{number}") for number in range(320)))

        way._runner.run(all_of())
    assert wrong == []
    assert server.accepted <= 100


def test_response_of_a_cancelled_call_is_dropped(serving: Serving) -> None:
    def talk(connection: socket.socket, number: int) -> None:
        while data := heard(connection):
            path = data.split(b" ")[1]
            head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(path)
            connection.sendall(head + path[:2])
            time.sleep(0.2)
            connection.sendall(path[2:])

    server = serving(talk)
    way = Way("async")

    async def both() -> Response:
        first = asyncio.create_task(way.asynchronous.asend(request(f"{server.url}/first")))
        await asyncio.sleep(0.1)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await way.asynchronous.asend(request(f"{server.url}/second"))

    assert way._runner.run(both()).body == b"/second"
    assert server.accepted == 2
    way.close()


# ------------------------------------------------------------------------------------------------ responses
@pytest.mark.parametrize(
    ("response", "status", "body"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, 200, b"ok"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", 304, b""),
        (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", 200, b"ok"),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, b"ok"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\no\r\n1\r\nk\r\n0\r\nX-Late: 1\r\n\r\n", 200, b"ok"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(b"ok", mtime=0), 200, b"ok"),
    ],
)
def test_responses_of_every_form(way: Way, serving: Serving, response: bytes, status: int, body: bytes) -> None:
    server = serving(answering(response, close=True))
    found = way.send(request(f"{server.url}/"))
    assert (found.status, found.body) == (status, body)
    assert "x-late" not in found.headers


@pytest.mark.parametrize(
    "response",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 1\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\n\r\nok",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
)
def test_invalid_responses_are_reported(way: Way, serving: Serving, response: bytes) -> None:
    server = serving(answering(response, close=True))
    with pytest.raises(TransportFailure) as caught:
        way.send(request(f"{server.url}/", "POST", b"x"))
    assert (caught.value.sent, caught.value.permanent, caught.value.late) == (True, False, False)
    assert server.accepted == 1


def endless(start: bytes, piece: bytes) -> Talk:
    def talk(connection: socket.socket, number: int) -> None:
        heard(connection)
        connection.sendall(start)
        for _ in range(100_000):
            connection.sendall(piece * 100)

    return talk


@pytest.mark.parametrize(
    "talk",
    [
        endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and more of it\r\n"),
        endless(b"HTTP/1.1 200 OK\r\nX-More: ", b"more of one header "),
        endless(b"HTTP/1.1 ", b"200"),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Late: and later\r\n"),
        endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"an extension "),
        endless(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", b"HTTP/1.1 200 OK\r\n\r\n"),
    ],
    ids=["headers", "a-header", "a-status", "interim", "trailers", "extension", "answers"],
)
def test_endless_responses_time_out(way: Way, serving: Serving, talk: Talk) -> None:
    server = serving(talk)
    with contextlib.suppress(TransportFailure):
        assert way.send(request(f"{server.url}/")).body == b"ok"
    assert server.accepted == 1


def test_a_small_response_that_grows(way: Way, serving: Serving) -> None:
    packed = gzip.compress(bytes(50_000_000))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    server = serving(answering(head + packed))
    with pytest.raises(UnreadableResponse, match="larger than 1000000 bytes"):
        way.send(request(f"{server.url}/"))


def test_a_response_before_the_request_was_read(way: Way, serving: Serving) -> None:
    """A server that rejects a body does not read it, responds and closes."""

    def talk(connection: socket.socket, number: int) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno")
        time.sleep(0.3)

    server = serving(talk)
    made = request(f"{server.url}/", "POST", bytes(http_framing.CHUNK_SIZE), timeout=TIMEOUT | {"write": 1.0})
    with contextlib.suppress(TransportFailure):  # the system may drop a response once the server has closed with bytes not read
        assert way.send(made).status == 413
    assert server.accepted == 1


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"])
def test_a_drip_ends_at_the_deadline(way: Way, serving: Serving, head: bytes) -> None:
    def talk(connection: socket.socket, number: int) -> None:
        heard(connection)
        connection.sendall(head)
        for _ in range(600):
            connection.sendall(b"a")
            time.sleep(0.05)

    server = serving(talk)
    begun = time.monotonic()
    with pytest.raises(TransportFailure, match="by the deadline") as caught:
        way.send(request(f"{server.url}/", deadline=begun + 0.3))
    assert caught.value.late
    assert time.monotonic() - begun < 15, "the drip goes on for twice as long"


def test_silence_ends_too(way: Way, serving: Serving) -> None:
    server = serving(lambda connection, number: time.sleep(3))
    with pytest.raises(TransportFailure, match="ReadTimeout") as caught:
        way.send(request(f"{server.url}/", timeout=TIMEOUT | {"read": 0.1}))
    assert (caught.value.sent, caught.value.late) == (True, True)


def test_one_exchange_after_the_other_sets_one_timer(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serving(answering(*[OK] * 5))

    async def run() -> int:
        loop, timers = asyncio.get_running_loop(), list[float]()
        call_at = loop.call_at

        def counted(when: float, *rest: Any, **more: Any) -> asyncio.TimerHandle:
            timers.append(when)
            return call_at(when, *rest, **more)

        transport = AsyncConnectionPool(http11.Origin(server.url), inside=True)
        await transport.asend(request(f"{server.url}/"))
        monkeypatch.setattr(loop, "call_at", counted)
        for _ in range(4):
            await transport.asend(request(f"{server.url}/"))
        await transport.aclose()
        return len(timers)

    assert asyncio.run(run()) == 0


@pytest.mark.parametrize("patience", [5.0, None])
def test_the_timer_of_one_exchange_does_not_end_the_next(serving: Serving, patience: float | None) -> None:
    release = threading.Event()

    def talk(connection: socket.socket, number: int) -> None:
        heard(connection)
        connection.sendall(OK)
        heard(connection)
        release.wait(5)
        connection.sendall(OK)

    server = serving(talk)

    async def run() -> bytes:
        loop, notified = asyncio.get_running_loop(), asyncio.Event()
        transport = AsyncConnectionPool(http11.Origin(server.url), inside=True)
        await transport.asend(request(f"{server.url}/", timeout=TIMEOUT | {"read": 0.1}))
        loop.call_later(0.15, notified.set)
        second = asyncio.create_task(transport.asend(request(f"{server.url}/", timeout=TIMEOUT | {"read": patience})))
        await notified.wait()  # the first timer has expired
        release.set()
        response = await second
        await transport.aclose()
        return response.body

    assert asyncio.run(run()) == b"ok"


def test_no_failure_shows_the_credential(way: Way, serving: Serving) -> None:
    secret = "sentinel-7c1e"
    server = serving(answering(b"HTTP/1.1 200 OK\r\n" + secret.encode() + b"\r\n\r\n", close=True))
    with pytest.raises(TransportFailure) as caught:
        way.send(request(f"{server.url}/", credential=AppliedCredential(((b"Authorization", secret.encode()),))))
    error: BaseException | None = caught.value
    while error is not None:
        assert secret not in str(error)
        error = error.__cause__ or error.__context__


# ------------------------------------------------------------------------------------------------ TLS
def _certificate(folder: Path) -> Path:
    made = folder / "both.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -keyout {made} -out {folder / 'cert.pem'} -days 1 -subj /CN=localhost"
    subprocess.run([*command.split(), "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    made.write_bytes(made.read_bytes() + (folder / "cert.pem").read_bytes())
    return made


def test_a_server_whose_certificate_is_trusted(way: Way, serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = _certificate(tmp_path)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(both)
    theirs.set_alpn_protocols(["h2", "http/1.1"])
    named: list[str | None] = []
    theirs.sni_callback = lambda tls, name, context: named.append(name)
    protocol: list[str | None] = []

    def talk(connection: socket.socket, number: int) -> None:
        with theirs.wrap_socket(connection, server_side=True) as safe:
            protocol.append(safe.selected_alpn_protocol())
            answering(OK, OK)(safe, number)

    server = serving(talk)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    tls.ssl_context.cache_clear()
    try:
        url = f"https://localhost:{server.port}/"
        assert way.send(request(url), request(url)).body == b"ok"
        with pytest.raises(TransportFailure, match="CERTIFICATE_VERIFY_FAILED") as caught:
            way.send(request(f"https://127.0.0.1:{server.port}/"))
    finally:
        tls.ssl_context.cache_clear()
    assert (caught.value.sent, caught.value.permanent) == (False, True)
    assert (named[0], protocol[0]) == ("localhost", "http/1.1")
    assert server.accepted == 2


def test_trust_is_that_of_httpx2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    tls.ssl_context.cache_clear()
    ours, theirs = tls.ssl_context(), httpx2.create_ssl_context()
    for name in ("verify_mode", "check_hostname", "verify_flags", "options", "minimum_version", "maximum_version"):
        assert getattr(ours, name) == getattr(theirs, name), name
    assert ours.cert_store_stats() == theirs.cert_store_stats()
    assert [cipher["name"] for cipher in ours.get_ciphers()] == [cipher["name"] for cipher in theirs.get_ciphers()]


# ------------------------------------------------------------------------------------------------ tools that patch the transport
@pytest.mark.parametrize("named", ["plain", "wrapped"])
def test_patched_httpx2_sees_all_requests(way: Way, serving: Serving, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """Tools that record, mock or trace replace the transport's own function."""
    server, seen = serving(answering(OK, OK)), []
    kind, method = (httpx2.HTTPTransport, "handle_request") if way.mode == "sync" else (httpx2.AsyncHTTPTransport, "handle_async_request")
    inner: Any = getattr(kind, method)

    def instead(self: Any, requested: Any) -> Any:
        seen.append(str(requested.url))
        return inner(self, requested)

    way.send(request(f"{server.url}/before"))
    monkeypatch.setattr(kind, method, instead if named == "plain" else functools.wraps(inner)(instead))
    way.send(request(f"{server.url}/seen"))
    monkeypatch.undo()
    way.send(request(f"{server.url}/after"))
    assert seen == [f"{server.url}/seen"]


@pytest.mark.parametrize(
    "unusual",
    [
        {"method": "HEAD"},
        {"stream": True},
        {"url": "http://127.0.0.1/a/../b"},
        {"url": "http://127.0.0.1/a b"},
        {"url": "http://127.0.0.1/ä"},
        {"body": bytes(http_framing.CHUNK_SIZE + 1)},
    ],
)
def test_unusual_requests_are_sent_by_httpx2(unusual: dict[str, Any]) -> None:
    assert http11.supports(request("http://127.0.0.1/"))
    assert not http11.supports(request(**({"url": "http://127.0.0.1/"} | unusual)))
