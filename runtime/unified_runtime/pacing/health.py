"""How a vendor's server fares, so that an outage is not made worse: a budget for retries, and a circuit that opens and probes.

Retries draw on a budget that requests fill (https://finagle.github.io/blog/2016/02/08/retry-budgets/): while all is well, single failures
are tried again as often as the settings allow; while everything fails, retries add a fifth to the traffic at most. After many failures in
a row the circuit opens (M. Nygard, Release It!): calls fail at once, without a request, until a pause is over; then one request at a time
probes the server, and the first that succeeds closes the circuit. Pauses grow, and differ between processes, so that not all come back at
the same moment.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

SHARE = 0.2
"""Retries that each request pays for."""
RESERVE = 10.0
"""Retries that are there at the start, and at the most."""
FIRST, LONGEST = 2.0, 60.0
"""Seconds of the circuit's first and longest pause."""
PROBE = 30.0
"""Seconds after which a probe that has not come back is given up for lost."""


class Health:
    """That of one server. Threads may share it.

    Args:
        after: failures in a row after which the circuit opens; 0 for never.
        clock: seconds, for tests.
        chance: a number from 0 to 1, for tests.
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
        """Whether the circuit is open: requests are not sent, or one at a time."""
        return self._pause > 0

    def admit(self) -> float:
        """Seconds until a request may be sent, 0 for now."""
        if not self._pause:  # nearly always
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
        """An answer came, good or bad, which is none of a server that is failing."""
        if self.failures or self._retries < RESERVE:
            with self._lock:
                self.failures = 0
                self._pause = self._probe_until = 0.0
                self._retries = min(RESERVE, self._retries + SHARE)

    def failed(self) -> None:
        """No answer, or that of a server that is failing."""
        with self._lock:
            self.failures += 1
            self._retries = min(RESERVE, self._retries + SHARE)
            if self._after and self.failures >= self._after:
                now = self._clock()
                if now < self._open_until:
                    return  # of a request that was under way when the circuit opened
                self._pause = min(self._pause * 2 or FIRST, LONGEST)
                self._open_until = now + self._pause * (1 + self._chance())
                self._probe_until = 0.0

    def spend_retry(self) -> bool:
        """Take a retry from the budget. False: there is none."""
        with self._lock:
            if self._retries < 1:
                return False
            self._retries -= 1
            return True
