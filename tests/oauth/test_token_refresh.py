"""Token refresh of one connection: its time, its process, the stored values, and the notification of the user."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tests.oauth.conftest import declared_at
from tests.oauth.test_flows import REDIRECT
from tests.support.servers import oidc as servers
from tests.support.servers.oidc import OIDC, User
from unified_platform.oauth import app_credentials
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.connector import Connector
from unified_platform.oauth.declarations import Declaration
from unified_platform.oauth.errors import AuthorizationRefused
from unified_platform.oauth.token_refresh import TokenRefresher
from unified_platform.vault import ConnectionRecord, SealedVault, Status, VaultUnavailable
from unified_runtime import AsyncClient, Client, acting, using
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import NotConnected, TransportFailure, Unauthorized, Unavailable
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.http._sync.default import DefaultTransport


def refresher(declaration: Declaration, client: OAuthClient, **more: Any) -> TokenRefresher:
    return TokenRefresher(clients=app_credentials.fixed({"github": client}), declarations=lambda vendor: declaration, **more)


@pytest.fixture
def connected(vault: SealedVault, declaration: Declaration, public: OAuthClient, user: User, oidc: OIDC) -> ConnectionRecord:
    connector = Connector(vault, clients=app_credentials.fixed({"github": public}), declarations=lambda vendor: declaration)
    started = connector.start("github", user="alice", redirect_uri=REDIRECT, scopes=["openid", "files:read"], server=oidc.api)
    return connector.finish(user.consent(started.authorization_url))


@pytest.fixture
def refreshing(declaration: Declaration, public: OAuthClient) -> TokenRefresher:
    return refresher(declaration, public)


class Network:
    """Outcome of each request: it is sent and its response changed, or it fails."""

    def __init__(self, *outcomes: Any) -> None:
        self._inner = DefaultTransport()
        self._outcomes = list(outcomes)
        self.sent = 0

    def send(self, request: HTTPRequest) -> Response:
        if not request.url.endswith("/token"):
            return self._inner.send(request)
        self.sent += 1
        outcome = self._outcomes.pop(0) if self._outcomes else None
        if isinstance(outcome, TransportFailure):
            raise outcome
        if isinstance(outcome, Response):
            return outcome
        response = self._inner.send(request)
        return response if outcome is None else outcome(response)

    def close(self) -> None:
        self._inner.close()


def failing(status: int) -> Response:
    return Response(status, [], b"", "http://127.0.0.1/token")


def expire(vault: SealedVault, record: ConnectionRecord, ahead: float = 0.0) -> ConnectionRecord:
    return vault.compare_and_swap(replace(record, expires_at=time.time() + ahead), record.version)


def test_not_before_it_is_time(refreshing: TokenRefresher, vault: SealedVault, connected: ConnectionRecord, oidc: OIDC) -> None:
    before = oidc.count("granted", "refresh_token")
    assert refreshing.renew_at(connected) == pytest.approx(connected.expires_at - 14.75, abs=0.5)  # type: ignore[operator]
    assert refreshing.refresh(vault, connected.id, connected.version, rejected=False) == connected
    assert oidc.count("granted", "refresh_token") == before


def test_ahead_of_expiry(refreshing: TokenRefresher, vault: SealedVault, connected: ConnectionRecord, oidc: OIDC) -> None:
    record = expire(vault, connected, ahead=5)
    renewed = refreshing.refresh(vault, record.id, record.version, rejected=False)
    assert renewed.version == record.version + 1
    assert renewed.secrets["refresh_token"] != record.secrets["refresh_token"]
    assert vault.get(record.id) == renewed
    assert oidc.ask(renewed.secrets["access_token"].reveal()).status_code == 200


def test_tokens_refreshed_by_another_process_are_used(
    refreshing: TokenRefresher, vault: SealedVault, connected: ConnectionRecord, oidc: OIDC
) -> None:
    renewed = refreshing.refresh(vault, connected.id, connected.version, rejected=True)
    before = oidc.count("granted", "refresh_token")
    assert refreshing.refresh(vault, connected.id, connected.version, rejected=True) == renewed
    assert oidc.count("granted", "refresh_token") == before


def test_once_after_a_401(refreshing: TokenRefresher, vault: SealedVault, connected: ConnectionRecord, oidc: OIDC) -> None:
    """The token is valid by the vault's data, and the vendor rejects it: it is refreshed once, and the call continues."""
    from unified import users

    wrong = {**connected.secrets, "access_token": Secret("not-a-token")}
    vault.compare_and_swap(replace(connected, secrets=wrong), connected.version)
    refused, granted = oidc.count("unauthorized"), oidc.count("granted", "refresh_token")
    with using(Client(vault=vault.source(refreshing))), acting(user="alice", via="github"):
        assert users.me().id == "alice"
    assert oidc.count("unauthorized") == refused + 1
    assert oidc.count("granted", "refresh_token") == granted + 1


