"""Authentication of requests, and applications that only authenticated callers can reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unified_platform.broker import request_bodies
from unified_platform.broker.identity import Identity
from unified_platform.broker.limits import Limits
from unified_platform.broker.principals import Principal
from unified_platform.broker.responses import error_response
from unified_platform.common.client_addresses import mark_authenticated
from unified_runtime.core.errors import Denied, UnifiedError
from unified_runtime.core.json_limits import check_json


async def authenticate(identity: Identity, headers: Mapping[bytes, bytes]) -> Principal:
    """Return the principal of a request.

    Raises:
        Denied: a browser's page sent the request; agents are not browsers.
        InvalidAgentKey, Unavailable: see `Identity.principal`.
    """
    if b"origin" in headers:
        raise Denied("a browser's page cannot make calls")
    authorization = headers.get(b"authorization")
    return await identity.principal(None if authorization is None else authorization.decode("latin-1"))


def mounted_principal(scope: Mapping[str, Any]) -> Principal:
    """Return the authenticated caller of an application that is mounted on the broker, from the scope of its request."""
    found = scope["unified.principal"]
    assert isinstance(found, Principal)
    return found


class AuthenticatedMount:
    """Wrapper of an application that only authenticated callers can reach."""

    def __init__(self, app: ASGIApp, identity: Identity, limits: Limits) -> None:
        self._app = app
        self._identity = identity
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                principal = await authenticate(self._identity, request_bodies.headers_of(scope))
                mark_authenticated(scope)
                if scope["method"] == "POST":
                    receive = await self._bounded(scope, receive)
            except request_bodies.BodyTooLarge as error:
                await error_response(error, 413)(scope, receive, send)
                return
            except UnifiedError as error:
                await error_response(error)(scope, receive, send)
                return
            except ClientDisconnect:
                return
            scope = {**scope, "unified.principal": principal}
        await self._app(scope, receive, send)

    async def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """Return a receive function that passes on the body of a request, read within the limits of a call.

        Raises:
            BodyTooLarge, BeyondBounds: the body exceeds the limits.
        """
        body = await request_bodies.read_body(Request(scope, receive), self._limits)
        check_json(body, "the body")
        passed_on = False

        async def receive_body() -> Message:
            nonlocal passed_on
            if passed_on:
                return await receive()
            passed_on = True
            return {"type": "http.request", "body": body, "more_body": False}

        return receive_body
