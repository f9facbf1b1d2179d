"""The tables of the usage ledger, for SQLite and Postgres alike.

A call stands in `usage_calls` for some weeks, and is added to the rollups when it is written, in the same transaction:

| table | a row for each | for |
|---|---|---|
| `usage_days` | day, agent, user, tool, vendor | any question by any of them |
| `usage_totals` | day and agent; day and user; day, tool and vendor | the same by one of them, over few rows |
| `usage_latency` | the same, and bucket of durations | quantiles, by adding up |
| `usage_crossed` | day, agent, tool and vendor | what an agent's tools come to |
| `usage_crossed_latency` | the same, and bucket of durations | their quantiles, over a third of the rows that calls have |
| `usage_hours` | hour, vendor and outcome | what happens over time |
| `usage_names` | kind and name | finding names and words that hold a text (`searching.py`) |

`usage_words` says of each word of an error in which calls it was. Ids are compared by their bytes: those that begin alike lie together.

Days and hours are of UTC, counted from 1970. Nobody is told as an empty text.
"""

from __future__ import annotations

from collections.abc import Sequence

SUMS = ("calls", "errors", "seconds", "requests", "sent", "received", "tokens", "cost")
"""What rollups add up. `cost` is in billionths of the currency, `sent` and `received` are bytes."""

_SUMS = "calls INTEGER NOT NULL, errors INTEGER NOT NULL, seconds REAL NOT NULL, requests INTEGER NOT NULL, sent INTEGER NOT NULL, " + (
    "received INTEGER NOT NULL, tokens INTEGER NOT NULL, cost INTEGER NOT NULL"
)

_BY_KEY = "WITHOUT ROWID"
"""Rows lie in the order of their key, as they are read: in SQLite the row itself, and no place of it in another tree."""

CALLS = (
    *("id", "at", "seconds", "bucket", "agent", "person", "behalf", "tool", "vendor", "outcome", "requests", "sent", "received"),
    *("tokens", "cost", "request_id", "trace_id", "approval", "saga", "story"),
)
"""The columns of `usage_calls`."""

LOOKED_UP = ("request_id", "trace_id", "approval", "saga")
"""Ids by which a call is found, beside its own."""

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE usage_calls (id TEXT COLLATE BINARY PRIMARY KEY, at REAL NOT NULL, seconds REAL NOT NULL, bucket INTEGER NOT NULL, "
        "agent TEXT NOT NULL, person TEXT NOT NULL, behalf TEXT NOT NULL, tool TEXT NOT NULL, vendor TEXT NOT NULL, "
        "outcome TEXT NOT NULL, requests INTEGER NOT NULL, sent INTEGER NOT NULL, received INTEGER NOT NULL, tokens INTEGER NOT NULL, "
        "cost INTEGER NOT NULL, request_id TEXT COLLATE BINARY NOT NULL, trace_id TEXT COLLATE BINARY NOT NULL, "
        "approval TEXT COLLATE BINARY NOT NULL, saga TEXT COLLATE BINARY NOT NULL, story TEXT NOT NULL)",
        "CREATE INDEX usage_calls_at ON usage_calls (at)",
        *(f"CREATE INDEX usage_calls_{name} ON usage_calls ({name}, at)" for name in ("agent", "person", "tool", "vendor", "outcome")),
        *(f"CREATE INDEX usage_calls_{name} ON usage_calls ({name}) WHERE {name} <> ''" for name in LOOKED_UP),
        "CREATE TABLE usage_days (day INTEGER NOT NULL, agent TEXT NOT NULL, person TEXT NOT NULL, tool TEXT NOT NULL, "
        f"vendor TEXT NOT NULL, {_SUMS}, PRIMARY KEY (day, agent, person, tool, vendor)) {_BY_KEY}",
        "CREATE INDEX usage_days_agent ON usage_days (agent, day)",
        "CREATE TABLE usage_totals (cut TEXT NOT NULL, day INTEGER NOT NULL, name TEXT NOT NULL, vendor TEXT NOT NULL, "
        f"{_SUMS}, PRIMARY KEY (cut, day, name, vendor)) {_BY_KEY}",
        "CREATE TABLE usage_latency (cut TEXT NOT NULL, day INTEGER NOT NULL, name TEXT NOT NULL, vendor TEXT NOT NULL, "
        f"bucket INTEGER NOT NULL, calls INTEGER NOT NULL, PRIMARY KEY (cut, day, name, vendor, bucket)) {_BY_KEY}",
        "CREATE TABLE usage_hours (hour INTEGER NOT NULL, vendor TEXT NOT NULL, outcome TEXT NOT NULL, "
        f"{_SUMS}, PRIMARY KEY (hour, vendor, outcome)) {_BY_KEY}",
        "CREATE TABLE usage_quotas (id TEXT NOT NULL, day INTEGER NOT NULL, calls INTEGER NOT NULL, cost INTEGER NOT NULL, "
        "PRIMARY KEY (id, day))",
        "CREATE TABLE usage_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "CREATE TABLE usage_losses (hour INTEGER PRIMARY KEY, calls INTEGER NOT NULL)",
    ),
    (
        "CREATE TABLE usage_names (kind TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, day INTEGER NOT NULL, "
        f"PRIMARY KEY (kind, name)) {_BY_KEY}",
        "CREATE TABLE usage_words (word TEXT NOT NULL, at REAL NOT NULL, call TEXT COLLATE BINARY NOT NULL, "
        f"PRIMARY KEY (word, at, call)) {_BY_KEY}",
        "CREATE INDEX usage_words_at ON usage_words (at)",
        *(
            f"INSERT INTO usage_names SELECT '{kind}', {column}, LOWER({column}), MAX({day}) FROM {table} "  # noqa: S608
            f"WHERE {column} <> '' GROUP BY {column}"
            for kind, column, day, table in (
                ("agent", "agent", "day", "usage_days"),
                ("user", "person", "day", "usage_days"),
                ("tool", "tool", "day", "usage_days"),
                ("vendor", "vendor", "day", "usage_days"),
                ("outcome", "outcome", "hour / 24", "usage_hours"),
            )
        ),
    ),
    (
        "CREATE TABLE usage_crossed (day INTEGER NOT NULL, agent TEXT NOT NULL, tool TEXT NOT NULL, vendor TEXT NOT NULL, "
        f"{_SUMS}, PRIMARY KEY (day, agent, tool, vendor)) {_BY_KEY}",
        "INSERT INTO usage_crossed SELECT day, agent, tool, vendor, "  # noqa: S608
        f"{', '.join(f'SUM({name})' for name in SUMS)} FROM usage_days GROUP BY 1, 2, 3, 4",
        "CREATE TABLE usage_crossed_latency (day INTEGER NOT NULL, agent TEXT NOT NULL, tool TEXT NOT NULL, vendor TEXT NOT NULL, "
        f"bucket INTEGER NOT NULL, calls INTEGER NOT NULL, PRIMARY KEY (day, agent, tool, vendor, bucket)) {_BY_KEY}",
        "INSERT INTO usage_crossed_latency "
        "SELECT FLOOR(at / 86400), agent, tool, vendor, bucket, COUNT(*) FROM usage_calls GROUP BY 1, 2, 3, 4, 5",
    ),
)
"""By version, from 1. A released step is never changed; a new version is a new step."""
