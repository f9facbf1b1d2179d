"""Requests as users phrase them, each with the operations that do it (`*.yaml`).

They are divided by hash: words, synonyms and weights are chosen with the development half only; the other half measures the search.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from tests.support import requests
from unified_platform.catalog import capabilities
from unified_platform.tools import definitions
from unified_platform.tools.tool_documents import equivalents
from unified_runtime.toolkits import registry

FOLDER = Path(__file__).parent


class Labelled(NamedTuple):
    """A request, and the operations of which one must be found."""

    text: str
    operations: frozenset[str]
    held_out: bool
    """True if it is in the half that measures."""


def load(name: str) -> list[Labelled]:
    """Return the requests of a file, without its suffix."""
    rows = yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return [
        Labelled(row["request"], frozenset(row["operations"]), hashlib.sha256(row["request"].encode()).digest()[0] % 2 == 1) for row in rows
    ]


def unified() -> list[Labelled]:
    """Return the requests for unified operations: those of `unified.yaml`, and those of the benchmark of tools."""
    operations = {name: one.operation for name, one in definitions().items()}
    halves = ((requests.TUNING, False), (requests.TEST, True))
    known = [Labelled(text, frozenset(operations[name] for name in names), test) for half, test in halves for text, names in half]
    return [*load("unified"), *known]


def with_unified(labelled: Sequence[Labelled]) -> list[Labelled]:
    """Return the requests with the unified operations that consist of one of their operations, too."""
    found = _unified_of()
    return [one._replace(operations=one.operations | {found[name] for name in one.operations if name in found}) for one in labelled]


@cache
def _unified_of() -> dict[str, str]:
    offered: dict[str, list[str]] = {}
    for entry in capabilities.load():
        for resource in entry.resources.values():
            for name in resource.operations:
                offered.setdefault(f"{resource.name}.{name}", []).append(entry.name)
    by_request = equivalents(offered)
    return {
        f"{vendor}.{name}": by_request[f"{vendor} {one.endpoint}"]
        for vendor in {key.partition(" ")[0] for key in by_request} & {*registry.names()}
        for name, one in registry.entries(vendor).items()
        if f"{vendor} {one.endpoint}" in by_request
    }


def recall(labelled: Sequence[Labelled], search: Callable[[str], Collection[str]]) -> float:
    """Return the share of requests for which one of the right operations is found."""
    return sum(not one.operations.isdisjoint(search(one.text)) for one in labelled) / len(labelled)
