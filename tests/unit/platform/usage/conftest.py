"""The usage ledger in SQLite and in Postgres."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import postgres
from unified_platform.usage.ledger import UsageLedger, open_usage


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "usage.db")
        return
    with postgres.database() as made:
        yield made


@pytest.fixture
def ledger(url: str) -> Iterator[UsageLedger]:
    made = open_usage(url)
    yield made
    made.close()
