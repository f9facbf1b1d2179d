"""Requests over sockets of this process, sync: connections to one server, kept and used again.

What `http11.takes` goes this way, which costs an eighth of what a whole HTTP library does.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections import deque
from queue import Empty, SimpleQueue
from typing import Any

from unified_runtime.errors import TransportFailure
from unified_runtime.messages import HTTPRequest, Response
from unified_runtime.transports.http11 import KEPT, MALFORMED, MOST, PIECE, Incoming, Server, bad_certificate, told, written
from unified_runtime.transports.watching import judge


class Sockets:
    """A `Transport` to one server. `inside`: it may lie in a private network."""

    def __init__(self, server: Server, *, inside: bool) -> None:
        self._server = server
        self._inside = inside
        self._idle: deque[_Connection] = deque()  # the one used last is at the end
        self._lock = threading.Lock()
        self._free: SimpleQueue[None] = SimpleQueue()  # one for each connection that may still be taken up
        for _ in range(MOST):
            self._free.put(None)

    def send(self, request: HTTPRequest) -> Response:
        data = written(request, self._server)
        if not self._may_have(request.timeout.get("pool")):
            raise TransportFailure(f"all {MOST} connections to the server are in use", sent=False)
        connection = None
        try:
            connection = self._kept() or _Connection(_connected(self._server, self._inside, request.timeout.get("connect")))
            incoming = connection.exchange(data, request)
            response = incoming.response()
            if incoming.reusable:
                self._keep(connection)
                connection = None
            return response
        except (OSError, *MALFORMED) as error:
            failure = TransportFailure(request.credential.scrub(told(error)), sent=True, late=isinstance(error, TimeoutError))
        finally:
            if connection is not None:
                connection.close()
            self._free.put(None)
        # Raised out of the handler: the frames of the other exception hold the request as bytes, and those the credential.
        raise failure

    def _may_have(self, timeout: float | None) -> bool:
        """Whether one more connection may be taken up; waits for that so long."""
        try:
            self._free.get(timeout=timeout)
        except Empty:
            return False
        return True

    def _kept(self) -> _Connection | None:
        """A connection that is open, as far as can be seen."""
        while True:
            with self._lock:
                if not self._idle:
                    return None
                connection = self._idle.pop()
            if time.monotonic() - connection.since < KEPT and not connection.readable():
                return connection
            connection.close()

    def _keep(self, connection: _Connection) -> None:
        connection.since = time.monotonic()
        with self._lock:
            self._idle.append(connection)
            stale = self._idle.popleft() if connection.since - self._idle[0].since > KEPT else None
        if stale is not None:
            stale.close()

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, deque()
        for connection in idle:
            connection.close()


class _Connection:
    __slots__ = ("_poll", "_socket", "_timeout", "since")

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._timeout: float | None = opened.gettimeout()
        self._poll: Any = None
        if hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(opened, select.POLLIN)
        self.since = 0.0

    def exchange(self, data: bytes, request: HTTPRequest) -> Incoming:
        """Write a request and read its answer.

        Raises:
            OSError, HttpParserError, HttpParserUpgrade, TransportFailure: there is none.
        """
        incoming = Incoming(request)
        try:
            self._within(request.timeout.get("write"))
            try:  # noqa: SIM105  every call comes by here
                self._socket.sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                pass  # a server may answer before it has read everything, and close: its answer is there all the same
            self._within(request.timeout.get("read"))
            receive = self._socket.recv
            while not incoming.complete:
                if piece := receive(PIECE):
                    incoming.feed(piece)
                else:
                    incoming.ended()
            return incoming
        finally:
            incoming.close()

    def _within(self, seconds: float | None) -> None:
        if seconds != self._timeout:
            self._socket.settimeout(seconds)
            self._timeout = seconds

    def readable(self) -> bool:
        """Whether something came that nobody asked for: most often the connection's end."""
        if self._poll is not None:
            return bool(self._poll.poll(0))
        return bool(select.select([self._socket], [], [], 0)[0])

    def close(self) -> None:
        self._socket.close()


def _connected(server: Server, inside: bool, timeout: float | None) -> socket.socket:
    """A connection to an address that was judged: the name is looked up once, and cannot lead elsewhere in between.

    Raises:
        TransportFailure: there is none.
    """
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
        if not inside:  # all of them, so that what answers in a private network cannot be felt out
            for *_, address in found:
                judge(server.host, str(address[0]), inside=inside)
        opened = _opened(server, found, inside, timeout)
        return opened if not server.tls else _encrypted(opened, server, timeout)
    except OSError as error:
        text, permanent = told(error, "ConnectTimeout"), bad_certificate(error)
    except UnicodeError:
        text, permanent = f"{server.host} is no name that a host can have", True
    raise TransportFailure(text, sent=False, permanent=permanent)


def _opened(server: Server, found: list[Any], inside: bool, timeout: float | None) -> socket.socket:
    """The first of the addresses that answers. Each has half of the time that is left, the last one all of it: a name with a hundred
    addresses takes no longer than one."""
    last: OSError = OSError(f"{server.host} has no address")
    until = None if timeout is None else time.monotonic() + timeout
    for place, (family, kind, protocol, _, address) in enumerate(found, 1):
        judge(str(address[0]), str(address[0]), inside=inside)
        opened = socket.socket(family, kind, protocol)
        try:
            if until is not None:
                left = max(until - time.monotonic(), 0.001)
                opened.settimeout(left if place == len(found) else left / 2)
            opened.connect(address)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return opened
        except OSError as error:
            opened.close()
            last = error
    raise last


def _encrypted(opened: socket.socket, server: Server, timeout: float | None) -> socket.socket:
    from unified_runtime.transports.tls import context  # not for servers on this machine

    try:
        opened.settimeout(timeout)
        # An end that is not the server's own word may be an attacker's, who cuts an answer off (RFC 9112, section 9.8).
        return context().wrap_socket(opened, server_hostname=server.host, suppress_ragged_eofs=False)
    except BaseException:
        opened.close()
        raise
