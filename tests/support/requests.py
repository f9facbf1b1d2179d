"""Requests as users phrase them, each with the tools for it (`bench/requests.tsv`), in two halves.

Weights and synonyms were chosen with the tuning half only; the other half measures the search.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unified_platform.tools import ToolSearch

Labelled = Sequence[tuple[str, frozenset[str]]]

_ROWS = [line.split("\t") for line in (Path(__file__).parents[2] / "bench" / "requests.tsv").read_text(encoding="utf-8").splitlines()]
EVERY: Labelled = [(request, frozenset(names.split("|"))) for request, names in _ROWS]
TUNING: Labelled = EVERY[0::2]
TEST: Labelled = EVERY[1::2]


def recall(search: ToolSearch, labelled: Labelled, most: int) -> float:
    """Return the share of requests with a right tool among the first so many that are found."""
    return sum(bool(names & {one.name for one in search.search(request, most)}) for request, names in labelled) / len(labelled)
