"""The start page links to a quickstart of each framework."""

from __future__ import annotations

import re

import pytest

from tests.support.doc_examples import ROOT

INDEX = ROOT / "docs" / "index.md"


@pytest.mark.parametrize(
    "name", ["FastAPI", "Django", "LangChain", "LangGraph", "Pydantic AI", "OpenAI Agents", "CrewAI", "Claude Desktop and others"]
)
def test_a_framework_has_a_quickstart(name: str) -> None:
    section = INDEX.read_text(encoding="utf-8").split("## Quickstarts\n")[1].split("\n## ")[0]
    found = re.search(rf"\[{name}\]\(([^)#]+)(?:#([^)]+))?\)", section)
    assert found
    text = (INDEX.parent / found[1]).read_text(encoding="utf-8")
    assert not found[2] or re.search(rf"^## {found[2]}$", text, re.IGNORECASE | re.MULTILINE)
