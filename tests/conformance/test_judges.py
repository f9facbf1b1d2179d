"""The judges themselves: each detects the errors that it is responsible for, on every prepared document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.battery import CASES, Case
from tests.conformance.conftest import SAMPLE, Bench
from tests.support.complete_documents import VENDORS, CompleteDocument
from tests.support.judges import prism
from tests.support.judges.prepare import prepared

_CASES = [pytest.param(vendor, case, id=f"{vendor}-{case.name}") for vendor, cases in CASES.items() for case in cases]


@pytest.mark.sample("vendor", SAMPLE)
@pytest.mark.parametrize(("vendor", "case"), _CASES)
@pytest.mark.filterwarnings("ignore:Unsupported scheme type")
def test_a_judge_refuses_what_it_should_and_nothing_else(judges: Bench, case: Case) -> None:
    verdicts = {name: getattr(judges, name).verdict(case.request) for name in ("prism", "core", "closed")}
    assert {name for name, reasons in verdicts.items() if reasons} == set(case.refused_by), verdicts


@pytest.mark.sample("vendor", SAMPLE)
@pytest.mark.parametrize("vendor", VENDORS)
def test_prism_is_blind_on_no_operation(document: CompleteDocument, tmp_path: Path) -> None:
    if reason := prism.missing():
        pytest.skip(reason)
    file = tmp_path / "prepared.json"
    file.write_text(json.dumps(prepared(document.document)[0]), encoding="utf-8")
    operations, blind = prism.audit(file)
    assert operations == sum(
        method in item for item in document.document["paths"].values() for method in ("get", "head", "put", "post", "patch", "delete")
    )
    assert blind == {}


@pytest.mark.parametrize(("vendor", "operation"), [("trello", "GET /enterprises/{id}/members"), ("asana", "POST /projects")])
def test_the_audit_sees_where_prism_would_be_blind(document: CompleteDocument, tmp_path: Path, operation: str) -> None:
    """On the documents as published, or their facts, which hold schemas that AJV cannot compile."""
    if reason := prism.missing():
        pytest.skip(reason)
    file = tmp_path / "raw.json"
    file.write_text(json.dumps(document.raw), encoding="utf-8")
    assert operation in prism.audit(file)[1]
