"""The broker's dashboard: what calls come to, what is about to break, and the story of each call, for those who are logged in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from unified_platform.broker import charts
from unified_platform.broker.people import NotLoggedIn, People
from unified_platform.broker.reconnecting import CONNECTED, Reconnecting
from unified_platform.broker.site import Site, told
from unified_platform.control.approvals import ApprovalStore
from unified_platform.usage.entries import DAY, HOUR
from unified_platform.usage.finding import NAMES, Finding
from unified_platform.usage.ledger import UsageLedger
from unified_platform.usage.quotas import Spent, StoredQuotas, left
from unified_platform.usage.searching import Search
from unified_platform.usage.totals import Only, Totals
from unified_platform.vault.interface import Vault
from unified_platform.vault.records import ConnectionRecord, Damage, Status
from unified_platform.vault.source import how_to_connect
from unified_runtime.control.claims import AuditLog
from unified_runtime.errors import NotFound
from unified_runtime.observing import AttemptRecord, CallRecord

SECTIONS = {
    "/dashboard": "Overview",
    "/dashboard/calls": "Calls",
    "/dashboard/tools": "Tools",
    "/dashboard/agents": "Agents",
    "/dashboard/connections": "Connections",
    "/approvals": "Approvals",
}
"""The pages that all link to."""

_ENDING = 24 * 3600.0
"""Seconds before its end from which a connection that nothing renews is shown as ending."""

_FEW = 8
"""Rows of a table that has a page of its own."""


@dataclass(frozen=True, slots=True)
class Range:
    """Days that are looked at: how many, and the hours of one bar."""

    name: str
    title: str
    days: int
    step: int

    def since(self, now: float) -> int:
        """The first of the days, today the last."""
        return int(now // DAY) - self.days + 1


RANGES = (Range("day", "Today", 1, 1), Range("week", "7 days", 7, 6), Range("month", "30 days", 30, 24))


@dataclass(frozen=True, slots=True)
class Health:
    """A connection and how it is: `good`, `ending`, `broken` or `ended`, with what to know and to do: a command, or a link's path."""

    record: ConnectionRecord | Damage
    state: str
    told: str
    command: str | None
    link: str | None = None


