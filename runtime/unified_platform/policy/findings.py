"""What is wrong with a policy, told with its place, as the compiler tells it of a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from unified_runtime.errors import InvalidInput


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One mistake. `line` and `column` count from 1; `length` is that of what is marked."""

    file: str
    line: int
    column: int
    message: str
    length: int = 1
    help: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain values, for JSON."""
        data = {"file": self.file, "line": self.line, "column": self.column, "message": self.message}
        return data | ({"help": self.help} if self.help else {})


class PolicyMistakes(InvalidInput):
    """Policies that cannot be used as they are. `findings` holds every mistake."""

    def __init__(self, findings: Sequence[Finding], texts: dict[str, str]) -> None:
        super().__init__(rendered(findings, texts))
        self.findings = tuple(findings)


def rendered(findings: Sequence[Finding], texts: dict[str, str]) -> str:
    """The findings as text: place, source line, caret and help for each."""
    return "\n\n".join(_rendered(finding, texts.get(finding.file, "")) for finding in sorted(findings))


def _rendered(finding: Finding, text: str) -> str:
    lines = text.splitlines()
    source = lines[finding.line - 1].replace("\t", " ") if 0 < finding.line <= len(lines) else ""
    gutter = " " * len(str(finding.line))
    told = [
        f"error: {finding.message}",
        f"{gutter}--> {finding.file}:{finding.line}:{finding.column}",
        f"{gutter} |",
        f"{finding.line} | {source}",
        f"{gutter} | {' ' * (finding.column - 1)}{'^' * max(1, min(finding.length, len(source) - finding.column + 1))}",
    ]
    return "\n".join([*told, *([f"{gutter} = help: {finding.help}"] if finding.help else [])])
