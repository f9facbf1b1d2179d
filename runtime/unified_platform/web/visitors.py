"""Visitors of the connect pages: their user, from the application's session or a link, and checks of their forms and callbacks."""

from __future__ import annotations

import asyncio
import hmac
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from unified_platform.oauth.signed_claims import InvalidSignature
from unified_platform.web.return_urls import origin_of
from unified_platform.web.tokens import InvalidLink
from unified_runtime.core.errors import (
    Forbidden,
    InvalidInput,
    NotConnected,
    NotFound,
    RateLimited,
    Unauthorized,
    Unavailable,
    UnifiedError,
)

if TYPE_CHECKING:
    from unified_platform.web.user_connections import UserConnections

FORM_LIFETIME = 3600.0
_SESSION_LIFETIME = 3600.0
_START_LIFETIME = 600.0
_LARGEST = 64 * 1024
_MOST_FIELDS = 40
_VALUE = "value-"
"""Prefix of the names of a vendor's inputs in forms."""

_STATUSES = (
    (NotFound, 404),
    (Unauthorized, 401),
    (Forbidden, 403),
    (InvalidInput, 400),
    (NotConnected, 409),
    (RateLimited, 429),
    (Unavailable, 503),
)


class NotLoggedIn(Unauthorized):
    """No user of the application is logged in, and no link was opened."""


class ForeignRequest(Forbidden):
    """A form or callback is not of this user, this browser or this site."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """User of a request. With a link, `vendor` is the only one to connect, and `return_to` the page to return to."""

    user: str
    vendor: str | None = None
    return_to: str | None = None


def statuses(error: UnifiedError) -> int:
    """Return the HTTP status for an error."""
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 502)


def field_values(form: Mapping[str, str]) -> dict[str, str]:
    """Return the vendor's inputs of a form."""
    return {name.removeprefix(_VALUE): value for name, value in form.items() if name.startswith(_VALUE)}


