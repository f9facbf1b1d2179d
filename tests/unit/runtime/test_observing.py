"""What observers are told of calls; that they change nothing, and cost nothing where there is none."""

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
from tests.unit.runtime.policies import Engine, Kept, Trail
from tests.unit.runtime.server import Loopback, Reply, closed_port
from tests.unit.runtime.test_renewal import SOON, UNAUTHORIZED, Tokens
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import AsyncClient, CallRecord, Client, Guard, Limit, acting, basic, errors, observe
from unified_runtime.calling.observed import outcome_of
from unified_runtime.connections import Connections
from unified_runtime.control.policy import allow, deny, needs_approval
from unified_runtime.observing import AttemptRecord, Begun, Sending, saga
from unified_runtime.pacing.budgets import Entry, MemoryBudget

CREATED = Reply.of({"key": "P-1"}, 201, X_Request_Id="made-1")
SECRET = "sentinel-4f7c1e9b2d-password"


class Told:
    """Remembers what it was told."""

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


def told_of(caller: Caller, *args: Any, fails: type[Exception] | None = None, list: bool = False, **inputs: Any) -> CallRecord:
    told = observed(caller, *args, fails=fails, list=list, **inputs)
    return told.only


def observed(caller: Caller, *args: Any, fails: type[Exception] | None = None, list: bool = False, **inputs: Any) -> Told:
    told = Told()
    observe(told)
    try:
        make = caller.list if list else caller.run
        if fails is None:
            make(*args, **inputs)
        else:
            with pytest.raises(fails):
                make(*args, **inputs)
    finally:
        observe()
    return told


# ------------------------------------------------------------------------------------------------ one call
def test_a_call_is_told_with_each_of_its_requests(watched: Caller, server: Loopback) -> None:
    server.answers(CREATED, Reply.of(ISSUE, X_Request_Id="read-2"))
    before = time.time()
    with acting(agent="helper", on_behalf_of="alice"):
        record = told_of(watched, tasks.create, title="Fix it", project_id="P")
    assert (record.tool, record.resource, record.effect, record.vendor, record.outcome) == ("tasks.create", "tasks", "write", "acme", "ok")
    assert (record.agent, record.user, record.on_behalf_of, record.remote, record.error) == ("helper", None, "alice", False, None)
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


def test_retries_are_told_with_their_pauses(watched: Caller, server: Loopback) -> None:
    server.answers(Reply(503), Reply(hang_up=True), Reply.of(ISSUE))
    record = told_of(watched, tasks.get, "P-1")
    assert [(attempt.number, attempt.status, attempt.error) for attempt in record.attempts] == [
        (1, 503, None),
        (2, None, "no_answer"),
        (3, 200, None),
    ]
    assert record.attempts[0].waited == 0
    assert sum(attempt.waited for attempt in record.attempts) == pytest.approx(record.retry_wait)
    assert record.outcome == "ok"
    assert record.budget_wait == 0


def test_a_server_that_cannot_be_reached_is_told(watched: Caller) -> None:
    watched.connect(f"http://127.0.0.1:{closed_port()}")
    record = told_of(watched, tasks.get, "P-1", fails=errors.Unavailable)
    assert record.outcome == "unavailable"
    assert [attempt.error for attempt in record.attempts] == ["not_sent"] * QUICK.attempts


def test_the_wait_for_a_budget_is_no_retry(watched: Caller, server: Loopback) -> None:
    class Slow(MemoryBudget):
        def __init__(self) -> None:
            super().__init__()
            self.left = [0.02, 0.01]

        def enter(self, entry: Entry) -> float:
            return self.left.pop() if self.left else 0.0

    watched.budget = Slow()
    watched.connect(server.url, vendor=replace(VENDOR, limits=(Limit("calls", 1, 1),)))
    server.answers(Reply.of(ISSUE))
    record = told_of(watched, tasks.get, "P-1")
    assert record.budget_wait == pytest.approx(0.03)
    assert record.retry_wait == record.attempts[0].waited == 0


def test_a_renewal_is_told(server: Loopback) -> None:
    source = Tokens(server.url, SOON, time.time() + SOON)
    client = Client(settings=QUICK)
    client.connections.add(source.connection())
    client.connections.get("acme", None)
    told = Told()
    server.answers(UNAUTHORIZED, Reply.of(ISSUE))
    observe(told)
    try:
        with client:
            tasks.get("P-1")
    finally:
        observe()
    record = told.only
    assert record.refreshes >= 1
    assert record.failed_refreshes == 0
    assert [attempt.status for attempt in record.attempts] == [401, 200]


