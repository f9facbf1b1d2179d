"""`unified broker`: keys from the command line, and the broker as a process of its own, stopped while it works."""

from __future__ import annotations

import hmac
import itertools
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.brokers import free_port
from tests.support.vaults import record
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog
from unified_platform.broker.config import load
from unified_platform.inbox import follow
from unified_platform.vault import open_vault
from unified_runtime import Client, InvalidInput, Unauthorized, acting, describe, using
from unified_runtime.core.context import current_acting

ISSUE = {"issue": {"id": 7, "subject": "Fix it", "project": {"id": 1, "name": "P"}, "status": {"id": 1, "name": "New"}}}


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


def unified(home: dict[str, str], *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "unified_platform.cli", *words, "--json"], env=home, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@contextmanager
def process(home: dict[str, str], *words: str, port: int | None = None) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = port or free_port()
    command = [sys.executable, "-m", "unified_platform.cli", "broker", "serve", "--port", str(port), "--inside", "127.0.0.1", *words]
    running = subprocess.Popen(command, env=home, stderr=subprocess.PIPE)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            assert running.poll() is None, running.stderr.read() if running.stderr else b""
            try:
                if httpx2.get(f"{url}/ready").status_code == 200:
                    break
            except httpx2.TransportError:
                time.sleep(0.05)
        else:
            pytest.fail("the broker does not become ready")
        yield url, running
    finally:
        running.terminate()
        running.wait(40)
        if running.stderr is not None:
            running.stderr.close()


def connect(home: dict[str, str], server: Loopback) -> None:
    vault = open_vault(home["UNIFIED_VAULT"], key=home["UNIFIED_VAULT_KEY"])
    vault.put(record(user="alice", values={"url": server.url}))
    vault.close()


def test_a_call_goes_from_the_agent_through_the_process_to_the_vendor(home: dict[str, str], server: Loopback) -> None:
    connect(home, server)
    made = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "tasks.read", "--note", "a test")
    with process(home) as (url, _):
        client = Client(broker=url, key=made["key"])
        with using(client):
            server.answers(Reply.of(ISSUE))
            assert tasks.get("7").title == "Fix it"
        (listed,) = unified(home, "broker", "keys", "list")
        assert (listed["status"], listed["agent"], listed["note"]) == ("active", "helper", "a test")
        assert "key" not in listed
        assert unified(home, "broker", "keys", "revoke", made["id"])["status"] == "revoked"
        time.sleep(1.1)
        with using(client), pytest.raises(Unauthorized, match="was revoked"):
            tasks.get("7")
    entries = [entry for _, entry in StoredAuditLog(open_store(home["UNIFIED_CONTROL"])).entries()]
    assert [(entry["kind"], entry.get("decision") or entry["outcome"]) for entry in entries] == [
        ("decision", "allow"),
        ("decision", "allow"),
        ("call", "done"),
    ]
    assert {(entry["by"], entry["agent"], entry["user"]) for entry in entries} == {(f"key {made['id']}", "helper", "alice")}


def test_a_call_that_runs_when_the_broker_stops_is_finished(home: dict[str, str], server: Loopback) -> None:
    connect(home, server)
    key = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "*")["key"]
    found: list[Any] = []

    def ask() -> None:
        with using(Client(broker=url, key=key)):
            found.append(tasks.get("7").title)

    with process(home) as (url, running):
        server.answers(Reply(200, json.dumps(ISSUE).encode(), {"Content-Type": "application/json"}, delay=1.5))
        thread = threading.Thread(target=ask)
        thread.start()
        for _ in range(1000):
            if server.seen:
                break
            time.sleep(0.01)
        running.send_signal(signal.SIGTERM)
        thread.join(20)
        running.wait(20)
    assert found == ["Fix it"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("proxies = ['*']", "not an address or network, such as 10.0.0.5"),
        ("proxies = ['0.0.0.0/0']", "not an address or network, such as 10.0.0.5"),
        ("proxies = ['nginx']", "not an address or network, such as 10.0.0.5"),
        ("prot = 1", "there is no setting 'prot'"),
        ("port = 'x'", "port"),
        ("[limits]\ncall = 3", "there is no limit 'call'"),
        ("[limits]\ncalls = 0", "must be positive"),
        ("host = '0.0.0.0'", "unencrypted"),
        ("certificate = 'a.pem'", "both"),
        ("url = 'broker'", "not an address"),
        ("[[issuers]]\nissuer = 'https://x'", "audience"),
        ("= 3", "not TOML"),
        ("[[hooks]]\nname = 'a'\nvendor = 'github'", "secret_env"),
        ("[[polls]]\nname = 'a'\nvendor = 'redmine'", "resource"),
    ],
)
def test_settings_that_are_wrong_are_reported(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "broker.toml").write_text(text)
    with pytest.raises(InvalidInput) as caught:
        load(tmp_path / "broker.toml")
    assert message in str(caught.value)


