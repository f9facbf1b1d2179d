"""A broker with its dashboard, calls that it made, and names that would harm a page that did not escape them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.support.brokers import free_port
from tests.support.usage import attempt, drawn, record
from unified_platform.agents.quotas import Quota
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.log import StoredAuditLog
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.approval_pages import Pages
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls, Find
from unified_platform.broker.dashboard import WITH_PROGRAMS, Dashboard
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.broker.program_pages import ProgramPages
from unified_platform.broker.reconnect import Reconnect
from unified_platform.broker.sessions import LoginSessions
from unified_platform.catalog.operations import find_operation
from unified_platform.connections.protocols import Vault
from unified_platform.connections.records import new_id
from unified_platform.programs import open_program_store
from unified_platform.programs.journal import Entry
from unified_platform.programs.store import Contained, Owner
from unified_platform.programs.store import Status as StoredStatus
from unified_platform.usage.entries import entry
from unified_platform.usage.prices import parsed
from unified_platform.usage.quota_store import QuotaStore
from unified_platform.usage.recorder import UsageRecorder
from unified_platform.usage.store import open_usage_store
from unified_platform.vault import ConnectionKey, ConnectionRecord, Kind, Status, open_vault
from unified_runtime import AsyncClient, PolicyEnforcer
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.credentials import Secret
from unified_runtime.core.policy_decisions import PolicyEngine
from unified_runtime.policy.approvals import approval_subject
from unified_runtime.rate_limits.rate_limiter import Unlimited

SENTINEL = "sentinel-7c1f0e9a-never-to-be-seen"
HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "'-alert(1)-'",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "</title></style><svg onload=alert(1)>",
    "\u202eevil\u0000",
)
"""Names and errors as an agent or a vendor may choose them."""

PRICES = parsed("currency: EUR\nprices: [{call: 0.0005, thousand_tokens: 0.001}]", "prices.yaml", [])
PAGES = (
    *("/dashboard?range=day", "/dashboard?range=week", "/dashboard?range=month", "/dashboard/calls", "/dashboard/tools"),
    *("/dashboard/agents", "/dashboard/connections", "/approvals", "/dashboard/programs", "/dashboard/programs?state=paused"),
)
"""Every view except that of one call."""


class House:
    """Broker in a folder; its `usage` may be elsewhere. `serving(house.broker, port=house.port)` serves it at `url`."""

    def __init__(
        self,
        folder: Path,
        engine: PolicyEngine | None = None,
        find: Find = find_operation,
        *,
        quotas: str = "agent-1",
        reconnecting: Callable[[str, Vault], Reconnect] | None = None,
        usage: str | Path | None = None,
    ) -> None:
        self.folder = folder
        store = open_store(folder / "control.db")
        self.people = LoginSessions(store)
        self.audit = StoredAuditLog(store)
        self.approvals = ApprovalStore(store, audit=self.audit)
        self.usage = open_usage_store(usage or folder / "usage.db", prices=PRICES)
        self.bounded = quotas
        given = (Quota(max_calls=600, max_cost=Decimal("2.50")), Quota(tool="tasks.create", max_calls=4))
        self.quotas = QuotaStore(self.usage, {quotas: given})
        self.recorder = UsageRecorder(self.usage, quotas=self.quotas)
        self.vault = open_vault(folder / "vault.db", key=f"file:{folder / 'vault.key'}")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.connections = Connections()
        keys = KeyStore(store)
        self.key = keys.create(Scope("helper", ("*",), ("*",), ("*",)), lifetime=600)[1].reveal()
        enforcer = PolicyEnforcer(engine or KeyScopePolicy(), approvals=self.approvals, quotas=self.quotas)
        calls = Calls(AsyncClient(connections=self.connections, observers=self.recorder), enforcer, Unlimited(), find=find)
        pages = Pages(self.url, self.people, self.approvals, sections=WITH_PROGRAMS)
        self.programs = open_program_store(folder / "programs.db", key=f"file:{folder / 'vault.key'}")
        program_pages = ProgramPages(
            self.url, self.people, self.programs, self.approvals, self.vault.tenant, audit=self.audit, sections=WITH_PROGRAMS
        )
        renewing = None if reconnecting is None else reconnecting(self.url, self.vault)
        dashboard = Dashboard(
            self.url,
            self.people,
            self.usage,
            self.vault,
            self.approvals,
            quotas=self.quotas,
            audit=self.audit,
            reconnecting=renewing,
            sections=WITH_PROGRAMS,
        )
        self.broker = Broker(calls, Identity(keys), routes=[*pages.routes(), *dashboard.routes(), *program_pages.routes()])

    def fill(self, count: int = 1500, *, names: Sequence[str] = HOSTILE, agents: int | Sequence[str] = 12) -> None:
        """Add data: calls, one with everything in it, hostile names, connections of every state, quotas, an approval."""
        now = time.time()
        lost = (attempt(error="no_response", status=None, started_at=now),)
        hostile = [
            record(
                f"hostile-{number}",
                now - number,
                agent=name,
                user=name,
                on_behalf_of=name,
                error=name,
                outcome="unconfirmed",
                reasons=(name,),
                attempts=lost,
            )
            for number, name in enumerate(names)
        ]
        calls = [*drawn(count, until=now, days=29, agents=agents), *hostile, story(now - 60)]
        for start in range(0, len(calls), 500):
            self.usage.write([entry(one, PRICES) for one in calls[start : start + 500]], lost=3 if names is HOSTILE and start == 0 else 0)
        for tool in ("tasks.create",) * 4 + ("tasks.get",) * 500:
            self.quotas.count(self.bounded, tool, "jira")
        self._connect(now, names[0])
        for name in names[:2]:
            arguments = {"title": name, "project_id": "P"}
            requested = approval_subject(
                agent="helper",
                user=name,
                on_behalf_of=None,
                operation="tasks.create",
                effect="write",
                vendor="jira",
                server="acme.atlassian.net",
                arguments=arguments,
            )
            plan = {"requests": [{"method": "POST", "url": "https://acme/x", "body": arguments}]}
            self._program(name, self.approvals.ask(requested, plan, (name,)).id)

    def _program(self, name: str, approval: str) -> None:
        """Add a program that waits for an approval, one that failed, and one that waits for a rate limit."""
        code = f"from unified import tasks\n# {name}\nfound = tasks.get('1')\ntasks.create(title={name!r}, project_id='P')\n"
        calls = [(1, Entry("tasks.get", "d", vendor="jira", line=3)), (2, Entry(name, "d", error=("ValueError", name), line=4, made=name))]
        owner = Owner(self.vault.tenant, name, None, name)
        states: tuple[tuple[StoredStatus, dict[str, Any]], ...] = (
            ("paused", {"approval": approval, "line": 4}),
            ("paused", {"resume_at": time.time() + 3600, "line": 3}),
            ("failed", {}),
        )
        for status, more in states:
            id = secrets.token_hex(8)
            content = Contained(code, functions=("tasks.create", "tasks.get", name), message=name)
            token = self.programs.begin(
                id, owner, None if status == "failed" else f"{name}{id}", "5f1c" * 16, content, retain=600, entries=calls
            )
            assert token is not None
            self.programs.end(id, token, status, content, **more)

    def _connect(self, now: float, reason: str) -> None:
        shared: dict[str, Any] = {"scheme": "oauth", "kind": Kind.OAUTH, "secrets": {"access_token": Secret(SENTINEL)}}
        renewed = {**shared, "secrets": {"access_token": Secret(SENTINEL), "refresh_token": Secret(SENTINEL)}}
        for location, result in (
            (ConnectionKey(vendor="jira", user="alice"), {**renewed, "account": "alice@example.com"}),
            (ConnectionKey(vendor="slack", team="support"), {**shared, "expires_at": now + 3600}),
            (ConnectionKey(vendor="hubspot", user="bob", name="second"), {**renewed, "status": Status.NEEDS_USER, "reason": reason}),
            (ConnectionKey(vendor="asana"), {**shared, "secrets": {}, "status": Status.REVOKED}),
        ):
            self.vault.put(ConnectionRecord(id=new_id(), key=location, **result))

    def close(self) -> None:
        """Close its databases."""
        self.recorder.close()
        self.usage.close()
        self.programs.close()


def story(at: float) -> Any:
    """Return a call with every kind of event."""
    return record(
        "story-1",
        at,
        agent="planner",
        user="alice",
        on_behalf_of="carol",
        duration=2.9,
        reasons=("a manager approved it",),
        approval="5f1c09aa",
        saga="saga-7",
        request_id="req-b2",
        trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
        key="9f0c11aa22bb33cc",
        rate_limit_wait=0.6,
        retry_wait=1.0,
        refreshes=1,
        attempts=(
            attempt(started_at=at + 0.65, duration=0.3, status=503, request_id="req-b1", bytes_received=120),
            attempt(number=2, started_at=at + 1.98, duration=0.5, waited=1.0, status=201, request_id="req-b2"),
            attempt(
                method="GET",
                endpoint="/rest/api/3/issue/{issueIdOrKey}",
                started_at=at + 2.5,
                duration=0.38,
                error="no_response",
                status=None,
            ),
        ),
    )
