"""Names of tools that another name means: `tasks_create` for `create_task` or `jira_create_issue`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from unified_runtime.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from unified_platform.tools.tool import Tool

_VERBS = {
    "add": "create", "new": "create", "make": "create", "open": "create", "insert": "create", "read": "get", "fetch": "get", "show": "get",
    "retrieve": "get", "find": "list", "search": "list", "query": "list", "edit": "update", "modify": "update", "change": "update",
    "set": "update", "complete": "update", "close": "update", "finish": "update", "resolve": "update", "reopen": "update",
    "assign": "update", "rename": "update", "move": "update", "reschedule": "update", "remove": "delete", "trash": "delete",
    "post": "send", "create": "send", "write": "send",
}  # fmt: skip
"""Verbs of tools, by other verbs for the same."""

_SHORTEST = 3
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[a-z0-9]+")


def similar_tool(name: str, tools: Mapping[str, Tool]) -> str:
    """Return a suggestion such as `; did you mean 'tasks_create'?`, by the words of the name or else by its spelling."""
    words = [_singular(word) for word in _WORD.findall(_CAMEL.sub("_", name).lower())]
    distances = {one: distance for one, tool in tools.items() if (distance := _distance(words, tool)) is not None}
    nearest = [one for one, distance in distances.items() if distance == min(distances.values())]
    return f"; did you mean {nearest[0]!r}?" if len(nearest) == 1 else did_you_mean(name, tools)


def _distance(words: list[str], tool: Tool) -> tuple[int, bool] | None:
    """Return how far the words of a name are from a tool: 0 for its resource, more for other words for it, and whether the verb is another.

    None if a word means neither.
    """
    verb = tool.definition.verb
    other_verb = verb not in words
    if other_verb and verb not in {_VERBS.get(word) for word in words}:
        return None
    vendors = {vendor for one in tool.vendors for vendor in one.split("-")}
    others = [word for word in words if word != verb and word not in _VERBS and word not in vendors]
    own = [_singular(word) for word in tool.definition.resource.split("_")]
    if others == own:
        return 0, other_verb
    known = [*own, *map(_singular, tool.definition.synonyms)]
    return (sum(1 + known.index(word) for word in others), other_verb) if others and all(word in known for word in others) else None


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > _SHORTEST else word
