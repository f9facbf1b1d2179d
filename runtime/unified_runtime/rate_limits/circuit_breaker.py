"""Circuit breaker of a vendor's server: limits retries, and stops requests while the server fails.

Each request earns a part of a retry, and each retry spends one (https://finagle.github.io/blog/2016/02/08/retry-budgets/): while the server
works, single failures are retried as often as the settings allow; while all requests fail, retries add at most a fifth to the traffic.
After many failures in a row, the circuit opens (M. Nygard, Release It!): calls fail at once, without a request, until a pause is over; then
one request at a time probes the server, and the first that succeeds closes the circuit. Pauses grow, and are random, so that processes do
not return at the same time.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unified_runtime.core.connections import Connection

SHARE = 0.2
"""Retries that each request earns."""
RESERVE = 10.0
"""Retries that are available at the start, and at most."""
FIRST, LONGEST = 2.0, 60.0
"""First and longest pause of the circuit, in seconds."""
PROBE = 30.0
"""Seconds after which a probe without a result counts as lost."""


class CircuitBreaker:
    """Circuit breaker of one server. Threads may share it.

    Args:
        after: failures in a row after which the circuit opens; 0 for never.
        clock: returns seconds, for tests.
        chance: returns a number from 0 to 1, for tests.
    """

    __slots__ = ("_after", "_chance", "_clock", "_lock", "_open_until", "_pause", "_probe_until", "_retries", "failures")

    def __init__(self, after: int, *, clock: Callable[[], float] = time.monotonic, chance: Callable[[], float] = random.random) -> None:
        self.failures = 0
        self._after = after
        self._clock = clock
        self._chance = chance
        self._lock = threading.Lock()
        self._retries = RESERVE
        self._pause = 0.0
        self._open_until = 0.0
        self._probe_until = 0.0

    @property
    def open(self) -> bool:
        """True if the circuit is open: requests are not sent, or one at a time."""
        return self._pause > 0

    def admit(self) -> float:
        """Return the seconds until a request may be sent; 0 for now."""
        if not self._pause:  # the usual case
            return 0.0
        with self._lock:
            now = self._clock()
            if not self._pause:
                return 0.0
            if now < self._open_until:
                return self._open_until - now
            if now < self._probe_until:
                return min(FIRST, self._probe_until - now)
            self._probe_until = now + PROBE
            return 0.0

    def succeeded(self) -> None:
        """Note a response, also an error, that does not indicate a failing server."""
        if self.failures or self._retries < RESERVE:
            with self._lock:
                self.failures = 0
                self._pause = self._probe_until = 0.0
                self._retries = min(RESERVE, self._retries + SHARE)

    def failed(self) -> None:
        """Note a missing response, or one of a failing server."""
        with self._lock:
            self.failures += 1
            self._retries = min(RESERVE, self._retries + SHARE)
            if self._after and self.failures >= self._after:
                now = self._clock()
                if now < self._open_until:
                    return  # of a request that was sent before the circuit opened
                self._pause = min(self._pause * 2 or FIRST, LONGEST)
                self._open_until = now + self._pause * (1 + self._chance())
                self._probe_until = 0.0

    def spend_retry(self) -> bool:
        """Spend an available retry. Returns False if there is none."""
        with self._lock:
            if self._retries < 1:
                return False
            self._retries -= 1
            return True


def circuit_breaker(circuits: dict[tuple[str, str, int], CircuitBreaker], connection: Connection, after: int) -> CircuitBreaker:
    """Return the circuit breaker of a connection's server, shared by all connections to it. It opens after `after` failures in a row."""
    key = (connection.vendor.name, connection.server, after)
    found = circuits.get(key)
    return circuits.setdefault(key, CircuitBreaker(after)) if found is None else found
