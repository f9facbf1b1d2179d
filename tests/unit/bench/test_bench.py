"""Smoke tests of the benchmarks and of their page; no test checks a speed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from bench import (
    builds,
    call_profile,
    calls,
    catalog_growth,
    clients,
    decoding,
    imports,
    jira_responses,
    mcp,
    observability,
    report,
    tool_search,
)
from bench.measure import Command, CommandFailed, Series, processes
from bench.results import Machine, load, merge, save

MACHINE = Machine("2 × some processor", "some system", "3.11.7", (1.0, 2.0), "2026-01-31")


@pytest.mark.parametrize("section", [imports, calls, clients, catalog_growth, decoding, tool_search, mcp, observability])
def test_section_is_measured_in_one_round_saved_and_shown(section: ModuleType, tmp_path: Path) -> None:
    measured = section.measure(True)
    save(measured, tmp_path / "results.json")
    loaded, _ = load(tmp_path / "results.json")
    assert loaded == measured
    page = report.page(loaded, MACHINE)
    shown = {table.group for one in report.SECTIONS for table in one.tables}
    for group, subjects in measured.items():
        assert group in shown
        for series in subjects:
            assert len(series.seconds) == 1
            assert f"\n| {series.name} |" in page


def test_builds_are_measured(tmp_path: Path) -> None:
    extract = builds.ROOT / "specs" / "jira" / "openapi.yaml"  # instead of the complete document, which takes longer
    everything, ours, theirs = processes(builds.build_commands(tmp_path, builds.COMPLETE_DOCUMENTS[0], extract), 1, warm=False)
    assert everything.name == "gen build, shared files too"
    assert (tmp_path / "complete" / "generated" / "unified" / "vendors" / "jira" / "tasks.py").is_file()
    assert any("class IssueBean(" in path.read_text() for path in (tmp_path / "complete-models").rglob("*") if path.is_file())
    assert ours.memory is not None
    assert theirs.memory is not None


def test_sections_measured_separately_are_merged(tmp_path: Path) -> None:
    first = {"clean build, the vendors": (Series("gen build", (1.0, 3.0), 5_000_000),)}
    second = {"decoding": (Series("orjson.loads", (0.5,)),)}
    save(first, tmp_path / "1.json")
    save(second, tmp_path / "2.json")
    merge([tmp_path / "1.json", tmp_path / "2.json"], tmp_path / "merged" / "both.json")
    loaded, machine = load(tmp_path / "merged" / "both.json")
    assert loaded == first | second
    assert machine.python == sys.version.split()[0]


def test_page_lists_missing_measurements_and_begins_with_ratios() -> None:
    subjects = (Series("gen build", (1.0,), 5_000_000), Series("datamodel-code-generator, models only", (2.0,), 7_000_000))
    page = report.page({"clean build, the vendors": subjects}, MACHINE)
    assert "Not measured in this run: clean build, Jira's complete document; " in page
    assert "| Clean build of the vendors | **0.50** | datamodel-code-generator, models only |" in page
    assert "| gen build | **0.50** | 0.50 to 0.50 | 1,000 | 5 | 1 |" in page


def test_every_table_names_subjects_that_are_measured() -> None:
    table = report.Table("decoding", "orjson.loads", "µs")
    rows = report.page(
        {"decoding": (Series("narrow decode", (0.001, 0.002, 0.009)), Series("orjson.loads", (0.010, 0.010, 0.010)))}, MACHINE
    )
    assert table in [each for section in report.SECTIONS for each in section.tables]
    assert "| narrow decode | **0.20** | 0.15 to 0.55 | 2,000 | 3 |" in rows
    assert "| orjson.loads | 1 |  | 10,000 | 3 |" in rows


def test_time_to_start_python_is_subtracted_before_comparing() -> None:
    series = (Series("python -c pass", (0.01,)), Series("import unified", (0.02,)), Series("import httpx2", (0.11,)))
    page = report.page({"imports": series}, MACHINE)
    assert "| import unified | **0.10** | 0.10 to 0.10 | 20.0 | 10.0 | 1 |" in page


def test_failed_process_raises() -> None:
    with pytest.raises(CommandFailed, match="exited with 3"):
        processes({"broken": Command([sys.executable, "-c", "raise SystemExit(3)"])}, 1)


def test_issues_have_the_documented_size_and_are_reproducible() -> None:
    assert 1_900 <= len(jira_responses.dump(jira_responses.issue(7))) <= 2_300
    assert 14_000 <= len(jira_responses.dump(jira_responses.full_issue(7))) <= 16_500
    assert jira_responses.page(3, full=True) == jira_responses.page(3, full=True)
    assert [issue["key"] for issue in json.loads(jira_responses.page(2))["issues"]] == ["PROJ-1", "PROJ-2"]


def test_issues_have_every_field_that_is_read() -> None:
    from unified.vendors.jira.tasks import SELECT

    for issue in (jira_responses.issue(3), jira_responses.full_issue(3)):
        assert all(issue["fields"].get(name) is not None for name in SELECT.split(","))


def test_remeasured_section_is_replaced_and_the_others_unchanged() -> None:
    decoding_ = (Series("orjson.loads", (0.5,)), Series("narrow decode", (0.25,)))
    builds_ = (Series("gen build, nothing changed", (3.0,)), Series("python -c pass", (1.0,)))
    first = report.page({"decoding": decoding_, "unchanged build": builds_}, MACHINE)
    slower = {"decoding": (Series("orjson.loads", (0.5,)), Series("narrow decode", (1.0,)))}
    second = report.renewed(first, slower, Machine("another", "system", "3.13.0", None, "2026-02-28"))
    assert "| narrow decode | **2.00** |" in second
    assert "| narrow decode | **0.50** |" not in second.partition("## ")[2]
    assert "Measured on 2026-02-28." in second
    assert "| gen build, nothing changed | **3.00** |" in second
    assert "| 100 full issues from bytes, narrow decode | **2.00** | orjson.loads |" in second
    assert "| Unchanged build | **3.00** | python -c pass |" in second
    assert second.count("\n## Decoding 100 full Jira issues\n") == second.count("\n## Unchanged build\n") == 1
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
    callgrind_output = """
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
    assert call_profile.by_library(callgrind_output.splitlines()) == {"msgspec": 120, "libc": 700}


def test_a_process_counts_for_its_own_size() -> None:
    """Linux passes the memory size of a process on to the processes it starts, which would make all of them equal."""
    held = bytearray(200_000_000)
    held[::4096] = b"x" * len(held[::4096])
    (small,) = processes({"small": Command([sys.executable, "-c", "pass"])}, 1)
    assert small.memory is not None
    assert small.memory < len(held) / 2
