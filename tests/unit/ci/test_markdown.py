"""Lines of Markdown have at most 120 characters."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
WIDTH = 120
WRITTEN_BY_COMMANDS = ("docs/reference/codecs.md", "docs/reference/documents.md", "docs/reference/vendors/", "docs/changes/")
"""Pages that commands and tests write, and fragments of one line each that towncrier wraps."""


def long_lines(text: str) -> Iterator[int]:
    """Yield the numbers of lines that are too long and could be shorter: not those of code, tables, images and single words."""
    in_code = False
    for number, line in enumerate(text.splitlines(), 1):
        in_code ^= line.lstrip().startswith("```")
        if not in_code and len(line) > WIDTH and not line.startswith(("|", "![")) and " " in line.strip(" -"):
            yield number


def test_lines_are_short() -> None:
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    pages = [path for path in listed if not path.startswith(("tests/", "generated/", *WRITTEN_BY_COMMANDS))]
    assert len(pages) > 100
    found = [f"{path}:{number}" for path in pages for number in long_lines((ROOT / path).read_text("utf-8"))]
    assert found == []


def test_long_lines_of_prose_are_found() -> None:
    long = "word " * 30
    assert list(long_lines(f"{long}\n\n| {long} |\n\n```sh\n{long}\n```\n\n- {long}\n")) == [1, 9]
