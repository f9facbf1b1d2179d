"""Outages: retries stay a small part of the traffic, a failing server is left alone and probed, and processes do not return all at once."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime.core import errors
from unified_runtime.rate_limits.circuit_breaker import FIRST, LONGEST, PROBE, RESERVE, SHARE, CircuitBreaker


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_failing_server_is_left_alone_probed_and_taken_back() -> None:
    clock = Clock()
    breaker = CircuitBreaker(3, clock=clock, chance=lambda: 0.0)
    for _ in range(3):
        assert breaker.admit() == 0
        breaker.failed()
    assert breaker.open
    assert breaker.admit() == FIRST
    clock.now += FIRST
    assert breaker.admit() == 0, "one request probes"
    assert breaker.admit() > 0, "and others wait for what it finds"
    breaker.failed()
    assert breaker.admit() == 2 * FIRST, "the pause grows"
    clock.now += 2 * FIRST
    assert breaker.admit() == 0
    breaker.succeeded()
    assert not breaker.open
    assert breaker.admit() == breaker.admit() == 0


def test_a_probe_that_never_comes_back_is_given_up() -> None:
    clock = Clock()
    breaker = CircuitBreaker(1, clock=clock, chance=lambda: 0.0)
    breaker.failed()
    clock.now += FIRST
    assert breaker.admit() == 0
    clock.now += PROBE
    assert breaker.admit() == 0


def test_failures_that_were_under_way_do_not_lengthen_the_pause() -> None:
    clock = Clock()
    breaker = CircuitBreaker(2, clock=clock, chance=lambda: 0.0)
    for _ in range(50):
        breaker.failed()
    assert breaker.admit() == FIRST


def test_without_a_circuit_nothing_is_left_alone() -> None:
    breaker = CircuitBreaker(0)
    for _ in range(1000):
        breaker.failed()
    assert breaker.admit() == 0


def test_two_hours_of_an_outage() -> None:
    """Return a server's requests in each second before, in and after an outage: a hundred processes make a call a second each."""
    clock, chance = Clock(), random.Random(7)
    processes = [CircuitBreaker(20, clock=clock, chance=chance.random) for _ in range(100)]
    down, up = 600, 600 + 2 * 3600
    calls = sent = 0
    seen: list[int] = []
    for second in range(up + 600):
        clock.now = 1000.0 + second
        failing = down <= second < up
        requests = 0
        for breaker in processes:
            calls += failing
            for _ in range(4):  # the attempts of the settings
                if breaker.admit() > 0:
                    break
                requests += 1
                if not failing:
                    breaker.succeeded()
                    break
                breaker.failed()
                if not breaker.spend_retry():
                    break
        seen.append(requests)
        sent += requests if failing else 0
    assert sum(seen[:down]) == 100 * down, "while all is well, each call is one request"
    assert sent < 0.05 * calls, "in the outage, next to nothing reaches the server"
    assert max(seen[down : down + 30]) <= 100 * (1 + SHARE) + 100 * min(RESERVE, 3), "and its beginning is not amplified"
    back = next(second for second in range(up, up + 600) if sum(seen[second : second + 1]) >= 100)
    assert back - up <= 2 * LONGEST + PROBE, "all are back soon"
    assert max(seen[up:]) <= 100, "and no second sees more than what was asked for"
    first = seen[up : up + int(LONGEST)]
    assert max(after - before for before, after in itertools.pairwise(first)) <= 15, "they come back one by one"


def test_retries_of_an_outage_are_a_fifth_of_the_requests() -> None:
    breaker = CircuitBreaker(0)
    retries = 0
    for _ in range(1000):
        for _ in range(3):
            breaker.failed()
            if not breaker.spend_retry():
                break
            retries += 1
    assert retries <= RESERVE + 1000 * SHARE / (1 - SHARE) + 1


def test_calls_fail_at_once_while_the_circuit_is_open(caller: Caller, server: Loopback) -> None:
    caller.settings = replace(QUICK, attempts=1, circuit_after=3)
    server.answers(*[Reply(503)] * 3)
    for _ in range(3):
        with pytest.raises(errors.Unavailable):
            caller.run(tasks.get, "P-1")
    with pytest.raises(errors.Unavailable, match="failed 3 times in a row") as caught:
        caller.run(tasks.get, "P-1")
    assert len(server.seen) == 3
    assert caught.value.retry_safe is True
    assert 0 < (caught.value.retry_after or 0) <= 2 * FIRST


def test_rejections_are_not_failures_of_the_server(simple: Caller, server: Loopback) -> None:
    simple.settings = replace(QUICK, attempts=1, circuit_after=2)
    server.answers(*[Reply(404)] * 5, Reply.of(ISSUE))
    for _ in range(5):
        with pytest.raises(errors.NotFound):
            simple.run(tasks.get, "P-1")
    assert simple.run(tasks.get, "P-1").id == "P-1"


def test_other_servers_of_the_vendor_are_not_concerned(simple: Caller, server: Loopback) -> None:
    simple.settings = replace(QUICK, attempts=1, circuit_after=1)
    server.answers(Reply(503))
    with pytest.raises(errors.Unavailable):
        simple.run(tasks.get, "P-1")
    other = Loopback()
    try:
        simple.connect(other.url)
        other.answers(Reply.of(ISSUE))
        assert simple.run(tasks.get, "P-1").id == "P-1"
    finally:
        other.close()
