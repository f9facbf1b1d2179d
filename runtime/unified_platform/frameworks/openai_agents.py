"""Tools for the OpenAI Agents SDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from unified_platform.frameworks.requirements import require
from unified_platform.frameworks.toolboxes import toolbox
from unified_platform.tools import Tool, formats

if TYPE_CHECKING:
    from agents import FunctionTool


def tools(*, strict: bool = False, **options: Any) -> list[FunctionTool]:
    """The tools of an agent for the OpenAI Agents SDK. `options` are those of `unified_platform.frameworks.toolboxes.toolbox`.

    A failed call returns a text for the model, with what to do, as that SDK reports errors.

    Args:
        strict: use OpenAI's strict mode, in which every argument is written out, with null for what is not given.
        options: see above.

    Raises:
        ImportError: `openai-agents` is not installed.
        InvalidInput: an option is wrong.
    """
    require("agents", "openai-agents")
    return [_tool(one, strict) for one in toolbox(**options)]


def _tool(tool: Tool, strict: bool) -> FunctionTool:
    from agents import FunctionTool

    async def invoke(context: Any, arguments: str) -> str:
        try:
            given = json.loads(arguments or "{}")
        except json.JSONDecodeError as error:
            return f"The arguments are not JSON: {error.msg} at character {error.pos}. Write them again."
        if strict and isinstance(given, dict):
            given = formats.from_strict(tool, given)
        return (await tool.acall(given)).text

    definition = (formats.openai_strict if strict else formats.openai)(tool)["function"]
    return FunctionTool(
        name=tool.name,
        description=tool.description,
        params_json_schema=definition["parameters"],
        on_invoke_tool=invoke,
        strict_json_schema=strict,
    )
