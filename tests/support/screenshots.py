"""`python -m tests.support.screenshots`: take the pictures of docs/how-to/dashboard.md again, in Chromium."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.support.brokers import serving
from tests.support.dashboards import House

IMAGES = Path("docs/how-to/images")
AGENTS = ("planner", "helper", "triage", "billing", "support", "reporter", "onboarding")
SHOTS = (
    ("dashboard-overview", "/dashboard?range=month", "light", (1280, 1020)),
    ("dashboard-call", "/dashboard/calls/story-1", "light", (1280, 960)),
    ("dashboard-phone", "/dashboard?range=week", "dark", (390, 844)),
)


def main() -> None:
    """Take all pictures."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        house = House(Path(folder), quotas="planner")
        house.fill(20_000, names=("the refresh token was revoked", "sent by mistake"), agents=AGENTS)
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with serving(house.broker, port=house.port):
            page = browser.new_page()
            page.goto(f"{house.url}/login?link={house.people.invite('ada').reveal()}")
            page.get_by_role("button", name="Log in").click()
            page.wait_for_url("**/dashboard")
            state = page.context.storage_state()
            for name, path, scheme, (width, height) in SHOTS:
                context = browser.new_context(storage_state=state, color_scheme=scheme, viewport={"width": width, "height": height})
                page = context.new_page()
                page.goto(house.url + path)
                page.screenshot(path=IMAGES / f"{name}.png")
                context.close()
        browser.close()
        house.close()


if __name__ == "__main__":
    main()
