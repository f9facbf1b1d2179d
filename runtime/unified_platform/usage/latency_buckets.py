"""Durations as counts in buckets that widen by a constant factor, so that sums over days, tools and processes stay right.

These are the buckets of DDSketch (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch", VLDB 2019): bucket `i`
holds what lies above G**(i-1) and up to G**i, and is reported as the value that is at most `ACCURACY` away from any of them. As rows, a
database adds them up by itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

ACCURACY = 0.02
"""Maximum relative error of a quantile."""

_GROWTH = (1 + ACCURACY) / (1 - ACCURACY)
_LOG = math.log(_GROWTH)
_SHORTEST = 1e-4


def bucket(seconds: float) -> int:
    """The bucket of a duration. What is shorter than a tenth of a millisecond counts as that."""
    return math.ceil(math.log(max(seconds, _SHORTEST)) / _LOG)


def seconds(bucket: int) -> float:
    """The duration that means a bucket."""
    return 2 * _GROWTH**bucket / (_GROWTH + 1)


def quantiles(counts: Mapping[int, int], wanted: Sequence[float]) -> tuple[float | None, ...]:
    """The durations in seconds at some quantiles (0.5 for the median), None if nothing was counted.

    A quantile `q` of `n` durations is the one at rank floor(q * (n - 1)) of the sorted ones, from 0.
    """
    total = sum(counts.values())
    if total == 0:
        return (None,) * len(wanted)
    ordered = sorted(counts.items())
    found = []
    for quantile in wanted:
        rank, seen, at = math.floor(quantile * (total - 1)), 0, ordered[-1][0]
        for one, count in ordered:
            seen += count
            if seen > rank:
                at = one
                break
        found.append(seconds(at))
    return tuple(found)
