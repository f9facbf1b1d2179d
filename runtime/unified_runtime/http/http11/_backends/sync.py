"""Connections over blocking sockets."""

from __future__ import annotations

import select
import socket
import time
from queue import Empty, SimpleQueue
from typing import Any

from unified_runtime.core.errors import TransportFailure
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.http.http11.framing import CHUNK_SIZE, Origin, ResponseParser, error_text, is_certificate_error
from unified_runtime.http.resolver import resolve
from unified_runtime.http.ssrf import check_address


class Slots:
    """Semaphore with a timeout; `threading.Semaphore` costs several times as much."""

    __slots__ = ("_free",)

    def __init__(self, count: int) -> None:
        self._free: SimpleQueue[None] = SimpleQueue()
        for _ in range(count):
            self._free.put(None)

    def acquire(self, seconds: float | None) -> bool:
        """Wait for a slot. Returns True if there was one in time."""
        try:
            self._free.get(timeout=seconds)
        except Empty:
            return False
        return True

    def release(self) -> None:
        self._free.put(None)


class Connection:
    """One connection, for one request at a time."""

    __slots__ = ("_poll", "_socket", "_timeout", "idle_since", "opened")

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._timeout: float | None = connected.gettimeout()
        self._poll: Any = None
        if hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(connected, select.POLLIN)
        self.opened = time.monotonic()
        self.idle_since = 0.0

    def exchange(self, data: bytes, request: HTTPRequest) -> ResponseParser:
        """Write a request and read its response.

        Raises:
            OSError, HttpParserError, HttpParserUpgrade, TransportFailure: there is no response.
        """
        parser = ResponseParser(request)
        try:
            self._set_timeout(request.timeout.get("write"))
            try:  # noqa: SIM105  each call passes here
                self._socket.sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                pass  # a server may respond and close before it has read everything: the response can still be read
            self._set_timeout(request.timeout.get("read"))
            receive = self._socket.recv
            while not parser.complete:
                if chunk := receive(CHUNK_SIZE):
                    parser.feed(chunk)
                else:
                    parser.feed_eof()
            return parser
        finally:
            parser.close()

    def _set_timeout(self, seconds: float | None) -> None:
        if seconds != self._timeout:
            self._socket.settimeout(seconds)
            self._timeout = seconds

    def stale(self) -> bool:
        """Return True if an idle connection has received anything: usually its end."""
        if self._poll is not None:
            return bool(self._poll.poll(0))
        return bool(select.select([self._socket], [], [], 0)[0])

    def close(self) -> None:
        self._socket.close()


def connect(origin: Origin, inside: bool, seconds: float | None) -> Connection:
    """Open a connection to a checked address; connecting and TLS each take at most so many seconds. The name is resolved once, so that its
    address cannot change between check and connection.

    Raises:
        TransportFailure: there is no connection.
    """
    until = None if seconds is None else time.monotonic() + seconds
    try:
        found = resolve(origin.host, origin.port, seconds)
        if not inside:  # all addresses, so that services in a private network cannot be probed
            for *_, address in found:
                check_address(origin.host, str(address[0]), inside=inside)
        connected = _connect_first(origin, found, inside, until)
        return Connection(connected if not origin.tls else _wrap_tls(connected, origin, seconds))
    except OSError as error:
        text, permanent = error_text(error, "ConnectTimeout"), is_certificate_error(error)
    except UnicodeError:
        text, permanent = f"{origin.host} is not a valid host name", True
    raise TransportFailure(text, sent=False, permanent=permanent)


def _connect_first(origin: Origin, found: list[Any], inside: bool, until: float | None) -> socket.socket:
    """Connect to the first address that accepts. Each address gets half of the remaining time, the last one all of it: connecting to a name
    with a hundred addresses needs no more time than to one."""
    last: OSError = OSError(f"{origin.host} has no address")
    for position, (family, kind, protocol, _, address) in enumerate(found, 1):
        check_address(str(address[0]), str(address[0]), inside=inside)
        connected = socket.socket(family, kind, protocol)
        try:
            if until is not None:
                left = max(until - time.monotonic(), 0.001)
                connected.settimeout(left if position == len(found) else left / 2)
            connected.connect(address)
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connected
        except OSError as error:
            connected.close()
            last = error
    raise last


def _wrap_tls(connected: socket.socket, origin: Origin, timeout: float | None) -> socket.socket:
    from unified_runtime.http.tls import ssl_context  # not imported for plain HTTP

    try:
        connected.settimeout(timeout)
        # An end without TLS's close_notify may come from an attacker who truncates a response (RFC 9112, section 9.8).
        return ssl_context().wrap_socket(connected, server_hostname=origin.host, suppress_ragged_eofs=False)
    except BaseException:
        connected.close()
        raise
