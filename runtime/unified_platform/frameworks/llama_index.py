"""Tools for LlamaIndex agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from unified_platform.frameworks.argument_models import arguments_model, given
from unified_platform.frameworks.requirements import require
from unified_platform.frameworks.toolboxes import ToolboxOptions, toolbox
from unified_platform.tools import Result, Tool

if TYPE_CHECKING:
    from llama_index.core.tools import AsyncBaseTool, ToolOutput


def tools(**options: Unpack[ToolboxOptions]) -> list[AsyncBaseTool]:
    """The tools of an agent for LlamaIndex. `options` are those of `unified_platform.frameworks.toolboxes.toolbox`.

    A failed call returns a `ToolOutput` with `is_error` and a text for the model, with what to do.

    Raises:
        ImportError: `llama-index-core` is not installed.
        InvalidInput: an option is wrong.
    """
    require("llama_index.core", "llama-index")
    return [_tool(one) for one in toolbox(**options)]


def _tool(tool: Tool) -> AsyncBaseTool:
    from llama_index.core.tools import AsyncBaseTool, ToolMetadata, ToolOutput

    described = ToolMetadata(description=tool.description, name=tool.name, fn_schema=arguments_model(tool))

    def output(arguments: dict[str, Any], result: Result) -> ToolOutput:
        failed = result.failed and not result.pending
        return ToolOutput(tool_name=tool.name, content=result.text, raw_input=arguments, raw_output=result.data, is_error=failed)

    class UnifiedTool(AsyncBaseTool):
        @property
        def metadata(self) -> ToolMetadata:
            return described

        def call(self, input: Any = None, **arguments: Any) -> ToolOutput:
            arguments = _arguments(input, arguments)
            return output(arguments, tool.call(arguments))

        async def acall(self, input: Any = None, **arguments: Any) -> ToolOutput:
            arguments = _arguments(input, arguments)
            return output(arguments, await tool.acall(arguments))

    return UnifiedTool()


def _arguments(input: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Agents give arguments by name; the base class declares one `input`, which may be all of them."""
    return given(input if isinstance(input, dict) and not arguments else arguments)
