"""Two brokers behind HAProxy are replaced one after the other while agents read and write."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.broker import test_tls
from tests.broker.test_broker_command import ISSUE, process, unified
from tests.broker.test_proxies import haproxy
from tests.broker.test_tls import Authority
from tests.support.brokers import free_port
from tests.support.vaults import record
from unified import tasks
from unified_platform.vault import open_vault
from unified_runtime import Client, UnifiedError, using

authority = test_tls.authority

AGENTS = 4
DELAY = 5
"""Seconds; more than HAProxy needs to notice a failed health check (`inter 2s fall 2` in docs/how-to/broker.md)."""
BETWEEN = 2.0
"""Seconds of load before and after each replacement."""


class Vendor(ThreadingHTTPServer):
    """Redmine that stores the subjects of created issues."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.created: list[str] = []
        self.lock = threading.Lock()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: Vendor

    def do_GET(self) -> None:
        number = int(self.path.partition(".json")[0].rpartition("/")[2])
        self._send(200, number)

    def do_POST(self) -> None:
        subject = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["issue"]["subject"]
        with self.server.lock:
            self.server.created.append(subject)
            number = len(self.server.created)
        self._send(201, number)

    def _send(self, status: int, number: int) -> None:
        body = json.dumps({"issue": ISSUE["issue"] | {"id": number, "subject": self.server.created[number - 1]}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def redmine() -> Iterator[Vendor]:
    with Vendor() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def key(home: dict[str, str], redmine: Vendor) -> str:
    vault = open_vault(home["UNIFIED_VAULT"], key=home["UNIFIED_VAULT_KEY"])
    vault.put(record(user="alice", values={"url": f"http://127.0.0.1:{redmine.server_port}"}))
    vault.close()
    return str(unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "*")["key"])


class Agent(threading.Thread):
    """Agent that creates a task and reads it, again and again."""

    def __init__(self, client: Client, number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.client, self.number, self.stop = client, number, stop
        self.created: list[str] = []
        self.error: UnifiedError | None = None

    def run(self) -> None:
        with using(self.client):
            while not self.stop.is_set():
                title = f"{self.number}-{len(self.created)}"
                try:
                    made = tasks.create(title=title, project_id="1")
                    self.created.append(title)
                    tasks.get(made.id)
                except UnifiedError as error:
                    self.error = error
                    return


@pytest.mark.skipif(shutil.which("haproxy") is None, reason="haproxy is not installed (servers/install.sh)")
def test_no_call_is_lost(home: dict[str, str], key: str, redmine: Vendor, authority: Authority, tmp_path: Path) -> None:
    config = tmp_path / "broker.toml"
    config.write_text(
        f'url = "https://broker.example.com"\nproxies = ["127.0.0.1"]\nworkers = 2\nshutdown_delay = {DELAY}\n[limits]\nidle = 1\n'
    )
    ports = [free_port() for _ in range(2)]
    stop = threading.Event()
    with ExitStack() as stack:
        brokers = [stack.enter_context(process(home, "--config", str(config), port=port))[1] for port in ports]
        url = stack.enter_context(haproxy(authority, tmp_path, *(f"127.0.0.1:{port}" for port in ports)))
        inner = stack.enter_context(httpx2.Client(verify=authority.trusting()))
        agents = [Agent(Client(inner, broker=url, key=key), number, stop) for number in range(AGENTS)]
        for agent in agents:
            agent.start()
        for port, broker in zip(ports, brokers, strict=True):
            time.sleep(BETWEEN)
            _replaced(broker, port)
            stack.enter_context(process(home, "--config", str(config), port=port))
        time.sleep(BETWEEN)
        stop.set()
        for agent in agents:
            agent.join(20)
    assert [agent.error for agent in agents] == [None] * AGENTS
    created = Counter(title for agent in agents for title in agent.created)
    assert len(created) > 10 * AGENTS
    assert Counter(redmine.created) == created


def _replaced(broker: subprocess.Popen[bytes], port: int) -> None:
    """Stop a broker, which reports that it is not ready and still serves; return when it has ended."""
    broker.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    while httpx2.get(f"http://127.0.0.1:{port}/ready").status_code == 200:
        assert time.monotonic() - begun < DELAY
        time.sleep(0.05)
    assert httpx2.get(f"http://127.0.0.1:{port}/health").headers["connection"] == "close"
    broker.wait(40)
    assert time.monotonic() - begun >= DELAY


def test_a_second_signal_ends_the_delay(home: dict[str, str], tmp_path: Path) -> None:
    config = tmp_path / "broker.toml"
    config.write_text("shutdown_delay = 60\n")
    with process(home, "--config", str(config)) as (url, broker):
        broker.send_signal(signal.SIGTERM)
        while httpx2.get(f"{url}/ready").status_code == 200:
            time.sleep(0.05)
        broker.send_signal(signal.SIGTERM)
        broker.wait(20)


def test_stores_are_migrated_before_a_broker_starts(home: dict[str, str]) -> None:
    command = [sys.executable, "-m", "unified_platform.cli", "broker", "migrate"]
    done = subprocess.run(command, env=home, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert Path(home["UNIFIED_CONTROL"]).exists()
    assert unified(home, "broker", "keys", "list") == []
