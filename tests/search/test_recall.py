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

OFFERED = tools(vendors=[entry.name for entry in capabilities.load()])
TOOLS = ToolSearch(OFFERED)


def of_tools(most: int) -> Callable[[str], list[str]]:
    operations = {one.name: one.operation for one in OFFERED}
    return lambda text: [operations[one.name] for one in TOOLS.search(text, most)]


def of_everything(text: str) -> list[str]:
    return [one.name for one in search_operations(text)]


def test_the_labels_name_operations() -> None:
    known = {f"{vendor}.{name}" for vendor in registry.names() for name in registry.entries(vendor)}
    known |= {one.operation for one in definitions().values()}
    for name in (f"{part}{kind}" for part in ("", "further_", "unseen_") for kind in ("named", "unnamed", "unified")):
        assert [one.text for one in load(name) if not one.operations <= known] == []
    assert len(load("named")) + len(load("unnamed")) >= 350
    assert len(load("further_named")) + len(load("further_unnamed")) >= 200
    assert len(load("further_unified")) >= 150
    assert [one.text for name in ("fresh_unified", "tuning_unified") for one in load(name) if not one.operations <= known] == []
    assert len(load("fresh_unified")) >= 120
    assert sum(len(load(f"unseen_{kind}")) for kind in ("named", "unnamed", "unified")) >= 170
    for labelled in (load("named"), load("unnamed"), unified(), *(load(f"further_{name}") for name in ("named", "unnamed", "unified"))):
        assert 0.4 < sum(one.held_out for one in labelled) / len(labelled) < 0.6


def test_unified_operations_are_found() -> None:
    held_out = [one for one in unified() if one.held_out]
    assert recall(held_out, of_tools(5)) >= 0.92
    assert recall(held_out, of_tools(1)) >= 0.67
    further = [one for one in load("further_unified") if one.held_out]
    assert recall(further, of_tools(5)) >= 0.9
    assert recall(further, of_tools(1)) >= 0.67
    every = [*held_out, *further, *load("unseen_unified"), *load("fresh_unified")]
    assert recall(every, of_tools(5)) >= 0.9, "the goal, of all held-out requests"
    assert recall(every, of_tools(1)) >= 0.7, "the goal, of all held-out requests"


@pytest.mark.parametrize(("name", "least"), [("named", 0.9), ("unnamed", 0.9), ("further_named", 0.86), ("further_unnamed", 0.54)])
def test_operations_of_all_vendors_are_found(name: str, least: float) -> None:
    held_out = [one for one in with_unified(load(name)) if one.held_out]
    assert recall(held_out, of_everything) >= least


@pytest.mark.parametrize(("name", "goal"), [("named", 0.9), ("unnamed", 0.75)])
def test_operations_are_found_by_all_held_out_requests(name: str, goal: float) -> None:
    held_out = [one for part in (name, f"further_{name}") for one in with_unified(load(part)) if one.held_out]
    assert recall(held_out, of_everything) >= goal


@pytest.mark.parametrize(("name", "goal"), [("named", 0.9), ("unnamed", 0.75)])
def test_operations_are_found_by_unseen_requests(name: str, goal: float) -> None:
    assert recall(with_unified(load(f"unseen_{name}")), of_everything) >= goal


def test_unified_operations_are_found_by_unseen_requests() -> None:
    assert recall(load("unseen_unified"), of_tools(5)) >= 0.9
    assert recall(load("unseen_unified"), of_tools(1)) >= 0.7


def test_unified_operations_of_all_families_are_found_by_unseen_requests() -> None:
    """The goal of the first five, 0.9, is not met by this set."""
    assert recall(load("fresh_unified"), of_tools(5)) >= 0.87
    assert recall(load("fresh_unified"), of_tools(1)) >= 0.7
