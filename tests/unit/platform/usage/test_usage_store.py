"""Sums of the usage store: equal to an independent count of the same calls, for any reader and any order of writes."""

from __future__ import annotations

import math
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from tests.support.plans import complete_reads, listening
from tests.support.usage import drawn, record
from unified_platform.usage import latency_buckets
from unified_platform.usage import store as shared_usage_store
from unified_platform.usage.call_search import CallSearch
from unified_platform.usage.calls import LOOKED_AT, CallLog
from unified_platform.usage.entries import DAY, HOUR, Entry, entry
from unified_platform.usage.prices import parsed
from unified_platform.usage.schema import CALLS, MIGRATIONS, SUMS
from unified_platform.usage.store import UsageStore, open_usage_store
from unified_platform.usage.totals import DIMENSIONS, Totals, UsageFilter
from unified_runtime.core.errors import InvalidInput, NotFound, UnifiedError
from unified_runtime.core.observers import CallRecord

NOW = time.time()


def entries(records: Sequence[CallRecord]) -> list[Entry]:
    return [entry(one, None) for one in records]


@pytest.fixture(scope="module")
def records() -> list[CallRecord]:
    return list(drawn(3000, until=NOW, days=4))


@pytest.fixture
def full(usage_store: UsageStore, records: list[CallRecord]) -> UsageStore:
    for start in range(0, len(records), 700):
        usage_store.write(entries(records[start : start + 700]))
    return usage_store


def of(one: CallRecord, name: str) -> Any:
    return int(one.started_at // DAY) if name == "day" else getattr(one, name)


WAYS: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
    (("tool", "vendor"), {}),
    (("agent",), {}),
    (("user",), {}),
    (("vendor",), {}),
    (("day", "vendor"), {}),
    ((), {}),
    (("tool",), {"vendor": "jira"}),
    (("agent", "tool"), {}),
    (("day", "agent", "user", "tool", "vendor"), {}),
    (("tool",), {"agent": "agent-3"}),
    (("vendor",), {"user": "user-7", "agent": "agent-3"}),
)


@pytest.mark.parametrize(("dimensions", "only"), WAYS)
def test_sums_and_quantiles_are_those_of_the_calls(
    full: UsageStore, records: list[CallRecord], dimensions: tuple[str, ...], only: dict[str, str]
) -> None:
    groups: dict[tuple[Any, ...], list[CallRecord]] = defaultdict(list)
    for one in records:
        if all(of(one, name) == value for name, value in only.items()):
            groups[tuple(of(one, name) for name in dimensions)].append(one)
    found = {tuple(total.names[name] for name in dimensions): total for total in Totals(full.database).by(dimensions, UsageFilter(**only))}
    assert found.keys() == groups.keys()
    for key, calls in groups.items():
        total = found[key]
        assert total.calls == len(calls)
        assert total.errors == sum(one.outcome != "ok" for one in calls)
        assert total.seconds == pytest.approx(sum(one.duration for one in calls))
        assert (total.requests, total.sent, total.received) == (
            sum(len(one.attempts) for one in calls),
            sum(one.bytes_sent for one in calls),
            sum(one.bytes_received for one in calls),
        )
        durations = sorted(one.duration for one in calls)
        for expected, quantile in ((total.p50, 0.5), (total.p95, 0.95), (total.p99, 0.99)):
            true = durations[math.floor(quantile * (len(durations) - 1))]
            assert expected == pytest.approx(true, rel=latency_buckets.ACCURACY)


def test_pending_approvals_are_not_failures(usage_store: UsageStore) -> None:
    outcomes = ("ok", "approval_required", "denied")
    usage_store.write(entries([record(f"call-{outcome}", NOW, outcome=outcome) for outcome in outcomes]))
    (total,) = Totals(usage_store.database).by((), UsageFilter())
    assert (total.calls, total.errors) == (3, 1)
    assert Totals(usage_store.database).outcomes(NOW - DAY, NOW) == [("denied", 1)]


