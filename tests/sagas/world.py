"""Emulator of Todoist's tasks and comments, in a server of this process."""

from __future__ import annotations

import itertools
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from unified_runtime import Client, Settings, bearer
from unified_runtime.core.connection_registry import Connections

SETTINGS = Settings(backoff=0.001, longest_backoff=0.002, deadline=5)


class World:
    """Tasks and comments behind Todoist's API, changed at once and returned a little later."""

    def __init__(self) -> None:
        self.tasks: dict[str, dict[str, Any]] = {}
        self.comments: list[str] = []
        self.refused: set[str] = set()
        self.slow: dict[str, float] = {}
        self.busy: dict[str, int] = {}
        """Number of 503 responses to a request before it is executed."""
        self.retry_after: str | None = None
        """Header of a busy vendor's responses, whose status is then 429."""
        self.fails: dict[str, int] = {}
        """Requests that are not executed, and the status of their responses."""
        self.once: dict[str, int] = {}
        """The same, for the next such request only."""
        self.swapped: dict[str, str] = {}
        """Tasks that are returned with the content of another one, by id."""
        self.broken: set[str] = set()
        """Requests that are executed, and whose responses break off."""
        self.log: list[str] = []
        self.times: list[float] = []
        self._ids = itertools.count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.log.append(f"{method} {path}")
        if path == "/tasks":
            self.times.append(time.monotonic())
        parts = path.strip("/").split("/")
        time.sleep(self.slow.get((body or {}).get("content", ""), 0))
        if f"{method} {path}" in self.once:
            return self.once.pop(f"{method} {path}"), {"error": "it fails"}
        if self.busy.get(f"{method} {path}", 0) > 0:
            self.busy[f"{method} {path}"] -= 1
            return (503 if self.retry_after is None else 429), {"error": "busy"}
        if f"{method} {path}" in self.fails:
            return self.fails[f"{method} {path}"], {"error": "it fails"}
        if (body and body.get("content") in self.refused) or f"{method} {path}" in self.refused:
            return 400, {"error": "refused"}
        match method, parts:
            case "POST", ["tasks"]:
                id = str(next(self._ids))
                self.tasks[id] = {"id": id, "checked": False, "priority": 1, "labels": [], **body}
                return 200, self.tasks[id]
            case "POST", ["comments"]:
                self.comments.append(body["content"])
                return 200, {"id": f"c{len(self.comments)}", "item_id": body["task_id"], "content": body["content"]}
            case (_, ["tasks", id]) if id not in self.tasks:
                return 404, {"error": "no such task"}
            case "GET", ["tasks", id]:
                return 200, self.tasks[id] | ({"content": self.swapped[id]} if id in self.swapped else {})
            case "POST", ["tasks", id]:
                self.tasks[id] |= body
                return 200, self.tasks[id]
            case "DELETE", ["tasks", id]:
                del self.tasks[id]
                return 204, None
        return 404, {"error": "no such place"}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(world: World) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:  # a client that was killed
                self.close_connection = True

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else None
            status, response = world.answer(self.command, self.path.partition("?")[0], body)
            time.sleep(0.01)
            text = b"" if response is None else json.dumps(response).encode()
            if f"{self.command} {self.path}" in world.broken:
                text = text[: len(text) // 2]
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            if status == 429 and world.retry_after is not None:
                self.send_header("Retry-After", world.retry_after)
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_DELETE = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


def connected(url: str, *users: str) -> Client:
    """Return a client that is connected for no particular user, and for these."""
    client = Client(settings=SETTINGS, connections=Connections())
    for user in (None, *users):
        client.connect("todoist", bearer("t"), server=url, user=user)
    return client
