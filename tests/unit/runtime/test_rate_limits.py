"""Rate limits: the vendors' documented limits, respected before the vendor rejects a request."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import AsyncClient, Limit, basic, using
from unified_runtime.core import errors
from unified_runtime.core.connections import Connection
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.messages import Request
from unified_runtime.rate_limits.rate_limiter import LazyRateLimiter, MemoryRateLimiter
from unified_runtime.rate_limits.reported_limits import ReportedLimits
from unified_runtime.rate_limits.reservations import AgentLimit, Reservation

ENDPOINT = Endpoint("getIssue", "GET", "/issue/{id}", Retry.SAFE)
LIMITED = replace(VENDOR, limits=(Limit("burst", 3, 2), Limit("hour", 1000, 3600)))


def test_requests_beyond_a_limit_wait(caller: Caller, server: Loopback) -> None:
    caller.rate_limiter = MemoryRateLimiter()
    caller.connect(server.url, vendor=LIMITED)
    server.answers(*[Reply.of({"key": "P-1"}), Reply.of(ISSUE)] * 2)
    caller.ended = []
    for _ in range(2):
        caller.run(tasks.create, title="x", project_id="P")
    assert [call.rate_limit_wait > 0 for call in caller.ended] == [False, True]
    assert len(server.seen) == 4


def test_a_wait_beyond_the_deadline_is_an_error(simple: Caller, server: Loopback) -> None:
    simple.rate_limiter = MemoryRateLimiter()
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
    simple.rate_limiter = MemoryRateLimiter()
    simple.settings = replace(QUICK, deadline=1)
    simple.connect(server.url, vendor=replace(VENDOR, limits=(Limit("minute", 2, 60),)))
    server.answers(*[Reply(503)] * 9)
    with pytest.raises(errors.RateLimited):
        simple.run(tasks.get, "P-1")
    assert len(server.seen) == 2


def _requested(limit: MemoryRateLimiter | LazyRateLimiter, connection: Connection) -> float:
    entry = limit.entry(connection, Request(endpoint=ENDPOINT, target="/issue/1"), "", time.monotonic() + 60)
    return 0.0 if entry is None else limit.enter(entry)


def test_each_connection_has_its_own_rate_limit() -> None:
    rate_limit = MemoryRateLimiter()
    alice = Connection(LIMITED, basic("a", "x"), {"site": "acme"}, user="alice")
    bob = Connection(LIMITED, basic("b", "x"), {"site": "acme"}, user="bob")
    assert [_requested(rate_limit, alice) > 0 for _ in range(4)] == [False, False, False, True]
    assert _requested(rate_limit, bob) == 0


def test_waiting_calls_use_no_capacity() -> None:
    rate_limit = MemoryRateLimiter()
    limits = (Limit("a", 1, 60, methods=("GET",)), Limit("b", 5, 60))
    connection = Connection(replace(VENDOR, limits=limits), basic("a", "x"), {"site": "acme"})
    assert _requested(rate_limit, connection) == 0
    for _ in range(10):
        assert _requested(rate_limit, connection) > 50
    other = Request(endpoint=Endpoint("other", "POST", "/issue/{id}", Retry.NEVER), target="/issue/1")
    left = [rate_limit.enter(entry) for _ in range(5) if (entry := rate_limit.entry(connection, other, "", 0)) is not None]
    assert [wait > 0 for wait in left] == [False] * 4 + [True]


def test_vendors_without_limits_cost_nothing() -> None:
    rate_limit = LazyRateLimiter()
    assert _requested(rate_limit, Connection(VENDOR, basic("a", "x"), {"site": "acme"})) == 0
    assert rate_limit._inner is None


def test_limits_of_a_response_apply_to_the_next_call(simple: Caller, server: Loopback) -> None:
    simple.rate_limiter = MemoryRateLimiter()
    simple.settings = replace(QUICK, deadline=1)
    simple.connect(server.url, vendor=replace(VENDOR, limits=(Limit("default", reported=True),)))
    body = {"X_RateLimit_Limit": "9", "X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "30"}
    server.answers(Reply.of(ISSUE, **body), Reply.of(ISSUE))
    simple.run(tasks.get, "P-1")
    with pytest.raises(errors.RateLimited) as caught:
        simple.run(tasks.get, "P-1")
    assert 25 < (caught.value.retry_after or 0) <= 30
    assert len(server.seen) == 1, "nothing was sent that would have been refused"


def test_a_refusal_is_waited_for_by_every_call(simple: Caller, server: Loopback) -> None:
    simple.rate_limiter = MemoryRateLimiter()
    simple.settings = replace(QUICK, deadline=1, attempts=1)
    simple.connect(server.url, vendor=replace(VENDOR, limits=(Limit("default", 100, 60),)))
    server.answers(Reply(429, headers={"Retry-After": "40"}), Reply.of(ISSUE))
    for _ in range(2):
        with pytest.raises(errors.RateLimited):
            simple.run(tasks.get, "P-1")
    assert len(server.seen) == 1


def test_unsent_request_holds_no_slot(simple: Caller, server: Loopback) -> None:
    simple.rate_limiter = MemoryRateLimiter()
    simple.connect("http://127.0.0.1:1", vendor=replace(VENDOR, limits=(Limit("running", max_concurrent=1),)))
    for _ in range(3):
        with pytest.raises(errors.Unavailable):
            simple.run(tasks.get, "P-1")


class Blocking(MemoryRateLimiter):
    """Rate limiter with a delay, as one behind a network has."""

    blocks = True

    def enter(self, entry: Reservation) -> float:
        time.sleep(0.2)
        return super().enter(entry)


def test_a_rate_limit_that_blocks_does_not_block_the_event_loop(server: Loopback) -> None:
    asyncio.run(_beating(server))


async def _beating(server: Loopback) -> None:
    server.answers(*[Reply.of(ISSUE)] * 5)
    client = AsyncClient(settings=QUICK, rate_limiter=Blocking())
    client.connections.add(Connection(replace(VENDOR, limits=(Limit("default", 100, 60),)), basic("me", "password"), {}, server=server.url))
    beats = []

    async def beat() -> None:
        while True:
            beats.append(time.monotonic())
            await asyncio.sleep(0.01)

    beating = asyncio.ensure_future(beat())
    async with using(client):
        await asyncio.gather(*(tasks.get.asynchronous("P-1") for _ in range(5)))
        await client.aclose()
    beating.cancel()
    assert max(after - before for before, after in itertools.pairwise(beats)) < 0.15


def test_concurrent_requests_are_counted_separately() -> None:
    """Slack: one message a second in each channel, which the body names."""
    rate_limit = MemoryRateLimiter()
    limits = (Limit("posts", 1, 60, operations=("post",), partition_by=("channel",)),)
    connection = Connection(replace(VENDOR, limits=limits), basic("a", "x"), {"site": "acme"})
    post = Endpoint("post", "POST", "/post", Retry.NEVER)

    def waits(**held: Any) -> bool:
        entry = rate_limit.entry(connection, Request(endpoint=post, target="/post", **held), "", time.monotonic() + 60)
        assert entry is not None
        return rate_limit.enter(entry) > 0

    long = "C" * 500
    for held in ({"form": {"channel": "C1"}}, {"json": {"channel": "C2"}}, {"query": {"channel": 3}}, {"json": {"channel": long}}, {}):
        assert [waits(**held), waits(**held)] == [False, True]
    assert waits(json={"channel": "C1", "text": "another"})
    assert not waits(json={"channel": long + "D"})
    assert not waits(json={"channel": "C1,C2"})


def test_operations_share_the_bucket_that_responses_name() -> None:
    """Discord: responses name the limit that operations share, and each channel has its own."""
    rate_limit = MemoryRateLimiter()
    limits = (Limit("default", 50, 1), Limit("routes", reported=True, partition_by=("operation", "channel_id")))
    connection = Connection(replace(VENDOR, limits=limits), basic("a", "x"), {"site": "acme"})
    post = Endpoint("create_message", "POST", "/channels/{channel_id}/messages", Retry.NEVER)
    edit = Endpoint("update_message", "PATCH", "/channels/{channel_id}/messages/{message_id}", Retry.IDEMPOTENT)

    def ask(endpoint: Endpoint, target: str) -> tuple[Reservation, float]:
        entry = rate_limit.entry(connection, Request(endpoint=endpoint, target=target), "", time.monotonic() + 60)
        assert entry is not None
        return entry, rate_limit.enter(entry)

    def answer(entry: Reservation, left: int) -> None:
        rate_limit.ended(entry, ReportedLimits(limit=5, left=left, reset=20, bucket="b1"))

    for endpoint, target in ((post, "/channels/1/messages"), (edit, "/channels/1/messages/9"), (post, "/channels/2/messages")):
        entry, wait = ask(endpoint, target)
        assert wait == 0
        answer(entry, 4)
    first, _ = ask(post, "/channels/1/messages")
    answer(first, 0)
    assert ask(edit, "/channels/1/messages/9")[1] > 15, "the other operation is in the same bucket"
    assert ask(post, "/channels/2/messages")[1] == 0, "the other channel is not"


def test_an_agent_has_no_more_than_its_rates() -> None:
    rates = {"helper": [AgentLimit(2, 60), AgentLimit(1, 60, "other")], "*": [AgentLimit(3, 60)]}
    rate_limit = MemoryRateLimiter(rates)
    connection = Connection(replace(VENDOR, limits=(Limit("default", 100, 60),)), basic("a", "x"), {"site": "acme"})

    def let_in(agent: str) -> int:
        entries = [rate_limit.entry(connection, Request(endpoint=ENDPOINT, target="/issue/1"), agent, 0.0) for _ in range(10)]
        return sum(rate_limit.enter(entry) == 0 for entry in entries if entry is not None)

    assert [let_in(agent) for agent in ("helper", "one", "two", "")] == [2, 3, 3, 10]


def test_limits_of_the_application_are_shared_by_connections() -> None:
    rate_limit = MemoryRateLimiter()
    vendor = replace(VENDOR, limits=(Limit("project", 3, 60, shared=True), Limit("default", 2, 60)))
    users = [Connection(vendor, basic("a", "x"), {"site": "acme"}, user=user) for user in ("ann", "bob")]
    assert [_requested(rate_limit, users[number]) == 0 for number in (0, 0, 0, 1, 1)] == [True, True, False, True, False]
