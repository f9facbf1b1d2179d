"""The tables of the usage store, for SQLite and Postgres alike.

A call is in `usage_calls` for some weeks, and is added to the rollups when it is written, in the same transaction:

| table | a row for each | for |
|---|---|---|
| `usage_days` | day, agent, user, tool, vendor | any query by any of them |
| `usage_totals` | day and agent; day and user; day, tool and vendor | the same by one of them, over few rows |
| `usage_latency` | the same, and bucket of durations | quantiles, by adding up |
| `usage_crossed` | day, agent, tool and vendor | sums of an agent's tools |
| `usage_crossed_latency` | the same, and bucket of durations | their quantiles, over a third of the rows that calls have |
| `usage_hours` | hour, vendor and outcome | what happens over time |
| `usage_names` | kind and name | finding names and words that hold a text (`searching.py`) |

`usage_words` maps each word of an error to its calls. Ids are compared by their bytes: those with the same prefix are adjacent.

Every table but `usage_words`, `usage_losses` and `usage_quotas` has the tenant of its calls as well, as the last part of its key; what was
recorded before there were tenants is the default one's.

Days and hours are of UTC, counted from 1970. A missing name is an empty text.
"""

from __future__ import annotations

from collections.abc import Sequence

from unified_runtime.core.owners import TENANT

SUMS = ("calls", "errors", "seconds", "requests", "sent", "received", "tokens", "cost")
"""Columns that rollups add up. `cost` is in billionths of the currency, `sent` and `received` are bytes."""

_SUMS = "calls INTEGER NOT NULL, errors INTEGER NOT NULL, seconds REAL NOT NULL, requests INTEGER NOT NULL, sent INTEGER NOT NULL, " + (
    "received INTEGER NOT NULL, tokens INTEGER NOT NULL, cost INTEGER NOT NULL"
)

_BY_KEY = "WITHOUT ROWID"
"""Rows lie in the order of their key, as they are read: in SQLite the row itself, and not a pointer to it in another tree."""

CALLS = (
    *("id", "at", "seconds", "bucket", "agent", "person", "behalf", "tool", "vendor", "outcome", "requests", "sent", "received"),
    *("tokens", "cost", "request_id", "trace_id", "approval", "saga", "story", "tenant"),
)
"""The columns of `usage_calls`."""

LOOKED_UP = ("request_id", "trace_id", "approval", "saga")
"""Ids by which a call is found, beside its own."""


def _with_tenant(table: str, columns: str, sums: str, key: str) -> tuple[str, ...]:
    """The statements that make a table anew with a tenant at the end of its key. `columns` and `sums` are definitions, `key` the names."""
    names = ", ".join(one.split()[0] for one in f"{columns}, {sums}".split(", "))
    return (
        f"CREATE TABLE {table}_new ({columns}, tenant TEXT NOT NULL, {sums}, PRIMARY KEY ({key}, tenant)) {_BY_KEY}",
        f"INSERT INTO {table}_new ({names}, tenant) SELECT {names}, '{TENANT}' FROM {table}",  # noqa: S608
        f"DROP TABLE {table}",
        f"ALTER TABLE {table}_new RENAME TO {table}",
    )


_DAY_NAMES = "day INTEGER NOT NULL, agent TEXT NOT NULL, tool TEXT NOT NULL, vendor TEXT NOT NULL"
_BUCKET = "bucket INTEGER NOT NULL"
_COUNT = "calls INTEGER NOT NULL"
_CUT_NAMES = "cut TEXT NOT NULL, day INTEGER NOT NULL, name TEXT NOT NULL, vendor TEXT NOT NULL"

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
    (
        f"ALTER TABLE usage_calls ADD COLUMN tenant TEXT NOT NULL DEFAULT '{TENANT}'",
        "CREATE INDEX usage_calls_tenant ON usage_calls (tenant, at)",
        *_with_tenant(
            "usage_days",
            "day INTEGER NOT NULL, agent TEXT NOT NULL, person TEXT NOT NULL, tool TEXT NOT NULL, vendor TEXT NOT NULL",
            _SUMS,
            "day, agent, person, tool, vendor",
        ),
        "CREATE INDEX usage_days_agent ON usage_days (agent, day)",
        *_with_tenant("usage_totals", _CUT_NAMES, _SUMS, "cut, day, name, vendor"),
        *_with_tenant("usage_latency", f"{_CUT_NAMES}, {_BUCKET}", _COUNT, "cut, day, name, vendor, bucket"),
        *_with_tenant("usage_crossed", _DAY_NAMES, _SUMS, "day, agent, tool, vendor"),
        *_with_tenant("usage_crossed_latency", f"{_DAY_NAMES}, {_BUCKET}", _COUNT, "day, agent, tool, vendor, bucket"),
        *_with_tenant("usage_hours", "hour INTEGER NOT NULL, vendor TEXT NOT NULL, outcome TEXT NOT NULL", _SUMS, "hour, vendor, outcome"),
        *_with_tenant("usage_names", "kind TEXT NOT NULL, name TEXT NOT NULL", "folded TEXT NOT NULL, day INTEGER NOT NULL", "kind, name"),
    ),
)
"""By version, from 1. A released step is never changed; a new version is a new step."""
