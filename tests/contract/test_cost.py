"""Cost of calls and builds, in bytecode instructions: independent of the clock, and so of other load on the machine."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import bytecode


@pytest.fixture(scope="module")
def counts() -> dict[str, int]:
    if bytecode.stored_counts() is None:
        pytest.skip(f"no stored counts for Python {bytecode.VERSION}: python -m bench.bytecode --renew")
    return bytecode.counted()


def test_nothing_costs_more_than_it_did(counts: dict[str, int]) -> None:
    before = bytecode.stored_counts()
    assert before is not None
    assert set(before) == set(counts), "renew the counts: python -m bench.bytecode --renew"
    assert bytecode.regressions(counts, before) == [], "if the increase is accepted: python -m bench.bytecode --renew"


def test_calls_leave_no_reference_cycles() -> None:
    """A cycle keeps a response in memory until the garbage collector runs, which then costs more than the call's own code."""
    times = 50
    with bytecode.calls() as made:
        for name, call in made.items():
            for _ in range(5):
                call()
            gc.collect()
            gc.disable()
            try:
                for _ in range(times):
                    call()
                left = gc.collect()
            finally:
                gc.enable()
            assert left < times, f"{name}: {left} unreachable objects after {times} calls"


def test_a_call_that_costs_a_tenth_more_is_reported(counts: dict[str, int]) -> None:
    """Count each call with a tenth more work, and then unchanged."""
    with bytecode.calls() as made:
        for name, call in made.items():
            more = counts[name] // 10

            def burdened(call: object = call, more: int = more) -> None:
                assert callable(call)
                call()
                _work(more)

            assert bytecode.regressions({name: bytecode.count(burdened)}, {name: counts[name]}), name
            assert not bytecode.regressions({name: bytecode.count(call)}, {name: counts[name]}), name


def test_a_build_costs_the_same_in_every_process(counts: dict[str, int]) -> None:
    """Independent of the order of sets."""
    program = "import json\nfrom bench import bytecode\n"
    program += "print(json.dumps({name: bytecode.count(build, 1) for name, build in bytecode.builds().items()}))"
    for seed in ("1", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(bytecode.__file__).parents[1],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout) == pytest.approx({name: counts[name] for name in bytecode.builds()}, rel=1e-3)


def _work(instructions: int) -> None:
    """Execute about this many instructions, in a loop of three."""
    for _ in range(instructions // 3):
        pass
