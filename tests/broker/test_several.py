"""Three broker processes as one: Postgres holds what they share, Redis what they count, and a call may go to any of them."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import secrets
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import redis

from tests.broker.test_serving import ISSUE, connect, process, unified
from tests.support.postgres import database
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified_platform.budgets.redis import RedisBudget
from unified_platform.control.approvals import ApprovalStore
from unified_platform.control.audit import Audit
from unified_platform.control.store import open_store
from unified_runtime import ApprovalRequired, Client, Connection, Unauthorized, Unavailable, basic
from unified_runtime.messages import Request
from unified_runtime.sagas import Report
from unified_runtime.steps import Endpoint, Retry
from unified_runtime.vendors import Limit

REDIS = os.environ.get("UNIFIED_TEST_REDIS", "redis://127.0.0.1:6379/0")
POLICY = """
@id("all")
permit (principal, action, resource);
@id("ask")
@approval("lists are asked for")
forbid (principal, action == Action::"tasks.list", resource);
"""


@pytest.fixture
def counting() -> str:
    try:
        redis.Redis.from_url(REDIS).ping()
    except redis.exceptions.ConnectionError as error:
        pytest.skip(f"no Redis answers: {error}")
    return REDIS


class Balancer(httpx2.BaseTransport):
    """Sends each request to the next broker, and past one that does not answer."""

    def __init__(self, urls: list[str]) -> None:
        self._turn = itertools.cycle([httpx2.URL(url) for url in urls])
        self._lock = threading.Lock()
        self._inner = httpx2.HTTPTransport()
        self.ports: list[int | None] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        for left in (2, 1, 0):
            with self._lock:
                url = next(self._turn)
                self.ports.append(url.port)
            try:
                request.url = request.url.copy_with(port=url.port)
                return self._inner.handle_request(request)
            except httpx2.ConnectError:
                if not left:
                    raise
        raise AssertionError

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


def page(*ids: int, offset: int, total: int) -> Reply:
    issues = [{**ISSUE["issue"], "id": id} for id in ids]
    return Reply.of({"issues": issues, "total_count": total, "offset": offset, "limit": len(ids)})


def test_three_processes_are_one_broker(tmp_path: Path, server: Loopback, counting: str) -> None:
    (tmp_path / "ask.cedar").write_text(POLICY)
    with database() as url, contextlib.ExitStack() as stack:
        home = {
            **os.environ,
            "UNIFIED_VAULT": url,
            "UNIFIED_VAULT_KEY": f"file:{tmp_path / 'vault.key'}",
            "UNIFIED_CONTROL": url,
            "UNIFIED_LEDGER": url,
        }
        connect(home, server)
        made = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "tasks")
        words = ("--redis", counting, "--policies", str(tmp_path / "ask.cedar"))
        running = [stack.enter_context(process(home, *words)) for _ in range(3)]
        balancer = Balancer([one for one, _ in running])
        client = stack.enter_context(Client(balancer, broker=running[0][0], key=made["key"]))

        # A list whose one approval was spent at one of them is read on at the others.
        with pytest.raises(ApprovalRequired) as caught:
            list(tasks.list(project_id="1", limit=1))
        store = open_store(url)
        ApprovalStore(store).approve(caught.value.approval, by="ada")
        server.answers(*[page(id, offset=id - 1, total=3) for id in (1, 2, 3)])
        assert [task.id for task in tasks.list(project_id="1", limit=1)] == ["1", "2", "3"]
        assert len({*balancer.ports[-3:]}) == 3

        # Calls at the same time, at all of them, leave one sound trail.
        server.answers(*[Reply.of(ISSUE)] * 60)
        with ThreadPoolExecutor(12) as pool:
            assert {*pool.map(lambda _: _title(client), range(60))} == {"Fix it"}
        trail = Audit(store)
        trail.verify()
        assert sum(entry["kind"] == "call" and entry["outcome"] == "done" for _, entry in trail.entries()) == 63

        # The same write under the same key happens once, wherever it arrives.
        server.seen.clear()
        server.answers(Reply.of(ISSUE, 201), Reply.of(ISSUE))
        ids = {tasks.create(title="x", project_id="1", idempotency_key="k-1").id for _ in range(3)}
        assert ids == {"7"}
        assert [seen.method for seen in server.seen].count("POST") == 1

        # One dies: the others serve.
        running[1][1].kill()
        running[1][1].wait(10)
        server.answers(*[Reply.of(ISSUE)] * 6)
        assert [_title(client) for _ in range(6)] == ["Fix it"] * 6

        unified(home, "broker", "keys", "revoke", made["id"])
        time.sleep(1.1)
        for _ in range(3):
            with pytest.raises(Unauthorized):
                _title(client)
        store.close()


def _title(client: Client) -> Any:
    with client:
        return tasks.get("7").title


def test_budgets_in_redis_are_one_count(counting: str) -> None:
    vendor = dataclasses.replace(VENDOR, limits=(Limit("default", 5, 60),))
    connection = Connection(vendor, basic("me", "password"), {}, server="http://127.0.0.1:1", user=secrets.token_hex(8))
    first, second = RedisBudget(counting), RedisBudget(counting)
    endpoint, deadline = Endpoint("getIssue", "GET", "/issue/{id}", Retry.SAFE), time.monotonic() + 60
    request = Request(endpoint=endpoint, target="/issue/1")
    entries = [(budget, budget.entry(connection, request, "", deadline)) for budget in (first, second) * 4]
    waits = [budget.enter(entry) for budget, entry in entries[:7] if entry is not None]
    assert waits[:5] == [0.0] * 5
    assert all(0 < wait <= 61.2 for wait in waits[5:])


def issue(id: int, title: str) -> Reply:
    return Reply.of({"issue": _issue(id, title)}, 201)


def _issue(id: int, title: str) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"id": id, "subject": title, "project": {"id": 1}, "created_on": now}


def test_a_saga_of_a_worker_that_was_killed_is_taken_over_by_the_other(tmp_path: Path, server: Loopback, counting: str) -> None:
    """Handed in at two at the same time, it is made once."""
    with database(apart=True) as url, contextlib.ExitStack() as stack:
        home = {
            **os.environ,
            "UNIFIED_VAULT": url,
            "UNIFIED_VAULT_KEY": f"file:{tmp_path / 'vault.key'}",
            "UNIFIED_CONTROL": url,
            "UNIFIED_LEDGER": url,
            "UNIFIED_SAGAS": url,
        }
        connect(home, server)
        key = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "tasks")["key"]
        workers = [stack.enter_context(process(home, "--redis", counting, "--sagas", url)) for _ in range(2)]
        drafts = []
        for address, _ in workers:
            drafts.append(Client(broker=address, key=key).saga("onboard", id="bob"))
            for title in "ABC":
                drafts[-1].add(tasks.create, title=title, project_id="1", via="redmine")

        # The second step is under way when the one that makes it dies.
        server.answers(issue(1, "A"), issue(1, "A"), Reply(delay=60))
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda draft: draft.submit(), drafts))
        _until(lambda: len(server.seen) == 3)
        (row,) = unified(home, "sagas", "list", "--store", url)
        assert (row["name"], row["state"]) == ("onboard", "running")
        server.answers(Reply.of({"issues": [_issue(2, "B")], "total_count": 1}), issue(2, "B"), issue(3, "C"), issue(3, "C"))
        victim = next(number for number, (_, worker) in enumerate(workers) if _runs(worker.pid, urlsplit(server.url).port or 0))
        workers[victim][1].kill()
        workers[victim][1].wait(10)

        # The other finds what was sent, and goes on.
        report = _ended(drafts[1 - victim])
        assert (report.state, report.left) == ("done", ())
        assert [(seen.method, seen.json["issue"]["subject"]) for seen in server.seen if seen.method == "POST"] == [
            ("POST", title) for title in "ABC"
        ]
        shown = unified(home, "sagas", "show", row["id"], "--store", url)
        assert (shown["state"], shown["left"]) == ("done", [])
        steps = [step for step in shown["steps"] if "tasks.create" in step["name"]]
        assert [step["name"].partition(":")[0] for step in steps][:1] == ["1 tasks.create on redmine"]
        assert {step["name"].partition(" ")[0] for step in steps} == {"1", "2", "3"}


def _runs(process: int, port: int) -> bool:
    """Whether a process holds a connection to the vendor's port open."""
    wanted = f"{port:04X}"
    held = {os.readlink(f"/proc/{process}/fd/{name}") for name in os.listdir(f"/proc/{process}/fd")}
    rows = [line.split() for line in Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]]
    return any(row[2].endswith(f":{wanted}") and row[3] == "01" and f"socket:[{row[9]}]" in held for row in rows)


def _ended(draft: Any) -> Report:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            report: Report = draft.report(wait=5)
        except Unavailable:
            continue
        if report.state not in {"running", "waiting"}:
            return report
    pytest.fail("the saga does not end")


def _until(true: Any) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
