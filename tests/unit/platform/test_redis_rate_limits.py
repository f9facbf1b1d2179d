"""Rate limits in Redis: the same as in memory, one count for all, and behavior while the server is unavailable."""

from __future__ import annotations

import json
import math
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import redis

from tests.support.servers.own_redis import OwnRedis, missing
from tests.unit.runtime.acme import VENDOR
from unified_platform.rate_limits.redis import RedisRateLimiter
from unified_runtime import Limit, basic
from unified_runtime.core.connections import Connection
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.messages import Request
from unified_runtime.rate_limits.reported_limits import ReportedLimits
from unified_runtime.rate_limits.request_counters import Counter
from unified_runtime.rate_limits.reservations import Reservation, Window

ENDPOINT = Endpoint("getIssue", "GET", "/issue/{id}", Retry.SAFE)


@pytest.fixture(scope="module")
def server() -> Iterator[OwnRedis]:
    if (why := missing()) is not None:
        pytest.skip(why)
    with OwnRedis() as made:
        yield made


class Scripted:
    """Call the script as `RedisRateLimiter` does, with a clock of the test's."""

    def __init__(self, url: str) -> None:
        self.redis = redis.Redis.from_url(url)
        self.redis.flushall()
        self.script: Any = self.redis.register_script(
            files("unified_platform.rate_limits").joinpath("rate_limits.lua").read_text(encoding="utf-8")
        )
        self.now = 0.0

    def run(self, action: str, entry: Reservation, keys: list[str], details: dict[str, Any]) -> Any:
        arguments = json.dumps({"waiter": entry.waiter, "agent": entry.agent, **details})
        return self.script(keys=keys, args=[action, arguments, repr(self.now)])

    def enter(self, entry: Reservation) -> float:
        windows = [msgspec.structs.asdict(window) for window in entry.windows]
        return float(self.run("enter", entry, [window.key for window in entry.windows], {"windows": windows, "lease": 30.0}))

    def ended(self, entry: Reservation, scope: Window, limits: ReportedLimits | None) -> None:
        details: dict[str, Any] = {"reported": scope.reported}
        if limits is not None:
            details["limits"] = {name: value for name, value in msgspec.structs.asdict(limits).items() if value is not None}
        self.run("ended", entry, [*(window.key for window in entry.windows), scope.key, entry.wide], details)

    def leave(self, entry: Reservation) -> None:
        self.run("leave", entry, [window.key for window in entry.windows], {"costs": [window.cost for window in entry.windows]})


