"""The policy enforcer: the content and time of policy requests; only an explicit allow lets a call through."""

from __future__ import annotations

import asyncio
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec
import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.policies import NOW, Engine, MemoryApprovals, MemoryAuditLog, ThreadedEngine
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import AsyncClient, Client, PolicyEnforcer, acting, basic, configure, using
from unified_runtime.core.approval_required import ApprovalRequired
from unified_runtime.core.errors import Denied, Unavailable, Unconfirmed
from unified_runtime.core.policy_decisions import Decision, Outcome, PolicyRequest, allow, deny, needs_approval
from unified_runtime.execution.prepared import PreparedCall
from unified_runtime.policy.approvals import ApprovalSubject

CREATED = Reply.of({"key": "P-1"}, 201)


@pytest.fixture(params=["sync", "async"])
def governed(request: pytest.FixtureRequest, server: Loopback) -> Caller:
    caller = Caller("default", request.param)
    caller.connect(server.url)
    return caller


def on_record(allows: Callable[[Any], bool]) -> Callable[[PolicyRequest], Decision]:
    """Policy about records."""

    def rule(question: PolicyRequest) -> Decision:
        if question.record is None:
            return allow(on_record=question.operation != "create")
        return allow() if allows(question.record) else deny("not one of yours")

    return rule


# ------------------------------------------------------------------------------------------------ content and time of policy requests
def test_a_policy_is_evaluated_on_the_arguments_and_before_each_request(governed: Caller, server: Loopback) -> None:
    engine = Engine(lambda question: allow(extra=("acme.fields.points",)))
    governed.enforcer = PolicyEnforcer(engine, clock=lambda: NOW)
    server.answers(CREATED, Reply.of(ISSUE))
    with acting(agent="helper", on_behalf_of="alice"):
        governed.run(tasks.create, title="x", project_id="P", due_date="2026-12-01", labels=None, extra={"acme": {"fields": {"points": 3}}})
    assert engine.phases == ["arguments", "request", "request"]
    first = engine.called[0]
    assert (first.agent, first.user, first.on_behalf_of, first.name, first.effect) == ("helper", None, "alice", "tasks.create", "write")
    assert (first.vendor, first.host, first.time) == ("acme", server.url.removeprefix("http://"), NOW)
    assert first.input == {"title": "x", "project_id": "P", "due_date": date(2026, 12, 1)}
    assert first.cleared == ("labels",)
    assert first.extra == {"fields": {"points": 3}}
    requests = [question.request for question in engine.called[1:]]
    assert [(r.method, r.path, r.endpoint) for r in requests if r is not None] == [
        ("POST", "/rest/issue", "createIssue"),
        ("GET", "/rest/issue/P-1", "getIssue"),
    ]
    assert requests[0] is not None
    assert requests[0].body["fields"]["summary"] == "x"


class ByArguments(Engine):
    """Policy engine that declares that neither requests nor the time change its decisions."""

    by_arguments = True


def test_an_engine_that_looks_at_arguments_only_is_evaluated_once(governed: Caller, server: Loopback) -> None:
    engine, audit_log = ByArguments(lambda question: allow(policies=("mine",))), MemoryAuditLog()
    governed.enforcer = PolicyEnforcer(engine, audit=audit_log)
    server.answers(CREATED, Reply.of(ISSUE))
    governed.run(tasks.create, title="x", project_id="P")
    assert engine.phases == ["arguments"]
    assert audit_log.outcomes == [("arguments", "allow"), ("request", "allow"), ("request", "allow"), ("call", "done")]
    assert [entry["request"]["method"] for entry in audit_log.entries[1:3]] == ["POST", "GET"]
    assert [entry["policies"] for entry in audit_log.entries[:3]] == [["mine"]] * 3


def test_it_is_evaluated_again_where_the_record_decides(governed: Caller, server: Loopback) -> None:
    engine = ByArguments(on_record(lambda record: record["title"] == ISSUE["fields"]["summary"]))
    governed.enforcer = PolicyEnforcer(engine)
    server.answers(Reply.of(ISSUE))
    governed.run(tasks.get, "P-1")
    assert engine.phases == ["arguments", "request", "record"]


