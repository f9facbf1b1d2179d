"""Login sessions that an operator ends, login links that are revoked, and cross-site requests of a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner

from tests.broker.test_logins import House, browser, hidden, logged_in
from tests.support import postgres
from tests.support.brokers import serving
from unified_platform.audit.log import StoredAuditLog
from unified_platform.broker.assembly import build
from unified_platform.broker.config import Config
from unified_platform.broker.database import open_store
from unified_platform.broker.oidc_login import STARTED, STARTED_OF_ADDRESS, WITHIN, PendingLogins
from unified_platform.broker.sessions import LoginSessions, NotLoggedIn
from unified_platform.cli import main
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import NotFound, RateLimited
from unified_runtime.http import network_policy


@pytest.fixture(params=["sqlite", "postgres"])
def control(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Stores of sessions."""
    if request.param == "sqlite":
        yield str(tmp_path / "control.db")
        return
    with postgres.database() as url:
        yield url


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    with serving(made.broker, port=made.port):
        yield made


def unified(*words: str, store: str) -> tuple[int, str]:
    found = CliRunner().invoke(main, ["broker", "sessions", *words, "--store", store])
    return found.exit_code, found.output


def test_every_process_refuses_a_session_that_an_operator_has_ended(control: str) -> None:
    first, second = LoginSessions(open_store(control)), LoginSessions(open_store(control))
    mine, other = first.admit("eve"), second.admit("ada")
    assert (second.person(mine), first.person(other)) == ("eve", "ada")
    (session,) = json.loads(unified("list", "--person", "eve", "--json", store=control)[1])
    assert (session["kind"], session["person"]) == ("session", "eve")
    code, output = unified("end", session["id"], store=control)
    assert (code, "of eve is ended" in output) == (0, True)
    for people in (first, second):
        with pytest.raises(NotLoggedIn):
            people.person(mine)
        assert people.person(other) == "ada"
    assert unified("end", session["id"], store=control)[0] != 0, "it is ended already"
    ended = [entry for _, entry in StoredAuditLog(open_store(control)).entries() if entry["kind"] == "session_ended"]
    assert [(one["person"], one["session"]) for one in ended] == [("eve", session["id"])]


def test_a_link_is_taken_back_before_it_is_used(control: str) -> None:
    people = LoginSessions(open_store(control))
    link, stored = people.invite("eve"), people.invite("ada")
    (found,) = people.list("eve")
    assert found.kind == "link"
    people.end(found.id)
    with pytest.raises(NotLoggedIn):
        people.enter(link)
    assert people.enter(stored)[0] == "ada"


def test_somebody_who_leaves_has_no_way_in(control: str) -> None:
    people = LoginSessions(open_store(control))
    sessions, links = [people.admit("eve") for _ in range(3)], [people.invite("eve") for _ in range(2)]
    stays = people.admit("eve@example.com")
    assert unified("end", "--person", "eve", store=control)[0] == 0
    for session in sessions:
        with pytest.raises(NotLoggedIn):
            people.person(session)
    for link in links:
        with pytest.raises(NotLoggedIn):
            people.enter(link)
    assert people.person(stays) == "eve@example.com", "a name is compared whole"
    assert unified("end", "--all", store=control)[0] == 0
    assert people.list() == []
    assert "no sessions and no unused login links" in unified("list", store=control)[1]


def test_listed_links_do_not_log_in(control: str) -> None:
    people = LoginSessions(open_store(control))
    session, link = people.admit("ada"), people.invite("ada")
    listed = unified("list", "--json", store=control)[1] + unified("list", store=control)[1]
    assert session.reveal() not in listed
    assert link.reveal() not in listed
    for one in people.list():
        with pytest.raises(NotLoggedIn):
            people.person(Secret(one.id))
        with pytest.raises(NotLoggedIn):
            people.enter(Secret(one.id))


@pytest.mark.parametrize("id", ["", "%", "_" * 16, "0", "' OR 1=1 --      "])
def test_an_id_that_is_none_ends_nothing(control: str, id: str) -> None:
    people = LoginSessions(open_store(control))
    session = people.admit("ada")
    with pytest.raises(NotFound):
        people.end(id)
    assert people.person(session) == "ada"


@pytest.mark.parametrize("words", [[], ["x" * 16, "--all"], ["--person", "ada", "--all"]])
def test_ended_sessions_are_named_exactly(tmp_path: Path, words: list[str]) -> None:
    store = str(tmp_path / "control.db")
    session = LoginSessions(open_store(store)).admit("ada")
    code, output = unified("end", *words, store=store)
    assert code != 0
    assert "--person NAME" in output
    assert LoginSessions(open_store(store)).person(session) == "ada"