class Dashboard(Site):
    """The pages below `/dashboard`.

    Args:
        address: where people reach the broker.
        store: links and sessions.
        usage: what calls came to.
        vault: whose connections are shown.
        approvals: of which it is told how many wait.
        quotas: of agents, where there are any.
        reconnecting: by which connections are renewed from here, if they are.
        audit: is told who renewed one.
        clock: the time of now, in seconds since 1970.
    """

    def __init__(
        self,
        address: str,
        store: People,
        usage: UsageLedger,
        vault: Vault,
        approvals: ApprovalStore,
        *,
        quotas: StoredQuotas | None = None,
        reconnecting: Reconnecting | None = None,
        audit: AuditLog | None = None,
        provider_name: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(address, store, provider_name, SECTIONS)
        self._usage = usage
        self._totals = Totals(usage.database)
        self._finding = Finding(usage.database)
        self._search = Search(usage.database)
        self._vault = vault
        self._approvals = approvals
        self._quotas = quotas
        self._reconnecting = reconnecting
        self._audit = audit
        self._clock = clock

    def routes(self) -> list[Route]:
        get = ["GET"]
        return [
            Route("/dashboard", self.overview, methods=get),
            Route("/dashboard/calls", self.calls, methods=get),
            Route("/dashboard/calls/{id}", self.story, methods=get),
            Route("/dashboard/tools", self.tools, methods=get),
            Route("/dashboard/agents", self.agents, methods=get),
            Route("/dashboard/connections", self.connections, methods=get),
            Route("/dashboard/connections/{id}/connect", self.connect, methods=get),
            Route(CONNECTED, self.connected, methods=get),
        ]

    # ------------------------------------------------------------------------------------------------ pages
    @told
    async def overview(self, request: Request) -> Response:
        chosen = _range(request)

        def read() -> Mapping[str, Any]:
            now = self._clock()
            only = Only(since=chosen.since(now))
            began = only.since * DAY
            moments = self._totals.moments(began, now, chosen.step)
            whole, tools = self._totals.whole_by(("tool", "vendor"), only)
            return {
                "whole": whole,
                "moments": moments,
                "chart": charts.bars(moments, chosen.step),
                "narrow": charts.bars(moments, chosen.step, charts.NARROW),
                "outcomes": self._totals.outcomes(began, now),
                "tools": tools[:_FEW],
                "more_tools": max(0, len(tools) - _FEW),
                "agents": self._totals.by(("agent",), only, durations=False)[:_FEW],
                "spent": self._nearly(),
                "recent": self._finding.newest(count=_FEW).calls,
                "waiting": self._approvals.waiting(),
                "lost": self._totals.lost(began),
            }

        return await self._shown(request, "overview", "/dashboard", chosen, read)

    @told
    async def tools(self, request: Request) -> Response:
        chosen = _range(request)

        def read() -> Mapping[str, Any]:
            tools = self._totals.by(("tool", "vendor"), Only(since=chosen.since(self._clock())))
            return {"tools": tools, "slowest": max((one.p99 or 0.0 for one in tools), default=0.0)}

        return await self._shown(request, "tools", "/dashboard/tools", chosen, read)

    @told
    async def agents(self, request: Request) -> Response:
        chosen = _range(request)

        def read() -> Mapping[str, Any]:
            agents = self._totals.by(("agent",), Only(since=chosen.since(self._clock())))
            quotas: dict[str, list[Spent]] = {}
            for one in self._spent():
                quotas.setdefault(one.agent, []).append(one)
            return {
                "agents": agents,
                "quotas": quotas,
                "idle": [name for name in quotas if name not in {one.names["agent"] for one in agents}],
            }

        return await self._shown(request, "agents", "/dashboard/agents", chosen, read)

    @told
    async def connections(self, request: Request) -> Response:
        def read() -> Mapping[str, Any]:
            now = self._clock()
            found = self._vault.list()
            healths = [_damaged(one) for one in found.damaged] + [self._linked(_health(one, now)) for one in found.records]
            order = ("broken", "ending", "good", "ended")
            healths.sort(key=lambda one: (order.index(one.state), str(one.record.place)))
            counts = {state: sum(one.state == state for one in healths) for state in order}
            return {"healths": healths, "counts": counts, "vendors": self._totals.vendors(now - 24 * HOUR, now)}

        return await self._shown(request, "connections", "/dashboard/connections", None, read)

    @told
    async def connect(self, request: Request) -> Response:
        """To the vendor's consent page. Nothing changes by it but that it may be come back from."""
        await self.person(request)
        record = await asyncio.to_thread(self._vault.get, request.path_params["id"])
        started = await self._renewing().begin(record)
        response = RedirectResponse(started.authorization_url, 303)
        response.set_cookie(self.connecting_cookie, started.state, max_age=600, **self.cookie)
        return response

    @told
    async def connected(self, request: Request) -> Response:
        """Back from the consent page: in the browser that went there, with the same person logged in to it."""
        person, _ = await self.person(request)
        state = request.cookies.get(self.connecting_cookie)
        if not state:
            raise NotLoggedIn("this browser has not begun to connect anything, or did so too long ago: begin again")
        record = await self._renewing().finish(request.url.query, state)
        if self._audit is not None:
            place = record.place
            entry = {"time": datetime.now(UTC).isoformat(), "kind": "connected", "by": person, "vendor": place.vendor, "user": place.user}
            await asyncio.to_thread(self._audit.append, entry | {"team": place.team, "connection": record.id})
        response = RedirectResponse(f"{self.root}/dashboard/connections", 303)
        response.delete_cookie(self.connecting_cookie, **self.cookie)
        return response

    @told
    async def calls(self, request: Request) -> Response:
        given = {name: request.query_params.get(name, "").strip()[:200] for name in (*NAMES, "q", "before")}
        only = {name: given[name] for name in NAMES if given[name]}

        def read() -> Mapping[str, Any]:
            day = int(self._clock() // DAY)
            known = {
                name: [one.names[name] for one in self._totals.by((name,), Only(since=day - 30), durations=False)[:200]]
                for name in ("agent", "tool", "vendor")
            }
            before, wanted = given["before"] or None, given["q"]
            page = self._search.find(wanted, before=before) if wanted else self._finding.newest(only, before=before)
            asked = {"q": wanted} if wanted else only
            older = None if page.older is None else urlencode({**asked, "before": page.older})
            return {
                "given": given,
                "known": known,
                "calls": page.calls,
                "older": older,
                "looked_to": page.looked_to,
                "newest": urlencode(asked),
            }

        return await self._shown(request, "calls", "/dashboard/calls", None, read)

    @told
    async def story(self, request: Request) -> Response:
        def read() -> Mapping[str, Any]:
            found = self._finding.story(request.path_params["id"])
            story: dict[str, Any] = {**dict.fromkeys(CallRecord.__struct_fields__), **found.told}
            story["attempts"] = [dict.fromkeys(AttemptRecord.__struct_fields__) | one for one in found.told["attempts"]]
            return {"call": found.call, "story": story, "spans": charts.spans(story)}

        return await self._shown(request, "call", "/dashboard/calls", None, read)

    # ------------------------------------------------------------------------------------------------ parts
    async def _shown(
        self, request: Request, name: str, section: str, chosen: Range | None, read: Callable[[], Mapping[str, Any]]
    ) -> Response:
        """The page of what is read, for somebody who is logged in."""
        person, session = await self.person(request)
        told = await asyncio.to_thread(read)
        shared: dict[str, Any] = {"ranges": RANGES, "chosen": chosen, "currency": self._usage.currency, "left": left}
        return self.page(f"dashboard/{name}.html", person, session, section=section, **shared, **told)

    def _renewing(self) -> Reconnecting:
        if self._reconnecting is None:
            raise NotFound("connections are not renewed from here")
        return self._reconnecting

    def _linked(self, one: Health) -> Health:
        if one.command is None or self._reconnecting is None or not isinstance(one.record, ConnectionRecord):
            return one
        if not self._reconnecting.offers(one.record):
            return one
        return replace(one, link=f"/dashboard/connections/{one.record.id}/connect")

    def _spent(self) -> Sequence[Spent]:
        return () if self._quotas is None else self._quotas.spent()

    def _nearly(self) -> Sequence[Spent]:
        """The quotas of which least is left."""
        return sorted(self._spent(), key=left)[:_FEW]


def _range(request: Request) -> Range:
    wanted = request.query_params.get("range")
    return next((one for one in RANGES if one.name == wanted), RANGES[1])


def _damaged(one: Damage) -> Health:
    return Health(one, "broken", one.what, how_to_connect(one.place))


def _health(one: ConnectionRecord, now: float) -> Health:
    command = how_to_connect(one.place)
    if one.status is Status.NEEDS_USER:
        return Health(one, "broken", one.reason or "the vendor no longer takes its tokens", command)
    if one.status is Status.REVOKED:
        return Health(one, "ended", one.reason or "it was ended on purpose", command)
    renewed = "refresh_token" in one.secrets
    if one.expires_at is not None and not renewed and one.expires_at < now + _ENDING:
        return Health(one, "ending" if one.expires_at > now else "broken", "its token ends and nothing renews it", command)
    return Health(one, "good", "tokens are renewed by themselves" if renewed else "", None)
