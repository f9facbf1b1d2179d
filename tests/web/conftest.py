"""An application whose users connect accounts at emulated vendors over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from click.testing import CliRunner

from unified_emulation.serving.app import create
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.server import config
from unified_platform.cli import main
from unified_platform.vault import SealedVault, open_vault
from unified_runtime.http import network_policy

VENDORS = ("asana", "github", "jira", "redmine", "todoist", "trello")


@pytest.fixture(scope="session")
def emulated() -> Iterator[tuple[str, Emulators]]:
    """Return the address of emulators, and them."""
    emulators = Emulators(VENDORS)
    server = uvicorn.Server(config(create(emulators), "127.0.0.1", 0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        pass
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", emulators
    server.should_exit = True
    thread.join()


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[SealedVault]:
    made = open_vault(tmp_path / "vault.db", key=f"file:{tmp_path / 'vault.key'}")
    yield made
    made.close()
    network_policy.anywhere()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emulated: tuple[str, Emulators]) -> Path:
    """A folder with an empty vault, in which a user has connected the emulated Jira."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"UNIFIED_VAULT": "vault.db", "UNIFIED_CONTROL": "control.db", "UNIFIED_IDEMPOTENCY": "idempotency.db"}.items():
        monkeypatch.setenv(name, str(tmp_path / value))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path / 'vault.key'}")
    monkeypatch.setenv("UNIFIED_EMULATOR", emulated[0])
    done = CliRunner().invoke(main, ["connect", "jira", "--user", "alice", "-c", "site=acme", "--emulated"])
    assert done.exit_code == 0, done.output
    return tmp_path
