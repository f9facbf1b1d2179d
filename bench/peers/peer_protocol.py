"""Protocol between the benchmark and a peer, which runs in its own interpreter, over standard streams.

`python SCRIPT SERVER [DOCUMENT]` writes one line of JSON with its subjects and versions. Then it reads lines with a subject and a number
of operations, and writes two numbers for each: the nanoseconds of CPU time and of wall time. It imports nothing of the project, which
most environments of peers lack.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from importlib import metadata

AT_ONCE = 20
"""Number of concurrent asynchronous calls."""

Subject = Callable[[int], object]

_runner = asyncio.Runner()


def serve(subjects: Mapping[str, Subject], *packages: str) -> None:
    """Run the protocol until standard input ends. Each subject is a function of the number of operations."""
    output = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # output of libraries must not be read as results
    greeting = {"subjects": list(subjects), "versions": {name: metadata.version(name) for name in packages}}
    output.write(json.dumps(greeting) + "\n")
    for line in sys.stdin:
        name, _, loops = line.rpartition(" ")
        gc.collect()
        wall, cpu = time.perf_counter_ns(), time.process_time_ns()
        subjects[name](int(loops))
        output.write(f"{time.process_time_ns() - cpu} {time.perf_counter_ns() - wall}\n")


def repeated(call: Callable[[], object]) -> Subject:
    """Return a subject that runs calls one after the other."""

    def calls(loops: int) -> None:
        for _ in range(loops):
            call()

    return calls


def at_once(call: Callable[[], Awaitable[object]]) -> Subject:
    """Return a subject that runs asynchronous calls, `AT_ONCE` concurrently."""

    async def calls(loops: int) -> None:
        for _ in range(max(1, loops // AT_ONCE)):
            await asyncio.gather(*(call() for _ in range(AT_ONCE)))

    return lambda loops: _runner.run(calls(loops))


def run(awaitable: Awaitable[object]) -> object:
    """Run setup code in the event loop of the calls."""

    async def wait() -> object:
        return await awaitable

    return _runner.run(wait())
