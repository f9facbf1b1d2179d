"""Budgets in Redis: the same as in memory, one count for all, and what happens while the server is away."""

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
from unified_platform.budgets.redis import RedisBudget
from unified_runtime import Limit, basic
from unified_runtime.connections import Connection
from unified_runtime.messages import Request
from unified_runtime.pacing.budgets import Entry, Window
from unified_runtime.pacing.counting import Counter
from unified_runtime.pacing.limits_told import Told
from unified_runtime.steps import Endpoint, Retry

ENDPOINT = Endpoint("getIssue", "GET", "/issue/{id}", Retry.SAFE)


@pytest.fixture(scope="module")
def server() -> Iterator[OwnRedis]:
    if (why := missing()) is not None:
        pytest.skip(why)
    with OwnRedis() as made:
        yield made


class Scripted:
    """The script, asked as `RedisBudget` asks it, with a clock of the test's."""

    def __init__(self, url: str) -> None:
        self.redis = redis.Redis.from_url(url)
        self.redis.flushall()
        self.script: Any = self.redis.register_script(
            files("unified_platform.budgets").joinpath("counting.lua").read_text(encoding="utf-8")
        )
        self.now = 0.0

    def run(self, what: str, entry: Entry, keys: list[str], details: dict[str, Any]) -> Any:
        told = json.dumps({"ticket": entry.ticket, "agent": entry.agent, **details})
        return self.script(keys=keys, args=[what, told, repr(self.now)])

    def enter(self, entry: Entry) -> float:
        windows = [msgspec.structs.asdict(window) for window in entry.windows]
        return float(self.run("enter", entry, [window.key for window in entry.windows], {"windows": windows, "lease": 30.0}))

    def answered(self, entry: Entry, scope: Window, told: Told | None) -> None:
        details: dict[str, Any] = {"tells": scope.told}
        if told is not None:
            details["answer"] = {name: value for name, value in msgspec.structs.asdict(told).items() if value is not None}
        self.run("answered", entry, [*(window.key for window in entry.windows), scope.key, entry.wide], details)

    def leave(self, entry: Entry) -> None:
        self.run("leave", entry, [window.key for window in entry.windows], {"costs": [window.cost for window in entry.windows]})


