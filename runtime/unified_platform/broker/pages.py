"""The broker's pages for people: logging in, and approving or denying what agents ask for."""

from __future__ import annotations

import asyncio
import functools
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from unified_platform.broker import bodies, people
from unified_platform.broker.limits import Limits
from unified_platform.broker.login import CALLBACK, Provider
from unified_platform.broker.people import NotLoggedIn, People
from unified_platform.control.approvals import ApprovalStore
from unified_runtime.claims import AuditLog
from unified_runtime.credentials import Secret
from unified_runtime.errors import InvalidInput, NotFound, UnifiedError

_LIMITS = Limits(body=64 * 1024)
_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("unified_platform.broker"), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
)
_ENVIRONMENT.filters["moment"] = lambda seconds: f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S UTC}"
_ENVIRONMENT.filters["plain"] = lambda value: json.dumps(value, indent=2, ensure_ascii=True)

Endpoint = Callable[[Any, Request], Awaitable[Response]]


def _told(page: Endpoint) -> Endpoint:
    """An error is a page too; who is not logged in goes to do that."""

    @functools.wraps(page)
    async def endpoint(self: Pages, request: Request) -> Response:
        try:
            return await page(self, request)
        except NotLoggedIn as error:
            return self.page("login.html", status=401, wrong=error.message, link=None, provider=self.provider_name)
        except UnifiedError as error:
            status = 404 if isinstance(error, NotFound) else 400
            return self.page("login.html", status=status, wrong=error.message, link=None, provider=self.provider_name)

    return endpoint


