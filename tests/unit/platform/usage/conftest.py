"""The usage store in SQLite and in Postgres."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import postgres
from unified_platform.usage.store import UsageStore, open_usage_store


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "usage.db")
        return
    with postgres.database() as made:
        yield made


@pytest.fixture
def usage_store(url: str) -> Iterator[UsageStore]:
    made = open_usage_store(url)
    yield made
    made.close()
