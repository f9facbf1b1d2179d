"""The benchmarks run and their page can be written; how fast anything is, no test says."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from bench import answers, building, calling, clients, discovery, growing, importing, observing, protocol, reading, report, spending
from bench.measure import Command, CommandFailed, Series, processes
from bench.results import Machine, load, merge, save

MACHINE = Machine("2 × some processor", "some system", "3.11.7", (1.0, 2.0), "2026-01-31")


@pytest.mark.parametrize("section", [importing, calling, clients, growing, reading, discovery, protocol, observing])
def test_a_section_is_measured_in_one_round_kept_and_shown(section: ModuleType, tmp_path: Path) -> None:
    measured = section.measure(True)
    save(measured, tmp_path / "results.json")
    kept, _ = load(tmp_path / "results.json")
    assert kept == measured
    page = report.page(kept, MACHINE)
    shown = {table.group for one in report.SECTIONS for table in one.tables}
    for group, subjects in measured.items():
        assert group in shown
        for series in subjects:
            assert len(series.seconds) == 1
            assert f"\n| {series.name} |" in page


def test_builds_are_measured(tmp_path: Path) -> None:
    extract = building.ROOT / "specs" / "jira" / "openapi.yaml"  # in the place of the whole document, which takes longer
    everything, ours, theirs = processes(building.whole(tmp_path, building.WHOLE[0], extract), 1, warm=False)
    assert everything.name == "gen build, all that is shared too"
    assert (tmp_path / "whole" / "generated" / "unified" / "vendors" / "jira" / "tasks.py").is_file()
    assert any("class IssueBean(" in place.read_text() for place in (tmp_path / "whole-models").rglob("*") if place.is_file())
    assert ours.memory is not None
    assert theirs.memory is not None


def test_sections_measured_apart_make_one_page(tmp_path: Path) -> None:
    first = {"clean build, the vendors": (Series("gen build", (1.0, 3.0), 5_000_000),)}
    second = {"reading": (Series("orjson.loads", (0.5,)),)}
    save(first, tmp_path / "1.json")
    save(second, tmp_path / "2.json")
    merge([tmp_path / "1.json", tmp_path / "2.json"], tmp_path / "kept" / "both.json")
    kept, machine = load(tmp_path / "kept" / "both.json")
    assert kept == first | second
    assert machine.python == sys.version.split()[0]


def test_a_page_says_what_was_not_measured_and_begins_with_ratios() -> None:
    subjects = (Series("gen build", (1.0,), 5_000_000), Series("datamodel-code-generator, models only", (2.0,), 7_000_000))
    page = report.page({"clean build, the vendors": subjects}, MACHINE)
    assert "Not measured in this run: clean build, Jira's whole document; " in page
    assert "| Clean build of the vendors | **0.50** | datamodel-code-generator, models only |" in page
    assert "| gen build | **0.50** | 0.50 to 0.50 | 1,000 | 5 | 1 |" in page


def test_every_table_names_subjects_that_are_measured() -> None:
    table = report.Table("reading", "orjson.loads", "µs")
    rows = report.page(
        {"reading": (Series("narrow decode", (0.001, 0.002, 0.009)), Series("orjson.loads", (0.010, 0.010, 0.010)))}, MACHINE
    )
    assert table in [each for section in report.SECTIONS for each in section.tables]
    assert "| narrow decode | **0.20** | 0.15 to 0.55 | 2,000 | 3 |" in rows
    assert "| orjson.loads | 1 |  | 10,000 | 3 |" in rows


def test_what_starting_python_takes_is_taken_off_before_comparing() -> None:
    series = (Series("python -c pass", (0.01,)), Series("import unified", (0.02,)), Series("import httpx2", (0.11,)))
    page = report.page({"importing": series}, MACHINE)
    assert "| import unified | **0.10** | 0.10 to 0.10 | 20.0 | 10.0 | 1 |" in page


def test_a_process_that_fails_is_no_figure() -> None:
    with pytest.raises(CommandFailed, match="ended with 3"):
        processes({"broken": Command([sys.executable, "-c", "raise SystemExit(3)"])}, 1)


def test_issues_are_as_large_as_said_and_equal_in_every_run() -> None:
    assert 1_900 <= len(answers.dump(answers.issue(7))) <= 2_300
    assert 14_000 <= len(answers.dump(answers.full_issue(7))) <= 16_500
    assert answers.page(3, full=True) == answers.page(3, full=True)
    assert [issue["key"] for issue in json.loads(answers.page(2))["issues"]] == ["PROJ-1", "PROJ-2"]


def test_every_field_that_is_read_of_an_issue_is_there() -> None:
    from unified.vendors.jira.tasks import SELECT

    for issue in (answers.issue(3), answers.full_issue(3)):
        assert all(issue["fields"].get(name) is not None for name in SELECT.split(","))


def test_a_section_measured_anew_takes_its_place_and_leaves_the_others() -> None:
    reading_ = (Series("orjson.loads", (0.5,)), Series("narrow decode", (0.25,)))
    building_ = (Series("gen build, nothing changed", (3.0,)), Series("python -c pass", (1.0,)))
    first = report.page({"reading": reading_, "unchanged build": building_}, MACHINE)
    slower = {"reading": (Series("orjson.loads", (0.5,)), Series("narrow decode", (1.0,)))}
    second = report.renewed(first, slower, Machine("another", "system", "3.13.0", None, "2026-02-28"))
    assert "| narrow decode | **2.00** |" in second
    assert "| narrow decode | **0.50** |" not in second.partition("## ")[2]
    assert "Measured on 2026-02-28." in second
    assert "| gen build, nothing changed | **3.00** |" in second
    assert "| 100 full issues from bytes, narrow decode | **2.00** | orjson.loads |" in second
    assert "| Unchanged build | **3.00** | python -c pass |" in second
    assert second.count("\n## Reading 100 full Jira issues\n") == second.count("\n## Unchanged build\n") == 1
    assert report.renewed(second, {}, MACHINE).count("\n## ") == second.count("\n## ")


def test_ratios_are_drawn(tmp_path: Path) -> None:
    subjects = (Series("unified", (1.0,), wall=1.5), Series("httpx2, json()", (2.0,), wall=2.5))
    page = report.page({"get, clients": subjects}, MACHINE, tmp_path / "images")
    assert "](images/bench-get-clients.svg)" in page
    drawn = ElementTree.parse(tmp_path / "images" / "bench-get-clients.svg").getroot()
    space = "{http://www.w3.org/2000/svg}"
    ground, *bars = (float(one.get("width") or 0) for one in drawn.iter(f"{space}rect"))
    assert bars[0] == pytest.approx(bars[1] / 2, rel=0.01), "the least first, and half as long"
    assert max(bars) < ground
    assert {"unified", "httpx2, json()"} <= {one.text for one in drawn.iter(f"{space}text")}


def test_instructions_are_counted_by_library() -> None:
    """The example of Callgrind's manual (Callgrind Format Specification, "Extended Example"), with object files."""
    told = """
events: Instructions

ob=(1) /usr/lib/python3/site-packages/msgspec/_core.cpython-311-x86_64-linux-gnu.so
fl=(1) file1.c
fn=(1) main
16 20
cfn=(2) func1
calls=1 50
16 400
cob=(2) /usr/lib/libc.so.6
cfi=(3) file2.c
cfn=(3) func2
calls=3 20
+1 400

fn=(2)
51 100

ob=(2)
fl=(3)
fn=(3)
20 700
"""
    assert spending.by_library(told.splitlines()) == {"msgspec": 120, "libc": 700}


def test_a_process_counts_for_its_own_size() -> None:
    """Linux lets a process that starts another pass its own size on, which would make all of them alike."""
    held = bytearray(200_000_000)
    held[::4096] = b"x" * len(held[::4096])
    (small,) = processes({"small": Command([sys.executable, "-c", "pass"])}, 1)
    assert small.memory is not None
    assert small.memory < len(held) / 2
