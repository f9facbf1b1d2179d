"""`gen fmt`: what it writes, what it lists and what it leaves as it is."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.conftest import Gen

MAPPING = "mappings/vendors/acme/tasks.yaml"


def files(project: Path) -> dict[str, bytes]:
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in project.rglob("*.yaml")}


def test_all_mappings_are_formatted(gen: Gen, project: Path) -> None:
    before = files(project)
    result = gen("fmt")
    assert result.exit_code == 0
    assert f"formatted {MAPPING}" in result.stderr
    after = files(project)
    assert {name for name in after if after[name] != before[name]} <= {name for name in before if name.startswith("mappings/")}
    assert after[MAPPING] != before[MAPPING]
    assert gen("fmt", "--check").exit_code == 0
    again = gen("fmt")
    assert "0 of 3 files changed" in again.stderr
    assert files(project) == after


def test_generated_code_stays_the_same(gen: Gen, project: Path) -> None:
    assert gen("build").exit_code == 0
    gen("fmt")
    result = gen("build", "--check")
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_check_lists_files_and_writes_none(gen: Gen, project: Path) -> None:
    before = files(project)
    result = gen("fmt", "--check")
    assert result.exit_code == 1
    assert f"would change: {MAPPING}" in result.stderr
    assert "run `gen fmt`" in result.stderr
    assert files(project) == before


def test_a_diff_shows_the_change_and_writes_nothing(gen: Gen, project: Path) -> None:
    mapping = project / MAPPING
    gen("fmt")
    mapping.write_text(mapping.read_text().replace("resource: tasks\n", 'resource:   "tasks"\n'))
    before = files(project)
    result = gen("fmt", "--diff")
    assert result.exit_code == 1
    assert result.stdout.startswith(f"--- a/{MAPPING}\n+++ b/{MAPPING}\n")
    assert '-resource:   "tasks"\n+resource: tasks\n' in result.stdout
    assert files(project) == before
    assert gen("fmt", "--diff", "--check").exit_code == 2


def test_paths_select_files_and_folders(gen: Gen, project: Path) -> None:
    before = files(project)
    assert gen("fmt", str(project / MAPPING)).exit_code == 0
    changed = {name for name, data in files(project).items() if data != before[name]}
    assert changed == {MAPPING}
    assert gen("fmt", "--check", MAPPING).exit_code == 0
    assert gen("fmt", "--check", "mappings/models").exit_code == 1
    gen("fmt", "mappings/models")
    assert gen("fmt", "--check", "mappings/models").exit_code == 0


def test_other_files_are_refused(gen: Gen) -> None:
    result = gen("fmt", "specs/acme/openapi.yaml")
    assert result.exit_code == 2
    assert "specs/acme/openapi.yaml is not a mapping" in result.stderr
    assert gen("fmt", "mappings/none.yaml").exit_code == 2


def test_a_file_with_a_syntax_error_is_reported_and_left_as_it_is(gen: Gen, project: Path) -> None:
    mapping = project / MAPPING
    broken = mapping.read_text() + "allow: {\n"
    mapping.write_text(broken)
    result = gen("fmt")
    assert result.exit_code == 1
    assert result.stdout.startswith("error[MAP008]")
    assert MAPPING in result.stdout
    assert mapping.read_text() == broken
    assert gen("fmt", "--check", "mappings/models").exit_code == 0, "the others were formatted"


def test_a_repeated_key_is_reported(gen: Gen, project: Path) -> None:
    mapping = project / MAPPING
    mapping.write_text(mapping.read_text() + "resource: tasks\n")
    result = gen("fmt", "--check", MAPPING)
    assert result.exit_code == 1
    assert "error[MAP006]: the key `resource` occurs twice" in result.stdout


def test_bytes_that_are_not_text(gen: Gen, project: Path) -> None:
    (project / MAPPING).write_bytes(b"a: \xff\n")
    result = gen("fmt")
    assert result.exit_code == 1
    assert "are not UTF-8 text" in result.stderr
