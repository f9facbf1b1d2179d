"""Rendering of the connect pages: templates, headers and style sheet."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from unified_platform.common.invisible_text import visible

if TYPE_CHECKING:
    from unified_platform.web.user_connections import UserConnections
    from unified_platform.web.visitors import Visitor

STYLE = (files("unified_platform.web") / "static" / "pages.css").read_bytes()
_VERSION = hashlib.sha256(STYLE).hexdigest()[:12]
_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("unified_platform.web"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["visible"] = visible


class Renderer:
    """Renders the pages with the name and logo of the application."""

    def __init__(self, connect: UserConnections, root: str) -> None:
        self._given = {"application": connect.name, "logo": connect.logo, "root": root, "style": f"{root}/static/pages.css?v={_VERSION}"}
        parts = urlsplit(connect.logo or "")
        images = f"{parts.scheme}://{parts.netloc}" if parts.netloc else "'self'"
        policy = f"default-src 'none'; style-src 'self'; img-src {images}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        self._headers = {
            "Content-Security-Policy": policy,
            # With "no-referrer", browsers send a page's own forms with `Origin: null` (Fetch, section 3.2), as one of another site.
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }

    def page(self, template: str, visitor: Visitor | None = None, *, status: int = 200, **more: Any) -> Response:
        """Render a template as a page."""
        given = {**self._given, "visitor": visitor, **more}
        return HTMLResponse(_ENVIRONMENT.get_template(template).render(**given), status, self._headers)


async def style(_: Request) -> Response:
    """Return the style sheet of all pages, under a URL that changes with its content."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(STYLE, media_type="text/css", headers=headers)
