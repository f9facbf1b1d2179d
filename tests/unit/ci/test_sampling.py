"""Tests of samples of parametrized tests (tests/support/sampling.py)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.support.sampling import sample

pytest_plugins = ["pytester"]

VENDORS = tuple(f"vendor-{number}" for number in range(20))
COMMITS = tuple(f"{number:040x}" for number in range(400))
TESTS = """
import pytest

@pytest.mark.sample("vendor", 2)
@pytest.mark.parametrize("operation", ["get", "list"])
@pytest.mark.parametrize("vendor", ["a", "b", "c", "d", "e"])
def test_vendor(vendor, operation): ...

@pytest.mark.sample("vendor", 2)
@pytest.mark.parametrize("vendor", ["a", "e"])
def test_few(vendor): ...

@pytest.mark.sample("vendor", 2)
def test_without_the_parameter(): ...

@pytest.mark.parametrize("vendor", ["a", "b", "c", "d", "e"])
def test_unmarked(vendor): ...
"""


def test_a_sample_has_the_given_size_and_is_the_same_for_a_commit() -> None:
    first = sample(VENDORS, 6, COMMITS[0])
    assert len(first) == 6
    assert first <= set(VENDORS)
    assert first == sample(tuple(reversed(VENDORS)), 6, COMMITS[0])


def test_every_value_is_sampled_by_some_commits_and_none_by_all() -> None:
    counts = Counter(value for commit in COMMITS for value in sample(VENDORS, 5, commit))
    assert all(50 <= counts[vendor] <= 150 for vendor in VENDORS), counts  # 100 expected, with a standard deviation of 9


def test_a_smaller_set_of_values_is_sampled_alike() -> None:
    """Tests of several modules must start the same judges."""
    for commit in COMMITS:
        fewer = sample(VENDORS[:12], 3, commit)
        assert sample(VENDORS, 3, commit) & set(VENDORS[:12]) <= fewer


def test_everything_is_run_on_request() -> None:
    assert sample(VENDORS, 1, "all") == set(VENDORS)


def test_changed_values_come_first() -> None:
    for commit in COMMITS[:50]:
        assert sample(VENDORS, 3, commit, {"vendor-3", "vendor-7", "specs"}) >= {"vendor-3", "vendor-7"}
        assert len(sample(VENDORS, 3, commit, {"vendor-3", "vendor-7", "specs"})) == 3
        assert sample(VENDORS, 3, commit, VENDORS[:5]) < set(VENDORS[:5])


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    pytester.makepyfile(TESTS)
    pytester.makeconftest('pytest_plugins = ["tests.support.sampling"]')
    pytester.syspathinsert(Path(__file__).parents[3])
    monkeypatch.setattr("tests.support.sampling.touched", lambda: frozenset({"d"}))
    monkeypatch.setenv("UNIFIED_SAMPLE", "commit")
    return pytester


def test_other_values_are_deselected_and_the_sample_is_printed(project: pytest.Pytester) -> None:
    chosen = sorted(sample("abcde", 2, "commit", "d"))
    result = project.runpytest_inprocess("-v", "-p", "no:cacheprovider")
    few = len({"a", "e"} & {*chosen})
    result.assert_outcomes(passed=2 * 2 + few + 1 + 5, deselected=2 * 3 + 2 - few)
    result.stdout.fnmatch_lines(["*samples of commit *UNIFIED_SAMPLE=all*", f"*.py: 2 of 5 (vendor: {', '.join(chosen)})"])


def test_workers_report_their_samples(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess("-n", "2", "-p", "no:cacheprovider")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*samples of commit *", "*.py: 2 of 5 (vendor: *"])


def test_all_values_run_on_request(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIFIED_SAMPLE", "all")
    result = project.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=18)
    result.stdout.no_fnmatch_line("*samples of*")
