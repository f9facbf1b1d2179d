"""A hostile server at the other end of the process's own sockets: its cost, and how its responses are read.

Malformed responses are in `tests/unit/runtime/test_http11.py`; here are those that take memory and time, and those that split in two.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import ssl
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvloop

from tests.unit.runtime import test_http11
from tests.unit.runtime.test_http11 import OK, Serving, Talk, Way, _certificate, heard, request
from unified_runtime import TransportFailure
from unified_runtime.core.errors import UnreadableResponse
from unified_runtime.http import tls
from unified_runtime.http.event_loops import PerLoopTransport
from unified_runtime.http.http11._backends import sync
from unified_runtime.http.http11.framing import Origin, ResponseParser

way, serving = test_http11.way, test_http11.serving

MIB = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\n"


@contextlib.contextmanager
def at_most(size: int) -> Iterator[None]:
    """Run within so many bytes of memory."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < size


def streaming(start: bytes, piece: bytes, count: int) -> Talk:
    """Send a piece repeatedly, even if no client reads it."""

    def talk(connection: socket.socket, number: int) -> None:
        heard(connection)
        connection.sendall(start)
        for _ in range(count):
            connection.sendall(piece)

    return talk


# ------------------------------------------------------------------------------------------------ memory and time
def test_bytes_after_a_compressed_response_are_dropped(way: Way, serving: Serving) -> None:
    """zlib stores it, and copies all of it with every piece that arrives."""
    server = serving(streaming(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}"), bytes(MIB), 200))
    with at_most(8 * MIB), pytest.raises(UnreadableResponse, match="larger than 1000000 bytes"):
        way.send(request(f"{server.url}/"))


def test_a_little_behind_it_is_passed_over(way: Way, serving: Serving) -> None:
    packed = gzip.compress(b"ok") + b"padding" + gzip.compress(b"more")
    server = serving(streaming(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed), packed, 1))
    assert way.send(request(f"{server.url}/")).body == b"ok"


def test_a_compressed_response_that_holds_nothing_ends(way: Way, serving: Serving) -> None:
    """Empty blocks of deflate: input without any output."""
    begin = gzip.compress(b"")[:10]
    server = serving(streaming(HEAD + b"Content-Encoding: gzip\r\n\r\n" + begin, b"\x00\x00\x00\xff\xff" * 20_000, 100))
    with pytest.raises(UnreadableResponse, match="larger than 1000000 bytes"):
        way.send(request(f"{server.url}/"))


@pytest.mark.parametrize("sliced", [64 * 1024, 7])
def test_a_response_in_the_smallest_chunks_is_read_completely(sliced: int) -> None:
    """Each chunk is an object of its own while it arrives, twenty times as large as two bytes."""
    data = HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"2\r\nok\r\n" * 400_000 + b"0\r\n\r\n"
    incoming = ResponseParser(request("https://acme.test/", deadline=time.monotonic() + 300))
    with at_most(6 * MIB):
        for start in range(0, len(data), sliced):
            incoming.feed(data[start : start + sliced])
        assert incoming.complete
        assert incoming.response().body == b"ok" * 400_000


def test_a_name_with_many_silent_addresses_takes_no_longer_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner of a name decides how many addresses it has. Time is counted here, without waiting."""
    now = 1000.0
    waits: list[float] = []

    class Silent:
        def __init__(self, *_: Any) -> None:
            self.patience = 0.0

        def settimeout(self, seconds: float) -> None:
            self.patience = seconds

        def connect(self, _: Any) -> None:
            nonlocal now
            now += self.patience
            waits.append(self.patience)
            raise TimeoutError("timed out")

        def close(self) -> None:
            """No port is open."""

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))] * 100
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "socket", Silent)
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with pytest.raises(TransportFailure, match="ConnectTimeout") as caught:
        sync.connect(Origin("https://acme.test"), inside=False, seconds=5.0)
    assert caught.value.sent is False
    assert len(waits) == 100
    assert waits[0] == 2.5  # a first one that is silent leaves time for the second
    assert now - 1000.0 < 5.2


# ------------------------------------------------------------------------------------------------ framing of responses
@pytest.mark.parametrize("framing", [b"", b"Connection: close\r\n"])
@pytest.mark.parametrize("expected", [True, False], ids=["by the server", "by somebody between"])
def test_only_the_server_itself_ends_a_response_without_a_length(
    way: Way, serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, framing: bytes, expected: bool
) -> None:
    """A machine in the middle can end a connection without TLS's close_notify: the bytes until then are not a complete response."""
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(_certificate(tmp_path))

    def talk(connection: socket.socket, number: int) -> None:
        safe = theirs.wrap_socket(connection, server_side=True, suppress_ragged_eofs=True)
        heard(safe)
        safe.sendall(HEAD + framing + b'\r\n{"id": 1}')
        if expected:
            with contextlib.suppress(OSError):
                safe.unwrap()
        safe.close()

    server = serving(talk)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    tls.ssl_context.cache_clear()
    try:
        made = request(f"https://localhost:{server.port}/", "POST", b"x")
        if expected:
            assert way.send(made).body == b'{"id": 1}'
            return
        with pytest.raises(TransportFailure) as caught:
            way.send(made)
    finally:
        tls.ssl_context.cache_clear()
    assert (caught.value.sent, caught.value.permanent) == (True, False)


