"""Calls find their connections in the vault: by user, the choice among several, the time they are cached, and their refresh."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.support.vaults import KEY, record
from tests.unit.runtime.server import Loopback, Reply
from unified import acting, aio, tasks
from unified_platform.connections.protocols import Vault
from unified_platform.vault import ConnectionRecord, Kind, SealedVault, Status, VaultDamaged
from unified_runtime import AsyncClient, Client, Secret, using
from unified_runtime.core import errors
from unified_runtime.core.owners import Owner

ISSUE = Reply.of({"issue": {"id": 1, "subject": "x", "created_on": "2031-01-01T00:00:00Z", "updated_on": "2031-01-01T00:00:00Z"}})
UNAUTHORIZED = Reply.of({"errors": ["no"]}, 401)
ZENDESK = Reply.of({"ticket": {"id": 1, "subject": "x", "status": "open"}})


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


def keys(server: Loopback) -> list[str]:
    return [seen.headers.get("X-Redmine-API-Key") or seen.headers["Authorization"] for seen in server.seen]


def stored(vault: SealedVault, server: Loopback, secret: str, **more: Any) -> ConnectionRecord:
    return vault.put(record(secret=secret, values={"url": server.url}, **more))


def test_a_user_and_a_vendor_name_the_connection(vault: SealedVault, server: Loopback) -> None:
    stored(vault, server, "of-alice")
    stored(vault, server, "of-bob", user="bob")
    stored(vault, server, "of-nobody", user=None)
    server.answers(*[ISSUE] * 5)
    with using(Client(vault=vault.source())):
        for user in ("alice", "bob", "alice"):
            with acting(user=user, via="redmine"):
                assert tasks.get("1").title == "x"
        with acting(user="bob"):
            tasks.get("1")
        tasks.get("1", via="redmine")
        with acting(user="carol", via="redmine"), pytest.raises(errors.NotConnected, match="not connected for user 'carol'"):
            tasks.get("1")
    assert keys(server) == ["of-alice", "of-bob", "of-alice", "of-bob", "of-nobody"]


def test_async_calls_find_theirs(vault: SealedVault, server: Loopback, url: str, opens: Any) -> None:
    stored(vault, server, "of-alice")
    other = opens(url)
    server.answers(ISSUE, UNAUTHORIZED, ISSUE)

    async def main() -> None:
        async with AsyncClient(vault=vault.source()) as client, using(client):
            with acting(user="alice", via="redmine"):
                await aio.tasks.get("1")
                stored(other, server, "renewed")
                await aio.tasks.get("1")
            await client.aclose()

    asyncio.run(main())
    assert keys(server) == ["of-alice", "of-alice", "renewed"]


def test_several_connections_are_distinguished_by_name(vault: SealedVault, server: Loopback) -> None:
    stored(vault, server, "private", user="alice", name="private")
    work = stored(vault, server, "work", user="alice", name="work")
    server.answers(*[ISSUE] * 3)
    with using(Client(vault=vault.source())), acting(user="alice", via="redmine"):
        with pytest.raises(errors.InvalidInput, match="choose one: acting\\(connection='private' or connection='work'\\)"):
            tasks.get("1")
        with acting(connection="work"):
            tasks.get("1")
        with acting(connection="private"):
            tasks.get("1")
        with acting(connection="other"), pytest.raises(errors.NotConnected, match="under the name 'other'"):
            tasks.get("1")
        vault.compare_and_swap(replace(work, preferred_at=time.time()), 1)
        tasks.get("1")
    assert keys(server) == ["work", "private", "work"]


def test_the_one_called_default_is_the_default(vault: SealedVault, server: Loopback) -> None:
    stored(vault, server, "work", user="alice", name="work")
    stored(vault, server, "usual")
    server.answers(ISSUE)
    with using(Client(vault=vault.source())), acting(user="alice", via="redmine"):
        tasks.get("1")
    assert keys(server) == ["usual"]


def test_team_connections_are_used_after_the_users_own(vault: SealedVault, server: Loopback) -> None:
    stored(vault, server, "shared", team="support")
    stored(vault, server, "of-alice")
    server.answers(*[ISSUE] * 3)
    with using(Client(vault=vault.source())):
        with acting(user="bob", team="support", via="redmine"):
            tasks.get("1")
        with acting(user="alice", team="support", via="redmine"):
            tasks.get("1")
        with acting(team="support", via="redmine"):
            tasks.get("1")
        for other in (acting(user="bob", via="redmine"), acting(user="bob", team="sales", via="redmine")):
            with other, pytest.raises(errors.NotConnected):
                tasks.get("1")
    assert keys(server) == ["shared", "of-alice", "shared"]


def test_without_a_vendor_the_only_one_connected_serves(vault: SealedVault, server: Loopback) -> None:
    stored(vault, server, "redmine")
    vault.put(
        record("zendesk", secret="z", kind=Kind.OAUTH, scheme="oauth", secrets={"access_token": Secret("z")}, values={"subdomain": "acme"})
    )
    server.answers(ISSUE)
    with using(Client(vault=vault.source())), acting(user="alice"):
        with pytest.raises(errors.InvalidInput, match="via='redmine' or via='zendesk'"):
            tasks.get("1")
        vault.delete(vault.list(vendor="zendesk").records[0].id)
        tasks.get("1")


@pytest.mark.parametrize("status", [Status.NEEDS_USER, Status.REVOKED])
def test_a_broken_connection_has_instructions(vault: SealedVault, server: Loopback, status: Status) -> None:
    stored(vault, server, "x", team="support", name="work", status=status, reason="the vendor ended it")
    with using(Client(vault=vault.source())), acting(team="support", via="redmine"), pytest.raises(errors.NotConnected) as caught:
        tasks.get("1")
    assert "the vendor ended it. Connect it with: unified connect redmine --team support --name work" in str(caught.value)
    assert (caught.value.vendor, caught.value.operation) == ("redmine", "tasks.get")
    assert not server.seen


def test_a_damaged_connection_does_not_keep_others_away(vault: SealedVault, server: Loopback) -> None:
    stored(vault, server, "good")
    bad = vault.put(record("jira", scheme="basicAuth", kind=Kind.BASIC, username="me", secrets={"password": Secret("x")}))
    with vault.database.writing("test") as session:
        session.run("UPDATE vault_connections SET sealed = ? WHERE id = ?", b"\x01" + b"0" * 200, bad.id)
    server.answers(ISSUE)
    with using(Client(vault=vault.source())), acting(user="alice"):
        tasks.get("1", via="redmine")
        with pytest.raises(VaultDamaged, match=r"jira of user 'alice' is damaged"):
            tasks.get("1", via="jira")


# -------------------------------------------------------------------------------------------------------- caching
def test_read_connections_are_cached(vault: SealedVault, server: Loopback, url: str, opens: Any) -> None:
    first = stored(vault, server, "first")
    other = opens(url)
    source = vault.source(fresh_for=0.3)
    server.answers(*[ISSUE] * 3)
    with using(Client(vault=source)), acting(user="alice", via="redmine"):
        tasks.get("1")
        before = source.choose({"redmine": ""}, Owner("alice"), None)[0]
        other.compare_and_swap(replace(first, secrets={KEY: Secret("second")}), 1)
        tasks.get("1")
        time.sleep(0.35)
        tasks.get("1")
        after = source.choose({"redmine": ""}, Owner("alice"), None)[0]
    assert keys(server) == ["first", "first", "second"]
    assert before is not after
    # An unchanged connection is not created again.
    source.forget()
    source.load(Owner("alice"))
    assert source.choose({"redmine": ""}, Owner("alice"), None)[0] is after


def test_own_writes_are_visible_at_once(vault: SealedVault, server: Loopback) -> None:
    server.answers(*[ISSUE] * 2)
    with using(Client(vault=vault.source())), acting(user="alice", via="redmine"):
        with pytest.raises(errors.NotConnected):
            tasks.get("1")
        first = stored(vault, server, "first")
        tasks.get("1")
        stored(vault, server, "second")
        tasks.get("1")
        vault.delete(first.id)
        with pytest.raises(errors.NotConnected):
            tasks.get("1")
    assert keys(server) == ["first", "second"]


def test_a_source_does_not_remember_all_users_for_ever(vault: SealedVault, monkeypatch: pytest.MonkeyPatch) -> None:
    from unified_platform.vault import source as sources

    monkeypatch.setattr(sources, "_MOST", 10)
    source = vault.source()
    for number in range(50):
        source.load(Owner(f"user-{number}"))
    assert sum(source.warm(Owner(f"user-{number}")) for number in range(50)) <= 10
    assert source.warm(Owner("user-49"))


# ----------------------------------------------------------------------------------------------- token refresh
def test_a_key_that_was_replaced_meanwhile_is_looked_up_when_the_old_one_is_refused(
    vault: SealedVault, server: Loopback, url: str, opens: Any
) -> None:
    first = stored(vault, server, "old")
    with using(Client(vault=vault.source())), acting(user="alice", via="redmine"):
        server.answers(ISSUE, UNAUTHORIZED, ISSUE, ISSUE)
        tasks.get("1")
        opens(url).compare_and_swap(replace(first, secrets={KEY: Secret("new")}), 1)
        tasks.get("1")
        tasks.get("1")
        # Rejected although it is the newest: there is no other to try.
        server.answers(UNAUTHORIZED)
        with pytest.raises(errors.Unauthorized):
            tasks.get("1")
    assert keys(server) == ["old", "old", "new", "new", "new"]


def test_a_key_that_was_revoked_meanwhile_is_reported(vault: SealedVault, server: Loopback, url: str, opens: Any) -> None:
    first = stored(vault, server, "old")
    with using(Client(vault=vault.source())), acting(user="alice", via="redmine"):
        server.answers(ISSUE, UNAUTHORIZED)
        tasks.get("1")
        opens(url).compare_and_swap(replace(first, secrets={}, status=Status.REVOKED, reason="by alice"), 1)
        with pytest.raises(errors.NotConnected, match="was revoked: by alice"):
            tasks.get("1")


class Counting:
    """Return tokens that are due at once or last, as a refresher would, and record the requests."""

    def __init__(self, lasts: float, ahead: float = 0.0) -> None:
        self.lasts = lasts
        self.ahead = ahead
        self.called: list[tuple[int, bool]] = []

    def renew_at(self, record: ConnectionRecord) -> float:
        return float("inf") if record.expires_at is None else record.expires_at - self.ahead

    def refresh(self, vault: Vault, connection_id: str, seen: int, *, rejected: bool) -> ConnectionRecord:
        self.called.append((seen, rejected))
        read = vault.get(connection_id)
        if self.lasts < 0:
            return read
        token = Secret(f"token-{read.version + 1}")
        return vault.compare_and_swap(replace(read, secrets={"access_token": token}, expires_at=time.time() + self.lasts), read.version)

    async def arefresh(self, vault: Vault, connection_id: str, seen: int, *, rejected: bool) -> ConnectionRecord:
        return await asyncio.to_thread(self.refresh, vault, connection_id, seen, rejected=rejected)


def zendesk(vault: SealedVault, server: Loopback, expires_at: float | None) -> ConnectionRecord:
    return vault.put(
        record(
            "zendesk",
            kind=Kind.OAUTH,
            scheme="oauth",
            secrets={"access_token": Secret("token-1"), "refresh_token": Secret("r")},
            values={"subdomain": "acme"},
            server=server.url,
            expires_at=expires_at,
        )
    )


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_token_is_refreshed_ahead_of_its_expiry(vault: SealedVault, server: Loopback, mode: str) -> None:
    zendesk(vault, server, time.time() - 1)
    refresher = Counting(60)
    calls(vault, server, refresher, mode, 2, [ZENDESK] * 2)
    assert keys(server) == ["Bearer token-2"] * 2
    assert refresher.called == [(1, False)]


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("expires", [True, False])
def test_a_token_that_is_refused_is_refreshed(vault: SealedVault, server: Loopback, mode: str, expires: bool) -> None:
    zendesk(vault, server, time.time() + 60 if expires else None)
    refresher = Counting(60)
    calls(vault, server, refresher, mode, 2, [UNAUTHORIZED, ZENDESK, ZENDESK])
    assert keys(server) == ["Bearer token-1", "Bearer token-2", "Bearer token-2"]
    assert refresher.called == [(1, True)]


def test_a_token_that_could_not_be_refreshed_and_holds_is_used(vault: SealedVault, server: Loopback) -> None:
    zendesk(vault, server, time.time() + 60)
    refresher = Counting(-1, ahead=61)
    calls(vault, server, refresher, "sync", 3, [ZENDESK] * 3)
    assert keys(server) == ["Bearer token-1"] * 3
    assert refresher.called == [(1, False)]  # and not with every call


def calls(vault: SealedVault, server: Loopback, refresher: Counting, mode: str, times: int, answers: list[Reply]) -> None:
    server.answers(*answers)
    source = vault.source(refresher)
    if mode == "sync":
        with using(Client(vault=source)), acting(user="alice", via="zendesk"):
            for _ in range(times):
                tasks.get("1")
        return

    async def main() -> None:
        async with AsyncClient(vault=source) as client, using(client):
            with acting(user="alice", via="zendesk"):
                for _ in range(times):
                    await aio.tasks.get("1")
            await client.aclose()

    asyncio.run(main())
