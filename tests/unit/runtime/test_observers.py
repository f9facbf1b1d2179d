"""Records that observers receive of calls; observers change nothing, and cost nothing if there are none."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.policies import Engine, MemoryApprovals, MemoryAuditLog
from tests.unit.runtime.server import Loopback, Reply, closed_port
from tests.unit.runtime.test_statuses import ISSUE
from tests.unit.runtime.test_token_refresh import SOON, UNAUTHORIZED, Tokens
from unified_runtime import AsyncClient, CallRecord, Client, Limit, PolicyEnforcer, acting, basic, configure, using
from unified_runtime.core import errors
from unified_runtime.core.approval_required import ApprovalRequired
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.observers import AttemptRecord, Begun, Sending, saga
from unified_runtime.core.policy_decisions import allow, deny, needs_approval
from unified_runtime.execution.observation import outcome_of
from unified_runtime.rate_limits.rate_limiter import MemoryRateLimiter
from unified_runtime.rate_limits.reservations import Reservation

CREATED = Reply.of({"key": "P-1"}, 201, X_Request_Id="made-1")
SECRET = "sentinel-4f7c1e9b2d-password"


class Recorder:
    """Save the records received."""

    def __init__(self) -> None:
        self.records: list[CallRecord] = []

    def ended(self, record: CallRecord) -> None:
        self.records.append(record)

    @property
    def only(self) -> CallRecord:
        (record,) = self.records
        return record


@pytest.fixture(params=["sync", "async"])
def watched(request: pytest.FixtureRequest, server: Loopback) -> Caller:
    made = Caller("default", request.param)
    made.connect(server.url, basic("me", SECRET))
    return made


def record_of(caller: Caller, *args: Any, fails: type[Exception] | None = None, list: bool = False, **inputs: Any) -> CallRecord:
    result = observed(caller, *args, fails=fails, list=list, **inputs)
    return result.only


def observed(caller: Caller, *args: Any, fails: type[Exception] | None = None, list: bool = False, **inputs: Any) -> Recorder:
    observer = Recorder()
    configure(observers=observer)
    try:
        make = caller.list if list else caller.run
        if fails is None:
            make(*args, **inputs)
        else:
            with pytest.raises(fails):
                make(*args, **inputs)
    finally:
        configure(observers=None)
    return observer


# ------------------------------------------------------------------------------------------------ one call
def test_a_call_is_reported_with_each_of_its_requests(watched: Caller, server: Loopback) -> None:
    server.answers(CREATED, Reply.of(ISSUE, X_Request_Id="read-2"))
    before = time.time()
    with acting(agent="helper", on_behalf_of="alice"):
        record = record_of(watched, tasks.create, title="Fix it", project_id="P")
    assert (record.tool, record.resource, record.effect, record.vendor, record.outcome) == ("tasks.create", "tasks", "write", "acme", "ok")
    assert (record.agent, record.user, record.on_behalf_of, record.through_broker, record.error) == ("helper", None, "alice", False, None)
    assert before <= record.started_at <= time.time()
    first, second = record.attempts
    assert (first.method, first.endpoint, first.operation, first.status, first.number) == ("POST", "/rest/issue", "createIssue", 201, 1)
    assert (second.method, second.endpoint, second.operation, second.status, second.number) == (
        "GET",
        "/rest/issue/{key}",
        "getIssue",
        200,
        1,
    )
    assert (first.bytes_sent, second.bytes_sent) == (len(server.seen[0].body), 0)
    assert (first.request_id, second.request_id, record.request_id) == ("made-1", "read-2", "read-2")
    assert first.bytes_received == len(CREATED.body)
    assert record.bytes_received == len(CREATED.body) + second.bytes_received
    assert {attempt.host for attempt in record.attempts} == {server.url.removeprefix("http://")}
    assert 0 < first.duration + second.duration <= record.duration < 5


def test_retries_are_reported_with_their_pauses(watched: Caller, server: Loopback) -> None:
    server.answers(Reply(503), Reply(hang_up=True), Reply.of(ISSUE))
    record = record_of(watched, tasks.get, "P-1")
    assert [(attempt.number, attempt.status, attempt.error) for attempt in record.attempts] == [
        (1, 503, None),
        (2, None, "no_response"),
        (3, 200, None),
    ]
    assert record.attempts[0].waited == 0
    assert sum(attempt.waited for attempt in record.attempts) == pytest.approx(record.retry_wait)
    assert record.outcome == "ok"
    assert record.rate_limit_wait == 0


def test_a_server_that_cannot_be_reached_is_reported(watched: Caller) -> None:
    watched.connect(f"http://127.0.0.1:{closed_port()}")
    record = record_of(watched, tasks.get, "P-1", fails=errors.Unavailable)
    assert record.outcome == "unavailable"
    assert [attempt.error for attempt in record.attempts] == ["not_sent"] * QUICK.attempts


def test_waiting_for_a_rate_limit_is_not_a_retry(watched: Caller, server: Loopback) -> None:
    class Slow(MemoryRateLimiter):
        def __init__(self) -> None:
            super().__init__()
            self.left = [0.02, 0.01]

        def enter(self, entry: Reservation) -> float:
            return self.left.pop() if self.left else 0.0

    watched.rate_limiter = Slow()
    watched.connect(server.url, vendor=replace(VENDOR, limits=(Limit("calls", 1, 1),)))
    server.answers(Reply.of(ISSUE))
    record = record_of(watched, tasks.get, "P-1")
    assert record.rate_limit_wait == pytest.approx(0.03)
    assert record.retry_wait == record.attempts[0].waited == 0


def test_a_renewal_is_reported(server: Loopback) -> None:
    source = Tokens(server.url, SOON, time.time() + SOON)
    client = Client(settings=QUICK)
    client.connections.add(source.connection())
    client.connections.get("acme", None)
    observer = Recorder()
    server.answers(UNAUTHORIZED, Reply.of(ISSUE))
    configure(observers=observer)
    try:
        with using(client):
            tasks.get("P-1")
    finally:
        configure(observers=None)
    record = observer.only
    assert record.refreshes >= 1
    assert record.failed_refreshes == 0
    assert [attempt.status for attempt in record.attempts] == [401, 200]


def test_a_renewal_that_fails_is_reported(server: Loopback) -> None:
    source = Tokens(server.url, time.time() + SOON, error=errors.NotConnected("the user must connect again"))
    client = Client(settings=QUICK, observers=(observer := Recorder()))
    client.connections.add(source.connection())
    server.answers(UNAUTHORIZED)
    with using(client), pytest.raises(errors.NotConnected):
        tasks.get("P-1")
    assert (observer.only.failed_refreshes, observer.only.refreshes, observer.only.outcome) == (1, 0, "not_connected")


# ------------------------------------------------------------------------------------------------ endings of a call
@pytest.mark.parametrize(
    ("status", "outcome", "error"),
    [(401, "unauthorized", errors.Unauthorized), (404, "not_found", errors.NotFound), (400, "rejected", errors.Rejected)],
)
def test_an_error_is_reported_by_its_name_in_the_tree(watched: Caller, server: Loopback, status: int, outcome: str, error: Any) -> None:
    server.answers(Reply.of({"errorMessages": [f"no\r\n{SECRET}\u2028x"]}, status))
    record = record_of(watched, tasks.get, "P-1", fails=error)
    assert (record.outcome, record.status) == (outcome, status)
    assert record.error is not None
    assert record.error.isprintable()
    assert SECRET not in repr(record)


def test_a_call_that_is_wrong_from_the_start_is_reported(watched: Caller) -> None:
    record = record_of(watched, tasks.get, "", fails=errors.InvalidInput)
    assert (record.outcome, record.attempts, record.vendor) == ("invalid_input", (), None)


def test_a_list_that_is_wrong_from_the_start_is_reported(watched: Caller) -> None:
    record = record_of(watched, tasks.list, via="nowhere", fails=errors.InvalidInput, list=True)
    assert (record.tool, record.outcome) == ("tasks.list", "invalid_input")


def test_a_caller_that_gives_up_is_reported(server: Loopback) -> None:
    observer = Recorder()
    server.answers(Reply(delay=5))

    async def left() -> None:
        client = AsyncClient(settings=QUICK, observers=observer)
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        async with using(client):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(tasks.get.asynchronous("P-1"), 0.2)
            await client.aclose()

    asyncio.run(left())
    assert observer.only.outcome == "abandoned"


def test_every_error_of_the_tree_has_a_name_and_finer_ones_go_by_it() -> None:
    class Beyond(errors.Denied):
        pass

    assert outcome_of(errors.RateLimited("x")) == "rate_limited"
    assert outcome_of(errors.VendorProtocolError("x")) == "vendor_protocol_error"
    assert outcome_of(Beyond("x")) == "denied"
    assert outcome_of(KeyError("x")) == "internal_error"
    assert outcome_of(KeyboardInterrupt()) == "abandoned"


# ------------------------------------------------------------------------------------------------ lists and policies
def test_each_page_of_a_list_is_a_call(watched: Caller, server: Loopback) -> None:
    server.answers(Reply.of({"issues": [ISSUE], "next": "2"}), Reply.of({"issues": [ISSUE | {"key": "P-2"}, ISSUE | {"key": "P-3"}]}))
    with acting(agent="helper"):
        result = observed(watched, tasks.list, list=True)
    assert [(record.tool, record.items, record.agent, len(record.attempts)) for record in result.records] == [
        ("tasks.list", 1, "helper", 1),
        ("tasks.list", 2, "helper", 1),
    ]
    assert len({record.call_id for record in result.records}) == 2


def test_policy_decisions_are_observed(watched: Caller, server: Loopback) -> None:
    audit_log = MemoryAuditLog()
    watched.enforcer = PolicyEnforcer(Engine(lambda question: allow()), audit=audit_log)
    server.answers(Reply.of(ISSUE))
    record = record_of(watched, tasks.get, "P-1")
    assert (record.decision, record.reasons) == ("allow", ())
    assert {entry["call"] for entry in audit_log.entries} == {record.call_id}


def test_a_denial_is_reported_with_its_reasons(watched: Caller, server: Loopback) -> None:
    watched.enforcer = PolicyEnforcer(Engine(lambda question: deny("no deleting")))
    record = record_of(watched, tasks.delete, "P-1", fails=errors.Denied)
    assert (record.decision, record.reasons, record.outcome, record.attempts) == ("deny", ("no deleting",), "denied", ())


def test_an_approval_is_reported_when_it_is_wanted_and_when_it_is_spent(watched: Caller, server: Loopback) -> None:
    stored = MemoryApprovals()
    watched.enforcer = PolicyEnforcer(
        Engine(lambda question: allow() if question.approved else needs_approval("ask first")), approvals=stored
    )
    record = record_of(watched, tasks.delete, "P-1", fails=ApprovalRequired)
    assert (record.decision, record.outcome, record.approval) == ("needs_approval", "approval_required", "a1")
    stored.approve("a1")
    server.answers(Reply(204))
    record = record_of(watched, tasks.delete, "P-1")
    assert (record.decision, record.outcome, record.approval) == ("allow", "ok", "a1")


def test_a_plan_is_not_a_call(simple: Caller) -> None:
    observer = Recorder()
    with using(Client(connections=simple.connections, observers=observer)):
        tasks.get.plan("P-1")
    assert observer.records == []


def test_the_saga_of_a_call_is_reported(watched: Caller, server: Loopback) -> None:
    server.answers(Reply.of(ISSUE))
    token = saga.set("s-1")
    try:
        assert record_of(watched, tasks.get, "P-1").saga == "s-1"
    finally:
        saga.reset(token)


# ------------------------------------------------------------------------------------------------ observers
def test_an_observer_that_raises_breaks_no_call_and_is_logged_once(server: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def begun(self, call: Begun) -> None:
            raise RuntimeError(SECRET)

        def ended(self, record: CallRecord) -> None:
            raise RuntimeError("no room")

    observer = Recorder()
    client = Client(settings=QUICK, observers=(Broken(), observer))
    client.connect(VENDOR, basic("me", "password"), server=server.url)
    server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
    with using(client), caplog.at_level(logging.ERROR):
        assert tasks.get("P-1").id == "P-1"
        assert tasks.get("P-1").id == "P-1"
    assert len(observer.records) == 2
    assert [record.name for record in caplog.records] == ["unified.observability"] * 2  # once for each of its two methods


def test_those_of_the_process_and_of_the_client_are_reported_once_each(server: Loopback) -> None:
    process, own = Recorder(), Recorder()
    client = Client(settings=QUICK, observers=[own, process])
    client.connect(VENDOR, basic("me", "password"), server=server.url)
    server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
    configure(observers=process)
    try:
        with using(client):
            tasks.get("P-1")
    finally:
        configure(observers=None)
    with using(client):
        tasks.get("P-1")
    assert (len(own.records), len(process.records)) == (2, 2)


@pytest.mark.parametrize("wrong", [object(), "told", [object()]])
def test_invalid_observers_are_rejected(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"an observer has a method ended"):
        Client(observers=wrong)


class Following(Recorder):
    """Follow calls, and send headers with their requests."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Begun] = []
        self.sent: list[Sending] = []
        self.answers: list[AttemptRecord] = []
        self.trace_id: str | None = "t" * 32
        self.span_id: str | None = "s" * 16

    def begun(self, call: Begun) -> Following:
        self.calls.append(call)
        return self

    def sending(self, request: Sending) -> dict[str, str]:
        self.sent.append(request)
        return {"traceparent": f"00-{self.trace_id}-{len(self.sent):016x}-01"}

    def attempt_ended(self, attempt: AttemptRecord) -> str:
        self.answers.append(attempt)
        return f"{len(self.sent):016x}"