def test_it_is_evaluated_again_for_a_caller_with_narrower_rights(governed: Caller, server: Loopback) -> None:
    """The permissions of a caller can depend on requests, for any attributes that the engine reads."""
    governed.enforcer = PolicyEnforcer(ByArguments()).narrowed(lambda question: "no requests" if question.phase == "request" else None, {})
    with pytest.raises(Denied, match="no requests"):
        governed.run(tasks.get, "P-1")
    assert server.seen == []


def test_another_engine_that_came_meanwhile_is_evaluated(governed: Caller, server: Loopback) -> None:
    def replaced(question: PolicyRequest) -> Decision:
        assert governed.enforcer is not None
        governed.enforcer.engine = Engine(lambda question: deny("revoked"))
        return allow()

    governed.enforcer = PolicyEnforcer(ByArguments(replaced))
    with pytest.raises(Denied, match="revoked"):
        governed.run(tasks.get, "P-1")
    assert server.seen == []


def test_a_denied_call_sends_nothing(governed: Caller, server: Loopback) -> None:
    governed.enforcer = PolicyEnforcer(Engine(lambda question: deny("deletes are not for agents", policies=("no-delete",))))
    with pytest.raises(Denied, match=r"tasks.delete on acme: a policy forbids this: deletes are not for agents") as caught:
        governed.run(tasks.delete, "P-1")
    assert server.seen == []
    assert (caught.value.reasons, caught.value.policies) == (("deletes are not for agents",), ("no-delete",))


def test_a_denied_list_sends_nothing(governed: Caller, server: Loopback) -> None:
    governed.enforcer = PolicyEnforcer(Engine(lambda question: deny()))
    with pytest.raises(Denied, match="no rule allows it"):
        governed.list(tasks.list, project_id="P")
    assert server.seen == []


def test_a_later_request_can_be_denied_and_what_was_done_is_reported(governed: Caller, server: Loopback) -> None:
    governed.enforcer = PolicyEnforcer(
        Engine(lambda question: deny("no reading") if question.request and question.request.method == "GET" else allow())
    )
    server.answers(CREATED)
    with pytest.raises(Denied, match="already been executed") as caught:
        governed.run(tasks.create, title="x", project_id="P")
    assert server.targets == ["POST /rest/issue"]
    assert len(caught.value.done) == 1


def test_each_attempt_is_evaluated(governed: Caller, server: Loopback) -> None:
    engine = Engine()
    governed.enforcer = PolicyEnforcer(engine)
    server.answers(Reply(503), Reply.of(ISSUE))
    governed.run(tasks.get, "P-1")
    assert engine.phases == ["arguments", "request", "request"]


def test_a_redirect_is_evaluated(governed: Caller, server: Loopback) -> None:
    engine = Engine(lambda question: deny("elsewhere") if question.request and question.request.path == "/other" else allow())
    governed.enforcer = PolicyEnforcer(engine)
    server.answers(Reply(302, headers={"Location": "/other"}), Reply.of(ISSUE))
    with pytest.raises(Denied, match="elsewhere"):
        governed.run(tasks.get, "P-1")
    assert server.targets == ["GET /rest/issue/P-1?fields=summary,status"]


def test_each_page_is_evaluated(governed: Caller, server: Loopback) -> None:
    engine = Engine()
    governed.enforcer = PolicyEnforcer(engine)
    server.answers(Reply.of({"issues": [ISSUE], "next": "2"}), Reply.of({"issues": [ISSUE | {"key": "P-2"}]}))
    governed.list(tasks.list)
    assert engine.phases == ["arguments", "request", "arguments", "request"]


def test_the_policy_enforcer_of_the_process_holds_for_clients_without_one(server: Loopback) -> None:
    configure(policy=PolicyEnforcer(Engine(lambda question: deny("house rule"))))
    try:
        client = Client(settings=QUICK)
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        with using(client), pytest.raises(Denied, match="house rule"):
            tasks.get("P-1")
    finally:
        configure(policy=None)
    assert server.seen == []


