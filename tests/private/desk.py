"""The vendor of the private mappings, Acme Desk, on loopback."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TICKET = {"number": "T-1", "subject": "Printer", "text": "It is on fire", "closed": False, "queue": "office"}
INVOICE = {"id": "I-1", "subject": "Repair", "total": "12.50", "ticket": "T-1"}


@contextlib.contextmanager
def serving() -> Iterator[tuple[str, list[str]]]:
    """Yield the URL of the server, and the list of its requests so far."""
    requests: list[str] = []

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/invoices"):
                self._respond(200, INVOICE)
            else:
                self._respond(200, {"tickets": [TICKET], "next": None} if self.path.startswith("/tickets?") else TICKET)

        def do_POST(self) -> None:
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._respond(201, {**(INVOICE if self.path == "/invoices" else TICKET), **given})

        def _respond(self, status: int, value: Any) -> None:
            requests.append(f"{self.command} {self.path} {self.headers['Authorization']}")
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", requests
    server.shutdown()
    server.server_close()
