"""Reconnecting from the dashboard: a broken connection is renewed, on a certified authorization server, by the same browser."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from tests.broker.test_logins import hidden
from tests.oauth.conftest import declared_at
from tests.oauth.conftest import oidc as oidc  # a fixture
from tests.support.brokers import serving
from tests.support.dashboards import SENTINEL, House
from tests.support.servers.oidc import OIDC, User
from unified_platform.broker.reconnect import Reconnect
from unified_platform.connections.records import new_id
from unified_platform.oauth import app_credentials
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.vault import ConnectionKey, ConnectionRecord, Kind, Status
from unified_runtime.core.credentials import Secret


def begun(one: httpx2.Client, link: str) -> str:
    """Return the vendor's address to which the dashboard redirects a user who reconnects."""
    page = one.post(link, data={"csrf": hidden(one.get("/dashboard/connections").text, "csrf")})
    assert page.status_code == 200, page.text
    found = re.search(r'<a href="([^"]+)"[^>]*>Continue', page.text)
    assert found is not None, page.text
    return html.unescape(found[1])


def test_a_connection_is_renewed_by_the_browser_that_began_it(oidc: OIDC, tmp_path: Path) -> None:
    client = app_credentials.fixed({"github": OAuthClient("web", Secret(oidc.secret))})

    def reconnecting(address: str, vault: Any) -> Reconnect:
        return Reconnect(address, vault, clients=client, declarations=lambda vendor: declared_at(oidc))

    house = House(tmp_path, reconnecting=reconnecting)
    key = ConnectionKey(vendor="github", user="alice")
    broken: dict[str, Any] = {
        "scheme": "token",
        "kind": Kind.OAUTH,
        "secrets": {"access_token": Secret(SENTINEL)},
        "status": Status.NEEDS_USER,
        "details": {"account": f"{oidc.issuer}#alice"},
    }
    stored = house.vault.put(ConnectionRecord(id=new_id(), key=key, scopes=("openid", "email"), server=oidc.api, **broken))
    token: dict[str, Any] = {"scheme": "token", "kind": Kind.BEARER, "secrets": {"token": Secret(SENTINEL)}, "status": Status.NEEDS_USER}
    house.vault.put(ConnectionRecord(id=new_id(), key=ConnectionKey(vendor="github", user="bob"), **token))
    with serving(house.broker, port=house.port), httpx2.Client(trust_env=False, base_url=house.url) as one:
        link = f"/dashboard/connections/{stored.id}/connect"
        assert httpx2.post(house.url + link).status_code == 401, "who is not logged in connects nothing"
        one.post("/login/link", data={"link": house.people.invite("ada").reveal()})
        page = one.get("/dashboard/connections").text
        assert page.count('/connect"') == 1, "a token is not renewed by OAuth"
        assert f'action="{link}"' in page
        to = begun(one, link)
        assert to.startswith(oidc.issuer)
        callback = User().consent(to)
        assert urlsplit(callback).path == "/connected"
        with httpx2.Client(trust_env=False, base_url=house.url) as other:
            assert other.get(callback).status_code == 401, "nobody is logged in there"
            other.post("/login/link", data={"link": house.people.invite("eve").reveal()})
            assert other.get(callback).status_code == 401, "somebody else's browser did not begin this"
        done = one.get(callback)
        assert (done.status_code, done.headers["location"]) == (303, "/dashboard/connections")
        found = house.vault.find(key)
        assert found is not None
        assert (found.id, found.status, found.server) == (stored.id, Status.ACTIVE, oidc.api)
        assert found.secrets["access_token"].reveal() != SENTINEL
        assert one.get(callback).status_code in {400, 401}, "once"
        assert link not in one.get("/dashboard/connections").text
    entries = [entry for _, entry in house.audit.entries() if entry["kind"] == "connected"]
    assert [(one["by"], one["vendor"], one["user"]) for one in entries] == [("ada", "github", "alice")]
    house.close()


def test_page_shows_the_command_if_the_broker_has_no_oauth_app(tmp_path: Path) -> None:
    house = House(tmp_path, reconnecting=lambda address, vault: Reconnect(address, vault, clients=lambda vendor, declaration: None))
    house.fill(10)
    with serving(house.broker, port=house.port), httpx2.Client(trust_env=False, base_url=house.url) as one:
        one.post("/login/link", data={"link": house.people.invite("ada").reveal()})
        page = one.get("/dashboard/connections").text
        assert '/connect"' not in page
        assert "unified connect hubspot" in page
        (record,) = [found for found in house.vault.list().records if found.key.vendor == "hubspot"]
        csrf = hidden(one.get("/approvals").text, "csrf")
        assert one.post(f"/dashboard/connections/{record.id}/connect", data={"csrf": csrf}).status_code == 400
        assert one.post("/dashboard/connections/none/connect", data={"csrf": csrf}).status_code == 400
    house.close()
