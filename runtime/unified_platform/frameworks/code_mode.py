"""Functions of an agent for the code modes of other frameworks: Pydantic AI's `CodeMode` and FastMCP's `CodeMode`.

There, a model's program runs in the framework's interpreter and calls these functions. Each call passes the same policy, rate limits and
audit log as a tool call. Results are data with a schema and not text for a model, and long texts and lists are not cut for one.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Unpack

from unified_platform.frameworks.requirements import require
from unified_platform.frameworks.toolboxes import ToolboxOptions, toolbox
from unified_platform.tools import Result, Tool

if TYPE_CHECKING:
    import pydantic_ai
    from fastmcp.tools.base import Tool as FastMCPTool

_UNCUT: dict[str, Any] = {"page": 1000, "text": 1_000_000, "result_tokens": 1_000_000}
"""Limits of a result: a program reads it, not a model."""


def pydantic_ai_tools(**options: Unpack[ToolboxOptions]) -> list[pydantic_ai.Tool[Any]]:
    """The functions of an agent, for `Agent(tools=…, capabilities=[CodeMode()])` of `pydantic-ai-harness`.

    A failed call raises `ModelRetry` or `ToolFailed`, as an error in the program.

    Args:
        options: those of `unified_platform.tools.tools`.

    Raises:
        ImportError: `pydantic-ai-slim` is not installed.
        InvalidInput: an option is not valid.
    """
    require("pydantic_ai", "pydantic-ai")
    return [_pydantic_ai(one) for one in toolbox(**{**_UNCUT, **options})]


def fastmcp_tools(**options: Unpack[ToolboxOptions]) -> list[FastMCPTool]:
    """The functions of an agent, for `FastMCP(tools=…, transforms=[CodeMode()])`.

    Args:
        options: those of `unified_platform.tools.tools`.

    Raises:
        ImportError: FastMCP is not installed.
        InvalidInput: an option is not valid.
    """
    try:
        import fastmcp  # noqa: F401
    except ImportError:
        raise ImportError("fastmcp is not installed: pip install 'fastmcp[code-mode]'") from None
    return [_fastmcp(one) for one in toolbox(**{**_UNCUT, **options})]


def _pydantic_ai(tool: Tool) -> pydantic_ai.Tool[Any]:
    import pydantic_ai
    from pydantic_ai.exceptions import ToolFailed

    async def run(**arguments: Any) -> Any:
        result = await tool.acall(arguments)
        if result.recoverable:
            raise pydantic_ai.ModelRetry(result.text)
        if result.failed:
            raise ToolFailed(result.text)
        return result.data

    async def described(_: Any, definition: Any) -> Any:
        return dataclasses.replace(definition, return_schema=tool.output or None)

    made = pydantic_ai.Tool[Any].from_schema(run, tool.name, tool.description, dict(tool.parameters))
    made.prepare = described
    return made


def _fastmcp(tool: Tool) -> FastMCPTool:
    from fastmcp.tools.base import Tool as Base
    from fastmcp.tools.base import ToolResult
    from mcp_types import ToolAnnotations

    class Function(Base):  # type: ignore[misc]  # FastMCP has an environment of its own
        async def run(self, arguments: dict[str, Any]) -> ToolResult:
            result: Result = await tool.acall(arguments)
            data = result.data if isinstance(result.data, dict) else {"value": result.data}
            return ToolResult(content=result.text, structured_content=None if result.failed else data, is_error=result.failed)

    hints = ToolAnnotations(read_only_hint=tool.effect == "read", destructive_hint=tool.effect == "destructive")
    return Function(
        name=tool.name, description=tool.description, parameters=dict(tool.parameters), output_schema=tool.output or None, annotations=hints
    )
