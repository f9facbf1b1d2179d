"""The facade, the models and all generated code under two type checkers, both strict.

`facade.py` holds the expected errors. If a checker stops reporting one, its ignore is unused, which is an error too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FACADE = "tests/typing/facade.py"


def run(*command: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **(environment or {})})


def test_mypy_sees_the_facade_as_it_is_meant() -> None:
    done = run(sys.executable, "-m", "mypy", "--strict", "--warn-unused-ignores", FACADE)
    assert done.returncode == 0, done.stdout


def test_mypy_passes_generated_code() -> None:
    done = run(sys.executable, "-m", "mypy", "--strict", "-p", "unified")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("project", ["tests/typing", "pyproject.toml"], ids=["facade", "generated"])
def test_pyright_sees_the_facade_as_it_is_meant_and_passes_generated_code(project: str) -> None:
    done = run(sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", project)
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] > (20 if "toml" in project else 0), done.stdout
    assert [f"{each['file']}:{each['range']['start']['line'] + 1}: {each['message']}" for each in found["generalDiagnostics"]] == []
