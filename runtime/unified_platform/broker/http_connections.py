"""HTTP connections of the broker and of `unified mcp --http`: time limits, limits per client address, and eviction of idle clients.

uvicorn has a time limit for idle keep-alive connections only, and its `limit_concurrency` counts idle connections. Here only requests in
progress count as such. Every connection has a state; each state has a time limit. When there are too many connections, the one that is
least valuable one is evicted: first those without a complete request, last those of authenticated clients that are idle. A connection whose
request is in progress is never evicted. So new connections are always accepted, and health checks always get a response.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import ipaddress
import logging
import math
import sys
import types
from collections.abc import Awaitable, Coroutine, Generator, Iterable
from enum import IntEnum
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import get_remote_addr
from uvicorn.server import ServerState

from unified_platform.broker.limits import Limits
from unified_platform.common.client_addresses import CONNECTION, client_network

log = logging.getLogger("unified.broker")

HEADER_BYTES = 64 * 1024
"""Maximum size of a request line with its headers and trailers, in bytes."""
HEADERS = 200
"""Maximum headers and trailers of a request."""
CLOSING = 5.0
"""Seconds in which a closed connection may send the rest of its buffer."""
SWEEP = 1.0
"""Seconds between two checks of the time limits."""
IDENTIFYING = 1.0
"""Seconds until a client must be authenticated before its request may be ended because there are too many."""
NOTED = 60.0
"""Seconds between two log messages about evicted connections."""
PROBE_PATHS = (b"/health", b"/ready")
"""Paths that get a response even when the limits are reached."""
_NOT_STARTED = 3
"""Exit status if the address cannot be listened on; uvicorn's own."""
_OTHER_FILES = 256
"""Open files of a process other than connections: databases, modules, the log."""


class State(IntEnum):
    """State of a connection. When room is needed, a connection of the first state that has any is evicted, the oldest first."""

    CLOSING = 0
    OPENING = 1
    """No complete request head yet: TLS handshake, nothing sent, or a partial head."""
    HEAD = 2
    """A partial head after an earlier request, or a body that continues after its response."""
    IDLE = 3
    RECEIVING = 4
    """A request whose client is not authenticated and whose body is incomplete."""
    RESPONSE_BLOCKED = 5
    """The client does not read the response to an unauthenticated request."""
    KNOWN_HEAD = 6
    KNOWN_IDLE = 7
    KNOWN_RESPONSE_BLOCKED = 8
    """Not evicted, but limited in time."""
    UNKNOWN_WORKING = 9
    """A complete request of a client that is not authenticated yet. It is ended only if there are too many requests."""
    WORKING = 10
    """A request is in progress: not evicted, and limited in time by the application."""


_EVICTED = tuple(state for state in State if state < State.KNOWN_RESPONSE_BLOCKED)


