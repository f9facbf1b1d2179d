"""Attacks on OAuth flows, each against the certified server; its responses are changed on the way as an honest server never would."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
import pytest
from joserfc import jwk, jwt

from tests.oauth.test_flows import LOGIN, PAYMENT, REDIRECT, SCOPES
from tests.support.servers import oidc as servers
from tests.support.servers.oidc import OIDC, User
from unified_platform.oauth import authorization_code, pkce, token_requests
from unified_platform.oauth import server_metadata as metadata
from unified_platform.oauth.authorization_code import Authorization
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.errors import AuthorizationRefused, InvalidCallback, InvalidGrant, UntrustedToken
from unified_platform.oauth.server_metadata import Server
from unified_platform.oauth.vendor_dialect import Dialect
from unified_runtime import Client
from unified_runtime.core.credentials import Secret
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.http._sync.default import DefaultTransport

Change = Callable[[HTTPRequest, Response], Response]


class Tampering:
    """Network between client and server that changes responses."""

    def __init__(self, change: Change) -> None:
        self._inner = DefaultTransport()
        self._change = change
        self.sent: list[str] = []

    def send(self, request: HTTPRequest) -> Response:
        self.sent.append(request.url)
        return self._change(request, self._inner.send(request))

    def close(self) -> None:
        self._inner.close()


def _changing(path: str, change: Callable[[dict[str, Any]], None]) -> Client:
    """Client whose JSON responses from `path` are changed on the way."""

    def changed(request: HTTPRequest, response: Response) -> Response:
        if urlsplit(request.url).path != path:
            return response
        found = json.loads(response.body)
        change(found)
        pairs = [pair for pair in response.pairs if pair[0].lower() != b"content-length"]
        return Response(response.status, pairs, json.dumps(found).encode(), response.url)

    return Client(Tampering(changed))


@pytest.fixture
def perform() -> Any:
    return Client().perform


@pytest.fixture
def started(perform: Any, server: Server, public: OAuthClient, user: User) -> tuple[str, Authorization]:
    """Authorization with the user's consent: its callback, and its start."""
    url, made = perform(authorization_code.begin(server, public, REDIRECT, scopes=SCOPES, dialect=Dialect(parameters=LOGIN)))
    return user.consent(url), made


Started = tuple[str, Authorization]


def _with(callback: str, **changed: str | None) -> str:
    """Return the callback with parameters replaced, or removed."""
    parts = urlsplit(callback)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
    return parts._replace(query=urlencode({name: value for name, value in query.items() if value is not None})).geturl()


# ------------------------------------------------------------------------------------------------------------------- PKCE
def test_wrong_verifier(perform: Any, server: Server, public: OAuthClient, started: Started) -> None:
    callback, made = started
    with pytest.raises(InvalidGrant):
        perform(authorization_code.finish(callback, replace(made, verifier=Secret(pkce.verifier())), server, public))


def test_plain_pkce_is_refused_by_the_server(server: Server, public: OAuthClient, user: User, perform: Any) -> None:
    url, made = perform(authorization_code.begin(server, public, REDIRECT, scopes=SCOPES))
    plain = _with(url, code_challenge_method="plain", code_challenge=made.verifier.reveal())
    with pytest.raises(AuthorizationRefused, match="invalid_request"):
        perform(authorization_code.finish(user.consent(plain), made, server, public))


def test_plain_pkce_is_refused_by_the_client(perform: Any, public: OAuthClient) -> None:
    with servers.running(PKCE_PLAIN=1) as weak:
        server = perform(metadata.discover(weak.issuer))
        with pytest.raises(UntrustedToken, match="not by S256"):
            perform(authorization_code.begin(server, public, REDIRECT, scopes=SCOPES))


def test_no_pkce_is_refused_by_the_server(perform: Any, server: Server, public: OAuthClient, user: User) -> None:
    url, made = perform(authorization_code.begin(server, public, REDIRECT, scopes=SCOPES))
    with pytest.raises(AuthorizationRefused, match="PKCE"):
        perform(authorization_code.finish(user.consent(_with(url, code_challenge=None, code_challenge_method=None)), made, server, public))