def test_a_renewal_that_fails_is_told(server: Loopback) -> None:
    source = Tokens(server.url, time.time() + SOON, error=errors.NotConnected("the user must connect again"))
    client = Client(settings=QUICK, observer=(told := Told()))
    client.connections.add(source.connection())
    server.answers(UNAUTHORIZED)
    with client, pytest.raises(errors.NotConnected):
        tasks.get("P-1")
    assert (told.only.failed_refreshes, told.only.refreshes, told.only.outcome) == (1, 0, "not_connected")


# ------------------------------------------------------------------------------------------------ how it ends
@pytest.mark.parametrize(
    ("status", "outcome", "error"),
    [(401, "unauthorized", errors.Unauthorized), (404, "not_found", errors.NotFound), (400, "rejected", errors.Rejected)],
)
def test_an_error_is_told_by_its_name_in_the_tree(watched: Caller, server: Loopback, status: int, outcome: str, error: Any) -> None:
    server.answers(Reply.of({"errorMessages": [f"no\r\n{SECRET}\u2028x"]}, status))
    record = told_of(watched, tasks.get, "P-1", fails=error)
    assert (record.outcome, record.status) == (outcome, status)
    assert record.error is not None
    assert record.error.isprintable()
    assert SECRET not in repr(record)


def test_a_call_that_is_wrong_from_the_start_is_told(watched: Caller) -> None:
    record = told_of(watched, tasks.get, "", fails=errors.InvalidInput)
    assert (record.outcome, record.attempts, record.vendor) == ("invalid_input", (), None)


def test_a_list_that_is_wrong_from_the_start_is_told(watched: Caller) -> None:
    record = told_of(watched, tasks.list, via="nowhere", fails=errors.InvalidInput, list=True)
    assert (record.tool, record.outcome) == ("tasks.list", "invalid_input")


def test_a_caller_that_gives_up_is_told(server: Loopback) -> None:
    told = Told()
    server.answers(Reply(delay=5))

    async def left() -> None:
        client = AsyncClient(settings=QUICK, observer=told)
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        async with client:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(tasks.get.asynchronous("P-1"), 0.2)
            await client.aclose()

    asyncio.run(left())
    assert told.only.outcome == "abandoned"


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
        told = observed(watched, tasks.list, list=True)
    assert [(record.tool, record.items, record.agent, len(record.attempts)) for record in told.records] == [
        ("tasks.list", 1, "helper", 1),
        ("tasks.list", 2, "helper", 1),
    ]
    assert len({record.call_id for record in told.records}) == 2


def test_what_the_policy_said_is_told(watched: Caller, server: Loopback) -> None:
    trail = Trail()
    watched.guard = Guard(Engine(lambda question: allow()), audit=trail)
    server.answers(Reply.of(ISSUE))
    record = told_of(watched, tasks.get, "P-1")
    assert (record.decision, record.reasons) == ("allow", ())
    assert {entry["call"] for entry in trail.entries} == {record.call_id}


def test_a_denial_is_told_with_its_reasons(watched: Caller, server: Loopback) -> None:
    watched.guard = Guard(Engine(lambda question: deny("no deleting")))
    record = told_of(watched, tasks.delete, "P-1", fails=errors.Denied)
    assert (record.decision, record.reasons, record.outcome, record.attempts) == ("deny", ("no deleting",), "denied", ())


def test_an_approval_is_told_when_it_is_wanted_and_when_it_is_spent(watched: Caller, server: Loopback) -> None:
    kept = Kept()
    watched.guard = Guard(Engine(lambda question: allow() if question.approved else needs_approval("ask first")), approvals=kept)
    record = told_of(watched, tasks.delete, "P-1", fails=errors.ApprovalRequired)
    assert (record.decision, record.outcome, record.approval) == ("needs_approval", "approval_required", "a1")
    kept.approve("a1")
    server.answers(Reply(204))
    record = told_of(watched, tasks.delete, "P-1")
    assert (record.decision, record.outcome, record.approval) == ("allow", "ok", "a1")


def test_a_plan_is_no_call(simple: Caller) -> None:
    told = Told()
    with Client(connections=simple.connections, observer=told):
        tasks.get.plan("P-1")
    assert told.records == []


def test_the_saga_of_a_call_is_told(watched: Caller, server: Loopback) -> None:
    server.answers(Reply.of(ISSUE))
    token = saga.set("s-1")
    try:
        assert told_of(watched, tasks.get, "P-1").saga == "s-1"
    finally:
        saga.reset(token)