class ConnectionLimiter:
    """Connections of one process, by state and by client address.

    Args:
        limits: limits of numbers and times.
        proxies: addresses and networks of trusted reverse proxies, which have no limit per address.
    """

    def __init__(self, limits: Limits, proxies: Iterable[str] = ()) -> None:
        self._limits = limits
        self._proxies = tuple(ipaddress.ip_network(proxy) for proxy in proxies)
        self._states: tuple[dict[Connection, None], ...] = tuple({} for _ in State)
        self._of_address: dict[str, dict[Connection, None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self.requests = 4 * limits.calls
        """Maximum concurrent requests, authenticated or not."""
        self.count = 0
        self._evicted = 0
        self._noted_at = -math.inf
        seconds = {
            State.CLOSING: CLOSING,
            State.OPENING: limits.header,
            State.HEAD: limits.header,
            State.KNOWN_HEAD: limits.header,
            State.IDLE: limits.idle,
            State.KNOWN_IDLE: limits.idle,
            State.RECEIVING: limits.silence,
            State.RESPONSE_BLOCKED: limits.silence,
            State.KNOWN_RESPONSE_BLOCKED: limits.silence,
            State.UNKNOWN_WORKING: math.inf,
            State.WORKING: math.inf,
        }
        self._seconds = tuple(seconds[state] for state in State)

    def address(self, host: str | None) -> str | None:
        """Return the key under which a client's connections are counted; None for trusted proxies and unix sockets."""
        if host is None:
            return None
        if self._proxies:
            try:
                found = ipaddress.ip_address(host)
            except ValueError:
                return client_network(host)
            if any(found in network for network in self._proxies):
                return None
        return client_network(host)

    def admit(self, connection: Connection) -> None:
        """Count a new connection, and evict another if there are too many. If none can be evicted, this one gets health checks only."""
        self.count += 1
        connection.since = connection.loop.time()
        self._states[State.OPENING][connection] = None
        same: dict[Connection, None] | None = None
        if connection.address is not None:
            same = self._of_address.setdefault(connection.address, {})
            same[connection] = None
        if self._timer is None:
            self._timer = connection.loop.call_later(SWEEP, self._sweep, connection.loop)
        if same is not None and len(same) > self._limits.connections_of_address:
            victim = min((one for one in same if one is not connection and one.state in _EVICTED), key=_worth, default=None)
        elif self.count > self._limits.connections:
            victim = self._first(connection)
        else:
            return
        if victim is None:
            connection.spare = True
        else:
            self._evict(victim)

    def _evict(self, victim: Connection) -> None:
        self._evicted += 1
        victim.end()

    def _first(self, but: Connection) -> Connection | None:
        for state in _EVICTED:
            for one in self._states[state]:
                if one is not but:
                    return one
        return None

    def evict_request(self, but: Connection) -> bool:
        """End the oldest request of an unauthenticated client whose body is incomplete, or that takes long. False: there is none."""
        victim = next((one for one in self._states[State.RECEIVING] if one is not but), None)
        if victim is None:
            oldest = next(iter(self._states[State.UNKNOWN_WORKING]), None)
            victim = oldest if oldest is not None and oldest.since + IDENTIFYING < but.loop.time() else None
        if victim is not None:
            self._evict(victim)
        return victim is not None

    def move(self, connection: Connection, state: State) -> None:
        """Set the state of an admitted connection; its time limit starts now."""
        del self._states[connection.state][connection]
        connection.state = state
        connection.since = connection.loop.time()
        self._states[state][connection] = None

    def leave(self, connection: Connection) -> None:
        """Remove a connection."""
        self.count -= 1
        del self._states[connection.state][connection]
        if connection.address is not None:
            same = self._of_address[connection.address]
            del same[connection]
            if not same:
                del self._of_address[connection.address]

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for connections, seconds in zip(self._states, self._seconds, strict=True):
            late = []
            for one in connections:  # ordered by `since`
                if one.since + seconds > now:
                    break
                late.append(one)
            for one in late:
                one.end()
        if self._evicted and self._noted_at + NOTED <= now:
            log.warning("%s idle or slow connections were closed to make room for others (limits.connections)", self._evicted)
            self._evicted, self._noted_at = 0, now
        self._timer = loop.call_later(SWEEP, self._sweep, loop) if self.count else None


def _worth(connection: Connection) -> tuple[int, float]:
    return connection.state, connection.since


class ServerConfig(uvicorn.Config):
    """uvicorn's settings, with limits of connections. TLS starts within `Connection`, so that stalled handshakes count as connections."""

    def __init__(self, app: Any, limits: Limits, proxies: Iterable[str] = (), **options: Any) -> None:
        super().__init__(app, http=Connection, ws="none", **options)
        self._limiter_options = (limits, tuple(proxies))
        self.limiter: ConnectionLimiter | None = None
        self.tls: Any = None

    def load(self) -> None:
        """Load the application, in the process that serves it."""
        super().load()
        self.tls, self.ssl = self.ssl, None
        self.limiter = ConnectionLimiter(*self._limiter_options)


def run(config: ServerConfig) -> None:
    """Serve in this process until a signal ends it. Exit with status 3 if the address cannot be listened on."""
    server = uvicorn.Server(config)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises the signal again that ended it
        server.run()
    if not server.started:
        sys.exit(_NOT_STARTED)


def allow_files(limits: Limits) -> None:
    """Allow the process to open as many files as its connections and calls need, up to the hard limit."""
    import resource

    needed = limits.connections + 2 * limits.calls + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < needed:
        log.warning(
            "%s connections need %s open files, and this process may have %s: raise the limit (ulimit -Hn) or lower limits.connections",
            limits.connections,
            needed,
            allowed,
        )


class Connection(HttpToolsProtocol):
    """Connection of one client."""

    def __init__(
        self,
        config: ServerConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        assert config.limiter is not None
        self._limiter = config.limiter
        self._tls = config.tls
        self._raw: asyncio.Transport | None = None
        self._early = b""
        self._handshake: asyncio.Task[None] | None = None
        self._admitted = False
        self._known = False
        self._in_head = False
        self._head_bytes = 0
        self._too_large = False
        self.address: str | None = None
        self.state = State.OPENING
        self.since = 0.0
        self.spare = False
        """True above the limits: health checks only."""

    # ------------------------------------------------------------------------------------------------ begin and end
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection, and start TLS if the broker has a certificate."""
        self._raw = transport
        peer = get_remote_addr(transport)
        self.address = self._limiter.address(peer[0] if peer else None)
        if self._tls is None:
            super().connection_made(transport)
        self._admitted = True
        self._limiter.admit(self)
        if self._tls is not None:
            # The TLS layer must be there before the client's first bytes: uvloop starts to read as soon as this method returns.
            starting = self.loop.start_tls(transport, self, self._tls, server_side=True)
            self._handshake = self.loop.create_task(self._start_tls(transport, _continued(starting, starting.send(None))))

    async def _start_tls(self, transport: asyncio.Transport, starting: Awaitable[asyncio.Transport | None]) -> None:
        try:
            secured = await starting
        except OSError:  # the client's fault: no TLS, no common version, or it has disconnected
            self._leave()
            transport.abort()
            return
        if not self._admitted or secured is None or transport.is_closing():
            self._leave()
            transport.abort()
            return
        super().connection_made(secured)
        early, self._early = self._early, b""
        if early:
            self.data_received(early)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection."""
        self._leave()
        if self.flow is not None:
            super().connection_lost(exc)

    def _leave(self) -> None:
        if self._admitted:
            self._admitted = False
            self._limiter.leave(self)

    def end(self) -> None:
        """Close the connection at once; a request in progress sees that its client has disconnected."""
        self._leave()
        assert self._raw is not None
        self._raw.abort()

    def shutdown(self) -> None:
        """Close the connection as soon as it has no request in progress."""
        super().shutdown()
        self._settle()

    # ------------------------------------------------------------------------------------------------ state
    def identified(self) -> None:
        """Record that the client is authenticated."""
        self._known = True
        if self._admitted and self.state in {State.RECEIVING, State.UNKNOWN_WORKING}:
            self._limiter.move(self, State.WORKING)

    def _settle(self) -> None:
        """Record the current state of the connection."""
        if not self._admitted:
            return
        cycle = self.cycle
        if self.transport is not None and self.transport.is_closing():
            state = State.CLOSING
        elif self.flow is not None and self.flow.write_paused:
            state = State.KNOWN_RESPONSE_BLOCKED if self._known else State.RESPONSE_BLOCKED
        elif cycle is None:
            state = State.OPENING
        elif not cycle.response_complete:
            if self._known:
                state = State.WORKING
            else:
                state = State.RECEIVING if cycle.more_body and not self.pipeline else State.UNKNOWN_WORKING
        elif self._in_head or cycle.more_body:
            state = State.KNOWN_HEAD if self._known else State.HEAD
        else:
            state = State.KNOWN_IDLE if self._known else State.IDLE
        if state is not self.state:
            self._limiter.move(self, state)

    # ------------------------------------------------------------------------------------------------ requests
    def data_received(self, data: bytes) -> None:
        """Parse received data."""
        if self.flow is None:  # within the last step of the TLS handshake
            self._early += data
            return
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEADER_BYTES and not self.transport.is_closing():
                self._too_large = True
                self.send_400_response("")
        self._settle()

    def send_400_response(self, msg: str) -> None:
        """Send the status of a request that cannot be parsed, and close the connection."""
        if self.transport.is_closing():
            return
        status = b"431 Request Header Fields Too Large" if self._too_large else b"400 Bad Request"
        self.transport.write(b"HTTP/1.1 %b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % status)
        self.transport.close()

    def on_message_begin(self) -> None:
        """Start a request."""
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header or a trailer.

        Raises:
            ValueError: the request has too many; the client gets 431.
        """
        if len(self.headers) >= HEADERS or len(name) + len(value) > HEADER_BYTES:
            self._too_large = True
            raise ValueError("too many headers")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start the application, or reject the request if there are too many."""
        self._in_head = False
        self._known = False  # a proxy sends requests of several clients on one connection
        self.scope["state"][CONNECTION] = self
        self.app = self.config.loaded_app
        busy = self.spare or (len(self.tasks) >= self._limiter.requests and not self._limiter.evict_request(self))
        if busy and self.url not in PROBE_PATHS:
            self.app = refuse_connection()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Start the next request of a pipeline, or wait for one. It sets no timer: `ConnectionLimiter` has one for all."""
        self.server_state.total_requests += 1
        if not self.transport.is_closing():
            self.flow.resume_reading()
            if self.pipeline:
                self._start_asgi_task(*self.pipeline.pop())
        self._settle()

    def pause_writing(self) -> None:
        """Record that the client does not read."""
        super().pause_writing()
        self._settle()

    def resume_writing(self) -> None:
        """Record that the client reads again."""
        super().resume_writing()
        self._settle()


@types.coroutine
def _continued(started: Coroutine[Any, Any, Any], waits_for: Any) -> Generator[Any, None, Any]:
    """Continue a coroutine whose first step was made already, and which waits for `waits_for`."""
    while True:
        try:
            yield waits_for
        except (OSError, asyncio.CancelledError) as error:
            step = functools.partial(started.throw, error)
        else:
            step = functools.partial(started.send, None)
        try:
            waits_for = step()
        except StopIteration as end:
            return end.value


@functools.cache
def refuse_connection() -> ASGIApp:
    """Return the application that rejects a request because the server has too many."""
    from unified_platform.broker.responses import error_response
    from unified_runtime.core.errors import Unavailable

    response = error_response(Unavailable("the server has too many requests at the same time", retry_after=1.0, retry_safe=True))
    response.headers["Connection"] = "close"

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await response(scope, receive, send)

    return application
