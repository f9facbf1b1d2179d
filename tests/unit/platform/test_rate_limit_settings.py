"""Settings of an installation for rate limits, and the limits of its agents."""

from __future__ import annotations

import pytest

from unified_platform.agents.registry import parse_agents
from unified_platform.catalog import capabilities
from unified_platform.rate_limits import open_rate_limiter, shared_rate_limiter
from unified_platform.rate_limits.redis import RedisRateLimiter
from unified_runtime import InvalidInput
from unified_runtime.rate_limits.rate_limiter import MemoryRateLimiter
from unified_runtime.rate_limits.reservations import AgentLimit


def test_the_environment_names_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNIFIED_RATE_LIMITS", raising=False)
    assert isinstance(open_rate_limiter(), MemoryRateLimiter)
    assert shared_rate_limiter({}) is None
    monkeypatch.setenv("UNIFIED_RATE_LIMITS", "redis://127.0.0.1:1/0")
    opened = open_rate_limiter()
    assert isinstance(opened, RedisRateLimiter)
    opened.close()
    shared = shared_rate_limiter({"UNIFIED_RATE_LIMITS": "redis://127.0.0.1:1/0"})
    assert shared is not None
    shared.close()


@pytest.mark.parametrize("url", ["127.0.0.1:6379", "postgresql://u:secret@h/d", "redis://:secret@127.0.0.1:port/0"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        open_rate_limiter(url)
    assert "secret" not in str(caught.value)


def test_rates_of_agents() -> None:
    text = '[agents.helper]\ntoolsets = ["tasks"]\nrates = [{requests = 100, per = 60}, {requests = 1, per = 0.5, vendor = "jira"}]\n'
    agents = parse_agents(text, "agents.toml", capabilities.load())
    assert agents.rates == {"helper": (AgentLimit(100, 60.0), AgentLimit(1, 0.5, "jira"))}


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        ("5", "rates are a list"),
        ("[5]", "a rate is a table"),
        ("[{requests = 0, per = 1}]", "requests, a whole number from 1"),
        ("[{requests = 5}]", "per, a number of seconds"),
        ('[{requests = 5, per = 1, vendor = "jirra"}]', "did you mean 'jira'"),
        ("[{request = 5, per = 1}]", "did you mean 'requests'"),
    ],
)
def test_rates_that_are_none(rates: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=f"agents.toml: agent helper: .*{message}"):
        parse_agents(f'[agents.helper]\ntoolsets = ["tasks"]\nrates = {rates}\n', "agents.toml", capabilities.load())
