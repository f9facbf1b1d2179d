"""Redis as a store of rate limits: names that imitate other keys, values written by others, and a server that is not Redis."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import replace

import pytest
import redis

from tests.support.servers.own_redis import OwnRedis, missing
from tests.unit.runtime.acme import VENDOR
from unified_platform.rate_limits.redis import LONGEST, PREFIX, RedisRateLimiter
from unified_runtime import Limit, UnifiedError, basic
from unified_runtime.core.connections import Connection
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.errors import Unavailable
from unified_runtime.core.messages import Request
from unified_runtime.rate_limits.reported_limits import ReportedLimits
from unified_runtime.rate_limits.reservations import AgentLimit, Reservation, ReservationFactory, Window

KEY = "acme|https://a|c|limit|op|"


@pytest.fixture(scope="module")
def server() -> Iterator[OwnRedis]:
    if (why := missing()) is not None:
        pytest.skip(why)
    with OwnRedis() as made:
        yield made


@pytest.fixture
def store(server: OwnRedis) -> redis.Redis:
    found = redis.Redis.from_url(server.url)
    found.flushall()
    return found


def entry(number: int = 0) -> Reservation:
    window = Window(KEY, 100, 60.0)
    return Reservation((window,), window, "acme|https://a|c|", f"t{number}:agent", time.monotonic() + 10, None)


POISONED: list[tuple[str, Mapping[str | bytes, str]]] = [
    *(
        ("s", {name: value})
        for name in ("limit", "left", "until", "period", "reset", "span")
        for value in ("nan", "inf", "1e400", "abc", "")
    ),
    ("s", {"left": "1"}),
    ("s", {"left": "-5", "reset": "1e300"}),
    ("s", {b"\xff": "1"}),
    ("s", {"key": "1", "used": "1e9", "slices": "1"}),
    ("s", {"virtual": "inf", "dearest": "1e308"}),
    ("c", {"abc": "1"}),
    ("c", {"1": "abc"}),
    ("c", {"1e300": "99999999999999999999"}),
    ("a", {"agent": "abc"}),
]


@pytest.mark.parametrize(("part", "values"), POISONED)
def test_a_value_that_no_count_can_be_stops_nothing(
    server: OwnRedis, store: redis.Redis, part: str, values: Mapping[str | bytes, str]
) -> None:
    store.hset(f"{PREFIX}{KEY}:{part}", mapping=dict(values))
    with closing(RedisRateLimiter(server.url)) as rate_limit:
        first = entry()
        assert rate_limit.enter(first) == 0
        rate_limit.ended(first, ReportedLimits(limit=10, left=5, reset=3.0))
        assert rate_limit.fallbacks == 0
        (status,) = rate_limit.status("acme")
        assert 0 <= status.used <= 2
        assert 0 <= status.blocked_for <= LONGEST
        assert rate_limit.reset("acme") == 1


@pytest.mark.parametrize("part", [*"csrwxa", "processes"])
@pytest.mark.parametrize("kind", ["string", "list", "set"])
def test_a_key_of_another_type_is_reported_and_limits_are_not_counted_by_each_process(
    server: OwnRedis, store: redis.Redis, part: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise each process would use all of the limit."""
    name = f"{PREFIX}processes" if part == "processes" else f"{PREFIX}{KEY}:{part}"
    {"string": store.set, "list": store.rpush, "set": store.sadd}[kind](name, "1")
    with closing(RedisRateLimiter(server.url)) as rate_limit:
        found = [_counted(rate_limit, number) for number in range(3)]
        assert rate_limit.fallbacks == 0
        if part != "a":  # only read while requests wait
            assert any(f"{name!r} of the Redis server has the type {kind}, not " in one for one in (*found, caplog.text) if one)
        store.delete(name)
        assert _counted(rate_limit, 3) is None
        assert rate_limit.status("acme")[0].used >= 1


def _counted(limit: RedisRateLimiter, number: int) -> str | None:
    """Count a request and its response. Return the error if that fails."""
    made = entry(number)
    try:
        assert limit.enter(made) == 0
    except Unavailable as error:
        limit.leave(made)
        return error.message
    limit.ended(made, ReportedLimits(limit=100, left=99, reset=3.0))
    return None


