"""The policy stage: when it calls the engine, and which requests it does not let through."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.runtime.pipeline.stages import OK, Sent, finish, request, state, wire
from tests.unit.runtime.pipeline.test_pipeline import prepared
from tests.unit.runtime.policies import Engine
from unified_runtime import Denied, PolicyEnforcer
from unified_runtime.core.policy_decisions import PolicyRequest, allow, deny
from unified_runtime.execution.flows import Flow
from unified_runtime.execution.policy_enforcement import PolicyStage
from unified_runtime.execution.stages import CallState


def stage(engine: Engine) -> PolicyStage:
    of = prepared(PolicyEnforcer(engine)).policy
    assert of is not None
    return PolicyStage(of)


class Executed:
    """The stage behind: it sends one request through the policy stage, and returns a value."""

    def __init__(self, policy: PolicyStage, sent: Sent) -> None:
        self.policy = policy
        self.sent = sent

    def __call__(self, steps: Any, call: CallState) -> Flow[Any]:
        of = request()
        yield from self.policy.send(self.sent, of, wire(of, call), call)
        return steps


def test_arguments_are_decided_on_before_the_call_and_each_request_before_it_is_sent() -> None:
    engine = Engine()
    policy, sent = stage(engine), Sent()
    assert finish(policy.run(Executed(policy, sent), "steps", state()))[0] == "steps"  # type: ignore[arg-type]
    assert engine.phases == ["arguments", "request"]
    assert len(sent.requests) == 1


@pytest.mark.parametrize("phase", ["arguments", "request"])
def test_a_denial_stops_the_call_before_anything_is_sent(phase: str) -> None:
    engine = Engine(lambda question: deny("not this") if question.phase == phase else allow())
    policy, sent = stage(engine), Sent()
    with pytest.raises(Denied, match="not this") as denied:
        finish(policy.run(Executed(policy, sent), "steps", state()))  # type: ignore[arg-type]
    assert sent.requests == []
    assert (denied.value.vendor, denied.value.operation) == ("acme", "tasks.get")


def test_a_decision_that_holds_for_requests_too_is_made_once() -> None:
    class ByArguments(Engine):
        by_arguments = True

    engine = ByArguments()
    policy, sent = stage(engine), Sent()
    assert finish(policy.run(Executed(policy, sent), "steps", state()))[0] == "steps"  # type: ignore[arg-type]
    assert engine.phases == ["arguments"]
    assert len(sent.requests) == 1


def test_a_request_is_not_sent_if_the_engine_was_replaced_since_the_decision() -> None:
    class ByArguments(Engine):
        by_arguments = True

    def no(_: PolicyRequest) -> Any:
        return deny("the new rules")

    policy, sent = stage(ByArguments()), Sent()

    def replaced(steps: Any, call: CallState) -> Flow[Any]:
        policy._enforcer.engine = Engine(no)
        return (yield from Executed(policy, sent)(steps, call))

    with pytest.raises(Denied, match="the new rules"):
        finish(policy.run(replaced, "steps", state()))  # type: ignore[arg-type]
    assert sent.requests == []


def test_a_request_is_decided_on_by_itself() -> None:
    engine = Engine()
    policy, call, of = stage(engine), state(), request()
    assert finish(policy.send(Sent(), of, wire(of, call), call))[0] is OK
    assert engine.phases == ["request"]
