"""Two certified authorization servers, one of them the attacker's; and connections that end, are renewed or stolen during a refresh."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.oauth.conftest import declared_at
from tests.oauth.conftest import oidc as oidc  # a fixture
from tests.oauth.conftest import user as user
from tests.oauth.conftest import vault as vault
from tests.oauth.test_attacks import _with
from tests.oauth.test_flows import REDIRECT
from tests.support.servers import oidc as servers
from tests.support.servers.oidc import OIDC, User
from unified_platform.connections.errors import VaultUnavailable, VersionConflict
from unified_platform.oauth import app_credentials, authorization_code, token_requests
from unified_platform.oauth import server_metadata as metadata
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.connector import Connector
from unified_platform.oauth.declarations import Declaration
from unified_platform.oauth.errors import InvalidCallback, InvalidGrant
from unified_platform.oauth.server_metadata import Server
from unified_platform.oauth.token_refresh import TokenRefresher
from unified_platform.oauth.vendor_dialect import Dialect
from unified_platform.vault import ConnectionKey, ConnectionRecord, Kind, SealedVault, Status
from unified_runtime import Client
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import NotConnected
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.http._sync.default import DefaultTransport

CLIENT = OAuthClient("public")
LOCATION = ConnectionKey(vendor="github", user="alice")


@pytest.fixture(scope="module")
def evil() -> Iterator[OIDC]:
    """The attacker's server, where the same client is registered."""
    if reason := servers.missing():
        pytest.skip(reason)
    with servers.running() as server:
        yield server


def connector(vault: SealedVault, declaration: Declaration) -> Connector:
    return Connector(vault, clients=app_credentials.fixed({"github": CLIENT}), declarations=lambda vendor: declaration)


# ---------------------------------------------------------------------------------------------------------------- mix-up
def static(oidc: OIDC, issuer: str | None) -> Declaration:
    """Vendor whose addresses are declared, as for most vendors."""
    known: Server = Client().perform(metadata.discover(oidc.issuer))
    endpoints = {"authorize": known.authorization_endpoint or "", "token": known.token_endpoint or ""}
    return Declaration(scheme="token", issuer=issuer, endpoints=endpoints, parameters={"prompt": "consent"})


@pytest.mark.parametrize("known", ["published", "declared", "not known"])
def test_a_code_of_the_honest_server_never_reaches_the_attackers(
    vault: SealedVault, oidc: OIDC, evil: OIDC, user: User, known: str
) -> None:
    """RFC 9700, section 4.4.1: the attacker's server redirects the browser to the honest one, with the state and challenge received."""
    declaration = declared_at(evil) if known == "published" else static(evil, evil.issuer if known == "declared" else None)
    made = connector(vault, declaration)
    started = made.start("github", user="alice", redirect_uri=REDIRECT, scopes=["files:read"], server=evil.api)
    on = started.authorization_url.replace(evil.issuer, oidc.issuer)
    callback = user.consent(on)
    assert urlsplit(on).netloc == urlsplit(oidc.issuer).netloc
    before = len(evil.events())
    with pytest.raises(InvalidCallback, match="another authorization server"):
        made.finish(callback, state=started.state)
    assert len(evil.events()) == before, "the attacker's server is sent nothing"
    assert vault.find(LOCATION) is None
    with pytest.raises(InvalidCallback):
        made.finish(callback, state=started.state)


@pytest.mark.parametrize(
    ("issuer", "good"),
    [
        ("https://login.example.com", True),
        ("https://example.com", True),
        ("https://eu.login.example.com/tenant", True),
        ("https://token.example.net", True),
        ("https://evil.test", False),
        ("https://evil-login.example.com", False),
        ("https://login.example.com.evil.test", False),
        ("https://login.example.com:8443", False),
        ("https://login.example.com@evil.test", False),
        ("https://com", False),
        ("https://other.example.com", False),
        ("https://[", False),
        ("", False),
        ("login.example.com", False),
    ],
)
def test_a_server_whose_issuer_is_not_known_is_known_by_its_host(issuer: str, good: bool) -> None:
    server = Server(authorization_endpoint="https://login.example.com/authorize", token_endpoint="https://token.example.net/token")
    _, made = Client().perform(authorization_code.begin(server, CLIENT, REDIRECT))
    callback = _with(f"{REDIRECT}?code=c", state=made.state.reveal(), iss=issuer)
    if good:
        assert authorization_code.check_callback(callback, made, server) == Secret("c")
    else:
        with pytest.raises(InvalidCallback, match="another authorization server"):
            authorization_code.check_callback(callback, made, server)