# ------------------------------------------------------------------------------------------------ every fault denies
class Truthy:
    outcome = Outcome.ALLOW
    reasons: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    on_record = False

    def __bool__(self) -> bool:
        return True


class Panic(BaseException):
    """As engines written in other languages raise it: not an Exception."""


class Sub(Decision):
    pass


def raising(error: BaseException) -> Callable[[PolicyRequest], Any]:
    def rule(question: PolicyRequest) -> Any:
        raise error

    return rule


FAULTS: dict[str, Callable[[PolicyRequest], Any]] = {
    "an exception": raising(RuntimeError("engine")),
    "a panic that is no Exception": raising(Panic("engine")),
    "a late error of its own": raising(TimeoutError("engine")),
    "stop iteration": raising(StopIteration(allow())),
    "true": lambda question: True,
    "one": lambda question: 1,
    "a text that says allow": lambda question: "allow",
    "the outcome alone": lambda question: Outcome.ALLOW,
    "a look-alike": lambda question: Truthy(),
    "a subclass": lambda question: Sub(Outcome.ALLOW),
    "nothing": lambda question: None,
    "a decision with an outcome of text": lambda question: Decision("allow"),  # type: ignore[arg-type]
    "a decision with a true outcome": lambda question: Decision(True),  # type: ignore[arg-type]
    "a truthy on_record": lambda question: Decision(Outcome.ALLOW, on_record=0),  # type: ignore[arg-type]
    "reasons that are no texts": lambda question: Decision(Outcome.ALLOW, reasons=(1,)),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.parametrize("kind", [Engine, ThreadedEngine])
@pytest.mark.parametrize("phase", ["arguments", "request", "record"])
def test_every_fault_denies(
    governed: Caller, server: Loopback, fault: Callable[[PolicyRequest], Any], kind: type[Engine], phase: str
) -> None:
    def rule(question: PolicyRequest) -> Any:
        return fault(question) if question.phase == phase else allow(on_record=question.record is None)

    governed.enforcer = PolicyEnforcer(kind(rule))
    server.answers(Reply.of(ISSUE))
    with pytest.raises(Denied):
        governed.run(tasks.delete, "P-1")
    # The record is read for it; nothing is deleted in any case.
    assert server.targets == (["GET /rest/issue/P-1?fields=summary,status"] if phase == "record" else [])


@pytest.mark.parametrize("decision", [[], None, True, "allow", [allow(), allow()], {"0": allow()}, iter([allow()])])
def test_a_wrong_number_of_decisions_denies(governed: Caller, server: Loopback, decision: Any) -> None:
    engine = Engine()
    engine.decide = lambda questions: decision  # type: ignore[method-assign]
    governed.enforcer = PolicyEnforcer(engine)
    with pytest.raises(Denied, match="one decision for each question"):
        governed.run(tasks.get, "P-1")
    assert server.seen == []


def test_an_engine_that_hangs_is_left_behind(governed: Caller, server: Loopback) -> None:
    release = threading.Event()

    def rule(question: PolicyRequest) -> Decision:
        release.wait(60)
        return allow()

    governed.enforcer = PolicyEnforcer(ThreadedEngine(rule), timeout=0.1)
    try:
        with pytest.raises(Denied, match="in time"):
            governed.run(tasks.get, "P-1")
    finally:
        release.set()
    assert server.seen == []


def test_a_late_yes_is_a_no(governed: Caller, server: Loopback) -> None:
    def rule(question: PolicyRequest) -> Decision:
        time.sleep(0.05)
        return allow()

    governed.enforcer = PolicyEnforcer(Engine(rule), timeout=0.01)
    with pytest.raises(Denied, match="in time"):
        governed.run(tasks.get, "P-1")
    assert server.seen == []


def test_an_engine_that_waits_does_not_stop_the_event_loop(server: Loopback) -> None:
    caller = Caller("default", "async")
    caller.connect(server.url)
    caller.enforcer = PolicyEnforcer(ThreadedEngine(lambda question: time.sleep(0.15) or allow()), timeout=2)
    server.answers(Reply.of(ISSUE))
    ticks: list[float] = []

    async def call() -> None:
        async def tick() -> None:
            while True:
                ticks.append(time.monotonic())
                await asyncio.sleep(0.01)

        ticking = asyncio.create_task(tick())
        try:
            from unified_runtime import AsyncClient

            async with AsyncClient(settings=QUICK, connections=caller.connections, policy=caller.enforcer) as client, using(client):
                await tasks.get.asynchronous("P-1")
                await client.aclose()
        finally:
            ticking.cancel()

    asyncio.run(call())
    assert len(ticks) >= 10


def test_invalid_engines_are_rejected_early() -> None:
    with pytest.raises(TypeError, match="decide"):
        PolicyEnforcer(object())  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------ tools that are shown
@pytest.mark.parametrize(("knows", "shown"), [(True, True), (False, False), (1, False), (None, False), (RuntimeError("x"), False)])
def test_only_a_plain_yes_shows_an_operation(knows: Any, shown: bool) -> None:
    class Knowing(Engine):
        def may_call(self, agent: str | None, operation: str, vendor: str) -> Any:
            if isinstance(knows, Exception):
                raise knows
            return knows

    assert PolicyEnforcer(Knowing()).may_call("helper", "tasks.get", "acme") is shown
    assert (
        PolicyEnforcer(Engine()).may_call("helper", "tasks.get", "acme") is True
    )  # it cannot decide in advance: tools that are shown are checked when called


# ------------------------------------------------------------------------------------------------ records
def test_a_list_is_filtered_in_one_batch(governed: Caller, server: Loopback) -> None:
    engine = Engine(on_record(lambda record: record["id"] in {"P-1", "P-3"}))
    governed.enforcer = PolicyEnforcer(engine)
    server.answers(Reply.of({"issues": [{"key": f"P-{n}"} for n in range(1, 5)]}))
    assert [task.id for task in governed.list(tasks.list)] == ["P-1", "P-3"]
    assert engine.batches == [1, 1, 4]


def test_filtered_records_are_unreachable_from_the_results(governed: Caller, server: Loopback) -> None:
    """The records of a page share the vendor's response."""
    governed.enforcer = PolicyEnforcer(Engine(on_record(lambda record: record["id"] == "P-1")))
    mine = b'{"key": "P-1", "fields": {"summary": "mine", "points": 1.10, "many": 12345678901234567890}}'
    server.answers(Reply(200, b'{"issues": [%b, {"key": "P-2", "fields": {"summary": "a secret of others"}}]}' % mine))
    (found,) = governed.list(tasks.list)
    raw = found.__pydantic_private__["raw"]
    assert b"secret" not in raw.body
    assert raw.response is None or b"secret" not in raw.response.body
    assert b"secret" not in pickle.dumps(found)
    assert found.raw == {"key": "P-1", "fields": {"summary": "mine", "points": 1.1, "many": 12345678901234567890}}
    assert str(raw.exact["fields"]["points"]) == "1.10"


def test_paging_goes_on_behind_a_page_of_which_nothing_is_left(governed: Caller, server: Loopback) -> None:
    governed.enforcer = PolicyEnforcer(Engine(on_record(lambda record: record["id"] == "P-2")))
    server.answers(Reply.of({"issues": [{"key": "P-1"}], "next": "2"}), Reply.of({"issues": [{"key": "P-2"}]}))
    assert [task.id for task in governed.list(tasks.list)] == ["P-2"]


def test_a_record_is_not_returned_if_the_policy_denies(governed: Caller, server: Loopback) -> None:
    governed.enforcer = PolicyEnforcer(Engine(on_record(lambda record: record["title"] == "mine")))
    server.answers(Reply.of(ISSUE), Reply.of({"key": "P-2", "fields": {"summary": "mine"}}))
    with pytest.raises(Denied, match="not one of yours"):
        governed.run(tasks.get, "P-1")
    assert governed.run(tasks.get, "P-2").title == "mine"


@pytest.mark.parametrize("operation", [tasks.update, tasks.delete], ids=["update", "delete"])
def test_the_record_is_read_before_it_is_changed(governed: Caller, server: Loopback, operation: Any) -> None:
    engine = Engine(on_record(lambda record: record["title"] == "mine"))
    governed.enforcer = PolicyEnforcer(engine)
    more = {"title": "new"} if operation is tasks.update else {}
    theirs, mine = {"key": "P-1", "fields": {"summary": "theirs"}}, {"key": "P-1", "fields": {"summary": "mine"}}
    server.answers(Reply.of(theirs))
    with pytest.raises(Denied, match="not one of yours"):
        governed.run(operation, "P-1", **more)
    assert server.targets == ["GET /rest/issue/P-1?fields=summary,status"]
    server.answers(Reply.of(mine), Reply(204), Reply.of(mine))
    governed.run(operation, "P-1", **more)
    assert [seen.split()[0] for seen in server.targets[1:]] == (["GET", "PUT", "GET"] if more else ["GET", "DELETE"])
    assert engine.called[-1].record == {"id": "P-1", "title": "mine", "status": None, "status_label": None}


def test_the_read_before_is_evaluated_too(governed: Caller, server: Loopback) -> None:
    engine = Engine(on_record(lambda record: True))
    governed.enforcer = PolicyEnforcer(engine)
    server.answers(Reply.of(ISSUE), Reply(204))
    governed.run(tasks.delete, "P-1")
    assert engine.phases == ["arguments", "request", "record", "request"]


def test_a_record_that_cannot_be_read_before_denies(governed: Caller, server: Loopback) -> None:
    governed.enforcer = PolicyEnforcer(Engine(lambda question: allow(on_record=True)))
    with pytest.raises(Denied, match="there is none that could be read before"):
        governed.run(tasks.create, title="x", project_id="P")
    assert server.seen == []


def test_a_record_rule_that_appears_between_the_requests_denies(governed: Caller, server: Loopback) -> None:
    governed.enforcer = PolicyEnforcer(Engine(lambda question: allow(on_record=question.phase == "request")))
    with pytest.raises(Denied, match="cannot be shown"):
        governed.run(tasks.delete, "P-1")
    assert server.seen == []


# ------------------------------------------------------------------------------------------------ plans
@pytest.fixture
def client(server: Loopback) -> Iterator[Client]:
    with Client(settings=QUICK) as made, using(made):
        made.connect(VENDOR, basic("me", "password"), server=server.url)
        yield made


def test_a_plan_shows_the_read_before(server: Loopback) -> None:
    with Client(policy=PolicyEnforcer(Engine(on_record(lambda record: True)))) as client, using(client):
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        plan = tasks.delete.plan("P-1")
    assert [(r.method, r.purpose) for r in plan.requests] == [("GET", "to show the record to the policy"), ("DELETE", "")]
    assert "to show the record to the policy" in str(plan)
    assert plan.to_dict()["notes"] == ["the policy decides once the record was read"]
    assert server.seen == []


def test_a_plan_shows_the_policys_decision(server: Loopback) -> None:
    def rule(question: PolicyRequest) -> Decision:
        return {"delete": needs_approval("ask first"), "get": allow(on_record=True), "create": deny("no")}.get(question.operation, allow())

    with Client(policy=PolicyEnforcer(Engine(rule))) as client, using(client):
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        assert tasks.delete.plan("P-1").notes == ("a person has to approve this: ask first",)
        assert "only what it allows is given back" in tasks.get.plan("P-1").notes[0]
        assert tasks.update.plan("P-1", title="x").notes == ()
        with pytest.raises(Denied, match=r"tasks\.create on acme"):
            tasks.create.plan(title="x", project_id="P")
    assert server.seen == []


# ------------------------------------------------------------------------------------------------ approvals
def test_a_call_that_was_approved_succeeds_once(governed: Caller, server: Loopback) -> None:
    stored = MemoryApprovals()
    governed.enforcer = PolicyEnforcer(
        Engine(lambda q: allow() if q.approved else needs_approval("deleting is for good")), approvals=stored
    )
    with acting(agent="helper"):
        with pytest.raises(
            ApprovalRequired, match=r"for good\. tasks\.delete with id = .P-1., via acme at .* \(approval a1, until 2026-11-25T13:00"
        ) as caught:
            governed.run(tasks.delete, "P-1")
        assert caught.value.approval == "a1"
        assert caught.value.plan is not None
        assert [r.method for r in caught.value.plan.requests] == ["DELETE"]
        assert "password" not in str(caught.value.plan.to_dict())
        stored.approve("a1")
        server.answers(Reply(204))
        governed.run(tasks.delete, "P-1")
        assert stored.spent == ["a1"]
        with pytest.raises(ApprovalRequired):
            governed.run(tasks.delete, "P-1")
    assert server.targets == ["DELETE /rest/issue/P-1"]


def test_an_approval_holds_for_these_arguments_only(governed: Caller, server: Loopback) -> None:
    stored = MemoryApprovals()
    governed.enforcer = PolicyEnforcer(Engine(lambda q: allow() if q.approved else needs_approval()), approvals=stored)
    with acting(agent="helper"):
        with pytest.raises(ApprovalRequired):
            governed.run(tasks.create, title="x", project_id="P")
        stored.approve("a1")
        for arguments in (
            {"title": "y", "project_id": "P"},
            {"title": "x", "project_id": "P", "labels": None},
            {"title": "x", "project_id": "Q"},
        ):
            with pytest.raises(ApprovalRequired):
                governed.run(tasks.create, **arguments)
    with acting(agent="other"), pytest.raises(ApprovalRequired):
        governed.run(tasks.create, title="x", project_id="P")
    with acting(agent="helper", on_behalf_of="bob"), pytest.raises(ApprovalRequired):
        governed.run(tasks.create, title="x", project_id="P")
    assert server.seen == []


def test_an_approval_of_a_list_covers_its_pages_and_no_second_reading(governed: Caller, server: Loopback) -> None:
    stored = MemoryApprovals()
    with (
        Client(
            settings=QUICK, policy=PolicyEnforcer(Engine(lambda q: allow() if q.approved else needs_approval()), approvals=stored)
        ) as client,
        using(client),
    ):
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        pages = tasks.list()
        with pytest.raises(ApprovalRequired):
            list(pages)
        stored.approve("a1")
        server.answers(Reply.of({"issues": [ISSUE], "next": "2"}), Reply.of({"issues": [ISSUE | {"key": "P-2"}]}))
        assert len([*pages]) == 2
        with pytest.raises(ApprovalRequired):
            list(pages)


def test_an_approval_that_the_policy_does_not_heed_denies(governed: Caller, server: Loopback) -> None:
    stored = MemoryApprovals()
    governed.enforcer = PolicyEnforcer(Engine(lambda q: needs_approval()), approvals=stored)
    with pytest.raises(ApprovalRequired):
        governed.run(tasks.delete, "P-1")
    stored.approve("a1")
    with pytest.raises(Denied):
        governed.run(tasks.delete, "P-1")
    assert server.seen == []


def test_without_a_keeper_of_approvals_a_call_that_needs_one_is_denied(governed: Caller, server: Loopback) -> None:
    governed.enforcer = PolicyEnforcer(Engine(lambda q: needs_approval("ask")))
    with pytest.raises(Denied, match="nothing keeps approvals here"):
        governed.run(tasks.delete, "P-1")


def test_approvals_that_cannot_be_read_deny(governed: Caller, server: Loopback) -> None:
    class Broken(MemoryApprovals):
        def redeem(self, subject: ApprovalSubject) -> str | None:
            raise OSError("disk")

    governed.enforcer = PolicyEnforcer(Engine(lambda q: needs_approval()), approvals=Broken())
    with pytest.raises(Denied, match="approvals cannot be read: OSError"):
        governed.run(tasks.delete, "P-1")
    assert server.seen == []


# ------------------------------------------------------------------------------------------------ the audit log
def test_every_decision_and_call_is_written_down(governed: Caller, server: Loopback) -> None:
    audit_log = MemoryAuditLog()
    governed.enforcer = PolicyEnforcer(Engine(), audit=audit_log, clock=lambda: NOW)
    server.answers(CREATED, Reply.of(ISSUE))
    with acting(agent="helper", on_behalf_of="alice"):
        governed.run(tasks.create, title="a secret plan", project_id="P")
    assert audit_log.outcomes == [("arguments", "allow"), ("request", "allow"), ("request", "allow"), ("call", "done")]
    assert len({entry["call"] for entry in audit_log.entries}) == 1
    assert {entry["agent"] for entry in audit_log.entries} == {"helper"}
    assert all(entry["delegation"] == {"sub": "alice", "act": {"sub": "helper"}} for entry in audit_log.entries)
    assert audit_log.entries[0]["fields"] == ["title", "project_id"]
    written = msgspec.json.encode(audit_log.entries).decode()
    assert "a secret plan" not in written
    assert "password" not in written


@pytest.mark.parametrize(
    ("who", "chain"),
    [
        ({}, None),
        ({"user": "alice"}, {"sub": "alice"}),
        ({"agent": "helper"}, {"sub": "helper"}),
        ({"user": "alice", "agent": "helper"}, {"sub": "alice", "act": {"sub": "helper"}}),
        # Carol makes the request, through an account stored under another name: it is attributed to her, with the account's name.
        ({"user": "desk", "on_behalf_of": "carol", "agent": "helper"}, {"sub": "carol", "act": {"sub": "helper"}}),
    ],
)
def test_user_and_agent_are_logged(server: Loopback, who: dict[str, str], chain: Any) -> None:
    audit_log = MemoryAuditLog()
    with Client(settings=QUICK, policy=PolicyEnforcer(Engine(), audit=audit_log)) as client, using(client):
        client.connect(VENDOR, basic("me", "password"), server=server.url, user=who.get("user"))
        server.answers(Reply.of(ISSUE))
        with acting(**who):
            tasks.get("P-1")
    assert [entry.get("delegation") for entry in audit_log.entries] == [chain] * 3
    assert {entry.get("user") for entry in audit_log.entries} == {who.get("user")}


def test_failures_are_logged(governed: Caller, server: Loopback) -> None:
    audit_log = MemoryAuditLog()
    governed.enforcer = PolicyEnforcer(Engine(lambda q: deny("no") if q.operation == "delete" else allow()), audit=audit_log)
    with pytest.raises(Denied):
        governed.run(tasks.delete, "P-1")
    server.answers(Reply(hang_up=True))
    with pytest.raises(Unconfirmed):
        governed.run(tasks.create, title="x", project_id="P")
    assert audit_log.outcomes == [
        ("arguments", "deny"),
        ("call", "Denied"),
        ("arguments", "allow"),
        ("request", "allow"),
        ("call", "Unconfirmed"),
    ]


def test_a_filter_is_written_down_with_its_numbers(governed: Caller, server: Loopback) -> None:
    audit_log = MemoryAuditLog()
    governed.enforcer = PolicyEnforcer(Engine(on_record(lambda record: record["id"] == "P-1")), audit=audit_log)
    server.answers(Reply.of({"issues": [{"key": "P-1"}, {"key": "P-2"}]}))
    governed.list(tasks.list)
    entry = next(entry for entry in audit_log.entries if entry.get("decision") == "filter")
    assert (entry["records"], entry["allowed"]) == (2, 1)


def test_nothing_is_sent_if_the_audit_log_fails(governed: Caller, server: Loopback) -> None:
    class Full(MemoryAuditLog):
        def append(self, entry: Any) -> None:
            raise OSError("no space left on device")

    governed.enforcer = PolicyEnforcer(Engine(), audit=Full())
    with pytest.raises(Denied, match="audit log cannot be written: OSError"):
        governed.run(tasks.get, "P-1")
    assert server.seen == []


def test_decision_on_arguments_is_logged_before_anything_is_sent(server: Loopback) -> None:
    """Together with the decision on the request: as one step if the audit log supports that, which is cheaper for its disk."""
    steps: list[tuple[int, int]] = []

    class Together(MemoryAuditLog):
        def extend(self, entries: Any) -> None:
            self.entries.extend(entries)
            steps.append((len(entries), len(server.seen)))

    audit_log = Together()
    with Client(settings=QUICK, policy=PolicyEnforcer(Engine(), audit=audit_log)) as client, using(client):
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        server.answers(CREATED, Reply.of(ISSUE))
        tasks.create(title="x", project_id="P")
    assert audit_log.outcomes == [("arguments", "allow"), ("request", "allow"), ("request", "allow"), ("call", "done")]
    assert steps == [(2, 0)]
    assert audit_log.entries[0]["time"] <= audit_log.entries[1]["time"]


def test_calls_that_send_nothing_are_logged_too(monkeypatch: pytest.MonkeyPatch, server: Loopback) -> None:
    def nothing(_: PreparedCall, __: str | None) -> Iterator[Any]:
        yield from ()
        return "found without asking"

    class Full(MemoryAuditLog):
        def append(self, entry: Any) -> None:
            raise OSError("no space left on device")

    monkeypatch.setattr(PreparedCall, "steps", nothing)
    for audit_log in (MemoryAuditLog(), Full()):
        with Client(settings=QUICK, policy=PolicyEnforcer(Engine(), audit=audit_log)) as client, using(client):
            client.connect(VENDOR, basic("me", "password"), server=server.url)
            if isinstance(audit_log, Full):
                with pytest.raises(Denied, match="audit log cannot be written: OSError"):
                    tasks.get("P-1")
            else:
                assert tasks.get("P-1") == "found without asking"  # type: ignore[comparison-overlap]
                assert audit_log.outcomes == [("arguments", "allow"), ("call", "done")]


def test_immediate_engine_is_called_in_the_callers_thread(server: Loopback) -> None:
    threads: list[str] = []

    class Immediate(Engine):
        immediate = True

        def decide(self, questions: Any) -> Any:
            threads.append(threading.current_thread().name)
            return super().decide(questions)

    async def called(engine: Engine) -> None:
        async with AsyncClient(settings=QUICK, policy=PolicyEnforcer(engine, audit=MemoryAuditLog())) as client, using(client):
            client.connect(VENDOR, basic("me", "password"), server=server.url)
            server.answers(Reply.of(ISSUE))
            await tasks.get.asynchronous("P-1")
            await client.aclose()

    asyncio.run(called(Immediate()))
    assert set(threads) == {"MainThread"}


def test_a_call_that_is_given_up_is_written_down(server: Loopback) -> None:
    audit_log = MemoryAuditLog()

    class Interrupting:
        def send(self, request: Any) -> Any:
            raise KeyboardInterrupt

        def close(self) -> None: ...

    client = Client(Interrupting(), policy=PolicyEnforcer(Engine(), audit=audit_log))
    client.connect(VENDOR, basic("me", "password"), server=server.url)
    with using(client), pytest.raises(KeyboardInterrupt):
        tasks.get("P-1")
    assert audit_log.outcomes[-1] == ("call", "abandoned")


# ------------------------------------------------------------------------------------------------ acting
def test_inside_an_agents_block_no_one_else_can_be_acted_as(server: Loopback) -> None:
    with acting(agent="helper", user="alice", on_behalf_of="carol"):
        for change in ({"agent": "admin"}, {"user": "bob"}, {"on_behalf_of": "root"}):
            with pytest.raises(Denied, match="cannot become"), acting(**change):
                raise AssertionError("entered")
        with acting(via="acme", agent="helper", user="alice"):
            pass
    with acting(user="alice"), acting(user="bob"):
        pass


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 201, " a", 3])
def test_a_name_that_could_forge_a_line_is_refused(name: Any) -> None:
    from unified_runtime import InvalidInput

    with pytest.raises(InvalidInput, match="agent must be a name"):
        acting(agent=name)


def test_policy_requests_are_built_only_with_a_policy(simple: Caller, server: Loopback) -> None:
    server.answers(Reply(500), Reply(500), Reply(500), Reply(500))
    with pytest.raises(Unavailable):
        simple.run(tasks.get, "P-1")
