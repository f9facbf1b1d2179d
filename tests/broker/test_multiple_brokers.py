"""Three broker processes as one: Postgres holds their shared state, Redis their counters, and a call may go to any of them."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import redis

from tests.broker.test_broker_command import ISSUE, connect, process, unified
from tests.support.postgres import database
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified.models.tasks import Task
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.chain_keys import keys_of
from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog
from unified_platform.rate_limits.redis import RedisRateLimiter
from unified_runtime import ApprovalRequired, Client, Connection, Page, Unauthorized, Unavailable, basic, using
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.messages import Request
from unified_runtime.core.vendors import Limit
from unified_runtime.core.wire.sagas import Report

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
        pytest.skip(f"Redis does not respond: {error}")
    return REDIS


class Balancer(httpx2.BaseTransport):
    """Send each request to the next broker, skipping one that does not respond."""

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


def test_two_workers_share_cursors_approvals_and_revocations(tmp_path: Path, server: Loopback) -> None:
    """`--workers 2` on SQLite. Each client has a connection of its own, so that both workers receive some."""
    (tmp_path / "ask.cedar").write_text(POLICY)
    home = {
        **os.environ,
        "UNIFIED_VAULT": str(tmp_path / "vault.db"),
        "UNIFIED_VAULT_KEY": f"file:{tmp_path / 'vault.key'}",
        "UNIFIED_CONTROL": str(tmp_path / "control.db"),
        "UNIFIED_IDEMPOTENCY": str(tmp_path / "idempotency.db"),
    }
    connect(home, server)
    made = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "tasks")
    with process(home, "--workers", "2", "--policies", str(tmp_path / "ask.cedar")) as (url, _):

        def separate(function: Callable[[], Any]) -> Any:
            with contextlib.closing(Client(broker=url, key=made["key"])) as client, using(client):
                return function()

        def listed(cursor: str | None) -> Page[Task]:
            return next(iter(tasks.list(project_id="1", limit=1, cursor=cursor).pages()))

        with pytest.raises(ApprovalRequired) as caught:
            separate(lambda: listed(None))
        with pytest.raises(ApprovalRequired) as again:
            separate(lambda: listed(None))
        assert again.value.approval == caught.value.approval
        ApprovalStore(open_store(home["UNIFIED_CONTROL"])).approve(caught.value.approval, by="ada")
        server.answers(*[page(number, offset=number - 1, total=9) for number in range(1, 10)])
        cursor, read = None, []
        for _ in range(9):
            found = separate(partial(listed, cursor))
            read += [task.id for task in found.items]
            cursor = found.cursor
        assert (read, cursor) == ([str(number) for number in range(1, 10)], None)
        with pytest.raises(ApprovalRequired):
            separate(lambda: listed(None))

        server.seen.clear()
        server.answers(Reply.of(ISSUE, 201), Reply.of(ISSUE))
        with ThreadPoolExecutor(8) as pool:
            writes = pool.map(lambda _: separate(lambda: tasks.create(title="Fix it", project_id="1", idempotency_key="k-1").id), range(8))
            assert {*writes} == {"7"}
        assert [seen.method for seen in server.seen].count("POST") == 1

        unified(home, "broker", "keys", "revoke", made["id"])
        time.sleep(1.1)
        for _ in range(8):
            with pytest.raises(Unauthorized, match="was revoked"):
                separate(lambda: tasks.get("7"))


def test_three_processes_are_one_broker(tmp_path: Path, server: Loopback, counting: str) -> None:
    (tmp_path / "ask.cedar").write_text(POLICY)
    with database() as url, contextlib.ExitStack() as stack:
        home = {
            **os.environ,
            "UNIFIED_VAULT": url,
            "UNIFIED_VAULT_KEY": f"file:{tmp_path / 'vault.key'}",
            "UNIFIED_CONTROL": url,
            "UNIFIED_IDEMPOTENCY": url,
        }
        connect(home, server)
        made = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "tasks")
        words = ("--redis", counting, "--policies", str(tmp_path / "ask.cedar"))
        running = [stack.enter_context(process(home, *words)) for _ in range(3)]
        balancer = Balancer([one for one, _ in running])
        client = stack.enter_context(using(Client(balancer, broker=running[0][0], key=made["key"])))

        # A list whose single approval was spent at one of them is continued at the others.
        with pytest.raises(ApprovalRequired) as caught:
            list(tasks.list(project_id="1", limit=1))
        store = open_store(url)
        ApprovalStore(store).approve(caught.value.approval, by="ada")
        server.answers(*[page(id, offset=id - 1, total=3) for id in (1, 2, 3)])
        assert [task.id for task in tasks.list(project_id="1", limit=1)] == ["1", "2", "3"]
        assert len({*balancer.ports[-3:]}) == 3

        # Calls at the same time, at all of them, leave one valid audit log.
        server.answers(*[Reply.of(ISSUE)] * 60)
        with ThreadPoolExecutor(12) as pool:
            assert {*pool.map(lambda _: _title(client), range(60))} == {"Fix it"}
        audit_log = StoredAuditLog(store, keys_of(home["UNIFIED_VAULT_KEY"]))
        audit_log.verify()
        assert sum(entry["kind"] == "call" and entry["outcome"] == "done" for _, entry in audit_log.entries()) == 63

        # The same write under the same key is executed once, at any of them.
        server.seen.clear()
        server.answers(Reply.of(ISSUE, 201), Reply.of(ISSUE))
        ids = {tasks.create(title="Fix it", project_id="1", idempotency_key="k-1").id for _ in range(3)}
        assert ids == {"7"}
        assert [seen.method for seen in server.seen].count("POST") == 1

        # One dies: the others continue.
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
    with using(client):
        return tasks.get("7").title


def test_rate_limits_in_redis_are_one_count(counting: str) -> None:
    vendor = dataclasses.replace(VENDOR, limits=(Limit("default", 5, 60),))
    connection = Connection(vendor, basic("me", "password"), {}, server="http://127.0.0.1:1", user=secrets.token_hex(8))
    first, second = RedisRateLimiter(counting), RedisRateLimiter(counting)
    endpoint, deadline = Endpoint("getIssue", "GET", "/issue/{id}", Retry.SAFE), time.monotonic() + 60
    request = Request(endpoint=endpoint, target="/issue/1")
    entries = [(limit, limit.entry(connection, request, "", deadline)) for limit in (first, second) * 4]
    waits = [limit.enter(entry) for limit, entry in entries[:7] if entry is not None]
    assert waits[:5] == [0.0] * 5
    assert all(0 < wait <= 61.2 for wait in waits[5:])


def issue(id: int, title: str) -> Reply:
    return Reply.of({"issue": _issue(id, title)}, 201)


def _issue(id: int, title: str) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"id": id, "subject": title, "project": {"id": 1}, "created_on": now}


def test_a_saga_of_a_worker_that_was_killed_is_taken_over_by_the_other(tmp_path: Path, server: Loopback, counting: str) -> None:
    """Submitted to two at the same time, it is executed once."""
    with database(separate=True) as url, contextlib.ExitStack() as stack:
        home = {
            **os.environ,
            "UNIFIED_VAULT": url,
            "UNIFIED_VAULT_KEY": f"file:{tmp_path / 'vault.key'}",
            "UNIFIED_CONTROL": url,
            "UNIFIED_IDEMPOTENCY": url,
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

        # The second step is in progress when its process dies.
        server.answers(issue(1, "A"), issue(1, "A"), Reply(delay=60))
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda draft: draft.submit(), drafts))
        _until(lambda: len(server.seen) == 3)
        (row,) = unified(home, "sagas", "list", "--store", url)
        assert (row["name"], row["state"]) == ("onboard", "running")
        server.answers(Reply.of({"issues": [_issue(2, "B")], "total_count": 1}), Reply(204))
        victim = next(number for number, (_, worker) in enumerate(workers) if _runs(worker.pid, urlsplit(server.url).port or 0))
        workers[victim][1].kill()
        workers[victim][1].wait(10)

        # The other finds a record without proof that it is the step's. It leaves it to a person, and undoes the first step.
        report = _ended(drafts[1 - victim])
        assert (report.state, report.undone) == ("needs you", ("1 tasks.create on redmine",))
        assert [(left.step, "it may be 2 'B'" in left.todo) for left in report.left] == [("2 tasks.create on redmine", True)]
        assert [seen.json["issue"]["subject"] for seen in server.seen if seen.method == "POST"] == ["A", "B"]
        assert [seen.target for seen in server.seen if seen.method == "DELETE"] == ["/issues/1.json"]
        shown = unified(home, "sagas", "show", row["id"], "--store", url)
        assert (shown["state"], len(shown["left"])) == ("needs you", 1)
        steps = [step for step in shown["steps"] if "tasks.create" in step["name"]]
        assert [step["name"].partition(":")[0] for step in steps][:1] == ["1 tasks.create on redmine"]
        assert {step["name"].partition(" ")[0] for step in steps} >= {"1", "2"}


def _runs(process: int, port: int) -> bool:
    """Return true if a process has an open connection to the vendor's port."""
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
