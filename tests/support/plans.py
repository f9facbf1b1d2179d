"""Query plans: statements that would scan a table of a store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest

from unified_platform.store.database import Database
from unified_platform.store.postgres import _translated

Requested = tuple[str, tuple[Any, ...]]

LOOKED_THROUGH = {"usage_quotas", "CONSTANT"}
"""Tables that may be scanned: quotas have a row for each of one or two days."""


@contextmanager
def listening(database: Database, monkeypatch: pytest.MonkeyPatch, tables: str = "usage_") -> Iterator[list[Requested]]:
    """Collect the statements on tables with this text in their names while the block runs, with their values. Inserts are left out."""
    requested: list[Requested] = []
    with database.reading() as session:
        kind: Any = type(session)

    def seen(real: Any) -> Any:
        def call(self: Any, statement: str, *values: Any) -> Any:
            if tables in statement and not statement.startswith("INSERT"):
                requested.append((statement, values))
            return real(self, statement, *values)

        return call

    with monkeypatch.context() as patched:
        patched.setattr(kind, "rows", seen(kind.rows))
        patched.setattr(kind, "run", seen(kind.run))
        yield requested


def complete_reads(url: str, requested: Sequence[Requested]) -> list[str]:
    """Return the statements that would scan a table, by the database's own plan."""
    if url.startswith("postgresql://"):
        with psycopg.connect(url) as connection:
            # Small tables are scanned even if there is an index. With this setting, only those without a usable index are.
            connection.execute("SET enable_seqscan = off")
            return [f"{statement}: {found}" for statement, values in requested for found in _by_postgres(connection, statement, values)]
    with closing(sqlite3.connect(url)) as connection:
        return [f"{statement}: {found}" for statement, values in requested for found in _by_sqlite(connection, statement, values)]


def _by_sqlite(connection: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> Iterator[str]:
    for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {statement.replace('NOW()', '0')}", values):
        if step.startswith("SCAN ") and step.split()[1] not in LOOKED_THROUGH:
            yield step


def _by_postgres(connection: psycopg.Connection[Any], statement: str, values: tuple[Any, ...]) -> Iterator[str]:
    ((plans,),) = connection.execute(f"EXPLAIN (FORMAT JSON) {_translated(statement)}", values or None).fetchall()  # type: ignore[arg-type]
    nodes = [plan["Plan"] for plan in plans]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        kind, table = node["Node Type"], node.get("Relation Name")
        scanned = kind == "Seq Scan" or (kind in {"Index Scan", "Index Only Scan", "Bitmap Index Scan"} and "Index Cond" not in node)
        if scanned and table not in LOOKED_THROUGH:
            yield f"{kind} of {table or node.get('Index Name')}"
