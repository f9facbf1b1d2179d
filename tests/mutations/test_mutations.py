"""Mutation test of the mappings: a sample of the edits that `make mutate` makes (20 s); all of them in `make test-all`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.mutations import judging
from tests.mutations.edits import Edit
from tests.mutations.judging import Outcome, edits, files, judge, project
from tests.mutations.report import share, share_with_laws, table, to_json
from tests.mutations.running import every_edit, judged, proved
from tests.mutations.texts import read
from tests.support import sampling

VENDOR, FILE = "todoist", "mappings/vendors/todoist/tasks.yaml"
SAMPLE = 300
BOUND, SAMPLE_BOUND = 0.85, 0.8
"""Least share of edits that must be reported: of all, and of a sample, which varies by 2 percent points (one standard deviation)."""


def edit(old: str, new: str) -> Edit:
    """Return an edit of one file, by its text."""
    text = judging.vendor(VENDOR).mappings[FILE]
    assert text.count(old) == 1
    return Edit(VENDOR, FILE, "test", "", f"{old} → {new}", read(text.replace(old, new), FILE))


def outcome(one: Edit) -> Outcome:
    (found,) = judge(VENDOR, FILE, [one])
    return found.outcome


@pytest.mark.parametrize("name", [one.name for one in project().vendors])
def test_a_file_as_it_is_compiles_to_the_same(name: str) -> None:
    """An edited file is written anew from its tree: that by itself must change nothing."""
    for file in files(name):
        tree = read(judging.vendor(name).texts()[file], file)
        (found,) = judge(name, file, [Edit(name, file, "test", "", "", tree)])
        assert found.outcome is Outcome.EQUIVALENT, file


def test_each_outcome_is_recognized(monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome(edit("title: content", "title: contents")) is Outcome.REPORTED
    assert outcome(edit("due_string: no date", "due_string: nothing")) is Outcome.MISSED
    assert outcome(edit("title: content", "title: {path: content}")) is Outcome.EQUIVALENT
    compiled = judging.compile_vendor

    def crashing(inputs: object, models: object) -> object:
        if "contents" in "".join(inputs.mappings.values()):  # type: ignore[attr-defined]
            raise IndexError("tuple index out of range")
        return compiled(inputs, models)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "compile_vendor", crashing)
    (found,) = judge(VENDOR, FILE, [edit("title: content", "title: contents")])
    assert (found.outcome, found.detail) == (Outcome.CRASHED, "IndexError: tuple index out of range")


def test_edits_depend_on_the_seed_only() -> None:
    one, other, third = ({edit.name for edit in edits(VENDOR, FILE, seed)} for seed in ("1", "1", "2"))
    assert one == other
    assert one != third
    kinds = {edit.kind for edit in edits(VENDOR, FILE, "1")}
    assert {"path", "enum", "enum swap", "operation", "params", "if", "steps", "unsupported", "filters", "clear", "aliases"} <= kinds


def test_counts_leave_equivalent_edits_out() -> None:
    (one,) = judge(VENDOR, FILE, [edit("title: content", "title: contents")])
    results = [one, replace(one, name="b", outcome=Outcome.MISSED), replace(one, name="c", outcome=Outcome.EQUIVALENT)]
    assert share(results) == 0.5
    assert table(results).splitlines()[-1] == "| **all** |  | 3 | 1 | 1 | 0 | 1 | 0 | 50% |"
    assert to_json(results, "1", [])["missed"] == ["b"]
    run = [replace(one, name="b", outcome=Outcome.PROVED), replace(one, name="d", outcome=Outcome.MISSED)]
    assert share_with_laws(results, run) == 0.75
    assert to_json(results, "1", run)["laws"] == {"run": 2, "found": 1, "share": 0.75}


def test_laws_find_what_the_compiler_does_not(tmp_path: Path) -> None:
    broken, text = edit("delete: deleteTask", "delete: getTask"), edit("due_string: no date", "due_string: nothing")
    chosen = {one.name: one for one in (broken, text)}
    results = judge(VENDOR, FILE, chosen.values())
    assert [one.outcome for one in results] == [Outcome.MISSED, Outcome.MISSED]
    found = {one.name: (one.outcome, one.codes) for one in proved(chosen, results, 2, "1", 1, tmp_path, print)}
    assert found == {broken.name: (Outcome.PROVED, ("LAW009",)), text.name: (Outcome.MISSED, ())}
    assert len(proved(chosen, results, 1, "1", 1, tmp_path, print)) == 1


def test_a_run_that_was_stopped_continues(tmp_path: Path) -> None:
    chosen = dict([*every_edit("1", [VENDOR], ["resource"]).items()][:3])
    lines: list[str] = []
    first = judged(chosen, "1", 1, tmp_path, lines.append)
    assert lines[0] == "3 edits, 3 to be judged"
    (state,) = tmp_path.glob("*.jsonl")
    complete = state.read_bytes()
    state.write_bytes(complete[:-5])
    assert judged(chosen, "1", 1, tmp_path, lines.append) == first
    assert "3 edits, 1 to be judged" in lines


@pytest.mark.slow
def test_the_compiler_reports_edits(tmp_path: Path) -> None:
    seed = sampling.seed()
    chosen = every_edit("1" if seed == sampling.ALL else seed, parts=["resource"])
    assert len(chosen) >= 4000
    if seed != sampling.ALL:
        chosen = {name: chosen[name] for name in sorted(sampling.sample(chosen, SAMPLE, seed, ()))}
    jobs = (os.cpu_count() or 1) if seed == sampling.ALL else 1
    results = judged(chosen, seed, jobs, tmp_path, lambda text: print(text, file=sys.stderr))
    print(table(results))
    assert [one.name for one in results if one.outcome is Outcome.CRASHED] == []
    assert share(results) >= (BOUND if seed == sampling.ALL else SAMPLE_BOUND), "\n".join(
        one.name for one in results if one.outcome is Outcome.MISSED
    )
