"""Reconnecting an account: started by another site, for a connection that does not need it, or completed with another user's account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.broker.test_logins import hidden
from tests.broker.test_reconnecting import begun
from tests.oauth.conftest import declared_at
from tests.oauth.conftest import oidc as oidc  # a fixture
from tests.support.brokers import serving
from tests.support.dashboards import House
from tests.support.servers.oidc import OIDC, User
from unified_platform.broker.reconnect import Reconnect
from unified_platform.connections.records import new_id
from unified_platform.oauth import app_credentials
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.declarations import Account, Declaration
from unified_platform.vault import ConnectionKey, ConnectionRecord, Kind, Status
from unified_runtime.core.credentials import Secret

LOCATION = ConnectionKey(vendor="github", user="alice")


class Attacked:
    """Dashboard with a broken connection of alice's, and ada, who is logged in."""

    def __init__(self, folder: Path, oidc: OIDC, declaration: Declaration) -> None:
        self.oidc = oidc
        client = app_credentials.fixed({"github": OAuthClient("web", Secret(oidc.secret))})

        def reconnecting(address: str, vault: Any) -> Reconnect:
            return Reconnect(address, vault, clients=client, declarations=lambda vendor: declaration)

        self.house = House(folder, reconnecting=reconnecting)
        self.record = self.store()
        self.link = f"/dashboard/connections/{self.record.id}/connect"
        self.one = httpx2.Client(trust_env=False, base_url=self.house.url)

    def store(self, location: ConnectionKey = LOCATION, **changed: Any) -> ConnectionRecord:
        usual: dict[str, Any] = {
            "scheme": "token",
            "kind": Kind.OAUTH,
            "secrets": {"access_token": Secret("old")},
            "status": Status.NEEDS_USER,
            "details": {"account": f"{self.oidc.issuer}#alice"},
            "scopes": ("openid", "email"),
            "server": self.oidc.api,
            "account": "alice@example.test",
        }
        return self.house.vault.put(ConnectionRecord(id=new_id(), key=location, **usual | changed))

    def log_in(self) -> None:
        self.one.post("/login/link", data={"link": self.house.people.invite("ada").reveal()})

    @property
    def csrf(self) -> str:
        return hidden(self.one.get("/approvals").text, "csrf")

    def now(self) -> ConnectionRecord:
        return self.house.vault.get(self.record.id)


@pytest.fixture
def attacked(oidc: OIDC, tmp_path: Path) -> Iterator[Callable[..., Attacked]]:
    with ExitStack() as until:

        def make(**declared: Any) -> Attacked:
            made = Attacked(tmp_path, oidc, declared_at(oidc, **declared))
            until.callback(made.house.close)
            until.enter_context(serving(made.house.broker, port=made.house.port))
            until.enter_context(made.one)
            made.log_in()
            return made

        yield make


def test_a_link_begins_nothing(attacked: Callable[..., Attacked]) -> None:
    made = attacked()
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        response = made.one.request(method, made.link)
        assert response.status_code == 405
        assert "location" not in response.headers
        assert "connecting" not in made.one.cookies


def test_another_sites_form_begins_nothing(attacked: Callable[..., Attacked]) -> None:
    made = attacked()
    csrf = made.csrf
    with httpx2.Client(trust_env=False, base_url=made.house.url) as other:
        other.post("/login/link", data={"link": made.house.people.invite("eve").reveal()})
        foreign = hidden(other.get("/approvals").text, "csrf")
    for data, headers in (
        ({}, {}),
        ({"csrf": ""}, {}),
        ({"csrf": foreign}, {}),
        ({"csrf": csrf}, {"Origin": "https://evil.example.test"}),
        ({"csrf": csrf}, {"Origin": "null"}),
        ({"csrf": csrf}, {"Sec-Fetch-Site": "cross-site"}),
    ):
        response = made.one.post(made.link, data=data, headers=headers)
        assert response.status_code == 401
        assert made.oidc.issuer not in response.text
    assert "connecting" not in made.one.cookies


NOT_OFFERED: dict[str, dict[str, Any]] = {
    "one that works": {"status": Status.ACTIVE, "secrets": {"access_token": Secret("old"), "refresh_token": Secret("old")}},
    "one that was ended on purpose": {"status": Status.REVOKED},
    "a token": {"kind": Kind.BEARER, "secrets": {"token": Secret("old")}},
    "the application's own": {"details": {"grant": "client_credentials", "account": "id:1"}},
    "a service account's": {"details": {"grant": "jwt_bearer", "account": "id:1"}},
    "one of an account that is not known": {"details": {}},
}


@pytest.mark.parametrize("changed", NOT_OFFERED.values(), ids=NOT_OFFERED)
def test_a_connection_that_needs_none_is_not_begun(attacked: Callable[..., Attacked], changed: dict[str, Any]) -> None:
    made = attacked()
    found = made.store(ConnectionKey(vendor="github", user="bob"), **changed)
    link = f"/dashboard/connections/{found.id}/connect"
    page = made.one.get("/dashboard/connections").text
    assert link not in page
    assert made.link in page
    response = made.one.post(link, data={"csrf": made.csrf})
    assert response.status_code == 400
    assert "not connected again from here" in response.text
    assert "connecting" not in made.one.cookies