# ------------------------------------------------------------------------------------------------------------ code and state
def test_replayed_code(perform: Any, server: Server, public: OAuthClient, started: Started) -> None:
    callback, made = started
    granted = perform(authorization_code.finish(callback, made, server, public))
    with pytest.raises(InvalidGrant):
        perform(authorization_code.finish(callback, made, server, public))
    with pytest.raises(InvalidGrant):  # the server revokes the grant of a replayed code (RFC 6749, section 4.1.2)
        perform(token_requests.refresh(server, public, granted.tokens.refresh))


def test_code_of_another_client(perform: Any, server: Server, web: OAuthClient, started: Started) -> None:
    callback, made = started
    with pytest.raises(InvalidGrant):
        perform(authorization_code.finish(callback, made, server, web))


@pytest.mark.parametrize("state", [None, "", "guessed"], ids=["missing", "empty", "wrong"])
def test_state(perform: Any, server: Server, public: OAuthClient, started: Started, oidc: OIDC, state: str | None) -> None:
    callback, made = started
    before = len(oidc.events())
    with pytest.raises(InvalidCallback):
        perform(authorization_code.finish(_with(callback, state=state), made, server, public))
    assert len(oidc.events()) == before  # the code was not sent anywhere


def test_state_of_another_user(perform: Any, server: Server, public: OAuthClient, started: Started) -> None:
    """The code of an attacker's account, planted into a victim's browser (RFC 9700, section 4.7)."""
    _, victim = perform(authorization_code.begin(server, public, REDIRECT, scopes=SCOPES))
    with pytest.raises(InvalidCallback, match="state"):
        perform(authorization_code.finish(started[0], victim, server, public))


def test_parameter_twice(perform: Any, server: Server, public: OAuthClient, started: Started) -> None:
    callback, made = started
    with pytest.raises(InvalidCallback, match="more than once"):
        perform(authorization_code.finish(callback + "&code=another", made, server, public))


def test_too_late(perform: Any, server: Server, public: OAuthClient, started: Started) -> None:
    callback, made = started
    with pytest.raises(InvalidCallback, match="too long ago"):
        perform(authorization_code.finish(callback, replace(made, expires_at=time.time()), server, public))


def test_refused_by_the_user(perform: Any, server: Server, public: OAuthClient, user: User) -> None:
    url, made = perform(authorization_code.begin(server, public, REDIRECT, scopes=SCOPES))
    with pytest.raises(AuthorizationRefused, match="access_denied") as raised:
        perform(authorization_code.finish(user.refuse(url), made, server, public))
    assert raised.value.code == "access_denied"


# -------------------------------------------------------------------------------------------------------------------- issuer
@pytest.mark.parametrize("issuer", [None, "https://attacker.test"], ids=["missing", "another"])
def test_mixed_up_issuer(perform: Any, server: Server, public: OAuthClient, started: Started, oidc: OIDC, issuer: str | None) -> None:
    callback, made = started
    before = len(oidc.events())
    with pytest.raises(InvalidCallback, match="from"):
        perform(authorization_code.finish(_with(callback, iss=issuer), made, server, public))
    assert len(oidc.events()) == before


def test_metadata_of_another_issuer(oidc: OIDC) -> None:
    client = _changing("/.well-known/oauth-authorization-server", lambda found: found.update(issuer="https://attacker.test"))
    with pytest.raises(UntrustedToken, match="another issuer"):
        client.perform(metadata.discover(oidc.issuer))


def test_endpoint_without_tls(oidc: OIDC, public: OAuthClient, user: User) -> None:
    client = _changing("/.well-known/oauth-authorization-server", lambda found: found.update(token_endpoint="http://attacker.test/token"))
    server = client.perform(metadata.discover(oidc.issuer))
    with pytest.raises(UntrustedToken, match="must be https"):
        client.perform(token_requests.refresh(server, public, Secret("token")))


# ----------------------------------------------------------------------------------------------------------- refresh tokens
def test_reused_refresh_token_ends_the_family(perform: Any, server: Server, public: OAuthClient, started: Started, oidc: OIDC) -> None:
    callback, made = started
    first = perform(authorization_code.finish(callback, made, server, public)).tokens
    second = perform(token_requests.refresh(server, public, first.refresh))
    with pytest.raises(InvalidGrant):
        perform(token_requests.refresh(server, public, first.refresh))
    with pytest.raises(InvalidGrant):
        perform(token_requests.refresh(server, public, second.refresh))


