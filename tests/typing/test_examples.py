"""The examples of README.md and docs/ under mypy: the functions that they call exist and accept these arguments.

Names that an example assumes (`client`, `event`) count as anything. Examples of codecs are run elsewhere.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FRAGMENTS = ("name-defined", "top-level-await", "no-redef", "assignment")
"""Errors that are allowed in a fragment: undefined names, top-level await, and repeated definitions."""


def examples() -> Iterator[tuple[str, str]]:
    """Yield the examples, each with the name of its page and line."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in _BLOCK.finditer(text):
            if not found[1].startswith(">>>"):
                line = text.count("\n", 0, found.start()) + 1
                name = re.sub(r"\W", "_", str(page.relative_to(ROOT).with_suffix("")))
                yield f"{name}_{line}.py", found[1].replace("…", "...")


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--config-file=", "--ignore-missing-imports", "--scripts-are-modules"]
    command += [f"--disable-error-code={code}" for code in _FRAGMENTS]
    command += [f"--cache-dir={ROOT / '.mypy_cache' / 'examples'}", "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_examples_are_true(tmp_path: Path) -> None:
    names = [name for name, code in examples() if (tmp_path / name).write_text(code, encoding="utf-8")]
    assert len(names) > 30
    done = checked(tmp_path)
    assert done.returncode == 0, done.stdout


def test_an_untrue_example_is_seen(tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text("from unified import tasks\n\ntasks.create(titel='x')\n", encoding="utf-8")
    done = checked(tmp_path)
    assert done.returncode == 1
    assert "titel" in done.stdout
