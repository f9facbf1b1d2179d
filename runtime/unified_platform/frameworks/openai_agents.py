"""Tools for the OpenAI Agents SDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Unpack

from unified_platform.frameworks.approvers import Approver, approver_of
from unified_platform.frameworks.requirements import require
from unified_platform.frameworks.toolboxes import ToolboxOptions, toolbox
from unified_platform.tools import Tool, formats

if TYPE_CHECKING:
    from agents import FunctionTool


def tools(*, strict: bool = False, approver: str | None = None, **options: Unpack[ToolboxOptions]) -> list[FunctionTool]:
    """The tools of an agent for the OpenAI Agents SDK. `options` are those of `unified_platform.frameworks.toolboxes.toolbox`.

    A failed call returns a text for the model, with what to do, as that SDK reports errors.

    Args:
        strict: use OpenAI's strict mode, in which every argument is written out, with null for what is not given.
        approver: name of the person who decides on calls that need an approval. Such a call interrupts the run; `state.approve` and
            `state.reject` of its interruptions decide. A call whose record decides whether it needs one does not interrupt: the model
            reads that it should repeat it later, as for all calls by default.
        options: see above.

    Raises:
        ImportError: `openai-agents` is not installed.
        InvalidInput: an option is wrong.
    """
    require("agents", "openai-agents")
    return [_tool(one, strict, approver_of(one, approver)) for one in toolbox(**options)]


def _tool(tool: Tool, strict: bool, approver: Approver | None) -> FunctionTool:
    from agents import FunctionTool

    async def invoke(context: Any, arguments: str) -> str:
        try:
            given = json.loads(arguments or "{}")
        except json.JSONDecodeError as error:
            return f"The arguments are not JSON: {error.msg} at character {error.pos}. Write them again."
        if strict and isinstance(given, dict):
            given = formats.from_strict(tool, given)
        result = await tool.acall(given)
        if approver is not None and result.pending and context.is_tool_approved(tool.name, context.tool_call_id):
            result = await approver.adecide(result, approved=True) or await tool.acall(given)
        return result.text

    async def needs_approval(context: Any, arguments: dict[str, Any], call_id: str) -> bool:
        return await tool.aneeds_approval(formats.from_strict(tool, arguments) if strict else arguments)

    definition = (formats.openai_strict if strict else formats.openai)(tool)["function"]
    return FunctionTool(
        name=tool.name,
        description=tool.description,
        params_json_schema=definition["parameters"],
        on_invoke_tool=invoke,
        strict_json_schema=strict,
        needs_approval=needs_approval if approver is not None else False,
    )
