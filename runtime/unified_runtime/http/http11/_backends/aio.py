"""Connections of an event loop, as an asyncio protocol."""

from __future__ import annotations

import asyncio
import select
import time
from typing import Any

from aiohappyeyeballs import start_connection

from unified_runtime.core.errors import TransportFailure
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.http.http11.framing import MALFORMED, Origin, ResponseParser, error_text, is_certificate_error
from unified_runtime.http.resolver import resolve_async
from unified_runtime.http.ssrf import check_address

_HAPPY_EYEBALLS_DELAY = 0.25
"""Seconds after which the next address is tried in parallel (RFC 8305)."""


class Slots:
    """Semaphore with a timeout."""

    __slots__ = ("_free", "release")

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)
        self.release = self._free.release

    async def acquire(self, seconds: float | None) -> bool:
        """Wait for a slot. Returns True if there was one in time."""
        if not self._free.locked():
            return await self._free.acquire()
        try:
            async with asyncio.timeout(seconds):
                return await self._free.acquire()
        except TimeoutError:
            return False


class Connection(asyncio.Protocol):
    """One connection, for one request at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: Any = None
        self._poll: Any = None
        self._parser: ResponseParser | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timeout: dict[str, float | None] = {}
        self._active = 0.0
        """Time of the loop at which something was last sent or received."""
        self._usable = True
        self.opened = time.monotonic()
        self.idle_since = 0.0

    # ------------------------------------------------------------------------------------------------ called by the loop
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        if hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        parser = self._parser
        if parser is None:  # a response without a request
            self._usable = False
            return
        self._active = self._loop.time()
        try:
            parser.feed(data)
        except (TransportFailure, *MALFORMED) as error:
            self._resume(error)
            return
        if parser.complete:
            self._resume(None)

    def eof_received(self) -> None:
        self._usable = False
        if self._parser is not None:
            try:
                self._check_close_notify()
                self._parser.feed_eof()
            except (TransportFailure, OSError) as error:
                self._resume(error)
                return
            self._resume(None)

    def _check_close_notify(self) -> None:
        """Accept the end of the connection if the server sent it. In TLS, an end without close_notify may come from an attacker who
        truncates a response (RFC 9112, section 9.8).

        Raises:
            OSError: TLS's close_notify is missing.
        """
        tls = self._transport.get_extra_info("ssl_object")
        if tls is None:
            return
        import ssl  # not imported for plain HTTP

        try:
            tls.read(1)
        except ssl.SSLZeroReturnError:
            return
        except ssl.SSLWantReadError:
            pass
        else:
            return
        raise ConnectionAbortedError("the connection ended without TLS's close_notify")

    def connection_lost(self, error: Exception | None) -> None:
        self._usable = False
        if error is not None:
            self._resume(error)
        elif self._parser is not None:
            self.eof_received()

    # ------------------------------------------------------------------------------------------------ called by the pool
    async def start_tls(self, origin: Origin, seconds: float | None) -> None:
        """Start TLS on the connection, before anything is written."""
        from unified_runtime.http.tls import ssl_context  # not imported for plain HTTP

        self._transport = await self._loop.start_tls(
            self._transport, self, ssl_context(), server_hostname=origin.host, ssl_handshake_timeout=seconds
        )

    async def exchange(self, data: bytes, request: HTTPRequest) -> ResponseParser:
        """Write a request and read its response.

        Raises:
            OSError, HttpParserError, HttpParserUpgrade, TransportFailure: there is no response.
        """
        parser = self._parser = ResponseParser(request)
        self._waiter = self._loop.create_future()
        self._timeout = request.timeout
        self._active = self._loop.time()
        try:
            self._transport.write(data)
            self._arm_timer(self._current_timeout())
            await self._waiter
            return parser
        finally:
            # Write buffer not empty: the server responded before it had read the request.
            if not self._usable or self._transport.get_write_buffer_size():
                parser.reusable = False
            self._parser = self._waiter = None
            parser.close()

    def _current_timeout(self) -> float | None:
        return self._timeout.get("write" if self._transport.get_write_buffer_size() else "read")

    def _arm_timer(self, seconds: float | None) -> None:
        """Check for silence after so many seconds, or earlier. An armed timer stays for the next exchanges: cancelling it for each would
        cost a pass of the loop."""
        if seconds is None:
            return
        when = self._loop.time() + seconds
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(when, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        seconds = self._current_timeout()
        if self._parser is None or seconds is None:  # no response is awaited, or without a time limit
            return
        left = self._active + seconds - self._loop.time()
        if left > 0:
            self._arm_timer(left)
        else:
            self._resume(TimeoutError("the server is silent"))

    def _resume(self, error: Exception | None) -> None:
        waiter = self._waiter
        if waiter is None or waiter.done():
            return
        if error is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(error)

    def stale(self) -> bool:
        """Return True if an idle connection has received anything, also if the loop has not reported it yet: usually its end."""
        return not self._usable or (self._poll is not None and bool(self._poll.poll(0)))

    def close(self) -> None:
        self._usable = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._transport.abort()


async def connect(origin: Origin, inside: bool, seconds: float | None) -> Connection:
    """Open a connection to a checked address within so many seconds. The name is resolved once, so that its address cannot change between
    check and connection.

    Raises:
        TransportFailure: there is no connection.
    """
    loop = asyncio.get_running_loop()
    connection = Connection(loop)
    try:
        async with asyncio.timeout(seconds):
            found = await resolve_async(origin.host, origin.port)
            for *_, address in found:  # all addresses, so that services in a private network cannot be probed
                check_address(origin.host, str(address[0]), inside=inside)
            # `create_connection` would resolve the name itself, and uvloop's tries one address after another.
            connected = await start_connection(found, happy_eyeballs_delay=_HAPPY_EYEBALLS_DELAY)
            await loop.create_connection(lambda: connection, sock=connected)
        done = False
        try:
            if origin.tls:
                await connection.start_tls(origin, seconds)
            done = True
            return connection
        finally:
            if not done:
                connection.close()
    except OSError as error:
        text, permanent = error_text(error, "ConnectTimeout"), is_certificate_error(error)
    except UnicodeError:
        text, permanent = f"{origin.host} is not a valid host name", True
    raise TransportFailure(text, sent=False, permanent=permanent)
