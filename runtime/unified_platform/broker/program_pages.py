"""Pages of programs below `/dashboard/programs`: their source, their calls, and what they wait for, where people approve and cancel."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from unified_platform.approvals.review import of_record, parties
from unified_platform.approvals.store import Approval, ApprovalStore
from unified_platform.broker.sessions import LoginSessions
from unified_platform.broker.web_pages import Site, html_errors
from unified_platform.programs import ProgramStore
from unified_platform.programs.store import Program
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, NotFound, UnifiedError
from unified_runtime.policy.approvals import AuditLog

PATH = "/dashboard/programs"
STATES = ("paused", "running", "completed", "failed", "canceled")
_MOST = 200
"""Programs of one page."""
_NOTE = 500
"""Maximum characters of a note."""


class ProgramPages(Site):
    """Pages of programs.

    Args:
        address: URL of the broker for people; forms must come from it.
        people: login links and sessions.
        store: the programs.
        approvals: approvals that they wait for.
        tenant: tenant whose programs are shown.
        audit: records who canceled a program.
        sections: pages linked from every page.
    """

    def __init__(
        self,
        address: str,
        people: LoginSessions,
        store: ProgramStore,
        approvals: ApprovalStore,
        tenant: str,
        *,
        audit: AuditLog | None = None,
        provider_name: str | None = None,
        sections: Mapping[str, str],
    ) -> None:
        super().__init__(address, people, provider_name, sections)
        self._store = store
        self._approvals = approvals
        self._tenant = tenant
        self._audit = audit

    def routes(self) -> list[Route]:
        return [
            Route(PATH, self.programs, methods=["GET"]),
            Route(f"{PATH}/{{id}}", self.program, methods=["GET"]),
            Route(f"{PATH}/{{id}}", self.decide, methods=["POST"]),
        ]

    @html_errors
    async def programs(self, request: Request) -> Response:
        person, session = await self.person(request)
        state = request.query_params.get("state", "")
        chosen = state if state in STATES else None
        found = await asyncio.to_thread(self._store.list, chosen, tenant=self._tenant, limit=_MOST + 1)
        shown, more = found[:_MOST], len(found) > _MOST
        return self.page("dashboard/programs.html", person, session, section=PATH, programs=shown, more=more, states=STATES, chosen=chosen)

    @html_errors
    async def program(self, request: Request) -> Response:
        person, session = await self.person(request)
        return await self._shown(request.path_params["id"], person, session)

    @html_errors
    async def decide(self, request: Request) -> Response:
        person, session, form = await self.posted(request)
        id, decision = request.path_params["id"], form.get("decision", "")
        found = await asyncio.to_thread(self._store.get, id, self._tenant)
        try:
            if decision == "cancel":
                await asyncio.to_thread(self._cancel, found, person)
            else:
                await asyncio.to_thread(self._decide, found, decision, person, form.get("note", "").strip()[:_NOTE] or None)
        except NotFound:
            raise
        except UnifiedError as error:
            return await self._shown(id, person, session, status=409, wrong=error.message)
        return RedirectResponse(f"{self.root}{PATH}/{found.id}", 303)

    # ------------------------------------------------------------------------------------------------ parts
    def _decide(self, found: Program, decision: str, person: str, note: str | None) -> None:
        decide = {"approve": self._approvals.approve, "deny": self._approvals.deny}.get(decision)
        if decide is None:
            raise InvalidInput("a decision is approve, deny or cancel")
        if found.status != "paused" or not found.approval:
            raise InvalidInput(f"program {found.id} waits for no approval")
        decide(found.approval, by=person, note=note)

    def _cancel(self, found: Program, person: str) -> None:
        self._store.cancel(found.id)
        if self._audit is not None:
            who = {"by": person, "tenant": found.tenant, "agent": found.agent, "user": found.user}
            named = {name: value for name, value in who.items() if value is not None}
            entry = {"time": datetime.now(UTC).isoformat(), "kind": "program_canceled", **named}
            self._audit.append({**entry, "program": {"id": found.id, "hash": found.hash, "line": found.line}})

    async def _shown(self, id: str, person: str, session: Secret, *, status: int = 200, wrong: str | None = None) -> Response:
        trace = await asyncio.to_thread(self._trace, id)
        return self.page("dashboard/program.html", person, session, section=PATH, status=status, wrong=wrong, **trace)

    def _trace(self, id: str) -> dict[str, Any]:
        """Return the parts of a program's page."""
        found = self._store.get(id, self._tenant)
        approval = self._approval(found)
        return {
            "program": found,
            "lines": list(enumerate(found.content.code.splitlines(), 1)),
            "calls": [(number, entry) for number, entry in sorted(self._store.entries(found.id).items()) if number > 0],
            "one": approval,
            "parties": parties(approval.subject) if approval is not None else (),
            "record": of_record(approval.subject) if approval is not None else (),
            "decided_at": f"{self.root}{PATH}/{found.id}",
        }

    def _approval(self, found: Program) -> Approval | None:
        if not found.approval or found.status != "paused":
            return None
        try:
            return self._approvals.get(found.approval)
        except NotFound:
            return None
