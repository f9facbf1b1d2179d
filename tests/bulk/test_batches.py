"""Bulk calls in few requests: each item has the same result as a single call, and nothing is executed twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.batching import HubSpot, Jira, Salesforce, Vendor
from tests.unit.runtime.policies import Engine, MemoryApprovals
from unified import aio, contacts, tasks
from unified_platform.idempotency.store import open_idempotency_store
from unified_runtime import AsyncClient, CallRecord, Client, Settings, acting, basic, bearer, using
from unified_runtime.client.bulk import Item, Results
from unified_runtime.core import errors
from unified_runtime.core.approval_required import ApprovalRequired
from unified_runtime.core.connections import Connection
from unified_runtime.core.messages import Request
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, deny, needs_approval
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.rate_limits.rate_limiter import MemoryRateLimiter, Unlimited
from unified_runtime.rate_limits.reservations import Reservation

QUICK = Settings(backoff=0.001, longest_backoff=0.002, deadline=3)
both = pytest.mark.parametrize("mode", ["sync", "async"])


def client_of(vendor: Vendor, **more: Any) -> Client:
    client = Client(vendor, settings=QUICK, rate_limiter=Unlimited(), **more)
    client.connect("hubspot", bearer("t"))
    client.connect("jira", basic("me@example.com", "t"), site="acme")
    client.connect("salesforce", bearer("t"), instance_url="https://acme.my.salesforce.com")
    return client


def run(mode: str, vendor: Vendor, name: str, items: Any, **more: Any) -> Results[Any]:
    """Return the bulk form of `contacts.create`, by its name."""
    store, enforcer = more.pop("idempotency", None), more.pop("enforcer", None)
    client = client_of(vendor, idempotency=store, policy=enforcer)
    resource, _, operation = name.partition(".")
    if mode == "sync":
        with using(client):
            found: Results[Any] = getattr({"contacts": contacts, "tasks": tasks}[resource], f"{operation}_many")(items, **more)
            return found

    async def running() -> Results[Any]:
        connections = client.connections
        async with using(
            AsyncClient(vendor, settings=QUICK, rate_limiter=Unlimited(), connections=connections, idempotency=store, policy=enforcer)
        ):
            many = getattr({"contacts": aio.contacts, "tasks": aio.tasks}[resource], f"{operation}_many")
            found: Results[Any] = await many(items, **more)
            return found

    return asyncio.run(running())


def people(count: int, bad: frozenset[int] = frozenset()) -> list[Mapping[str, Any]]:
    return [
        {"first_name": "bad" if n in bad else f"p{n}", "emails": [{"type": "work", "address": f"p{n}@example.com"}]} for n in range(count)
    ]


def issues(count: int, bad: frozenset[int] = frozenset()) -> list[Mapping[str, Any]]:
    return [{"title": f"{'bad' if n in bad else 'good'} {n}", "project_id": "OPS"} for n in range(count)]


@both
def test_contacts_are_made_a_hundred_at_a_time_and_read_so(mode: str) -> None:
    vendor = HubSpot()
    found = run(mode, vendor, "contacts.create", people(250), via="hubspot")
    assert [made.first_name for made in found.check()] == [f"p{n}" for n in range(250)]
    assert vendor.requests == {"POST /crm/v3/objects/contacts/batch/create": 3, "POST /crm/v3/objects/contacts/batch/read": 3}
    sizes = sorted(len(body["inputs"]) for _, path, body in vendor.seen if path.endswith("create"))
    assert sizes == [50, 100, 100]


@both
def test_one_that_the_vendor_refuses_fails_as_it_would_by_itself(mode: str) -> None:
    vendor = HubSpot()
    found = run(mode, vendor, "contacts.create", people(20, frozenset({3, 7})), via="hubspot")
    assert [item.index for item in found.failed] == [3, 7]
    assert {type(item.error) for item in found.failed} == {errors.Rejected}
    error = found.failed[0].error
    assert error is not None
    assert error.fields == {"first_name": "is not a name"}
    assert error.code == "VALIDATION_ERROR"
    assert (error.vendor, error.operation) == ("hubspot", "contacts.create")
    assert len(found.values) == 18
    assert vendor.requests == {"POST /crm/v3/objects/contacts/batch/create": 1, "POST /crm/v3/objects/contacts/batch/read": 1}


@both
def test_jira_names_those_that_failed_by_their_number(mode: str) -> None:
    vendor = Jira()
    found = run(mode, vendor, "tasks.create", issues(60, frozenset({0, 4, 55})), via="jira")
    assert [item.index for item in found.failed] == [0, 4, 55]
    assert [type(item.error) for item in found.failed] == [errors.Rejected] * 3
    assert found.failed[1].error is not None
    assert found.failed[1].error.fields == {"title": "Summary is not a good one."}
    assert [made.title for made in found.values] == [f"good {n}" for n in range(60) if n not in {0, 4, 55}]
    assert vendor.requests == {"POST /rest/api/3/issue/bulk": 2, "POST /rest/api/3/issue/bulkfetch": 2}


@both
def test_a_batch_of_which_all_failed_is_split_as_well(mode: str) -> None:
    vendor = Jira()
    found = run(mode, vendor, "tasks.create", issues(3, frozenset({0, 1, 2})), via="jira")
    assert [type(item.error) for item in found] == [errors.Rejected] * 3
    assert vendor.requests == {"POST /rest/api/3/issue/bulk": 1}


@both
def test_updates_and_deletes_go_by_their_ids(mode: str) -> None:
    vendor = HubSpot()
    ids = [made.id for made in run("sync", vendor, "contacts.create", people(5), via="hubspot").check()]
    vendor.seen.clear()
    changes = [{"id": id, "job_title": "Boss"} for id in (*ids, "999")]
    found = run(mode, vendor, "contacts.update", changes, via="hubspot")
    assert [item.status for item in found] == ["done"] * 5 + ["failed"]
    assert isinstance(found.failed[0].error, errors.NotFound)
    assert {made.job_title for made in found.values} == {"Boss"}
    assert vendor.requests == {"POST /crm/v3/objects/contacts/batch/update": 1, "POST /crm/v3/objects/contacts/batch/read": 1}
    vendor.seen.clear()
    run(mode, vendor, "contacts.delete", ids, via="hubspot").check()
    assert vendor.contacts == {}
    assert vendor.requests == {"POST /crm/v3/objects/contacts/batch/archive": 1}


def named(count: int, bad: frozenset[int] = frozenset()) -> list[Mapping[str, Any]]:
    return [{"last_name": "bad" if n in bad else f"p{n}"} for n in range(count)]


@both
def test_salesforce_accepts_two_hundred_records_and_reports_on_each_in_order(mode: str) -> None:
    vendor = Salesforce()
    found = run(mode, vendor, "contacts.create", named(250, frozenset({3, 211})), via="salesforce")
    assert [item.index for item in found.failed] == [3, 211]
    error = found.failed[0].error
    assert isinstance(error, errors.Rejected)
    assert (error.code, error.fields) == ("FIELD_CUSTOM_VALIDATION_EXCEPTION", {"last_name": "is not a name"})
    assert [made.last_name for made in found.values] == [f"p{n}" for n in range(250) if n not in {3, 211}]
    assert vendor.requests == {"POST /services/data/v59.0/composite/sobjects": 2, "GET /services/data/v59.0/composite/sobjects/Contact": 2}
    assert max(vendor.effects.values()) == 1


@both
def test_an_incomplete_failure_is_requested_separately(mode: str) -> None:
    vendor = Salesforce()
    ids = [made.id for made in run("sync", vendor, "contacts.create", named(3), via="salesforce").check()]
    vendor.seen.clear()
    lost = "003000000000999AAA"
    found = run(mode, vendor, "contacts.update", [{"id": id, "job_title": "Boss"} for id in (*ids, lost)], via="salesforce")
    assert [item.status for item in found] == ["done"] * 3 + ["failed"]
    assert isinstance(found.failed[0].error, errors.NotFound)
    assert vendor.requests == {
        "PATCH /services/data/v59.0/composite/sobjects": 1,
        "PATCH /services/data/v59.0/sobjects/Contact/#": 1,
        "GET /services/data/v59.0/composite/sobjects/Contact": 1,
    }
    assert [vendor.effects[f"changed {id}"] for id in ids] == [1, 1, 1]


@both
def test_items_are_identified_with_any_content(mode: str) -> None:
    vendor = Salesforce()
    items = [{**given, "extra": {"salesforce": {"attributes": {"type": "Account"}}}} for given in named(2)]
    run(mode, vendor, "contacts.create", items, via="salesforce").check()
    (records,) = [body["records"] for _, _, body in vendor.seen if body]
    assert [record["attributes"] for record in records] == [{"type": "Contact"}] * 2


@both
@pytest.mark.parametrize("other", ["001000000000001AAA", "{id},{id}", "003000000000000AAA "])
def test_an_id_that_may_be_of_something_else_is_deleted_by_itself(mode: str, other: str) -> None:
    vendor = Salesforce()
    ids = [made.id for made in run("sync", vendor, "contacts.create", named(4), via="salesforce").check()]
    vendor.seen.clear()
    found = run(mode, vendor, "contacts.delete", [*ids[:2], other.format(id=ids[2])], via="salesforce")
    assert [item.status for item in found] == ["done", "done", "failed"]
    assert isinstance(found.failed[0].error, errors.NotFound)
    assert [*vendor.contacts] == ids[2:]
    assert Counter(method for method, _, _ in vendor.seen) == {"DELETE": 2}


@both
def test_further_steps_go_together_as_well_and_are_read_once_for_all(mode: str) -> None:
    vendor = HubSpot()
    items = [{**given, "company_id": "404" if n == 5 else "7"} if n % 2 else given for n, given in enumerate(people(10))]
    found = run(mode, vendor, "contacts.create", items, via="hubspot")
    assert [made.company_id for made in found.values] == [None, "7", None, "7", None, None, "7", None, "7"]
    (lost,) = found.failed
    assert isinstance(lost.error, errors.NotFound)
    assert [done.request for done in lost.error.done] == ["POST /crm/v3/objects/contacts"]
    assert vendor.requests == {
        "POST /crm/v3/objects/contacts/batch/create": 1,
        "POST /crm/v4/associations/contacts/companies/batch/create": 1,
        "PUT /crm/v4/objects/contacts/105/associations/companies/#": 1,  # whose error names the problem
        "POST /crm/v3/objects/contacts/batch/read": 1,
    }


@both
def test_a_batch_that_is_refused_as_a_whole_is_made_one_by_one(mode: str) -> None:
    vendor = HubSpot()
    ids = [made.id for made in run("sync", vendor, "contacts.create", people(4), via="hubspot").check()]
    changes = [{"id": id, "first_name": "bad" if n == 2 else "new"} for n, id in enumerate(ids)]
    found = run(mode, vendor, "contacts.update", changes, via="hubspot")
    assert [item.status for item in found] == ["done", "done", "failed", "done"]
    assert isinstance(found.failed[0].error, errors.Rejected)
    assert [vendor.effects[f"changed {id}"] for id in ids] == [1, 1, 0, 1]


@both
def test_one_that_is_left_of_a_batch_goes_the_single_way(mode: str) -> None:
    vendor = HubSpot()
    enforcer = PolicyEnforcer(Engine(lambda q: deny() if q.phase == "request" and "p0@" in str(q.input) else allow()))
    found = run(mode, vendor, "contacts.create", people(2), via="hubspot", enforcer=enforcer)
    assert [item.status for item in found] == ["failed", "done"]
    assert vendor.requests == {"POST /crm/v3/objects/contacts": 1, "GET /crm/v3/objects/contacts/#": 1}


@both
def test_one_item_goes_the_single_way(mode: str) -> None:
    vendor = HubSpot()
    run(mode, vendor, "contacts.create", people(1), via="hubspot").check()
    assert vendor.requests == {"POST /crm/v3/objects/contacts": 1, "GET /crm/v3/objects/contacts/#": 1}


@both
def test_a_lost_response_leaves_the_items_of_its_batch_unconfirmed_and_no_others(mode: str) -> None:
    vendor = HubSpot()
    vendor.faults = {1: "lost"}
    found = run(mode, vendor, "contacts.create", people(150), via="hubspot", concurrency=1)
    kinds = {type(item.error) for item in found.failed}
    assert kinds == {errors.Unconfirmed}
    assert len(found.failed) in (50, 100)
    assert len({id(item.error) for item in found.failed}) == len(found.failed)
    assert max(vendor.effects.values()) == 1


@both
def test_a_truncated_response_is_reported_as_executed(mode: str) -> None:
    vendor = HubSpot()
    vendor.faults = {1: "cut"}
    found = run(mode, vendor, "contacts.create", people(10), via="hubspot")
    assert [item.status for item in found] == ["failed"] * 10
    assert all(item.error is not None and item.error.done and not item.error.retry_safe for item in found)
    assert max(vendor.effects.values()) == 1


@both
def test_a_rate_limit_is_waited_for_and_the_batch_sent_again(mode: str) -> None:
    vendor = HubSpot()
    vendor.faults = {1: "busy"}
    run(mode, vendor, "contacts.create", people(10), via="hubspot").check()
    assert vendor.requests["POST /crm/v3/objects/contacts/batch/create"] == 2
    assert len(vendor.contacts) == 10


@both
def test_completed_items_are_not_repeated(mode: str, tmp_path: Path) -> None:
    vendor = HubSpot()
    store = open_idempotency_store(tmp_path / "ledger")
    items = people(30, frozenset({5}))
    first = run(mode, vendor, "contacts.create", items, via="hubspot", idempotency_key="k", idempotency=store)
    assert [item.index for item in first.failed] == [5]
    before = len(vendor.seen)
    again = run(mode, vendor, "contacts.create", [*items, *people(40)[30:]], via="hubspot", idempotency_key="k", idempotency=store)
    assert [item.index for item in again.failed] == [5]
    assert [made.id for made in again.values[:29]] == [made.id for made in first.values]
    assert len(vendor.contacts) == 39
    assert max(vendor.effects.values()) == 1
    sent = [body for _, path, body in vendor.seen[before:] if path.endswith("batch/create")]
    assert [len(body["inputs"]) for body in sent] == [11]


@both
def test_progress_is_reported_for_each_item(mode: str) -> None:
    received: list[Item[Any]] = []
    run(mode, HubSpot(), "contacts.create", people(120), via="hubspot", progress=received.append)
    assert sorted(item.index for item in received) == [*range(120)]


@both
def test_two_changes_of_one_record_go_in_two_batches(mode: str) -> None:
    vendor = HubSpot()
    (made, other) = run("sync", vendor, "contacts.create", people(2), via="hubspot").check()
    changes = [{"id": id, "job_title": title} for id, title in zip([made.id, other.id] * 2, "abcd", strict=True)]
    run(mode, vendor, "contacts.update", changes, via="hubspot", concurrency=1).check()
    sent = [sorted(each["id"] for each in body["inputs"]) for _, path, body in vendor.seen if path.endswith("batch/update")]
    assert sent == [[made.id, other.id]] * 2
    assert vendor.contacts[made.id]["jobtitle"] == "c"


@both
def test_the_policy_is_evaluated_for_each_item_before_a_batch_is_sent(mode: str) -> None:
    vendor = HubSpot()
    sent_when_requested: list[int] = []

    def rule(question: PolicyRequest) -> Decision:
        sent_when_requested.append(len(vendor.seen))
        if question.phase == "request" and question.request is not None and question.request.method == "POST":
            assert question.request.path == "/crm/v3/objects/contacts"  # the path of a single call
            return deny("not p4") if question.request.body["properties"]["firstname"] == "p4" else allow()
        return deny("not p2") if question.input.get("first_name") == "p2" else allow()

    found = run(mode, vendor, "contacts.create", people(6), via="hubspot", enforcer=PolicyEnforcer(Engine(rule)))
    assert [item.status for item in found] == ["done", "done", "failed", "done", "failed", "done"]
    assert {type(item.error) for item in found.failed} == {errors.Denied}
    assert sorted(contact["firstname"] for contact in vendor.contacts.values()) == ["p0", "p1", "p3", "p5"]
    assert sent_when_requested == [0] * (6 + 5) + [1] * 4  # about each call, and the request of each allowed one; then about the records


@both
def test_each_item_is_approved_by_itself(mode: str) -> None:
    vendor, stored = HubSpot(), MemoryApprovals()
    enforcer = PolicyEnforcer(
        Engine(lambda q: needs_approval() if q.input.get("first_name") == "p1" and not q.approved else allow()), approvals=stored
    )
    with acting(agent="helper"):
        first = run(mode, vendor, "contacts.create", people(3), via="hubspot", enforcer=enforcer)
        (left,) = first.failed
        assert isinstance(left.error, ApprovalRequired)
        stored.approve(left.error.approval)
        again = run(mode, vendor, "contacts.create", people(2)[1:], via="hubspot", enforcer=enforcer)
    assert again.check()[0].first_name == "p1"
    assert len(vendor.contacts) == 3


@both
def test_a_batch_is_one_request_to_the_rate_limit_and_to_observers(mode: str) -> None:
    vendor, rate_limit, seen = HubSpot(), Counted(), Seen()
    connections = client_of(vendor).connections

    async def running() -> None:
        async with using(AsyncClient(vendor, settings=QUICK, connections=connections, rate_limiter=rate_limit, observers=seen)):
            (await aio.contacts.create_many(people(50), via="hubspot")).check()

    if mode == "sync":
        with using(Client(vendor, settings=QUICK, connections=connections, rate_limiter=rate_limit, observers=seen)):
            contacts.create_many(people(50), via="hubspot").check()
    else:
        asyncio.run(running())
    assert len(seen.records) == 50
    assert {(record.tool, record.outcome, record.vendor) for record in seen.records} == {("contacts.create", "ok", "hubspot")}
    made = [attempt.operation for record in seen.records for attempt in record.attempts]
    two = ["post-/crm/v3/objects/contacts/batch/create_create", "post-/crm/v3/objects/contacts/batch/read_read"]
    assert sorted(made) == rate_limit.entered == two


class Counted(MemoryRateLimiter):
    """Rate limiter that saves the requests it admits."""

    def __init__(self) -> None:
        super().__init__()
        self.entered: list[str] = []

    def entry(self, connection: Connection, request: Request, agent: str, deadline: float) -> Reservation | None:
        self.entered.append(request.endpoint.operation)
        return super().entry(connection, request, agent, deadline)


class Seen:
    """Observer that saves the records it receives."""

    def __init__(self) -> None:
        self.records: list[CallRecord] = []

    def ended(self, record: CallRecord) -> None:
        self.records.append(record)


def test_a_plan_shows_the_batches() -> None:
    with using(client_of(HubSpot())):
        plan = contacts.create_many.plan([*people(2), {**people(3)[2], "company_id": "7"}], via="hubspot")
    assert plan.operation == "contacts.create_many"
    create, link, read = plan.requests
    assert create.url == "https://api.hubapi.com/crm/v3/objects/contacts/batch/create"
    assert create.body["inputs"][1] == {
        "properties": {"firstname": "p1", "email": "p1@example.com"},
        "objectWriteTraceId": "1",
        "associations": [],
    }
    assert link.method == "PUT"  # the only one of its kind
    assert [each["id"] for each in read.body["inputs"]] == ["{created.id}"] * 3
    assert read.body["properties"][:2] == ["firstname", "lastname"]


def test_a_plan_splits_what_is_too_much_and_needs_no_connection() -> None:
    with using(Client()):
        plan = tasks.create_many.plan(issues(120), via="jira")
        single = tasks.create_many.plan(issues(1), via="jira")
    assert [request.endpoint for request in plan.requests] == ["createIssues"] * 3 + ["bulkFetchIssues"] * 2
    assert [len(request.body["issueUpdates"]) for request in plan.requests[:3]] == [50, 50, 20]
    assert [request.endpoint for request in single.requests] == ["createIssue", "getIssue"]


def test_plans_of_no_items_and_of_invalid_items() -> None:
    with using(Client()):
        with pytest.raises(errors.InvalidInput, match=r"there is nothing to plan: tasks\.create_many was given no items"):
            tasks.create_many.plan([], via="jira")
        with pytest.raises(errors.InvalidInput, match="title: is required"):
            tasks.create_many.plan([*issues(2), {"project_id": "OPS"}], via="jira")
