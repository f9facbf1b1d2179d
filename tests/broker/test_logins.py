"""Users of the broker: they log in by a single-use link or by a certified identity provider, and decide about approvals."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.broker.conftest import find
from tests.oauth.conftest import oidc as oidc  # a fixture
from tests.support.brokers import free_port, serving
from tests.support.servers.oidc import OIDC, User
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.policies import Engine
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.log import StoredAuditLog
from unified_platform.broker import oidc_login as broker_login
from unified_platform.broker import sessions as broker_people
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.approval_pages import Pages
from unified_platform.broker.calls import Calls
from unified_platform.broker.config import Login
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.oidc_login import Provider
from unified_platform.broker.parts import Broker
from unified_platform.broker.sessions import LoginSessions
from unified_platform.vault import open_vault
from unified_runtime import ApprovalRequired, AsyncClient, Client, Connection, PolicyEnforcer, basic, using
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.policy_decisions import allow, needs_approval
from unified_runtime.rate_limits.rate_limiter import Unlimited


class House:
    """Broker whose policy requires approval of everything, with pages for users."""

    def __init__(self, folder: Path, login: Login | None = None) -> None:
        store = open_store(folder / "control.db")
        self.audit = StoredAuditLog(store)
        approvals = ApprovalStore(store, audit=self.audit)
        enforcer = PolicyEnforcer(
            Engine(lambda q: allow() if q.approved else needs_approval("<b>ask</b>")), approvals=approvals, audit=self.audit
        )
        self.connections = Connections()
        self.people = LoginSessions(store)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        keys = KeyStore(store)
        self.key = keys.create(Scope("helper", (), (), ("*",)), lifetime=600)[1].reveal()
        vault = open_vault(folder / "vault.db", key=f"file:{folder / 'vault.key'}")
        provider = None if login is None else Provider(login, self.url, vault.pending, AsyncClient())
        pages = Pages(self.url, self.people, approvals, self.audit, provider)
        calls = Calls(AsyncClient(connections=self.connections), enforcer, Unlimited(), find=find)
        self.broker = Broker(calls, Identity(keys), audit=self.audit, routes=pages.routes())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    with serving(made.broker, port=made.port):
        yield made


@pytest.fixture
def server(house: House) -> Iterator[Loopback]:
    loopback = Loopback()
    house.connections.add(Connection(VENDOR, basic("me", "password"), {}, server=loopback.url))
    yield loopback
    loopback.close()


def browser() -> httpx2.Client:
    return httpx2.Client(follow_redirects=True, trust_env=False)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, page
    return found[1]


def logged_in(house: House, person: str = "ada") -> httpx2.Client:
    one = browser()
    link = house.people.invite(person).reveal()
    page = one.get(f"{house.url}/login", params={"link": link}).text
    response = one.post(f"{house.url}/login/link", data={"link": hidden(page, "link")})
    assert response.url.path == "/approvals", response.text
    return one


def called(house: House) -> str:
    with using(Client(broker=house.url, key=house.key)), pytest.raises(ApprovalRequired) as caught:
        tasks.create(title="<script>alert(1)</script>", project_id="P")
    return caught.value.approval


def test_a_person_approves_and_the_agent_goes_on_once(house: House, server: Loopback) -> None:
    id = called(house)
    one = logged_in(house)
    assert f'href="/approvals/{id}"' in one.get(f"{house.url}/approvals").text
    page = one.get(f"{house.url}/approvals/{id}")
    assert "<script>" not in page.text
    assert "<b>ask" not in page.text
    assert "&lt;script&gt;" in page.text, "what the agent would write is shown"
    decided = one.post(f"{house.url}/approvals/{id}", data={"csrf": hidden(page.text, "csrf"), "decision": "approve", "note": "fine"})
    assert "approved by ada" in decided.text
    server.answers(Reply.of({"key": "P-1"}, 201), Reply.of(ISSUE))
    with using(Client(broker=house.url, key=house.key)):
        assert tasks.create(title="<script>alert(1)</script>", project_id="P").id == "P-1"
        with pytest.raises(ApprovalRequired):
            tasks.create(title="<script>alert(1)</script>", project_id="P")
    entries = [(e["kind"], e.get("decision") or e.get("how"), e.get("by") or e.get("person")) for _, e in house.audit.entries()]
    assert ("login", "link", "ada") in entries
    assert ("approval", "approved", "ada") in entries


def test_denial_is_final(house: House, server: Loopback) -> None:
    id = called(house)
    one = logged_in(house)
    csrf = hidden(one.get(f"{house.url}/approvals/{id}").text, "csrf")
    one.post(f"{house.url}/approvals/{id}", data={"csrf": csrf, "decision": "deny"})
    again = one.post(f"{house.url}/approvals/{id}", data={"csrf": csrf, "decision": "approve"})
    assert again.status_code == 409
    assert "can no longer be approved" in again.text
    assert server.seen == []


def test_a_link_is_good_once_and_for_a_while(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    link = house.people.invite("ada").reveal()
    with browser() as first, browser() as second:
        assert first.get(f"{house.url}/login", params={"link": link}).status_code == 200, "looking at it does not use it up"
        assert first.post(f"{house.url}/login/link", data={"link": link}).url.path == "/approvals"
        assert second.post(f"{house.url}/login/link", data={"link": link}).status_code == 401
        monkeypatch.setattr(broker_people, "LINK", 0.05)
        late = house.people.invite("ada").reveal()
        time.sleep(0.1)
        assert second.post(f"{house.url}/login/link", data={"link": late}).status_code == 401
        assert second.post(f"{house.url}/login/link", data={"link": "x" * 43}).status_code == 401


def test_approvals_require_login(house: House, server: Loopback) -> None:
    id = called(house)
    with browser() as one:
        for path in ("/approvals", f"/approvals/{id}"):
            assert one.get(house.url + path).status_code == 401
            assert "acme" not in one.get(house.url + path).text
        assert one.post(f"{house.url}/approvals/{id}", data={"decision": "approve"}).status_code == 401
        one.headers["Authorization"] = f"Bearer {house.key}"  # an agent is not a user
        assert one.post(f"{house.url}/approvals/{id}", data={"decision": "approve"}).status_code == 401


def test_another_sites_form_decides_nothing(house: House, server: Loopback) -> None:
    id = called(house)
    one = logged_in(house)
    other = logged_in(house, "eve")
    page = f"{house.url}/approvals/{id}"
    csrf, foreign = hidden(one.get(page).text, "csrf"), hidden(other.get(page).text, "csrf")
    for data, headers in (
        ({"decision": "approve"}, {}),
        ({"decision": "approve", "csrf": foreign}, {}),
        ({"decision": "approve", "csrf": csrf}, {"Origin": "https://evil.example.test"}),
    ):
        assert one.post(page, data=data, headers=headers).status_code == 401
    assert "pending" in one.get(page).text


def test_a_session_ends(house: House) -> None:
    one = logged_in(house)
    csrf = hidden(one.get(f"{house.url}/approvals").text, "csrf")
    stored = dict(one.cookies)
    one.post(f"{house.url}/logout", data={"csrf": csrf})
    assert httpx2.get(f"{house.url}/approvals", cookies=stored).status_code == 401


def test_pages_and_cookies_are_locked(house: House) -> None:
    link = house.people.invite("ada").reveal()
    response = httpx2.post(f"{house.url}/login/link", data={"link": link})
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    page = httpx2.get(f"{house.url}/login")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "same-origin"
    secure = Pages("https://broker.example.test", house.people, ApprovalStore(open_store_of(house)))
    assert secure.session_cookie.startswith("__Host-")
    assert secure.cookie["secure"]


def open_store_of(house: House) -> Any:
    return house.people._database


@pytest.mark.parametrize("may", ["alice", "somebody"])
def test_people_log_in_by_a_certified_provider(oidc: OIDC, tmp_path: Path, may: str) -> None:
    login = Login(issuer=oidc.issuer, client_id="public", claim="sub", people=(may,), scopes=("openid",))
    made = House(tmp_path, login)
    with serving(made.broker, port=made.port), httpx2.Client(trust_env=False) as one:
        begun = one.get(f"{made.url}/login/provider")
        assert begun.status_code == 303
        callback = User().consent(begun.headers["location"])
        assert urlsplit(callback).path == "/callback"
        assert httpx2.get(callback).status_code == 401, "another browser cannot finish what this one began"
        begun = one.get(f"{made.url}/login/provider")
        callback = User().consent(begun.headers["location"])
        response = one.get(callback)
        if may == "alice":
            assert response.status_code == 303
            assert "Nothing waits" in one.get(f"{made.url}/approvals").text
            assert one.get(callback).status_code == 401, "a callback is good once"
            assert [entry["person"] for _, entry in made.audit.entries()] == ["alice"]
        else:
            assert "is not one of those who may log in" in response.text
            assert one.get(f"{made.url}/approvals").status_code == 401


def test_logins_that_are_started_and_not_finished_are_bounded(oidc: OIDC, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_login, "STARTED_OF_ADDRESS", 3)
    made = House(tmp_path, Login(issuer=oidc.issuer, client_id="public", claim="sub", people=("alice",), scopes=("openid",)))
    with serving(made.broker, port=made.port):
        found = [httpx2.get(f"{made.url}/login/provider", trust_env=False).status_code for _ in range(6)]
        assert found == [303, 303, 303, 429, 429, 429]
        assert httpx2.get(f"{made.url}/login", trust_env=False).status_code == 200


def test_the_page_shows_the_record_and_what_changes(house: House, server: Loopback) -> None:
    house.broker.calls.enforcer.engine = Engine(lambda q: allow() if q.approved or q.effect == "read" else needs_approval("ask"))
    server.record = Reply.of({"key": "P-1", "fields": {"summary": "Fix \u202e<b>it", "status": {"key": "new", "name": "New"}}})
    with using(Client(broker=house.url, key=house.key)), pytest.raises(ApprovalRequired) as caught:
        tasks.update("P-1", title="New")
    page = logged_in(house).get(f"{house.url}/approvals/{caught.value.approval}").text
    assert "Fix [U+202E]&lt;b&gt;it" in page
    assert "(vendor text)" in page
    assert "change of title" in page
    assert "\u202e" not in page