def test_async_calls_refresh_too(refreshing: TokenRefresher, vault: SealedVault, connected: ConnectionRecord) -> None:
    from unified.aio import users

    async def call() -> str | None:
        async with AsyncClient(vault=vault.source(refreshing)) as client, using(client):
            with acting(user="alice", via="github"):
                me = await users.me()
            await client.aclose()
            return me.id

    expire(vault, connected)
    assert asyncio.run(call()) == "alice"
    assert vault.get(connected.id).version == connected.version + 2


def test_a_second_401_is_final(vault: SealedVault, connected: ConnectionRecord, declaration: Declaration, public: OAuthClient) -> None:
    from unified import users

    def spoilt(response: Response) -> Response:
        return Response(response.status, [], response.body.replace(b'"access_token":"', b'"access_token":"x'), response.url)

    network = Network(spoilt)
    source = vault.source(refresher(declaration, public, transport=network))
    wrong = {**connected.secrets, "access_token": Secret("not-a-token")}
    vault.compare_and_swap(replace(connected, secrets=wrong), connected.version)
    with using(Client(vault=source)), acting(user="alice", via="github"), pytest.raises(Unauthorized):
        users.me()
    assert network.sent == 1


def test_a_response_without_a_refresh_token_keeps_the_old(
    vault: SealedVault, connected: ConnectionRecord, declaration: Declaration, public: OAuthClient
) -> None:
    def without(response: Response) -> Response:
        found = json.loads(response.body)
        del found["refresh_token"]
        return Response(response.status, [], json.dumps(found).encode(), response.url)

    renewed = refresher(declaration, public, transport=Network(without)).refresh(vault, connected.id, connected.version, rejected=True)
    assert renewed.secrets["refresh_token"] == connected.secrets["refresh_token"]
    assert renewed.secrets["access_token"] != connected.secrets["access_token"]


@pytest.mark.parametrize(
    "outcomes",
    [
        [failing(503)],
        [failing(500), failing(429)],
        [TransportFailure("refused", sent=False)],
    ],
    ids=["503", "500 and 429", "not reached"],
)
def test_transient_failures_are_repeated(
    vault: SealedVault, connected: ConnectionRecord, declaration: Declaration, public: OAuthClient, outcomes: list[Any]
) -> None:
    network = Network(*outcomes)
    renewed = refresher(declaration, public, transport=network).refresh(vault, connected.id, connected.version, rejected=True)
    assert renewed.version == connected.version + 1
    assert network.sent == len(outcomes) + 1


