"""What the parser collects while it reads: every finding of a file, not the first one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from msgspec import Struct, field

from unified_gen.diagnostics import Diagnostic, Severity
from unified_gen.source import Span


class Findings(Struct):
    """The findings about one file."""

    found: list[Diagnostic] = field(default_factory=list)

    def add(self, code: str, message: str, span: Span, *, label: str | None = None, help: str | None = None) -> None:
        """Report one finding. All that the parser finds are errors: the language is strict."""
        self.found.append(Diagnostic(code, Severity.ERROR, message, span, label, (), help))

    def sorted(self) -> tuple[Diagnostic, ...]:
        """Every finding once (an alias brings the same node to two places), in the order of the file."""
        return tuple(sorted(dict.fromkeys(self.found), key=lambda finding: finding.order))


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a misspelt word most likely stands for."""
    known = tuple(candidates)
    for candidate in known:
        if candidate.lower().replace("-", "_") == word.lower().replace("-", "_"):
            return candidate
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.6)), None)


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """A help line that names the nearest candidate, or all of them if they are few."""
    known = tuple(dict.fromkeys(candidates))
    near = nearest(word, known)
    if near is not None:
        return f"did you mean `{near}`?"
    return f"there is {listed(known)}" if 0 < len(known) <= 8 else None


def listed(words: Iterable[str]) -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{word}`" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def every(results: Iterable[bool]) -> bool:
    """Whether all hold, asking each of them: one that fails must not hide what the next would report."""
    return all(list(results))


def first_line(span: Span) -> Span:
    """The beginning of a span that may go over many lines, for a finding about the whole of it."""
    if span.line == span.end_line:
        return span
    return Span(span.file, span.line, span.column, span.line, span.column + 1)
