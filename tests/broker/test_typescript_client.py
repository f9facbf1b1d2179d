"""A TypeScript client, generated from the broker's OpenAPI document by a public generator, makes calls."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import httpx2
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.broker.test_broker_command import process, unified
from tests.broker.test_rolling_update import Vendor, redmine
from tests.support.vaults import record
from unified_platform.broker.agent_routes import AgentRoutes
from unified_platform.broker.openapi import PATH, document
from unified_platform.broker.parts import Broker
from unified_platform.vault import open_vault

redmine = redmine

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "tests" / "support" / "typescript_client"
MODULES = ROOT / ".cache" / "typescript-client" / "node_modules"
"""Folder into which `make typescript-client` installs the generator."""
COMPILER = ("--strict", "--target", "es2022", "--module", "node16", "--esModuleInterop", "--types", "node", "--skipLibCheck")


def missing() -> str | None:
    """Return the reason that the client cannot be generated here; None if it can."""
    if shutil.which("node") is None:
        return "node is not installed"
    return None if (MODULES / "openapi-typescript").is_dir() else "the generator is not installed: make typescript-client"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the program and the installed packages."""
    made = tmp_path / "client"
    made.mkdir()
    shutil.copy(SOURCE / "client.ts", made)
    (made / "node_modules").symlink_to(MODULES)
    return made


def _run(folder: Path, *words: str) -> str:
    done = subprocess.run(["node", *words], cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_document_is_valid_and_published() -> None:
    OpenAPIV31SpecValidator(document()).validate()  # type: ignore[arg-type]  # its type is that of an abstract mapping
    published = json.loads((ROOT / "docs" / "reference" / "broker-api.json").read_text(encoding="utf-8"))
    assert published == document(), "unified broker openapi >docs/reference/broker-api.json"


def test_each_path_of_agents_is_described(broker: Broker) -> None:
    described = {path for path, item in document()["paths"].items() if "post" in item}
    assert described == set(AgentRoutes(broker).endpoints)


@pytest.fixture
def broker(running: tuple[Broker, str]) -> Broker:
    return running[0]


@pytest.mark.skipif(missing() is not None, reason=missing() or "")
def test_a_generated_client_makes_calls(home: dict[str, str], redmine: Vendor, folder: Path) -> None:
    vault = open_vault(home["UNIFIED_VAULT"], key=home["UNIFIED_VAULT_KEY"])
    vault.put(record(user="alice", values={"url": f"http://127.0.0.1:{redmine.server_port}"}))
    vault.close()
    words = ("--agent", "helper", "--user", "alice", "--toolset", "tasks.create")
    key = str(unified(home, "broker", "keys", "create", *words)["key"])
    with process(home) as (url, _):
        served = httpx2.get(f"{url}{PATH}")
        assert served.json() == document(url)
        (folder / "openapi.json").write_bytes(served.content)
        _run(folder, "node_modules/openapi-typescript/bin/cli.js", "openapi.json", "--output", "broker.d.ts")
        _run(folder, "node_modules/typescript/bin/tsc", *COMPILER, "client.ts")
        printed = json.loads(_run(folder, "client.js", url, key))
    assert [task["title"] for task in printed["created"]] == ["From TypeScript"]
    assert redmine.created == ["From TypeScript"]
    assert printed["refused"]["error"] == "Denied"
    assert "toolset" in printed["refused"]["message"]
