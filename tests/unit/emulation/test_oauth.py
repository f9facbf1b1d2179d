"""OAuth at emulators: our own client against the authorization page, tokens, refresh and revocation of several vendors."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from unified import tasks, users
from unified_emulation.serving.app import create
from unified_emulation.serving.device_codes import GRANT
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.oauth import LIFETIME, AuthorizationServer, User, emulated_declaration
from unified_platform.oauth.app_credentials import fixed
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.connector import Connector
from unified_platform.vault import open_vault
from unified_runtime import Client, using
from unified_runtime.core.credentials import Secret
from unified_runtime.core.vendors import load

GRACE = User("grace", "Grace Hopper", "grace@example.com")
REDIRECT = "http://127.0.0.1:9/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def _site(*names: str) -> tuple[TestClient, Emulators]:
    emulators = Emulators(names)
    return TestClient(create(emulators), base_url="http://127.0.0.1:4600", follow_redirects=False), emulators


def _code(site: TestClient, path: str, *, login: str = "grace", decision: str = "allow", **more: str) -> dict[str, str]:
    given = {"response_type": "code", "client_id": "app", "redirect_uri": REDIRECT, "state": "s1", **more}
    page = site.get(path, params=given)
    assert page.status_code == 200
    assert "Grace Hopper" in page.text
    form = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    done = site.post(path, params=given, data={**form, "login": login, "decision": decision})
    assert done.status_code == 303
    assert done.headers["location"].startswith(f"{REDIRECT}?")
    return dict(parse_qsl(urlsplit(done.headers["location"]).query))


def _token(site: TestClient, **given: str) -> Any:
    return site.post("/asana/-/oauth_token", data={"client_id": "app", **given})


def test_a_code_becomes_tokens_of_the_chosen_user() -> None:
    site, _ = _site("asana")
    found = _code(site, "/asana/-/oauth_authorize", code_challenge=CHALLENGE, code_challenge_method="S256")
    assert found["state"] == "s1"
    wrong = _token(site, grant_type="authorization_code", code=found["code"], redirect_uri=REDIRECT, code_verifier="x" * 43)
    assert (wrong.status_code, wrong.json()) == (400, {"error": "invalid_grant"})
    found = _code(site, "/asana/-/oauth_authorize", code_challenge=CHALLENGE, code_challenge_method="S256")
    tokens = _token(site, grant_type="authorization_code", code=found["code"], redirect_uri=REDIRECT, code_verifier=VERIFIER).json()
    assert tokens["expires_in"] == LIFETIME
    me = site.get("/asana/api/1.0/users/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert me.json()["data"]["name"] == "Grace Hopper"


def test_denial_is_reported_to_the_application() -> None:
    site, _ = _site("asana")
    assert _code(site, "/asana/-/oauth_authorize", decision="deny") == {"error": "access_denied", "state": "s1"}


def test_a_code_is_valid_once_and_its_tokens_end_if_it_is_used_again() -> None:
    site, _ = _site("asana")
    code = _code(site, "/asana/-/oauth_authorize")["code"]
    tokens = _token(site, code=code, redirect_uri=REDIRECT).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert site.get("/asana/api/1.0/users/me", headers=bearer).status_code == 200
    assert _token(site, code=code, redirect_uri=REDIRECT).status_code == 400
    assert site.get("/asana/api/1.0/users/me", headers=bearer).status_code == 401
    assert _token(site, refresh_token=tokens["refresh_token"]).status_code == 400


def test_refresh_tokens_rotate_and_revoked_tokens_end() -> None:
    site, _ = _site("asana")
    first = _token(site, code=_code(site, "/asana/-/oauth_authorize")["code"], redirect_uri=REDIRECT).json()
    second = _token(site, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert _token(site, grant_type="refresh_token", refresh_token=first["refresh_token"]).json() == {"error": "invalid_grant"}
    bearer = {"Authorization": f"Bearer {second['access_token']}"}
    assert site.get("/asana/api/1.0/users/me", headers=bearer).status_code == 200
    assert site.post("/asana/-/oauth_revoke", data={"client_id": "app", "token": second["refresh_token"]}).status_code == 200
    assert site.get("/asana/api/1.0/users/me", headers=bearer).status_code == 401


def test_tokens_expire() -> None:
    site, emulators = _site("asana")
    server = emulators.by_name["asana"].oauth
    tokens = _token(site, code=_code(site, "/asana/-/oauth_authorize")["code"], redirect_uri=REDIRECT).json()
    assert server.accepts(tokens["access_token"]) is True
    server._clock = lambda: 1e12
    assert server.accepts(tokens["access_token"]) is False


def test_vendors_send_tokens_in_their_own_form() -> None:
    site, _ = _site("slack")
    code = _code(site, "/slack/oauth/v2/authorize", user_scope="chat:write")["code"]
    body = site.post("/slack/api/oauth.v2.access", data={"client_id": "app", "code": code, "redirect_uri": REDIRECT}).json()
    assert body["ok"] is True
    assert body["authed_user"]["token_type"] == "user"
    assert body["authed_user"]["access_token"].startswith("emulated-")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"client_id": ""}, "client_id is missing"),
        ({"redirect_uri": "javascript:alert(1)"}, "redirect_uri is not"),
        ({"response_type": "token"}, "response_type must be code"),
        ({"code_challenge": "x", "code_challenge_method": "plain"}, "must be S256"),
    ],
)
def test_wrong_requests_are_shown_and_not_redirected(given: dict[str, str], message: str) -> None:
    site, _ = _site("asana")
    page = site.get("/asana/-/oauth_authorize", params={"client_id": "app", "redirect_uri": REDIRECT, **given})
    assert page.status_code == 400
    assert message in page.text


def test_the_page_may_redirect_to_the_application_only() -> None:
    site, _ = _site("asana")
    for address, actions in ((REDIRECT, "'self' http://127.0.0.1:9;"), ("https://a;b/c", "'self';")):
        page = site.get("/asana/-/oauth_authorize", params={"client_id": "app", "redirect_uri": address})
        assert f"form-action {actions}" in page.headers["content-security-policy"]


@pytest.mark.parametrize("vendor", ["asana", "todoist"])
def test_our_own_client_connects_refreshes_and_calls(
    vendor: str,
    served: tuple[str, Emulators],
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, _ = served
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path / 'vault.key'}")
    vault = open_vault(tmp_path / "vault.db")
    connector = Connector(
        vault,
        clients=fixed({vendor: OAuthClient("app", Secret("secret"), "client_secret_post")}),
        declarations=lambda known: emulated_declaration(known, address),
    )
    known = load(vendor)
    path = {"asana": "/api/1.0", "todoist": "/api/v1"}[vendor]
    values = {"workspace": "1001"} if vendor == "asana" else {}
    started = connector.start(vendor, redirect_uri=REDIRECT, values=values, server=f"{address}/{known.name}{path}")
    url = urlsplit(started.authorization_url)
    given = dict(parse_qsl(url.query))
    page = httpx2.post(f"{address}{url.path}", data={**given, "login": "ada", "decision": "allow"})
    connector.finish(page.headers["location"], state=started.state)
    with Client(vault=vault.source()) as client, using(client):
        assert users.me(via=vendor).name == "Ada Lovelace"
        assert tasks.create(title="By OAuth", via=vendor).title == "By OAuth"
    vault.close()


def test_a_device_is_connected_by_its_code() -> None:
    site, emulators = _site("github")
    now = [0.0]
    server = AuthorizationServer(emulators.by_name["github"].vendor, (GRACE,), lambda: now[0])
    emulators.by_name["github"].oauth = server

    def poll(code: str, client: str = "app") -> Any:
        return site.post("/github/login/oauth/access_token", data={"client_id": client, "grant_type": GRANT, "device_code": code}).json()

    def decide(user_code: str, decision: str) -> int:
        form = {"user_code": user_code, "login": "grace", "decision": decision}
        return site.post("/github/login/device/code/verify", data=form).status_code

    started = [site.post("/github/login/device/code", data={"client_id": "app", "scope": "repo"}).json() for _ in range(3)]
    first, second, third = started
    assert first["verification_uri"] == "http://127.0.0.1:4600/github/login/device/code/verify"
    page = site.get(first["verification_uri_complete"]).text
    assert first["user_code"] in page
    assert poll(first["device_code"]) == {"error": "authorization_pending"}
    assert poll(first["device_code"]) == {"error": "slow_down"}
    assert poll(first["device_code"], client="another") == {"error": "invalid_grant"}
    assert decide("AAAA-AAAA", "allow") == 400
    assert decide(first["user_code"].lower(), "allow") == 200
    assert decide(first["user_code"], "allow") == 400
    now[0] += 10
    tokens = poll(first["device_code"])
    assert (tokens["scope"], server.user_of(tokens["access_token"])) == ("repo", GRACE)
    assert poll(first["device_code"]) == {"error": "invalid_grant"}
    assert decide(second["user_code"], "deny") == 200
    assert poll(second["device_code"]) == {"error": "access_denied"}
    now[0] += LIFETIME
    assert poll(third["device_code"]) == {"error": "expired_token"}
