"""The order of the stages, and the prepared call that they share."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.pipeline.stages import OK, finish, request, state, wire
from tests.unit.runtime.policies import Engine
from unified_runtime import PolicyEnforcer, basic
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.connections import Connection
from unified_runtime.core.messages import HTTPRequest, Request
from unified_runtime.execution.circuit_breaking import break_circuit
from unified_runtime.execution.flows import ActionResult, Flow
from unified_runtime.execution.pipeline import SHARED, Run
from unified_runtime.execution.prepared import PreparedCall, prepare
from unified_runtime.execution.rate_limiting import limit_rate
from unified_runtime.execution.stages import CallState, Send, call_chain, request_chain, transmit
from unified_runtime.rate_limits.rate_limiter import MemoryRateLimiter


def prepared(policy: PolicyEnforcer | None = None) -> PreparedCall:
    connections = Connections()
    connections.add(Connection(VENDOR, basic("me", "password"), {"site": "here"}))
    return prepare(tasks.get, tasks.get.bind({"id": "1"}), connections, policy)


def test_stages_run_in_the_order_of_their_list() -> None:
    order: list[str] = []

    def stage(name: str) -> Any:
        def run(proceed: Any, *given: Any) -> Flow[Any]:
            order.append(name)
            value = yield from proceed(*given)
            order.append(f"/{name}")
            return value

        return run

    def last(steps: Any, call: CallState) -> Flow[Any]:
        order.append("last")
        return steps
        yield 0.0

    assert finish(call_chain([stage("a"), stage("b")], last)("value", state())) == ("value", [])  # type: ignore[arg-type]
    assert order == ["a", "b", "last", "/b", "/a"]
    order.clear()
    of, call = request(), state()
    send = request_chain([stage("a"), stage("b")], transmit)
    assert finish(send(of, wire(of, call), call), {HTTPRequest: lambda _: OK})[0] is OK
    assert order == ["a", "b", "/b", "/a"]


def test_a_stage_that_does_not_proceed_ends_the_request() -> None:
    def refuses(proceed: Send, request: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
        return OK
        yield 0.0

    of, call = request(), state()
    assert finish(request_chain([refuses], transmit)(of, wire(of, call), call)) == (OK, [])


def test_rate_limit_and_circuit_breaker_come_first_and_are_shared() -> None:
    assert (limit_rate, break_circuit) == SHARED
    plain, governed = (Run(prepared(policy), QUICK, MemoryRateLimiter(), None) for policy in (None, PolicyEnforcer(Engine())))
    assert plain.policy is None
    assert plain.call.checks == ()
    assert governed.policy is not None
    assert governed.call.checks == (governed.policy.send,)


def test_a_prepared_call_does_not_change() -> None:
    of = prepared(PolicyEnforcer(Engine()))
    for name in of.__struct_fields__:
        with pytest.raises(AttributeError):
            setattr(of, name, None)
    first, second = (Run(of, QUICK, MemoryRateLimiter(), None) for _ in range(2))
    assert first.call is not second.call
    assert first.policy is not second.policy
