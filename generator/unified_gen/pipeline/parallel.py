"""Parallel compilation of vendors in worker processes.

The compiler is imported with this module, and so before a worker is forked, which then has it; a build that finds everything in the cache
imports neither.
"""

from __future__ import annotations

import os

from unified_gen.pipeline.compiler import Models, compile_vendor
from unified_gen.pipeline.inputs import VendorInputs
from unified_gen.pipeline.results import VendorResult


def compile_vendors(vendors: list[VendorInputs], models: Models) -> list[VendorResult]:
    """Compile vendors, each by itself, on all cores. The results are in the order of the vendors."""
    workers = min(len(vendors), os.cpu_count() or 1)
    if workers <= 1:
        return [compile_vendor(vendor, models) for vendor in vendors]
    from concurrent.futures import ProcessPoolExecutor  # a single vendor does not pay for it

    with ProcessPoolExecutor(workers, initializer=_given, initargs=(models,)) as pool:
        return list(pool.map(_one, vendors))


_models: Models | None = None
"""Those of a worker: it is given them once, not with each vendor."""


def _given(models: Models) -> None:
    global _models
    _models = models


def _one(vendor: VendorInputs) -> VendorResult:
    assert _models is not None  # `_given` was called when this worker began
    return compile_vendor(vendor, _models)
