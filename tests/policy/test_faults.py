"""Faults injected into the engines: the call is denied after any internal error."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tests.policy.schemas import with_deals
from tests.policy.test_cedar import ALL, called
from unified_platform.policy import starter_policies
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.combined import AllEngines
from unified_platform.policy.rego import RegoPolicies
from unified_runtime import PolicyEnforcer, using
from unified_runtime.core.policy_decisions import Decision, Outcome, PolicyRequest, allow

GET = called("get")
READ = msgspec.structs.replace(GET, phase="record", record={"id": "1"})
PAGE = [msgspec.structs.replace(READ, record={"id": str(number)}) for number in range(3)]


def answer(decision: Any, *, errors: Any = (), reasons: Any = ("all",)) -> Any:
    return SimpleNamespace(decision=decision, diagnostics=SimpleNamespace(errors=list(errors), reasons=list(reasons)))


def raising(*_: Any) -> Any:
    raise RuntimeError("the engine broke")


def panicking(*_: Any) -> Any:
    raise BaseException("panic")  # as engines written in Rust raise it


Fault = Callable[..., Any]
CEDAR_FAULTS: dict[str, Callable[[Any], Fault]] = {
    "an exception": lambda cedar: raising,
    "a panic": lambda cedar: panicking,
    "no answer": lambda cedar: lambda *_: None,
    "an empty list": lambda cedar: lambda *_: [],
    "an answer too many": lambda cedar: lambda _, requests, *more: [answer(cedar.Decision.Allow)] * (len(requests) + 1),
    "no decision": lambda cedar: lambda _, requests, *more: [answer(cedar.Decision.NoDecision)] * len(requests),
    "a text": lambda cedar: lambda _, requests, *more: [answer("Allow")] * len(requests),
    "true": lambda cedar: lambda _, requests, *more: [answer(True)] * len(requests),
    "allowed with an error": lambda cedar: lambda _, requests, *more: [answer(cedar.Decision.Allow, errors=["overflow"])] * len(requests),
    "denied by an unknown rule": lambda cedar: (
        lambda _, requests, *more: [answer(cedar.Decision.Deny, reasons=["nobody's"])] * len(requests)
    ),
}


@pytest.mark.parametrize("fault", CEDAR_FAULTS.values(), ids=CEDAR_FAULTS.keys())
@pytest.mark.parametrize("questions", [[GET], [READ], PAGE], ids=["arguments", "record", "page"])
def test_cedar(fault: Callable[[Any], Fault], questions: list[PolicyRequest], monkeypatch: pytest.MonkeyPatch) -> None:
    sound, engine = (CedarPolicies({"p.cedar": ALL}, schema=with_deals()) for _ in range(2))  # an earlier allow is cached
    assert all(decision.outcome is Outcome.ALLOW for decision in PolicyEnforcer(sound).decide(questions))
    monkeypatch.setattr(engine, "_ask", fault(engine._cedar))
    assert [decision.outcome for decision in PolicyEnforcer(engine).decide(questions)] == [Outcome.DENY] * len(questions)


@pytest.mark.parametrize("rule", ["9223372036854775807 + 1 > 0", "-9223372036854775807 - 2 < 0", "9223372036854775807 * 2 == 0"])
@pytest.mark.parametrize("effect", ["forbid", "permit"])
@pytest.mark.parametrize("questions", [[GET], [READ], PAGE], ids=["arguments", "record", "page"])
def test_an_error_in_one_of_several_rules_denies(rule: str, effect: str, questions: list[PolicyRequest]) -> None:
    """Cedar skips a rule that it cannot evaluate: a call that it forbids would be allowed by the others."""
    engine = CedarPolicies({"p.cedar": f'{ALL}@id("x") {effect} (principal, action, resource) when {{ {rule} }};'})
    assert [decision.outcome for decision in PolicyEnforcer(engine).decide(questions)] == [Outcome.DENY] * len(questions)


@pytest.mark.parametrize("context", [{}, {"now": "yesterday"}, {"vendor": 1}], ids=["nothing", "a time that is none", "a number"])
@pytest.mark.parametrize(
    ("rule", "made_by"),
    [
        ('context.host == "nobody"', "timeless"),
        ('context.host == "nobody" && context.now < datetime("1970-01-01")', "context"),
        ('context.host == "nobody" && resource has title && resource.title == "nothing"', "context"),
    ],
    ids=["the arguments decide", "the time decides", "the record decides"],
)
def test_a_schema_that_the_policies_do_not_fit_any_more_denies(
    rule: str, made_by: str, context: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A context that Cedar rejects is a denial, also if only the attributes that rules read are passed."""
    engine = CedarPolicies({"p.cedar": f'{ALL}forbid (principal, action in Action::"tasks", resource is Task) when {{ {rule} }};'})
    assert [decision.outcome for decision in PolicyEnforcer(engine).decide([READ])] == [Outcome.ALLOW]
    engine._known.clear()
    from unified_platform.policy import cedar_values

    monkeypatch.setattr(cedar_values, made_by, lambda *_: context)
    assert [decision.outcome for decision in PolicyEnforcer(engine).decide([READ])] == [Outcome.DENY]


