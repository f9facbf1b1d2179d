# Written by `make sync` from ../_async/connection_pool.py; edit that module.
"""Pool of persistent connections to one origin."""

from __future__ import annotations

import math
import time
from collections import deque

from unified_runtime.core.errors import TransportFailure
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.http.http11._backends.sync import Connection, Slots, connect
from unified_runtime.http.http11.framing import MALFORMED, Origin, encode_request, error_text

KEEPALIVE_EXPIRY = 5.0
"""Seconds for which an idle connection stays open. Servers close idle connections too: a request that is sent at that time is lost."""

MAX_CONNECTIONS = 100
"""Maximum number of connections to one origin at a time."""


class ConnectionPool:
    """Transport to one origin, which repeats no request: `TransportFailure.sent` states if the request may have been executed.

    Args:
        origin: scheme, host and port.
        inside: the origin may be in a private network.
    """

    def __init__(self, origin: Origin, *, inside: bool) -> None:
        self._origin = origin
        self._inside = inside
        # The most recently used is last. Each method of deque that is called here is atomic: threads need no lock.
        self._idle: deque[Connection] = deque()
        self._slots = Slots(MAX_CONNECTIONS)
        self._opened_from = -math.inf
        """Connections that were opened before this time of `time.monotonic` are not reused."""

    def send(self, request: HTTPRequest) -> Response:
        """Send a request that `supports` accepts.

        Raises:
            TransportFailure: there is no response.
        """
        data = encode_request(request, self._origin)
        if not self._slots.acquire(request.timeout.get("pool")):
            raise TransportFailure(f"all {MAX_CONNECTIONS} connections to the server are in use", sent=False)
        connection = None
        try:
            connection = self._checkout_idle() or connect(self._origin, self._inside, request.timeout.get("connect"))
            parser = connection.exchange(data, request)
            response = parser.response()
            if parser.reusable and connection.opened >= self._opened_from:
                self._check_in(connection)
                connection = None
            return response
        except (OSError, *MALFORMED) as error:
            failure = TransportFailure(request.credential.redact(error_text(error)), sent=True, late=isinstance(error, TimeoutError))
        finally:
            if connection is not None:  # also after a cancellation: a late response must not meet another request
                connection.close()
            self._slots.release()
        # Raised outside the handler: the frames of the other exception refer to the request's bytes, which contain the credential.
        raise failure

    def _checkout_idle(self) -> Connection | None:
        """Return an idle connection that is open as far as is known."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was first
                return None
            if time.monotonic() - connection.idle_since < KEEPALIVE_EXPIRY and not connection.stale():
                return connection
            connection.close()
        return None

    def _check_in(self, connection: Connection) -> None:
        connection.idle_since = time.monotonic()
        self._idle.append(connection)
        try:
            if connection.idle_since - self._idle[0].idle_since > KEEPALIVE_EXPIRY:
                self._idle.popleft().close()
        except IndexError:  # another thread took the connection
            pass

    def discard(self) -> None:
        """Close the connections; one that is in use is closed after its response."""
        self._opened_from = time.monotonic()
        self._close_idle()

    def close(self) -> None:
        """Close the connections; one that is in use is closed after its response."""
        self._opened_from = math.inf
        self._close_idle()

    def _close_idle(self) -> None:
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:  # another thread was first
                return
