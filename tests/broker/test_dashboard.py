"""The dashboard: shows the content of the usage store, to users who are logged in, as text, without secrets."""

from __future__ import annotations

import contextlib
import html
import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.broker.conftest import find
from tests.support import postgres
from tests.support.brokers import serving
from tests.support.dashboards import HOSTILE, PAGES, SENTINEL, House
from tests.support.plans import complete_reads, listening
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.usage.totals import Totals, UsageFilter
from unified_runtime import Client, Connection, UnifiedError, acting, basic, using


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house"), find=find)
    made.fill()
    with serving(made.broker, port=made.port):
        yield made
    made.close()


@pytest.fixture(scope="module")
def one(house: House) -> httpx2.Client:
    return logged_in(house)


def logged_in(house: House) -> httpx2.Client:
    client = httpx2.Client(follow_redirects=True, trust_env=False, base_url=house.url)
    response = client.post("/login/link", data={"link": house.people.invite("ada").reveal()})
    assert response.url.path == "/dashboard"
    return client


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def links(page: str, below: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'href="([^"]*)"', page) if found.startswith(below)]


def test_pages_require_login(house: House) -> None:
    for path in (*PAGES, "/dashboard/calls/story-1"):
        response = httpx2.get(house.url + path)
        assert response.status_code == 401
        assert "agent-1" not in response.text
        key = {"Authorization": f"Bearer {house.key}"}
        assert httpx2.get(house.url + path, headers=key).status_code == 401, "an agent's key opens no page"


@pytest.mark.parametrize("path", PAGES)
def test_every_view_is_locked_down_and_links_lead_somewhere(one: httpx2.Client, path: str) -> None:
    page = one.get(path)
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert policy == "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=\"", page.text), "nothing that the policy would refuse"
    assert page.headers["cache-control"] == "no-store"
    for link in dict.fromkeys(links(page.text, "/")):
        assert one.get(link).status_code == 200, link


