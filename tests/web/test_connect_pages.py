"""Users connect, reconnect and disconnect accounts on the pages, by OAuth and with keys, at emulated vendors."""

from __future__ import annotations

import re

import pytest

from tests.web.site import URL, browser, consent, leave, logged_in, path_of, post
from unified import tasks, users
from unified_emulation.serving.emulators import Emulators
from unified_platform.vault import ConnectionKey, SealedVault
from unified_platform.web import Connect
from unified_runtime import Client, acting, using


@pytest.fixture
def connect(vault: SealedVault, emulated: tuple[str, Emulators]) -> Connect:
    return Connect(
        vault,
        url=URL,
        name="Acme",
        logo="/static/logo.svg",
        user=logged_in,
        vendors=["asana", "jira", "redmine", "todoist", "trello"],
        emulated=emulated[0],
    )


def test_a_user_connects_by_oauth_and_returns(connect: Connect, vault: SealedVault) -> None:
    one = browser(connect, "alice")
    listed = one.get("/connect/?return_to=/settings")
    assert (listed.status_code, "connected</span>" in listed.text) == (200, False)
    page = one.get("/connect/todoist?return_to=/settings")
    assert "Acme will use your Todoist account" in page.text
    callback = consent(leave(post(one, "/todoist/start", page.text)))
    assert callback.startswith(f"{URL}/callback/todoist?")
    done = one.get(path_of(callback))
    assert (done.status_code, done.headers["location"]) == (303, "/connect/todoist?connected=1&return_to=%2Fsettings")
    after = one.get(done.headers["location"]).text
    assert "ada@example.com" in after
    assert "tested just now" in after
    assert '<a class="button" href="/settings">Back to Acme</a>' in after
    with using(Client(vault=vault.source())), acting(user="alice", via="todoist"):
        assert users.me().email == "ada@example.com"
        assert tasks.create(title="By a connected user").title == "By a connected user"
    assert "ada@example.com" in one.get("/connect/").text


def test_values_that_the_vendor_reports_are_not_in_the_form(connect: Connect, vault: SealedVault) -> None:
    one = browser(connect, "alice")
    page = one.get("/connect/jira").text
    assert [field.name for field in connect.requirements("jira").way("oauth").fields] == ["site"]
    done = one.get(path_of(consent(leave(post(one, "/jira/start", page, site="acme")), "grace")))
    assert (done.status_code, done.headers["location"]) == (303, "/connect/jira?connected=1")
    assert "grace@example.com" in one.get("/connect/jira").text
    (record,) = vault.list(user="alice").records
    assert (record.values["site"], len(record.values["cloud_id"])) == ("acme", 36)
    with using(Client(vault=vault.source())), acting(user="alice", via="jira"):
        assert users.me().email == "grace@example.com"


def test_another_account_replaces_the_connection(connect: Connect, vault: SealedVault) -> None:
    one = browser(connect, "alice")
    for login in ("ada", "grace"):
        page = one.get("/connect/todoist").text
        one.get(path_of(consent(leave(post(one, "/todoist/start", page)), login)))
    (record,) = vault.list(user="alice").records
    assert record.account == "grace@example.com"


def test_denied_consent_is_shown(connect: Connect, vault: SealedVault) -> None:
    one = browser(connect, "alice")
    page = one.get("/connect/todoist").text
    done = one.get(path_of(consent(leave(post(one, "/todoist/start", page)), decision="deny")))
    assert done.status_code == 401
    assert "access_denied" in done.text
    assert vault.list(user="alice").records == ()


def test_a_vendor_with_a_value_and_oauth(connect: Connect, vault: SealedVault) -> None:
    one = browser(connect, "alice")
    page = one.get("/connect/asana").text
    missing = post(one, "/asana/start", page)
    assert missing.status_code == 400
    assert "Workspace is required" in missing.text
    wrong = post(one, "/asana/start", page, workspace="my workspace")
    assert (wrong.status_code, 'value="my workspace"' in wrong.text, 'aria-invalid="true"' in wrong.text) == (400, True, True)
    one.get(path_of(consent(leave(post(one, "/asana/start", page, workspace="1001")))))
    (record,) = vault.list(user="alice").records
    assert (record.values, record.account) == ({"workspace": "1001"}, "ada@example.com")
    again = one.get("/connect/asana").text
    assert leave(post(one, "/asana/start", again)), "a value that is stored is not requested again"