def test_a_server_that_is_down_ends_nothing(
    vault: SealedVault, connected: ConnectionRecord, declaration: Declaration, public: OAuthClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    down = refresher(declaration, public, transport=Network(*[failing(503)] * 8))
    early = expire(vault, connected, ahead=5)
    assert down.refresh(vault, early.id, early.version, rejected=False) == early  # it is valid for some more seconds
    late = expire(vault, early)
    with pytest.raises(Unavailable) as raised:
        down.refresh(vault, late.id, late.version, rejected=False)
    assert raised.value.retry_safe
    assert vault.get(late.id).status is Status.ACTIVE
    assert refresher(declaration, public).refresh(vault, late.id, late.version, rejected=False).version == late.version + 1


def test_a_revoked_family_needs_the_user(
    refreshing: TokenRefresher, vault: SealedVault, connected: ConnectionRecord, declaration: Declaration, public: OAuthClient
) -> None:
    """A thief has used the refresh token: the server revokes the family, and the user gets instructions to reconnect."""
    from unified import users

    thief = SealedVault.get(vault, connected.id)
    refreshing.refresh(vault, connected.id, connected.version, rejected=True)
    stolen = vault.get(connected.id)
    back = vault.compare_and_swap(replace(thief, details=stolen.details), stolen.version)
    with pytest.raises(NotConnected, match="unified connect github --user alice"):
        refreshing.refresh(vault, back.id, back.version, rejected=True)
    ended = vault.get(back.id)
    assert ended.status is Status.NEEDS_USER
    assert "no longer accepts" in (ended.reason or "")
    with (
        using(Client(vault=vault.source(refreshing))),
        acting(user="alice", via="github"),
        pytest.raises(NotConnected, match="unified connect"),
    ):
        users.me()


def test_a_vendor_s_own_word_for_a_token_that_is_no_longer_valid(
    vault: SealedVault, connected: ConnectionRecord, oidc: OIDC, public: OAuthClient
) -> None:
    response = Response(200, [], b'{"error": "bad_refresh_token", "error_description": "expired"}', f"{oidc.issuer}/token")
    unknown = refresher(declared_at(oidc), public, transport=Network(response))
    with pytest.raises(AuthorizationRefused, match="bad_refresh_token"):
        unknown.refresh(vault, connected.id, connected.version, rejected=True)
    assert vault.get(connected.id).status is Status.ACTIVE
    declared = declared_at(oidc, invalid=("bad_refresh_token",))
    with pytest.raises(NotConnected, match="unified connect github --user alice"):
        refresher(declared, public, transport=Network(response)).refresh(vault, connected.id, connected.version, rejected=True)
    assert vault.get(connected.id).status is Status.NEEDS_USER


def test_tokens_that_never_expire(refreshing: TokenRefresher, vault: SealedVault, connected: ConnectionRecord) -> None:
    secrets = {name: secret for name, secret in connected.secrets.items() if name != "refresh_token"}
    forever = vault.compare_and_swap(replace(connected, expires_at=None, secrets=secrets), connected.version)
    assert refreshing.renew_at(forever) == float("inf")
    assert refreshing.refresh(vault, forever.id, forever.version, rejected=True) == forever  # the vendor's 401 is the result
    ended = vault.compare_and_swap(replace(forever, expires_at=time.time() - 1), forever.version)
    with pytest.raises(NotConnected, match="no refresh token"):
        refreshing.refresh(vault, ended.id, ended.version, rejected=False)


def test_many_threads_refresh_once(refreshing: TokenRefresher, vault: SealedVault, connected: ConnectionRecord, oidc: OIDC) -> None:
    record = expire(vault, connected)
    before = oidc.count("granted", "refresh_token")
    together = threading.Barrier(20)

    def ask(_: int) -> ConnectionRecord:
        together.wait()
        return refreshing.refresh(vault, record.id, record.version, rejected=False)

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(ask, range(20)))
    assert len({one.version for one in found}) == 1
    assert oidc.count("granted", "refresh_token") == before + 1


