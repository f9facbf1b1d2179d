"""Facts of complete documents are those of the documents, as a second extractor reads them."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.support.complete_documents import SPECS, VENDORS, folder
from tests.support.second_extractor import differences

DOCUMENTS = folder()
SAMPLE = 150
"""Changes of facts that the second extractor must notice: 6 seconds."""


def facts(vendor: str) -> dict[str, Any]:
    """Return the facts of a vendor's documents by name, read without the compiler."""
    data = gzip.decompress((SPECS / vendor / "facts.json.gz").read_bytes())
    return {one["name"]: one["document"] for one in json.loads(data)["documents"]}


if DOCUMENTS is not None:  # without them the summary marks each result as one by facts only

    @pytest.mark.sample("vendor", 8)
    @pytest.mark.parametrize("vendor", VENDORS)
    def test_facts_are_those_of_the_documents(vendor: str) -> None:
        assert DOCUMENTS is not None
        for name, document in facts(vendor).items():
            found = differences((DOCUMENTS / name).read_bytes(), document)
            assert found == [], f"{name}: {len(found)} differences, such as {found[:5]}"


def members(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each member of objects and lists."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*way, key)
        yield from members(each, (*way, key))


def at(root: Any, way: tuple[Any, ...]) -> Any:
    for key in way:
        root = root[key]
    return root


def has_effect(root: Any, way: tuple[Any, ...]) -> bool:
    """Return false for members that a response or a flow has only because OpenAPI requires them, and for those that state a default."""
    value = at(root, way)
    return not (value in ("", {}, []) or (way[-1] in ("required", "deprecated", "nullable") and value is False) or way[-1] == "title")


def test_the_second_extractor_notices_each_change() -> None:
    (document,) = facts("todoist").values()
    data = json.dumps(document).encode()
    assert differences(data, document) == []
    ways = [way for way in members({key: document[key] for key in ("servers", "paths", "components")}) if has_effect(document, way)]
    for way in random.Random(7).sample(ways, SAMPLE):
        changed = deepcopy(document)
        around = at(changed, way[:-1])
        value = around.pop(way[-1])
        try:
            assert differences(data, changed), f"{way} was removed"
        except (KeyError, IndexError, TypeError):
            continue  # the facts are malformed without it, and that is noticed too
        if isinstance(value, str) and isinstance(around, dict) and way[-1] != "$ref":
            around[way[-1]] = value + "x"
            assert differences(data, changed), f"{way} was changed"
