"""Projects with invalid folders: each is rejected with an error in one line, and nothing is written elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.golden.cases import load
from unified_gen.cli.group import cli


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    load("acme").lay(root)
    return root


def build(root: Path, *options: str) -> str:
    """Run `gen build`, which must fail, and return its output."""
    result = CliRunner().invoke(cli, ["build", "--root", str(root), *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.mark.parametrize("options", [(), ("--check",), ("--diff",), ("--no-cache",)])
def test_an_output_folder_that_is_a_link_is_refused(project: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious.py").write_text("keep")
    (project / "generated").symlink_to(elsewhere)
    assert "generated is a link. Remove it" in build(project, *options)
    assert [entry.name for entry in elsewhere.iterdir()] == ["precious.py"]


def test_an_unchanged_build_does_not_follow_a_link(project: Path, tmp_path: Path) -> None:
    assert CliRunner().invoke(cli, ["build", "--root", str(project)]).exit_code == 0
    (project / "generated").rename(tmp_path / "elsewhere")
    (project / "generated").symlink_to(tmp_path / "elsewhere")
    assert "generated is a link. Remove it" in build(project)


@pytest.mark.parametrize("path", ["generated", "generated/unified", "generated/unified/vendors"])
def test_a_file_in_place_of_a_folder(project: Path, path: str) -> None:
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text("x")
    assert f"{path} is a file" in build(project)
    assert (project / path).read_text() == "x"


@pytest.mark.parametrize("path", ["unified", "unified/vendors", "unified/vendors/acme"])
def test_a_link_within_the_output_folder(project: Path, tmp_path: Path, path: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = project / "generated" / path
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    assert f"through the link generated/{path}. Remove the link" in build(project)
    assert not [*elsewhere.iterdir()]


def test_a_folder_in_place_of_a_file(project: Path) -> None:
    (project / "generated" / "unified" / "tasks.py" / "x").mkdir(parents=True)
    assert "tasks.py" in build(project)


@pytest.mark.parametrize(
    "name", ["..x", ".x", "a b", "A", "con-", "class", "a\nb", "a\\b", "é", "__init__", "x" * 200, "a--b", "1a", "'+x+'", "{{x}}"]
)
def test_a_vendors_folder_of_another_name(project: Path, name: str) -> None:
    (project / "mappings" / "vendors" / "acme").rename(project / "mappings" / "vendors" / name)
    (project / "specs" / "acme").rename(project / "specs" / name)
    assert "error[MAP011]: the folder name" in build(project)
    assert not (project / "generated").exists()


def test_files_that_are_not_files(project: Path) -> None:
    path = project / "mappings" / "vendors" / "acme" / "pipe.yaml"
    os.mkfifo(path)
    assert "pipe.yaml: not a regular file" in build(project)
    path.unlink()
    path.symlink_to("pipe.yaml")
    assert "pipe.yaml: too many levels of symbolic links" in build(project)
    path.unlink()
    path.mkdir()
    assert "pipe.yaml: is a directory" in build(project)
    path.rmdir()
    path.symlink_to("/dev/zero")
    assert "pipe.yaml: not a regular file" in build(project)
