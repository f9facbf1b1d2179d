"""Counts of judged edits by kind, as a table and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from tests.mutations.judging import Judged, Outcome

Key = TypeVar("Key", str, tuple[str, str])


def share(judged: Iterable[Judged]) -> float:
    """Return the share of edits that changed the generated code and were reported."""
    counts = Counter(one.outcome for one in judged)
    total = sum(counts.values()) - counts[Outcome.EQUIVALENT]
    return counts[Outcome.REPORTED] / total if total else 1.0


def to_json(judged: list[Judged], seed: str) -> dict[str, object]:
    """Return all counts, and the names of the edits that were missed or crashed the compiler."""
    return {
        "seed": seed,
        "edits": len(judged),
        "all": _counts(judged),
        "parts": {part: _counts(found) for part, found in _grouped(judged, lambda one: one.part)},
        "kinds": {f"{part}: {kind}": _counts(found) for (part, kind), found in _grouped(judged, lambda one: (one.part, one.kind))},
        "vendors": {vendor: _counts(found) for vendor, found in _grouped(judged, lambda one: one.vendor)},
        "missed": sorted(one.name for one in judged if one.outcome is Outcome.MISSED),
        "crashed": {one.name: one.detail for one in judged if one.outcome is Outcome.CRASHED},
    }


def table(judged: list[Judged]) -> str:
    """Return the counts by kind as a Markdown table."""
    lines = ["| file | kind | edits | equivalent | reported | missed | crashed | share |", "|---|---|--:|--:|--:|--:|--:|--:|"]
    for part, found in _grouped(judged, lambda one: one.part):
        lines += [_line(part, kind, inner) for kind, inner in _grouped(found, lambda one: one.kind)]
        lines.append(_line(f"**{part}**", "", found))
    lines.append(_line("**all**", "", judged))
    return "\n".join(lines)


def _counts(judged: list[Judged]) -> dict[str, object]:
    counts = Counter(one.outcome.value for one in judged)
    return {"edits": len(judged), **{one.value: counts[one.value] for one in Outcome}, "share": round(share(judged), 4)}


def _grouped(judged: Iterable[Judged], key: Callable[[Judged], Key]) -> list[tuple[Key, list[Judged]]]:
    found: dict[Key, list[Judged]] = {}
    for one in judged:
        found.setdefault(key(one), []).append(one)
    return sorted(found.items(), key=lambda item: item[0])


def _line(part: str, kind: str, judged: list[Judged]) -> str:
    counts = Counter(one.outcome for one in judged)
    numbers = [len(judged), counts[Outcome.EQUIVALENT], counts[Outcome.REPORTED], counts[Outcome.MISSED], counts[Outcome.CRASHED]]
    return f"| {part} | {kind} | " + " | ".join(f"{number:,}" for number in numbers) + f" | {share(judged):.0%} |"
