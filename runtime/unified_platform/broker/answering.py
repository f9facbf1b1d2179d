"""Whole answers in one piece.

uvicorn writes an answer's head when it starts and its body when it comes, and looks at every header before: two packets, and two times
that the agent is woken. The headers of an answer to an agent are this package's own, and its body is there with them.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

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
"""Whether this uvicorn keeps account of a request as is known here."""


async def answer(scope: Scope, send: Send, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
    """Send an answer whose `headers` hold nothing that others have said, its length among them.

    Where something stands between the application and uvicorn, or the server is another, it is sent as every answer is.
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
