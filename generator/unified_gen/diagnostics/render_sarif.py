"""Findings as SARIF 2.1.0, which code-scanning services read.

Source: OASIS Standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0". URIs are relative to the project's root
(`ROOT`), so a log is the same on every machine; a fingerprint that leaves out the line number keeps a finding one finding when
lines above it change.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from urllib.parse import quote

from unified_gen.diagnostics.layout import line_of
from unified_gen.diagnostics.report import Report
from unified_openapi.diagnostics import Code
from unified_openapi.diagnostics.model import Diagnostic, Note, Severity
from unified_openapi.source.spans import Json, Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render_sarif(found: Report, codes: Mapping[str, Code], *, version: str) -> str:
    """Return a SARIF log of one run.

    `codes` describes the codes that findings may have (see `all_codes`); only those that occur become rules of the log.
    """
    used = sorted({diagnostic.code for diagnostic in found.diagnostics})
    seen: Counter[str] = Counter()
    log: Json = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "gen", "semanticVersion": version, "rules": [_rule(codes[code]) for code in used]}},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"ROOT": {"description": {"text": "the project's root, the folder that holds mappings/ and specs/"}}},
                "results": [_result(diagnostic, used.index(diagnostic.code), found.sources, seen) for diagnostic in found.diagnostics],
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(code: Code) -> Json:
    return {
        "id": code.code,
        "name": "".join(word.capitalize() for word in code.title.replace("-", " ").split()),
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.explanation.split("\n\n")[0].replace("\n", " ")},
        "help": {"text": code.explanation, "markdown": code.explanation},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
    }


def _result(diagnostic: Diagnostic, rule: int, sources: Mapping[str, str], seen: Counter[str]) -> Json:
    result: dict[str, Json] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": _message(diagnostic)},
        "locations": [_location(diagnostic.span)],
        "partialFingerprints": {"place/v1": _fingerprint(diagnostic, sources, seen)},
    }
    related: list[Json] = [_related(number, note) for number, note in enumerate(diagnostic.notes, 1) if note.span is not None]
    if related:
        result["relatedLocations"] = related
    return result


def _message(diagnostic: Diagnostic) -> str:
    parts = [diagnostic.message, *(f"note: {note.message}" for note in diagnostic.notes if note.span is None)]
    if diagnostic.help:
        parts.append(f"help: {diagnostic.help}")
    return "\n".join(parts)


def _location(span: Span) -> dict[str, Json]:
    region: dict[str, Json] = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"physicalLocation": {"artifactLocation": {"uri": quote(span.file), "uriBaseId": "ROOT"}, "region": region}}


def _related(number: int, note: Note) -> Json:
    assert note.span is not None
    return {"id": number, "message": {"text": note.message}, **_location(note.span)}


def _fingerprint(diagnostic: Diagnostic, sources: Mapping[str, str], seen: Counter[str]) -> str:
    """Return the code, file, message and text of the line; the n-th of the same is distinguished from the first."""
    line = (line_of(sources.get(diagnostic.span.file), diagnostic.span.line) or "").strip()
    same = f"{diagnostic.code}\0{diagnostic.span.file}\0{diagnostic.message}\0{line}"
    seen[same] += 1
    return hashlib.sha256(f"{same}\0{seen[same]}".encode()).hexdigest()[:32]
