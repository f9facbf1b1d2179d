"""One finding: a code, what is wrong, where, and what would mend it."""

from __future__ import annotations

import enum

from msgspec import Struct

from unified_gen.source import Span


class Severity(enum.Enum):
    """How much a finding weighs: an error stops `gen build`, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Note(Struct, frozen=True):
    """A further place or remark, such as the vendor's schema that a path was looked up in."""

    message: str
    span: Span | None = None


class Diagnostic(Struct, frozen=True):
    """A finding about one place in one input file."""

    code: str
    severity: Severity
    message: str
    span: Span
    label: str | None = None
    notes: tuple[Note, ...] = ()
    help: str | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The order in which findings are shown: by place, then by code."""
        return (self.span.file, self.span.line, self.span.column, self.code, self.message)
