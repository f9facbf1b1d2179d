"""The judges themselves: each catches the mistakes it is there for, and none is blind on a document as prepared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.battery import CASES, Case
from tests.conformance.conftest import Bench
from tests.support.judges import prism
from tests.support.judges.prepare import prepared
from tests.support.whole import VENDORS, Whole

_CASES = [pytest.param(vendor, case, id=f"{vendor}-{case.name}") for vendor, cases in CASES.items() for case in cases]


@pytest.mark.parametrize(("vendor", "case"), _CASES)
@pytest.mark.filterwarnings("ignore:Unsupported scheme type")
def test_a_judge_refuses_what_it_should_and_nothing_else(judges: Bench, case: Case) -> None:
    verdicts = {name: getattr(judges, name).verdict(case.request) for name in ("prism", "core", "closed")}
    assert {name for name, reasons in verdicts.items() if reasons} == set(case.refused_by), verdicts


@pytest.mark.parametrize("vendor", VENDORS)
def test_prism_is_blind_on_no_operation(document: Whole, tmp_path: Path) -> None:
    if reason := prism.missing():
        pytest.skip(reason)
    file = tmp_path / "prepared.json"
    file.write_text(json.dumps(prepared(document.document)[0]), encoding="utf-8")
    operations, blind = prism.audit(file)
    assert operations == sum(
        method in item for item in document.document["paths"].values() for method in ("get", "put", "post", "patch", "delete")
    )
    assert blind == {}


@pytest.mark.parametrize(("vendor", "operation"), [("trello", "POST /cards"), ("asana", "POST /projects")])
def test_the_audit_sees_where_prism_would_be_blind(document: Whole, tmp_path: Path, operation: str) -> None:
    """On the documents as published, which hold schemas that AJV cannot compile."""
    if reason := prism.missing():
        pytest.skip(reason)
    file = tmp_path / "raw.json"
    file.write_text(json.dumps(document.raw), encoding="utf-8")
    assert operation in prism.audit(file)[1]
