"""Findings as GitHub workflow commands: annotations on the lines of a pull request.

Source: GitHub Docs, "Workflow commands for GitHub Actions", setting an error message; the escapes are those of actions/toolkit.
"""

from __future__ import annotations

from unified_gen.diagnostics.report import Report
from unified_openapi.diagnostics.model import Diagnostic, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render_github(found: Report) -> str:
    """Return one command per finding, then the summary, which GitHub shows in the log."""
    lines = [_command(diagnostic) for diagnostic in found.diagnostics]
    if found.hidden:
        lines.append(f"… and {found.hidden} more (`--max 0` shows all)")
    return "\n".join([*lines, str(found.summary)]) + "\n"


def _command(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    properties = {"file": span.file, "line": str(span.line), "endLine": str(span.end_line)}
    if span.line == span.end_line:  # GitHub ignores the columns of an annotation over several lines
        properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    properties["title"] = diagnostic.code
    pairs = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[diagnostic.severity]} {pairs}::{_data(_message(diagnostic))}"


def _message(diagnostic: Diagnostic) -> str:
    lines = [diagnostic.message]
    lines.extend(f"note: {note.message}" + (f" ({note.span.file}:{note.span.line})" if note.span else "") for note in diagnostic.notes)
    if diagnostic.help:
        lines.append(f"help: {diagnostic.help}")
    return "\n".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