def test_a_description_is_the_same_through_the_broker(home: dict[str, str], server: Loopback) -> None:
    connect(home, server)
    key = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "*")["key"]
    responses = [
        Reply.of({"trackers": [{"id": 1, "name": "Bug", "enabled_standard_fields": []}, {"id": 2, "name": "Feature"}]}),
        Reply.of({"issue_statuses": [{"id": 1, "name": "New", "is_closed": False}, {"id": 5, "name": "Closed", "is_closed": True}]}),
        Reply.of({}, 403),  # custom fields are for administrators
    ]
    vault = open_vault(home["UNIFIED_VAULT"], key=home["UNIFIED_VAULT_KEY"])
    server.answers(*responses * 2)
    with using(Client(vault=vault.source())), acting(user="alice"):
        own = describe("tasks", via="redmine")
    seen = len(server.seen)
    server.script.clear()
    server.answers(*responses)
    with process(home) as (url, _), Client(broker=url, key=key) as client, using(client):
        broker_client = describe("tasks", via="redmine")
        assert client.connections.vendors(("redmine", "jira"), current_acting()) == ("redmine",)
    vault.close()
    assert broker_client == own
    assert [kind.name for kind in broker_client.types] == ["Bug", "Feature"]
    assert len(server.seen) == 2 * seen


def test_events_reach_the_agents_that_may_read_them(home: dict[str, str], server: Loopback, tmp_path: Path) -> None:
    connect(home, server)
    (tmp_path / "broker.toml").write_text(
        f"inbox = '{tmp_path / 'inbox.db'}'\n"
        "[[hooks]]\nname = 'board'\nvendor = 'github'\nsecret_env = ['BOARD_SECRET']\nuser = 'alice'\n"
        "[[polls]]\nname = 'desk'\nvendor = 'redmine'\nresource = 'tasks'\nevery = 1\nuser = 'alice'\ninput = {project_id = '1'}\n"
    )
    home["BOARD_SECRET"] = "It's a Secret to Everybody"
    key = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "tasks.read")["key"]
    blind = unified(home, "broker", "keys", "create", "--agent", "blind", "--user", "bob", "--toolset", "tasks.read")["key"]
    instant = (datetime.now(UTC) + timedelta(seconds=60)).isoformat(timespec="seconds").replace("+00:00", "Z")
    listed = {"issues": [ISSUE["issue"] | {"created_on": instant, "updated_on": instant}], "total_count": 1, "offset": 0, "limit": 100}
    server.answers(*[Reply.of(listed)] * 50)
    body = b'{"action": "opened", "repository": {"name": "w", "owner": {"login": "a"}}, "issue": {"number": 7}}'
    signature = hmac.new(home["BOARD_SECRET"].encode(), body, "sha256").hexdigest()
    headers = {"X-GitHub-Event": "issues", "X-GitHub-Delivery": "1", "X-Hub-Signature-256": f"sha256={signature}"}
    with process(home, "--config", str(tmp_path / "broker.toml")) as (url, _):
        assert httpx2.post(f"{url}/hooks/board", content=body, headers=headers).status_code == 200
        assert httpx2.post(f"{url}/hooks/board", content=body + b" ", headers=headers).status_code == 401
        with Client(broker=url, key=key) as client, using(client):
            followed = follow("triage", client=client, wait=30)
            received = {(event.vendor, event.type, event.record) for event in itertools.islice(followed, 2)}
            assert received == {("github", "task.created", "a/w#7"), ("redmine", "task.created", "7")}
        with Client(broker=url, key=blind) as client, using(client):
            assert list(follow("triage", client=client, wait=0)) == []
    assert any("updated_on" in target for target in server.targets)
    (entry,) = {(entry["agent"], entry["user"]) for _, entry in StoredAuditLog(open_store(home["UNIFIED_CONTROL"])).entries()}
    assert entry == ("poller", "alice"), "a poll is under the policy, as the agent that it names"
