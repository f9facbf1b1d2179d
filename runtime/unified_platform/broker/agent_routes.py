"""Routes of agents: calls, plans, contents, descriptions, events, sagas and token exchange."""

from __future__ import annotations

import asyncio
import functools
import logging
import math
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import parse_qs

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from unified_platform.broker import batch_calls, calls, request_bodies
from unified_platform.broker.agent_keys import InvalidAgentKey
from unified_platform.broker.authentication import authenticate
from unified_platform.broker.calls import LARGE
from unified_platform.broker.deadlines import deadline, with_deadline
from unified_platform.broker.limits import ConcurrencyLimiter
from unified_platform.broker.parts import Broker
from unified_platform.broker.principals import NotPermitted, Principal
from unified_platform.broker.responses import FramedResponse, encode_error, error_response, json_response
from unified_platform.broker.token_identity import EXCHANGE, JWT_TYPES
from unified_platform.common.client_addresses import mark_authenticated
from unified_platform.common.event_loop import in_thread_if
from unified_runtime.core.context import current_acting
from unified_runtime.core.errors import InvalidInput, NotFound, Unavailable, Unconfirmed, UnifiedError
from unified_runtime.core.json_limits import BeyondBounds
from unified_runtime.core.settings import Settings
from unified_runtime.core.wire import errors, protocol
from unified_runtime.core.wire.sagas import ReportRequest, Submitted

log = logging.getLogger("unified.broker")

T = TypeVar("T")

Endpoint = Callable[[Request], Awaitable[Response]]
Handler = Callable[["AgentRoutes", Request, Principal, Settings], Awaitable[Response]]

_link_request = msgspec.json.Decoder(protocol.LinkRequest)
_DEADLINE = protocol.DEADLINE.lower().encode("ascii")


def _route(*, bounded: bool = True) -> Callable[[Handler], Callable[[AgentRoutes, Request], Awaitable[Response]]]:
    """Make an endpoint of a handler, which gets the authenticated principal and the settings with the agent's deadline.

    Args:
        bounded: cancel the handler some seconds after the deadline.
    """

    def endpoint_of(handler: Handler) -> Callable[[AgentRoutes, Request], Awaitable[Response]]:
        @functools.wraps(handler)
        async def endpoint(self: AgentRoutes, request: Request) -> Response:
            return await self._respond(handler, request, bounded=bounded)

        return endpoint

    return endpoint_of


