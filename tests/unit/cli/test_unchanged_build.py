"""A build that would change nothing is detected by contents; any other is built."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from unified_gen.pipeline.incremental import compile_project
from unified_gen.pipeline.inputs import read_inputs
from unified_gen.pipeline.unchanged import is_unchanged
from unified_gen.pipeline.write import write

ACME = Path(__file__).parents[2] / "golden" / "acme"
MAPPING = "mappings/vendors/acme/tasks.yaml"
MADE = "generated/unified/tasks.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for part in ("mappings", "specs"):
        shutil.copytree(ACME / part, tmp_path / part)
    write(tmp_path, compile_project(tmp_path).result.files)
    return tmp_path


def unchanged(project: Path) -> bool:
    return is_unchanged(project, read_inputs(project))


def test_finished_build_is_unchanged(project: Path) -> None:
    assert unchanged(project)
    (project / "generated/unified/__pycache__").mkdir()
    (project / "generated/unified/__pycache__/tasks.pyc").write_bytes(b"x")
    (project / "generated/.editor").write_text("mine")
    assert unchanged(project), "what Python and editors keep there is not the compiler's"


def _other_letter(location: Path) -> None:
    """Write as many bytes as before, with the same times."""
    text, times = location.read_bytes(), location.stat()
    location.write_bytes(text[:-2] + b"#\n")
    assert location.read_bytes() != text
    os.utime(location, ns=(times.st_atime_ns, times.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a mapping": lambda project: _other_letter(project / MAPPING),
    "a document": lambda project: _other_letter(project / "specs/acme/openapi.yaml"),
    "a model": lambda project: _other_letter(project / "mappings/models/tasks.yaml"),
    "a file of the output": lambda project: _other_letter(project / MADE),
    "another vendor's folder": lambda project: (project / "mappings/vendors/other").mkdir(),
    "an orphan": lambda project: (project / "generated/unified/orphan.py").write_text(""),
    "an orphan that leads nowhere": lambda project: (project / "generated/unified/orphan.py").symlink_to("nowhere"),
    "an orphan that is no file": lambda project: os.mkfifo(project / "generated/unified/orphan.py"),
    "a file that is gone": lambda project: (project / MADE).unlink(),
    "the output that is gone": lambda project: shutil.rmtree(project / "generated"),
    "the cache that is gone": lambda project: shutil.rmtree(project / ".cache"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_detected(project: Path, change: str) -> None:
    CHANGES[change](project)
    assert not unchanged(project)


def test_restored_file_counts_as_unchanged(project: Path) -> None:
    text = (project / MADE).read_bytes()
    (project / MADE).write_bytes(b"edited\n")
    assert not unchanged(project)
    (project / MADE).write_bytes(text)
    assert unchanged(project)


def test_compiled_but_unwritten_build_is_not_unchanged(project: Path) -> None:
    vendor = project / "mappings/vendors/acme/vendor.yaml"
    vendor.write_text(vendor.read_text().replace("name: Acme", "name: Other"))
    result = compile_project(project).result
    assert not unchanged(project)
    write(project, result.files)
    assert unchanged(project)


def test_with_findings_a_build_is_made_again_to_report_them(project: Path) -> None:
    spec = project / "specs/acme/openapi.yaml"
    spec.write_text(spec.read_text().replace("created: {type: string, format: date-time}", "created: {}"))
    result = compile_project(project).result
    write(project, result.files)
    assert result.diagnostics
    assert result.files
    assert not unchanged(project)


def test_broken_behaviour_stops_a_build(project: Path) -> None:
    specs = project / "specs/acme"
    facts = specs / "facts.json.gz"
    behaviour = specs / "behaviour.yaml"
    behaviour.write_text(
        "facts:\n  lags:\n    {kind: delay, operations: [nothing], summary: A task appears later., seconds: 1,"
        " evidence: https://acme.example, checked: 2026-01-01, basis: page}\n"
    )
    for _ in range(2):  # compiled, then from the cache
        result = compile_project(project).result
        assert [(one.code, one.span.file) for one in result.diagnostics] == [("SPEC402", "specs/acme/behaviour.yaml")]
        assert not result.files
    assert not unchanged(project)
    behaviour.write_text(behaviour.read_text().replace("nothing", "getTask"))
    assert not compile_project(project).result.diagnostics
    assert unchanged(project)
    facts.write_bytes(b"not facts")
    assert not unchanged(project), "behaviour is checked against facts"
