"""Tools for Pydantic AI agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from unified_platform.frameworks.approvers import Approver, approver_of
from unified_platform.frameworks.requirements import require
from unified_platform.frameworks.toolboxes import ToolboxOptions, toolbox
from unified_platform.tools import Result, Tool

if TYPE_CHECKING:
    import pydantic_ai


def tools(*, approver: str | None = None, **options: Unpack[ToolboxOptions]) -> list[pydantic_ai.Tool[Any]]:
    """The tools of an agent for Pydantic AI. `options` are those of `unified_platform.frameworks.toolboxes.toolbox`.

    A failure that other arguments or another try can fix raises `ModelRetry`; any other `ToolFailed`, which costs no retry.

    Args:
        approver: name of the person who decides on calls that need an approval. Such a call becomes a deferred one of the agent, whose
            output type has to include `DeferredToolRequests`. By default the model reads that it should repeat the call later.
        options: see above.

    Raises:
        ImportError: `pydantic-ai-slim` is not installed.
        InvalidInput: an option is wrong.
    """
    require("pydantic_ai", "pydantic-ai")
    return [_tool(one, approver_of(one, approver)) for one in toolbox(**options)]


def _tool(tool: Tool, approver: Approver | None) -> pydantic_ai.Tool[Any]:
    import pydantic_ai
    from pydantic_ai.exceptions import ApprovalRequired, ToolFailed

    def text(result: Result) -> str:
        if result.recoverable:
            raise pydantic_ai.ModelRetry(result.text)
        if result.failed and not result.pending:
            raise ToolFailed(result.text)
        return result.text

    async def run(**arguments: Any) -> str:
        return text(await tool.acall(arguments))

    async def decided(context: pydantic_ai.RunContext[Any], **arguments: Any) -> str:
        result = await tool.acall(arguments)
        if approver is None or not result.pending:
            return text(result)
        if not context.tool_call_approved:
            raise ApprovalRequired(await approver.arequest(result, arguments))
        return text(await approver.adecide(result, approved=True) or await tool.acall(arguments))

    schema = dict(tool.parameters)
    if approver is None:
        return pydantic_ai.Tool.from_schema(run, tool.name, tool.description, schema)
    return pydantic_ai.Tool.from_schema(decided, tool.name, tool.description, schema, takes_ctx=True)
