"""Login pages, and pages to decide on requests for approval."""

from __future__ import annotations

import asyncio
import functools
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from unified_platform.approvals.review import of_record, parties, program
from unified_platform.approvals.store import PAGE, Approval, ApprovalStore
from unified_platform.broker import sessions
from unified_platform.broker.oidc_login import CALLBACK, Provider
from unified_platform.broker.sessions import LoginSessions
from unified_platform.broker.web_pages import STYLE_PATH, Site, html_errors, style
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, NotFound, UnifiedError
from unified_runtime.policy.approvals import AuditLog, summary


class Pages(Site):
    """Login and approval pages.

    Args:
        address: URL of the broker for people; forms must come from it.
        store: login links and sessions.
        approvals: requests for approval.
        audit: records logins.
        provider: identity provider for logins; None if there is none.
        sections: pages linked from every page; the first is the start page.
    """

    def __init__(
        self,
        address: str,
        store: LoginSessions,
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
        """Show the login form. Only a click uses up the link, not a program that fetches it. The form shows whom it logs in."""
        link = request.query_params.get("link")
        invited = None if link is None else await asyncio.to_thread(self.people.invited, Secret(link))
        wrong = None if link is None or invited is not None else "the link was used already, or is too old: request another"
        return self.page(
            "login.html", wrong=wrong, link=link if invited is not None else None, invited=invited, provider=self.provider_name
        )

    @html_errors
    async def enter(self, request: Request) -> Response:
        form = await self.form(request)
        person, session = await asyncio.to_thread(self.people.enter, Secret(form.get("link", "")))
        return await self._admitted(request, person, session, "link")

    @html_errors
    async def begin(self, request: Request) -> Response:
        browser = Secret(secrets.token_urlsafe(32))
        response = RedirectResponse(await self._provided().begin(browser, request.client.host if request.client is not None else ""), 303)
        response.set_cookie(self.browser_cookie, browser.reveal(), max_age=600, **self.cookie)
        return response

    @html_errors
    async def finish(self, request: Request) -> Response:
        browser = request.cookies.get(self.browser_cookie)
        callback = Secret(f"{self.origin}{self.root}{CALLBACK}?{request.url.query}")
        person = await self._provided().finish(callback, None if browser is None else Secret(browser))
        response = await self._admitted(request, person, await asyncio.to_thread(self.people.admit, person), "provider")
        response.delete_cookie(self.browser_cookie, **self.cookie)
        return response

    @html_errors
    async def leave(self, request: Request) -> Response:
        _, session, _ = await self.posted(request)
        await asyncio.to_thread(self.people.leave, session)
        response = RedirectResponse(f"{self.root}/login", 303)
        response.delete_cookie(self.session_cookie, **self.cookie)
        return response

    async def _admitted(self, request: Request, person: str, session: Secret, how: str) -> Response:
        """Log the browser in. Its previous session ends, since nothing else has its cookie any more."""
        before = request.cookies.get(self.session_cookie)
        if before is not None:
            await asyncio.to_thread(self.people.leave, Secret(before))
        if self._audit is not None:
            entry = {"time": datetime.now(UTC).isoformat(), "kind": "login", "person": person, "how": how}
            await asyncio.to_thread(self._audit.append, entry)
        response = RedirectResponse(f"{self.root}{self._home}", 303)
        response.set_cookie(self.session_cookie, session.reveal(), max_age=int(sessions.SESSION), **self.cookie)
        return response

    def _provided(self) -> Provider:
        if self._provider is None:
            raise NotFound("this broker knows no identity provider to log in with")
        return self._provider

    # ------------------------------------------------------------------------------------------------ approvals
    @html_errors
    async def waiting(self, request: Request) -> Response:
        person, session = await self.person(request)
        list_ = functools.partial(self._approvals.list, "pending", limit=PAGE + 1, after=request.query_params.get("after"))
        listed = await asyncio.to_thread(list_)
        found, more = listed[:PAGE], len(listed) > PAGE
        return self.page("approvals.html", person, session, section="/approvals", approvals=found, summary=summary, more=more)

    @html_errors
    async def approval(self, request: Request) -> Response:
        person, session = await self.person(request)
        return self._page_of(await asyncio.to_thread(self._approvals.get, request.path_params["id"]), person, session)

    @html_errors
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
            return self._page_of(await asyncio.to_thread(self._approvals.get, id), person, session, status=409, wrong=error.message)
        return RedirectResponse(f"{self.root}/approvals/{id}", 303)

    def _page_of(self, one: Approval, person: str, session: Secret, *, status: int = 200, wrong: str | None = None) -> Response:
        about: dict[str, Any] = {
            "one": one,
            "parties": parties(one.subject),
            "record": of_record(one.subject),
            "program": program(one),
            "wrong": wrong,
        }
        about["decided_at"] = f"{self.root}/approvals/{one.id}"
        return self.page("approval.html", person, session, section="/approvals", status=status, **about)
