"""Lists from which a policy takes records: no byte of those leaves the broker, not within the vendor's own answer either."""

from __future__ import annotations

import httpx2
import pytest

from tests.broker.conftest import BrokerCaller
from tests.unit.runtime.policies import Engine
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_guard import on_record
from unified_runtime import AsyncClient, Guard


@pytest.mark.parametrize("allowed", [{"P-1"}, {"P-1", "P-3"}, {"P-2"}, set()])
def test_what_a_list_leaves_out_does_not_leave_the_broker(simple: BrokerCaller, server: Loopback, allowed: set[str]) -> None:
    """An agent reads what comes as it is; it need not use the library."""
    calls = simple.broker.calls
    calls.client = AsyncClient(settings=simple.settings, connections=simple.connections)
    calls.guard = Guard(Engine(on_record(lambda record: record["id"] in allowed)))
    issues = [
        {"key": f"P-{n}", "fields": {"summary": f"secret of {n}", "assignee": {"emailAddress": f"{n}@private.test"}}} for n in (1, 2, 3)
    ]
    server.answers(Reply.of({"issues": issues, "total": 3, "names": {"P-1": "a", "P-2": "b", "P-3": "c"}}))
    asked = {"operation": "tasks.list", "input": {}, "acting": {}}
    answer = httpx2.post(f"{simple.url}/v1/page", json=asked, headers={"Authorization": f"Bearer {simple.key}"})
    assert answer.status_code == 200
    for n in (1, 2, 3):
        for word in (f"secret of {n}", f"{n}@private.test", f"P-{n}"):
            assert (word in answer.text) == (f"P-{n}" in allowed), word
