"""Scripted HTTP server on loopback: it sends the response of a test, valid or not, and records the requests."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Seen:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """One response. `raw` bytes are written as they are and the connection is closed; `hang_up` closes without a response."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    hang_up: bool = False
    drip: float = 0.0
    """Seconds between the bytes of the body."""
    delay: float = 0.0
    """Seconds before the response."""

    @staticmethod
    def of(value: Any, status: int = 200, **headers: str) -> Reply:
        fields = {"Content-Type": "application/json"} | {name.replace("_", "-"): text for name, text in headers.items()}
        return Reply(status, json.dumps(value).encode(), fields)


class Loopback:
    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[Seen] = []
        self.accepted = 0
        """Connections so far."""
        self.script: deque[Reply] = deque()
        self.record: Reply | None = None
        """Reply to every GET, outside the script."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answers(self, *replies: Reply) -> None:
        self.script.extend(replies)

    @property
    def writes(self) -> list[str]:
        """Return the requests that are not reads."""
        return [f"{seen.method} {seen.target}" for seen in self.seen if seen.method != "GET"]

    @property
    def targets(self) -> list[str]:
        return [f"{seen.method} {seen.target}" for seen in self.seen]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def closed_port() -> int:
    """Return a port without a listener."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _handler(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # unbuffered, each header line would be a packet of its own and wait for an acknowledgement

        def handle(self) -> None:
            loopback.accepted += 1
            with contextlib.suppress(ConnectionError):  # some tests are about clients that give up before the end
                super().handle()

        def _response(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            loopback.seen.append(Seen(self.command, self.path, dict(self.headers.items()), body))
            if self.command == "GET" and loopback.record is not None:
                reply = loopback.record
            else:
                reply = loopback.script.popleft() if loopback.script else Reply(500, b"nothing left in the script")
            time.sleep(reply.delay)
            if reply.hang_up or reply.raw is not None:
                self.wfile.write(reply.raw or b"")
                self.wfile.flush()
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            for part in [reply.body[at : at + 1] for at in range(len(reply.body))] if reply.drip else [reply.body]:
                self.wfile.write(b"" if reply.status == 204 else part)
                self.wfile.flush()
                time.sleep(reply.drip)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _response

        def log_message(self, *_: object) -> None:
            pass

    return Handler
