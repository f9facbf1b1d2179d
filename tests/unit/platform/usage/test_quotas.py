"""Quotas: they deny in time, exactly, with concurrent processes; the error names the quota and its reset."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.usage import attempt, record
from tests.unit.runtime import tasks
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.policies import Engine, MemoryAuditLog
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.agents import registry
from unified_platform.agents.quotas import Quota
from unified_platform.catalog import capabilities
from unified_platform.usage import quota_store as counting
from unified_platform.usage.entries import DAY, entry
from unified_platform.usage.prices import nano, parsed
from unified_platform.usage.quota_store import QuotaStore
from unified_platform.usage.recorder import UsageRecorder
from unified_platform.usage.store import UsageStore, open_usage_store
from unified_runtime import PolicyEnforcer, acting
from unified_runtime.core.errors import Denied, InvalidInput, QuotaExceeded
from unified_runtime.core.policy_decisions import deny
from unified_runtime.core.wire import errors

PRICES = parsed(
    "currency: EUR\nprices: [{tool: tasks.create, call: 0.1, request: 0.05, thousand_tokens: 1}, {call: 0.01}]", "p", capabilities.load()
)


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture(params=["sync", "async"])
def caller(request: pytest.FixtureRequest, server: Loopback) -> Caller:
    made = Caller("default", request.param)
    made.connect(server.url)
    return made


def test_the_call_beyond_a_quota_is_denied_before_anything_is_sent(caller: Caller, server: Loopback, tmp_path: Path) -> None:
    store = open_usage_store(tmp_path / "usage.db")
    audit_log = MemoryAuditLog()
    caller.enforcer = PolicyEnforcer(
        Engine(), audit=audit_log, quotas=QuotaStore(store, {"helper": (Quota(max_calls=2, tool="tasks.get"),)})
    )
    server.answers(Reply.of(ISSUE), Reply(503), Reply.of(ISSUE), Reply.of({"key": "P-1"}, 201), Reply.of(ISSUE))
    with acting(agent="helper"):
        caller.run(tasks.get, "P-1")
        caller.run(tasks.get, "P-1")
        assert len(server.seen) == 3, "one was sent twice, and is one call"
        with pytest.raises(
            QuotaExceeded, match=r"tasks.get on acme: the quota max_calls of helper for tasks.get is exhausted: 2 calls a day. It starts"
        ) as caught:
            caller.run(tasks.get, "P-1")
        assert len(server.seen) == 3
        caller.run(tasks.create, title="x", project_id="P")
    error = caught.value
    assert error.quota == "max_calls of helper for tasks.get"
    assert error.policies == ("quota max_calls of helper for tasks.get",)
    assert error.retry_after is not None
    assert (time.time() + error.retry_after) % DAY == pytest.approx(0, abs=2) or (time.time() + error.retry_after) % DAY > DAY - 2
    assert not error.retry_safe
    assert ("quota", "deny") in audit_log.outcomes
    with acting(agent="another"):
        server.answers(Reply.of(ISSUE))
        caller.run(tasks.get, "P-1")
    result = errors.error(errors.failure(error))
    assert (type(result), result.quota, result.retry_after) == (QuotaExceeded, error.quota, error.retry_after)  # type: ignore[attr-defined]
    store.close()


def test_calls_denied_by_a_policy_are_not_counted(caller: Caller, server: Loopback, usage_store: UsageStore) -> None:
    quotas = QuotaStore(usage_store, {"helper": (Quota(max_calls=1),)})
    caller.enforcer = PolicyEnforcer(Engine(lambda _: deny("no")), quotas=quotas)
    with acting(agent="helper"), pytest.raises(Denied):
        caller.run(tasks.delete, "P-1")
    assert [one.calls for one in quotas.spent()] == [0]


def test_a_quota_that_cannot_be_counted_denies(caller: Caller, server: Loopback, tmp_path: Path) -> None:
    store = open_usage_store(tmp_path / "usage.db")
    caller.enforcer = PolicyEnforcer(Engine(), quotas=QuotaStore(store, {"helper": (Quota(max_calls=9),)}))
    with store.database.writing("x") as session:
        session.run("DROP TABLE usage_quotas")
    with acting(agent="helper"), pytest.raises(Denied, match="quotas cannot be counted: StoreUnavailable"):
        caller.run(tasks.get, "P-1")
    assert server.seen == []
    store.close()


def test_counts_equal_a_plain_count(usage_store: UsageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    draw, now = random.Random(7), [1_800_000_000.0]
    monkeypatch.setattr(counting, "_now", lambda _: now[0])
    priced = UsageStore(usage_store.database, PRICES)
    given = {
        "a": (Quota(max_calls=15), Quota(tool="tasks", max_cost=Decimal("0.9")), Quota(tool="tasks.get", vendor="jira", max_calls=3)),
        "b": (Quota(vendor="slack", max_calls=0), Quota(max_cost=Decimal("0.05"))),
    }
    stored = QuotaStore(priced, given)
    had: dict[tuple[Any, ...], list[int]] = {}
    outcomes = set()
    for _ in range(400):
        now[0] += draw.choice((10, 10, 10, 3000))
        agent, vendor = draw.choice("abc"), draw.choice(("jira", "slack"))
        tool = draw.choice(("tasks.get", "tasks.create", "messages.send"))
        least, day = PRICES.least(tool, vendor), int(now[0] // DAY)
        under = [quota for quota in given.get(agent, ()) if quota.holds(tool, vendor)]
        rows = [had.setdefault((agent, quota, day), [0, 0]) for quota in under]
        room = all(
            (quota.max_calls is None or row[0] + 1 <= quota.max_calls)
            and (quota.max_cost is None or (row[1] + least <= nano(quota.max_cost) and row[1] < nano(quota.max_cost)))
            for quota, row in zip(under, rows, strict=True)
        )
        found = stored.count(agent, tool, vendor)
        outcomes.add((agent, found is None))
        assert (found is None) is room
        if room:
            for row in rows:
                row[0] += 1
                row[1] += least
    assert outcomes == {("a", True), ("a", False), ("b", True), ("b", False), ("c", True)}


def _count(url: str, times: int, results: Any) -> None:
    store = open_usage_store(url)
    stored = QuotaStore(store, {"helper": (Quota(max_calls=50), Quota(tool="tasks", max_calls=40))})
    with ThreadPoolExecutor(4) as pool:
        results.put(sum(found is None for found in pool.map(lambda _: stored.count("helper", "tasks.get", "jira"), range(times))))
    store.close()


def test_processes_together_get_exactly_what_there_is(url: str) -> None:
    open_usage_store(url).close()
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    processes = [spawn.Process(target=_count, args=(url, 30, results)) for _ in range(3)]
    for one in processes:
        one.start()
    allowed = [results.get(timeout=60) for _ in processes]
    for one in processes:
        one.join(60)
    assert sum(allowed) == 40
    store = open_usage_store(url)
    stored = QuotaStore(store, {"helper": (Quota(max_calls=50), Quota(tool="tasks", max_calls=40))})
    assert {(one.quota.scope, one.calls) for one in stored.spent()} == {("", 40), ("tasks", 40)}, "what was denied is counted nowhere"
    store.close()


def test_actual_cost_of_a_call_counts(usage_store: UsageStore) -> None:
    priced = UsageStore(usage_store.database, PRICES)
    stored = QuotaStore(priced, {"helper": (Quota(max_cost=Decimal("1.00")),)})
    recorder = UsageRecorder(priced, quotas=stored)
    assert stored.count("helper", "tasks.create", "jira") is None
    # 4000 bytes are 1000 tokens: 0.1 + 2 * 0.05 + 1.00, of which 0.15 were counted before.
    made = record("c1", time.time(), attempts=(attempt(bytes_received=0, status=503), attempt(number=2, bytes_received=4000)))
    assert entry(made, PRICES).cost == nano(Decimal("1.2"))
    recorder.ended(made)
    recorder.ended(record("c2", time.time(), attempts=(), outcome="denied"))
    assert recorder.flush()
    recorder.close()
    assert [(one.calls, one.cost) for one in stored.spent()] == [(1, nano(Decimal("1.2")))]
    found = stored.count("helper", "tasks.get", "jira")
    assert found is not None
    assert "max_cost of helper is exhausted: 1.00 EUR a day" in found.message
    with pytest.raises(InvalidInput, match="agent helper has max_cost, and nothing costs anything"):
        QuotaStore(UsageStore(usage_store.database), {"helper": (Quota(max_cost=Decimal(1)),)})


TABLE = '[agents.helper]\ntoolsets = ["tasks"]\n'


def test_quotas_are_in_the_agents_file() -> None:
    text = (
        TABLE
        + 'max_calls = 1000\nmax_cost = 5.10\nquotas = [{ tool = "tasks.delete", max_calls = 10 }, { vendor = "jira", max_cost = "0.1" }]'
    )
    assert registry.parse_agents(text, "agents.toml", capabilities.load()).quotas == {
        "helper": (
            Quota(max_calls=1000, max_cost=Decimal("5.10")),
            Quota(tool="tasks.delete", max_calls=10),
            Quota(vendor="jira", max_cost=Decimal("0.1")),
        )
    }
    assert registry.parse_agents(TABLE, "agents.toml", capabilities.load()).quotas == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("max_call = 1", "agent helper has 'max_call'"),
        ("max_calls = -1", "max_calls is a whole number from 0, not -1"),
        ("max_calls = true", "max_calls is a whole number"),
        ("max_cost = -1.0", "max_cost is an amount such as 5.00, not -1.0"),
        ("max_cost = nan", "max_cost is an amount"),
        ('max_cost = "five"', "max_cost is an amount such as 5.00, not five"),
        ("max_cost = 0.00000000001", "max_cost is an amount"),
        ("quotas = 5", "quotas are a list of tables"),
        ("quotas = [5]", "quota 1 is a table with tool"),
        ("quotas = [{max_calls = 1, agent = 'x'}]", "quota 1 has 'agent'"),
        ("quotas = [{tool = 'tasks'}]", "quota 1 needs max_calls, max_cost or both"),
        ("quotas = [{tool = 'tusks', max_calls = 1}]", "agent helper, quota 1: 'tusks' is not a resource"),
        ("quotas = [{tool = 'jira', max_calls = 1}]", "tool is an operation such as tasks.create, or a resource such as tasks, not 'jira'"),
        ("quotas = [{tool = 'tasks.read', max_calls = 1}]", "not 'tasks.read'"),
        ("quotas = [{vendor = 'jirra', max_calls = 1}]", "there is no vendor 'jirra'"),
        ("quotas = [{tool='tasks', max_calls = 1}, {tool='tasks', max_cost = 1}]", "two quotas for tasks"),
    ],
)
def test_invalid_quotas_are_reported(text: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        registry.parse_agents(TABLE + text, "agents.toml", capabilities.load())
    assert message in caught.value.message
