"""The connect pages in a real Chromium: accessible by axe's rules, by keyboard, on a phone, in light and dark; no script runs on them."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from tests.attacks.test_connect_pages import HOSTILE
from tests.support.browsers import AXE, CHROMIUM, SIZES, Seen
from unified_emulation.serving.emulators import Emulators
from unified_platform.vault import ConnectionKey, SealedVault, Status, open_vault
from unified_platform.web import Connect
from unified_runtime.http import network_policy

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: tests/support/servers/install.sh installs Debian's"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make axe"),
]
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><circle cx="12" cy="12" r="11" fill="#1d4fc4"/></svg>'


async def _logo(_: Request) -> Response:
    return Response(LOGO, media_type="image/svg+xml")


async def _settings(_: Request) -> Response:
    return PlainTextResponse("the settings of the application")


@pytest.fixture
def application(tmp_path: Path, emulated: tuple[str, Emulators]) -> Iterator[tuple[Connect, SealedVault]]:
    """An application with the pages, on this machine."""
    vault = open_vault(tmp_path / "vault.db", key=f"file:{tmp_path / 'vault.key'}")
    listening = socket.create_server(("127.0.0.1", 0))
    connect = Connect(
        vault,
        url=f"http://127.0.0.1:{listening.getsockname()[1]}/connect",
        name="Acme",
        logo="/logo.svg",
        user=lambda request: request.cookies.get("who"),
        vendors=["asana", "jira", "redmine", "todoist", "trello"],
        emulated=emulated[0],
    )
    app = Starlette(routes=[Route("/logo.svg", _logo), Route("/settings", _settings), Mount("/connect", connect.app)])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield connect, vault
    server.should_exit = True
    thread.join()
    vault.close()
    network_policy.anywhere()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        # Chromium isolates pages by rights that containers do not give.
        made = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield made
        made.close()


def opened(browser: Any, connect: Connect, user: str | None = "alice", **look: str) -> Seen:
    seen = Seen(browser, **look)
    if user is not None:
        seen.context.add_cookies([{"name": "who", "value": user, "url": connect.url}])
    return seen


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_and_the_browser_report_nothing(application: tuple[Connect, SealedVault], browser: Any, scheme: str, size: str) -> None:
    connect, vault = application
    connect.store_key("trello", user="alice", values={"key": "k", "token": "t"})
    connect.store_key("redmine", user="alice", values={"url": "https://redmine.example.com", "x_redmine_api_key": "k"})
    redmine = vault.find(ConnectionKey(vendor="redmine", user="alice"))
    assert redmine is not None
    vault.put(replace(redmine, status=Status.NEEDS_USER, reason="the key was rejected"))
    seen = opened(browser, connect, scheme=scheme, size=size)
    link = connect.connect_link(user="alice", vendor="todoist").removeprefix(connect.url)
    for path in ("/?return_to=/settings", "/jira", "/asana", "/redmine", "/trello?connected=1&return_to=/settings", link, "/nowhere"):
        response = seen.page.goto(connect.url + path)
        assert response.status == (404 if path == "/nowhere" else 200)
        assert seen.judged() == [], path
        wide = seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is wider than the window"
        if (folder := os.environ.get("UNIFIED_SCREENSHOTS")) is not None:
            seen.page.screenshot(path=Path(folder) / f"connect-{path.strip('/').partition('?')[0] or 'all'}-{size}-{scheme}.png")
    seen.page.goto(f"{connect.url}/redmine")
    seen.page.get_by_label("Address").fill("redmine")
    seen.page.get_by_label("API key").fill("k")
    seen.page.get_by_role("button", name="Connect", exact=True).click()
    seen.page.get_by_text("Address has another form").last.wait_for()
    assert seen.judged() == [], "with errors"
    assert [reported for reported in seen.wrong if "404" not in reported and "400" not in reported] == []
    assert {url.split("/")[2] for url in seen.called} == {connect.url.split("/")[2]}, "nothing comes from elsewhere"
    seen.context.close()


def test_a_person_connects_returns_and_disconnects(application: tuple[Connect, SealedVault], browser: Any) -> None:
    connect, vault = application
    seen = opened(browser, connect, size="phone")
    seen.page.goto(f"{connect.url}/?return_to=/settings")
    assert seen.page.locator("img").evaluate("image => image.naturalWidth") == 24
    seen.page.get_by_role("link", name="Todoist").click()
    seen.page.get_by_role("button", name="Continue at Todoist").click()
    seen.page.get_by_role("button", name="Allow").click()  # the emulator's authorization page opens without a further click
    seen.page.get_by_role("heading", name="Todoist is connected").wait_for()
    assert seen.page.get_by_text("tested just now").is_visible()
    (record,) = vault.list(user="alice").records
    assert record.account is not None
    assert seen.page.get_by_role("cell", name=record.account).is_visible()
    seen.page.get_by_role("button", name="Test").click()
    seen.page.get_by_text("tested just now").wait_for()
    seen.page.get_by_role("link", name="Back to Acme").click()
    assert seen.page.get_by_text("the settings of the application").is_visible()
    seen.page.goto(f"{connect.url}/todoist")
    seen.page.get_by_role("button", name="Disconnect").click()
    seen.page.get_by_role("heading", name="Connect Todoist").wait_for()
    assert vault.list(user="alice").records == ()
    assert [reported for reported in seen.wrong if "404" not in reported] == []
    seen.context.close()


def test_a_key_is_entered_by_keyboard(application: tuple[Connect, SealedVault], browser: Any) -> None:
    connect, vault = application
    seen = opened(browser, connect)
    seen.page.goto(f"{connect.url}/trello")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.textContent") == "Skip to content"
    seen.page.keyboard.press("Enter")
    for text in ("key", "token"):
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        seen.page.keyboard.type(text)
    seen.page.keyboard.press("Enter")
    seen.page.get_by_role("heading", name="Trello is connected").wait_for()
    assert [record.key.vendor for record in vault.list(user="alice").records] == ["trello"]
    seen.context.close()


def test_a_link_is_opened_without_a_login(application: tuple[Connect, SealedVault], browser: Any) -> None:
    connect, vault = application
    seen = opened(browser, connect, None, size="phone")
    link = connect.connect_link(user="bob", vendor="todoist", return_to="/settings")
    seen.page.goto(link)
    seen.page.get_by_role("button", name="Continue").click()
    seen.page.get_by_role("button", name="Continue at Todoist").click()
    seen.page.get_by_role("button", name="Allow").click()
    seen.page.get_by_role("link", name="Back to Acme").click()
    assert [record.key.user for record in vault.list().records] == ["bob"]
    seen.page.goto(link)
    seen.page.get_by_role("button", name="Continue").click()
    assert seen.page.get_by_text("was used already").is_visible()
    seen.context.close()


def test_hostile_names_do_nothing(application: tuple[Connect, SealedVault], browser: Any) -> None:
    connect, vault = application
    connect.store_key("trello", user="alice", values={"key": "k", "token": "t"})
    (record,) = vault.list().records
    vault.put(replace(record, account=HOSTILE))
    seen = opened(browser, connect)
    for path in ("/", "/trello", f"/todoist?return_to=/{HOSTILE[:-1]}"):
        seen.page.goto(connect.url + path)
        assert "owned" not in seen.page.title()
        assert seen.page.locator("script, iframe, object, img:not([src='/logo.svg'])").count() == 0
    assert [reported for reported in seen.wrong if "404" not in reported] == []
    seen.context.close()
