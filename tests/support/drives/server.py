"""HTTP/1.1 server on loopback whose connections fail if a test requests it."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

PIECE = 64 * 1024


@dataclass(slots=True)
class Seen:
    """A request as received. `body` reads it once; a connection that breaks ends it with `Cut`."""

    method: str
    path: str
    query: dict[str, list[str]]
    target: str
    headers: Mapping[str, str]
    length: int
    body: Iterator[bytes]

    def one(self, name: str) -> str | None:
        return self.query.get(name, [None])[0]  # type: ignore[list-item]

    def entire(self) -> bytes:
        return b"".join(self.body)


@dataclass(slots=True)
class Reply:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Iterable[bytes] = b""
    length: int | None = None
    """Length of a body in pieces."""


def as_json(value: Any, status: int = 200, **headers: str) -> Reply:
    return Reply(status, {"Content-Type": "application/json", **headers}, json.dumps(value).encode())


class Cut(Exception):
    """The connection breaks here."""


@dataclass(slots=True)
class Fault:
    """Fault of the next request that `matches`: the connection breaks after this many bytes of its body (`inward`) or of the
    response's (`outward`), the response is never sent (`lost`), or the response is `status` and the request has no effect."""

    matches: Callable[[Seen], bool]
    inward: int | None = None
    outward: int | None = None
    lost: bool = False
    status: int | None = None


class Loopback:
    """Server for `answer`. `faults` are used up in order; `log` holds method and target of each request."""

    def __init__(self, response: Callable[[Seen], Reply]) -> None:
        self.answer = response
        self.faults: deque[Fault] = deque()
        self.log: list[tuple[str, str]] = []
        self.authorized: list[tuple[str, bool]] = []
        handler = type("Handler", (_Handler,), {"loopback": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator[Loopback]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def fault_for(self, seen: Seen) -> Fault | None:
        if self.faults and self.faults[0].matches(seen):
            return self.faults.popleft()
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    loopback: Loopback

    def handle(self) -> None:
        try:
            super().handle()
        except (Cut, ConnectionError):
            self._reset()

    def _reset(self) -> None:
        """Break the connection as a failing network does: without an orderly end."""
        try:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        except OSError:
            pass
        self.close_connection = True

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        parts = urlsplit(self.path)
        query: dict[str, list[str]] = {}
        for name, text in parse_qsl(parts.query, keep_blank_values=True):
            query.setdefault(name, []).append(text)
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.command, parts.path, query, self.path, headers, length, iter(()))
        fault = self.loopback.fault_for(seen)
        self._left = length
        seen.body = self._body(fault.inward if fault is not None else None)
        self.loopback.log.append((self.command, self.path))
        self.loopback.authorized.append((parts.path, "authorization" in headers))
        reply = Reply(fault.status) if fault is not None and fault.status is not None else self.loopback.answer(seen)
        for _ in seen.body:  # drain the rest of the body
            pass
        if fault is not None and fault.lost:
            raise Cut
        self._send(reply, fault.outward if fault is not None else None)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _serve

    def _body(self, cut: int | None) -> Iterator[bytes]:
        read = 0
        while self._left:
            want = min(PIECE, self._left)
            if cut is not None:
                want = min(want, cut - read)
                if want <= 0:
                    raise Cut
            data = self.rfile.read(want)
            if len(data) < want:
                raise Cut
            self._left -= len(data)
            read += len(data)
            yield data
        if cut is not None and read <= cut:
            raise Cut

    def _send(self, reply: Reply, cut: int | None) -> None:
        body = [reply.body] if isinstance(reply.body, bytes) else reply.body
        length = len(reply.body) if isinstance(reply.body, bytes) else reply.length
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        sent = 0
        for piece in body:
            if cut is not None and sent + len(piece) > cut:
                self.wfile.write(piece[: cut - sent])
                self.wfile.flush()
                raise Cut
            self.wfile.write(piece)
            sent += len(piece)
        if cut is not None:
            raise Cut

    def log_message(self, *_: Any) -> None:
        pass


def ranged(content: Any, seen: Seen, headers: dict[str, str]) -> Reply:
    """Return the content, or the part of it that `Range` requests (RFC 9110, section 14)."""
    requested = seen.headers.get("range")
    if requested is None:
        return Reply(200, headers, content.pieces(), content.size)
    assert requested.startswith("bytes="), requested
    assert requested.endswith("-"), requested
    start = int(requested[6:-1])
    if start >= content.size:
        return Reply(416, {"Content-Range": f"bytes */{content.size}"})
    headers = {**headers, "Content-Range": f"bytes {start}-{content.size - 1}/{content.size}"}
    return Reply(206, headers, content.pieces(start), content.size - start)
