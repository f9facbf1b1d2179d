"""How a database goes about what it is asked: statements that would read a whole table of the usage ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest

from unified_platform.store.database import Database
from unified_platform.store.postgres import _spoken

Asked = tuple[str, tuple[Any, ...]]

LOOKED_THROUGH = {"usage_quotas", "CONSTANT"}
"""What may be read whole: quotas, which have a row for each of a day or two."""


@contextmanager
def listening(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Asked]]:
    """The statements that the usage ledger's tables are asked for while the block runs, with their values."""
    asked: list[Asked] = []
    with database.reading() as session:
        kind: Any = type(session)
    rows = kind.rows

    def seen(self: Any, statement: str, *values: Any) -> Any:
        if "usage_" in statement:
            asked.append((statement, values))
        return rows(self, statement, *values)

    with monkeypatch.context() as patched:
        patched.setattr(kind, "rows", seen)
        yield asked


def whole_reads(url: str, asked: Sequence[Asked]) -> list[str]:
    """Those that would read a whole table, by the database's own plan."""
    if url.startswith("postgresql://"):
        with psycopg.connect(url) as connection:
            # Small tables are read whole whatever indexes there are. So is, with this, what no index serves.
            connection.execute("SET enable_seqscan = off")
            return [f"{statement}: {found}" for statement, values in asked for found in _by_postgres(connection, statement, values)]
    with closing(sqlite3.connect(url)) as connection:
        return [f"{statement}: {found}" for statement, values in asked for found in _by_sqlite(connection, statement, values)]


def _by_sqlite(connection: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> Iterator[str]:
    for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {statement.replace('NOW()', '0')}", values):
        if step.startswith("SCAN ") and step.split()[1] not in LOOKED_THROUGH:
            yield step


def _by_postgres(connection: psycopg.Connection[Any], statement: str, values: tuple[Any, ...]) -> Iterator[str]:
    ((plans,),) = connection.execute(f"EXPLAIN (FORMAT JSON) {_spoken(statement)}", values or None).fetchall()  # type: ignore[arg-type]
    nodes = [plan["Plan"] for plan in plans]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        kind, table = node["Node Type"], node.get("Relation Name")
        scanned = kind == "Seq Scan" or (kind in {"Index Scan", "Index Only Scan", "Bitmap Index Scan"} and "Index Cond" not in node)
        if scanned and table not in LOOKED_THROUGH:
            yield f"{kind} of {table or node.get('Index Name')}"
