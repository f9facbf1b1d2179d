"""The circuit breaker stage."""

from __future__ import annotations

import pytest

from tests.unit.runtime.pipeline.stages import OK, Sent, finish, request, state, wire
from unified_runtime import Unavailable
from unified_runtime.core.errors import Done
from unified_runtime.core.raw import Document, Raw
from unified_runtime.execution.circuit_breaking import break_circuit
from unified_runtime.rate_limits.circuit_breaker import CircuitBreaker


def test_nothing_is_sent_while_the_circuit_is_open() -> None:
    call, of, sent = state(circuit_breaker=CircuitBreaker(2)), request(), Sent()
    assert call.circuit_breaker is not None
    for _ in range(2):
        assert finish(break_circuit(sent, of, wire(of, call), call)) == (OK, [])
        call.circuit_breaker.failed()
    with pytest.raises(Unavailable, match="has failed 2 times in a row") as refused:
        break_circuit(sent, of, wire(of, call), call)
    assert len(sent.requests) == 2
    assert refused.value.retry_safe
    assert refused.value.retry_after
    call.done = (Done("POST /tasks", 201, Raw(Document(b"{}", OK)), again=True),)
    with pytest.raises(Unavailable) as refused:
        break_circuit(sent, of, wire(of, call), call)
    assert not refused.value.retry_safe, "the call has executed a request that must not be repeated"


def test_without_a_circuit_breaker_every_request_is_sent() -> None:
    call, of, sent = state(), request(), Sent()
    assert finish(break_circuit(sent, of, wire(of, call), call)) == (OK, [])
