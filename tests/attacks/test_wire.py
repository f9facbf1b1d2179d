"""A hostile server at the other end of the process's own sockets: what it may cost, and what it may make of an answer.

Answers of every wrong form are in `tests/unit/runtime/test_http11.py`; here is what takes memory and time, and what makes one answer two.
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
from unified_runtime.errors import AnswerUnreadable
from unified_runtime.transports import aio_http, http11, sockets, tls

way, serving = test_http11.way, test_http11.serving

MIB = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\n"


@contextlib.contextmanager
def at_most(size: int) -> Iterator[None]:
    """Within so many bytes of memory."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < size


def streaming(start: bytes, piece: bytes, count: int) -> Talk:
    """Sends a piece so often, whether or not anybody still wants it."""

    def talk(connection: socket.socket, number: int) -> None:
        heard(connection)
        connection.sendall(start)
        for _ in range(count):
            connection.sendall(piece)

    return talk


# ------------------------------------------------------------------------------------------------ memory and time
def test_what_stands_behind_a_compressed_answer_is_not_kept(way: Way, serving: Serving) -> None:
    """zlib keeps it, and copies all of it with every piece that comes."""
    server = serving(streaming(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}"), bytes(MIB), 200))
    with at_most(8 * MIB), pytest.raises(AnswerUnreadable, match="larger than the 1000000 bytes"):
        way.send(request(f"{server.url}/"))


def test_a_little_behind_it_is_passed_over(way: Way, serving: Serving) -> None:
    packed = gzip.compress(b"ok") + b"padding" + gzip.compress(b"more")
    server = serving(streaming(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed), packed, 1))
    assert way.send(request(f"{server.url}/")).body == b"ok"


def test_a_compressed_answer_that_holds_nothing_ends(way: Way, serving: Serving) -> None:
    """Empty blocks of deflate: bytes come, and none come of them."""
    begin = gzip.compress(b"")[:10]
    server = serving(streaming(HEAD + b"Content-Encoding: gzip\r\n\r\n" + begin, b"\x00\x00\x00\xff\xff" * 20_000, 100))
    with pytest.raises(AnswerUnreadable, match="larger than the 1000000 bytes"):
        way.send(request(f"{server.url}/"))


@pytest.mark.parametrize("sliced", [64 * 1024, 7])
def test_an_answer_in_the_smallest_chunks_takes_what_it_holds(sliced: int) -> None:
    """Each chunk is an object of its own while it comes, twenty times as large as two bytes."""
    data = HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"2\r\nok\r\n" * 400_000 + b"0\r\n\r\n"
    incoming = http11.Incoming(request("https://acme.test/"))
    with at_most(6 * MIB):
        for start in range(0, len(data), sliced):
            incoming.feed(data[start : start + sliced])
        assert incoming.complete
        assert incoming.response().body == b"ok" * 400_000


def test_a_name_with_many_addresses_that_do_not_answer_takes_no_longer_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who owns a name says how many addresses it has. Time is counted here, not waited for."""
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
            """Nothing is open."""

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))] * 100
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "socket", Silent)
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with pytest.raises(TransportFailure, match="ConnectTimeout") as caught:
        sockets._connected(http11.Server("https://acme.test"), inside=False, timeout=5.0)
    assert caught.value.sent is False
    assert len(waits) == 100
    assert waits[0] == 2.5  # a first one that is silent leaves time for the second
    assert now - 1000.0 < 5.2


# ------------------------------------------------------------------------------------------------ what an answer is
@pytest.mark.parametrize("framing", [b"", b"Connection: close\r\n"])
@pytest.mark.parametrize("said", [True, False], ids=["by the server", "by somebody between"])
def test_only_the_server_itself_ends_an_answer_without_a_length(
    way: Way, serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, framing: bytes, said: bool
) -> None:
    """Whoever sits between can end a connection, and not write TLS's word for it: what came until then is no whole answer."""
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(_certificate(tmp_path))

    def talk(connection: socket.socket, number: int) -> None:
        safe = theirs.wrap_socket(connection, server_side=True, suppress_ragged_eofs=True)
        heard(safe)
        safe.sendall(HEAD + framing + b'\r\n{"id": 1}')
        if said:
            with contextlib.suppress(OSError):
                safe.unwrap()
        safe.close()

    server = serving(talk)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    tls.context.cache_clear()
    try:
        made = request(f"https://localhost:{server.port}/", "POST", b"x")
        if said:
            assert way.send(made).body == b'{"id": 1}'
            return
        with pytest.raises(TransportFailure) as caught:
            way.send(made)
    finally:
        tls.context.cache_clear()
    assert (caught.value.sent, caught.value.permanent) == (True, False)


@pytest.mark.parametrize(
    "answer",
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
def test_what_could_be_read_in_two_ways_is_read_in_none(way: Way, serving: Serving, answer: bytes) -> None:
    def talk(connection: socket.socket, number: int) -> None:
        heard(connection)
        connection.sendall(answer)

    server = serving(talk)
    with pytest.raises(TransportFailure) as caught:
        way.send(request(f"{server.url}/", "POST", b"x"))
    assert caught.value.sent is True
    assert server.accepted == 1  # and nothing is repeated


@pytest.mark.parametrize(
    "last", [b"Location: http://169.254.169.254/", b"Set-Cookie: a=b", b"Retry-After: 9999", b"Transfer-Encoding: chunked"]
)
def test_what_comes_behind_a_body_is_no_header(way: Way, serving: Serving, last: bytes) -> None:
    answer = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n" + last + b"\r\n\r\n"
    server = serving(streaming(answer, b"", 0))
    found = way.send(request(f"{server.url}/"))
    assert (found.body, [*found.headers]) == (b"ok", ["transfer-encoding"])


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_nothing_of_another_answer_joins_the_one_that_was_asked_for(
    serving: Serving, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    """uvloop tells of several reads before whoever waits is told of the first: here the first answer is exactly one of its reads long."""
    head = HEAD + b"Content-Length: %d\r\n\r\n"
    asked = head % 262_101 + b"a" * 262_101
    assert len(asked) == 256 * 1024
    server = serving(streaming(asked + (head % 60_000 + b"x" * 60_000) * 20, b"", 0))

    async def sent() -> bytes:
        transport = aio_http.DefaultAsyncTransport()
        try:
            return (await transport.asend(request(f"{server.url}/"))).body
        finally:
            await transport.aclose()

    with asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(sent()) == b"a" * 262_101


def test_what_comes_behind_a_whole_answer_is_none_of_it() -> None:
    incoming = http11.Incoming(request("https://acme.test/"))
    incoming.feed(OK)
    assert incoming.reusable
    incoming.feed(OK.replace(b"ok", b"no"))
    assert (incoming.response().body, incoming.reusable) == (b"ok", False)


def test_an_interim_answer_leaves_nothing_behind(way: Way, serving: Serving) -> None:
    """Neither its headers nor the length that it tells are the answer's."""
    interim = b"HTTP/1.1 103 Early Hints\r\nLocation: /evil\r\nContent-Length: 5\r\n\r\n"
    server = serving(streaming(interim * 3 + OK, b"", 0))
    found = way.send(request(f"{server.url}/"))
    assert (found.status, found.body, [*found.headers]) == (200, b"ok", ["content-length"])
