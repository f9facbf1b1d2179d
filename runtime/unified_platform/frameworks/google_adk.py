"""Tools for Google's Agent Development Kit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from unified_platform.frameworks.requirements import require
from unified_platform.frameworks.toolboxes import ToolboxOptions, toolbox
from unified_platform.tools import Tool, formats

if TYPE_CHECKING:
    from google.adk.tools.base_tool import BaseTool


def tools(**options: Unpack[ToolboxOptions]) -> list[BaseTool]:
    """The tools of an agent for the Agent Development Kit. `options` are those of `unified_platform.frameworks.toolboxes.toolbox`.

    A call returns `{"result": …}`, or `{"error": …}` with a text for the model, with what to do.

    Raises:
        ImportError: `google-adk` is not installed.
        InvalidInput: an option is wrong.
    """
    require("google.adk", "google-adk")
    return [_tool(one) for one in toolbox(**options)]


def _tool(tool: Tool) -> BaseTool:
    from google.adk.tools.base_tool import BaseTool
    from google.adk.tools.tool_context import ToolContext
    from google.genai import types

    class UnifiedTool(BaseTool):
        def _get_declaration(self) -> types.FunctionDeclaration:
            return types.FunctionDeclaration.model_validate(formats.gemini(tool))

        async def run_async(self, *, args: dict[str, Any], tool_context: ToolContext) -> dict[str, Any]:
            result = await tool.acall(args)
            return {"error" if result.failed and not result.pending else "result": result.text}

    return UnifiedTool(name=tool.name, description=tool.description)
