"""Schemas and databases in a running Postgres, each for one test only.

`UNIFIED_TEST_POSTGRES` is its URL; the default is the usual port of this machine.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest

URL = os.environ.get("UNIFIED_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@contextmanager
def database(*, separate: bool = False) -> Iterator[str]:
    """Yield the URL of a new, empty schema, dropped afterwards; with `separate`, of a database, for users with their own schemas (DBOS).

    Skips the test if no Postgres responds.
    """
    name, kind = f"unified_{secrets.token_hex(6)}", "DATABASE" if separate else "SCHEMA"
    try:
        with psycopg.connect(URL, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f"CREATE {kind} {name}")
    except psycopg.OperationalError as error:
        pytest.skip(f"no Postgres responds at {urlsplit(URL).netloc.rpartition('@')[2]}: {str(error).splitlines()[0]}")
    own = {"path": f"/{name}"} if separate else {"query": f"options={quote(f'-csearch_path={name}', safe='')}"}
    try:
        yield urlunsplit(urlsplit(URL)._replace(**own))
    finally:
        with psycopg.connect(URL, autocommit=True) as connection:
            connection.execute(f"DROP {kind} {name} {'WITH (FORCE)' if separate else 'CASCADE'}")
