"""Measurement of functions and processes: CPU time, subjects in alternating order, ratios within a round.

On a shared machine, wall time and single runs vary too much. Each round measures every subject once, in alternating order; a subject is
compared with its baseline round by round, and the median of those ratios is reported.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of CPU time, user and system, and of wall time."""

    cpu: float
    wall: float

    def each(self, count: int) -> Spent:
        """Return the time of one of `count` operations."""
        return Spent(self.cpu / count, self.wall / count)


@dataclass(frozen=True, slots=True)
class Series:
    """Measured values of one subject, one for each round."""

    name: str
    seconds: tuple[float, ...]
    """CPU seconds, user and system, for one operation."""
    memory: int | None = None
    """Peak resident size of the process, in bytes."""
    wall: float | None = None
    """Median wall time of one operation, in seconds."""

    @classmethod
    def of(cls, name: str, samples: Sequence[Spent]) -> Series:
        """Return a series with wall time."""
        return cls(name, tuple(one.cpu for one in samples), wall=statistics.median(one.wall for one in samples))


Measured = Mapping[str, tuple[Series, ...]]
"""Series that were measured in the same rounds, by name of the group."""


@dataclass(frozen=True, slots=True)
class Command:
    """Process to measure, and a function to call before each run."""

    arguments: Sequence[str]
    before: Callable[[], None] | None = None


class CommandFailed(Exception):
    """A measured process failed."""


def processes(commands: Mapping[str, Command], rounds: int, *, warm: bool = True) -> tuple[Series, ...]:
    """Measure complete processes with their descendants. `warm`: run each once before, so that bytecode and files are cached."""
    for command in commands.values() if warm else ():
        _run(command)
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    memory = dict.fromkeys(commands, 0)
    for name in alternating(tuple(commands), rounds):
        used, size = _run(commands[name])
        seconds[name].append(used)
        memory[name] = max(memory[name], size)
    return tuple(Series(name, tuple(seconds[name]), memory[name]) for name in commands)


_STARTER = """
import os, sys
_, status, used = os.wait4(os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ), 0)
os.write(int(sys.argv[1]), f"{os.waitstatus_to_exitcode(status)} {used.ru_utime + used.ru_stime} {used.ru_maxrss}".encode())
"""
"""Program that runs a command and writes its exit code, CPU seconds and peak size in KB. Linux reports a process as at least as large as
its parent, so the parent must be small."""


def _run(command: Command) -> tuple[float, int]:
    if command.before is not None:
        command.before()
    reading, writing = os.pipe()
    with open(reading, "rb") as report:
        try:
            done = subprocess.run(  # noqa: S603  commands are written in this package
                [sys.executable, "-IS", "-c", _STARTER, str(writing), *command.arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(writing,),
                check=False,
            )
        finally:
            os.close(writing)
        status, _, rest = report.read().partition(b" ")
    if status != b"0":
        output = done.stdout.decode(errors="replace")
        raise CommandFailed(f"{' '.join(command.arguments)[:200]}\nexited with {status.decode() or 'unknown'}:\n{output}")
    seconds, size = rest.split()
    return float(seconds), int(size) * 1024


def functions(
    subjects: Mapping[str, Callable[[int], object]], rounds: int, loops: int, *, clock: Callable[[], float] = time.process_time
) -> tuple[Series, ...]:
    """Measure functions of this process. Each receives the number of operations to run, and runs once unmeasured before.

    `clock` returns the CPU seconds spent so far; pass another clock to include other processes.
    """
    for function in subjects.values():
        function(max(1, loops // 4))
    spent: dict[str, list[Spent]] = {name: [] for name in subjects}
    for name in alternating(tuple(subjects), rounds):
        function = subjects[name]
        gc.collect()  # no subject is charged for another's garbage
        wall, start = time.perf_counter(), clock()
        function(loops)
        spent[name].append(Spent(clock() - start, time.perf_counter() - wall).each(loops))
    return tuple(Series.of(name, samples) for name, samples in spent.items())


def alternating(names: tuple[str, ...], rounds: int) -> list[str]:
    """Return names in the order A B, B A, A B, so that drift affects all of them equally."""
    return [name for round_ in range(rounds) for name in (names if round_ % 2 == 0 else names[::-1])]


def environment(cache: Path) -> dict[str, str]:
    """Return the environment of measured processes: bytecode is cached, as in an ordinary installation, in a separate folder."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")}
    return {**inherited, "PYTHONPYCACHEPREFIX": str(cache / "bytecode")}