@pytest.mark.parametrize("seed", range(8))
def test_redis_counts_as_memory_does(server: OwnRedis, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_runtime.pacing.counting.time", SimpleNamespace(monotonic=lambda: 0.0))
    chance = random.Random(seed)
    there = Scripted(server.url)
    here = Counter(clock=lambda: there.now)
    there.now = 1_790_000_000.0 + chance.random()
    many = [
        Window("a", 5, 2.0),
        Window("b", 12, 10.0, cost=2),
        Window("c", 3, 1.0, concurrent=3),
        Window("d", 0, 0, told=True),
        Window("e", 20, 60, told=True),
        Window("wide", 0, 0),
    ]
    waiting: list[Entry] = []
    under_way: list[Entry] = []
    let_in = 0
    for number in range(700):
        there.now += chance.choice([0.0, 0.01, 0.13, 0.4, 1.1])
        act = chance.random()
        if act < 0.5 or not (waiting or under_way):
            windows = (*chance.sample(many[:-1], chance.randint(1, 3)), many[-1])
            agent = chance.choice(["", "ann", "bob: the other"])
            asking = Entry(windows, windows[0], "wide", f"p-{number:05x}:{agent}", 30.0, None)
            waiting.append(asking)
        elif act < 0.75 and waiting:
            asking = chance.choice(waiting)
        elif act < 0.8 and waiting:
            gone = waiting.pop(chance.randrange(len(waiting)))
            here.leave(gone)
            there.leave(gone)
            continue
        elif under_way:
            over = under_way.pop(chance.randrange(len(under_way)))
            told = chance.choice(
                [
                    None,
                    None,
                    Told(limit=chance.randint(3, 9), left=chance.randint(0, 5), reset=chance.choice([0.5, 2.25, 7.0])),
                    Told(limit=8, period=4.0, left=chance.randint(0, 8)),
                    Told(wait=chance.choice([0.25, 1.5]), wide=chance.random() < 0.2),
                ]
            )
            here.answered(over, over.scope, told)
            there.answered(over, over.scope, told)
            continue
        else:
            continue
        expected, found = here.enter(asking), there.enter(asking)
        assert found == pytest.approx(expected, abs=1e-5), (number, asking.windows)
        if expected <= 0:
            let_in += 1
            waiting.remove(asking)
            under_way.append(asking)
    assert let_in > 60


def _connection(*limits: Limit, user: str = "u") -> Connection:
    return Connection(replace(VENDOR, limits=limits), basic("a", "x"), {"site": "acme"}, user=user)


def _asked(budget: RedisBudget, connection: Connection, agent: str = "") -> float:
    entry = budget.entry(connection, Request(endpoint=ENDPOINT, target="/issue/1"), agent, time.monotonic() + 60)
    assert entry is not None
    return budget.enter(entry)


def test_many_threads_of_several_budgets_are_one_count(server: OwnRedis) -> None:
    redis.Redis.from_url(server.url).flushall()
    connection = _connection(Limit("default", 100, 60))
    budgets = [RedisBudget(server.url) for _ in range(4)]
    let_in: list[float] = []

    def ask(budget: RedisBudget) -> None:
        let_in.extend(wait for _ in range(30) if (wait := _asked(budget, connection)) == 0)

    threads = [threading.Thread(target=ask, args=(budget,)) for budget in budgets for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_in) == 100
    for budget in budgets:
        budget.close()


def test_what_one_learns_the_others_know(server: OwnRedis) -> None:
    redis.Redis.from_url(server.url).flushall()
    connection = _connection(Limit("default", 100, 60, told=True))
    first, second = RedisBudget(server.url), RedisBudget(server.url)
    entry = first.entry(connection, Request(endpoint=ENDPOINT, target="/issue/1"), "", math.inf)
    assert entry is not None
    assert first.enter(entry) == 0
    first.answered(entry, Told(wait=40))
    assert 35 < _asked(second, connection) <= 40
    for budget in (first, second):
        budget.close()


def test_without_the_server_each_goes_on_with_its_share_and_comes_back() -> None:
    if (why := missing()) is not None:
        pytest.skip(why)
    with OwnRedis() as own:
        budgets = [RedisBudget(own.url), RedisBudget(own.url)]
        connection = _connection(Limit("default", 10, 30))
        for budget in budgets:  # each knows of the other once both have said that they live
            assert _asked(budget, connection) == 0
            budget._beat = 0.0
        for budget in budgets:
            assert _asked(budget, connection) == 0
        own.stop()
        start = time.monotonic()
        let_in = [sum(_asked(budget, connection) == 0 for _ in range(20)) for budget in budgets]
        assert let_in == [3, 3], "half of ten each, of which two were sent before"
        assert time.monotonic() - start < 20, "forty questions, and not one of them waits for the server"
        own.start()
        time.sleep(1.2)
        again = [_asked(budget, connection) == 0 for budget in budgets * 5]
        assert sum(again) <= 1, "the server, which is empty, is told of what was sent: only the first does not know of the second yet"
        assert budgets[0]._down_since is budgets[1]._down_since is None
        for budget in budgets:
            budget.close()


def test_who_leaves_is_forgotten_with_the_next_question(server: OwnRedis) -> None:
    redis.Redis.from_url(server.url).flushall()
    connection = _connection(Limit("default", concurrent=1))
    budget = RedisBudget(server.url)
    entry = budget.entry(connection, Request(endpoint=ENDPOINT, target="/issue/1"), "", math.inf)
    assert entry is not None
    assert budget.enter(entry) == 0
    waiting = budget.entry(connection, Request(endpoint=ENDPOINT, target="/issue/1"), "", math.inf)
    assert waiting is not None
    assert budget.enter(waiting) > 0
    budget.leave(entry)
    assert budget.enter(waiting) == 0
    budget.close()


def test_no_server_at_all_is_no_failure() -> None:
    budget = RedisBudget("redis://:secret@127.0.0.1:1/0", processes=2)
    connection = _connection(Limit("default", 10, 30))
    assert [_asked(budget, connection) > 0 for _ in range(6)] == [False] * 5 + [True]
    assert budget.fallbacks == 6
