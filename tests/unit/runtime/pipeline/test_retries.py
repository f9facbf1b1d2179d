"""Retries of a request: how often it is sent, and the error after the last attempt."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.runtime.pipeline.stages import OK, Sent, finish, request, state, wire
from unified_runtime import Unauthorized, Unavailable, Unconfirmed
from unified_runtime.core.connection_sources import Renew
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import TransportFailure
from unified_runtime.core.messages import HTTPRequest, Request
from unified_runtime.core.responses import Response
from unified_runtime.execution.flows import ActionResult, Flow
from unified_runtime.execution.retries import growing, settled_attempt, with_new_credential
from unified_runtime.execution.stages import CallState
from unified_runtime.rate_limits.circuit_breaker import CircuitBreaker

DOWN = Response(503, (), b"{}", "")


class Later(Sent):
    """The request stages: some outcomes one after the other, then a response."""

    def __init__(self, *outcomes: ActionResult) -> None:
        super().__init__()
        self.outcomes = [*outcomes]

    def __call__(self, request: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
        self.requests.append(request)
        return self.outcomes.pop(0) if self.outcomes else OK
        yield 0.0


def settled(first: ActionResult, retry: Retry, *later: ActionResult, **more: Any) -> tuple[Any, list[Any], Later]:
    call, of, sent = state(**more), request(retry), Later(*later)
    call.send = sent
    value, pauses = finish(settled_attempt(first, of, wire(of, call), call))
    return value, pauses, sent


@pytest.mark.parametrize("retry", [Retry.SAFE, Retry.IDEMPOTENT])
def test_a_request_that_can_be_repeated_is_sent_again_after_a_pause(retry: Retry) -> None:
    value, pauses, sent = settled(DOWN, retry, TransportFailure("reset", sent=True))
    assert value is OK
    assert len(sent.requests) == len(pauses) == 2
    assert all(isinstance(pause, float) for pause in pauses)


def test_attempts_end_with_the_last_error() -> None:
    value, _, sent = settled(DOWN, Retry.SAFE, *[DOWN] * 20)
    assert isinstance(value, Unavailable)
    assert value.retry_safe
    assert len(sent.requests) == state().settings.attempts - 1


def test_a_write_of_which_the_response_was_lost_is_not_sent_again() -> None:
    value, pauses, sent = settled(TransportFailure("reset", sent=True), Retry.NEVER)
    assert isinstance(value, Unconfirmed)
    assert not value.retry_safe
    assert (pauses, sent.requests) == ([], [])


def test_a_write_that_was_not_sent_is_sent_again() -> None:
    value, _, sent = settled(TransportFailure("refused", sent=False), Retry.NEVER)
    assert value is OK
    assert len(sent.requests) == 1


def test_retries_stop_if_the_server_has_used_up_its_retries() -> None:
    breaker = CircuitBreaker(0)
    while breaker.spend_retry():
        pass
    value, _, sent = settled(DOWN, Retry.SAFE, circuit_breaker=breaker)
    assert isinstance(value, Unavailable)
    assert sent.requests == []


def test_a_refused_credential_is_renewed_once() -> None:
    call, of, sent = state(), request(Retry.NEVER), Later(Response(401, (), b"{}", ""))
    call.send = sent
    refused = Unauthorized("expired")
    assert finish(with_new_credential(refused, of, call))[0] is refused, "without a renewal"
    renewed, call.connection.renewal = call.connection, object()  # type: ignore[assignment]
    value, actions = finish(with_new_credential(refused, of, call), {Renew: lambda _: renewed})
    assert value is refused, "the renewal gave the same credential"
    assert [type(action) for action in actions] == [Renew]
    other = state().connection
    value, _ = finish(with_new_credential(refused, of, call), {Renew: lambda _: other})
    assert isinstance(value, Unauthorized)
    assert value is not refused
    assert len(sent.requests) == 1, "a second refusal does not come from the age of the credential"
    assert call.connection is other


def test_pauses_between_failures_of_one_call_grow() -> None:
    settings = state().settings
    assert growing(1, settings) == 0
    assert growing(2, settings) == settings.backoff * 2
    assert growing(50, settings) == settings.longest_backoff
