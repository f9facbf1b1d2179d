"""The language reference and the schemas match the parser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from markdown_it import MarkdownIt

from tests.unit.language.inputs import fragments, parse, schema
from unified_gen.docs.codes import all_codes
from unified_gen.language.json_schema import files, main

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "mapping.md").read_text()
TUTORIAL = (ROOT / "docs" / "tutorials" / "adding-a-vendor.md").read_text()
EXAMPLES = fragments(PAGE)


@pytest.mark.parametrize(("kind", "text"), EXAMPLES, ids=[f"{number}-{kind}" for number, (kind, _) in enumerate(EXAMPLES)])
def test_every_example_parses(kind: str, text: str) -> None:
    tree, found = parse(kind, text)
    assert [f"{finding.span.line}: {finding.message}" for finding in found] == []
    assert tree is not None


def test_the_page_has_examples_of_every_kind() -> None:
    assert {kind for kind, _ in EXAMPLES} == {"model", "vendor", "resource"}
    assert len(EXAMPLES) == len(re.findall(r"^```yaml [a-z]", PAGE, re.MULTILINE)), "a fence of an unknown kind"


def keys(node: Any) -> set[str]:
    """Return every key that a schema names anywhere."""
    found: set[str] = set()
    if isinstance(node, dict):
        found |= set(node.get("properties", {}))
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return found.union(*(keys(child) for child in children))


@pytest.mark.parametrize("kind", ["model", "vendor", "resource"])
def test_every_key_of_the_grammar_is_on_the_page(kind: str) -> None:
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
    named = {word for code in inline for word in re.findall(r"[a-z0-9_]+", code)}
    assert keys(schema(kind)) - named == set()


def test_every_key_is_in_an_example() -> None:
    """A key that no example uses is untested."""
    text = "\n".join(text for _, text in EXAMPLES)
    every = set().union(*(keys(schema(kind)) for kind in ("model", "vendor", "resource")))
    assert {key for key in every if re.search(rf"[{{,\s]{key}:", text) is None} == set()


def prose(page: str) -> list[str]:
    """Return the words of a page: without code blocks, inline code and the addresses of links."""
    blocks = [token.children or () for token in MarkdownIt("commonmark").enable("table").parse(page) if token.type == "inline"]
    return [word for tokens in blocks for token in tokens if token.type == "text" for word in re.findall(r"\w[^\s…]*", token.content)]


def test_prose_is_without_code() -> None:
    page = "# Two words\n\na `b c` [d](e.md), f's\n\n- g\n\n```sh\nh\n```\n\n| i | `j` |\n|---|---|\n| k - l | m |\n"
    assert prose(page) == ["Two", "words", "a", "d", "f's", "g", "i", "k", "l", "m"]


def test_the_language_can_be_read_in_an_hour() -> None:
    """The reference and the tutorial have at most 8,000 words: shorten an explanation before adding one."""
    assert len(prose(PAGE)) + len(prose(TUTORIAL)) <= 8000


def test_the_codes_that_the_page_names_exist() -> None:
    assert set(re.findall(r"MAP\d{3}", PAGE)) <= all_codes().keys()


@pytest.mark.parametrize("name", files())
def test_the_committed_schemas_are_fresh(name: str) -> None:
    assert (ROOT / "docs" / "reference" / "schemas" / name).read_text() == files()[name], "run: gen schemas"


def test_every_key_of_the_schemas_has_a_description() -> None:
    def bare(node: Any) -> list[str]:
        own = [key for key, value in node.get("properties", {}).items() if not value.get("description")] if isinstance(node, dict) else []
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        return [*own, *(key for child in children for key in bare(child))]

    assert [key for kind in ("model", "vendor", "resource") for key in bare(schema(kind))] == []


def test_the_schemas_are_written_where_they_are_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "schemas")]) == 0
    assert {path.name: path.read_text() for path in (tmp_path / "schemas").iterdir()} == files()
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["model", "vendor", "resource"])
def test_the_schemas_are_json_schema_2020_12(kind: str) -> None:
    jsonschema_rs.meta.validate(schema(kind))
