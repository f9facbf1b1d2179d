"""Tests of vendors without a store: they are not parametrized, and the summary lists them (tests/support/stores)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import stores
from tests.support.stores import stored

pytest_plugins = ["pytester"]

TESTS = """
import pytest
from tests.support.stores import stored

@pytest.mark.parametrize("vendor", stored(["jira", "acme", "google-drive"], "tests.conformance.test_some"))
def test_some(vendor):
    assert vendor in ("jira", "google-drive")

@pytest.mark.parametrize("vendor", stored(["acme"], "tests.conformance.test_others") + ("jira",))
def test_others(vendor):
    pass
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    pytester.makepyfile(TESTS)
    pytester.makeconftest('pytest_plugins = ["tests.support.stores"]')
    pytester.syspathinsert(Path(__file__).parents[3])
    monkeypatch.setattr(stores, "WITHOUT", {})
    return pytester


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_summary_lists_vendors_without_a_store(project: pytest.Pytester, workers: str) -> None:
    result = project.runpytest_inprocess("-n", workers, "-p", "no:cacheprovider")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["vendors without a store, and the tests that are not run for them: acme (test_others, test_some)"])


def test_a_catalog_with_stores_has_no_such_line(project: pytest.Pytester) -> None:
    assert stored(["jira", "microsoft-graph"], __name__) == ("jira", "microsoft-graph")
    project.makepyfile("def test_nothing(): pass")
    result = project.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*without a store*")
