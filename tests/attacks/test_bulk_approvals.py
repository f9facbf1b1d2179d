"""Approvals and bulk calls: one item spends one approval, however many items are equal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bulk.test_batches import HubSpot, both, run
from tests.unit.runtime.policies import Engine, MemoryApprovals
from unified_runtime import ApprovalRequired, PolicyEnforcer, acting
from unified_runtime.core.policy_decisions import allow, needs_approval

SAME = {"first_name": "Ada", "last_name": "L"}


@both
@pytest.mark.parametrize("count", [2, 5])
def test_one_approval_is_spent_by_one_of_equal_items(mode: str, count: int) -> None:
    vendor, stored = HubSpot(), MemoryApprovals()
    enforcer = PolicyEnforcer(Engine(lambda q: allow() if q.approved or q.effect == "read" else needs_approval()), approvals=stored)

    def create(items: list[dict[str, Any]]) -> Any:
        with acting(agent="helper"):
            return run(mode, vendor, "contacts.create", items, via="hubspot", enforcer=enforcer)

    (wish,) = create([SAME]).failed
    stored.approve(wish.error.approval)
    results = create([SAME] * count + [SAME | {"last_name": "X"}])
    assert len(results.failed) == count
    assert all(isinstance(item.error, ApprovalRequired) for item in results.failed)
    assert len(vendor.contacts) == 1
    assert stored.spent == [wish.error.approval]
