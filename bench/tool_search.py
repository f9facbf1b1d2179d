"""Benchmark of tool search in the catalog and in ten thousand tools, against counting words in all descriptions."""

from __future__ import annotations

import dataclasses
import itertools
import random
import re
from collections.abc import Callable
from typing import Any

from bench.measure import Measured, functions
from tests.support.requests import EVERY
from unified_platform.catalog import capabilities
from unified_platform.tools import Tool, ToolSearch, tools

MANY = 10_000


def measure(quick: bool) -> Measured:
    rounds, loops = (1, 20) if quick else (21, len(EVERY))
    box = list(tools(vendors=[entry.name for entry in capabilities.load()]))
    found = {}
    for title, some in (("search, the catalog", box), ("search, 10,000 tools", multiplied(box, 500 if quick else MANY))):
        subjects = {"Search.search": _searching(ToolSearch(some)), "words counted in every text": _counting(some)}
        found[title] = functions(subjects, rounds, loops if len(some) < MANY else max(20, loops // 4))
    return found


def multiplied(box: list[Tool], count: int) -> list[Tool]:
    """Return `count` tools: the catalog's, and copies for other resources, so that verbs and arguments are as common as in the catalog."""
    dice = random.Random(1)  # noqa: S311  not for security
    result: list[Any] = [*box]
    while len(result) < count:
        noun = "".join(dice.choice("bcdfghklmnprstvz") + dice.choice("aeiou") for _ in range(3))
        result += [_RenamedTool(tool, noun) for tool in box]
    return result[:count]


class _RenamedTool:
    """Copy of a tool for another resource."""

    def __init__(self, tool: Tool, noun: str) -> None:
        known = tool.definition
        name = f"{noun}_{known.name}"
        self.definition = dataclasses.replace(known, name=name, operation=f"{noun}_{known.operation}", synonyms=(noun,))
        self.operation, self.of_document = self.definition.operation, False
        self.name, self.description, self.parameters, self.vendors = name, known.description, tool.parameters, tool.vendors


def _searching(search: ToolSearch) -> Callable[[int], None]:
    def run(loops: int) -> None:
        for request, _ in itertools.islice(itertools.cycle(EVERY), loops):
            search.search(request)

    return run


def _counting(box: list[Tool]) -> Callable[[int], None]:
    texts = [set(re.findall(r"\w+", f"{tool.name} {tool.description}".lower().replace("_", " "))) for tool in box]

    def run(loops: int) -> None:
        for request, _ in itertools.islice(itertools.cycle(EVERY), loops):
            words = set(re.findall(r"\w+", request.lower()))
            sorted(range(len(texts)), key=lambda at: -len(words & texts[at]))[:5]

    return run