REGO_FAULTS: dict[str, Fault] = {
    "an exception": raising,
    "a panic": panicking,
    "no answer": lambda inputs: None,
    "an empty list": lambda inputs: [],
    "an answer too many": lambda inputs: [{"allow": True, "on_record": []}] * (len(inputs) + 1),
    "undefined": lambda inputs: [None] * len(inputs),
    "a text": lambda inputs: ["allow"] * len(inputs),
    "true": lambda inputs: [True] * len(inputs),
    "allow is a text": lambda inputs: [{"allow": "true"}] * len(inputs),
}


@pytest.mark.parametrize("fault", REGO_FAULTS.values(), ids=REGO_FAULTS.keys())
@pytest.mark.parametrize("questions", [[GET], [READ], PAGE], ids=["arguments", "record", "page"])
def test_rego(fault: Fault, questions: list[PolicyRequest], monkeypatch: pytest.MonkeyPatch) -> None:
    engine = RegoPolicies({"p.rego": starter_policies.text("anything", "rego")})
    assert all(decision.outcome is Outcome.ALLOW for decision in PolicyEnforcer(engine).decide(questions))
    monkeypatch.setattr(engine, "_documents", fault)
    assert [decision.outcome for decision in PolicyEnforcer(engine).decide(questions)] == [Outcome.DENY] * len(questions)


class Broken:
    """Engine of a third party."""

    embedded = True

    def __init__(self, fault: Callable[[Any], Any]) -> None:
        self.decide = fault


@pytest.mark.parametrize(
    "fault",
    [
        raising,
        panicking,
        lambda q: [],
        lambda q: [True] * len(q),
        lambda q: [None] * len(q),
        lambda q: [allow()] * (len(q) + 1),
        lambda q: None,
    ],
)
def test_one_of_several_engines_that_fails_denies_for_all(fault: Fault) -> None:
    class Yes:
        embedded = True

        def decide(self, questions: Any) -> list[Decision]:
            return [allow()] * len(questions)

    for engines in ((Yes(), Broken(fault)), (Broken(fault), Yes())):
        assert [decision.outcome for decision in PolicyEnforcer(AllEngines(*engines)).decide(PAGE)] == [Outcome.DENY] * len(PAGE)


@pytest.mark.parametrize("fault", [raising, panicking])
def test_a_clock_that_fails_lets_nothing_through(fault: Fault) -> None:
    from tests.unit.runtime import tasks
    from tests.unit.runtime.acme import VENDOR
    from unified_runtime import Client, basic

    client = Client(policy=PolicyEnforcer(Broken(lambda q: [allow()] * len(q)), clock=fault))
    client.connect(VENDOR, basic("me", "pw"), server="http://127.0.0.1:1")
    with using(client), pytest.raises(BaseException, match=r"the engine broke|panic"):
        tasks.get("P-1")
