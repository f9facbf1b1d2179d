"""Every diagnostic is declared once, documented, and shown by a golden case; nothing else is ever reported."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.golden import cases
from unified_gen.cli.group import cli
from unified_gen.diagnostics.codes import all_codes

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"^(?:error|warning|note)\[([A-Z]+\d+)\]", re.MULTILINE)


def golden_codes() -> set[str]:
    texts = (place.read_text("utf-8") for place in cases.FOLDER.glob("*/expected/diagnostics.txt"))
    return {code for text in texts for code in SHOWN.findall(text)}


@pytest.mark.parametrize("code", sorted(all_codes()))
def test_each_code_is_shown_by_a_golden_case(code: str) -> None:
    assert code in golden_codes()


def test_golden_cases_show_only_declared_codes() -> None:
    assert golden_codes() <= set(all_codes())


@pytest.mark.parametrize("code", sorted(all_codes()))
def test_each_code_explains_itself(code: str) -> None:
    found = all_codes()[code]
    assert re.fullmatch(r"[A-Z]{3,4}\d{3}", code)
    assert found.title
    assert found.title.strip(".") == found.title
    assert len(found.explanation.split()) >= 8, "a page says what is wrong, why it matters and what would mend it"


def test_no_code_in_the_source_is_undeclared() -> None:
    said: dict[str, str] = {}
    for place in (ROOT / "generator").rglob("*.py"):
        for node in ast.walk(ast.parse(place.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"(MAP|SPEC)\d{3}", node.value):
                said[node.value] = place.name
    assert said.keys() <= all_codes().keys(), {code: said[code] for code in said.keys() - all_codes().keys()}


@pytest.mark.parametrize("command", ["docs", "schemas"])
def test_what_the_compiler_writes_into_docs_is_fresh(command: str) -> None:
    done = CliRunner().invoke(cli, [command, "--check", "--root", str(ROOT)])
    assert done.exit_code == 0, done.output


def test_explain_prints_the_page() -> None:
    done = CliRunner().invoke(cli, ["explain", "map201"])
    assert done.exit_code == 0
    assert done.output == (ROOT / "docs/diagnostics/MAP201.md").read_text("utf-8")
    assert "did you mean" in CliRunner().invoke(cli, ["explain", "MAP999"]).output
