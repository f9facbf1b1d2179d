"""Tools for CrewAI agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from unified_platform.frameworks.argument_models import arguments_model, given
from unified_platform.frameworks.requirements import require
from unified_platform.frameworks.toolboxes import ToolboxOptions, toolbox
from unified_platform.tools import Tool

if TYPE_CHECKING:
    from crewai.tools import BaseTool


def tools(**options: Unpack[ToolboxOptions]) -> list[BaseTool]:
    """The tools of an agent for CrewAI. `options` are those of `unified_platform.frameworks.toolboxes.toolbox`.

    A failed call returns a text for the model, with what to do. CrewAI 1.15 cannot be installed beside MCP 2 or later: give it
    an environment of its own.

    Raises:
        ImportError: `crewai` is not installed.
        InvalidInput: an option is wrong.
    """
    require("crewai", "crewai")
    return [_tool(one) for one in toolbox(**options)]


def _tool(tool: Tool) -> BaseTool:
    from crewai.tools import BaseTool

    class UnifiedTool(BaseTool):  # type: ignore[misc]  # CrewAI is not installed where this is type-checked
        def _run(self, **arguments: Any) -> str:
            return tool.call(given(arguments)).text

        async def _arun(self, **arguments: Any) -> str:
            return (await tool.acall(given(arguments))).text

    return UnifiedTool(name=tool.name, description=tool.description, args_schema=arguments_model(tool))
