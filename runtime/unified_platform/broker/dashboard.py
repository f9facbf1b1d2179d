"""Dashboard of the broker: usage, connections that need attention, and the timeline of each call, for logged-in people."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from unified_platform.approvals.store import ApprovalStore
from unified_platform.broker import charts, sessions
from unified_platform.broker.reconnect import CONNECTED, Reconnect
from unified_platform.broker.sessions import LoginSessions, NotLoggedIn
from unified_platform.broker.web_pages import Site, html_errors
from unified_platform.connections.protocols import Vault
from unified_platform.connections.records import ConnectionRecord, DamagedConnection, Status, connect_command
from unified_platform.oauth.errors import AccountMismatch
from unified_platform.usage.call_search import CallSearch
from unified_platform.usage.calls import NAMES, CallLog
from unified_platform.usage.entries import DAY, HOUR
from unified_platform.usage.quota_store import QuotaStore, QuotaUsage, left
from unified_platform.usage.store import UsageStore
from unified_platform.usage.totals import Totals, UsageFilter
from unified_runtime.core.errors import InvalidInput, NotFound
from unified_runtime.core.observers import AttemptRecord, CallRecord
from unified_runtime.policy.approvals import AuditLog

SECTIONS = {
    "/dashboard": "Overview",
    "/dashboard/calls": "Calls",
    "/dashboard/tools": "Tools",
    "/dashboard/agents": "Agents",
    "/dashboard/connections": "Connections",
    "/approvals": "Approvals",
}
"""Pages linked from every page."""

WITH_PROGRAMS = {**SECTIONS, "/dashboard/programs": "Programs"}
"""Pages of a broker that runs programs."""

_ENDING = 24 * 3600.0
"""A connection without automatic refresh is shown as ending this many seconds before it expires."""

_FEW = 8
"""Rows of a table that also has its own page."""


@dataclass(frozen=True, slots=True)
class Range:
    """Number of days, and hours of one bar."""

    name: str
    title: str
    days: int
    step: int

    def since(self, now: float) -> int:
        """Return the first of these days, as days since 1970; the last is today."""
        return int(now // DAY) - self.days + 1


RANGES = (Range("day", "Today", 1, 1), Range("week", "7 days", 7, 6), Range("month", "30 days", 30, 24))


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """State of a connection: `good`, `ending`, `broken` or `ended`, with a note and a remedy: a command, or a form's path."""

    record: ConnectionRecord | DamagedConnection
    state: str
    note: str
    command: str | None
    link: str | None = None