@pytest.mark.parametrize(
    "response",
    [
        HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nok",
        HEAD + b"Content-Length: 2, 2\r\n\r\nok",
        HEAD + b"Content-Length: +2\r\n\r\nok",
        HEAD + b"Content-Length: 0x2\r\n\r\nok",
        HEAD + b"Content-Length : 2\r\n\r\nok",
        HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding:\x0bchunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n-2\r\nok\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\nok\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2 \r\nok\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\nok\n0\n\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2;a=\"b\r\nok\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nContent-Length: 9\r\n\r\n",
        HEAD + b"X: a\rLocation: /evil\r\nContent-Length: 2\r\n\r\nok",
        HEAD + b"X: a\r\n Location: /evil\r\nContent-Length: 2\r\n\r\nok",
        HEAD + b"X X: a\r\nContent-Length: 2\r\n\r\nok",
        HEAD + b"X\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + OK,
        b"HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n" + OK,
        b"HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ],
)  # fmt: skip
def test_ambiguous_responses_are_rejected(way: Way, serving: Serving, response: bytes) -> None:
    def talk(connection: socket.socket, number: int) -> None:
        heard(connection)
        connection.sendall(response)

    server = serving(talk)
    with pytest.raises(TransportFailure) as caught:
        way.send(request(f"{server.url}/", "POST", b"x"))
    assert caught.value.sent is True
    assert server.accepted == 1  # and nothing is repeated


@pytest.mark.parametrize(
    "last", [b"Location: http://169.254.169.254/", b"Set-Cookie: a=b", b"Retry-After: 9999", b"Transfer-Encoding: chunked"]
)
def test_bytes_after_a_body_are_not_headers(way: Way, serving: Serving, last: bytes) -> None:
    response = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n" + last + b"\r\n\r\n"
    server = serving(streaming(response, b"", 0))
    found = way.send(request(f"{server.url}/"))
    assert (found.body, [*found.headers]) == (b"ok", ["transfer-encoding"])


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_nothing_of_another_response_joins_the_one_that_was_requested(
    serving: Serving, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    """uvloop reports several reads before the reader resumes after the first: here the first response is exactly one of its reads long."""
    head = HEAD + b"Content-Length: %d\r\n\r\n"
    requested = head % 262_101 + b"a" * 262_101
    assert len(requested) == 256 * 1024
    server = serving(streaming(requested + (head % 60_000 + b"x" * 60_000) * 20, b"", 0))

    async def sent() -> bytes:
        transport = PerLoopTransport()
        try:
            return (await transport.asend(request(f"{server.url}/"))).body
        finally:
            await transport.aclose()

    with asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(sent()) == b"a" * 262_101


def test_bytes_after_a_complete_response_are_not_part_of_it() -> None:
    incoming = ResponseParser(request("https://acme.test/"))
    incoming.feed(OK)
    assert incoming.reusable
    incoming.feed(OK.replace(b"ok", b"no"))
    assert (incoming.response().body, incoming.reusable) == (b"ok", False)


def test_an_interim_response_leaves_nothing_behind(way: Way, serving: Serving) -> None:
    """Neither its headers nor its declared length are those of the response."""
    interim = b"HTTP/1.1 103 Early Hints\r\nLocation: /evil\r\nContent-Length: 5\r\n\r\n"
    server = serving(streaming(interim * 3 + OK, b"", 0))
    found = way.send(request(f"{server.url}/"))
    assert (found.status, found.body, [*found.headers]) == (200, b"ok", ["content-length"])