@pytest.mark.parametrize("seed", range(8))
def test_redis_counts_as_memory_does(server: OwnRedis, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_runtime.rate_limits.request_counters.time", SimpleNamespace(monotonic=lambda: 0.0))
    chance = random.Random(seed)
    there = Scripted(server.url)
    here = Counter(clock=lambda: there.now)
    there.now = 1_790_000_000.0 + chance.random()
    many = [
        Window("a", 5, 2.0),
        Window("b", 12, 10.0, cost=2),
        Window("c", 3, 1.0, concurrent=3),
        Window("d", 0, 0, reported=True),
        Window("e", 20, 60, reported=True),
        Window("wide", 0, 0),
    ]
    waiting: list[Reservation] = []
    under_way: list[Reservation] = []
    let_in = 0
    for number in range(700):
        there.now += chance.choice([0.0, 0.01, 0.13, 0.4, 1.1])
        act = chance.random()
        if act < 0.5 or not (waiting or under_way):
            windows = (*chance.sample(many[:-1], chance.randint(1, 3)), many[-1])
            agent = chance.choice(["", "ann", "bob: the other"])
            requesting = Reservation(windows, windows[0], "wide", f"p-{number:05x}:{agent}", 30.0, None)
            waiting.append(requesting)
        elif act < 0.75 and waiting:
            requesting = chance.choice(waiting)
        elif act < 0.8 and waiting:
            gone = waiting.pop(chance.randrange(len(waiting)))
            here.leave(gone)
            there.leave(gone)
            continue
        elif under_way:
            over = under_way.pop(chance.randrange(len(under_way)))
            result = chance.choice(
                [
                    None,
                    None,
                    ReportedLimits(limit=chance.randint(3, 9), left=chance.randint(0, 5), reset=chance.choice([0.5, 2.25, 7.0])),
                    ReportedLimits(limit=8, period=4.0, left=chance.randint(0, 8)),
                    ReportedLimits(wait=chance.choice([0.25, 1.5]), wide=chance.random() < 0.2),
                ]
            )
            here.ended(over, over.scope, result)
            there.ended(over, over.scope, result)
            continue
        else:
            continue
        expected, found = here.enter(requesting), there.enter(requesting)
        assert found == pytest.approx(expected, abs=1e-5), (number, requesting.windows)
        if expected <= 0:
            let_in += 1
            waiting.remove(requesting)
            under_way.append(requesting)
    assert let_in > 60


def _connection(*limits: Limit, user: str = "u") -> Connection:
    return Connection(replace(VENDOR, limits=limits), basic("a", "x"), {"site": "acme"}, user=user)


def _requested(limit: RedisRateLimiter, connection: Connection, agent: str = "") -> float:
    entry = limit.entry(connection, Request(endpoint=ENDPOINT, target="/issue/1"), agent, time.monotonic() + 60)
    assert entry is not None
    return limit.enter(entry)


def test_many_threads_of_several_rate_limits_are_one_count(server: OwnRedis) -> None:
    redis.Redis.from_url(server.url).flushall()
    connection = _connection(Limit("default", 100, 60))
    rate_limits = [RedisRateLimiter(server.url) for _ in range(4)]
    let_in: list[float] = []

    def ask(rate_limit: RedisRateLimiter) -> None:
        let_in.extend(wait for _ in range(30) if (wait := _requested(rate_limit, connection)) == 0)

    threads = [threading.Thread(target=ask, args=(rate_limit,)) for rate_limit in rate_limits for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_in) == 100
    for rate_limit in rate_limits:
        rate_limit.close()


def test_learned_limits_are_shared(server: OwnRedis) -> None:
    redis.Redis.from_url(server.url).flushall()
    connection = _connection(Limit("default", 100, 60, reported=True))
    first, second = RedisRateLimiter(server.url), RedisRateLimiter(server.url)
    entry = first.entry(connection, Request(endpoint=ENDPOINT, target="/issue/1"), "", math.inf)
    assert entry is not None
    assert first.enter(entry) == 0
    first.ended(entry, ReportedLimits(wait=40))
    assert 35 < _requested(second, connection) <= 40
    for rate_limit in (first, second):
        rate_limit.close()


def test_without_the_server_each_goes_on_with_its_share_and_comes_back() -> None:
    if (why := missing()) is not None:
        pytest.skip(why)
    with OwnRedis() as own:
        rate_limits = [RedisRateLimiter(own.url), RedisRateLimiter(own.url)]
        connection = _connection(Limit("default", 10, 30))
        for rate_limit in rate_limits:  # each knows of the other once both have reported that they live
            assert _requested(rate_limit, connection) == 0
            rate_limit._beat = 0.0
        for rate_limit in rate_limits:
            assert _requested(rate_limit, connection) == 0
        own.stop()
        start = time.monotonic()
        let_in = [sum(_requested(rate_limit, connection) == 0 for _ in range(20)) for rate_limit in rate_limits]
        assert let_in == [3, 3], "half of ten each, of which two were sent before"
        assert time.monotonic() - start < 20, "forty questions, and not one of them waits for the server"
        own.start()
        time.sleep(1.2)
        again = [_requested(rate_limit, connection) == 0 for rate_limit in rate_limits * 5]
        assert sum(again) <= 1, "the server, which is empty, is told of what was sent: only the first does not know of the second yet"
        assert rate_limits[0]._down_since is rate_limits[1]._down_since is None
        for rate_limit in rate_limits:
            rate_limit.close()


def test_process_that_left_is_forgotten_with_the_next_request(server: OwnRedis) -> None:
    redis.Redis.from_url(server.url).flushall()
    connection = _connection(Limit("default", max_concurrent=1))
    rate_limit = RedisRateLimiter(server.url)
    entry = rate_limit.entry(connection, Request(endpoint=ENDPOINT, target="/issue/1"), "", math.inf)
    assert entry is not None
    assert rate_limit.enter(entry) == 0
    waiting = rate_limit.entry(connection, Request(endpoint=ENDPOINT, target="/issue/1"), "", math.inf)
    assert waiting is not None
    assert rate_limit.enter(waiting) > 0
    rate_limit.leave(entry)
    assert rate_limit.enter(waiting) == 0
    rate_limit.close()


def test_no_server_at_all_is_not_a_failure() -> None:
    rate_limit = RedisRateLimiter("redis://:secret@127.0.0.1:1/0", processes=2)
    connection = _connection(Limit("default", 10, 30))
    assert [_requested(rate_limit, connection) > 0 for _ in range(6)] == [False] * 5 + [True]
    assert rate_limit.fallbacks == 6