class Pages:
    """Pages at an address.

    Args:
        address: where people reach the broker; forms must come from there.
        store: links and sessions.
        approvals: what waits.
        audit: is told who logs in.
        provider: by which people log in, if by any.
    """

    def __init__(
        self, address: str, store: People, approvals: ApprovalStore, audit: AuditLog | None = None, provider: Provider | None = None
    ) -> None:
        parts = urlsplit(address)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._root = parts.path.rstrip("/")
        secure = parts.scheme == "https"
        # The prefix has browsers keep the cookie to this host, and to https (RFC 6265bis, section 4.1.3).
        self._session, self._browser = ("__Host-session", "__Host-login") if secure else ("session", "login")
        self._cookie: dict[str, Any] = {"httponly": True, "secure": secure, "samesite": "lax", "path": "/"}
        self._people = store
        self._approvals = approvals
        self._audit = audit
        self._provider = provider
        self.provider_name = urlsplit(provider.issuer).netloc if provider is not None else None

    def routes(self) -> list[Route]:
        get, post = ["GET"], ["POST"]
        return [
            Route("/", self.home, methods=get),
            Route("/login", self.login, methods=get),
            Route("/login/link", self.enter, methods=post),
            Route("/login/provider", self.begin, methods=get),
            Route(CALLBACK, self.finish, methods=get),
            Route("/logout", self.leave, methods=post),
            Route("/approvals", self.waiting, methods=get),
            Route("/approvals/{id}", self.approval, methods=get),
            Route("/approvals/{id}", self.decide, methods=post),
        ]

    # ------------------------------------------------------------------------------------------------ logging in
    async def home(self, _: Request) -> Response:
        return RedirectResponse(f"{self._root}/approvals", 303)

    async def login(self, request: Request) -> Response:
        """The link is used up by a click, not by a program that looks at addresses."""
        return self.page("login.html", wrong=None, link=request.query_params.get("link"), provider=self.provider_name)

    @_told
    async def enter(self, request: Request) -> Response:
        form = await self._form(request)
        person, session = await asyncio.to_thread(self._people.enter, Secret(form.get("link", "")))
        return await self._admitted(person, session, "link")

    @_told
    async def begin(self, _: Request) -> Response:
        browser = Secret(secrets.token_urlsafe(32))
        response = RedirectResponse(await self._provided().begin(browser), 303)
        response.set_cookie(self._browser, browser.reveal(), max_age=600, **self._cookie)
        return response

    @_told
    async def finish(self, request: Request) -> Response:
        browser = request.cookies.get(self._browser)
        callback = Secret(f"{self._origin}{self._root}{CALLBACK}?{request.url.query}")
        person = await self._provided().finish(callback, None if browser is None else Secret(browser))
        response = await self._admitted(person, await asyncio.to_thread(self._people.admit, person), "provider")
        response.delete_cookie(self._browser, **self._cookie)
        return response

    @_told
    async def leave(self, request: Request) -> Response:
        _, session, _ = await self._posted(request)
        await asyncio.to_thread(self._people.leave, session)
        response = RedirectResponse(f"{self._root}/login", 303)
        response.delete_cookie(self._session, **self._cookie)
        return response

    async def _admitted(self, person: str, session: Secret, how: str) -> Response:
        if self._audit is not None:
            entry = {"time": datetime.now(UTC).isoformat(), "kind": "login", "person": person, "how": how}
            await asyncio.to_thread(self._audit.append, entry)
        response = RedirectResponse(f"{self._root}/approvals", 303)
        response.set_cookie(self._session, session.reveal(), max_age=int(people.SESSION), **self._cookie)
        return response

    def _provided(self) -> Provider:
        if self._provider is None:
            raise NotFound("this broker knows no identity provider to log in with")
        return self._provider

    # ------------------------------------------------------------------------------------------------ approvals
    @_told
    async def waiting(self, request: Request) -> Response:
        person, session = await self._person(request)
        found = await asyncio.to_thread(self._approvals.list, "pending")
        return self.page("approvals.html", person, session, approvals=found)

    @_told
    async def approval(self, request: Request) -> Response:
        person, session = await self._person(request)
        found = await asyncio.to_thread(self._approvals.get, request.path_params["id"])
        return self.page("approval.html", person, session, one=found, wrong=None)

    @_told
    async def decide(self, request: Request) -> Response:
        person, session, form = await self._posted(request)
        id, note = request.path_params["id"], form.get("note", "").strip()[:500] or None
        decide = {"approve": self._approvals.approve, "deny": self._approvals.deny}.get(form.get("decision", ""))
        if decide is None:
            raise InvalidInput("a decision is approve or deny")
        try:
            await asyncio.to_thread(functools.partial(decide, id, by=person, note=note))
        except NotFound:
            raise
        except UnifiedError as error:
            found = await asyncio.to_thread(self._approvals.get, id)
            return self.page("approval.html", person, session, status=409, one=found, wrong=error.message)
        return RedirectResponse(f"{self._root}/approvals/{id}", 303)

    # ------------------------------------------------------------------------------------------------ parts
    async def _person(self, request: Request) -> tuple[str, Secret]:
        cookie = request.cookies.get(self._session)
        session = None if cookie is None else Secret(cookie)
        person = await asyncio.to_thread(self._people.person, session)
        assert session is not None
        return person, session

    async def _posted(self, request: Request) -> tuple[str, Secret, Mapping[str, str]]:
        """Who sends a form of ours, and what it holds.

        Raises:
            NotLoggedIn: nobody is logged in, or the form is not one that they were shown.
        """
        form = await self._form(request)
        person, session = await self._person(request)
        if not hmac.compare_digest(form.get("csrf", "").encode(), people.csrf(session).encode()):
            raise NotLoggedIn("the form is not one of this session: open the page again")
        return person, session, form

    async def _form(self, request: Request) -> Mapping[str, str]:
        origin = request.headers.get("origin")
        if origin is not None and origin != self._origin:
            raise NotLoggedIn("the form comes from another site")
        text = (await bodies.whole(request, _LIMITS)).decode("utf-8", "replace")
        return {name: values[0] for name, values in parse_qs(text, max_num_fields=20).items() if len(values) == 1}

    def page(self, name: str, person: str | None = None, session: Secret | None = None, *, status: int = 200, **told: Any) -> Response:
        nonce = secrets.token_urlsafe(16)
        given = {"person": person, "csrf": people.csrf(session) if session is not None else "", "nonce": nonce, "root": self._root}
        text = _ENVIRONMENT.get_template(name).render(**given, **told)
        headers = {
            "Content-Security-Policy": f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; frame-ancestors 'none'; "
            "base-uri 'none'",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        return HTMLResponse(text, status, headers)
