"""Report of a run's findings: sorted, without repetitions, cut to a number, and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from unified_openapi.diagnostics.model import Diagnostic, Severity

_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


class Summary(Struct, frozen=True):
    """Number of findings by severity, and of files that have some."""

    errors: int
    warnings: int
    notes: int
    files: int

    def __str__(self) -> str:
        counts = ((self.errors, "error"), (self.warnings, "warning"), (self.notes, "note"))
        parts = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count)
        if not parts:
            return "no findings"
        return f"{parts} in {self.files} file{'' if self.files == 1 else 's'}"


class Report(Struct, frozen=True):
    """Findings of a run to print: `diagnostics` in order, the number omitted, and the count of all."""

    diagnostics: tuple[Diagnostic, ...]
    hidden: int
    summary: Summary
    sources: Mapping[str, str]
    """File to its text, for the source lines; a file that is not here is shown without them."""


def report(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], *, most: int = 0) -> Report:
    """Sort findings by location, drop repetitions and keep at most `most` (0: all), the most severe first."""
    unique = tuple(sorted(dict.fromkeys(diagnostics), key=lambda found: found.order))
    shown = unique
    if 0 < most < len(unique):
        heaviest = sorted(unique, key=lambda found: _WEIGHT[found.severity])[:most]
        shown = tuple(sorted(heaviest, key=lambda found: found.order))
    return Report(shown, len(unique) - len(shown), summarize(unique), sources)


def summarize(diagnostics: Iterable[Diagnostic]) -> Summary:
    """Count findings by severity, and the files they are in."""
    found = tuple(diagnostics)

    def count(severity: Severity) -> int:
        return sum(1 for diagnostic in found if diagnostic.severity is severity)

    return Summary(
        count(Severity.ERROR), count(Severity.WARNING), count(Severity.NOTE), len({diagnostic.span.file for diagnostic in found})
    )


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Return true if any finding is an error: then nothing is written."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
