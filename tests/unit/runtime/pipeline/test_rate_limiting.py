"""The rate limit stage, over a rate limiter that records how it is used."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.runtime.pipeline.stages import OK, Sent, finish, request, state, wire
from unified_runtime import RateLimited
from unified_runtime.core.responses import Response
from unified_runtime.execution.flows import RateLimitWait
from unified_runtime.execution.rate_limiting import NAP, limit_rate


class Queued:
    held = False


class Limiter:
    """A rate limiter that lets a request in after some waits."""

    blocks = False

    def __init__(self, *waits: float) -> None:
        self.waits = [*waits, 0.0]
        self.noted: list[Any] = []

    def entry(self, *_: Any) -> Any:
        return Queued()

    def enter(self, _: Any) -> float:
        return self.waits.pop(0)

    def ended(self, _: Any, limits: Any) -> None:
        self.noted.append(limits)

    def leave(self, _: Any) -> None:
        self.noted.append("left")


class Unlimited(Limiter):
    def entry(self, *_: Any) -> Any:
        return None


def test_a_request_waits_until_it_is_let_in() -> None:
    limiter = Limiter(1.0, 4.0)
    call, of, sent = state(rate_limiter=limiter), request(), Sent()
    value, waits = finish(limit_rate(sent, of, wire(of, call), call))
    assert value is OK
    assert waits == [1.0, NAP], "a long wait is cut, since those before it may leave"
    assert {type(wait) for wait in waits} == {RateLimitWait}
    assert limiter.noted == []
    assert isinstance(call.entry, Queued)


def test_limits_that_a_response_reports_are_learned() -> None:
    limiter = Limiter()
    call, of = state(rate_limiter=limiter), request()
    response = Response(200, ((b"x-ratelimit-limit", b"100"), (b"x-ratelimit-remaining", b"7")), b"{}", "")
    assert finish(limit_rate(Sent(response), of, wire(of, call), call))[0] is response
    assert [(found.limit, found.left) for found in limiter.noted] == [(100, 7)]


def test_a_wait_beyond_the_deadline_ends_the_call() -> None:
    limiter = Limiter(3600.0)
    call, of, sent = state(rate_limiter=limiter), request(), Sent()
    with pytest.raises(RateLimited) as refused:
        finish(limit_rate(sent, of, wire(of, call), call))
    assert refused.value.retry_after == 3600.0
    assert sent.requests == []
    assert limiter.noted == ["left"]


def test_the_queue_is_left_if_a_later_stage_refuses_the_request() -> None:
    limiter = Limiter()
    call, of = state(rate_limiter=limiter), request()
    with pytest.raises(ZeroDivisionError):
        finish(limit_rate(Sent(ZeroDivisionError()), of, wire(of, call), call))
    assert limiter.noted == ["left"]


@pytest.mark.parametrize("limiter", [None, Unlimited()], ids=["no limiter", "no limit"])
def test_without_a_limit_a_request_is_sent_at_once(limiter: Limiter | None) -> None:
    call, of = state(rate_limiter=limiter), request()
    assert finish(limit_rate(Sent(), of, wire(of, call), call)) == (OK, [])
