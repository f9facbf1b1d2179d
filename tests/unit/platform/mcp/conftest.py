"""Server over a scripted Redmine, and the official client in this process, for either era of the protocol."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError

from tests.unit.runtime.server import Loopback, Reply
from unified_platform import mcp
from unified_runtime import AsyncClient, api_key
from unified_runtime.policy.enforcer import PolicyEnforcer

ISSUE = {"id": 1, "subject": "One", "project": {"id": 3}, "status": {"id": 1, "name": "New", "is_closed": False}, "tracker": {"id": 1}}


def listed(*numbers: int, total: int, offset: int = 0) -> Reply:
    """Return a page of issues, as in Redmine's responses."""
    issues = [{**ISSUE, "id": number} for number in numbers]
    return Reply.of({"issues": issues, "total_count": total, "offset": offset, "limit": len(numbers)})


@pytest.fixture
def redmine() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture(params=["legacy", "auto"])
def era(request: pytest.FixtureRequest) -> str:
    """The protocol with a handshake, or the one without."""
    mode: str = request.param
    return mode


def connected(redmine: Loopback, enforcer: PolicyEnforcer | None = None) -> AsyncClient:
    client = AsyncClient(policy=enforcer)
    client.connect("redmine", api_key("key"), url=redmine.url, user="alice")
    return client


async def refused(requested: Awaitable[object]) -> MCPError:
    """Return the protocol's error of a request. The client must still be open: leaving it by an error wraps that."""
    with pytest.raises(MCPError) as caught:
        await requested
    return caught.value


Opened = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture
def opened(redmine: Loopback, era: str) -> Opened:
    """Open a client of a server: `async with opened(...) as client`."""

    @contextlib.asynccontextmanager
    async def open_(
        *, profile: Any = None, client: Any = None, ask: Any = None, heard: Any = None, **options: Any
    ) -> AsyncIterator[Client]:
        server = mcp.server(profile or mcp.Profile(user="alice"), client=client or connected(redmine), **options)
        async with Client(server, mode=era, elicitation_callback=ask, message_handler=heard) as found:
            yield found

    return open_
