"""What a call costs, and what compiling a vendor does, counted: the bytecode instructions that Python executes for it. `python -m
bench.bytecode` compares with the counts that were kept, `--renew` keeps these.

Counts do not depend on how busy a machine is, so they can be held to in CI, where times cannot. They hold for one minor version of
Python, and see nothing of what runs in C or Rust; times are for `make bench`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from bench import answers
from bench.loopback import serving
from bench.peers.wanted import DESCRIPTION, KEY, LISTED, TITLE, TOKEN, USER

KEPT = Path(__file__).with_name("bytecode.json")
"""Counts by version of Python."""

SMALL = Path(__file__).parents[1] / "tests" / "golden" / "acme"
"""The project whose build is counted."""

MARGIN = 0.05
"""How much more is let pass: what differs between releases of the libraries in the path is less, and what matters is more."""

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

_TIMES = 8
"""Of so many counts the least is taken: an answer that comes in two pieces, or a clock that turns, costs a few instructions more."""


def count(call: Callable[[], object], times: int = _TIMES) -> int:
    """Bytecode instructions of one call in this thread, once everything it needs is imported and warm."""
    for _ in range(3):
        call()
    return min(_once(call) for _ in range(times))


def _once(call: Callable[[], object]) -> int:
    seen = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal seen
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        if event == "opcode":
            seen += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return seen


@contextlib.contextmanager
def calls() -> Iterator[Mapping[str, Callable[[], object]]]:
    """The calls that are counted, against a server on loopback."""
    import unified
    from unified import aio, tasks
    from unified_runtime import AsyncClient, Client

    prepared = {
        "GET /rest/api/3/issue/": answers.dump(answers.issue(1)),
        "POST /rest/api/3/issue": answers.created(1),
        "GET /rest/api/3/search/jql": answers.page(LISTED),
    }
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(serving(prepared))
        runner = stack.enter_context(asyncio.Runner())
        client, several = Client(), AsyncClient()
        for one in (client, several):
            one.connect("jira", unified.basic(USER, TOKEN), site="acme", server=server)

        def get() -> None:
            with client:
                assert tasks.get(KEY).id == KEY

        def create() -> None:
            with client:
                tasks.create(title=TITLE, project_id="PROJ", description=DESCRIPTION, priority="high", labels=["backend"])

        def listing() -> None:
            with client:
                assert sum(1 for _ in tasks.list(project_id="PROJ", limit=LISTED)) == LISTED

        async def get_async() -> None:
            async with several:
                assert (await aio.tasks.get(KEY)).id == KEY

        yield {
            "get": get,
            "create": create,
            "list of 50": listing,
            "get, async": lambda: runner.run(get_async()),
            **stack.enter_context(_governed(server)),
        }


@contextlib.contextmanager
def _governed(server: str) -> Iterator[Mapping[str, Callable[[], object]]]:
    """Calls with everything on. Each creates a task with another title."""
    from bench.governed import governing
    from unified import tasks
    from unified_runtime import Client, acting

    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w", encoding="utf-8") as nowhere:
        client = Client(**governing(Path(folder), server, nowhere))

        def get() -> None:
            with client, acting(user="alice", agent="helper", via="jira"):
                assert tasks.get(KEY).id == KEY

        number = itertools.count()

        def create() -> None:
            with client, acting(user="alice", agent="helper", via="jira"):
                title = f"{TITLE} {next(number)}"
                tasks.create(title=title, project_id="PROJ", description=DESCRIPTION, priority="high", labels=["backend"])

        yield {"get, governed": get, "create, governed": create}


def builds() -> Mapping[str, Callable[[], object]]:
    """What the compiler does for one small vendor. It is pure, so that every count is the same: once is enough.

    The classes of the models are left out, which are datamodel-code-generator's work, and so is formatting, which is ruff's.
    """
    from unified_gen.compile import compile_shared, compile_vendor, parse_models
    from unified_gen.inputs import read_inputs

    inputs = read_inputs(SMALL)
    models, (vendor,) = parse_models(inputs.models), inputs.vendors
    offers, classes = {vendor.name: compile_vendor(vendor, models).offers}, dict.fromkeys(models.by_resource, "")
    return {
        "build, the models": lambda: parse_models(inputs.models),
        "build, a vendor": lambda: compile_vendor(vendor, models),
        "build, what vendors share": lambda: compile_shared(models, classes, offers),
    }


def counted() -> dict[str, int]:
    """The count of every call, and of what builds do."""
    with calls() as made:
        found = {name: count(call) for name, call in made.items()}
    return found | {name: count(build, 1) for name, build in builds().items()}


def kept() -> dict[str, int] | None:
    """The counts that were kept for this version of Python."""
    found: dict[str, int] | None = json.loads(KEPT.read_text(encoding="utf-8")).get(VERSION)
    return found


def dearer(found: Mapping[str, int], before: Mapping[str, int]) -> list[str]:
    """What costs more than it did, by more than the margin; in words."""
    return [
        f"{name}: {found[name]:,} bytecode instructions, and it was {was:,} ({found[name] / was - 1:+.1%})"
        for name, was in before.items()
        if found[name] > was * (1 + MARGIN)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.bytecode", description=__doc__)
    parser.add_argument("--renew", action="store_true", help="keep these counts for later comparisons")
    renew = parser.parse_args().renew
    found, before = counted(), kept() or {}
    for name, number in found.items():
        sys.stdout.write(f"{name}: {number:,}" + (f" ({number / before[name] - 1:+.1%})\n" if name in before else "\n"))
    if renew:
        every = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
        KEPT.write_text(json.dumps({**every, VERSION: found}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    elif said := dearer(found, before):
        sys.exit("\n".join(said))


if __name__ == "__main__":
    main()
