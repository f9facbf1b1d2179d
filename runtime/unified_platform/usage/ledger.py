"""The usage ledger in a database: calls as they are written, rollups that are added to with them, and what is no longer kept."""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from unified_platform.control.store import default_url as control_url
from unified_platform.store.database import Database, Session, migrate, text
from unified_platform.store.errors import Contents
from unified_platform.store.places import data_home, database, path_of
from unified_platform.usage.entries import DAY, HOUR, Entry
from unified_platform.usage.prices import Prices
from unified_platform.usage.schema import CALLS, MIGRATIONS, SUMS
from unified_platform.usage.searching import COLUMNS, WORD, words
from unified_runtime.errors import InvalidInput

URL = "UNIFIED_USAGE"
CONTENTS = Contents("the usage ledger")
CALLS_KEPT, ROLLUPS_KEPT = 30, 400
"""Days for which calls are kept one by one, and added up."""

_ROWS = 40
"""Rows of one statement; Postgres and SQLite take far more values."""

_CROSSED = ("day", "agent", "tool", "vendor")
"""The key of what an agent's tools come to."""

_MET = 100_000
"""Names that are remembered as written."""

_PRUNED = 5000
"""Rows that are taken away in one transaction, so that writers wait for none that is long."""


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Where it is: what `UNIFIED_USAGE` says, else a file among the user's data."""
    return environ.get(URL) or str(data_home(environ) / "unified" / "usage.db")


