"""Search for tools by task, for catalogs that do not fit into a prompt."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from unified_platform.catalog import capabilities
from unified_platform.search.hybrid import Embed
from unified_platform.search.operation_search import OperationMatch, OperationSearch
from unified_platform.search.postings import Postings, of_toolkit
from unified_platform.tools.definitions import Definition, definitions
from unified_platform.tools.tool import Tool
from unified_platform.tools.tool_documents import equivalents, tool_document
from unified_runtime import InvalidInput
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.toolkits.registry import names as toolkit_names


@dataclass(frozen=True, slots=True)
class ToolMatch:
    """One tool that a search found."""

    name: str
    description: str
    arguments: str


class ToolSearch:
    """Search index of tools. Safe to share between threads.

    Args:
        tools: tools that are found.
        embed: function that returns a vector for each text, for a ranking that also uses their similarity.
    """

    def __init__(self, tools: Iterable[Tool], embed: Embed | None = None) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._by_operation = {tool.operation: tool for tool in self._tools.values()}
        of_documents: dict[str, set[str]] = {}
        own: list[Tool] = []
        for tool in self._tools.values():
            if tool.of_document:
                of_documents.setdefault(tool.vendors[0], set()).add(tool.operation)
            else:
                own.append(tool)
        unified = Postings((tool_document(tool.definition, tool.vendors) for tool in own), unified=True)
        sources = [unified, *map(of_toolkit, of_documents)]
        allowed = [None, *(_numbers(source, names) for source, names in zip(sources[1:], of_documents.values(), strict=True))]
        called = equivalents({tool.operation: tool.vendors for tool in own}) if of_documents else {}
        self._search = OperationSearch(sources, allowed, called, embed)

    def search(self, query: str, limit: int = 5) -> list[ToolMatch]:
        """Return the best matching tools, best first; an empty list if no word of the query is known.

        Raises:
            InvalidInput: the query is not text or has no words, or the limit is not from 1 to 50.
        """
        return [_found(self._by_operation[one.name]) for one in self._search.search(query, limit)]

    def describe(self, name: str) -> Mapping[str, Any]:
        """Return the complete definition of a tool.

        Raises:
            InvalidInput: there is no tool with this name.
        """
        tool = self._tools.get(name)
        if tool is None:
            raise InvalidInput(f"there is no tool {name!r}{did_you_mean(name, self._tools)}", fields={"name": "is not a tool"})
        return {"name": tool.name, "description": tool.description, "parameters": tool.parameters}


def search_operations(
    query: str, *, limit: int = 5, vendors: Iterable[str] | None = None, embed: Embed | None = None
) -> list[OperationMatch]:
    """Search all unified operations and those of all toolkits, whether connected or not; `ToolSearch` searches those of an agent.

    Args:
        query: what is to be done, in a sentence or a few words.
        limit: maximum number of operations.
        vendors: vendors whose operations are searched; by default all.
        embed: function that returns a vector for each text, for a ranking that also uses their similarity.

    Raises:
        InvalidInput: the query is not text or has no words, the limit is not from 1 to 50, or there is no such vendor.
    """
    wanted = None if vendors is None else frozenset(vendors)
    return _everything(wanted, embed).search(query, limit)


@functools.lru_cache(maxsize=16)
def _everything(wanted: frozenset[str] | None, embed: Embed | None) -> OperationSearch:
    entries = capabilities.load()
    mapped = {entry.name for entry in entries}
    known = {*mapped, *toolkit_names()}
    for name in sorted(wanted or ()):
        if name not in known:
            raise InvalidInput(f"there is no vendor {name!r}{did_you_mean(name, known)}", fields={"vendors": "is not a vendor"})
    offered: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        for resource in entry.resources.values() if wanted is None or entry.name in wanted else ():
            for one in resource.operations:
                offered[f"{resource.name}.{one}"] = (*offered.get(f"{resource.name}.{one}", ()), entry.name)
    found: list[Definition] = [one for one in definitions().values() if one.operation in offered]
    unified = Postings((tool_document(one, offered[one.operation]) for one in found), unified=True)
    toolkits = [name for name in toolkit_names() if wanted is None or name in wanted]
    return OperationSearch([unified, *map(of_toolkit, toolkits)], None, equivalents(offered), embed)


def _numbers(source: Postings, names: set[str]) -> frozenset[int] | None:
    """Return the numbers of the named operations in an index; None if these are all."""
    found = frozenset(number for number, name in enumerate(source.names) if name in names)
    return None if len(found) == len(source) else found


def _found(tool: Tool) -> ToolMatch:
    needed = tool.parameters.get("required", ())
    names = (name if name in needed else f"{name}?" for name in tool.parameters["properties"])
    return ToolMatch(tool.name, tool.description, ", ".join(names))
