"""The broker as an ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from unified_platform.broker import bodies
from unified_platform.broker.answering import answer
from unified_platform.broker.calls import Calls, decode, failed, with_deadline
from unified_platform.broker.deadlines import within
from unified_platform.broker.events import Readers
from unified_platform.broker.identity import Identity
from unified_platform.broker.keys import WrongKey
from unified_platform.broker.limits import Limits, Turnstile
from unified_platform.broker.principals import Beyond, Principal
from unified_platform.broker.tokens import EXCHANGE, JWT_TYPES
from unified_runtime.brokered import failures, protocol
from unified_runtime.context import current_acting
from unified_runtime.control.claims import AuditLog
from unified_runtime.errors import Denied, InvalidInput, NotFound, RateLimited, Unavailable, Unconfirmed, UnifiedError
from unified_runtime.settings import Settings

if TYPE_CHECKING:
    from unified_platform.broker.sagas import BrokerSagas

log = logging.getLogger("unified.broker")

THREADS = 64
"""Threads for what blocks."""

_JSON = "application/json"
_DEADLINE = protocol.DEADLINE.lower().encode("ascii")
_NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_ALWAYS = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in (*_NO_STORE.items(), ("Content-Type", _JSON))]


@dataclass(slots=True)
class Broker:
    """What the application is made of. `ready` are checks that raise where the broker cannot serve, such as of its database.

    `routes` are further pages, `mounts` applications by path (`/mcp`); a mount finds who calls with `authenticated`.
    """

    calls: Calls
    identity: Identity
    limits: Limits = field(default_factory=Limits)
    sagas: BrokerSagas | None = None
    audit: AuditLog | None = None
    ready: Sequence[Callable[[], None]] = ()
    routes: Sequence[BaseRoute] = ()
    mounts: Mapping[str, ASGIApp] = field(default_factory=dict)
    watching: Callable[[ASGIApp], ASGIApp] | None = None
    """What sees each request and its answer from outside."""
    closing: Sequence[Callable[[], None]] = ()
    readers: Readers | None = None
    """Reads events for agents, where there are any."""
    around: Sequence[Callable[[], contextlib.AbstractAsyncContextManager[Any]]] = ()
    """Entered while the application runs, such as a mounted application's own lifespan."""


def create(broker: Broker) -> ASGIApp:
    """The application."""
    api = _API(broker)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # The audit trail and the vault block; with few threads, calls would wait for each other's disk.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="unified-broker"))
        async with contextlib.AsyncExitStack() as stack:
            for enter in broker.around:
                await stack.enter_async_context(enter())
            yield
            api.stopping = True
        await broker.calls.client.aclose()
        for close in broker.closing:
            await asyncio.to_thread(close)

    endpoints: dict[str, Endpoint] = {
        protocol.CALL: api.call,
        protocol.PAGE: api.call,
        protocol.MANY: api.many,
        protocol.PLAN_MANY: api.plan_many,
        protocol.PLAN: api.plan,
        protocol.UPLOAD: api.upload,
        protocol.DOWNLOAD: api.download,
        protocol.VENDORS: api.vendors,
        protocol.DESCRIBE: api.describe,
        protocol.TOKEN: api.token,
        protocol.EVENTS: api.events,
        protocol.SAGA: api.saga,
        protocol.SAGA_REPORT: api.saga_report,
    }
    routes: list[BaseRoute] = [Route(path, endpoint, methods=["POST"]) for path, endpoint in endpoints.items()]
    routes += [Route("/health", _healthy, methods=["GET"]), Route("/ready", api.readiness, methods=["GET"])]
    routes += broker.routes
    routes += [Mount(path, _Authenticated(app, broker.identity)) for path, app in broker.mounts.items()]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.router.redirect_slashes = False
    direct = _Direct(app, endpoints)
    return direct if broker.watching is None else broker.watching(direct)


Endpoint = Callable[[Request], Awaitable[Response]]


class _Direct:
    """The application, its calls taken straight to where they are answered: Starlette's layers around a route are a tenth of a call."""

    def __init__(self, app: ASGIApp, endpoints: Mapping[str, Endpoint]) -> None:
        self._app = app
        self._endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._endpoints.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if found is None or scope.get("root_path"):
            await self._app(scope, receive, send)
            return
        response = await found(Request(scope, receive, send))
        await response(scope, receive, send)


def authenticated(scope: Mapping[str, Any]) -> Principal:
    """Who calls an application that is mounted on the broker, by the scope of its request."""
    found = scope["unified.principal"]
    assert isinstance(found, Principal)
    return found


class _Authenticated:
    """An application that only those reach whom the broker knows."""

    def __init__(self, app: ASGIApp, identity: Identity) -> None:
        self._app = app
        self._identity = identity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                headers = bodies.headers_of(scope)
                same_site(headers)
                principal = await self._identity.principal(shown(headers))
            except UnifiedError as error:
                await refusal(error)(scope, receive, send)
                return
            scope = {**scope, "unified.principal": principal}
        await self._app(scope, receive, send)


