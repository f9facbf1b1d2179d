"""Diagnostics: a code, the problem, its location, and how to fix it."""

from __future__ import annotations

import enum

from msgspec import Struct

from unified_openapi.source.spans import Span


class Severity(enum.Enum):
    """Severity of a finding: an error stops `gen build`, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(Struct, frozen=True):
    """One kind of finding. `code` is three or four capital letters and three digits; `explanation` is Markdown."""

    code: str
    title: str
    explanation: str
    severity: Severity


class Note(Struct, frozen=True):
    """A further location or remark, such as the vendor's schema that a path was looked up in."""

    message: str
    span: Span | None = None


class Diagnostic(Struct, frozen=True):
    """A finding about one location in one input file."""

    code: str
    severity: Severity
    message: str
    span: Span
    notes: tuple[Note, ...] = ()
    help: str | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The order in which findings are shown: by location, then by code."""
        return (self.span.file, self.span.line, self.span.column, self.code, self.message)


def finding(
    code: Code,
    message: str,
    span: Span,
    *,
    notes: tuple[Note, ...] = (),
    help: str | None = None,
) -> Diagnostic:
    """Return a diagnostic with the severity of its code."""
    return Diagnostic(code.code, code.severity, message, span, notes, help)
