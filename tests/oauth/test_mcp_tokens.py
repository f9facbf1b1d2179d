"""Access tokens of a certified authorization server: valid at the MCP server that they are for, and at no other."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest

from tests.support.mcp.serving import served
from tests.support.servers.oidc import OIDC, User
from unified_platform import mcp
from unified_runtime import AsyncClient, basic

REDIRECT = "http://127.0.0.1/callback"
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


def token(oidc: OIDC, user: User, scope: str = "files:read", resource: str | None = None) -> str:
    """Return the tokens that a user's consent gives a public client: by the code flow, with PKCE."""
    verifier = secrets.token_urlsafe(32)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    requested = {
        "client_id": "public",
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": scope,
        "state": "state",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    } | ({"resource": resource} if resource else {})
    metadata = oidc.http.get(f"{oidc.issuer}/.well-known/openid-configuration").json()
    callback = user.consent(f"{metadata['authorization_endpoint']}?{urlencode(requested)}")
    (code,) = parse_qs(urlsplit(callback).query)["code"]
    form = {"grant_type": "authorization_code", "client_id": "public", "redirect_uri": REDIRECT, "code": code, "code_verifier": verifier}
    response = oidc.http.post(metadata["token_endpoint"], data=form | ({"resource": resource} if resource else {}))
    text: str = response.raise_for_status().json()["access_token"]
    return text


def status(oidc: OIDC, text: str, resource: str | None = None) -> int:
    """Return the MCP server's response to this token."""
    location = resource or oidc.api
    verifier = mcp.TokenVerifier(oidc.issuer, location)
    server = mcp.server(mcp.Profile(vendors=("jira",)), client=AsyncClient())
    application = mcp.http_app(server, url=location, verifier=verifier, issuer=oidc.issuer, scopes=["files:read"])
    with served(application) as url:
        headers = {"Accept": "application/json, text/event-stream", "Authorization": f"Bearer {text}"}
        return httpx2.post(f"{url}{urlsplit(location).path}", json=HELLO, headers=headers, trust_env=False).status_code


def test_a_token_for_the_server_opens_it_and_no_other(oidc: OIDC, user: User) -> None:
    text = token(oidc, user, resource=oidc.api)
    assert status(oidc, text) == 200
    assert status(oidc, text, f"{oidc.issuer}/elsewhere") == 401
    found = asyncio.run(mcp.TokenVerifier(oidc.issuer, oidc.api).verify_token(text))
    assert found is not None
    assert (found.subject, found.client_id) == (user.name, "public")


def test_a_token_without_the_scope_is_not_enough(oidc: OIDC, user: User) -> None:
    assert status(oidc, token(oidc, user, scope="files:write", resource=oidc.api)) == 403


def test_an_opaque_token_is_introspected(oidc: OIDC) -> None:
    verifier = mcp.TokenVerifier(oidc.issuer, oidc.api, introspection=basic("web", oidc.secret))
    assert asyncio.run(verifier.verify_token("made-up")) is None


@pytest.mark.parametrize("change", [lambda text: text[:-6] + "AAAAAA", lambda text: text.rpartition(".")[0] + "."])
def test_an_altered_token_opens_nothing(oidc: OIDC, user: User, change: object) -> None:
    assert callable(change)
    assert status(oidc, change(token(oidc, user, resource=oidc.api))) == 401
