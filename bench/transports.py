"""Compare the runtime's own HTTP/1.1 client with httpcore2 and aiohttp under governed calls.

The prototypes connect only to the checked address: httpcore2 through its network backend, aiohttp through its resolver
and its socket factory. They send what governed calls send, without streams, proxies and recording, which makes them faster if anything.

Run with `python -m bench.transports`; docs/decisions/024 holds the figures of one run.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import select
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpcore2
import yarl

from bench import jira_responses
from bench.calls import AT_ONCE, HEADERS, ISSUE, QUERY
from bench.governed_calls import governed_options
from bench.loopback import serving
from bench.measure import functions
from unified_runtime import using
from unified_runtime.core.errors import TransportFailure
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.http.http11._sync.connection_pool import KEEPALIVE_EXPIRY, MAX_CONNECTIONS
from unified_runtime.http.http11.framing import CHUNK_SIZE
from unified_runtime.http.network_policy import may_lie_inside
from unified_runtime.http.response_body import ResponseBody, aread_body
from unified_runtime.http.ssrf import check_address
from unified_runtime.http.tls import ssl_context


def _server(url: str) -> str:
    return url[: url.index("/", 8)] if "/" in url[8:] else url


class Stream(httpcore2.NetworkStream):
    """Stream over a socket, without the context manager that httpcore2's own class uses to map errors of each read and write."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._timeout: float | None = opened.gettimeout()
        self._poll = select.poll()
        self._poll.register(opened, select.POLLIN)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._set_timeout(timeout)
        try:
            return self._socket.recv(CHUNK_SIZE)
        except TimeoutError as error:
            raise httpcore2.ReadTimeout(str(error)) from None
        except OSError as error:
            raise httpcore2.ReadError(str(error)) from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._set_timeout(timeout)
        try:
            self._socket.sendall(buffer)
        except TimeoutError as error:
            raise httpcore2.WriteTimeout(str(error)) from None
        except OSError as error:
            raise httpcore2.WriteError(str(error)) from None

    def close(self) -> None:
        self._socket.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Stream:
        self._socket.settimeout(timeout)
        return Stream(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname, suppress_ragged_eofs=False))

    def get_extra_info(self, info: str) -> Any:
        return bool(self._poll.poll(0)) if info == "is_readable" else None

    def _set_timeout(self, seconds: float | None) -> None:
        if seconds != self._timeout:
            self._socket.settimeout(seconds)
            self._timeout = seconds


class Backend(httpcore2.NetworkBackend):
    """Network backend that resolves a name once, checks all its addresses, and connects to one of them."""

    def __init__(self, *, inside: bool) -> None:
        self._inside = inside

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            for *_, address in found:
                check_address(host, str(address[0]), inside=self._inside)
            family, kind, protocol, _, address = found[0]
            opened = socket.socket(family, kind, protocol)
            opened.settimeout(timeout)
            opened.connect(address)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise httpcore2.ConnectError(str(error)) from None
        return Stream(opened)


class Httpcore2:
    """`Transport` over connection pools of httpcore2."""

    def __init__(self) -> None:
        self._pools: dict[tuple[str, bool], tuple[httpcore2.ConnectionPool, tuple[bytes, bytes, int | None]]] = {}

    def send(self, request: HTTPRequest) -> Response:
        server = _server(request.url)
        inside = may_lie_inside(server, request.inside)
        pool, (scheme, host, port) = self._pools.get((server, inside)) or self._pool(server, inside)
        url = httpcore2.URL(scheme=scheme, host=host, port=port, target=request.credential.url(request.url)[len(server) :].encode("ascii"))
        headers = [*request.headers, *request.credential.headers(request.method, request.url)]
        outgoing = httpcore2.Request(
            request.method, url, headers=headers, content=request.body, extensions={"timeout": dict(request.timeout)}
        )
        try:
            response = pool.handle_request(outgoing)
            try:
                coding = next((value.decode("latin-1") for name, value in response.headers if name.lower() == b"content-encoding"), None)
                body = ResponseBody(response.status, response.headers, coding, request)
                for chunk in response.iter_stream():
                    body.feed(chunk)
            finally:
                response.close()
            return Response(response.status, response.headers, body.finish(), request.url)
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException) as error:
            failure = TransportFailure(request.credential.redact(str(error)), sent=not isinstance(error, httpcore2.ConnectError))
        raise failure

    def _pool(self, server: str, inside: bool) -> tuple[httpcore2.ConnectionPool, tuple[bytes, bytes, int | None]]:
        parts = urlsplit(server)
        pool = httpcore2.ConnectionPool(
            ssl_context=ssl_context(),
            max_connections=MAX_CONNECTIONS,
            keepalive_expiry=KEEPALIVE_EXPIRY,
            network_backend=Backend(inside=inside),
        )
        opened_socket = pool, (parts.scheme.encode(), (parts.hostname or "").encode(), parts.port)
        self._pools[server, inside] = opened_socket
        return opened_socket

    def close(self) -> None:
        for pool, _ in self._pools.values():
            pool.close()