# ------------------------------------------------------------------------------------------------ observers
def test_an_observer_that_raises_breaks_no_call_and_is_logged_once(server: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def begun(self, call: Begun) -> None:
            raise RuntimeError(SECRET)

        def ended(self, record: CallRecord) -> None:
            raise RuntimeError("no room")

    told = Told()
    client = Client(settings=QUICK, observer=(Broken(), told))
    client.connect(VENDOR, basic("me", "password"), server=server.url)
    server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
    with client, caplog.at_level(logging.ERROR):
        assert tasks.get("P-1").id == "P-1"
        assert tasks.get("P-1").id == "P-1"
    assert len(told.records) == 2
    assert [record.name for record in caplog.records] == ["unified.observing"] * 2  # once for each of its two methods


def test_those_of_the_process_and_of_the_client_are_told_once_each(server: Loopback) -> None:
    process, own = Told(), Told()
    client = Client(settings=QUICK, observer=[own, process])
    client.connect(VENDOR, basic("me", "password"), server=server.url)
    server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
    observe(process)
    try:
        with client:
            tasks.get("P-1")
    finally:
        observe()
    with client:
        tasks.get("P-1")
    assert (len(own.records), len(process.records)) == (2, 2)


@pytest.mark.parametrize("wrong", [object(), "told", [object()]])
def test_what_is_no_observer_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"an observer has a method ended"):
        Client(observer=wrong)


class Following(Told):
    """Follows calls, and sends headers with their requests."""

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

    def answered(self, attempt: AttemptRecord) -> str:
        self.answers.append(attempt)
        return f"{len(self.sent):016x}"


def test_a_tracer_follows_a_call_and_sends_headers_with_its_requests(watched: Caller, server: Loopback) -> None:
    server.answers(CREATED, Reply(503), Reply.of(ISSUE))
    tracer = Following()
    observe(tracer)
    try:
        watched.run(tasks.create, title="x", project_id="P")
    finally:
        observe()
    record = tracer.records[-1]
    assert [call.call_id for call in tracer.calls] == [record.call_id]
    assert (record.trace_id, record.span_id) == ("t" * 32, "s" * 16)
    assert [(sending.operation, sending.number) for sending in tracer.sent] == [("createIssue", 1), ("getIssue", 1), ("getIssue", 2)]
    assert [attempt.span_id for attempt in record.attempts] == [f"{number:016x}" for number in (1, 2, 3)]
    assert [seen.headers["traceparent"] for seen in server.seen] == [f"00-{'t' * 32}-{number:016x}-01" for number in (1, 2, 3)]


def test_an_error_names_its_trace(watched: Caller, server: Loopback) -> None:
    server.answers(Reply(404))
    observe(Following())
    try:
        with pytest.raises(errors.NotFound) as caught:
            watched.run(tasks.get, "P-1")
    finally:
        observe()
    assert caught.value.trace_id == "t" * 32


def test_calls_of_many_threads_are_told_apart(server: Loopback) -> None:
    told = Told()
    client = Client(settings=QUICK, observer=told)
    client.connect(VENDOR, basic("me", "password"), server=server.url)
    server.answers(*[Reply.of(ISSUE)] * 40)

    def work(name: str) -> None:
        with client, acting(agent=name):
            for _ in range(10):
                tasks.get("P-1")

    threads = [threading.Thread(target=work, args=(f"agent-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(record.agent or "" for record in told.records) == sorted(f"agent-{number}" for number in range(4) for _ in range(10))
    assert len({record.call_id for record in told.records}) == 40


def test_who_observes_nothing_loads_nothing_for_it() -> None:
    code = (
        "import sys, unified\nfrom unified import tasks\nfrom unified_runtime import Client\n"
        "unified.connect('trello', unified.api_key(key='k', token='t'), server='http://127.0.0.1:1')\n"
        "try:\n    tasks.get('5f1a2b3c4d5e6f7a8b9c0d1e')\nexcept unified.Unavailable:\n    pass\n"
        "print([name for name in sys.modules if name.startswith('unified_runtime.observ')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_connections_are_named_where_they_have_a_name(server: Loopback) -> None:
    told = Told()
    connections = Connections()
    client = Client(settings=QUICK, connections=connections, observer=told)
    connection = client.connect(VENDOR, basic("me", "password"), server=server.url)
    connection.id = "c-17"
    server.answers(Reply.of(ISSUE))
    with client:
        tasks.get("P-1")
    assert told.only.connection == told.only.attempts[0].connection == "c-17"
