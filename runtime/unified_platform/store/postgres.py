"""Database in Postgres, for several hosts."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, LiteralString
from urllib.parse import urlsplit

from unified_platform.common.extras import require_extra
from unified_platform.store.database import Row
from unified_platform.store.errors import Contents, StoreError
from unified_runtime.idempotency.store import waits

if TYPE_CHECKING:
    from psycopg import Connection, IsolationLevel
    from psycopg_pool import ConnectionPool

NOW = "extract(epoch from statement_timestamp())::float8"
"""Start of the statement, after the lock of its transaction. `clock_timestamp()` is volatile: no comparison with it uses an index."""
_TYPES = {"BLOB": "BYTEA", "REAL": "DOUBLE PRECISION", "INTEGER": "BIGINT"}
_TYPE = re.compile(rf"\b({'|'.join(_TYPES)})\b")
_LEASED = re.compile(r"LEASED\((\w+(?:\.\w+)?)\)")
_CONNECT = 10.0
_WAIT = 30.0


class _Session:
    __slots__ = ("_connection",)

    def __init__(self, connection: Connection[Row]) -> None:
        self._connection = connection

    def rows(self, statement: str, *values: object) -> Sequence[Row]:
        return self._connection.execute(_translated(statement), values or None, prepare=True).fetchall()

    def run(self, statement: str, *values: object) -> int:
        return self._connection.execute(_translated(statement), values or None, prepare=bool(values)).rowcount

    def has(self, table: str) -> bool:
        return bool(self.rows("SELECT 1 WHERE to_regclass(?) IS NOT NULL", table))


class Postgres:
    """Database by its URL (`postgresql://user@host/name`). Connections are pooled, and a forked process gets its own."""

    def __init__(self, url: str, contents: Contents, *, connections: int = 8) -> None:
        self._psycopg = require_extra("psycopg", "postgres", "a database in Postgres")
        self._pools = require_extra("psycopg_pool", "postgres", "a database in Postgres")
        self.__url = url
        self.contents = contents
        self._connections = connections
        self._pool: ConnectionPool[Connection[Row]] | None = None
        self._process = os.getpid()
        self._lock = threading.Lock()

    @property
    def location(self) -> str:
        parts = urlsplit(self.__url)
        return f"{parts.scheme}://{parts.hostname or 'localhost'}{f':{parts.port}' if parts.port else ''}{parts.path}"

    @contextmanager
    def reading(self) -> Iterator[_Session]:
        with self._transaction(self._psycopg.IsolationLevel.REPEATABLE_READ) as session:
            yield session

    @contextmanager
    def writing(self, lock: str, *, durable: bool = True) -> Iterator[_Session]:
        with self._transaction(self._psycopg.IsolationLevel.READ_COMMITTED) as session:
            if durable:
                session.rows("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", f"unified {lock}")
            else:
                session.run("SET LOCAL synchronous_commit = off")
            yield session

    @contextmanager
    def _transaction(self, level: IsolationLevel) -> Iterator[_Session]:
        broken: StoreError | None = None
        try:
            with self._opened().connection(timeout=waits(_WAIT)) as connection:
                connection.isolation_level = level
                with connection.transaction():
                    yield _Session(connection)
        except self._psycopg.Error as error:
            broken = self._store_error(error)
        # Raised here: the database's own exception has frames with the values of the statement.
        if broken is not None:
            raise broken from None

    def check(self) -> list[str]:
        return []  # Postgres has its own tools (pg_amcheck), and page checksums if they are enabled

    def close(self) -> None:
        if self._pool is not None and self._process == os.getpid():
            self._pool.close()
            self._pool = None

    def _opened(self) -> ConnectionPool[Connection[Row]]:
        with self._lock:
            if self._process != os.getpid():
                _OF_PARENT.append(self._pool)
                self._pool = None
                self._process = os.getpid()
            if self._pool is None:
                self._pool = self._pools.ConnectionPool(
                    self.__url,
                    min_size=0,
                    max_size=self._connections,
                    open=True,
                    reconnect_timeout=_CONNECT,
                    kwargs={"connect_timeout": int(_CONNECT)},
                    check=self._pools.ConnectionPool.check_connection,
                )
            return self._pool

    def _store_error(self, error: Any) -> StoreError:
        # Only the first line of the driver's text is used: the others may quote the statement's values.
        text = (str(error).splitlines() or [""])[0][:200]
        return self.contents.unavailable(
            f"{self.contents.name} in {self.location} cannot be used: {text or type(error).__name__}; nothing was changed"
        )


_OF_PARENT: list[Any] = []
"""Pools of a parent process: closing them here would end its sessions."""


def _translated(statement: str) -> LiteralString:
    text = (
        _LEASED.sub(r"(\1 > NOW())", statement)
        .replace("LEASE_NOW()", "NOW()")
        .replace("NOW()", NOW)
        .replace("?", "%s")
        .replace("COLLATE BINARY", 'COLLATE "C"')
    )
    if text.startswith(("CREATE", "ALTER")):
        text = _TYPE.sub(lambda match: _TYPES[match[1]], text).removesuffix("WITHOUT ROWID")
    return text
