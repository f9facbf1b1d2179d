"""Log of the requests that an emulator received, with its responses."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

STORED = 500
"""Stored exchanges; older ones are dropped."""
_SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its response. `unknown` states what the emulator ignored because the document does not define it."""

    number: int
    time: float
    vendor: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    status: int | None
    """None if no response was sent."""
    response: bytes
    operation: str | None
    reasons: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    fault: str | None = None
    informed: tuple[str, ...] = ()
    """People that the vendor would have informed, and how, by facts of its behaviour."""


class Exchanges:
    """The last exchanges, the newest first. Threads may share it."""

    def __init__(self) -> None:
        self._stored: deque[Exchange] = deque(maxlen=STORED)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def number(self) -> int:
        with self._lock:
            return next(self._numbers)

    def add(self, exchange: Exchange) -> None:
        with self._lock:
            self._stored.appendleft(exchange)

    def listed(self, vendor: str | None = None) -> tuple[Exchange, ...]:
        """Return the exchanges, of one vendor or of all."""
        with self._lock:
            return tuple(one for one in self._stored if vendor is None or one.vendor == vendor)

    def clear(self) -> None:
        with self._lock:
            self._stored.clear()


def without_secrets(headers: Mapping[str, str], keys: frozenset[str]) -> dict[str, str]:
    """Return headers to show: values of credentials are removed. `keys` are the names of the vendor's own headers with credentials."""
    return {name: "…" if name in _SECRET or name in keys else value for name, value in headers.items()}
