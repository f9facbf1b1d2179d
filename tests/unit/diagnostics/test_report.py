"""Sorting, repetition, the limit and the count."""

from __future__ import annotations

from unified_gen.diagnostics.render_text import render_text
from unified_gen.diagnostics.report import has_errors, report, summarize
from unified_openapi.diagnostics import Diagnostic, Severity
from unified_openapi.source.spans import Span


def found(severity: Severity, file: str, line: int, code: str = "MAP001") -> Diagnostic:
    return Diagnostic(code, severity, f"{code} at {line}", Span(file, line, 1, line, 2))


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


def test_findings_are_sorted_by_location_and_reported_once() -> None:
    findings = [found(E, "b", 1), found(W, "a", 10), found(E, "a", 9), found(E, "b", 1)]
    assert [(d.span.file, d.span.line) for d in report(findings, {}).diagnostics] == [("a", 9), ("a", 10), ("b", 1)]


def test_the_limit_keeps_errors_and_counts_the_rest() -> None:
    findings = [found(N, "a", 1), found(W, "a", 2), found(E, "a", 3), found(W, "a", 4), found(E, "b", 1)]
    cut = report(findings, {}, most=3)
    assert [(d.severity, d.span.line) for d in cut.diagnostics] == [(W, 2), (E, 3), (E, 1)]
    assert cut.hidden == 2
    assert str(cut.summary) == "2 errors, 2 warnings, 1 note in 2 files"
    assert "… and 2 more (`--max 0` shows all)" in render_text(cut)
    assert report(findings, {}, most=0).hidden == 0


def test_the_summary_counts_in_words() -> None:
    assert str(summarize([])) == "no findings"
    assert str(summarize([found(E, "a", 1)])) == "1 error in 1 file"
    assert str(summarize([found(W, "a", 1), found(W, "b", 1)])) == "2 warnings in 2 files"


def test_only_errors_fail() -> None:
    assert has_errors([found(W, "a", 1), found(E, "a", 1)])
    assert not has_errors([found(W, "a", 1), found(N, "a", 1)])
