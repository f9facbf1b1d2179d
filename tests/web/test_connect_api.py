"""JSON endpoints and Python functions of `Connect`, for an application's own user interface."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from tests.web.site import ORIGIN, URL, browser, consent, logged_in
from unified_emulation.serving.emulators import Emulators
from unified_platform.oauth.errors import InvalidCallback
from unified_platform.vault import SealedVault
from unified_platform.web import Connect, requirements
from unified_runtime.core.errors import InvalidInput, NotConnected, Unsupported


@pytest.fixture
def connect(vault: SealedVault, emulated: tuple[str, Emulators]) -> Connect:
    return Connect(vault, url=URL, user=logged_in, vendors=["asana", "github", "redmine", "todoist", "trello"], emulated=emulated[0])


def test_an_application_with_its_own_pages(connect: Connect, vault: SealedVault) -> None:
    one = browser(connect, "alice")
    offered = {vendor["vendor"]: vendor for vendor in one.get("/connect/api/vendors").json()["vendors"]}
    assert list(offered) == ["asana", "github", "redmine", "todoist", "trello"]
    assert [way["kind"] for way in offered["todoist"]["ways"]] == ["oauth"]
    assert [field["name"] for field in offered["trello"]["ways"][0]["fields"]] == ["key", "token"]
    started = one.post("/connect/api/connections/todoist/start", json={"redirect_uri": f"{ORIGIN}/done"})
    callback = consent(started.json()["authorization_url"])
    assert callback.startswith(f"{ORIGIN}/done?")
    done = one.post("/connect/api/connections/todoist/finish", json={"callback_url": callback})
    assert (done.json()["account"], done.json()["verified"]) == ("ada@example.com", True)
    states = {one["vendor"]: one["state"] for one in one.get("/connect/api/connections").json()["connections"]}
    assert states == {
        "asana": "not_connected",
        "github": "not_connected",
        "redmine": "not_connected",
        "todoist": "connected",
        "trello": "not_connected",
    }
    assert one.post("/connect/api/connections/todoist/test", json={}).json()["verified"] is True
    assert one.delete("/connect/api/connections/todoist").json() == {"revoked_at_vendor": False}, "Todoist has no revocation"
    assert vault.list().records == ()
    stored = one.post("/connect/api/connections/trello/key", json={"values": {"key": "k", "token": "t"}})
    assert stored.json()["state"] == "connected"


def test_all_wrong_inputs_are_reported_at_once(connect: Connect) -> None:
    one = browser(connect, "alice")
    wrong = one.post("/connect/api/connections/redmine/key", json={"values": {"url": "redmine", "colour": "blue"}})
    assert wrong.status_code == 400
    assert set(wrong.json()["fields"]) == {"url", "colour", "x_redmine_api_key"}
    assert wrong.json()["fields"]["x_redmine_api_key"] == "is required"
    assert one.post("/connect/api/connections/redmine/key", content=b"[1]", headers={"Content-Type": "application/json"}).status_code == 400


def test_functions_of_a_python_application(connect: Connect) -> None:
    started = connect.start("todoist", user="alice", redirect_uri=f"{ORIGIN}/done")
    callback = consent(started.authorization_url)
    with pytest.raises(InvalidCallback, match="another user"):
        connect.finish(callback, user="mallory", state=started.state)
    started = connect.start("todoist", user="alice")
    status = connect.finish(consent(started.authorization_url), user="alice", state=started.state)
    assert (status.state, status.account, status.verified) == ("connected", "ada@example.com", True)
    assert connect.test("todoist", user="alice").verified
    assert connect.delete("todoist", user="alice") is False
    started = connect.start("asana", user="alice", values={"workspace": "1001"})
    connect.finish(consent(started.authorization_url), user="alice", state=started.state)
    assert connect.delete("asana", user="alice") is True, "Asana has revocation"
    assert connect.status("alice")[0].state == "not_connected"
    with pytest.raises(NotConnected):
        connect.test("todoist", user="alice")
    with pytest.raises(Unsupported, match="no OAuth app"):
        connect.requirements("redmine").way("oauth")
    with pytest.raises(InvalidInput, match="not offered"):
        connect.start("slack", user="alice")


def test_requirements_follow_the_oauth_apps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNIFIED_JIRA_CLIENT_ID", raising=False)
    (way,) = requirements("jira").ways
    assert (way.kind, [(field.name, field.label, field.secret) for field in way.fields if field.required]) == (
        "key",
        [("site", "Site", False), ("username", "User name", False), ("password", "Password or API token", True)],
    )
    monkeypatch.setenv("UNIFIED_JIRA_CLIENT_ID", "app")
    oauth, key = requirements("jira").ways
    assert (oauth.kind, [field.name for field in oauth.fields], key.kind) == ("oauth", ["site"], "key")
    (roundup,) = requirements("roundup").ways
    assert [field.name for field in roundup.fields] == ["url", "username", "password"], "a name that two parts need is one input"
    monkeypatch.setenv("UNIFIED_GITHUB_CLIENT_ID", "app")
    assert [way.kind for way in requirements("github").ways] == ["oauth"]


def test_waiting_for_a_connection(connect: Connect) -> None:
    with pytest.raises(NotConnected, match="in time"):
        connect.wait_for_connection("trello", user="alice", timeout=0.0)

    def store() -> Any:
        return connect.store_key("trello", user="alice", values={"key": "k", "token": "t"})

    later = threading.Timer(0.3, store)
    later.start()
    assert connect.wait_for_connection("trello", user="alice", timeout=20.0).state == "connected"
    later.join()
    assert asyncio.run(connect.await_connection("trello", user="alice", timeout=5.0)).state == "connected"
