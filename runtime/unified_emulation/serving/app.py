"""HTTP application of the emulators: each vendor below its name."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from unified_emulation.serving.control import Control
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.pages import Pages
from unified_emulation.serving.rendering import foreign
from unified_emulation.serving.vendor import Incoming, Reply

LARGEST = 64 * 1024 * 1024
"""Maximum size of a request's body, in bytes."""
RESET = "unified.reset"
"""Extension of the server: resets the connection of a request."""
_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class VendorApp:
    """Requests to emulated vendors: `/jira/rest/api/3/myself`."""

    def __init__(self, emulators: Emulators) -> None:
        self._emulators = emulators

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
        name, _, rest = raw.decode("latin-1").partition("?")[0].lstrip("/").partition("/")
        emulated = self._emulators.by_name.get(name)
        if emulated is None:
            known = ", ".join(self._emulators.by_name)
            await JSONResponse({"message": f"{name!r} is not emulated here; there are {known}"}, 404)(scope, receive, send)
            return
        endpoint = emulated.oauth.paths().get(f"/{rest}")
        if endpoint is not None:
            await (await emulated.oauth.respond(endpoint, request))(scope, receive, send)
            return
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                await JSONResponse({"message": f"the body has more than {LARGEST} bytes"}, 413)(scope, receive, send)
                return
        headers = {key.lower(): value for key, value in request.headers.items()}
        query = request.scope["query_string"].decode("latin-1")
        incoming = Incoming(request.method, f"/{rest}", query, headers, bytes(body), str(request.url))
        await _send(await asyncio.to_thread(emulated.respond, incoming), scope, receive, send)


async def _send(reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
    fault = reply.fault
    if fault is not None and fault.kind in ("timeout", "slow"):
        await asyncio.sleep(fault.seconds)
    if fault is not None and fault.kind in ("timeout", "reset"):
        scope["extensions"][RESET]()
        return
    response = Response(reply.content, reply.status)
    for name, value in reply.headers:
        if name.lower() == "content-type":
            response.headers[name] = value
        else:
            response.headers.append(name, value)
    await response(scope, receive, send)


class _SameSite:
    """Rejects requests that a page of another site sent, and those for another host name (DNS rebinding)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.url.hostname not in _HOSTS or (scope["path"].startswith("/_") and request.method != "GET" and foreign(request)):
            await JSONResponse({"message": "requests of other sites are not accepted"}, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def create(emulators: Emulators) -> Starlette:
    """Return the application: the control page and API, and each vendor below its name."""
    routes = [*Pages(emulators).routes(), *Control(emulators).routes(), Route("/{path:path}", VendorApp(emulators))]
    return Starlette(routes=routes, middleware=[Middleware(_SameSite)])
