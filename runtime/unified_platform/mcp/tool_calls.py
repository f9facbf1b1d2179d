"""`tools/list` and `tools/call`: list and call the tools of a client."""

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

from unified_platform.mcp.elicitation import ApprovalElicitation, Verdict, refusal
from unified_platform.mcp.pagination import page
from unified_platform.mcp.profiles import Profile, Profiles, Toolboxes
from unified_platform.mcp.progress import reporting
from unified_platform.tools import DEFINITIONS, Discovery, Result, definitions, formats
from unified_platform.tools.page_collector import Progress
from unified_platform.tools.results import sentence
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.suggestions import did_you_mean

Called = CallToolResult | InputRequiredResult

UNTRUSTED = "unified-apis/untrusted"
"""Key in a result's `_meta`: the vendor that wrote the text in `structuredContent`, and JSON Pointers to the parts with it."""


class ToolCalls:
    """Lists and calls the tools of each client.

    Args:
        toolboxes, profiles: source of the tools.
        approving: requests approvals, if a profile names an approver.
        search: offer `search_tools`, `describe_tool` and `call_tool` instead of every tool.
        size: tools of a page.
    """

    def __init__(self, toolboxes: Toolboxes, profiles: Profiles, approving: ApprovalElicitation | None, *, search: bool, size: int) -> None:
        self._toolboxes = toolboxes
        self._profiles = profiles
        self._approving = approving
        self._search = search
        self._size = size

    async def list(self, ctx: ServerRequestContext[Any, Any], params: PaginatedRequestParams | None) -> ListToolsResult:
        """Return a page of the client's current tools."""
        if self._search:
            return ListToolsResult(tools=[_discovery(one) for one in DEFINITIONS])
        box = await self._toolboxes.of(self._profiles(ctx))
        order = tuple(dict.fromkeys((*definitions(), *box.names)))  # those of toolkits follow the catalog's
        shown, cursor = page(list(box), lambda tool: tool.name, order, params, self._size)
        return ListToolsResult(tools=[Tool.model_validate(formats.mcp(tool)) for tool in shown], next_cursor=cursor)

    async def call(self, ctx: ServerRequestContext[Any, Any], params: CallToolRequestParams) -> Called:
        """Call a tool. An error that a model can fix is a result; a tool that does not exist is an error of the protocol.

        Raises:
            MCPError: there is no such tool.
        """
        profile = self._profiles(ctx)
        async with reporting(ctx) as progress:
            if self._approving is None or profile.approver is None:
                return _tool_result(await self._called(profile, params, progress))
            try:
                return await self._approved(self._approving, ctx, params, profile, progress)
            except UnifiedError as error:
                return _tool_result(Result(sentence(f"It could not be approved: {error.message}"), failed=True, error=type(error).__name__))

    async def _approved(
        self,
        approving: ApprovalElicitation,
        ctx: ServerRequestContext[Any, Any],
        params: CallToolRequestParams,
        profile: Profile,
        progress: Progress,
    ) -> Called:
        """Call a tool; if it needs an approval, prompt the client's user."""
        verdict: Verdict | InputRequiredResult | None = await approving.verdict_of(params, profile)
        if verdict is None:
            result = await self._called(profile, params, progress)
            if result.approval is None or not approving.can_ask(ctx):
                return _tool_result(result)
            verdict = await approving.ask(ctx, result.approval, profile)
        if isinstance(verdict, InputRequiredResult):
            return verdict
        return _tool_result(await self._called(profile, params, progress) if verdict == "approved" else refusal(verdict))

    async def _called(self, profile: Profile, params: CallToolRequestParams, progress: Progress) -> Result:
        result = await self._made(profile, params, progress)
        return result if profile.clean is None else profile.clean(profile, result)

    async def _made(self, profile: Profile, params: CallToolRequestParams, progress: Progress) -> Result:
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


def _tool_result(result: Result) -> CallToolResult:
    content: list[Any] = [TextContent(text=result.text)]
    marks = {UNTRUSTED: {"from": result.source, "paths": [*result.untrusted]}} if result.untrusted else None
    data = result.data if isinstance(result.data, dict) else None  # the protocol has objects only; the text has any value
    return CallToolResult(content=content, structured_content=data, is_error=result.failed, _meta=marks)


def _discovery(definition: Any) -> Tool:
    name = definition["name"]
    hints = {"readOnlyHint": name != "call_tool", "destructiveHint": name == "call_tool", "openWorldHint": name == "call_tool"}
    schema = {**definition["parameters"], "additionalProperties": False}
    return Tool.model_validate({"name": name, "description": definition["description"], "inputSchema": schema, "annotations": hints})
