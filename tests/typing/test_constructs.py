"""Code of every mapping, including drafts and the golden project, under two type checkers: more constructs than are shipped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from unified_gen.diagnostics.report import has_errors
from unified_gen.pipeline.compiler import compile
from unified_gen.pipeline.inputs import Inputs, VendorInputs, read_inputs

ROOT = Path(__file__).parent.parent.parent


def finished(vendor: VendorInputs) -> VendorInputs:
    """Return true if a vendor is not a draft."""
    mappings = {name: text.replace("draft: true\n", "") for name, text in vendor.mappings.items()}
    return VendorInputs(vendor.name, mappings, vendor.specs)


@pytest.fixture(scope="module", params=["", "tests/golden/acme"], ids=["mappings", "golden"])
def code(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    inputs = read_inputs(ROOT / request.param)
    result = compile(Inputs(inputs.models, tuple(map(finished, inputs.vendors))))
    assert not has_errors(result.diagnostics), [found.message for found in result.diagnostics]
    folder = tmp_path_factory.mktemp("code")
    for name, text in result.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_mypy_passes(code: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file=", "--strict", "--explicit-package-bases", "-p", "unified"],
        cwd=code,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "MYPYPATH": f"{code}{os.pathsep}{ROOT / 'runtime'}"},
    )
    assert done.returncode == 0, done.stdout


def test_pyright_passes(code: Path) -> None:
    config = {"include": ["unified"], "extraPaths": [".", str(ROOT / "runtime")], "pythonVersion": "3.11", "typeCheckingMode": "strict"}
    (code / "pyrightconfig.json").write_text(json.dumps(config))
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(code)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] > 5
    assert [f"{each['file']}:{each['range']['start']['line'] + 1}: {each['message']}" for each in found["generalDiagnostics"]] == []
