"""Classification of an attempt: by status, failure and redirect."""

from __future__ import annotations

import pytest

from tests.unit.runtime.pipeline.stages import OK, Sent, finish, request, state, wire
from unified_runtime import Forbidden, NotFound, RateLimited, Unavailable, Unconfirmed, VendorProtocolError
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import TransportFailure
from unified_runtime.core.responses import Response
from unified_runtime.execution.classification import classified, unproven_write
from unified_runtime.execution.flows import ActionResult
from unified_runtime.rate_limits.circuit_breaker import CircuitBreaker


@pytest.mark.parametrize(
    ("outcome", "retry", "error"),
    [
        (Response(403, (), b"{}", ""), Retry.SAFE, Forbidden),
        (Response(404, (), b"{}", ""), Retry.SAFE, NotFound),
        (Response(429, (), b"{}", ""), Retry.NEVER, RateLimited),
        (Response(503, (), b"{}", ""), Retry.SAFE, Unavailable),
        (TransportFailure("refused", sent=False), Retry.NEVER, Unavailable),
        (TransportFailure("reset", sent=True), Retry.SAFE, Unavailable),
        (TransportFailure("reset", sent=True), Retry.NEVER, Unconfirmed),
    ],
    ids=lambda value: getattr(value, "name", None) or getattr(value, "__name__", None) or str(value),
)
def test_an_outcome_is_classified_by_what_the_caller_can_do(outcome: ActionResult, retry: Retry, error: type[Exception]) -> None:
    call, of = state(), request(retry)
    assert type(finish(classified(outcome, of, wire(of, call), call))[0]) is error


def test_the_circuit_breaker_counts_outages_only() -> None:
    breaker = CircuitBreaker(2)
    call, of = state(circuit_breaker=breaker), request()
    for status in (503, 404, 503, 502):
        finish(classified(Response(status, (), b"{}", ""), of, wire(of, call), call))
    assert breaker.failures == 2, "a response of a server that works ends the row"
    assert breaker.open


def test_a_redirect_on_the_same_server_runs_through_the_request_stages() -> None:
    call, of, sent = state(), request(), Sent()
    call.send = sent
    moved = Response(307, ((b"location", b"/tasks/2"),), b"", "")
    assert finish(classified(moved, of, wire(of, call), call))[0] is OK
    assert len(sent.requests) == 1
    assert call.redirected


@pytest.mark.parametrize("location", [b"https://elsewhere.test/tasks/1", b"//elsewhere.test/"])
def test_a_redirect_to_another_server_is_not_followed(location: bytes) -> None:
    call, of, sent = state(), request(), Sent()
    call.send = sent
    found, _ = finish(classified(Response(302, ((b"location", location),), b"", ""), of, wire(of, call), call))
    assert isinstance(found, VendorProtocolError)
    assert sent.requests == []


def test_redirects_in_circles_end() -> None:
    moved = Response(302, ((b"location", b"/tasks/1"),), b"", "")
    call, of, sent = state(), request(), Sent(moved)
    call.send = sent
    found, _ = finish(classified(moved, of, wire(of, call), call))
    assert "in circles" in str(found)
    assert len(sent.requests) == call.settings.redirects


@pytest.mark.parametrize(
    ("body", "expects", "error"),
    [(b"<html>", False, Unconfirmed), (b"", True, Unconfirmed), (b"", False, None), (b"{}", True, None)],
    ids=["page", "empty", "empty, and nothing expected", "body"],
)
def test_a_success_without_the_expected_body_proves_no_write(body: bytes, expects: bool, error: type[Exception] | None) -> None:
    call, of = state(), request(Retry.NEVER, expects=expects)
    found = unproven_write(of, Response(200, (), body, ""), call)
    assert (None if found is None else type(found)) is error
    assert call.lost == (() if error is None else ("POST /tasks/1",))
