"""Streamable HTTP: permitted callers and origins; each caller reaches only their own connections."""

from __future__ import annotations

import asyncio
import base64
import hmac
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from joserfc import jwk, jwt
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.auth.middleware.auth_context import get_access_token
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.support.mcp.serving import served
from tests.unit.platform.mcp.conftest import ISSUE, connected
from tests.unit.runtime.server import Loopback, Reply
from unified_platform import mcp
from unified_runtime import InvalidInput, basic

RESOURCE = "https://unified.example/mcp"
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
ACCEPT = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


class Issuer:
    """Authorization server with the parts that a resource server uses: metadata, keys, introspection."""

    def __init__(self) -> None:
        self.key = jwk.ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
        self.url = ""
        self.called: list[str] = []
        self.reads = 0
        self.app = Starlette(
            routes=[
                Route("/.well-known/oauth-authorization-server", self._metadata),
                Route("/keys", self._keys),
                Route("/introspect", self._introspect, methods=["POST"]),
            ]
        )

    async def _metadata(self, request: Any) -> JSONResponse:
        addresses = {"issuer": self.url, "jwks_uri": f"{self.url}/keys", "introspection_endpoint": f"{self.url}/introspect"}
        return JSONResponse(addresses)

    async def _keys(self, request: Any) -> JSONResponse:
        self.reads += 1
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _introspect(self, request: Any) -> JSONResponse:
        self.called.append(request.headers["authorization"])
        form = await request.body()
        known = b"token=opaque-good" in form
        return JSONResponse({"active": True, **self.claims()} if known else {"active": False})

    def claims(self, **changes: Any) -> dict[str, Any]:
        claims = {
            "iss": self.url,
            "aud": RESOURCE,
            "sub": "alice",
            "client_id": "desktop",
            "scope": "unified offline",
            "exp": int(time.time()) + 60,
            "iat": int(time.time()),
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, key: Any = None, header: dict[str, Any] | None = None, **changes: Any) -> str:
        return str(jwt.encode({"alg": "ES256", "kid": "one", "typ": "at+jwt"} | (header or {}), self.claims(**changes), key or self.key))


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    with served(made.app) as url:
        made.url = url
        yield made


@pytest.fixture
def protected(redmine: Loopback, issuer: Issuer) -> Iterator[str]:
    """Start a server that requires tokens; alice has a connection and bob has none. Return its URL."""

    def owner(ctx: Any) -> mcp.Profile:
        token = get_access_token()
        assert token is not None
        return mcp.Profile(user=token.subject, agent=token.client_id)

    verifier = mcp.TokenVerifier(issuer.url, RESOURCE)
    application = mcp.http_app(
        mcp.server(owner, client=connected(redmine)), url=RESOURCE, verifier=verifier, issuer=issuer.url, scopes=["unified"]
    )
    with served(application) as url:
        yield f"{url}/mcp"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def post(url: str, token: str | None = None, **headers: str) -> httpx2.Response:
    given = ACCEPT | {"Host": "unified.example"} | headers | ({"Authorization": f"Bearer {token}"} if token else {})
    return httpx2.post(url, json=HELLO, headers=given, trust_env=False)


def test_a_good_token_is_accepted_and_its_user_acted_for(
    protected: str, issuer: Issuer, redmine: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "unified.mcp")  # a failure shows the reason of a refused token

    async def run(token: str) -> tuple[set[str], Any]:
        headers = {"Authorization": f"Bearer {token}", "Host": "unified.example"}
        async with (
            httpx2.AsyncClient(headers=headers, trust_env=False) as http,
            Client(streamable_http_client(protected, http_client=http)) as client,
        ):
            names = {tool.name for tool in (await client.list_tools()).tools}
            return names, await client.call_tool("tasks_get", {"id": "1"}) if "tasks_get" in names else None

    redmine.answers(Reply.of({"issue": ISSUE}))
    names, result = asyncio.run(run(issuer.token()))
    assert result.structured_content["title"] == "One"
    assert "tasks_create" in names
    assert redmine.seen[0].headers["X-Redmine-API-Key"] == "key"
    assert "Authorization" not in redmine.seen[0].headers, "the client's token goes to no vendor"
    assert asyncio.run(run(issuer.token(sub="bob"))) == (set(), None)


