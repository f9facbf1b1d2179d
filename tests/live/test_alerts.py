"""Shipped alerts: each fires on its fault, and clears afterwards; a real Prometheus scrapes a real broker.

The rules are those of `deploy/prometheus`, with each minute shortened to a second. All faults are present at the same time, each at a
vendor of its own; no other alert may fire.
"""

from __future__ import annotations

import hmac
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.broker.test_broker_command import process, unified
from tests.sagas.world import World
from tests.support.brokers import free_port
from tests.support.servers import prometheus
from tests.support.servers.prometheus import FAST, Prometheus, alerts, shortened
from tests.support.vaults import record
from tests.unit.runtime.server import Loopback, Reply
from unified import companies, deals, tasks, users
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_platform.vault import Kind, open_vault
from unified_runtime import Client, Secret, Settings, UnifiedError, using
from unified_runtime.client.saga_steps import NOTHING
from unified_runtime.core.wire import protocol

pytestmark = [pytest.mark.live, pytest.mark.skipif(prometheus.missing() is not None, reason=prometheus.missing() or "")]

HOOK = "the secret of a hook"
LATE = 8.0
"""Seconds for which events are delayed: more than the five to which the shipped five minutes are shortened."""
SLOW = 11.0
"""Seconds of a slow vendor's responses; a threshold in seconds is not shortened."""
STUCK = 6, 15.0
"""Steps of a saga with little progress, and the seconds of each: together more than the shipped hour, as a minute, and the delay."""

EXPECTED = {
    ("UnifiedUnauthorizedSpike", "jira"),
    ("UnifiedErrorRate", "asana"),
    ("UnifiedErrorRate", "zendesk"),  # a server that is down fails calls until its circuit is open, and while it is
    ("UnifiedCircuitOpen", "zendesk"),
    ("UnifiedErrorRate", "matrix"),  # calls that need a new credential fail meanwhile
    ("UnifiedRefreshFailures", "matrix"),
    ("UnifiedLatency", "hubspot"),
    ("UnifiedRateLimitExhausted", "pipedrive"),
    ("UnifiedWebhookLag", "github"),
    ("UnifiedReaderStopped", ""),
    ("UnifiedSagaStuck", ""),
    ("UnifiedSagaUndoFailed", ""),
    ("UnifiedApprovalsWaiting", ""),
    ("UnifiedKeysRejected", ""),
}
DOWN = ("UnifiedBrokerDown", "")


class Vendor(Loopback):
    """Respond to each request as currently configured."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.well
        vendor = self

        class Script:
            def popleft(self) -> Reply:
                return vendor.now()

            def __len__(self) -> int:
                return 1

        self.script = Script()  # type: ignore[assignment]

    def well(self) -> Reply:
        """A missing record is the caller's error: a vendor that reports it is healthy. Its tokens are valid for seconds."""
        if self.seen[-1].target.endswith("/refresh"):
            return Reply.of({"access_token": "new", "refresh_token": "r", "expires_in_ms": 4000})
        return Reply(404)


