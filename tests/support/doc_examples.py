"""Examples of the documentation: Python blocks, and commands of shell blocks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SHELL = re.compile(r"^```(?:sh|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page: str) -> list[str]:
    """Return the Python examples of a page, each with its line numbers."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return ["\n" * text.count("\n", 0, found.start(1)) + found[1] for found in _BLOCK.finditer(text)]


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the words of each command `unified …` in the shell blocks of a page."""
    for found in _SHELL.finditer(page.read_text(encoding="utf-8")):
        for line in found[1].replace("\\\n", " ").splitlines():
            text = line.removeprefix("$ ").strip()
            if text.startswith("unified "):
                words = shlex.split(re.split(r"\s[|>&]+(?:\s|$)", text)[0], comments=True)
                yield words[1:]
