"""`unified catalog VENDOR`: what each operation rests on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from unified_openapi.behaviour.verified import VERIFIED, SuiteRun, load_verified
from unified_platform.catalog import basis, capabilities
from unified_platform.cli import main

SPECS = Path(__file__).parents[3] / "specs"


def operations(vendor: str) -> dict[str, Any]:
    (entry,) = json.loads(CliRunner().invoke(main, ["catalog", vendor, "--json"]).stdout)
    return {
        f"{resource}.{name}": operation["rests_on"]
        for resource, declared in entry["resources"].items()
        for name, operation in declared["operations"].items()
    }


def test_an_operation_rests_on_its_document_evidence_and_runs_with_dates() -> None:
    (run,) = load_verified(SPECS / "redmine").runs
    found = operations("redmine")
    created = found["tasks.create"]
    assert created["document"] is True
    assert created["evidence"]["facts"] == sum(created["evidence"]["basis"].values()) > 10
    assert created["evidence"]["checked"] == "2026-11-30"
    checked = run.operations["tasks.create"]
    assert created["real_server"] == {
        "product": run.product, "checked": run.checked, "held": checked.held, "broken": checked.broken, "undecided": checked.undecided,
    }  # fmt: skip
    assert "real_server" not in found["attachments.delete"] or run.operations["attachments.delete"]


def test_an_operation_without_runs_rests_on_its_document_and_evidence() -> None:
    found = operations("slack")
    assert {tuple(sorted(each)) for each in found.values()} <= {("document",), ("document", "evidence")}
    assert "evidence" in found["messages.send"]


def test_the_page_of_a_vendor_states_it_in_one_line() -> None:
    text = CliRunner().invoke(main, ["catalog", "redmine", "--resource", "tasks"]).stdout
    (run,) = load_verified(SPECS / "redmine").runs
    block = text[text.index("tasks.delete") :].splitlines()
    (line,) = [each for each in block[: block.index("") if "" in block else None] if "rests on" in each]
    assert line.startswith("  rests on: document, evidence (")
    assert f"real server ({run.product}, {run.checked}: " in line


@pytest.mark.parametrize("vendor", sorted(folder.parent.name for folder in SPECS.glob(f"*/{VERIFIED}")))
def test_runs_are_of_operations_that_the_vendor_has(vendor: str) -> None:
    entry = capabilities.vendor(vendor)
    known = {f"{resource.name}.{name}" for resource in entry.resources.values() for name in resource.operations}
    for run in load_verified(SPECS / vendor).runs:
        assert isinstance(run, SuiteRun)
        assert run.operations.keys() <= known
        assert run.facts == tuple(sorted(run.facts))
    assert basis.rests_on(entry).keys() == known