def test_an_ended_session_opens_no_page(house: House) -> None:
    one = logged_in(house)
    assert one.get(f"{house.url}/approvals").status_code == 200
    house.people.end_all("ada")
    assert one.get(f"{house.url}/approvals").status_code == 401


# ---------------------------------------------------------------------------------------------------------- cross-site requests
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": ""},
    ],
    ids=repr,
)
def test_another_site_logs_no_one_in_as_somebody_else(house: House, headers: dict[str, str]) -> None:
    link = house.people.invite("eve").reveal()
    with browser() as one:
        assert one.post(f"{house.url}/login/link", data={"link": link}, headers=headers).status_code == 401
        assert not one.cookies
    assert house.people.enter(Secret(link))[0] == "eve", "the link is not used up by it"


def test_a_link_names_the_user_it_logs_in(house: House) -> None:
    page = httpx2.get(f"{house.url}/login", params={"link": house.people.invite("eve").reveal()}).text
    assert "as <strong>eve</strong>" in page
    page = httpx2.get(f"{house.url}/login", params={"link": "made-up"}).text
    assert 'name="link"' not in page


def test_a_session_is_never_the_browsers_own_choice(house: House) -> None:
    chosen = "c" * 43
    link = house.people.invite("ada").reveal()
    response = httpx2.post(f"{house.url}/login/link", data={"link": link}, cookies={"session": chosen})
    assert response.status_code == 303
    made = re.search(r"session=([^;]+)", response.headers["set-cookie"])
    assert made is not None
    assert made[1] != chosen
    assert httpx2.get(f"{house.url}/approvals", cookies={"session": chosen}).status_code == 401


def test_a_second_login_ends_the_session_before(house: House) -> None:
    one = logged_in(house, "ada")
    before = dict(one.cookies)
    one.post(f"{house.url}/login/link", data={"link": house.people.invite("bob").reveal()})
    assert httpx2.get(f"{house.url}/approvals", cookies=before).status_code == 401
    assert [entry.person for entry in house.people.list()] == ["bob"]


@pytest.mark.parametrize("word", ["next", "return_to", "redirect", "redirect_uri", "url", "continue"])
@pytest.mark.parametrize("target", ["https://evil.example.test", "//evil.example.test", "/\\evil.example.test", "javascript:alert(1)"])
def test_a_login_leads_nowhere_else(house: House, word: str, target: str) -> None:
    link = house.people.invite("ada").reveal()
    response = httpx2.post(f"{house.url}/login/link", params={word: target}, data={"link": link, word: target})
    assert response.headers["location"] == "/approvals"


@pytest.mark.parametrize("path", ["//evil.example.test", "//evil.example.test/%2e%2e", "/\\evil.example.test", "/login/", "/approvals/"])
def test_a_path_leads_nowhere_else(house: House, path: str) -> None:
    response = httpx2.get(f"{house.url}{path}", headers={"Host": "evil.example.test"})
    assert "evil" not in response.headers.get("location", "")


def test_a_form_of_an_ended_session_decides_nothing(house: House) -> None:
    one = logged_in(house)
    csrf = hidden(one.get(f"{house.url}/approvals").text, "csrf")
    house.people.end_all()
    assert one.post(f"{house.url}/logout", data={"csrf": csrf}).status_code == 401


@pytest.mark.parametrize("url", ["https://broker.example.test", "https://broker.example.test/unified", "http://127.0.0.1:8320"])
def test_browsers_come_back_over_https_only(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_policy, "hosts", None)  # a broker sets it for its process, which here is that of the other tests
    config = Config(
        url=url,
        vault=str(tmp_path / "vault.db"),
        vault_key=f"file:{tmp_path / 'vault.key'}",
        control=str(tmp_path / "control.db"),
        idempotency=str(tmp_path / "ledger.db"),
        usage=str(tmp_path / "usage.db"),
    )
    with serving(build(config)) as served, browser() as one:
        for path in ("/login", "/approvals", "/", "/static/pages.css", "/health", "/nowhere", "/login/provider"):
            found = one.get(f"{served}{path}", follow_redirects=False).headers.get("strict-transport-security")
            assert found == ("max-age=31536000" if url.startswith("https") else None), path


def test_logins_that_are_started_are_bounded_by_address_and_in_total() -> None:
    now = 0.0
    starts = PendingLogins(lambda: now)
    for number in range(STARTED_OF_ADDRESS):
        now = number / 10
        starts.add("192.0.2.1")
    with pytest.raises(RateLimited):
        starts.add("192.0.2.1")
    for number in range(STARTED - STARTED_OF_ADDRESS):
        starts.add(f"198.51.{number // 250}.{number % 250}")
    with pytest.raises(RateLimited):
        starts.add("203.0.113.1")
    now = 2 * WITHIN
    starts.add("192.0.2.1")
    assert len(starts._started) == len(starts._of_address) == 1
