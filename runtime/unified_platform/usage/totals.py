"""Totals of the usage store: by agent, user, tool, vendor and date, over time, and by outcome."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from unified_platform.store.database import Database, Row, text
from unified_platform.usage import latency_buckets
from unified_platform.usage.entries import APPROVAL, DAY, HOUR, OK
from unified_platform.usage.schema import SUMS
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

DIMENSIONS = ("day", "tenant", "agent", "user", "tool", "vendor")
"""By what usage is added up. A day is a number, counted from 1970 in UTC."""

QUANTILES = (0.5, 0.95, 0.99)

Key = tuple[str | int, ...]
"""The names of a sum, in the order of its dimensions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageFilter:
    """Filter of calls: those of these names, from day `since` to day `until`, both included. None means any; an empty name for
    no one."""

    since: int = 0
    until: int = 10**6
    agent: str | None = None
    user: str | None = None
    tool: str | None = None
    vendor: str | None = None
    tenant: str | None = None

    def names(self) -> Mapping[str, str]:
        """Return the names that are set."""
        data = {"agent": self.agent, "user": self.user, "tool": self.tool, "vendor": self.vendor, "tenant": self.tenant}
        return {name: value for name, value in data.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum. `names` are its dimensions (`{"tool": "tasks.create", "vendor": "jira"}`); seconds are of all calls together; cost is in
    billionths; p50, p95 and p99 are seconds, None if no durations are known."""

    names: Mapping[str, str | int]
    calls: int
    errors: int
    seconds: float
    requests: int
    sent: int
    received: int
    tokens: int
    cost: int
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None


@dataclass(frozen=True, slots=True)
class TimeBucket:
    """Calls that started in one stretch of time, from `at` (seconds since 1970) on."""

    at: float
    calls: int
    errors: int


@dataclass(frozen=True, slots=True)
class _Table:
    """A table, its columns for dimensions, and its fixed condition."""

    name: str
    columns: Mapping[str, str]
    cut: str | None = None

    def where(self, only: UsageFilter) -> tuple[str, list[Any]]:
        day = self.columns["day"]
        conditions, values = ([], []) if self.cut is None else (["cut = ?"], [self.cut])
        conditions += [f"{day} >= ?", f"{day} <= ?"]
        values += [only.since, only.until]  # type: ignore[list-item]
        for name, value in only.names().items():
            conditions.append(f"{self.columns[name]} = ?")
            values.append(value)
        return " AND ".join(conditions), values


_DAYS = _Table("usage_days", {"day": "day", "agent": "agent", "user": "person", "tool": "tool", "vendor": "vendor", "tenant": "tenant"})


def _cut(kind: str, table: str) -> _Table:
    columns = {"tool": "name", "vendor": "vendor"} if kind == "tool" else {kind: "name"}
    return _Table(table, {"day": "day", "tenant": "tenant", **columns}, kind)


def _smallest(needed: set[str], table: str) -> _Table | None:
    """The smallest of the tables that knows all that is needed: a cut of the one that is named, or what an agent's tools come to; None if
    none does."""
    for kind, known in (("tool", {"tool", "vendor"}), ("agent", {"agent"}), ("user", {"user"})):
        if needed <= known:
            return _cut(kind, table)
    if needed <= {"agent", "tool", "vendor"}:
        name = "usage_crossed" if table == "usage_totals" else "usage_crossed_latency"
        return _Table(name, {column: column for column in ("day", "agent", "tool", "vendor", "tenant")})
    return None


class Totals:
    """Reads the rollups of a usage store: those of a tenant, or of all."""

    def __init__(self, database: Database, tenant: str | None = None) -> None:
        self._database = database
        self._tenant = tenant
        self._of_tenant = "" if tenant is None else " AND tenant = ?"
        self._values = () if tenant is None else (tenant,)

    def by(self, dimensions: Sequence[str], only: UsageFilter | None = None, *, durations: bool = True) -> list[Total]:
        """Sums by some dimensions, those with the most calls first; by day, in order. Without a dimension, one sum of all.

        Args:
            dimensions: of `DIMENSIONS`.
            only: which calls.
            durations: add quantiles. For users combined with other dimensions, they are of the calls that are still stored.

        Raises:
            InvalidInput: there is no such dimension.
            UnifiedError: the usage store cannot be read.
        """
        found, counts = self._by(dimensions, only or UsageFilter(), durations=durations)
        totals = [_total(names, sums, counts.get(key, {})) for key, names, sums in found]
        if "day" in dimensions:
            return sorted(totals, key=lambda one: (one.names["day"], -one.calls, str(one.names)))
        return sorted(totals, key=lambda one: (-one.calls, str(one.names)))

    def total_by(self, dimensions: Sequence[str], only: UsageFilter | None = None) -> tuple[Total | None, list[Total]]:
        """All together, None without any calls, and the same by some dimensions; what was read once serves both. Raises as `by` does."""
        found, counts = self._by(dimensions, only or UsageFilter(), durations=True)
        totals = [_total(names, sums, counts.get(key, {})) for key, names, sums in found]
        buckets: Counter[int] = Counter()
        for one in counts.values():
            buckets.update(one)
        complete = _total({}, [sum(column) for column in zip(*(sums for _, _, sums in found), strict=True)], buckets) if found else None
        return complete, sorted(totals, key=lambda one: (-one.calls, str(one.names)))

    def _by(
        self, dimensions: Sequence[str], only: UsageFilter, *, durations: bool
    ) -> tuple[list[tuple[Key, Mapping[str, str | int], Sequence[float]]], Mapping[Key, Mapping[int, int]]]:
        """Of each sum its key, its names and the values of `SUMS`; and by the same keys how many calls took how long."""
        for name in dimensions:
            if name not in DIMENSIONS:
                known = ", ".join(DIMENSIONS)
                raise InvalidInput(f"usage is added up by {known}, not by {name[:40]!r}{did_you_mean(name, DIMENSIONS)}")
        if self._tenant is not None:
            only = replace(only, tenant=self._tenant)
        needed = {*dimensions, *only.names()} - {"day", "tenant"}
        table = _smallest(needed, "usage_totals") or _DAYS
        sums = ", ".join(f"SUM({name})" for name in SUMS)
        keys = [table.columns[name] for name in dimensions]
        where, values = table.where(only)
        grouped = f" GROUP BY {', '.join(keys)}" if keys else ""
        with self._database.reading() as session:
            rows = session.rows(f"SELECT {', '.join((*keys, sums))} FROM {table.name} WHERE {where}{grouped}", *values)  # noqa: S608
            counts = self._durations(session, dimensions, only, needed) if durations else {}
        found: list[tuple[Key, Mapping[str, str | int], Sequence[float]]] = []
        for row in rows:
            if row[len(keys)] is not None:
                key = tuple(int(value) if name == "day" else text(value) for name, value in zip(dimensions, row, strict=False))
                found.append((key, dict(zip(dimensions, key, strict=True)), row[len(keys) :]))
        return found, counts

    def _durations(self, session: Any, dimensions: Sequence[str], only: UsageFilter, needed: set[str]) -> Mapping[Key, Mapping[int, int]]:
        table = _smallest(needed, "usage_latency")
        if table is None:
            return self._of_calls(session, dimensions, only)
        keys = [table.columns[name] for name in dimensions]
        where, values = table.where(only)
        listed = ", ".join((*keys, "bucket"))
        rows = session.rows(f"SELECT {listed}, SUM(calls) FROM {table.name} WHERE {where} GROUP BY {listed}", *values)  # noqa: S608
        return _counted(rows)

    def _of_calls(self, session: Any, dimensions: Sequence[str], only: UsageFilter) -> Mapping[Key, Mapping[int, int]]:
        columns = {"day": f"FLOOR(at / {DAY})", "agent": "agent", "user": "person", "tool": "tool", "vendor": "vendor", "tenant": "tenant"}
        conditions, values = ["at >= ?", "at < ?"], [only.since * DAY, (only.until + 1) * DAY]
        for name, value in only.names().items():
            conditions.append(f"{columns[name]} = ?")
            values.append(value)  # type: ignore[arg-type]
        listed = ", ".join((*(columns[name] for name in dimensions), "bucket"))
        return _counted(
            session.rows(
                f"SELECT {listed}, COUNT(*) FROM usage_calls WHERE {' AND '.join(conditions)} GROUP BY {listed}",  # noqa: S608
                *values,
            )
        )

    # ------------------------------------------------------------------------------------------------ over time
    def times(self, since: float, until: float, step: int) -> list[TimeBucket]:
        """Calls over time, in stretches of `step` hours, those without any too.

        Args:
            since, until: seconds since 1970; the stretches cover both.
        """
        first, last = int(since // HOUR // step), int(until // HOUR // step)
        with self._database.reading() as session:
            rows = session.rows(
                f"SELECT hour, SUM(calls), SUM(errors) FROM usage_hours WHERE hour >= ? AND hour < ?{self._of_tenant} GROUP BY hour",  # noqa: S608
                first * step,
                (last + 1) * step,
                *self._values,
            )
        calls: dict[int, int] = defaultdict(int)
        errors: dict[int, int] = defaultdict(int)
        for hour, some, wrong in rows:
            calls[int(hour) // step] += int(some)
            errors[int(hour) // step] += int(wrong)
        return [TimeBucket(float(one * step * HOUR), calls[one], errors[one]) for one in range(first, last + 1)]

    def outcomes(self, since: float, until: float) -> list[tuple[str, int]]:
        """Return the count of each error, the most frequent first."""
        with self._database.reading() as session:
            rows = session.rows(
                "SELECT outcome, SUM(calls) FROM usage_hours "  # noqa: S608
                f"WHERE hour >= ? AND hour <= ? AND outcome NOT IN (?, ?){self._of_tenant} GROUP BY outcome",
                int(since // HOUR),
                int(until // HOUR),
                OK,
                APPROVAL,
                *self._values,
            )
        return sorted(((text(outcome), int(calls)) for outcome, calls in rows), key=lambda one: (-one[1], one[0]))

    def vendors(self, since: float, until: float) -> list[tuple[str, int, int]]:
        """Each vendor with its calls and how many of them failed, the most used first."""
        with self._database.reading() as session:
            rows = session.rows(
                f"SELECT vendor, SUM(calls), SUM(errors) FROM usage_hours WHERE hour >= ? AND hour <= ?{self._of_tenant} GROUP BY vendor",  # noqa: S608
                int(since // HOUR),
                int(until // HOUR),
                *self._values,
            )
        return sorted(((text(vendor), int(calls), int(errors)) for vendor, calls, errors in rows), key=lambda one: (-one[1], one[0]))

    def lost(self, since: float) -> int:
        """Return the number of calls that could not be stored since then."""
        with self._database.reading() as session:
            rows = session.rows("SELECT SUM(calls) FROM usage_losses WHERE hour >= ?", int(since // HOUR))
        return int(rows[0][0] or 0)


def _total(names: Mapping[str, str | int], sums: Sequence[float], buckets: Mapping[int, int]) -> Total:
    data = dict(zip(SUMS, sums, strict=True))
    complete = {name: float(value) if name == "seconds" else int(value) for name, value in data.items()}
    p50, p95, p99 = latency_buckets.quantiles(buckets, QUANTILES)
    return Total(names=names, p50=p50, p95=p95, p99=p99, **complete)  # type: ignore[arg-type]


def _counted(rows: Sequence[Row]) -> Mapping[Key, Mapping[int, int]]:
    found: dict[Key, dict[int, int]] = defaultdict(dict)
    for row in rows:
        key = tuple(value if isinstance(value, str) else int(value) for value in row[:-2])
        found[key][int(row[-2])] = int(row[-1])
    return found
