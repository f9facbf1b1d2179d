"""Counts about tools: tokens of their definitions, and recall of tool search."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from tests.support.requests import EVERY, TEST, TUNING, recall
from tests.support.tokens import counter, tokens
from unified_platform.catalog import capabilities
from unified_platform.tools import Discovery, Tool, Toolbox, ToolSearch, definitions, formats, tools
from unified_platform.tools.discovery import DEFINITIONS

_DIALECTS: dict[str, Callable[[Tool], Any]] = {
    "MCP": formats.mcp,
    "OpenAI": formats.openai,
    "OpenAI, strict": formats.openai_strict,
    "Anthropic": formats.anthropic,
    "Gemini": formats.gemini,
}


def token_table() -> Sequence[str]:
    """Return the table of tokens: toolsets in rows, dialects in columns."""
    every = [entry.name for entry in capabilities.load()]
    boxes = {"every tool, every vendor": tools(vendors=every)}
    boxes |= {f"`jira`, all {len(tools(vendors=['jira']))}": tools(vendors=["jira"])}
    boxes |= {"`tasks` via Jira, five tools": tools(vendors=["jira"], toolsets="tasks")}
    boxes |= {
        f"`{name}`, every vendor": tools(vendors=every, toolsets=name) for name in sorted({one.resource for one in definitions().values()})
    }
    lines = [f"Counted with {counter()[0]}.", "", f"| | tools | bare | {' | '.join(_DIALECTS)} |", "|---|" + "--:|" * (len(_DIALECTS) + 2)]
    for name, box in boxes.items():
        cells = [sum(tokens(_compact(form(tool))) for tool in box) for form in (_bare, *_DIALECTS.values())]
        lines.append(f"| {name} | {len(box)} | {' | '.join(f'{cell:,}' for cell in cells)} |")
    bare = sum(tokens(_compact([one["name"], one["description"], one["parameters"]])) for one in DEFINITIONS)
    return [*lines, f"| `search_tools`, `describe_tool`, `call_tool` | 3 | {bare} | {' | '.join('' for _ in _DIALECTS)} |"]


def recall_table() -> Sequence[str]:
    """Return the table of recall@n: halves of the requests in rows, n in columns."""
    box = tools(vendors=[entry.name for entry in capabilities.load()])
    search = ToolSearch(box)
    lines = [f"{len(EVERY)} requests, {len(box)} tools.", "", "| | recall@1 | recall@3 | recall@5 |", "|---|--:|--:|--:|"]
    for name, half in (("test half", TEST), ("tuning half", TUNING)):
        lines.append(f"| {name} | {' | '.join(f'{recall(search, half, most):.2f}' for most in (1, 3, 5))} |")
    return [*lines, "", *_sizes(box)]


def _sizes(box: Toolbox) -> Sequence[str]:
    finder = Discovery(box)
    sizes = sorted(tokens(finder.search_tools(request).text) for request, _ in EVERY)
    return [f"A result of five tools costs {sizes[len(sizes) // 2]} tokens, {sizes[-1]} at most."]


def _bare(tool: Tool) -> Any:
    return [tool.name, tool.description, tool.parameters]


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
