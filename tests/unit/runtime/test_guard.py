"""The guard: what a policy is asked, when, and that nothing but a plain yes lets a call through."""

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
from tests.unit.runtime.policies import NOW, Engine, Kept, Remote, Trail
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import AsyncClient, Client, Guard, acting, basic, protect
from unified_runtime.calling.prepared import Prepared
from unified_runtime.control.claims import Claim
from unified_runtime.control.policy import Decision, Outcome, Question, allow, deny, needs_approval
from unified_runtime.errors import ApprovalRequired, Denied, Unavailable, Unconfirmed

CREATED = Reply.of({"key": "P-1"}, 201)


@pytest.fixture(params=["sync", "async"])
def guarded(request: pytest.FixtureRequest, server: Loopback) -> Caller:
    caller = Caller("default", request.param)
    caller.connect(server.url)
    return caller


def on_record(allows: Callable[[Any], bool]) -> Callable[[Question], Decision]:
    """A rule about records."""

    def rule(question: Question) -> Decision:
        if question.record is None:
            return allow(on_record=question.operation != "create")
        return allow() if allows(question.record) else deny("not one of yours")

    return rule


# ------------------------------------------------------------------------------------------------ what is asked, and when
def test_a_policy_is_asked_on_the_arguments_and_before_each_request(guarded: Caller, server: Loopback) -> None:
    engine = Engine()
    guarded.guard = Guard(engine, clock=lambda: NOW)
    server.answers(CREATED, Reply.of(ISSUE))
    with acting(agent="helper", on_behalf_of="alice"):
        guarded.run(tasks.create, title="x", project_id="P", due_date="2026-12-01", labels=None, extra={"acme": {"fields": {"points": 3}}})
    assert engine.phases == ["arguments", "request", "request"]
    first = engine.asked[0]
    assert (first.agent, first.user, first.on_behalf_of, first.name, first.effect) == ("helper", None, "alice", "tasks.create", "write")
    assert (first.vendor, first.host, first.time) == ("acme", server.url.removeprefix("http://"), NOW)
    assert first.input == {"title": "x", "project_id": "P", "due_date": date(2026, 12, 1)}
    assert first.cleared == ("labels",)
    assert first.extra == {"fields": {"points": 3}}
    requests = [question.request for question in engine.asked[1:]]
    assert [(r.method, r.path, r.endpoint) for r in requests if r is not None] == [
        ("POST", "/rest/issue", "createIssue"),
        ("GET", "/rest/issue/P-1", "getIssue"),
    ]
    assert requests[0] is not None
    assert requests[0].body["fields"]["summary"] == "x"


class ByArguments(Engine):
    """Says of itself that neither requests nor the time change its answers."""

    by_arguments = True


def test_an_engine_that_looks_at_arguments_alone_is_asked_once(guarded: Caller, server: Loopback) -> None:
    engine, trail = ByArguments(lambda question: allow(policies=("mine",))), Trail()
    guarded.guard = Guard(engine, audit=trail)
    server.answers(CREATED, Reply.of(ISSUE))
    guarded.run(tasks.create, title="x", project_id="P")
    assert engine.phases == ["arguments"]
    assert trail.told == [("arguments", "allow"), ("request", "allow"), ("request", "allow"), ("call", "done")]
    assert [entry["request"]["method"] for entry in trail.entries[1:3]] == ["POST", "GET"]
    assert [entry["policies"] for entry in trail.entries[:3]] == [["mine"]] * 3


def test_it_is_asked_again_where_the_record_decides(guarded: Caller, server: Loopback) -> None:
    engine = ByArguments(on_record(lambda record: record["title"] == ISSUE["fields"]["summary"]))
    guarded.guard = Guard(engine)
    server.answers(Reply.of(ISSUE))
    guarded.run(tasks.get, "P-1")
    assert engine.phases == ["arguments", "request", "record"]


def test_it_is_asked_again_for_a_caller_with_narrower_rights(guarded: Caller, server: Loopback) -> None:
    """What a caller may do can be a matter of requests, whatever the engine looks at."""
    guarded.guard = Guard(ByArguments()).narrowed(lambda question: "no requests" if question.phase == "request" else None, {})
    with pytest.raises(Denied, match="no requests"):
        guarded.run(tasks.get, "P-1")
    assert server.seen == []


