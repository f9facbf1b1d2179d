"""Places in a Postgres that runs already, each for one test alone.

Where it is stands in `UNIFIED_TEST_POSTGRES`; without it, the one on this machine's usual port is tried.
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
def database() -> Iterator[str]:
    """The URL of a new, empty schema, which is dropped afterwards. Skips the test where no Postgres answers."""
    name = f"unified_{secrets.token_hex(6)}"
    try:
        with psycopg.connect(URL, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
    except psycopg.OperationalError as error:
        pytest.skip(f"no Postgres answers at {urlsplit(URL).netloc.rpartition('@')[2]}: {str(error).splitlines()[0]}")
    try:
        yield urlunsplit(urlsplit(URL)._replace(query=f"options={quote(f'-csearch_path={name}', safe='')}"))
    finally:
        with psycopg.connect(URL, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA {name} CASCADE")