class Faults:
    """Broker with vendors, agents that use them all the time, and the faults."""

    def __init__(self, home: dict[str, str], folder: Path, stack: ExitStack) -> None:
        self.over = threading.Event()
        self._home, self._folder = home, folder
        self.vendors = {name: Vendor() for name in ("jira", "asana", "zendesk", "matrix", "hubspot", "pipedrive")}
        self.world = World()
        for server in (*self.vendors.values(), self.world):
            stack.callback(server.close)
        self._connected()
        self.metrics = f"127.0.0.1:{free_port()}"
        policy, config = folder / "policy.cedar", folder / "broker.toml"
        policy.write_text(
            "permit (principal, action, resource);\n"
            '@id("deletions") @approval("a person decides") forbid (principal, action == Action::"tasks.delete", resource)\n'
            'unless { principal == Agent::"sagas" };\n'
        )
        config.write_text(
            f"metrics = '{self.metrics}'\nsagas = '{folder / 'sagas.db'}'\ninbox = '{folder / 'inbox.db'}'\npolicies = ['{policy}']\n"
            "[[hooks]]\nname = 'board'\nvendor = 'github'\nsecret_env = ['BOARD_SECRET']\n"
        )
        self.keys = {name: self._key(name) for name in ("helper", "sagas")}
        self.url, self.broker = stack.enter_context(process(home | {"BOARD_SECRET": HOOK}, "--config", str(config)))
        self.late = 0.0
        self.refused = False
        stack.callback(self.over.set)

    def _connected(self) -> None:
        vault = open_vault(self._home["UNIFIED_VAULT"], key=self._home["UNIFIED_VAULT_KEY"])
        basic: dict[str, Any] = {"scheme": "basicAuth", "kind": Kind.BASIC, "username": "me", "secrets": {"password": Secret("p")}}

        def bearer(scheme: str) -> dict[str, Any]:
            return {"scheme": scheme, "kind": Kind.BEARER, "secrets": {"token": Secret("t")}}

        tokens = {"access_token": Secret("old"), "refresh_token": Secret("r")}
        for vendor, more in {
            "jira": basic | {"values": {"site": "acme"}},
            "asana": bearer("oauth2") | {"values": {"workspace": "1"}},
            "zendesk": basic | {"values": {"subdomain": "acme"}},
            "matrix": {
                "scheme": "accessTokenBearer",
                "kind": Kind.OAUTH,
                "secrets": tokens,
                "expires_at": time.time() - 60,
                "values": {"url": self.vendors["matrix"].url},
            },
            "hubspot": bearer("private_apps"),
            "pipedrive": bearer("oauth2"),
            "todoist": bearer("bearerAuth"),
        }.items():
            server = self.world.url if vendor == "todoist" else self.vendors[vendor].url
            vault.put(record(vendor, user="alice", **({"server": server} | more)))
        vault.close()

    def _key(self, agent: str) -> str:
        made: str = unified(self._home, "broker", "keys", "create", "--agent", agent, "--user", "alice", "--toolset", "*")["key"]
        return made

    # ------------------------------------------------------------------------------------------------ background traffic
    def agents(self) -> list[threading.Thread]:
        requests: list[tuple[int, float, Callable[[], object]]] = [
            (1, 0.3, lambda: tasks.get("P-1", via="jira")),
            (1, 0.5, lambda: tasks.create(title="x", project_id="1", via="asana")),
            (1, 0.3, lambda: tasks.get("1", via="zendesk")),
            (1, 0.5, lambda: users.me(via="matrix")),
            (10, 1.0, lambda: companies.get("1", via="hubspot")),
            (1, 0.5, lambda: deals.get("1", via="pipedrive")),
        ]
        works = [lambda ask=ask, every=every: self._requesting(ask, every) for count, every, ask in requests for _ in range(count)]
        made = [threading.Thread(target=work) for work in (*works, self._delivering, self._reading, self._guessing)]
        for thread in made:
            thread.start()
            time.sleep(0.15)  # not all at the same time
        return made

    def _requesting(self, ask: Callable[[], object], every: float) -> None:
        with using(Client(broker=self.url, key=self.keys["helper"], settings=Settings(attempts=1, deadline=20))):
            while not self.over.wait(every):
                with suppress(UnifiedError):
                    ask()

    def _delivering(self) -> None:
        with httpx2.Client() as client:
            number = 0
            while not self.over.wait(0.5):
                number += 1
                issue = {"action": "opened", "repository": {"name": "w", "owner": {"login": "a"}}, "issue": {"number": number}}
                body = json.dumps(issue).encode()
                signature = hmac.new(HOOK.encode(), body, "sha256").hexdigest()
                headers = {"X-GitHub-Event": "issues", "X-GitHub-Delivery": str(number), "X-Hub-Signature-256": f"sha256={signature}"}
                client.post(f"{self.url}/hooks/board", content=body, headers=headers)

    def _reading(self) -> None:
        """Reader that reads events at once, or so many seconds later."""
        token, done, held = None, 0, 0.0
        headers = {"Authorization": f"Bearer {self.keys['helper']}"}
        with httpx2.Client(headers=headers, timeout=30) as client:
            while not self.over.wait(0.5):
                if self.late > held:  # it has begun to lag: from now on its delay is constant
                    self.over.wait(self.late - held)
                held = self.late
                requested = {"reader": "board", "token": token, "done": done, "limit": 1 if held else 500}
                found = client.post(self.url + protocol.EVENTS, json=requested).json()
                token = found["token"]
                done = max([done, *(event["position"] for event in found.get("events", ()))])

    def _events(self, **requested: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.keys['helper']}"}
        reported: dict[str, Any] = httpx2.post(self.url + protocol.EVENTS, json=requested, headers=headers, timeout=30).json()
        return reported

    def _guessing(self) -> None:
        with httpx2.Client(headers={"Authorization": "Bearer unified_wrong"}) as client:
            while not self.over.wait(0.1):
                if self.refused:
                    client.post(self.url + protocol.CALL)

    # ------------------------------------------------------------------------------------------------ faults
    def begin(self) -> None:
        """Inject every fault except the broker's own."""
        vendors = self.vendors
        round_ = iter(range(10**6))
        vendors["jira"].now = lambda: Reply(401)
        vendors["asana"].now = lambda: Reply(500 if next(round_) % 2 else 422)
        vendors["zendesk"].now = lambda: Reply(hang_up=True)
        vendors["matrix"].now = lambda: Reply(503)
        # The first responses are spread, so that later ones do not all come at once, with pauses in between.
        spread = iter(range(10))
        vendors["hubspot"].now = lambda: Reply(404, delay=SLOW + 1.1 * next(spread, 0))
        vendors["pipedrive"].now = lambda: Reply(429, headers={"Retry-After": "30"})
        self.late, self.refused = LATE, True
        # It has read, and leaves; later events wait for it.
        self._events(reader="away", token=self._events(reader="away")["token"], leave=True)
        steps, self.world.slow["hangs"] = STUCK
        self.world.refused |= {"refused", "DELETE /tasks/1"}
        with using(Client(broker=self.url, key=self.keys["helper"])):
            for number in range(21):
                with pytest.raises(UnifiedError, match="a person decides"):
                    tasks.delete(f"P-{number}", via="jira")
        client = Client(broker=self.url, key=self.keys["sagas"])
        broken = client.saga("broken", id="broken")
        broken.add(tasks.create, title="A", via="todoist")
        broken.add(tasks.create, title="refused", via="todoist")
        broken.submit()
        hanging = client.saga("hanging", id="hanging")
        for _ in range(steps):
            hanging.add(tasks.create, title="hangs", via="todoist", undo=NOTHING)
        hanging.submit()

    def end(self) -> None:
        """Remove every fault, or resolve it as a person would."""
        for vendor in self.vendors.values():
            vendor.now = vendor.well
        self.late, self.refused = 0.0, False
        approvals = ApprovalStore(open_store(self._home["UNIFIED_CONTROL"]))
        for waiting in approvals.list():
            approvals.deny(waiting.id, by="ada")
        subprocess.run(
            [*UNIFIED, "inbox", "forget", "helper/away", "--inbox", str(self._folder / "inbox.db")],
            env=self._home,
            check=True,
            capture_output=True,
        )
        self.world.refused.discard("DELETE /tasks/1")
        store = str(self._folder / "sagas.db")
        (left,) = [saga["id"] for saga in unified(self._home, "sagas", "list", "--store", store) if saga["state"] == "needs you"]
        subprocess.run([*UNIFIED, "sagas", "retry", left, "--store", store], env=self._home, check=True, capture_output=True, timeout=60)


