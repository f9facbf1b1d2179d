"""Requests over sockets of an event loop: the async twin of `sockets`."""

from __future__ import annotations

import asyncio
import select
import socket
import time
from collections import deque
from typing import Any

from aiohappyeyeballs import start_connection

from unified_runtime.errors import TransportFailure
from unified_runtime.messages import HTTPRequest, Response
from unified_runtime.transports.http11 import KEPT, MALFORMED, MOST, Incoming, Server, bad_certificate, told, written
from unified_runtime.transports.watching import judge

_EYEBALLS = 0.25
"""Seconds after which the next address is tried beside the one that does not answer (RFC 8305)."""


class AsyncSockets:
    """An `AsyncTransport` to one server, for one event loop. `inside`: it may lie in a private network."""

    def __init__(self, server: Server, *, inside: bool) -> None:
        self._server = server
        self._inside = inside
        self._idle: deque[_Connection] = deque()  # the one used last is at the end
        self._free = asyncio.Semaphore(MOST)

    async def asend(self, request: HTTPRequest) -> Response:
        data = written(request, self._server)
        await self._admitted(request.timeout.get("pool"))
        connection = None
        try:
            connection = self._kept() or await _connected(self._server, self._inside, request.timeout.get("connect"))
            incoming = await connection.exchange(data, request)
            response = incoming.response()
            if incoming.reusable and connection.usable:
                self._keep(connection)
                connection = None
            return response
        except (OSError, *MALFORMED) as error:
            failure = TransportFailure(request.credential.scrub(told(error)), sent=True, late=isinstance(error, TimeoutError))
        finally:
            if connection is not None:  # a call that was cancelled, too: an answer that is still to come must meet no other request
                connection.close()
            self._free.release()
        # Raised out of the handler: the frames of the other exception hold the request as bytes, and those the credential.
        raise failure

    async def _admitted(self, seconds: float | None) -> None:
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(seconds):
                await self._free.acquire()
            return
        except TimeoutError:
            pass
        raise TransportFailure(f"all {MOST} connections to the server are in use", sent=False)

    def _kept(self) -> _Connection | None:
        """A connection that is open, as far as can be seen."""
        while self._idle:
            connection = self._idle.pop()
            if time.monotonic() - connection.since < KEPT and connection.usable and not connection.readable():
                return connection
            connection.close()
        return None

    def _keep(self, connection: _Connection) -> None:
        connection.since = time.monotonic()
        self._idle.append(connection)
        if connection.since - self._idle[0].since > KEPT:
            self._idle.popleft().close()

    async def aclose(self) -> None:
        while self._idle:
            self._idle.pop().close()


class _Connection(asyncio.Protocol):
    """One connection. Its loop tells it what comes and when it ends."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: Any = None
        self._poll: Any = None
        self._incoming: Incoming | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timeout: dict[str, float | None] = {}
        self._heard = 0.0
        self.usable = True
        self.since = 0.0

    # ------------------------------------------------------------------------------------------------ told by the loop
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        if hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        incoming = self._incoming
        if incoming is None:  # nobody asked for it
            self.usable = False
            return
        self._heard = self._loop.time()
        try:
            incoming.feed(data)
        except (TransportFailure, *MALFORMED) as error:
            self._over(error)
            return
        if incoming.complete:
            self._over(None)

    def eof_received(self) -> None:
        self.usable = False
        if self._incoming is not None:
            try:
                self._meant()
                self._incoming.ended()
            except (TransportFailure, OSError) as error:
                self._over(error)
                return
            self._over(None)

    def _meant(self) -> None:
        """Pass an end that is the server's own word. In TLS, another may be an attacker's, who cuts an answer off (RFC 9112, section 9.8).

        Raises:
            OSError: it is not.
        """
        tls = self._transport.get_extra_info("ssl_object")
        if tls is None:
            return
        import ssl  # not for servers on this machine

        try:
            tls.read(1)
        except ssl.SSLZeroReturnError:
            return
        except ssl.SSLWantReadError:
            pass
        else:
            return
        raise ConnectionAbortedError("the connection ended without the server's word for it")

    def connection_lost(self, error: Exception | None) -> None:
        self.usable = False
        if error is not None:
            self._over(error)
        elif self._incoming is not None:
            self.eof_received()

    # ------------------------------------------------------------------------------------------------ told by the transport
    async def encrypt(self, server: Server, patience: float | None) -> None:
        """Go on in TLS. Nothing was written before."""
        from unified_runtime.transports.tls import context  # not for servers on this machine

        self._transport = await self._loop.start_tls(
            self._transport, self, context(), server_hostname=server.host, ssl_handshake_timeout=patience
        )

    async def exchange(self, data: bytes, request: HTTPRequest) -> Incoming:
        """Write a request and read its answer.

        Raises:
            OSError, HttpParserError, HttpParserUpgrade, TransportFailure: there is none.
        """
        incoming = self._incoming = Incoming(request)
        self._waiter = self._loop.create_future()
        self._timeout = request.timeout
        self._heard = self._loop.time()
        try:
            self._transport.write(data)
            self._watch(self._patience())
            await self._waiter
            return incoming
        finally:
            if self._transport.get_write_buffer_size():  # it answered before it had read everything
                self.usable = False
            self._incoming = self._waiter = None
            incoming.close()

    def _patience(self) -> float | None:
        return self._timeout.get("write" if self._transport.get_write_buffer_size() else "read")

    def _watch(self, seconds: float | None) -> None:
        """Look after so many seconds whether something came, or before: a timer that is set already is not taken back for one exchange
        after the other, which would cost each of them a turn of the loop."""
        if seconds is None:
            return
        when = self._loop.time() + seconds
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(when, self._silent)

    def _silent(self) -> None:
        self._timer = None
        seconds = self._patience()
        if self._incoming is None or seconds is None:  # nothing is waited for, or for as long as it takes
            return
        left = self._heard + seconds - self._loop.time()
        if left > 0:
            self._watch(left)
        else:
            self._over(TimeoutError("the server is silent"))

    def _over(self, error: Exception | None) -> None:
        waiter = self._waiter
        if waiter is None or waiter.done():
            return
        if error is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(error)

    def readable(self) -> bool:
        """Whether something came that the loop has not told of yet: most often the connection's end."""
        return self._poll is not None and bool(self._poll.poll(0))

    def close(self) -> None:
        self.usable = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._transport.abort()


async def _addresses(server: Server) -> list[Any]:
    try:  # an address is not looked up, which would take a thread
        return socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        return await asyncio.get_running_loop().getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)


async def _connected(server: Server, inside: bool, patience: float | None) -> _Connection:
    """A connection to an address that was judged: the name is looked up once, and cannot lead elsewhere in between.

    Raises:
        TransportFailure: there is none.
    """
    loop = asyncio.get_running_loop()
    connection = _Connection(loop)
    try:
        async with asyncio.timeout(patience):
            found = await _addresses(server)
            for *_, address in found:  # all of them, so that what answers in a private network cannot be felt out
                judge(server.host, str(address[0]), inside=inside)
            opened = await start_connection(found, happy_eyeballs_delay=_EYEBALLS)
            await loop.create_connection(lambda: connection, sock=opened)
        done = False
        try:
            if server.tls:
                await connection.encrypt(server, patience)
            done = True
            return connection
        finally:
            if not done:
                connection.close()
    except OSError as error:
        text, permanent = told(error, "ConnectTimeout"), bad_certificate(error)
    except UnicodeError:
        text, permanent = f"{server.host} is no name that a host can have", True
    raise TransportFailure(text, sent=False, permanent=permanent)