class Resolver(aiohttp.ThreadedResolver):
    """Resolver that checks all addresses of a name."""

    def __init__(self, *, inside: bool) -> None:
        super().__init__()
        self._inside = inside

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> Any:
        found = await super().resolve(host, port, family)
        for one in found:
            check_address(host, str(one["host"]), inside=self._inside)
        return found


class Aiohttp:
    """`AsyncTransport` over sessions of aiohttp, for one event loop."""

    def __init__(self) -> None:
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._timeouts: dict[tuple[float | None, float | None], aiohttp.ClientTimeout] = {}

    async def asend(self, request: HTTPRequest) -> Response:
        server = _server(request.url)
        inside = may_lie_inside(server, request.inside)
        session = self._sessions.get(inside) or self._session(inside)
        headers = [*request.headers, *request.credential.headers(request.method, request.url)]
        try:
            async with session.request(
                request.method,
                yarl.URL(request.credential.url(request.url), encoded=True),
                headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers],
                data=request.body or None,
                timeout=self._timeout(request),
                allow_redirects=False,
            ) as response:
                body = ResponseBody(response.status, response.raw_headers, response.headers.get("content-encoding"), request)
                read = await aread_body(response.content.iter_any(), body)
                return Response(response.status, response.raw_headers, read, request.url)
        except (aiohttp.ClientError, TimeoutError) as error:
            failure = TransportFailure(request.credential.redact(str(error)), sent=not isinstance(error, aiohttp.ClientConnectorError))
        raise failure

    def _session(self, inside: bool) -> aiohttp.ClientSession:
        def opened(info: Any) -> socket.socket:
            family, kind, protocol, _, address = info
            check_address(str(address[0]), str(address[0]), inside=inside)
            opened_socket = socket.socket(family, kind, protocol)
            opened_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return opened_socket

        connector = aiohttp.TCPConnector(
            limit=0,
            limit_per_host=MAX_CONNECTIONS,
            keepalive_timeout=KEEPALIVE_EXPIRY,
            ssl=ssl_context(),
            resolver=Resolver(inside=inside),
            use_dns_cache=False,
            socket_factory=opened,
        )
        session = self._sessions[inside] = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )
        return session

    def _timeout(self, request: HTTPRequest) -> aiohttp.ClientTimeout:
        wanted = request.timeout.get("connect"), request.timeout.get("read")
        found = self._timeouts.get(wanted)
        if found is None:
            if len(self._timeouts) > 1000:
                self._timeouts.clear()
            found = self._timeouts[wanted] = aiohttp.ClientTimeout(total=None, sock_connect=wanted[0], sock_read=wanted[1])
        return found

    async def aclose(self) -> None:
        while self._sessions:
            await self._sessions.popitem()[1].close()


def _sync(options: dict[str, Any]) -> dict[str, Callable[[int], object]]:
    import unified
    from unified import tasks

    number = itertools.count()

    def by(client: unified.Client) -> Callable[[int], object]:
        def run(loops: int) -> None:
            with using(client), unified.acting(user="alice", agent="helper"):
                for _ in range(loops):
                    assert tasks.get(f"PROJ-{next(number)}").id == "PROJ-1"

        return run

    return {"own": by(unified.Client(**options)), "httpcore2": by(unified.Client(Httpcore2(), **options))}


