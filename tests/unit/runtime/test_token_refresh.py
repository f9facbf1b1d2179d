"""Token refresh: ahead of the credential's expiry, and once for a request that was rejected as unauthorized."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import AsyncClient, Client, acting, bearer, using
from unified_runtime.core import errors
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.connections import Connection
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.owners import Owner

CREATED = Reply.of({"key": "P-1"}, 201)
UNAUTHORIZED = Reply.of({"errorMessages": ["the token is too old"]}, 401)
SOON = 3600.0


class Tokens:
    """Token refresh that returns token-1, token-2 and so on, each to be refreshed at the next time in `renew_at`."""

    def __init__(self, server: str, *renew_at: float, most: int = 99, error: UnifiedError | None = None) -> None:
        self.server = server
        self.times = list(renew_at)
        self.most = most
        self.error = error
        self.called: list[bool] = []
        self.modes: list[str] = []

    def connection(self) -> Connection:
        renew_at = self.times.pop(0) if self.times else time.time() + SOON
        token = f"token-{len(self.called)}"
        return Connection(VENDOR, bearer(token), {"cloud_id": "1"}, server=self.server, renewal=self, renew_at=renew_at)

    def renew(self, connection: Connection, *, rejected: bool) -> Connection:
        self.modes.append("sync")
        return self._renew(connection, rejected)

    async def arenew(self, connection: Connection, *, rejected: bool) -> Connection:
        self.modes.append("async")
        await asyncio.sleep(0)
        return self._renew(connection, rejected)

    def _renew(self, connection: Connection, rejected: bool) -> Connection:
        self.called.append(rejected)
        if self.error is not None:
            raise self.error
        return self.connection() if len(self.called) <= self.most else connection


def tokens(server: Loopback) -> list[str]:
    return [seen.headers["Authorization"] for seen in server.seen]


@pytest.fixture(params=["default-sync", "default-async"])
def calls(request: pytest.FixtureRequest) -> Caller:
    flavour, _, mode = request.param.partition("-")
    return Caller(flavour, mode)


def test_a_credential_is_renewed_ahead_of_its_expiry(calls: Caller, server: Loopback) -> None:
    renewal = Tokens(server.url, time.time() - 1)
    calls.connections.add(renewal.connection())
    server.answers(Reply.of(ISSUE))
    calls.run(tasks.get, "P-1")
    assert tokens(server) == ["Bearer token-1"]
    assert renewal.called == [False]
    assert renewal.modes == [calls.mode]


def test_one_that_lasts_is_not(calls: Caller, server: Loopback) -> None:
    renewal = Tokens(server.url)
    calls.connections.add(renewal.connection())
    server.answers(Reply.of(ISSUE))
    calls.run(tasks.get, "P-1")
    assert (tokens(server), renewal.called) == (["Bearer token-0"], [])


def test_a_refused_request_is_sent_again_once_with_another(calls: Caller, server: Loopback) -> None:
    renewal = Tokens(server.url)
    calls.connections.add(renewal.connection())
    server.answers(UNAUTHORIZED, CREATED, Reply.of(ISSUE))
    calls.run(tasks.create, title="x", project_id="P")
    assert tokens(server) == ["Bearer token-0", "Bearer token-1", "Bearer token-1"]
    assert server.targets[0] == server.targets[1]
    assert renewal.called == [True]


def test_a_second_refusal_is_the_callers(calls: Caller, server: Loopback) -> None:
    renewal = Tokens(server.url)
    calls.connections.add(renewal.connection())
    server.answers(UNAUTHORIZED, UNAUTHORIZED, Reply.of(ISSUE))
    with pytest.raises(errors.Unauthorized, match="too old"):
        calls.run(tasks.get, "P-1")
    assert (len(server.seen), renewal.called) == (2, [True])


def test_each_request_of_an_operation_may_meet_an_expiry(calls: Caller, server: Loopback) -> None:
    renewal = Tokens(server.url)
    calls.connections.add(renewal.connection())
    server.answers(UNAUTHORIZED, CREATED, UNAUTHORIZED, Reply.of(ISSUE))
    assert calls.run(tasks.create, title="x", project_id="P").id == "P-1"
    assert tokens(server) == ["Bearer token-0", "Bearer token-1", "Bearer token-1", "Bearer token-2"]


def test_a_read_keeps_its_retries_after_a_renewal(calls: Caller, server: Loopback) -> None:
    calls.connections.add(Tokens(server.url).connection())
    server.answers(UNAUTHORIZED, Reply(503), Reply.of(ISSUE))
    assert calls.run(tasks.get, "P-1").id == "P-1"


def test_without_another_credential_the_refusal_stays(calls: Caller, server: Loopback) -> None:
    calls.connections.add(Tokens(server.url, most=0).connection())
    server.answers(UNAUTHORIZED, Reply.of(ISSUE))
    with pytest.raises(errors.Unauthorized, match="too old"):
        calls.run(tasks.get, "P-1")
    assert len(server.seen) == 1


@pytest.mark.parametrize("late", [True, False])
def test_refresh_errors_reach_the_caller(calls: Caller, server: Loopback, late: bool) -> None:
    error = errors.NotConnected("alice must connect again")
    renewal = Tokens(server.url, *([time.time() - 1] if late else []), error=error)
    calls.connections.add(renewal.connection())
    server.answers(UNAUTHORIZED)
    with pytest.raises(errors.NotConnected, match="alice must connect again") as caught:
        calls.run(tasks.get, "P-1")
    assert (caught.value.vendor, caught.value.operation) == ("acme", "tasks.get")


def test_writes_before_a_failed_refresh_are_reported(calls: Caller, server: Loopback) -> None:
    renewal = Tokens(server.url)
    calls.connections.add(renewal.connection())
    renewal.error = errors.Unavailable("the token endpoint is failing", retry_safe=True)
    server.answers(CREATED, UNAUTHORIZED)
    with pytest.raises(errors.Unavailable) as caught:
        calls.run(tasks.create, title="x", project_id="P")
    assert [done.status for done in caught.value.done] == [201]
    assert caught.value.retry_safe is False


class Shelf:
    """Source over a plain mapping that counts its reads."""

    def __init__(self, *connections: Connection | UnifiedError) -> None:
        self.connections = connections
        self.loaded: list[Owner] = []

    def warm(self, owner: Owner) -> bool:
        return owner in self.loaded

    def load(self, owner: Owner) -> None:
        self.loaded.append(owner)

    def choose(self, vendors: Mapping[str, str], owner: Owner, name: str | None) -> tuple[Connection | UnifiedError, ...]:
        assert self.warm(owner)
        found: list[Connection | UnifiedError] = []
        for one in self.connections:
            if isinstance(one, UnifiedError):
                found += [one] if one.vendor in vendors else []
            elif one.vendor.name in vendors and one.name == name and (one.user == owner.user or (one.team or "-") == owner.team):
                found.append(one)
        return tuple(found)


def shelved(server: Loopback, token: str, **more: Any) -> Connection:
    return Connection(VENDOR, bearer(token), {"cloud_id": "1"}, server=server.url, **more)


def test_connections_of_a_source_are_found_by_user_team_and_name(server: Loopback) -> None:
    shelf = Shelf(
        shelved(server, "alice", user="alice"),
        shelved(server, "work", user="alice", name="work"),
        shelved(server, "shared", team="support"),
    )
    server.answers(*[Reply.of(ISSUE)] * 4)
    with using(Client(vault=shelf)):
        with acting(user="alice", via="acme"):
            tasks.get("P-1")
            with acting(connection="work"):
                tasks.get("P-1")
                with acting(user="bob"), pytest.raises(errors.NotConnected, match="'bob'"):
                    tasks.get("P-1")
        with acting(user="bob", team="support"):
            tasks.get("P-1")
        with acting(user="bob", team="support", connection="work"), pytest.raises(errors.NotConnected, match="under the name 'work'"):
            tasks.get("P-1")
    assert tokens(server) == ["Bearer alice", "Bearer work", "Bearer shared"]
    assert shelf.loaded == [Owner("alice"), Owner("bob"), Owner("bob", "support")]


def test_a_team_is_not_carried_over_to_another_user(server: Loopback) -> None:
    with using(Client(vault=Shelf(shelved(server, "shared", team="support")))), acting(user="alice", team="support"):
        with acting(user="bob"), pytest.raises(errors.NotConnected):
            tasks.get("P-1")
        with acting(via="acme"):
            server.answers(Reply.of(ISSUE))
            tasks.get("P-1")


def test_connections_of_the_client_take_precedence(server: Loopback) -> None:
    client = Client(vault=Shelf(shelved(server, "vault", user="alice")))
    client.connect(VENDOR, bearer("here"), user="alice", cloud_id="1", server=server.url)
    server.answers(Reply.of(ISSUE))
    with using(client), acting(user="alice"):
        tasks.get("P-1")
    assert tokens(server) == ["Bearer here"]


def test_why_a_connection_cannot_be_used_is_reported(server: Loopback) -> None:
    shelf = Shelf(errors.NotConnected("alice must connect again", vendor="acme"))
    with using(Client(vault=shelf)), acting(user="alice"), pytest.raises(errors.NotConnected, match=r"tasks\.get on acme: alice must"):
        tasks.get("P-1")


def test_async_calls_read_a_source_off_the_loop(server: Loopback) -> None:
    threads: set[int] = set()

    class Watched(Shelf):
        def load(self, owner: Owner) -> None:
            threads.add(threading.get_ident())
            super().load(owner)

    async def main() -> None:
        async with AsyncClient(vault=Watched(shelved(server, "alice", user="alice"))) as client, using(client):
            with acting(user="alice"):
                listed = tasks.list.asynchronous(project_id="P")
                await tasks.get.asynchronous("P-1")
            # The user was determined when the list was requested.
            assert [task.id async for task in listed] == ["P-1"]
            await client.aclose()

    server.answers(Reply.of(ISSUE), Reply.of({"issues": [ISSUE]}))
    asyncio.run(main())
    assert threads
    assert threading.get_ident() not in threads
    assert tokens(server) == ["Bearer alice"] * 2


def test_a_client_has_one_source_of_connections(server: Loopback) -> None:
    for kind in (Client, AsyncClient):
        with pytest.raises(TypeError, match="not both"):
            kind(connections=Connections(), vault=Shelf())


def test_code_an_agent_reaches_opens_no_team_and_no_other_connections() -> None:
    with acting(agent="helper", user="alice"):
        with pytest.raises(errors.Denied, match="team"), acting(team="finance"):
            pass
        with acting(connection="work"):
            pass
    with acting(agent="helper"), acting(user="alice", team="support"), pytest.raises(errors.Denied, match="team"), acting(team="finance"):
        pass