def test_a_tracer_follows_a_call_and_sends_headers_with_its_requests(watched: Caller, server: Loopback) -> None:
    server.answers(CREATED, Reply(503), Reply.of(ISSUE))
    tracer = Following()
    configure(observers=tracer)
    try:
        watched.run(tasks.create, title="x", project_id="P")
    finally:
        configure(observers=None)
    record = tracer.records[-1]
    assert [call.call_id for call in tracer.calls] == [record.call_id]
    assert (record.trace_id, record.span_id) == ("t" * 32, "s" * 16)
    assert [(sending.operation, sending.number) for sending in tracer.sent] == [("createIssue", 1), ("getIssue", 1), ("getIssue", 2)]
    assert [attempt.span_id for attempt in record.attempts] == [f"{number:016x}" for number in (1, 2, 3)]
    assert [seen.headers["traceparent"] for seen in server.seen] == [f"00-{'t' * 32}-{number:016x}-01" for number in (1, 2, 3)]


def test_an_error_names_its_trace(watched: Caller, server: Loopback) -> None:
    server.answers(Reply(404))
    configure(observers=Following())
    try:
        with pytest.raises(errors.NotFound) as caught:
            watched.run(tasks.get, "P-1")
    finally:
        configure(observers=None)
    assert caught.value.trace_id == "t" * 32