def test_another_engine_that_came_meanwhile_is_asked(guarded: Caller, server: Loopback) -> None:
    def replaced(question: Question) -> Decision:
        assert guarded.guard is not None
        guarded.guard.engine = Engine(lambda question: deny("revoked"))
        return allow()

    guarded.guard = Guard(ByArguments(replaced))
    with pytest.raises(Denied, match="revoked"):
        guarded.run(tasks.get, "P-1")
    assert server.seen == []


def test_a_denied_call_sends_nothing(guarded: Caller, server: Loopback) -> None:
    guarded.guard = Guard(Engine(lambda question: deny("deletes are not for agents", policies=("no-delete",))))
    with pytest.raises(Denied, match=r"tasks.delete on acme: a policy forbids this: deletes are not for agents") as caught:
        guarded.run(tasks.delete, "P-1")
    assert server.seen == []
    assert (caught.value.reasons, caught.value.policies) == (("deletes are not for agents",), ("no-delete",))


def test_a_denied_list_sends_nothing(guarded: Caller, server: Loopback) -> None:
    guarded.guard = Guard(Engine(lambda question: deny()))
    with pytest.raises(Denied, match="no rule allows it"):
        guarded.list(tasks.list, project_id="P")
    assert server.seen == []


def test_a_later_request_can_be_denied_and_what_was_done_is_told(guarded: Caller, server: Loopback) -> None:
    guarded.guard = Guard(Engine(lambda question: deny("no reading") if question.request and question.request.method == "GET" else allow()))
    server.answers(CREATED)
    with pytest.raises(Denied, match="already been carried out") as caught:
        guarded.run(tasks.create, title="x", project_id="P")
    assert server.targets == ["POST /rest/issue"]
    assert len(caught.value.done) == 1


def test_each_attempt_is_asked_about(guarded: Caller, server: Loopback) -> None:
    engine = Engine()
    guarded.guard = Guard(engine)
    server.answers(Reply(503), Reply.of(ISSUE))
    guarded.run(tasks.get, "P-1")
    assert engine.phases == ["arguments", "request", "request"]


def test_a_redirect_is_asked_about(guarded: Caller, server: Loopback) -> None:
    engine = Engine(lambda question: deny("elsewhere") if question.request and question.request.path == "/other" else allow())
    guarded.guard = Guard(engine)
    server.answers(Reply(302, headers={"Location": "/other"}), Reply.of(ISSUE))
    with pytest.raises(Denied, match="elsewhere"):
        guarded.run(tasks.get, "P-1")
    assert server.targets == ["GET /rest/issue/P-1?fields=summary,status"]


def test_each_page_is_asked_about(guarded: Caller, server: Loopback) -> None:
    engine = Engine()
    guarded.guard = Guard(engine)
    server.answers(Reply.of({"issues": [ISSUE], "next": "2"}), Reply.of({"issues": [ISSUE | {"key": "P-2"}]}))
    guarded.list(tasks.list)
    assert engine.phases == ["arguments", "request", "arguments", "request"]


def test_the_guard_of_the_process_holds_for_clients_without_one(server: Loopback) -> None:
    protect(Guard(Engine(lambda question: deny("house rule"))))
    try:
        client = Client(settings=QUICK)
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        with client, pytest.raises(Denied, match="house rule"):
            tasks.get("P-1")
    finally:
        protect(None)
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
    """As engines written in other languages raise it: no Exception."""


class Sub(Decision):
    pass


def raising(error: BaseException) -> Callable[[Question], Any]:
    def rule(question: Question) -> Any:
        raise error

    return rule


