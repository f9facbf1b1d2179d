"""The command line: its folder, its output streams, and its exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import click
import pytest

from tests.unit.cli.conftest import Gen
from unified_gen.cli.common import find_root, wants_colour


def break_mapping(project: Path) -> None:
    mapping = project / "mappings/vendors/acme/tasks.yaml"
    mapping.write_text(mapping.read_text().replace("operation: deleteTask", "operation: deleteTaks"))


def test_the_project_is_found_upwards(project: Path) -> None:
    deep = project / "mappings/vendors/acme"
    assert find_root(deep) == project.resolve()


def test_outside_a_project_the_error_states_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(click.UsageError, match=r"mappings/ and specs/.*--root"):
        find_root(tmp_path)


def test_a_root_without_its_folders_is_refused(gen: Gen, tmp_path_factory: pytest.TempPathFactory) -> None:
    result = gen("check", "--root", str(tmp_path_factory.mktemp("empty")))
    assert result.exit_code == 2
    assert "has no folder mappings/" in result.stderr


def test_a_wrong_command_names_the_right_one(gen: Gen) -> None:
    result = gen("biuld")
    assert result.exit_code == 2
    assert "Did you mean 'build'?" in result.stderr


def test_help_lists_every_command(gen: Gen) -> None:
    output = gen("--help").stdout
    for name in ("build", "check", "diff", "docs", "explain", "fmt", "new", "schemas", "spec"):
        assert f"\n  {name} " in output
        assert gen(name, "--help").exit_code == 0


def test_a_check_without_findings(gen: Gen) -> None:
    result = gen("check")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "1 vendors checked" in result.stderr


def test_findings_stand_on_standard_output_and_fail(gen: Gen, project: Path) -> None:
    break_mapping(project)
    result = gen("check")
    assert result.exit_code == 1
    assert result.stdout.startswith("error[MAP101]: the vendor has no operation `deleteTaks`")
    assert "\x1b[" not in result.stdout
    assert gen("check", "acme").exit_code == 1


def test_a_check_of_one_vendor_reports_that_vendor(gen: Gen, project: Path) -> None:
    break_mapping(project)
    other = project / "mappings/vendors/other"
    other.mkdir()
    (other / "vendor.yaml").write_text("name: Other\n")
    result = gen("check", "other")
    assert "MAP406" in result.stdout
    assert "MAP101" not in result.stdout
    unknown = gen("check", "otter")
    assert unknown.exit_code == 2
    assert "there is acme, other" in unknown.stderr


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_findings_for_programs(gen: Gen, project: Path, form: str) -> None:
    break_mapping(project)
    result = gen("check", "--format", form)
    assert result.exit_code == 1
    if form == "github":
        assert result.stdout.startswith("::error file=mappings/vendors/acme/tasks.yaml,line=")
    else:
        found = json.loads(result.stdout)
        code = found["diagnostics"][0]["code"] if form == "json" else found["runs"][0]["results"][0]["ruleId"]
        assert code == "MAP101"


def test_a_file_that_is_not_text_is_named(gen: Gen, project: Path) -> None:
    mapping = project / "mappings/vendors/acme/tasks.yaml"
    mapping.write_bytes(mapping.read_bytes() + b"# caf\xe9\n")
    result = gen("check")
    assert result.exit_code == 1
    assert "mappings/vendors/acme/tasks.yaml, line 22: the bytes of this file are not UTF-8 text" in result.stderr


def test_stats_as_a_table_and_as_json(gen: Gen) -> None:
    table = gen("check", "--stats").stdout.splitlines()
    assert table[0].split()[:2] == ["vendor", "operations"]
    assert table[1].split()[:2] == ["acme", "5"]
    assert table[-1].split()[:4] == ["all", *table[1].split()[1:4]]
    counted = json.loads(gen("check", "--stats", "--format", "json").stdout)["stats"][0]
    assert counted["operations"] == 5
    assert counted["unchecked"] == 0


def test_the_limit_cuts_what_is_shown(gen: Gen, project: Path) -> None:
    mapping = project / "mappings/vendors/acme/tasks.yaml"
    mapping.write_text(mapping.read_text() + "".join(f"x{number}: 1\n" for number in range(60)))
    result = gen("check", "--max", "3")
    assert result.stdout.count("error[") == 3
    assert "57 more" in result.stdout
    assert "60 errors in 1 file" in result.stdout
    assert gen("check", "--max", "0").stdout.count("error[") == 60


def test_check_and_diff_of_a_build_are_one_or_the_other(gen: Gen) -> None:
    result = gen("build", "--check", "--diff")
    assert result.exit_code == 2
    assert "use one of them" in result.stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "colour"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colours_on_a_terminal_only(stream: io.StringIO, environment: dict[str, str], colour: bool) -> None:
    assert wants_colour(stream, environment) is colour


def test_specs_are_taken_and_checked(gen: Gen, project: Path) -> None:
    taken = gen("spec", "take", "acme", "getTask", "--document", "api.yaml")
    assert taken.exit_code == 0, taken.output
    assert "wrote specs/acme/lock.json" in taken.stderr
    assert gen("spec", "check").exit_code == 0
    assert "operationId: getTask" in (project / "specs/acme/openapi.yaml").read_text()
    assert "listTasks" not in (project / "specs/acme/openapi.yaml").read_text()
    assert gen("spec", "take", "acme", "deleteTask", "--document", "api.yaml").exit_code == 0
    assert "getTask" in (project / "specs/acme/openapi.yaml").read_text(), "what was taken before stays"
    missing = gen("spec", "take", "acme", "--document", "nothing.yaml")
    assert missing.exit_code == 2
    assert "there is no document nothing.yaml" in missing.stderr


def test_schemas_and_docs_are_written_and_checked(gen: Gen, project: Path) -> None:
    for command, folder in (("schemas", "docs/reference/schemas"), ("docs", "docs/reference/diagnostics")):
        assert gen(command, "--check").exit_code == 1
        assert gen(command).exit_code == 0
        assert gen(command, "--check").exit_code == 0
        file = next((project / folder).iterdir())
        file.write_text("edited")
        left = project / folder / f"left_over{file.suffix}"
        left.write_text("")
        stale = gen(command, "--check")
        assert f"stale: {folder}/{file.name}" in stale.stdout
        assert f"stale: {folder}/{left.name}" in stale.stdout
        gen(command)
        assert not left.exists()