class Visitors:
    """Identifies visitors, and ties forms, links and authorizations to them."""

    def __init__(self, connect: UserConnections) -> None:
        self._connect = connect
        self._origin = origin_of(connect.url)
        secure = self._origin.startswith("https://")
        # The prefix makes browsers restrict a cookie to this host, and to https (RFC 6265bis, section 4.1.3).
        prefix = "__Host-" if secure else ""
        self._session = f"{prefix}unified-connect"
        self._started = f"{prefix}unified-connecting"
        self._cookie: dict[str, Any] = {"httponly": True, "secure": secure, "samesite": "lax", "path": "/"}

    async def visitor(self, request: Request) -> Visitor:
        """Return the visitor.

        Raises:
            NotLoggedIn: no one is logged in, and no link was opened.
        """
        user = await self._user(request)
        signed = await self._signed_cookie(request, self._session, "session")
        if user is not None:
            return Visitor(user)
        if signed is None:
            raise NotLoggedIn(f"Log in to {self._connect.name} first, or open a new link.")
        return Visitor(signed["user"], signed.get("vendor"), signed.get("return_to"))

    async def _user(self, request: Request) -> str | None:
        """Return the user of the application's own session."""
        lookup = self._connect.user
        if lookup is None:
            return None
        if inspect.iscoroutinefunction(lookup):
            return cast("str | None", await lookup(request))
        found: Any = await run_in_threadpool(lookup, request)
        user: str | None = await found if inspect.isawaitable(found) else found
        return user

    # ------------------------------------------------------------------------------------------------ links
    async def enter(self, request: Request, token: str) -> tuple[Mapping[str, Any], str]:
        """Use a link, and return its values and the value of the session cookie.

        Raises:
            InvalidLink: the link is not valid, was used, has expired, or is for another user than the one who is logged in.
        """
        user = await self._user(request)
        signed = await asyncio.to_thread(self._connect.tokens.read_link, token)
        if user is not None and user != signed["user"]:
            raise InvalidLink(f"this link is for another user of {self._connect.name}")
        signed = await asyncio.to_thread(self._connect.tokens.use_link, token)
        saved = {name: signed[name] for name in ("user", "vendor", "return_to") if name in signed}
        return signed, await asyncio.to_thread(self._connect.tokens.sign, "session", saved, _SESSION_LIFETIME)

    def with_session(self, response: Response, cookie: str) -> Response:
        """Return the response with the session of a link."""
        response.set_cookie(self._session, cookie, max_age=int(_SESSION_LIFETIME), **self._cookie)
        return response

    # ------------------------------------------------------------------------------------------------ forms
    def check_origin(self, request: Request) -> None:
        """Reject a request that another site makes a browser send.

        Raises:
            ForeignRequest: it comes from another site.
        """
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site", "same-origin")
        if (origin is not None and origin.lower() != self._origin) or site not in {"same-origin", "none"}:
            raise ForeignRequest("the request comes from another site")

    async def form(self, request: Request) -> dict[str, str]:
        """Return the fields of a form that was sent from a page of this site.

        Raises:
            ForeignRequest: it comes from another site.
            InvalidInput: it is too large.
        """
        self.check_origin(request)
        text = (await read_body(request)).decode("utf-8", "replace")
        try:
            fields = parse_qs(text, max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise InvalidInput("the form has too many fields") from None
        return {name: values[0] for name, values in fields.items() if len(values) == 1}

    async def check_form(self, form: Mapping[str, str], visitor: Visitor) -> None:
        """Reject a form that was not shown to this user.

        Raises:
            ForeignRequest: it was shown to another user, or too long ago.
        """
        try:
            signed = await asyncio.to_thread(self._connect.tokens.read, "form", form.get("csrf", ""))
        except InvalidSignature:
            signed = {}
        if signed.get("user") != visitor.user:
            raise ForeignRequest("the form was not shown to you, or too long ago: open the page again")

    # ------------------------------------------------------------------------------------------------ authorizations
    async def bind(self, response: Response, visitor: Visitor, vendor: str, state: str, return_to: str | None) -> Response:
        """Return the response with a cookie that ties a started authorization to this browser and user."""
        saved = {"user": visitor.user, "state": state, "vendor": vendor, **({"return_to": return_to} if return_to is not None else {})}
        cookie = await asyncio.to_thread(self._connect.tokens.sign, "started", saved, _START_LIFETIME)
        response.set_cookie(f"{self._started}-{vendor}", cookie, max_age=int(_START_LIFETIME), **self._cookie)
        return response

    async def bound(self, request: Request, visitor: Visitor, vendor: str, callback_url: str | None = None) -> tuple[str, str | None]:
        """Return the state of the authorization that this browser and user started, and the page to return to.

        The callback is this request, or the given URL.

        Raises:
            ForeignRequest: they have started none.
        """
        signed = await self._signed_cookie(request, f"{self._started}-{vendor}", "started")
        state = "" if signed is None else str(signed["state"])
        query = request.url.query if callback_url is None else urlsplit(callback_url).query
        given = parse_qs(query, max_num_fields=_MOST_FIELDS).get("state", [""])[0]
        if (
            signed is None
            or signed["user"] != visitor.user
            or signed["vendor"] != vendor
            or not hmac.compare_digest(state.encode(), given.encode())
        ):
            raise ForeignRequest("connecting was not started in this browser by you, or too long ago: start again")
        return state, signed.get("return_to")

    def unbind(self, response: Response, vendor: str) -> Response:
        """Return the response without the cookie of a started authorization."""
        response.delete_cookie(f"{self._started}-{vendor}", **self._cookie)
        return response

    async def _signed_cookie(self, request: Request, cookie: str, purpose: str) -> Mapping[str, Any] | None:
        token = request.cookies.get(cookie)
        if token is None:
            return None
        try:
            return await asyncio.to_thread(self._connect.tokens.read, purpose, token)
        except InvalidSignature:
            return None


async def read_body(request: Request) -> bytes:
    """Return the body of a request.

    Raises:
        InvalidInput: it is too large.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            raise InvalidInput(f"a request has at most {_LARGEST} bytes")
    return body
