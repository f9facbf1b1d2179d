"""Tokens that are not access tokens, forged tokens that make the broker call its identity provider, and unverified addresses."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc import jwk, jwt

from tests.broker.conftest import find
from tests.support.brokers import serving
from tests.support.waiting import until
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform import mcp
from unified_platform.broker.agent_keys import InvalidAgentKey, KeyStore
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.config import Config, Issuer, Login
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.limits import ConcurrencyLimiter, Limits
from unified_platform.broker.oidc_login import Provider
from unified_platform.broker.parts import Broker
from unified_platform.broker.principals import Principal
from unified_platform.broker.sessions import NotLoggedIn
from unified_platform.broker.token_identity import TokenIdentity
from unified_platform.broker.token_signing import Signer
from unified_platform.catalog.toolsets import EVERYTHING
from unified_platform.oauth import access_tokens, server_metadata
from unified_platform.oauth.access_tokens import IssuerKeys
from unified_platform.vault import open_vault
from unified_runtime import AsyncClient, Connection, PolicyEnforcer, RateLimited, Unavailable, UnifiedError, basic
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput
from unified_runtime.rate_limits.rate_limiter import Unlimited

ISSUER = "https://idp.example.test"
AUDIENCE = "https://broker.example.test"
SIGNING = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
STRANGER = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
KEYS = {"keys": [SIGNING.as_dict(private=False)]}


def token(claims: Mapping[str, Any] | None = None, typ: Any = "at+jwt", *, key: Any = SIGNING, kid: str = "one", without: str = "") -> str:
    now = int(time.time())
    found = {"iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "azp": "helper", "exp": now + 300, "iat": now, **(claims or {})}
    found.pop(without, None)
    header = {"alg": "RS256", "kid": kid} | ({} if typ is None else {"typ": typ})
    return jwt.encode(header, found, key)


def raw(payload: bytes, header: Mapping[str, Any]) -> str:
    """Return a token signed by the issuer with exactly this payload, which a JSON library may not write."""
    from joserfc import jws

    return jws.serialize_compact(dict(header), payload, SIGNING)


@pytest.fixture
def provider() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


def tokens(provider: Loopback, keys: KeyStore, **more: Any) -> TokenIdentity:
    issuer = Issuer(issuer=ISSUER, audience=(AUDIENCE,), jwks_uri=f"{provider.url}/keys", **more)
    return TokenIdentity([issuer], Signer(b"0" * 32), keys, AsyncClient())


@pytest.fixture
def keys(tmp_path: Any) -> KeyStore:
    return KeyStore(open_store(tmp_path / "control.db"))


def agent_of(known: TokenIdentity, text: str) -> str:
    return asyncio.run(known.principal(text)).agent


# ---------------------------------------------------------------------------------------------------- types of tokens
@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"])
def test_access_tokens_are_accepted(provider: Loopback, keys: KeyStore, typ: str) -> None:
    provider.answers(Reply.of(KEYS))
    assert agent_of(tokens(provider, keys), token(typ=typ)) == "helper"


OTHERS = [
    *(
        "JWT",
        "jwt",
        None,
        "",
        "logout+jwt",
        "dpop+jwt",
        "secevent+jwt",
        "oauth-authz-req+jwt",
        "token-introspection+jwt",
        "entity-statement+jwt",
    ),
    *("at+jwt ", "at+jwt; charset=utf-8", "text/at+jwt", "application/application/at+jwt", "at", "xat+jwt", "at+jwt\x00", "at\u200b+jwt"),
    *(["at+jwt"], {"at+jwt": 1}, 1, True),
]


@pytest.mark.parametrize("typ", OTHERS, ids=[repr(one) for one in OTHERS])
def test_other_tokens_of_the_issuer_are_not_access_tokens(provider: Loopback, keys: KeyStore, typ: Any) -> None:
    provider.answers(*[Reply.of(KEYS)] * 3)
    known = tokens(provider, keys)
    header = {"alg": "RS256", "kid": "one"} | ({} if typ is None else {"typ": typ})
    # The library signs no header whose type is not a text.
    text = raw(json.dumps(claims()).encode(), header) if typ is None or isinstance(typ, str) else unsigned(header, claims())
    with pytest.raises(InvalidAgentKey):
        asyncio.run(known.principal(text))
    assert provider.seen == [], "a token of another type has nothing fetched"


def claims(**more: Any) -> dict[str, Any]:
    now = int(time.time())
    return {"iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "azp": "helper", "exp": now + 300, "iat": now, **more}


def unsigned(*parts: Mapping[str, Any]) -> str:
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + ".AAAA"


def test_a_provider_whose_access_tokens_are_plain_is_declared(provider: Loopback, keys: KeyStore) -> None:
    provider.answers(Reply.of(KEYS))
    known = tokens(provider, keys, access_token_claims=("scp",))
    assert agent_of(known, token({"scp": "calls"}, "JWT")) == "helper"
    assert agent_of(known, token({"scp": ["calls"]}, None)) == "helper"
    assert agent_of(known, token()) == "helper"


ID_TOKENS: dict[str, dict[str, Any]] = {
    "no evidence": {},
    "empty evidence": {"scp": ""},
    "evidence that is an empty list": {"scp": []},
    "evidence that is null": {"scp": None},
    "evidence that is false": {"scp": False},
    "nonce": {"scp": "calls", "nonce": "n"},
    "a nonce that is null": {"scp": "calls", "nonce": None},
    "at_hash": {"scp": "calls", "at_hash": "x"},
    "c_hash": {"scp": "calls", "c_hash": "x"},
    "a logout token": {"scp": "calls", "events": {"http://schemas.openid.net/event/backchannel-logout": {}}},
    "for the client itself": {"scp": "calls", "azp": AUDIENCE},
    "for the client among others": {"scp": "calls", "aud": [AUDIENCE, "webapp"], "client_id": "webapp"},
    "for the client, by Entra's name": {"scp": "calls", "aud": [AUDIENCE, "webapp"], "appid": "webapp"},
}


@pytest.mark.parametrize("more", ID_TOKENS.values(), ids=ID_TOKENS)
@pytest.mark.parametrize("typ", ["JWT", None])
def test_the_exception_lets_no_id_token_in(provider: Loopback, keys: KeyStore, more: dict[str, Any], typ: str | None) -> None:
    provider.answers(Reply.of(KEYS))
    known = tokens(provider, keys, access_token_claims=("scp",))
    with pytest.raises(InvalidAgentKey):
        asyncio.run(known.principal(token(more, typ)))


@pytest.mark.parametrize("typ", ["logout+jwt", "dpop+jwt", "secevent+jwt", "", "JWTX"])
def test_the_exception_lets_no_other_type_in(provider: Loopback, keys: KeyStore, typ: str) -> None:
    provider.answers(Reply.of(KEYS))
    known = tokens(provider, keys, access_token_claims=("scp",))
    with pytest.raises(InvalidAgentKey):
        asyncio.run(known.principal(token({"scp": "calls"}, typ)))


@pytest.mark.parametrize("name", ["sub", "nonce", "email", "azp", "groups", "", "s\ncp"])
def test_evidence_that_id_tokens_have_too_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="access_token_claims"):
        Config(agents="agents.toml", issuers=(Issuer(issuer=ISSUER, audience=(AUDIENCE,), access_token_claims=(name,)),)).checked()
    with pytest.raises(InvalidInput, match="access_token_claims"):
        mcp.TokenVerifier(ISSUER, AUDIENCE, access_token_claims=(name,))


def test_the_mcp_server_accepts_access_tokens_only(provider: Loopback) -> None:
    provider.answers(Reply.of(KEYS))

    async def accepted() -> list[bool]:
        strict, lenient = (mcp.TokenVerifier(ISSUER, AUDIENCE, access_token_claims=names) for names in ((), ("scp",)))
        for verifier in (strict, lenient):
            verifier._keys = IssuerKeys(ISSUER, AsyncClient(), jwks_uri=f"{provider.url}/keys", evidence=verifier._keys._evidence)
        texts = (token(), token(typ="JWT"), token({"scp": "calls"}, "JWT"), token({"scp": "calls", "nonce": "n"}, "JWT"))
        return [await verifier.verify_token(text) is not None for verifier in (strict, lenient) for text in texts]

    provider.answers(Reply.of(KEYS))
    assert asyncio.run(accepted()) == [True, False, False, False, True, False, True, False]


@pytest.mark.parametrize("body", [{"token_type": "refresh_token"}, {"token_type": "DPoP"}, {"token_type": 7}, {"token_type": None}])
def test_a_refresh_token_that_is_active_opens_nothing(provider: Loopback, body: dict[str, Any]) -> None:
    metadata = {"issuer": provider.url, "introspection_endpoint": f"{provider.url}/introspect"}
    active = {"active": True, "aud": AUDIENCE, "sub": "alice", "client_id": "helper", "exp": int(time.time()) + 60}
    for more, good in ((body, False), ({"token_type": "bearer"}, True), ({}, True)):
        server_metadata._cached.clear()
        provider.answers(Reply.of(metadata), Reply.of(active | more))
        verifier = mcp.TokenVerifier(provider.url, AUDIENCE, introspection=basic("web", "secret"))
        assert (asyncio.run(verifier.verify_token("opaque")) is not None) is good


@pytest.mark.parametrize("typ", ["JWT", None, "logout+jwt"])
def test_an_id_token_is_exchanged_for_nothing(provider: Loopback, keys: KeyStore, typ: str | None) -> None:
    provider.answers(Reply.of(KEYS))
    known = tokens(provider, keys)
    planner = Principal("planner", EVERYTHING, "key x", ("*",))
    assert asyncio.run(known.exchange(token(), planner)).chain["sub"] == "alice"
    with pytest.raises(InvalidAgentKey):
        asyncio.run(known.exchange(token(typ=typ), planner))


@pytest.mark.parametrize("more", [{"auth_time": 1}, {"amr": ["pwd"]}])
def test_a_user_who_is_called_as_the_agent_is_not_the_agent(provider: Loopback, keys: KeyStore, more: dict[str, Any]) -> None:
    provider.answers(Reply.of(KEYS))
    known = tokens(provider, keys, users=("*",))
    own, users = (asyncio.run(known.principal(token({"sub": "helper", **one}))) for one in ({}, more))
    assert (own.subject, own.users) == (None, ("*",))
    assert (users.subject, users.users) == ("helper", ())


# --------------------------------------------------------------------------------------------------------------- claims
NOW = int(time.time())
TIMES: dict[str, dict[str, Any]] = {
    **{f"exp {value!r}": {"exp": value} for value in (1e308, 10**300, NOW + 10 * 365 * 86400, -1, 0, "soon", str(NOW + 300), True, None)},
    **{f"nbf {value!r}": {"nbf": value} for value in (1e308, 10**300, -1, "0", True, None, [0])},
    **{f"iat {value!r}": {"iat": value} for value in (1e308, 10**300, -1, "0", True, None, NOW + 10 * 365 * 86400)},
    **{f"jti {value!r}": {"jti": value} for value in (7, None, "", ["x"], {}, True)},
    **{f"aud {value!r}": {"aud": value} for value in (None, 7, [], [[AUDIENCE]], {AUDIENCE: 1}, f"{AUDIENCE}/", AUDIENCE.upper())},
}


@pytest.mark.parametrize("more", TIMES.values(), ids=[f"{name[:3]}-{number}" for number, name in enumerate(TIMES)])
def test_claims_that_are_not_valid(provider: Loopback, keys: KeyStore, more: dict[str, Any]) -> None:
    provider.answers(Reply.of(KEYS))
    with pytest.raises(InvalidAgentKey):
        asyncio.run(tokens(provider, keys).principal(token(more)))


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000, "[" * 2000 + "]" * 2000])
def test_numbers_that_json_does_not_have(provider: Loopback, keys: KeyStore, text: str) -> None:
    provider.answers(*[Reply.of(KEYS)] * 2)
    payload = json.dumps(claims(exp="EXP")).replace('"EXP"', text).encode()
    with pytest.raises(InvalidAgentKey):
        asyncio.run(tokens(provider, keys).principal(raw(payload, {"alg": "RS256", "kid": "one", "typ": "at+jwt"})))


def test_texts_that_are_not_tokens_have_nothing_fetched(provider: Loopback, keys: KeyStore) -> None:
    deep = base64.urlsafe_b64encode(b'{"iss":' + b"[" * 30000).rstrip(b"=").decode()
    head = base64.urlsafe_b64encode(b'{"alg":"RS256","typ":"at+jwt"}').rstrip(b"=").decode()
    known = tokens(provider, keys)
    for text in ("", "a.b", "a.b.c", "....", "é.é.é", f"{head}.{deep}.AA", f"{deep}.{deep}.AA", f"{head}..", f"{head}.e30.AA", "A" * 60000):
        with pytest.raises(InvalidAgentKey):
            asyncio.run(known.principal(text))
    assert provider.seen == []


# ---------------------------------------------------------------------------------------------------- fetches of keys
def forged(number: int) -> str:
    return token(key=STRANGER, kid=f"forged-{number}")


async def presented(known: TokenIdentity, texts: list[str]) -> list[BaseException | Any]:
    return await asyncio.gather(*(known.principal(text) for text in texts), return_exceptions=True)


def test_forged_tokens_share_one_fetch(provider: Loopback, keys: KeyStore) -> None:
    provider.answers(*[Reply.of(KEYS)] * 300)
    known = tokens(provider, keys)

    async def attack() -> None:
        for _ in range(3):
            found = await presented(known, [forged(number) for number in range(200)])
            assert all(isinstance(one, InvalidAgentKey) for one in found)
        (good,) = await presented(known, [token()])
        assert good.agent == "helper"

    asyncio.run(attack())
    assert len(provider.seen) == 1


def test_forged_tokens_have_nothing_fetched_of_other_issuers(provider: Loopback, keys: KeyStore) -> None:
    known = tokens(provider, keys)
    found = asyncio.run(presented(known, [token({"iss": f"https://evil-{number}.example.test"}, key=STRANGER) for number in range(50)]))
    assert all(isinstance(one, InvalidAgentKey) for one in found)
    assert provider.seen == []


@pytest.mark.parametrize("broken", [Reply(503, b""), Reply(200, b"[]"), Reply(200, b'{"keys": []}'), Reply(404, b"")], ids=str)
def test_a_provider_that_is_down_is_left_alone(provider: Loopback, keys: KeyStore, broken: Reply) -> None:
    provider.answers(*[broken] * 300)
    known = tokens(provider, keys)

    async def attack(texts: Callable[[int], str]) -> None:
        found = await presented(known, [texts(number) for number in range(200)])
        assert all(isinstance(one, Unavailable) and one.retry_after for one in found), found[0]

    asyncio.run(attack(forged))
    asyncio.run(attack(lambda number: token({"sub": f"user-{number}"})))
    assert len(provider.seen) == 1, "fetches back off, whether tokens are forged or not"


def test_pauses_grow_while_the_provider_is_down(provider: Loopback) -> None:
    provider.answers(*[Reply(503, b"")] * 12)

    async def attack() -> list[float]:
        found, pauses = IssuerKeys(ISSUER, AsyncClient(), jwks_uri=f"{provider.url}/keys"), []
        for _ in range(8):
            found._keys._next_fetch = 0.0  # the pause is over
            with pytest.raises(Unavailable) as caught:
                await found.signed(Secret(forged(1)))
            pauses.append(caught.value.retry_after or 0.0)
        return pauses

    assert asyncio.run(attack()) == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


def test_known_keys_serve_while_the_provider_is_down(provider: Loopback, keys: KeyStore) -> None:
    provider.answers(Reply.of(KEYS), *[Reply(503, b"")] * 5)
    known = tokens(provider, keys)

    async def attack() -> None:
        assert (await known.principal(token())).agent == "helper"
        known._issuers[ISSUER][1]._keys._next_fetch = 0.0
        found = await presented(known, [forged(number) for number in range(50)])
        assert all(isinstance(one, Unavailable) for one in found)
        assert (await known.principal(token())).agent == "helper"

    asyncio.run(attack())
    assert len(provider.seen) == 2


def test_a_caller_that_gives_up_does_not_end_the_fetch_of_others(provider: Loopback, keys: KeyStore) -> None:
    provider.answers(Reply.of(KEYS))
    known = tokens(provider, keys)

    async def attack() -> str:
        first, second = (asyncio.create_task(known.principal(token())) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        return (await second).agent

    assert asyncio.run(attack()) == "helper"
    assert len(provider.seen) == 1


def test_an_endless_key_set_is_not_read(provider: Loopback, keys: KeyStore) -> None:
    many = {"keys": [{**SIGNING.as_dict(private=False), "kid": str(number)} for number in range(101)]}
    provider.answers(Reply.of(many), Reply(200, b'{"keys": "' + b"x" * 2_000_000 + b'"}'))
    known = tokens(provider, keys)
    for _ in range(2):
        known._issuers[ISSUER][1]._keys._next_fetch = 0.0
        with pytest.raises(Unavailable):
            asyncio.run(known.principal(token()))


def test_a_key_for_encryption_signs_nothing(provider: Loopback, keys: KeyStore) -> None:
    provider.answers(*[Reply.of({"keys": [{**SIGNING.as_dict(private=False), "use": "enc"}]})] * 2)
    with pytest.raises(UnifiedError):
        asyncio.run(tokens(provider, keys).principal(token()))


def test_logins_that_anybody_begins_share_one_fetch(provider: Loopback, tmp_path: Path) -> None:
    metadata = {"issuer": provider.url, "authorization_endpoint": f"{provider.url}/authorize", "token_endpoint": f"{provider.url}/token"}
    vault = open_vault(tmp_path / "vault.db", key=f"file:{tmp_path / 'vault.key'}")

    async def begun(count: int) -> list[str | BaseException]:
        login = Provider(Login(issuer=provider.url, client_id="broker"), "https://broker.example.test", vault.pending, AsyncClient())
        found = await asyncio.gather(*(login.begin(Secret("browser")) for _ in range(count)), return_exceptions=True)
        return [*found, *await asyncio.gather(*(login.begin(Secret("browser")) for _ in range(count)), return_exceptions=True)]

    server_metadata._cached.clear()
    provider.answers(Reply(503, b""), *[Reply.of(metadata)] * 50)
    assert all(isinstance(one, Unavailable) for one in asyncio.run(begun(20)))
    assert len(provider.seen) == 1
    found = asyncio.run(begun(20))
    assert len({str(one) for one in found}) == 40, "each has its own state"
    assert all(isinstance(one, str) and one.startswith(f"{provider.url}/authorize?") for one in found)
    assert len(provider.seen) == 2
    vault.close()


# ------------------------------------------------------------------------------------------------- verified addresses
class _Finished(Provider):
    """Return a provider whose ID token has these claims."""

    def __init__(self, claims: Mapping[str, Any], **login: Any) -> None:
        self._login = Login(issuer=ISSUER, client_id="broker", people=("*",), **login)
        self._claims = claims

    def person(self) -> str:
        return self._person(self._claims)


UNVERIFIED: tuple[Any, ...] = (None, False, 0, 1, 1.0, "", "true", "True", "false", [], [True], {}, {"value": True})


@pytest.mark.parametrize("value", UNVERIFIED, ids=repr)
@pytest.mark.parametrize("assume", [False, True])
def test_an_address_that_is_not_verified_logs_no_one_in(value: Any, assume: bool) -> None:
    with pytest.raises(NotLoggedIn, match="has not verified"):
        _Finished({"email": "ada@example.com", "email_verified": value}, assume_email_verified=assume).person()


def test_an_address_without_a_word_on_it_needs_the_exception() -> None:
    with pytest.raises(NotLoggedIn, match="email_verified"):
        _Finished({"email": "ada@example.com"}).person()
    assert _Finished({"email": "ada@example.com"}, assume_email_verified=True).person() == "ada@example.com"
    assert _Finished({"email": "ada@example.com", "email_verified": True}).person() == "ada@example.com"


@pytest.mark.parametrize("name", [None, "", " ", "a\nb", "a\u202eb", 7, ["ada"], "x" * 201])
def test_a_name_that_cannot_be_shown_logs_no_one_in(name: Any) -> None:
    with pytest.raises(NotLoggedIn):
        _Finished({"sub": name}, claim="sub").person()


def test_an_exception_without_effect_is_refused() -> None:
    with pytest.raises(InvalidInput, match="assume_email_verified"):
        Config(login=Login(issuer=ISSUER, client_id="broker", claim="sub", assume_email_verified=True)).checked()


def test_evidence_names_are_those_of_id_tokens() -> None:
    assert {"scp", "azpacr", "scope", "cid"}.isdisjoint(access_tokens.IN_ID_TOKENS)


# ------------------------------------------------------------------------------------------------------ separate limits
async def entered(turnstile: ConcurrencyLimiter, *callers: tuple[str, str | None]) -> list[bool]:
    found = await asyncio.gather(*(turnstile.enter(*one) for one in callers), return_exceptions=True)
    assert all(one is None or isinstance(one, RateLimited) for one in found), found
    return [one is None for one in found]


def test_one_user_takes_no_capacity_from_the_agents_other_users() -> None:
    async def attack() -> None:
        turnstile = ConcurrencyLimiter(Limits(calls=100, calls_of_one=3, calls_of_agent=5))
        assert await entered(turnstile, *[("token of helper", "eve")] * 4) == [True, True, True, False]
        assert await entered(turnstile, *[("token of helper", "ada")] * 3) == [True, True, False], "all users together"
        assert await entered(turnstile, ("token of helper", "bob"), ("token of other", "eve"), ("key x", None)) == [False, True, True]
        turnstile.leave("token of helper", "eve")
        assert await entered(turnstile, ("token of helper", "ada"), ("token of helper", "eve")) == [True, False]
        for one in ("ada", "ada", "ada", "eve", "eve"):
            turnstile.leave("token of helper", one)
        turnstile.leave("token of other", "eve")
        turnstile.leave("key x")
        assert turnstile._running == {}

    asyncio.run(attack())


def test_a_key_that_may_make_many_calls_still_may() -> None:
    async def attack() -> None:
        turnstile = ConcurrencyLimiter(Limits(calls=100, calls_of_one=7, calls_of_agent=5))
        assert await entered(turnstile, *[("key x", None)] * 8) == [True] * 7 + [False]
        assert await entered(turnstile, *[("token of helper", "ada")] * 8) == [True] * 7 + [False]

    asyncio.run(attack())


def test_cancelled_waiting_calls_are_not_counted() -> None:
    async def attack() -> None:
        turnstile = ConcurrencyLimiter(Limits(calls=1, calls_of_one=3, queue=0.01))
        await turnstile.enter("token of helper", "ada")
        with pytest.raises(Unavailable):
            await turnstile.enter("token of helper", "bob")
        turnstile.leave("token of helper", "ada")
        assert turnstile._running == {}

    asyncio.run(attack())


def test_a_busy_user_leaves_the_others_of_the_agent_their_calls(provider: Loopback, keys: KeyStore) -> None:
    """Through the broker: calls of one user wait at the vendor; those of another are made."""
    vendor = Loopback()
    try:
        provider.answers(Reply.of(KEYS))
        connections = Connections()
        for name in ("eve", "ada"):
            connections.add(Connection(VENDOR, basic(name, "password"), {}, user=name, server=vendor.url))
        calls = Calls(AsyncClient(connections=connections), PolicyEnforcer(KeyScopePolicy()), Unlimited(), find=find)
        vendor.answers(*[replace(Reply.of(ISSUE), delay=3.0)] * 2, *[Reply.of(ISSUE)] * 2)
        broker = Broker(calls, Identity(keys, tokens(provider, keys)), Limits(calls_of_one=2, calls_of_agent=4))
        with serving(broker) as url, ThreadPoolExecutor() as pool:

            def call(user: str) -> int:
                headers = {"Authorization": f"Bearer {token({'sub': user})}"}
                body = {"operation": "tasks.get", "input": {"id": "P-1"}}
                return httpx2.post(f"{url}/v1/call", headers=headers, json=body, timeout=30).status_code

            busy = [pool.submit(call, "eve") for _ in range(2)]
            until(lambda: len(vendor.seen) == 2)
            assert call("eve") == 429
            assert call("ada") == 200
            assert [one.result() for one in busy] == [200, 200]
    finally:
        vendor.close()