def test_each_server_has_its_own_callback(oidc: OIDC, evil: OIDC, user: User) -> None:
    """RFC 9700, section 4.4.2.2: a response for one redirect address is rejected at another's."""
    perform = Client().perform
    server = perform(metadata.discover(oidc.issuer))
    url, made = perform(authorization_code.begin(server, CLIENT, "http://127.0.0.1/connected"))
    callback = user.consent(url)
    for other in ("http://127.0.0.1/callback", "http://127.0.0.1/connected/", "http://127.0.0.1/connected/evil"):
        with pytest.raises(InvalidCallback, match="the callback URL is"):
            authorization_code.check_callback(callback.replace("http://127.0.0.1/connected", other), made, server)


# -------------------------------------------------------------------------------------------------------------- refreshing
class Paused:
    """Network on which an event happens between the response of a token endpoint and its arrival."""

    def __init__(self, meanwhile: Callable[[], Any]) -> None:
        self._inner = DefaultTransport()
        self._meanwhile = meanwhile
        self.requests: list[str] = []

    def send(self, request: HTTPRequest) -> Response:
        path = urlsplit(request.url).path
        self.requests.append(path)
        response = self._inner.send(request)
        if path == "/token":
            self._meanwhile()
        return response

    def close(self) -> None:
        self._inner.close()


def refresher(declaration: Declaration, transport: Any = None) -> TokenRefresher:
    return TokenRefresher(clients=app_credentials.fixed({"github": CLIENT}), declarations=lambda vendor: declaration, transport=transport)


def connected(vault: SealedVault, oidc: OIDC, user: User) -> ConnectionRecord:
    made = connector(vault, declared_at(oidc))
    started = made.start("github", user="alice", redirect_uri=REDIRECT, scopes=["openid", "files:read"], server=oidc.api)
    return made.finish(user.consent(started.authorization_url))


def test_a_connection_that_is_ended_while_it_is_refreshed_stays_ended(vault: SealedVault, oidc: OIDC, user: User) -> None:
    """Ended only here, as at a server that does not revoke what it has just rotated: the new tokens must not stay valid there."""
    record = connected(vault, oidc, user)
    minted: list[str] = []

    def end() -> None:
        now = vault.get(record.id)
        vault.compare_and_swap(replace(now, secrets={}, status=Status.REVOKED, reason="it was ended on purpose"), now.version)

    class Seen(Paused):
        def send(self, request: HTTPRequest) -> Response:
            response = super().send(request)
            if urlsplit(request.url).path == "/token":
                minted.append(response.body.decode())
            return response

    network = Seen(end)
    before = oidc.count("revoked")
    with pytest.raises(NotConnected, match="ended on purpose"):
        refresher(declared_at(oidc), network).refresh(vault, record.id, record.version, rejected=True)
    now = vault.get(record.id)
    assert (now.status, now.secrets) == (Status.REVOKED, {})
    assert len(minted) == 1
    assert oidc.count("revoked") == before + 1, "what was granted meanwhile is ended at the server"


