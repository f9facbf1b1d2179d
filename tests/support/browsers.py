"""A page in Chromium, judged by axe."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(".cache/axe/node_modules/axe-core/axe.min.js")
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}


class Seen:
    """Page in one browser window, and all errors that the browser reports."""

    def __init__(self, browser: Any, session: Any = None, *, scheme: str = "light", size: str = "desktop") -> None:
        width, height = SIZES[size]
        self.context = browser.new_context(storage_state=session, color_scheme=scheme, viewport={"width": width, "height": height})
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", lambda message: self.wrong.append(message.text) if message.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.wrong.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: self.called.append(request.url))
        self.called: list[str] = []

    def judged(self) -> list[str]:
        """Return axe's findings on the page, of any impact, by the rules of WCAG 2.2 AA and its best practices."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = self.page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", tags)
        assert len(found["passes"]) > 10, "it has judged"
        return [f"{one['impact']} {one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]