def test_a_user_connects_with_a_key_that_is_tested(connect: Connect, vault: SealedVault, emulated: tuple[str, Emulators]) -> None:
    emulated[1].by_name["redmine"].keys = frozenset({"right"})
    one = browser(connect, "alice")
    page = one.get("/connect/redmine").text
    assert re.search(r'<label for="key-x_redmine_api_key">API key</label>', page)
    wrong = post(one, "/redmine/key", page, url="https://redmine.example.com/", x_redmine_api_key="wrong")
    assert wrong.status_code == 401
    assert "wrong" not in re.sub(r"class=.wrong.", "", wrong.text), "a secret is not shown again"
    assert vault.list(user="alice").records == (), "nothing is stored"
    done = post(one, "/redmine/key", page, url="https://redmine.example.com/", x_redmine_api_key=" right\n")
    assert (done.status_code, done.headers["location"]) == (303, "/connect/redmine?connected=1")
    (record,) = vault.list(user="alice").records
    assert record.values == {"url": "https://redmine.example.com"}
    assert record.account
    page = one.get("/connect/redmine").text
    assert 'value="https://redmine.example.com"' in page
    again = post(one, "/redmine/key", page, url="", x_redmine_api_key="right")
    assert again.status_code == 303, "the address is that of the connection"
    emulated[1].by_name["redmine"].keys = None


def test_a_connection_is_tested_and_deleted(connect: Connect, vault: SealedVault, emulated: tuple[str, Emulators]) -> None:
    one = browser(connect, "alice")
    page = one.get("/connect/todoist").text
    one.get(path_of(consent(leave(post(one, "/todoist/start", page)))))
    page = one.get("/connect/todoist").text
    assert post(one, "/todoist/test", page).headers["location"] == "/connect/todoist?connected=1"
    record = vault.find(ConnectionKey(vendor="todoist", user="alice"))
    assert record is not None
    emulated[1].by_name["todoist"].oauth._ended.add(record.secrets["access_token"].reveal())
    deleted = post(one, "/todoist/delete", page)
    assert deleted.headers["location"] == "/connect/todoist"
    assert vault.list(user="alice").records == ()
    assert "will use your Todoist account" in one.get("/connect/todoist").text


def test_a_link_connects_one_vendor_without_a_login(connect: Connect, vault: SealedVault) -> None:
    link = connect.connect_link(user="bob", vendor="todoist", return_to="/done")
    one = browser(connect)
    assert one.get("/connect/todoist").status_code == 401
    page = one.get(path_of(link)).text
    assert "for its user <strong>bob</strong>" in page
    entered = post(one, "/link", page)
    assert entered.headers["location"] == "/connect/todoist?return_to=%2Fdone"
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert one.get("/connect/redmine").status_code == 404, "the link is for one vendor"
    assert one.get("/connect/").headers["location"] == "/connect/todoist?return_to=%2Fdone"
    page = one.get("/connect/todoist").text
    done = one.get(path_of(consent(leave(post(one, "/todoist/start", page)))))
    assert 'href="/done"' in one.get(done.headers["location"]).text
    assert [record.key.user for record in vault.list().records] == ["bob"]


def test_a_call_without_a_connection_has_a_link(connect: Connect) -> None:
    from unified_runtime import NotConnected

    with using(Client(vault=connect.source())), acting(user="carol", via="todoist"), pytest.raises(NotConnected) as raised:
        tasks.list().first()
    assert raised.value.url is not None
    assert raised.value.url.startswith(f"{URL}/link?token=")
    assert str(raised.value).endswith(f"Connect it at {raised.value.url}")
    assert "unified connect" not in str(raised.value)
    one = browser(connect)
    assert post(one, "/link", one.get(path_of(raised.value.url)).text).status_code == 303
