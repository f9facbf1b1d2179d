"""What calls and builds cost, counted in bytecode instructions and held to: no clock is looked at, so a busy machine does not matter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import bytecode


@pytest.fixture(scope="module")
def counts() -> dict[str, int]:
    if bytecode.kept() is None:
        pytest.skip(f"no counts are kept for Python {bytecode.VERSION}: python -m bench.bytecode --renew")
    return bytecode.counted()


def test_nothing_costs_more_than_it_did(counts: dict[str, int]) -> None:
    before = bytecode.kept()
    assert before is not None
    assert set(before) == set(counts), "renew the counts: python -m bench.bytecode --renew"
    assert bytecode.dearer(counts, before) == [], "if it is worth that: python -m bench.bytecode --renew"


def test_a_call_that_costs_a_tenth_more_is_told(counts: dict[str, int]) -> None:
    """Each call again, with work put into it that is a tenth of what it costs; and then as it is."""
    with bytecode.calls() as made:
        for name, call in made.items():
            more = counts[name] // 10

            def burdened(call: object = call, more: int = more) -> None:
                assert callable(call)
                call()
                _work(more)

            assert bytecode.dearer({name: bytecode.count(burdened)}, {name: counts[name]}), name
            assert not bytecode.dearer({name: bytecode.count(call)}, {name: counts[name]}), name


def test_a_build_costs_the_same_in_every_process(counts: dict[str, int]) -> None:
    """Whatever order sets come in."""
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
    """About so many instructions of a loop; one turn of it takes three."""
    for _ in range(instructions // 3):
        pass
