"""`python -m tests.support.screenshots`: take the pictures of the dashboard and of diagnostics again, in Chromium."""

from __future__ import annotations

import html
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support.brokers import serving
from tests.support.dashboards import House

IMAGES = Path("docs/how-to/images")
AGENTS = ("planner", "helper", "triage", "billing", "support", "reporter", "onboarding")
SHOTS = (
    ("dashboard-overview", "/dashboard?range=month", "light", (1280, 1020)),
    ("dashboard-call", "/dashboard/calls/story-1", "light", (1280, 960)),
    ("dashboard-phone", "/dashboard?range=week", "dark", (390, 844)),
)


MISTAKES = {
    "  title: content\n": "  title: contnt\n",
    '  description: {path: description, clear: ""}\n': "  description: description\n",
}
"""Edits of a mapping whose diagnostics are shown."""
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "36": "#76e3ea"}
TERMINAL = "margin:0;padding:20px;background:#0d1117;color:#e6edf3;font:15px/1.4 monospace;display:inline-block;white-space:pre"


def main() -> None:
    """Take all pictures, or with `diagnostics` only the one of the compiler."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take_diagnostics(browser)
        if sys.argv[1:] != ["diagnostics"]:
            take_dashboard(browser)
        browser.close()


def take_dashboard(browser: Browser) -> None:
    """Take the pictures of the dashboard."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), quotas="planner")
        house.fill(20_000, names=("the refresh token was revoked", "sent by mistake"), agents=AGENTS)
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
        house.close()


def take_diagnostics(browser: Browser) -> None:
    """Take the picture of `gen check` with a wrong mapping, as a terminal shows it."""
    with tempfile.TemporaryDirectory() as folder:
        for part in ("mappings/models", "mappings/vendors/todoist", "specs/todoist"):
            shutil.copytree(part, Path(folder, part))
        mapping = Path(folder, "mappings/vendors/todoist/tasks.yaml")
        text = mapping.read_text()
        for right, wrong in MISTAKES.items():
            assert text.count(right) == 1, right
            text = text.replace(right, wrong)
        mapping.write_text(text)
        shown = _in_terminal([str(Path(sys.executable).with_name("gen")), "check", "todoist", "--max", "2"], folder)
    page = browser.new_page(device_scale_factor=2)
    page.set_content(f'<pre style="{TERMINAL}">$ gen check todoist\n{_as_html(shown)}</pre>')
    page.locator("pre").screenshot(path=IMAGES / "diagnostics.png")


def _in_terminal(command: list[str], folder: str) -> str:
    """Return what a command writes to a terminal of 100 columns, with its colors."""
    own, terminal = pty.openpty()
    environment = os.environ | {"COLUMNS": "100", "TERM": "xterm-256color"}
    with subprocess.Popen(command, cwd=folder, stdout=terminal, stderr=terminal, env=environment):
        os.close(terminal)
        written = b""
        while True:
            try:
                part = os.read(own, 65536)
            except OSError:  # Linux reports the end of a terminal so
                part = b""
            if not part:
                break
            written += part
    os.close(own)
    return written.decode().replace("\r\n", "\n").strip()


def _as_html(text: str) -> str:
    """Return a terminal's text as HTML, with its foreground colors and bold."""
    styled = re.sub(r"\x1b\[(3\d)m\x1b\[1m", lambda found: f'<b style="color:{COLOURS[found[1]]}">', html.escape(text))
    return styled.replace("\x1b[1m", "<b>").replace("\x1b[0m", "</b>")


if __name__ == "__main__":
    main()
