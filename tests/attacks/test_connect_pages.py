"""Attacks on the connect pages: other users' states, links and forms, foreign addresses, hostile names and servers."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.web.conftest import emulated as emulated  # fixtures
from tests.web.conftest import vault as vault
from tests.web.site import ORIGIN, URL, browser, consent, hidden, leave, logged_in, path_of, post
from unified_emulation.serving.emulators import Emulators
from unified_platform.oauth.errors import InvalidCallback
from unified_platform.vault import SealedVault
from unified_platform.web import Connect
from unified_platform.web.return_urls import check_return_url
from unified_platform.web.tokens import InvalidLink
from unified_runtime.core.errors import InvalidInput

HOSTILE = "<script>document.title='owned'</script>\"'><img src=x onerror=alert(1)>\u202e"


@pytest.fixture
def connect(vault: SealedVault, emulated: tuple[str, Emulators]) -> Connect:
    return Connect(vault, url=URL, name=HOSTILE, user=logged_in, vendors=["redmine", "todoist", "trello"], emulated=emulated[0])


def test_a_callback_is_only_for_the_browser_and_user_that_started(connect: Connect, vault: SealedVault) -> None:
    """An attacker's callback in a victim's browser would connect the attacker's account for the victim, and the other way round."""
    attacker, victim = browser(connect, "mallory"), browser(connect, "alice")
    callback = path_of(consent(leave(post(attacker, "/todoist/start", attacker.get("/connect/todoist").text))))
    assert victim.get(callback).status_code == 403, "the victim has started nothing"
    leave(post(victim, "/todoist/start", victim.get("/connect/todoist").text))
    assert victim.get(callback).status_code == 403, "the state is another one"
    assert vault.list().records == ()
    attacker.cookies.set("who", "alice")
    assert attacker.get(callback).status_code == 403, "another user is logged in to this browser by now"
    attacker.cookies.set("who", "mallory")
    assert attacker.get(callback).status_code == 303
    assert [record.key.user for record in vault.list().records] == ["mallory"]
    assert attacker.get(callback).status_code == 403, "once"


def test_a_stolen_cookie_of_an_authorization_is_not_valid_for_another_user(connect: Connect, vault: SealedVault) -> None:
    one, other = browser(connect, "alice"), browser(connect, "mallory")
    started = post(one, "/todoist/start", one.get("/connect/todoist").text)
    callback = path_of(consent(leave(started)))
    name, _, value = started.headers["set-cookie"].partition(";")[0].partition("=")
    other.cookies.set(name, value)
    assert other.get(callback).status_code == 403
    assert vault.list().records == ()


def test_a_state_of_another_vendor_is_rejected(connect: Connect, vault: SealedVault) -> None:
    one = browser(connect, "alice")
    callback = path_of(consent(leave(post(one, "/todoist/start", one.get("/connect/todoist").text))))
    assert one.get(callback.replace("/callback/todoist", "/callback/trello")).status_code == 403
    assert vault.list().records == ()


def test_a_link_is_used_once(connect: Connect) -> None:
    link = path_of(connect.connect_link(user="bob", vendor="todoist"))
    first, second = browser(connect), browser(connect)
    for _ in range(3):
        page = first.get(link).text  # programs that preview a link do not use it up
    assert post(first, "/link", page).status_code == 303
    for again in (first, second):
        assert post(again, "/link", page).status_code == 401
        assert again.get("/connect/todoist").status_code == (200 if again is first else 401)


def test_the_mark_of_a_used_link_cannot_be_removed_by_a_callback(connect: Connect, vault: SealedVault) -> None:
    token = parse_qs(urlsplit(connect.connect_link(user="bob", vendor="todoist")).query)["token"][0]
    signed = connect.tokens.use_link(token)
    for state in (token, signed["jti"], f"used {signed['jti']}"):
        with pytest.raises(InvalidCallback):
            connect.finish(f"{URL}/callback/todoist?state={state}&code=x", user="bob", state=state)
    with pytest.raises(InvalidLink, match="used already"):
        connect.tokens.use_link(token)


@pytest.mark.parametrize("change", ["expired", "altered", "another key", "another purpose", "none"])
def test_links_that_are_not_valid(connect: Connect, change: str) -> None:
    token = connect.tokens.link({"user": "bob"}, -1 if change == "expired" else 60)
    id, _, signed = token.partition(".")
    header, signed, signature = signed.split(".")
    wrong = {
        "expired": token,
        "altered": f"{id}.{header}.{signed[:-4]}AAAA.{signature}",
        "another key": f"{'00' * len(bytes.fromhex(id))}.{signed}",
        "another purpose": connect.tokens.sign("session", {"user": "bob", "jti": "x"}, 60),
        "none": "",
    }[change]
    one = browser(connect)
    assert one.get("/connect/link", params={"token": wrong}).status_code == 401
    assert one.post("/connect/link", data={"token": wrong}, headers={"Origin": ORIGIN}).status_code == 401


def test_a_link_of_another_tenant_is_not_valid(connect: Connect, vault: SealedVault, emulated: tuple[str, Emulators]) -> None:
    other = Connect(vault.of_tenant("beta"), url=URL, vendors=["todoist"], emulated=emulated[0])
    token = parse_qs(urlsplit(other.connect_link(user="bob")).query)["token"][0]
    with pytest.raises(InvalidLink):
        connect.tokens.use_link(token)


def test_a_link_is_not_for_another_user_who_is_logged_in(connect: Connect) -> None:
    """A user who sends their own link to someone else must not get that person's account."""
    link = path_of(connect.connect_link(user="mallory", vendor="todoist"))
    victim = browser(connect, "alice")
    assert post(victim, "/link", victim.get(link).text).status_code == 401
    assert browser(connect, "mallory").get("/connect/todoist").status_code == 200


