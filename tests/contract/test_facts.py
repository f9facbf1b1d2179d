"""The committed facts of complete documents: their schema, their size, and that they hold no prose."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from unified_openapi.facts.complete import open_facts, pack
from unified_openapi.facts.entries import FACTS, FURTHER
from unified_openapi.facts.extraction import is_sentence

ROOT = Path(__file__).parents[2]
VENDORS = sorted(path.parent.name for path in (ROOT / "specs").glob("*/lock.json"))
FILES = sorted([*(ROOT / "specs").glob(f"*/{FACTS}"), *(ROOT / "specs").glob(f"*/{FURTHER}")])
SCHEMA = json.loads((ROOT / "docs/reference/schemas/facts.json").read_text("utf-8"))

PROSE = ("description", "summary", "title", "example", "examples", "externalDocs", "$comment", "contact", "license", "termsOfService")
NAMED = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependentRequired", "headers", "scopes", "mapping",
         "paths", "responses", "schemas", "parameters", "requestBodies", "securitySchemes", "content", "variables", "encoding")  # fmt: skip
"""Members whose own members have names that the vendor has chosen."""
VALUES = ("default", "enum", "const", "security")
"""Members that are values: nothing in them is a keyword."""


def contents(vendor: str) -> Any:
    return json.loads(gzip.decompress((ROOT / "specs" / vendor / FACTS).read_bytes()))


@pytest.mark.parametrize("vendor", VENDORS)
def test_facts_are_of_the_documents_of_the_lock(vendor: str) -> None:
    locked = json.loads((ROOT / "specs" / vendor / "lock.json").read_text("utf-8"))["documents"]
    facts = contents(vendor)["documents"]
    assert [one["name"] for one in facts] == [one.get("name") or one["product"] for one in locked]
    for one, other in zip(facts, locked, strict=True):
        assert "sha256" not in other or (one["sha256"], one["version"], one["format"]) == (
            other["sha256"], other["version"], other["format"],
        )  # fmt: skip


def test_facts_have_the_form_of_their_schema() -> None:
    judge = jsonschema_rs.Draft202012Validator(SCHEMA)
    for vendor in VENDORS:
        assert [error.message[:200] for error in judge.iter_errors(contents(vendor))] == [], vendor


def keywords(value: Any, *, named: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield the keywords below a value, with their values; names that the vendor has chosen are not keywords."""
    if isinstance(value, list):
        for each in value:
            yield from keywords(each)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not named:
                yield key, inner
            if named or key not in VALUES:
                yield from keywords(inner, named=not named and key in NAMED and isinstance(inner, dict))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_facts_hold_no_prose(file: Path) -> None:
    documents = [one["document"] for one in json.loads(gzip.decompress(file.read_bytes()))["documents"]]
    assert [key for root in documents for key, value in keywords(root) if is_prose(key, value, file.parent.name)] == []
    values = [value for root in documents for value in chosen(root) if is_sentence(value)]
    assert values == []


def chosen(root: Any) -> Iterator[Any]:
    """Yield the values of enumerations, constants and defaults."""
    if isinstance(root, dict):
        for key in ("default", "const"):
            yield root.get(key)
        if isinstance(root.get("enum"), list):
            yield from root["enum"]
    for inner in root.values() if isinstance(root, dict) else root if isinstance(root, list) else ():
        yield from chosen(inner)


def is_prose(key: str, value: Any, vendor: str) -> bool:
    if key == "x-graphql":  # what OpenAPI loses of a GraphQL schema
        return False
    return key.startswith("x-") or (key in PROSE and (key, value) not in (("description", ""), ("title", vendor)))


def test_prose_is_noticed() -> None:
    facts = {"paths": {"/a": {"get": {"summary": "s", "responses": {"200": {"description": "d", "x-y": 1}}}}}}
    assert sorted(key for key, value in keywords(facts) if is_prose(key, value, "acme")) == ["description", "summary", "x-y"]
    assert not any(is_prose(*each, "acme") for each in keywords({"properties": {"summary": {"type": "string"}}}))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def test_no_text_is_a_sentence() -> None:
    """Names, tags, enum values and defaults are facts; none of them is longer than a heading. Jira has two properties with such names."""
    long = {text for vendor in VENDORS for text in texts(contents(vendor)) if text.count(" ") >= 6 and "\\" not in text}
    assert long == {"The column position of the gadget.", "The row position of the gadget."} & long


def test_facts_stay_small() -> None:
    assert sum((ROOT / "specs" / vendor / FACTS).stat().st_size for vendor in VENDORS) < 2_000_000
    assert sum(file.stat().st_size for file in FILES) < 8_000_000


@pytest.mark.parametrize("vendor", VENDORS)
def test_facts_are_written_as_they_are_read(vendor: str) -> None:
    data = (ROOT / "specs" / vendor / FACTS).read_bytes()
    again = pack(open_facts(ROOT / "specs" / vendor).entries.values())
    assert gzip.decompress(again) == gzip.decompress(data)
    assert again[:10] == data[:10]
    assert math.isclose(len(again), len(data), rel_tol=0.05), "another zlib compresses to about the same size"
