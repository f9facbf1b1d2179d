"""Shared by the tests of single stages: the state of a call, a request, and the stage behind the tested one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK
from unified_runtime import basic
from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.connections import Connection
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.messages import HTTPRequest, Request
from unified_runtime.core.responses import Response
from unified_runtime.execution.flows import ActionResult, Flow
from unified_runtime.execution.http_requests import wire_request
from unified_runtime.execution.stages import CallState

OK = Response(200, (), b'{"id": "1"}', "")


def state(**more: Any) -> CallState:
    """Return the state of a call on a connection to the sample vendor, without any request stage."""
    call = CallState("tasks.get", Connection(VENDOR, basic("me", "password"), {"site": "here"}), QUICK, (), **more)
    call.begin()
    return call


def request(retry: Retry = Retry.SAFE, **more: Any) -> Request:
    endpoint = Endpoint("getTask", "GET" if retry is Retry.SAFE else "POST", "/tasks/{id}", retry)
    return Request(endpoint=endpoint, target=endpoint.url(("1",)), **more)


def wire(of: Request, call: CallState) -> HTTPRequest:
    return wire_request(of, call.connection, call.settings, call.deadline)


class Sent:
    """The stage that a tested stage proceeds to: it records the request, and returns a response or raises an error."""

    def __init__(self, outcome: ActionResult | BaseException = OK) -> None:
        self.outcome = outcome
        self.requests: list[Request] = []

    def __call__(self, request: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
        self.requests.append(request)
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome
        yield 0.0


def finish(flow: Flow[Any], outcomes: Mapping[type, Callable[[Any], Any]] | None = None) -> tuple[Any, list[Any]]:
    """Run a flow without waiting. Return its value, and what it yielded except blocking tasks, which are run."""
    found: list[Any] = []
    outcome: Any = None
    try:
        while True:
            action = flow.send(outcome)
            outcome = None
            if isinstance(action, BlockingTask):
                action.run()
            else:
                found.append(action)
                outcome = outcomes[type(action)](action) if outcomes and type(action) in outcomes else None
    except StopIteration as stop:
        return stop.value, found
