"""The audit of dependencies: it tells what is vulnerable, and never takes silence for soundness."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
VULNERABLE = {"name": "jinja2", "version": "2.4.1", "vulns": [{"id": "PYSEC-2014-8", "fix_versions": ["2.7.2"]}]}
SOUND = {"name": "click", "version": "8.3", "vulns": []}
UNKNOWN = {"name": "click", "skip_reason": "Dependency not found on PyPI and could not be audited: click (8.3)"}


@pytest.fixture
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("canary", "own", "required", "status", "told"),
    [
        ([VULNERABLE], [SOUND, UNKNOWN], "", 0, "2 distributions, 0 known vulnerabilities, 1 not known"),
        ([VULNERABLE], [SOUND, VULNERABLE], "", 1, "jinja2 2.4.1: PYSEC-2014-8, fixed in 2.7.2"),
        ([VULNERABLE], None, "", 1, "without a report"),
        ([UNKNOWN], [SOUND], "", 0, "nothing was audited"),  # a mirror that knows packages, and no vulnerabilities
        ([{**VULNERABLE, "vulns": []}], [SOUND], "required", 1, "nothing was audited"),
        (None, [SOUND], "", 0, "nothing was audited"),
        (None, [SOUND], "required", 1, "nothing was audited"),
    ],
)
def test_what_it_comes_to(
    audit: ModuleType,
    canary: Any,
    own: Any,
    required: str,
    status: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        found = canary if "--requirement" in command else own
        return subprocess.CompletedProcess(command, 0, "" if found is None else json.dumps({"dependencies": found}), "")

    monkeypatch.setattr(audit.subprocess, "run", run)
    monkeypatch.setenv("UNIFIED_AUDIT", required)
    assert audit.main() == status
    assert told in capsys.readouterr().out
