"""Judge many edits in parallel; results are saved, so that a run that was stopped continues."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TypeVar

import msgspec

from tests.mutations.edits import Edit
from tests.mutations.judging import ROOT, Judged, Outcome, edits, files, judge, project
from unified_gen.cache.keys import key_of

CHUNK = 20
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
    state = folder / f"{_key(seed, SOURCES)}.jsonl"
    todo = sorted(chosen.values(), key=lambda edit: PARTS.index(edit.part))
    known = _run(state, {edit.name: edit for edit in todo}, _check, jobs, progress)
    return [known[name] for name in chosen]


def proved(
    chosen: dict[str, Edit], results: Iterable[Judged], most: int, seed: str, jobs: int, folder: Path, progress: Callable[[str], None]
) -> list[Judged]:
    """Judge edits that were missed again, by running their adapters, and return the results of these.

    Args:
        chosen: the edits by name.
        results: their results.
        most: how many of the missed edits are judged, chosen by the seed.
        seed: that of the edits.
        jobs: number of processes.
        folder: where results are saved.
        progress: gets a line now and then.
    """
    by_name = {one.name: one for one in results}
    missed = [name for name, one in by_name.items() if one.outcome is Outcome.MISSED]
    order = sorted(missed, key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).digest())
    selected = {name: (chosen[name], by_name[name]) for name in order[:most]}
    emulator = [*(ROOT / "runtime/unified_emulation").rglob("*.py"), *(ROOT / "runtime/unified_runtime").rglob("*.py")]
    state = folder / f"{_key(seed, (*SOURCES, 'proving'), emulator)}-laws.jsonl"
    known = _run(state, selected, _prove, jobs, progress)
    return [*known.values()]


Work = TypeVar("Work")


def _run(
    state: Path, chosen: dict[str, Work], task: Callable[[tuple[Work, ...]], list[Judged]], jobs: int, progress: Callable[[str], None]
) -> dict[str, Judged]:
    """Return the results of edits by name; new ones are saved as they are found."""
    state.parent.mkdir(parents=True, exist_ok=True)
    known = {one.name: one for one in _read(state) if one.name in chosen}
    todo = {name: work for name, work in chosen.items() if name not in known}
    progress(f"{len(chosen)} edits, {len(todo)} to be judged")
    with state.open("ab") as out, ProcessPoolExecutor(jobs) as pool:
        waiting = [pool.submit(task, chunk) for chunk in _chunks(todo)]
        for number, done in enumerate(as_completed(waiting), 1):
            for one in done.result():
                known[one.name] = one
                out.write(msgspec.json.encode(one) + b"\n")
            out.flush()
            if number % 10 == 0:
                progress(f"{number} of {len(waiting)} tasks")
    return known


def _check(chunk: tuple[Edit, ...]) -> list[Judged]:
    return judge(chunk[0].vendor, chunk[0].file, chunk)


def _prove(chunk: tuple[tuple[Edit, Judged], ...]) -> list[Judged]:
    from tests.mutations import proving  # imports the emulator and the runtime, which the other edits do not need

    return proving.judge(chunk)


SOURCES = ("trees", "texts", "documents", "edits", "resources", "declarations", "judging")
"""Modules that decide the edits and their results."""


def _key(seed: str, modules: Iterable[str], paths: Iterable[Path] = ()) -> str:
    """Return the name of saved results: another one after any change of the compiler, the mappings, the slices or the edits."""
    files = [*(Path(__file__).parent / f"{name}.py" for name in modules), *paths]
    sources = {path.as_posix(): path.read_text("utf-8") for path in files}
    return key_of({**project().texts(), **sources, "seed": seed}.items(), kind="mutations")[:16]


def _read(state: Path) -> Iterator[Judged]:
    for line in state.read_bytes().splitlines(keepends=True) if state.exists() else ():
        if line.endswith(b"\n"):  # the last one may be cut off
            yield msgspec.json.decode(line, type=Judged)


def _chunks(todo: dict[str, Work]) -> Iterator[tuple[Work, ...]]:
    """Yield edits of one file together: names begin with the file."""
    by_file: dict[str, list[Work]] = {}
    for name, work in todo.items():
        by_file.setdefault(name.partition(" ")[0], []).append(work)
    for group in by_file.values():
        for start in range(0, len(group), CHUNK):
            yield tuple(group[start : start + CHUNK])
