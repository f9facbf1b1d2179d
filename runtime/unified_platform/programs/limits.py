"""Limits of one program, so that a mistake or a hostile program cannot use up the machine, a vendor's quota or a model's context."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one program.

    Attributes:
        seconds: CPU time of the program's own code. Time in which the host works does not count.
        memory: bytes of its objects.
        calls: calls of operations, pages of lists included.
        calls_per_vendor: calls to one vendor.
        records: records of a list that is read completely.
        file: bytes of a file that a program passes on; it is stored in a temporary file meanwhile.
        printed: characters of printed output; the rest is cut.
        result_tokens: maximum tokens of a result in a model's context.
        code: characters of the source.
        sleep: seconds that a program may sleep in total.
        deadline: seconds for which a program waits for a rate limit; it is paused if the wait is longer.
        concurrent: programs of one agent, and for one user, that may run at the same time in one process.
        paused: seconds for which a paused program can be resumed.
    """

    seconds: float = 5.0
    memory: int = 64 * 1024 * 1024
    calls: int = 200
    calls_per_vendor: int = 200
    records: int = 1000
    file: int = 512 * 1024 * 1024
    printed: int = 20_000
    result_tokens: int = 4000
    code: int = 20_000
    sleep: float = 10.0
    deadline: float = 30.0
    concurrent: int = 4
    paused: float = 7 * 24 * 3600.0