def test_a_key_of_another_type_stops_no_other_vendor(server: OwnRedis, store: redis.Redis) -> None:
    store.set(f"{PREFIX}{KEY}:c", "1")
    with closing(RedisRateLimiter(server.url)) as rate_limit:
        with pytest.raises(Unavailable):
            rate_limit.enter(entry())
        rate_limit.leave(entry())
        other = Window("beta|https://b|c|limit|op|", 100, 60.0)
        assert rate_limit.enter(Reservation((other,), other, "beta|https://b|c|", "t:agent", time.monotonic() + 10, None)) == 0
        assert rate_limit.fallbacks == 0


def test_keys_of_others_are_neither_read_nor_deleted(server: OwnRedis, store: redis.Redis) -> None:
    others = [
        b"other",
        b"unified:rate-limit:acme",
        b"unified:rate-limit:acme2|x:c",
        b"unified:rate-limit:acme|x:z",
        b"unified:rate-limit:processes",
        b"acme|x:c",
    ]
    for name in others:
        store.set(name, "1")
    store.delete(b"unified:rate-limit:processes")
    store.hset(PREFIX.encode() + b"acme|\xff:c", "1", "1")
    with closing(RedisRateLimiter(server.url)) as rate_limit:
        assert [one.key for one in rate_limit.status("acme")] == ["acme|\ufffd"]
        for pattern in ("*", "a*", "[a]cme", "acme|x", "acme\\", "?cme", ""):
            assert rate_limit.reset(pattern) == 0
        assert rate_limit.reset("acme") == 1
    assert {name for name in others if store.exists(name)} == {*others} - {b"unified:rate-limit:processes"}


@contextmanager
def answering(reply: bytes) -> Iterator[str]:
    """Server that sends these bytes for each command."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def serve(client: socket.socket) -> None:
        with client, suppress(OSError):
            client.settimeout(10)
            while data := client.recv(65536):
                client.sendall(reply * max(1, data.count(b"*")))

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    with listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


REPLIES = [
    *(b":abc\r\n", b"$abc\r\n", b"*-9\r\n", b"+OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"$3\r\nnan\r\n", b"$3\r\ninf\r\n", b"_\r\n"),
    *(
        b"*1\r\n*1\r\n$1\r\n1\r\n",
        b"*999999999\r\n",
        b"\r\n",
        b"$2\r\n\xff\xfe\r\n",
        b"-NOSCRIPT\r\n",
        b"$2\r\nabXX",
        b"$-1\r\n",
        b"*-1\r\n",
    ),
    *(b"*2\r\n+a\r\n+b\r\n", b"#t\r\n", b",nan\r\n", b"*2\r\n$3\r\ninf\r\n$3\r\nnan\r\n", b":" + b"9" * 5000 + b"\r\n"),
]


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: repr(reply[:12]))
def test_a_server_that_is_not_redis_is_one_that_is_away(reply: bytes) -> None:
    with answering(reply) as url, closing(RedisRateLimiter(url)) as rate_limit:
        first = entry()
        assert rate_limit.enter(first) == 0
        rate_limit.ended(first, ReportedLimits(limit=10))
        for question in (rate_limit.status, rate_limit.reset):
            with pytest.raises(UnifiedError, match="Redis"):
                question("acme")


NAMES = ["a", "a of b", "a|0", "agent a", "a%20of%20b", "a%7C0", "*", "a|agent b", "b", "of", "a of b of c"]


def test_no_names_share_a_count() -> None:
    """Agents, users, connections and tenants whose names imitate the format of a key."""
    vendor = replace(VENDOR, limits=(Limit("all", 10, 60.0),))
    entries = ReservationFactory({"*": (AgentLimit(5, 60.0), AgentLimit(50, 600.0))})
    request = Request(endpoint=Endpoint("getIssue", "GET", "/issue/{id}", Retry.SAFE), target="/issue/1")
    seen: dict[str, tuple[str, ...]] = {}
    for agent in NAMES:
        for tenant in NAMES:
            for user in NAMES:
                connection = Connection(vendor, basic("a", "b"), {"site": "acme"}, user=user, tenant=tenant)
                found = entries.entry(connection, request, agent, 0.0)
                assert found is not None
                for window in found.windows:
                    own = ("agent", agent, tenant) if "|agent " in window.key else ("user", user, tenant)
                    assert seen.setdefault(window.key, own) == own
                assert seen.setdefault(found.wide, ("user", user, tenant)) == ("user", user, tenant)
