"""Batches of complete requests: each has its own response, retries, count and records, as if it had been sent separately."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.bulk.test_batches import QUICK, both
from tests.support.batching import Asana, Graph, Vendor
from tests.unit.runtime.policies import Engine
from unified import aio, events, tasks
from unified_runtime import AsyncClient, Client, bearer, using
from unified_runtime.client.bulk import Results
from unified_runtime.core import errors
from unified_runtime.core.connections import Connection
from unified_runtime.core.messages import Request
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, deny
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.rate_limits.rate_limiter import MemoryRateLimiter, Unlimited
from unified_runtime.rate_limits.reservations import Reservation

NINE = datetime(2031, 1, 2, 9, tzinfo=UTC)
BATCH = "POST /v1.0/$batch"


def client_of(vendor: Vendor, **more: Any) -> Client:
    client = Client(vendor, settings=QUICK, **{"rate_limiter": Unlimited(), **more})
    client.connect("microsoft-graph", bearer("t"), principal="ada@example.com")
    client.connect("asana", bearer("t"), workspace="1")
    return client


def run(mode: str, vendor: Vendor, name: str, items: Any, *, rate_limiter: Any = None, enforcer: Any = None, **more: Any) -> Results[Any]:
    resource, _, operation = name.partition(".")
    more = {"via": "asana" if resource == "tasks" else "microsoft-graph", **more}
    limits = rate_limiter or Unlimited()
    with using(client_of(vendor, rate_limiter=limits, policy=enforcer)) as client:
        if mode == "sync":
            found: Results[Any] = getattr({"events": events, "tasks": tasks}[resource], f"{operation}_many")(items, **more)
            return found

    async def running() -> Results[Any]:
        async with using(AsyncClient(vendor, settings=QUICK, rate_limiter=limits, connections=client.connections, policy=enforcer)):
            found: Results[Any] = await getattr({"events": aio.events, "tasks": aio.tasks}[resource], f"{operation}_many")(items, **more)
            return found

    return asyncio.run(running())


def meetings(*titles: str) -> list[Mapping[str, Any]]:
    return [{"title": title, "start": NINE, "end": NINE.replace(hour=10)} for title in titles]


@both
def test_graph_accepts_twenty_requests_and_responds_in_any_order(mode: str) -> None:
    vendor = Graph()
    found = run(mode, vendor, "events.create", meetings(*(f"{'bad' if n == 7 else 'good'} {n}" for n in range(30))))
    (lost,) = found.failed
    assert (lost.index, type(lost.error)) == (7, errors.Rejected)
    assert lost.error is not None
    assert (lost.error.status, lost.error.code, lost.error.operation) == (400, "ErrorInvalidRequest", "events.create")
    assert [made.title for made in found.values] == [f"good {n}" for n in range(30) if n != 7]
    assert vendor.requests == {BATCH: 2}


@both
def test_asana_accepts_ten_actions_without_the_envelope_and_the_query_of_their_requests(mode: str) -> None:
    vendor = Asana()
    given = [{"title": f"{'bad' if n == 3 else 'good'} {n}", "project_id": "7"} for n in range(25)]
    found = run(mode, vendor, "tasks.create", given)
    assert [item.index for item in found.failed] == [3]
    assert isinstance(found.failed[0].error, errors.Rejected)
    assert [made.title for made in found.values] == [f"good {n}" for n in range(25) if n != 3]
    assert vendor.requests == {"POST /api/1.0/batch": 3}
    action = vendor.seen[0][2]["data"]["actions"][0]
    assert action["method"] == "post"
    assert action["relative_path"] == "/tasks"
    assert "name" in action["data"]
    assert "name" in action["options"]["fields"]


@both
def test_changes_and_deletes_go_together_and_a_record_only_once_in_a_batch(mode: str) -> None:
    vendor = Asana()
    gids = [made.id for made in run("sync", vendor, "tasks.create", [{"title": f"t{n}", "project_id": "7"} for n in range(3)]).check()]
    vendor.seen.clear()
    run(mode, vendor, "tasks.update", [{"id": gid, "title": title} for gid, title in zip([*gids, *gids], "abcdef", strict=True)]).check()
    assert [len({each["relative_path"] for each in body["data"]["actions"]}) for _, _, body in vendor.seen] == [3, 3]
    found = run(mode, vendor, "tasks.delete", [*gids, "999"])
    assert [item.status for item in found] == ["done", "done", "done", "failed"]
    assert isinstance(found.failed[0].error, errors.NotFound)
    assert vendor.tasks == {}


@both
def test_one_that_is_throttled_goes_again_and_no_other(mode: str) -> None:
    vendor = Graph()
    vendor.refusals = {"good 1": [429], "good 4": [503, 429]}
    found = run(mode, vendor, "events.create", meetings(*(f"good {n}" for n in range(6))))
    assert len(found.check()) == 6
    assert max(vendor.effects.values()) == 1
    sent = [len(body["requests"]) if path.endswith("$batch") else 1 for _, path, body in vendor.seen]
    assert sent[0] == 6
    assert sum(sent) == 9


@both
def test_one_of_which_the_vendor_fails_for_good_is_in_doubt_as_it_would_be_by_itself(mode: str) -> None:
    vendor = Graph()
    vendor.refusals = {"b": [503] * 10}
    found = run(mode, vendor, "events.create", meetings("a", "b", "c"))
    (lost,) = found.failed
    assert isinstance(lost.error, errors.Unconfirmed)
    assert (lost.error.status, lost.error.code, lost.error.retry_safe) == (503, "ServiceUnavailable", False)
    assert len(vendor.seen) == 1 + QUICK.attempts  # in the batch, and then separately as often as any request
    keyed = run(mode, vendor, "events.create", meetings("b", "d"), idempotency_key="k")
    assert isinstance(keyed.failed[0].error, errors.Unavailable)
    assert not isinstance(keyed.failed[0].error, errors.Unconfirmed)


@both
def test_a_lost_batch_is_repeated_if_each_request_has_a_key(mode: str) -> None:
    vendor = Graph()
    vendor.faults = {1: "lost"}
    found = run(mode, vendor, "events.create", meetings("a", "b", "c"))
    assert [made.title for made in found.check()] == ["a", "b", "c"]
    assert max(vendor.effects.values()) == 1
    assert vendor.requests == {BATCH: 2}


@both
def test_a_lost_response_to_requests_without_a_key_leaves_all_of_them_unconfirmed(mode: str) -> None:
    vendor = Asana()
    vendor.faults = {1: "lost"}
    found = run(mode, vendor, "tasks.create", [{"title": f"t{n}", "project_id": "7"} for n in range(15)], concurrency=1)
    assert {type(item.error) for item in found.failed} == {errors.Unconfirmed}
    assert len(found.failed) in (5, 10)
    assert not any(item.error.retry_safe for item in found.failed if item.error is not None)
    assert max(vendor.effects.values()) == 1


@both
def test_missing_results_are_requested_by_their_key(mode: str) -> None:
    vendor = Graph()
    vendor.silent = {"b"}
    found = run(mode, vendor, "events.create", meetings("a", "b", "c"))
    assert [made.title for made in found.check()] == ["a", "b", "c"]
    assert max(vendor.effects.values()) == 1
    assert vendor.requests == {BATCH: 1, "POST /v1.0/users/ada%40example.com/events": 1}


@both
def test_each_request_counts_for_the_vendors_limits(mode: str) -> None:
    rate_limit = Costs()
    run(mode, Asana(), "tasks.create", [{"title": f"t{n}", "project_id": "7"} for n in range(6)], rate_limiter=rate_limit).check()
    assert rate_limit.entered == [("POST", 6)]


class Costs(MemoryRateLimiter):
    """Rate limiter that saves the requests it counts."""

    def __init__(self) -> None:
        super().__init__()
        self.entered: list[tuple[str, int]] = []
        self.methods: list[str] = []

    def entry(self, connection: Connection, request: Request, agent: str, deadline: float) -> Reservation | None:
        self.methods.append(request.endpoint.operation)
        return super().entry(connection, request, agent, deadline)

    def enter(self, entry: Reservation) -> float:
        wait = super().enter(entry)
        if not wait:
            assert self.methods[-1] == "createTask"
            self.entered.append(("POST", next(window.cost for window in entry.windows if window.amount)))
        return wait


@both
def test_the_policy_sees_each_as_its_own_request(mode: str) -> None:
    seen: list[str] = []

    def rule(question: PolicyRequest) -> Decision:
        if question.phase == "request" and question.request is not None:
            seen.append(question.request.path)
            return deny("not b") if question.request.body["subject"] == "b" else allow()
        return allow()

    vendor = Graph()
    found = run(mode, vendor, "events.create", meetings("a", "b", "c"), enforcer=PolicyEnforcer(Engine(rule)))
    assert [item.status for item in found] == ["done", "failed", "done"]
    assert isinstance(found.failed[0].error, errors.Denied)
    assert vendor.requests == {BATCH: 1}
    assert seen == ["/v1.0/users/ada%40example.com/events"] * 3


def test_a_plan_shows_what_is_wrapped() -> None:
    with using(client_of(Graph())):
        (request,) = events.create_many.plan(meetings("a", "b"), via="microsoft-graph").requests
    assert request.url == "https://graph.microsoft.com/v1.0/$batch"
    assert [(each["id"], each["method"], each["body"]["subject"]) for each in request.body["requests"]] == [
        ("0", "POST", "a"),
        ("1", "POST", "b"),
    ]