def beside(control: str | Path | None, usage: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """Where it is for a broker: where it is told to be, else beside approvals and the trail: in their Postgres, or in their folder."""
    told = usage or environ.get(URL)
    if told:
        return told
    place = str(control) if control is not None else control_url(environ)
    if not place.startswith("sqlite://") and "://" in place:
        return place
    return str(path_of(place).with_name("usage.db"))


def open_usage(url: str | Path | None = None, *, prices: Prices | None = None, exist: bool = False) -> UsageLedger:
    """Open a usage ledger, and make it if it does not exist.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default see `default_url`.
        prices: by which calls cost something.
        exist: refuse to make one.

    Raises:
        InvalidInput: the URL is none, or the ledger's costs are in another currency than the prices.
        UnifiedError: it cannot be opened.
    """
    found = database(str(url) if url is not None else default_url(), CONTENTS, exist=exist)
    migrate(found, MIGRATIONS, name="usage-schema")
    return UsageLedger(found, prices)


class UsageLedger:
    """What calls came to, in a database that processes share.

    Args:
        database: with the tables of `schema.py`.
        prices: by which calls cost something; without, the currency is the one that earlier costs were in.
    """

    def __init__(self, database: Database, prices: Prices | None = None) -> None:
        self.database = database
        self.prices = prices
        self.currency = self._currency(prices)
        self._met: dict[tuple[str, str], int] = {}
        """Names that were written, and on which day last: nearly always they are there already."""

    def _currency(self, prices: Prices | None) -> str | None:
        with self.database.reading() as session:
            found = session.rows("SELECT value FROM usage_facts WHERE name = 'currency'")
        known = text(found[0][0]) if found else None
        if prices is None or known == prices.currency:
            return known
        if known is not None:
            raise InvalidInput(
                f"the costs in {self.database.place} are in {known}, and the prices are in {prices.currency}: they need another ledger"
            )
        with self.database.writing("usage") as session:
            session.run("INSERT INTO usage_facts (name, value) VALUES ('currency', ?) ON CONFLICT (name) DO NOTHING", prices.currency)
        return self._currency(prices)

    # ------------------------------------------------------------------------------------------------ writing
    def write(self, entries: Sequence[Entry], *, again: bool = False, lost: int = 0) -> None:
        """Write calls and add them to the rollups, all or none.

        Args:
            again: an earlier try failed, and may have been carried out all the same: what is there already is left alone.
            lost: calls that could not be kept since the last time.

        Raises:
            UnifiedError: they cannot be written.
        """
        # Not on disk when it returns, which no call depends on: a machine that dies takes the last moments along.
        with self.database.writing("usage", durable=False) as session:
            if again:
                entries = _missing(session, entries)
            _insert(session, f"INSERT INTO usage_calls ({', '.join(CALLS)}) VALUES", [one.row() for one in entries])
            for table, keys, rows in _rollups(entries):
                _add(session, table, keys, SUMS, rows)
            _add(session, "usage_latency", ("cut", "day", "name", "vendor", "bucket"), ("calls",), _latencies(entries))
            _add(session, "usage_crossed_latency", (*_CROSSED, "bucket"), ("calls",), _crossed_latencies(entries))
            met = self._name(session, entries)
            _insert(session, "INSERT INTO usage_words (word, at, call) VALUES", _words(entries))
            if lost:
                _add(session, "usage_losses", ("hour",), ("calls",), {(int(time.time() // HOUR),): [lost]})
        if len(self._met) > _MET:
            self._met.clear()
        self._met |= met  # not before they are there for good

    def _name(self, session: Session, entries: Sequence[Entry]) -> dict[tuple[str, str], int]:
        """Write the names and words that searches go by, and return those that were not known for the day."""
        met: dict[tuple[str, str], int] = {}
        for one in entries:
            for kind, column in COLUMNS.items():
                _meet(met, kind, getattr(one, column), one.day)
            for word in words(one.error):
                _meet(met, WORD, word, one.day)
        new = {key: day for key, day in met.items() if self._met.get(key, -1) < day}
        _insert(
            session,
            "INSERT INTO usage_names (kind, name, folded, day) VALUES",
            [(kind, name, name.casefold(), day) for (kind, name), day in sorted(new.items())],
            " ON CONFLICT (kind, name) DO UPDATE SET day = excluded.day WHERE usage_names.day < excluded.day",
        )
        return new

    # ------------------------------------------------------------------------------------------------ pruning
    def prune(self, *, calls_kept: float = CALLS_KEPT, rollups_kept: float = ROLLUPS_KEPT, now: float | None = None) -> int:
        """Take away what is older than so many days, and return how many rows that were.

        Raises:
            ValueError: rollups would be kept for less time than calls, or either for less than a day.
            UnifiedError: the database cannot be written.
        """
        if not 1 <= calls_kept <= rollups_kept:
            raise ValueError("calls are kept for a day at least, and rollups as long as calls at least")
        now = time.time() if now is None else now
        day = int((now - rollups_kept * DAY) // DAY)
        gone = self._pruned("usage_calls", "id", "at", now - calls_kept * DAY)
        with self.database.writing("usage", durable=False) as session:
            gone += session.run("DELETE FROM usage_words WHERE at < ?", now - calls_kept * DAY)
        for table, column, before in (
            ("usage_days", "day", day),
            ("usage_totals", "day", day),
            ("usage_latency", "day", day),
            ("usage_crossed", "day", day),
            ("usage_crossed_latency", "day", day),
            ("usage_hours", "hour", day * 24),
            ("usage_losses", "hour", day * 24),
            ("usage_quotas", "day", int(now // DAY) - 2),
            ("usage_names", "day", int((now - calls_kept * DAY) // DAY)),
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


def _meet(met: dict[tuple[str, str], int], kind: str, name: str, day: int) -> None:
    if name:
        met[kind, name] = max(day, met.get((kind, name), day))


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
        _sum(crossed, (one.day, one.agent, one.tool, one.vendor), sums)
        _sum(days, (one.day, one.agent, one.person, one.tool, one.vendor), sums)
        _sum(hours, (one.hour, one.vendor, one.outcome), sums)
        for cut, name, vendor in _cuts(one):
            _sum(totals, (cut, one.day, name, vendor), sums)
    return [
        ("usage_days", ("day", "agent", "person", "tool", "vendor"), days),
        ("usage_crossed", _CROSSED, crossed),
        ("usage_totals", ("cut", "day", "name", "vendor"), totals),
        ("usage_hours", ("hour", "vendor", "outcome"), hours),
    ]


def _latencies(entries: Iterable[Entry]) -> Sums:
    found: Sums = defaultdict(lambda: [0])
    for one in entries:
        for cut, name, vendor in _cuts(one):
            found[cut, one.day, name, vendor, one.bucket][0] += 1
    return found


def _crossed_latencies(entries: Iterable[Entry]) -> Sums:
    return {key: [count] for key, count in Counter((one.day, one.agent, one.tool, one.vendor, one.bucket) for one in entries).items()}


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
