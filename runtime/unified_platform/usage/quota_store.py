"""Quotas as they are counted: exactly, by whichever process, in the database of the usage store.

A call is counted, with the least that it can cost, in one transaction with the look at what was counted before; one that would go beyond
is not. What it costs beyond that least is known when it has ended, and added then: calls that run at the same time may
together go beyond a `max_cost` by that much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from unified_platform.agents.quotas import Quota
from unified_platform.store.database import Session
from unified_platform.usage.entries import DAY, Entry
from unified_platform.usage.prices import money, nano
from unified_platform.usage.store import UsageStore
from unified_runtime.core.errors import InvalidInput, QuotaExceeded
from unified_runtime.core.owners import TENANT


@dataclass(frozen=True, slots=True)
class QuotaUsage:
    """Usage of a quota today. `cost` is in billionths."""

    agent: str
    quota: Quota
    calls: int
    cost: int


class _QuotaReached(Exception):
    """A quota has no room; undoes what was counted."""

    def __init__(self, error: QuotaExceeded) -> None:
        super().__init__()
        self.error = error


class QuotaStore:
    """Quotas in the database of a usage store; see `unified_runtime.policy.approvals.Quotas`.

    Args:
        store: the usage store, with the prices.
        quotas: of each agent (`Agents.quotas`).

    Raises:
        InvalidInput: a cost is bounded, and there are no prices.
    """

    def __init__(self, store: UsageStore, quotas: Mapping[str, Sequence[Quota]]) -> None:
        for agent, found in quotas.items():
            if store.prices is None and any(quota.max_cost is not None for quota in found):
                raise InvalidInput(f"agent {agent} has max_cost, and nothing costs anything: name a price table (prices, UNIFIED_PRICES)")
        self._store = store
        self._quotas = {agent: tuple(sorted(found, key=lambda quota: _id(agent, quota, TENANT))) for agent, found in quotas.items()}

    def count(self, agent: str | None, tool: str, vendor: str, tenant: str = TENANT) -> QuotaExceeded | None:
        """Count a call that is about to be sent; or return why it is not allowed. Raises the errors of the database."""
        under = self._under(agent, tool, vendor)
        if agent is None or not under:
            return None
        least = self._least(tool, vendor)
        full: QuotaExceeded | None = None
        try:
            with self._store.database.writing("usage-quotas", durable=False) as session:
                now = _now(session)
                for quota in under:
                    self._had(session, agent, quota, least, now, tenant)
        except _QuotaReached as found:
            full = found.error
        return full

    def _had(self, session: Session, agent: str, quota: Quota, least: int, now: float, tenant: str) -> None:
        # The row is locked by this transaction from here on: concurrent counts wait, and see this one.
        ((calls, cost),) = session.rows(
            "INSERT INTO usage_quotas (id, day, calls, cost) VALUES (?, ?, 1, ?) ON CONFLICT (id, day) DO UPDATE SET "
            "calls = usage_quotas.calls + 1, cost = usage_quotas.cost + excluded.cost RETURNING calls, cost",
            _id(agent, quota, tenant),
            int(now // DAY),
            least,
        )
        if quota.max_calls is not None and calls > quota.max_calls:
            raise _QuotaReached(
                self._exceeded(agent, quota, "max_calls", f"{quota.max_calls} call{'' if quota.max_calls == 1 else 's'}", now)
            )
        if quota.max_cost is not None and (cost > nano(quota.max_cost) or cost - least >= nano(quota.max_cost)):
            data = f"{quota.max_cost:f} {self._store.currency or ''}".strip()
            raise _QuotaReached(self._exceeded(agent, quota, "max_cost", data, now))

    def _exceeded(self, agent: str, quota: Quota, kind: str, most: str, now: float) -> QuotaExceeded:
        ends = (now // DAY + 1) * DAY
        name = f"{kind} of {agent}" + (f" for {quota.scope}" if quota.scope else "")
        message = f"the quota {name} is exhausted: {most} a day. It starts anew at {datetime.fromtimestamp(ends, UTC):%Y-%m-%d %H:%M} UTC"
        return QuotaExceeded(message, quota=name, retry_after=ends - now, reasons=(message,), policies=(f"quota {name}",))

    def settle(self, entries: Sequence[Entry]) -> None:
        """Add what calls that ended cost beyond what was counted for them before."""
        more: dict[tuple[str, int], int] = {}
        for one in entries:
            beyond = one.cost - self._least(one.tool, one.vendor) if one.requests else 0
            for quota in self._under(one.agent, one.tool, one.vendor) if beyond > 0 else ():
                key = _id(one.agent, quota, one.tenant), one.day
                more[key] = more.get(key, 0) + beyond
        if not more:
            return
        with self._store.database.writing("usage-quotas", durable=False) as session:
            for (id, day), cost in sorted(more.items()):
                session.run(
                    "INSERT INTO usage_quotas (id, day, calls, cost) VALUES (?, ?, 0, ?) "
                    "ON CONFLICT (id, day) DO UPDATE SET cost = usage_quotas.cost + excluded.cost",
                    id,
                    day,
                    cost,
                )

    def spent(self, tenant: str = TENANT) -> list[QuotaUsage]:
        """Return today's use of every quota by a tenant's agents."""
        with self._store.database.reading() as session:
            rows = session.rows("SELECT id, calls, cost FROM usage_quotas WHERE day = ?", int(_now(session) // DAY))
        had = {str(id): (int(calls), int(cost)) for id, calls, cost in rows}
        every = [(agent, quota) for agent, quotas in self._quotas.items() for quota in quotas]
        return [QuotaUsage(agent, quota, *had.get(_id(agent, quota, tenant), (0, 0))) for agent, quota in every]

    def _under(self, agent: str | None, tool: str, vendor: str) -> Sequence[Quota]:
        found = self._quotas.get(agent) if agent is not None else None
        return () if found is None else [quota for quota in found if quota.holds(tool, vendor)]

    def _least(self, tool: str, vendor: str) -> int:
        return 0 if self._store.prices is None else self._store.prices.least(tool, vendor)


def _id(agent: str, quota: Quota, tenant: str) -> str:
    """Return the id of a count: agent and scope, without the bounds, which may change during a date."""
    return f"{agent}\n{quota.tool or ''}\n{quota.vendor or ''}" + ("" if tenant == TENANT else f"\n{tenant}")


def _now(session: Session) -> float:
    return float(session.rows("SELECT NOW()")[0][0])


def left(spent: QuotaUsage) -> float:
    """Return the remaining share of a quota, from 1 to 0."""
    parts = []
    if spent.quota.max_calls is not None:
        parts.append(1 - spent.calls / spent.quota.max_calls if spent.quota.max_calls else 0.0)
    if spent.quota.max_cost is not None:
        parts.append(float(1 - money(spent.cost) / spent.quota.max_cost) if spent.quota.max_cost else 0.0)
    return max(0.0, min(parts))
