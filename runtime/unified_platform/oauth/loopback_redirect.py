"""Loopback redirect of a native application: a local HTTP listener for one callback (RFC 8252, sections 7.3 and 8.3)."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from unified_platform.oauth.http import LOOPBACK
from unified_runtime.core.errors import InvalidInput, Unavailable

PATH = "/callback"

_PAGE = b"""<!doctype html><meta charset="utf-8"><title>unified</title>
<p style="font: 1.2em system-ui; margin: 4em auto; max-width: 30em">
Thank you. You may close this window: the command you started has the response.
"""
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the URL of this page contains the code
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}


class Loopback:
    """HTTP listener that waits for the callback with the expected state; other requests get a 404.

    Args:
        redirect_uri: URL on this machine that is registered at the vendor; without it, a free port of 127.0.0.1.

    Raises:
        InvalidInput: the URL is not on this machine, or its port is in use.
    """

    def __init__(self, redirect_uri: str | None = None) -> None:
        parts = urlsplit(redirect_uri or f"http://127.0.0.1:0{PATH}")
        if parts.scheme != "http" or parts.hostname not in LOOPBACK:
            raise InvalidInput(f"{redirect_uri} is not an http address on this machine; finish by hand with --no-browser")
        self._path = parts.path or "/"
        self._come = threading.Event()
        self._state: str | None = None
        self._callback: str | None = None
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname
        try:
            port = parts.port or 0
            self._server = HTTPServer((host, port), self._handler())
        except (OSError, ValueError) as error:
            raise InvalidInput(f"{redirect_uri} cannot be listened on: {error}") from None
        self.port: int = self._server.server_address[1]
        self.redirect_uri = redirect_uri or f"http://127.0.0.1:{self.port}{PATH}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)

    def wait(self, state: str, seconds: float) -> str:
        """Return the complete URL of the callback.

        Raises:
            Unavailable: it has not arrived in time.
        """
        self._state = state
        if not self._come.wait(seconds) or self._callback is None:
            raise Unavailable(f"no response came from the browser in {seconds:.0f} s; start again, or use --no-browser")
        return self._callback

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            wbufsize = -1
            timeout = 10

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                own = {f"{name}:{loopback.port}" for name in ("127.0.0.1", "localhost", "[::1]")}
                # Another host name would be a page whose name resolves to this machine (DNS rebinding).
                meant = parts.path == loopback._path and self.headers.get("Host") in own
                if not meant or loopback._state is None or parse_qs(parts.query).get("state") != [loopback._state]:
                    self.send_error(404)
                    return
                self.send_response(200)
                for name, value in {**_HEADERS, "Content-Length": str(len(_PAGE))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(_PAGE)
                loopback._callback = f"{loopback.redirect_uri}?{parts.query}"
                loopback._come.set()

            def log_message(self, format: str, *args: Any) -> None:
                """Log nothing: the request line contains the code."""

        return Handler

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
