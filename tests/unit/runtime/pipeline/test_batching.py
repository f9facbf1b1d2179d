"""The batch stage: a request waits for others of its kind, and one request is sent for all of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.runtime.pipeline.stages import OK, state
from unified_runtime import Denied
from unified_runtime.adapter_api.batch_endpoints import Part
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.messages import HTTPRequest, Request
from unified_runtime.core.responses import Response
from unified_runtime.execution.batching import BatchSlot, join_batch, send_batch
from unified_runtime.execution.flows import ActionResult, Flow
from unified_runtime.execution.stages import CallState, Send


class Many:
    """A vendor's operation for several records, whose response is `OK` for each."""

    endpoint = Endpoint("getTasks", "GET", "/tasks", Retry.SAFE)
    item_request = None
    separate_codes: frozenset[str] = frozenset()

    def accepts(self, of: Request) -> bool:
        return of.query is None

    def common(self, of: Request) -> Any:
        return ()

    def combine(self, requests: list[Request]) -> tuple[Request, list[Any]]:
        return Request(endpoint=self.endpoint, target="/tasks", query={"ids": str(len(requests))}), [*requests]

    def parts(self, response: Response, items: list[Any]) -> list[Part]:
        return [Part(response=OK) for _ in items]


def one(**more: Any) -> Request:
    endpoint = Endpoint("getTask", "GET", "/tasks/{id}", Retry.SAFE, batch=Many())
    return Request(endpoint=endpoint, target="/tasks/1", **more)


def ended(flow: Flow[Any]) -> Any:
    with pytest.raises(StopIteration) as stop:
        next(flow)
    return stop.value.value


def test_a_request_runs_through_the_checks_of_its_call_before_it_joins_a_batch() -> None:
    passed: list[Request] = []

    def check(proceed: Send, of: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
        passed.append(of)
        return proceed(of, wire, call)

    of = one()
    flow = join_batch(of, state(checks=(check,)))
    slot: Any = next(flow)
    assert isinstance(slot, BatchSlot)
    assert (passed, slot.passed) == ([], False), "it is not known yet if others come"
    assert next(flow) is slot
    assert (passed, slot.passed) == ([of], True)
    slot.part = Part(response=OK)
    assert ended(flow) is OK


def test_a_request_that_a_check_refuses_joins_no_batch() -> None:
    def refuses(proceed: Send, of: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
        raise Denied("not this")

    flow = join_batch(one(), state(checks=(refuses,)))
    slot: Any = next(flow)
    with pytest.raises(Denied):
        next(flow)
    assert not slot.passed


def test_a_request_without_others_of_its_kind_is_sent_by_itself() -> None:
    assert ended(join_batch(one(query={"expand": "all"}), state())) is None, "no batch can hold it"
    flow = join_batch(one(), state())
    slot: Any = next(flow)
    slot.separate = True
    assert ended(flow) is None


def test_one_request_is_sent_for_all_and_through_the_shared_stages() -> None:
    order: list[str] = []

    def shared(proceed: Send, of: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
        order.append(of.target)
        return proceed(of, wire, call)

    def own(proceed: Send, of: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
        raise AssertionError("each call was checked before it joined")

    calls = [state(checks=(own,)) for _ in range(3)]
    for call in calls:
        call.shared = (shared,)
    folds = [BatchSlot(one(), (), call) for call in calls]
    flow = send_batch(folds)
    wire = next(flow)
    assert isinstance(wire, HTTPRequest)
    assert wire.url.endswith("/tasks?ids=3")
    with pytest.raises(StopIteration):
        flow.send(OK)
    assert order == ["/tasks"]
    assert [slot.part for slot in folds] == [Part(response=OK)] * 3
