"""ASGI application of the broker: routes of agents, pages for people, mounted applications, and health checks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unified_platform.broker import openapi
from unified_platform.broker.agent_routes import AgentRoutes, Endpoint
from unified_platform.broker.authentication import AuthenticatedMount
from unified_platform.broker.parts import Broker
from unified_platform.broker.responses import json_response
from unified_platform.broker.shutdown import delayed_termination

THREADS = 64
"""Threads for blocking work."""


def create(broker: Broker) -> ASGIApp:
    """Return the application of a broker."""
    agents = AgentRoutes(broker)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # The audit log and the vault block; with few threads, calls would wait for each other's disk.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="unified-broker"))
        async with contextlib.AsyncExitStack() as stack:
            for enter in broker.around:
                await stack.enter_async_context(enter())
            stack.enter_context(delayed_termination(broker.shutdown_delay, agents.stop))
            yield
            agents.stop()
        await broker.calls.client.aclose()
        for close in broker.closing:
            await asyncio.to_thread(close)

    routes: list[BaseRoute] = [Route(path, endpoint, methods=["POST"]) for path, endpoint in agents.endpoints.items()]
    routes += [Route("/health", _healthy, methods=["GET"]), Route("/ready", agents.readiness, methods=["GET"])]
    routes += [Route(openapi.PATH, _described, methods=["GET"]), *broker.routes]
    routes += [Mount(path, AuthenticatedMount(app, broker.identity, broker.limits)) for path, app in broker.mounts.items()]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.router.redirect_slashes = False
    direct = _DirectRoutes(_StrictTransport(app) if broker.secure else app, agents)
    return direct if broker.middleware is None else broker.middleware(direct)


class _DirectRoutes:
    """Routes calls directly to their endpoints: Starlette's middleware around a route costs a tenth of a call.

    While the broker stops, each response closes its connection, so that proxies send the next request elsewhere.
    """

    def __init__(self, app: ASGIApp, agents: AgentRoutes) -> None:
        self._app = app
        self._agents = agents
        self._endpoints: Mapping[str, Endpoint] = agents.endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._agents.stopping and scope["type"] == "http":
            send = _with_header(send, b"connection", b"close")
        found = self._endpoints.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if found is None or scope.get("root_path"):
            await self._app(scope, receive, send)
            return
        response = await found(Request(scope, receive, send))
        await response(scope, receive, send)


class _StrictTransport:
    """Adds Strict-Transport-Security to the responses of an application (RFC 6797).

    Agents' calls do not get it: they are not made by browsers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        secured = _with_header(send, b"strict-transport-security", b"max-age=31536000")
        await self._app(scope, receive, secured if scope["type"] == "http" else send)


def _with_header(send: Send, name: bytes, value: bytes) -> Send:
    """Return a `send` that adds a header to the response."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), (name, value)]}
        await send(message)

    return sent


async def _healthy(_: Request) -> Response:
    """Return 200 while the process runs."""
    return json_response(b'{"healthy":true}')


async def _described(request: Request) -> Response:
    """Return the OpenAPI document of this API. It is the same for everyone."""
    return json_response(msgspec.json.encode(openapi.document(str(request.base_url).rstrip("/"))))