FAULTS: dict[str, Callable[[Question], Any]] = {
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
@pytest.mark.parametrize("kind", [Engine, Remote])
@pytest.mark.parametrize("phase", ["arguments", "request", "record"])
def test_every_fault_denies(guarded: Caller, server: Loopback, fault: Callable[[Question], Any], kind: type[Engine], phase: str) -> None:
    def rule(question: Question) -> Any:
        return fault(question) if question.phase == phase else allow(on_record=question.record is None)

    guarded.guard = Guard(kind(rule))
    server.answers(Reply.of(ISSUE))
    with pytest.raises(Denied):
        guarded.run(tasks.delete, "P-1")
    # For the record it is read; nothing is deleted whatever happens.
    assert server.targets == (["GET /rest/issue/P-1?fields=summary,status"] if phase == "record" else [])


@pytest.mark.parametrize("answer", [[], None, True, "allow", [allow(), allow()], {"0": allow()}, iter([allow()])])
def test_answers_that_are_not_one_for_each_question_deny(guarded: Caller, server: Loopback, answer: Any) -> None:
    engine = Engine()
    engine.decide = lambda questions: answer  # type: ignore[method-assign]
    guarded.guard = Guard(engine)
    with pytest.raises(Denied, match="one answer for each question"):
        guarded.run(tasks.get, "P-1")
    assert server.seen == []


def test_an_engine_that_hangs_is_left_behind(guarded: Caller, server: Loopback) -> None:
    release = threading.Event()

    def rule(question: Question) -> Decision:
        release.wait(60)
        return allow()

    guarded.guard = Guard(Remote(rule), timeout=0.1)
    try:
        with pytest.raises(Denied, match="in time"):
            guarded.run(tasks.get, "P-1")
    finally:
        release.set()
    assert server.seen == []


def test_a_late_yes_is_a_no(guarded: Caller, server: Loopback) -> None:
    def rule(question: Question) -> Decision:
        time.sleep(0.05)
        return allow()

    guarded.guard = Guard(Engine(rule), timeout=0.01)
    with pytest.raises(Denied, match="in time"):
        guarded.run(tasks.get, "P-1")
    assert server.seen == []


def test_an_engine_that_waits_does_not_stop_the_event_loop(server: Loopback) -> None:
    caller = Caller("default", "async")
    caller.connect(server.url)
    caller.guard = Guard(Remote(lambda question: time.sleep(0.15) or allow()), timeout=2)
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

            async with AsyncClient(settings=QUICK, connections=caller.connections, guard=caller.guard) as client:
                await tasks.get.asynchronous("P-1")
                await client.aclose()
        finally:
            ticking.cancel()

    asyncio.run(call())
    assert len(ticks) >= 10


def test_what_is_no_engine_is_refused_early() -> None:
    with pytest.raises(TypeError, match="decide"):
        Guard(object())  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------ what is shown
@pytest.mark.parametrize(("knows", "shown"), [(True, True), (False, False), (1, False), (None, False), (RuntimeError("x"), False)])
def test_only_a_plain_yes_shows_an_operation(knows: Any, shown: bool) -> None:
    class Knowing(Engine):
        def may_call(self, agent: str | None, operation: str, vendor: str) -> Any:
            if isinstance(knows, Exception):
                raise knows
            return knows

    assert Guard(Knowing()).may_call("helper", "tasks.get", "acme") is shown
    assert Guard(Engine()).may_call("helper", "tasks.get", "acme") is True  # it cannot tell: what is shown is asked about when called


# ------------------------------------------------------------------------------------------------ records
def test_a_list_is_filtered_in_one_batch(guarded: Caller, server: Loopback) -> None:
    engine = Engine(on_record(lambda record: record["id"] in {"P-1", "P-3"}))
    guarded.guard = Guard(engine)
    server.answers(Reply.of({"issues": [{"key": f"P-{n}"} for n in range(1, 5)]}))
    assert [task.id for task in guarded.list(tasks.list)] == ["P-1", "P-3"]
    assert engine.batches == [1, 1, 4]


def test_what_a_list_leaves_out_is_reached_from_nothing_that_it_gives(guarded: Caller, server: Loopback) -> None:
    """The records of a page share the vendor's answer."""
    guarded.guard = Guard(Engine(on_record(lambda record: record["id"] == "P-1")))
    mine = b'{"key": "P-1", "fields": {"summary": "mine", "points": 1.10, "many": 12345678901234567890}}'
    server.answers(Reply(200, b'{"issues": [%b, {"key": "P-2", "fields": {"summary": "a secret of others"}}]}' % mine))
    (found,) = guarded.list(tasks.list)
    raw = found.__pydantic_private__["raw"]
    assert b"secret" not in raw.body
    assert raw.response is None or b"secret" not in raw.response.body
    assert b"secret" not in pickle.dumps(found)
    assert found.raw == {"key": "P-1", "fields": {"summary": "mine", "points": 1.1, "many": 12345678901234567890}}
    assert str(raw.exact["fields"]["points"]) == "1.10"


def test_paging_goes_on_behind_a_page_of_which_nothing_is_left(guarded: Caller, server: Loopback) -> None:
    guarded.guard = Guard(Engine(on_record(lambda record: record["id"] == "P-2")))
    server.answers(Reply.of({"issues": [{"key": "P-1"}], "next": "2"}), Reply.of({"issues": [{"key": "P-2"}]}))
    assert [task.id for task in guarded.list(tasks.list)] == ["P-2"]


def test_a_record_that_was_read_is_not_given_back_where_the_policy_says_no(guarded: Caller, server: Loopback) -> None:
    guarded.guard = Guard(Engine(on_record(lambda record: record["title"] == "mine")))
    server.answers(Reply.of(ISSUE), Reply.of({"key": "P-2", "fields": {"summary": "mine"}}))
    with pytest.raises(Denied, match="not one of yours"):
        guarded.run(tasks.get, "P-1")
    assert guarded.run(tasks.get, "P-2").title == "mine"


@pytest.mark.parametrize("operation", [tasks.update, tasks.delete], ids=["update", "delete"])
def test_the_record_is_read_before_it_is_changed(guarded: Caller, server: Loopback, operation: Any) -> None:
    engine = Engine(on_record(lambda record: record["title"] == "mine"))
    guarded.guard = Guard(engine)
    more = {"title": "new"} if operation is tasks.update else {}
    theirs, mine = {"key": "P-1", "fields": {"summary": "theirs"}}, {"key": "P-1", "fields": {"summary": "mine"}}
    server.answers(Reply.of(theirs))
    with pytest.raises(Denied, match="not one of yours"):
        guarded.run(operation, "P-1", **more)
    assert server.targets == ["GET /rest/issue/P-1?fields=summary,status"]
    server.answers(Reply.of(mine), Reply(204), Reply.of(mine))
    guarded.run(operation, "P-1", **more)
    assert [seen.split()[0] for seen in server.targets[1:]] == (["GET", "PUT", "GET"] if more else ["GET", "DELETE"])
    assert engine.asked[-1].record == {"id": "P-1", "title": "mine", "status": None, "status_label": None}


def test_the_read_before_is_asked_about_too(guarded: Caller, server: Loopback) -> None:
    engine = Engine(on_record(lambda record: True))
    guarded.guard = Guard(engine)
    server.answers(Reply.of(ISSUE), Reply(204))
    guarded.run(tasks.delete, "P-1")
    assert engine.phases == ["arguments", "request", "record", "request"]


def test_a_record_that_cannot_be_read_before_denies(guarded: Caller, server: Loopback) -> None:
    guarded.guard = Guard(Engine(lambda question: allow(on_record=True)))
    with pytest.raises(Denied, match="there is none that could be read before"):
        guarded.run(tasks.create, title="x", project_id="P")
    assert server.seen == []


def test_a_record_rule_that_appears_between_the_requests_denies(guarded: Caller, server: Loopback) -> None:
    guarded.guard = Guard(Engine(lambda question: allow(on_record=question.phase == "request")))
    with pytest.raises(Denied, match="cannot be shown"):
        guarded.run(tasks.delete, "P-1")
    assert server.seen == []


# ------------------------------------------------------------------------------------------------ plans
@pytest.fixture
def client(server: Loopback) -> Iterator[Client]:
    with Client(settings=QUICK) as made:
        made.connect(VENDOR, basic("me", "password"), server=server.url)
        yield made


def test_a_plan_shows_the_read_before(server: Loopback) -> None:
    with Client(guard=Guard(Engine(on_record(lambda record: True)))) as client:
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        plan = tasks.delete.plan("P-1")
    assert [(r.method, r.purpose) for r in plan.requests] == [("GET", "to show the record to the policy"), ("DELETE", "")]
    assert "to show the record to the policy" in str(plan)
    assert plan.to_dict()["notes"] == ["the policy decides once the record was read"]
    assert server.seen == []


def test_a_plan_says_what_the_policy_says(server: Loopback) -> None:
    def rule(question: Question) -> Decision:
        return {"delete": needs_approval("ask first"), "get": allow(on_record=True), "create": deny("no")}.get(question.operation, allow())

    with Client(guard=Guard(Engine(rule))) as client:
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        assert tasks.delete.plan("P-1").notes == ("a person has to approve this: ask first",)
        assert "only what it allows is given back" in tasks.get.plan("P-1").notes[0]
        assert tasks.update.plan("P-1", title="x").notes == ()
        with pytest.raises(Denied, match=r"tasks\.create on acme"):
            tasks.create.plan(title="x", project_id="P")
    assert server.seen == []


# ------------------------------------------------------------------------------------------------ approvals
def test_a_call_that_was_approved_succeeds_once(guarded: Caller, server: Loopback) -> None:
    kept = Kept()
    guarded.guard = Guard(Engine(lambda q: allow() if q.approved else needs_approval("deleting is for good")), approvals=kept)
    with acting(agent="helper"):
        with pytest.raises(ApprovalRequired, match=r"deleting is for good \(approval a1, until 2026-11-25T13:00") as caught:
            guarded.run(tasks.delete, "P-1")
        assert caught.value.approval == "a1"
        assert caught.value.plan is not None
        assert [r.method for r in caught.value.plan.requests] == ["DELETE"]
        assert "password" not in str(caught.value.plan.to_dict())
        kept.approve("a1")
        server.answers(Reply(204))
        guarded.run(tasks.delete, "P-1")
        assert kept.spent == ["a1"]
        with pytest.raises(ApprovalRequired):
            guarded.run(tasks.delete, "P-1")
    assert server.targets == ["DELETE /rest/issue/P-1"]


def test_an_approval_holds_for_these_arguments_alone(guarded: Caller, server: Loopback) -> None:
    kept = Kept()
    guarded.guard = Guard(Engine(lambda q: allow() if q.approved else needs_approval()), approvals=kept)
    with acting(agent="helper"):
        with pytest.raises(ApprovalRequired):
            guarded.run(tasks.create, title="x", project_id="P")
        kept.approve("a1")
        for arguments in (
            {"title": "y", "project_id": "P"},
            {"title": "x", "project_id": "P", "labels": None},
            {"title": "x", "project_id": "Q"},
        ):
            with pytest.raises(ApprovalRequired):
                guarded.run(tasks.create, **arguments)
    with acting(agent="other"), pytest.raises(ApprovalRequired):
        guarded.run(tasks.create, title="x", project_id="P")
    with acting(agent="helper", on_behalf_of="bob"), pytest.raises(ApprovalRequired):
        guarded.run(tasks.create, title="x", project_id="P")
    assert server.seen == []


def test_an_approval_of_a_list_covers_its_pages_and_no_second_reading(guarded: Caller, server: Loopback) -> None:
    kept = Kept()
    with Client(settings=QUICK, guard=Guard(Engine(lambda q: allow() if q.approved else needs_approval()), approvals=kept)) as client:
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        pages = tasks.list()
        with pytest.raises(ApprovalRequired):
            list(pages)
        kept.approve("a1")
        server.answers(Reply.of({"issues": [ISSUE], "next": "2"}), Reply.of({"issues": [ISSUE | {"key": "P-2"}]}))
        assert len([*pages]) == 2
        with pytest.raises(ApprovalRequired):
            list(pages)


def test_an_approval_that_the_policy_does_not_heed_denies(guarded: Caller, server: Loopback) -> None:
    kept = Kept()
    guarded.guard = Guard(Engine(lambda q: needs_approval()), approvals=kept)
    with pytest.raises(ApprovalRequired):
        guarded.run(tasks.delete, "P-1")
    kept.approve("a1")
    with pytest.raises(Denied):
        guarded.run(tasks.delete, "P-1")
    assert server.seen == []


def test_without_a_keeper_of_approvals_a_call_that_needs_one_is_denied(guarded: Caller, server: Loopback) -> None:
    guarded.guard = Guard(Engine(lambda q: needs_approval("ask")))
    with pytest.raises(Denied, match="nothing keeps approvals here"):
        guarded.run(tasks.delete, "P-1")


def test_approvals_that_cannot_be_read_deny(guarded: Caller, server: Loopback) -> None:
    class Broken(Kept):
        def redeem(self, claim: Claim) -> str | None:
            raise OSError("disk")

    guarded.guard = Guard(Engine(lambda q: needs_approval()), approvals=Broken())
    with pytest.raises(Denied, match="approvals cannot be read: OSError"):
        guarded.run(tasks.delete, "P-1")
    assert server.seen == []


# ------------------------------------------------------------------------------------------------ the trail
def test_every_decision_and_call_is_written_down(guarded: Caller, server: Loopback) -> None:
    trail = Trail()
    guarded.guard = Guard(Engine(), audit=trail, clock=lambda: NOW)
    server.answers(CREATED, Reply.of(ISSUE))
    with acting(agent="helper", on_behalf_of="alice"):
        guarded.run(tasks.create, title="a secret plan", project_id="P")
    assert trail.told == [("arguments", "allow"), ("request", "allow"), ("request", "allow"), ("call", "done")]
    assert len({entry["call"] for entry in trail.entries}) == 1
    assert {entry["agent"] for entry in trail.entries} == {"helper"}
    assert all(entry["delegation"] == {"sub": "alice", "act": {"sub": "helper"}} for entry in trail.entries)
    assert trail.entries[0]["fields"] == ["title", "project_id"]
    written = msgspec.json.encode(trail.entries).decode()
    assert "a secret plan" not in written
    assert "password" not in written


@pytest.mark.parametrize(
    ("who", "chain"),
    [
        ({}, None),
        ({"user": "alice"}, {"sub": "alice"}),
        ({"agent": "helper"}, {"sub": "helper"}),
        ({"user": "alice", "agent": "helper"}, {"sub": "alice", "act": {"sub": "helper"}}),
        # Carol asks, through an account that is kept under another name: it is her wish, and the account's name stands beside it.
        ({"user": "desk", "on_behalf_of": "carol", "agent": "helper"}, {"sub": "carol", "act": {"sub": "helper"}}),
    ],
)
def test_who_acts_for_whom_is_written_down(server: Loopback, who: dict[str, str], chain: Any) -> None:
    trail = Trail()
    with Client(settings=QUICK, guard=Guard(Engine(), audit=trail)) as client:
        client.connect(VENDOR, basic("me", "password"), server=server.url, user=who.get("user"))
        server.answers(Reply.of(ISSUE))
        with acting(**who):
            tasks.get("P-1")
    assert [entry.get("delegation") for entry in trail.entries] == [chain] * 3
    assert {entry.get("user") for entry in trail.entries} == {who.get("user")}


def test_what_went_wrong_is_written_down(guarded: Caller, server: Loopback) -> None:
    trail = Trail()
    guarded.guard = Guard(Engine(lambda q: deny("no") if q.operation == "delete" else allow()), audit=trail)
    with pytest.raises(Denied):
        guarded.run(tasks.delete, "P-1")
    server.answers(Reply(hang_up=True))
    with pytest.raises(Unconfirmed):
        guarded.run(tasks.create, title="x", project_id="P")
    assert trail.told == [("arguments", "deny"), ("call", "Denied"), ("arguments", "allow"), ("request", "allow"), ("call", "Unconfirmed")]


def test_a_filter_is_written_down_with_its_numbers(guarded: Caller, server: Loopback) -> None:
    trail = Trail()
    guarded.guard = Guard(Engine(on_record(lambda record: record["id"] == "P-1")), audit=trail)
    server.answers(Reply.of({"issues": [{"key": "P-1"}, {"key": "P-2"}]}))
    guarded.list(tasks.list)
    entry = next(entry for entry in trail.entries if entry.get("decision") == "filter")
    assert (entry["records"], entry["allowed"]) == (2, 1)


def test_where_nothing_can_be_written_down_nothing_is_sent(guarded: Caller, server: Loopback) -> None:
    class Full(Trail):
        def append(self, entry: Any) -> None:
            raise OSError("no space left on device")

    guarded.guard = Guard(Engine(), audit=Full())
    with pytest.raises(Denied, match="audit log cannot be written: OSError"):
        guarded.run(tasks.get, "P-1")
    assert server.seen == []


def test_what_was_decided_on_the_arguments_is_on_the_trail_before_anything_is_sent(server: Loopback) -> None:
    """Together with the decision on the request: as one step where the trail can do that, which is cheaper for its disk."""
    steps: list[tuple[int, int]] = []

    class Together(Trail):
        def extend(self, entries: Any) -> None:
            self.entries.extend(entries)
            steps.append((len(entries), len(server.seen)))

    trail = Together()
    with Client(settings=QUICK, guard=Guard(Engine(), audit=trail)) as client:
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        server.answers(CREATED, Reply.of(ISSUE))
        tasks.create(title="x", project_id="P")
    assert trail.told == [("arguments", "allow"), ("request", "allow"), ("request", "allow"), ("call", "done")]
    assert steps == [(2, 0)]
    assert trail.entries[0]["time"] <= trail.entries[1]["time"]


def test_a_call_that_sends_nothing_does_not_happen_off_the_trail(monkeypatch: pytest.MonkeyPatch, server: Loopback) -> None:
    def nothing(_: Prepared, __: str | None) -> Iterator[Any]:
        yield from ()
        return "found without asking"

    class Full(Trail):
        def append(self, entry: Any) -> None:
            raise OSError("no space left on device")

    monkeypatch.setattr(Prepared, "steps", nothing)
    for trail in (Trail(), Full()):
        with Client(settings=QUICK, guard=Guard(Engine(), audit=trail)) as client:
            client.connect(VENDOR, basic("me", "password"), server=server.url)
            if isinstance(trail, Full):
                with pytest.raises(Denied, match="audit log cannot be written: OSError"):
                    tasks.get("P-1")
            else:
                assert tasks.get("P-1") == "found without asking"  # type: ignore[comparison-overlap]
                assert trail.told == [("arguments", "allow"), ("call", "done")]


def test_an_engine_that_answers_at_once_is_asked_where_the_call_stands(server: Loopback) -> None:
    threads: list[str] = []

    class Immediate(Engine):
        immediate = True

        def decide(self, questions: Any) -> Any:
            threads.append(threading.current_thread().name)
            return super().decide(questions)

    async def asked(engine: Engine) -> None:
        async with AsyncClient(settings=QUICK, guard=Guard(engine, audit=Trail())) as client:
            client.connect(VENDOR, basic("me", "password"), server=server.url)
            server.answers(Reply.of(ISSUE))
            await tasks.get.asynchronous("P-1")
            await client.aclose()

    asyncio.run(asked(Immediate()))
    assert set(threads) == {"MainThread"}


def test_a_call_that_is_given_up_is_written_down(server: Loopback) -> None:
    trail = Trail()

    class Interrupting:
        def send(self, request: Any) -> Any:
            raise KeyboardInterrupt

        def close(self) -> None: ...

    client = Client(Interrupting(), guard=Guard(Engine(), audit=trail))
    client.connect(VENDOR, basic("me", "password"), server=server.url)
    with client, pytest.raises(KeyboardInterrupt):
        tasks.get("P-1")
    assert trail.told[-1] == ("call", "abandoned")


# ------------------------------------------------------------------------------------------------ acting
def test_inside_an_agents_block_nobody_else_can_be_acted_as(server: Loopback) -> None:
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


def test_a_question_is_only_asked_where_there_is_a_policy(simple: Caller, server: Loopback) -> None:
    server.answers(Reply(500), Reply(500), Reply(500), Reply(500))
    with pytest.raises(Unavailable):
        simple.run(tasks.get, "P-1")
