"""Findings for people: what is wrong, the source line with a caret, where the vendor's schema is, and what would fix it.

error[MAP201]: `fields.sumary`: IssueBean has no `sumary` here
  --> mappings/vendors/jira/tasks.yaml:7:24
   |
 7 |   title:        fields.sumary
   |                        ^^^^^^ no such property
   |
note: looked up in this schema
  --> specs/jira/openapi.yaml:210:5
   |
210 |     IssueFields:
   |     -----------
   = help: did you mean `fields.summary`?
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click
from msgspec import Struct

from unified_gen.diagnostics.layout import excerpt, line_of, visible
from unified_gen.diagnostics.report import Report
from unified_openapi.diagnostics.model import Diagnostic, Severity
from unified_openapi.source.spans import Span

WIDTH = 120
"""The width if there is no terminal: output does not depend on the machine."""

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_FRAME = "blue"


class _Pen(Struct, frozen=True):
    """Colours, or none."""

    colour: bool

    def __call__(self, text: str, colour: str | None = None) -> str:
        return click.style(text, fg=colour, bold=True) if self.colour and text else text


def render_text(found: Report, *, colour: bool = False, width: int = WIDTH) -> str:
    """Return all findings, one block each, and a summary line.

    `colour` adds ANSI escapes; `width` is that of the terminal in cells. Source lines longer than that are cut around the caret.
    """
    pen = _Pen(colour)
    blocks = ["\n".join(_block(diagnostic, found.sources, pen, max(width, 40))) for diagnostic in found.diagnostics]
    if found.hidden:
        blocks.append(f"… and {found.hidden} more (`--max 0` shows all)")
    blocks.append(pen(str(found.summary), _summary_colour(found)))
    return "\n\n".join(blocks) + "\n"


def _summary_colour(found: Report) -> str | None:
    return "red" if found.summary.errors else "yellow" if found.summary.warnings else "green"


def _block(diagnostic: Diagnostic, sources: Mapping[str, str], pen: _Pen, width: int) -> Iterator[str]:
    colour = _COLOURS[diagnostic.severity]
    spans = [diagnostic.span, *(note.span for note in diagnostic.notes if note.span is not None)]
    gutter = max(len(str(span.line)) for span in spans)
    bar = " " * (gutter + 1) + pen("|", _FRAME)
    yield pen(f"{diagnostic.severity.value}[{diagnostic.code}]", colour) + pen(": " + visible(diagnostic.message))
    yield from _location(diagnostic.span, sources, pen, gutter, width, "^", colour)
    if diagnostic.notes or diagnostic.help:
        yield bar
    for note in diagnostic.notes:
        if note.span is None:
            yield f"{' ' * (gutter + 1)}{pen('=', _FRAME)} {pen('note')}: {visible(note.message)}"
        else:
            yield pen("note") + ": " + visible(note.message)
            yield from _location(note.span, sources, pen, gutter, width, "-", _FRAME)
    if diagnostic.help:
        yield f"{' ' * (gutter + 1)}{pen('=', _FRAME)} {pen('help')}: {visible(diagnostic.help)}"


def _location(span: Span, sources: Mapping[str, str], pen: _Pen, gutter: int, width: int, mark: str, colour: str) -> Iterator[str]:
    """Yield the file and line, the line itself, and marks under the span. A span over several lines is marked to the end of its first."""
    yield f"{' ' * gutter}{pen('-->', _FRAME)} {visible(span.file)}:{span.line}:{span.column}"
    line = line_of(sources.get(span.file), span.line)
    bar = pen("|", _FRAME)
    if line is None:
        return
    start = span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    shown = excerpt(line, start, max(end, start + 1), width - gutter - 3)
    yield f"{' ' * (gutter + 1)}{bar}"
    yield f"{pen(str(span.line).rjust(gutter), _FRAME)} {bar} {shown.text}".rstrip()
    marks = " " * shown.start + pen(mark * shown.length, colour)
    yield f"{' ' * (gutter + 1)}{bar} {marks}"
