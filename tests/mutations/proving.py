"""Judge edits that the compiler does not report by running their adapters, as `gen check --prove` does."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType

from msgspec.structs import replace

from tests.mutations.edits import Edit
from tests.mutations.judging import Judged, Outcome, changed, models, vendor
from tests.mutations.texts import write
from unified_emulation.report import prove
from unified_gen.pipeline.compiler import compile_vendor
from unified_gen.pipeline.inputs import VendorInputs

SECONDS = 60
"""Time for one adapter: ten times what `gen prove` may take."""


def judge(chosen: Iterable[tuple[Edit, Judged]]) -> list[Judged]:
    """Return the results of edits that were missed: a broken law that the shipped mapping does not have is a report."""
    return [_judged(edit, missed) for edit, missed in chosen]


def _judged(edit: Edit, missed: Judged) -> Judged:
    inputs = changed(vendor(edit.vendor), edit.file, write(edit.tree))
    try:
        with _limited():
            found = _broken(inputs) - _settled(edit.vendor)
    except TimeoutError:
        return missed
    except Exception as error:  # crashes are counted, and named in the report
        return replace(missed, outcome=Outcome.CRASHED, detail=f"with --prove: {type(error).__name__}: {error}"[:300])
    codes = tuple(sorted({code for code, _ in found}))
    return replace(missed, outcome=Outcome.PROVED, codes=codes, errors=len(found)) if found else missed


@cache
def _settled(name: str) -> frozenset[tuple[str, str]]:
    return _broken(vendor(name))


def _broken(inputs: VendorInputs) -> frozenset[tuple[str, str]]:
    proof = prove(inputs, compile_vendor(inputs, models()).files, models().by_resource)
    return frozenset((one.code, one.message) for one in proof.diagnostics)


@contextmanager
def _limited() -> Iterator[None]:
    """Raise TimeoutError in the block once the time is over: an edited adapter may read pages without an end."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
