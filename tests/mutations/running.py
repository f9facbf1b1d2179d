"""Judge many edits in parallel; results are saved, so that a run that was stopped continues."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import msgspec

from tests.mutations.edits import Edit
from tests.mutations.judging import ROOT, Judged, edits, files, judge, project
from unified_gen.cache.keys import key_of

CHUNK = 60
"""Edits that one task judges: results are saved after each task."""

PARTS = ("resource", "vendor", "overlay")
"""Groups of files, in the order in which they are judged."""


def every_edit(seed: str, vendors: Iterable[str] = (), parts: Iterable[str] = PARTS) -> dict[str, Edit]:
    """Return the edits of vendors (all of them if none is named) by name."""
    names = [*vendors] or [one.name for one in project().vendors]
    found = (edit for name in names for file in files(name) for edit in edits(name, file, seed))
    return {edit.name: edit for edit in found if edit.part in parts}


def judged(chosen: dict[str, Edit], seed: str, jobs: int, folder: Path, progress: Callable[[str], None]) -> list[Judged]:
    """Return the results of edits, in their order. Those that are saved in `folder` are not judged again."""
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / f"{_key(seed)}.jsonl"
    known = {one.name: one for one in _read(state)}
    todo = sorted((edit for name, edit in chosen.items() if name not in known), key=lambda edit: PARTS.index(edit.part))
    progress(f"{len(chosen)} edits, {len(todo)} to be judged")
    with state.open("ab") as out, ProcessPoolExecutor(jobs) as pool:
        waiting = [pool.submit(_task, chunk) for chunk in _chunks(todo)]
        for number, task in enumerate(as_completed(waiting), 1):
            for one in task.result():
                known[one.name] = one
                out.write(msgspec.json.encode(one) + b"\n")
            out.flush()
            if number % 10 == 0:
                progress(f"{number} of {len(waiting)} tasks")
    return [known[name] for name in chosen]


def _task(chunk: tuple[Edit, ...]) -> list[Judged]:
    return judge(chunk[0].vendor, chunk[0].file, chunk)


def _key(seed: str) -> str:
    """Return the name of saved results: another one after any change of the compiler, the mappings, the slices or the edits."""
    folder = Path(__file__).parent
    names = ("trees", "texts", "documents", "edits", "resources", "declarations", "judging")
    sources = {name: (folder / f"{name}.py").read_text("utf-8") for name in names}
    return key_of({**project().texts(), **sources, "seed": seed, "root": str(ROOT)}.items(), kind="mutations")[:16]


def _read(state: Path) -> Iterator[Judged]:
    for line in state.read_bytes().splitlines(keepends=True) if state.exists() else ():
        if line.endswith(b"\n"):  # the last one may be cut off
            yield msgspec.json.decode(line, type=Judged)


def _chunks(todo: Iterable[Edit]) -> Iterator[tuple[Edit, ...]]:
    by_file: dict[tuple[str, str], list[Edit]] = {}
    for edit in todo:
        by_file.setdefault((edit.vendor, edit.file), []).append(edit)
    for group in by_file.values():
        for start in range(0, len(group), CHUNK):
            yield tuple(group[start : start + CHUNK])
