"""Writes to real servers behind proxies with faults: a small part of `make chaos`, with a fault of each kind."""

from __future__ import annotations

import pytest

from tests.chaos import proxies
from tests.chaos.faults import FAULTS
from tests.chaos.judging import judge
from tests.chaos.servers import missing

pytestmark = [pytest.mark.live, pytest.mark.slow]

QUICK = ("limited", "bad-gateway", "CONNECTION_RESET_BY_PEER", "lost", "truncated")
"""Rejected, failed before the work, connection closed before it, and after it twice."""


@pytest.mark.parametrize("server", ["redmine", "redmine-exclusive", "roundup", "synapse"])
def test_nothing_is_lost_and_nothing_is_done_twice(server: str) -> None:
    if reason := proxies.missing() or missing(server):
        pytest.skip(reason)
    faults = [fault for fault in FAULTS if fault.name in QUICK]
    rows = list(judge(server, faults, 20, 20))
    assert [f"{row.fault.returned}: {row.wrong}" for row in rows if row.wrong] == []
    assert sum(row.injected for row in rows) >= 10
    assert sum(row.done + row.partly + row.unconfirmed for row in rows) >= 90  # the judge limits unconfirmed ones by lost responses
    assert sum(row.done for row in rows) >= 60
