"""Times of single operations."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds of an operation: median and 99th percentile of `count` executions."""

    operation: str
    median: float
    p99: float
    count: int


class Subject(Protocol):
    """Store that is measured with many rows.

    Attributes:
        tables: its tables in Postgres.
    """

    tables: tuple[str, ...]

    def load(self, first: int, last: int) -> None:
        """Add rows with these numbers, both included, as the store writes them."""
        ...

    def check(self, number: int) -> None:
        """Read a loaded row through the store.

        Raises:
            AssertionError: it is not what was loaded.
        """
        ...

    def figures(self, rows: int) -> Iterable[Figure]:
        """Measure the operations of the store while it has rows 1 to `rows`."""
        ...


def timed(operation: str, function: Callable[[int], object], numbers: Iterable[int]) -> Figure:
    """Call a function with each number, and return its times. The first call is not counted if there are several."""
    spent = []
    for number in numbers:
        start = time.perf_counter()
        function(number)
        spent.append(time.perf_counter() - start)
    return figure(operation, spent[1:] if len(spent) > 1 else spent)


def figure(operation: str, spent: Iterable[float]) -> Figure:
    """Return the figure of measured seconds."""
    ordered = sorted(spent)
    return Figure(operation, ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100], len(ordered))


def spread(rows: int, count: int) -> list[int]:
    """Return `count` row numbers that are far from each other, in an order without a pattern."""
    step = 7919 * 104_729  # two primes: consecutive numbers are far from each other
    return [number * step % rows + 1 for number in range(1, count + 1)]


EXPIRING = 10
"""One row of so many expires before retention is measured."""


def expires(number: int) -> bool:
    """Return whether a row is one of those that retention deletes."""
    return number % EXPIRING == 1
