"""Connecting: from the start of an authorization to a connection in the vault that calls use, and its end."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.oauth.conftest import declared_at
from tests.oauth.test_flows import PAYMENT, REDIRECT
from tests.support.servers import oidc as servers
from tests.support.servers.oidc import OIDC, User
from unified import aio, users
from unified_platform.oauth import app_credentials
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.connector import AsyncConnector, Connector
from unified_platform.oauth.declarations import Declaration
from unified_platform.oauth.errors import AuthorizationRefused, InvalidCallback, InvalidGrant
from unified_platform.oauth.token_refresh import TokenRefresher
from unified_platform.vault import ConnectionKey, SealedVault, Status
from unified_runtime import AsyncClient, Client, acting, using
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, NotConnected, Unsupported

LOCATION = ConnectionKey(vendor="github", user="alice")
SCOPES = ["openid", "email", "files:read"]


class _Awaited:
    """The async twin, called like the sync one."""

    def __init__(self, connector: AsyncConnector) -> None:
        self._connector = connector

    def __getattr__(self, name: str) -> Any:
        async def run(*arguments: Any, **named: Any) -> Any:
            return await getattr(self._connector, name)(*arguments, **named)

        return lambda *arguments, **named: asyncio.run(run(*arguments, **named))


@pytest.fixture(params=["sync", "async"])
def connector(request: pytest.FixtureRequest, vault: SealedVault, web: OAuthClient, declaration: Declaration) -> Any:
    made = {"clients": app_credentials.fixed({"github": web}), "declarations": lambda vendor: declaration}
    return Connector(vault, **made) if request.param == "sync" else _Awaited(AsyncConnector(vault, **made))


def test_a_user_connects_and_calls(connector: Any, vault: SealedVault, user: User, oidc: OIDC) -> None:
    started = connector.start("github", user="alice", redirect_uri=REDIRECT, scopes=SCOPES, server=oidc.api)
    assert parse_qs(urlsplit(started.authorization_url).query)["state"] == [started.state]
    record = connector.finish(user.consent(started.authorization_url), state=started.state)
    assert record.account == "alice@example.test"
    assert set(record.secrets) == {"access_token", "refresh_token", "id_token", "client_secret"}
    assert vault.find(LOCATION) == record
    with using(Client(vault=vault.source())), acting(user="alice", via="github"):
        assert users.me().id == "alice"


def test_a_callback_is_finished_once(connector: Any, user: User) -> None:
    started = connector.start("github", user="alice", redirect_uri=REDIRECT)
    callback = user.consent(started.authorization_url)
    connector.finish(callback)
    with pytest.raises(InvalidCallback, match="was finished"):
        connector.finish(callback)


def test_a_refused_callback_is_finished_too(connector: Any, user: User, vault: SealedVault) -> None:
    started = connector.start("github", user="alice", redirect_uri=REDIRECT)
    callback = user.refuse(started.authorization_url)
    with pytest.raises(AuthorizationRefused, match="access_denied"):
        connector.finish(callback)
    with pytest.raises(InvalidCallback):
        connector.finish(callback)
    assert vault.find(LOCATION) is None


def test_a_callback_of_another_session(connector: Any, user: User, vault: SealedVault) -> None:
    """An attacker's callback, planted into a victim's browser: the state is known, and belongs to another session."""
    attacker = connector.start("github", user="alice", redirect_uri=REDIRECT)
    victim = connector.start("github", user="alice", redirect_uri=REDIRECT)
    with pytest.raises(InvalidCallback, match="not of this session"):
        connector.finish(user.consent(attacker.authorization_url), state=victim.state)
    assert vault.find(LOCATION) is None


def test_a_callback_without_a_start(connector: Any) -> None:
    with pytest.raises(InvalidCallback):
        connector.finish(f"{REDIRECT}?code=code&state=guessed")
    with pytest.raises(InvalidCallback, match="has no state"):
        connector.finish(f"{REDIRECT}?code=code")


def test_connecting_again_keeps_the_location(connector: Any, user: User, vault: SealedVault) -> None:
    first, second = (
        connector.finish(user.consent(connector.start("github", user="alice", redirect_uri=REDIRECT).authorization_url)) for _ in range(2)
    )
    assert (second.id, second.version) == (first.id, 2)
    assert second.secrets["access_token"] != first.secrets["access_token"]
    named = connector.start("github", user="alice", name="work", redirect_uri=REDIRECT)
    assert connector.finish(user.consent(named.authorization_url)).id != first.id


@pytest.mark.parametrize("exclusive", [True, False])
def test_an_exclusive_connection_is_declared_at_the_start(connector: Any, user: User, vault: SealedVault, exclusive: bool) -> None:
    def connect(**requested: Any) -> bool | None:
        started = connector.start("github", redirect_uri=REDIRECT, user="alice", **{"scopes": SCOPES} | requested)
        stored = connector.finish(user.consent(started.authorization_url)).exclusive
        assert vault.list().records[0].exclusive is stored
        return stored  # type: ignore[no-any-return]

    assert connect() is False
    assert connect(exclusive=exclusive) is exclusive
    assert connect() is exclusive, "the same account, by its ID token"
    assert connect(scopes=(), exclusive=exclusive) is exclusive
    assert connect(scopes=()) is False, "the account is not known"
    assert connect(exclusive=not exclusive) is not exclusive
    assert connector.machine("github", team="t", exclusive=exclusive).exclusive is exclusive


def test_revoking_ends_it_at_the_vendor(connector: Any, user: User, vault: SealedVault, declaration: Declaration, web: OAuthClient) -> None:
    record = connector.finish(user.consent(connector.start("github", user="alice", redirect_uri=REDIRECT).authorization_url))
    assert connector.revoke(LOCATION) is True
    ended = vault.find(LOCATION)
    assert ended is not None
    assert (ended.status, dict(ended.secrets)) == (Status.REVOKED, {})
    vault.put(record)
    refresher = TokenRefresher(clients=app_credentials.fixed({"github": web}), declarations=lambda vendor: declaration)
    with pytest.raises(NotConnected, match="unified connect github --user alice"):
        refresher.refresh(vault, record.id, 10, rejected=True)


def test_a_right_for_one_action(connector: Any, user: User, vault: SealedVault, oidc: OIDC) -> None:
    requested = {"scopes": ["openid", "files:write"], "authorization_details": [PAYMENT], "once": True}
    started = connector.start("github", user="alice", redirect_uri=REDIRECT, server=oidc.api, **requested)
    callback = user.consent(started.authorization_url)
    if isinstance(connector, _Awaited):
        token = asyncio.run(_used_async(connector._connector, callback, oidc))
    else:
        with connector.finish_once(callback) as action:
            token = _use(action, oidc)
        with pytest.raises(InvalidInput, match="has ended"):
            action.credential()
    with CLIENTS.pop(), acting(user="alice", via="github"), pytest.raises(NotConnected):
        users.me()  # what was discarded here is gone from the client too
    assert not vault.list().records
    assert token not in repr(action) if not isinstance(connector, _Awaited) else True


async def _used_async(connector: AsyncConnector, callback: str, oidc: OIDC) -> str:
    async with await connector.finish_once(callback) as action:
        token = _use(action, oidc)
    with pytest.raises(InvalidInput, match="has ended"):
        action.credential()
    await connector.aclose()
    return token


def _use(action: Any, oidc: OIDC) -> str:
    token: str = action.credential().secrets["token"].reveal()
    assert oidc.ask(token).json()["details"] == [PAYMENT]
    assert action.details[0]["instructedAmount"] == PAYMENT["instructedAmount"]
    client = Client()
    action.connect(client)
    with using(client), acting(user="alice"):
        assert users.me().id == "alice"
    CLIENTS.append(client)
    return token


CLIENTS: list[Client] = []
"""Clients that have called with a scope for one action."""


def test_credentials_for_one_action_are_not_stored(connector: Any, user: User) -> None:
    once = connector.start("github", user="alice", redirect_uri=REDIRECT, once=True)
    with pytest.raises(InvalidCallback, match="one action"):
        connector.finish(user.consent(once.authorization_url))


def test_the_application_itself(connector: Any, oidc: OIDC) -> None:
    record = connector.machine("github", scopes=["files:read"])
    assert oidc.ask(record.secrets["access_token"].reveal()).json()["scope"] == "files:read"
    assert record.key.user is None


def test_least_scopes_for_tools(vault: SealedVault, web: OAuthClient) -> None:
    started = Connector(vault, clients=app_credentials.fixed({"asana": web})).start(
        "asana", user="alice", redirect_uri=REDIRECT, tools=["tasks.read", "tasks.create"], values={"workspace": "1"}
    )
    assert parse_qs(urlsplit(started.authorization_url).query)["scope"] == ["tasks:read tasks:write"]
    with pytest.raises(InvalidInput, match=r"did you mean 'create'"):
        Connector(vault).start("asana", user="alice", redirect_uri=REDIRECT, tools=["tasks.crate"], values={"workspace": "1"})


def test_notes_before_connecting(vault: SealedVault, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unsupported, match="API keys"):
        Connector(vault).start("redmine", user="alice", redirect_uri=REDIRECT)
    registered = (
        f"Register one at https://github.com/settings/developers with the redirect URI {REDIRECT}, then set UNIFIED_GITHUB_CLIENT_ID"
    )
    with pytest.raises(InvalidInput, match=f"{re.escape(registered)}.*, and UNIFIED_GITHUB_REDIRECT_URI to that URI"):
        Connector(vault).start("github", user="alice", redirect_uri=REDIRECT)
    with pytest.raises(InvalidInput, match=r"at <url>/user/settings/applications .* instead: unified connect gitea --key"):
        Connector(vault).start("gitea", user="alice", redirect_uri=REDIRECT, values={"url": "https://git.example.org"})
    monkeypatch.setenv("UNIFIED_JIRA_CLIENT_ID", "without-a-secret")
    with pytest.raises(InvalidInput, match="passes PKCE over"):
        Connector(vault).start("jira", user="alice", redirect_uri=REDIRECT, values={"site": "acme"})
    with pytest.raises(InvalidInput, match="site"):
        Connector(vault).start("jira", user="alice", redirect_uri=REDIRECT)


def test_a_server_that_registers_clients(vault: SealedVault, user: User, declaration: Declaration) -> None:
    """No client of ours is registered there: one is registered, and stored with the connection."""
    connector = Connector(vault, clients=lambda vendor, declaration: None, declarations=lambda vendor: declaration)
    started = connector.start("github", user="alice", redirect_uri=REDIRECT)
    record = connector.finish(user.consent(started.authorization_url))
    refresher = TokenRefresher(clients=lambda vendor, declaration: None, declarations=lambda vendor: declaration)
    assert refresher.refresh(vault, record.id, record.version, rejected=True).version == 2


def test_a_service_account(vault: SealedVault, oidc: OIDC) -> None:
    declaration = Declaration(scheme="token", endpoints={"token": f"{oidc.issuer}/accounts/token"})
    connector = Connector(vault, declarations=lambda vendor: declaration)
    requested = {"user": "alice", "scopes": ["files:read"], "key": Secret(oidc.account_key), "key_id": "account", "subject": "alice"}
    record = connector.service_account("github", issuer="robot@accounts.test", **requested)
    assert oidc.ask(record.secrets["access_token"].reveal()).json()["sub"] == "alice"
    renewed = TokenRefresher(declarations=lambda vendor: declaration).refresh(vault, record.id, record.version, rejected=True)
    assert renewed.secrets["access_token"] != record.secrets["access_token"]
    assert oidc.ask(renewed.secrets["access_token"].reveal()).json()["sub"] == "alice"
    with pytest.raises(InvalidGrant):
        connector.service_account("github", issuer="another@accounts.test", **requested)


@pytest.mark.parametrize("nonce", [0, 1], ids=["without a nonce", "with a nonce"])
@pytest.mark.parametrize("mode", ["sync", "async"])
def test_calls_with_a_token_that_is_bound_to_a_key(vault: SealedVault, user: User, nonce: int, mode: str) -> None:
    """DPoP from the start to the call (RFC 9449): the resource checks each proof, requires its nonce, and rejects the token without one."""
    with servers.running(DPOP_NONCE=nonce) as server:
        declaration = declared_at(server)
        known: dict[str, Any] = {
            "clients": app_credentials.fixed({"github": OAuthClient("bound")}),
            "declarations": lambda vendor: declaration,
        }
        connector, refresher = Connector(vault, **known), TokenRefresher(**known)
        requested = {"scopes": ["files:read"], "resources": [server.api], "bound": True, "server": server.api}
        started = connector.start("github", user="alice", redirect_uri=REDIRECT, **requested)
        record = connector.finish(user.consent(started.authorization_url), state=started.state)
        token = record.secrets["access_token"].reveal()
        assert server.ask(token).status_code == 401
        assert server.ask(token, Authorization=f"DPoP {token}").status_code == 401
        before = server.count("unauthorized")
        _calls_three_times(vault, refresher, mode)
        # Only the first proof lacks the nonce, and no new token is fetched for that.
        assert server.count("unauthorized") == before + nonce
        assert vault.get(record.id).version == record.version
        renewed = refresher.refresh(vault, record.id, record.version, rejected=True)
        assert renewed.secrets["dpop_key"] == record.secrets["dpop_key"]
        _calls_three_times(vault, refresher, mode)


def _calls_three_times(vault: SealedVault, refresher: TokenRefresher, mode: str) -> None:
    source = vault.source(refresher)
    if mode == "sync":
        with using(Client(vault=source)), acting(user="alice", via="github"):
            assert [users.me().id for _ in range(3)] == ["alice"] * 3
        return

    async def main() -> list[str | None]:
        async with AsyncClient(vault=source) as client, using(client):
            with acting(user="alice", via="github"):
                found = [(await aio.users.me()).id for _ in range(3)]
            await client.aclose()
            return found

    assert asyncio.run(main()) == ["alice"] * 3
