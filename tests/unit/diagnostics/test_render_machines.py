"""Findings as JSON, SARIF 2.1.0 and GitHub workflow commands."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from unified_gen.diagnostics.render_github import render_github
from unified_gen.diagnostics.render_json import render_json
from unified_gen.diagnostics.render_sarif import render_sarif
from unified_gen.diagnostics.report import report
from unified_openapi.diagnostics import Code, Diagnostic, Note, Severity
from unified_openapi.source.spans import Span

FINDINGS = [
    Diagnostic(
        "MAP201",
        Severity.ERROR,
        "100% wrong,\nreally: `ü`",
        Span("mappings/a b,c.yaml", 3, 5, 3, 9),
        notes=(Note("there", Span("specs/x.yaml", 7, 1, 9, 2)), Note("a remark")),
        help="do: this",
    ),
    Diagnostic("MAP102", Severity.WARNING, "over lines", Span("b.yaml", 1, 1, 4, 2)),
    Diagnostic("MAP305", Severity.NOTE, "a note", Span("b.yaml", 2, 1, 2, 2)),
]
SOURCES = {"mappings/a b,c.yaml": "a\nb\n    text\n"}
CODES = {
    code: Code(code, f"the title of {code}", f"First\nparagraph of {code}.\n\nSecond.", severity)
    for code, severity in (("MAP102", Severity.WARNING), ("MAP201", Severity.ERROR), ("MAP305", Severity.NOTE), ("MAP999", Severity.NOTE))
}


def test_json_states_everything() -> None:
    response = json.loads(render_json(report(FINDINGS, SOURCES)))
    assert response["summary"] == {"errors": 1, "warnings": 1, "notes": 1, "files": 2}
    assert response["hidden"] == 0
    assert [found["code"] for found in response["diagnostics"]] == ["MAP102", "MAP305", "MAP201"]
    assert response["diagnostics"][2] == {
        "code": "MAP201",
        "severity": "error",
        "message": "100% wrong,\nreally: `ü`",
        "location": {"file": "mappings/a b,c.yaml", "line": 3, "column": 5, "end_line": 3, "end_column": 9},
        "notes": [
            {"message": "there", "location": {"file": "specs/x.yaml", "line": 7, "column": 1, "end_line": 9, "end_column": 2}},
            {"message": "a remark", "location": None},
        ],
        "help": "do: this",
    }


def test_github_commands_are_escaped() -> None:
    lines = render_github(report(FINDINGS, SOURCES)).splitlines()
    assert lines == [
        "::warning file=b.yaml,line=1,endLine=4,title=MAP102::over lines",
        "::notice file=b.yaml,line=2,endLine=2,col=1,endColumn=2,title=MAP305::a note",
        "::error file=mappings/a b%2Cc.yaml,line=3,endLine=3,col=5,endColumn=9,title=MAP201::100%25 wrong,%0Areally: `ü`"
        "%0Anote: there (specs/x.yaml:7)%0Anote: a remark%0Ahelp: do: this",
        "1 error, 1 warning, 1 note in 2 files",
    ]


def closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": list(required)}


TEXT = {"type": "string"}
MESSAGE = closed({"text": TEXT, "markdown": TEXT}, "text")
LEVEL = {"enum": ["none", "note", "warning", "error"]}
COUNT = {"type": "integer", "minimum": 1}
LOCATION = closed(
    {
        "id": {"type": "integer", "minimum": -1},
        "message": MESSAGE,
        "physicalLocation": closed(
            {
                "artifactLocation": closed({"uri": {"type": "string", "format": "uri-reference"}, "uriBaseId": TEXT}),
                "region": closed({"startLine": COUNT, "startColumn": COUNT, "endLine": COUNT, "endColumn": COUNT}),
            }
        ),
    }
)
RULE = closed(
    {
        "id": TEXT,
        "name": TEXT,
        "shortDescription": MESSAGE,
        "fullDescription": MESSAGE,
        "help": MESSAGE,
        "defaultConfiguration": closed({"level": LEVEL}),
    },
    "id",
)
RESULT = closed(
    {
        "ruleId": TEXT,
        "ruleIndex": {"type": "integer", "minimum": -1},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {"type": "array", "items": LOCATION},
        "relatedLocations": {"type": "array", "items": LOCATION, "uniqueItems": True},
        "partialFingerprints": {"type": "object", "additionalProperties": TEXT},
    },
    "message",
)
RUN = closed(
    {
        "tool": closed(
            {
                "driver": closed(
                    {"name": TEXT, "semanticVersion": TEXT, "rules": {"type": "array", "items": RULE, "uniqueItems": True}}, "name"
                )
            },
            "driver",
        ),
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "originalUriBaseIds": {"type": "object", "additionalProperties": closed({"uri": TEXT, "uriBaseId": TEXT, "description": MESSAGE})},
        "results": {"type": "array", "items": RESULT},
    },
    "tool",
)
SARIF = closed(
    {"$schema": {"type": "string", "format": "uri"}, "version": {"enum": ["2.1.0"]}, "runs": {"type": "array", "items": RUN}},
    "version",
    "runs",
)
"""The part of the standard's schema that the log uses, with the standard's names, types and required properties."""


def test_sarif_keeps_to_the_standard() -> None:
    log = json.loads(render_sarif(report(FINDINGS, SOURCES), CODES, version="1.2.3"))
    jsonschema_rs.Draft7Validator(SARIF, validate_formats=True).validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["MAP102", "MAP201", "MAP305"], "only codes that occur are listed"
    assert rules[0]["fullDescription"] == {"text": "First paragraph of MAP102."}
    assert rules[0]["help"]["markdown"].endswith("Second.")
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    location = run["results"][2]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "mappings/a%20b%2Cc.yaml", "uriBaseId": "ROOT"}
    assert location["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9}
    assert [related["message"]["text"] for related in run["results"][2]["relatedLocations"]] == ["there"]
    assert "a remark" in run["results"][2]["message"]["text"]


def test_a_fingerprint_outlives_a_moved_line_and_distinguishes_twins() -> None:
    def prints(text: str, *lines: int) -> list[str]:
        findings = [Diagnostic("MAP201", Severity.ERROR, "m", Span("f", line, 1, line, 2)) for line in lines]
        log = json.loads(render_sarif(report(findings, {"f": text}), CODES, version="1"))
        return [result["partialFingerprints"]["place/v1"] for result in log["runs"][0]["results"]]

    assert prints("x\n", 1) == prints("\n\nx\n", 3)
    first, second = prints("x\nx\n", 1, 2)
    assert first != second
    assert prints("x\n", 1) != prints("y\n", 1)


def test_no_findings_are_a_document_all_the_same() -> None:
    assert json.loads(render_json(report([], {})))["diagnostics"] == []
    assert json.loads(render_sarif(report([], {}), CODES, version="1"))["runs"][0]["results"] == []


@pytest.mark.parametrize("name", ["a:b.yaml", "ü.yaml", "a%2e.yaml"])
def test_a_file_name_becomes_a_relative_uri(name: str) -> None:
    log = json.loads(render_sarif(report([Diagnostic("MAP201", Severity.ERROR, "m", Span(name, 1, 1, 1, 2))], {}), CODES, version="1"))
    uri = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert ":" not in uri
    assert uri.isascii()
