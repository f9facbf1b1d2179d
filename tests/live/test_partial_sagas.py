"""Sagas over real servers whose writes are executed, and whose responses to later requests are errors: no record is left over.

A proxy between them and the library passes every request except those that a test names. The final state is read from the servers
directly, without the proxy.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest

from tests.support.servers.redmine import Redmine
from unified import tasks
from unified_platform.sagas import Saga, SagaFailed, Sagas
from unified_runtime import Client, api_key
from unified_runtime.core import errors
from unified_runtime.core.connection_registry import Connections
from unified_runtime.rate_limits.rate_limiter import Unlimited

pytestmark = pytest.mark.live  # with a proxy in between, a recording would be one of the proxy

_HOP = {"connection", "content-length", "content-encoding", "transfer-encoding", "server", "date"}


class Refusing:
    """Proxy that replaces some responses, after the server has sent them."""

    def __init__(self, upstream: str) -> None:
        self.refused: dict[str, int] = {}
        """Patterns of `METHOD /path`, and the status that replaces the server's."""
        self.log: list[str] = []
        self._client = httpx2.Client(base_url=upstream, trust_env=False, timeout=60)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._client.close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name: value for name, value in self.headers.items() if name.lower() not in {*_HOP, "host", "accept-encoding"}}
                response = proxy._client.request(self.command, self.path, content=body, headers=headers)
                line = f"{self.command} {self.path.partition('?')[0]}"
                proxy.log.append(line)
                status = next((status for pattern, status in proxy.refused.items() if re.fullmatch(pattern, line)), None)
                content = response.content if status is None else b"{}"
                self.send_response(response.status_code if status is None else status)
                for name, value in response.headers.items():
                    if name.lower() not in _HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = _pass

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@contextmanager
def refusing(upstream: str) -> Iterator[Refusing]:
    proxy = Refusing(upstream)
    try:
        yield proxy
    finally:
        proxy.close()


@pytest.mark.parametrize("status", [403, 404])
def test_a_change_is_taken_back_and_a_record_that_cannot_be_read_is_left(redmine: Redmine, tmp_path: Path, status: int) -> None:
    headers = {"X-Redmine-API-Key": redmine.key}
    with refusing(redmine.url) as proxy, httpx2.Client(base_url=redmine.url, headers=headers, trust_env=False, timeout=60) as direct:
        project = str(redmine.project_id)
        reported = {"issue": {"project_id": redmine.project_id, "subject": "old"}}
        before = direct.post("/issues.json", json=reported).raise_for_status().json()["issue"]["id"]
        client = Client(connections=Connections(), rate_limiter=Unlimited())
        client.connect("redmine", api_key(redmine.key), url=proxy.url)
        sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=client)

        @sagas.saga("onboard")
        def onboard(s: Saga) -> None:
            s.run(tasks.create, title="first", project_id=project, via="redmine")
            s.run(tasks.update, str(before), title="new", via="redmine")
            proxy.refused = {r"GET /issues/\d+\.json": status}
            s.run(tasks.create, title="second", project_id=project, via="redmine")

        with sagas, pytest.raises(SagaFailed) as caught:
            onboard.start("s1").result()
        assert isinstance(caught.value.cause, errors.Forbidden if status == 403 else errors.NotFound)
        made = caught.value.cause.made
        unread, *others = caught.value.left
        assert (unread.step, f"the record {made!r} (redmine at {proxy.url}" in unread.todo) == ("3 tasks.create on redmine", True)
        # The old values are restored, and cannot be read back either: the report for a person states that they were restored.
        assert [(left.step, f"PUT /issues/{before}.json had already been executed" in left.why) for left in others] == (
            [("2 tasks.update on redmine", True)] if status == 403 else []
        )
        query = {"project_id": project, "status_id": "*"}
        found = direct.get("/issues.json", params=query).raise_for_status().json()["issues"]
        assert sorted((issue["id"], issue["subject"]) for issue in found) == [(before, "old"), (int(made or 0), "second")]
        assert proxy.log.count("POST /issues.json") == 2
        assert f"DELETE /issues/{made}.json" not in proxy.log
        direct.delete(f"/issues/{made}.json").raise_for_status()