def test_forms_of_other_sites_and_users(connect: Connect, vault: SealedVault) -> None:
    one, other = browser(connect, "alice"), browser(connect, "mallory")
    own, foreign = hidden(one.get("/connect/trello").text), hidden(other.get("/connect/trello").text)
    key = {"value-key": "k", "value-token": "t"}
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://app.example.com"},
    ):
        assert one.post("/connect/trello/key", data={**own, **key}, headers=headers).status_code == 403
    for form in (foreign, {}, {"csrf": "x"}, {"csrf": connect.tokens.sign("session", {"user": "alice"}, 60)}):
        assert one.post("/connect/trello/key", data={**form, **key}, headers={"Origin": ORIGIN}).status_code == 403
    for path in ("/connect/trello/delete", "/connect/trello/test", "/connect/todoist/start"):
        assert one.post(path, data=foreign, headers={"Origin": ORIGIN}).status_code == 403
    assert vault.list().records == ()


def test_json_requests_of_other_sites(connect: Connect, vault: SealedVault) -> None:
    one = browser(connect, "alice")
    body = b'{"values": {"key": "k", "token": "t"}}'
    path = "/connect/api/connections/trello/key"
    assert one.post(path, content=body, headers={"Content-Type": "text/plain"}).status_code == 403
    assert one.post(path, content=body, headers={"Content-Type": "application/json", "Origin": "https://evil.example"}).status_code == 403
    assert one.delete("/connect/api/connections/trello", headers={"Origin": "https://evil.example"}).status_code == 403
    preflight = one.options(path, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert "access-control-allow-origin" not in preflight.headers
    assert browser(connect).post(path, content=body, headers={"Content-Type": "application/json"}).status_code == 401
    assert vault.list().records == ()


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "https:evil.example", "javascript:alert(1)",
        "https://app.example.com@evil.example/", "https://app.example.com.evil.example/", "/\tx", "\t//evil.example", " //evil.example",
        "data:text/html,x", "http://app.example.com/", "https://app.example.com:444/", "settings", "https://user@app.example.com/",
        "https://[evil", "/a\nSet-Cookie: x",
    ],
)  # fmt: skip
def test_addresses_to_return_to_elsewhere(connect: Connect, address: str) -> None:
    with pytest.raises(InvalidInput, match="not a page of this application"):
        check_return_url(address, connect.origins)
    with pytest.raises(InvalidInput):
        connect.connect_link(user="bob", return_to=address)
    one = browser(connect, "alice")
    one.post("/connect/api/connections/trello/key", json={"values": {"key": "k", "token": "t"}})
    page = one.get("/connect/trello", params={"return_to": address})
    assert "evil.example" not in page.text
    assert "Back to" not in page.text
    form = {**hidden(page.text), "return_to": address}
    moved = one.post("/connect/trello/test", data=form, headers={"Origin": ORIGIN})
    assert moved.headers["location"] == "/connect/trello?connected=1"
    wrong = one.post("/connect/api/connections/todoist/start", json={"redirect_uri": address})
    assert wrong.status_code == 400, "a code would be sent there"


def test_pages_of_the_application_to_return_to(connect: Connect) -> None:
    for address in ("/settings?tab=1#a", f"{ORIGIN}/x", "/"):
        assert check_return_url(address, connect.origins) == address


def test_hostile_names_are_text(connect: Connect, vault: SealedVault) -> None:
    one = browser(connect, "alice")
    connect.store_key("trello", user="alice", values={"key": "k", "token": "t"})
    (record,) = vault.list().records
    vault.put(replace(record, account=HOSTILE))
    link = path_of(connect.connect_link(user=f"bob{HOSTILE[:-1]}", vendor="trello"))
    for path in (
        "/connect/",
        "/connect/trello",
        "/connect/todoist",
        link,
        "/connect/nowhere",
        f"/connect/todoist?return_to=/{HOSTILE[:-1]}",
    ):
        page = one.get(path)
        assert "<script" not in page.text
        assert "<img src=x" not in page.text
        assert "\u202e" not in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    csrf = hidden(one.get("/connect/redmine").text)
    shown = one.post("/connect/redmine/key", data={**csrf, "value-url": HOSTILE}, headers={"Origin": ORIGIN})
    assert (shown.status_code, "<script" in shown.text) == (400, False)
    refused = one.get("/connect/callback/todoist", params={"state": "x", "error": HOSTILE, "error_description": HOSTILE})
    assert (refused.status_code, "<script" in refused.text) == (403, False)


def test_users_cannot_name_servers_in_private_networks(vault: SealedVault) -> None:
    connect = Connect(vault, url=URL, user=logged_in, vendors=["redmine"], clients=lambda vendor, declaration: None)
    one = browser(connect, "alice")
    page = one.get("/connect/redmine").text
    for address in ("http://127.0.0.1:9", "http://169.254.169.254/latest", "http://10.0.0.1", "http://[::1]:9", "http://2130706433"):
        done = post(one, "/redmine/key", page, url=address, x_redmine_api_key="k")
        assert done.status_code in {400, 403, 502, 503}, address
        assert re.search(r"role=.alert.", done.text)
    assert vault.list().records == ()


def test_large_requests(connect: Connect) -> None:
    one = browser(connect, "alice")
    assert one.post("/connect/trello/key", content=b"x" * 70_000, headers={"Origin": ORIGIN}).status_code == 400
    many = "&".join(f"f{number}=1" for number in range(100)).encode()
    assert one.post("/connect/trello/key", content=many, headers={"Origin": ORIGIN}).status_code == 400
