"""Every flow, executed with the certified server."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.servers import oidc as servers
from tests.support.servers.oidc import OIDC, User
from unified_platform.oauth import authorization_code, client_registration, device_flow, token_requests, token_revocation
from unified_platform.oauth import server_metadata as metadata
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.errors import AuthorizationRefused, InvalidGrant, UntrustedToken
from unified_platform.oauth.server_metadata import Server
from unified_platform.oauth.tokens import expired
from unified_platform.oauth.vendor_dialect import Dialect
from unified_runtime import Client
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import VendorProtocolError

REDIRECT = "http://127.0.0.1:8123/callback"
SCOPES = ("openid", "offline_access", "files:read", "files:write")
PAYMENT = {"type": "payment_initiation", "actions": ["initiate"], "instructedAmount": {"currency": "EUR", "amount": "99.50"}}
LOGIN = {"prompt": "consent"}


def connected(perform: Any, server: Server, client: OAuthClient, user: User, **called: Any) -> Any:
    dialect = Dialect(parameters=LOGIN)
    url, made = perform(authorization_code.begin(server, client, REDIRECT, dialect=dialect, **{"scopes": SCOPES, **called}))
    return perform(authorization_code.finish(user.consent(url), made, server, client))


def test_discovery_finds_the_endpoints(perform: Any, oidc: OIDC) -> None:
    found = perform(metadata.discover(oidc.issuer))
    assert found.token_endpoint == f"{oidc.issuer}/token"
    assert found.pushed == f"{oidc.issuer}/request"
    assert found.authorization_response_iss_parameter_supported


def test_code_flow_with_each_way_to_authenticate(perform: Any, server: Server, client: OAuthClient, user: User, oidc: OIDC) -> None:
    granted = connected(perform, server, client, user)
    assert oidc.ask(granted.tokens.access.reveal()).json()["sub"] == "alice"
    assert granted.claims["sub"] == "alice"
    assert granted.tokens.refresh is not None
    assert not expired(granted.tokens.expires_at)
    assert expired(granted.tokens.expires_at, ahead=61)


def test_the_address_requests_s256_and_fresh_values(server: Server, public: OAuthClient) -> None:
    perform = Client().perform
    queries = [parse_qs(urlsplit(perform(authorization_code.begin(server, public, REDIRECT, scopes=SCOPES))[0]).query) for _ in range(2)]
    assert all(query["code_challenge_method"] == ["S256"] for query in queries)
    for name in ("state", "nonce", "code_challenge"):
        assert queries[0][name] != queries[1][name]


def test_refresh_rotates(perform: Any, server: Server, client: OAuthClient, user: User, oidc: OIDC) -> None:
    first = connected(perform, server, client, user).tokens
    second = perform(token_requests.refresh(server, client, first.refresh))
    assert second.refresh != first.refresh
    assert oidc.ask(second.access.reveal()).status_code == 200


def test_fewer_scopes_by_refresh(perform: Any, server: Server, public: OAuthClient, user: User, oidc: OIDC) -> None:
    first = connected(perform, server, public, user).tokens
    less = perform(token_requests.refresh(server, public, first.refresh, scopes=["files:read"]))
    assert less.scopes == ("files:read",)
    assert oidc.ask(less.access.reveal()).json()["scope"] == "files:read"


def test_pushed_authorization_request(perform: Any, server: Server, user: User) -> None:
    pusher = OAuthClient("pusher")
    url, made = perform(authorization_code.begin(server, pusher, REDIRECT, scopes=SCOPES, pushed=True))
    assert set(parse_qs(urlsplit(url).query)) == {"client_id", "request_uri"}
    assert perform(authorization_code.finish(user.consent(url), made, server, pusher)).claims["sub"] == "alice"


def test_authorization_details_are_pushed_and_granted(perform: Any, server: Server, web: OAuthClient, user: User, oidc: OIDC) -> None:
    granted = connected(perform, server, web, user, authorization_details=[PAYMENT])
    assert granted.tokens.details[0]["instructedAmount"]["amount"] == "99.50"
    assert oidc.ask(granted.tokens.access.reveal()).json()["details"] == [PAYMENT]


def test_resource_indicator_names_the_audience(perform: Any, server: Server, web: OAuthClient, user: User, oidc: OIDC) -> None:
    resource = f"{oidc.issuer}/elsewhere"
    granted = connected(perform, server, web, user, resources=[resource]).tokens
    assert oidc.ask(granted.access.reveal(), "/elsewhere").status_code == 200
    assert oidc.ask(granted.access.reveal(), "/api").status_code == 401


@pytest.fixture(scope="module", params=["0", "1"], ids=["without a nonce", "with a nonce"])
def bound(request: pytest.FixtureRequest) -> Any:
    if reason := servers.missing():
        pytest.skip(reason)
    with servers.running(DPOP_NONCE=request.param) as server:
        yield server


@pytest.mark.parametrize("pushed", [False, True])
def test_dpop_binds_tokens_to_a_key(perform: Any, bound: OIDC, user: User, pushed: bool) -> None:
    server, client, prover = perform(metadata.discover(bound.issuer)), OAuthClient("bound"), Prover()
    url, made = perform(
        authorization_code.begin(server, client, REDIRECT, scopes=SCOPES, prover=prover, pushed=pushed, dialect=Dialect(parameters=LOGIN))
    )
    tokens = perform(authorization_code.finish(user.consent(url), made, server, client)).tokens
    assert tokens.type == "DPoP"
    assert perform(token_revocation.introspect(server, client, tokens.access))["cnf"]["jkt"] == prover.thumbprint()
    assert bound.ask(tokens.access.reveal(), "/me").status_code == 401
    again = perform(token_requests.refresh(server, client, tokens.refresh, prover=Prover(prover.secret())))
    assert again.type == "DPoP"
    with pytest.raises(InvalidGrant):
        perform(token_requests.refresh(server, client, again.refresh, prover=Prover()))


def test_dpop_proofs_satisfy_a_resource(bound: OIDC, user: User) -> None:
    """The server's userinfo endpoint checks method, address, key, token and nonce of a proof."""
    perform = Client().perform
    server, client, prover = perform(metadata.discover(bound.issuer)), OAuthClient("bound"), Prover()
    url, made = perform(authorization_code.begin(server, client, REDIRECT, scopes=("openid", "email"), prover=prover))
    token = perform(authorization_code.finish(user.consent(url), made, server, client)).tokens.access

    def ask(proof: str) -> int:
        return bound.ask(token.reveal(), "/me", Authorization=f"DPoP {token.reveal()}", DPoP=proof).status_code

    path = f"{bound.issuer}/me"
    assert ask(prover.proof("GET", path, token)) == 200
    assert ask(prover.proof("POST", path, token)) == 401
    assert ask(prover.proof("GET", f"{bound.issuer}/api", token)) == 401
    assert ask(prover.proof("GET", path, Secret("another"))) == 401
    assert ask(Prover().proof("GET", path, token)) == 401
    used = prover.proof("GET", path, token)
    assert [ask(used), ask(used)] == [200, 401]


