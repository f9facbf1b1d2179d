"""The pages of the API reference have every public name and operation, with its docstring."""

from __future__ import annotations

import re

import unified
from tests.support.scripts import load

API = load("mkdocs_api")
WITHOUT_TEXT = re.compile(r"^#{3,4} .*\n\n(?:```python\n[^`]*```\n\n)?(?=#|\Z|\n)", re.MULTILINE)


def test_every_public_name_has_a_section() -> None:
    page = API.names_page()
    resources = {name for name, _ in API.resources()}
    assert set(re.findall(r"^### (\w+)$", page, re.MULTILINE)) >= set(unified.__all__) - resources - {"aio"}
    assert "open_vault(\n    url: str | Path | None = None,\n    *,\n    key: str | None = None,\n" in page
    assert "#### Connect.connect_link" in page
    assert WITHOUT_TEXT.findall(page) == []


def test_every_operation_has_a_section() -> None:
    page = API.operations_page()
    named = {f"{name}.{operation}" for name, module in API.resources() for operation, _ in API.operations(module)}
    assert {"tasks.create", "tasks.list", "files.download", "free_busy.list"} <= named
    assert set(re.findall(r"^### (\S+)$", page, re.MULTILINE)) == named
    assert "- `title`: What is to be done.\n" in page
    assert WITHOUT_TEXT.findall(page) == []


def test_a_docstring_becomes_markdown() -> None:
    text = "Return <data> of `<a>`.\n\nArgs:\n    name: its name,\n        in full.\n\nRaises:\n    NotFound: none.\n\nMore."
    assert API.prose(text) == (
        "Return &lt;data> of `<a>`.\n\n**Arguments**\n\n- `name`: its name,\n  in full.\n\n**Raises**\n\n- `NotFound`: none.\n\nMore."
    )


def test_a_name_without_docstring_is_seen() -> None:
    assert WITHOUT_TEXT.search("### basic\n\n```python\nbasic()\n```\n\n\n\n### bearer\n\nReturn.\n")
    assert not WITHOUT_TEXT.search("### basic\n\n```python\nbasic()\n```\n\nReturn.\n")
