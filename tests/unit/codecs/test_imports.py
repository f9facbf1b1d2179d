"""Imports of a codec: only what it needs, because adapters import codecs, and a process imports adapters."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "without"),
    [
        ("codecs.dates", {"markdown_it", "msgspec", "pydantic", "httpx2"}),
        ("codecs.datetimes", {"markdown_it", "msgspec", "pydantic", "httpx2"}),
        ("codecs.adf", {"markdown_it", "html", "pydantic", "httpx2"}),
        ("codecs.asana_html", {"markdown_it", "pydantic", "httpx2"}),
        ("query.jql", {"markdown_it", "msgspec", "pydantic", "httpx2"}),
    ],
)
def test_unneeded_modules_are_not_imported(module: str, without: set[str]) -> None:
    code = f"import sys, unified_runtime.adapter_api.{module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not without & {name.partition(".")[0] for name in loaded}


def test_plain_text_needs_no_parser() -> None:
    code = """
import sys
from unified_runtime.adapter_api.codecs import adf, asana_html
for codec in (adf, asana_html):
    assert codec.decode(codec.encode("Plain words.\\n\\nMore of them.")) == "Plain words.\\n\\nMore of them."
print("markdown_it" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
