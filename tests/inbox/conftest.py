"""An inbox in SQLite and in Postgres."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import database
from unified_platform.inbox import Inbox, open_inbox


@pytest.fixture(params=["sqlite", "postgres"])
def inbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Inbox]:
    if request.param == "sqlite":
        made = open_inbox(tmp_path / "inbox.db")
        yield made
        made.close()
        return
    with database() as url:
        made = open_inbox(url)
        yield made
        made.close()
