"""Findings as text."""

from __future__ import annotations

import re

import pytest

from unified_gen.diagnostics.layout import cells, excerpt, visible
from unified_gen.diagnostics.render_text import render_text
from unified_gen.diagnostics.report import report
from unified_openapi.diagnostics import Diagnostic, Note, Severity
from unified_openapi.source.spans import Span

MAPPING = "resource: tasks\nfields:\n  title: fields.sumary\n"
SPEC = "openapi: 3.0.3\ncomponents:\n  schemas:\n    IssueFields: {}\n"
FINDING = Diagnostic(
    "MAP201",
    Severity.ERROR,
    "`fields.sumary`: IssueBean has no `sumary` here",
    Span("mappings/a.yaml", 3, 17, 3, 23),
    notes=(Note("looked up in this schema", Span("specs/a.yaml", 4, 5, 4, 16)), Note("a remark")),
    help="did you mean `fields.summary`?",
)


def test_a_complete_finding() -> None:
    text = render_text(report([FINDING], {"mappings/a.yaml": MAPPING, "specs/a.yaml": SPEC}))
    assert text == (
        "error[MAP201]: `fields.sumary`: IssueBean has no `sumary` here\n"
        " --> mappings/a.yaml:3:17\n"
        "  |\n"
        "3 |   title: fields.sumary\n"
        "  |                 ^^^^^^\n"
        "  |\n"
        "note: looked up in this schema\n"
        " --> specs/a.yaml:4:5\n"
        "  |\n"
        "4 |     IssueFields: {}\n"
        "  |     -----------\n"
        "  = note: a remark\n"
        "  = help: did you mean `fields.summary`?\n"
        "\n"
        "1 error in 1 file\n"
    )


def test_colours_add_escapes_and_nothing_else() -> None:
    found = report([FINDING], {"mappings/a.yaml": MAPPING})
    coloured = render_text(found, colour=True)
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_text(found)


def test_a_file_whose_text_is_unknown_keeps_its_location() -> None:
    text = render_text(report([FINDING], {}))
    assert "mappings/a.yaml:3:17\n" in text


@pytest.mark.parametrize(
    ("line", "column", "length", "shown", "caret"),
    [
        ("\ta: b", 2, 1, "    a: b", "    ^"),
        ("名前: x", 5, 1, "名前: x", "      ^"),
        ("名前: x", 1, 2, "名前: x", "^^^^"),
        ("e\u0301: x", 5, 1, "e\u0301: x", "   ^"),
        ("a: \x1b[31m", 4, 1, "a: \\u{1b}[31m", "   ^^^^^^"),
        ("a:", 3, 1, "a:", "  ^"),
    ],
    ids=["tab", "after wide", "wide", "combining", "escape", "past the end"],
)
def test_the_caret_is_under_its_characters(line: str, column: int, length: int, shown: str, caret: str) -> None:
    finding = Diagnostic("MAP001", Severity.ERROR, "m", Span("f", 1, column, 1, column + length))
    lines = render_text(report([finding], {"f": line})).splitlines()
    assert lines[3] == f"1 | {shown}"
    assert lines[4] == f"  | {caret}"


@pytest.mark.parametrize("start", [0, 10, 150, 290])
def test_a_long_line_is_cut_around_the_span(start: int) -> None:
    line = "".join(chr(ord("a") + index % 26) for index in range(300))
    shown = excerpt(line, start, start + 10, 80)
    assert sum(cells(character) for character in shown.text) <= 80
    assert shown.text[shown.start : shown.start + shown.length] == line[start : start + 10]
    assert shown.text.startswith("…") == (start > 70)
    assert shown.text.endswith("…") == (start < 280)


def test_a_span_longer_than_the_line_shown_marks_what_is_shown() -> None:
    shown = excerpt("x" * 500, 100, 400, 60)
    assert shown.start + shown.length <= 60


def test_a_span_over_several_lines_marks_its_first() -> None:
    finding = Diagnostic("MAP001", Severity.WARNING, "m", Span("f", 1, 3, 2, 4))
    assert "  |   ^^^\n" in render_text(report([finding], {"f": "a abc  \n  d\n"}))


def test_lines_are_counted_as_yaml_does() -> None:
    finding = Diagnostic("MAP001", Severity.NOTE, "m", Span("f", 3, 1, 3, 2))
    assert "3 | c" in render_text(report([finding], {"f": "\ufeffa\r\nb\u2028c\x0bd"}))


def test_nothing_in_a_document_can_steer_the_terminal_or_reorder_text() -> None:
    hostile = "\x1b]0;title\x07\r\u202egnp.exe\u2066"
    finding = Diagnostic("MAP001", Severity.ERROR, hostile, Span(hostile, 1, 1, 1, 2), notes=(Note(hostile),), help=hostile)
    text = render_text(report([finding], {hostile: hostile}))
    assert not set(text) & {"\x1b", "\x07", "\r", "\u202e", "\u2066"}
    assert visible("\u202e") == "\\u{202e}"