def test_days_bound_what_is_added_up(full: UsageStore, records: list[CallRecord]) -> None:
    day = int(NOW // DAY) - 2
    total = Totals(full.database).by((), UsageFilter(since=day, until=day))[0]
    assert total.calls == sum(int(one.started_at // DAY) == day for one in records)
    assert Totals(full.database).by((), UsageFilter(since=day + 100)) == []


def test_an_unknown_dimension_is_reported(usage_store: UsageStore) -> None:
    with pytest.raises(InvalidInput, match="not by 'agents'"):
        Totals(usage_store.database).by(("agents",))
    assert Totals(usage_store.database).by(()) == []


def test_instants_cover_every_hour(full: UsageStore, records: list[CallRecord]) -> None:
    since = NOW - 2 * DAY
    instants = Totals(full.database).times(since, NOW, 6)
    assert [b.at - a.at for a, b in pairwise(instants)] == [6 * HOUR] * (len(instants) - 1)
    counted = Counter(int(one.started_at // HOUR // 6) for one in records if one.started_at // HOUR // 6 >= since // HOUR // 6)
    assert {int(one.at // HOUR // 6): one.calls for one in instants if one.calls} == counted
    wrong = Counter(one.outcome for one in records if one.outcome != "ok" and one.started_at // HOUR >= since // HOUR)
    assert dict(Totals(full.database).outcomes(since, NOW)) == wrong


def test_pages_of_calls_hold_each_once_newest_first(full: UsageStore, records: list[CallRecord]) -> None:
    for only in ({}, {"agent": "agent-2"}, {"agent": "agent-2", "outcome": "ok", "vendor": "jira"}):
        wanted = [one for one in records if all(of(one, name) == value for name, value in only.items())]
        finding, seen, before = CallLog(full.database), [], None
        while True:
            page = finding.newest(only, before=before, count=101)
            seen += [one.id for one in page.calls]
            before = page.older
            if before is None:
                break
        assert seen == [one.call_id for one in sorted(wanted, key=lambda one: (-one.started_at, one.call_id))]
    with pytest.raises(InvalidInput):
        CallLog(full.database).newest(before="yesterday")


def test_calls_of_one_instant_are_not_lost_between_pages(usage_store: UsageStore) -> None:
    usage_store.write(entries([record(f"{number:03}", NOW) for number in range(10)]))
    finding = CallLog(usage_store.database)
    first = finding.newest(count=4)
    second = finding.newest(before=first.older, count=4)
    third = finding.newest(before=second.older, count=4)
    assert [one.id for page in (first, second, third) for one in page.calls] == [f"{number:03}" for number in range(9, -1, -1)]


def test_a_rare_call_is_found_step_by_step(usage_store: UsageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_platform.usage.calls.LOOKED_AT", 50)
    assert LOOKED_AT > 50
    calls = [record(f"{number:03}", NOW - number, outcome="not_found" if number == 170 else "ok") for number in range(200)]
    usage_store.write(entries(calls))
    finding, pages, before = CallLog(usage_store.database), 0, None
    while True:
        page = finding.newest({"agent": "helper", "outcome": "not_found"}, before=before)
        pages += 1
        if page.calls:
            break
        assert page.looked_to is not None
        before = page.older
    assert [one.id for one in page.calls] == ["170"]
    assert pages == 4


def test_a_call_is_found_by_any_of_its_ids_with_its_history(usage_store: UsageStore) -> None:
    result = record("c1", NOW, request_id="r-1", trace_id="t-1", approval="a-1", saga="s-1", reasons=("because",), error="it's <b>")
    usage_store.write(entries([result, record("c2", NOW, saga="s-1"), record("c3", NOW)]))
    finding = CallLog(usage_store.database)
    for id, found in (("c1", {"c1"}), ("r-1", {"c1"}), ("t-1", {"c1"}), ("a-1", {"c1"}), ("s-1", {"c1", "c2"}), ("", set()), ("x", set())):
        assert {one.id for one in finding.look_up(id)} == found
    story = finding.story("c1").record
    assert story["reasons"] == ["because"]
    assert story["error"] == "it's <b>"
    assert story["attempts"][0]["endpoint"] == "/rest/api/3/issue"
    with pytest.raises(NotFound):
        finding.story("c4")


def test_names_that_no_database_accepts_are_stored_as_far_as_they_can_be(usage_store: UsageStore) -> None:
    usage_store.write(entries([record("c1", NOW, agent="a\0b", user="\ud800x", error="\udfff", tool="t" * 500)]))
    (one,) = CallLog(usage_store.database).newest().calls
    assert (one.agent, one.user, len(one.tool)) == ("a\N{SYMBOL FOR NULL}b", "?x", 200)


def test_a_batch_that_is_tried_again_counts_once(usage_store: UsageStore) -> None:
    batch = entries([record(f"{number}", NOW) for number in range(100)])
    usage_store.write(batch[:60])
    usage_store.write(batch, again=True)
    assert Totals(usage_store.database).by(())[0].calls == 100
    with pytest.raises(UnifiedError):
        usage_store.write(batch)
    assert Totals(usage_store.database).by(())[0].calls == 100, "all or nothing"


def test_writers_at_the_same_time_lose_nothing(url: str) -> None:
    stores = [open_usage_store(url) for _ in range(4)]
    draw = random.Random(5)

    def write(number: int) -> None:
        for part in range(10):
            calls = [record(f"{number}-{part}-{i}", NOW - draw.randrange(DAY), agent=f"agent-{draw.randrange(9)}") for i in range(20)]
            stores[number].write(entries(calls))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert Totals(stores[0].database).by(())[0].calls == 800
    assert sum(total.calls for total in Totals(stores[0].database).by(("agent",))) == 800
    for one in stores:
        one.close()


def test_old_calls_are_deleted_and_their_sums_remain(usage_store: UsageStore) -> None:
    usage_store.write(entries([record(f"{day}", NOW - day * DAY) for day in (0, 10, 29, 31, 100, 399, 402)]))
    assert usage_store.prune(now=NOW) > 0
    assert [one.id for one in CallLog(usage_store.database).newest().calls] == ["0", "10", "29"]
    assert Totals(usage_store.database).by(())[0].calls == 6
    assert usage_store.prune(now=NOW) == 0
    with pytest.raises(ValueError, match="as long"):
        usage_store.prune(calls_days=10, rollups_days=5)


def test_a_usage_store_has_one_currency(url: str) -> None:
    def prices(currency: str) -> Any:
        return parsed(f"currency: {currency}\nprices: [{{call: 0.1}}]", "prices.yaml", [])

    assert open_usage_store(url, prices=prices("EUR")).currency == "EUR"
    assert open_usage_store(url).currency == "EUR"
    with pytest.raises(InvalidInput, match="in EUR, and the prices are in USD"):
        open_usage_store(url, prices=prices("USD"))


def test_costs_add_up_exactly(url: str) -> None:
    prices = parsed("currency: EUR\nprices: [{call: 0.1, thousand_tokens: 0.000000001}]", "prices.yaml", [])
    store = open_usage_store(url, prices=prices)
    store.write([entry(record(f"{number}", NOW), prices) for number in range(30)])
    assert Totals(store.database).by(("agent",))[0].cost == 30 * 100_000_001, "a billionth is not lost among tenths"


# ------------------------------------------------------------------------------------------------ query plans
@pytest.mark.parametrize(
    "ask",
    [
        *(
            lambda u, by=by: Totals(u.database).by(by, UsageFilter(since=20_000))
            for by in (("tool", "vendor"), ("agent",), ("user",), ("day",))
        ),
        lambda u: Totals(u.database).by(("tool",), UsageFilter(since=20_000, agent="helper")),
        lambda u: Totals(u.database).times(NOW - DAY, NOW, 1),
        lambda u: Totals(u.database).outcomes(NOW - DAY, NOW),
        lambda u: Totals(u.database).lost(NOW - DAY),
        lambda u: CallLog(u.database).newest(),
        *(lambda u, name=name: CallLog(u.database).newest({name: "x"}) for name in ("agent", "user", "tool", "vendor", "outcome")),
        lambda u: CallLog(u.database).newest({"agent": "x", "outcome": "y"}),
        lambda u: CallLog(u.database).look_up("x"),
        *(lambda u, text=text: CallSearch(u.database).find(text) for text in ("x", "x wrong", "0001")),
        lambda u: CallLog(u.database).story("x") if CallLog(u.database).look_up("x") else None,
    ],
)
def test_no_query_scans_a_table(
    usage_store: UsageStore, url: str, monkeypatch: pytest.MonkeyPatch, ask: Callable[[UsageStore], Any]
) -> None:
    usage_store.write(entries([*drawn(500, until=NOW, days=2), record("wrong", NOW, error="x is wrong", agent="x")]))
    with listening(usage_store.database, monkeypatch) as requested:
        ask(usage_store)
    assert requested
    assert complete_reads(url, requested) == []


@pytest.mark.parametrize(
    ("dimensions", "only"),
    [(("agent", "tool"), {}), (("day", "agent", "vendor"), {}), (("agent", "tool", "vendor"), {}), (("tool",), {"agent": "agent-3"})],
)
def test_sums_of_an_agents_tools_read_no_calls(
    full: UsageStore, monkeypatch: pytest.MonkeyPatch, dimensions: tuple[str, ...], only: dict[str, str]
) -> None:
    """A million of them took six seconds."""
    with listening(full.database, monkeypatch) as requested:
        found = Totals(full.database).by(dimensions, UsageFilter(**only))
    assert len(requested) == 2
    assert all("usage_crossed" in statement for statement, _ in requested)
    full.prune(calls_days=1, rollups_days=400, now=NOW + 30 * DAY)
    assert Totals(full.database).by(dimensions, UsageFilter(**only)) == found, "as long as sums are kept"


def test_durations_of_older_calls_are_reported(url: str, records: list[CallRecord], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(shared_usage_store, "MIGRATIONS", MIGRATIONS[:2])
        before = open_usage_store(url)
        some = entries(records[:1000])
        with before.database.writing("usage") as session:  # as written by an earlier version, without a tenant
            shared_usage_store._insert(
                session, f"INSERT INTO usage_calls ({', '.join(CALLS[:-1])}) VALUES", [one.row()[:-1] for one in some]
            )
            (days,) = [rows for table, _, rows in shared_usage_store._rollups(some) if table == "usage_days"]
            keys = ("day", "agent", "person", "tool", "vendor")
            shared_usage_store._add(session, "usage_days", keys, SUMS, {key[:-1]: sums for key, sums in days.items()})
        before.close()
    after = open_usage_store(url)
    after.write(entries(records[1000:2000]))
    counted = {(one.agent, one.tool): one for one in records[:2000]}
    found = Totals(after.database).by(("agent", "tool"))
    assert {(one.names["agent"], one.names["tool"]) for one in found} == {(agent or "", tool) for agent, tool in counted}
    assert sum(one.calls for one in found) == 2000
    for one in found:
        durations = sorted(each.duration for each in records[:2000] if (each.agent or "", each.tool) == tuple(one.names.values()))
        assert one.p50 == pytest.approx(durations[math.floor(0.5 * (len(durations) - 1))], rel=latency_buckets.ACCURACY)
    after.close()


def test_scans_without_an_index_are_detected(usage_store: UsageStore, url: str) -> None:
    """Check that `whole_reads`, which other tests rely on, detects full scans."""
    usage_store.write(entries(list(drawn(500, until=NOW, days=2))))
    for statement in ("SELECT id FROM usage_calls WHERE story = ?", "SELECT SUM(cost) FROM usage_days WHERE CAST(cost AS TEXT) = ?"):
        assert len(complete_reads(url, [(statement, ("x",))])) == 1


def test_quantiles_of_a_million_durations_hold_their_accuracy() -> None:
    draw = random.Random(3)
    durations = sorted(draw.lognormvariate(-1, 1.2) for _ in range(1_000_000))
    counts = Counter(map(latency_buckets.bucket, durations))
    wanted = (0.0, 0.01, 0.5, 0.95, 0.99, 0.999, 1.0)
    for quantile, expected in zip(wanted, latency_buckets.quantiles(counts, wanted), strict=True):
        assert expected == pytest.approx(durations[math.floor(quantile * 999_999)], rel=latency_buckets.ACCURACY)
    assert latency_buckets.quantiles({}, (0.5,)) == (None,)
    halves = Counter(map(latency_buckets.bucket, durations[::2])) + Counter(map(latency_buckets.bucket, durations[1::2]))
    assert halves == counts, "parts add up to the whole"
    assert latency_buckets.seconds(latency_buckets.bucket(0.0)) == pytest.approx(1e-4, rel=0.02)
    assert statistics.median(durations) == pytest.approx(latency_buckets.quantiles(counts, (0.5,))[0], rel=0.021)
    assert DIMENSIONS[0] == "day"
