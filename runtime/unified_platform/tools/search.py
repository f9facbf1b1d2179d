"""Search for tools by task, for catalogs that do not fit into a prompt.

Ranking is BM25 over names, descriptions, synonyms, arguments and vendors, by SQLite's full-text index (FTS5) in memory, which is included
in Python; tools of the kind that the request's verb means are ranked higher. A request is a sentence, so any of its words may
match; stop words are left out.
"""

from __future__ import annotations

import math
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unified_platform.catalog import capabilities
from unified_platform.tools.search_terms import KINDS, frequent, kinds, root, significant_words
from unified_platform.tools.tool import Tool
from unified_runtime import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

_COLUMNS = ("name", "synonyms", "kind", "description", "arguments", "vendors")
_TABLE = f"CREATE VIRTUAL TABLE tools USING fts5({', '.join(_COLUMNS)}, tokenize='porter unicode61')"
_INSERT = f"INSERT INTO tools({', '.join(_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608  constant names
_WEIGHTS = (6.0, 6.0, 0.5, 3.0, 0.2, 1.0)
_KIND = 0.3
"""Weights of words by their field, and the bonus (1 is the best match) for a tool of the requested kind.
Both were tuned on the tuning half of the labelled requests (docs/reference/benchmarks.md)."""
_SELECT = f"SELECT rowid, -bm25(tools, {', '.join(map(str, _WEIGHTS))}) AS fit FROM tools WHERE tools MATCH ? ORDER BY fit DESC LIMIT ?"  # noqa: S608
_ROWS = 500
"""Approximate number of tools that BM25 is computed for; more take over a millisecond."""

_CANDIDATES = 60
"""Tools that are ranked by kind. BM25 cannot do it: a word that most tools have has no weight."""


@dataclass(frozen=True, slots=True)
class ToolMatch:
    """One tool that a search found."""

    name: str
    description: str
    arguments: str


class ToolSearch:
    """Search index of tools. Safe to share between threads."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self._tools = {tool.name: tool for tool in tools}
        titles = {entry.name: entry.title for entry in capabilities.load()}
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(_TABLE)
        rows = [_row(tool, titles) for tool in self._tools.values()]
        self._database.executemany(_INSERT, rows)
        self._names = list(self._tools)
        self._in = Counter(word for row in rows for word in frequent(row))

    def search(self, query: str, limit: int = 5) -> list[ToolMatch]:
        """Return the best matching tools, best first; an empty list if no word of the query is known.

        Raises:
            InvalidInput: the query is not text or has no words, or the limit is not from 1 to 50.
        """
        if not isinstance(query, str):
            raise InvalidInput(f"query: must be text, not {query!r}", fields={"query": "must be text"})
        if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= 50:
            raise InvalidInput(f"limit: must be a whole number from 1 to 50, not {limit!r}", fields={"limit": "must be from 1 to 50"})
        match = self._match(query)
        if not match:
            raise InvalidInput("query: has no words to search for", fields={"query": "has no words to search for"})
        with self._lock:
            rows = self._database.execute(_SELECT, (match, max(limit, _CANDIDATES))).fetchall()
        found = [(self._tools[self._names[row - 1]], fit) for row, fit in rows]
        return [_found(tool) for tool in _by_kind(found, kinds(query))[:limit]]

    def _match(self, query: str) -> str:
        """Return the query in FTS5 syntax: its words, quoted and combined by OR; rare ones first, and of frequent ones, which carry little
        information, only as many as can be ranked in time.
        """
        words = sorted(significant_words(query), key=lambda word: self._in[root(word)])
        taken: list[str] = []
        rows = 0
        for word in words:
            rows += self._in[root(word)]
            if taken and rows > _ROWS:
                break
            taken.append(word)
        return " OR ".join(f'"{word}"' for word in taken)

    def describe(self, name: str) -> Mapping[str, Any]:
        """Return the complete definition of a tool.

        Raises:
            InvalidInput: there is no tool with this name.
        """
        tool = self._tools.get(name)
        if tool is None:
            raise InvalidInput(f"there is no tool {name!r}{did_you_mean(name, self._tools)}", fields={"name": "is not a tool"})
        return {"name": tool.name, "description": tool.description, "parameters": tool.parameters}


_EVERYWHERE = ("cursor", "id", "limit", "via")
"""Arguments that nearly every tool has."""


def _row(tool: Tool, titles: Mapping[str, str]) -> tuple[str, ...]:
    definition = tool.definition
    singular = definition.resource.removesuffix("s")
    return (
        f"{definition.resource} {singular} {definition.verb}".replace("_", " "),
        " ".join(definition.synonyms),
        KINDS.get(definition.like, ""),
        definition.description,
        "" if definition.parameters == {} else " ".join(set(tool.parameters["properties"]) - set(_EVERYWHERE)).replace("_", " "),
        " ".join(f"{vendor} {titles.get(vendor, '')}" for vendor in tool.vendors),
    )


def _by_kind(found: Sequence[tuple[Tool, float]], wanted: Collection[str]) -> list[Tool]:
    """Return the found tools, best first, with those of a wanted kind ranked higher."""
    best = found[0][1] if found else 1.0
    bonus = _KIND / math.sqrt(len(wanted)) if wanted else 0.0
    ranked = sorted(found, key=lambda one: one[1] / best + (bonus if one[0].definition.like in wanted else 0.0), reverse=True)
    return [tool for tool, _ in ranked]


def _found(tool: Tool) -> ToolMatch:
    needed = tool.parameters.get("required", ())
    names = (name if name in needed else f"{name}?" for name in tool.parameters["properties"])
    return ToolMatch(tool.name, tool.description, ", ".join(names))
