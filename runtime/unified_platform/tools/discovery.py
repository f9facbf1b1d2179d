"""Three tools that find, describe and call all other tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unified_platform.tools.argument_checks import ArgumentChecker
from unified_platform.tools.page_collector import Progress
from unified_platform.tools.results import Result, compact, sentence
from unified_platform.tools.search import ToolSearch
from unified_platform.tools.toolbox import Toolbox
from unified_runtime import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

DEFINITIONS: tuple[Mapping[str, Any], ...] = (
    {
        "name": "search_tools",
        "description": "Find tools by what they shall do.",
        "parameters": {
            "type": "object",
            "properties": {"query": {"type": "string"}, "limit": {"type": "integer"}},
            "required": ["query"],
        },
    },
    {
        "name": "describe_tool",
        "description": "The arguments of a tool.",
        "parameters": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    },
    {
        "name": "call_tool",
        "description": "Call a tool that search_tools found.",
        "parameters": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "arguments": {"type": "object"}},
            "required": ["name", "arguments"],
        },
    },
)
"""Definitions of the three tools, to send with a prompt."""


class Discovery:
    """The three tools over a toolbox: an agent with these can use all of its tools.

    Args:
        toolbox: tools that are found and called.
        search: existing index of them.
    """

    def __init__(self, toolbox: Toolbox, search: ToolSearch | None = None) -> None:
        self._toolbox = toolbox
        self._search = search or ToolSearch(toolbox)

    def call(self, name: str, arguments: object, *, progress: Progress | None = None) -> Result:
        """Call one of the three by name, as requested by a model."""
        given = _checked(name, arguments)
        if isinstance(given, Result):
            return given
        if name == "call_tool":
            return self._toolbox.call(given["name"], given["arguments"], progress=progress)
        return self._looked_up(name, given)

    async def acall(self, name: str, arguments: object, *, progress: Progress | None = None) -> Result:
        """Call one of the three by name, for async code; see `call`."""
        given = _checked(name, arguments)
        if isinstance(given, Result):
            return given
        if name == "call_tool":
            return await self._toolbox.acall(given["name"], given["arguments"], progress=progress)
        return self._looked_up(name, given)

    def search_tools(self, query: str, limit: int = 5) -> Result:
        """Find tools; see `ToolSearch.search`."""
        return self.call("search_tools", {"query": query, "limit": limit})

    def describe_tool(self, name: str) -> Result:
        """Return the complete definition of a tool."""
        return self.call("describe_tool", {"name": name})

    def call_tool(self, name: str, arguments: object) -> Result:
        """Call a tool by name."""
        return self.call("call_tool", {"name": name, "arguments": arguments})

    async def acall_tool(self, name: str, arguments: object) -> Result:
        """Call a tool by name, for async code; see `call_tool`."""
        return await self.acall("call_tool", {"name": name, "arguments": arguments})

    def _looked_up(self, name: str, given: Mapping[str, Any]) -> Result:
        try:
            if name == "describe_tool":
                data = self._search.describe(given["name"])
                return Result(compact(data), data)
            found = self._search.search(**given)
        except InvalidInput as error:
            return _failure(error)
        data = {"tools": [{"name": one.name, "description": one.description, "arguments": one.arguments} for one in found]}
        if not found:
            return Result("Nothing fits. Try other words, or fewer.", data)
        return Result("\n".join(f"{one.name}({one.arguments}): {one.description}" for one in found), data)


_CHECKERS = {one["name"]: ArgumentChecker(one["parameters"], one["name"]) for one in DEFINITIONS}


def _checked(name: str, arguments: object) -> dict[str, Any] | Result:
    if name not in _CHECKERS:
        return Result(sentence(f"There is no tool {name!r}{did_you_mean(name, _CHECKERS)}"), failed=True, error="InvalidInput")
    try:
        return _CHECKERS[name].check(arguments)
    except InvalidInput as error:
        return _failure(error)


def _failure(error: InvalidInput) -> Result:
    return Result(sentence(error.message), failed=True, error="InvalidInput", fields=error.fields)
