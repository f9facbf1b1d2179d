"""Finding a tool by what it shall do, for catalogs that do not fit into a prompt.

Ranking is BM25 over names, descriptions, synonyms, arguments and vendors, by SQLite's full-text index (FTS5) in memory, which comes
with Python. A request is a sentence, so any of its words may match; words that say nothing are left out.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from unified_platform import catalog
from unified_platform.tools.tool import Tool
from unified_runtime import InvalidInput
from unified_runtime.suggest import did_you_mean

_TABLE = "CREATE VIRTUAL TABLE tools USING fts5(name, synonyms, description, arguments, vendors, tokenize='porter unicode61')"
_INSERT = "INSERT INTO tools(name, synonyms, description, arguments, vendors) VALUES (?, ?, ?, ?, ?)"
_SELECT = "SELECT rowid FROM tools WHERE tools MATCH ? ORDER BY bm25(tools, 6.0, 5.0, 3.0, 1.0, 0.5) LIMIT ?"
"""The weights say how much a word counts by where it stands; chosen on the tuning half of the labelled requests (docs/benchmarks.md)."""

_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = """
a all am an and any are as at be been but by can could do does for from get give had has have he her his i if in into is it its
just let like make me my need now of off on or our out over please she should so some that the their them then there these they
this those to up us was we were what when which who whose why will with would you your
"""
_STOP = frozenset(_STOP_WORDS.split())
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Found:
    """One tool that a search found."""

    name: str
    description: str
    arguments: str


class Search:
    """A searchable index of tools. Safe to share between threads."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self._tools = {tool.name: tool for tool in tools}
        titles = {entry.name: entry.title for entry in catalog.load()}
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(_TABLE)
        rows = (_row(tool, titles) for tool in self._tools.values())
        self._database.executemany(_INSERT, rows)
        self._names = list(self._tools)

    def search(self, query: str, limit: int = 5) -> list[Found]:
        """The tools that fit best, best first; none where no word of the query is known.

        Raises:
            InvalidInput: the query is no text or has no words, or the limit is not from 1 to 50.
        """
        if not isinstance(query, str):
            raise InvalidInput(f"query: must be text, not {query!r}", fields={"query": "must be text"})
        if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= 50:
            raise InvalidInput(f"limit: must be a whole number from 1 to 50, not {limit!r}", fields={"limit": "must be from 1 to 50"})
        match = _match(query)
        if not match:
            raise InvalidInput("query: has no words to search for", fields={"query": "has no words to search for"})
        with self._lock:
            rows = self._database.execute(_SELECT, (match, limit))
            names = [self._names[row - 1] for (row,) in rows]
        return [_found(self._tools[name]) for name in names]

    def describe(self, name: str) -> Mapping[str, Any]:
        """The whole definition of a tool.

        Raises:
            InvalidInput: there is none of that name.
        """
        tool = self._tools.get(name)
        if tool is None:
            raise InvalidInput(f"there is no tool {name!r}{did_you_mean(name, self._tools)}", fields={"name": "is no tool"})
        return {"name": tool.name, "description": tool.description, "parameters": tool.parameters}


def _row(tool: Tool, titles: Mapping[str, str]) -> tuple[str, ...]:
    definition = tool.definition
    singular = definition.resource.removesuffix("s")
    return (
        f"{definition.resource} {singular} {definition.verb}".replace("_", " "),
        " ".join(definition.synonyms),
        definition.description,
        " ".join(tool.parameters["properties"]).replace("_", " "),
        " ".join(f"{vendor} {titles.get(vendor, '')}" for vendor in tool.vendors),
    )


def _match(query: str) -> str:
    """The query in FTS5's language: its words, quoted, any of which may match."""
    words = [word.lower() for word in _WORD.findall(query)]
    told = [word for word in words if word not in _STOP] or words
    return " OR ".join(f'"{word}"' for word in dict.fromkeys(told[:_MOST_WORDS]))


def _found(tool: Tool) -> Found:
    needed = tool.parameters.get("required", ())
    names = (name if name in needed else f"{name}?" for name in tool.parameters["properties"])
    return Found(tool.name, tool.description, ", ".join(names))
