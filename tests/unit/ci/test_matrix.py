"""Tests of the matrix of Python and dependency versions (.ci/matrix.py)."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.scripts import CI, load

matrix = load("matrix")
PROJECT = tomllib.loads((CI.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CURRENT = f"{sys.version_info.major}.{sys.version_info.minor}"


def test_every_supported_version_is_in_the_matrix_from_the_lowest() -> None:
    versions = matrix.versions(PROJECT)
    assert f">={versions[0]}" == PROJECT["requires-python"]
    minors = [int(version.removeprefix("3.")) for version in versions]
    assert minors == list(range(minors[0], minors[0] + len(minors)))


def test_lowest_versions_are_those_of_all_extras_that_users_install() -> None:
    assert {"gen", "broker", "mcp"} <= {*matrix.extras(PROJECT)}
    assert not {"dev", "crewai"} & {*matrix.extras(PROJECT)}


def test_tools_are_installed_at_their_locked_versions() -> None:
    locked = 'pytest==9.1 ; python_version >= "3.11" \\\n    --hash=sha256:00\npydantic==2.13 \\\n    --hash=sha256:00\n'
    project = {"name": "lib", "optional-dependencies": {"dev": ["lib[gen]", "pytest>=8"], "gen": ["pydantic>=2"]}}
    assert matrix.tools(project, locked) == ['pytest==9.1 ; python_version >= "3.11"']
    locked_here = (CI / "requirements.txt").read_text(encoding="utf-8")
    assert {one.partition("==")[0] for one in matrix.tools(PROJECT, locked_here)} >= {"pytest", "hypothesis", "mypy"}


def test_an_installed_interpreter_is_found_and_another_is_not() -> None:
    python = matrix.interpreter(CURRENT)
    done = subprocess.run([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == CURRENT
    assert matrix.interpreter("3.99") is None


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Environments whose Python has pytest, and no network."""
    names: list[str] = []

    def make(name: str, python: str, project: Any) -> Path:
        if name == "3.12":
            raise subprocess.CalledProcessError(2, ["uv", "venv"])
        names.append(name)
        return Path(sys.executable)

    monkeypatch.setattr(matrix, "make", make)
    monkeypatch.setattr(matrix, "interpreter", lambda version: None if version == "3.14" else sys.executable)
    return names


@pytest.mark.parametrize(("required", "status"), [("", 0), ("required", 1)])
def test_a_missing_python_is_reported_and_fails_if_required(
    made: list[str], required: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UNIFIED_MATRIX", required)
    assert matrix.main(["3.11", "3.14", "--", "--version"]) == status
    assert made == ["3.11"]
    assert "3.11: passed\n3.14: not run: Python 3.14 is not installed\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "arguments", "outcome"),
    [("lowest", ["--unknown-option"], "lowest: failed: pytest exited with 4"), ("3.12", [], "3.12: failed: uv venv exited with 2")],
)
def test_failures_are_reported(made: list[str], name: str, arguments: list[str], outcome: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert matrix.main([name, "--", *arguments]) == 1
    assert outcome in capsys.readouterr().out


def test_an_unknown_environment_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        matrix.main(["3.10"])
    assert "unknown environments: 3.10" in capsys.readouterr().err
