"""The policy templates, against oracles written by hand: random requests, in every phase, in both languages.

UNIFIED_POLICY_QUESTIONS sets how many requests of each policy are compared with each engine. By default, 100,800 in total are compared
with the oracles, which takes three quarters of a minute, and fewer with the other engines. `make policies` compares 100,000 of each with
each, for half an hour.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.policy import questions
from tests.policy.oracles import ORACLES
from tests.policy.schemas import with_deals
from tests.support.servers import opa
from unified_platform.policy import starter_policies
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.opa import OPA
from unified_platform.policy.rego import RegoPolicies
from unified_platform.policy.rego_input import decisions
from unified_runtime.core.policy_decisions import Decision, Outcome, PolicyEngine, PolicyRequest

COUNT = int(os.environ.get("UNIFIED_POLICY_QUESTIONS", "7200"))
JUDGED = COUNT if "UNIFIED_POLICY_QUESTIONS" in os.environ else COUNT // 4
"""Requests that another engine gets, many at a time."""
OPA_COUNT = min(max(COUNT // 40, 150), 2500)
"""Requests that it gets over its REST API, one by one."""
BATCH = 2000
ZONE = "Europe/Paris"


def texts(name: str, language: starter_policies.Language) -> dict[str, str]:
    """A grant by itself; a limit next to the grant of everything."""
    names = [name] if name in starter_policies.GRANTS else [name, "anything"]
    return {f"{one}.{language}": starter_policies.text(one, language) for one in names}


@pytest.fixture(scope="module")
def server() -> Iterator[opa.Server]:
    if reason := opa.missing():
        pytest.skip(reason)
    with opa.running() as running:
        yield running


def judged(engine: PolicyEngine, name: str, count: int) -> int:
    """Evaluate as the policy enforcer does: arguments first, then the record if the decision needs it. Return the number of allows."""
    oracle = ORACLES[name]
    source = random.Random(name)
    allowed = 0
    for question in questions.questions(len(name), count):
        (first,) = engine.decide([question])
        record = questions.record(source, question)
        seen = msgspec.structs.replace(question, phase="record", record=record) if question.like != "create" else question
        wanted = oracle(seen)
        allowed += wanted
        final = first
        if first.outcome is Outcome.ALLOW and first.on_record:
            assert question.like != "create", question
            (final,) = engine.decide([seen])
            assert final.on_record is False
        assert (final.outcome is Outcome.ALLOW) is wanted, (name, question, record, first, final)
        if first.outcome is Outcome.DENY and question.like != "create":
            (again,) = engine.decide([seen])
            assert again.outcome is Outcome.DENY, ("denied on its arguments, and would be allowed on its record", question, record)
    return allowed


@pytest.mark.parametrize("name", starter_policies.NAMES)
def test_cedar_decides_as_the_oracle(name: str) -> None:
    allowed = judged(CedarPolicies(texts(name, "cedar"), time_zone=ZONE, schema=with_deals()), name, COUNT)
    assert allowed > COUNT * 0.03, "the questions hardly ever meet what the policy allows"
    assert name == "anything" or allowed < COUNT * 0.97, "the questions hardly ever meet what the policy denies"


@pytest.mark.parametrize("name", starter_policies.NAMES)
def test_rego_in_this_process_decides_as_the_oracle(name: str) -> None:
    judged(RegoPolicies(texts(name, "rego"), time_zone=ZONE), name, COUNT)


@pytest.mark.parametrize("name", starter_policies.NAMES)
def test_opa_decides_as_the_oracle(name: str, server: opa.Server) -> None:
    server.load(texts(name, "rego"))
    judged(OPA(server.url, time_zone=ZONE), name, OPA_COUNT)


@pytest.mark.parametrize("name", starter_policies.NAMES)
def test_rego_in_this_process_agrees_with_opa_to_the_word(name: str, server: opa.Server) -> None:
    server.load(texts(name, "rego"))
    here, source = RegoPolicies(texts(name, "rego"), time_zone=ZONE), random.Random(name)
    requested = questions.questions(7, JUDGED)
    for _ in range(0, JUDGED, BATCH):
        batch = [one if source.random() < 0.5 else with_record(source, one) for one in islice(requested, BATCH)]
        there = decisions(batch, ZoneInfo(ZONE), lambda inputs: server.documents("unified/policy", inputs))
        assert here.decide(batch) == there
    assert next(requested, None) is None


def with_record(source: random.Random, question: PolicyRequest) -> PolicyRequest:
    """Return the request with the record known."""
    return msgspec.structs.replace(question, phase="record", record=questions.record(source, question))


@pytest.mark.parametrize("name", starter_policies.NAMES)
@pytest.mark.parametrize("language", ["cedar", "rego"])
def test_a_batch_decides_as_one_by_one(name: str, language: starter_policies.Language) -> None:
    engine: PolicyEngine
    if language == "cedar":
        engine = CedarPolicies(texts(name, "cedar"), time_zone=ZONE, schema=with_deals())
    else:
        engine = RegoPolicies(texts(name, "rego"), time_zone=ZONE)
    source = random.Random(3)
    for question in questions.questions(11, min(COUNT // 250, 100)):
        records = [questions.record(source, question) for _ in range(7)]
        page = [msgspec.structs.replace(question, phase="record", record=record) for record in records]
        assert outcomes(engine.decide(page)) == [one for each in page for one in outcomes(engine.decide([each]))]


def outcomes(decisions: Sequence[Decision]) -> list[Outcome]:
    return [decision.outcome for decision in decisions]


@pytest.mark.parametrize("name", starter_policies.NAMES)
def test_tools_that_are_never_allowed_are_hidden(name: str) -> None:
    """An operation that is not shown to an agent is one of which no call is ever allowed."""
    engine = CedarPolicies(texts(name, "cedar"), time_zone=ZONE, schema=with_deals())
    source = random.Random(5)
    for question in questions.questions(13, COUNT // 12):
        seen = question if question.like == "create" else msgspec.structs.replace(question, record=questions.record(source, question))
        if ORACLES[name](seen):
            assert engine.may_call(question.agent, question.name, question.vendor), question.name
    assert name != "read-only" or not engine.may_call("helper", "tasks.delete", "jira")
    assert name != "no-delete" or not engine.may_call("helper", "tasks.delete", "jira")


def test_a_limit_without_a_permission_allows_nothing() -> None:
    for name in starter_policies.LIMITS:
        engine = CedarPolicies({name: starter_policies.text(name)}, schema=with_deals())
        assert all(d.outcome is Outcome.DENY for d in engine.decide([*questions.questions(1, 50)])), name


def test_oracles_and_policies_are_the_same_set() -> None:
    assert set(ORACLES) == set(starter_policies.NAMES)


def test_a_question_knows_what_it_is() -> None:
    assert all(isinstance(question, PolicyRequest) for question in questions.questions(1, 10))
