"""Findings in policies, with their location in the source, and their rendering as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unified_runtime.core.errors import InvalidInput


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One mistake. `line` and `column` count from 1; `length` is that of the marked text."""

    file: str
    line: int
    column: int
    message: str
    length: int = 1
    help: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain values, for JSON."""
        data = {"file": self.file, "line": self.line, "column": self.column, "message": self.message}
        return data | ({"help": self.help} if self.help else {})


class PolicyErrors(InvalidInput):
    """Policies with mistakes. `findings` lists every mistake."""

    def __init__(self, findings: Sequence[Finding], texts: dict[str, str]) -> None:
        super().__init__(rendered(findings, texts))
        self.findings = tuple(findings)


def check_texts(texts: object, example: str) -> None:
    """Raise TypeError if the texts of policies are not a mapping from file names to texts."""
    if not isinstance(texts, Mapping):
        raise TypeError(f"policies are a mapping from file names to texts, such as {{{example!r}: text}}, not {type(texts).__name__}")


def rendered(findings: Sequence[Finding], texts: dict[str, str]) -> str:
    """Return the findings as text: location, source line, caret and help for each."""
    return "\n\n".join(_rendered(finding, texts.get(finding.file, "")) for finding in sorted(findings))


def _rendered(finding: Finding, text: str) -> str:
    lines = text.splitlines()
    source = lines[finding.line - 1].replace("\t", " ") if 0 < finding.line <= len(lines) else ""
    gutter = " " * len(str(finding.line))
    data = [
        f"error: {finding.message}",
        f"{gutter}--> {finding.file}:{finding.line}:{finding.column}",
        f"{gutter} |",
        f"{finding.line} | {source}",
        f"{gutter} | {' ' * (finding.column - 1)}{'^' * max(1, min(finding.length, len(source) - finding.column + 1))}",
    ]
    return "\n".join([*data, *([f"{gutter} = help: {finding.help}"] if finding.help else [])])
