"""Database of a measurement in Postgres: created, loaded by COPY and SQL, and dropped."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg


@contextmanager
def database(server: str) -> Iterator[str]:
    """Yield the URL of a new database on a server; it is dropped at the end."""
    name = f"unified_scaling_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def copy(url: str, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Load rows by COPY."""
    with (
        psycopg.connect(url) as connection,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as writer,
    ):
        for row in rows:
            writer.write_row(row)


def run(url: str, *statements: str) -> None:
    """Run statements in one transaction."""
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]  # written in this package


def analyze(url: str, tables: Iterable[str]) -> None:
    """Collect statistics and set visibility, as autovacuum does some time after so many inserts."""
    with psycopg.connect(url, autocommit=True) as connection:
        for table in tables:
            connection.execute(f"VACUUM ANALYZE {table}")


def size(url: str, tables: Iterable[str]) -> int:
    """Return the bytes on disk of tables with their indexes."""
    with psycopg.connect(url) as connection:
        return sum(int(connection.execute("SELECT pg_total_relation_size(%s)", (table,)).fetchone()[0]) for table in tables)


def explained(url: str, statement: str, *values: object) -> list[str]:
    """Return the executed plan of a statement, which is rolled back."""
    with psycopg.connect(url) as connection, connection.transaction(force_rollback=True):
        return [row[0] for row in connection.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", values or None)]
