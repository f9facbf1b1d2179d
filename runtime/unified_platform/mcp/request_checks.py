"""Checks of HTTP requests to the MCP server: Host, Origin, its own token, and the number of sessions."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unified_platform.common.client_addresses import mark_authenticated
from unified_runtime.core.credentials import Secret

SESSIONS = 1000
"""Maximum sessions of all clients."""
SESSIONS_OF_TOKEN = 100
"""Maximum sessions of clients with the same token; of all clients if no token is required."""
IDLE = 30 * 60.0
"""Seconds without a request after which a session ends."""

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_SESSION = b"mcp-session-id"


@dataclass(slots=True)
class _Session:
    owner: str
    used: float
    running: int = field(default=0)
    """Requests in progress; a session that has any is not idle."""


class RequestChecks:
    """ASGI middleware that rejects requests that are not permitted.

    Host and Origin are compared completely, including ports. They protect against DNS rebinding and web pages, and the token against other
    processes of this machine.

    Args:
        app: wrapped application.
        hosts: accepted values of `Host` in addition to the loopback names with the port of the request's socket.
        origins: web origins that may call, in addition to the server's own.
        own_origin: allow pages of the server's own loopback addresses.
        token: required of every request as `Authorization: Bearer …`; None if access is checked elsewhere, or not at all.
        clock: seconds, for tests.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Collection[str] = (),
        origins: Collection[str] = (),
        own_origin: bool = True,
        token: Secret | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._origins = frozenset(origins)
        self._own_origin = own_origin
        self._token = None if token is None else _digest(b"Bearer " + token.reveal().encode())
        self._sessions: dict[str, _Session] = {}
        self._opening: Counter[str] = Counter()
        """Requests in progress that may open a session, by owner."""
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or reject it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, []).append(value)
        refused = self._refused(scope, headers)
        if refused is not None:
            await refused(scope, receive, send)
            return
        if self._token is not None:
            mark_authenticated(scope)
        await self._served(scope, receive, send, headers)

    def _refused(self, scope: Scope, headers: Mapping[bytes, list[bytes]]) -> PlainTextResponse | None:
        own = _own_hosts(scope)
        (host, *others) = headers.get(b"host") or [b""]
        if others or host.decode("latin-1") not in own | self._hosts:
            return PlainTextResponse("Host is not one of this server's", 421)
        origins = {origin.decode("latin-1") for origin in headers.get(b"origin", ())}
        allowed = self._origins | ({f"{scope['scheme']}://{name}" for name in own} if self._own_origin else set())
        if len(headers.get(b"origin", ())) > 1 or not origins <= allowed:
            return PlainTextResponse("Origin is not permitted: start unified mcp with --origin", 403)
        if self._token is not None:
            shown = headers.get(b"authorization", [])
            if len(shown) != 1 or not hmac.compare_digest(_digest(_bearer(shown[0])), self._token):
                text = "A token is required: Authorization: Bearer TOKEN. `unified mcp --http` prints it when it starts"
                return PlainTextResponse(text, 401, {"WWW-Authenticate": "Bearer"})
        return None

    # ------------------------------------------------------------------------------------------------ sessions
    async def _served(self, scope: Scope, receive: Receive, send: Send, headers: Mapping[bytes, list[bytes]]) -> None:
        given = (headers.get(_SESSION) or [b""])[0].decode("latin-1")
        owner = _digest(b"\n".join(headers.get(b"authorization", ()))).hex()
        if not given and scope["method"] == "POST" and (full := self._full(owner)):
            text = f"{full}: end one with DELETE, or wait until one was idle for {IDLE / 60:g} minutes"
            await PlainTextResponse(text, 503, {"Retry-After": "60"})(scope, receive, send)
            return
        session = self._sessions.get(given)
        if session is not None:
            session.running += 1
        opening = not given
        self._opening[owner] += opening

        def end_opening() -> None:
            nonlocal opening
            self._opening[owner] -= opening
            opening = False
            if not self._opening[owner]:
                del self._opening[owner]

        async def watched(message: Message) -> None:
            nonlocal session
            if message["type"] == "http.response.start":
                opened = next((value.decode("latin-1") for name, value in message.get("headers", ()) if name.lower() == _SESSION), None)
                if opened is not None and not given and message["status"] < 400:
                    session = self._sessions[opened] = _Session(owner, self._clock(), 1)
                end_opening()  # an open session counts once, also while its first response is sent
                ended = message["status"] == 404 or (scope["method"] == "DELETE" and message["status"] < 300)
                if given and ended and session is not None and session.owner == owner:
                    self._sessions.pop(given, None)
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            end_opening()
            if session is not None:
                session.running -= 1
                session.used = self._clock()

    def _full(self, owner: str) -> str | None:
        opening = self._opening.total()
        if len(self._sessions) + opening < SESSIONS_OF_TOKEN:
            return None
        now = self._clock()
        for name in [name for name, one in self._sessions.items() if not one.running and one.used + IDLE < now]:
            del self._sessions[name]
        if len(self._sessions) + opening >= SESSIONS:
            return "This server has its maximum number of sessions"
        if sum(one.owner == owner for one in self._sessions.values()) + self._opening[owner] >= SESSIONS_OF_TOKEN:
            return "There are as many sessions with this token as one may have"
        return None


class Identified:
    """ASGI middleware that records which clients have a valid access token. It runs after the SDK's authentication."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if isinstance(scope.get("user"), AuthenticatedUser):
            mark_authenticated(scope)
        await self._app(scope, receive, send)


def _own_hosts(scope: MutableMapping[str, Any]) -> set[str]:
    """Return the loopback values of `Host` with the port of the request's socket."""
    port = (scope.get("server") or (None, None))[1]
    if port is None:  # a unix socket
        return set(_LOOPBACK)
    return {f"{name}:{port}" for name in _LOOPBACK} | (set(_LOOPBACK) if port == 80 else set())


def _bearer(text: bytes) -> bytes:
    """Return the header with its scheme in lower case; schemes are case-insensitive (RFC 9110, 11.1)."""
    scheme, _, token = text.partition(b" ")
    return b"Bearer " + token if scheme.lower() == b"bearer" else b""


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()
