"""`/mcp` on the broker with a toolkit of a vendor that has no mapping: its tools, its credential, and files at signed addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client.client import Client

from tests.broker.test_mcp import key, names, within
from tests.support.brokers import serving
from tests.unit.runtime.policies import MemoryAuditLog
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.toolkits.test_files import FILES
from unified_platform.broker import file_downloads
from unified_platform.broker.agent_keys import KeyStore
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.identity import Identity
from unified_platform.broker.limits import Limits
from unified_platform.broker.mcp import MCPMount
from unified_platform.broker.parts import Broker
from unified_platform.tools import FileAddresses, tools
from unified_runtime import AsyncClient, PolicyEnforcer, bearer
from unified_runtime import Client as SyncClient
from unified_runtime.rate_limits.rate_limiter import Unlimited
from unified_runtime.toolkits import adding

SECRET = "T0ken-of-the-disk"
CONTENT = bytes(range(256)) * 40
WORDS = ("disk.api",)


@pytest.fixture
def disk() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture
def url(disk: Loopback, keys: KeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("UNIFIED_TOOLKITS", str(tmp_path / "toolkits"))
    monkeypatch.setenv("UNIFIED_FILES", str(tmp_path / "files"))
    adding.add("disk", json.dumps(FILES).encode(), "disk.json")
    client = AsyncClient()
    client.connect("disk", bearer(SECRET), server=disk.url, user="alice")
    calls, identity = Calls(client, PolicyEnforcer(KeyScopePolicy(), audit=MemoryAuditLog()), Unlimited()), Identity(keys)
    signed = FileAddresses("https://broker.example/files", b"k" * 32, lifetime=600)
    mounted = MCPMount(calls, identity, Limits(), "https://broker.example", files=signed)
    routes = [*mounted.routes(), *file_downloads.routes(signed)]
    with serving(Broker(calls, identity, routes=routes, around=[mounted.around])) as found:
        yield found


def test_its_tools_are_offered(url: str, keys: KeyStore) -> None:
    assert within(f"{url}/mcp", key(keys, toolsets=WORDS), names) == {
        "disk_attach_file",
        "disk_put_file",
        "disk_get_file",
        "disk_export_file",
    }
    assert within(f"{url}/mcp", key(keys, toolsets=("disk.api.read",)), names) == {"disk_get_file"}
    assert within(f"{url}/mcp", key(keys, toolsets=("tasks",)), names) == set()


def test_a_file_is_downloaded_from_its_signed_address_without_a_key(url: str, keys: KeyStore, disk: Loopback) -> None:
    async def do(client: Client) -> Any:
        return await client.call_tool("disk_get_file", {"id": "1"})

    disk.answers(Reply(200, CONTENT, {"Content-Type": "application/octet-stream"}))
    found = within(f"{url}/mcp", key(keys, toolsets=WORDS), do).structured_content
    assert found["file"].startswith("file_")
    address = found["address"]
    assert address.startswith("https://broker.example/files/")
    here = url + address.removeprefix("https://broker.example")
    assert httpx2.get(here, trust_env=False).content == CONTENT
    assert httpx2.get(here[:-1], trust_env=False).status_code == 404
    assert len(disk.seen) == 1, "the vendor is not called again"


def test_a_secret_that_it_echoes_is_not_handed_on(url: str, keys: KeyStore, disk: Loopback) -> None:
    async def do(client: Client) -> Any:
        return await client.call_tool("disk_put_file", {"body": "text"})

    disk.answers(Reply.of({"note": f"you sent {SECRET}"}))
    result = within(f"{url}/mcp", key(keys, toolsets=WORDS), do)
    assert disk.seen[0].headers["Authorization"] == f"Bearer {SECRET}"
    assert SECRET not in result.model_dump_json()
    assert result.structured_content["note"] == "you sent •••"


def test_an_agents_process_that_names_the_vendor_gets_its_tools(url: str, keys: KeyStore) -> None:
    with SyncClient(broker=url, key=key(keys, toolsets=WORDS)) as client:
        assert "disk_get_file" in tools(user="alice", vendors=["disk"], client=client).names
        assert tools(user="alice", vendors=["redmine"], client=client).names == ()
