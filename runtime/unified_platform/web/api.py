"""JSON endpoints of the connect pages, for an application's own user interface."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from unified_platform.web.visitors import ForeignRequest, Visitor, Visitors, read_body, statuses
from unified_runtime.core.errors import InvalidInput, NotFound, UnifiedError

if TYPE_CHECKING:
    from unified_platform.web.user_connections import UserConnections

Endpoint = Callable[["Endpoints", Request], Awaitable[Any]]
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class _Input(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a request that connects: inputs of the vendor, or the URL of a callback."""

    values: dict[str, str] = {}
    redirect_uri: str | None = None
    callback_url: str = ""


def routes(connect: UserConnections, visitors: Visitors) -> list[BaseRoute]:
    """Return the routes of the JSON endpoints."""
    endpoints = Endpoints(connect, visitors)
    return [
        Route("/api/vendors", endpoints.vendors, methods=["GET"]),
        Route("/api/vendors/{vendor}", endpoints.requirements, methods=["GET"]),
        Route("/api/connections", endpoints.connections, methods=["GET"]),
        Route("/api/connections/{vendor}/start", endpoints.start, methods=["POST"]),
        Route("/api/connections/{vendor}/finish", endpoints.finish, methods=["POST"]),
        Route("/api/connections/{vendor}/key", endpoints.key, methods=["POST"]),
        Route("/api/connections/{vendor}/test", endpoints.test, methods=["POST"]),
        Route("/api/connections/{vendor}", endpoints.delete, methods=["DELETE"]),
    ]


def _json(endpoint: Endpoint) -> Callable[[Endpoints, Request], Awaitable[Response]]:
    """Decorate an endpoint so that its value and errors are JSON."""

    @functools.wraps(endpoint)
    async def responding(self: Endpoints, request: Request) -> Response:
        try:
            value = await endpoint(self, request)
        except UnifiedError as error:
            failure = {"error": type(error).__name__, "message": error.message, "fields": error.fields}
            return Response(msgspec.json.encode(failure), statuses(error), _HEADERS, "application/json")
        if isinstance(value, Response):
            return value
        return Response(msgspec.json.encode(value), 200, _HEADERS, "application/json")

    return responding


class Endpoints:
    """JSON endpoints. A request must be of a logged-in user, or of the session of a link."""

    def __init__(self, connect: UserConnections, visitors: Visitors) -> None:
        self._connect = connect
        self._visitors = visitors

    @_json
    async def vendors(self, request: Request) -> Any:
        visitor = await self._visitors.visitor(request)
        offered = self._connect.vendors if visitor.vendor is None else (visitor.vendor,)
        return {"vendors": [self._connect.requirements(vendor) for vendor in offered]}

    @_json
    async def requirements(self, request: Request) -> Any:
        _, vendor = await self._visited(request)
        return self._connect.requirements(vendor)

    @_json
    async def connections(self, request: Request) -> Any:
        visitor = await self._visitors.visitor(request)
        found = await asyncio.to_thread(self._connect.status, visitor.user)
        return {"connections": [one for one in found if visitor.vendor in {None, one.vendor}]}

    @_json
    async def start(self, request: Request) -> Any:
        visitor, vendor, given = await self._sent(request)
        started = await asyncio.to_thread(
            self._connect.start, vendor, user=visitor.user, values=given.values, redirect_uri=given.redirect_uri
        )
        body = msgspec.json.encode({"authorization_url": started.authorization_url})
        response = Response(body, 200, _HEADERS, "application/json")
        return await self._visitors.bind(response, visitor, vendor, started.state, None)

    @_json
    async def finish(self, request: Request) -> Any:
        visitor, vendor, given = await self._sent(request)
        state, _ = await self._visitors.bound(request, visitor, vendor, given.callback_url)
        status = await asyncio.to_thread(self._connect.finish, given.callback_url, user=visitor.user, state=state)
        return self._visitors.unbind(Response(msgspec.json.encode(status), 200, _HEADERS, "application/json"), vendor)

    @_json
    async def key(self, request: Request) -> Any:
        visitor, vendor, given = await self._sent(request)
        return await asyncio.to_thread(self._connect.store_key, vendor, user=visitor.user, values=given.values)

    @_json
    async def test(self, request: Request) -> Any:
        visitor, vendor, _ = await self._sent(request)
        return await asyncio.to_thread(self._connect.test, vendor, user=visitor.user)

    @_json
    async def delete(self, request: Request) -> Any:
        self._visitors.check_origin(request)
        visitor, vendor = await self._visited(request)
        return {"revoked_at_vendor": await asyncio.to_thread(self._connect.delete, vendor, user=visitor.user)}

    async def _visited(self, request: Request) -> tuple[Visitor, str]:
        visitor = await self._visitors.visitor(request)
        vendor = request.path_params["vendor"]
        if vendor not in self._connect.vendors or visitor.vendor not in {None, vendor}:
            raise NotFound("this vendor is not offered here")
        return visitor, vendor

    async def _sent(self, request: Request) -> tuple[Visitor, str, _Input]:
        """Return visitor, vendor and body. Other sites cannot send JSON without a preflight request, which is not granted."""
        self._visitors.check_origin(request)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise ForeignRequest("the content type must be application/json")
        visitor, vendor = await self._visited(request)
        try:
            return visitor, vendor, msgspec.json.decode(await read_body(request) or b"{}", type=_Input)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass
        raise InvalidInput("the body is not JSON with values, redirect_uri or callback_url")
