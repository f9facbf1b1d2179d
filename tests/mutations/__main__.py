"""`make mutate`: edit every mapping at every location, compile each edit, and report what the compiler missed, by kind.

Results are appended to build/mutations/ as they are found; a run that was stopped continues there.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import msgspec

from tests.mutations.edits import Edit
from tests.mutations.judging import ROOT, Judged, Outcome, edits, files, judge, project
from unified_gen.cache.keys import key_of

PARTS = ("resource", "vendor", "overlay")
"""Groups of files, in the order in which they are judged."""
CHUNK = 60
"""Edits that one task judges: a result is saved after each task."""


def main() -> int:
    options = _options()
    vendors = options.vendors or [one.name for one in project().vendors]
    state = _state(options.seed)
    state.parent.mkdir(parents=True, exist_ok=True)
    known = {one.name: one for one in _read(state)}
    chosen = {edit.name: edit for name in vendors for file in files(name) for edit in edits(name, file, options.seed)}
    if options.part:
        chosen = {name: edit for name, edit in chosen.items() if edit.part in options.part}
    todo = sorted((edit for name, edit in chosen.items() if name not in known), key=lambda edit: PARTS.index(edit.part))
    print(f"{len(chosen)} edits, {len(todo)} to be judged", file=sys.stderr)
    with state.open("ab") as out, ProcessPoolExecutor(options.jobs) as pool:
        waiting = [pool.submit(_task, chunk) for chunk in _chunks(todo)]
        for number, task in enumerate(as_completed(waiting), 1):
            for one in task.result():
                known[one.name] = one
                out.write(msgspec.json.encode(one) + b"\n")
            out.flush()
            if number % 10 == 0:
                print(f"{number} of {len(waiting)} tasks", file=sys.stderr)
    judged = [known[name] for name in chosen]
    folder = state.parent
    (folder / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(_report(judged, options.seed))))
    misses = sorted((one.kind, one.name, one.detail) for one in judged if one.outcome in (Outcome.MISSED, Outcome.CRASHED))
    (folder / "missed.txt").write_text("".join(f"{kind}\t{name}\t{detail}\n" for kind, name, detail in misses), "utf-8")
    print(table(judged))
    print(f"missed edits: {(folder / 'missed.txt').relative_to(ROOT)}", file=sys.stderr)
    return 1 if any(one.outcome is Outcome.CRASHED for one in judged) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("vendors", nargs="*", help="only these vendors")
    parser.add_argument("--seed", default="1", help="another seed gives other edits")
    parser.add_argument("--part", action="append", choices=PARTS, help="only these files")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def _state(seed: str) -> Path:
    """Return the file of results: another one after any change of the compiler, the mappings, the slices or the edits."""
    sources = {path.name: path.read_text("utf-8") for path in Path(__file__).parent.glob("*.py") if path.stem != "__main__"}
    key = key_of({**project().texts(), **sources, "seed": seed}.items(), kind="mutations")
    return ROOT / "build/mutations" / f"{key[:16]}.jsonl"


def _read(state: Path) -> Iterator[Judged]:
    for line in state.read_bytes().splitlines(keepends=True) if state.exists() else ():
        if line.endswith(b"\n"):  # the last one may be cut off
            yield msgspec.json.decode(line, type=Judged)


def _chunks(todo: list[Edit]) -> Iterator[tuple[Edit, ...]]:
    by_file: dict[tuple[str, str], list[Edit]] = {}
    for edit in todo:
        by_file.setdefault((edit.vendor, edit.file), []).append(edit)
    for group in by_file.values():
        for start in range(0, len(group), CHUNK):
            yield tuple(group[start : start + CHUNK])


def _task(chunk: tuple[Edit, ...]) -> list[Judged]:
    return judge(chunk[0].vendor, chunk[0].file, chunk)


# ------------------------------------------------------------------------------------------- report
def share(judged: Iterable[Judged]) -> float:
    """Return the share of edits that changed the generated code and were reported."""
    counts = Counter(one.outcome for one in judged)
    total = sum(counts.values()) - counts[Outcome.EQUIVALENT]
    return counts[Outcome.REPORTED] / total if total else 1.0


def _report(judged: list[Judged], seed: str) -> dict[str, object]:
    return {
        "seed": seed,
        "edits": len(judged),
        "parts": {part: _counts(found) for part, found in _grouped(judged, lambda one: one.part)},
        "kinds": {f"{part}: {kind}": _counts(found) for (part, kind), found in _grouped(judged, lambda one: (one.part, one.kind))},
        "vendors": {vendor: _counts(found) for vendor, found in _grouped(judged, lambda one: one.vendor)},
        "missed": sorted(one.name for one in judged if one.outcome is Outcome.MISSED),
        "crashed": {one.name: one.detail for one in judged if one.outcome is Outcome.CRASHED},
    }


def _counts(judged: list[Judged]) -> dict[str, object]:
    counts = Counter(one.outcome.value for one in judged)
    return {"edits": len(judged), **{one.value: counts[one.value] for one in Outcome}, "share": round(share(judged), 4)}


def _grouped(judged, key):  # type: ignore[no-untyped-def]
    found: dict[object, list[Judged]] = {}
    for one in judged:
        found.setdefault(key(one), []).append(one)
    return sorted(found.items())


def table(judged: list[Judged]) -> str:
    """Return the counts by kind as a Markdown table."""
    lines = ["| file | kind | edits | equivalent | reported | missed | crashed | share |", "|---|---|--:|--:|--:|--:|--:|--:|"]
    for part, found in _grouped(judged, lambda one: one.part):
        for kind, inner in _grouped(found, lambda one: one.kind):
            lines.append(_line(part, kind, inner))
        lines.append(_line(f"**{part}**", "", found))
    lines.append(_line("**all**", "", judged))
    return "\n".join(lines)


def _line(part: str, kind: str, judged: list[Judged]) -> str:
    counts = Counter(one.outcome for one in judged)
    numbers = [len(judged), counts[Outcome.EQUIVALENT], counts[Outcome.REPORTED], counts[Outcome.MISSED], counts[Outcome.CRASHED]]
    return f"| {part} | {kind} | " + " | ".join(f"{number:,}" for number in numbers) + f" | {share(judged):.0%} |"


if __name__ == "__main__":
    sys.exit(main())
