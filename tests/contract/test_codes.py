"""Every diagnostic is declared once, documented, and shown by a golden case; nothing else is ever reported."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.golden import cases
from unified_gen.cli.group import cli
from unified_gen.diagnostics.laws import FAMILY
from unified_gen.docs.codes import all_codes

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"^(?:error|warning|note)\[([A-Z]+\d+)\]|^::\w+ \S+,title=([A-Z]+\d+)::", re.MULTILINE)


def golden_codes() -> set[str]:
    texts = (path.read_text("utf-8") for path in cases.FOLDER.glob("*/expected/diagnostics.txt"))
    return {code for text in texts for codes in SHOWN.findall(text) for code in codes if code}


@pytest.mark.parametrize("code", sorted(code for code in all_codes() if not code.startswith(FAMILY)))
def test_each_code_is_shown_by_a_golden_case(code: str) -> None:
    """Those of laws are shown by mutations of mappings (`tests/conformance/test_laws.py`)."""
    assert code in golden_codes()


def test_golden_cases_show_only_declared_codes() -> None:
    assert golden_codes() <= set(all_codes())


@pytest.mark.parametrize("code", sorted(all_codes()))
def test_each_code_explains_itself(code: str) -> None:
    found = all_codes()[code]
    assert re.fullmatch(r"[A-Z]{3,4}\d{3}", code)
    assert found.title
    assert found.title.strip(".") == found.title
    assert len(found.explanation.split()) >= 8, "a page states the problem, the reason and the fix"


def test_no_code_in_the_source_is_undeclared() -> None:
    used: dict[str, str] = {}
    for path in (ROOT / "generator").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"(MAP|SPEC|LAW)\d{3}", node.value):
                used[node.value] = path.name
    assert used.keys() <= all_codes().keys(), {code: used[code] for code in used.keys() - all_codes().keys()}


@pytest.mark.parametrize("command", ["docs", "schemas"])
def test_generated_pages_of_the_documentation_are_fresh(command: str) -> None:
    done = CliRunner().invoke(cli, [command, "--check", "--root", str(ROOT)])
    assert done.exit_code == 0, done.output


def test_explain_prints_the_page() -> None:
    done = CliRunner().invoke(cli, ["explain", "map201"])
    assert done.exit_code == 0
    assert done.output == (ROOT / "docs/reference/diagnostics/MAP201.md").read_text("utf-8")
    assert "did you mean" in CliRunner().invoke(cli, ["explain", "MAP999"]).output