def test_token_exchange_acts_on_behalf(perform: Any, server: Server, web: OAuthClient, user: User, oidc: OIDC) -> None:
    subject = connected(perform, server, web, user).tokens
    token = perform(token_requests.exchange(server, web, subject.access, scopes=["files:read"]))
    assert token.scopes == ("files:read",)
    assert oidc.ask(token.access.reveal()).json()["sub"] == "alice"
    again = perform(token_requests.exchange(server, web, token.access, actor=subject.access))
    assert oidc.ask(again.access.reveal()).json()["act"] == {"sub": "web", "act": {"sub": "web"}}
    with pytest.raises(AuthorizationRefused, match="invalid_scope"):
        perform(token_requests.exchange(server, web, token.access, scopes=["files:write"]))


def test_revocation_ends_the_grant(perform: Any, server: Server, web: OAuthClient, user: User) -> None:
    tokens = connected(perform, server, web, user).tokens
    assert perform(token_revocation.introspect(server, web, tokens.refresh))["active"] is True
    perform(token_revocation.revoke(server, web, tokens.refresh, hint="refresh_token"))
    assert perform(token_revocation.introspect(server, web, tokens.refresh)) == {"active": False}
    with pytest.raises(InvalidGrant):
        perform(token_requests.refresh(server, web, tokens.refresh))
    perform(token_revocation.revoke(server, web, tokens.refresh))


def test_dynamic_registration(perform: Any, server: Server, user: User) -> None:
    client = perform(client_registration.register(server, name="a test", redirect_uris=["http://127.0.0.1/callback"]))
    assert connected(perform, server, client, user).claims["sub"] == "alice"
    secretive = perform(
        client_registration.register(server, name="a test", redirect_uris=["http://127.0.0.1/callback"], method="client_secret_post")
    )
    assert secretive.secret is not None
    assert connected(perform, server, secretive, user).claims["sub"] == "alice"


def test_client_credentials(perform: Any, server: Server, web: OAuthClient, oidc: OIDC) -> None:
    tokens = perform(token_requests.client_credentials(server, web, scopes=["files:read"]))
    assert oidc.ask(tokens.access.reveal()).json()["scope"] == "files:read"
    assert tokens.refresh is None


def test_jwt_bearer(perform: Any, server: Server, web: OAuthClient, oidc: OIDC) -> None:
    key = Secret(oidc.account_key)
    tokens = perform(
        token_requests.jwt_bearer(
            server, key, issuer="robot@accounts.test", subject="alice", key_id="account", scopes=["files:read"], client=web
        )
    )
    response = oidc.ask(tokens.access.reveal()).json()
    assert (response["sub"], response["scope"]) == ("alice", "files:read")
    with pytest.raises(InvalidGrant):
        perform(token_requests.jwt_bearer(server, key, issuer="somebody@else.test", scopes=["files:read"], client=web))


def test_device_flow(perform: Any, server: Server, public: OAuthClient, user: User, oidc: OIDC) -> None:
    made = perform(device_flow.begin(server, public, scopes=SCOPES))
    assert "•" in repr(made.device_code)
    user.enter(made.url, made.user_code)
    tokens = perform(device_flow.finish(server, public, _quickly(made)))
    assert oidc.ask(tokens.access.reveal()).json()["sub"] == "alice"


def test_device_flow_refused(perform: Any, server: Server, public: OAuthClient, user: User) -> None:
    made = perform(device_flow.begin(server, public, scopes=SCOPES))
    user.enter(made.url, made.user_code, refuse=True)
    with pytest.raises(AuthorizationRefused, match="access_denied"):
        perform(device_flow.finish(server, public, _quickly(made)))


def _quickly(made: device_flow.DeviceAuthorization) -> device_flow.DeviceAuthorization:
    from dataclasses import replace

    return replace(made, interval=0.05)


def test_unsupported_features_of_a_server_are_reported(server: Server, web: OAuthClient) -> None:
    with pytest.raises(VendorProtocolError, match="offers no revocation"):
        Client().perform(token_revocation.revoke(Server(token_endpoint=server.token_endpoint), web, Secret("token")))
    with pytest.raises(UntrustedToken, match="must be https"):
        Client().perform(token_revocation.revoke(Server(revocation_endpoint="http://example.test/revoke"), web, Secret("token")))
