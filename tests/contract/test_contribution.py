"""A vendor and a unified model are contributed as YAML only: no file of Python changes, and the tests of the catalog include them.

The contribution is `contribution/`: the document and the mappings of an invented vendor, with connection values, ids and a query
language that no shipped vendor has, and a model of its own. It is built in a copy of the checkout, whose tests are then run for it.
UNIFIED_SAMPLE=all (`make test-all`) collects all tests in the copy, instead of those of most folders.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import pytest

from tests.support import sampling

ROOT = Path(__file__).parents[2]
CONTRIBUTION = Path(__file__).parent / "contribution"
OPERATIONS = ("listTasks", "createTask", "getTask", "updateTask", "deleteTask", "listLanterns", "createLantern", "getLantern")
COPIED = ("mappings", "specs", "generated", "tests", "docs")
LINKED = ("generator", "runtime", "bench", "cassettes", "examples", "deploy", ".ci", ".cache", "pyproject.toml", "mkdocs.yml", "Makefile")

NEW = "lanternworks or lanterns"
ENTIRE = (
    "test_every_kind_of_operation_is_tried",
    "test_every_language_is_attacked",
    "test_there_are_operations",
    "test_calls_return_a_value_or_raise_an_error_of_the_tree",
    "test_token_budgets",
    "test_requests_find_their_tools",
    "test_the_docs_state_the_proof_of_each_vendor",
)
"""Tests of the entire catalog at once."""
QUICK = (
    "tests/attacks/test_header_injection.py",
    "tests/attacks/test_path_traversal.py",
    "tests/attacks/test_query_injection.py",
    "tests/conformance/test_compiler_mutations.py",
    "tests/contract/test_proofs.py",
    "tests/functional/test_fixed_server.py",
    "tests/functional/test_shipped_inputs.py",
    "tests/functional/test_shipped_reading.py",
    "tests/unit/catalog",
    "tests/unit/platform/test_limits_command.py",
    "tests/unit/platform/tools",
    "tests/unit/specs",
)


def run(*command: str, root: Path) -> str:
    """Run a Python module in the copy, with the packages of the copy, and return its output."""
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "UNIFIED_SAMPLE") and "PYTEST" not in name}
    environment |= {
        "PYTHONPATH": os.pathsep.join(str(root / part) for part in ("generated", "generator", "runtime")),
        "UNIFIED_VENDOR_DOCUMENTS": str(CONTRIBUTION / "documents"),
        "UNIFIED_SAMPLE": sampling.ALL,
    }
    done = subprocess.run([sys.executable, *command], cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-4000:]
    return done.stdout


def gen(*arguments: str, root: Path) -> str:
    return run("-c", "from unified_gen.cli import main; main()", *arguments, "--root", str(root), root=root)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in LINKED:
        (tmp_path / name).symlink_to(ROOT / name)
    for page in ROOT.glob("*.md"):
        shutil.copy(page, tmp_path)
    return tmp_path


def python(root: Path) -> dict[str, bytes]:
    """Return the tests. The compiler and the runtime are linked: the commands that are run cannot change them."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in (root / "tests").rglob("*.py")}


@pytest.mark.slow
def test_a_vendor_and_a_model_need_no_python(copy: Path) -> None:
    assert {path.suffix for path in CONTRIBUTION.rglob("*") if path.is_file()} == {".yaml"}
    before = python(copy)
    shutil.copytree(CONTRIBUTION / "mappings", copy / "mappings", dirs_exist_ok=True)
    gen("spec", "take", "lanternworks", "--document", "lanternworks/api.yaml", *OPERATIONS, root=copy)
    gen("spec", "take", "lanternworks", "--all", root=copy)
    gen("build", root=copy)
    gen("docs", root=copy)

    paths = ("tests",) if sampling.seed() == sampling.ALL else QUICK
    report = copy / "report.xml"
    printed = run(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", "-k", " or ".join((NEW, *ENTIRE)), *paths, root=copy
    )  # fmt: skip
    tested = Counter[str]()
    names = set[str]()
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        assert case.find("skipped") is None or "prism" in "".join(case.itertext()).lower(), ElementTree.tostring(case)
        name = case.attrib["name"]
        names.add(re.sub(r"\[.*", "", name))
        tested[case.attrib["classname"]] += any(word in name for word in ("lanternworks", "lanterns"))
    assert names >= {*ENTIRE}
    modules = {
        "tests.attacks.test_header_injection": 1,
        "tests.attacks.test_path_traversal": 6,
        "tests.attacks.test_query_injection": 1,
        "tests.conformance.test_compiler_mutations": 1,
        "tests.functional.test_fixed_server": 4,
        "tests.functional.test_shipped_reading": 2,
        "tests.unit.catalog.test_responses": 8,
        "tests.unit.platform.test_limits_command": 1,
        "tests.unit.platform.tools.test_arguments": 3,
        "tests.unit.specs.test_slices": 2,
    }
    if paths == ("tests",):
        modules |= {"tests.conformance.test_prism_responses": 16, "tests.contract.test_files": 2, "tests.unit.formatting.test_format": 4}
        assert "vendors without a store, and the tests that are not run for them: lanternworks (test_requests, test_round_trips)" in printed
    assert {module: tested[module] for module in modules if tested[module] < modules[module]} == {}
    assert python(copy) == before
