"""The table of guarantees and attacks in docs/explanation/security.md: each guarantee has a test, and each attack is listed."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "explanation" / "security.md").read_text("utf-8")
GUARANTEES = TEXT.partition("\n## Guarantees and tests\n")[2].partition("\n## ")[0]
ITEMS = [" ".join(item.split()) for item in re.split(r"^- ", GUARANTEES, flags=re.MULTILINE)[1:]]


def test_every_guarantee_has_a_test_that_exists() -> None:
    assert len(ITEMS) >= 60
    for item in ITEMS:
        found = re.match(r"\*\*(.+?)\*\*: (.+?)\. Tests?: (.+)", item)
        assert found, item
        linked = re.findall(r"\]\(\.\./\.\./(tests/[^)]+)\)", found[3])
        assert linked, item
        for path in linked:
            assert "def test_" in (ROOT / path).read_text("utf-8"), path


def test_every_attack_is_in_the_list() -> None:
    named = set(re.findall(r"\.\./tests/attacks/(\w+\.py)", TEXT))
    assert named == {path.name for path in Path(__file__).parent.glob("test_*.py")} - {Path(__file__).name}
