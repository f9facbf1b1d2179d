"""Changelog fragments are collected into the changelog by towncrier."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def towncrier(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "towncrier", "build", "--version", "9.9.9", "--date", "2030-01-02", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the changelog, its settings and its fragments."""
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "docs" / "changes", tmp_path / "docs" / "changes")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def test_the_fragments_of_this_repository_can_be_collected(project: Path) -> None:
    done = towncrier(project, "--draft")
    assert done.returncode == 0, done.stderr


def test_fragments_become_a_section_before_earlier_releases(project: Path) -> None:
    (project / "docs" / "changes" / "412.events.md").write_text("Webhooks of Asana.\n")
    (project / "docs" / "changes" / "+names.breaking.md").write_text("`pace` is `rate_limiter`.\n")
    before = (project / "CHANGELOG.md").read_text()
    done = towncrier(project, "--yes")
    assert done.returncode == 0, done.stderr
    after = (project / "CHANGELOG.md").read_text()
    section = after[after.index("## [9.9.9] - 2030-01-02") : after.index("## [0.1.0]")]
    assert re.search(r"### Changed\n\n(?:- .*\n(?:  .*\n)*)*- `pace` is `rate_limiter`\.", section)
    assert re.search(r"### Events\n\n(?:- .*\n(?:  .*\n)*)*- Webhooks of Asana\. \(#412\)", section)
    assert after.endswith(before[before.index("## [0.1.0]") :])
    assert [path.name for path in (project / "docs" / "changes").iterdir()] == ["README.md"]


def test_a_fragment_of_an_unknown_area_is_rejected(project: Path) -> None:
    (project / "docs" / "changes" / "413.evnts.md").write_text("x\n")
    done = towncrier(project, "--draft")
    assert done.returncode != 0
    assert "413.evnts.md" in done.stderr + done.stdout
