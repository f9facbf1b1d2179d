"""Tools for LangChain and LangGraph agents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

from unified_platform.frameworks.approvers import DENIED, Approver, approver_of
from unified_platform.frameworks.requirements import require
from unified_platform.frameworks.toolboxes import ToolboxOptions, toolbox
from unified_platform.tools import Result, Tool
from unified_runtime import InvalidInput

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool


def tools(*, approver: str | None = None, **options: Unpack[ToolboxOptions]) -> list[StructuredTool]:
    """The tools of an agent for LangChain. `options` are those of `unified_platform.frameworks.toolboxes.toolbox`.

    A failed call raises `ToolException`, which the tool turns into a `ToolMessage` of status `error` for the model, with what to do.

    Args:
        approver: name of the person who decides on calls that need an approval. Such a call interrupts LangGraph's graph, which has to
            have a checkpointer, in the form of LangChain's `HumanInTheLoopMiddleware`; it resumes with
            `Command(resume={"decisions": [{"type": "approve"}]})`, or `"reject"`. By default the model repeats the call later.
        options: see above.

    Raises:
        ImportError: `langchain-core` is not installed.
        InvalidInput: an option is wrong.
    """
    require("langchain_core", "langchain")
    return [_tool(one, approver_of(one, approver)) for one in toolbox(**options)]


def _tool(tool: Tool, approver: Approver | None) -> StructuredTool:
    from langchain_core.tools import StructuredTool, ToolException

    def output(result: Result) -> tuple[str, Any]:
        if result.failed and not result.pending:
            raise ToolException(result.text)
        return result.text, result.data

    def run(**arguments: Any) -> tuple[str, Any]:
        result = tool.call(arguments)
        if approver is None or not result.pending:
            return output(result)
        if not _interrupted(approver.request(result, arguments)):
            return output(approver.decide(result, approved=False) or Result(DENIED, failed=True, error="Denied"))
        return output(approver.decide(result, approved=True) or tool.call(arguments))

    async def arun(**arguments: Any) -> tuple[str, Any]:
        result = await tool.acall(arguments)
        if approver is None or not result.pending:
            return output(result)
        if not _interrupted(await approver.arequest(result, arguments)):
            return output(await approver.adecide(result, approved=False) or Result(DENIED, failed=True, error="Denied"))
        return output(await approver.adecide(result, approved=True) or await tool.acall(arguments))

    return StructuredTool(
        name=tool.name,
        description=tool.description,
        args_schema=dict(tool.parameters),  # not a model: the tool itself corrects and rejects arguments
        func=run,
        coroutine=arun,
        response_format="content_and_artifact",
        handle_tool_error=True,
        metadata={"effect": tool.effect, "vendors": list(tool.vendors)},
    )


def _interrupted(action: Mapping[str, Any]) -> bool:
    """Interrupt the graph until a person has decided on a call, and return the decision. When the graph resumes, the tool starts again.

    Raises:
        InvalidInput: the graph was resumed with a value that is not a decision.
    """
    from langgraph.types import interrupt

    review = {"action_name": action["name"], "allowed_decisions": ["approve", "reject"]}
    resumed = interrupt({"action_requests": [action], "review_configs": [review]})
    decisions = resumed.get("decisions") if isinstance(resumed, Mapping) else None
    kind = decisions[0].get("type") if isinstance(decisions, list) and len(decisions) == 1 and isinstance(decisions[0], Mapping) else None
    if kind not in ("approve", "reject"):
        raise InvalidInput('resume with Command(resume={"decisions": [{"type": "approve"}]}), or "reject"')
    return bool(kind == "approve")
