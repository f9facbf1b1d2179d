"""Retries: requests that are sent again, and requests that never are."""

from __future__ import annotations

import email.utils
import threading
import time
from dataclasses import replace

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply, closed_port
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import Client, HTTPRequest, Response, Settings, TransportFailure, using
from unified_runtime.core import errors

CREATED = Reply.of({"key": "P-1"}, 201)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_read_is_repeated(caller: Caller, server: Loopback, status: int) -> None:
    server.answers(Reply(status), Reply(status), Reply.of(ISSUE))
    assert caller.run(tasks.get, "P-1").id == "P-1"
    assert len(server.seen) == 3


def test_a_read_is_given_up_after_so_many_attempts(caller: Caller, server: Loopback) -> None:
    server.answers(*[Reply(503)] * 9)
    with pytest.raises(errors.Unavailable) as caught:
        caller.run(tasks.get, "P-1")
    assert len(server.seen) == QUICK.attempts
    assert caught.value.retry_safe is True


def test_a_read_whose_response_is_lost_is_repeated(caller: Caller, server: Loopback) -> None:
    server.answers(Reply(hang_up=True), Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"), Reply.of(ISSUE))
    assert caller.run(tasks.get, "P-1").id == "P-1"
    assert len(server.seen) == 3


def test_an_idempotent_write_is_repeated(caller: Caller, server: Loopback) -> None:
    server.answers(Reply(hang_up=True), Reply(503), Reply(204))
    caller.run(tasks.delete, "P-1")
    assert len(server.seen) == 3


@pytest.mark.parametrize(
    "lost",
    [Reply(hang_up=True), Reply(raw=b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{"), Reply(raw=b"this is no HTTP\r\n\r\n")],
    ids=["no answer", "half an answer", "no HTTP"],
)
def test_a_plain_post_is_never_repeated_once_it_was_sent(caller: Caller, server: Loopback, lost: Reply) -> None:
    server.answers(lost, CREATED, Reply.of(ISSUE))
    with pytest.raises(errors.Unconfirmed) as caught:
        caller.run(tasks.create, title="x", project_id="P")
    assert len(server.seen) == 1
    assert caught.value.retry_safe is False
    assert "not known" in str(caught.value)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_plain_post_that_failed_is_not_repeated(caller: Caller, server: Loopback, status: int) -> None:
    server.answers(Reply(status), CREATED, Reply.of(ISSUE))
    with pytest.raises(errors.Unconfirmed, match="is not known") as caught:
        caller.run(tasks.create, title="x", project_id="P")
    assert len(server.seen) == 1
    assert caught.value.retry_safe is False


def test_a_plain_post_that_was_refused_unprocessed_is_repeated(caller: Caller, server: Loopback) -> None:
    server.answers(Reply(429), CREATED, Reply.of(ISSUE))
    assert caller.run(tasks.create, title="x", project_id="P").id == "P-1"
    assert server.targets == ["POST /rest/issue", "POST /rest/issue", "GET /rest/issue/P-1?fields=summary,status"]


def test_a_plain_post_is_repeated_when_no_connection_was_made(caller: Caller) -> None:
    port = closed_port()
    caller.connect(f"http://127.0.0.1:{port}")
    with pytest.raises(errors.Unavailable) as caught:
        caller.run(tasks.create, title="x", project_id="P")
    assert not isinstance(caught.value, errors.Unconfirmed)
    assert caught.value.retry_safe is True
    assert "was not sent" in str(caught.value)


def test_a_server_that_comes_up_meanwhile_gets_the_post(simple: Caller) -> None:
    refused = TransportFailure("connection refused", sent=False)
    responses = [Response(201, [], CREATED.body, ""), Response(200, [], Reply.of(ISSUE).body, "")]
    transport = Scripted(refused, refused, *responses)
    with using(Client(transport, settings=QUICK, connections=simple.connections)):
        assert tasks.create(title="x", project_id="P").id == "P-1"
    assert transport.outcomes == []


def test_a_failure_after_a_write_states_what_was_done(caller: Caller, server: Loopback) -> None:
    server.answers(CREATED, *[Reply(503)] * 9)
    with pytest.raises(errors.Unavailable) as caught:
        caller.run(tasks.create, title="x", project_id="P")
    error = caught.value
    assert error.retry_safe is False, "repeating the call would create the task twice"
    assert [(done.request, done.status, done.response.value) for done in error.done] == [("POST /rest/issue", 201, {"key": "P-1"})]
    assert "had already been executed" in str(error)


@pytest.mark.parametrize("text", ["1", "1.0", "date"])
def test_retry_after_is_waited_for_in_full(simple: Caller, server: Loopback, text: str) -> None:
    value = email.utils.formatdate(time.time() + 2, usegmt=True) if text == "date" else text
    server.answers(Reply(429, headers={"Retry-After": value}), Reply.of(ISSUE))
    start = time.monotonic()
    simple.run(tasks.get, "P-1")
    assert time.monotonic() - start >= 0.95


@pytest.mark.parametrize("text", ["soon", "-3", "nan", "inf", "", "Thu, 99 Foo"])
def test_a_senseless_retry_after_is_not_a_reason_to_wait(simple: Caller, server: Loopback, text: str) -> None:
    server.answers(Reply(429, headers={"Retry-After": text}), Reply.of(ISSUE))
    simple.ended = []
    assert simple.run(tasks.get, "P-1").id == "P-1"
    assert [call.retry_wait <= QUICK.longest_backoff for call in simple.ended] == [True]


def test_a_pause_beyond_the_deadline_is_not_taken(caller: Caller, server: Loopback) -> None:
    caller.settings = replace(QUICK, deadline=1)
    server.answers(Reply(429, headers={"Retry-After": "60"}))
    caller.ended = []
    with pytest.raises(errors.RateLimited) as caught:
        caller.run(tasks.get, "P-1")
    assert [call.retry_wait for call in caller.ended] == [0]
    assert caught.value.retry_after == 60
    assert len(server.seen) == 1


def test_the_deadline_bounds_all_attempts(simple: Caller, server: Loopback) -> None:
    simple.settings = Settings(deadline=0.3, attempts=1000, backoff=0.05, longest_backoff=0.05)
    server.answers(*[Reply(503)] * 1000)
    simple.ended = []
    with pytest.raises(errors.Unavailable):
        simple.run(tasks.get, "P-1")
    assert [0 < call.retry_wait <= 0.3 for call in simple.ended] == [True]
    assert 2 < len(server.seen) < 1000


def test_an_error_of_another_kind_ends_the_attempts(simple: Caller, server: Loopback) -> None:
    server.answers(Reply(503), Reply(404), Reply.of(ISSUE))
    with pytest.raises(errors.NotFound):
        simple.run(tasks.get, "P-1")
    assert len(server.seen) == 2


def test_retries_of_many_threads_do_not_mix(simple: Caller, server: Loopback) -> None:
    client = Client(settings=replace(QUICK, attempts=20), connections=simple.connections)
    server.answers(*[Reply(503), Reply.of(ISSUE)] * 8)
    got: list[str] = []

    def work() -> None:
        with using(client):
            got.append(tasks.get("P-1").id)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["P-1"] * 8
    assert len(server.seen) == 16
    client.close()


def test_a_response_that_drips_is_left_at_the_deadline(caller: Caller, server: Loopback) -> None:
    caller.settings = replace(QUICK, deadline=0.5)
    server.answers(Reply(200, b" " * 200, drip=0.05))
    with pytest.raises(errors.Unavailable, match="not complete by the deadline"):
        caller.run(tasks.get, "P-1")
    assert len(server.seen) == 1


@pytest.mark.parametrize("flavour", ["default", "httpx-transport"])
@pytest.mark.parametrize("mode", ["sync", "async"])
def test_no_wait_for_a_response_goes_beyond_the_deadline(server: Loopback, flavour: str, mode: str) -> None:
    caller = Caller(flavour, mode)
    caller.connect(server.url)
    caller.settings = replace(QUICK, deadline=0.3)
    server.answers(*[Reply(delay=1.5)] * 9)
    with pytest.raises(errors.Unavailable, match="ReadTimeout") as caught:
        caller.run(tasks.get, "P-1")
    assert caught.value.retry_safe is True


@pytest.mark.parametrize("flavour", ["default", "httpx2-transport", "httpx-transport"])  # a caller's own client uses its own timeouts
@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_read_timeout_of_a_post_is_unconfirmed(server: Loopback, flavour: str, mode: str) -> None:
    caller = Caller(flavour, mode)
    caller.connect(server.url)
    caller.settings = replace(QUICK, deadline=0.3)
    server.answers(Reply(delay=1.0))
    with pytest.raises(errors.Unconfirmed, match="ReadTimeout"):
        caller.run(tasks.create, title="x", project_id="P")


class Scripted:
    """Transport with the outcomes of a list."""

    def __init__(self, *outcomes: object) -> None:
        self.outcomes = list(outcomes)

    def send(self, request: HTTPRequest) -> Response:
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        assert isinstance(outcome, Response)
        return outcome

    def close(self) -> None: ...


def test_a_failure_that_cannot_pass_is_not_repeated(simple: Caller) -> None:
    bad = TransportFailure("certificate verify failed", sent=False, permanent=True)
    busy = Response(503, [], b"", "")
    for first in ([], [busy]):
        transport = Scripted(*first, bad, busy, busy)
        with (
            pytest.raises(errors.Unavailable, match="certificate"),
            using(Client(transport, settings=QUICK, connections=simple.connections)),
        ):
            tasks.get("P-1")
        assert transport.outcomes == [busy, busy]
