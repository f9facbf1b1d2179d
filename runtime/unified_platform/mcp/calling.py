"""`tools/list` and `tools/call`."""

from __future__ import annotations

from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    InputRequiredResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
)

from unified_platform.mcp.approving import Approving
from unified_platform.mcp.pages import page
from unified_platform.mcp.profiles import Profile, Profiles, Toolboxes
from unified_platform.mcp.progressing import reporting
from unified_platform.tools import DEFINITIONS, Discovery, Result, definitions, dialects
from unified_platform.tools.gathering import Progress
from unified_runtime.suggest import did_you_mean

Called = CallToolResult | InputRequiredResult


class Calling:
    """The tools of each client, and calls of them.

    Args:
        toolboxes, profiles: whose tools there are.
        approving: asks for approvals, where a profile names who gives them.
        search: offer `search_tools`, `describe_tool` and `call_tool` instead of every tool.
        size: tools of a page.
    """

    def __init__(self, toolboxes: Toolboxes, profiles: Profiles, approving: Approving | None, *, search: bool, size: int) -> None:
        self._toolboxes = toolboxes
        self._profiles = profiles
        self._approving = approving
        self._search = search
        self._size = size

    async def list(self, ctx: ServerRequestContext[Any, Any], params: PaginatedRequestParams | None) -> ListToolsResult:
        """A page of the tools that the client has now."""
        if self._search:
            return ListToolsResult(tools=[_discovery(one) for one in DEFINITIONS])
        box = await self._toolboxes.of(self._profiles(ctx))
        shown, cursor = page(list(box), lambda tool: tool.name, tuple(definitions()), params, self._size)
        return ListToolsResult(tools=[Tool.model_validate(dialects.mcp(tool)) for tool in shown], next_cursor=cursor)

    async def call(self, ctx: ServerRequestContext[Any, Any], params: CallToolRequestParams) -> Called:
        """Call a tool. What a model can mend is a result; a tool that does not exist is an error of the protocol.

        Raises:
            MCPError: there is no such tool.
        """
        profile = self._profiles(ctx)
        approving = self._approving if profile.approver is not None else None
        if approving is not None and profile.approver is not None:
            await approving.answered(params, profile.approver)
        async with reporting(ctx) as progress:
            result = await self._called(profile, params, progress)
            if result.approval and approving is not None and profile.approver is not None and approving.can_ask(ctx):
                given = await approving.ask(ctx, result.approval, profile.approver)
                if isinstance(given, InputRequiredResult):
                    return given
                if given:
                    result = await self._called(profile, params, progress)
        return _told(result)

    async def _called(self, profile: Profile, params: CallToolRequestParams, progress: Progress) -> Result:
        arguments: dict[str, Any] = params.arguments or {}
        box = await self._toolboxes.of(profile)
        if self._search:
            found = Discovery(box, await self._toolboxes.search(profile))
            if params.name not in {one["name"] for one in DEFINITIONS}:
                raise _unknown(params.name, [one["name"] for one in DEFINITIONS])
            return await found.acall(params.name, arguments, progress=progress)
        try:
            tool = box[params.name]
        except KeyError:
            raise _unknown(params.name, box.names) from None
        return await tool.acall(arguments, progress=progress)


def _unknown(name: str, names: Any) -> MCPError:
    return MCPError(INVALID_PARAMS, f"Unknown tool: {name}{did_you_mean(name, names)}")


def _told(result: Result) -> CallToolResult:
    content: list[Any] = [TextContent(text=result.text)]
    return CallToolResult(content=content, structured_content=result.data, is_error=result.failed)


def _discovery(definition: Any) -> Tool:
    name = definition["name"]
    hints = {"readOnlyHint": name != "call_tool", "destructiveHint": name == "call_tool", "openWorldHint": name == "call_tool"}
    schema = {**definition["parameters"], "additionalProperties": False}
    return Tool.model_validate({"name": name, "description": definition["description"], "inputSchema": schema, "annotations": hints})
