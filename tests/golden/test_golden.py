"""Golden cases: each compiles to its expected output. `UPDATE_GOLDEN=1` writes the current output: review the difference."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.golden.cases import BrokenCase, Case, load, names
from unified_gen.cli.group import cli
from unified_gen.diagnostics.render_text import render_text
from unified_gen.diagnostics.report import has_errors, report
from unified_gen.pipeline.compiler import compile

UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"


@pytest.mark.parametrize("name", names())
def test_case(name: str, tmp_path: Path) -> None:
    case = load(name)
    stated, made = _run(case, tmp_path) if case.run else _compile(case)
    if UPDATE:
        _update(case, stated, made)
    expected = case.folder / "expected"
    assert stated == (_read(expected / "diagnostics.txt") or "")
    assert sorted(made) == sorted(_files(expected / "generated"))
    for file, text in made.items():
        assert text == _read(expected / "generated" / file), file


def _compile(case: Case) -> tuple[str, dict[str, str]]:
    """Return the diagnostics and the output of a case."""
    result = compile(case.inputs)
    stated = render_text(report(result.diagnostics, case.files)) if result.diagnostics else ""
    if has_errors(result.diagnostics):
        assert not result.files, "a failing mapping changes nothing"
        assert not case.generated, "a failing case makes no files"
    return stated, {file: result.files[file] for file in case.generated or (() if case.generated is not None else result.files)}


def _run(case: Case, folder: Path) -> tuple[str, dict[str, str]]:
    """Return the output of another command for a case, with its files written to a folder."""
    case.lay(folder)
    environment = {"UNIFIED_VENDOR_DOCUMENTS": str(folder / "documents")}
    with contextlib.chdir(folder):
        done = CliRunner().invoke(cli, [*case.run, "--root", str(folder)], env=environment)
    assert not isinstance(done.exception, Exception), done.output
    return done.stdout + f"exit {done.exit_code}\n", {}


def _read(location: Path) -> str | None:
    return location.read_bytes().decode("utf-8") if location.is_file() else None


def _files(folder: Path) -> list[str]:
    return [location.relative_to(folder).as_posix() for location in folder.rglob("*") if location.is_file()]


def _update(case: Case, stated: str, made: dict[str, str]) -> None:
    shutil.rmtree(case.folder / "expected", ignore_errors=True)
    files = {f"generated/{file}": text for file, text in made.items()}
    if stated:
        files["diagnostics.txt"] = stated
    for file, text in files.items():
        location = case.folder / "expected" / file
        location.parent.mkdir(parents=True, exist_ok=True)
        location.write_bytes(text.encode("utf-8"))


def test_an_edit_must_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.golden.cases.FOLDER", tmp_path)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/case.md").write_text("A case whose edit finds nothing to replace.\n")
    (tmp_path / "broken/case.yaml").write_text("edit: {mappings/a.yaml: {old: new}}\n")
    with pytest.raises(BrokenCase, match="stands 0 times"):
        load("broken")


def test_a_case_says_why_it_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.golden.cases.FOLDER", tmp_path)
    (tmp_path / "silent").mkdir()
    (tmp_path / "silent/case.md").write_text("# Title\n")
    with pytest.raises(BrokenCase, match="says why"):
        load("silent")