class Dashboard(Site):
    """Pages below `/dashboard`.

    Args:
        address: URL of the broker for people.
        store: login links and sessions.
        usage: usage store.
        vault: vault of the connections; calls and quotas are those of its tenant.
        approvals: counts waiting approvals.
        quotas: quotas of agents; None if there are none.
        reconnecting: reconnects connections; None if that is not offered.
        audit: records who reconnected a connection.
        sections: pages linked from every page.
        clock: current time in seconds since 1970.
    """

    def __init__(
        self,
        address: str,
        store: LoginSessions,
        usage: UsageStore,
        vault: Vault,
        approvals: ApprovalStore,
        *,
        quotas: QuotaStore | None = None,
        reconnecting: Reconnect | None = None,
        audit: AuditLog | None = None,
        provider_name: str | None = None,
        sections: Mapping[str, str] = SECTIONS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(address, store, provider_name, sections)
        self._usage = usage
        self._totals = Totals(usage.database, vault.tenant)
        self._finding = CallLog(usage.database, vault.tenant)
        self._search = CallSearch(usage.database, vault.tenant)
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
            Route("/dashboard/connections/{id}/connect", self.connect, methods=["POST"]),
            Route(CONNECTED, self.connected, methods=get),
        ]

    # ------------------------------------------------------------------------------------------------ pages
    @html_errors
    async def overview(self, request: Request) -> Response:
        chosen = _range(request)

        def read() -> Mapping[str, Any]:
            now = self._clock()
            only = UsageFilter(since=chosen.since(now))
            began = only.since * DAY
            times = self._totals.times(began, now, chosen.step)
            complete, tools = self._totals.total_by(("tool", "vendor"), only)
            return {
                "whole": complete,
                "moments": times,
                "chart": charts.bars(times, chosen.step),
                "narrow": charts.bars(times, chosen.step, charts.NARROW),
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

    @html_errors
    async def tools(self, request: Request) -> Response:
        chosen = _range(request)

        def read() -> Mapping[str, Any]:
            tools = self._totals.by(("tool", "vendor"), UsageFilter(since=chosen.since(self._clock())))
            return {"tools": tools, "slowest": max((one.p99 or 0.0 for one in tools), default=0.0)}

        return await self._shown(request, "tools", "/dashboard/tools", chosen, read)

    @html_errors
    async def agents(self, request: Request) -> Response:
        chosen = _range(request)

        def read() -> Mapping[str, Any]:
            agents = self._totals.by(("agent",), UsageFilter(since=chosen.since(self._clock())))
            quotas: dict[str, list[QuotaUsage]] = {}
            for one in self._spent():
                quotas.setdefault(one.agent, []).append(one)
            return {
                "agents": agents,
                "quotas": quotas,
                "idle": [name for name in quotas if name not in {one.names["agent"] for one in agents}],
            }

        return await self._shown(request, "agents", "/dashboard/agents", chosen, read)

    @html_errors
    async def connections(self, request: Request) -> Response:
        def read() -> Mapping[str, Any]:
            now = self._clock()
            found = self._vault.list()
            statuses = [_damaged(one) for one in found.damaged] + [self._linked(_status(one, now)) for one in found.records]
            order = ("broken", "ending", "good", "ended")
            statuses.sort(key=lambda one: (order.index(one.state), str(one.record.key)))
            counts = {state: sum(one.state == state for one in statuses) for state in order}
            return {"statuses": statuses, "counts": counts, "vendors": self._totals.vendors(now - 24 * HOUR, now)}

        return await self._shown(request, "connections", "/dashboard/connections", None, read)

    @html_errors
    async def connect(self, request: Request) -> Response:
        """Return a page with a link to the vendor's consent page.

        It is a link, and not a redirect: browsers apply the page's `form-action` to redirects of a form, including the vendor's own ones.
        """
        person, session, _ = await self.posted(request)
        record = await asyncio.to_thread(self._vault.get, request.path_params["id"])
        status = self._linked(_status(record, self._clock()))
        if status.link is None:
            raise InvalidInput(_not_offered(status))
        started = await self._renewing().begin(record)
        host = urlsplit(started.authorization_url).netloc
        response = self.page(
            "dashboard/connect.html", person, session, section="/dashboard/connections", one=record, to=started.authorization_url, host=host
        )
        response.set_cookie(self.connecting_cookie, sessions.bound(session, started.state), max_age=600, **self.cookie)
        return response

    @html_errors
    async def connected(self, request: Request) -> Response:
        """Finish reconnecting when the consent page redirects back, in the same browser and session."""
        person, session = await self.person(request)
        cookie = request.cookies.get(self.connecting_cookie, "")
        state = cookie.partition(".")[0]
        if not state or not hmac.compare_digest(cookie.encode(), sessions.bound(session, state).encode()):
            raise NotLoggedIn("this browser has not begun to connect anything, or did so too long ago: begin again")
        try:
            record = await self._renewing().finish(request.url.query, state)
        except AccountMismatch as error:
            await self._write({"kind": "connect_refused", "by": person, "vendor": error.vendor, "reasons": [error.message]})
            raise
        key = record.key
        entry = {
            "kind": "connected",
            "by": person,
            "tenant": self._vault.tenant,
            "vendor": key.vendor,
            "user": key.user,
            "team": key.team,
        }
        await self._write({**entry, "connection": record.id, "account": record.account})
        response = RedirectResponse(f"{self.root}/dashboard/connections", 303)
        response.delete_cookie(self.connecting_cookie, **self.cookie)
        return response

    async def _write(self, entry: Mapping[str, Any]) -> None:
        if self._audit is not None:
            await asyncio.to_thread(self._audit.append, {"time": datetime.now(UTC).isoformat(), **entry})

    @html_errors
    async def calls(self, request: Request) -> Response:
        given = {name: request.query_params.get(name, "").strip()[:200] for name in (*NAMES, "q", "before")}
        only = {name: given[name] for name in NAMES if given[name]}

        def read() -> Mapping[str, Any]:
            day = int(self._clock() // DAY)
            known = {
                name: [one.names[name] for one in self._totals.by((name,), UsageFilter(since=day - 30), durations=False)[:200]]
                for name in ("agent", "tool", "vendor")
            }
            before, wanted = given["before"] or None, given["q"]
            page = self._search.find(wanted, before=before) if wanted else self._finding.newest(only, before=before)
            requested = {"q": wanted} if wanted else only
            older = None if page.older is None else urlencode({**requested, "before": page.older})
            return {
                "given": given,
                "known": known,
                "calls": page.calls,
                "older": older,
                "looked_to": page.looked_to,
                "newest": urlencode(requested),
            }

        return await self._shown(request, "calls", "/dashboard/calls", None, read)

    @html_errors
    async def story(self, request: Request) -> Response:
        def read() -> Mapping[str, Any]:
            found = self._finding.story(request.path_params["id"])
            story: dict[str, Any] = {**dict.fromkeys(CallRecord.__struct_fields__), **found.record}
            story["attempts"] = [dict.fromkeys(AttemptRecord.__struct_fields__) | one for one in found.record["attempts"]]
            return {"call": found.call, "story": story, "spans": charts.spans(story)}

        return await self._shown(request, "call", "/dashboard/calls", None, read)

    # ------------------------------------------------------------------------------------------------ parts
    async def _shown(
        self, request: Request, name: str, section: str, chosen: Range | None, read: Callable[[], Mapping[str, Any]]
    ) -> Response:
        """Return a page for a logged-in person, with data from a blocking function."""
        person, session = await self.person(request)
        content = await asyncio.to_thread(read)
        shared: dict[str, Any] = {"ranges": RANGES, "chosen": chosen, "currency": self._usage.currency, "left": left}
        return self.page(f"dashboard/{name}.html", person, session, section=section, **shared, **content)

    def _renewing(self) -> Reconnect:
        if self._reconnecting is None:
            raise NotFound("connections are not renewed from here")
        return self._reconnecting

    def _linked(self, one: ConnectionStatus) -> ConnectionStatus:
        if one.command is None or self._reconnecting is None or not isinstance(one.record, ConnectionRecord):
            return one
        if not self._reconnecting.offers(one.record):
            return one
        return replace(one, link=f"/dashboard/connections/{one.record.id}/connect")

    def _spent(self) -> Sequence[QuotaUsage]:
        return () if self._quotas is None else self._quotas.spent(self._vault.tenant)

    def _nearly(self) -> Sequence[QuotaUsage]:
        """Return the quotas with the smallest remaining part."""
        return sorted(self._spent(), key=left)[:_FEW]


def _range(request: Request) -> Range:
    wanted = request.query_params.get("range")
    return next((one for one in RANGES if one.name == wanted), RANGES[1])


def _not_offered(one: ConnectionStatus) -> str:
    if one.command is None:
        return "the connection works: it is not connected again from here"
    return f"this connection is not connected again from here. Connect it anew: {one.command}"


def _damaged(one: DamagedConnection) -> ConnectionStatus:
    return ConnectionStatus(one, "broken", one.what, connect_command(one.key))


def _status(one: ConnectionRecord, now: float) -> ConnectionStatus:
    command = connect_command(one.key)
    if one.status is Status.NEEDS_USER:
        return ConnectionStatus(one, "broken", one.reason or "the vendor no longer accepts its tokens", command)
    if one.status is Status.REVOKED:
        return ConnectionStatus(one, "ended", one.reason or "it was ended on purpose", command)
    renewed = "refresh_token" in one.secrets
    if one.expires_at is not None and not renewed and one.expires_at < now + _ENDING:
        return ConnectionStatus(one, "ending" if one.expires_at > now else "broken", "its token ends and nothing renews it", command)
    return ConnectionStatus(one, "good", "tokens are renewed by themselves" if renewed else "", None)
