"""Tools for Pydantic AI agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unified_platform.frameworks.requirements import require
from unified_platform.frameworks.toolboxes import toolbox
from unified_platform.tools import Tool

if TYPE_CHECKING:
    import pydantic_ai


def tools(**options: Any) -> list[pydantic_ai.Tool[Any]]:
    """The tools of an agent for Pydantic AI. `options` are those of `unified_platform.frameworks.toolboxes.toolbox`.

    A failure that other arguments or another try can fix raises `ModelRetry`; any other `ToolFailed`, which costs no retry.

    Raises:
        ImportError: `pydantic-ai-slim` is not installed.
        InvalidInput: an option is wrong.
    """
    require("pydantic_ai", "pydantic-ai")
    return [_tool(one) for one in toolbox(**options)]


def _tool(tool: Tool) -> pydantic_ai.Tool[Any]:
    import pydantic_ai
    from pydantic_ai.exceptions import ToolFailed

    async def run(**arguments: Any) -> str:
        result = await tool.acall(arguments)
        if result.recoverable:
            raise pydantic_ai.ModelRetry(result.text)
        if result.failed:
            raise ToolFailed(result.text)
        return result.text

    return pydantic_ai.Tool.from_schema(run, tool.name, tool.description, dict(tool.parameters))
