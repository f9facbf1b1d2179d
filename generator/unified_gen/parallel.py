"""Vendors compiled at the same time.

The compiler is imported with this module and so before a worker is forked, which then has it; who finds everything in the cache imports
neither.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache

from unified_gen.compile import Models, compile_vendor, parse_models
from unified_gen.inputs import VendorInputs
from unified_gen.results import VendorResult


def compile_vendors(vendors: list[VendorInputs], models: Mapping[str, str]) -> list[VendorResult]:
    """Compile vendors, each by itself, on all cores. The results are in the order of the vendors."""
    texts = tuple(models.items())
    parsed(texts)  # a forked worker has them then
    workers = min(len(vendors), os.cpu_count() or 1)
    if workers <= 1:
        return [_one(vendor, texts) for vendor in vendors]
    from concurrent.futures import ProcessPoolExecutor  # one vendor alone does not pay for it

    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(_one, vendors, [texts] * len(vendors)))


def _one(vendor: VendorInputs, models: tuple[tuple[str, str], ...]) -> VendorResult:
    return compile_vendor(vendor, parsed(models))


@lru_cache(maxsize=1)
def parsed(models: tuple[tuple[str, str], ...]) -> Models:
    """The models, parsed once in each process, not for each vendor and for what they share."""
    return parse_models(dict(models))