def test_ending_a_connection_ends_what_a_refresh_has_brought_meanwhile(
    vault: SealedVault, oidc: OIDC, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = connected(vault, oidc, user)
    stored, refreshed = vault.compare_and_swap, []

    def swap(changed: ConnectionRecord, expected: int) -> ConnectionRecord:
        if changed.status is Status.REVOKED and not refreshed:  # a refresh comes first, once, for another grant that stays valid
            other = grants_of_another(oidc, user)
            refreshed.append(other)
            stored(replace(vault.get(record.id), secrets={"access_token": other.access, "refresh_token": other.refresh}), expected)
        return stored(changed, expected)

    monkeypatch.setattr(vault, "compare_and_swap", swap)
    assert connector(vault, declared_at(oidc)).revoke(LOCATION)
    now = vault.get(record.id)
    assert (now.status, now.secrets) == (Status.REVOKED, {})
    server = Client().perform(metadata.discover(oidc.issuer))
    for token in (record.secrets["refresh_token"], refreshed[0].refresh):
        with pytest.raises(InvalidGrant):
            Client().perform(token_requests.refresh(server, CLIENT, token))


def grants_of_another(oidc: OIDC, user: User) -> Any:
    perform = Client().perform
    server = perform(metadata.discover(oidc.issuer))
    dialect = Dialect(parameters={"prompt": "consent"})
    url, made = perform(authorization_code.begin(server, CLIENT, REDIRECT, scopes=["openid", "offline_access"], dialect=dialect))
    return perform(authorization_code.finish(user.consent(url), made, server, CLIENT)).tokens


def test_connecting_again_and_refreshing_at_once_keeps_the_users_tokens(vault: SealedVault, oidc: OIDC, user: User) -> None:
    record = connected(vault, oidc, user)
    made = connector(vault, declared_at(oidc))

    def again() -> None:
        started = made.start("github", user="alice", redirect_uri=REDIRECT, scopes=["openid"], server=oidc.api, renews=record.id)
        made.finish(user.consent(started.authorization_url))

    after = refresher(declared_at(oidc), Paused(again)).refresh(vault, record.id, record.version, rejected=True)
    assert after.secrets == vault.get(record.id).secrets
    later = refresher(declared_at(oidc)).refresh(vault, record.id, vault.get(record.id).version, rejected=True)
    assert later.status is Status.ACTIVE, "the tokens that were stored are those of the user's own consent, and work"


def test_connecting_again_is_stored_over_a_refresh(vault: SealedVault, oidc: OIDC, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    record = connected(vault, oidc, user)
    made = connector(vault, declared_at(oidc))
    started = made.start("github", user="alice", redirect_uri=REDIRECT, scopes=["openid"], server=oidc.api, renews=record.id)
    stored, refused = vault.compare_and_swap, []

    def swap(changed: ConnectionRecord, expected: int) -> ConnectionRecord:
        if not refused:  # a refresh comes first, once
            now = vault.get(record.id)
            refused.append(stored(replace(now, secrets={**now.secrets, "access_token": Secret("refreshed")}), now.version))
        return stored(changed, expected)

    monkeypatch.setattr(vault, "compare_and_swap", swap)
    done = made.finish(user.consent(started.authorization_url))
    assert done.version == record.version + 2
    assert vault.get(record.id).secrets["access_token"] != Secret("refreshed")

    def always(changed: ConnectionRecord, expected: int) -> ConnectionRecord:
        raise VersionConflict("always another version")

    monkeypatch.setattr(vault, "compare_and_swap", always)
    started = made.start("github", user="alice", redirect_uri=REDIRECT, scopes=["openid"], server=oidc.api, renews=record.id)
    callback = user.consent(started.authorization_url)
    with pytest.raises(VaultUnavailable, match="changes all the time"):
        made.finish(callback)


def test_a_stolen_refresh_token_ends_with_its_family(vault: SealedVault, oidc: OIDC, user: User) -> None:
    """The thief is first. The owner's next refresh is rejected and reported, and ends the thief's tokens (RFC 9700, section 4.14.2)."""
    record = connected(vault, oidc, user)
    perform = Client().perform
    server = perform(metadata.discover(oidc.issuer))
    stolen = perform(token_requests.refresh(server, CLIENT, record.secrets["refresh_token"]))
    network = Paused(lambda: None)
    mine = refresher(declared_at(oidc), network)
    for _ in range(3):
        with pytest.raises(NotConnected, match="unified connect github"):
            mine.refresh(vault, record.id, record.version, rejected=True)
    assert network.requests.count("/token") == 1, "what needs the user is not tried again"
    assert vault.get(record.id).status is Status.NEEDS_USER
    with pytest.raises(InvalidGrant):
        perform(token_requests.refresh(server, CLIENT, stolen.refresh))


def test_two_holders_of_one_refresh_token_do_not_loop(vault: SealedVault, oidc: OIDC, user: User) -> None:
    """The lease has expired: two processes use one refresh token, and the server revokes the family. Both end, and the user is notified."""
    record = connected(vault, oidc, user)
    barrier = threading.Barrier(2, timeout=30)
    network = Paused(lambda: None)
    both = [refresher(declared_at(oidc), network) for _ in range(2)]
    ended: list[Any] = []

    def run(one: TokenRefresher) -> None:
        barrier.wait()
        try:
            ended.append(one._refreshed(vault, record, rejected=True).status)
        except NotConnected:
            ended.append(NotConnected)

    threads = [threading.Thread(target=run, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(ended) == 2
    assert network.requests.count("/token") == 2
    now = vault.get(record.id)
    if now.status is Status.ACTIVE:  # the winner has stored tokens that the server has revoked: the next refresh reports it
        with pytest.raises(NotConnected):
            both[0].refresh(vault, record.id, now.version, rejected=True)
    assert vault.get(record.id).status is Status.NEEDS_USER
    assert vault.get(record.id).kind is Kind.OAUTH
