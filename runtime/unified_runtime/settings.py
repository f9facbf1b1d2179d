"""How a client behaves: timeouts, retries and bounds."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All durations are seconds, all sizes bytes.

    `deadline` bounds a whole operation (of a list: a page) with its retries and pauses: no pause is taken that would pass it, and
    no answer waited for beyond it. `attempts` counts all tries of one request. `largest_answer` bounds an answer after decompression.
    A list that is iterated over ends with an error after `longest_list` records, never in silence (0: it has no end of its own).
    After `circuit_after` failures in a row, a vendor's server is left alone for a while (0: never; see `health`).
    """

    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    write_timeout: float = 60.0
    pool_timeout: float = 30.0
    deadline: float = 120.0
    attempts: int = 4
    backoff: float = 0.5
    longest_backoff: float = 20.0
    largest_answer: int = 64 * 1024 * 1024
    redirects: int = 3
    longest_list: int = 1_000_000
    circuit_after: int = 20
    timeout: dict[str, float | None] = field(init=False, repr=False, compare=False)
    longest_timeout: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("connect_timeout", "read_timeout", "write_timeout", "pool_timeout", "deadline", "largest_answer"):
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
