"""Clients of tools: one client is enough for sync and async frameworks; a call without a connection leads to one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any, cast

import pytest

from unified_emulation.serving.local import LocalEmulator
from unified_platform.frameworks import langchain, openai_agents, pydantic_ai
from unified_platform.tools import tools
from unified_runtime import AsyncClient, Client, NotConnected, basic
from unified_runtime.core.owners import Owner


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(emulated=LocalEmulator(["todoist"])) as made:
        yield made


class Source:
    """Source without connections, whose errors have a link."""

    tenant = "default"

    def __init__(self) -> None:
        self.connect_link = lambda vendor, owner: f"https://app.example.com/connect/{owner.user}/{vendor}"

    def warm(self, owner: Owner) -> bool:
        return True

    def load(self, owner: Owner) -> None:
        pass

    def choose(self, vendors: Any, owner: Owner, name: str | None) -> tuple[()]:
        return ()


def test_a_sync_client_is_enough_for_async_frameworks(client: Client) -> None:
    made: dict[str, Any] = {"vendors": ["todoist"], "toolsets": ["tasks.create"], "client": client}

    async def run() -> list[str]:
        (of_langchain,) = langchain.tools(**made)
        (of_pydantic,) = pydantic_ai.tools(**made)
        (of_openai,) = openai_agents.tools(**made)
        called = {"name": "tasks_create", "args": {"title": "a"}, "id": "1", "type": "tool_call"}
        return [
            (await of_langchain.ainvoke(called)).content,
            await cast("Any", of_pydantic).function(title="b"),
            await cast("Any", of_openai).on_invoke_tool(None, json.dumps({"title": "c"})),
        ]

    for text, title in zip(asyncio.run(run()), "abc", strict=True):
        assert f'"title":"{title}"' in str(text)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_call_without_a_connection_has_the_page_to_connect(kind: str) -> None:
    client: dict[str, Any] = {"client": Client(vault=Source())} if kind == "sync" else {"async_client": AsyncClient(vault=Source())}
    box = tools(user="carol", toolsets=["todoist.tasks"], unconnected=True, **client)
    result = asyncio.run(box.acall("tasks_list", {})) if kind == "async" else box.call("tasks_list", {})
    assert result.connect_url == "https://app.example.com/connect/carol/todoist"
    assert result.text.endswith(
        f"Connect it at {result.connect_url}. Give the user this address to connect the account; then repeat the call."
    )


@pytest.mark.parametrize("kind", ["sync", "async", "async function"])
def test_a_call_waits_until_the_user_has_connected(kind: str, client: Client) -> None:
    seen: list[str | None] = []
    source = Source()

    def connect(error: NotConnected) -> bool:
        seen.append(error.url)
        cast("Any", source).choose = cast("Any", client.connections.source).choose
        return True

    async def connect_async(error: NotConnected) -> bool:
        return connect(error)

    hook = connect_async if kind == "async function" else connect
    own: dict[str, Any] = (
        {"client": Client(client.transport, vault=source)}
        if kind == "sync"
        else {"async_client": AsyncClient(client.transport, vault=source)}
    )
    box = tools(user="carol", toolsets=["todoist.tasks"], unconnected=True, on_not_connected=hook, **own)
    result = box.call("tasks_create", {"title": "x"}) if kind == "sync" else asyncio.run(box.acall("tasks_create", {"title": "x"}))
    assert not result.failed, result.text
    assert seen == ["https://app.example.com/connect/carol/todoist"]


def test_an_empty_list_of_tools_states_the_reason() -> None:
    with pytest.warns(UserWarning, match="user 'carol' has connected no vendor in this client"):
        assert len(tools(user="carol", client=Client())) == 0
    with pytest.warns(UserWarning, match="in the default client. Pass client="):
        assert len(tools(user="carol")) == 0
    client = Client()
    client.connect("jira", basic("ada@example.com", "x"), site="acme", user="alice")
    with pytest.warns(UserWarning, match=r"allow nothing of what user 'alice' has connected \(jira\)"):
        assert len(tools(user="alice", toolsets=["messages"], client=client)) == 0


def test_messages_for_models_have_no_python() -> None:
    client = Client()
    result = tools(user="alice", toolsets=["jira.tasks"], unconnected=True, client=client).call("tasks_list", {})
    assert result.text == "jira is not connected for user 'alice'. Ask the user to connect the account; repeating does not help."
