"""docs/security.md names a test for each promise, and each attack here stands in it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
ROWS = [line.strip().strip("|").split("|") for line in TEXT.splitlines() if line.startswith("|") and "../tests/" in line]


def test_every_promise_has_a_test_that_there_is() -> None:
    assert len(ROWS) >= 15
    for attack, promise, tests in ROWS:
        assert attack.strip()
        assert promise.strip()
        linked = re.findall(r"\]\(\.\./(tests/[^)]+)\)", tests)
        assert linked
        for place in linked:
            assert "def test_" in (ROOT / place).read_text("utf-8"), place


def test_every_attack_stands_in_the_table() -> None:
    named = set(re.findall(r"\.\./tests/attacks/(\w+\.py)", TEXT))
    assert named == {place.name for place in Path(__file__).parent.glob("test_*.py")} - {Path(__file__).name}