BAD: dict[str, Any] = {
    "of another issuer": {"iss": "https://elsewhere.example"},
    "for another resource": {"aud": "https://unified.example/other"},
    "for no resource": {"aud": None},
    "for many others": {"aud": ["https://a.example", "https://b.example"]},
    "expired": {"exp": 1_000_000_000},
    "without end": {"exp": None},
    "of a time that is none": {"exp": "tomorrow"},
    "of tomorrow": {"nbf": 99_999_999_999},
    "of no user": {"sub": None},
    "of no client": {"client_id": None},
    "bound to a key": {"cnf": {"jkt": "x"}},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
def test_a_bad_token_is_refused(protected: str, issuer: Issuer, changes: dict[str, Any]) -> None:
    response = post(protected, issuer.token(**changes))
    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_forgeries_are_refused(protected: str, issuer: Issuer) -> None:
    stranger = jwk.ECKey.generate_key("P-256", {"kid": "one"})
    complete = issuer.token()
    head, claims, signature = complete.split(".")
    confused = base64url(b'{"alg":"HS256","kid":"one"}') + "." + claims
    by_public_key = hmac.digest(issuer.key.as_pem(private=False), confused.encode(), "sha256")
    forged = [
        issuer.token(key=stranger),
        f"{head}.{claims}.{signature[:-4]}AAAA",
        f"{head}.{claims}.",
        "eyJhbGciOiJub25lIn0." + claims + ".",
        f"{confused}.{base64url(by_public_key)}",
        "a.b.c",
        "..",
        "opaque-good",
    ]
    for token in forged:
        assert post(protected, token).status_code == 401, token
    assert post(protected, complete).status_code == 200, "the one they were made of"


def test_without_a_token_the_response_names_the_token_endpoint(protected: str, issuer: Issuer) -> None:
    """RFC 9728, sections 3 and 5.1."""
    response = post(protected)
    assert response.status_code == 401
    address = "https://unified.example/.well-known/oauth-protected-resource/mcp"
    assert f'resource_metadata="{address}"' in response.headers["www-authenticate"]
    path = address.removeprefix("https://unified.example")
    reply = httpx2.get(protected.removesuffix("/mcp") + path, trust_env=False).json()
    assert reply["resource"] == RESOURCE
    assert [url.rstrip("/") for url in reply["authorization_servers"]] == [issuer.url]
    assert reply["scopes_supported"] == ["unified"]


def test_a_scope_that_is_lacking(protected: str, issuer: Issuer) -> None:
    response = post(protected, issuer.token(scope="offline"))
    assert response.status_code == 403
    assert 'error="insufficient_scope"' in response.headers["www-authenticate"]


def test_a_session_belongs_to_who_opened_it(protected: str, issuer: Issuer) -> None:
    opened = post(protected, issuer.token())
    session = {"Mcp-Session-Id": opened.headers["mcp-session-id"], "MCP-Protocol-Version": "2025-11-25"}
    requested = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}

    def ask(user: str) -> int:
        given = ACCEPT | session | {"Host": "unified.example", "Authorization": f"Bearer {issuer.token(sub=user)}"}
        return httpx2.post(protected, json=requested, headers=given, trust_env=False).status_code

    assert ask("mallory") == 404
    assert ask("alice") == 200


def test_keys_are_stored_and_read_again_when_they_change(issuer: Issuer) -> None:
    verifier = mcp.TokenVerifier(issuer.url, RESOURCE)

    async def run() -> None:
        assert await verifier.verify_token(issuer.token()) is not None
        assert await verifier.verify_token(issuer.token()) is not None
        assert issuer.reads == 1
        issuer.key = jwk.ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})
        assert await verifier.verify_token(issuer.token(header={"kid": "two"})) is None, (
            "a stranger's token makes it read at most twice a minute"
        )
        assert issuer.reads == 1
        verifier._keys._keys._next_fetch = 0.0  # half a minute later
        assert await verifier.verify_token(issuer.token(header={"kid": "two"})) is not None
        assert issuer.reads == 2

    asyncio.run(run())


def test_opaque_tokens_are_introspected(issuer: Issuer) -> None:
    """RFC 7662."""
    verifier = mcp.TokenVerifier(issuer.url, RESOURCE, introspection=basic("unified", "secret"))

    async def run() -> None:
        found = await verifier.verify_token("opaque-good")
        assert found is not None
        assert (found.subject, found.client_id, found.scopes) == ("alice", "desktop", ["unified", "offline"])
        assert await verifier.verify_token("opaque-bad") is None
        assert issuer.called == ["Basic dW5pZmllZDpzZWNyZXQ="] * 2

    asyncio.run(run())


def test_an_issuer_that_is_down_lets_no_one_in(issuer: Issuer) -> None:
    verifier = mcp.TokenVerifier("http://127.0.0.1:9", RESOURCE)
    assert asyncio.run(verifier.verify_token(issuer.token())) is None


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Host", "evil.example", 421),
        ("Host", "localhost.evil.example", 421),
        ("Origin", "https://evil.example", 403),
        ("Origin", "null", 403),
        ("Origin", "http://localhost:5173", 403),
        ("Origin", "https://app.example", 200),
    ],
)
def test_from_where_it_may_be_called(redmine: Loopback, header: str, value: str, status: int) -> None:
    application = mcp.http_app(mcp.server(mcp.Profile(user="alice"), client=connected(redmine)), origins=["https://app.example"])
    with served(application) as url:
        given = ACCEPT | {header: value}
        assert httpx2.post(f"{url}/mcp", json=HELLO, headers=given, trust_env=False).status_code == status


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"url": "https://unified.example/mcp"}, "could be used by anyone"),
        ({"url": "http://unified.example/mcp", "verifier": True, "issuer": "https://a.example"}, "unencrypted"),
        ({"verifier": True}, "name the URL"),
    ],
)
def test_unprotected_settings_are_rejected(redmine: Loopback, options: dict[str, Any], message: str) -> None:
    if "verifier" in options:
        options = options | {"verifier": mcp.TokenVerifier("https://a.example", RESOURCE)}
    with pytest.raises(InvalidInput, match=message):
        mcp.http_app(mcp.server(mcp.Profile(), client=connected(redmine)), **options)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
@pytest.mark.parametrize("stateless", [False, True])
def test_both_eras_with_and_without_sessions(redmine: Loopback, mode: str, stateless: bool) -> None:
    application = mcp.http_app(mcp.server(mcp.Profile(user="alice"), client=connected(redmine)), stateless=stateless)

    async def run(url: str) -> None:
        async with Client(f"{url}/mcp", mode=mode) as client:
            assert client.protocol_version == ("2025-11-25" if mode == "legacy" else "2026-07-28")
            redmine.answers(Reply.of({"issue": ISSUE}))
            assert (await client.call_tool("tasks_get", {"id": "1"})).structured_content["title"] == "One"

    with served(application) as url:
        asyncio.run(run(url))
