"""Lists from which a policy removes records: no byte of those leaves the broker, not even within the vendor's own response."""

from __future__ import annotations

import httpx2
import pytest

from tests.broker.conftest import BrokerCaller
from tests.unit.runtime.policies import Engine
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_policy_enforcer import on_record
from unified_runtime import AsyncClient, PolicyEnforcer


@pytest.mark.parametrize("allowed", [{"P-1"}, {"P-1", "P-3"}, {"P-2"}, set()])
def test_filtered_records_do_not_leave_the_broker(simple: BrokerCaller, server: Loopback, allowed: set[str]) -> None:
    """An agent reads the raw response; it need not use the library."""
    calls = simple.broker.calls
    calls.client = AsyncClient(settings=simple.settings, connections=simple.connections)
    calls.enforcer = PolicyEnforcer(Engine(on_record(lambda record: record["id"] in allowed)))
    issues = [
        {"key": f"P-{n}", "fields": {"summary": f"secret of {n}", "assignee": {"emailAddress": f"{n}@private.test"}}} for n in (1, 2, 3)
    ]
    server.answers(Reply.of({"issues": issues, "total": 3, "names": {"P-1": "a", "P-2": "b", "P-3": "c"}}))
    requested = {"operation": "tasks.list", "input": {}, "acting": {}}
    response = httpx2.post(f"{simple.url}/v1/page", json=requested, headers={"Authorization": f"Bearer {simple.key}"})
    assert response.status_code == 200
    for n in (1, 2, 3):
        for word in (f"secret of {n}", f"{n}@private.test", f"P-{n}"):
            assert (word in response.text) == (f"P-{n}" in allowed), word