class _API:
    """The routes that agents use."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._calls = broker.calls
        self._turnstile = Turnstile(broker.limits)
        self._deadlines: dict[float, Settings] = {}
        self.stopping = False

    # ------------------------------------------------------------------------------------------------ routes
    async def call(self, request: Request) -> Response:
        async def made(principal: Principal, settings: Settings) -> Response:
            call = decode(await bodies.whole(request, self._broker.limits))
            return _json(await self._calls.call(call, principal, settings))

        return await self._answered(request, made)

    async def many(self, request: Request) -> Response:
        """Calls that are made together; a place among the calls is one for all of them."""

        async def made(principal: Principal, settings: Settings) -> Response:
            from unified_platform.broker import several

            asked = several.decode(await bodies.whole(request, self._broker.limits))
            return _json(await several.made(self._calls, asked, principal, settings))

        return await self._answered(request, made)

    async def plan_many(self, request: Request) -> Response:
        async def made(principal: Principal, _: Settings) -> Response:
            from unified_platform.broker import several

            asked = several.decode(await bodies.whole(request, self._broker.limits))
            return _json(await several.planned(self._calls, asked, principal))

        return await self._answered(request, made)

    async def plan(self, request: Request) -> Response:
        async def made(principal: Principal, _: Settings) -> Response:
            return _json(await self._calls.plan(decode(await bodies.whole(request, self._broker.limits)), principal))

        return await self._answered(request, made)

    async def describe(self, request: Request) -> Response:
        async def made(principal: Principal, settings: Settings) -> Response:
            call = decode(await bodies.whole(request, self._broker.limits))
            return _json(await self._calls.describe(call, principal, settings))

        return await self._answered(request, made)

    async def vendors(self, request: Request) -> Response:
        async def made(principal: Principal, _: Settings) -> Response:
            call = decode(await bodies.whole(request, self._broker.limits))
            return _json(await self._calls.vendors(call.acting, call.input.get("vendors"), principal))

        return await self._answered(request, made)

    async def events(self, request: Request) -> Response:
        async def made(principal: Principal, _: Settings) -> Response:
            if self._broker.readers is None:
                raise NotFound("this broker receives no events: its settings name neither hooks nor polls")
            return _json(await self._broker.readers.read(await bodies.whole(request, self._broker.limits), principal))

        return await self._answered(request, made)

    async def upload(self, request: Request) -> Response:
        async def made(principal: Principal, settings: Settings) -> Response:
            uploaded = bodies.Uploaded(request, self._broker.limits)
            call = decode(await uploaded.call())
            if call.content is None:
                raise InvalidInput("an upload names the argument that its content is for")
            uploaded.promise(call.size, call.sha256)
            return _json(await self._calls.call(call, principal, settings, uploaded))

        return await self._answered(request, made, bounded=False)

    async def download(self, request: Request) -> Response:
        """The content's frames; the call keeps its place among the others until the last was sent."""
        stack = contextlib.AsyncExitStack()

        async def made(principal: Principal, settings: Settings) -> Response:
            call = decode(await bodies.whole(request, self._broker.limits))
            frames = await self._calls.download(call, principal, settings)

            stack.push_async_callback(frames.aclose)
            return _Framed(frames, stack)

        return await self._answered(request, made, bounded=False, stack=stack)

    async def saga(self, request: Request) -> Response:
        """Hands in a saga; answers how it stands."""

        async def made(principal: Principal, _: Settings) -> Response:
            from unified_platform.broker import sagas

            submitted = sagas.decode(await bodies.whole(request, self._broker.limits))
            if self._broker.sagas is None:
                raise sagas.none()
            if (source := self._calls.client.connections).source is not None:
                with principal.acting(submitted.acting):
                    await source.warmed(current_acting().owner)
            return _json(msgspec.json.encode(await asyncio.to_thread(self._broker.sagas.hand_in, submitted, principal)))

        return await self._answered(request, made)

    async def saga_report(self, request: Request) -> Response:
        async def made(principal: Principal, settings: Settings) -> Response:
            from unified_platform.broker import sagas

            asked = sagas.decode_asked(await bodies.whole(request, self._broker.limits))
            if self._broker.sagas is None:
                raise sagas.none()
            return _json(msgspec.json.encode(await self._broker.sagas.report(asked, principal, settings.deadline)))

        return await self._answered(request, made)

    async def token(self, request: Request) -> Response:
        """The token endpoint of RFC 8693, for the one grant. Its client authentication is the agent's key, which is also the actor."""
        tokens = self._broker.identity.tokens

        async def exchanged(principal: Principal, _: Settings) -> Response:
            form = parse_qs((await bodies.whole(request, self._broker.limits)).decode("utf-8", "replace"))
            given = {name: values[0] for name, values in form.items() if len(values) == 1}
            if given.get("grant_type") != EXCHANGE or given.get("subject_token_type") not in JWT_TYPES or "subject_token" not in given:
                raise InvalidInput("the token endpoint takes a token exchange (RFC 8693) of a subject_token that is a JWT")
            if "actor_token" in given:
                raise InvalidInput("the actor is who calls: an actor_token of its own is not taken")
            if tokens is None:
                raise WrongKey("this broker trusts no identity provider whose users' tokens it could exchange")
            made = await tokens.exchange(given["subject_token"], principal)
            entry = {"kind": "exchange", "by": principal.id, "agent": principal.agent, "user": made.chain["sub"], "chain": made.chain}
            if (wrong := await asyncio.to_thread(self._calls.guard.write, entry)) is not None:
                raise Unavailable(wrong)
            return _json(
                msgspec.json.encode(
                    {
                        "access_token": made.token,
                        "issued_token_type": "urn:ietf:params:oauth:token-type:jwt",
                        "token_type": "Bearer",
                        "expires_in": int(made.seconds),
                    }
                )
            )

        return await self._answered(request, exchanged)

    async def readiness(self, _: Request) -> Response:
        """200 where calls can be made, 503 where not; a load balancer sends nothing here then."""
        wrong = "the broker is stopping" if self.stopping else await asyncio.to_thread(self._unready)
        return _json(b'{"ready":true}') if wrong is None else _json(b'{"ready":false}', 503)

    def _unready(self) -> str | None:
        for check in self._broker.ready:
            try:
                check()
            except UnifiedError as error:
                log.warning("not ready: %s", error)
                return str(error)
        return None

    # ------------------------------------------------------------------------------------------------ around each
    async def _answered(
        self,
        request: Request,
        make: Callable[[Principal, Settings], Awaitable[Response]],
        *,
        bounded: bool = True,
        stack: contextlib.AsyncExitStack | None = None,
    ) -> Response:
        headers = bodies.headers_of(request.scope)
        settings = with_deadline(self._calls.client.settings, headers.get(_DEADLINE), self._deadlines)
        try:
            same_site(headers)
            principal = await self._broker.identity.principal(shown(headers))
            await self._turnstile.enter(principal.id)
        except UnifiedError as error:
            return refusal(error)
        goes_on = False
        try:
            # The driver keeps to the deadline itself; this is for what it does not see, such as a policy that hangs.
            with within(settings.deadline + 10 if bounded else math.inf):
                response = await make(principal, settings)
            if stack is not None:
                stack.callback(self._turnstile.leave, principal.id)
                goes_on = True
            return response
        except bodies.TooLarge as error:
            return refusal(error, 413)
        except UnifiedError as error:
            if isinstance(error, Beyond):
                await self._refused(principal, error)
            return _json(failed(error), failures.status(error))
        except ClientDisconnect:
            return Response(status_code=499)
        except TimeoutError:
            late = Unconfirmed("the call took longer than the broker allows; whether it was made is not known")
            return _json(failed(late), failures.status(late))
        finally:
            if not goes_on:
                self._turnstile.leave(principal.id)

    async def _refused(self, principal: Principal, error: Denied) -> None:
        """Write down that an agent wanted what its key does not allow, which no policy was asked about."""
        if self._broker.audit is None:
            return
        entry = {"kind": "refused", "by": principal.id, "agent": principal.agent, "reasons": [error.message], **principal.facts}
        await asyncio.to_thread(self._calls.guard.write, entry)


