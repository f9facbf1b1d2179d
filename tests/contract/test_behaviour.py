"""Facts about vendors beyond their documents: what is committed is valid, and the reference lists the kinds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from unified_gen.specs.behaviour import check_behaviour
from unified_openapi.behaviour.common import Basis
from unified_openapi.behaviour.load import BEHAVIOUR, KINDS

ROOT = Path(__file__).parents[2]
FILES = sorted(ROOT.glob(f"specs/*/{BEHAVIOUR}"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_committed_facts_are_valid(file: Path) -> None:
    behaviour, found = check_behaviour(file.parent)
    assert found == []
    assert behaviour.facts


def test_the_reference_lists_each_kind_and_basis() -> None:
    page = (ROOT / "docs/reference/behaviour.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert set(KINDS) <= listed
    assert set(Basis.__args__) <= listed
