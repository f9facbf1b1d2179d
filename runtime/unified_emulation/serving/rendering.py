"""Rendering of the emulators' pages, in the look of the dashboard."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from unified_platform.common.invisible_text import visible

STYLE = (files("unified_platform.web") / "static" / "pages.css").read_bytes()
_HEADERS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+")
_SECTIONS = {"/": "Vendors", "/_/requests": "Requests", "/_/webhooks": "Webhooks", "/_/faults": "Faults"}


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            value = json.loads(value)
        except ValueError:
            return visible(value.decode("utf-8", "replace"))
    return json.dumps(value, indent=2, ensure_ascii=True)


ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("unified_emulation.serving"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters.update(
    plain=_plain,
    visible=visible,
    clock=lambda seconds: f"{datetime.fromtimestamp(seconds, UTC):%H:%M:%S}",
    number=lambda value: f"{value:,}",
)


def render(name: str, section: str | None, status: int = 200, *, leads_to: str = "", **more: Any) -> Response:
    """Return a page. `section` is the one of the navigation that it belongs to, `leads_to` a URL that its form may redirect to."""
    parts = urlsplit(leads_to)
    # Chromium applies `form-action` to redirects after a form too.
    actions = f"'self' {parts.scheme}://{parts.netloc}" if _HOST.fullmatch(parts.netloc) else "'self'"
    policy = f"default-src 'none'; style-src 'self'; form-action {actions}; frame-ancestors 'none'; base-uri 'none'"
    page = ENVIRONMENT.get_template(name).render(sections=_SECTIONS, section=section, **more)
    return HTMLResponse(page, status, {"Content-Security-Policy": policy, **_HEADERS})


def foreign(request: Request) -> bool:
    """Return true if a browser sent a request from a page of another site (Fetch Metadata, and `Origin`)."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "none")
    return (origin is not None and urlsplit(origin).netloc != request.url.netloc) or site not in ("none", "same-origin")
