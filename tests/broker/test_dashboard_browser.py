"""The dashboard's pages in a real Chromium: accessible by axe's rules, by keyboard, on a phone, in dark mode; no script runs on them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.brokers import serving
from tests.support.browsers import AXE, CHROMIUM, SIZES, Seen
from tests.support.dashboards import HOSTILE, PAGES, House

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: tests/support/servers/install.sh installs Debian's"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make axe"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house"))
    made.fill()
    with serving(made.broker, port=made.port):
        yield made
    made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        # Chromium's own sandbox needs more rights than containers give.
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        made = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        yield made
        made.close()


@pytest.fixture(scope="module")
def session(house: House, browser: Any) -> Any:
    """Log in, as a person does."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{house.url}/login?link={house.people.invite('ada').reveal()}")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/dashboard")
    state = context.storage_state()
    context.close()
    return state


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_and_the_browser_report_nothing(house: House, browser: Any, session: Any, scheme: str, size: str) -> None:
    seen = Seen(browser, session, scheme=scheme, size=size)
    approval = house.approvals.list("pending")[0].id
    programs = [f"/dashboard/programs/{one.id}" for one in house.programs.list()[:3]]
    for path in (
        *PAGES,
        "/dashboard/calls/story-1",
        "/dashboard/calls/hostile-1",
        f"/approvals/{approval}",
        *programs,
        "/dashboard/calls/none",
        "/login",
    ):
        response = seen.page.goto(house.url + path)
        assert response.status == (404 if path.endswith("none") else 200)
        assert seen.judged() == [], path
        wide = seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is wider than the window"
        assert seen.page.title().endswith("unified broker")
    for scrolled in (True, False):
        seen.page.goto(f"{house.url}/dashboard")
        if scrolled:
            seen.page.get_by_text("As a table").click()
        assert seen.judged() == []
    assert [reported for reported in seen.wrong if "404" not in reported] == []
    assert {url.split("/")[2] for url in seen.called} == {house.url.split("/")[2]}, "nothing comes from elsewhere"
    seen.context.close()


def test_hostile_names_do_nothing(house: House, browser: Any, session: Any) -> None:
    seen = Seen(browser, session)
    paths = [*PAGES, *(f"/dashboard/calls/hostile-{number}" for number in range(len(HOSTILE)))]
    paths += [f"/approvals/{one.id}" for one in house.approvals.list("pending")]
    paths += [f"/dashboard/programs/{one.id}" for one in house.programs.list()]
    for path in paths:
        seen.page.goto(house.url + path)
        assert "owned" not in seen.page.title()
        assert seen.page.locator("script, img, iframe, object").count() == 0
        assert (
            seen.page.evaluate(
                "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter(a => a.name.startsWith('on')).length"
            )
            == 0
        )
    seen.page.goto(f"{house.url}/dashboard/calls")
    seen.page.get_by_label("Agent").fill(HOSTILE[0])
    seen.page.get_by_role("button", name="Search").click()
    assert seen.page.get_by_label("Agent").input_value() == HOSTILE[0]
    assert seen.page.locator("tbody tr").count() == 1
    assert seen.wrong == []
    seen.context.close()


def test_everything_is_reached_by_keyboard(house: House, browser: Any, session: Any) -> None:
    seen = Seen(browser, session)
    seen.page.goto(f"{house.url}/dashboard")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert seen.page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0, "it is seen once it is reached"
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "main"
    reached = []
    for _ in range(60):
        seen.page.keyboard.press("Tab")
        reported = seen.page.evaluate("""() => {
            const e = document.activeElement, s = getComputedStyle(e);
            return [e.getAttribute('href') || e.getAttribute('aria-label') || e.tagName, s.outlineStyle];
        }""")
        if reported[0] == "BODY":
            break
        reached.append(reported)
    names = [name for name, _ in reached]
    assert {"/dashboard?range=week", "Tools", "Quotas", "Newest calls", "/dashboard/calls", "SUMMARY"} <= {*names}
    assert all(style not in {"none", ""} for _, style in reached), "where one is, one sees"
    seen.page.keyboard.press("Shift+Tab")
    seen.context.close()


def test_a_person_reads_a_program_and_decides(house: House, browser: Any, session: Any) -> None:
    seen = Seen(browser, session, size="phone")
    seen.page.goto(f"{house.url}/dashboard")
    seen.page.get_by_role("navigation", name="Sections").get_by_role("link", name="Programs").click()
    seen.page.get_by_role("navigation", name="States").get_by_role("link", name="Paused").click()
    waiting = next(one for one in house.programs.list("paused") if one.approval and house.approvals.get(one.approval).status == "pending")
    seen.page.get_by_role("link", name=waiting.id).click()
    assert seen.page.locator("mark").inner_text().startswith(">   4  tasks.create(title=")
    assert seen.page.get_by_role("region", name="Calls").get_by_text("1. tasks.get").is_visible()
    assert "https://acme/x" in seen.page.get_by_role("main").inner_text()
    seen.page.get_by_label("Note").fill("as planned")
    seen.page.get_by_role("button", name="Approve once").click()
    seen.page.get_by_text("approved by ada").wait_for()
    assert house.approvals.get(waiting.approval).status == "approved"
    assert house.approvals.get(waiting.approval).note == "as planned"
    limited = next(one for one in house.programs.list("paused") if one.resume_at)
    seen.page.goto(f"{house.url}/dashboard/programs/{limited.id}")
    seen.page.keyboard.press("Tab")
    seen.page.get_by_role("button", name="Cancel the program").focus()
    seen.page.keyboard.press("Enter")
    seen.page.get_by_role("heading", name="Source").wait_for()
    assert house.programs.get(limited.id).status == "canceled"
    assert seen.judged() == []
    assert seen.wrong == []
    seen.context.close()


def test_a_person_finds_a_call_and_decides_an_approval(house: House, browser: Any, session: Any) -> None:
    seen = Seen(browser, session, size="phone")
    seen.page.goto(f"{house.url}/dashboard")
    seen.page.get_by_role("navigation", name="Sections").get_by_role("link", name="Calls").click()
    seen.page.get_by_label("Part of a name").fill("saga-7")
    seen.page.keyboard.press("Enter")
    seen.page.get_by_role("link", name="tasks.create via jira").click()
    assert seen.page.get_by_text("a manager approved it").is_visible()
    assert seen.page.get_by_role("img", name="wait: from").count() == 1
    waiting = len(house.approvals.list("pending"))
    seen.page.get_by_role("navigation", name="Sections").get_by_role("link", name="Approvals").click()
    seen.page.locator("tbody a").last.click()
    seen.page.get_by_label("Note").fill("fine")
    seen.page.get_by_role("button", name="Approve once").click()
    seen.page.get_by_text("approved by ada").wait_for()
    assert len(house.approvals.list("pending")) == waiting - 1
    seen.page.get_by_role("button", name="log out").click()
    seen.page.wait_for_url("**/login")
    assert seen.page.goto(f"{house.url}/dashboard").status == 401
    seen.context.close()
