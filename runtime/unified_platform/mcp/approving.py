"""Approvals asked for in the client: its user sees exactly what would be done, and decides (MCP, Elicitation).

Until revision 2025-11-25 the server asks while the call waits. From 2026-07-28 on the answer of the call says what is asked, and the
client calls again with the answer; what it hands back of ours is sealed (`RequestStateBoundary`), so it can only be an approval that this
server asked for, of the same call.
"""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from mcp.server.context import ServerRequestContext
from mcp_types import (
    CallToolRequestParams,
    ElicitationCapability,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from unified_platform.control.approvals import Approval, ApprovalStore
from unified_platform.control.telling import text
from unified_platform.tools import Result

Verdict = Literal["approved", "declined", "undecided"]

_KEY = "approval"
_FORM = {
    "type": "object",
    "properties": {"approve": {"type": "boolean", "title": "Approve exactly this call, once"}},
    "required": ["approve"],
}


class Approving:
    """Asks a client's user for approvals.

    Args:
        store: where approvals are kept.
    """

    def __init__(self, store: ApprovalStore) -> None:
        self._store = store

    def can_ask(self, ctx: ServerRequestContext[Any, Any]) -> bool:
        """Whether the client shows forms to its user."""
        capabilities = ctx.session.client_capabilities
        asked: ElicitationCapability | None = capabilities.elicitation if capabilities is not None else None
        # One that names no mode has forms; see the capability's definition.
        return asked is not None and (asked.form is not None or asked.url is None)

    async def ask(self, ctx: ServerRequestContext[Any, Any], id: str, approver: str) -> Verdict | InputRequiredResult:
        """Ask for the approval: what the client's user says, or the answer of the call that makes the client ask.

        Raises:
            UnifiedError: it was decided or altered meanwhile, or the approver may not decide.
        """
        message = _message(await asyncio.to_thread(self._store.get, id))
        if ctx.protocol_version in MODERN_PROTOCOL_VERSIONS:
            request = ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=_FORM))
            return InputRequiredResult(input_requests={_KEY: request}, request_state=id)
        answer = await ctx.session.elicit_form(message, _FORM, related_request_id=ctx.request_id)
        return await self._decided(id, answer, approver)

    async def answered(self, params: CallToolRequestParams, approver: str) -> Verdict | None:
        """What the client's user says to what an earlier answer asked for; None where the call answers nothing."""
        answer = (params.input_responses or {}).get(_KEY)
        if params.request_state is None or not isinstance(answer, ElicitResult):
            return None
        return await self._decided(params.request_state, answer, approver)

    async def _decided(self, id: str, answer: ElicitResult, approver: str) -> Verdict:
        if answer.action == "cancel":
            return "undecided"
        given = answer.action == "accept" and (answer.content or {}).get("approve") is True
        decide = self._store.approve if given else self._store.deny
        await asyncio.to_thread(decide, id, by=approver, note="in the MCP client")
        return "approved" if given else "declined"


def refusal(verdict: Verdict) -> Result:
    """What a call that was not approved comes to."""
    if verdict == "declined":
        return Result("The user was asked, and does not approve of this call. Do not try to get around it.", failed=True, error="Denied")
    return Result(
        "The user was asked to approve this call and has not decided. Tell them that it waits, and do not repeat it unless they say so.",
        failed=True,
        error="ApprovalRequired",
    )


def _message(approval: Approval) -> str:
    return f"{approval.claim.agent or 'The agent'} asks for your approval.\n\n{text(approval)}"
