"""Benchmark of programs on a warm pool: from the start of a program to its first call, and complete programs of several calls.

The client responds at once, so that the vendor's time is not included.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from bench.measure import Measured, functions
from unified.models.tasks import Task
from unified_platform.programs import ProgramRunner
from unified_platform.tools import tools
from unified_runtime import Client
from unified_runtime.core.connection_registry import Connections

FIRST = "from unified import tasks\ntasks.get('{number}').title"
FIVE = "from unified import tasks\n[tasks.get(str(n + {number})).title for n in range(5)]"


class _Stopped(BaseException):
    """Ends a program at its first call."""


class _Immediate(Client):
    """Client that returns a task at once, or stops the program."""

    stops = False

    def run(self, operation: Any, invocation: Any) -> Any:
        if self.stops:
            raise _Stopped
        return Task.model_construct(id="1", title="Fix the auth bug")


def measure(quick: bool) -> Measured:
    rounds, loops = (1, 2) if quick else (21, 5)
    client = _Immediate(connections=Connections())
    runner = ProgramRunner(list(tools(vendors=["jira"], toolsets=["tasks"], client=client)))
    subjects = {
        "type check only": _loop(lambda code: runner.check(code), FIRST),
        "start to first call": _loop(_until_first(client, runner), FIRST),
        "program of one call": _loop(runner.run, FIRST),
        "program of five calls": _loop(runner.run, FIVE),
    }
    return {"programs": functions(subjects, rounds, loops)}


def _until_first(client: _Immediate, runner: ProgramRunner) -> Callable[[str], object]:
    def run(code: str) -> None:
        client.stops = True
        try:
            runner.run(code)
        except _Stopped:
            return
        finally:
            client.stops = False
        raise AssertionError("the program makes a call")

    return run


def _loop(function: Callable[[str], object], code: str) -> Callable[[int], None]:
    numbers = itertools.count()

    def run(loops: int) -> None:
        for _ in range(loops):
            function(code.replace("{number}", str(next(numbers))))

    return run
