"""Tests of the audit of dependencies (.ci/audit.py): a missing response of the service never counts as no vulnerability."""

from __future__ import annotations

import json
import subprocess
from types import ModuleType
from typing import Any

import pytest

from tests.support.scripts import load

VULNERABLE = {"name": "jinja2", "version": "2.4.1", "vulns": [{"id": "PYSEC-2014-8", "fix_versions": ["2.7.2"]}]}
SAFE = {"name": "click", "version": "8.3", "vulns": []}
UNKNOWN = {"name": "click", "skip_reason": "Dependency not found on PyPI and could not be audited: click (8.3)"}


@pytest.fixture
def audit() -> ModuleType:
    return load("audit")


@pytest.mark.parametrize(
    ("canary", "own", "required", "status", "printed"),
    [
        ([VULNERABLE], [SAFE, UNKNOWN], "", 0, "2 distributions, 0 known vulnerabilities, 1 not known"),
        ([VULNERABLE], [SAFE, VULNERABLE], "", 1, "jinja2 2.4.1: PYSEC-2014-8, fixed in 2.7.2"),
        ([VULNERABLE], None, "", 1, "without a report"),
        ([UNKNOWN], [SAFE], "", 0, "nothing was audited"),  # a mirror with packages and without vulnerabilities
        ([{**VULNERABLE, "vulns": []}], [SAFE], "required", 1, "nothing was audited"),
        (None, [SAFE], "", 0, "nothing was audited"),
        (None, [SAFE], "required", 1, "nothing was audited"),
    ],
)
def test_exit_code_and_summary(
    audit: ModuleType,
    canary: Any,
    own: Any,
    required: str,
    status: int,
    printed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        found = canary if "--requirement" in command else own
        return subprocess.CompletedProcess(command, 0, "" if found is None else json.dumps({"dependencies": found}), "")

    monkeypatch.setattr(audit.subprocess, "run", run)
    monkeypatch.setenv("UNIFIED_AUDIT", required)
    assert audit.main() == status
    assert printed in capsys.readouterr().out
