"""ASGI application of the connect pages."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from unified_platform.oauth.authorization_request import StartedAuthorization
from unified_platform.web import api, rendering
from unified_platform.web.visitors import FORM_LIFETIME, Visitor, Visitors, field_values, statuses
from unified_runtime.core.errors import InvalidInput, NotFound, UnifiedError

if TYPE_CHECKING:
    from unified_platform.web.user_connections import UserConnections

Page = Callable[["Pages", Request], Awaitable[Response]]


def create(connect: UserConnections) -> ASGIApp:
    """Return the application, to mount at the path of the URL of `connect`."""
    pages = Pages(connect)
    routes = [
        Route("/", pages.vendors, methods=["GET"]),
        Route("/static/pages.css", rendering.style, methods=["GET"]),
        Route("/link", pages.link, methods=["GET"]),
        Route("/link", pages.enter, methods=["POST"]),
        *api.routes(connect, pages.visitors),
        Route("/callback/{vendor}", pages.callback, methods=["GET"]),
        Route("/{vendor}", pages.vendor, methods=["GET"]),
        Route("/{vendor}/start", pages.start, methods=["POST"]),
        Route("/{vendor}/key", pages.key, methods=["POST"]),
        Route("/{vendor}/test", pages.test, methods=["POST"]),
        Route("/{vendor}/delete", pages.delete, methods=["POST"]),
    ]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    return _Mounted(app, pages.root)


class _Mounted:
    """Serves the application at its path, if the server that it is mounted in does not remove the path."""

    def __init__(self, app: ASGIApp, root: str) -> None:
        self._app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        root = next((one for one in (scope.get("root_path", ""), self._root) if one and (path == one or path.startswith(f"{one}/"))), "")
        path = path.removeprefix(root)
        await self._app({**scope, "root_path": "", "path": path or "/"}, receive, send)


def _html(page: Page) -> Page:
    """Decorate an endpoint so that errors are pages."""

    @functools.wraps(page)
    async def endpoint(self: Pages, request: Request) -> Response:
        try:
            return await page(self, request)
        except UnifiedError as error:
            return self.page("error.html", status=statuses(error), wrong=error.message)

    return endpoint


class Pages:
    """Endpoints of the pages."""

    def __init__(self, connect: UserConnections) -> None:
        self.connect = connect
        self.root = urlsplit(connect.url).path.rstrip("/")
        self.visitors = Visitors(connect)
        self.page = rendering.Renderer(connect, self.root).page

    @_html
    async def vendors(self, request: Request) -> Response:
        visitor = await self.visitors.visitor(request)
        if visitor.vendor is not None:
            return RedirectResponse(self._address(visitor.vendor, visitor.return_to), 303)
        found = await asyncio.to_thread(self.connect.status, visitor.user)
        return self.page("vendors.html", visitor, connections=found, return_to=self._return(request, visitor))

    @_html
    async def vendor(self, request: Request) -> Response:
        visitor, vendor = await self._visited(request)
        return await self._vendor(visitor, vendor, self._return(request, visitor), verified="connected" in request.query_params)

    @_html
    async def start(self, request: Request) -> Response:
        visitor, vendor, form = await self._posted(request)
        return_to = self._given_return(form.get("return_to"), visitor)
        values = field_values(form)
        try:
            started: StartedAuthorization = await asyncio.to_thread(self.connect.start, vendor, user=visitor.user, values=values)
        except UnifiedError as error:
            return await self._vendor(visitor, vendor, return_to, wrong=error, kind="oauth", values=values)
        # A redirect would be part of the form's submission, which the policy of the page restricts to this site.
        response = self.page("leave.html", visitor, to=started.authorization_url, title=self.connect.requirements(vendor).title)
        return await self.visitors.bind(response, visitor, vendor, started.state, return_to)

    @_html
    async def key(self, request: Request) -> Response:
        visitor, vendor, form = await self._posted(request)
        return_to = self._given_return(form.get("return_to"), visitor)
        values = field_values(form)
        try:
            status = await asyncio.to_thread(self.connect.store_key, vendor, user=visitor.user, values=values)
        except UnifiedError as error:
            return await self._vendor(visitor, vendor, return_to, wrong=error, kind="key", values=values)
        return RedirectResponse(self._address(vendor, return_to, verified=status.verified), 303)

    @_html
    async def test(self, request: Request) -> Response:
        visitor, vendor, form = await self._posted(request)
        return_to = self._given_return(form.get("return_to"), visitor)
        try:
            await asyncio.to_thread(self.connect.test, vendor, user=visitor.user)
        except UnifiedError as error:
            return await self._vendor(visitor, vendor, return_to, wrong=error, kind="test")
        return RedirectResponse(self._address(vendor, return_to, verified=True), 303)

    @_html
    async def delete(self, request: Request) -> Response:
        visitor, vendor, form = await self._posted(request)
        return_to = self._given_return(form.get("return_to"), visitor)
        await asyncio.to_thread(self.connect.delete, vendor, user=visitor.user)
        return RedirectResponse(self._address(vendor, return_to), 303)

    @_html
    async def callback(self, request: Request) -> Response:
        visitor, vendor = await self._visited(request)
        state, return_to = await self.visitors.bound(request, visitor, vendor)
        url = f"{self.connect.callback_of(vendor)}?{request.url.query}"
        try:
            status = await asyncio.to_thread(self.connect.finish, url, user=visitor.user, state=state)
        except UnifiedError as error:
            response = await self._vendor(visitor, vendor, return_to, wrong=error, kind="oauth")
        else:
            response = RedirectResponse(self._address(vendor, return_to, verified=status.verified), 303)
        return self.visitors.unbind(response, vendor)

    @_html
    async def link(self, request: Request) -> Response:
        token = request.query_params.get("token", "")
        signed = await asyncio.to_thread(self.connect.tokens.read_link, token)
        vendor = signed.get("vendor")
        title = self.connect.requirements(vendor).title if vendor is not None else None
        return self.page("link.html", token=token, title=title, user=signed["user"])

    @_html
    async def enter(self, request: Request) -> Response:
        form = await self.visitors.form(request)
        signed, cookie = await self.visitors.enter(request, form.get("token", ""))
        vendor = signed.get("vendor")
        address = f"{self.root}/" if vendor is None else self._address(vendor, signed.get("return_to"))
        return self.visitors.with_session(RedirectResponse(address, 303), cookie)

    # ------------------------------------------------------------------------------------------------ the rest
    async def _visited(self, request: Request) -> tuple[Visitor, str]:
        """Return the visitor and the vendor of a page.

        Raises:
            NotFound: the vendor is not offered, or the visitor's link is for another one.
        """
        visitor = await self.visitors.visitor(request)
        vendor = request.path_params["vendor"]
        if vendor not in self.connect.vendors or visitor.vendor not in {None, vendor}:
            raise NotFound("this vendor is not offered here")
        return visitor, vendor

    async def _posted(self, request: Request) -> tuple[Visitor, str, dict[str, str]]:
        form = await self.visitors.form(request)
        visitor, vendor = await self._visited(request)
        await self.visitors.check_form(form, visitor)
        return visitor, vendor, form

    async def _vendor(
        self,
        visitor: Visitor,
        vendor: str,
        return_to: str | None,
        *,
        wrong: UnifiedError | None = None,
        kind: str | None = None,
        values: dict[str, str] | None = None,
        verified: bool = False,
    ) -> Response:
        found = await asyncio.to_thread(self.connect.status, visitor.user)
        status = next(one for one in found if one.vendor == vendor)
        saved = await asyncio.to_thread(self.connect.saved_values, vendor, user=visitor.user)
        csrf = await asyncio.to_thread(self.connect.tokens.sign, "form", {"user": visitor.user}, FORM_LIFETIME)
        return self.page(
            "vendor.html",
            visitor,
            status=200 if wrong is None else statuses(wrong),
            one=status,
            requirements=self.connect.requirements(vendor),
            wrong=wrong,
            kind=kind,
            values={**saved, **(values or {})},
            verified=verified and status.state == "connected",
            return_to=return_to,
            csrf=csrf,
        )

    def _address(self, vendor: str, return_to: str | None, *, verified: bool = False) -> str:
        query = {**({"connected": "1"} if verified else {}), **({"return_to": return_to} if return_to is not None else {})}
        return f"{self.root}/{vendor}{f'?{urlencode(query)}' if query else ''}"

    def _return(self, request: Request, visitor: Visitor) -> str | None:
        return self._given_return(request.query_params.get("return_to"), visitor)

    def _given_return(self, given: str | None, visitor: Visitor) -> str | None:
        """Return the address to send the visitor back to, if it is a page of the application."""
        if not given:
            return visitor.return_to
        try:
            return self.connect.checked_return(given)
        except InvalidInput:
            return visitor.return_to