def test_figures_are_those_of_the_usage_store(house: House, one: httpx2.Client) -> None:
    day = int(time.time() // 86400)
    (complete,) = Totals(house.usage.database).by((), UsageFilter(since=day - 29))
    page = text_of(one.get("/dashboard?range=month").text)
    assert f"Calls {complete.calls:,} {complete.requests:,} requests" in page
    assert f"{complete.errors:,} calls" in page
    assert "3 calls could not be stored" in page
    for total in Totals(house.usage.database).by(("tool", "vendor"), UsageFilter(since=day - 29)):
        shown = text_of(one.get("/dashboard/tools?range=month").text)
        assert f"{total.names['tool']} via {total.names['vendor']} {total.calls:,} " in shown
    assert "tasks.create 4 of 4 calls" in page
    assert "100 %, spent" in page


def test_names_stay_text(one: httpx2.Client) -> None:
    paths = [*PAGES, *(f"/dashboard/calls/hostile-{number}" for number in range(len(HOSTILE)))]
    paths += links(one.get("/approvals").text, "/approvals/")
    for path in paths:
        page = one.get(path).text
        assert "<script" not in page, path
        assert "<img" not in page, path
        assert "onload=alert(1)>" not in re.sub(r"&lt;.*?&gt;", "", page), path
        assert 'href="javascript:' not in page, path
    shown = text_of(one.get("/dashboard/calls/hostile-3").text)
    assert "{{ 7 * 7 }}" in shown, "a template's own marks are text too"
    for number, name in enumerate(HOSTILE):
        page = text_of(one.get(f"/dashboard/calls/hostile-{number}").text)
        assert text_of(html.escape(name.replace("\0", "\u2400"))) in page
    searched = one.get("/dashboard/calls", params={"q": HOSTILE[1], "agent": HOSTILE[0]}).text
    assert "<img" not in searched
    assert html.escape(HOSTILE[1], quote=False) in html.unescape(searched).replace("<", "&lt;").replace(">", "&gt;")


def test_the_story_of_a_call(one: httpx2.Client) -> None:
    page = text_of(one.get("/dashboard/calls/story-1").text)
    for expected in (
        *(
            "tasks.create via jira",
            "planner",
            "carol",
            "allow: a manager approved it",
            "5f1c09aa",
            "saga-7",
            "4bf92f3577b34da6a3ce929d0e0e4736",
        ),
        *(
            "renewed once",
            "600 ms for rate limits",
            "POST /rest/api/3/issue 1 503",
            "2 201",
            "1 s 500 ms",
            "GET /rest/api/3/issue/{issueIdOrKey}",
        ),
        "req-b1",
    ):
        assert expected in page, expected
    assert "POST no response" in text_of(one.get("/dashboard/calls/hostile-0").text)
    assert one.get("/dashboard/calls/none").status_code == 404


def test_calls_are_found(one: httpx2.Client) -> None:
    for id in ("req-b2", "saga-7", "story-1", "5f1c09aa"):
        assert links(one.get("/dashboard/calls", params={"q": id}).text, "/dashboard/calls/") == ["/dashboard/calls/story-1"]
    page = one.get("/dashboard/calls", params={"agent": "agent-2", "outcome": "ok"}).text
    assert set(re.findall(r"<td>(agent-\d+)</td>", page)) == {"agent-2"}
    (older,) = [link for link in links(page, "/dashboard/calls?") if "before=" in link]
    second = one.get(older).text
    assert not {*links(page, "/dashboard/calls/")} & {*links(second, "/dashboard/calls/")}
    assert "No such call." in one.get("/dashboard/calls", params={"agent": "nobody"}).text
    assert one.get("/dashboard/calls", params={"before": "x"}).status_code == 400


def test_connection_errors_have_instructions(one: httpx2.Client) -> None:
    page = text_of(one.get("/dashboard/connections").text)
    assert "Good 1 Ending soon 1 To be connected again 1 Ended on purpose 1" in page
    assert "unified connect hubspot --user bob --name second" in page
    assert "its token ends and nothing renews it" in page


def test_calls_are_shown_without_secrets(house: House, one: httpx2.Client) -> None:
    server = Loopback()
    house.connections.add(Connection(VENDOR, basic("me", SENTINEL), {}, user="secretive", server=server.url))
    echo = Reply.of({"errors": {"summary": f"not with {SENTINEL}"}, "errorMessages": [f"{SENTINEL}\nlevel=info forged"]}, 400)
    server.answers(Reply(echo.status, echo.body, {**echo.headers, "x-request-id": f"id-{SENTINEL}"}))
    with using(Client(broker=house.url, key=house.key)), acting(user="secretive"), pytest.raises(UnifiedError):
        tasks.create(title="x", project_id="P", via="acme")
    assert house.recorder.flush()
    server.close()
    found = links(one.get("/dashboard/calls", params={"user": "secretive"}).text, "/dashboard/calls/")
    assert len(found) == 1
    page = one.get(found[0]).text
    assert "POST" in page
    for path in (*PAGES, found[0], "/dashboard/calls?user=secretive"):
        assert SENTINEL not in one.get(path).text
    with sqlite3.connect(house.folder / "usage.db") as connection:
        assert SENTINEL not in "\n".join(connection.iterdump())


def test_the_style_sheet_is_public_and_cached(house: House) -> None:
    login = httpx2.get(f"{house.url}/login").text
    (style,) = re.findall(r'<link rel="stylesheet" href="([^"]*)"', login)
    response = httpx2.get(house.url + style)
    assert response.headers["content-type"].startswith("text/css")
    assert "immutable" in response.headers["cache-control"]
    assert "url(" not in response.text
    assert "@import" not in response.text


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_views_scan_no_table(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(postgres.database()) if kind == "postgres" else str(tmp_path / "usage.db")
        house = House(tmp_path, usage=url)
        house.fill()
        stack.enter_context(serving(house.broker, port=house.port))
        client = logged_in(house)
        stack.callback(client.close)
        with listening(house.usage.database, monkeypatch) as requested:
            calls = ("?agent=agent-1&outcome=ok", "?q=req-b2", "?q=evil", "/story-1")
            for path in (*PAGES, *(f"/dashboard/calls{more}" for more in calls)):
                assert client.get(path).status_code == 200
        assert len(requested) > 20
        assert complete_reads(url, requested) == []
        house.close()
