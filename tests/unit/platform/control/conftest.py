"""Database of approvals and the audit log, in SQLite and in Postgres."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import postgres
from unified_platform.audit.database import open_store
from unified_platform.store.database import Database


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "control.db")
        return
    with postgres.database() as made:
        yield made


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    made = open_store(url)
    yield made
    made.close()
