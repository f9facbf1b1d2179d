"""A connection that needs its user is renewed from the dashboard, on a certified authorization server, by the browser that began it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from tests.oauth.conftest import declared_at
from tests.oauth.conftest import oidc as oidc  # a fixture
from tests.support.brokers import serving
from tests.support.dashboards import SENTINEL, House
from tests.support.servers.oidc import OIDC, User
from unified_platform.broker.reconnecting import Reconnecting
from unified_platform.oauth import apps
from unified_platform.oauth.clients import OAuthClient
from unified_platform.vault import ConnectionRecord, Kind, Place, Status
from unified_platform.vault.records import new_id
from unified_runtime.credentials import Secret


def test_a_connection_is_renewed_by_the_browser_that_began_it(oidc: OIDC, tmp_path: Path) -> None:
    client = apps.fixed({"github": OAuthClient("web", Secret(oidc.secret))})

    def reconnecting(address: str, vault: Any) -> Reconnecting:
        return Reconnecting(address, vault, clients=client, declarations=lambda vendor: declared_at(oidc))

    house = House(tmp_path, reconnecting=reconnecting)
    place = Place(vendor="github", user="alice")
    broken: dict[str, Any] = {
        "scheme": "token",
        "kind": Kind.OAUTH,
        "secrets": {"access_token": Secret(SENTINEL)},
        "status": Status.NEEDS_USER,
    }
    stored = house.vault.put(ConnectionRecord(id=new_id(), place=place, scopes=("openid", "email"), server=oidc.api, **broken))
    token: dict[str, Any] = {"scheme": "token", "kind": Kind.BEARER, "secrets": {"token": Secret(SENTINEL)}, "status": Status.NEEDS_USER}
    house.vault.put(ConnectionRecord(id=new_id(), place=Place(vendor="github", user="bob"), **token))
    with serving(house.broker, port=house.port), httpx2.Client(trust_env=False, base_url=house.url) as one:
        link = f"/dashboard/connections/{stored.id}/connect"
        assert httpx2.get(house.url + link).status_code == 401, "who is not logged in connects nothing"
        one.post("/login/link", data={"link": house.people.invite("ada").reveal()})
        page = one.get("/dashboard/connections").text
        assert page.count('/connect"') == 1, "a token is not renewed by OAuth"
        assert f'href="{link}"' in page
        begun = one.get(link)
        assert begun.status_code == 303
        assert begun.headers["location"].startswith(oidc.issuer)
        callback = User().consent(begun.headers["location"])
        assert urlsplit(callback).path == "/connected"
        with httpx2.Client(trust_env=False, base_url=house.url) as other:
            assert other.get(callback).status_code == 401, "nobody is logged in there"
            other.post("/login/link", data={"link": house.people.invite("eve").reveal()})
            assert other.get(callback).status_code == 401, "somebody else's browser did not begin this"
        done = one.get(callback)
        assert (done.status_code, done.headers["location"]) == (303, "/dashboard/connections")
        found = house.vault.find(place)
        assert found is not None
        assert (found.id, found.status, found.server) == (stored.id, Status.ACTIVE, oidc.api)
        assert found.secrets["access_token"].reveal() != SENTINEL
        assert one.get(callback).status_code in {400, 401}, "once"
        assert link not in one.get("/dashboard/connections").text
    told = [entry for _, entry in house.audit.entries() if entry["kind"] == "connected"]
    assert [(one["by"], one["vendor"], one["user"]) for one in told] == [("ada", "github", "alice")]
    house.close()


def test_where_the_broker_is_no_application_the_command_is_told(tmp_path: Path) -> None:
    house = House(tmp_path, reconnecting=lambda address, vault: Reconnecting(address, vault, clients=lambda vendor, declaration: None))
    house.fill(10)
    with serving(house.broker, port=house.port), httpx2.Client(trust_env=False, base_url=house.url) as one:
        one.post("/login/link", data={"link": house.people.invite("ada").reveal()})
        page = one.get("/dashboard/connections").text
        assert '/connect"' not in page
        assert "unified connect hubspot" in page
        (record,) = [found for found in house.vault.list().records if found.place.vendor == "hubspot"]
        assert one.get(f"/dashboard/connections/{record.id}/connect").status_code == 400
        assert one.get("/dashboard/connections/none/connect").status_code == 400
    house.close()