UNIFIED = [os.sys.executable, "-m", "unified_platform.cli"]  # type: ignore[attr-defined]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Environment with everything in the test's folder, for this process and those it starts."""
    for name in ("VAULT", "CONTROL", "IDEMPOTENCY", "USAGE"):
        monkeypatch.setenv(f"UNIFIED_{name}", str(tmp_path / f"{name.lower()}.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path / 'vault.key'}")
    return dict(os.environ)


@contextmanager
def stopped(running: subprocess.Popen[bytes]) -> Iterator[None]:
    running.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        running.send_signal(signal.SIGCONT)


def test_every_alert_fires_while_its_fault_is_there_and_clears_after_it(home: dict[str, str], tmp_path: Path) -> None:
    assert {name for name, _ in EXPECTED | {DOWN}} == set(alerts()), "each alert that ships has a fault here"
    fired: dict[tuple[str, str], float] = {}
    began = time.monotonic()

    def look(seen: Prometheus) -> set[tuple[str, str]]:
        now = seen.firing_for()
        for one in now - fired.keys():
            fired[one] = time.monotonic() - began
            print(f"{fired[one]:6.1f} s  {' '.join(one)}", flush=True)
        return now

    with ExitStack() as stack:
        faults = Faults(home, tmp_path, stack)
        seen = stack.enter_context(prometheus.running(shortened(faults.metrics, tmp_path, FAST), tmp_path))
        running = faults.agents()
        # Not before a window of each rule is full of successful calls.
        well = 'sum by (vendor) (rate(unified_attempts_total{result="404"}[5s])) > 0'
        assert seen.comes_to(lambda: {labels["vendor"] for labels, _ in seen.query(well)} == faults.vendors.keys()), seen.query(well)
        time.sleep(15)
        assert look(seen) == set()

        faults.begin()
        assert seen.comes_to(lambda: look(seen) and fired.keys() >= EXPECTED, within=120), EXPECTED - fired.keys()
        faults.end()
        assert seen.comes_to(lambda: look(seen) == set(), within=90), look(seen)
        assert fired.keys() == EXPECTED

        with stopped(faults.broker):
            assert seen.comes_to(lambda: DOWN in look(seen))
        assert seen.comes_to(lambda: look(seen) == set())
        assert all(thread.is_alive() for thread in running), "all was asked for to the end"
        faults.over.set()
        for thread in running:
            thread.join(30)
    assert fired.keys() == EXPECTED | {DOWN}
