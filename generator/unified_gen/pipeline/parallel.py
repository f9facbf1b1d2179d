"""Parallel compilation of vendors, and checks of their behaviour, in worker processes.

The compiler is imported with this module, and so before a worker is forked, which then has it; a build that finds everything in the cache
imports neither.
"""

from __future__ import annotations

import os
from pathlib import Path

from msgspec.structs import replace

from unified_gen.pipeline.compiler import Models, compile_vendor
from unified_gen.pipeline.inputs import VendorInputs
from unified_gen.pipeline.results import VendorResult
from unified_gen.specs.behaviour import check_behaviour


def compile_vendors(vendors: list[VendorInputs], models: Models, specs: Path) -> list[VendorResult]:
    """Compile vendors, each by itself, on all cores. The results are in the order of the vendors.

    Args:
        vendors: their files.
        models: of the project.
        specs: folder with the behaviour and the facts of each vendor.
    """
    workers = min(len(vendors), os.cpu_count() or 1)
    if workers <= 1:
        return [_compile(vendor, models, specs) for vendor in vendors]
    from concurrent.futures import ProcessPoolExecutor  # a single vendor does not pay for it

    with ProcessPoolExecutor(workers, initializer=_given, initargs=(models, specs)) as pool:
        return list(pool.map(_one, vendors))


_shared: tuple[Models, Path] | None = None
"""Models and the folder `specs` of a worker: it is given them once, not with each vendor."""


def _given(models: Models, specs: Path) -> None:
    global _shared
    _shared = models, specs


def _one(vendor: VendorInputs) -> VendorResult:
    assert _shared is not None  # `_given` was called when this worker began
    return _compile(vendor, *_shared)


def _compile(vendor: VendorInputs, models: Models, specs: Path) -> VendorResult:
    result = compile_vendor(vendor, models)
    found = dict.fromkeys((*result.diagnostics, *check_behaviour(specs / vendor.name)[1]))  # both report a malformed document
    return replace(result, diagnostics=tuple(found))