# ---------------------------------------------------------------------------------------------------------- other addresses
def test_callback_at_another_origin(perform: Any, server: Server, public: OAuthClient, started: Started) -> None:
    callback, made = started
    for address in ("https://attacker.test/callback", "http://127.0.0.1:9999/callback", "http://127.0.0.1:8123/other"):
        with pytest.raises(InvalidCallback, match="the callback URL is"):
            perform(authorization_code.finish(f"{address}?{urlsplit(callback).query}", made, server, public))


def test_redirect_address_that_is_not_registered(perform: Any, server: Server, public: OAuthClient, user: User) -> None:
    url, _ = perform(authorization_code.begin(server, public, "https://attacker.test/callback", scopes=SCOPES))
    with pytest.raises(AssertionError, match=r"returned 400: .*redirect_uri"):
        user.consent(url)


@pytest.mark.parametrize("status", [302, 307, 308])
def test_token_endpoint_that_redirects(server: Server, public: OAuthClient, started: Started, status: int) -> None:
    def redirect(request: HTTPRequest, response: Response) -> Response:
        return Response(status, [(b"location", b"https://attacker.test/token")], b"", request.url)

    transport = Tampering(redirect)
    with pytest.raises(UntrustedToken, match=r"redirects to 'attacker\.test'"):
        Client(transport).perform(authorization_code.finish(*started, server, public))
    assert transport.sent == [server.token_endpoint]


# ------------------------------------------------------------------------------------------------------------------ ID token
def _forged(claims: Any = None, header: Any = None, key: Any = None) -> Callable[[dict[str, Any]], None]:
    """Return the response's ID token, changed and signed again by a key of the attacker's."""
    signing = key if key is not None else jwk.RSAKey.generate_key(2048)

    def change(found: dict[str, Any]) -> None:
        _, payload, _ = found["id_token"].split(".")
        own = json.loads(base64.urlsafe_b64decode(payload + "=="))
        own.update(claims(own) if claims is not None else {})
        found["id_token"] = jwt.encode(
            {"alg": "RS256", "kid": "test", **(header or {})}, own, signing, algorithms=["RS256", "HS256", "none"]
        )

    return change


HMAC = jwk.OctKey.import_key("s" * 43)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_forged(), id="another key"),
        pytest.param(_forged(header={"alg": "HS256"}, key=HMAC), id="signed with the client's secret"),
        pytest.param(_forged(header={"kid": "unknown"}), id="unknown key"),
        pytest.param(lambda found: found.update(id_token=found["id_token"][:-4] + "AAAA"), id="broken signature"),
        pytest.param(lambda found: found.update(id_token=_unsigned(found["id_token"])), id="unsigned"),
        pytest.param(lambda found: found.update(id_token="nothing"), id="no token"),
        pytest.param(lambda found: found.pop("id_token"), id="missing"),
    ],
)
def test_forged_id_token(server: Server, public: OAuthClient, started: Started, change: Any) -> None:
    client = _changing("/token", change)
    with pytest.raises(UntrustedToken, match="ID token"):
        client.perform(authorization_code.finish(*started, server, public))


def _unsigned(token: str) -> str:
    return base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode() + "." + token.split(".")[1] + "."


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        (lambda own: {"exp": time.time() - 61}, "expired"),
        (lambda own: {"exp": None}, "expired"),
        (lambda own: {"iat": time.time() + 120}, "future"),
        (lambda own: {"nbf": time.time() + 120}, "not valid yet"),
        (lambda own: {"iss": "https://attacker.test"}, "another issuer"),
        (lambda own: {"aud": "another"}, "another client"),
        (lambda own: {"aud": ["public", "another"]}, "azp"),
        (lambda own: {"azp": "another"}, "azp"),
        (lambda own: {"nonce": "another"}, "nonce"),
        (lambda own: {"nonce": None}, "nonce"),
        (lambda own: {"sub": ""}, "names no user"),
        (lambda own: {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "another access token"),
    ],
)
def test_id_token_whose_claims_are_wrong(server: Server, public: OAuthClient, started: Started, claims: Any, message: str) -> None:
    """The signature is valid: the server's key set is the attacker's too, so that only the claims show the attack."""
    key = jwk.RSAKey.generate_key(2048, {"kid": "test", "alg": "RS256", "use": "sig"})
    forge = _forged(claims, key=key)

    def change(request: HTTPRequest, response: Response) -> Response:
        found = json.loads(response.body)
        if urlsplit(request.url).path == "/token":
            forge(found)
        else:
            found = {"keys": [key.as_dict(private=False)]}
        return Response(response.status, [], json.dumps(found).encode(), response.url)

    with pytest.raises(UntrustedToken, match=message):
        Client(Tampering(change)).perform(authorization_code.finish(*started, server, public))


