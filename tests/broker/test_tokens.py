"""Tokens of an identity provider instead of keys: their validity, the caller they authenticate, and their exchange for an agent's own."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from joserfc import jwk, jwt

from tests.broker.conftest import BrokerCaller
from tests.oauth.conftest import oidc as oidc  # a fixture
from tests.oauth.test_flows import REDIRECT
from tests.support.brokers import SIGNER
from tests.support.servers.oidc import OIDC, User
from tests.unit.runtime import tasks
from tests.unit.runtime.policies import Engine, MemoryAuditLog
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.config import Issuer
from unified_platform.broker.token_identity import TokenIdentity
from unified_platform.oauth import authorization_code, server_metadata, token_requests
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.vendor_dialect import Dialect
from unified_runtime import AsyncClient, Client, Denied, PolicyEnforcer, Secret, Unauthorized, acting, basic, using

ISSUER = "https://idp.example.test"
AUDIENCE = "https://broker.example.test"
SIGNING = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
STRANGER = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


@pytest.fixture
def provider() -> Iterator[Loopback]:
    """Publish the keys of the issuer, and count the requests."""
    loopback = Loopback()
    loopback.answers(*[Reply.of({"keys": [SIGNING.as_dict(private=False)]})] * 5)
    yield loopback
    loopback.close()


@pytest.fixture
def trusting(caller: BrokerCaller, provider: Loopback, keys: KeyStore) -> Iterator[BrokerCaller]:
    """Caller of a broker that trusts the issuer."""
    issuer = Issuer(issuer=ISSUER, audience=(AUDIENCE,), jwks_uri=f"{provider.url}/keys", users=("carol",))
    caller.broker.identity.tokens = TokenIdentity([issuer], SIGNER, keys, AsyncClient())
    yield caller
    caller.broker.identity.tokens = None


def token(claims: dict[str, Any] | None = None, key: Any = SIGNING, without: str = "") -> str:
    body = {"iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "azp": "helper", "exp": int(time.time()) + 300, "iat": int(time.time())}
    body = {name: value for name, value in (body | (claims or {})).items() if name != without}
    return jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "at+jwt"}, body, key)


def unsigned() -> str:
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "azp": "helper", "exp": time.time() + 300}
    parts = [{"alg": "none", "typ": "at+jwt"}, claims]
    return ".".join(_part(json.dumps(part).encode()) for part in parts) + "."


def by_public_key() -> str:
    parts = [
        {"alg": "HS256", "kid": "one", "typ": "at+jwt"},
        {"iss": ISSUER, "aud": AUDIENCE, "azp": "helper", "exp": int(time.time()) + 300},
    ]
    text = ".".join(_part(json.dumps(part).encode()) for part in parts)
    return f"{text}.{_part(hmac.digest(SIGNING.as_pem(private=False), text.encode(), 'sha256'))}"


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


WRONG: dict[str, Callable[[], str]] = {
    "signed by another": lambda: token(key=STRANGER),
    "not signed": unsigned,
    "signed with the public key": by_public_key,
    "expired": lambda: token({"exp": int(time.time()) - 5}),
    "without an end": lambda: token(without="exp"),
    "not valid yet": lambda: token({"nbf": int(time.time()) + 600}),
    "issued in the future": lambda: token({"iat": int(time.time()) + 600}),
    "another issuer's": lambda: token({"iss": "https://evil.example.test"}),
    "for another": lambda: token({"aud": "https://other.example.test"}),
    "bound to a key": lambda: token({"cnf": {"jkt": "x"}}),
    "of no agent": lambda: token(without="azp"),
    "an actor that is none": lambda: token({"act": {"sub": 7}}),
    "an endless chain": lambda: token({"act": json.loads('{"sub": "a", "act": ' * 9 + '{"sub": "a"}' + "}" * 9)}),
    "a ticket of the broker": lambda: SIGNER.sign("list", {"sub": "alice", "act": {"sub": "helper", "by": "key x"}}, 60),
    "no token": lambda: "a.b.c",
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_token_that_is_not_right_reaches_nothing(trusting: BrokerCaller, server: Loopback, wrong: Callable[[], str]) -> None:
    trusting.key = wrong()
    with pytest.raises(Unauthorized) as caught:
        trusting.run(tasks.get, "P-1")
    assert server.seen == []
    assert trusting.key not in str(caught.value)


def test_a_users_token_makes_the_agent_act_for_that_user_only(trusting: BrokerCaller, server: Loopback) -> None:
    audit_log = MemoryAuditLog()
    trusting.enforcer = PolicyEnforcer(Engine(), audit=audit_log)
    trusting.connect(server.url, basic("alice", "alices"), user="alice")
    trusting.connect(server.url, basic("carol", "carols"), user="carol")
    trusting.key = token()
    server.answers(Reply.of(ISSUE))
    trusting.run(tasks.get, "P-1")
    assert server.seen[0].headers["Authorization"] == "Basic YWxpY2U6YWxpY2Vz"
    entry = audit_log.entries[0]
    assert (entry["agent"], entry["user"], entry["on_behalf_of"]) == ("helper", "alice", "alice")
    assert entry["chain"] == {"sub": "alice", "act": {"sub": "helper"}}
    with acting(user="carol"), pytest.raises(Denied, match="on behalf of 'alice' here"):
        trusting.run(tasks.get, "P-1")


def test_an_agents_own_token_acts_for_the_configured_user(trusting: BrokerCaller, server: Loopback) -> None:
    trusting.connect(server.url, basic("carol", "carols"), user="carol")
    trusting.key = token({"sub": "helper"})
    server.answers(Reply.of(ISSUE))
    trusting.run(tasks.get, "P-1")
    with acting(user="alice"), pytest.raises(Denied, match="is not for user 'alice'"):
        trusting.run(tasks.get, "P-1")


def test_a_new_key_of_the_issuer_is_looked_up(trusting: BrokerCaller, server: Loopback, provider: Loopback) -> None:
    trusting.connect(server.url, basic("alice", "alices"), user="alice")
    trusting.key = token()
    server.answers(*[Reply.of(ISSUE)] * 2)
    trusting.run(tasks.get, "P-1")
    newer = jwk.RSAKey.generate_key(2048, {"kid": "two", "use": "sig", "alg": "RS256"})
    trusting.key = token(key=newer)
    provider.script.clear()
    provider.answers(Reply.of({"keys": [newer.as_dict(private=False)]}))
    with pytest.raises(Unauthorized):
        trusting.run(tasks.get, "P-1")
    assert len(provider.seen) == 1, "an unknown key is not looked up for every token"
    trusting.broker.identity.tokens._issuers[ISSUER][1]._keys._next_fetch = 0.0  # half a minute later
    trusting.run(tasks.get, "P-1")


def exchanging(caller: BrokerCaller, user_token: Any) -> Client:
    caller.broker.calls.client = AsyncClient(settings=caller.settings, connections=caller.connections)
    caller.broker.calls.enforcer = caller.enforcer or PolicyEnforcer(Engine())
    return Client(broker=caller.url, key=caller.key, user_token=user_token, settings=caller.settings)


def test_the_users_token_and_the_agents_key_are_exchanged(trusting: BrokerCaller, server: Loopback, keys: KeyStore) -> None:
    audit_log = MemoryAuditLog()
    trusting.enforcer = PolicyEnforcer(Engine(), audit=audit_log)
    trusting.connect(server.url, basic("alice", "alices"), user="alice")
    made, secret = keys.create(Scope("planner", (), (), ("tasks.read",)), lifetime=60)
    trusting.key = secret.reveal()
    requested: list[int] = []

    def user_token() -> str:
        requested.append(1)
        return token({"azp": "webapp"})

    server.answers(*[Reply.of(ISSUE)] * 2)
    with using(exchanging(trusting, user_token)):
        assert tasks.get("P-1").id == "P-1"
        tasks.get("P-1")
        assert requested == [1], "the exchanged token is kept"
        with pytest.raises(Denied, match="in no toolset of key"):
            tasks.delete("P-1")
        with acting(user="carol"), pytest.raises(Denied, match="on behalf of 'alice' here"):
            tasks.get("P-1")
        keys.revoke(made.id)
        time.sleep(1.1)
        with pytest.raises(Unauthorized):
            tasks.get("P-1")
    chain = {"sub": "alice", "act": {"sub": "planner", "by": f"key {made.id}", "act": {"sub": "webapp"}}}
    assert (audit_log.entries[0]["kind"], audit_log.entries[0]["chain"]) == ("exchange", chain)
    assert (audit_log.entries[1]["chain"], audit_log.entries[1]["on_behalf_of"], audit_log.entries[1]["user"]) == (chain, "alice", "alice")


@pytest.mark.parametrize("users", [("carol",), ("carol", "dave")])
def test_a_key_for_others_is_not_exchanged(trusting: BrokerCaller, keys: KeyStore, users: tuple[str, ...]) -> None:
    trusting.key = keys.create(Scope("planner", users, (), ("*",)), lifetime=60)[1].reveal()
    with using(exchanging(trusting, token())), pytest.raises(Denied, match="is not for user 'alice'"):
        tasks.get("P-1")


@pytest.mark.parametrize("wrong", ["signed by another", "expired", "for another", "not signed"])
def test_a_users_token_that_is_not_right_is_not_exchanged(trusting: BrokerCaller, wrong: str) -> None:
    with using(exchanging(trusting, WRONG[wrong]())), pytest.raises(Unauthorized):
        tasks.get("P-1")


def test_an_exchanged_token_is_not_a_key_to_exchange_with(trusting: BrokerCaller) -> None:
    def exchange(bearer: str, subject: str, **more: str) -> httpx2.Response:
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": subject,
            "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        } | more
        return httpx2.post(f"{trusting.url}/v1/token", headers={"Authorization": f"Bearer {bearer}"}, data=form)

    first = exchange(trusting.key, token())
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-store"
    assert exchange(first.json()["access_token"], token({"sub": "bob"})).json()["error"] == "Denied"
    for more in ({"grant_type": "password"}, {"subject_token_type": "urn:ietf:params:oauth:token-type:saml2"}, {"actor_token": "x"}):
        assert exchange(trusting.key, token(), **more).json()["error"] == "InvalidInput"


def test_tokens_of_a_certified_server(oidc: OIDC, caller: BrokerCaller, server: Loopback, keys: KeyStore) -> None:
    """oidc-provider: a user's token, an application's own, and one that was already exchanged there."""
    perform = Client().perform
    found = perform(server_metadata.discover(oidc.issuer))
    web = OAuthClient("web", Secret(oidc.secret))
    url, made = perform(
        authorization_code.begin(found, web, REDIRECT, dialect=Dialect(parameters={"prompt": "consent"}), scopes=("files:read",))
    )
    user = perform(authorization_code.finish(User().consent(url), made, found, web)).tokens.access.reveal()
    own = perform(token_requests.client_credentials(found, web, scopes=["files:read"])).access.reveal()
    exchanged = perform(token_requests.exchange(found, web, Secret(user), scopes=["files:read"])).access.reveal()
    audit_log = MemoryAuditLog()
    caller.enforcer = PolicyEnforcer(Engine(), audit=audit_log)
    caller.connect(server.url, basic("alice", "alices"), user="alice")
    caller.broker.identity.tokens = TokenIdentity([Issuer(issuer=oidc.issuer, audience=(oidc.api,))], SIGNER, keys, AsyncClient())
    server.answers(*[Reply.of(ISSUE)] * 3)
    for caller.key in (user, own, exchanged):
        caller.run(tasks.get, "P-1")
    caller.broker.identity.tokens = None
    called = [entry for entry in audit_log.entries if entry["kind"] == "call"]
    assert [(entry["agent"], entry.get("user"), entry.get("chain")) for entry in called] == [
        ("web", "alice", {"sub": "alice", "act": {"sub": "web"}}),
        ("web", None, None),
        ("web", "alice", {"sub": "alice", "act": {"sub": "web"}}),
    ]
