"""A project of one small vendor, and `gen` in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from unified_gen.cli.group import cli

GOLDEN = Path(__file__).parents[2] / "golden"
Gen = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The base of the golden cases, with the complete document from which its slice could come."""
    for part in ("mappings", "specs"):
        shutil.copytree(GOLDEN / "acme" / part, tmp_path / part)
    document = tmp_path / "documents/acme/api.yaml"
    document.parent.mkdir(parents=True)
    shutil.copyfile(GOLDEN / "acme/specs/acme/openapi.yaml", document)
    return tmp_path


@pytest.fixture
def gen(project: Path, monkeypatch: pytest.MonkeyPatch) -> Gen:
    """Run `gen` in the project."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("UNIFIED_VENDOR_DOCUMENTS", str(project / "documents"))

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(cli, list(arguments))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    return run
