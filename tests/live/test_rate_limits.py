"""Eight processes on one Redis against a real Roundup's rate limit; then without Redis for a while, and with it again."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest

from tests.support.servers.own_redis import OwnRedis, missing
from tests.support.servers.roundup import Roundup
from tests.support.servers.trackers import of_roundup
from unified import users
from unified_platform.rate_limits import open_rate_limiter
from unified_runtime import CallRecord, Client, UnifiedError, using
from unified_runtime.core.settings import Settings

PROCESSES = 8
CALLS, SECONDS = 30, 6
TOGETHER, SEPARATE, AGAIN = 18.0, 20.0, 12.0
"""Seconds with Redis, without it, and with it again."""


class Attempts:
    """Outcome of each request, and its time (seconds since 1970)."""

    def __init__(self) -> None:
        self.all: list[tuple[float, int | None]] = []

    def ended(self, record: CallRecord) -> None:
        self.all += [(attempt.started_at, attempt.status) for attempt in record.attempts]


def work(server: Roundup, redis: str, ready: Barrier, reported: Queue[Any]) -> None:
    """One process: calls as fast as it is allowed, once all are ready."""
    attempts, failures = Attempts(), []
    limit = open_rate_limiter(redis, processes=PROCESSES)
    with Client(rate_limiter=limit, settings=Settings(deadline=30), observers=attempts) as client, using(client):
        of_roundup(server).connect(client)
        ready.wait(120)
        until = time.time() + TOGETHER + SEPARATE + AGAIN
        while time.time() < until:
            try:
                users.me()
            except UnifiedError as error:
                failures.append(f"{type(error).__name__}: {error}")
    reported.put((attempts.all, failures, getattr(limit, "fallbacks", 0)))


@pytest.mark.live
@pytest.mark.tracker_settings(api_calls_per_interval=CALLS, api_interval_in_sec=SECONDS)
def test_eight_processes_share_a_limit_and_outlive_redis(roundup: Roundup) -> None:
    if (why := missing()) is not None:
        pytest.skip(why)
    context = multiprocessing.get_context("spawn")
    reported: Queue[Any] = context.Queue()
    with OwnRedis() as redis:
        ready = context.Barrier(PROCESSES + 1)
        workers = [context.Process(target=work, args=(roundup, redis.url, ready, reported)) for _ in range(PROCESSES)]
        for worker in workers:
            worker.start()
        ready.wait(120)
        begun = time.time()
        time.sleep(TOGETHER)
        stopped = time.time()
        redis.stop()
        time.sleep(SEPARATE)
        redis.start()
        back = time.time()
        found = [reported.get(timeout=AGAIN + 60) for _ in workers]
        for worker in workers:
            worker.join()
        assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    attempts = sorted(attempt for all, _, _ in found for attempt in all)

    def phase(start: float, end: float) -> tuple[float, float]:
        """Return the share of requests that were rejected, and of the limit that was used."""
        within = [status for at, status in attempts if start <= at < end]
        return within.count(429) / max(len(within), 1), within.count(200) / ((end - start) * CALLS / SECONDS)

    together, separate, again = phase(begun, stopped), phase(stopped, back), phase(back + 2, attempts[-1][0])
    for name, (refused, used) in (("together", together), ("without Redis", separate), ("again", again)):
        print(f"{name}: {refused:.1%} refused, {used:.1%} of the limit used")  # for docs/explanation/reliability.md
    assert [failure for _, failures, _ in found for failure in failures] == []
    assert together[0] < 0.01
    assert together[1] > 0.95
    assert all(fallbacks > 0 for _, _, fallbacks in found), "each went on by itself"
    assert separate[1] > 0.6, "an eighth of thirty is three, so that 24 of 30 are used"
    assert separate[0] < 0.05
    assert again[0] < 0.05
    assert again[1] > 0.5, "of windows that are not whole"
