"""How a peer is asked: its script is run by an interpreter of its own and speaks over its standard streams.

`python SCRIPT SERVER [DOCUMENT]` writes one line of JSON, which says what it can do and in which versions. Then it reads lines, a subject
and a number of operations, and answers each with two numbers: the nanoseconds of CPU time and of wall time that they took. It knows
nothing of the project, since most of the environments it is run in lack it.
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
"""How many calls run together, where they are asynchronous."""

Subject = Callable[[int], object]

_runner = asyncio.Runner()


def speak(subjects: Mapping[str, Subject], *packages: str) -> None:
    """Offer subjects, each a function of the number of operations to do, and answer until nobody asks."""
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    told = {"subjects": list(subjects), "versions": {name: metadata.version(name) for name in packages}}
    answers.write(json.dumps(told) + "\n")
    for line in sys.stdin:
        name, _, loops = line.rpartition(" ")
        gc.collect()
        wall, cpu = time.perf_counter_ns(), time.process_time_ns()
        subjects[name](int(loops))
        answers.write(f"{time.process_time_ns() - cpu} {time.perf_counter_ns() - wall}\n")


def repeated(call: Callable[[], object]) -> Subject:
    """One call after the other."""

    def calls(loops: int) -> None:
        for _ in range(loops):
            call()

    return calls


def at_once(call: Callable[[], Awaitable[object]]) -> Subject:
    """Asynchronous calls, `AT_ONCE` of them together."""

    async def calls(loops: int) -> None:
        for _ in range(max(1, loops // AT_ONCE)):
            await asyncio.gather(*(call() for _ in range(AT_ONCE)))

    return lambda loops: _runner.run(calls(loops))


def run(made: Awaitable[object]) -> object:
    """Something asynchronous that has to be done before, in the loop of the calls."""

    async def wait() -> object:
        return await made

    return _runner.run(wait())
