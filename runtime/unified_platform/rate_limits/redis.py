"""Vendors' rate limits, counted together by all processes in a Redis server, and what becomes of them while it is away.

One script of Redis does what one request needs, so that counts are exact for any number of concurrent processes, by the server's
clock. What it lets in is counted here as well: while the server does not respond, each process goes on by itself with its share of every
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
from math import isfinite
from typing import Any

import msgspec

from unified_platform.common.extras import require_extra
from unified_runtime.core.errors import Unavailable
from unified_runtime.rate_limits.reported_limits import ReportedLimits
from unified_runtime.rate_limits.request_counters import Counter
from unified_runtime.rate_limits.reservations import AgentLimit, Agents, Reservation, ReservationFactory
from unified_runtime.rate_limits.status import LimitStatus, ordered

__all__ = ["AgentLimit", "RedisRateLimiter"]

PREFIX = "unified:rate-limit:"
ALIVE = PREFIX + "processes"
HEARTBEAT, LOST = 5.0, 30.0
"""Seconds between the signs of life of a process, and after which it is no longer counted as one."""
LONGEST = 400 * 86400.0
"""Seconds of a wait that is believed."""
PATIENCE = 1.0
"""Timeout of a request to the server, in seconds."""
RETRY = 1.0
"""Seconds after which a server that did not respond is tried again."""

_MALFORMED = (ValueError, TypeError, AttributeError, LookupError)
"""Raised by the client library if a reply is not one of Redis."""

_PARTS, _SORTED = "csrwxa", "rwx"
"""Keys of one window, and those that are sorted sets, see `rate_limits.lua`."""

log = logging.getLogger("unified.rate_limits")


class RedisRateLimiter(ReservationFactory):
    """Counts in a Redis server that all processes share.

    Args:
        url: `redis://…`, `rediss://…` or `unix://…`; no cluster.
        agents: agents' own limits.
        processes: how many processes there are at least, for their shares before the first response of the server.

    Raises:
        InvalidInput: the extra `redis` is not installed.
        ValueError: the URL is none.
    """

    blocks = True

    def __init__(self, url: str, agents: Agents | None = None, *, processes: int = 1) -> None:
        super().__init__(agents)
        redis = require_extra("redis", "redis", "a rate limiter in Redis")
        self._wrong: tuple[type[Exception], ...] = (redis.RedisError, *_MALFORMED)
        self._redis = redis.Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, health_check_interval=30)
        script: Callable[..., Any] = self._redis.register_script(
            files("unified_platform.rate_limits").joinpath("rate_limits.lua").read_text(encoding="utf-8")
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
        self._gone: deque[Reservation] = deque()
        self.fallbacks = 0
        """Return the number of requests that were admitted or delayed without the server."""

    def enter(self, entry: Reservation) -> float:
        """Return the seconds to wait before the request may be sent.

        Raises:
            Unavailable: a key of the server has another type.
        """
        windows = [
            {"amount": one.amount, "seconds": one.seconds, "cost": one.cost, "concurrent": one.concurrent, "reported": one.reported}
            for one in entry.windows
        ]
        details = {"windows": windows, "lease": max(entry.deadline - time.monotonic(), 1.0)}
        response = self._ask("enter", entry, [one.key for one in entry.windows], details)
        with self._lock:
            if response is None:
                self.fallbacks += 1
                self._local.share = 1 / self._processes
                return self._local.enter(entry)
            wait = _number(response)
            if wait is None:
                return self._local.enter(entry)
            if wait <= 0:
                self._local.charge(entry)
            return min(wait, LONGEST)

    def ended(self, entry: Reservation, limits: ReportedLimits | None) -> None:
        scope = self.bucket(entry, limits)
        with self._lock:
            self._local.ended(entry, scope, limits)
        reported = None
        if limits is not None:
            reported = {name: value for name, value in msgspec.structs.asdict(limits).items() if value is not None and name != "bucket"}
        keys = [*(one.key for one in entry.windows), scope.key, entry.wide]
        try:
            self._ask("ended", entry, keys, {"reported": scope.reported} | ({} if reported is None else {"limits": reported}))
        except Unavailable as error:  # the request was made
            log.error("%s", error)

    def leave(self, entry: Reservation) -> None:
        with self._lock:
            self._local.leave(entry)
        self._gone.append(entry)  # sent with the next command: leaving must not wait for the server

    def status(self, vendor: str | None = None) -> list[LimitStatus]:
        """Return what all processes together have counted, for one vendor or all.

        Raises:
            Unavailable: the server does not respond.
        """
        try:
            seconds, microseconds = self._redis.time()
            return ordered(self._window(key, seconds + microseconds / 1e6) for key in self._keys(vendor))
        except self._wrong as error:
            raise _away(error) from None

    def reset(self, vendor: str) -> int:
        """Forget what was counted and learned for a vendor, in the server and in this process. Return how many windows there were.

        Raises:
            Unavailable: the server does not respond.
        """
        with self._lock:
            self._local.reset(vendor)
        try:
            keys = self._keys(vendor)
            for key in keys:
                self._redis.delete(*(f"{PREFIX}{key}:{part}".encode("utf-8", "surrogateescape") for part in _PARTS))
            return len(keys)
        except self._wrong as error:
            raise _away(error) from None

    def _keys(self, vendor: str | None) -> list[str]:
        pattern = f"{PREFIX}{_literal(vendor)}|*" if vendor is not None else f"{PREFIX}*|*"
        found = {name.decode("utf-8", "surrogateescape") for name in self._redis.scan_iter(pattern, count=1000)}
        return sorted({name[len(PREFIX) : -2] for name in found if name[-2] == ":" and name[-1] in _PARTS})

    def _window(self, key: str, now: float) -> LimitStatus:
        name = f"{PREFIX}{key}".encode("utf-8", "surrogateescape")
        counted, held, running, waiting = (
            self._redis.hgetall(name + b":c"),
            {field: number for field, value in self._redis.hgetall(name + b":s").items() if (number := _number(value)) is not None},
            self._redis.zcount(name + b":r", now, "+inf"),
            self._redis.zcount(name + b":x", now, "+inf"),
        )
        left = held.get(b"left") if held.get(b"reset", 0.0) > now else None
        return LimitStatus(
            key=key.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
            used=sum(int(number) for count in counted.values() if (number := _number(count)) is not None),
            limit=int(held[b"limit"]) if b"limit" in held else None,
            left=None if left is None else int(left),
            reset_in=None if left is None else held[b"reset"] - now,
            blocked_for=min(max(0.0, held.get(b"until", 0.0) - now), LONGEST),
            running=int(running),
            waiting=int(waiting),
        )

    def close(self) -> None:
        """Close the connections to the server."""
        self._redis.close()

    # ------------------------------------------------------------------------------------------------ the server
    def _ask(self, what: str, entry: Reservation, keys: list[str], details: Mapping[str, Any]) -> Any:
        """Return the script's result; None if the server does not respond."""
        if self._down_since is not None and not self._may_try():
            return None
        try:
            if self._down_since is not None or time.monotonic() - self._beat > HEARTBEAT:
                self._signs_of_life()
            while self._gone:
                self._left(self._gone.popleft())
            response = self._run(what, entry, keys, details)
        except self._wrong as error:
            if (misused := self._misused(error, keys)) is None:
                self._lost(error)
                return None
        else:
            return response if response is not None else ""
        raise misused

    def _left(self, entry: Reservation) -> None:
        keys = [one.key for one in entry.windows]
        try:
            self._run("leave", entry, keys, {"costs": [one.cost for one in entry.windows]})
        except self._wrong as error:
            if self._misused(error, keys) is None:
                raise  # a key of another type fails the calls that it counts, and no others

    def _misused(self, error: Exception, keys: list[str]) -> Unavailable | None:
        """Return the error of a key that has another type, such as one of another program; None if that is not the reason."""
        if "WRONGTYPE" not in str(error):
            return None
        own = {f"{key}:{part}": b"zset" if part in _SORTED else b"hash" for key in keys for part in _PARTS}
        for name, wanted in {ALIVE[len(PREFIX) :]: b"zset", **own}.items():
            location = f"{PREFIX}{name}".encode("utf-8", "surrogateescape")
            try:
                kind = self._redis.type(location)
            except self._wrong:
                return None
            if kind not in {wanted, b"none"}:
                shown, types = location.decode("utf-8", "replace"), f"{kind.decode()}, not {wanted.decode()}"
                return Unavailable(
                    f"rate limits cannot be counted: the key {shown!r} of the Redis server has the type {types}. "
                    "Delete it, or use a database of Redis that no other program writes to"
                )
        return None

    def _run(self, what: str, entry: Reservation, keys: list[str], details: Mapping[str, Any]) -> Any:
        data = json.dumps({"waiter": entry.waiter, "agent": entry.agent, **details})
        return self._script(keys=[PREFIX + key for key in keys], args=[what, data])

    def _may_try(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if now < self._ask_again:
                return False
            self._ask_again = now + RETRY + PATIENCE  # the others go on by themselves meanwhile
            return True

    def _lost(self, error: Exception) -> None:
        self._redis.connection_pool.disconnect()  # what is left of a malformed reply must not become the next one
        with self._lock:
            now = time.monotonic()
            self._ask_again = now + RETRY
            if self._down_since is not None:
                return
            self._down_since = now
        share = f"with a share of 1/{self._processes} of each limit"
        log.warning("Redis does not respond (%s); each process counts rate limits for itself, %s", type(error).__name__, share)

    def _signs_of_life(self) -> None:
        """Announce this process, count the live ones, and report what was sent while the server was down."""
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
        log.warning("Redis responds again; rate limits are counted for all processes together")


def _number(text: object) -> float | None:
    """Return a finite number that Redis returned as text; None for anything else."""
    if not isinstance(text, bytes | str):
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _literal(text: str) -> str:
    """Return a pattern of Redis that matches this text only."""
    return "".join(f"\\{character}" if character in "*?[]^-\\" else character for character in text)


def _away(error: Exception) -> Unavailable:
    return Unavailable(f"the Redis server that counts rate limits does not respond: {type(error).__name__}", retry_safe=True)
