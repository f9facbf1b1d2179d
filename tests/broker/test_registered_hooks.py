"""Webhooks that a broker registers at a vendor by its settings, and that a command registers: their events reach agents."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn

from tests.broker.test_broker_command import process, unified
from tests.support.brokers import free_port
from unified import repositories, tasks, users, webhook_subscriptions
from unified_emulation.serving.app import create
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.server import config
from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog
from unified_platform.inbox import follow
from unified_platform.vault import open_vault
from unified_runtime import Client, InvalidInput, acting, using


@pytest.fixture
def emulators(home: dict[str, str]) -> Iterator[str]:
    server = uvicorn.Server(config(create(Emulators(["gitea"])), "127.0.0.1", 0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    url = home["UNIFIED_EMULATOR"] = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield url
    server.should_exit = True
    thread.join()


def wait_for(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end, "it did not happen within 30 seconds"
        time.sleep(0.1)


def test_a_broker_registers_the_hooks_of_its_settings(home: dict[str, str], emulators: str, tmp_path: Path) -> None:
    command(home, "connect", "gitea", "--emulated", "--user", "alice")
    vendor = Client(emulated=emulators)
    with using(vendor), acting(via="gitea"):
        first, second = (one.id for one in itertools.islice(repositories.list(), 2))
    (tmp_path / "broker.toml").write_text(
        f"inbox = '{tmp_path / 'inbox.db'}'\n"
        f"[[hooks]]\nname = 'board'\nvendor = 'gitea'\nuser = 'alice'\nregister = true\nscopes = ['{first}']\nevents = ['task.created']\n"
    )
    key = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "*")["key"]
    port = free_port()
    with process(home, "--config", str(tmp_path / "broker.toml"), port=port) as (url, _), Client(broker=url, key=key) as agent:
        wait_for(lambda: any(hook["registrations"][0]["id"] for hook in unified(home, "inbox", "registrations")))
        unified(home, "inbox", "register", "gitea", "--url", f"{url}/hooks/second", "--scope", second, "--user", "alice")
        with using(vendor), acting(via="gitea"):
            made = [tasks.create(title=f"In {scope}", project_id=scope) for scope in (first, second)]
            me = users.me().id
        with using(agent), acting(user="alice"):
            received = {
                event.source: (event.type, event.record, event.actor, tasks.get(event.record, via=event.vendor).title)
                for event in itertools.islice(follow("triage", client=agent, wait=30), 2)
            }
            with pytest.raises(InvalidInput, match="is not an operation"):
                webhook_subscriptions.create(url=f"{url}/hooks/own", scope_id=first, via="gitea")
        assert received == {
            "board": ("task.created", made[0].id, me, made[0].title),
            "second": ("task.created", made[1].id, me, made[1].title),
        }
    with process(home, "--config", str(tmp_path / "broker.toml"), port=port):
        before = unified(home, "inbox", "registrations")
        time.sleep(2)
        assert [one["name"] for one in before] == ["board", "second"]
    with using(vendor), acting(via="gitea"):
        assert len([one for one in webhook_subscriptions.list(scope_id=first) if one.url == f"{url}/hooks/board"]) == 1
    command(home, "inbox", "unregister", "second")
    assert [hook["name"] for hook in unified(home, "inbox", "registrations")] == ["board"]
    vault = open_vault(home["UNIFIED_VAULT"], key=home["UNIFIED_VAULT_KEY"])
    (hook,) = vault.hooks.all()
    (secret,) = (one.reveal().encode() for one in hook.secrets)
    vault.close()
    assert not any(secret in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    entries = [entry for _, entry in StoredAuditLog(open_store(home["UNIFIED_CONTROL"])).entries()]
    assert "webhook_subscriptions.create" in {entry["operation"] for entry in entries}


def command(home: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "unified_platform.cli", *words], env=home, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
