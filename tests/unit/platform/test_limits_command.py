"""Absurd delays in responses, and the command that shows and resets learned limits."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from tests.support.servers.own_redis import OwnRedis, missing
from unified_platform.cli import main
from unified_platform.rate_limits.redis import RedisRateLimiter
from unified_runtime import basic
from unified_runtime.core.connections import Connection
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.error_classification import retry_after
from unified_runtime.core.messages import Request
from unified_runtime.core.responses import Response
from unified_runtime.core.vendors import available, load
from unified_runtime.rate_limits.rate_limiter import MemoryRateLimiter
from unified_runtime.rate_limits.reported_limits import read

ENDPOINT = Endpoint("issues/get", "GET", "/repos/{owner}/{repo}/issues/{n}", Retry.SAFE)
ABSURD = ["1000000000", "1e308", "inf", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 99999 23:59:59 GMT"]


@pytest.fixture(scope="module")
def server() -> Iterator[OwnRedis]:
    if (why := missing()) is not None:
        pytest.skip(why)
    with OwnRedis() as made:
        yield made


def response(status: int, **headers: str) -> Response:
    pairs = tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
    return Response(status, pairs, b"{}", "https://api.example")


@pytest.mark.parametrize("value", ABSURD)
@pytest.mark.parametrize("name", available())
def test_no_vendor_keeps_requests_away_longer_than_its_longest_window(name: str, value: str) -> None:
    vendor = load(name)
    assert 3600 <= vendor.longest_wait <= 86400
    found = retry_after(response(429, Retry_After=value), vendor.longest_wait)
    assert found is None or found <= vendor.longest_wait
    limits = read(response(429, Retry_After=value), vendor.longest_wait)
    assert limits is not None
    assert limits.wait is not None
    assert limits.wait <= vendor.longest_wait


@pytest.mark.parametrize("reset", ["4000000000", "4000000000000", "9" * 15, "9999-12-31T23:59:59Z", "1e9"])
def test_a_reset_in_seventy_years_is_not_believed(reset: str) -> None:
    limits = read(response(200, X_RateLimit_Limit="5000", X_RateLimit_Remaining="4999", X_RateLimit_Reset=reset), 3600)
    assert limits is not None
    assert limits.reset is None or limits.reset <= 3600
    limits = read(response(200, RateLimit='"a";r=0;t=999999999999', RateLimit_Policy='"a";q=1;w=999999999'), 3600)
    assert limits is not None
    assert limits.reset == 3600
    assert limits.period is None


def entered(limit: MemoryRateLimiter | RedisRateLimiter, name: str = "github") -> float:
    connection = Connection(load(name), basic("me", "x") if name != "github" else _token(), {}, user="alice")
    entry = limit.entry(connection, Request(endpoint=ENDPOINT, target="/repos/a/b/issues/1"), "", time.monotonic() + 60)
    assert entry is not None
    wait = limit.enter(entry)
    if wait <= 0:
        limit.ended(entry, read(response(429, Retry_After="1000000000"), connection.vendor.longest_wait))
    return wait


def _token() -> object:
    from unified_runtime import bearer

    return bearer("t")


def test_a_vendor_is_reset_in_memory() -> None:
    rate_limit = MemoryRateLimiter()
    assert entered(rate_limit) == 0
    assert 3500 < entered(rate_limit) <= 3600
    first = rate_limit.status("github")[0]
    assert first.vendor == "github"
    assert 3500 < first.blocked_for <= 3600
    assert rate_limit.status("jira") == []
    assert rate_limit.reset("jira") == 0
    assert rate_limit.reset("github") > 0
    assert rate_limit.status() == []
    assert entered(rate_limit) == 0


def test_the_command_shows_and_resets_what_processes_share(server: OwnRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIFIED_RATE_LIMITS", server.url)
    rate_limit, other = RedisRateLimiter(server.url), RedisRateLimiter(server.url)
    assert entered(rate_limit) == 0
    assert 3500 < entered(other) <= 3600
    shown = json.loads(run("rate-limits", "show", "github", "--json"))
    assert 3500 < shown[0]["blocked_for"] <= 3600
    assert shown[0]["vendor"] == "github"
    assert json.loads(run("rate-limits", "show", "jira", "--json")) == []
    assert "blocked for" in run("rate-limits", "show")
    assert json.loads(run("rate-limits", "reset", "jira", "--json"))["reset"] == 0
    assert 3500 < entered(other) <= 3600
    assert json.loads(run("rate-limits", "reset", "github", "--json"))["reset"] > 0
    assert json.loads(run("rate-limits", "show", "--json")) == []
    assert entered(other) == 0
    rate_limit.close()
    other.close()


def test_unavailable_limits_have_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNIFIED_RATE_LIMITS", raising=False)
    assert "in the memory of each process" in run("rate-limits", "show", fails=True)
    monkeypatch.setenv("UNIFIED_RATE_LIMITS", "redis://127.0.0.1:1/0")
    assert "does not respond" in run("rate-limits", "show", fails=True)
    assert "did you mean 'github'" in run("rate-limits", "reset", "githib", fails=True)


def run(*arguments: str, fails: bool = False) -> str:
    done = CliRunner().invoke(main, list(arguments))
    assert (done.exit_code != 0) == fails, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output + (done.stderr if fails else "")