class AgentRoutes:
    """Routes of agents. `endpoints` are those of POST requests, by path."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._calls = broker.calls
        self._concurrency = ConcurrencyLimiter(broker.limits)
        self._deadlines: dict[float, Settings] = {}
        self.stopping = False
        self._checking: asyncio.Future[str | None] | None = None
        self.endpoints: dict[str, Endpoint] = {
            protocol.CALL: self.call,
            protocol.PAGE: self.call,
            protocol.MANY: self.call_many,
            protocol.PLAN_MANY: self.plan_many,
            protocol.PLAN: self.plan,
            protocol.UPLOAD: self.upload,
            protocol.DOWNLOAD: self.download,
            protocol.VENDORS: self.vendors,
            protocol.TOOLS: self.tools,
            protocol.CONNECT_LINK: self.connect_link,
            protocol.DESCRIBE: self.describe,
            protocol.TOKEN: self.token,
            protocol.EVENTS: self.events,
            protocol.SAGA: self.saga,
            protocol.SAGA_REPORT: self.saga_report,
        }

    # ------------------------------------------------------------------------------------------------ calls
    @_route()
    async def call(self, request: Request, principal: Principal, settings: Settings) -> Response:
        call, large = await self._read(request, calls.decode)
        return json_response(await self._calls.call(call, principal, settings, large=large))

    @_route()
    async def call_many(self, request: Request, principal: Principal, settings: Settings) -> Response:
        """Make calls as a batch, which counts as one for the concurrency limit."""
        batch, _ = await self._read(request, batch_calls.decode)
        return json_response(await batch_calls.call_many(self._calls, batch, principal, settings))

    @_route()
    async def plan(self, request: Request, principal: Principal, _: Settings) -> Response:
        call, large = await self._read(request, calls.decode)
        return json_response(await self._calls.plan(call, principal, large=large))

    @_route()
    async def plan_many(self, request: Request, principal: Principal, _: Settings) -> Response:
        batch, large = await self._read(request, batch_calls.decode)
        return json_response(await batch_calls.plan_many(self._calls, batch, principal, large=large))

    @_route()
    async def describe(self, request: Request, principal: Principal, settings: Settings) -> Response:
        call, _ = await self._read(request, calls.decode)
        return json_response(await self._calls.describe(call, principal, settings))

    @_route()
    async def vendors(self, request: Request, principal: Principal, _: Settings) -> Response:
        call, _large = await self._read(request, calls.decode)
        return json_response(await self._calls.vendors(call.acting, call.input.get("vendors"), principal))

    @_route()
    async def tools(self, request: Request, principal: Principal, _: Settings) -> Response:
        call, _large = await self._read(request, calls.decode)
        return json_response(await self._calls.tools(call.acting, call.input.get("vendors"), principal))

    @_route()
    async def connect_link(self, request: Request, principal: Principal, _: Settings) -> Response:
        """Return a link with which the agent's user connects a vendor."""
        wanted = request_bodies.decode_body(await self._body(request), _link_request, "a request of a link")
        connect = self._broker.connect
        if connect is None:
            raise NotFound("this broker has no pages to connect accounts: its settings have no [connect]")
        with principal.acting(wanted.acting):
            user = current_acting().user
        if user is None:
            raise InvalidInput("a link is for a user: name one in acting")
        link = await asyncio.to_thread(connect.connect_link, user=user, vendor=wanted.vendor, return_to=wanted.return_to)
        return json_response(msgspec.json.encode({"url": link}))

    # ------------------------------------------------------------------------------------------------ contents
    @_route(bounded=False)
    async def upload(self, request: Request, principal: Principal, settings: Settings) -> Response:
        body = request_bodies.UploadBody(request, self._broker.limits)
        call = calls.decode(await body.call())
        if call.content is None:
            raise InvalidInput("an upload names the argument that its content is for")
        body.declare(call.size, call.sha256)
        return json_response(await self._calls.call(call, principal, settings, body))

    @_route(bounded=False)
    async def download(self, request: Request, principal: Principal, settings: Settings) -> Response:
        """Return a content as frames; the call counts for the concurrency limit until the last frame was sent."""
        call, _ = await self._read(request, calls.decode)
        return FramedResponse(await self._calls.download(call, principal, settings))

    # ------------------------------------------------------------------------------------------------ events, sagas, tokens
    @_route()
    async def events(self, request: Request, principal: Principal, _: Settings) -> Response:
        if self._broker.readers is None:
            raise NotFound("this broker receives no events: its settings name no inbox, hooks, polls or pushes")
        return json_response(await self._broker.readers.read(await self._body(request), principal))

    @_route()
    async def saga(self, request: Request, principal: Principal, _: Settings) -> Response:
        """Submit a saga and return its report."""
        from unified_platform.broker import sagas

        submitted = sagas.decode(await self._body(request), Submitted)
        if self._broker.sagas is None:
            raise sagas.not_enabled()
        with principal.acting(submitted.acting):
            await self._calls.client.connections.warmed(current_acting().owner)
        return json_response(msgspec.json.encode(await asyncio.to_thread(self._broker.sagas.start, submitted, principal)))

    @_route()
    async def saga_report(self, request: Request, principal: Principal, settings: Settings) -> Response:
        from unified_platform.broker import sagas

        requested = sagas.decode(await self._body(request), ReportRequest)
        if self._broker.sagas is None:
            raise sagas.not_enabled()
        return json_response(msgspec.json.encode(await self._broker.sagas.report(requested, principal, settings.deadline)))

    @_route()
    async def token(self, request: Request, principal: Principal, _: Settings) -> Response:
        """Exchange a token (token endpoint of RFC 8693). The agent's key is the client authentication, and the agent the actor."""
        form = parse_qs((await self._body(request)).decode("utf-8", "replace"))
        given = {name: values[0] for name, values in form.items() if len(values) == 1}
        if given.get("grant_type") != EXCHANGE or given.get("subject_token_type") not in JWT_TYPES or "subject_token" not in given:
            raise InvalidInput("the token endpoint accepts a token exchange (RFC 8693) of a subject_token that is a JWT")
        if "actor_token" in given:
            raise InvalidInput("actor_token is not accepted: the actor is the agent that calls")
        if (tokens := self._broker.identity.tokens) is None:
            raise InvalidAgentKey("this broker trusts no identity provider whose users' tokens it could exchange")
        issued = await tokens.exchange(given["subject_token"], principal)
        entry = {"kind": "exchange", "by": principal.id, "agent": principal.agent, "user": issued.chain["sub"], "chain": issued.chain}
        if (error := await asyncio.to_thread(self._calls.enforcer.write, entry)) is not None:
            raise Unavailable(error)
        response = {
            "access_token": issued.token,
            "issued_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_type": "Bearer",
            "expires_in": int(issued.seconds),
        }
        return json_response(msgspec.json.encode(response))

    # ------------------------------------------------------------------------------------------------ readiness
    def stop(self) -> None:
        """Report from now on that the broker is not ready."""
        self.stopping = True

    async def readiness(self, _: Request) -> Response:
        """Return 200 if calls can be made, 503 if not; a load balancer then sends no requests here."""
        if self._checking is None or self._checking.done():  # concurrent requests share one check: anyone may send them
            self._checking = asyncio.ensure_future(asyncio.to_thread(self._not_ready))
        reason = "the broker is stopping" if self.stopping else await asyncio.shield(self._checking)
        return json_response(b'{"ready":true}') if reason is None else json_response(b'{"ready":false}', 503)

    def _not_ready(self) -> str | None:
        for check in self._broker.ready:
            try:
                check()
            except UnifiedError as error:
                log.warning("not ready: %s", error)
                return str(error)
        return None

    # ------------------------------------------------------------------------------------------------ parts
    async def _body(self, request: Request) -> bytes:
        return await request_bodies.read_body(request, self._broker.limits)

    async def _read(self, request: Request, decode: Callable[[bytes], T]) -> tuple[T, bool]:
        """Return the decoded body of a request, and whether it is large."""
        body = await self._body(request)
        large = len(body) > LARGE
        return await in_thread_if(large, decode, body), large

    async def _respond(self, handler: Handler, request: Request, *, bounded: bool) -> Response:
        """Authenticate a request, call its handler within the concurrency limit, and return its response or the error's."""
        headers = request_bodies.headers_of(request.scope)
        settings = with_deadline(self._calls.client.settings, headers.get(_DEADLINE), self._deadlines)
        try:
            principal = await authenticate(self._broker.identity, headers)
            await self._concurrency.enter(principal.id, principal.subject)
            mark_authenticated(request.scope)
        except UnifiedError as error:
            return error_response(error)
        sending = False
        try:
            # The driver enforces the deadline itself; this is for blocking that it does not see, such as a policy that hangs.
            with deadline(settings.deadline + 10 if bounded else math.inf):
                response = await handler(self, request, principal, settings)
            if isinstance(response, FramedResponse):
                response.resources.callback(self._concurrency.leave, principal.id, principal.subject)
                sending = True
            return response
        except request_bodies.BodyTooLarge as error:
            return error_response(error, 413)
        except UnifiedError as error:
            if isinstance(error, (NotPermitted, BeyondBounds)):
                await self._log_refusal(principal, error)
            return json_response(encode_error(error), errors.status(error))
        except ClientDisconnect:
            return Response(status_code=499)
        except TimeoutError:
            late = Unconfirmed("the call took longer than the broker allows; whether it was made is not known")
            return json_response(encode_error(late), errors.status(late))
        finally:
            if not sending:
                self._concurrency.leave(principal.id, principal.subject)

    async def _log_refusal(self, principal: Principal, error: UnifiedError) -> None:
        """Record in the audit log that a call exceeded the agent's key or the limits; no policy was evaluated."""
        if self._broker.audit is None:
            return
        entry = {"kind": "refused", "by": principal.id, "agent": principal.agent, "reasons": [error.message], **principal.facts}
        await asyncio.to_thread(self._calls.enforcer.write, entry)
