"""The emulators' pages in a real Chromium: accessible by axe's rules, on a phone, in dark mode; nothing comes from elsewhere."""

from __future__ import annotations

import os

import httpx2
import pytest

from tests.support.browsers import AXE, CHROMIUM, Seen
from unified_emulation.serving.emulators import Emulators

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: tests/support/servers/install.sh installs Debian's"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make axe"),
]
OAUTH = "/asana/-/oauth_authorize?client_id=app&redirect_uri=http://127.0.0.1:9/&response_type=code"


@pytest.mark.parametrize(("scheme", "size"), [("light", "desktop"), ("dark", "phone")])
def test_axe_and_the_browser_report_nothing(served: tuple[str, Emulators], scheme: str, size: str) -> None:
    address, emulators = served
    httpx2.post(f"{address}/todoist/api/v1/tasks", json={"content": "<img src=x>"}, headers={"Authorization": "Bearer x"})
    httpx2.post(f"{address}/_api/faults", json={"kind": "slow", "vendor": "trello"})
    number = emulators.exchanges.listed()[0].number
    paths = ["/", "/_/vendors/todoist", "/_/vendors/todoist/coverage", "/_/requests", f"/_/requests/{number}", "/_/faults", OAUTH]
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        seen = Seen(browser, scheme=scheme, size=size)
        for path in paths:
            assert seen.page.goto(address + path).status == 200
            assert seen.judged() == [], path
            assert seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
            assert seen.page.locator("script, img, iframe").count() == 0
        assert seen.wrong == []
        assert {url.split("/")[2] for url in seen.called} == {address.split("/")[2]}
        browser.close()
