"""Approvals inside a framework: its human-in-the-loop shows a call to a person, whose decision is recorded before the call is repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from unified_platform.approvals.review import text
from unified_platform.approvals.store import ApprovalStore
from unified_platform.tools import Result, Tool
from unified_runtime import InvalidInput, UnifiedError
from unified_runtime.client import current


class Approver:
    """Person who decides on the calls of a tool inside the agent's framework.

    Args:
        tool: the tool.
        name: name of the person, for the approval and the audit log.
    """

    def __init__(self, tool: Tool, name: str) -> None:
        if not name.strip():
            raise InvalidInput("approver: name the person who decides")
        self._tool = tool
        self._name = name

    def request(self, result: Result, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is shown to the person about a call that needs an approval: its tool, arguments and description."""
        store = self._store()
        shown = result.text if store is None or result.approval is None else text(store.get(result.approval))
        return {"name": self._tool.name, "args": dict(arguments), "description": shown, "approval": result.approval}

    async def arequest(self, result: Result, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is shown to the person, for async code; see `request`."""
        return await asyncio.to_thread(self.request, result, arguments)

    def decide(self, result: Result, *, approved: bool) -> Result | None:
        """Record the decision on a call that needs an approval. Returns None, or the result with an error if it could not be recorded.

        The calls of a broker are decided on its pages: nothing is recorded here, and the repeated call reports whether it was approved.
        """
        store = self._store()
        if store is None or result.approval is None:
            return None
        try:
            (store.approve if approved else store.deny)(result.approval, by=self._name, note="in the agent's framework")
        except UnifiedError as error:
            return self._tool.failure(error)
        return None

    async def adecide(self, result: Result, *, approved: bool) -> Result | None:
        """Record the decision, for async code; see `decide`."""
        return await asyncio.to_thread(self.decide, result, approved=approved)

    def _store(self) -> ApprovalStore | None:
        setting = self._tool.setting
        policy = (setting.async_client or setting.client or current.client()).policy
        store = policy.approvals if policy is not None else None
        return store if isinstance(store, ApprovalStore) else None


DENIED = "The user denied this call. Do not try to get around it."
"""Text for the model about a call that was not approved."""


def approver_of(tool: Tool, name: str | None) -> Approver | None:
    """Return the person who decides on a tool's calls; None for a tool that pauses by itself, or without a name.

    Raises:
        InvalidInput: the name is empty.
    """
    return None if name is None or tool.pauses else Approver(tool, name)
