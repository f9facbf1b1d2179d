"""The policies to start from, against oracles written by hand: random questions, in every phase, in both languages.

UNIFIED_POLICY_QUESTIONS sets how many questions each policy gets of each judge. By default there are 100,800 in all of the oracles, which
take three quarters of a minute, and fewer of the other engines. `make policies` asks 100,000 of each for each, for half an hour.
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
from unified_platform.policy import start
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.opa import OPA
from unified_platform.policy.rego import RegoPolicies
from unified_platform.policy.rego_documents import answers
from unified_runtime.control.policy import Decision, Outcome, PolicyEngine, Question

COUNT = int(os.environ.get("UNIFIED_POLICY_QUESTIONS", "7200"))
JUDGED = COUNT if "UNIFIED_POLICY_QUESTIONS" in os.environ else COUNT // 4
"""Questions that another engine gets, many at a time."""
OPA_COUNT = min(max(COUNT // 40, 150), 2500)
"""Those that it gets over its REST API, one by one."""
BATCH = 2000
ZONE = "Europe/Paris"


def texts(name: str, language: start.Language) -> dict[str, str]:
    """A grant alone, a limit beside the grant of everything."""
    names = [name] if name in start.GRANTS else [name, "anything"]
    return {f"{one}.{language}": start.text(one, language) for one in names}


@pytest.fixture(scope="module")
def server() -> Iterator[opa.Server]:
    if reason := opa.missing():
        pytest.skip(reason)
    with opa.running() as running:
        yield running


def judged(engine: PolicyEngine, name: str, count: int) -> int:
    """Ask as the guard asks: arguments first, then the record where the answer wants it. Returns how often it allowed."""
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


@pytest.mark.parametrize("name", start.NAMES)
def test_cedar_decides_as_the_oracle(name: str) -> None:
    allowed = judged(CedarPolicies(texts(name, "cedar"), time_zone=ZONE, schema=with_deals()), name, COUNT)
    assert allowed > COUNT * 0.03, "the questions hardly ever meet what the policy allows"
    assert name == "anything" or allowed < COUNT * 0.97, "the questions hardly ever meet what the policy denies"


@pytest.mark.parametrize("name", start.NAMES)
def test_rego_in_this_process_decides_as_the_oracle(name: str) -> None:
    judged(RegoPolicies(texts(name, "rego"), time_zone=ZONE), name, COUNT)


@pytest.mark.parametrize("name", start.NAMES)
def test_opa_decides_as_the_oracle(name: str, server: opa.Server) -> None:
    server.load(texts(name, "rego"))
    judged(OPA(server.url, time_zone=ZONE), name, OPA_COUNT)


@pytest.mark.parametrize("name", start.NAMES)
def test_rego_in_this_process_agrees_with_opa_to_the_word(name: str, server: opa.Server) -> None:
    server.load(texts(name, "rego"))
    here, source = RegoPolicies(texts(name, "rego"), time_zone=ZONE), random.Random(name)
    asked = questions.questions(7, JUDGED)
    for _ in range(0, JUDGED, BATCH):
        batch = [one if source.random() < 0.5 else with_record(source, one) for one in islice(asked, BATCH)]
        there = answers(batch, ZoneInfo(ZONE), lambda inputs: server.documents("unified/policy", inputs))
        assert here.decide(batch) == there
    assert next(asked, None) is None


def with_record(source: random.Random, question: Question) -> Question:
    """The question, once the record is known."""
    return msgspec.structs.replace(question, phase="record", record=questions.record(source, question))


@pytest.mark.parametrize("name", start.NAMES)
@pytest.mark.parametrize("language", ["cedar", "rego"])
def test_a_batch_decides_as_one_by_one(name: str, language: start.Language) -> None:
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


@pytest.mark.parametrize("name", start.NAMES)
def test_what_is_never_allowed_is_not_shown(name: str) -> None:
    """An operation that is not shown to an agent is one of which no call is ever allowed."""
    engine = CedarPolicies(texts(name, "cedar"), time_zone=ZONE, schema=with_deals())
    source = random.Random(5)
    for question in questions.questions(13, COUNT // 12):
        seen = question if question.like == "create" else msgspec.structs.replace(question, record=questions.record(source, question))
        if ORACLES[name](seen):
            assert engine.may_call(question.agent, question.name, question.vendor), question.name
    assert name != "read-only" or not engine.may_call("helper", "tasks.delete", "jira")
    assert name != "no-delete" or not engine.may_call("helper", "tasks.delete", "jira")


def test_a_limit_alone_allows_nothing() -> None:
    for name in start.LIMITS:
        engine = CedarPolicies({name: start.text(name)}, schema=with_deals())
        assert all(d.outcome is Outcome.DENY for d in engine.decide([*questions.questions(1, 50)])), name


def test_oracles_and_policies_are_the_same_set() -> None:
    assert set(ORACLES) == set(start.NAMES)


def test_a_question_knows_what_it_is() -> None:
    assert all(isinstance(question, Question) for question in questions.questions(1, 10))
