"""OPA's REST API over the real OPA engine, in a process: `python opa_server.py FOLDER`; FOLDER contains `opa_bindings`.

It prints its port. It serves PUT and DELETE of /v1/policies/ID and POST of /v1/data/PATH with an input, as OPA's own
server does: `{}` if the path is undefined. POST of /v1/batch/data/PATH accepts a list of `inputs` and returns `results`.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

sys.path.insert(0, sys.argv[1])

from opa_bindings import OpaEngine
from opa_bindings.engine import OpaError, OpaUndefinedError


class Policies:
    """The engine cannot remove a policy, so it is created again with the remaining ones."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.engine = OpaEngine()

    def set(self, texts: dict[str, str]) -> None:
        engine = OpaEngine()
        for name, text in texts.items():
            engine.add_policy(name, text)
        self.texts, self.engine = texts, engine


POLICIES = Policies()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # unbuffered, each header line would wait for an acknowledgement

    def _response(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def do_PUT(self) -> None:
        text = self._body().decode()
        try:
            POLICIES.set({**POLICIES.texts, self.path.removeprefix("/v1/policies/"): text})
        except OpaError as error:
            self._response(400, {"code": "invalid_parameter", "message": str(error)})
        else:
            self._response(200, {})

    def do_DELETE(self) -> None:
        self._body()
        gone = self.path.removeprefix("/v1/policies/")
        POLICIES.set({name: text for name, text in POLICIES.texts.items() if name != gone})
        self._response(200, {})

    def do_POST(self) -> None:
        body = json.loads(self._body() or b"{}")
        if self.path.startswith("/v1/batch/data/"):
            self._batch(self.path.removeprefix("/v1/batch/data/").strip("/").replace("/", "."), body["inputs"])
            return
        output = body.get("input")
        try:
            found = POLICIES.engine.eval_document(self.path.removeprefix("/v1/data/").strip("/").replace("/", "."), output)
        except OpaUndefinedError:
            self._response(200, {})
        except OpaError as error:
            self._response(500, {"code": "internal_error", "message": str(error)})
        else:
            self._response(200, {"result": found})

    def _batch(self, path: str, inputs: list[Any]) -> None:
        results = []
        for output in inputs:
            try:
                results.append(POLICIES.engine.eval_document(path, output))
            except OpaUndefinedError:
                results.append(None)
            except OpaError as error:
                self._response(500, {"code": "internal_error", "message": str(error)})
                return
        self._response(200, {"results": results})

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
