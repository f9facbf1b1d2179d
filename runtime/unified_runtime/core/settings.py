"""Settings of a client: timeouts, retries and limits."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of a client. All durations are in seconds, all sizes in bytes.

    `deadline` limits the time of an entire operation (of a list: a page) with its retries and pauses: no pause that would exceed it
    starts, and no response is awaited beyond it. `attempts` is the maximum number of attempts of one request. `largest_response` limits a
    response after decompression; a larger one is rejected, since decoding it would block everything else in the process. Downloaded
    contents have no limit. Iterating over a list raises `ListTooLong` after `longest_list` records (0: no limit).
    After `circuit_after` consecutive failures, the circuit breaker stops requests to a vendor's server for a while (0: never).
    `check_records`: a record is compared with the request, by its id and the text that was written. A test double that returns the same
    record for each request needs False.
    """

    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    write_timeout: float = 60.0
    pool_timeout: float = 30.0
    deadline: float = 120.0
    attempts: int = 4
    backoff: float = 0.5
    longest_backoff: float = 20.0
    largest_response: int = 4 * 1024 * 1024
    redirects: int = 3
    longest_list: int = 1_000_000
    circuit_after: int = 20
    check_records: bool = True
    timeout: dict[str, float | None] = field(init=False, repr=False, compare=False)
    longest_timeout: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("connect_timeout", "read_timeout", "write_timeout", "pool_timeout", "deadline", "largest_response"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be positive")
        for name in ("circuit_after", "longest_list"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative")
        if self.attempts < 1:
            raise ValueError("attempts must be at least 1")
        timeout = {"connect": self.connect_timeout, "read": self.read_timeout, "write": self.write_timeout, "pool": self.pool_timeout}
        object.__setattr__(self, "timeout", timeout)
        object.__setattr__(self, "longest_timeout", max(timeout.values()))
