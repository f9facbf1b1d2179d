"""Tools for LangChain and LangGraph agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from unified_platform.frameworks.argument_models import arguments_model, given
from unified_platform.frameworks.requirements import require
from unified_platform.frameworks.toolboxes import toolbox
from unified_platform.tools import Result, Tool
from unified_runtime.execution.validation import invalid

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool


def tools(**options: Any) -> list[StructuredTool]:
    """The tools of an agent for LangChain. `options` are those of `unified_platform.frameworks.toolboxes.toolbox`.

    A failed call raises `ToolException`, which the tool turns into a `ToolMessage` of status `error` for the model, with what to do.

    Raises:
        ImportError: `langchain-core` is not installed.
        InvalidInput: an option is wrong.
    """
    require("langchain_core", "langchain")
    return [_tool(one) for one in toolbox(**options)]


def _tool(tool: Tool) -> StructuredTool:
    from langchain_core.tools import StructuredTool, ToolException

    model = arguments_model(tool)

    def output(result: Result) -> tuple[str, Any]:
        if result.failed:
            raise ToolException(result.text)
        return result.text, result.data

    def run(**arguments: Any) -> tuple[str, Any]:
        return output(tool.call(given(arguments)))

    async def arun(**arguments: Any) -> tuple[str, Any]:
        return output(await tool.acall(given(arguments)))

    def correct(error: Any) -> str:
        assert isinstance(error, ValidationError)
        return tool.failure(invalid(error.errors(include_url=False), model, tool.definition.operation)).text

    return StructuredTool(
        name=tool.name,
        description=tool.description,
        args_schema=model,
        func=run,
        coroutine=arun,
        response_format="content_and_artifact",
        handle_tool_error=True,
        handle_validation_error=correct,
        metadata={"effect": tool.effect, "vendors": list(tool.vendors)},
    )
