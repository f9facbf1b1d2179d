"""Faults on demand: the next requests fail with a status, a timeout, a connection reset, a delay or a rate limit."""

from __future__ import annotations

import fnmatch
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

from unified_runtime.core.errors import InvalidInput

KINDS = ("status", "rate_limit", "timeout", "reset", "slow")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the next `times` requests. `operation` is a pattern of `METHOD /path`, such as `POST *`.

    `reset` and `timeout` with `executed`: the request is carried out, and its response is lost.
    """

    kind: str
    vendor: str | None = None
    operation: str = "*"
    times: int = 1
    status: int = 503
    seconds: float = 1.0
    executed: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidInput(f"{self.kind!r} is not a kind of fault. Use one of {', '.join(KINDS)}")
        if not 1 <= self.times <= 100_000:
            raise InvalidInput(f"times is between 1 and 100000, not {self.times}")
        if not 400 <= self.status <= 599:
            raise InvalidInput(f"the status of a fault is between 400 and 599, not {self.status}")
        if not 0 <= self.seconds <= 600:
            raise InvalidInput(f"seconds is between 0 and 600, not {self.seconds}")


class Faults:
    """The faults that are still to happen, in the order in which they were requested."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def take(self, vendor: str, method: str, path: str) -> Fault | None:
        """Return the fault of this request, and count it."""
        with self._lock:
            for at, fault in enumerate(self._faults):
                if fault.vendor in (None, vendor) and fnmatch.fnmatchcase(f"{method} {path}", fault.operation):
                    if fault.times == 1:
                        del self._faults[at]
                    else:
                        self._faults[at] = replace(fault, times=fault.times - 1)
                    return fault
        return None

    def listed(self) -> tuple[Fault, ...]:
        with self._lock:
            return tuple(self._faults)

    def clear(self, faults: Iterable[Fault] = ()) -> None:
        with self._lock:
            self._faults = list(faults)
