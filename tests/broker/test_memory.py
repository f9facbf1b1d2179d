"""Memory of an agent's process that used the broker, as a debugger reads it: it does not contain the vendor's secret."""

from __future__ import annotations

import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.broker.test_broker_command import ISSUE, process, server, unified
from tests.support.vaults import KEY, record
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.vault import open_vault
from unified_runtime import Secret

__all__ = ["server"]  # a fixture

AGENT = """
import sys
from unified import tasks
from unified_runtime import Client, using
from unified_runtime.core import errors
with Client(broker=sys.argv[1], key=sys.argv[2]) as client, using(client):
    for id in ("7", "8", "9"):
        try:
            print(tasks.get(id).raw, flush=True)
        except errors.UnifiedError as error:
            print(error, error.done, flush=True)
    try:
        tasks.create(title="x", project_id="1")
    except errors.UnifiedError as error:
        print(error, flush=True)
    print(tasks.get.plan("7"), flush=True)
print("done", flush=True)
sys.stdin.read()
"""


def found(pid: int, wanted: bytes) -> int:
    """Return the number of times that the bytes are in the memory that a process can read and write."""
    count = 0
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", line)
            if match is None or "[v" in line:  # vvar and vsyscall cannot be read
                continue
            start, end = (int(one, 16) for one in match.groups())
            try:
                memory.seek(start)
                count += memory.read(end - start).count(wanted)
            except OSError:
                continue
    return count


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="there is no /proc/PID/mem here to look into")
def test_the_agents_memory_never_held_the_secret(home: dict[str, str], server: Loopback) -> None:
    sentinel = f"sentinel-{secrets.token_hex(16)}"
    vault = open_vault(home["UNIFIED_VAULT"], key=home["UNIFIED_VAULT_KEY"])
    vault.put(record(user="alice", values={"url": server.url}, secrets={KEY: Secret(sentinel)}))
    vault.close()
    key = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "*")["key"]
    # The vendor echoes the key it was sent, in a record, in an error, and in a failed write.
    echoing = {"issue": {**ISSUE["issue"], "subject": f"your key is {sentinel}", "description": sentinel}}
    server.answers(
        Reply.of(ISSUE), Reply.of(echoing), Reply.of({"errors": [f"not with {sentinel}"]}, 422), Reply.of({"errors": [sentinel]}, 422)
    )
    with process(home) as (url, broker):
        agent = subprocess.Popen(
            [sys.executable, "-c", AGENT, url, key], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=home | {"PYTHONPATH": ""}
        )
        try:
            assert agent.stdout is not None
            lines = []
            while (line := agent.stdout.readline().decode()) and line != "done\n":
                lines.append(line)
            assert lines, "the agent made its calls"
            assert len(server.seen) == 4
            assert all(seen.headers["X-Redmine-API-Key"] == sentinel for seen in server.seen)
            assert found(agent.pid, key.encode()) > 0, "the search finds what is there: the agent's own key"
            assert found(broker.pid, sentinel.encode()) > 0, "and the secret, in the broker"
            assert found(agent.pid, sentinel.encode()) == 0
            assert found(agent.pid, sentinel.encode("utf-16-le")) == 0
        finally:
            agent.communicate(timeout=10)
