"""Verdicts on changes of vendors' documents. Each is compared in about 0.3 s."""

from __future__ import annotations

import pytest

from tests.unit.drift.cases import CHANGES, Case
from tests.unit.drift.further_cases import FURTHER
from tests.unit.drift.support import compared

ALL = (*CHANGES, *FURTHER)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_a_change_has_its_verdict(case: Case) -> None:
    found = compared(case.vendor, case.edits)
    assert {one.name: one.verdict.value for one in found.operations if one.verdict.value != "valid"} == case.verdicts
    assert {*case.lost} <= {name for one in found.operations for name in one.fields}
    messages = [one.message for one in found.findings]
    assert [words for words in case.words if not any(words in message for message in messages)] == [], messages
    assert bool(found.vendor_changes or found.vendor_findings) == case.vendor_level, messages
    assert len(found.overlay) == case.overlay, messages
    assert found.clean == (not case.verdicts and not case.vendor_level and not case.overlay)


def test_there_are_enough() -> None:
    assert len(ALL) >= 100
    assert len({case.name for case in ALL}) == len(ALL)
