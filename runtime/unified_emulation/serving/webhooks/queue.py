"""Queue of deliveries with retries, and their log."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from unified_emulation.serving.webhooks.requests import Received, Send, VendorRequest
from unified_runtime.core.errors import NotFound

STORED = 500
"""Stored deliveries; older ones are dropped."""
LONGEST_WAIT = 10.0
"""Seconds that a retry waits at most, also if the vendor waits for hours."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Attempt of a delivery: the request, and the response of the receiver."""

    time: float
    request: VendorRequest
    response: Received


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivery of an event. `state` is waiting, delivered or failed."""

    number: int
    vendor: str
    event: str
    webhook: int
    url: str
    attempts: tuple[Attempt, ...] = ()
    state: str = "waiting"


@dataclass(slots=True, order=True)
class _Waiting:
    due: float
    order: int
    delivery: int = field(compare=False)
    make: Callable[[int], VendorRequest] = field(compare=False)
    waits: tuple[float, ...] = field(compare=False)


class Deliveries:
    """Sends deliveries in a thread of its own, in their order, and stores the last ones. `send` sends a request."""

    def __init__(self, send: Send, longest_wait: float = LONGEST_WAIT) -> None:
        self._send = send
        self._longest_wait = longest_wait
        self._stored: deque[int] = deque()
        self._by_number: dict[int, Delivery] = {}
        self._makers: dict[int, Callable[[int], VendorRequest]] = {}
        self._waiting: list[_Waiting] = []
        self._numbers, self._order = itertools.count(1), itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._busy = False

    def add(self, vendor: str, event: str, webhook: int, url: str, make: Callable[[int], VendorRequest], waits: tuple[float, ...]) -> None:
        """Deliver an event: `make` returns the request of an attempt, `waits` has the seconds before each further one."""
        with self._changed:
            number = next(self._numbers)
            self._by_number[number] = Delivery(number, vendor, event, webhook, url)
            self._makers[number] = make
            self._stored.appendleft(number)
            while len(self._stored) > STORED:
                self._forget(self._stored.pop())
            self._push(number, make, waits, 0.0)

    def again(self, number: int) -> None:
        """Deliver an event once more.

        Raises:
            NotFound: it is not stored any more.
        """
        with self._changed:
            if number not in self._by_number:
                raise NotFound(f"delivery {number} is not in the log any more")
            self._by_number[number] = replace(self._by_number[number], state="waiting")
            self._push(number, self._makers[number], (), 0.0)

    def listed(self) -> tuple[Delivery, ...]:
        """Return the deliveries, the newest first."""
        with self._changed:
            return tuple(self._by_number[number] for number in self._stored)

    def get(self, number: int) -> Delivery:
        """Return one delivery.

        Raises:
            NotFound: it is not stored any more.
        """
        with self._changed:
            if number not in self._by_number:
                raise NotFound(f"delivery {number} is not in the log any more")
            return self._by_number[number]

    def clear(self) -> None:
        """Forget all deliveries, also those that wait."""
        with self._changed:
            self._waiting.clear()
            for number in self._stored:
                self._forget(number)
            self._stored.clear()
            self._changed.notify_all()

    def settle(self, timeout: float = 30.0) -> bool:
        """Wait until no delivery is waiting or being sent; return false if the time was not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, timeout)

    def _forget(self, number: int) -> None:
        self._by_number.pop(number, None)
        self._makers.pop(number, None)

    def _push(self, number: int, make: Callable[[int], VendorRequest], waits: tuple[float, ...], wait: float) -> None:
        heapq.heappush(self._waiting, _Waiting(time.monotonic() + wait, next(self._order), number, make, waits))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="webhook deliveries", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting or self._waiting[0].due > time.monotonic():
                    self._changed.wait(self._waiting[0].due - time.monotonic() if self._waiting else None)
                one = heapq.heappop(self._waiting)
                stored = self._by_number.get(one.delivery)
                self._busy = stored is not None
            if stored is not None:
                request = one.make(len(stored.attempts))
                response = self._send(request)
                with self._changed:
                    self._sent(one, Attempt(time.time(), request, response))
                    self._busy = False
                    self._changed.notify_all()

    def _sent(self, one: _Waiting, attempt: Attempt) -> None:
        stored = self._by_number.get(one.delivery)
        if stored is None:
            return
        state = "delivered" if attempt.response.accepted else "waiting" if one.waits else "failed"
        self._by_number[one.delivery] = replace(stored, attempts=(*stored.attempts, attempt), state=state)
        if state == "waiting":
            self._push(one.delivery, one.make, one.waits[1:], min(one.waits[0], self._longest_wait))