def _async(options: dict[str, Any], library: Aiohttp, runner: asyncio.Runner) -> dict[str, Callable[[int], object]]:
    import unified
    from unified.aio import tasks

    number = itertools.count()

    def by(client: unified.AsyncClient) -> Callable[[int], object]:
        async def get() -> None:
            assert (await tasks.get(f"PROJ-{next(number)}")).id == "PROJ-1"

        async def run(loops: int) -> None:
            async with using(client):
                with unified.acting(user="alice", agent="helper"):
                    for _ in range(max(1, loops // AT_ONCE)):
                        await asyncio.gather(*(get() for _ in range(AT_ONCE)))

        return lambda loops: runner.run(run(loops))

    return {"own": by(unified.AsyncClient(**options)), "aiohttp": by(unified.AsyncClient(library, **options))}


def _bare(server: str, library: Aiohttp, runner: asyncio.Runner) -> dict[str, dict[str, Callable[[int], object]]]:
    """Return a GET and `json.loads` with the transports only."""
    from unified_runtime.http._async.default import AsyncDefaultTransport
    from unified_runtime.http._sync.default import DefaultTransport

    url = f"{server}{ISSUE}?{QUERY}"
    headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()] + [(b"Host", urlsplit(server).netloc.encode())]

    timeout: dict[str, float | None] = dict.fromkeys(("connect", "read", "write", "pool"), 30.0)

    def request() -> HTTPRequest:
        return HTTPRequest(method="GET", url=url, headers=headers, timeout=timeout, largest=10_000_000, deadline=time.monotonic() + 30)

    def by(transport: Any) -> Callable[[int], object]:
        def run(loops: int) -> None:
            for _ in range(loops):
                assert json.loads(transport.send(request()).body)["key"] == "PROJ-1"

        return run

    def at_once(transport: Any) -> Callable[[int], object]:
        async def get() -> None:
            assert json.loads((await transport.asend(request())).body)["key"] == "PROJ-1"

        async def run(loops: int) -> None:
            for _ in range(max(1, loops // AT_ONCE)):
                await asyncio.gather(*(get() for _ in range(AT_ONCE)))

        return lambda loops: runner.run(run(loops))

    return {
        "GET and json.loads": {"own": by(DefaultTransport()), "httpcore2": by(Httpcore2())},
        f"GET and json.loads, async, {AT_ONCE} at once": {"own": at_once(AsyncDefaultTransport()), "aiohttp": at_once(library)},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=51)
    parser.add_argument("--loops", type=int, default=200)
    parser.add_argument("--clock", choices=("process_time", "thread_time"), default="process_time")
    parser.add_argument("--uvloop", action="store_true", help="run the async calls on uvloop")
    arguments = parser.parse_args()
    factory = None

    def write(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    if arguments.uvloop:
        import uvloop

        factory = uvloop.new_event_loop
    with (
        tempfile.TemporaryDirectory(prefix="bench-transports-") as folder,
        serving({"GET /rest/api/3/issue/": jira_responses.dump(jira_responses.issue(1))}) as server,
        open(os.devnull, "w", encoding="utf-8") as devnull,
        asyncio.Runner(loop_factory=factory) as runner,
    ):
        options = governed_options(Path(folder), server, devnull)
        library = Aiohttp()
        write(f"Python {sys.version.split()[0]}, {arguments.rounds} rounds of {arguments.loops} calls, CPU µs per call ({arguments.clock})")
        write("| call | own | library | to own |")
        write("|---|--:|--:|--:|")
        governed = {
            "governed tasks.get": _sync(options),
            f"governed tasks.get, async, {AT_ONCE} at once": _async(options, library, runner),
        }
        for name, subjects in (governed | _bare(server, library, runner)).items():
            spent = functions(subjects, arguments.rounds, arguments.loops, clock=getattr(time, arguments.clock))
            ratio = statistics.median(b / a for a, b in zip(*(one.seconds for one in spent), strict=True))
            cells = [f"{statistics.median(one.seconds) * 1e6:.0f}" for one in spent]
            write(f"| {name} | {cells[0]} | {cells[1]} | {ratio:.2f} |")
        runner.run(library.aclose())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
