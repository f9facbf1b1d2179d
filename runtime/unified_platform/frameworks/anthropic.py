"""Tools for the tool runner of Anthropic's SDK (`client.beta.messages.tool_runner`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from unified_platform.frameworks.requirements import require
from unified_platform.frameworks.toolboxes import ToolboxOptions, toolbox
from unified_platform.tools import Result, Tool, formats

if TYPE_CHECKING:
    from anthropic.lib.tools import BetaAsyncBuiltinFunctionTool, BetaBuiltinFunctionTool


def tools(**options: Unpack[ToolboxOptions]) -> list[BetaBuiltinFunctionTool]:
    """The tools of an agent for `Anthropic`. `options` are those of `unified_platform.frameworks.toolboxes.toolbox`.

    A failed call raises `ToolError`, which the runner hands to the model as a `tool_result` with `is_error`.

    Raises:
        ImportError: `anthropic` is not installed.
        InvalidInput: an option is wrong.
    """
    require("anthropic", "anthropic")
    return [_tool(one) for one in toolbox(**options)]


def async_tools(**options: Unpack[ToolboxOptions]) -> list[BetaAsyncBuiltinFunctionTool]:
    """The same for `AsyncAnthropic`."""
    require("anthropic", "anthropic")
    return [_async_tool(one) for one in toolbox(**options)]


def _content(result: Result) -> str:
    from anthropic.lib.tools import ToolError

    if result.failed and not result.pending:
        raise ToolError(result.text)
    return result.text


def _tool(tool: Tool) -> BetaBuiltinFunctionTool:
    from anthropic.lib.tools import BetaBuiltinFunctionTool

    class UnifiedTool(BetaBuiltinFunctionTool):
        def to_dict(self) -> Any:
            return formats.anthropic(tool)

        def call(self, input: object) -> str:
            return _content(tool.call(input))

    return UnifiedTool()


def _async_tool(tool: Tool) -> BetaAsyncBuiltinFunctionTool:
    from anthropic.lib.tools import BetaAsyncBuiltinFunctionTool

    class UnifiedTool(BetaAsyncBuiltinFunctionTool):
        def to_dict(self) -> Any:
            return formats.anthropic(tool)

        async def call(self, input: object) -> str:
            return _content(await tool.acall(input))

    return UnifiedTool()
