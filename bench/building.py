"""Building: `gen build` against datamodel-code-generator on the same documents, and an unchanged build against starting Python."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from bench.measure import Command, Measured, processes

ROOT = Path(__file__).parents[1]
GEN = str(Path(sys.executable).with_name("gen"))
WHOLE_JIRA = Path("jira", "jira-platform-v3.json")
"""Jira's document, in the folder of vendors' documents."""


def measure(quick: bool) -> Measured:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        found = {
            "clean build, the vendors": processes(_catalog(folder), 1 if quick else 9, warm=not quick),
            "unchanged build": processes(_unchanged(folder), 1 if quick else 25),
        }
        documents = os.environ.get("UNIFIED_VENDOR_DOCUMENTS")
        if documents is None:
            sys.stderr.write("UNIFIED_VENDOR_DOCUMENTS is not set: Jira's whole document is not built\n")
            return found
        whole = processes(whole_jira(folder, Path(documents) / WHOLE_JIRA), 1 if quick else 7, warm=not quick)
        return found | {"clean build, Jira's whole document": whole}


def _catalog(folder: Path) -> dict[str, Command]:
    """The project as it is, and the models of the same documents."""
    project = _copy(folder / "catalog")
    documents = sorted((project / "specs").glob("*/openapi.yaml"))
    return {
        "gen build": Command([GEN, "build", "--root", str(project)], lambda: forget(project)),
        "datamodel-code-generator, models only": _models_only(folder / "models", documents),
    }


def _unchanged(folder: Path) -> dict[str, Command]:
    project = _copy(folder / "unchanged")
    return {
        "gen build, nothing changed": Command([GEN, "build", "--root", str(project)]),
        "python -c pass": Command([sys.executable, "-c", "pass"]),
    }


def whole_jira(folder: Path, document: Path) -> dict[str, Command]:
    """Jira's mappings over the document as the vendor publishes it, in the place of our extract."""
    project = _copy(folder / "whole", vendor="jira")
    whole = project / "specs" / "jira" / "openapi.yaml"
    whole.write_bytes(document.read_bytes())  # JSON is YAML
    return {
        "gen build": Command([GEN, "build", "--root", str(project)], lambda: forget(project)),
        "datamodel-code-generator, models only": _models_only(folder / "whole-models", [document]),
    }


def _models_only(output: Path, documents: list[Path]) -> Command:
    """All documents in one process: datamodel-code-generator is imported once."""
    return Command(
        [sys.executable, "-m", "bench.models_only", str(output), *map(str, documents)], lambda: shutil.rmtree(output, ignore_errors=True)
    )


def _copy(project: Path, vendor: str | None = None) -> Path:
    """The repository's models, mappings and specs; of one vendor, or of all."""
    for part in ("mappings/models", f"mappings/vendors/{vendor or ''}", f"specs/{vendor or ''}"):
        shutil.copytree(ROOT / part, project / part)
    return project


def forget(project: Path) -> None:
    """Nothing was built here before."""
    shutil.rmtree(project / "generated", ignore_errors=True)
    shutil.rmtree(project / ".cache", ignore_errors=True)
