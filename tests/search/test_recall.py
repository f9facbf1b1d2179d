"""Recall of the search on phrasings that it was not tuned with. docs/reference/benchmarks.md has the figures; these are lower bounds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.search.labelled import load, recall, unified, with_unified
from unified_platform.catalog import capabilities
from unified_platform.tools import ToolSearch, tools
from unified_platform.tools.definitions import definitions
from unified_platform.tools.search import search_operations
from unified_runtime.toolkits import registry

TOOLS = ToolSearch(tools(vendors=[entry.name for entry in capabilities.load()]))


def of_tools(most: int) -> Callable[[str], list[str]]:
    operations = {name: one.operation for name, one in definitions().items()}
    return lambda text: [operations[one.name] for one in TOOLS.search(text, most)]


def of_everything(text: str) -> list[str]:
    return [one.name for one in search_operations(text)]


def test_the_labels_name_operations() -> None:
    known = {f"{vendor}.{name}" for vendor in registry.names() for name in registry.entries(vendor)}
    known |= {one.operation for one in definitions().values()}
    for name in ("named", "unnamed", "unified"):
        assert [one.text for one in load(name) if not one.operations <= known] == []
    assert len(load("named")) + len(load("unnamed")) >= 350
    for labelled in (load("named"), load("unnamed"), unified()):
        assert 0.4 < sum(one.held_out for one in labelled) / len(labelled) < 0.6


def test_unified_operations_are_found() -> None:
    held_out = [one for one in unified() if one.held_out]
    assert recall(held_out, of_tools(5)) >= 0.9
    assert recall(held_out, of_tools(1)) >= 0.62


@pytest.mark.parametrize(("name", "least"), [("named", 0.85), ("unnamed", 0.88)])
def test_operations_of_all_vendors_are_found(name: str, least: float) -> None:
    held_out = [one for one in with_unified(load(name)) if one.held_out]
    assert recall(held_out, of_everything) >= least
