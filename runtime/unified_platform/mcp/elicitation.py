"""Approval requests in the MCP client: its user sees exactly the call to be made, and decides (MCP, Elicitation).

Until revision 2025-11-25 the server sends the request while the call waits. From 2026-07-28 on the response of the call contains it, and
the client calls again with the user's decision. The state that the client returns is sealed (`RequestStateBoundary`), so it can only be
a decision on a request of this server, for the same call.
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

from unified_platform.approvals.review import text
from unified_platform.approvals.store import Approval, ApprovalStore
from unified_platform.common.invisible_text import visible
from unified_platform.mcp.profiles import Profile
from unified_platform.tools import Result
from unified_runtime.core.errors import Denied

Verdict = Literal["approved", "declined", "undecided"]

_KEY = "approval"
_FORM = {
    "type": "object",
    "properties": {"approve": {"type": "boolean", "title": "Approve exactly this call, once"}},
    "required": ["approve"],
}


class ApprovalElicitation:
    """Requests approvals from a client's user.

    Args:
        store: store of approvals.
    """

    def __init__(self, store: ApprovalStore) -> None:
        self._store = store

    def can_ask(self, ctx: ServerRequestContext[Any, Any]) -> bool:
        """Return whether the client shows forms to its user."""
        capabilities = ctx.session.client_capabilities
        requested: ElicitationCapability | None = capabilities.elicitation if capabilities is not None else None
        # A client that names no mode has forms; see the capability's definition.
        return requested is not None and (requested.form is not None or requested.url is None)

    async def ask(self, ctx: ServerRequestContext[Any, Any], id: str, profile: Profile) -> Verdict | InputRequiredResult:
        """Request the approval. Return the user's verdict, or the response of the call with the request for the client.

        Raises:
            UnifiedError: it was decided or changed meanwhile, or the approver may not decide.
        """
        message = _message(await asyncio.to_thread(self._store.get, id))
        if ctx.protocol_version in MODERN_PROTOCOL_VERSIONS:
            request = ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=_FORM))
            return InputRequiredResult(input_requests={_KEY: request}, request_state=id)
        response = await ctx.session.elicit_form(message, _FORM, related_request_id=ctx.request_id)
        return await self._decided(id, response, profile)

    async def verdict_of(self, params: CallToolRequestParams, profile: Profile) -> Verdict | None:
        """Return the user's verdict on an earlier request; None if the call has none."""
        response = (params.input_responses or {}).get(_KEY)
        if params.request_state is None or not isinstance(response, ElicitResult):
            return None
        return await self._decided(params.request_state, response, profile)

    async def _decided(self, id: str, reply: ElicitResult, profile: Profile) -> Verdict:
        subject = (await asyncio.to_thread(self._store.get, id)).subject
        if profile.approver is None or (subject.agent, subject.user, subject.team) != (profile.agent, profile.user, profile.team):
            raise Denied("this approval is of another agent or user, and cannot be decided in this client")
        if reply.action == "cancel":
            return "undecided"
        given = reply.action == "accept" and (reply.content or {}).get("approve") is True
        decide = self._store.approve if given else self._store.deny
        await asyncio.to_thread(decide, id, by=profile.approver, note="in the MCP client")
        return "approved" if given else "declined"


def refusal(verdict: Verdict) -> Result:
    """Return the result of a call that was not approved."""
    if verdict == "declined":
        return Result("The user denied this call. Do not try to get around it.", failed=True, error="Denied")
    return Result(
        "The user has not decided yet whether to approve this call. Mention that it waits, and repeat it only on request of the user.",
        failed=True,
        error="ApprovalRequired",
    )


def _message(approval: Approval) -> str:
    return f"{visible(approval.subject.agent or 'The agent')} requests your approval.\n\n{text(approval)}"
