"""Counts of judged edits by kind, as a table and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from tests.mutations.judging import Judged, Outcome

Key = TypeVar("Key", str, tuple[str, str])


def share(judged: Iterable[Judged]) -> float:
    """Return the share of edits that changed the generated code and were reported by the compiler."""
    counts = Counter(one.outcome for one in judged)
    total = sum(counts.values()) - counts[Outcome.EQUIVALENT]
    return counts[Outcome.REPORTED] / total if total else 1.0


def share_with_laws(judged: list[Judged], run: list[Judged]) -> float:
    """Return the share that is reported by the compiler or by laws, if `run` is a sample of the missed edits, or all of them."""
    found = sum(one.outcome is Outcome.PROVED for one in run) / len(run) if run else 0.0
    return share(judged) + (1 - share(judged)) * found


def to_json(judged: list[Judged], seed: str, run: list[Judged]) -> dict[str, object]:
    """Return all counts, and the names of edits that were missed or crashed the compiler. `run` are the missed edits that laws judged."""
    found = sum(one.outcome is Outcome.PROVED for one in run)
    return {
        "seed": seed,
        "laws": {"run": len(run), "found": found, "share": round(share_with_laws(judged, run), 4)},
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
    lines = [
        "| file | kind | edits | equivalent | reported | by laws | missed | crashed | share |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
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
    columns = (Outcome.EQUIVALENT, Outcome.REPORTED, Outcome.PROVED, Outcome.MISSED, Outcome.CRASHED)
    cells = [part, kind, *(f"{number:,}" for number in (len(judged), *(counts[column] for column in columns)))]
    return "| " + " | ".join([*cells, f"{share(judged):.0%}"]) + " |"
