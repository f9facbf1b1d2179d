"""The usage store in a database: calls, rollups that are updated with them, and pruning."""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from unified_platform.audit.database import default_url as control_url
from unified_platform.common.erased_names import ERASED
from unified_platform.common.retention import Retention, load_retention
from unified_platform.store.database import Database, Session, migrate, text
from unified_platform.store.errors import Contents
from unified_platform.store.urls import database, path_of
from unified_platform.usage.call_search import COLUMNS, WORD, words
from unified_platform.usage.entries import DAY, HOUR, Entry, stored_name
from unified_platform.usage.prices import Prices
from unified_platform.usage.schema import CALLS, MIGRATIONS, SUMS
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.owners import TENANT
from unified_runtime.core.user_folders import data_home

URL = "UNIFIED_USAGE"
CONTENTS = Contents("the usage store")
_ROWS = 40
"""Rows of one statement; Postgres and SQLite take far more values."""

_CROSSED = ("day", "agent", "tool", "vendor")
"""The key of what an agent's tools come to."""

_BY_PERSON = {
    "usage_days": ("person = ?", ("day", "agent", "person", "tool", "vendor", "tenant"), SUMS),
    "usage_totals": ("cut = 'user' AND name = ?", ("cut", "day", "name", "vendor", "tenant"), SUMS),
    "usage_latency": ("cut = 'user' AND name = ?", ("cut", "day", "name", "vendor", "bucket", "tenant"), ("calls",)),
}
"""Rollups by user: the condition for one user, the key, and what is added up."""

_MET = 100_000
"""Names that are remembered as written."""

_PRUNED = 5000
"""Rows that are taken away in one transaction, so that writers wait for none that is long."""


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Return the URL of the store: `UNIFIED_USAGE`, else a file in the user's data folder."""
    return environ.get(URL) or str(data_home(environ) / "unified" / "usage.db")


