"""Agents and their toolsets: what is not in one is neither shown nor allowed."""

from __future__ import annotations

import random

import pytest

from tests.policy import questions
from unified_platform import agents, catalog
from unified_platform.policy import start
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.combine import Every
from unified_platform.tools import tools
from unified_runtime import AsyncClient, Client, Guard, InvalidInput
from unified_runtime.control.policy import Outcome, Question, allow, deny, needs_approval

ENTRIES = catalog.load()
TEXT = """
[agents.reader]
toolsets = ["tasks.read", "projects"]
[agents.jira]
toolsets = ["jira"]
[agents.none]
toolsets = []
"""
AGENTS = agents.parsed(TEXT, "agents.toml", ENTRIES)


def test_what_is_shown_is_what_is_allowed() -> None:
    for name in AGENTS.names:
        shown = AGENTS.operations(name, ENTRIES)
        for question in questions.questions(3, 800):
            asked = Question(**{field: getattr(question, field) for field in Question.__struct_fields__} | {"agent": name})
            if not any(entry.name == asked.vendor and asked.resource in entry.resources for entry in ENTRIES):
                continue
            offered = next(entry for entry in ENTRIES if entry.name == asked.vendor).resources[asked.resource].operations
            if asked.operation in offered:
                allowed = AGENTS.decide([asked])[0].outcome is Outcome.ALLOW
                assert allowed is (asked.vendor in shown.get(asked.name, ())), asked


def test_what_the_policy_never_allows_is_not_shown_either() -> None:
    policy = CedarPolicies({"a": start.text("read-only")})
    shown = AGENTS.operations("jira", ENTRIES, policy)
    assert "tasks.get" in shown
    assert "tasks.delete" in AGENTS.operations("jira", ENTRIES)
    assert not [name for name in shown if name.endswith((".create", ".update", ".delete"))]


def test_an_agents_tools_are_those_that_a_call_could_be_allowed_of() -> None:
    policy = CedarPolicies({"a": start.text("no-delete"), "b": start.text("anything")})
    guard = Guard(Every(AGENTS, policy))
    for client in (Client(guard=guard), AsyncClient(guard=guard)):
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


def test_scopes_that_only_denied_operations_need_are_not_asked_for() -> None:
    jira = catalog.vendor("jira")
    every, reading = AGENTS.scopes("jira", jira), AGENTS.scopes("jira", jira, CedarPolicies({"a": start.text("read-only")}))
    assert {*reading} < {*every}
    assert any(scope.startswith("write:") for scope in {*every} - {*reading})
    assert not any(scope.startswith("write:") for scope in reading)


def test_no_agent_and_an_unknown_one_may_use_nothing() -> None:
    question = questions.question(random.Random(1))
    for agent in (None, "stranger", "READER", "reader "):
        (found,) = AGENTS.decide([Question(**{f: getattr(question, f) for f in Question.__struct_fields__} | {"agent": agent})])
        assert found.outcome is Outcome.DENY
    with pytest.raises(InvalidInput, match="did you mean 'reader'"):
        AGENTS.toolset("raeder")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[agents.a]\ntoolsets = ['task']", "did you mean 'tasks'"),
        ("[agents.a]\n", "needs toolsets"),
        ("[agents.a]\ntoolsets = 'tasks'", "needs toolsets"),
        ("[agents.a]\ntoolset = ['tasks']", "did you mean 'toolsets'"),
        ("[agent.a]\ntoolsets = ['tasks']", "did you mean 'agents'"),
        ("agents = 3", "are tables"),
        ("[agents]\na = 3", "is a table"),
        ("[agents.a", "is no TOML"),
    ],
)
def test_mistakes_are_told(text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        agents.parsed(text, "agents.toml", ENTRIES)


# ------------------------------------------------------------------------------------------------ several engines as one
class Says:
    embedded = True

    def __init__(self, *answers: object) -> None:
        self.answers = answers

    def decide(self, questions: object) -> object:
        return self.answers


@pytest.mark.parametrize(
    ("answers", "wanted"),
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
def test_all_have_to_allow(answers: list[object], wanted: str) -> None:
    engine = Every(*(Says(answer) for answer in answers))  # type: ignore[arg-type]
    (found,) = Guard(engine).answers([questions.question(random.Random(1))])
    assert found.outcome.value == wanted


def test_one_that_answers_too_little_denies() -> None:
    engine = Every(Says(allow()), Says())  # type: ignore[arg-type]
    (found,) = Guard(engine).answers([questions.question(random.Random(1))])
    assert found.outcome is Outcome.DENY
    with pytest.raises(ValueError, match="at least one"):
        Every()


def test_one_that_looks_at_the_record_is_shown_it() -> None:
    engine = Every(Says(allow(on_record=True)), Says(allow()))  # type: ignore[arg-type]
    assert engine.decide([questions.question(random.Random(1))])[0].on_record is True