def test_clocks_may_differ_a_little(server: Server, public: OAuthClient, started: Started) -> None:
    key = jwk.RSAKey.generate_key(2048, {"kid": "test", "alg": "RS256", "use": "sig"})
    forge = _forged(lambda own: {"exp": time.time() - 30, "iat": time.time() + 30}, key=key)

    def change(request: HTTPRequest, response: Response) -> Response:
        found = json.loads(response.body)
        if urlsplit(request.url).path == "/token":
            forge(found)
        else:
            found = {"keys": [key.as_dict(private=False)]}
        return Response(response.status, [], json.dumps(found).encode(), response.url)

    assert Client(Tampering(change)).perform(authorization_code.finish(*started, server, public)).claims["sub"] == "alice"


# ------------------------------------------------------------------------------------------------------------------- scopes
def test_authorization_details_over_the_limit(perform: Any, server: Server, web: OAuthClient) -> None:
    over = PAYMENT | {"instructedAmount": {"currency": "EUR", "amount": "100.01"}}
    with pytest.raises(AuthorizationRefused, match="invalid_authorization_details"):
        perform(authorization_code.begin(server, web, REDIRECT, scopes=SCOPES, authorization_details=[over]))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"instructedAmount": {"currency": "EUR", "amount": "100000"}}, id="a larger amount"),
        pytest.param({"actions": ["initiate", "cancel"]}, id="another action"),
        pytest.param({"actions": None}, id="every action"),
        pytest.param({"type": "account_information"}, id="another type"),
        pytest.param({"privileges": ["admin"]}, id="privileges"),
    ],
)
def test_more_granted_than_requested(perform: Any, server: Server, web: OAuthClient, user: User, change: dict[str, Any]) -> None:
    dialect = Dialect(parameters=LOGIN)
    url, made = perform(authorization_code.begin(server, web, REDIRECT, scopes=SCOPES, authorization_details=[PAYMENT], dialect=dialect))
    granted = {name: value for name, value in (PAYMENT | change).items() if value is not None}
    client = _changing("/token", lambda found: found.update(authorization_details=[granted]))
    with pytest.raises(UntrustedToken, match="more than was requested"):
        client.perform(authorization_code.finish(user.consent(url), made, server, web))


def test_more_scopes_than_requested(perform: Any, server: Server, public: OAuthClient, started: Started) -> None:
    callback, made = started
    tokens = perform(authorization_code.finish(callback, made, server, public)).tokens
    client = _changing("/token", lambda found: found.update(scope="files:read files:write"))
    with pytest.raises(UntrustedToken, match="files:write"):
        client.perform(token_requests.refresh(server, public, tokens.refresh, scopes=["files:read"]))


def test_plain_token_instead_of_a_bound_one(server: Server, public: OAuthClient, user: User) -> None:
    client = _changing("/token", lambda found: found.update(token_type="Bearer"))
    url, made = client.perform(authorization_code.begin(server, public, REDIRECT, scopes=SCOPES, prover=Prover()))
    with pytest.raises(UntrustedToken, match="bound to a key"):
        client.perform(authorization_code.finish(user.consent(url), made, server, public))


def test_a_refusal_repeats_no_secret(server: Server, public: OAuthClient) -> None:
    token = Secret("0123456789-refresh-token")
    client = _changing("/token", lambda found: found.update(error_description=f"unknown: {token.reveal()}"))
    with pytest.raises(InvalidGrant) as raised:
        client.perform(token_requests.refresh(server, public, token))
    assert token.reveal() not in str(raised.value) + repr(raised.value) + str(msgspec.to_builtins(raised.value.args))
