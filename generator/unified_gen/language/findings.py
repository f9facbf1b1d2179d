"""Findings of the parser: all of a file, not only the first."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from unified_openapi.diagnostics import Diagnostic, Severity
from unified_openapi.source.spans import Span


class Findings(Struct):
    """The findings about one file."""

    found: list[Diagnostic] = field(default_factory=list)

    def add(self, code: str, message: str, span: Span, *, help: str | None = None) -> None:
        """Report one finding. All that the parser finds are errors: the language is strict."""
        self.found.append(Diagnostic(code, Severity.ERROR, message, span, (), help))

    def sorted(self) -> tuple[Diagnostic, ...]:
        """Report every finding once (an alias brings the same node to two locations), in the order of the file."""
        return tuple(sorted(dict.fromkeys(self.found), key=lambda finding: finding.order))


def every(results: Iterable[bool]) -> bool:
    """Return true if all hold. Every result is evaluated: one that fails must not hide the findings of the next."""
    return all(list(results))


def first_line(span: Span) -> Span:
    """Return the beginning of a span that may go over many lines, for a finding about all of it."""
    if span.line == span.end_line:
        return span
    return Span(span.file, span.line, span.column, span.line, span.column + 1)