def test_another_account_replaces_nothing(attacked: Callable[..., Attacked]) -> None:
    made = attacked()
    callback = User("mallory").consent(begun(made.one, made.link))
    response = made.one.get(callback)
    assert response.status_code == 400
    assert "another account" in response.text
    assert "unified connect github --user" in response.text
    assert "alice@example.test" in response.text
    assert made.now() == made.record, "the old tokens are as they were"
    refused = [entry for _, entry in made.house.audit.entries() if entry["kind"] == "connect_refused"]
    assert [(one["by"], one["vendor"]) for one in refused] == [("ada", "github")]
    assert made.one.get(callback).status_code in {400, 401}
    assert made.one.get(User("alice").consent(begun(made.one, made.link))).status_code == 303
    now = made.now()
    assert (now.status, now.details["account"]) == (Status.ACTIVE, f"{made.oidc.issuer}#alice")


def test_the_account_is_the_vendors_own_where_there_is_no_id_token(attacked: Callable[..., Attacked], oidc: OIDC) -> None:
    made = attacked(account=Account(get=oidc.api, id=(("login",), ("id",))))
    made.record = made.store(details={"account": "id:alice/1"}, scopes=("files:read",))
    assert made.one.get(User("mallory").consent(begun(made.one, made.link))).status_code == 400
    assert made.now() == made.record
    assert made.one.get(User("alice").consent(begun(made.one, made.link))).status_code == 303
    assert made.now().details["account"] == "id:alice/1"


@pytest.mark.parametrize("account", [Account(id=(("nothing",),)), Account(id=(("token_type",), ("expires_in", "x")))])
def test_an_account_that_the_vendor_does_not_name_is_another(attacked: Callable[..., Attacked], account: Account) -> None:
    made = attacked(account=account)
    assert made.one.get(User("alice").consent(begun(made.one, made.link))).status_code == 400
    assert made.now() == made.record


def test_concurrent_changes_are_not_overwritten(attacked: Callable[..., Attacked]) -> None:
    made = attacked()
    for changed in (
        {"details": {"account": f"{made.oidc.issuer}#bob"}, "secrets": {"access_token": Secret("bobs")}, "status": Status.ACTIVE},
        {"status": Status.REVOKED, "secrets": {}},
    ):
        made.store()
        callback = User("alice").consent(begun(made.one, made.link))
        between = made.store(**changed)
        assert made.one.get(callback).status_code == 400
        assert made.now() == between
    made.store()
    callback = User("alice").consent(begun(made.one, made.link))
    made.house.vault.delete(made.record.id)
    assert made.one.get(callback).status_code == 400
    assert made.house.vault.find(LOCATION) is None


def test_a_record_that_was_only_written_meanwhile_is_connected(attacked: Callable[..., Attacked]) -> None:
    made = attacked()
    callback = User("alice").consent(begun(made.one, made.link))
    now = made.now()
    made.house.vault.compare_and_swap(replace(now, account_id="5", preferred_at=3.0), now.version)
    assert made.one.get(callback).status_code == 303
    now = made.now()
    assert (now.status, now.account_id, now.preferred_at) == (Status.ACTIVE, "5", 3.0)


def test_flow_started_in_another_browser_is_not_completed(attacked: Callable[..., Attacked]) -> None:
    made = attacked()
    callback = User("alice").consent(begun(made.one, made.link))
    with httpx2.Client(trust_env=False, base_url=made.house.url) as other:
        other.post("/login/link", data={"link": made.house.people.invite("eve").reveal()})
        assert other.get(callback).status_code == 401
        state = httpx2.URL(callback).params["state"]
        begun(other, made.link)
        assert other.get(callback).status_code == 400, f"another state than {state}"
    assert made.now() == made.record


def test_flow_started_in_another_session_is_not_completed(attacked: Callable[..., Attacked]) -> None:
    """In the same browser: another user has logged in meanwhile, or the session has ended."""
    made = attacked()
    callback = User("alice").consent(begun(made.one, made.link))
    made.one.post("/login/link", data={"link": made.house.people.invite("eve").reveal()})
    assert made.one.get(callback).status_code == 401
    callback = User("alice").consent(begun(made.one, made.link))
    made.house.people.end_all()
    assert made.one.get(callback).status_code == 401
    assert made.now() == made.record
    made.log_in()
    state = httpx2.URL(callback).params["state"]
    for cookie in (state, f"{state}.", f"{state}.{'0' * 64}", ".", ""):
        made.one.cookies.set("connecting", cookie, domain="127.0.0.1", path="/")
        assert made.one.get(callback).status_code == 401
    assert made.now() == made.record


def test_connections_made_before_have_their_account_in_the_id_token(attacked: Callable[..., Attacked]) -> None:
    made = attacked()
    made.one.get(User("alice").consent(begun(made.one, made.link)))
    now = made.now()
    assert "id_token" in now.secrets
    details = {name: value for name, value in now.details.items() if name != "account"}
    made.record = made.house.vault.compare_and_swap(replace(now, details=details, status=Status.NEEDS_USER), now.version)
    assert made.one.get(User("mallory").consent(begun(made.one, made.link))).status_code == 400
    assert made.now() == made.record
    assert made.one.get(User("alice").consent(begun(made.one, made.link))).status_code == 303
