"""A peer: a script of `bench/peers` in an environment of its own, asked over its standard streams (`bench/peers/speaking.py`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from bench.measure import Series, Spent, turns

ROOT = Path(__file__).parents[1]
SCRIPTS = Path(__file__).with_name("peers")
INSTALLED = ROOT / ".cache" / "bench" / "peers"
"""What `make peers` installs: a folder for each environment."""


class PeerFailed(Exception):
    """A peer does not start, or ended while it was asked."""


class Peer:
    """A running script. Whoever starts it ends it: `with Peer(...) as peer`."""

    def __init__(self, script: str, environment: str | None, arguments: Sequence[str]) -> None:
        """`environment` is a folder of `INSTALLED`; None is that of this process."""
        python = sys.executable if environment is None else str(INSTALLED / environment / "bin" / "python")
        self._name = script
        self._process = subprocess.Popen(  # noqa: S603  scripts of this package
            [python, "-W", "ignore", str(SCRIPTS / f"{script}.py"), *arguments],
            env=os.environ | ({"PYTHONPATH": str(ROOT)} if environment is None else {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.subjects: tuple[str, ...] = tuple(json.loads(self._line())["subjects"])

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(30)

    def ask(self, subject: str, loops: int) -> Spent:
        """What so many operations took."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{subject} {loops}\n")
        self._process.stdin.flush()
        cpu, wall = map(int, self._line().split())
        return Spent(cpu / 1e9, wall / 1e9)

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise PeerFailed(f"{self._name} ended with {self._process.wait(30)}; what it said is above")
        return line


def installed(environment: str | None) -> bool:
    """Whether an environment is there."""
    return environment is None or (INSTALLED / environment / "bin" / "python").exists()


def asked(subjects: Mapping[str, tuple[Peer, str]], rounds: int, loops: int) -> tuple[Series, ...]:
    """Measure what peers do. Each does a quarter of a round's operations unmeasured first."""
    for peer, subject in subjects.values():
        peer.ask(subject, max(1, loops // 4))
    found: dict[str, list[Spent]] = {name: [] for name in subjects}
    for name in turns(tuple(subjects), rounds):
        peer, subject = subjects[name]
        found[name].append(peer.ask(subject, loops).each(loops))
    return tuple(Series.of(name, spent) for name, spent in found.items())
