"""The broker's pages for people: logging in, and approving or denying what agents ask for."""

from __future__ import annotations

import asyncio
import functools
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from unified_platform.broker import people
from unified_platform.broker.login import CALLBACK, Provider
from unified_platform.broker.people import People
from unified_platform.broker.site import STYLE_PATH, Site, style, told
from unified_platform.control.approvals import ApprovalStore
from unified_runtime.control.claims import AuditLog
from unified_runtime.credentials import Secret
from unified_runtime.errors import InvalidInput, NotFound, UnifiedError


class Pages(Site):
    """Pages at an address.

    Args:
        address: where people reach the broker; forms must come from there.
        store: links and sessions.
        approvals: what waits.
        audit: is told who logs in.
        provider: by which people log in, if by any.
        sections: the pages that all link to; the first is where one begins.
    """

    def __init__(
        self,
        address: str,
        store: People,
        approvals: ApprovalStore,
        audit: AuditLog | None = None,
        provider: Provider | None = None,
        *,
        sections: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(address, store, urlsplit(provider.issuer).netloc if provider is not None else None, sections)
        self._approvals = approvals
        self._audit = audit
        self._provider = provider
        self._home = next(iter(self.sections))

    def routes(self) -> list[Route]:
        get, post = ["GET"], ["POST"]
        return [
            Route(STYLE_PATH, style, methods=get),
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
        return RedirectResponse(f"{self.root}{self._home}", 303)

    async def login(self, request: Request) -> Response:
        """The link is used up by a click, not by a program that looks at addresses."""
        return self.page("login.html", wrong=None, link=request.query_params.get("link"), provider=self.provider_name)

    @told
    async def enter(self, request: Request) -> Response:
        form = await self.form(request)
        person, session = await asyncio.to_thread(self.people.enter, Secret(form.get("link", "")))
        return await self._admitted(person, session, "link")

    @told
    async def begin(self, _: Request) -> Response:
        browser = Secret(secrets.token_urlsafe(32))
        response = RedirectResponse(await self._provided().begin(browser), 303)
        response.set_cookie(self.browser_cookie, browser.reveal(), max_age=600, **self.cookie)
        return response

    @told
    async def finish(self, request: Request) -> Response:
        browser = request.cookies.get(self.browser_cookie)
        callback = Secret(f"{self.origin}{self.root}{CALLBACK}?{request.url.query}")
        person = await self._provided().finish(callback, None if browser is None else Secret(browser))
        response = await self._admitted(person, await asyncio.to_thread(self.people.admit, person), "provider")
        response.delete_cookie(self.browser_cookie, **self.cookie)
        return response

    @told
    async def leave(self, request: Request) -> Response:
        _, session, _ = await self.posted(request)
        await asyncio.to_thread(self.people.leave, session)
        response = RedirectResponse(f"{self.root}/login", 303)
        response.delete_cookie(self.session_cookie, **self.cookie)
        return response

    async def _admitted(self, person: str, session: Secret, how: str) -> Response:
        if self._audit is not None:
            entry = {"time": datetime.now(UTC).isoformat(), "kind": "login", "person": person, "how": how}
            await asyncio.to_thread(self._audit.append, entry)
        response = RedirectResponse(f"{self.root}{self._home}", 303)
        response.set_cookie(self.session_cookie, session.reveal(), max_age=int(people.SESSION), **self.cookie)
        return response

    def _provided(self) -> Provider:
        if self._provider is None:
            raise NotFound("this broker knows no identity provider to log in with")
        return self._provider

    # ------------------------------------------------------------------------------------------------ approvals
    @told
    async def waiting(self, request: Request) -> Response:
        person, session = await self.person(request)
        found = await asyncio.to_thread(self._approvals.list, "pending")
        return self.page("approvals.html", person, session, section="/approvals", approvals=found)

    @told
    async def approval(self, request: Request) -> Response:
        person, session = await self.person(request)
        found = await asyncio.to_thread(self._approvals.get, request.path_params["id"])
        return self.page("approval.html", person, session, section="/approvals", one=found, wrong=None)

    @told
    async def decide(self, request: Request) -> Response:
        person, session, form = await self.posted(request)
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
            return self.page("approval.html", person, session, section="/approvals", status=409, one=found, wrong=error.message)
        return RedirectResponse(f"{self.root}/approvals/{id}", 303)
