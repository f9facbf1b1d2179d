"""Vendors' rate limits, counted together by all processes in a Redis server, and what becomes of them while it is away.

One script of Redis does what one request needs, so that counts are exact however many processes ask at the same time, by the server's
clock. What it lets in is counted here as well: where the server does not answer, each process goes on by itself with its share of every
limit, and what it sent then is made known when the server is back.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import msgspec

from unified_platform.extras import extra
from unified_runtime.pacing.budgets import AgentLimit, Agents, Entries, Entry
from unified_runtime.pacing.counting import Counter
from unified_runtime.pacing.limits_told import Told

__all__ = ["AgentLimit", "RedisBudget"]

PREFIX = "unified:budget:"
ALIVE = PREFIX + "processes"
HEARTBEAT, LOST = 5.0, 30.0
"""Seconds between the signs of life of a process, and after which it is no longer counted as one."""
PATIENCE = 1.0
"""Seconds that the server has to answer."""
RETRY = 1.0
"""Seconds after which one request asks a server again that did not answer."""

log = logging.getLogger("unified.budgets")


class RedisBudget(Entries):
    """Counts in a Redis server that all processes share.

    Args:
        url: `redis://…`, `rediss://…` or `unix://…`; no cluster.
        agents: agents' own limits.
        processes: how many processes there are at least, for their shares before the server ever answered.

    Raises:
        InvalidInput: the extra `redis` is not installed.
        ValueError: the URL is none.
    """

    blocks = True

    def __init__(self, url: str, agents: Agents | None = None, *, processes: int = 1) -> None:
        super().__init__(agents)
        redis = extra("redis", "redis", "a budget in Redis")
        self._wrong: type[Exception] = redis.RedisError
        self._redis = redis.Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, health_check_interval=30)
        script: Callable[..., Any] = self._redis.register_script(
            files("unified_platform.budgets").joinpath("counting.lua").read_text(encoding="utf-8")
        )
        self._script = script
        self._name = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._local = Counter()
        self._least = max(processes, 1)
        self._processes = self._least
        self._beat = 0.0
        self._server: str | None = None
        self._down_since: float | None = None
        self._ask_again = 0.0
        self._gone: deque[Entry] = deque()
        self.fallbacks = 0
        """How many requests were let in or told to wait without the server."""

    def enter(self, entry: Entry) -> float:
        windows = [
            {"amount": one.amount, "seconds": one.seconds, "cost": one.cost, "concurrent": one.concurrent, "told": one.told}
            for one in entry.windows
        ]
        details = {"windows": windows, "lease": max(entry.deadline - time.monotonic(), 1.0)}
        answer = self._ask("enter", entry, [one.key for one in entry.windows], details)
        with self._lock:
            if answer is None:
                self.fallbacks += 1
                self._local.share = 1 / self._processes
                return self._local.enter(entry)
            wait = float(answer)
            if wait <= 0:
                self._local.charge(entry)
            return wait

    def answered(self, entry: Entry, told: Told | None) -> None:
        scope = self.bucket(entry, told)
        with self._lock:
            self._local.answered(entry, scope, told)
        answer = None
        if told is not None:
            answer = {name: value for name, value in msgspec.structs.asdict(told).items() if value is not None and name != "bucket"}
        keys = [*(one.key for one in entry.windows), scope.key, entry.wide]
        self._ask("answered", entry, keys, {"tells": scope.told, "answer": answer} if answer is not None else {"tells": scope.told})

    def leave(self, entry: Entry) -> None:
        with self._lock:
            self._local.leave(entry)
        self._gone.append(entry)  # said with the next question: whoever goes must not wait for that

    def close(self) -> None:
        """Close the connections to the server."""
        self._redis.close()

    # ------------------------------------------------------------------------------------------------ the server
    def _ask(self, what: str, entry: Entry, keys: list[str], details: Mapping[str, Any]) -> Any:
        """What the script answers, None where the server does not."""
        if self._down_since is not None and not self._may_try():
            return None
        try:
            if self._down_since is not None or time.monotonic() - self._beat > HEARTBEAT:
                self._signs_of_life()
            while self._gone:
                left = self._gone.popleft()
                self._run("leave", left, [one.key for one in left.windows], {"costs": [one.cost for one in left.windows]})
            answer = self._run(what, entry, keys, details)
        except self._wrong as error:
            self._lost(error)
            return None
        return answer if answer is not None else ""

    def _run(self, what: str, entry: Entry, keys: list[str], details: Mapping[str, Any]) -> Any:
        told = json.dumps({"ticket": entry.ticket, "agent": entry.agent, **details})
        return self._script(keys=[PREFIX + key for key in keys], args=[what, told])

    def _may_try(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if now < self._ask_again:
                return False
            self._ask_again = now + RETRY + PATIENCE  # the others go on by themselves meanwhile
            return True

    def _lost(self, error: Exception) -> None:
        with self._lock:
            now = time.monotonic()
            self._ask_again = now + RETRY
            if self._down_since is not None:
                return
            self._down_since = now
        share = f"with a share of 1/{self._processes} of each limit"
        log.warning("Redis does not answer (%s); budgets are counted by each process, %s", type(error).__name__, share)

    def _signs_of_life(self) -> None:
        """Say that this process lives, and count those that do; make known what was sent while the server was away."""
        self._beat = time.monotonic()
        seconds, microseconds = self._redis.time()
        now = seconds + microseconds / 1e6
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.zadd(ALIVE, {self._name: now})
        pipeline.zremrangebyscore(ALIVE, "-inf", now - LOST)
        pipeline.zcard(ALIVE)
        pipeline.info("server")
        *_, processes, server = pipeline.execute()
        self._processes = max(int(processes), self._least)
        run = str(server.get("run_id"))
        with self._lock:
            down, known, self._server = self._down_since, self._server, run
            if down is None:
                return
            # Another run of the server may have forgotten everything; the same one knows what came before.
            counted = self._local.since(down if known == run else 0.0)
        if counted:
            keys = [PREFIX + key for key, *_ in counted]
            self._script(keys=keys, args=["restore", json.dumps({"counted": [rest for _, *rest in counted]})])
        with self._lock:
            self._down_since = None
        log.warning("Redis answers again; budgets are counted by all processes together")
