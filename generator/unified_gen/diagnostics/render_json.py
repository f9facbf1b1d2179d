"""Findings as JSON, for programs.

One object: `diagnostics` (code, severity, message, location, notes, help), `hidden` (how many `--max` left out) and
`summary`. Lines and columns count from 1 in characters (Unicode code points); the end is exclusive.
"""

from __future__ import annotations

import json

from unified_gen.diagnostics.report import Report
from unified_openapi.diagnostics.model import Diagnostic
from unified_openapi.source.spans import Json, Span


def render_json(found: Report) -> str:
    """Return all findings as one JSON object."""
    response: Json = {
        "diagnostics": [as_json(diagnostic) for diagnostic in found.diagnostics],
        "hidden": found.hidden,
        "summary": {
            "errors": found.summary.errors,
            "warnings": found.summary.warnings,
            "notes": found.summary.notes,
            "files": found.summary.files,
        },
    }
    return json.dumps(response, indent=2, ensure_ascii=False) + "\n"


def as_json(diagnostic: Diagnostic) -> Json:
    """Return one finding as a JSON object."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "location": span_as_json(diagnostic.span),
        "notes": [{"message": note.message, "location": span_as_json(note.span) if note.span else None} for note in diagnostic.notes],
        "help": diagnostic.help,
    }


def span_as_json(span: Span) -> Json:
    """Return a span as a JSON object."""
    return {"file": span.file, "line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}
