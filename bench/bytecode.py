"""Counts of the bytecode instructions that Python executes for calls and builds.

`python -m bench.bytecode` compares them with the stored counts; `--renew` stores the new ones. Unlike times, counts do not depend on the
load of the machine, so CI can check them. They are valid for one minor version of Python, and exclude code in C or Rust, which only
`make bench` measures.
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

from bench import jira_responses
from bench.loopback import serving
from bench.peers.workload import DESCRIPTION, KEY, LISTED, TITLE, TOKEN, USER
from unified_runtime import using

STORED = Path(__file__).with_name("bytecode.json")
"""Stored counts, by version of Python."""

PROJECT = Path(__file__).parents[1] / "tests" / "golden" / "acme"
"""Project whose build is counted."""

MARGIN = 0.05
"""Accepted increase: more than releases of libraries differ by, less than a regression that matters."""

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

_REPEATS = 8
"""Number of counts, of which the lowest is used: a response in two pieces costs a few instructions more."""


def count(call: Callable[[], object], times: int = _REPEATS) -> int:
    """Count the bytecode instructions of one warm call in this thread."""
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
    """Yield the calls that are counted, by name, against a server on loopback."""
    import unified
    from unified import aio, tasks
    from unified_runtime import AsyncClient, Client
    from unified_runtime.core.settings import Settings

    prepared = {
        "GET /rest/api/3/issue/": jira_responses.dump(jira_responses.issue(1)),
        "POST /rest/api/3/issue": jira_responses.created(1),
        "GET /rest/api/3/search/jql": jira_responses.page(LISTED),
    }
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(serving(prepared))
        runner = stack.enter_context(asyncio.Runner())
        client, async_client = Client(settings=Settings(check_records=False)), AsyncClient()  # one record for each request
        for one in (client, async_client):
            one.connect("jira", unified.basic(USER, TOKEN), site="acme", server=server)

        def get() -> None:
            with using(client):
                assert tasks.get(KEY).id == KEY

        def create() -> None:
            with using(client):
                tasks.create(title=TITLE, project_id="PROJ", description=DESCRIPTION, priority="high", labels=["backend"])

        def listing() -> None:
            with using(client):
                assert sum(1 for _ in tasks.list(project_id="PROJ", limit=LISTED)) == LISTED

        async def get_async() -> None:
            async with using(async_client):
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
    """Yield governed calls by name. Each creates a task with another title."""
    from bench.governed_calls import governed_options
    from unified import tasks
    from unified_runtime import Client, acting

    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w", encoding="utf-8") as nowhere:
        client = Client(**governed_options(Path(folder), server, nowhere))

        def get() -> None:
            with using(client), acting(user="alice", agent="helper", via="jira"):
                assert tasks.get(KEY).id == KEY

        number = itertools.count()

        def create() -> None:
            with using(client), acting(user="alice", agent="helper", via="jira"):
                title = f"{TITLE} {next(number)}"
                tasks.create(title=title, project_id="PROJ", description=DESCRIPTION, priority="high", labels=["backend"])

        yield {"get, governed": get, "create, governed": create}


def builds() -> Mapping[str, Callable[[], object]]:
    """Return the compiler's phases for one small vendor. They are deterministic, so one count is enough.

    Model classes (datamodel-code-generator) and formatting (ruff) are left out.
    """
    from unified_gen.pipeline.compiler import compile_shared, compile_vendor, parse_models
    from unified_gen.pipeline.inputs import read_inputs

    inputs = read_inputs(PROJECT)
    models, (vendor,) = parse_models(inputs.models), inputs.vendors
    offers, classes = {vendor.name: compile_vendor(vendor, models).offers}, dict.fromkeys(models.by_resource, "")
    return {
        "build, the models": lambda: parse_models(inputs.models),
        "build, a vendor": lambda: compile_vendor(vendor, models),
        "build, shared files": lambda: compile_shared(models, classes, offers),
    }


def counted() -> dict[str, int]:
    """Count all calls and builds."""
    with calls() as made:
        found = {name: count(call) for name, call in made.items()}
    return found | {name: count(build, 1) for name, build in builds().items()}


def stored_counts() -> dict[str, int] | None:
    """Return the stored counts for this version of Python."""
    found: dict[str, int] | None = json.loads(STORED.read_text(encoding="utf-8")).get(VERSION)
    return found


def regressions(found: Mapping[str, int], before: Mapping[str, int]) -> list[str]:
    """Return a message for each count that grew by more than the margin."""
    return [
        f"{name}: {found[name]:,} bytecode instructions, before {was:,} ({found[name] / was - 1:+.1%})"
        for name, was in before.items()
        if found[name] > was * (1 + MARGIN)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.bytecode", description=__doc__)
    parser.add_argument("--renew", action="store_true", help="store these counts for later comparisons")
    renew = parser.parse_args().renew
    found, before = counted(), stored_counts() or {}
    for name, number in found.items():
        sys.stdout.write(f"{name}: {number:,}" + (f" ({number / before[name] - 1:+.1%})\n" if name in before else "\n"))
    if renew:
        every = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
        STORED.write_text(json.dumps({**every, VERSION: found}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    elif worse := regressions(found, before):
        sys.exit("\n".join(worse))


if __name__ == "__main__":
    main()
