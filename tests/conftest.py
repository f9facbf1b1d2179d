"""Hooks for all tests: a skip fails in CI, and the summary lists the vendor documents that results depend on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.support.summary import FACTS_ONLY

pytest_plugins = ["tests.support.sampling", "tests.support.stores"]

os.environ["OPENAPI_SPEC_VALIDATOR_SCHEMA_VALIDATOR_BACKEND"] = "jsonschema"  # as in `gen`, also if a test imports the library first

DOCUMENT = "document"
"""User property in which a test records the vendor document that its result depends on."""
_IN_CI = os.environ.get("CI", "").lower() == "true"

if not _IN_CI:  # in CI, hypothesis loads its own profile, with the same examples each time
    # A busy machine must not fail a test.
    hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
    hypothesis.settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Redirect the stores that a test does not name to a temporary folder, away from the user's own and from those of earlier runs."""
    folder = tempfile.TemporaryDirectory(prefix="unified-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    os.environ["XDG_DATA_HOME"] = folder.name
    os.environ["UNIFIED_USAGE"] = str(Path(folder.name) / "usage.db")
    os.environ["UNIFIED_AUDIT_HEADS"] = "none"


def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are processors: tests wait for servers and clocks for a third of their time."""
    return int(os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS", 0)) or (os.cpu_count() or 1) + 1


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("real servers")
    group.addoption("--live", action="store_true", help="run tests/live against real servers instead of replaying cassettes/")
    group.addoption("--record", action="store_true", help="run tests/live against real servers and record cassettes/ anew")


_REAL = {"chaos", "faults", "live"}
"""Folders of tests whose vendors return the record that was requested."""


@pytest.fixture(autouse=True)
def fixed_records(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow the emulators of most tests to return the same record for each request, as `Settings(check_records=False)` does."""
    if not _REAL.intersection(request.path.parts):
        monkeypatch.setattr("unified_runtime.execution.prepared._CHECKED", frozenset[str]())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return _refuse_skip(report) if _IN_CI and report.skipped and not hasattr(report, "wasxfail") else report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return _refuse_skip(report) if _IN_CI and report.skipped else report


def _refuse_skip(report: Any) -> Any:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"skipped, and CI accepts no skip: {reason.removeprefix('Skipped: ')}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    documents: dict[str, dict[str, int]] = {}
    for report in _reports(terminalreporter):
        for name, value in report.user_properties:
            if name == DOCUMENT:
                outcomes = documents.setdefault(value, {})
                outcomes[report.outcome] = outcomes.get(report.outcome, 0) + 1
    if documents:
        terminalreporter.section("vendor documents that results depend on")
    for document, outcomes in sorted(documents.items()):
        terminalreporter.line(f"{document}: {', '.join(f'{count} {outcome}' for outcome, count in sorted(outcomes.items()))}")
    if any(FACTS_ONLY in document for document in documents):
        terminalreporter.line(
            f"{FACTS_ONLY.strip()}: judged by the facts in specs/; UNIFIED_VENDOR_DOCUMENTS names the folder of documents"
        )


def _reports(terminalreporter: Any) -> Iterator[Any]:
    for outcome in ("passed", "failed", "skipped"):
        for report in terminalreporter.stats.get(outcome, ()):
            if outcome != "passed" or report.when == "call":
                yield report
