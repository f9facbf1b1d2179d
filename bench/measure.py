"""How everything here is measured: CPU time, subjects in turn, ratios within a round.

On a machine that others use too, wall time and single runs say little. So each round measures every subject once, close together and in
an order that alternates; a subject is compared with its baseline round by round, and the median of those ratios is what is reported.
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
        """What one of `count` took."""
        return Spent(self.cpu / count, self.wall / count)


@dataclass(frozen=True, slots=True)
class Series:
    """What one subject took, one value a round."""

    name: str
    seconds: tuple[float, ...]
    """CPU seconds, user and system, for one operation."""
    memory: int | None = None
    """Largest resident size of a whole process, in bytes."""
    wall: float | None = None
    """Seconds that one operation took, the median of the rounds."""

    @classmethod
    def of(cls, name: str, spent: Sequence[Spent]) -> Series:
        """A subject whose wall time is known too."""
        return cls(name, tuple(one.cpu for one in spent), wall=statistics.median(one.wall for one in spent))


Measured = Mapping[str, tuple[Series, ...]]
"""Groups of subjects measured in the same rounds, by name."""


@dataclass(frozen=True, slots=True)
class Command:
    """A whole process, and what must be done before each run of it."""

    arguments: Sequence[str]
    before: Callable[[], None] | None = None


class CommandFailed(Exception):
    """A process that is to be measured does not do its work."""


def processes(commands: Mapping[str, Command], rounds: int, *, warm: bool = True) -> tuple[Series, ...]:
    """Measure whole processes, descendants included. `warm`: each runs once unmeasured first, so that bytecode and files are at hand."""
    for command in commands.values() if warm else ():
        _run(command)
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    memory = dict.fromkeys(commands, 0)
    for name in turns(tuple(commands), rounds):
        used, size = _run(commands[name])
        seconds[name].append(used)
        memory[name] = max(memory[name], size)
    return tuple(Series(name, tuple(seconds[name]), memory[name]) for name in commands)


_STARTER = """
import os, sys
_, status, used = os.wait4(os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ), 0)
os.write(int(sys.argv[1]), f"{os.waitstatus_to_exitcode(status)} {used.ru_utime + used.ru_stime} {used.ru_maxrss}".encode())
"""
"""Runs a command and tells how it ended, its CPU seconds and its largest size in KB. A process counts as no smaller than the one that
started it (Linux carries the size over), and this one is small."""


def _run(command: Command) -> tuple[float, int]:
    if command.before is not None:
        command.before()
    reading, writing = os.pipe()
    with open(reading, "rb") as told:
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
        ended, _, rest = told.read().partition(b" ")
    if ended != b"0":
        said = done.stdout.decode(errors="replace")
        raise CommandFailed(f"{' '.join(command.arguments)[:200]}\nended with {ended.decode() or 'no process'}:\n{said}")
    seconds, size = rest.split()
    return float(seconds), int(size) * 1024


def functions(
    subjects: Mapping[str, Callable[[int], object]], rounds: int, loops: int, *, clock: Callable[[], float] = time.process_time
) -> tuple[Series, ...]:
    """Measure functions of this process. Each is given the number of operations to do and runs once unmeasured first.

    `clock` gives the CPU seconds spent so far; another than this process's counts others as well.
    """
    for subject in subjects.values():
        subject(max(1, loops // 4))
    found: dict[str, list[Spent]] = {name: [] for name in subjects}
    for name in turns(tuple(subjects), rounds):
        subject = subjects[name]
        gc.collect()  # nobody pays for another's garbage; while a subject runs, it pays for its own
        wall, start = time.perf_counter(), clock()
        subject(loops)
        found[name].append(Spent(clock() - start, time.perf_counter() - wall).each(loops))
    return tuple(Series.of(name, spent) for name, spent in found.items())


def turns(names: tuple[str, ...], rounds: int) -> list[str]:
    """A B, B A, A B: whatever drifts meets all alike."""
    return [name for turn in range(rounds) for name in (names if turn % 2 == 0 else names[::-1])]


def environment(cache: Path) -> dict[str, str]:
    """The environment of what is measured: bytecode is kept, as in an ordinary installation, and in a place of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")}
    return {**kept, "PYTHONPYCACHEPREFIX": str(cache / "bytecode")}
