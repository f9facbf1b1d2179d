"""Notification of clients whose tools change, in either era; other clients get none."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.support.vaults import record
from tests.unit.platform.mcp.conftest import Opened, connected
from tests.unit.runtime.server import Loopback
from unified_platform import mcp
from unified_platform.vault import open_vault
from unified_platform.vault.source import VaultSource
from unified_runtime import AsyncClient, bearer


def test_a_vendor_that_is_connected_brings_its_tools(opened: Opened, redmine: Loopback, era: str) -> None:
    heard: list[str] = []
    notified = asyncio.Event()

    async def hear(message: Any) -> None:
        heard.append(message.method if hasattr(message, "method") else type(message).__name__)
        if "notifications/tools/list_changed" in heard:
            notified.set()

    async def run() -> None:
        client = connected(redmine)
        async with opened(client=client, interval=0.02, heard=hear) as session:
            assert session.server_capabilities.tools.list_changed is True
            before = {tool.name for tool in (await session.list_tools()).tools}
            if era == "legacy":
                client.connect("hubspot", bearer("token"), user="bob")
                await asyncio.sleep(0.1)
                assert not notified.is_set(), "another user's connection"
                client.connect("hubspot", bearer("token"), user="alice")
                await asyncio.wait_for(notified.wait(), 10)
            else:
                async with session.listen(tools_list_changed=True) as events:
                    client.connect("hubspot", bearer("token"), user="alice")
                    event = await asyncio.wait_for(anext(aiter(events)), 10)
                    assert type(event).__name__ == "ToolsListChanged"
            after = {tool.name for tool in (await session.list_tools()).tools}
            assert "deals_list" in after - before
            client.disconnect("hubspot", user="alice")
            await asyncio.sleep(0.1)
            assert {tool.name for tool in (await session.list_tools()).tools} == before

    asyncio.run(run())


def test_disconnected_clients_are_not_watched(opened: Opened, redmine: Loopback) -> None:
    """Sessions that ended leave nothing behind."""
    from unified_platform.mcp.profiles import Toolboxes
    from unified_platform.mcp.tool_changes import ToolChanges

    profile = mcp.Profile(user="alice")
    changes = ToolChanges(Toolboxes(connected(redmine)), lambda ctx: profile, interval=1)

    async def run() -> None:
        async def report() -> None: ...

        stops = [await changes._watch(profile, report) for _ in range(3)]
        assert len(changes._watched) == 3
        for stop in stops:
            stop()
            stop()
        assert not changes._watched
        assert not changes._seen

    asyncio.run(run())


def test_connections_of_other_processes_are_noticed(opened: Opened, redmine: Loopback, tmp_path: Path) -> None:
    file, key = str(tmp_path / "vault.db"), f"file:{tmp_path / 'key'}"
    ours, theirs = open_vault(file, key=key), open_vault(file, key=key)
    client = AsyncClient(vault=VaultSource(ours, fresh_for=0.05))

    async def run() -> None:
        async with opened(client=client, interval=0.02) as session:
            assert (await session.list_tools()).tools == []
            await asyncio.to_thread(theirs.put, record(server=redmine.url, values={"url": redmine.url}))
            async with asyncio.timeout(20):
                while not (await session.list_tools(cache_mode="bypass")).tools:  # noqa: ASYNC110  it has no event to wait for
                    await asyncio.sleep(0.05)

    asyncio.run(run())
    ours.close()
    theirs.close()
