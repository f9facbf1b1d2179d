"""Base of the broker's pages for people: sessions, forms with CSRF tokens, and rendering."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from unified_platform.broker import charts, request_bodies, sessions
from unified_platform.broker.limits import Limits
from unified_platform.broker.sessions import LoginSessions, NotLoggedIn
from unified_platform.common.invisible_text import visible
from unified_platform.usage.prices import money
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import NotFound, RateLimited, Unavailable, UnifiedError

_LIMITS = Limits(body=64 * 1024)
STYLE = (files("unified_platform.web") / "static" / "pages.css").read_bytes()
STYLE_PATH = "/static/pages.css"
_VERSION = hashlib.sha256(STYLE).hexdigest()[:12]
_HEADERS = {
    # Pages contain no scripts, nothing from other sites and no inline styles.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    # With "no-referrer", browsers send a page's own forms with `Origin: null` (Fetch, section 3.2), as one of another site.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def _time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _cost(nano: int) -> str:
    """Format an amount with two decimals, or up to six for a small one."""
    amount = money(nano)
    if amount and abs(amount) < Decimal("0.000001"):
        return "< 0.000001"
    digits = 2 if abs(amount) >= 1 else 4 if abs(amount) >= Decimal("0.01") else 6
    complete, _, rest = f"{amount:,.{digits}f}".partition(".")
    return f"{complete}.{rest.rstrip('0').ljust(2, '0')}"


def _size(value: float) -> str:
    return f"{charts.short(value)}B" if value >= 1000 else f"{value:.0f} B"


_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("unified_platform.broker"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters.update(
    moment=_time,
    visible=visible,
    iso=lambda seconds: datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds"),
    plain=lambda value: json.dumps(value, indent=2, ensure_ascii=True),
    seconds=charts.seconds,
    cost=_cost,
    size=_size,
    number=lambda value: f"{value:,}",
    short=charts.short,
)
_ENVIRONMENT.globals.update(share=charts.share, style=f"{STYLE_PATH}?v={_VERSION}")

S = TypeVar("S", bound="Site")
Endpoint = Callable[[S, Request], Awaitable[Response]]


_STATUSES = ((NotFound, 404), (Unavailable, 503), (RateLimited, 429))


def html_errors(page: Endpoint[S]) -> Endpoint[S]:
    """Decorate an endpoint so that errors are HTML pages, or the login page if no one is logged in."""

    @functools.wraps(page)
    async def endpoint(self: S, request: Request) -> Response:
        try:
            return await page(self, request)
        except NotLoggedIn as error:
            return self.page("login.html", status=401, wrong=error.message, link=None, invited=None, provider=self.provider_name)
        except UnifiedError as error:
            status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 400)
            return self.page("error.html", status=status, wrong=error.message)

    return endpoint


class Site:
    """Pages of the broker.

    Args:
        address: URL of the broker for people; forms must come from it.
        store: login links and sessions.
        provider_name: identity provider for logins; None if there is none.
        sections: pages linked from every page: path and title.
    """

    def __init__(
        self, address: str, store: LoginSessions, provider_name: str | None = None, sections: Mapping[str, str] | None = None
    ) -> None:
        parts = urlsplit(address)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.root = parts.path.rstrip("/")
        secure = parts.scheme == "https"
        # The prefix makes browsers restrict the cookie to this host, and to https (RFC 6265bis, section 4.1.3).
        self.session_cookie, self.browser_cookie = ("__Host-session", "__Host-login") if secure else ("session", "login")
        self.connecting_cookie = "__Host-connecting" if secure else "connecting"
        self.cookie: dict[str, Any] = {"httponly": True, "secure": secure, "samesite": "lax", "path": "/"}
        self.people = store
        self.provider_name = provider_name
        self.sections = sections or {"/approvals": "Approvals"}

    async def person(self, request: Request) -> tuple[str, Secret]:
        """Return the logged-in person, and the secret of their session.

        Raises:
            NotLoggedIn: no one is logged in.
        """
        cookie = request.cookies.get(self.session_cookie)
        session = None if cookie is None else Secret(cookie)
        person = await asyncio.to_thread(self.people.person, session)
        assert session is not None
        return person, session

    async def posted(self, request: Request) -> tuple[str, Secret, Mapping[str, str]]:
        """Return the sender and the fields of a form of this site.

        Raises:
            NotLoggedIn: no one is logged in, or the form was not shown to them.
        """
        form = await self.form(request)
        person, session = await self.person(request)
        if not hmac.compare_digest(form.get("csrf", "").encode(), sessions.csrf(session).encode()):
            raise NotLoggedIn("the form is not one of this session: open the page again")
        return person, session, form

    async def form(self, request: Request) -> Mapping[str, str]:
        """Return the fields of a form that was sent from a page of this site."""
        origin = request.headers.get("origin")
        # Browsers that send no Origin with a form still send its site (Fetch Metadata).
        site = request.headers.get("sec-fetch-site", "same-origin")
        if (origin is not None and origin != self.origin) or site not in {"same-origin", "none"}:
            raise NotLoggedIn("the form comes from another site")
        text = (await request_bodies.read_body(request, _LIMITS)).decode("utf-8", "replace")
        return {name: values[0] for name, values in parse_qs(text, max_num_fields=20).items() if len(values) == 1}

    def page(
        self,
        name: str,
        person: str | None = None,
        session: Secret | None = None,
        *,
        status: int = 200,
        section: str | None = None,
        **more: Any,
    ) -> Response:
        """Render a template as a page; `section` is the one of `sections` that it belongs to."""
        given = {
            "person": person,
            "csrf": sessions.csrf(session) if session is not None else "",
            "root": self.root,
            "sections": self.sections if person is not None else {},
            "section": section,
        }
        return HTMLResponse(_ENVIRONMENT.get_template(name).render(**given, **more), status, _HEADERS)


async def style(_: Request) -> Response:
    """Return the style sheet of all pages, under a URL that changes with its content."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(STYLE, media_type="text/css", headers=headers)
