"""`/mcp` on the broker: the tools of an agent, who shows its key or token as for any other call (streamable HTTP).

No sessions are kept, so that any process behind a load balancer answers any request. People approve on the broker's own pages, never in
the client of the agent that asks.
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

from unified_platform import catalog, mcp
from unified_platform.broker.app import authenticated, refusal, same_site, shown
from unified_platform.broker.bodies import headers_of
from unified_platform.broker.calls import Calls, scrubbed, secrets_of
from unified_platform.broker.identity import Identity
from unified_platform.broker.limits import Limits, Turnstile
from unified_platform.broker.principals import Principal
from unified_platform.mcp.http import PATH
from unified_platform.tools import Result
from unified_runtime import AsyncClient, UnifiedError, acting
from unified_runtime.brokered.protocol import Whose
from unified_runtime.context import current_acting

_MOST = 4096
"""Principals whose client is kept."""


class Mounted:
    """What the broker's application needs for `/mcp`.

    Args:
        calls: the broker's, whose connections, policy, budgets and ledger hold here too.
        identity: tells who calls.
        limits: how many calls are made at the same time; counted apart from those that are not made over MCP.
        address: where the broker is reached.
        issuers: authorization servers whose tokens it takes, told to clients (RFC 9728).
    """

    def __init__(self, calls: Calls, identity: Identity, limits: Limits, address: str, issuers: Sequence[str] = ()) -> None:
        self._calls = calls
        self._identity = identity
        self._turnstile = Turnstile(limits)
        self._url = AnyHttpUrl(f"{address}{PATH}")
        self._issuers = issuers
        self._clients: dict[str, tuple[Principal, AsyncClient]] = {}
        self._server = mcp.server(self._profile, client=calls.client)
        self._app = self._server.streamable_http_app(
            streamable_http_path=PATH,
            stateless_http=True,
            # Keys keep strangers out, and the broker refuses pages of browsers.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )

    def routes(self) -> list[BaseRoute]:
        """`/mcp`, and where a client learns how to get a token."""
        told = [AnyHttpUrl(issuer) for issuer in self._issuers]
        return [Route(PATH, endpoint=self), *(create_protected_resource_routes(self._url, told) if told else [])]

    def around(self) -> contextlib.AbstractAsyncContextManager[Any]:
        """Entered while the broker runs."""
        return self._app.router.lifespan_context(self._app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            headers = headers_of(scope)
            same_site(headers)
            principal = await self._identity.principal(shown(headers))
            with principal.acting(_whose(request)):
                owner = current_acting().owner
            user = AuthenticatedUser(AccessToken(token=principal.id, client_id=principal.agent, subject=principal.id, scopes=[]))
            async with self._turnstile.call(principal.id):
                await self._app({**scope, "unified.principal": principal, "unified.owner": owner, "user": user}, receive, send)
        except UnifiedError as error:
            answer = refusal(error)
            if answer.status_code == 401 and self._issuers:
                answer.headers["WWW-Authenticate"] = f'Bearer resource_metadata="{build_resource_metadata_url(self._url)}"'
            await answer(scope, receive, send)

    def _profile(self, ctx: ServerRequestContext[Any, Any]) -> mcp.Profile:
        assert ctx.request is not None, "the transport is HTTP"
        scope = ctx.request.scope
        principal, owner = authenticated(scope), scope["unified.owner"]
        return mcp.Profile(
            user=owner.user,
            team=owner.team,
            agent=principal.agent,
            toolsets=principal.toolset,
            client=self._client(principal),
            clean=self._clean,
        )

    def _client(self, principal: Principal) -> AsyncClient:
        """The broker's client, narrowed to what the principal may do; the same one for the same principal."""
        found = self._clients.get(principal.id)
        if found is None or found[0] != principal:
            if len(self._clients) >= _MOST:
                self._clients.clear()
            found = self._clients[principal.id] = principal, self._calls.narrowed(principal)
        return found[1]

    def _clean(self, profile: mcp.Profile, result: Result) -> Result:
        """The result without a secret that a vendor may have echoed."""
        connections = self._calls.client.connections
        with acting(user=profile.user, team=profile.team):
            known = [connections.known(entry.name, current_acting()) for entry in catalog.load()]
        hidden = [secret for connection in known if connection is not None for secret in secrets_of(connection)]
        text = scrubbed(result.text.encode(), hidden).decode()
        if text == result.text:
            return result
        return replace(result, text=text, data=json.loads(scrubbed(json.dumps(result.data, ensure_ascii=False).encode(), hidden)))


def _whose(request: Request) -> Whose:
    """For whom: a key that is for several users or teams has the client say which, in a header."""
    return Whose(user=request.headers.get("x-unified-user"), team=request.headers.get("x-unified-team"))
