"""Where an installation says that requests are counted, and what its agents may use."""

from __future__ import annotations

import pytest

from unified_platform import catalog
from unified_platform.agents import parsed
from unified_platform.budgets import open_budget, shared_budget
from unified_platform.budgets.redis import RedisBudget
from unified_runtime import InvalidInput
from unified_runtime.pacing.budgets import AgentLimit, MemoryBudget


def test_the_environment_names_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNIFIED_BUDGET", raising=False)
    assert isinstance(open_budget(), MemoryBudget)
    assert shared_budget({}) is None
    monkeypatch.setenv("UNIFIED_BUDGET", "redis://127.0.0.1:1/0")
    opened = open_budget()
    assert isinstance(opened, RedisBudget)
    opened.close()
    shared = shared_budget({"UNIFIED_BUDGET": "redis://127.0.0.1:1/0"})
    assert shared is not None
    shared.close()


@pytest.mark.parametrize("url", ["127.0.0.1:6379", "postgresql://u:secret@h/d", "redis://:secret@127.0.0.1:port/0"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        open_budget(url)
    assert "secret" not in str(caught.value)


def test_rates_of_agents() -> None:
    text = '[agents.helper]\ntoolsets = ["tasks"]\nrates = [{requests = 100, per = 60}, {requests = 1, per = 0.5, vendor = "jira"}]\n'
    agents = parsed(text, "agents.toml", catalog.load())
    assert agents.rates == {"helper": (AgentLimit(100, 60.0), AgentLimit(1, 0.5, "jira"))}


@pytest.mark.parametrize(
    ("rates", "told"),
    [
        ("5", "rates are a list"),
        ("[5]", "a rate is a table"),
        ("[{requests = 0, per = 1}]", "requests, a whole number from 1"),
        ("[{requests = 5}]", "per, a number of seconds"),
        ('[{requests = 5, per = 1, vendor = "jirra"}]', "did you mean 'jira'"),
        ("[{request = 5, per = 1}]", "did you mean 'requests'"),
    ],
)
def test_rates_that_are_none(rates: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=f"agents.toml: agent helper: .*{told}"):
        parsed(f'[agents.helper]\ntoolsets = ["tasks"]\nrates = {rates}\n', "agents.toml", catalog.load())
