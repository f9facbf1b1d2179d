"""`/mcp` on the broker: MCP over streamable HTTP for agents, authenticated by the same keys and tokens as other calls.

It is stateless, so that any process behind a load balancer can handle any request. People approve on the broker's own pages, never in
the agent's client.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.routes import build_resource_metadata_url, create_protected_resource_routes
from mcp.server.context import ServerRequestContext
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import AnyHttpUrl
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from unified_platform import mcp
from unified_platform.broker.authentication import authenticate, mounted_principal
from unified_platform.broker.calls import Calls
from unified_platform.broker.identity import Identity
from unified_platform.broker.limits import ConcurrencyLimiter, Limits
from unified_platform.broker.principals import Principal
from unified_platform.broker.programs import stored_rights
from unified_platform.broker.request_bodies import headers_of
from unified_platform.broker.responses import error_response, redacted
from unified_platform.catalog import capabilities
from unified_platform.common.client_addresses import mark_authenticated
from unified_platform.mcp.http import PATH
from unified_platform.programs.store import ProgramStore
from unified_platform.tools import Result
from unified_platform.tools.file_addresses import FileAddresses
from unified_runtime import AsyncClient, UnifiedError, acting
from unified_runtime.core.context import current_acting
from unified_runtime.core.wire.protocol import ActingFields
from unified_runtime.toolkits import registry

_MOST = 4096
"""Maximum principals whose client is cached."""


class MCPMount:
    """Mount of `/mcp` on the broker's application.

    Args:
        calls: calls of the broker, with its connections, policy and stores.
        identity: authenticates callers.
        limits: maximum concurrent calls; counted separately from calls not made over MCP.
        address: URL of the broker.
        issuers: authorization servers whose tokens it accepts, announced to clients (RFC 9728).
        files: signs addresses of files in results; without it, agents get handles only.
        programs: store of programs. With it, the tools search functions, read stubs and run programs, and are served at `/mcp/programs`.
    """

    def __init__(
        self,
        calls: Calls,
        identity: Identity,
        limits: Limits,
        address: str,
        issuers: Sequence[str] = (),
        *,
        programs: ProgramStore | None = None,
        files: FileAddresses | None = None,
    ) -> None:
        self._calls = calls
        self._identity = identity
        self._concurrency = ConcurrencyLimiter(limits)
        self._path = PATH if programs is None else f"{PATH}/programs"
        self._url = AnyHttpUrl(f"{address}{self._path}")
        self._issuers = issuers
        self._clients: dict[tuple[str, str | None], tuple[Principal, AsyncClient]] = {}
        self._programs = programs
        self._server = mcp.server(
            self._profile, client=calls.client, programs=programs is not None, program_store=programs, file_addresses=files
        )
        self._app = self._server.streamable_http_app(
            streamable_http_path=self._path,
            stateless_http=True,
            # Keys protect against strangers, and the broker rejects pages of browsers.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )

    def routes(self) -> list[BaseRoute]:
        """Return the routes of `/mcp`, and of the metadata from which a client learns how to get a token."""
        data = [AnyHttpUrl(issuer) for issuer in self._issuers]
        return [Route(self._path, endpoint=self), *(create_protected_resource_routes(self._url, data) if data else [])]

    def around(self) -> contextlib.AbstractAsyncContextManager[Any]:
        """Return the context manager entered while the broker runs."""
        return self._app.router.lifespan_context(self._app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            principal = await authenticate(self._identity, headers_of(scope))
            mark_authenticated(scope)
            with principal.acting(_acting_fields(request)):
                owner = current_acting().owner
            user = AuthenticatedUser(AccessToken(token=principal.id, client_id=principal.agent, subject=principal.id, scopes=[]))
            async with self._concurrency.call(principal.id, principal.subject):
                await self._app({**scope, "unified.principal": principal, "unified.owner": owner, "user": user}, receive, send)
        except UnifiedError as error:
            response = error_response(error)
            if response.status_code == 401 and self._issuers:
                response.headers["WWW-Authenticate"] = f'Bearer resource_metadata="{build_resource_metadata_url(self._url)}"'
            await response(scope, receive, send)

    def _profile(self, ctx: ServerRequestContext[Any, Any]) -> mcp.Profile:
        assert ctx.request is not None, "the transport is HTTP"
        scope = ctx.request.scope
        principal, owner = mounted_principal(scope), scope["unified.owner"]
        return mcp.Profile(
            user=owner.user,
            team=owner.team,
            agent=principal.agent,
            toolsets=principal.toolset,
            client=self.client_of(principal),
            clean=self._clean,
            rights=stored_rights(principal) if self._programs is not None else "",
        )

    def client_of(self, principal: Principal) -> AsyncClient:
        """Return the broker's client, narrowed to the principal's rights; cached by principal."""
        id = principal.id, principal.subject
        found = self._clients.get(id)
        if found is None or found[0] != principal:
            if len(self._clients) >= _MOST:
                self._clients.clear()
            found = self._clients[id] = principal, self._calls.narrowed(principal)
        return found[1]

    def _clean(self, profile: mcp.Profile, result: Result) -> Result:
        """Return the result without a secret that a vendor may have echoed."""
        connections = self._calls.client.connections
        with acting(user=profile.user, team=profile.team):
            now = current_acting()
            connected = () if connections.cold(now.owner) else connections.vendors({*capabilities.vendor_names(), *registry.names()}, now)
            used = [found for name in connected if (found := connections.known(name, now)) is not None]
        text = redacted(result.text.encode(), used).decode()
        if text == result.text:
            return result
        return replace(result, text=text, data=json.loads(redacted(json.dumps(result.data, ensure_ascii=False).encode(), used)))


def _acting_fields(request: Request) -> ActingFields:
    """Return the user and team of a request: if a key has several, the client names them in a header."""
    return ActingFields(user=request.headers.get("x-unified-user"), team=request.headers.get("x-unified-team"))