class _Framed(StreamingResponse):
    """An answer of frames. What it holds is let go when it was sent, or cannot be."""

    def __init__(self, frames: AsyncIterator[bytes], stack: contextlib.AsyncExitStack) -> None:
        super().__init__(frames, media_type="application/octet-stream", headers=_NO_STORE)
        self._stack = stack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._stack:
            await super().__call__(scope, receive, send)


def same_site(headers: Mapping[bytes, bytes]) -> None:
    """Raises:
    Denied: a page of a browser asks. Agents are no pages, and no other site's page has any business here.
    """
    if b"origin" in headers:
        raise Denied("a browser's page cannot make calls")


def shown(headers: Mapping[bytes, bytes]) -> str | None:
    """By what a request says who sends it."""
    found = headers.get(b"authorization")
    return None if found is None else found.decode("latin-1")


def refusal(error: UnifiedError, status: int | None = None) -> Response:
    """The broker's own no: nothing of the call has happened."""
    headers = {}
    if isinstance(error, WrongKey):
        status = 401
        headers["WWW-Authenticate"] = "Bearer"
    elif isinstance(error, Unavailable):
        status = 503
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None and isinstance(error, (Unavailable, RateLimited)):
        headers["Retry-After"] = str(max(1, round(retry_after)))
    return _json(failed(error, own=True), status or failures.status(error), headers)


def _json(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status, {**_NO_STORE, **headers}, _JSON) if headers else _Answer(body, status)


class _Answer(Response):
    """An answer whose headers are always the same, and not made anew for each."""

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        self.raw_headers = [*_ALWAYS, (b"content-length", b"%d" % len(self.body))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer(scope, send, self.status_code, self.raw_headers, bytes(self.body))


async def _healthy(_: Request) -> Response:
    """200 while the process runs."""
    return _json(b'{"healthy":true}')
