"""What the broker's pages for people share: who is logged in, forms that are theirs, and how a page is written."""

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

from unified_platform.broker import bodies, charts, people
from unified_platform.broker.limits import Limits
from unified_platform.broker.people import NotLoggedIn, People
from unified_platform.usage.prices import money
from unified_runtime.credentials import Secret
from unified_runtime.errors import NotFound, UnifiedError

_LIMITS = Limits(body=64 * 1024)
STYLE = (files("unified_platform.broker") / "static" / "pages.css").read_bytes()
STYLE_PATH = "/static/pages.css"
_VERSION = hashlib.sha256(STYLE).hexdigest()[:12]
_HEADERS = {
    # Nothing runs on a page and nothing comes from elsewhere; not even a style of its own.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    # With "no-referrer", browsers send a page's own forms with `Origin: null` (Fetch, section 3.2), as one of another site.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _cost(nano: int) -> str:
    """An amount with two digits behind the point, and where it is small up to six."""
    amount = money(nano)
    if amount and abs(amount) < Decimal("0.000001"):
        return "< 0.000001"
    digits = 2 if abs(amount) >= 1 else 4 if abs(amount) >= Decimal("0.01") else 6
    whole, _, rest = f"{amount:,.{digits}f}".partition(".")
    return f"{whole}.{rest.rstrip('0').ljust(2, '0')}"


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
    moment=_moment,
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


def told(page: Endpoint[S]) -> Endpoint[S]:
    """An error is a page too; who is not logged in goes to do that."""

    @functools.wraps(page)
    async def endpoint(self: S, request: Request) -> Response:
        try:
            return await page(self, request)
        except NotLoggedIn as error:
            return self.page("login.html", status=401, wrong=error.message, link=None, provider=self.provider_name)
        except UnifiedError as error:
            status = 404 if isinstance(error, NotFound) else 400
            return self.page("error.html", status=status, wrong=error.message)

    return endpoint


class Site:
    """Pages at an address.

    Args:
        address: where people reach the broker; forms must come from there.
        store: links and sessions.
        provider_name: by which people log in, if by any.
        sections: the pages that all link to: their path, and what they are called.
    """

    def __init__(self, address: str, store: People, provider_name: str | None = None, sections: Mapping[str, str] | None = None) -> None:
        parts = urlsplit(address)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.root = parts.path.rstrip("/")
        secure = parts.scheme == "https"
        # The prefix has browsers keep the cookie to this host, and to https (RFC 6265bis, section 4.1.3).
        self.session_cookie, self.browser_cookie = ("__Host-session", "__Host-login") if secure else ("session", "login")
        self.connecting_cookie = "__Host-connecting" if secure else "connecting"
        self.cookie: dict[str, Any] = {"httponly": True, "secure": secure, "samesite": "lax", "path": "/"}
        self.people = store
        self.provider_name = provider_name
        self.sections = sections or {"/approvals": "Approvals"}

    async def person(self, request: Request) -> tuple[str, Secret]:
        """Who is logged in, and the secret of their session.

        Raises:
            NotLoggedIn: nobody.
        """
        cookie = request.cookies.get(self.session_cookie)
        session = None if cookie is None else Secret(cookie)
        person = await asyncio.to_thread(self.people.person, session)
        assert session is not None
        return person, session

    async def posted(self, request: Request) -> tuple[str, Secret, Mapping[str, str]]:
        """Who sends a form of ours, and what it holds.

        Raises:
            NotLoggedIn: nobody is logged in, or the form is not one that they were shown.
        """
        form = await self.form(request)
        person, session = await self.person(request)
        if not hmac.compare_digest(form.get("csrf", "").encode(), people.csrf(session).encode()):
            raise NotLoggedIn("the form is not one of this session: open the page again")
        return person, session, form

    async def form(self, request: Request) -> Mapping[str, str]:
        """What a form holds that was sent from a page of ours."""
        origin = request.headers.get("origin")
        if origin is not None and origin != self.origin:
            raise NotLoggedIn("the form comes from another site")
        text = (await bodies.whole(request, _LIMITS)).decode("utf-8", "replace")
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
        """A page of a template; `section` is the one of `sections` that it belongs to."""
        given = {
            "person": person,
            "csrf": people.csrf(session) if session is not None else "",
            "root": self.root,
            "sections": self.sections if person is not None else {},
            "section": section,
        }
        return HTMLResponse(_ENVIRONMENT.get_template(name).render(**given, **more), status, _HEADERS)


async def style(_: Request) -> Response:
    """The style of all pages, under an address that changes with it."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(STYLE, media_type="text/css", headers=headers)
