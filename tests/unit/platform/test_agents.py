"""Agents and their toolsets: an operation outside is neither shown nor allowed."""

from __future__ import annotations

import random

import pytest

from tests.policy import questions
from unified_platform.agents import registry
from unified_platform.catalog import capabilities
from unified_platform.policy import starter_policies
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.combined import AllEngines
from unified_platform.tools import tools
from unified_runtime import AsyncClient, Client, InvalidInput, PolicyEnforcer
from unified_runtime.core.policy_decisions import Outcome, PolicyRequest, allow, deny, needs_approval

ENTRIES = capabilities.load()
TEXT = """
[agents.reader]
toolsets = ["tasks.read", "projects"]
[agents.jira]
toolsets = ["jira"]
[agents.none]
toolsets = []
"""
AGENTS = registry.parse_agents(TEXT, "agents.toml", ENTRIES)


def test_shown_operations_are_the_allowed_ones() -> None:
    for name in AGENTS.names:
        shown = AGENTS.operations(name, ENTRIES)
        for question in questions.questions(3, 800):
            policy_requests = PolicyRequest(
                **{field: getattr(question, field) for field in PolicyRequest.__struct_fields__} | {"agent": name}
            )
            if not any(entry.name == policy_requests.vendor and policy_requests.resource in entry.resources for entry in ENTRIES):
                continue
            offered = (
                next(entry for entry in ENTRIES if entry.name == policy_requests.vendor).resources[policy_requests.resource].operations
            )
            if policy_requests.operation in offered:
                allowed = AGENTS.decide([policy_requests])[0].outcome is Outcome.ALLOW
                assert allowed is (policy_requests.vendor in shown.get(policy_requests.name, ())), policy_requests


def test_operations_that_the_policy_never_allows_are_hidden() -> None:
    policy = CedarPolicies({"a": starter_policies.text("read-only")})
    shown = AGENTS.operations("jira", ENTRIES, policy)
    assert "tasks.get" in shown
    assert "tasks.delete" in AGENTS.operations("jira", ENTRIES)
    assert not [name for name in shown if name.endswith((".create", ".update", ".delete"))]


def test_an_agents_tools_are_those_that_a_call_could_be_allowed_of() -> None:
    policy = CedarPolicies({"a": starter_policies.text("no-delete"), "b": starter_policies.text("anything")})
    enforcer = PolicyEnforcer(AllEngines(AGENTS, policy))
    for client in (Client(policy=enforcer), AsyncClient(policy=enforcer)):
        given = {"client": client} if isinstance(client, Client) else {"async_client": client}
        mine = tools(agent="jira", vendors=["jira", "asana"], **given)
        assert {vendor for tool in mine for vendor in tool.vendors} == {"jira"}
        assert {"tasks_get", "tasks_update"} <= {*mine.names}
        assert "tasks_delete" not in mine.names
        assert "no tool" in mine.call("tasks_delete", {"id": "P-1"}).text
        assert len(tools(agent="none", vendors=["jira"], **given)) == 0
        assert len(tools(agent="stranger", vendors=["jira"], **given)) == 0
        assert len(tools(vendors=["jira"], **given)) == 0
    assert "tasks_delete" in tools(vendors=["jira"], client=Client()).names


def test_scopes_that_only_denied_operations_need_are_not_requested() -> None:
    jira = capabilities.vendor("jira")
    every, reading = AGENTS.scopes("jira", jira), AGENTS.scopes("jira", jira, CedarPolicies({"a": starter_policies.text("read-only")}))
    assert {*reading} < {*every}
    assert any(scope.startswith("write:") for scope in {*every} - {*reading})
    assert not any(scope.startswith("write:") for scope in reading)


def test_no_agent_and_an_unknown_one_may_use_nothing() -> None:
    question = questions.question(random.Random(1))
    for agent in (None, "stranger", "READER", "reader "):
        (found,) = AGENTS.decide([PolicyRequest(**{f: getattr(question, f) for f in PolicyRequest.__struct_fields__} | {"agent": agent})])
        assert found.outcome is Outcome.DENY
    with pytest.raises(InvalidInput, match="did you mean 'reader'"):
        AGENTS.toolset("raeder")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[agents.a]\ntoolsets = ['task']", "did you mean 'tasks'"),
        ("[agents.a]\n", "needs toolsets"),
        ("[agents.a]\ntoolsets = 'tasks'", "needs toolsets"),
        ("[agents.a]\ntoolset = ['tasks']", "did you mean 'toolsets'"),
        ("[agent.a]\ntoolsets = ['tasks']", "did you mean 'agents'"),
        ("agents = 3", "are tables"),
        ("[agents]\na = 3", "is a table"),
        ("[agents.a", "is not TOML"),
    ],
)
def test_mistakes_are_reported(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        registry.parse_agents(text, "agents.toml", ENTRIES)


# ------------------------------------------------------------------------------------------------ several engines as one
class States:
    embedded = True

    def __init__(self, *responses: object) -> None:
        self.answers = responses

    def decide(self, questions: object) -> object:
        return self.answers


@pytest.mark.parametrize(
    ("responses", "wanted"),
    [
        ([allow(), allow()], "allow"),
        ([allow(), deny("no")], "deny"),
        ([needs_approval("ask"), deny("no")], "deny"),
        ([needs_approval("ask"), allow()], "approval"),
        ([allow(), True], "deny"),
        ([True, allow()], "deny"),
        ([allow(), None], "deny"),
    ],
)
def test_all_have_to_allow(responses: list[object], wanted: str) -> None:
    engine = AllEngines(*(States(response) for response in responses))  # type: ignore[arg-type]
    (found,) = PolicyEnforcer(engine).decide([questions.question(random.Random(1))])
    assert found.outcome.value == wanted


def test_an_engine_that_returns_too_few_decisions_denies() -> None:
    engine = AllEngines(States(allow()), States())  # type: ignore[arg-type]
    (found,) = PolicyEnforcer(engine).decide([questions.question(random.Random(1))])
    assert found.outcome is Outcome.DENY
    with pytest.raises(ValueError, match="at least one"):
        AllEngines()


def test_one_that_looks_at_the_record_is_shown_it() -> None:
    engine = AllEngines(States(allow(on_record=True)), States(allow()))  # type: ignore[arg-type]
    assert engine.decide([questions.question(random.Random(1))])[0].on_record is True