def test_calls_of_many_threads_are_distinguished(server: Loopback) -> None:
    observer = Recorder()
    client = Client(settings=QUICK, observers=observer)
    client.connect(VENDOR, basic("me", "password"), server=server.url)
    server.answers(*[Reply.of(ISSUE)] * 40)

    def work(name: str) -> None:
        with using(client), acting(agent=name):
            for _ in range(10):
                tasks.get("P-1")

    threads = [threading.Thread(target=work, args=(f"agent-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(record.agent or "" for record in observer.records) == sorted(f"agent-{number}" for number in range(4) for _ in range(10))
    assert len({record.call_id for record in observer.records}) == 40


def test_calls_without_observers_import_nothing_for_them() -> None:
    code = (
        "import sys, unified\nfrom unified import tasks\nfrom unified_runtime import Client\n"
        "unified.connect('trello', unified.api_key(key='k', token='t'), server='http://127.0.0.1:1')\n"
        "try:\n    tasks.get('5f1a2b3c4d5e6f7a8b9c0d1e')\nexcept unified.Unavailable:\n    pass\n"
        "print([name for name in sys.modules if name.startswith('unified_runtime.observ')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_connections_are_named_where_they_have_a_name(server: Loopback) -> None:
    observer = Recorder()
    connections = Connections()
    client = Client(settings=QUICK, connections=connections, observers=observer)
    connection = client.connect(VENDOR, basic("me", "password"), server=server.url)
    connection.id = "c-17"
    server.answers(Reply.of(ISSUE))
    with using(client):
        tasks.get("P-1")
    assert observer.only.connection == observer.only.attempts[0].connection == "c-17"