def test_many_tasks_wait_in_one_thread(
    refreshing: TokenRefresher, vault: SealedVault, connected: ConnectionRecord, oidc: OIDC, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = expire(vault, connected)
    before = oidc.count("granted", "refresh_token")
    entered: list[int] = []
    refresh = refreshing.refresh

    def counted(*arguments: Any, **named: Any) -> ConnectionRecord:
        entered.append(1)
        time.sleep(0.1)
        return refresh(*arguments, **named)

    monkeypatch.setattr(refreshing, "refresh", counted)

    async def main() -> list[Any]:
        tasks = [asyncio.create_task(refreshing.arefresh(vault, record.id, version, rejected=False)) for version in [record.version] * 40]
        await asyncio.sleep(0.02)
        for task in tasks[:10]:
            task.cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    found = asyncio.run(main())
    assert sum(isinstance(one, asyncio.CancelledError) for one in found) == 10
    assert len({one.version for one in found if isinstance(one, ConnectionRecord)}) == 1
    assert entered == [1]
    assert oidc.count("granted", "refresh_token") == before + 1

    async def fail() -> list[Any]:
        wanting = [refreshing.arefresh(vault, "none", 1, rejected=True) for _ in range(3)]
        return await asyncio.gather(*wanting, return_exceptions=True)

    errors = asyncio.run(fail())
    assert all(isinstance(one, NotConnected) for one in errors)
    assert len({id(one) for one in errors}) == 3
    assert not refreshing._running


class Unwritable:
    """Vault whose disk is full for some writes."""

    def __init__(self, vault: SealedVault, failures: int) -> None:
        self._vault = vault
        self.failures = failures

    def compare_and_swap(self, record: ConnectionRecord, expected_version: int) -> ConnectionRecord:
        if self.failures:
            self.failures -= 1
            raise VaultUnavailable("the disk is full")
        return self._vault.compare_and_swap(record, expected_version)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._vault, name)


def test_tokens_are_held_until_they_can_be_stored(
    refreshing: TokenRefresher, vault: SealedVault, connected: ConnectionRecord, oidc: OIDC, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    full: Any = Unwritable(vault, failures=6)
    before = oidc.count("granted", "refresh_token")
    with pytest.raises(VaultUnavailable):
        refreshing.refresh(full, connected.id, connected.version, rejected=True)
    assert vault.get(connected.id) == connected
    renewed = refreshing.refresh(full, connected.id, connected.version, rejected=True)
    assert oidc.count("granted", "refresh_token") == before + 1  # the tokens that it already had
    assert oidc.ask(renewed.secrets["access_token"].reveal()).status_code == 200
    again = refreshing.refresh(vault, renewed.id, renewed.version, rejected=True)
    assert again.version == renewed.version + 1


def test_a_change_beside_the_tokens_loses_neither(
    vault: SealedVault, connected: ConnectionRecord, declaration: Declaration, public: OAuthClient
) -> None:
    """A user makes the connection the default while its token request is in progress."""

    def meanwhile(response: Response) -> Response:
        vault.compare_and_swap(replace(connected, preferred_at=1.0), connected.version)
        return response

    renewed = refresher(declaration, public, transport=Network(meanwhile)).refresh(vault, connected.id, connected.version, rejected=True)
    assert (renewed.version, renewed.preferred_at) == (connected.version + 2, 1.0)
    assert renewed.secrets["refresh_token"] != connected.secrets["refresh_token"]


def test_a_user_who_connects_again_meanwhile_wins(
    vault: SealedVault, connected: ConnectionRecord, declaration: Declaration, public: OAuthClient
) -> None:
    newer = replace(connected, secrets={**connected.secrets, "refresh_token": Secret("newer"), "access_token": Secret("newest")})

    def meanwhile(response: Response) -> Response:
        vault.put(newer)
        return response

    found = refresher(declaration, public, transport=Network(meanwhile)).refresh(vault, connected.id, connected.version, rejected=True)
    assert found.secrets["access_token"] == Secret("newest")
    assert vault.get(connected.id).secrets["refresh_token"] == Secret("newer")


def test_a_lost_response_is_requested_again_where_the_server_allows_that(vault: SealedVault, public: OAuthClient, user: User) -> None:
    """Some servers accept a rotated refresh token for a short time (RFC 9700, section 4.14.2): then no connection is lost."""

    def lost(response: Response) -> Response:
        assert response.status == 200
        raise TransportFailure("the connection broke", sent=True)

    with servers.running(GRACE=10_000) as lenient:
        declaration = declared_at(lenient)
        connector = Connector(vault, clients=app_credentials.fixed({"github": public}), declarations=lambda vendor: declaration)
        started = connector.start("github", user="alice", redirect_uri=REDIRECT)
        record = connector.finish(user.consent(started.authorization_url))
        network = Network(lost)
        renewed = refresher(declaration, public, transport=network).refresh(vault, record.id, record.version, rejected=True)
        assert network.sent == 2
        assert lenient.ask(renewed.secrets["access_token"].reveal()).status_code == 200
