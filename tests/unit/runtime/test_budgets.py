"""Budgets: the vendors' documented limits, kept before the vendor must say so."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import Limit, basic, errors
from unified_runtime.budgets import LazyBudget, MemoryBudget
from unified_runtime.connections import Connection
from unified_runtime.steps import Endpoint, Retry

ENDPOINT = Endpoint("getIssue", "GET", "/issue/{id}", Retry.SAFE)
LIMITED = replace(VENDOR, limits=(Limit("burst", 3, 1), Limit("hour", 1000, 3600)))


def test_requests_beyond_a_limit_wait(caller: Caller, server: Loopback) -> None:
    caller.budget = MemoryBudget()
    caller.connect(server.url, vendor=LIMITED)
    server.answers(*[Reply.of({"key": "P-1"}), Reply.of(ISSUE)] * 2)
    start = time.monotonic()
    caller.run(tasks.create, title="x", project_id="P")
    assert time.monotonic() - start < 0.6
    caller.run(tasks.create, title="x", project_id="P")
    assert time.monotonic() - start > 0.7
    assert len(server.seen) == 4


def test_a_wait_beyond_the_deadline_is_an_error(simple: Caller, server: Loopback) -> None:
    simple.budget = MemoryBudget()
    simple.settings = replace(QUICK, deadline=1)
    simple.connect(server.url, vendor=replace(VENDOR, limits=(Limit("minute", 1, 60),)))
    server.answers(Reply.of(ISSUE))
    simple.run(tasks.get, "P-1")
    with pytest.raises(errors.RateLimited) as caught:
        simple.run(tasks.get, "P-1")
    assert 50 < (caught.value.retry_after or 0) <= 61.2
    assert caught.value.retry_safe is True
    assert caught.value.vendor == "acme"
    assert len(server.seen) == 1


def test_retries_are_charged_too(simple: Caller, server: Loopback) -> None:
    simple.budget = MemoryBudget()
    simple.settings = replace(QUICK, deadline=1)
    simple.connect(server.url, vendor=replace(VENDOR, limits=(Limit("minute", 2, 60),)))
    server.answers(*[Reply(503)] * 9)
    with pytest.raises(errors.RateLimited):
        simple.run(tasks.get, "P-1")
    assert len(server.seen) == 2


def _asked(budget: MemoryBudget | LazyBudget, connection: Connection) -> float:
    entry = budget.entry(connection, ENDPOINT, "/issue/1", "", time.monotonic() + 60)
    return 0.0 if entry is None else budget.enter(entry)


def test_each_connection_has_its_own_budget() -> None:
    budget = MemoryBudget()
    alice = Connection(LIMITED, basic("a", "x"), {"site": "acme"}, user="alice")
    bob = Connection(LIMITED, basic("b", "x"), {"site": "acme"}, user="bob")
    assert [_asked(budget, alice) > 0 for _ in range(4)] == [False, False, False, True]
    assert _asked(budget, bob) == 0


def test_what_has_to_wait_uses_up_nothing() -> None:
    budget = MemoryBudget()
    limits = (Limit("a", 1, 60, methods=("GET",)), Limit("b", 5, 60))
    connection = Connection(replace(VENDOR, limits=limits), basic("a", "x"), {"site": "acme"})
    assert _asked(budget, connection) == 0
    for _ in range(10):
        assert _asked(budget, connection) > 50
    other = Endpoint("other", "POST", "/issue/{id}", Retry.NEVER)
    left = [budget.enter(entry) for _ in range(5) if (entry := budget.entry(connection, other, "/issue/1", "", 0)) is not None]
    assert [wait > 0 for wait in left] == [False] * 4 + [True]


def test_vendors_without_limits_cost_nothing() -> None:
    budget = LazyBudget()
    assert _asked(budget, Connection(VENDOR, basic("a", "x"), {"site": "acme"})) == 0
    assert budget._inner is None