def default_url_beside(control: str | Path | None, usage: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """Return the URL of a broker's store: as configured, else beside approvals and the audit log, in their Postgres or folder."""
    data = usage or environ.get(URL)
    if data:
        return data
    location = str(control) if control is not None else control_url(environ)
    if not location.startswith("sqlite://") and "://" in location:
        return location
    return str(path_of(location).with_name("usage.db"))


def open_usage_store(
    url: str | Path | None = None, *, prices: Prices | None = None, exist: bool = False, retention: Retention | None = None
) -> UsageStore:
    """Open a usage store, and make it if it does not exist.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default see `default_url`.
        prices: by which calls cost something.
        exist: refuse to make one.
        retention: days for which calls and rollups are stored; by default those of the environment.

    Raises:
        InvalidInput: the URL is not valid, or the stored costs are in another currency than the prices.
        UnifiedError: it cannot be opened.
    """
    found = database(str(url) if url is not None else default_url(), CONTENTS, exist=exist)
    migrate(found, MIGRATIONS, name="usage-schema")
    return UsageStore(found, prices, load_retention() if retention is None else retention)


class UsageStore:
    """Usage store in a database that processes share.

    Args:
        database: with the tables of `schema.py`.
        prices: by which calls cost something; without, the currency is the one that earlier costs were in.
        retention: days for which calls and rollups are stored.
    """

    def __init__(self, database: Database, prices: Prices | None = None, retention: Retention | None = None) -> None:
        self.database = database
        self.retention = Retention() if retention is None else retention
        self.prices = prices
        self.currency = self._currency(prices)
        self._met: dict[_Name, int] = {}
        """Names that were written, and on which date last: nearly always they exist."""

    def _currency(self, prices: Prices | None) -> str | None:
        with self.database.reading() as session:
            found = session.rows("SELECT value FROM usage_facts WHERE name = 'currency'")
        known = text(found[0][0]) if found else None
        if prices is None or known == prices.currency:
            return known
        if known is not None:
            raise InvalidInput(
                f"the costs in {self.database.location} are in {known}, and the prices are in {prices.currency}: they need "
                "another usage store"
            )
        with self.database.writing("usage") as session:
            session.run("INSERT INTO usage_facts (name, value) VALUES ('currency', ?) ON CONFLICT (name) DO NOTHING", prices.currency)
        return self._currency(prices)

    # ------------------------------------------------------------------------------------------------ writing
    def write(self, entries: Sequence[Entry], *, again: bool = False, lost: int = 0) -> None:
        """Write calls and add them to the rollups, all or none.

        Args:
            again: an earlier try failed, and may have been carried out all the same: what is there already is left alone.
            lost: calls that could not be stored since the last time.

        Raises:
            UnifiedError: they cannot be written.
        """
        # Not on disk when it returns, which no call depends on: a machine that dies loses the last times.
        with self.database.writing("usage", durable=False) as session:
            if again:
                entries = _missing(session, entries)
            _insert(session, f"INSERT INTO usage_calls ({', '.join(CALLS)}) VALUES", [one.row() for one in entries])
            for table, keys, rows in _rollups(entries):
                _add(session, table, keys, SUMS, rows)
            _add(session, "usage_latency", ("cut", "day", "name", "vendor", "bucket", "tenant"), ("calls",), _latencies(entries))
            _add(session, "usage_crossed_latency", (*_CROSSED, "bucket", "tenant"), ("calls",), _crossed_latencies(entries))
            met = self._name(session, entries)
            _insert(session, "INSERT INTO usage_words (word, at, call) VALUES", _words(entries))
            if lost:
                _add(session, "usage_losses", ("hour",), ("calls",), {(int(time.time() // HOUR),): [lost]})
        if len(self._met) > _MET:
            self._met.clear()
        self._met |= met  # not before they are there for good

    def _name(self, session: Session, entries: Sequence[Entry]) -> dict[_Name, int]:
        """Write the names and words for searches, and return those that were not known for the date."""
        met: dict[_Name, int] = {}
        for one in entries:
            for kind, column in COLUMNS.items():
                _meet(met, kind, getattr(one, column), one)
            for word in words(one.error):
                _meet(met, WORD, word, one)
        new = {key: day for key, day in met.items() if self._met.get(key, -1) < day}
        _insert(
            session,
            "INSERT INTO usage_names (kind, name, tenant, folded, day) VALUES",
            [(*key, key[1].casefold(), day) for key, day in sorted(new.items())],
            " ON CONFLICT (kind, name, tenant) DO UPDATE SET day = excluded.day WHERE usage_names.day < excluded.day",
        )
        return new

    # ------------------------------------------------------------------------------------------------ erasure
    def erase(self, user: str, *, tenant: str = TENANT, dry_run: bool = False) -> dict[str, int]:
        """Delete the calls of a user, and add the user's rows in rollups to those of `ERASED`. Return the number of calls and rows.

        Raises:
            UnifiedError: the database cannot be written.
        """
        name = stored_name(user)
        calls = "tenant = ? AND (person = ? OR behalf = ?)"
        counted = {"calls": 0, "rollups": 0}
        with self.database.writing("usage") as session:
            counted["calls"] = _count(session, f"FROM usage_calls WHERE {calls}", tenant, name, name)
            for table, (condition, _, _) in _BY_PERSON.items():
                counted["rollups"] += _count(session, f"FROM {table} WHERE {condition} AND tenant = ?", name, tenant)
            if dry_run:
                return counted
            of_calls = f"SELECT id FROM usage_calls WHERE {calls}"  # noqa: S608  constant texts
            found = session.rows(f"SELECT DISTINCT word FROM usage_words WHERE call IN ({of_calls})", tenant, name, name)  # noqa: S608
            session.run(f"DELETE FROM usage_words WHERE call IN ({of_calls})", tenant, name, name)  # noqa: S608
            session.run(f"DELETE FROM usage_calls WHERE {calls}", tenant, name, name)  # noqa: S608
            for (word,) in found:
                session.run(
                    "DELETE FROM usage_names WHERE kind = ? AND name = ? AND tenant = ? "
                    "AND NOT EXISTS (SELECT 1 FROM usage_words WHERE word = ?)",
                    *(WORD, word, tenant, word),
                )
            for table, (condition, keys, sums) in _BY_PERSON.items():
                merged: Sums = {}
                columns = ", ".join((*keys, *sums))
                for row in session.rows(f"SELECT {columns} FROM {table} WHERE {condition} AND tenant = ?", name, tenant):  # noqa: S608
                    key = tuple(ERASED if column == _person(keys) else value for column, value in zip(keys, row, strict=False))
                    merged[key] = [*row[len(keys) :]]
                session.run(f"DELETE FROM {table} WHERE {condition} AND tenant = ?", name, tenant)  # noqa: S608
                _add(session, table, keys, sums, merged)
            session.run("DELETE FROM usage_names WHERE kind = 'user' AND name = ? AND tenant = ?", name, tenant)
        self._met.clear()
        return counted

    # ------------------------------------------------------------------------------------------------ pruning
    def prune(self, *, calls_days: float | None = None, rollups_days: float | None = None, now: float | None = None) -> int:
        """Delete what is older than so many days; by default than the retention. Return the number of rows.

        Raises:
            ValueError: rollups would be stored for less time than calls, or either for less than a day.
            UnifiedError: the database cannot be written.
        """
        calls_days = self.retention.usage if calls_days is None else calls_days
        rollups_days = self.retention.usage_sums if rollups_days is None else rollups_days
        if not 1 <= calls_days <= rollups_days:
            raise ValueError("calls are stored for at least a day, and rollups at least as long as calls")
        now = time.time() if now is None else now
        day = int((now - rollups_days * DAY) // DAY)
        gone = self._pruned("usage_calls", "id", "at", now - calls_days * DAY)
        with self.database.writing("usage", durable=False) as session:
            gone += session.run("DELETE FROM usage_words WHERE at < ?", now - calls_days * DAY)
        for table, column, before in (
            ("usage_days", "day", day),
            ("usage_totals", "day", day),
            ("usage_latency", "day", day),
            ("usage_crossed", "day", day),
            ("usage_crossed_latency", "day", day),
            ("usage_hours", "hour", day * 24),
            ("usage_losses", "hour", day * 24),
            ("usage_quotas", "day", int(now // DAY) - 2),
            ("usage_names", "day", int((now - calls_days * DAY) // DAY)),
        ):
            with self.database.writing("usage", durable=False) as session:
                gone += session.run(f"DELETE FROM {table} WHERE {column} < ?", before)  # noqa: S608  constant names
        return gone

    def _pruned(self, table: str, key: str, column: str, before: float) -> int:
        gone = 0
        while True:
            with self.database.writing("usage", durable=False) as session:
                found = session.run(
                    f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {column} < ? ORDER BY {column} LIMIT ?)",  # noqa: S608
                    before,
                    _PRUNED,
                )
            gone += found
            if found < _PRUNED:
                return gone

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def _person(keys: Sequence[str]) -> str:
    return "person" if "person" in keys else "name"


def _count(session: Session, statement: str, *values: object) -> int:
    return int(session.rows(f"SELECT COUNT(*) {statement}", *values)[0][0])


_Name = tuple[str, str, str]
"""Kind, name, and tenant."""


def _meet(met: dict[_Name, int], kind: str, name: str, one: Entry) -> None:
    if name:
        key = kind, name, one.tenant
        met[key] = max(one.day, met.get(key, one.day))


def _words(entries: Iterable[Entry]) -> list[tuple[Any, ...]]:
    return [(word, one.at, one.id) for one in entries if one.error for word in words(one.error)]


def _missing(session: Session, entries: Sequence[Entry]) -> list[Entry]:
    there: set[str] = set()
    for start in range(0, len(entries), _ROWS):
        ids = [one.id for one in entries[start : start + _ROWS]]
        marks = ", ".join("?" * len(ids))
        there.update(text(id) for (id,) in session.rows(f"SELECT id FROM usage_calls WHERE id IN ({marks})", *ids))  # noqa: S608
    return [one for one in entries if one.id not in there]


Sums = dict[tuple[Any, ...], list[Any]]


def _rollups(entries: Iterable[Entry]) -> list[tuple[str, tuple[str, ...], Sums]]:
    days: Sums = {}
    crossed: Sums = {}
    totals: Sums = {}
    hours: Sums = {}
    for one in entries:
        sums = one.sums()
        _sum(crossed, (one.day, one.agent, one.tool, one.vendor, one.tenant), sums)
        _sum(days, (one.day, one.agent, one.person, one.tool, one.vendor, one.tenant), sums)
        _sum(hours, (one.hour, one.vendor, one.outcome, one.tenant), sums)
        for cut, name, vendor in _cuts(one):
            _sum(totals, (cut, one.day, name, vendor, one.tenant), sums)
    return [
        ("usage_days", ("day", "agent", "person", "tool", "vendor", "tenant"), days),
        ("usage_crossed", (*_CROSSED, "tenant"), crossed),
        ("usage_totals", ("cut", "day", "name", "vendor", "tenant"), totals),
        ("usage_hours", ("hour", "vendor", "outcome", "tenant"), hours),
    ]


def _latencies(entries: Iterable[Entry]) -> Sums:
    found: Sums = defaultdict(lambda: [0])
    for one in entries:
        for cut, name, vendor in _cuts(one):
            found[cut, one.day, name, vendor, one.bucket, one.tenant][0] += 1
    return found


def _crossed_latencies(entries: Iterable[Entry]) -> Sums:
    counted = Counter((one.day, one.agent, one.tool, one.vendor, one.bucket, one.tenant) for one in entries)
    return {key: [count] for key, count in counted.items()}


def _cuts(one: Entry) -> tuple[tuple[str, str, str], ...]:
    return ("agent", one.agent, ""), ("user", one.person, ""), ("tool", one.tool, one.vendor)


def _sum(sums: Sums, key: tuple[Any, ...], more: Sequence[Any]) -> None:
    there = sums.get(key)
    sums[key] = [*more] if there is None else [a + b for a, b in zip(there, more, strict=True)]


def _add(session: Session, table: str, keys: Sequence[str], sums: Sequence[str], rows: Sums) -> None:
    """Add to rows, or make them. In one order for all processes, so that none waits for another in a circle."""
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in sums)
    values = [(*key, *rows[key]) for key in sorted(rows)]
    _insert(
        session,
        f"INSERT INTO {table} ({', '.join((*keys, *sums))}) VALUES",
        values,
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}",
    )


def _insert(session: Session, statement: str, rows: Sequence[tuple[Any, ...]], behind: str = "") -> None:
    for start in range(0, len(rows), _ROWS):
        some = rows[start : start + _ROWS]
        marks = f"({', '.join('?' * len(some[0]))})"
        session.run(f"{statement} {', '.join([marks] * len(some))}{behind}", *(value for row in some for value in row))
