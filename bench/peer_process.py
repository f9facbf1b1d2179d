"""Process of a peer: a script of `bench/peers` in its own environment, run over its standard streams (`bench/peers/peer_protocol.py`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from bench.measure import Series, Spent, alternating

ROOT = Path(__file__).parents[1]
SCRIPTS = Path(__file__).with_name("peers")
INSTALLED = ROOT / ".cache" / "bench" / "peers"
"""Folder where `make peers` installs one folder for each environment."""


class PeerFailed(Exception):
    """A peer did not start, or exited early."""


class Peer:
    """Running script, ended by its context manager: `with Peer(...) as peer`."""

    def __init__(self, script: str, environment: str | None, arguments: Sequence[str]) -> None:
        """Start the script. `environment` is a folder of `INSTALLED`, or None for this process's environment."""
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

    def run(self, subject: str, loops: int) -> Spent:
        """Run `loops` operations and return their time."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{subject} {loops}\n")
        self._process.stdin.flush()
        cpu, wall = map(int, self._line().split())
        return Spent(cpu / 1e9, wall / 1e9)

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise PeerFailed(f"{self._name} exited with {self._process.wait(30)}; its output is above")
        return line


def installed(environment: str | None) -> bool:
    """Return true if an environment is installed."""
    return environment is None or (INSTALLED / environment / "bin" / "python").exists()


def measure_peers(subjects: Mapping[str, tuple[Peer, str]], rounds: int, loops: int) -> tuple[Series, ...]:
    """Measure peers. Each runs a quarter of a round's operations unmeasured before."""
    for peer, subject in subjects.values():
        peer.run(subject, max(1, loops // 4))
    samples: dict[str, list[Spent]] = {name: [] for name in subjects}
    for name in alternating(tuple(subjects), rounds):
        peer, subject = subjects[name]
        samples[name].append(peer.run(subject, loops).each(loops))
    return tuple(Series.of(name, spent) for name, spent in samples.items())
