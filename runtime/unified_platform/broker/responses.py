"""Responses of the broker: JSON, errors, and contents as frames.

JSON is sent in one write, to save a packet and a wake-up of the agent: uvicorn writes a response's head and body separately, and checks
every header before. The headers of a response to an agent are this package's own, and its body is complete.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Iterable, Mapping

import msgspec
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from unified_platform.broker.agent_keys import InvalidAgentKey
from unified_runtime.core.connections import Connection
from unified_runtime.core.errors import RateLimited, Unavailable, UnifiedError
from unified_runtime.core.wire import errors

_JSON = "application/json"
_NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_HEADERS = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in (*_NO_STORE.items(), ("Content-Type", _JSON))]

_NEEDED = {
    "default_headers",
    "disconnected",
    "flow",
    "keep_alive",
    "message_event",
    "on_response",
    "response_complete",
    "response_started",
    "transport",
    "waiting_for_100_continue",
}
_KNOWN = set(RequestResponseCycle.__init__.__code__.co_names) >= _NEEDED
"""True if the internals of this uvicorn are the known ones."""


async def send_response(scope: Scope, send: Send, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
    """Send a response with its headers, which contain its length and no untrusted text.

    With middleware between the application and uvicorn, or another server, it is sent like any response.
    """
    cycle = getattr(send, "__self__", None)
    if not _KNOWN or type(cycle) is not RequestResponseCycle or scope["method"] != "POST":
        await send({"type": "http.response.start", "status": status, "headers": [*headers]})
        await send({"type": "http.response.body", "body": body})
        return
    if cycle.flow.write_paused and not cycle.disconnected:
        await cycle.flow.drain()
    if cycle.disconnected:
        return
    lines = [b"%b: %b\r\n" % pair for pair in (*cycle.default_headers, *headers)]
    end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    cycle.transport.write(b"".join((STATUS_LINE[status], *lines, end, body)))
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


def json_response(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status, {**_NO_STORE, **headers}, _JSON) if headers else _JSONResponse(body, status)


class _JSONResponse(Response):
    """Response with constant headers, which are not built again for each."""

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        self.raw_headers = [*_HEADERS, (b"content-length", b"%d" % len(self.body))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_response(scope, send, self.status_code, self.raw_headers, bytes(self.body))


def error_response(error: UnifiedError, status: int | None = None) -> Response:
    """Return a rejection by the broker itself: no part of the call has been executed."""
    headers = {}
    if isinstance(error, InvalidAgentKey):
        status = 401
        headers["WWW-Authenticate"] = "Bearer"
    elif isinstance(error, Unavailable):
        status = 503
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None and isinstance(error, (Unavailable, RateLimited)):
        headers["Retry-After"] = str(max(1, round(retry_after)))
    return json_response(encode_error(error, own=True), status or errors.status(error), headers)


def encode_error(error: UnifiedError, connections: Iterable[Connection] = (), *, own: bool = False) -> bytes:
    """Return an error as JSON. `own`: it is the broker's, and no part of the call has been executed."""
    return redacted(msgspec.json.encode(errors.failure(error, own=own)), connections)


def redacted(body: bytes, connections: Iterable[Connection]) -> bytes:
    """Return a response without the connections' secrets. A vendor may echo them, and a record's `raw` has everything it sent."""
    for connection in connections:
        body = connection.credential.redact_bytes(body)
    return body


class FramedResponse(StreamingResponse):
    """Response of frames. Its resources are released when it was sent, or cannot be."""

    def __init__(self, frames: AsyncGenerator[bytes]) -> None:
        super().__init__(frames, media_type="application/octet-stream", headers=_NO_STORE)
        self.resources = contextlib.AsyncExitStack()
        self.resources.push_async_callback(frames.aclose)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self.resources:
            await super().__call__(scope, receive, send)
